"""Sale against subscription: compounding, churn, payback, and what recurs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from ka_lib import language, subscription
from ka_lib.errors import ParameterError, TableError


def test_twelve_percent_a_year_is_not_one_percent_a_month():
    rate = subscription.monthly_rate(0.12)
    # The root of (1 + x)^12 = 1.12, found without the formula.
    assert rate == pytest.approx(brentq(lambda x: (1 + x) ** 12 - 1.12, 0, 0.1), abs=1e-12)
    assert rate == pytest.approx(0.00949, abs=5e-6)
    assert subscription.monthly_rate(0) == 0


TERMS = {"price": 1000, "cost": 600, "fee": 250, "service": 50, "churn": 0.5, "months": 3}


def test_three_months_by_hand():
    flows = subscription.cash_flows(**TERMS)
    # Half leave each month: 200, 100, 50 after 600 out.
    assert flows["subscription_cash"].tolist() == [-600, 200, 100, 50]
    assert flows["subscription_total"].tolist() == [-600, -400, -300, -250]
    assert flows["sale_cash"].tolist() == [400, 0, 0, 0]
    assert flows["paying"].tolist()[1:] == [1, 0.5, 0.25]
    # 21 % every month: yearly (1.21^12 - 1) is above 1, so take a yearly rate of 33.1 %.
    both = subscription.subscription_or_sale(flows, 0.331).set_index("model")
    q = 1.331 ** (1 / 12)
    assert both.loc["subscription", "npv"] == pytest.approx(-600 + 200 / q + 100 / q**2 + 50 / q**3)
    assert both["cash"].tolist() == [400, -250]
    assert both.loc["sale", "payback_month"] == 0
    assert pd.isna(both.loc["subscription", "payback_month"])
    assert [str(yuan) for yuan in both["tied_up"]] == ["0.0", "600.0"]  # no minus on a zero


def test_payback_is_the_first_month_at_zero():
    flows = subscription.cash_flows(price=0, cost=0.3, fee=0.1, months=12)
    both = subscription.subscription_or_sale(flows, 0.1).set_index("model")
    assert both.loc["subscription", "payback_month"] == 3  # 0.1 + 0.1 + 0.1, in binary just below


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 0.9), st.floats(0, 0.5), st.integers(1, 60))
def test_npv_agrees_with_the_closed_form_of_an_annuity(churn, rate, months):
    flows = subscription.cash_flows(
        price=9000, cost=6000, fee=400, service=60, churn=churn, months=months
    )
    moved = flows.sample(frac=1, random_state=1).assign(note="x")
    both = subscription.subscription_or_sale(moved, rate).set_index("model")
    # Fee k is worth 340 * (1-c)^(k-1) * v^k: a geometric series.
    v = (1 + rate) ** (-1 / 12)
    ratio = (1 - churn) * v
    series = v * (months if math.isclose(ratio, 1) else (1 - ratio**months) / (1 - ratio))
    assert both.loc["subscription", "npv"] == pytest.approx(-6000 + 340 * series, abs=1e-5)
    assert both.loc["sale", "npv"] == 3000


def test_mrr_leaves_out_what_comes_once():
    charges = pd.DataFrame(
        {"amount": [100.0, 600.0, 1200.0, 5000.0], "every_months": [1, 3, 12, None]}
    )
    found = subscription.recurring_revenue(charges, churn=0.02)
    # 100 + 200 + 100 a month; 12 times that; 5,000 once.
    assert (found.mrr, found.arr, found.one_off) == (400, 4800, 5000)
    # Summed month by month: 400 + 392 + 384.16 + ...
    assert found.expected_year == pytest.approx(sum(400 * 0.98**k for k in range(12)))
    assert subscription.recurring_revenue(charges).expected_year == 4800
    assert subscription.recurring_revenue(charges.head(0)).mrr == 0
    assert subscription.recurring_revenue(charges.iloc[::-1]).mrr == 400


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: subscription.cash_flows(**{**TERMS, "churn": 2}), ParameterError),
        (lambda: subscription.cash_flows(**{**TERMS, "months": 0}), ParameterError),
        (lambda: subscription.cash_flows(**{**TERMS, "months": 1.5}), ParameterError),
        (lambda: subscription.cash_flows(**{**TERMS, "fee": -1}), ParameterError),
        (lambda: subscription.monthly_rate(12), ParameterError),
        (
            lambda: subscription.recurring_revenue(
                pd.DataFrame({"amount": [1.0], "every_months": [0]})
            ),
            TableError,
        ),
        (lambda: subscription.recurring_revenue(pd.DataFrame({"amount": [1.0]})), TableError),
        (
            lambda: subscription.recurring_revenue(
                pd.DataFrame({"amount": [np.nan], "every_months": [1]})
            ),
            TableError,
        ),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_terms_that_make_no_sense(call, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            call()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
