"""Comparisons: who has most, and how long deals take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, INK, LIGHT, ORANGE, RED, Chart, canvas, note, wrap
from ka_lib.charts.trend import SHOW, Unit
from ka_lib.errors import ParameterError
from ka_lib.labels import CODES, label
from ka_lib.language import text
from ka_lib.units import count
from ka_lib.units import days as in_days

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NAME_WIDTH = 22


def bars(
    values: pd.Series | Mapping[str, float],
    title: str | None = None,
    unit: Unit = "money",
    highlight: Collection[str] = (),
    most: int = 15,
) -> Chart:
    """Draw a sorted comparison, the largest on top.

    Parameters
    ----------
    values : Series or mapping
        Name -> number. Codes are shown by name when the index is called after their column,
        as ``deals.groupby("lost_reason")`` does.
    title : str, optional
        What is compared.
    unit : {"money", "count", "percent"}
        How the numbers are written; money is in yuan.
    highlight : collection of str
        Names to set off: their bars are orange and hatched, their labels bold.
    most : int
        How many to draw; a line below says how many were left out.

    Returns
    -------
    Chart

    Raises
    ------
    ParameterError
        There is no number to draw.
    """
    numbers = pd.Series(values, dtype="float64").dropna()
    if numbers.empty:
        raise ParameterError("charts.empty")
    numbers = numbers.sort_values(ascending=False, kind="stable")
    drawn, left_out = numbers.iloc[:most], len(numbers.iloc[most:])
    show, heading = SHOW[unit], title or ""
    kind = CODES.get(str(numbers.index.name), "")
    called = [label(kind, name) for name in drawn.index]
    names = ["\n".join(wrap(name, _NAME_WIDTH)[:2]) for name in called]
    height = sum(0.4 + 0.15 * name.count("\n") for name in names)
    with fonts.style():
        figure, axes = canvas(height, heading, sides=(0.24, 0.975))
        colours = [ORANGE if name in highlight else BLUE for name in drawn.index]
        container = axes.barh(range(len(drawn)), drawn, height=0.62, color=colours)
        low, high = min(drawn.min(), 0.0), max(drawn.max(), 0.0)
        reach = (high - low) or 1.0
        axes.set_xlim(low - (0.42 * reach if low < 0 else 0), high + 0.26 * reach)
        axes.set_ylim(len(drawn) - 0.4, -0.6)
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_yticks(range(len(drawn)), names)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)
        for i, (name, value) in enumerate(drawn.items()):
            chosen = name in highlight
            if chosen:
                container[i].set(hatch="///", edgecolor="white")
            axes.annotate(
                show(value), (value, i), xytext=(-5 if value < 0 else 5, 0),
                textcoords="offset points", ha="right" if value < 0 else "left", va="center",
                weight="bold" if chosen else "normal",
            )  # fmt: skip
        if left_out:
            note(figure, text("charts.left_out", count=left_out).strip())
    listed = text("charts.semicolon").join(
        text("charts.name_value", name=name, value=show(value))
        for name, value in zip(called, drawn, strict=True)
    )
    alt = text("charts.bars_alt", title=heading, bars=listed).lstrip(" .。")
    return Chart(figure, alt + (text("charts.left_out", count=left_out) if left_out else ""))


def cycle(days: pd.Series, title: str | None = None) -> Chart:
    """Draw how long deals took, with the mean and the median marked.

    Parameters
    ----------
    days : Series
        Days from start to signing, one a finished deal; missing ones are left out.
    title : str, optional
        Default: names the number of deals.

    Returns
    -------
    Chart
        A histogram: a mean far above the median shows a few very slow deals.

    Raises
    ------
    ParameterError
        No deal is finished.
    """
    finished = pd.Series(days, dtype="float64").dropna()
    if finished.empty:
        raise ParameterError("charts.empty")
    mean, median = float(finished.mean()), float(finished.median())
    default = text("charts.cycle_title", count=count(len(finished)))
    heading = title if title is not None else default
    width = _bin_width(float(finished.max()))
    edges = [width * i for i in range(int(finished.max() // width) + 2)]
    with fonts.style():
        figure, axes = canvas(2.8, heading, sides=(0.09, 0.97), below=0.62)
        axes.hist(finished, bins=edges, color="#9CCAE6", edgecolor="white", zorder=2)
        marks = ((median, BLUE, "-", "charts.median"), (mean, RED, "--", "charts.mean"))
        for value, colour, line, key in marks:
            axes.axvline(
                value, color=colour, linestyle=line, linewidth=2, zorder=3,
                label=text(key, days=in_days(value)),
            )  # fmt: skip
        from matplotlib.ticker import MaxNLocator

        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_xlim(0, edges[-1])
        axes.set_xlabel(text("charts.cycle_days"))
        axes.set_ylabel(text("charts.cycle_deals"))
        axes.grid(axis="y", color=LIGHT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(loc="upper right", frameon=False)
    alt = text(
        "charts.cycle_alt",
        title=heading,
        mean=in_days(mean),
        median=in_days(median),
        longest=in_days(float(finished.max())),
    )
    return Chart(figure, alt)


def _bin_width(longest: float) -> int:
    """Return a width of whole days that makes at most sixteen bars."""
    widths = (1, 5, 7, 10, 14, 30, 60, 90)
    return next((width for width in widths if longest / width <= 16), int(longest // 16) + 1)  # noqa: PLR2004
