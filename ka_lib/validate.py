"""Tables checked on entry: a wrong table stops here, with its row, column and remedy.

Prevents a metric that runs on a broken table and gives a plausible wrong number.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import TableError
from ka_lib.language import text
from ka_lib.tables import TABLES, Column, Table

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import pandera.pandas as pa

_SHOWN = 3  # problems a message lists before it counts the rest


def validate(tables: Mapping[str, pd.DataFrame]) -> None:
    """Check tables against their description; return nothing when all is well.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Table name -> frame. Extra columns and extra tables are allowed; a table that is not
        there is not missed, except where an id refers to it.

    Raises
    ------
    TableError
        Names the first table that is wrong, its first three problems (row counted from 1
        without the header, column, what was found, the remedy) and how many more there are.
    """
    for name, frame in tables.items():
        if name not in TABLES:
            continue
        problems = _problems(TABLES[name], frame, tables)
        if problems:
            _refuse(name, problems)


def _refuse(name: str, problems: list[str]) -> None:
    listed = "\n".join(f"- {problem}" for problem in problems[:_SHOWN])
    more = len(problems) - _SHOWN
    if more > 0:
        listed += "\n" + text("tables.more", number=more)
    raise TableError("tables.invalid", table=name, problems=listed)


def _problems(table: Table, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return every problem of one table as a sentence in the reader's language."""
    missing = [
        text("tables.missing_column", column=column.name, found=", ".join(map(str, frame.columns)))
        for column in table.columns
        if column.required and column.name not in frame.columns
    ]
    if missing:
        return missing
    plain = frame.reset_index(drop=True)
    wrong_types = [
        text("tables.type", column=column.name, found=plain[column.name].dtype)
        + text(f"tables.type_{column.kind}")
        for column in table.columns
        if column.name in plain and not _typed(plain[column.name], column)
    ]
    if wrong_types:
        return wrong_types
    return [
        *_cell_problems(table, plain),
        *_duplicates(table, plain),
        *_unknown_ids(table, plain, tables),
        *(_contradictions(plain) if table.name == "opportunities" else []),
        *(_circles(plain) if table.name == "accounts" else []),
    ]


def _typed(values: pd.Series, column: Column) -> bool:
    if values.empty or values.isna().all():
        return True
    if column.kind in ("date", "time"):
        return pd.api.types.is_datetime64_dtype(values)
    if column.kind == "flag":
        return bool(pd.api.types.is_bool_dtype(values))
    if column.kind in ("money", "number", "year"):
        return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return bool(pd.api.types.is_string_dtype(values) or values.map(type).isin((str, float)).all())


def schema(table: Table) -> pa.DataFrameSchema:
    """Return the pandera schema of one table: blanks, codes and signs of each column."""
    import pandera.pandas as pa

    columns = {}
    for column in table.columns:
        checks = []
        if column.codes:
            checks.append(pa.Check.isin(column.codes, name="code"))
        if column.kind == "money" and not column.signed:
            checks.append(pa.Check.ge(0, name="negative"))
        if column.bounds:
            checks.append(pa.Check.in_range(*column.bounds, name="bounds"))
        columns[column.name] = pa.Column(
            checks=checks, nullable=not column.filled, required=column.required
        )
    return pa.DataFrameSchema(columns, strict=False)


def _cell_problems(table: Table, frame: pd.DataFrame) -> list[str]:
    import pandera.errors

    try:
        schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.sort_values("index", kind="stable")
        return [
            _describe(table, str(column), check, row, value)
            for column, check, row, value in zip(
                cases["column"], cases["check"], cases["index"], cases["failure_case"], strict=True
            )
        ]
    return []


def _describe(table: Table, column: str, check: str, row: int, value: object) -> str:
    codes, bounds = table.column(column).codes, table.column(column).bounds or ("", "")
    if "nullable" in check:
        key = "tables.blank"
    elif check.startswith("isin"):
        key = "tables.code"
    elif check.startswith("in_range"):
        key = "tables.bounds"
    else:
        key = "tables.negative"
    sentence = text(
        key,
        row=int(row) + 1,
        column=column,
        found=value,
        codes=", ".join(codes),
        low=bounds[0],
        high=bounds[1],
    )
    return sentence + (_nearest(value, codes) if codes else "")


def _duplicates(table: Table, frame: pd.DataFrame) -> Iterable[str]:
    key = [column for column in table.key if column in frame]
    if not key:
        return
    first = frame[key].drop_duplicates()
    repeated = frame.index[frame.duplicated(key)]
    rows = (
        {
            tuple(values): row + 1
            for row, values in zip(first.index, first.itertuples(index=False), strict=True)
        }
        if len(repeated)
        else {}
    )
    for row in repeated:
        values = tuple(frame.loc[row, key])
        yield text(
            "tables.duplicate",
            row=row + 1,
            first=rows[values],
            column=" + ".join(key),
            found=" + ".join(map(str, values)),
        )


def _unknown_ids(
    table: Table, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> Iterable[str]:
    for column in table.columns:
        other = column.refers_to
        if not other or column.name not in frame or other not in tables:
            continue
        key = TABLES[other].key[0]
        if key not in tables[other]:
            continue
        known = tables[other][key]
        values = frame[column.name]
        for number, row in enumerate(frame.index[values.notna() & ~values.isin(known)]):
            found = values[row]
            sentence = text(
                "tables.unknown_id", row=row + 1, column=column.name, found=found, other=other
            )
            yield sentence + (_nearest(found, known) if number < _SHOWN else "")


def _contradictions(frame: pd.DataFrame) -> Iterable[str]:
    closed = frame["closed_on"]
    rules: dict[str, pd.Series] = {
        "tables.closed_early": closed < frame["created_on"],
        "tables.no_closing_date": frame["status"].isin(["won", "lost"]) & closed.isna(),
        "tables.open_but_closed": (frame["status"] == "open") & closed.notna(),
    }
    for key, where in rules.items():
        for row in frame.index[where.fillna(False).astype("bool")]:
            yield text(
                key,
                row=row + 1,
                found=_day(closed[row]),
                created=_day(frame.loc[row, "created_on"]),
                status=frame.loc[row, "status"],
            )


def _circles(frame: pd.DataFrame) -> Iterable[str]:
    """Name every account that is its own parent, directly or through others."""
    if "parent_id" not in frame:
        return
    known = frame.dropna(subset=["parent_id"]).drop_duplicates("account_id")
    parent = dict(zip(known["account_id"], known["parent_id"], strict=True))
    for row in known.index:
        start = known.loc[row, "account_id"]
        chain, above = [start], parent[start]
        while above in parent and above not in chain:
            chain.append(above)
            above = parent[above]
        if above == start:
            yield text("tables.circle", row=row + 1, found=" → ".join([*chain, start]))


def _day(value: object) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


def _nearest(found: object, known: Iterable[Hashable]) -> str:
    match = difflib.get_close_matches(str(found), [str(one) for one in known], n=1)
    return text("tables.nearest", nearest=match[0]) if match else ""
