"""Single figures as a small table: result, figure, value, unit.

A rate stands there with its counts, an amount in its own unit, each as a number Excel can use.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.display import kind, money_divisor
from ka_lib.export.columns import Field, cell
from ka_lib.labels import CODES, label
from ka_lib.language import messages, text
from ka_lib.units import unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ka_lib.display import Kind

# Fields of results whose names are no column of a table.
_MONEY = {"before", "buyer", "cost", "gap", "left", "now", "profit", "seller", "total", "width"}
_RATES = {
    "accuracy", "always_stays", "growth_needed", "precision", "recall", "relative", "roi",
    "seller_share",
}  # fmt: skip


def figures(singles: Mapping[str, object], exact: bool) -> list[Field]:
    """Return the columns of the sheet that holds all single figures."""
    rows = [row for name, result in singles.items() for row in _rows(name, result, exact)]
    result, figure, value, formats, units = map(list, zip(*rows, strict=True))
    return [
        Field("result", text("export.result"), "text", "", result, 30),
        Field("figure", text("export.figure"), "text", "", figure, 26),
        Field("value", text("export.value"), "number", "", value, 16, formats),
        Field("unit", text("export.unit"), "text", "", units, 16),
    ]


def _rows(name: str, result: object, exact: bool) -> Iterator[tuple[object, ...]]:
    if not dataclasses.is_dataclass(result):
        yield (name, "", *_figure("", result, exact))
        return
    title = name or _called("result", type(result).__name__)
    for one in dataclasses.fields(result):
        shown = _called("figure", one.name)
        yield (title, shown, *_figure(one.name, getattr(result, one.name), exact))


def _called(group: str, name: str) -> str:
    """Return the name of a figure: its own, else that of the column that is called the same."""
    own = f"{group}.{name}" in messages.topic("labels")
    return label(group, name) if own else label("column", name)


def _figure(name: str, value: object, exact: bool) -> tuple[object, str, str]:
    """Return a value, its number format and its unit."""
    if isinstance(value, tuple):
        return text("export.to").join(str(pd.Timestamp(day).date()) for day in value), "", ""
    holds = _kind(name, value)
    if holds == "code":
        return label(CODES[name], value), "", ""
    if holds == "money":
        divisor, digits = money_divisor(pd.Series([value]), exact)
        number_format = "#,##0." + "0" * digits if digits else "#,##0"
        return cell(value, name, holds, divisor), number_format, unit(divisor)
    written = cell(value, name, holds)
    if holds == "rate":
        return written, "0.0%", ""
    if isinstance(written, float):
        return written, "#,##0" if written.is_integer() else "#,##0.00", ""
    return written, "yyyy-mm-dd" if holds == "date" else "", ""


def _kind(name: str, value: object) -> Kind:
    holds = kind(name, pd.Series([value]))
    if holds == "number":
        return "money" if name in _MONEY else "rate" if name in _RATES else "number"
    return holds
