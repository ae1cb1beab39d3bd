"""Tiers against arithmetic written out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ka_lib import tiers
from ka_lib.company import load
from ka_lib.errors import ParameterError


@pytest.fixture
def three() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "contribution": [100.0, 300.0, 200.0],
            "potential": [10.0, 10.0, 10.0],
        }
    )


def test_score_brings_each_criterion_to_a_hundred_and_weighs_it(three):
    scored = tiers.score(three, {"contribution": 0.5, "potential": 0.5})
    # Contribution 0, 100, 50; potential all equal, so 0 for all.
    assert scored["account_id"].tolist() == ["b", "c", "a"]
    assert scored["score"].tolist() == [50.0, 25.0, 0.0]


@pytest.mark.parametrize("weights", [{"contribution": 0.5}, {"contribution": 50, "potential": 50}])
def test_weights_must_sum_to_one(three, weights):
    with pytest.raises(ParameterError):
        tiers.score(three, weights)


def test_an_unknown_criterion_is_named(three):
    with pytest.raises(ParameterError, match="potental"):
        tiers.score(three, {"contribution": 0.5, "potental": 0.5})


SCORES = pd.DataFrame({"account_id": list("abcde"), "score": [90.0, 70.0, 70.0, 40.0, 10.0]})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"cut_offs": (70, 40)}, "AAABC"),
        ({"quotas": (1, 2)}, "ABBCC"),
        # Two accounts tie for the second place: the quota of two A's is not exceeded ...
        ({"quotas": (2, 1)}, "ABBCC"),
        # ... unless ties go up.
        ({"quotas": (2, 1), "ties": "up"}, "AAACC"),
    ],
)
def test_rules_for_cut_offs_quotas_and_ties(rule, expected):
    assert "".join(tiers.assign(SCORES, **rule)["tier"]) == expected


@pytest.mark.parametrize(
    "rule", [{}, {"cut_offs": (70, 40), "quotas": (1, 1)}, {"cut_offs": (40, 70)}]
)
def test_one_rule_in_the_right_order(rule):
    with pytest.raises(ParameterError):
        tiers.assign(SCORES, **rule)


def test_contribution_is_the_gross_profit_of_the_last_twelve_months():
    company = load()
    orders = company.orders
    recent = orders[(orders["ordered_on"] > "2024-11-30") & (orders["account_id"] == "A001")]
    table = tiers.criteria(company).set_index("account_id")
    assert table.loc["A001", "contribution"] == recent["gross_profit"].sum()
