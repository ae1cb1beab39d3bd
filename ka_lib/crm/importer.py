"""read_export: a CRM export in, a company and an account of every row out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.company import Company
from ka_lib.crm import accounts, files, history, mapping
from ka_lib.crm import names as names_module
from ka_lib.crm.closing import close_deals, without_duplicates
from ka_lib.crm.ledger import Ledger, examples
from ka_lib.crm.opportunities import read_opportunities
from ka_lib.crm.reading import Reading
from ka_lib.crm.records import RECORDS, read_records
from ka_lib.crm.result import Import
from ka_lib.crm.vocabulary import TABLES as KNOWN_TABLES
from ka_lib.crm.vocabulary import read as read_vocabulary
from ka_lib.crm.vocabulary import shipped, with_plain
from ka_lib.errors import ExportError, TableError
from ka_lib.language import text
from ka_lib.tables import OPPORTUNITIES, TABLES, set_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_lib.crm.files import Sheet
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.vocabulary import Vocabulary

_DAYS = {"opportunities": ("created_on", "closed_on"), "stage_history": ("entered_on",)}
_DAYS |= {"orders": ("ordered_on",), "activities": ("happened_on",)}


def read_export(  # noqa: PLR0913 - one argument a choice that the reader has
    path: str | Path,
    system: str | Path | None = None,
    as_of: str | pd.Timestamp | None = None,
    day_first: bool | None = None,
    currency: str | None = None,
    *,
    vocabulary: str | Path | None = None,
    names: str | Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Import:
    """Read a CRM export: opportunities, and whatever of the other tables is there.

    Parameters
    ----------
    path : path
        One CSV or XLSX file, or a folder of them: opportunities, accounts, stage history, orders,
        contacts, activities. There must be opportunities or orders.
    system : str or path, optional
        A vocabulary: ``"salesforce"``, ``"dynamics"``, ``"hubspot"``, ``"zoho"``,
        ``"fxiaoke"``, ``"xiaoshouyi"``, ``"hongquan"``, ``"plain"``, or your own YAML file.
        Recognised from the headers when not given; YAML vocabularies that lie beside the export
        are tried too.
    as_of : date, optional
        The day the export describes; the latest day on which anything happened when not given.
    day_first : bool, optional
        What 03/05/2025 means where a column leaves it open: ``True`` for 3 May.
    currency : str, optional
        Code of the currency, such as ``"USD"``, where the export names none. Nothing is converted.
    vocabulary : path, optional
        Your own YAML vocabulary: what your company calls columns, stages and statuses. What it
        does not name is looked up among the names of plain sheets. Not together with ``system``.
    names : path, optional
        A list of names that are the same (CSV: kind, name, nearest, same), as
        ``Import.names_list`` gives it and you have answered it.
    tell : callable, optional
        Is told what is being done, a short sentence at a time.

    Returns
    -------
    Import
        ``company``, and what was mapped, left over, mended, set aside, offered and decided. Every
        row of a sheet that was used is in a table or among the rows set aside.

    Raises
    ------
    ExportError
        The export, the vocabulary or the list of names cannot be read: what is wrong, where, and
        what to do.
    TableError
        Two currencies stand in one column.
    """
    place = Path(path)
    found = files.find(place)
    candidates, given = _candidates(place, system, vocabulary)
    decided = names_of(names)
    known = set().union(*(one.headers() for one in candidates.values()))
    say = tell or (lambda _: None)
    ledger = Ledger()
    sheets = _read_all(found, known, ledger, say)
    chosen = mapping.choose_system(sheets, candidates, given)
    understood = {id(sheet): mapping.understand(sheet, chosen) for sheet in sheets}
    mappings = [one for one in understood.values() if one is not None]
    if not mappings:
        raise mapping.nothing_known(sheets, candidates.values())
    reading = Reading(with_plain(chosen), day_first, decided, say, ledger)
    counts, tables, offered = _build(mappings, reading)
    for sheet in sheets:
        if understood[id(sheet)] is None:
            ledger.note("file_not_used", file=sheet.file, rows=sheet.rows)
    day = _as_of(as_of, tables, ledger)
    in_export = _currency(mappings, reading)
    money = in_export or (currency or "CNY").upper()
    ledger.note("currency" if in_export or currency else "no_currency", currency=money)
    return Import(
        company=Company(place.stem, day, tables, money),
        system=chosen.system,
        files=_files(sheets, understood, counts),
        mapped=_mapped(mappings),
        unmapped=_unmapped(sheets, understood),
        set_aside=ledger.frame(),
        notes=ledger.notes,
        repaired=ledger.repaired(),
        names=offered,
        decided=decided,
    )


def names_of(path: str | Path | None) -> names_module.Names:
    """Return what the reader decided about names; nothing when there is no list."""
    return names_module.NO_NAMES if path is None else names_module.read_names(Path(path))


def _candidates(
    place: Path, system: str | Path | None, own_file: str | Path | None
) -> tuple[dict[str, Vocabulary], str | None]:
    """Return the vocabularies to choose from, and the name of the one that was given."""
    candidates = dict(shipped())
    folder = place if place.is_dir() else place.parent
    for path in sorted(folder.glob("*.yaml")):
        if own_file is not None and path.resolve() == Path(own_file).resolve():
            continue
        if "\nsystem:" in "\n" + path.read_text(encoding="utf-8", errors="replace"):
            own = read_vocabulary(path)
            candidates = {own.system: own} | candidates
    if own_file is None and system is not None and Path(system).suffix in (".yaml", ".yml"):
        own_file, system = system, None
    if own_file is not None:
        own = read_vocabulary(Path(own_file))
        candidates = {own.system: own} | candidates | {own.system: own}
        return candidates, own.system if system is None else str(system)
    return candidates, None if system is None else str(system)


def _read_all(
    found: list[Path], known: set[str], ledger: Ledger, tell: Callable[[str], None]
) -> list[Sheet]:
    sheets: list[Sheet] = []
    for path in found:
        tell(text("crm.tell_file", file=path.name))
        try:
            sheets += files.read(path, known, tell)
        except ExportError as error:
            if error.key != "crm.empty" or len(found) == 1:
                raise
            ledger.note("empty_file", file=path.name)
    if not any(sheet.rows for sheet in sheets):
        raise ExportError("crm.empty", file=found[0].name)
    for sheet in sheets:
        if sheet.encoding not in ("", "utf-8"):
            ledger.note("encoding", file=sheet.file, encoding=sheet.encoding.upper())
        if sheet.blank_lines:
            ledger.note("blank_lines", file=sheet.file, rows=sheet.blank_lines)
    return sheets


def _build(
    mappings: list[Mapping], reading: Reading
) -> tuple[dict[int, int], dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the rows kept of each sheet, the tables, and the names offered."""
    ledger = reading.ledger
    by_table = {table: [one for one in mappings if one.table == table] for table in KNOWN_TABLES}
    if not by_table["opportunities"] and not by_table["orders"]:
        raise ExportError(
            "crm.no_opportunities",
            files=", ".join(one.sheet.file for one in mappings),
            headers=", ".join(name for one in mappings for name in one.sheet.header if name),
        )
    for one in mappings:
        if one.table in TABLES:
            ledger.leftovers(one.sheet, one.table)
    counts: dict[int, int] = {}
    tables: dict[str, pd.DataFrame] = {}
    directory, reps = accounts.Directory(), accounts.Reps()
    for one in by_table["accounts"]:
        counts[id(one.sheet)] = accounts.read_accounts(one, reading, directory)
    if by_table["opportunities"]:
        deals = _deals(by_table, reading, counts, tables)
        ids, named = deals["account_id"], deals["account_name"]
        deals["account_id"] = accounts.resolve_accounts(
            by_table["opportunities"][0], ids, named, directory, ledger
        )
        without = int((ids.isna() & named.isna()).sum())
        if without:
            ledger.note("no_account", rows=without)
        deals["rep_id"] = reps.resolve(deals["rep_name"])
        wanted = [name for name in OPPORTUNITIES.names if name in deals]
        tables["opportunities"] = deals[wanted]
    for table in RECORDS:
        read: list[pd.DataFrame] = []
        for one in by_table[table]:
            reading.tell(
                text("crm.tell_table", table=text(f"crm.table_{table}"), file=one.sheet.file)
            )
            records, counts[id(one.sheet)] = read_records(
                one, reading, directory, reps, _ids(table, read)
            )
            read.append(records)
        if read:
            tables[table] = _together(table, read)
    _need_rows(tables, mappings, ledger)
    offered = _offers(directory, reps, tables, reading)
    tables = {"accounts": directory.frame(), "reps": reps.frame()} | tables
    return counts, {name: set_types(frame, TABLES[name]) for name, frame in tables.items()}, offered


def _deals(
    by_table: dict[str, list[Mapping]],
    reading: Reading,
    counts: dict[int, int],
    tables: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the deals with their ends; put the stage history into the tables."""
    sheets, ledger = by_table["opportunities"], reading.ledger
    frames = []
    for at, one in enumerate(sheets):
        reading.tell(
            text("crm.tell_table", table=text("crm.table_opportunities"), file=one.sheet.file)
        )
        frame = read_opportunities(one, reading)
        frames.append(frame.assign(_sheet=at, _row=frame.index).reset_index(drop=True))
    deals = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    deals = without_duplicates(deals, sheets, ledger)
    entries = []
    for at, one in enumerate(sheets):
        if one.stage_columns:
            entries.append(history.from_columns(one, deals[deals["_sheet"] == at], reading))
    for one in by_table["stage_history"]:
        read, counts[id(one.sheet)] = history.read_history(one, reading, deals)
        entries.append(read)
    recorded = pd.concat(entries, ignore_index=True) if entries else None
    deals = close_deals(deals, sheets, recorded, ledger)
    for at, one in enumerate(sheets):
        counts[id(one.sheet)] = int((deals["_sheet"] == at).sum())
    if recorded is not None:
        recorded = recorded[recorded["opportunity_id"].isin(deals["opportunity_id"])]
        tables["stage_history"] = history.complete(recorded, deals)
    else:
        ledger.note("no_history")
    return deals


def _ids(table: str, read: list[pd.DataFrame]) -> set[str]:
    return {one for frame in read for one in frame[TABLES[table].key[0]]}


def _together(table: str, read: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several sheets of one table as one, with the table's own columns."""
    frame = read[0] if len(read) == 1 else pd.concat(read, ignore_index=True)
    wanted = [name for name in TABLES[table].names if name in frame]
    return frame[wanted].reset_index(drop=True)


def _offers(
    directory: accounts.Directory,
    reps: accounts.Reps,
    tables: dict[str, pd.DataFrame],
    reading: Reading,
) -> pd.DataFrame:
    """Return names that nearly match another, and names that no list has; note how many."""
    ledger = reading.ledger
    account_rows = {
        str(row["account_name"]): directory.used[key] for key, row in directory.rows.items()
    }
    products = [tables["products"]["product_name"]] if "products" in tables else []
    listed_products = [str(name) for names in products for name in names]
    if "product" in tables.get("opportunities", ()):
        products.append(tables["opportunities"]["product"].dropna())
    rep_rows = {name: reps.used[key] for key, name in reps.names.items()}
    if len(account_rows) ** 2 > names_module.PAIRS:
        ledger.note("not_compared", accounts=f"{len(account_rows):,}")
    found = [
        *names_module.offers("account", account_rows, directory.listed, reading.names),
        *names_module.offers(
            "product", names_module.counted(products), listed_products, reading.names
        ),
        *names_module.offers("rep", rep_rows, (), reading.names),
    ]
    _note_offers(found, ledger)
    return names_module.frame(found)


def _note_offers(found: list[tuple[str, str, int, str, str]], ledger: Ledger) -> None:
    unlisted = [one for one in found if one[0] == "account" and one[4] == "unlisted"]
    if unlisted:
        shown = [
            text("crm.nearest_name", name=name, nearest=nearest) if nearest else name
            for _, name, _, nearest, _ in unlisted
        ]
        ledger.note("accounts_added", accounts=len(unlisted), names=examples(shown))
    for kind in names_module.KINDS:
        near = [f"{one[1]} / {one[3]}" for one in found if one[0] == kind and one[4] != "unlisted"]
        if near:
            kinds = text(f"crm.kinds_{kind}")
            ledger.note("near_names", kind=kinds, pairs=len(near), names=examples(near))


def _currency(mappings: list[Mapping], reading: Reading) -> str:
    """Return the one currency that the export names, ``""`` when it names none."""
    named = sorted(reading.currencies)
    if len(named) > 1:
        column = next(one.fields["amount"].header for one in mappings if "amount" in one.fields)
        raise TableError("crm.two_currencies", column=column, first=named[0], second=named[1])
    return named[0] if named else ""


def _as_of(
    given: str | pd.Timestamp | None, tables: dict[str, pd.DataFrame], ledger: Ledger
) -> pd.Timestamp:
    if given is not None:
        try:
            day = pd.Timestamp(given).normalize()
        except (ValueError, TypeError) as error:
            raise ExportError("crm.as_of", given=given) from error
        if pd.isna(day):
            raise ExportError("crm.as_of", given=given)
        return day
    days = [
        tables[table][column].max()
        for table, columns in _DAYS.items()
        for column in columns
        if table in tables and column in tables[table]
    ]
    real = [day for day in days if not pd.isna(day)]
    ledger.note("as_of", day=f"{max(real):%Y-%m-%d}")
    return pd.Timestamp(max(real))


def _need_rows(tables: dict[str, pd.DataFrame], mappings: list[Mapping], ledger: Ledger) -> None:
    """Refuse an export of which no deal and no order can be used."""
    if len(tables.get("opportunities", ())) or len(tables.get("orders", ())):
        return
    if not any(one.sheet.rows for one in mappings if one.table in ("opportunities", "orders")):
        raise ExportError("crm.empty", file=mappings[0].sheet.file)
    counted = ledger.frame()["reason"].value_counts()
    reasons = "\n".join(f"- {reason} ({rows})" for reason, rows in counted.head(3).items())
    raise ExportError("crm.no_usable_rows", reasons=reasons)


def _files(
    sheets: list[Sheet], understood: dict[int, Mapping | None], counts: dict[int, int]
) -> pd.DataFrame:
    rows = []
    for sheet in sheets:
        known = understood[id(sheet)]
        table = known.table if known and known.table in TABLES else ""
        kept = counts.get(id(sheet), 0) if table else 0
        rows.append((sheet.file, table, sheet.rows, kept, sheet.rows - kept if table else 0))
    return pd.DataFrame(rows, columns=["file", "table", "rows", "kept", "set_aside"])


def _mapped(mappings: list[Mapping]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, str]] = []
    for one in mappings:
        rows += [
            (one.sheet.file, source.header, one.table, name, source.how)
            for name, source in one.fields.items()
        ]
        rows += [
            (one.sheet.file, one.sheet.header[position], "stage_history", stage, "entered")
            for position, stage in one.stage_columns.items()
        ]
    return pd.DataFrame(rows, columns=["file", "column", "table", "field", "how"])


def _unmapped(sheets: list[Sheet], understood: dict[int, Mapping | None]) -> pd.DataFrame:
    rows = []
    for sheet in sheets:
        known = understood[id(sheet)]
        if known is not None:
            rows += [
                (sheet.file, sheet.header[position] or f"#{position + 1}", reason)
                for position, reason in known.unmapped.items()
            ]
    return pd.DataFrame(rows, columns=["file", "column", "reason"])
