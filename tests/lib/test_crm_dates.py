"""Dates in every form met in exports; reference values by hand."""

import pandas as pd
import pytest

from ka_lib import language
from ka_lib.crm.dates import read_dates
from ka_lib.errors import ExportError


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


def days(values, **arguments):
    read = read_dates(pd.Series(values, dtype="object"), "Date", **arguments).dates
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in read]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2016-10-20", "2016-10-20"),
        ("2016/1/2", "2016-01-02"),
        ("2016.10.20", "2016-10-20"),
        ("20161020", "2016-10-20"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        ("2026-03-05 23:30", "2026-03-05"),
        ("2026-03-05T20:30:00Z", "2026-03-06"),  # half past four the next morning in Beijing
        ("2026-03-05T20:30:00.000+08:00", "2026-03-05"),
        ("3/25/2026 4:30 PM", "2026-03-25"),
        ("25.03.2026", "2026-03-25"),
        ("20-Oct-2016", "2016-10-20"),
        ("Oct 20, 2016", "2016-10-20"),
        ("44927", "2023-01-01"),  # Excel shows 2023-01-01 for this number
        ("44927.75", "2023-01-01"),
        ("1767196800000", "2026-01-01"),  # 2025-12-31 16:00 UTC, midnight in Beijing
        ("1767196800", "2026-01-01"),
    ],
)
def test_each_form_is_read(written, day):
    assert days([written]) == [day]


@pytest.mark.parametrize("written", ["1970-01-01", "0", "1970-01-01 08:00:00"])
def test_the_beginning_of_1970_means_empty(written):
    read = read_dates(pd.Series([written, None]), "Date")
    assert read.dates.isna().all()
    assert not read.unreadable.any()


@pytest.mark.parametrize(
    "written", ["2025-02-30", "soon", "13/13/2025x", "9", "2025-13-01", "1899-12-31"]
)
def test_what_is_no_date_is_marked(written):
    read = read_dates(pd.Series([written, "2025-01-01"]), "Date")
    assert read.unreadable.tolist() == [True, False]


def test_one_value_decides_for_the_column():
    assert days(["03/05/2025", "25/05/2025"]) == ["2025-05-03", "2025-05-25"]
    assert days(["03/05/2025", "05/25/2025"]) == ["2025-03-05", "2025-05-25"]
    assert days(["20-10-16", "31-12-16"], day_first=True) == [
        "2016-10-20",
        "2016-12-31",
    ]


def test_the_reader_is_asked_when_both_readings_are_possible():
    with pytest.raises(ExportError, match=r"03/05/2025.*2025-05-03 / 2025-03-05.*day_first=True"):
        days(["03/05/2025", "04/06/2025"])
    assert days(["03/05/2025"], day_first=True) == ["2025-05-03"]
    assert days(["03/05/2025"], day_first=False) == ["2025-03-05"]
    assert days(["05/05/2025"]) == ["2025-05-05"]
    with pytest.raises(ExportError, match="2020-10-16 / 2016-10-20"):
        days(["20-10-16"])


def test_two_orders_in_one_column_are_refused():
    with pytest.raises(
        ExportError, match="25/03/2025 can only be day first, 03/25/2025 only month"
    ):
        days(["25/03/2025", "03/25/2025"])


def test_a_slip_of_the_pen_does_not_stop_the_column():
    assert days(["25/03/2025", "31/02/2025"]) == ["2025-03-25", None]


def test_forms_that_cannot_be_confused_may_mix():
    assert days(["2025-01-02", "2025年1月3日", "45661", None]) == [
        "2025-01-02",
        "2025-01-03",
        "2025-01-04",
        None,
    ]
