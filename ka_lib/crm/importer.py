"""read_export: a CRM export in, a company and an account of every row out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.company import Company
from ka_lib.crm import accounts, files, history, mapping, vocabulary
from ka_lib.crm.closing import close_deals, set_aside_duplicates
from ka_lib.crm.ledger import Ledger, examples
from ka_lib.crm.opportunities import read_opportunities
from ka_lib.crm.result import Import
from ka_lib.crm.values import name_key
from ka_lib.errors import ExportError, TableError
from ka_lib.tables import OPPORTUNITIES, STAGE_HISTORY, TABLES, set_types
from ka_lib.validate import validate

if TYPE_CHECKING:
    from ka_lib.crm.files import Sheet
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.vocabulary import Vocabulary

EXTRA = ("product", "probability")  # kept beside the table's own columns


def read_export(
    path: str | Path,
    system: str | Path | None = None,
    as_of: str | pd.Timestamp | None = None,
    day_first: bool | None = None,
    currency: str | None = None,
) -> Import:
    """Read a CRM export: opportunities, and accounts and stage history where there are any.

    Parameters
    ----------
    path : path
        One CSV or XLSX file, or a folder of them.
    system : str or path, optional
        A vocabulary: ``"salesforce"``, ``"hubspot"``, ``"fxiaoke"``, ``"xiaoshouyi"``,
        ``"plain"``, or your own YAML file. Recognised from the headers when not given; YAML
        vocabularies that lie beside the export are tried too.
    as_of : date, optional
        The day the export describes; the latest day on which anything happened when not given.
    day_first : bool, optional
        What 03/05/2025 means where a column leaves it open: ``True`` for 3 May.

    currency : str, optional
        Code of the currency, such as ``"USD"``, where the export names none. Nothing is converted.

    Returns
    -------
    Import
        ``company``, and what was mapped, left over, set aside and decided.

    Raises
    ------
    ExportError
        The export cannot be read: what is wrong, where, and what to do.
    TableError
        Two currencies stand in one column.
    """
    place = Path(path)
    found = files.find(place)
    candidates, given = _candidates(place, system)
    known = set().union(*(one.headers() for one in candidates.values()))
    ledger = Ledger()
    sheets = _read_all(found, known, ledger)
    chosen = mapping.choose_system(sheets, candidates, given)
    understood = {id(sheet): mapping.understand(sheet, chosen) for sheet in sheets}
    mappings = [one for one in understood.values() if one is not None]
    if not mappings:
        raise mapping.nothing_known(sheets, candidates.values())
    deals, counts, tables = _build(mappings, vocabulary.with_plain(chosen), day_first, ledger)
    for sheet in sheets:
        if understood[id(sheet)] is None:
            ledger.note("file_not_used", file=sheet.file, rows=sheet.rows)
    day = _as_of(as_of, deals, tables, ledger)
    validate(tables)
    money = ledger.currency or (currency or "CNY").upper()
    ledger.note("currency" if ledger.currency or currency else "no_currency", currency=money)
    return Import(
        company=Company(place.stem, day, tables, money),
        system=chosen.system,
        files=_files(sheets, understood, counts),
        mapped=_mapped(mappings),
        unmapped=_unmapped(sheets, understood),
        set_aside=ledger.frame(),
        notes=ledger.notes,
    )


def _candidates(place: Path, system: str | Path | None) -> tuple[dict[str, Vocabulary], str | None]:
    """Return the vocabularies to choose from, and the name of the one that was given."""
    candidates = dict(vocabulary.shipped())
    folder = place if place.is_dir() else place.parent
    for path in sorted(folder.glob("*.yaml")):
        if "\nsystem:" in "\n" + path.read_text(encoding="utf-8", errors="replace"):
            own = vocabulary.read(path)
            candidates = {own.system: own} | candidates
    if system is not None and Path(system).suffix in (".yaml", ".yml"):
        if not Path(system).is_file():
            raise ExportError("crm.not_found", path=system)
        own = vocabulary.read(Path(system))
        return candidates | {own.system: own}, own.system
    return candidates, None if system is None else str(system)


def _read_all(found: list[Path], known: set[str], ledger: Ledger) -> list[Sheet]:
    sheets: list[Sheet] = []
    for path in found:
        try:
            sheets += files.read(path, known)
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
    mappings: list[Mapping], words: Vocabulary, day_first: bool | None, ledger: Ledger
) -> tuple[pd.DataFrame, dict[int, int], dict[str, pd.DataFrame]]:
    """Return the deals, the rows kept of each sheet, and the tables."""
    counts: dict[int, int] = {}
    by_table = {
        table: [one for one in mappings if one.table == table] for table in vocabulary.TABLES
    }
    if not by_table["opportunities"]:
        raise ExportError(
            "crm.no_opportunities",
            files=", ".join(one.sheet.file for one in mappings),
            headers=", ".join(name for one in mappings for name in one.sheet.header if name),
        )
    directory = accounts.Directory()
    for one in by_table["accounts"]:
        ledger.leftovers(one.sheet, "accounts")
        counts[id(one.sheet)] = accounts.read_accounts(one, words, day_first, directory, ledger)
    deals = _read_deals(by_table["opportunities"], words, day_first, ledger)
    set_aside_duplicates(deals, by_table["opportunities"], ledger)
    deals = deals[~deals["_aside"]].reset_index(drop=True)
    _need_rows(deals, by_table["opportunities"], ledger)
    entries = []
    for at, one in enumerate(by_table["opportunities"]):
        if one.stage_columns:
            own = deals[deals["_sheet"] == at]
            entries.append(history.from_columns(one, own, words, day_first))
    for one in by_table["stage_history"]:
        ledger.leftovers(one.sheet, "stage_history")
        read, kept = history.read_history(one, words, deals, day_first, ledger)
        entries.append(read)
        counts[id(one.sheet)] = kept
    recorded = pd.concat(entries, ignore_index=True) if entries else None
    deals = close_deals(deals, by_table["opportunities"], recorded, ledger)
    _need_rows(deals, by_table["opportunities"], ledger)
    for at, one in enumerate(by_table["opportunities"]):
        counts[id(one.sheet)] = int((deals["_sheet"] == at).sum())
    deals["account_id"] = accounts.resolve_accounts(deals, directory, ledger)
    reps, deals["rep_id"] = accounts.read_reps(deals)
    _note_products(deals, by_table["products"], ledger)
    wanted = [name for name in (*OPPORTUNITIES.names, *EXTRA) if name in deals]
    tables = {"accounts": directory.frame(), "reps": reps, "opportunities": deals[wanted]}
    if recorded is not None:
        recorded = recorded[recorded["opportunity_id"].isin(deals["opportunity_id"])]
        tables["stage_history"] = history.complete(recorded, deals)
    else:
        ledger.note("no_history")
    tables = {name: set_types(frame, TABLES[name]) for name, frame in tables.items()}
    return deals, counts, tables


def _read_deals(
    sheets: list[Mapping], words: Vocabulary, day_first: bool | None, ledger: Ledger
) -> pd.DataFrame:
    frames, currencies = [], set()
    for at, one in enumerate(sheets):
        ledger.leftovers(one.sheet, "opportunities")
        frame, named = read_opportunities(one, words, day_first, ledger)
        frames.append(frame.assign(_sheet=at, _row=frame.index))
        currencies |= named
    if len(currencies) > 1:
        first, second = sorted(currencies)[:2]
        column = next(one.fields["amount"].header for one in sheets if "amount" in one.fields)
        raise TableError("crm.two_currencies", column=column, first=first, second=second)
    ledger.currency = next(iter(currencies), "")
    return pd.concat(frames, ignore_index=True)


def _note_products(deals: pd.DataFrame, lists: list[Mapping], ledger: Ledger) -> None:
    """Report products that differ only by spaces or case: GTXPro and GTX Pro."""
    names = list(deals["product"].dropna().unique())
    for one in lists:
        names += list(one.sheet.frame[one.fields["product"].position])
    spelled: dict[str, dict[str, None]] = {}
    for name in names:
        spelled.setdefault(name_key(name), {})[name.strip()] = None
    several = [" = ".join(sorted(same)) for same in spelled.values() if len(same) > 1]
    if several:
        ledger.note("products", names=examples(several))


def _as_of(
    given: str | pd.Timestamp | None,
    deals: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    ledger: Ledger,
) -> pd.Timestamp:
    if given is not None:
        try:
            return pd.Timestamp(given).normalize()
        except (ValueError, TypeError) as error:
            raise ExportError("crm.as_of", given=given) from error
    days = [deals["created_on"].max(), deals["closed_on"].max()]
    if STAGE_HISTORY.name in tables:
        days.append(tables[STAGE_HISTORY.name]["entered_on"].max())
    real = [day for day in days if not pd.isna(day)]
    ledger.note("as_of", day=f"{max(real):%Y-%m-%d}")
    return pd.Timestamp(max(real))


def _need_rows(deals: pd.DataFrame, sheets: list[Mapping], ledger: Ledger) -> None:
    if len(deals):
        return
    if not any(one.sheet.rows for one in sheets):
        raise ExportError("crm.empty", file=sheets[0].sheet.file)
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
