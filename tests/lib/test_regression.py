"""The regression forecast against sales of known make, textbook formulas and other rows of the same."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from ka_lib import accuracy, regression
from ka_lib.errors import ParameterError
from ka_lib.language import use


def make_history(sales, start="2021-01", freq="M") -> pd.DataFrame:
    periods = pd.period_range(start, periods=len(sales), freq=freq)
    return pd.DataFrame({"period": periods, "sales": np.asarray(sales, dtype=float)})


MONTHS = np.arange(48)
SEASON = np.array([5, -3, 0, 4, -2, 1, -1, 3, -4, 2, -6, 1.0])  # sums to 0
PROMO = pd.DataFrame(
    {
        "period": pd.period_range("2021-01", periods=48, freq="M"),
        "promo_days": np.random.default_rng(3).integers(0, 10, 48),
    }
)
TRUTH = 200 + 3 * (MONTHS - 35) + np.resize(SEASON, 48) + 7.0 * PROMO["promo_days"].to_numpy()


def test_what_the_sales_were_made_of_is_found_again():
    """Sales without noise: 200 in an average month at the end, 3 more a month, 7 a promotion day."""
    table = regression.coefficients(make_history(TRUTH[:36]), PROMO).set_index("term")
    effect = table["worth"]
    assert effect["level"] == pytest.approx(200)
    assert effect["trend"] == pytest.approx(3)
    assert effect["promo_days"] == pytest.approx(7)
    assert [effect[f"month_{i}"] for i in range(1, 13)] == pytest.approx(SEASON.tolist(), abs=1e-8)
    assert table.index.tolist()[:3] == ["level", "trend", "month_1"]
    ahead = regression.forecast(make_history(TRUTH[:36]), 12, drivers=PROMO)
    assert ahead["forecast"].to_numpy() == pytest.approx(TRUTH[36:])
    assert ahead["period"].astype(str).tolist()[0] == "2024-01"


def test_intervals_against_textbook_formulas():
    """b -+ t * s * sqrt(c' (X'X)^-1 c) and y -+ t * s * sqrt(1 + x' (X'X)^-1 x), by numpy."""
    random = np.random.default_rng(5)
    sales = TRUTH[:36] + random.normal(0, 10, 36)
    # Another way to write the same model: a constant, trend, eleven months against January.
    dummies = np.array([[float(m % 12 == i) for i in range(1, 12)] for m in MONTHS])
    design = np.column_stack([np.ones(48), MONTHS, dummies, PROMO["promo_days"]])
    known, ahead = design[:36], design[36:]
    beta, *_ = np.linalg.lstsq(known, sales, rcond=None)
    degrees = 36 - design.shape[1]
    error = np.sqrt(((sales - known @ beta) ** 2).sum() / degrees)
    inverse, quantile = np.linalg.inv(known.T @ known), student.ppf(0.9, degrees)
    table = regression.coefficients(make_history(sales), PROMO).set_index("term")
    for term, place in (("trend", 1), ("promo_days", 13)):
        half = quantile * error * np.sqrt(inverse[place, place])
        assert table.loc[term, "worth"] == pytest.approx(beta[place])
        assert table.loc[term, "low"] == pytest.approx(beta[place] - half)
        assert table.loc[term, "high"] == pytest.approx(beta[place] + half)
    # March against the average month: its coefficient less the mean of all twelve.
    contrast = np.zeros(14)
    contrast[2:13] = -1 / 12
    contrast[3] += 1
    half = quantile * error * np.sqrt(contrast @ inverse @ contrast)
    assert table.loc["month_3", "worth"] == pytest.approx(contrast @ beta)
    assert table.loc["month_3", "high"] == pytest.approx(contrast @ beta + half)
    forecast = regression.forecast(make_history(sales), 12, drivers=PROMO)
    wide = np.array([quantile * error * np.sqrt(1 + row @ inverse @ row) for row in ahead])
    assert forecast["forecast"].to_numpy() == pytest.approx(ahead @ beta)
    assert forecast["high"].to_numpy() == pytest.approx(ahead @ beta + wide)
    assert forecast["low"].to_numpy() == pytest.approx(ahead @ beta - wide)


def test_quarters():
    truth = 10 + np.arange(16) + np.resize([4.0, -1, -2, -1], 16)
    table = regression.coefficients(make_history(truth[:12], "2021Q1", "Q")).set_index("term")
    assert table["worth"].tolist() == pytest.approx([21, 1, 4, -1, -2, -1])
    ahead = regression.forecast(make_history(truth[:12], "2021Q1", "Q"), 4)
    assert ahead["forecast"].tolist() == pytest.approx(truth[12:].tolist())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_drivers_it_refuses(lang):
    use(lang)
    history = make_history(TRUTH[:36])
    number = PROMO["period"].dt.month
    cases = {
        "never": PROMO[["period"]].assign(never=0.0),
        "constant": PROMO[["period"]].assign(constant=4),
        "december": PROMO[["period"]].assign(december=(number == 12) * 1.0),
        "line": PROMO[["period"]].assign(line=np.arange(48) * 2.5),
        "again": PROMO.assign(again=PROMO["promo_days"] * 3),
        "words": PROMO[["period"]].assign(words="many"),
    }
    for name, drivers in cases.items():
        with pytest.raises(ParameterError, match=name):
            regression.coefficients(history, drivers)
    hole = PROMO.assign(promo_days=PROMO["promo_days"].where(PROMO.index != 7))
    with pytest.raises(ParameterError, match="2021-08"):
        regression.coefficients(history, hole)
    with pytest.raises(ParameterError, match="2024-02"):  # the plan ends too early
        regression.forecast(history, 3, drivers=PROMO[:37])
    with pytest.raises(ParameterError, match="2021-03"):
        regression.coefficients(history, pd.concat([PROMO, PROMO[2:3]]))
    with pytest.raises(ParameterError, match="int64"):
        regression.coefficients(history, PROMO.assign(period=range(48)))
    with pytest.raises(ParameterError, match=r"23.*24"):
        regression.forecast(history[:23], 1)
    many = pd.DataFrame(np.random.default_rng(0).normal(size=(48, 12))).add_prefix("driver_")
    with pytest.raises(ParameterError, match=r"24.*28"):  # 12 months, trend, 12 drivers, 3 spare
        regression.forecast(history[:24], 1, drivers=many.assign(period=PROMO["period"]))
    use("zh")


def test_it_takes_part_in_a_backtest():
    sales = TRUTH + np.random.default_rng(2).normal(0, 1, 48)
    forecasters = {
        "with": partial(regression.forecast, drivers=PROMO),
        "without": regression.forecast,
    }
    table = accuracy.compare(accuracy.backtest(make_history(sales), forecasters, horizon=3))
    assert table["forecaster"].tolist() == ["with", "without"]  # 7 yuan a promotion day matter
    assert table["mae"][0] < 3 < table["mae"][1]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(0, 10**6), min_size=24, max_size=40),
    st.sampled_from([0.01, 1000.0]),
    st.integers(0, 99),
)
def test_order_index_extra_columns_and_unit_of_money(sales, factor, seed):
    history = make_history(sales)
    before, plan = history.copy(), PROMO.copy()
    mixed = history.sample(frac=1, random_state=seed).assign(extra="x").set_axis([5] * len(sales))
    drivers = PROMO.sample(frac=1, random_state=seed)
    expected = regression.forecast(history, 4, drivers=PROMO)
    pd.testing.assert_frame_equal(regression.forecast(mixed, 4, drivers=drivers), expected)
    scaled = regression.forecast(history.assign(sales=history["sales"] * factor), 4, drivers=PROMO)
    money = ["forecast", "low", "high"]
    pd.testing.assert_frame_equal(scaled[money], expected[money] * factor, atol=1e-3)
    months = regression.coefficients(mixed).set_index("term")["worth"].filter(like="month_")
    assert months.sum() == pytest.approx(0, abs=1e-3)
    pd.testing.assert_frame_equal(history, before)
    pd.testing.assert_frame_equal(PROMO, plan)
