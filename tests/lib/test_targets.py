"""Targets: the parts add up to the whole, to the yuan."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import targets
from ka_lib.errors import ParameterError


def test_the_yuan_left_over_goes_to_the_largest_remainder():
    # 100 * 1/6 = 16.67, 2/6 = 33.33, 3/6 = 50: rounded down 16 + 33 + 50 = 99, the last to the 16.
    assert targets.split(100, {"a": 1, "b": 2, "c": 3}).to_dict() == {"a": 17, "b": 33, "c": 50}


@given(
    st.integers(0, 10**10),
    st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=12).filter(
        lambda weights: sum(weights) > 1e-3
    ),
)
def test_parts_sum_to_the_total_and_stay_within_a_yuan(total, weights):
    parts = targets.split(total, dict(enumerate(weights)))
    assert parts.sum() == total
    exact = pd.Series(weights) / sum(weights) * total
    assert ((parts - exact).abs() < 1.001).all()


@pytest.mark.parametrize(
    ("total", "weights"),
    [
        (100, {"a": -1, "b": 2}),
        (100, {"a": 0}),
        (100, {"a": None}),
        (99.5, {"a": 1}),
        (-1, {"a": 1}),
    ],
)
def test_weights_and_totals_that_make_no_sense(total, weights):
    with pytest.raises(ParameterError):
        targets.split(total, weights)


def test_seasonality_pools_the_years_named():
    orders = pd.DataFrame(
        {
            "ordered_on": pd.to_datetime(
                ["2023-01-05", "2023-05-05", "2024-02-05", "2024-12-31", "2025-01-01"]
            ),
            "amount": [10.0, 30.0, 20.0, 40.0, 1000.0],
        }
    )
    # 2023 and 2024: quarter 1 has 10 + 20 of 100, quarter 2 has 30, quarter 4 has 40.
    shares = targets.seasonality(orders, [2023, 2024])
    assert shares.to_dict() == pytest.approx({1: 0.3, 2: 0.3, 3: 0.0, 4: 0.4})
    assert targets.seasonality(orders, [2025], by="month")[1] == 1.0
    with pytest.raises(ParameterError, match="2019"):
        targets.seasonality(orders, [2019])
