"""Accuracy measures against published tables and arithmetic written out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import accuracy, forecast
from ka_lib.errors import ParameterError

# Quarterly beer production in Australia, megalitres, first quarter of 1992 to second of 2010.
# Source: Australian Bureau of Statistics, Cat. 8301.0.55.001 (licensed CC BY).
BEER = [
    *(443, 410, 420, 532, 433, 421, 410, 512, 449, 381, 423, 531, 426, 408, 416, 520),
    *(409, 398, 398, 507, 432, 398, 406, 526, 428, 397, 403, 517, 435, 383, 424, 521),
    *(421, 402, 414, 500, 451, 380, 416, 492, 428, 408, 406, 506, 435, 380, 421, 490),
    *(435, 390, 412, 454, 416, 403, 408, 482, 438, 386, 405, 491, 427, 383, 394, 473),
    *(420, 390, 410, 488, 415, 398, 419, 488, 414, 374),
]


def make_history(sales: list[float], start: str = "1992Q1", freq: str = "Q") -> pd.DataFrame:
    periods = pd.period_range(start, periods=len(sales), freq=freq)
    return pd.DataFrame({"period": periods, "sales": [float(value) for value in sales]})


def _flat(history: pd.DataFrame, horizon: int, value: float) -> pd.DataFrame:
    ahead = pd.period_range(history["period"].iloc[-1] + 1, periods=horizon)
    return pd.DataFrame({"period": ahead, "forecast": value})


def mean(history: pd.DataFrame, horizon: int) -> pd.DataFrame:
    return _flat(history, horizon, history["sales"].mean())


def naive(history: pd.DataFrame, horizon: int) -> pd.DataFrame:
    return _flat(history, horizon, history["sales"].iloc[-1])


THREE = {"mean": mean, "naive": naive, "seasonal_naive": forecast.seasonal_naive}


def test_beer_1992_to_2007_against_the_textbook():
    """Hyndman & Athanasopoulos, Forecasting: Principles and Practice, section 3.4."""
    rows = accuracy.backtest(make_history(BEER), THREE, horizon=10, first=64)
    table = accuracy.compare(rows).set_index("forecaster")
    published = {  # RMSE, MAE, MAPE in percent, MASE
        "mean": (38.45, 34.83, 8.28, 2.44),
        "naive": (62.69, 57.40, 14.18, 4.01),
        "seasonal_naive": (14.31, 13.40, 3.17, 0.94),
    }
    assert table.index.tolist() == ["seasonal_naive", "mean", "naive"]
    for name, (rmse, mae, mape, mase) in published.items():
        row = table.loc[name]
        assert row["rmse"] == pytest.approx(rmse, abs=0.0051)
        assert row["mae"] == pytest.approx(mae, abs=0.0051)  # 34.825 is printed as 34.83
        assert row["mape"] * 100 == pytest.approx(mape, abs=0.0051)
        assert row["mase"] == pytest.approx(mase, abs=0.0051)
        assert (row["count"], row["why_missing"]) == (10, "")


def test_beer_1992_to_2005_against_the_r_package_forecast():
    """Its accuracy() on the 11 quarters from 2006, printed with all digits."""
    rows = accuracy.backtest(make_history(BEER[:67]), THREE, horizon=11, first=56)
    table = accuracy.compare(rows).set_index("forecaster")
    printed = {
        "mean": (38.01454, 33.77760, 8.169955, 2.298999),
        "naive": (70.90647, 63.90909, 15.87645, 4.349833),
        "seasonal_naive": (12.96849, 11.27273, 2.729847, 0.7672537),
    }
    for name, (rmse, mae, mape, mase) in printed.items():
        row = table.loc[name]
        got = (row["rmse"], row["mae"], row["mape"] * 100, row["mase"])
        assert got == pytest.approx((rmse, mae, mape, mase), rel=1e-6)


def test_measures_by_hand():
    """Errors 10, -20, 0 on actuals 100, 200, 50; scale 4.

    MAE 30/3; RMSE sqrt(500/3); MAPE (0.1 + 0.1 + 0)/3; WAPE 30/350; MASE 10/4.
    """
    rows = pd.DataFrame(
        {"actual": [100.0, 200.0, 50.0], "forecast": [90.0, 220.0, 50.0], "scale": 4.0}
    )
    got = accuracy.measure(rows)
    assert (got.count, got.mae, got.mase, got.why_missing) == (3, 10.0, 2.5, "")
    assert got.rmse == pytest.approx(math.sqrt(500 / 3))
    assert got.mape == pytest.approx(0.2 / 3)
    assert got.wape == pytest.approx(30 / 350)


def test_a_zero_actual_leaves_no_mape_and_says_why():
    rows = pd.DataFrame({"actual": [0.0, 100.0], "forecast": [10.0, 110.0]})
    got = accuracy.measure(rows)
    assert math.isnan(got.mape)
    assert got.wape == pytest.approx(20 / 100)
    assert got.why_missing == "zero_actual, no_scale"
    assert math.isnan(accuracy.measure(rows[:1]).wape)


def test_no_forecasts_leave_nothing_to_measure():
    none = accuracy.measure(pd.DataFrame({"actual": [], "forecast": []}))
    assert none.count == 0
    assert math.isnan(none.mae)
    assert none.why_missing == "no_forecasts"
    short = accuracy.backtest(make_history(BEER[:8]), THREE)
    assert len(short) == 0
    assert len(accuracy.compare(short)) == 0


def test_a_missing_forecast_is_not_passed_over():
    rows = pd.DataFrame({"actual": [1.0, 2.0], "forecast": [1.0, None]})
    with pytest.raises(ParameterError, match="1"):
        accuracy.measure(rows)


def test_scale_is_missing_without_a_year_old_figure_and_useless_when_zero():
    assert math.isnan(accuracy.naive_scale(make_history([1, 2, 3, 4])))
    # By hand: |5 - 1| and |2 - 2|.
    assert accuracy.naive_scale(make_history([1, 2, 3, 4, 5, 2])) == 2.0
    rows = pd.DataFrame({"actual": [1.0], "forecast": [2.0], "scale": [0.0]})
    assert accuracy.measure(rows).why_missing == "no_scale"


def test_backtest_rolls_the_origin_and_never_shows_the_future():
    seen = []

    def spy(history: pd.DataFrame, horizon: int) -> pd.DataFrame:
        seen.append(history["sales"].tolist())
        history["sales"] = 0.0  # what one forecaster does to its copy is not seen by the next
        return _flat(history, horizon, 7.0)

    history = make_history([1, 2, 3, 4, 5, 6])
    rows = accuracy.backtest(history, {"spy": spy, "naive": naive}, horizon=2, first=3)
    # Origins after 3 and 4 quarters; after 5 there is no full horizon left.
    assert seen == [[1, 2, 3], [1, 2, 3, 4]]
    by_naive = rows[rows["forecaster"] == "naive"]
    assert by_naive["actual"].tolist() == [4, 5, 5, 6]
    assert by_naive["forecast"].tolist() == [3, 3, 4, 4]
    assert by_naive["ahead"].tolist() == [1, 2, 1, 2]
    assert by_naive["origin"].astype(str).tolist() == ["1992Q3"] * 2 + ["1992Q4"] * 2
    apart = accuracy.backtest(history, {"naive": naive}, first=3, every=2)
    assert apart["actual"].tolist() == [4, 6]


def test_the_running_period_is_never_an_actual():
    history = make_history([1, 2, 3, 4, 0]).assign(complete=[True] * 4 + [False])
    rows = accuracy.backtest(history, {"naive": naive}, first=2)
    assert rows["actual"].tolist() == [3, 4]


def test_a_forecaster_must_give_every_period_once():
    history = make_history([1, 2, 3, 4, 5, 6])
    for answer in (lambda h, n: naive(h, n)[1:], lambda h, n: pd.concat([naive(h, n)] * 2)):
        with pytest.raises(ParameterError, match="short"):
            accuracy.backtest(history, {"short": answer}, horizon=2, first=3)
    for wrong in ({"horizon": 0}, {"first": 0}, {"every": 0}, {"horizon": 1.5}):
        with pytest.raises(ParameterError):
            accuracy.backtest(history, {"naive": naive}, **wrong)


FOUR = pd.DataFrame(
    {
        "probability": [0.7, 0.3, 0.5, 1.0, 0.9, None],
        "status": ["won", "won", "lost", "won", "open", "lost"],
    }
)


def test_brier_by_hand():
    """(0.7-1)^2 = 0.09, (0.3-1)^2 = 0.49, 0.5^2 = 0.25, 0: 0.83 / 4. Reference 3/4 * 1/4."""
    got = accuracy.brier(FOUR)
    assert got.score == pytest.approx(0.83 / 4)
    assert got.reference == pytest.approx(3 / 16)
    assert got.count == 4
    assert math.isnan(accuracy.brier(FOUR[4:]).score)
    renamed = FOUR.rename(columns={"probability": "own_probability"})
    assert accuracy.brier(renamed, "own_probability") == got


def test_calibration_puts_borders_into_the_upper_bin():
    table = accuracy.calibration(FOUR, bins=10)
    assert table["count"].tolist() == [0, 0, 0, 1, 0, 1, 0, 1, 0, 1]
    assert table["rate"].dropna().tolist() == [1.0, 0.0, 1.0, 1.0]
    assert table["mean_probability"].dropna().tolist() == [0.3, 0.5, 0.7, 1.0]
    assert table["rate"].isna().sum() == 6
    two = accuracy.calibration(FOUR, bins=2)
    assert two["count"].tolist() == [1, 3]
    assert two["won_count"].tolist() == [1, 2]
    assert two["rate"].tolist() == pytest.approx([1.0, 2 / 3])
    with pytest.raises(ParameterError):
        accuracy.calibration(FOUR, bins=0)


def test_thirty_is_not_a_probability():
    deals = pd.DataFrame({"probability": [30.0], "status": ["won"]})
    for score in (accuracy.brier, accuracy.calibration):
        with pytest.raises(ParameterError, match=r"0\.3"):
            score(deals)


numbers = st.integers(-(10**6), 10**6).map(float)


@given(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20),
    st.sampled_from([0.001, 0.5, 7.0, 10_000.0]),
    st.integers(0, 99),
)
def test_order_index_extra_columns_and_the_unit_of_money(pairs, factor, seed):
    rows = pd.DataFrame(pairs, columns=["actual", "forecast"]).assign(scale=5.0)
    before = rows.copy()
    got = accuracy.measure(rows)
    pd.testing.assert_frame_equal(rows, before)
    mixed = rows.sample(frac=1, random_state=seed).assign(extra="x").set_axis([9] * len(rows))
    _same(accuracy.measure(mixed), got)
    scaled = accuracy.measure(rows * factor)
    assert scaled.mae == pytest.approx(got.mae * factor)
    assert scaled.rmse == pytest.approx(got.rmse * factor)
    for name in ("mape", "wape", "mase"):
        assert getattr(scaled, name) == pytest.approx(getattr(got, name), nan_ok=True)
    assert got.mae <= got.rmse * (1 + 1e-12)


def _same(left: accuracy.Accuracy, right: accuracy.Accuracy) -> None:
    for name, value in vars(left).items():
        other = getattr(right, name)
        assert value == (other if isinstance(other, str) else pytest.approx(other, nan_ok=True))


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["won", "lost", "open"])),
        max_size=20,
    ),
    st.integers(1, 12),
    st.integers(0, 99),
)
def test_calibration_counts_every_decided_deal_once(deals, bins, seed):
    frame = pd.DataFrame(deals, columns=["probability", "status"]).astype(
        {"probability": "float64", "status": "str"}
    )
    table = accuracy.calibration(frame, bins=bins)
    assert table["count"].sum() == frame["status"].isin(["won", "lost"]).sum()
    assert table["won_count"].sum() == (frame["status"] == "won").sum()
    filled = table.dropna()
    slack = 1e-9
    assert (filled["mean_probability"] >= filled["from_probability"] - slack).all()
    assert (filled["mean_probability"] <= filled["to_probability"] + slack).all()
    mixed = frame.sample(frac=1, random_state=seed).assign(extra=1).set_axis([3] * len(frame))
    pd.testing.assert_frame_equal(accuracy.calibration(mixed, bins=bins), table)
    _same_brier = accuracy.brier(mixed), accuracy.brier(frame)
    assert _same_brier[0].score == pytest.approx(_same_brier[1].score, nan_ok=True, abs=0)


# Lift


def test_lift_by_hand():
    """Ten decided deals, four won. The top two are won: 100 % against 40 %."""
    scores = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    deals = pd.DataFrame({"points": scores, "status": ["won", "won", *["lost"] * 6, "won", "won"]})
    deals = pd.concat([deals, pd.DataFrame({"points": [99, None], "status": ["open", "won"]})])
    got = accuracy.lift(deals, "points", top=0.2)
    assert got == accuracy.Lift(2.5, 1.0, 2.0, 2, 0.4, 4, 10)
    # 15 % of ten deals is two; all ten are no better than themselves.
    assert accuracy.lift(deals, "points", top=0.15).count == 2
    assert accuracy.lift(deals, "points", top=1).lift == 1


def test_equal_scores_at_the_border_count_in_part():
    """A (one deal, won), B (four deals, one won): of the top two, 1 + 1 * 1/4 are won."""
    deals = pd.DataFrame(
        {"points": [3, 2, 2, 2, 2], "status": ["won", "lost", "won", "lost", "lost"]}
    )
    got = accuracy.lift(deals, "points", top=0.4)
    assert (got.won, got.count) == (1.25, 2)
    assert got.lift == pytest.approx(1.25 / 2 / (2 / 5))


def test_lift_of_nothing_of_no_win_and_of_a_wrong_share():
    assert math.isnan(accuracy.lift(FOUR[:0]).lift)
    none = accuracy.lift(FOUR.assign(status="lost"))
    assert math.isnan(none.lift)
    assert none.rate == 0
    assert accuracy.lift(FOUR[:1]).lift == 1
    for top in (0, -0.1, 10):
        with pytest.raises(ParameterError, match=r"0\.1"):
            accuracy.lift(FOUR, top=top)


def test_brier_against_scikit_learn():
    from sklearn.metrics import brier_score_loss

    decided = FOUR.dropna()[FOUR.dropna()["status"] != "open"]
    expected = brier_score_loss(decided["status"] == "won", decided["probability"])
    assert accuracy.brier(FOUR).score == pytest.approx(expected)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["won", "lost", "open"])),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([0.1, 0.25, 0.5, 1.0]),
    st.integers(0, 99),
)
def test_lift_whatever_the_order_index_and_scale_of_the_points(deals, top, seed):
    frame = pd.DataFrame(deals, columns=["points", "status"])
    before = frame.copy()
    got = accuracy.lift(frame, "points", top)
    mixed = frame.sample(frac=1, random_state=seed).assign(extra=1).set_axis([3] * len(frame))
    other = accuracy.lift(mixed.assign(points=mixed["points"] * 10 + 3), "points", top)
    assert vars(other) == pytest.approx(vars(got), nan_ok=True)
    pd.testing.assert_frame_equal(frame, before)
    if got.base:
        assert got.won <= min(got.count, got.base_won) + 1e-9
