"""Boosted sales: what it learns, that it peeks at nothing, and that it repeats itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ka_lib import accuracy, boosting, forecast
from ka_lib.errors import ParameterError


def make_history(sales, start="2019-01", freq="M") -> pd.DataFrame:
    periods = pd.period_range(start, periods=len(sales), freq=freq)
    return pd.DataFrame({"period": periods, "sales": np.asarray(sales, dtype=float)})


def test_a_year_that_never_changes_is_repeated():
    season = [5, 3, 8, 4, 2, 7, 6, 3, 4, 2, 6, 10]
    table = boosting.forecast(make_history(season * 4), 14)
    assert table["forecast"].tolist() == pytest.approx([*season, 5, 3])
    assert table["period"].astype(str).tolist()[0] == "2023-01"
    assert table[["low", "high"]].isna().all(axis=None)  # no honest bounds, so none


def test_changes_that_depend_on_the_month_are_learned():
    """Every December gains 24 yuan on the year, every other month nothing."""
    years = [[100.0] * 11 + [100 + 24.0 * year] for year in range(8)]
    history = make_history(np.concatenate(years))
    table = boosting.forecast(history, 12)
    naive = forecast.seasonal_naive(history, 12)["forecast"]
    truth = np.array([100.0] * 11 + [100 + 24.0 * 8])
    assert abs(table["forecast"] - truth).max() < 6
    assert abs(naive - truth).max() == 24


def test_features_know_nothing_of_their_own_month_or_later():
    """Changes 1, 2, 3, 4: before them nothing, 1, 2, 3; means of up to three before."""
    rows = boosting._features(np.array([1.0, 2, 3, 4]), np.array([1, 2, 3, 4]))
    before = rows[:, 1].tolist()
    assert np.isnan(before[0])
    assert before[1:] == [1, 2, 3]
    assert rows[1:, 2].tolist() == [1, 1.5, 2]
    # What happens in the last month changes no earlier row.
    other = boosting._features(np.array([1.0, 2, 3, 99]), np.array([1, 2, 3, 4]))
    np.testing.assert_array_equal(rows, other)
    # (sales - sales a year before) / mean of the four quarters before: (6 - 1) / 2.5, (4 - 2) / 3.75.
    assert boosting._changes(np.array([1.0, 2, 3, 4, 6, 4]), 4).tolist() == [2.0, 2 / 3.75]


def test_the_place_in_the_year_follows_the_first_month():
    seen = []

    class Spy:
        def fit(self, rows, _):
            seen.append(rows[:, 0].tolist())

        def predict(self, rows):
            seen.append(rows[:, 0].tolist())
            return np.zeros(1)

    library = type("Library", (), {"HistGradientBoostingRegressor": lambda **_: Spy()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boosting, "library", lambda _: library)
        boosting.forecast(make_history(range(1, 11), "2022Q3", "Q"), 3)
    assert seen == [[3, 4, 1, 2, 3, 4], [1], [2], [3]]  # 2023Q3 to 2024Q4, then 2025Q1...


def test_same_answer_twice_whatever_the_order_of_the_rows():
    sales = np.random.default_rng(0).integers(50, 90, 40).astype(float)
    history = make_history(sales)
    before = history.copy()
    expected = boosting.forecast(history, 3)
    mixed = history.sample(frac=1, random_state=4).assign(extra="x").set_axis([1] * 40)
    pd.testing.assert_frame_equal(boosting.forecast(mixed, 3), expected)
    scaled = boosting.forecast(history.assign(sales=sales * 1024), 3)
    assert scaled["forecast"].tolist() == pytest.approx((expected["forecast"] * 1024).tolist())
    pd.testing.assert_frame_equal(history, before)


def test_short_histories_and_nothing_sold():
    with pytest.raises(ParameterError, match="23"):
        boosting.forecast(make_history(range(23)), 1)
    with pytest.raises(ParameterError):
        boosting.forecast(make_history(range(24)), 0)
    assert boosting.forecast(make_history([0] * 24), 2)["forecast"].tolist() == [0, 0]


def test_it_takes_part_in_a_backtest():
    history = make_history(np.random.default_rng(1).integers(50, 90, 30).astype(float))
    rows = accuracy.backtest(history, {"boosting": boosting.forecast}, horizon=2, every=3)
    assert accuracy.compare(rows)["count"].tolist() == [4]
