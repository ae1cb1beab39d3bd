"""Where each relationship stands: the life-cycle board and the health heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import GREY, INK, LIGHT, ORANGE, RED, Chart, canvas, need, note
from ka_lib.charts.parts import GREEN, account_names, bare, listed, shorten
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, count, money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

LIFE_STAGES = ("development", "growth", "maturity", "decline")
_SHADES = ("#E8F3FA", "#DDF1EA", "#FBF1DC", "#F8E3D6")
_CARD = 0.34  # inches
_ROW = 0.36
_SAID = 5  # accounts a column that the alternative text names


def life_cycle(
    board: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    title: str | None = None,
    stages: Sequence[str] = LIFE_STAGES,
    most: int = 12,
) -> Chart:
    """Draw the life-cycle board: a column a stage, a card an account.

    Parameters
    ----------
    board : DataFrame
        One row an account: ``life_stage`` (a code of ``stages``) and ``account_id`` or
        ``account_name``; with ``sales_now`` (yuan) the cards are in order of it and the columns
        show sums.
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``: calls the accounts by name.
    title : str, optional
        Default: how many accounts there are.
    stages : sequence of str
        The columns, from left to right.
    most : int
        Cards a column; the last line says how many more there are.

    Returns
    -------
    Chart
        Accounts without a stage are counted in a line below, not put into a column.

    Raises
    ------
    ParameterError
        The table is not a board.
    """
    need(board, ("life_stage",), "ka.relationship.life_cycle(accounts, orders, as_of)")
    table = board.assign(called=account_names(board, accounts))
    if "sales_now" in table.columns:
        table = table.sort_values(["sales_now", "called"], ascending=[False, True])
    heading = text("charts_care.board_title", count=count(len(table))) if title is None else title
    columns = [table[table["life_stage"] == stage] for stage in stages]
    tallest = min(max([*map(len, columns), 1]), most)
    overflow = any(len(column) > most for column in columns)
    rows = tallest + overflow
    placed = sum(map(len, columns))
    said = []
    with fonts.style():
        figure, axes = canvas(
            _CARD * (rows + 1.9),
            heading,
            sides=(0.012, 0.988),
            below=0.4 if placed < len(table) else 0.1,
        )
        bare(axes)
        axes.set_xlim(0, len(stages))
        axes.set_ylim(rows + 0.1, -1.8)
        room = 30 * len(LIFE_STAGES) // len(stages)  # half-width characters on a card
        for i, (stage, column) in enumerate(zip(stages, columns, strict=True)):
            head = text("charts_care.accounts", count=count(len(column)))
            if "sales_now" in table.columns:
                value = money(float(column["sales_now"].sum()))
                head = text("charts_care.accounts_value", count=count(len(column)), value=value)
            shade = _SHADES[i % len(_SHADES)]
            _rectangle(axes, (i + 0.01, -1.75), (0.98, rows + 1.8), shade)
            axes.text(
                i + 0.04, -1.3, label("life_stage", stage), weight="bold", va="center", color=INK
            )
            axes.text(i + 0.04, -0.62, head, size=9.5, va="center", color=GREY)
            for j, name in enumerate(column["called"].head(most)):
                _rectangle(axes, (i + 0.03, j - 0.02), (0.94, 0.86), "white")
                words = shorten(name, room - 4)
                axes.text(i + 0.06, j + 0.41, words, size=9.5, va="center", color=INK)
            if len(column) > most:
                words = text("charts_care.more", count=count(len(column) - most))
                axes.text(i + 0.06, most + 0.41, words, size=9.5, va="center", color=GREY)
            said.append((label("life_stage", stage), _names(head, list(column["called"]))))
        if placed < len(table):
            note(figure, text("charts_care.no_stage", count=count(len(table) - placed)))
    return Chart(figure, text("charts_care.board_alt", title=heading, columns=listed(said)))


def _names(head: str, names: list[str]) -> str:
    if not names:
        return head
    first = text("charts_care.comma").join(names[:_SAID])
    more = text("charts_care.and_more") if len(names) > _SAID else ""
    return text("charts_care.column", head=head, names=first + more)


def _rectangle(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], colour: object
) -> None:
    from matplotlib.patches import Rectangle

    edge = LIGHT if colour == "white" else "none"
    axes.add_patch(Rectangle(corner, *size, facecolor=colour, edgecolor=edge, linewidth=0.8))


def health_heat(  # noqa: PLR0913, PLR0917 - two tables, then what is rarely given
    scores: pd.DataFrame,
    health: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    title: str | None = None,
    nps: Sequence[str] = ("satisfaction_score",),
    most: int = 25,
) -> Chart:
    """Draw the health of accounts in the latest month: a row an account, the worst on top.

    Parameters
    ----------
    scores : DataFrame
        From `ka_lib.health.score`: ``account_id``, ``month``, ``score`` and ``colour``.
    health : DataFrame
        The sub-scores it was made from: ``account_id``, ``month`` and every column whose name
        ends in ``_score``.
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``: calls the accounts by name.
    title : str, optional
        Default: the month, and how many accounts are red, amber and green.
    nps : sequence of str
        Sub-scores from -100 to 100, drawn as ``(value + 100) / 2`` like the others from 0 to 100.
    most : int
        How many accounts to draw.

    Returns
    -------
    Chart
        The total with its colour as a word; the lower a sub-score, the darker its cell, and its
        number stands in it. A missing one is a dash.

    Raises
    ------
    ParameterError
        A table is not one of health, or there is no sub-score.
    """
    need(scores, ("account_id", "month", "score", "colour"), "ka.health.score(health, weights)")
    parts = [name for name in health.columns if str(name).endswith("_score")]
    need(health, ("account_id", "month", *(parts or ["orders_score"])), "company.health")
    latest = scores[scores["month"] == scores["month"].max()]
    table = latest.merge(health[["account_id", "month", *parts]], on=["account_id", "month"])
    table = table.assign(called=account_names(table, accounts))
    table = table.sort_values(["score", "called"], na_position="last", ignore_index=True)
    for name in parts:
        points = table[name].astype("float64")
        table[name] = ((points + 100) / 2 if name in nps else points).clip(0, 100)
    heading = title
    if heading is None:
        tally: dict[str, Any] = {key: count((table["colour"] == key).sum()) for key in _COLOURS}
        month = pd.Timestamp(latest["month"].iloc[0])
        heading = text("charts_care.heat_title", month=f"{month:%Y-%m}", **tally)
    shown = table.head(most)
    totals = [
        MISSING if pd.isna(score) else f"{_points(score)} {label('colour', colour)}"
        for score, colour in zip(shown["score"], shown["colour"], strict=True)
    ]
    with fonts.style():
        figure, axes = canvas(_ROW * (len(shown) + 1.2), heading, sides=(0.24, 0.985), below=0.42)
        bare(axes)
        axes.set_xlim(0, len(parts) + 1)
        axes.set_ylim(len(shown), -1.2)
        room = 76 // (len(parts) + 1)  # half-width characters in a cell
        for j, name in enumerate(["score", *parts]):
            style: dict[str, Any] = {
                "ha": "center",
                "va": "center",
                "weight": "normal" if j else "bold",
            }
            axes.text(j + 0.5, -0.6, shorten(label("column", name), room), size=9.5, **style)
            for i, points in enumerate(shown[name].astype("float64")):
                unwell = 0.0 if pd.isna(points) else 1 - points / 100
                colour = (ORANGE, unwell * 0.75) if j else _COLOURS.get(shown["colour"].iloc[i], ("white", 0))  # fmt: skip
                _rectangle(axes, (j + 0.02, i + 0.04), (0.96, 0.92), colour)
                axes.text(j + 0.5, i + 0.5, _points(points) if j else totals[i], size=10, **style)
        for i, name in enumerate(shown["called"]):
            axes.text(-0.02, i + 0.5, shorten(name, 24), ha="right", va="center", size=10)
        words = text("charts_care.heat_note")
        if len(table) > most:
            words += text("charts.left_out", count=count(len(table) - most))
        note(figure, words)
    said = listed(zip(shown["called"], totals, strict=True))
    return Chart(figure, text("charts_care.heat_alt", title=heading, accounts=said))


_COLOURS: dict[str, tuple[str, float]] = {
    "red": (RED, 0.55),
    "amber": (ORANGE, 0.35),
    "green": (GREEN, 0.35),
}


def _points(value: float) -> str:
    if pd.isna(value):
        return MISSING
    return f"{value:.0f}" if round(value, 9) % 1 == 0 else f"{value:.1f}"
