"""Response times against what was agreed (SLA), in working hours.

Prevents a good figure made of closed tickets alone, a weekend counted as waiting time, and a mean
of department rates passed off as the company's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates
from ka_lib.periods import end_of_day
from ka_lib.work_calendar import working_hours

if TYPE_CHECKING:
    from ka_lib.periods import Day

BY = ("department", "account_id", "kind")
_NEEDED = ["ticket_id", "opened_at", "sla_hours"]


def sla(  # noqa: PLR0913 - each is a rule that the reader must see
    tickets: pd.DataFrame,
    as_of: Day,
    by: Literal["department", "account_id", "kind"] | None = "department",
    *,
    opens: str = "09:00",
    closes: str = "18:00",
    lunch: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return how many tickets were answered within the agreed working hours.

    Parameters
    ----------
    tickets : DataFrame
        ``ticket_id``, ``opened_at``, ``responded_at`` (blank: not yet), ``sla_hours`` (working
        hours to a first response) and the column named by ``by``.
    as_of : date or time
        What happened later is not known yet. A day without a time counts to its end.
    by : {"department", "account_id", "kind"} or None
        What a row of the result is; None: one row for all tickets.
    opens, closes, lunch
        The working day, as in `ka_lib.work_calendar.working_hours`.

    Returns
    -------
    DataFrame
        One row a group, the lowest rate first: the group, ``met`` (answered in time), ``missed``
        (answered late, or still unanswered when the hours were over), ``undecided`` (unanswered,
        with time left), ``base`` = met + missed, ``rate`` = met / base, and of the ``answered``
        tickets ``median_hours`` and ``p90_hours`` (linear between two tickets; the unanswered
        have no response time, which is why ``rate`` has to be read first). Undecided tickets are
        in no rate. Without a base the rate is missing. The rate of all is ``by=None``, not the
        mean of the groups' rates.

    Raises
    ------
    TableError
        A column is missing, a needed cell blank, a ticket twice, or the hours are negative.
    ParameterError
        Another ``by``, an answer before its question, or a year without a known work calendar.
    """
    if by is not None and by not in BY:
        raise ParameterError("kpi.choice", given=by, choices=", ".join(BY))
    rows = need(tickets, "tickets", [*_NEEDED, *([by] if by else [])])
    no_duplicates(rows, "tickets", ["ticket_id"])
    check_columns(rows, "tickets", ["sla_hours"])
    need(tickets.head(0), "tickets", ["responded_at"])  # there, but its cells may be blank
    rows["responded_at"] = pd.to_datetime(tickets["responded_at"]).to_numpy()
    now = end_of_day(as_of)
    rows = rows[rows["opened_at"] < now].reset_index(drop=True)
    answered = rows["responded_at"] < now
    until = rows["responded_at"].where(answered, now)
    hours = working_hours(rows["opened_at"], until, opens=opens, closes=closes, lunch=lunch)
    in_time = hours <= rows["sla_hours"]
    marks = pd.DataFrame(
        {
            "met": answered & in_time,
            "missed": ~in_time,
            "undecided": ~answered & in_time,
            "answered": answered,
            "hours": hours.where(answered),
        }
    )
    group = rows[by] if by else pd.Series(0, index=rows.index)
    grouped = marks.groupby(group)
    counts = grouped[["met", "missed", "undecided", "answered"]].sum().astype("int64")
    table = counts[["met", "missed", "undecided"]].copy()
    table["base"] = table["met"] + table["missed"]
    table["rate"] = table["met"] / table["base"].where(table["base"] > 0)
    table["answered"] = counts["answered"]
    table["median_hours"] = grouped["hours"].median().astype("float64")
    table["p90_hours"] = grouped["hours"].quantile(0.9).astype("float64")
    if by is None:
        return table.reset_index(drop=True)
    return table.rename_axis(by).reset_index().sort_values(["rate", by], ignore_index=True)
