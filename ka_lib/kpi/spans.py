"""Two periods set side by side: is the later one over, how long are they, which orders are inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from ka_lib.periods import Day

Span: TypeAlias = tuple[pd.Timestamp, pd.Timestamp]
YEAR_DAYS = 365


def check_complete(period: Span, as_of: Day) -> None:
    """Refuse a period that is still running on the last day the data covers."""
    if pd.Timestamp(as_of) + pd.Timedelta(days=1) < period[1]:
        last = (period[1] - pd.Timedelta(days=1)).date()
        raise ParameterError("kpi.partial", as_of=pd.Timestamp(as_of).date(), last=last)


def length(period: Span) -> pd.DateOffset:
    """Return a period's length: in months between first days of a month, else in days."""
    start, end = period
    if start.day == end.day == 1:
        return pd.DateOffset(months=(end.year - start.year) * 12 + end.month - start.month)
    return pd.DateOffset(days=(end - start).days)


def same_length(first: Span, second: Span) -> bool:
    """Say whether two periods are as long as each other, a leap day in a year aside."""
    if length(first) == length(second):
        return True
    days = [(end - start).days for start, end in (first, second)]
    return min(days) >= YEAR_DAYS and abs(days[0] - days[1]) <= 1


def shift_end(end: pd.Timestamp, back: pd.DateOffset) -> pd.Timestamp:
    """Move the open end of a period back; inside a month, by its last included day."""
    if end.day == 1:
        return end - back
    one = pd.Timedelta(days=1)
    return end - one - back + one


def inside(orders: pd.DataFrame, period: Span) -> pd.Series:
    """Say of each order whether it was placed in the period."""
    return (orders["ordered_on"] >= period[0]) & (orders["ordered_on"] < period[1])
