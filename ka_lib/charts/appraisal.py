"""A rep's scorecard, part by part."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ka_lib import fonts
from ka_lib.appraisal import PARTS
from ka_lib.charts.chart import BLUE, GREY, INK, MARGIN, RED, Chart, canvas, need, note
from ka_lib.charts.parts import bare, listed
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, percent

_FULL = 100
_ROW = 0.5  # inches


def scorecard(row: pd.Series, title: str | None = None) -> Chart:
    """Draw a rep's scorecard: each part's score against 100, and the points it brings.

    Parameters
    ----------
    row : Series
        One row of `ka_lib.appraisal.score`: ``table.iloc[0]``.
    title : str, optional
        Default: the quarter and the total.

    Returns
    -------
    Chart
        A bar a part on a scale from zero; the mark is at 100, and attainment above it shows. A
        part that was not measured is an empty, dashed bar: it is no zero.

    Raises
    ------
    ParameterError
        The row is not one of a scorecard.
    """
    values = pd.Series(row)
    scores = [f"{part}_score" for part in PARTS]
    points = [f"{part}_points" for part in PARTS]
    need(values.to_frame().T, [*scores, *points, "total"], "ka.appraisal.score(scorecards).iloc[0]")
    heading = title
    if heading is None:
        facts: dict[str, Any] = {
            "quarter": values.get("quarter", ""),
            "total": _one(values["total"]),
        }
        heading = text("charts_self.scorecard_title", **facts).strip()
    numbers = [float(values[name]) for name in scores]
    end = max([_FULL * 1.25, *(number * 1.05 for number in numbers if number == number)])  # noqa: PLR0124 - NaN
    said = []
    from matplotlib.transforms import blended_transform_factory

    with fonts.style():
        figure, axes = canvas(_ROW * (len(PARTS) + 0.8), heading, sides=(0.22, 0.68), below=0.45)
        bare(axes)
        axes.set_xlim(0, end)
        axes.set_ylim(len(PARTS) - 0.5, -1.2)
        across = blended_transform_factory(figure.transFigure, axes.transData)
        right: dict[str, Any] = {"transform": across, "ha": "right", "va": "center"}
        for x, key in ((0.77, "score_head"), (0.87, "weight_head"), (0.985, "points_head")):
            axes.text(x, -0.85, text(f"charts_self.{key}"), **right, size=9.5, color=GREY)
        places = range(len(PARTS))
        axes.barh(places, [_FULL] * len(PARTS), height=0.62, color="#EFEFEF")
        axes.barh(places, [0.0 if number != number else number for number in numbers], height=0.3, color=BLUE)  # noqa: PLR0124 - NaN  # fmt: skip
        axes.plot([_FULL, _FULL], [-0.5, len(PARTS) - 0.5], color=INK, linewidth=1.6)
        for i, part in enumerate(PARTS):
            got, brought = numbers[i], float(values[points[i]])
            if pd.isna(got):
                axes.barh(
                    [i], [_FULL], height=0.3, facecolor="white", edgecolor=RED, linestyle="--"
                )
            weight = percent(brought / got) if got > 0 else MISSING
            name = label("part", part)
            axes.text(MARGIN, i, name, transform=across, va="center", color=INK)
            cells = (_one(got), weight, _one(brought))
            for x, words in zip((0.77, 0.87, 0.985), cells, strict=True):
                bold = "bold" if x > 0.9 else "normal"  # noqa: PLR2004 - the last column
                axes.text(x, i, words, **right, color=INK, weight=bold)
            facts = {"score": cells[0], "weight": weight, "points": cells[2]}
            said.append((name, text("charts_self.part_said", **facts)))
        note(figure, text("charts_self.scorecard_note"))
    return Chart(figure, text("charts_self.scorecard_alt", title=heading, parts=listed(said)))


def _one(value: float) -> str:
    return MISSING if pd.isna(value) else f"{value:.1f}"
