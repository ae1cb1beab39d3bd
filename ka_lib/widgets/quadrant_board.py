"""The quadrant sorter (W8): move the limits of urgent and important, see where the tasks fall."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_lib import time_use
from ka_lib.charts import eisenhower
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.units import count, money
from ka_lib.units import unit as money_unit
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ka_lib.time_use import Day

QUADRANTS = (1, 2, 3, 4)
_UNITS = {"zh": 10_000, "en": 1_000}
_URGENT, _IMPORTANT, _WEEK = 3, 100_000, 40
_WIDE: dict[str, Any] = {"style": {"description_width": "200px"}, "layout": {"width": "440px"}}
_CELL = "text-align: right; padding: 0 0 0 1.5em"


@dataclass(frozen=True)
class WeekLoad:
    """A task list at one setting of the limits, against the hours of a week.

    Parameters
    ----------
    tasks : tuple of int
        How many tasks stand in quadrants 1 to 4.
    hours : tuple of float
        Their hours.
    capacity : float
        Hours of the week.
    """

    tasks: tuple[int, ...]
    hours: tuple[float, ...]
    capacity: float

    @property
    def left(self) -> float:
        """Hours of the week left for quadrant 2 once everything urgent is done; may be negative."""
        return self.capacity - self.hours[0] - self.hours[2]


def week_load(sorted_tasks: pd.DataFrame, capacity: float = 40.0) -> WeekLoad:
    """Add up tasks and hours by quadrant.

    Parameters
    ----------
    sorted_tasks : DataFrame
        From `ka_lib.time_use.quadrants`, with ``hours``.
    capacity : float
        Hours of the week.

    Examples
    --------
    >>> import pandas as pd
    >>> week = week_load(pd.DataFrame({"quadrant": [1, 2, 2, 3], "hours": [10.0, 8.0, 4.0, 25.0]}))
    >>> week.tasks, week.hours, week.left
    ((1, 2, 1, 0), (10.0, 12.0, 25.0, 0.0), 5.0)
    """
    by_quadrant = sorted_tasks.groupby("quadrant")["hours"]
    tasks, hours = by_quadrant.size(), by_quadrant.sum()
    return WeekLoad(
        tuple(int(tasks.get(number, 0)) for number in QUADRANTS),
        tuple(float(hours.get(number, 0.0)) for number in QUADRANTS),
        capacity,
    )


def quadrant_sorter(
    todos: pd.DataFrame, as_of: Day, urgent: float = _URGENT, important: float = _IMPORTANT
) -> Any:
    """Return the quadrant sorter: where the tasks fall, and what is left for the important ones.

    Parameters
    ----------
    todos : DataFrame
        One person's list: ``todo_id``, ``title``, ``value`` (yuan), ``hours``, ``due_on``.
    as_of : date
        The day on which you look at it.
    urgent : float
        Where the limit of urgent starts, days.
    important : float
        Where the limit of important starts, yuan.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``urgent`` (due within so many days), ``important``
        (万元 or CNY thousand) and ``capacity`` (hours of the week).

    Raises
    ------
    ParameterError
        The list is empty.
    TableError
        As `ka_lib.time_use.quadrants`.
    """
    start = time_use.quadrants(todos, as_of, urgent, important)
    if start.empty:
        raise ParameterError("widgets_growth.no_tasks")
    unit = _UNITS[current()]

    def draw(*, urgent: float, important: float, capacity: float) -> str:
        table = time_use.quadrants(todos, as_of, urgent, important * unit)
        now = week_load(table, capacity)
        sentence = html.escape(reading(now))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        title = text(
            "widgets_growth.title", urgent=f"{urgent:g}", important=money(important * unit)
        )
        return spoken + _figures(now) + eisenhower(table, title).html()

    return what_if(_controls(urgent, important / unit, todos["value"].max() / unit), draw)


def _controls(urgent: float, important: float, largest: float) -> dict[str, Any]:
    import ipywidgets

    unit = money_unit(_UNITS[current()])
    return {
        "urgent": ipywidgets.IntSlider(
            int(urgent), 0, 14, description=text("widgets_growth.urgent"), **_WIDE
        ),
        "important": ipywidgets.FloatSlider(
            important, min=0, max=max(important * 2, round(largest, -1) + 10), step=1,
            readout_format=",.0f", description=text("widgets_growth.important", unit=unit), **_WIDE,
        ),
        "capacity": ipywidgets.IntSlider(
            _WEEK, 0, 60, description=text("widgets_growth.capacity"), **_WIDE
        ),
    }  # fmt: skip


def reading(now: WeekLoad) -> str:
    """Return one sentence: what urgent work leaves of the week for what is important."""
    facts: dict[str, Any] = {
        "urgent": _hours(now.hours[0] + now.hours[2]),
        "noise": _hours(now.hours[2]),
        "second": _hours(now.hours[1]),
        "capacity": _hours(now.capacity),
        "left": _hours(abs(now.left)),
        "count": count(now.tasks[1]),
    }
    if now.left < 0:
        return text("widgets_growth.over", **facts)
    if not now.tasks[1]:
        return text("widgets_growth.no_second", **facts)
    return text(
        "widgets_growth.fits" if now.left >= now.hours[1] else "widgets_growth.short", **facts
    )


def _hours(hours: float) -> str:
    return f"{hours:g}"


def _figures(now: WeekLoad) -> str:
    """Return tasks, hours and the share of the week by quadrant as a small table."""
    rows = [
        (
            label("quadrant", number),
            count(now.tasks[number - 1]),
            _hours(now.hours[number - 1]),
            _of(now.hours[number - 1], now.capacity),
        )
        for number in QUADRANTS
    ]
    total = sum(now.hours)
    rows.append(
        (
            text("widgets_growth.total"),
            count(sum(now.tasks)),
            _hours(total),
            _of(total, now.capacity),
        )
    )
    return small_table(
        ("", *(text(f"widgets_growth.head_{name}") for name in ("tasks", "hours", "week"))), rows
    )


def _of(hours: float, capacity: float) -> str:
    return f"{hours / capacity:.0%}" if capacity else "—"


def small_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows of text as a table, the first column flush left."""
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
