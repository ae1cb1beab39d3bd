"""The first slider of the course: a few points more to a customer, and what it still leaves."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import money, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST, _STEP = 3.0, 0.25  # points
_WIDE = "420px"
_CELL = "text-align: right; padding: 0.1em 0 0.1em 1.5em"
_NEEDED = ("gross_sales", "net_contribution")


@dataclass(frozen=True)
class Given:
    """What some points more cost, and what the customer still leaves.

    Parameters
    ----------
    cost : float
        Yuan.
    left : float
        Net contribution after it, yuan; below 0 when every sale loses money.
    rate : float
        ``left`` as a fraction of gross sales; missing without sales.
    """

    cost: float
    left: float
    rate: float


def give_points(row: Mapping[str, Any] | pd.Series, points: float) -> Given:
    """Work out what a customer leaves when it gets some points more.

    Parameters
    ----------
    row : Series
        One row of `ka_lib.customer_pnl.contribution`: ``gross_sales`` and ``net_contribution``
        (yuan of one period).
    points : float
        Percentage points of gross sales; 0.5 is half a point. Nothing else changes.

    Returns
    -------
    Given
        ``cost = gross sales * points / 100``, ``left = net contribution - cost``.

    Raises
    ------
    ParameterError
        The row has no gross sales or net contribution.

    Examples
    --------
    >>> give_points({"gross_sales": 1000.0, "net_contribution": 30.0}, 2)
    Given(cost=20.0, left=10.0, rate=0.01)
    """
    if not all(name in row and not pd.isna(row[name]) for name in _NEEDED):
        raise ParameterError("widgets_points.no_row")
    gross, net = (float(row[name]) for name in _NEEDED)
    cost = gross * points / 100
    return Given(cost, net - cost, (net - cost) / gross if gross else float("nan"))


def points_slider(row: pd.Series) -> Any:
    """Return a board with one slider: points more to the customer, and what it still leaves.

    Parameters
    ----------
    row : Series
        One row of `ka_lib.customer_pnl.contribution`, such as ``pnl.iloc[0]``.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Its control is ``points``.

    Raises
    ------
    ParameterError
        As for `give_points`.
    """
    import ipywidgets

    today = give_points(row, 0)

    def draw(*, points: float) -> str:
        then = give_points(row, points)
        said = html.escape(reading(then, points))
        spoken = f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{said}</b></p>'
        return spoken + _figures(today, then)

    slider = ipywidgets.FloatSlider(
        0, min=0, max=_MOST, step=_STEP, readout_format=".2f",
        description=text("widgets_points.points"),
        style={"description_width": "120px"}, layout={"width": _WIDE},
    )  # fmt: skip
    return what_if({"points": slider}, draw)


def reading(then: Given, points: float) -> str:
    """Return one sentence: what the points cost and what is left."""
    facts: dict[str, Any] = {
        "points": f"{points:g}",
        "cost": money(then.cost),
        "left": money(then.left),
    }
    if points == 0:
        return text("widgets_points.today", **facts)
    key = "gives" if round(then.left) > 0 else "loses"
    return text(f"widgets_points.{key}", **facts, lost=money(-then.left))


def _figures(today: Given, then: Given) -> str:
    rows = [("cost", money(0), money(then.cost)), ("left", money(today.left), money(then.left))]
    rows.append(("rate", percent(today.rate, digits=1), percent(then.rate, digits=1)))
    head = "".join(
        f'<th scope="col" style="{_CELL}">{html.escape(text(f"widgets_points.{name}"))}</th>'
        for name in ("now", "then")
    )
    body = "".join(
        f'<tr><th scope="row" style="text-align: left; font-weight: normal">'
        f"{html.escape(text(f'widgets_points.row_{name}'))}</th>"
        f'<td style="{_CELL}">{html.escape(before)}</td>'
        f'<td style="{_CELL}"><b>{html.escape(after)}</b></td></tr>'
        for name, before, after in rows
    )
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
