"""How each column of a table stands in a workbook: header with its unit, number format, width.

Amounts are divided, not only formatted: a cell under the header 金额（万元） holds 11.8, so that
what is read, copied or looked up by a formula is in the unit that the header names.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.charts.chart import display_width
from ka_lib.display import Kind, kind, money_divisor
from ka_lib.labels import CODES, joined, label
from ka_lib.language import text
from ka_lib.units import unit

if TYPE_CHECKING:
    from collections.abc import Hashable

MOST_ROWS = 1_048_575  # of a sheet, below its header
MOST_COLUMNS = 16_384
_MOST_TEXT = 32_767  # characters of a cell
_NARROWEST, _WIDEST = 9, 46  # characters
_FILTER_ARROW = 4
_MEASURED = 1_000  # rows are enough to see how wide a column is
_FIRST_DAY = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - Excel's calendar is wrong before it


@dataclass(frozen=True)
class Field:
    """One column, ready to be written.

    Parameters
    ----------
    name : str
        What the table calls it.
    header : str
        What the reader calls it, the unit of amounts included.
    holds : Kind
        What its values are; decides axes and formats.
    number_format : str
        Excel's, ``""`` for text.
    cells : list
        Float, int, datetime, str, or None for an empty cell.
    width : float
        Characters; a Chinese one counts twice.
    formats : list of str
        One a cell, where the cells differ in format.
    unit : str
        Of amounts: 万元, CNY thousand.
    """

    name: str
    header: str
    holds: Kind
    number_format: str
    cells: list[object]
    width: float
    formats: list[str] = field(default_factory=list)
    unit: str = ""


def fields(frame: pd.DataFrame, exact: bool = False) -> list[Field]:
    """Return the columns of a table as they stand in a workbook.

    Parameters
    ----------
    frame : DataFrame
        Any table; it is not changed.
    exact : bool
        Amounts in yuan instead of 万元 or CNY thousand.
    """
    scored = "score" in frame.columns
    return [_field(name, frame.iloc[:, i], exact, scored) for i, name in enumerate(frame.columns)]


def _field(name: Hashable, values: pd.Series, exact: bool, scored: bool) -> Field:
    header = label("column", name)
    holds = kind(str(name), values, scored)
    number_format, divisor, named = "", 1, ""
    if holds == "money":
        divisor, digits = money_divisor(values, exact)
        named = unit(divisor)
        header = text("show.header_unit", name=header, unit=named)
        number_format = "#,##0." + "0" * digits if digits else "#,##0"
    elif holds == "rate":
        number_format = "0.0%"
    elif holds == "plain":
        number_format = "0"
    elif holds == "number":
        whole = bool((values.dropna() % 1 == 0).all())
        number_format = "#,##0" if whole else "#,##0.00"
    elif holds == "date":
        number_format = _date_format(str(name), values.dropna())
    cells = [cell(value, str(name), holds, divisor) for value in values]
    shown = [_as_read(one, number_format) for one in cells[:_MEASURED]]
    widest = max(map(display_width, [*shown, header[: _WIDEST // 2]]), default=0)
    wanted = max(widest + 2, display_width(header) + _FILTER_ARROW)
    width = min(max(wanted, _NARROWEST), _WIDEST)
    return Field(str(name), header, holds, number_format, cells, width, unit=named)


def _date_format(name: str, moments: pd.Series) -> str:
    if not bool((moments == moments.dt.normalize()).all()):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm" if name == "month" and bool((moments.dt.day == 1).all()) else "yyyy-mm-dd"


def cell(value: object, name: str, holds: Kind, divisor: int = 1) -> object:
    """Return a value as a cell holds it: a number in its unit, a date, a text, or None."""
    if value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value))):
        return None
    if holds in ("money", "rate", "number", "plain"):
        number = float(str(value)) / divisor
        return number if math.isfinite(number) else str(number)
    if holds == "truth":
        return label("truth", value)
    if holds == "code":
        return joined(CODES[name], str(value))
    if isinstance(value, dt.date):  # Timestamps too
        moment = pd.Timestamp(value).tz_localize(None).to_pydatetime(warn=False)
        return moment if moment >= _FIRST_DAY else f"{moment:%Y-%m-%d}"
    written = str(value)
    return written if len(written) <= _MOST_TEXT else written[: _MOST_TEXT - 1] + "…"


def _as_read(value: object, number_format: str) -> str:
    """Return about what a cell shows, to measure it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return number_format
    if isinstance(value, float):
        _, _, decimals = number_format.rstrip("%").partition(".")
        return f"{value:,.{len(decimals)}f}"
    return str(value).split("\n", maxsplit=1)[0]
