"""Holidays, make-up days and lunar festivals against the official notices and published dates."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import work_calendar
from ka_lib.errors import ParameterError
from ka_lib.language import use


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-10", False),  # Spring Festival
        ("2024-02-18", True),  # a Sunday, made up for it
        ("2025-01-26", True),  # a Sunday, made up for Spring Festival
        ("2025-10-06", False),  # Mid-Autumn, in the National Day holiday
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),  # a Saturday, made up
        ("2025-10-12", False),  # an ordinary Sunday
        ("2026-01-04", True),  # a Sunday, made up: the notice of November 2025
        ("2026-02-23", False),  # the ninth day of the longest Spring Festival
        ("2026-02-28", True),
    ],
)
def test_workdays_of_the_official_schedule(day, works):
    assert work_calendar.is_workday(day) is works


def test_the_holidays_around_national_day_2025():
    table = work_calendar.public_holidays("2025-09-25", "2025-10-13").set_index("date")
    off = table.index[~table["workday"]]
    assert list(off) == list(pd.date_range("2025-10-01", "2025-10-08"))
    assert list(table.index[table["workday"]]) == list(pd.to_datetime(["2025-09-28", "2025-10-11"]))
    assert table.loc["2025-10-06", "holiday"] == "mid_autumn"


def test_a_year_without_a_schedule_is_never_guessed():
    for lang, word in (("zh", "放假安排"), ("en", "schedule")):
        use(lang)
        for ask in (
            lambda: work_calendar.is_workday("2044-01-04"),
            lambda: work_calendar.working_hours("2026-12-31 10:00", "2044-01-04 10:00"),
            lambda: work_calendar.public_holidays("2044-01-01", "2044-02-01"),
        ):
            with pytest.raises(ParameterError, match=word):
                ask()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-11-24 10:00", "2025-11-24 12:30", 2.5),
        ("2025-11-24 07:00", "2025-11-24 09:30", 0.5),  # before opening nothing counts
        ("2025-11-24 17:00", "2025-11-25 10:00", 2.0),  # one in the evening, one in the morning
        ("2025-11-28 17:00", "2025-12-01 10:00", 2.0),  # a weekend between
        ("2025-10-10 17:00", "2025-10-11 10:00", 2.0),  # Friday to a working Saturday
        ("2025-09-30 17:00", "2025-10-09 10:00", 2.0),  # eight days of holiday
        ("2025-11-24 00:00", "2025-11-29 00:00", 45.0),  # a week of nine hours a day
        ("2025-11-29 11:00", "2025-11-30 16:00", 0.0),
        ("2025-11-24 10:00", "2025-11-24 10:00", 0.0),
    ],
)
def test_working_hours_by_hand(start, end, hours):
    assert work_calendar.working_hours(start, end) == pytest.approx(hours)


def test_lunch_and_other_hours():
    spans = {"opens": "08:30", "closes": "17:30", "lunch": ("12:00", "13:30")}
    assert work_calendar.working_hours("2025-11-24", "2025-11-25", **spans) == pytest.approx(7.5)
    over_lunch = work_calendar.working_hours("2025-11-24 11:00", "2025-11-24 14:00", **spans)
    assert over_lunch == pytest.approx(1.5)
    inside = work_calendar.working_hours("2025-11-24 12:10", "2025-11-24 13:00", **spans)
    assert inside == 0.0


def test_columns_keep_their_index_and_their_gaps():
    start = pd.Series(pd.to_datetime(["2025-11-24 10:00", None, "2025-11-25 10:00"]), [7, 7, 9])
    end = pd.Series(pd.to_datetime(["2025-11-24 11:00", "2025-11-24 11:00", None]), [7, 7, 9])
    hours = work_calendar.working_hours(start, end)
    assert hours.index.tolist() == [7, 7, 9]
    assert hours.iloc[0] == 1.0
    assert hours.iloc[1:].isna().all()
    assert work_calendar.working_hours(start.head(0), end.head(0)).empty


moments = st.datetimes(pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31"))


@settings(max_examples=60, deadline=None)
@given(st.tuples(moments, moments, moments))
def test_hours_add_up_and_agree_with_counting_every_minute(three):
    first, second, third = sorted(pd.Timestamp(one).floor("min") for one in three)
    hours = work_calendar.working_hours
    assert hours(first, third) == pytest.approx(hours(first, second) + hours(second, third))
    second = min(second, first + pd.Timedelta(days=6))
    minutes = pd.date_range(first, second, freq="min", inclusive="left")
    counted = sum(work_calendar.is_workday(one) for one in minutes[minutes.hour.isin(range(9, 18))])
    assert hours(first, second) == pytest.approx(counted / 60)


@pytest.mark.parametrize(
    "spans", [{"opens": "18:00", "closes": "09:00"}, {"lunch": ("08:00", "10:00")}]
)
def test_hours_that_do_not_follow_each_other(spans):
    for lang, word in (("zh", "上下班"), ("en", "Working hours")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            work_calendar.working_hours("2025-11-24", "2025-11-25", **spans)


def test_an_end_before_its_start_is_named_by_its_row():
    start = pd.to_datetime(pd.Series(["2025-11-24", "2025-11-25"]))
    for lang, word in (("zh", "第 2 行"), ("en", "Row 2")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            work_calendar.working_hours(start, start - pd.to_timedelta([0, 1], unit="D"))


def test_festivals_on_their_published_dates():
    """As lunardate, zhdate, lunar_python and LunarCalendar have them; 2025 has a leap sixth month."""
    expected = {
        2023: ["01-22", "02-05", "06-22", "08-22", "09-29", "10-23"],
        2024: ["02-10", "02-24", "06-10", "08-10", "09-17", "10-11"],
        2025: ["01-29", "02-12", "05-31", "08-29", "10-06", "10-29"],
        2026: ["02-17", "03-03", "06-19", "08-19", "09-25", "10-18"],
    }
    names = ["spring_festival", "lantern", "dragon_boat", "qixi", "mid_autumn", "double_ninth"]
    for year, days in expected.items():
        table = work_calendar.festivals(f"{year}-01-01", f"{year + 1}-01-01")
        found = table.set_index("festival")["date"].dt.strftime("%m-%d")
        assert found[names].tolist() == days
        assert found[["new_year", "national_day"]].tolist() == ["01-01", "10-01"]


def test_festivals_are_half_open_and_over_the_turn_of_the_year():
    table = work_calendar.festivals("2025-12-31", "2026-02-17")
    assert table["festival"].tolist() == ["new_year"]
    with pytest.raises(ParameterError):
        work_calendar.festivals("2025-01-02", "2025-01-02")
    for lang, word in (("zh", "农历"), ("en", "Lunar")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            work_calendar.festivals("2150-01-01", "2151-01-01")


def test_spring_festival_by_two_libraries():
    """The lunar calendar and the State Council's notices know nothing of each other."""
    festivals = work_calendar.festivals("2010-01-01", "2026-12-31")
    statutory = festivals[festivals["festival"].isin(["spring_festival", "dragon_boat"])]
    assert len(statutory) == 2 * 17
    assert not statutory["date"].map(work_calendar.is_workday).any()
