"""Abilities as a radar: own rating, manager's rating and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, RED, WIDTH, Chart, canvas, need, note, wrap
from ka_lib.charts.parts import bare, listed, shorten
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.tables import ABILITIES
from ka_lib.units import MISSING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Column -> colour, line, mark: told apart in grey too.
_RATERS = {
    "self_rating": (BLUE, "-", "o"),
    "manager_rating": (RED, "--", "s"),
    "target_rating": (GREY, ":", "^"),
}
_HIGHEST = 10
_LEAST = 3  # abilities that make a shape
_SIZE = 3.9  # inches
_BELOW = 0.38
_ACROSS = 2.4  # the radar itself
_COLUMNS = (0.865, 0.925, 0.985)


def radar(ratings: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw one rep's abilities as a radar: own rating, manager's rating and target.

    Parameters
    ----------
    ratings : DataFrame
        One rep and one phase of ``ability_ratings``: ``ability``, ``self_rating``,
        ``manager_rating`` and ``target_rating``, from 0 to 10.
    title : str, optional
        Default: the ability with the largest gap between target and own rating.

    Returns
    -------
    Chart
        The three lines differ in colour, stroke and mark, and the numbers stand beside them. The
        centre is 0. A rating that is missing leaves its line open.

    Raises
    ------
    ParameterError
        The table is not one of ratings, holds an ability twice (several reps or phases), or fewer
        than three abilities.
    """
    need(ratings, ("ability", *_RATERS), "company.ability_ratings")
    if ratings["ability"].duplicated().any():
        twice = ratings.loc[ratings["ability"].duplicated(), "ability"].iloc[0]
        raise ParameterError("charts_self.one_rep", ability=label("ability", twice))
    if len(ratings) < _LEAST:
        raise ParameterError("charts_self.few_abilities", count=len(ratings), least=_LEAST)
    order = {ability: place for place, ability in enumerate(ABILITIES)}
    place = ratings["ability"].map(order).fillna(len(order))
    table = ratings.assign(place=place).sort_values(["place", "ability"], ignore_index=True)
    gaps = table["target_rating"] - table["self_rating"]
    heading = title
    if heading is None:
        heading = text("charts_self.radar_title")
        if gaps.max() > 0:
            at = int(gaps.idxmax())
            facts: dict[str, Any] = {
                "ability": label("ability", table["ability"][at]),
                "gap": f"{gaps[at]:g}",
            }
            heading = text("charts_self.radar_gap", **facts)
    names = [label("ability", ability) for ability in table["ability"]]
    with fonts.style():
        figure, axes = canvas(_SIZE, heading, sides=(0.012, 0.988), below=_BELOW)
        bare(axes)
        _spokes(figure, table, names)
        _numbers(figure, table, names)
        note(figure, text("charts_self.radar_note", highest=_HIGHEST))
    said = listed(
        (
            name,
            text(
                "charts_self.rated",
                own=_number(row.self_rating),
                manager=_number(row.manager_rating),
                target=_number(row.target_rating),
            ),
        )
        for name, row in zip(names, table.itertuples(), strict=True)
    )
    return Chart(figure, text("charts_self.radar_alt", title=heading, abilities=said))


def _spokes(figure: Figure, table: pd.DataFrame, names: list[str]) -> None:
    """Draw the radar in the left half, the abilities named around it."""
    high = figure.get_figheight()
    bottom = _BELOW + (_SIZE - _ACROSS) / 2
    place = (0.145, bottom / high, _ACROSS / WIDTH, _ACROSS / high)
    polar: Any = figure.add_axes(place, projection="polar")
    polar.set_theta_offset(np.pi / 2)
    polar.set_theta_direction(-1)
    angles = np.linspace(0, 2 * np.pi, len(table), endpoint=False)
    around = np.append(angles, angles[0])
    for column, (colour, line, marker) in _RATERS.items():
        values = table[column].astype("float64").to_numpy()
        polar.plot(
            around, np.append(values, values[0]), color=colour, linestyle=line, marker=marker,
            markersize=6, linewidth=2, label=text(f"charts_self.{column}"), clip_on=False,
        )  # fmt: skip
    polar.set_ylim(0, _HIGHEST)
    polar.set_yticks([2.5, 5, 7.5, 10], [])
    polar.set_xticks(angles, [])
    polar.grid(color="#DDDDDD")
    polar.spines["polar"].set_color(LIGHT)
    for angle, name in zip(angles, names, strict=True):
        across = np.sin(angle)
        align = "center" if abs(across) < 0.2 else "left" if across > 0 else "right"  # noqa: PLR2004
        words = "\n".join(wrap(name, 15))
        polar.text(
            angle, _HIGHEST * 1.13, words, ha=align,
            va="bottom" if np.cos(angle) > 0.8 else "top" if np.cos(angle) < -0.8 else "center",  # noqa: PLR2004
            size=9.5, color=INK, linespacing=1.25,
        )  # fmt: skip
    polar.legend(
        loc="upper left", bbox_to_anchor=(1.6, 1.18), frameon=False, fontsize=10, ncols=1, borderaxespad=0
    )  # fmt: skip


def _numbers(figure: Figure, table: pd.DataFrame, names: list[str]) -> None:
    """Write the three numbers of each ability at the right."""
    high = figure.get_figheight()
    step = min(0.34, 2.5 / (len(table) + 1))
    top = (_BELOW + 0.1 + step * (len(table) + 0.5)) / high
    style: dict[str, Any] = {"va": "center", "size": 9.5}
    for x, column in zip(_COLUMNS, _RATERS, strict=True):
        head = text(f"charts_self.{column}_short")
        figure.text(x, top, head, ha="right", color=GREY, **style)
    for i, (name, row) in enumerate(zip(names, table.to_dict("records"), strict=True)):
        y = top - (i + 1) * step / high
        figure.text(0.59, y, shorten(name, 30), ha="left", color=INK, va="center", size=9)
        for x, column in zip(_COLUMNS, _RATERS, strict=True):
            figure.text(x, y, _number(row[column]), ha="right", color=INK, **style)


def _number(value: float) -> str:
    return MISSING if pd.isna(value) else f"{value:g}"
