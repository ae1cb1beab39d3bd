"""A measure month by month, last year beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, Chart, canvas
from ka_lib.errors import ParameterError
from ka_lib.language import current, text
from ka_lib.units import count, money, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

Unit = Literal["money", "count", "percent"]
SHOW: dict[str, Callable[[float], str]] = {"money": money, "count": count, "percent": percent}


def trend(
    series: pd.Series,
    as_of: str | pd.Timestamp | None = None,
    title: str | None = None,
    unit: Unit = "money",
) -> Chart:
    """Draw a monthly line with the year before beside it.

    Parameters
    ----------
    series : Series
        One number a month; the index holds a date in each month, or periods. The last year is
        drawn as the line, the one before it dashed.
    as_of : date, optional
        The day the data end. When it is not the last day of its month, that month is drawn
        hollow and called partial: it must not be read as a drop.
    title : str, optional
        What the line shows.
    unit : {"money", "count", "percent"}
        How the numbers are written; money is in yuan.

    Returns
    -------
    Chart

    Raises
    ------
    ParameterError
        There is no month with a number, the index holds no dates, or a month stands twice.
    """
    months = _by_month(series)
    last_year = int(months.index.year.max())
    now, before = (months[months.index.year == year] for year in (last_year, last_year - 1))
    last = now.index.max()
    day = None if as_of is None else pd.Timestamp(as_of)
    partial = day is not None and day.to_period("M") == last and day.day < last.days_in_month
    heading = title or ""
    show = SHOW[unit]
    with fonts.style():
        figure, axes = canvas(2.9, heading, sides=(0.18, 0.975), above=0.32)
        if len(before):
            axes.plot(
                before.index.month, before, color=GREY, linestyle="--", marker="s", markersize=4,
                label=text("charts.year", year=last_year - 1),
            )  # fmt: skip
        whole = now.iloc[:-1] if partial else now
        axes.plot(
            whole.index.month, whole, color=BLUE, marker="o", linewidth=2.2,
            label=text("charts.year", year=last_year),
        )  # fmt: skip
        if partial:
            tail = now.iloc[-2:]
            axes.plot(
                tail.index.month, tail, color=BLUE, linestyle=":", marker="o",
                markerfacecolor="white", markevery=[len(tail) - 1],
                label=text("charts.partial", day=day.day if day is not None else ""),
            )  # fmt: skip
        axes.set_xlim(0.6, 12.4)
        axes.set_xticks(range(1, 13), [_month_name(month) for month in range(1, 13)])
        axis_from_zero(axes, months, show)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=3, frameon=False, fontsize=10,
            borderaxespad=0.2,
        )  # fmt: skip
    return Chart(figure, _alt(now, before, heading, show, partial=bool(partial)))


def _by_month(series: pd.Series) -> pd.Series:
    """Return the numbers by monthly period, in order, without missing ones."""
    values = pd.Series(series, dtype="float64").dropna()
    if values.empty:
        raise ParameterError("charts.empty")
    index = values.index
    if isinstance(index, pd.DatetimeIndex):
        index = index.to_period("M")
    if not isinstance(index, pd.PeriodIndex):
        raise ParameterError("charts.no_months")
    values.index = index.asfreq("M")
    if values.index.has_duplicates:
        twice = values.index[values.index.duplicated()][0]
        raise ParameterError("charts.month_twice", month=str(twice))
    return values.sort_index()


def axis_from_zero(axes: Axes, values: pd.Series, show: Callable[[float], str]) -> None:
    """Begin the upright axis at zero, or below it where values are, and write its units."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    axes.set_ylim(low * 1.1, high * 1.12 if high > low else 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=show is count))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: show(value) if value else "0"))
    axes.grid(axis="y", color="#E3E3E3", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)


def _month_name(month: int) -> str:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{month}月" if current() == "zh" else names[month - 1]


def _alt(
    now: pd.Series,
    before: pd.Series,
    heading: str,
    show: Callable[[float], str],
    *,
    partial: bool,
) -> str:
    listed = text("charts.semicolon").join(
        text("charts.name_value", name=_month_name(month.month), value=show(value))
        for month, value in now.items()
    )
    year = int(now.index[0].year)
    alt = text("charts.trend_alt", title=heading, year=year, months=listed).lstrip(" .。")
    same = now.iloc[:-1] if partial else now
    earlier = before.set_axis(before.index + 12).reindex(same.index)
    if len(same) and earlier.notna().all() and show is not percent:
        alt += text(
            "charts.trend_alt_before",
            count=len(same),
            now=show(float(same.sum())),
            before=show(float(earlier.sum())),
        )
    return alt + (text("charts.trend_alt_partial") if partial else "")
