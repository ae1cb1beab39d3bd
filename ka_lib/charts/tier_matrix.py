"""Where accounts stand between what they bring and what they could: the tier matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ka_lib import fonts
from ka_lib.charts.chart import (
    BLUE,
    INK,
    SKY,
    WIDTH,
    Chart,
    canvas,
    display_width,
    need,
    note,
)
from ka_lib.charts.parts import account_names, listed, shorten
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    Box = tuple[float, float, float, float]

_LOOKS = {"A": (BLUE, "o"), "B": (SKY, "s"), "C": ("white", "^")}
_HEIGHT = 4.4  # inches
_SIDES = (0.09, 0.97)
_TICKS = (0, 2, 10, 25, 50, 75, 100)
_END = 106  # of the axes
_SIZE = 9.5  # points of a name
_HALF_WIDTH = 0.56  # of its size: a half-width character
_DOT = 6.0  # points around the middle of a dot


def tier_matrix(
    scores: pd.DataFrame,
    title: str | None = None,
    accounts: pd.DataFrame | None = None,
    named: int = 10,
) -> Chart:
    """Draw accounts by contribution and potential, marked by tier.

    Parameters
    ----------
    scores : DataFrame
        From `ka_lib.tiers.assign`: ``contribution`` and ``potential`` (0 to 100), ``score``,
        ``tier``, and ``account_id`` or ``account_name``.
    title : str, optional
        Default: how many accounts each tier has.
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``: calls the accounts by name.
    named : int
        How many accounts to call by name, the highest scores first. One whose name finds no free
        place has none.

    Returns
    -------
    Chart
        A dot an account: contribution to the right, potential upwards, the tier by shape and
        colour. Up left stands potential that is not used yet. The scales are square roots: one
        giant would otherwise squeeze everybody else into a corner.

    Raises
    ------
    ParameterError
        The table is not one of scored and tiered accounts.
    """
    need(scores, ("contribution", "potential", "score", "tier"), "ka.tiers.assign(scores, ...)")
    table = scores.assign(called=account_names(scores, accounts))
    table = table.dropna(subset=["contribution", "potential"])
    table = table.sort_values(["score", "called"], ascending=[False, True], ignore_index=True)
    sizes = scores["tier"].value_counts()
    tiers = [tier for tier in _LOOKS if sizes.get(tier, 0)]
    heading = title
    if heading is None:
        heading = text("charts.semicolon").join(
            text("charts_people.tier_size", tier=label("tier", tier), count=count(sizes[tier]))
            for tier in tiers
        )
    with fonts.style():
        figure, axes = canvas(_HEIGHT, heading, _SIDES, above=0.3, below=0.85)
        for tier in tiers:
            colour, marker = _LOOKS[tier]
            of_tier = table[table["tier"] == tier]
            axes.scatter(
                of_tier["contribution"], of_tier["potential"], s=70, marker=marker,
                facecolor=colour, edgecolor=INK, linewidth=0.9, label=label("tier", tier),
                clip_on=False, zorder=2,
            )  # fmt: skip
        root = {"functions": (np.sqrt, np.square)}
        axes.set_xscale("function", **root)
        axes.set_yscale("function", **root)
        axes.set_xticks(_TICKS)
        axes.set_yticks(_TICKS)
        axes.set_xlim(0, _END)
        axes.set_ylim(0, _END)
        axes.set_xlabel(text("charts_people.contribution"), color=INK)
        axes.set_ylabel(text("charts_people.potential"), color=INK)
        axes.grid(color="#EBEBEB", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=3, frameon=False, fontsize=10,
            borderaxespad=0.1,
        )  # fmt: skip
        _names(axes, table, named)
        note(figure, text("charts_people.matrix_note"))
    first = table.head(named)
    parts = listed(
        (
            row.called,
            text(
                "charts_people.scored",
                tier=label("tier", row.tier),
                contribution=f"{row.contribution:.0f}",
                potential=f"{row.potential:.0f}",
            ),
        )
        for row in first.itertuples()
    )
    return Chart(figure, text("charts_people.matrix_alt", title=heading, accounts=parts))


def _names(axes: Axes, table: pd.DataFrame, named: int) -> None:
    """Write names beside their dots where nothing stands yet: right, left, above, below."""
    inches = (WIDTH * (_SIDES[1] - _SIDES[0]), _HEIGHT)
    x = np.sqrt(table["contribution"] / _END) * inches[0] * 72
    y = np.sqrt(table["potential"] / _END) * inches[1] * 72
    dots = [(a - _DOT, b - _DOT, a + _DOT, b + _DOT) for a, b in zip(x, y, strict=True)]
    page = (0.0, -2.0, inches[0] * 72, inches[1] * 72 + 2)
    taken: list[Box] = list(dots)
    for i, name in enumerate(table["called"].head(named)):
        words = shorten(name, 24)
        wide, high = display_width(words) * _SIZE * _HALF_WIDTH, _SIZE * 1.35
        middle, level = x.iloc[i], y.iloc[i]
        for left, bottom in (
            (middle + _DOT, level - high / 2),
            (middle - _DOT - wide, level - high / 2),
            (middle - wide / 2, level + _DOT),
            (middle - wide / 2, level - _DOT - high),
            (middle + _DOT, level + _DOT / 2),
            (middle + _DOT, level - _DOT / 2 - high),
            (middle - _DOT - wide, level + _DOT / 2),
            (middle - _DOT - wide, level - _DOT / 2 - high),
        ):
            box = (left, bottom, left + wide, bottom + high)
            if _inside(box, page) and not any(_touch(box, other) for other in taken):
                axes.annotate(
                    words, (table["contribution"].iloc[i], table["potential"].iloc[i]),
                    xytext=(left - middle, bottom + high / 2 - level),
                    textcoords="offset points", ha="left", va="center", size=_SIZE, color=INK,
                )  # fmt: skip
                taken.append(box)
                break


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Box, page: Box) -> bool:
    return box[0] >= page[0] and box[1] >= page[1] and box[2] <= page[2] and box[3] <= page[3]
