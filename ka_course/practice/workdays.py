"""Days and hours at which offices in China are open: what is promised runs in these."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from chinese_calendar import is_workday

OPENS, CLOSES = 9, 18
_SATURDAY = 5


def made_up(day: date) -> bool:
    """Say whether a Saturday or Sunday was worked to make up for a long holiday."""
    return day.weekday() >= _SATURDAY and bool(is_workday(day))


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
