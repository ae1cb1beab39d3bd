"""Charts of differences: which step leaks against last year, and where a gap comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, MARGIN, RED, Chart, canvas, need, note
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, money, percent

if TYPE_CHECKING:
    import pandas as pd

_GAP = ("stage", "next_stage", "rate_now", "rate_before", "value_gained")
_LABEL = 0.62  # of the longest bars: the room that a label takes


def signed_money(yuan: float) -> str:
    """Return an amount with its sign, a plus too: a difference, not a level."""
    shown = money(yuan)
    if shown == MISSING or yuan == 0:
        return shown
    return text("charts.plus" if yuan > 0 else "charts.minus", amount=money(abs(yuan)))


def funnel_gap(gap: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw what would be signed on top if one step went back to its earlier rate.

    Parameters
    ----------
    gap : DataFrame
        From `ka_lib.funnel.gap`.
    title : str, optional
        Default: says what the bars are.

    Returns
    -------
    Chart
        One bar a step, its two rates under its name. The bottleneck, the step with the largest
        gain, is named and hatched. A bar to the left of zero is a step that got better.

    Raises
    ------
    ParameterError
        The table is not from `ka_lib.funnel.gap`, or nothing in it can be worked out.
    """
    need(gap, _GAP, "ka.funnel.gap(this_year, last_year)")
    gained = gap["value_gained"].astype("float64").reset_index(drop=True)
    if not gained.notna().any():
        raise ParameterError("charts.no_gap")
    worst = int(gained.idxmax()) if gained.max() > 0 else None
    heading = title if title is not None else text("charts.gap_title")
    steps = [
        text(
            "charts.step",
            stage=label("stage", row.stage),
            next_stage=label("stage", row.next_stage),
        )
        for row in gap.itertuples()
    ]
    rates = [
        text("charts.gap_rates", now=percent(row.rate_now), before=percent(row.rate_before))
        for row in gap.itertuples()
    ]
    from matplotlib.transforms import blended_transform_factory

    with fonts.style():
        figure, axes = canvas(0.62 * len(gap), heading, sides=(0.33, 0.985))
        colours = [RED if i == worst else BLUE for i in range(len(gap))]
        drawn = axes.barh(range(len(gap)), gained.fillna(0), height=0.56, color=colours)
        if worst is not None:
            drawn[worst].set(hatch="///", edgecolor="white")
        axes.axvline(0, color=INK, linewidth=0.9)
        reach = max(gained.max(), 0) - min(gained.min(), 0) or 1.0
        # Room beyond the bars for their labels.
        low = min(gained.min(), 0) - (_LABEL * reach if gained.min() < 0 else 0)
        axes.set_xlim(low, max(gained.max(), 0) + _LABEL * reach)
        axes.set_ylim(len(gap) - 0.45, -0.6)
        axes.set_yticks([])
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)
        across = blended_transform_factory(figure.transFigure, axes.transData)
        names: dict[str, Any] = {"transform": across, "ha": "left", "va": "center"}
        for i, (step, two, value) in enumerate(zip(steps, rates, gained, strict=True)):
            bold = "bold" if i == worst else "normal"
            axes.text(MARGIN, i - 0.17, step, **names, color=INK, weight=bold)
            axes.text(MARGIN, i + 0.19, two, **names, color=GREY, size=9.5)
            words = signed_money(value)
            if i == worst:
                words = text("charts.bottleneck", value=words)
            negative = value < 0
            axes.annotate(
                words, (0 if value != value else value, i),  # noqa: PLR0124 - NaN
                xytext=(-5 if negative else 5, 0), textcoords="offset points",
                ha="right" if negative else "left", va="center", color=INK, weight=bold, linespacing=1.3,
            )  # fmt: skip
        note(figure, text("charts.gap_note"))
    listed = text("charts.semicolon").join(
        text("charts.gap_alt_step", step=step, rates=two, value=signed_money(value))
        for step, two, value in zip(steps, rates, gained, strict=True)
    )
    ending = (
        text("charts.gap_alt_none")
        if worst is None
        else text("charts.gap_alt_worst", step=steps[worst], value=signed_money(gained[worst]))
    )
    return Chart(figure, text("charts.gap_alt", title=heading, steps=listed) + ending)


def effects(effects: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw how a gap in signed value adds up: fewer deals, lower conversion, smaller deals.

    Parameters
    ----------
    effects : DataFrame
        From `ka_lib.funnel.effects`: columns ``effect`` and ``value`` (yuan).
    title : str, optional
        Default: names the whole difference.

    Returns
    -------
    Chart
        A waterfall from zero to the whole difference; each bar says its sign.
    """
    need(effects, ("effect", "value"), "ka.funnel.effects(this_year, last_year)")
    values = effects["value"].astype("float64").tolist()
    if any(value != value for value in values):  # noqa: PLR0124 - NaN
        raise ParameterError("charts.no_effects")
    total = sum(values)
    default = text("charts.effects_title", total=signed_money(total))
    heading = title if title is not None else default
    starts = [sum(values[:i]) for i in range(len(values))] + [0.0]
    heights = [*values, total]
    names = [label("effect", effect) for effect in effects["effect"]]
    names.append(text("charts.effects_total"))
    with fonts.style():
        figure, axes = canvas(2.9, heading, sides=(0.03, 0.97))
        colours = [RED if value < 0 else BLUE for value in values] + [GREY]
        axes.bar(range(len(heights)), heights, bottom=starts, width=0.56, color=colours)
        for i, start in enumerate(starts[:-1]):
            end = start + heights[i]
            axes.plot([i + 0.28, i + 0.72], [end, end], color=LIGHT, linewidth=1.2, zorder=0)
        axes.axhline(0, color=INK, linewidth=0.9)
        edges = [0.0, *(start + height for start, height in zip(starts, heights, strict=True))]
        low, high = min(edges), max(edges)
        room = 0.16 * ((high - low) or 1.0)
        axes.set_ylim(low - (room if low < 0 else 0), high + (room if high > 0 or low == 0 else 0))
        axes.set_xlim(-0.6, len(heights) - 0.4)
        for i, (start, height) in enumerate(zip(starts, heights, strict=True)):
            down = height < 0
            axes.annotate(
                signed_money(height), (i, start + height), xytext=(0, -5 if down else 5),
                textcoords="offset points", ha="center", va="top" if down else "bottom",
                weight="bold", color=INK,
            )  # fmt: skip
        axes.set_xticks(range(len(names)), names)
        axes.tick_params(axis="x", length=0)
        axes.set_yticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
    listed = text("charts.semicolon").join(
        text("charts.name_value", name=name, value=signed_money(value))
        for name, value in zip(names, heights, strict=True)
    )
    return Chart(figure, text("charts.effects_alt", title=heading, parts=listed))
