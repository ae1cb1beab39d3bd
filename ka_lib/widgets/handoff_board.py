"""The RACI and hand-off board (W7): give each department its letter, see the gaps and the wait."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import teamwork
from ka_lib.charts import handoffs as draw_chain
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.tables import DEPARTMENTS
from ka_lib.units import count
from ka_lib.widgets.board import what_if
from ka_lib.widgets.quadrant_board import small_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.teamwork.service import Day

OWN = "sales"
CHOICES = ("", "R", "A", "AR", "C", "I")
_DAY = 9.0  # working hours, 09:00 to 18:00
_VISIBLE = 0.05  # hours
_STYLE: dict[str, Any] = {
    "style": {"description_width": "110px"},
    "layout": {"width": "250px"},
}


def handoff_board(roles: Mapping[str, str], tickets: pd.DataFrame, as_of: Day) -> Any:
    """Return the RACI and hand-off board for one activity.

    Parameters
    ----------
    roles : mapping of str to str
        Where the board starts: department -> ``"R"``, ``"A"``, ``"AR"``, ``"C"``, ``"I"`` or
        ``""``. Departments left out have no part. ``"sales"`` is the one that asks.
    tickets : DataFrame
        From them comes how long each department takes to answer: `ka_lib.teamwork.sla`.
    as_of : date
        The day up to which the tickets are known.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: one a department, ``pace`` (``"median_hours"`` or
        ``"p90_hours"``: a usual or a slow answer) and ``together`` (ask all C at once).

    Raises
    ------
    ParameterError
        An unknown department or role, or a department that has answered no ticket.
    """
    names = (OWN, *DEPARTMENTS)
    for department, role in roles.items():
        if department not in names:
            raise ParameterError(
                "widgets_teamwork.department", given=department, choices=", ".join(names)
            )
        if role not in CHOICES:
            raise ParameterError("teamwork.role", department=department, given=role)
    answers = teamwork.sla(tickets, as_of).set_index("department")[["median_hours", "p90_hours"]]
    for department in DEPARTMENTS:
        if department not in answers.index or answers.loc[department].isna().any():
            raise ParameterError("teamwork.no_hours", department=department)

    def chain(pace: str, *, together: bool, **chosen: str) -> pd.DataFrame:
        return teamwork.handoffs(chosen, answers[pace], OWN, together=together)

    start = {name: roles.get(name, "") for name in names}
    first = _wait(chain("median_hours", together=False, **start))

    def draw(*, pace: str, together: bool, **chosen: str) -> str:
        steps = chain(pace, together=together, **chosen)
        faults = _faults(chosen)
        sentence = html.escape(reading(faults, len(steps), _wait(steps), first))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        return (
            spoken
            + _figures(chosen, answers[pace])
            + (draw_chain(steps).html() if len(steps) else "")
        )

    return what_if(_controls(start), draw)


def _wait(steps: pd.DataFrame) -> float:
    return float(steps["to_hours"].max()) if len(steps) else 0.0


def _faults(chosen: Mapping[str, str]) -> list[str]:
    """Return the problems of this one activity, as `raci_check` names them."""
    rows = [
        {"activity": "one", "department": department, "role": letter}
        for department, role in chosen.items()
        for letter in role
    ]
    if not rows:
        return ["no_accountable", "no_responsible"]
    found = teamwork.raci_check(pd.DataFrame(rows))["problems"].iloc[0]
    return found.split(", ") if found else []


def reading(faults: list[str], steps: int, wait: float, before: float) -> str:
    """Return the sentences above the table: what is wrong, and how long all waits.

    Parameters
    ----------
    faults : list of str
        Codes of `ka_lib.teamwork.raci_check`; empty when the roles are in order.
    steps : int
        Hand-offs.
    wait, before : float
        Working hours now, and where the board started.
    """
    words = text("widgets_teamwork.fine")
    if faults:
        listed = text("widgets_teamwork.and").join(label("problem", one) for one in faults)
        words = text("widgets_teamwork.faulty", problems=listed)
    facts: dict[str, Any] = {
        "count": count(steps), "hours": f"{wait:.1f}", "days": f"{wait / _DAY:.1f}",
        "change": f"{abs(wait - before):.1f}",
    }  # fmt: skip
    if not steps:
        return words + text("widgets_teamwork.nobody")
    key = "same"
    if abs(wait - before) >= _VISIBLE:
        key = "longer" if wait > before else "shorter"
    return words + text(f"widgets_teamwork.{key}", **facts)


def _figures(chosen: Mapping[str, str], hours: pd.Series) -> str:
    """Return each department, its role in words and its usual wait as a small table."""
    rows = [
        (
            label("department", name),
            text(f"widgets_teamwork.role_{role.lower()}")
            if role
            else text("widgets_teamwork.none"),
            text("widgets_teamwork.own") if name == OWN else f"{hours[name]:.1f}",
        )
        for name, role in chosen.items()
    ]
    heads = ("", text("widgets_teamwork.role"), text("widgets_teamwork.hours"))
    return small_table(heads, rows)


def _controls(start: Mapping[str, str]) -> dict[str, Any]:
    import ipywidgets

    options = [
        (text("widgets_teamwork.none") if not one else "R + A" if one == "AR" else one, one)
        for one in CHOICES
    ]
    controls: dict[str, Any] = {
        name: ipywidgets.Dropdown(
            options=options, value=role, description=label("department", name), **_STYLE
        )
        for name, role in start.items()
    }
    controls["pace"] = ipywidgets.Dropdown(
        options=[
            (text(f"widgets_teamwork.{name}"), name) for name in ("median_hours", "p90_hours")
        ],
        value="median_hours", description=text("widgets_teamwork.pace"), **_STYLE,
    )  # fmt: skip
    controls["together"] = ipywidgets.Checkbox(
        value=False, description=text("widgets_teamwork.together"), indent=False,
        layout={"width": "250px"},
    )  # fmt: skip
    return controls
