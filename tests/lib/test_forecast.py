"""Forecasts against arithmetic written out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import forecast
from ka_lib.errors import ParameterError
from ka_lib.tables import ORDERS, empty


def make_orders(*rows: tuple[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ordered_on", "amount"])
    return frame.assign(ordered_on=pd.to_datetime(frame["ordered_on"]))


def make_history(sales: list[float], start: str = "2023-01", freq: str = "M") -> pd.DataFrame:
    periods = pd.period_range(start, periods=len(sales), freq=freq)
    return pd.DataFrame({"period": periods, "sales": [float(value) for value in sales]})


# The history


def test_history_adds_up_months_and_marks_the_running_one():
    orders = make_orders(
        ("2025-01-31", 10.0), ("2025-01-05", 5.0), ("2025-03-02", 7.0), ("2025-03-21", 99.0)
    )
    table = forecast.history(orders, "2025-03-20")
    assert table["period"].astype(str).tolist() == ["2025-01", "2025-02", "2025-03"]
    assert table["sales"].tolist() == [15.0, 0.0, 7.0]  # nothing in February; 21 March is unknown
    assert table["complete"].tolist() == [True, True, False]
    assert forecast.history(orders, "2025-03-31")["complete"].all()
    quarters = forecast.history(orders, "2025-03-31", by="quarter")
    assert quarters["sales"].tolist() == [121.0]
    assert quarters["period"].astype(str).tolist() == ["2025Q1"]


def test_history_runs_up_to_the_day_even_when_nobody_orders():
    table = forecast.history(make_orders(("2025-01-05", 5.0)), "2025-03-31")
    assert table["sales"].tolist() == [5.0, 0.0, 0.0]


def test_no_orders_and_a_day_before_all_orders():
    assert len(forecast.history(empty(ORDERS), "2025-03-31")) == 0
    with pytest.raises(ParameterError, match="2015"):
        forecast.history(make_orders(("2025-01-05", 5.0)), "2015-03-31")


def test_the_running_month_takes_no_part_in_a_forecast():
    whole = make_history(list(range(1, 15)))
    running = make_history([*range(1, 15), 0.5]).assign(complete=[True] * 14 + [False])
    for forecaster in (forecast.seasonal_naive, forecast.linear_trend):
        pd.testing.assert_frame_equal(forecaster(whole, 3), forecaster(running, 3))


# Forecasts from the past


def test_seasonal_naive_repeats_the_last_year():
    table = forecast.seasonal_naive(make_history([1, 2, 3, 4, 11, 12, 13, 16], freq="Q"), 5)
    assert table["forecast"].tolist() == [11, 12, 13, 16, 11]
    assert table["period"].astype(str).tolist() == [
        *("2025Q1", "2025Q2", "2025Q3", "2025Q4"),
        "2026Q1",
    ]
    # Year-on-year changes 10, 10, 10, 12: s = sqrt(444 / 4) = sqrt(111). 80 % of a normal
    # distribution lies within 1.2816 standard deviations; two years ahead times sqrt(2).
    width = (table["high"] - table["forecast"]).tolist()
    assert width[0] == pytest.approx(1.2815516 * math.sqrt(111))
    assert width[4] == pytest.approx(1.2815516 * math.sqrt(222))
    assert (table["forecast"] - table["low"]).tolist() == pytest.approx(width)


def test_one_year_gives_a_forecast_but_no_interval():
    table = forecast.seasonal_naive(make_history([1, 2, 3, 4], freq="Q"), 1)
    assert table["forecast"].tolist() == [1]
    assert table[["low", "high"]].isna().all(axis=None)


def test_linear_trend_by_hand():
    """Points (0, 1), (1, 3), (2, 2), (3, 4): slope 4/5, intercept 2.5 - 0.8 * 1.5 = 1.3.

    Residuals -0.3, 0.9, -0.9, 0.3: SSE 1.8, s = sqrt(1.8 / 2). At x = 4, 2.5 from the mean with
    Sxx = 5: forecast 4.5, width sqrt(1 + 1/4 + 6.25/5) = sqrt(2.5). t(2) at 95 %: 4.302653.
    """
    table = forecast.linear_trend(make_history([1, 3, 2, 4]), 2, level=0.95)
    assert table["forecast"].tolist() == pytest.approx([4.5, 5.3])
    half = 4.3026527 * math.sqrt(0.9) * math.sqrt(2.5)
    assert table.loc[0, "low"] == pytest.approx(4.5 - half)
    assert table.loc[0, "high"] == pytest.approx(4.5 + half)


def test_a_straight_line_is_continued_exactly():
    table = forecast.linear_trend(make_history([10, 20, 30]), 2)
    assert table["forecast"].tolist() == pytest.approx([40, 50])
    assert table["low"].tolist() == pytest.approx([40, 50])


@pytest.mark.parametrize("forecaster", [forecast.seasonal_naive, forecast.linear_trend])
def test_histories_that_allow_no_forecast(forecaster):
    good = make_history(list(range(24)))
    broken = {
        "hole": good.drop(index=7),
        "twice": pd.concat([good, good[7:8]]),
        "no sales": good.assign(sales=good["sales"].where(good.index != 7)),
    }
    for frame in broken.values():
        with pytest.raises(ParameterError, match=r"2023-0[89]"):
            forecaster(frame, 1)
    with pytest.raises(ParameterError, match="2"):
        forecaster(good[:2], 1)
    with pytest.raises(ParameterError):
        forecaster(good.assign(period=range(24)), 1)
    for horizon, level in ((0, 0.8), (1.5, 0.8), (1, 0), (1, 80)):
        with pytest.raises(ParameterError):
            forecaster(good, horizon, level=level)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 10**6), min_size=12, max_size=40),
    st.sampled_from([0.5, 10_000.0]),
    st.integers(0, 99),
)
def test_forecasts_do_not_depend_on_order_index_extra_columns_or_unit(sales, factor, seed):
    history = make_history(sales)
    before = history.copy()
    mixed = history.sample(frac=1, random_state=seed).assign(extra="x").set_axis([5] * len(sales))
    for forecaster in (forecast.seasonal_naive, forecast.linear_trend):
        expected = forecaster(history, 4)
        pd.testing.assert_frame_equal(forecaster(mixed, 4), expected)
        scaled = forecaster(history.assign(sales=history["sales"] * factor), 4)
        columns = ["forecast", "low", "high"]
        pd.testing.assert_frame_equal(scaled[columns], expected[columns] * factor, atol=1e-3)
    pd.testing.assert_frame_equal(history, before)


@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(-99, 999)), min_size=1, max_size=30),
    st.integers(0, 99),
)
def test_history_loses_no_yuan(rows, seed):
    start = pd.Timestamp("2024-01-01")
    orders = pd.DataFrame(
        {
            "ordered_on": [start + pd.Timedelta(days=offset) for offset, _ in rows],
            "amount": [float(amount) for _, amount in rows],
        }
    )
    table = forecast.history(orders, "2025-12-31")
    assert table["sales"].sum() == orders["amount"].sum()
    mixed = orders.sample(frac=1, random_state=seed).assign(extra=1).set_axis([2] * len(orders))
    pd.testing.assert_frame_equal(forecast.history(mixed, "2025-12-31"), table)
