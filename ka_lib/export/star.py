"""The company's tables for Tableau and Power BI: dimensions, facts, and what each column means.

Everything follows from `ka_lib.tables`: a table that others refer to and that tells no event is a
dimension (accounts, reps, products...), what has a date or belongs to an account is a fact. So a
table that is added there is exported without a change here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.export import dates
from ka_lib.export.columns import MOST_ROWS
from ka_lib.export.dictionary import dictionary
from ka_lib.export.files import make_folder, ready, writing
from ka_lib.frames import no_duplicates, unknown_ids
from ka_lib.labels import CODES, joined, label
from ka_lib.language import text
from ka_lib.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.company import Company
    from ka_lib.tables import Column, Table

UNKNOWN = "UNKNOWN"
_WHEN = ("date", "time", "year")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def star_schema(company: Company, place: str | Path, *, replace: bool = False) -> Path:
    """Write a company as dimension and fact tables for Tableau and Power BI.

    Parameters
    ----------
    company : Company
        Tables without a row are left out.
    place : path
        A folder for one CSV a table (UTF-8 with BOM, so that Excel opens Chinese right), or a
        workbook when it ends in ``.xlsx``.
    replace : bool
        Take the place of files that are there already, as for a monthly refresh. Other files in
        the folder stay.

    Returns
    -------
    Path
        The folder or the workbook. ``dim_...`` tables have one row a key and ``fact_...`` tables
        point to them under the same column name; where a fact has no account, rep or product its
        key is ``UNKNOWN``, a row of the dimension. ``dim_date`` holds every day of the years that
        facts touch: ISO week, month, quarter, China's public holidays and workdays (blank where
        they are not announced yet). Column names and codes are the same in both languages; a
        ``..._name`` column beside a code, and ``data_dictionary``, are in the reader's.

    Raises
    ------
    TableError
        A key stands twice, or a row points to an account, rep, product... that does not exist.
    ParameterError
        The files are there already or cannot be written; a table too large for a workbook.

    Notes
    -----
    In CSV files a text that a spreadsheet would run as a formula (it starts with =, +, - or @)
    gets an apostrophe in front, ids included. Tables that hang on no dimension and no date, such
    as the assumptions of a case, are left out.
    """
    target = Path(place)
    tables = star_tables(company)
    if target.suffix.lower() == ".xlsx":
        return _workbook(tables, target, replace)
    make_folder(target)
    files = {target / f"{name}.csv": frame for name, frame in tables.items()}
    for path in files:
        ready(path, [".csv"], replace)
    for path, frame in files.items():
        with writing(path) as draft:
            plain = frame.apply(_as_csv)
            plain.to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return target


def star_tables(company: Company) -> dict[str, pd.DataFrame]:
    """Return what `star_schema` writes, by table name, the data dictionary last."""
    held = {name: company.tables[name] for name in TABLES if company.has(name)}
    for name, frame in held.items():
        _check(frame, TABLES[name], held)
    facts = {
        f"fact_{name}": _named(_fact(frame, TABLES[name], held), TABLES[name])
        for name, frame in held.items()
        if not _is_dimension(TABLES[name]) and _hangs_on_something(frame, TABLES[name])
    }
    dims = {
        f"dim_{name}": _named(_filled(held[name], TABLES[name]), TABLES[name])
        for name in held
        if _is_dimension(TABLES[name])
    }
    used = [*facts.values(), *dims.values()]
    for table in filter(_is_dimension, TABLES.values()):
        dims |= _completed(table, dims.get(f"dim_{table.name}"), used)
    dims |= {f"dim_{name}": codes for name, codes in _shared_codes(facts).items()}
    calendar = dates.dimension([values for frame in facts.values() for values in _days(frame)])
    tables = {**dims, **({"dim_date": calendar} if len(calendar) else {}), **facts}
    return {**tables, "data_dictionary": dictionary(tables)}


def _is_dimension(table: Table) -> bool:
    others = [other for other in TABLES.values() if other is not table]
    referred = any(c.refers_to == table.name for other in others for c in other.columns)
    event = any(column.required and column.kind in _WHEN for column in table.columns)
    return referred and not event and len(table.key) == 1


def _hangs_on_something(frame: pd.DataFrame, table: Table) -> bool:
    present = [column for column in table.columns if column.name in frame.columns]
    return any(column.refers_to or column.kind in _WHEN for column in present)


def _check(frame: pd.DataFrame, table: Table, held: Mapping[str, pd.DataFrame]) -> None:
    if table.key:
        no_duplicates(frame, table.name, table.key)
    for column in _references(frame, table):
        if column.refers_to in held:
            known = held[column.refers_to][TABLES[column.refers_to].key[0]]
            ids = frame[column.name]
            filled = ids.where(ids.notna(), known.iloc[0])  # a blank is no unknown id
            unknown_ids(filled, known, table.name, column.name, column.refers_to)


def _references(frame: pd.DataFrame, table: Table) -> list[Column]:
    return [c for c in table.columns if c.refers_to and c.name in frame.columns]


def _filled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the table with a blank key of a dimension made the unknown one."""
    filled = frame.reset_index(drop=True)
    for column in _references(filled, table):
        if column.refers_to != table.name and _is_dimension(TABLES[column.refers_to]):
            filled[column.name] = filled[column.name].fillna(UNKNOWN)
    return filled


def _fact(frame: pd.DataFrame, table: Table, held: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a fact with the keys it has through another table: an order line has an account."""
    fact = _filled(frame, table)
    timed = any(column.kind in _WHEN for column in table.columns)
    for reference in _references(frame, table):
        if reference.refers_to not in held or reference.refers_to == table.name:
            continue
        other = TABLES[reference.refers_to]
        rows = held[other.name].set_index(other.key[0])
        for column in other.columns:
            if column.name not in rows.columns or column.name in fact.columns:
                continue
            if _is_key(column, other) or (not timed and column.required and column.kind == "date"):
                carried = fact[reference.name].map(rows[column.name])
                fact[column.name] = carried.fillna(UNKNOWN) if column.refers_to else carried
    for column in table.columns:
        if column.name in fact.columns and column.kind == "time":
            day = f"{column.name.removesuffix('_at')}_on"
            fact[day] = fact[column.name].dt.normalize()
        elif column.name in fact.columns and column.kind == "year":
            start = fact[column.name].astype("str") + "-01-01"
            fact[f"{column.name}_starts_on"] = pd.to_datetime(start).dt.as_unit("s")
    return fact


def _is_key(column: Column, holder: Table) -> bool:
    """Say whether a fact takes over a key: of another fact always, of a dimension if it must be."""
    if not column.refers_to or column.refers_to == holder.name:
        return False
    firm = column.required and column.filled
    return _is_dimension(TABLES[column.refers_to]) and (firm or not _is_dimension(holder))


def _completed(
    table: Table, frame: pd.DataFrame | None, used: list[pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return a dimension that holds every key in use, the unknown one included."""
    key = table.key[0]
    keys = pd.concat([one[key] for one in used if key in one.columns] or [pd.Series(dtype="str")])
    if frame is None:
        frame = pd.DataFrame({key: sorted(set(keys) - {UNKNOWN})})
    if (keys == UNKNOWN).any():
        name = f"{key.removesuffix('_id')}_name"
        frame = frame.reindex(range(len(frame) + 1))
        frame.loc[len(frame) - 1, key] = UNKNOWN
        if name in frame.columns:
            frame.loc[len(frame) - 1, name] = text("export.unknown")
    return {f"dim_{table.name}": frame} if len(frame) else {}


def _named(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the table with a name in the reader's language beside each code that has one."""
    named = frame
    for name in frame.columns:
        coded = name in CODES and name in table.names and f"{name}_name" not in frame.columns
        if not coded or not pd.api.types.is_string_dtype(frame[name]):
            continue
        shown = {code: joined(CODES[name], code) for code in frame[name].dropna().unique()}
        if any(code != called for code, called in shown.items()):
            named = named.copy() if named is frame else named
            place = named.columns.get_loc(name)
            named.insert(place + 1, f"{name}_name", named[name].map(shown))
    return named


def _shared_codes(facts: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return a dimension, in working order, of each code that several facts hold: the stage."""
    holders: dict[tuple[str, tuple[str, ...]], int] = {}
    for name, frame in facts.items():
        for column in TABLES[name.removeprefix("fact_")].columns:
            if column.codes and column.name in frame.columns:
                key = (column.name, column.codes)
                holders[key] = holders.get(key, 0) + 1
    return {
        name: pd.DataFrame(
            {
                name: codes,
                f"{name}_name": [label(CODES.get(name, name), code) for code in codes],
                f"{name}_order": range(1, len(codes) + 1),
            }
        )
        for (name, codes), count in holders.items()
        if count > 1
    }


def _days(frame: pd.DataFrame) -> list[pd.Series]:
    return [
        frame[name]
        for name in frame.columns
        if pd.api.types.is_datetime64_any_dtype(frame[name]) and not name.endswith("_at")
    ]


def _as_csv(values: pd.Series) -> pd.Series:
    """Return a column as it stands in a file: ISO dates, and no text that runs as a formula."""
    if pd.api.types.is_datetime64_any_dtype(values):
        midnight = bool((values.dropna() == values.dropna().dt.normalize()).all())
        return values.dt.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values
    plain = values.astype("object")
    risky = plain.map(lambda one: isinstance(one, str) and one.startswith(_FORMULA))
    return plain.where(~risky, "'" + plain.astype("str"))


def _workbook(tables: Mapping[str, pd.DataFrame], path: Path, replace: bool) -> Path:
    """Write the tables as plain sheets: a header, then values, nothing else to trip over."""
    import xlsxwriter

    for name, frame in tables.items():
        if len(frame) > MOST_ROWS:
            raise ParameterError("export.too_large", sheet=name, rows=f"{len(frame):,}")
    ready(path, [".xlsx"], replace)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with writing(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for name, frame in tables.items():
            _sheet(book.add_worksheet(name), frame, formats)
    return path


def _sheet(sheet: Any, frame: pd.DataFrame, formats: dict[str, Any]) -> None:
    for at, column in enumerate(map(str, frame.columns)):
        sheet.write_string(0, at, column, formats["head"])
        values = frame[column].astype("object")
        for row, value in enumerate(values, start=1):
            if pd.isna(value):
                continue
            if isinstance(value, pd.Timestamp):
                shape = formats["moment" if column.endswith("_at") else "day"]
                sheet.write_datetime(row, at, value.to_pydatetime(), shape)
            else:
                sheet.write(row, at, value)
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
