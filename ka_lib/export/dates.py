"""The date dimension: every day of the years that facts touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.language import current

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def dimension(columns: Sequence[pd.Series]) -> pd.DataFrame:
    """Return one row a day, from 1 January of the first year to 31 December of the last.

    Parameters
    ----------
    columns : sequence of Series of datetime64
        All dates of the facts; blank ones do not count.

    Returns
    -------
    DataFrame
        ``date``; ``year``; ``quarter`` (``2025-Q1``); ``month`` (its first day); ``iso_year`` and
        ``iso_week`` (``2025-W05``; weeks begin on Monday, week 1 holds the first Thursday);
        ``weekday`` (1 Monday to 7 Sunday); ``is_workday`` and ``holiday`` in mainland China, with
        make-up workdays, blank in years whose holidays are not known. Empty without any date.
    """
    known = [values.dropna() for values in columns]
    known = [values for values in known if len(values)]
    if not known:
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[s]")})
    first = min(values.min() for values in known).year
    last = max(values.max() for values in known).year
    days = pd.Series(pd.date_range(f"{first}-01-01", f"{last}-12-31", freq="D", unit="s"))
    iso = days.dt.isocalendar()
    year = days.dt.year.astype("str")
    china = [_in_china(day.date()) for day in days]
    return pd.DataFrame(
        {
            "date": days,
            "year": days.dt.year,
            "quarter": year + "-Q" + days.dt.quarter.astype("str"),
            "month": days.dt.to_period("M").dt.to_timestamp().dt.as_unit("s"),
            "iso_year": iso["year"].astype("int64"),
            "iso_week": iso["year"].astype("str") + "-W" + iso["week"].astype("str").str.zfill(2),
            "weekday": iso["day"].astype("int64"),
            "is_workday": pd.Series([workday for workday, _ in china], dtype="boolean"),
            "holiday": pd.Series([holiday for _, holiday in china], dtype="str"),
        }
    )


def _in_china(day: dt.date) -> tuple[bool | None, str | None]:
    """Return whether people work that day in mainland China, and the holiday it belongs to."""
    import chinese_calendar

    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the State Council has not announced that year yet
        return None, None
    if not free or name is None:
        return not free, None
    holiday = next(one for one in chinese_calendar.Holiday if one.value == name)
    return False, holiday.chinese if current() == "zh" else holiday.value
