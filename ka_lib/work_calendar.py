"""Working time in China: public holidays, make-up workdays, working hours, lunar festivals.

Prevents two slips in every response time: a weekend counted as eight lost hours, and a Saturday
that was a workday (调休) taken for a day off. A year whose official schedule is not out yet is an
error, never a guess: the schedule of a year is published in November of the year before.

Holidays and make-up days come from ``chinesecalendar`` (the State Council's notices), lunar dates
from ``borax``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from ka_lib.periods import Day

ONE_DAY = pd.Timedelta(days=1)
_HOLIDAYS = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "qingming",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
    "Anti-Fascist 70th Day": "victory_day",
}
# Festival -> month and day, and whether they are lunar.
_FESTIVALS = {
    "new_year": (1, 1, False),
    "spring_festival": (1, 1, True),
    "lantern": (1, 15, True),
    "dragon_boat": (5, 5, True),
    "qixi": (7, 7, True),
    "mid_autumn": (8, 15, True),
    "national_day": (10, 1, False),
    "double_ninth": (9, 9, True),
}


def is_workday(day: Day) -> bool:
    """Say whether people work on that day in China: make-up workdays count, holidays do not.

    Parameters
    ----------
    day : date
        A time of day does not matter.

    Raises
    ------
    ParameterError
        The official schedule of that year is not known.

    Examples
    --------
    >>> is_workday("2025-10-11")  # a Saturday, made up for the National Day holiday
    True
    """
    return bool(_workdays(pd.DatetimeIndex([pd.Timestamp(day).normalize()]))[0])


def public_holidays(start: Day, end: Day) -> pd.DataFrame:
    """List the days on which the official schedule differs from an ordinary week, or names a holiday.

    Parameters
    ----------
    start, end : date
        From ``start`` up to, but not on, ``end``.

    Returns
    -------
    DataFrame
        One row a day, by date: ``date``, ``holiday`` (code, such as ``"spring_festival"``) and
        ``workday``: False on a day of the holiday, also where it falls on a weekend; True on a
        make-up workday.

    Raises
    ------
    ParameterError
        The period is empty, or the schedule of one of its years is not known.
    """
    import chinese_calendar

    first, last = check_period((start, end))
    days = pd.date_range(first, last - ONE_DAY)
    working = _workdays(days)
    names = [chinese_calendar.get_holiday_detail(day.date())[1] for day in days]
    rows = [
        (day, _HOLIDAYS.get(name, name), bool(works))
        for day, name, works in zip(days, names, working, strict=True)
        if name is not None
    ]
    table = pd.DataFrame(rows, columns=["date", "holiday", "workday"])
    return table.astype({"date": "datetime64[s]", "holiday": "str", "workday": "bool"})


def working_hours(
    start: Day | pd.Series,
    end: Day | pd.Series,
    *,
    opens: str = "09:00",
    closes: str = "18:00",
    lunch: tuple[str, str] | None = None,
) -> Any:
    """Return the working hours from one moment to another.

    Parameters
    ----------
    start, end : time, or Series of times
        In Chinese local time. Two columns of a table give a column.
    opens, closes : str
        When a working day begins and ends. Default: 09:00 to 18:00, nine hours.
    lunch : (str, str), optional
        A break that does not count, such as ``("12:00", "13:30")``. Default: none.

    Returns
    -------
    float or Series
        Hours. What lies outside the working hours, on a weekend or on a public holiday does not
        count; a make-up workday does. Missing where one of the two moments is.

    Raises
    ------
    ParameterError
        An end before its start, hours that do not follow each other, or a year whose schedule is
        not known.

    Examples
    --------
    >>> working_hours("2025-09-30 17:00", "2025-10-09 10:00")  # eight days of National Day
    2.0
    """
    if not isinstance(start, pd.Series):
        both = pd.Series([start]), pd.Series([end])
        return float(
            working_hours(
                pd.to_datetime(both[0]),
                pd.to_datetime(both[1]),
                opens=opens,
                closes=closes,
                lunch=lunch,
            ).iloc[0]
        )
    spans = _spans(opens, closes, lunch)
    first = pd.to_datetime(start).reset_index(drop=True)
    last = pd.to_datetime(pd.Series(end)).reset_index(drop=True)
    known = first.notna() & last.notna()
    backwards = known & (last < first)
    if backwards.any():
        row = int(backwards.idxmax())
        raise ParameterError(
            "work_calendar.backwards", row=row + 1, start=first[row], end=last[row]
        )
    hours = pd.Series(float("nan"), index=start.index, dtype="float64")
    if known.any():
        days = pd.date_range(first[known].min().normalize(), last[known].max().normalize())
        working = _workdays(days).astype("float64")
        until = _hours_until(last[known], days, working, spans)
        since = _hours_until(first[known], days, working, spans)
        hours[known.to_numpy()] = (until - since).round(9)
    return hours


def _hours_until(
    moments: pd.Series,
    days: pd.DatetimeIndex,
    working: np.ndarray,
    spans: list[tuple[float, float]],
) -> np.ndarray:
    """Return the working hours from the first of the days up to each moment."""
    whole = sum(closes - opens for opens, closes in spans)
    before = np.concatenate([[0.0], np.cumsum(working) * whole])
    midnight = moments.dt.normalize()
    place = ((midnight - days[0]) // ONE_DAY).to_numpy()
    clock = ((moments - midnight) / pd.Timedelta(hours=1)).to_numpy()
    today = sum(np.clip(clock - opens, 0, closes - opens) for opens, closes in spans)
    return before[place] + working[place] * today


def _spans(opens: str, closes: str, lunch: tuple[str, str] | None) -> list[tuple[float, float]]:
    """Return the stretches of a working day, in hours since midnight."""
    clock = [opens, *(lunch or ()), closes]
    hours = [pd.Timedelta(f"{one}:00") / pd.Timedelta(hours=1) for one in clock]
    if sorted(set(hours)) != hours or hours[-1] > 24:  # noqa: PLR2004 - a day
        raise ParameterError("work_calendar.hours", given=" - ".join(clock))
    return list(zip(hours[::2], hours[1::2], strict=True))


def festivals(start: Day, end: Day) -> pd.DataFrame:
    """Return the dates of the festivals on which a customer hears from us.

    Parameters
    ----------
    start, end : date
        From ``start`` up to, but not on, ``end``.

    Returns
    -------
    DataFrame
        One row a festival, by date: ``date`` and ``festival``: ``new_year`` and ``national_day``
        of the calendar year; by the lunar calendar ``spring_festival`` (1st of the 1st month),
        ``lantern`` (15th), ``dragon_boat`` (5th of the 5th), ``qixi`` (7th of the 7th),
        ``mid_autumn`` (15th of the 8th) and ``double_ninth`` (9th of the 9th). A leap month has
        no festival of its own.

    Raises
    ------
    ParameterError
        The period is empty, or outside the years 1901 to 2099.

    Examples
    --------
    >>> festivals("2025-10-01", "2025-11-01")["festival"].tolist()
    ['national_day', 'mid_autumn', 'double_ninth']
    """
    from borax.calendars.lunardate import LunarDate

    first, last = check_period((start, end))
    years = range(first.year - 1, last.year + 1)  # a lunar year reaches into the next one
    if years[0] < 1900 or years[-1] > 2099:  # noqa: PLR2004 - what the lunar tables hold
        raise ParameterError("work_calendar.lunar", start=first.date(), end=last.date())
    dates = [
        (LunarDate(year, month, day).to_solar_date() if lunar else dt.date(year, month, day), name)
        for year in years
        for name, (month, day, lunar) in _FESTIVALS.items()
    ]
    table = pd.DataFrame(dates, columns=["date", "festival"])
    table["date"] = pd.to_datetime(table["date"]).dt.as_unit("s")
    inside = (table["date"] >= first) & (table["date"] < last)
    return table[inside].sort_values(["date", "festival"], ignore_index=True)


def _workdays(days: pd.DatetimeIndex) -> np.ndarray:
    import chinese_calendar

    try:
        return np.array([chinese_calendar.is_workday(day.date()) for day in days], dtype="bool")
    except NotImplementedError:
        known = {day.year for day in chinese_calendar.holidays}
        strange = next(day.year for day in days if day.year not in known)
        raise ParameterError(
            "work_calendar.year", year=strange, first=min(known), last=max(known)
        ) from None
