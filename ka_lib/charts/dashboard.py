"""The key figures of a review on one page, each beside last year and its target."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, RED, Chart, canvas, need, note
from ka_lib.charts.parts import bare, listed, shorten
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, count, days, money, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

_COLUMNS = ("kpi", "value", "before", "unit", "better")
_PER_ROW = 2
_HIGH, _GAP = 1.2, 0.12  # inches of a tile, and between two
_SMALL = 5e-4  # of a rate or of the value before: shown as no change
_SURELY_YUAN = 1e6  # no count of accounts or deals is so large
_UNITS: dict[str, Callable[[float], str]] = {
    "yuan": money,
    "fraction": lambda value: percent(value, digits=1),
    "days": lambda value: days(value, digits=0 if value % 1 == 0 else 1),
    "points": lambda value: text("charts_dashboard.points", number=f"{value:,.0f}"),
    "count": count,
}


def dashboard(
    kpis: pd.DataFrame,
    title: str | None = None,
    trends: Mapping[str, pd.Series] | None = None,
) -> Chart:
    """Draw a one-page dashboard: a tile a figure, with last year, target and counts in words.

    Parameters
    ----------
    kpis : DataFrame
        From `ka_lib.kpi.review`: ``kpi`` (code), ``value``, ``before`` (the same a year ago),
        ``unit`` ("yuan", "fraction", "days", "points" or "count") and ``better`` ("up" or "down");
        where there are such columns also ``count`` and ``base`` of a rate, ``target``, and
        ``missing_because``, which stands in the tile when there is no value.
    title : str, optional
        Whose figures, and of which period.
    trends : mapping of str to Series, optional
        KPI code -> its values in order of time: a small line in the tile.

    Returns
    -------
    Chart
        Money changes in percent, fractions in percentage points, the rest in its own unit. Whether a
        change is for the better is said in a word as well as by colour.

    Raises
    ------
    ParameterError
        The table is not one of KPIs.
    """
    need(kpis, _COLUMNS, "ka.kpi.review(company, period)")
    heading = text("charts_dashboard.title") if title is None else title
    tiles = [_tile(row) for row in kpis.to_dict("records")]
    rows = math.ceil(len(tiles) / _PER_ROW)
    height = rows * (_HIGH + _GAP)
    with fonts.style():
        figure, axes = canvas(height, heading, sides=(0.015, 0.985), below=0.36)
        bare(axes)
        axes.set_xlim(0, _PER_ROW)
        axes.set_ylim(rows, 0)
        from matplotlib.patches import Rectangle

        for i, (code, tile) in enumerate(zip(kpis["kpi"], tiles, strict=True)):
            x, y = i % _PER_ROW + 0.01, i // _PER_ROW + 0.04
            axes.add_patch(Rectangle((x, y), 0.975, 0.91, facecolor="#F7F7F7", edgecolor=LIGHT))
            axes.add_patch(Rectangle((x, y), 0.012, 0.91, color=tile["colour"]))
            for line, at, style in _lines(tile):
                axes.text(x + 0.04, y + at, line, va="center", **style)
            if trends is not None and code in trends:
                inside = axes.transData.transform([(x + 0.64, y + 0.48), (x + 0.95, y + 0.12)])
                _spark(figure, inside, trends[code])
        note(figure, text("charts_dashboard.note"))
    parts = listed((tile["name"], _spoken(tile)) for tile in tiles)
    return Chart(figure, text("charts_dashboard.alt", title=heading, parts=parts).lstrip(" .。"))


def _tile(row: dict[Any, Any]) -> dict[str, str]:
    """Write out one figure: its name, value, change, target and counts."""
    show = _UNITS[row["unit"]]
    value, before = float(row["value"]), float(row["before"])
    name = label("kpi", row["kpi"])
    if math.isnan(value):
        because = row.get("missing_because")
        known = isinstance(because, str) and because != ""
        why = label("reason", because) if known else text("charts_dashboard.unknown")
        return {"name": name, "value": MISSING, "change": why, "detail": "", "colour": LIGHT}
    change, colour = _change(value, before, row["unit"], row["better"])
    details = []
    target, part, base = (_number(row.get(name)) for name in ("target", "count", "base"))
    if not math.isnan(target):
        met = value >= target if row["better"] == "up" else value <= target
        key = "charts_dashboard.met" if met else "charts_dashboard.not_met"
        details.append(text(key, target=show(target)))
    if not (math.isnan(part) or math.isnan(base)):
        details.append(_counts(part, base, row["unit"]))
    detail = text("charts_dashboard.apart").join(details)
    return {
        "name": name,
        "value": show(value),
        "change": change,
        "detail": detail,
        "colour": colour,
    }


def _counts(part: float, base: float, unit: str) -> str:
    """Say which two numbers a figure comes from."""
    if unit not in ("yuan", "fraction"):
        return text("charts_dashboard.measured", count=count(part), base=count(base))
    part_in_yuan = unit == "yuan" or max(abs(part), abs(base)) >= _SURELY_YUAN
    base_in_yuan = unit == "fraction" and part_in_yuan
    return text(
        "charts_dashboard.of",
        count=(money if part_in_yuan else count)(part),
        base=(money if base_in_yuan else count)(base),
    )


def _change(value: float, before: float, unit: str, better: str) -> tuple[str, str]:
    """Say how far the value is from last year's, and whether that is good."""
    if math.isnan(before):
        return text("charts_dashboard.no_before"), GREY
    moved = value - before
    if abs(moved) <= _SMALL * (abs(before) if unit == "yuan" else 1.0):
        return text("charts_dashboard.same"), GREY
    if unit == "yuan":
        size = percent(abs(moved / before), digits=1) if before > 0 else money(abs(moved))
    elif unit == "fraction":
        size = text("charts_dashboard.percentage_points", number=f"{abs(moved) * 100:.1f}")
    else:
        size = _UNITS[unit](abs(moved))
    good = (moved > 0) == (better == "up")
    said = text("charts_dashboard.better" if good else "charts_dashboard.worse")
    key = "charts_dashboard.above" if moved > 0 else "charts_dashboard.below"
    return text(key, change=size, said=said), BLUE if good else RED


def _lines(tile: dict[str, str]) -> list[tuple[str, float, dict[str, Any]]]:
    return [
        (shorten(tile["name"], 36), 0.15, {"size": 10, "color": GREY}),
        (tile["value"], 0.39, {"size": 16, "color": INK, "weight": "bold"}),
        (shorten(tile["change"], 50), 0.62, {"size": 10, "color": INK}),
        (shorten(tile["detail"], 58), 0.79, {"size": 9, "color": GREY}),
    ]


def _spoken(tile: dict[str, str]) -> str:
    parts = [tile["value"], tile["change"], tile["detail"]]
    return text("charts_dashboard.apart").join(part for part in parts if part)


def _spark(figure: Figure, inside: Any, values: pd.Series) -> None:
    """Draw a small line; its last point is marked, its ends are not labelled."""
    numbers = pd.Series(values, dtype="float64").dropna()
    if numbers.empty:
        return
    (x0, y0), (x1, y1) = figure.transFigure.inverted().transform(inside)
    small = figure.add_axes((x0, y0, x1 - x0, y1 - y0))
    small.patch.set_alpha(0)
    bare(small)
    small.plot(range(len(numbers)), numbers, color=GREY, linewidth=1.6, clip_on=False)
    small.plot(len(numbers) - 1, numbers.iloc[-1], "o", color=INK, markersize=5, clip_on=False)


def _number(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)
