"""Days and hours at which people in China worked in 2024 and 2025.

Dates from the State Council's yearly notices on public holidays; a Saturday or Sunday that was
worked to make up for a long holiday is a workday. The test compares them with a library.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

OPENS, CLOSES = 9, 18
_FIRST, _LAST = date(2024, 1, 1), date(2025, 12, 31)
_SATURDAY = 5

_HOLIDAYS = """
2024-01-01 2024-01-01|2024-02-10 2024-02-17|2024-04-04 2024-04-06|2024-05-01 2024-05-05
2024-06-10 2024-06-10|2024-09-15 2024-09-17|2024-10-01 2024-10-07|2025-01-01 2025-01-01
2025-01-28 2025-02-04|2025-04-04 2025-04-06|2025-05-01 2025-05-05|2025-05-31 2025-06-02
2025-10-01 2025-10-08
"""
_MAKE_UP_DAYS = """
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
"""


def _spread(text: str) -> frozenset[date]:
    days = set()
    for span in text.replace("\n", "|").split("|"):
        if span.strip():
            first, last = map(date.fromisoformat, span.split())
            days |= {first + timedelta(days=i) for i in range((last - first).days + 1)}
    return frozenset(days)


HOLIDAYS = _spread(_HOLIDAYS)
MAKE_UP_DAYS = frozenset(map(date.fromisoformat, _MAKE_UP_DAYS.split()))


def is_workday(day: date) -> bool:
    """Say whether offices were open; only the years of the notices above are known."""
    if not _FIRST <= day <= _LAST:
        raise ValueError(day)
    return day in MAKE_UP_DAYS or (day.weekday() < _SATURDAY and day not in HOLIDAYS)


def next_workday(day: date) -> date:
    """Return the day itself, or the first workday after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workdays(first: date, last: date) -> list[date]:
    """Return the workdays from ``first`` to ``last``, both included."""
    days = ((first + timedelta(days=i)) for i in range((last - first).days + 1))
    return [day for day in days if is_workday(day)]


def after_hours(start: datetime, hours: float) -> datetime:
    """Return the moment so many office hours (9:00 to 18:00) after a start at any time."""
    left = timedelta(hours=hours)
    moment = start
    while True:
        if not is_workday(moment.date()) or moment.hour >= CLOSES:
            moment = datetime.combine(moment.date() + timedelta(days=1), time(OPENS))
            continue
        moment = max(moment, datetime.combine(moment.date(), time(OPENS)))
        closing = datetime.combine(moment.date(), time(CLOSES))
        if left <= closing - moment:
            return moment + left
        left -= closing - moment
        moment = closing
