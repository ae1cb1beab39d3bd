"""Tables as readers want to see them: names instead of codes, 万元 or CNY thousand, percent.

The tables themselves keep English codes, yuan and fractions; only what is shown changes. A small
HTML table of our own rather than pandas' Styler: its colours and alignment come as a style block,
which JupyterLab strips from notebooks it does not trust, and its random ids change every run.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.labels import CODES, joined, label
from ka_lib.language import current, text
from ka_lib.tables import TABLES, TERM_LINES
from ka_lib.units import MISSING, days, money, percent
from ka_lib.units import unit as money_unit

if TYPE_CHECKING:
    from collections.abc import Callable

_MONEY = {
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.kind == "money"
} | set(TERM_LINES) | {
    "accrued", "actual", "carrying", "concession", "contribution", "discounted", "expected",
    "forecast", "gross_sales", "high", "lost_value", "low", "monetary", "net_contribution",
    "net_sales", "nominal",
    "open_value", "own_expected", "per_customer", "purchases", "residual", "running", "sales",
    "cost_effect", "days_1_30", "days_31_60", "days_61_90", "invoiced", "net_effect", "not_due",
    "over_90", "overdue_amount", "price_effect", "receivable", "sales_before", "sales_now",
    "volume_effect", "yearly_sales",
    "settled", "spend", "spread", "target", "unit_price", "upfront", "value", "value_gained",
    "cash", "customer_gain", "median_per_hour", "npv", "profit_per_hour", "revenue", "sale_cash",
    "sale_total", "sell_in", "sell_in_before", "sell_out", "sell_out_before", "shared_payment",
    "subscription_cash", "subscription_total", "supplier_gain", "tied_up", "turnover",
    "turnover_carrying", "value_created", "value_per_hour", "worth",
}  # fmt: skip
_RATES = {
    "contribution_rate", "coverage", "cumulative_rate", "cumulative_share", "discount",
    "growth", "in_full_rate", "known_weight", "margin_before", "margin_now", "on_time_rate",
    "overdue_rate", "ratio", "sellout_ratio", "volume_change", "volume_needed",
    "from_probability", "mape", "precision", "recall", "settled_rate",
    "mean_probability", "own_probability", "probability", "rate", "rate_before", "rate_now",
    "share", "share_of_net", "step_rate", "to_probability", "wape", "weight", "win_rate",
    "attainment", "chance", "growth_gap", "numeric_rate", "oos", "osa", "paying", "revenue_share",
    "rep_win_rate", "sell_in_growth", "sell_out_growth", "time_share", "weighted_rate",
}  # fmt: skip
_CRITERIA = {"contribution", "potential"}
_PLAIN = {"year", "quarter"}  # numbers that are names: no thousands separator
_LARGE_UNIT_FROM = 10_000  # yuan; below, money is shown in yuan
_UNITS = {"zh": 10_000, "en": 1_000}

Kind = Literal["code", "date", "truth", "money", "rate", "plain", "number", "text"]


@dataclass(frozen=True, repr=False)
class Shown:
    """A table made ready for reading.

    Parameters
    ----------
    frame : DataFrame of str
        What the reader sees, headers included.
    numeric : tuple of bool
        Which columns stand flush right.
    caption : str
        Above the table.
    note : str
        Below it: how many rows were left out.
    """

    frame: pd.DataFrame
    numeric: tuple[bool, ...]
    caption: str = ""
    note: str = ""

    def __repr__(self) -> str:
        parts = (self.caption, self.frame.to_string(index=False), self.note)
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        sides = ["right" if number else "left" for number in self.numeric]
        head = _row("th", list(self.frame.columns), sides)
        body = "\n".join(
            _row("td", list(row), sides) for row in self.frame.itertuples(index=False, name=None)
        )
        caption = f"<caption>{html.escape(self.caption)}</caption>\n" if self.caption else ""
        note = f"\n<p>{html.escape(self.note)}</p>" if self.note else ""
        return (
            f'<table class="dataframe">\n{caption}<thead>\n{head}\n</thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table>{note}"
        )


def _row(tag: str, cells: list[str], sides: list[str]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    written = "".join(
        f'<{tag}{scope} style="text-align: {side}">{html.escape(str(cell))}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{written}</tr>"


def show(
    table: pd.DataFrame | pd.Series,
    caption: str = "",
    exact: bool = False,
    rows: int = 20,
) -> Shown:
    """Show a table in the reader's language.

    Parameters
    ----------
    table : DataFrame or Series
        Any table of the course. Columns it does not know are shown under their own name. One
        row of a table (a Series whose index holds column names) is shown as a row.
    caption : str
        Stands above the table.
    exact : bool
        Money in yuan to the last yuan, and rates with one decimal.
    rows : int
        How many rows to show; a line below says how many more there are.

    Returns
    -------
    Shown
        Put it last in a cell. The table itself is not changed.

    Raises
    ------
    ParameterError
        It is not a table.
    """
    frame = as_frame(table)
    if frame.empty:
        return Shown(pd.DataFrame({text("show.table"): [text("show.no_rows")]}), (False,), caption)
    left_out = len(frame) - rows
    drawn = frame.head(rows)
    if {"kpi", "unit"} <= set(frame.columns):
        drawn = _in_own_units(drawn, exact)
    scored = "score" in frame.columns
    columns = [
        _column(str(name), drawn.iloc[:, i], exact, scored) for i, name in enumerate(drawn.columns)
    ]
    ready = pd.concat([values for values, _ in columns], axis="columns")
    note = text("show.more", count=f"{left_out:,}") if left_out > 0 else ""
    return Shown(ready, tuple(number for _, number in columns), caption, note)


def as_frame(table: object) -> pd.DataFrame:
    """Return a frame with its index as columns where the index means something."""
    if isinstance(table, pd.Series):
        named = set(table.index.map(str))
        columns = {name for t in TABLES.values() for name in t.names} | _MONEY | _RATES | set(CODES)
        # One row of a table: its field names are the index.
        if named and named <= columns:
            return table.to_frame().T.infer_objects()
        table = table.to_frame("" if table.name is None else table.name)
    if not isinstance(table, pd.DataFrame):
        raise ParameterError("show.not_a_table", given=type(table).__name__)
    frame = table
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.set_axis([" ".join(map(str, names)) for names in frame.columns], axis=1)
    meaningful = any(name is not None for name in frame.index.names) or not (
        pd.api.types.is_integer_dtype(frame.index.dtype)
    )
    if meaningful:
        frame = frame.reset_index(names=[name or "" for name in frame.index.names])
    return frame


def kind(name: str, values: pd.Series, scored: bool = False) -> Kind:
    """Return what a column holds, by its name and its values.

    Parameters
    ----------
    name : str
        As the table calls it.
    values : Series
        A number under a money column's name is money; a text there stays a text.
    scored : bool
        The table scores accounts: it carries points from 0 to 100 under the names of the criteria.

    Returns
    -------
    str
        ``"plain"`` is a number that is a name: a year, without a thousands separator.
    """
    if name in CODES:
        return "code"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if pd.api.types.is_bool_dtype(values):
        return "truth"
    if not pd.api.types.is_numeric_dtype(values):
        return "text"
    # Weights that add up to 1 are shares; contacts are weighed from 1 to 5.
    if name == "weight" and values.max() > 1:
        return "number"
    return _number_kind(name, scored)


def _number_kind(name: str, scored: bool) -> Kind:
    if name in (_MONEY - _CRITERIA if scored else _MONEY):
        return "money"
    if name in _RATES:
        return "rate"
    return "plain" if name in _PLAIN else "number"


def _in_own_units(kpis: pd.DataFrame, exact: bool) -> pd.DataFrame:
    """Write the figures of a KPI table each in the unit of its row."""
    written: dict[str, Callable[[float], str]] = {
        "yuan": money,
        "fraction": lambda value: percent(value, digits=1 if exact else 0),
        "days": lambda value: days(value, digits=1 if exact else 0),
    }
    columns = [name for name in ("value", "before", "target") if name in kpis.columns]
    shown = {
        name: pd.Series(
            [
                MISSING if _missing(value) else written[unit](value)
                for value, unit in zip(kpis[name], kpis["unit"], strict=True)
            ],
            index=kpis.index,
            dtype="object",
        )
        for name in columns
    }
    return kpis.assign(**shown).drop(columns="unit").rename(columns={"value": "kpi_value"})


def _column(name: str, values: pd.Series, exact: bool, scored: bool) -> tuple[pd.Series, bool]:
    """Return a column as text under its display name, and whether it holds numbers."""
    header = label("column", name)
    holds = kind(name, values, scored)
    written: Callable[[object], str] = _text
    if holds == "code":
        written = _code(CODES[name])
    elif holds == "date":
        written = _date if (values.dropna() == values.dropna().dt.normalize()).all() else _moment
    elif holds == "truth":
        written = _code("truth")
    elif holds == "money":
        divisor, digits = money_divisor(values, exact)
        header = text("show.header_unit", name=header, unit=money_unit(divisor))
        written = _amount(divisor, digits)
    elif holds == "rate":
        written = _percent(1 if exact else 0)
    elif holds in ("number", "plain"):
        written = _number(values, plain=holds == "plain")
    shown = [MISSING if _missing(value) else written(value) for value in values]
    number = holds in ("money", "rate", "number", "plain")
    return pd.Series(shown, name=header, dtype="object"), number


def _missing(value: object) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def money_divisor(values: pd.Series, exact: bool) -> tuple[int, int]:
    """Return what a column of yuan is divided by, and its decimals: about three figures."""
    largest = values.abs().max()
    if exact or not largest >= _LARGE_UNIT_FROM:
        # Prices of a unit keep what stands after the point, down to three figures.
        whole = bool((values.dropna() % 1 == 0).all())
        if whole or not largest < 1_000:  # noqa: PLR2004 - three figures
            return 1, 0
        return 1, 1 if largest >= 10 else 2  # noqa: PLR2004 - three figures
    divisor = _UNITS[current()]
    return divisor, 1 if largest / divisor < 1_000 else 0  # noqa: PLR2004 - three figures


def _amount(divisor: int, digits: int) -> Callable[[object], str]:
    def written(value: object) -> str:
        shown = f"{float(str(value)) / divisor:,.{digits}f}"
        return shown.lstrip("-") if not shown.strip("-0.,") else shown

    return written


def _percent(digits: int) -> Callable[[object], str]:
    return lambda value: percent(float(str(value)), digits=digits)


def _number(values: pd.Series, plain: bool) -> Callable[[object], str]:
    whole = bool((values.dropna() % 1 == 0).all())
    digits = 0 if whole else 1 if values.abs().max() >= 10 else 2  # noqa: PLR2004 - three figures
    comma = "" if plain else ","
    return lambda value: f"{float(str(value)):{comma}.{digits}f}"


def _code(kind: str) -> Callable[[object], str]:
    def written(value: object) -> str:
        # A level is a number in its table: 2.0 is the code 2.
        code = f"{value:g}" if isinstance(value, float) else str(value)
        return joined(kind, code)

    return written


def _date(value: object) -> str:
    return f"{value:%Y-%m-%d}"


def _moment(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def _text(value: object) -> str:
    return _date(value) if isinstance(value, pd.Timestamp) else str(value)
