"""What next week should hold: appointments first, then the tasks that are worth most an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

if TYPE_CHECKING:
    from ka_lib.periods import Day

WEEK = pd.Timedelta(days=7)


def week_plan(
    todos: pd.DataFrame,
    week: Day,
    capacity: float = 40.0,
    by: Literal["value_per_hour", "quadrant"] = "value_per_hour",
) -> pd.DataFrame:
    """Fill a week: appointments first, then the tasks that are worth most an hour.

    Parameters
    ----------
    todos : DataFrame
        One row a task: ``todo_id``, ``rep_id``, ``value`` (yuan), ``hours`` (above 0), ``due_on``
        and, where there are appointments, ``fixed_on``. For ``by="quadrant"`` from `quadrants`.
    week : date
        Its Monday.
    capacity : float
        Hours that a rep has in the week. Default 40.
    by : {"value_per_hour", "quadrant"}
        The order in which tasks are tried: the most value an hour, or quadrant by quadrant and
        then by value an hour. Equal ones: the earlier due, then the lower ``todo_id``.

    Returns
    -------
    DataFrame
        One row a task, rep by rep in the order they were tried: ``rep_id``, ``todo_id``, ``title``
        where there is one, ``value``, ``hours``, ``value_per_hour``, ``plan_state`` and
        ``hours_left`` of the capacity after it. States: ``fixed`` (an appointment this week: it
        stands, even where appointments alone pass the capacity, and ``hours_left`` turns
        negative), ``planned``, ``does_not_fit``, ``other_week`` (an appointment in another week).

    Raises
    ------
    ParameterError
        ``week`` is not a Monday, any other ``by``, a negative capacity.
    TableError
        A column is missing or blank, a task stands twice, a task of 0 hours.

    Notes
    -----
    Greedy: each task is planned whole if it still fits, and the next is tried if not. That is
    how a person plans, and not always the best possible sum: with 40 hours, one task of 25 hours
    at 100 yuan an hour shuts out two of 20 hours at 90.
    """
    monday = pd.Timestamp(week)
    if monday.weekday() != 0 or monday != monday.normalize():
        raise ParameterError("time_use.monday", given=monday.date())
    if by not in {"value_per_hour", "quadrant"}:
        raise ParameterError("time_use.plan_by", given=by)
    check_not_negative(capacity=capacity)
    needed = ["todo_id", "rep_id", "value", "hours", "due_on"]
    rows = need(todos, "todos", [*needed, *(["quadrant"] if by == "quadrant" else [])])
    no_duplicates(rows, "todos", ["todo_id"])
    check_columns(rows, "todos", ["value", "hours"])
    none = rows.index[rows["hours"] == 0]
    if len(none):
        problem = text("time_use.no_hours", row=int(none[0]) + 1)
        raise TableError("tables.invalid", table="todos", problems=f"- {problem}")
    for name in ("title", "fixed_on"):
        if name in todos.columns:
            rows[name] = todos[name].to_numpy()
    fixed = pd.to_datetime(rows.get("fixed_on", pd.Series(pd.NaT, index=rows.index)))
    this_week = (fixed >= monday) & (fixed < monday + WEEK)
    # To the cent: what dividing leaves behind must not break a tie.
    rows["value_per_hour"] = (rows["value"] / rows["hours"]).round(2)
    rows["plan_state"] = np.select([this_week, fixed.notna()], ["fixed", "other_week"], "")
    rows["first"] = np.select([this_week, fixed.isna()], [0, 1], 2)
    order = ["rep_id", "first", *(["quadrant"] if by == "quadrant" else [])]
    order += ["value_per_hour", "due_on", "todo_id"]
    upwards = [name != "value_per_hour" for name in order]
    rows = rows.sort_values(order, ascending=upwards, ignore_index=True)
    rows["hours_left"] = 0.0
    for _, tasks in rows.groupby("rep_id"):
        left = float(capacity)
        for i, task in tasks.iterrows():
            state = task["plan_state"] or ("planned" if task["hours"] <= left else "does_not_fit")
            left -= task["hours"] if state in {"fixed", "planned"} else 0.0
            rows.loc[i, ["plan_state", "hours_left"]] = [state, left]
    columns = ["rep_id", "todo_id", "title", "value", "hours", "value_per_hour", "plan_state"]
    return rows[[name for name in [*columns, "hours_left"] if name in rows.columns]]
