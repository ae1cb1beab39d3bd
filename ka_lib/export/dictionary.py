"""The data dictionary: every column of every exported table, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.labels import CODES, label
from ka_lib.language import messages, text
from ka_lib.tables import TABLES
from ka_lib.units import unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.tables import Column


def dictionary(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Describe tables as they are exported.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name: ``dim_...`` and ``fact_...``.

    Returns
    -------
    DataFrame
        One row a column: table and what it holds, column and what it means, type, unit, tax,
        whether it is part of the key, the table it points to, and its codes with their names. The
        headers are in the reader's language.
    """
    rows = [
        _row(name, str(column), frame[column], tables)
        for name, frame in tables.items()
        for column in frame.columns
    ]
    headers = (
        "table", "table_means", "column", "means", "type", "unit", "tax", "key", "points_to", "codes",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=[text(f"export.dictionary_{one}") for one in headers])


def _row(
    table: str, name: str, values: pd.Series, tables: Mapping[str, pd.DataFrame]
) -> tuple[str, ...]:
    base = table.removeprefix("dim_").removeprefix("fact_")
    known = TABLES.get(base)
    column = next((c for c in known.columns if c.name == name), None) if known else None
    origin = column or _elsewhere(name)
    money = origin is not None and origin.kind == "money"
    keys = known.key if known else (tables[table].columns[0],)
    means_table = label("table", base) if known else _meaning(base, None)
    return (
        table,
        means_table,
        name,
        _meaning(name, column),
        text(f"export.type_{_type(values, name)}"),
        unit(1) if money else "",
        text(f"export.tax_{origin.tax}") if origin is not None and origin.tax and money else "",
        text("export.is_key") if name in keys else "",
        _target(table, name, values, origin, tables),
        _codes(name, column),
    )


def _elsewhere(name: str) -> Column | None:
    """Return the column that an exported one was taken over from."""
    found = [c for t in TABLES.values() for c in t.columns if c.name == name and c.refers_to]
    return found[0] if found else None


def _meaning(name: str, column: Column | None) -> str:
    if column is not None or f"column.{name}" in messages.topic("labels"):
        return label("column", name)
    if f"column_{name}" in messages.topic("export"):
        return text(f"export.column_{name}")
    for ending in ("_name", "_order", "_starts_on", "_on"):
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            stem = f"{stem}_at" if ending == "_on" else stem
            return text(f"export.column{ending}", of=label("column", stem))
    return name


def _type(values: pd.Series, name: str) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "time" if name.endswith("_at") else "date"
    if pd.api.types.infer_dtype(values, skipna=True) == "boolean":
        return "flag"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"


def _target(
    table: str,
    name: str,
    values: pd.Series,
    origin: Column | None,
    tables: Mapping[str, pd.DataFrame],
) -> str:
    if origin is not None and origin.refers_to:
        for kind in ("dim", "fact"):
            target = f"{kind}_{origin.refers_to}"
            if target in tables:
                return f"{target}.{TABLES[origin.refers_to].key[0]}"
    if table.startswith("fact_") and f"dim_{name}" in tables and name != "date":
        return f"dim_{name}.{name}"
    dated = pd.api.types.is_datetime64_any_dtype(values) and not name.endswith("_at")
    return "dim_date.date" if dated and table.startswith("fact_") else ""


def _codes(name: str, column: Column | None) -> str:
    if column is None or not column.codes:
        return ""
    kind = CODES.get(name, name)
    named = [(code, label(kind, code)) for code in column.codes]
    return "; ".join(code if code == shown else f"{code} = {shown}" for code, shown in named)
