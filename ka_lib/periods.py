"""Periods that may be compared: whole months, and January never without February.

Prevents three slips of the calendar: a running month set against a full one, a Spring Festival
that fell in January one year and in February the next read as growth or decline, and a last day
of a long month that falls off the end of a short one.
"""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd

from ka_lib.errors import ParameterError

Day: TypeAlias = str | pd.Timestamp
Period: TypeAlias = tuple[Day, Day]

_FEBRUARY = 2


def check_period(period: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return a half-open period as two timestamps; raise when it is empty."""
    start, end = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    if not start < end:
        raise ParameterError("kpi.period", start=start.date(), end=end.date())
    return start, end


def months_over(as_of: Day) -> pd.Timestamp:
    """Return the first day of the first month that is not over at the end of that day.

    Examples
    --------
    >>> months_over("2025-11-30"), months_over("2025-11-29")
    (Timestamp('2025-12-01 00:00:00'), Timestamp('2025-11-01 00:00:00'))
    """
    tomorrow = pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1)
    return tomorrow.replace(day=1)


def last_months(as_of: Day, months: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the last whole months before the end of that day, as a half-open period.

    Parameters
    ----------
    as_of : date
        The last day the data covers, included.
    months : int
        How many, at least 1.

    Returns
    -------
    (Timestamp, Timestamp)
        January and February stand together or not at all, for Spring Festival moves between them:
        at the end of January the period ends with December, and one that would begin in February
        begins in January, so that it holds one month more.

    Raises
    ------
    ParameterError
        The number of months is not a whole one above 0.

    Examples
    --------
    >>> [str(day.date()) for day in last_months("2025-04-30", 3)]
    ['2025-01-01', '2025-05-01']
    """
    if not months >= 1 or months % 1:
        raise ParameterError("periods.months", given=months)
    end = months_over(as_of)
    if end.month == _FEBRUARY:
        end -= pd.DateOffset(months=1)
    start = end - pd.DateOffset(months=int(months))
    if start.month == _FEBRUARY:
        start -= pd.DateOffset(months=1)
    return start, end


def end_of_day(as_of: Day) -> pd.Timestamp:
    """Return the moment up to which things are known: a day without a time counts as a whole."""
    moment = pd.Timestamp(as_of)
    return moment + pd.Timedelta(days=1) if moment == moment.normalize() else moment
