"""Periods that may be compared, written out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ka_lib import periods
from ka_lib.errors import ParameterError
from ka_lib.language import use


@pytest.mark.parametrize(
    ("as_of", "start", "end"),
    [
        ("2025-11-30", "2025-09-01", "2025-12-01"),
        ("2025-11-29", "2025-08-01", "2025-11-01"),  # November is not over
        ("2025-01-31", "2024-10-01", "2025-01-01"),  # January waits for February
        ("2025-02-28", "2024-12-01", "2025-03-01"),
        ("2024-02-28", "2023-10-01", "2024-01-01"),  # a leap year: February is not over
        ("2025-03-31", "2025-01-01", "2025-04-01"),
        ("2025-04-30", "2025-01-01", "2025-05-01"),  # February takes January with it
        ("2025-05-31", "2025-03-01", "2025-06-01"),
    ],
)
def test_the_last_three_months(as_of, start, end):
    assert periods.last_months(as_of, 3) == (pd.Timestamp(start), pd.Timestamp(end))


@pytest.mark.parametrize("months", [0, -1, 1.5, float("nan")])
def test_a_number_of_months_that_makes_no_sense(months):
    for lang, word in (("zh", "月数"), ("en", "months")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            periods.last_months("2025-11-30", months)


def test_an_empty_period_and_the_end_of_a_day():
    with pytest.raises(ParameterError):
        periods.check_period(("2025-01-01", "2025-01-01"))
    assert periods.end_of_day("2025-11-30") == pd.Timestamp("2025-12-01")
    assert periods.end_of_day("2025-11-30 10:00") == pd.Timestamp("2025-11-30 10:00")
