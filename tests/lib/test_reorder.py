"""The reorder point against textbook arithmetic and a table of the normal distribution."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import language, reorder
from ka_lib.errors import ParameterError, TableError


def usage(units: list, stock: list, device: str = "D1", start: str = "2025-11-01") -> pd.DataFrame:
    days = pd.date_range(start, periods=len(units))
    return pd.DataFrame(
        {
            "day": days,
            "account_id": "A004",
            "device_id": device,
            "units": units,
            "stock_units": stock,
        }
    ).astype({"units": "float64", "stock_units": "float64"})


# Mean 20; deviations -8, 8, -4, 4, 0: sum of squares 160; sample variance 40.
FIVE = usage([12, 28, 16, 24, 20], [200, 172, 156, 132, 112])


def test_the_textbook_formula_by_hand():
    row = reorder.reorder_point(FIVE, "2025-11-05", lead_time_days=4).iloc[0]
    assert (row["days"], row["daily_mean"]) == (5, 20)
    assert row["daily_sd"] == pytest.approx(math.sqrt(40))
    # z of 95 % is 1.645 in every table; sqrt(4) = 2.
    assert row["safety_stock"] == pytest.approx(1.6449 * math.sqrt(40) * 2, abs=1e-3)
    assert row["reorder_point"] == pytest.approx(80 + 20.806, abs=1e-3)
    assert row["days_of_cover"] == 5.6
    # 112 - 100.806 = 11.19: not even one day of 20 is left.
    assert row["reorder_on"] == pd.Timestamp("2025-11-05")
    assert row["reorder_state"] == "now"


def test_half_has_no_safety_stock_and_whole_days_are_whole():
    row = reorder.reorder_point(FIVE, "2025-11-05", 1.6, service_level=0.5).iloc[0]
    assert row["safety_stock"] == pytest.approx(0, abs=1e-9)
    # 112 - 32 = 80 units: four days of 20.
    assert row["reorder_on"] == pd.Timestamp("2025-11-09")
    assert row["reorder_state"] == "later"


def test_a_silent_sensor_is_not_a_day_without_sales():
    gaps = usage([12, 28, None, 16, 24, 20, None], [200, 172, None, 156, 132, 112, None])
    row = reorder.reorder_point(gaps, "2025-11-30", 4).iloc[0]
    assert (row["days"], row["days_missing"], row["daily_mean"]) == (5, 2, 20)
    assert row["stock_on"] == pd.Timestamp("2025-11-06")
    # The future is not known yet.
    early = reorder.reorder_point(gaps, "2025-11-02", 4).iloc[0]
    assert (early["days"], early["daily_mean"], early["stock_units"]) == (2, 20, 172)


def test_one_day_no_sales_no_rows():
    one = reorder.reorder_point(FIVE.head(1), "2025-11-05", 4).iloc[0]
    assert math.isnan(one["safety_stock"])
    assert one["reorder_state"] == "unknown"
    still = reorder.reorder_point(usage([0, 0], [5, 5]), "2025-11-05", 4).iloc[0]
    assert math.isnan(still["days_of_cover"])
    assert pd.isna(still["reorder_on"])
    assert reorder.reorder_point(FIVE.head(0), "2025-11-05", 4).empty


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(10)))
def test_devices_stand_apart_in_any_order(order):
    two = pd.concat([FIVE, usage([2, 2, 2, 2, 3], [90, 88, 86, 84, 81], "D0")])
    other = two.iloc[order].assign(note="x").set_axis([0] * 10)
    untouched = other.copy()
    found = reorder.reorder_point(other, "2025-11-05", 4)
    pd.testing.assert_frame_equal(found, reorder.reorder_point(two, "2025-11-05", 4))
    pd.testing.assert_frame_equal(other, untouched)
    assert found["device_id"].tolist() == ["D1", "D0"]  # the first to be ordered on top


@pytest.mark.parametrize(
    ("frame", "arguments", "error"),
    [
        (FIVE, {"lead_time_days": -1}, ParameterError),
        (FIVE, {"lead_time_days": 4, "service_level": 95}, ParameterError),
        (FIVE, {"lead_time_days": 4, "service_level": 1}, ParameterError),
        (pd.concat([FIVE, FIVE]), {"lead_time_days": 4}, TableError),
        (FIVE.assign(units=-1.0), {"lead_time_days": 4}, TableError),
        (FIVE.drop(columns="stock_units"), {"lead_time_days": 4}, TableError),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_planned(frame, arguments, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            reorder.reorder_point(frame, "2025-11-05", **arguments)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
