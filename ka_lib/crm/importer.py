"""read_export: a CRM export in, a company and an account of every row out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.company import Company
from ka_lib.crm import files, mapping
from ka_lib.crm import names as names_module
from ka_lib.crm.building import build
from ka_lib.crm.ledger import Ledger
from ka_lib.crm.reading import Reading
from ka_lib.crm.result import Import
from ka_lib.crm.vocabulary import choose, over, shipped, with_plain
from ka_lib.crm.vocabulary import read as read_vocabulary
from ka_lib.errors import ExportError, TableError
from ka_lib.language import text
from ka_lib.tables import TABLES

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
        does not name is looked up among the names of ``system``, where that is given too, and
        then of plain sheets.
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
    counts, tables, offered = build(mappings, reading)
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
        if system is not None:
            choose(str(system))
            own = over(own, shipped()[str(system)])
        return candidates | {own.system: own}, own.system
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
