"""What may come: forecasts with their ranges, and how good they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import (
    BLUE,
    GREY,
    INK,
    MARGIN,
    ORANGE,
    RED,
    Chart,
    canvas,
    need,
    note,
)
from ka_lib.charts.parts import GREEN, either, listed, shorten
from ka_lib.charts.trend import axis_from_zero
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count, money, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colour, line and mark of each forecast: told apart in grey too.
_LOOKS = ((BLUE, "-", "o"), (RED, "--", "s"), (GREEN, "-.", "^"), (ORANGE, ":", "D"))
_SHOWN = 36  # periods of history
_ACROSS = 3  # names in a line of the legend
_LINE = 0.3  # inches of a row of the backtest
_FIGURES = ("mae", "rmse", "mape", "wape", "mase")
_PLACES = (0.36, 0.55, 0.73, 0.81, 0.895, 0.985)  # where the columns of the backtest end


def forecast_fan(
    history: pd.DataFrame,
    forecasts: pd.DataFrame | Mapping[str, pd.DataFrame],
    backtest: pd.DataFrame | None = None,
    title: str | None = None,
) -> Chart:
    """Draw sales so far and what may come, and below it how well each forecast did before.

    Parameters
    ----------
    history : DataFrame
        From `ka_lib.forecast.history`: ``period``, ``sales`` (yuan) and ``complete``. The last 36
        periods are drawn; one that is still running is left out.
    forecasts : DataFrame or mapping of str to DataFrame
        ``period``, ``forecast``, ``low``, ``high`` (yuan), from `ka_lib.forecast`; of several (at
        most four), name -> table.
    backtest : DataFrame, optional
        From `ka_lib.accuracy.compare`: written below, the best first. Names that it shares with
        ``forecasts`` are the same methods.
    title : str, optional
        Default: what the first forecast adds up to.

    Returns
    -------
    Chart
        The axis begins at zero (lower where a forecast falls below it). The band of each forecast
        is shaded in its colour; where low or high are missing there is none.

    Raises
    ------
    ParameterError
        A table has other columns or no rows, or there are more than four forecasts.
    """
    need(history, ("period", "sales"), "ka.forecast.history(orders, as_of)")
    named = {"forecast": forecasts} if isinstance(forecasts, pd.DataFrame) else dict(forecasts)
    if not 1 <= len(named) <= len(_LOOKS):
        raise ParameterError("charts_forecast.too_many", count=len(named), most=len(_LOOKS))
    for table in named.values():
        need(table, ("period", "forecast", "low", "high"), "ka.forecast.seasonal_naive(history, 6)")
    if backtest is not None:
        need(backtest, ("forecaster", "count", *_FIGURES), "ka.accuracy.compare(rows)")
    known = history[history["complete"]] if "complete" in history else history
    known = known.sort_values("period").tail(_SHOWN)
    first = next(iter(named.values())).sort_values("period")
    facts: dict[str, Any] = {
        "periods": count(len(first)),
        "total": money(float(first["forecast"].sum())),
    }
    heading = text("charts_forecast.fan_title", **facts) if title is None else title
    rows = 0 if backtest is None else len(backtest) + 1
    below = 0.55 + (rows * _LINE + 0.55 if rows else 0.0)
    above = 0.13 + 0.23 * -(-(len(named) + 1) // _ACROSS)
    with fonts.style():
        figure, axes = canvas(2.9, heading, sides=(0.15, 0.975), above=above, below=below)
        numbers = [known["sales"], *(table[name] for table in named.values() for name in ("forecast", "low", "high"))]  # fmt: skip
        axes.plot(
            _at(known["period"]), known["sales"], color=INK, linewidth=2, label=text("charts_forecast.actual"), marker="o", markersize=2.5
        )  # fmt: skip
        for (name, table), (colour, line, marker) in zip(named.items(), _LOOKS, strict=False):
            ahead = table.sort_values("period")
            x = _at(ahead["period"])
            axes.plot(
                x, ahead["forecast"], color=colour, linestyle=line, marker=marker, markersize=5,
                linewidth=2, label=shorten(_called(name), 20),
            )  # fmt: skip
            axes.fill_between(x, ahead["low"], ahead["high"], color=colour, alpha=0.16, linewidth=0)
        axis_from_zero(axes, pd.concat(numbers).astype("float64").dropna(), money)
        periods = pd.concat([known["period"], *(table["period"] for table in named.values())])
        _name_periods(axes, periods)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=_ACROSS, frameon=False, fontsize=10,
            borderaxespad=0.2, columnspacing=1.2,
        )  # fmt: skip
        if backtest is not None:
            _backtest(figure, backtest, rows)
    return Chart(figure, _fan_alt(heading, named, backtest))


def _at(periods: pd.Series) -> np.ndarray:
    """Return periods as whole numbers, one apart."""
    return np.array([period.ordinal for period in periods], dtype="float64")


def _called(name: str) -> str:
    return label("forecaster", name)


def _name_periods(axes: Axes, periods: pd.Series) -> None:
    """Name about eight periods along the axis."""
    every = sorted(set(periods))
    step = max(1, -(-len(every) // 8))
    named = every[:: -step or 1][::-1]
    axes.set_xticks([period.ordinal for period in named], [str(period) for period in named])
    axes.set_xlim(every[0].ordinal - 0.6, every[-1].ordinal + 0.6)
    axes.tick_params(axis="x", labelsize=9.5)


def _backtest(figure: Figure, table: pd.DataFrame, rows: int) -> None:
    """Write the accuracy of each method in lines below the chart."""
    high = figure.get_figheight()
    top = (rows * _LINE + 0.42) / high
    style: dict[str, Any] = {"va": "center", "size": 10, "color": INK}
    heads = [text("charts_forecast.tested"), *(name.upper() for name in _FIGURES)]
    figure.text(MARGIN, top, text("charts_forecast.method"), **{**style, "color": GREY})
    for x, head in zip(_PLACES, heads, strict=True):
        figure.text(x, top, head, ha="right", **{**style, "color": GREY})
    for i, row in enumerate(table.to_dict("records"), start=1):
        y = top - i * _LINE / high
        bold = "bold" if i == 1 else "normal"
        name = shorten(_called(row["forecaster"]), 26)
        figure.text(MARGIN, y, name, **style, weight=bold)
        for x, words in zip(_PLACES, _accuracy(row), strict=True):
            figure.text(x, y, words, ha="right", **style, weight=bold)
    note(figure, text("charts_forecast.backtest_note"))


def _accuracy(row: Mapping[str, Any]) -> list[str]:
    return [
        count(row["count"]),
        money(row["mae"]),
        money(row["rmse"]),
        percent(row["mape"], digits=1),
        percent(row["wape"], digits=1),
        either(row["mase"], f"{row['mase']:.2f}"),
    ]


def _fan_alt(heading: str, named: Mapping[str, pd.DataFrame], backtest: pd.DataFrame | None) -> str:
    parts = [
        (
            f"{_called(name)} {row.period}",
            text("charts_forecast.range", value=money(row.forecast), low=money(row.low), high=money(row.high)),
        )
        for name, table in named.items()
        for row in table.sort_values("period").itertuples()
    ]  # fmt: skip
    alt = text("charts_forecast.fan_alt", title=heading, forecasts=listed(parts))
    if backtest is not None:
        tests = [
            (
                _called(row["forecaster"]),
                text("charts_forecast.accuracy", wape=_accuracy(row)[4], mase=_accuracy(row)[5]),
            )
            for row in backtest.to_dict("records")
        ]
        alt += text("charts_forecast.tests_alt", tests=listed(tests))
    return alt
