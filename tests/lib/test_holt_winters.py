"""Holt-Winters against R's forecast package, arithmetic, and its own promise of an interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import forecast
from ka_lib.errors import ParameterError
from ka_lib.language import use

# International visitor nights in Australia (millions), quarters of 1999 to 2015: `austourists` of
# the R package fpp2; Tourism Research Australia.
TOURISTS = [
    *(30.052513, 19.148496, 25.317692, 27.591437, 32.076456, 23.487961, 28.475940, 35.123753),
    *(36.838485, 25.007017, 30.722230, 28.693759, 36.640986, 23.824609, 29.311683, 31.770309),
    *(35.177877, 19.775244, 29.601750, 34.538842, 41.273599, 26.655862, 28.279859, 35.191153),
    *(42.205664, 24.649171, 32.667335, 37.257354, 45.242460, 29.350481, 36.344207, 41.782081),
    *(49.276598, 31.275401, 37.850625, 38.837044, 51.236900, 31.838552, 41.323421, 42.799003),
    *(55.708358, 33.407145, 42.316638, 45.157123, 59.576080, 34.837330, 44.841681, 46.971250),
    *(60.019031, 38.371179, 46.975864, 50.733796, 61.646873, 39.299569, 52.671209, 54.332317),
    *(66.834358, 40.871188, 51.828536, 57.491910, 65.251470, 43.061208, 54.760757, 59.834475),
    *(73.257027, 47.696624, 61.097768, 66.055761),
]
KINDS = ("additive", "multiplicative")


def make_history(sales, start="2021-01", freq="M") -> pd.DataFrame:
    periods = pd.period_range(start, periods=len(sales), freq=freq)
    return pd.DataFrame({"period": periods, "sales": np.asarray(sales, dtype=float)})


@pytest.mark.parametrize(
    ("seasonal", "printed"),
    [  # ets(austourists, model = "AAA") and "MAM", damped = FALSE, forecast(h = 4), R's forecast
        ("additive", (75.34454396, 50.75845291, 63.05022495, 67.48394643)),
        ("multiplicative", (77.58807372, 48.8558019, 61.36513172, 66.85524201)),
    ],
)
def test_tourists_against_r(seasonal, printed):
    """R starts its search elsewhere and judges by another criterion, hence 2 %, not digits."""
    table = forecast.holt_winters(make_history(TOURISTS, "1999Q1", "Q"), 4, seasonal=seasonal)
    assert table["forecast"].tolist() == pytest.approx(printed, rel=0.02)
    assert table["period"].astype(str).tolist() == ["2016Q1", "2016Q2", "2016Q3", "2016Q4"]
    assert (table["low"] < table["forecast"]).all()
    assert (table["forecast"] < table["high"]).all()


def test_a_pure_trend_and_season_go_on():
    season = np.array([5, -3, 0, 4, -2, 1, -1, 3, -4, 2, -6, 1.0])
    months = np.arange(48)
    truth = 100 + 2 * months + np.resize(season, 48)
    table = forecast.holt_winters(make_history(truth[:36]), 12)
    assert table["forecast"].to_numpy() == pytest.approx(truth[36:], rel=1e-3)
    # The same season in percent.
    truth = (100 + 2 * months) * (1 + np.resize(season, 48) / 100)
    table = forecast.holt_winters(make_history(truth[:36]), 12, seasonal="multiplicative")
    assert table["forecast"].to_numpy() == pytest.approx(truth[36:], rel=1e-2)


@pytest.mark.parametrize("seasonal", KINDS)
def test_eight_of_ten_truths_fall_between_the_bounds(seasonal):
    random, inside = np.random.default_rng(7), []
    for _ in range(60):
        months = np.arange(42)
        level = 100 + months
        shape = 20 * np.sin(months * np.pi / 6)
        mean = level + shape if seasonal == "additive" else level * (1 + shape / 100)
        sales = mean + random.normal(0, 6, 42)
        table = forecast.holt_winters(make_history(sales[:36]), 6, seasonal=seasonal)
        inside += [((table["low"] < sales[36:]) & (sales[36:] < table["high"])).mean()]
    assert 0.7 < np.mean(inside) < 0.9


def test_a_higher_level_gives_a_wider_interval():
    history = make_history(TOURISTS, "1999Q1", "Q")
    for seasonal in KINDS:
        eight, nine = (
            forecast.holt_winters(history, 3, level, seasonal=seasonal) for level in (0.8, 0.95)
        )
        assert (nine["high"] - nine["low"] > eight["high"] - eight["low"]).all()
        assert nine["forecast"].tolist() == eight["forecast"].tolist()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_it_refuses(lang):
    use(lang)
    with pytest.raises(ParameterError, match=r"23.*24"):
        forecast.holt_winters(make_history(range(23)), 1)
    with pytest.raises(ParameterError, match=r"13.*14"):
        forecast.holt_winters(make_history(range(13), "2021Q1", "Q"), 1)
    with pytest.raises(ParameterError, match="multiplicative"):
        forecast.holt_winters(make_history(range(24)), 1, seasonal="mul")
    with pytest.raises(ParameterError, match="additive"):  # the first month is 0
        forecast.holt_winters(make_history(range(24)), 1, seasonal="multiplicative")
    use("zh")


def test_nothing_sold_stays_nothing():
    table = forecast.holt_winters(make_history([0] * 24), 3)
    assert table["forecast"].tolist() == pytest.approx([0, 0, 0], abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.integers(1, 10**6), min_size=24, max_size=40),
    st.sampled_from([0.5, 1024.0]),
    st.integers(0, 99),
)
def test_order_index_extra_columns_and_unit_of_money(sales, factor, seed):
    history = make_history(sales)
    before = history.copy()
    mixed = history.sample(frac=1, random_state=seed).assign(extra="x").set_axis([5] * len(sales))
    for seasonal in KINDS:
        expected = forecast.holt_winters(history, 3, seasonal=seasonal)
        got = forecast.holt_winters(mixed, 3, seasonal=seasonal)
        pd.testing.assert_frame_equal(got, expected)
        scaled = forecast.holt_winters(
            history.assign(sales=history["sales"] * factor), 3, seasonal=seasonal
        )
        money = ["forecast", "low", "high"]
        pd.testing.assert_frame_equal(scaled[money], expected[money] * factor, rtol=1e-6)
    pd.testing.assert_frame_equal(history, before)
