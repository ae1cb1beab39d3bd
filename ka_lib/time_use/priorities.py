"""What comes first: the four quadrants of urgent and important."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.frames import need, no_duplicates

if TYPE_CHECKING:
    from ka_lib.periods import Day


def quadrants(
    todos: pd.DataFrame, as_of: Day, urgent_within_days: float, important_from: float
) -> pd.DataFrame:
    """Sort tasks into the four quadrants of urgent and important.

    Parameters
    ----------
    todos : DataFrame
        One row a task: ``todo_id``, ``value`` (gross profit at stake, yuan), ``due_on``; other
        columns are carried along.
    as_of : date
        The day on which you look at the list.
    urgent_within_days : float
        A task due in at most so many days is urgent. What is overdue is urgent.
    important_from : float
        A task with at least so much at stake (yuan) is important, however far off it is.

    Returns
    -------
    DataFrame
        ``todos`` with ``days_left`` (0: due today), ``past_due`` (due before ``as_of``; due
        today is not), ``urgent``, ``important`` and ``quadrant``: 1 urgent and important,
        2 important, 3 urgent, 4 neither. In order of quadrant, date due, ``todo_id``.

    Raises
    ------
    TableError
        A column is missing or blank, a task stands twice, a value is negative.
    ParameterError
        A threshold is negative.

    Notes
    -----
    After Eisenhower, in Covey, *The 7 Habits of Highly Effective People* (1989). Its point is
    quadrant 2: important work is done before it becomes urgent.
    """
    check_not_negative(urgent_within_days=urgent_within_days, important_from=important_from)
    rows = need(todos, "todos", ["todo_id", "value", "due_on"])
    no_duplicates(rows, "todos", ["todo_id"])
    check_columns(rows, "todos", ["value"])
    due = pd.to_datetime(rows["due_on"]).dt.normalize()
    left = (due - pd.Timestamp(as_of).normalize()).dt.days
    urgent, important = left <= urgent_within_days, rows["value"] >= important_from
    table = todos.reset_index(drop=True).assign(
        days_left=left,
        past_due=left < 0,
        urgent=urgent,
        important=important,
        quadrant=np.select([urgent & important, important, urgent], [1, 2, 3], 4),
    )
    return table.sort_values(["quadrant", "days_left", "todo_id"], ignore_index=True)
