"""Lifetime value against the published fits, numerical integration and arithmetic by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ka_lib import clv
from ka_lib.clv.bg_nbd import _log_likelihood
from ka_lib.errors import ParameterError

# Customers left per 1,000 after 0 to 12 years: Fader & Hardie (2007), table 1. The paper fits the
# first eight figures and holds the rest out.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
# CDNOW, in weeks: Fader, Hardie & Lee (2005), table 2; Gamma-Gamma: note 025.
CDNOW = clv.BgNbd(0.243, 4.414, 0.793, 2.426, "week", -9582.4, 2357)
SPEND = clv.GammaGamma(6.25, 3.74, 15.44, 0.1, math.nan, 946)


def history(*rows: tuple, unit: str = "week") -> pd.DataFrame:
    """Make a history from (repeats, last_at, age)."""
    frame = pd.DataFrame(rows, columns=["repeats", "last_at", "age"]).astype("float64")
    ids = [f"A{i}" for i in range(len(frame))]
    return frame.assign(unit=unit, account_id=ids, mean_amount=20.0, past_amount=60.0)


def simulated(count: int, seed: int = 7) -> pd.DataFrame:
    """Let customers buy by the story that BG/NBD and Gamma-Gamma tell, for 60 weeks."""
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        rate, stops = draw.gamma(0.8, 1 / 6), draw.beta(0.8, 2.5)
        times = [0.0]
        while draw.random() >= stops or len(times) == 1:
            times.append(times[-1] + draw.exponential(1 / rate))
            if times[-1] > 60:
                times.pop()
                break
        repeats = len(times) - 1
        each = 5 / draw.gamma(4, 1 / 30)
        mean = draw.gamma(5 * repeats, each / (5 * repeats)) if repeats else math.nan
        rows.append((repeats, times[-1], 60.0, mean))
    frame = history(*[row[:3] for row in rows])
    return frame.assign(mean_amount=[row[3] for row in rows])


def test_margin_multiple_by_hand():
    # 95% retention at 10%: 0.95 / 0.15 of a margin at the year's end, 1.10 / 0.15 if at once.
    assert clv.margin_multiple(6000, 0.95, 0.10) == pytest.approx(6000 * 0.95 / 0.15)
    assert clv.margin_multiple(6000, 0.95, 0.10, "now") == pytest.approx(6000 * 1.1 / 0.15)
    # 6,000 yuan a year at 95% without discount is worth 120,000.
    assert clv.margin_multiple(6000, 0.95, 0, "now") == pytest.approx(120_000)
    # The sum that the formula stands for, written out.
    summed = sum(100 * 0.8**t / 1.1**t for t in range(1, 500))
    assert clv.margin_multiple(100, 0.8, 0.1) == pytest.approx(summed)


@pytest.mark.parametrize(
    "wrong", [(1, 1.2, 0.1), (1, -0.1, 0.1), (1, 0.5, -0.1), (1, 1, 0), (1, 0.5, 0.1, "soon")]
)
def test_margin_multiple_refuses(wrong):
    with pytest.raises(ParameterError):
        clv.margin_multiple(*wrong)


def test_discount_rates_compound():
    # 1.12^(1/12) = 1.009489; never 1%.
    assert clv.rate_per_unit(0.12, "month") == pytest.approx(0.009489, abs=1e-6)
    assert clv.rate_per_unit(0.12, "year") == pytest.approx(0.12)
    assert (1 + clv.rate_per_unit(0.12, "week")) ** (365.25 / 7) == pytest.approx(1.12)
    with pytest.raises(ParameterError):
        clv.rate_per_unit(0.12, "weeks")


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "log_likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_sbg_finds_the_published_fit(survivors, alpha, beta, log_likelihood):
    model = clv.fit_sbg(survivors[:8])
    assert model.alpha == pytest.approx(alpha, abs=5e-4)
    assert model.beta == pytest.approx(beta, abs=5e-4)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    # The five years held out are forecast to within two percentage points.
    projected = clv.sbg_survival(model, 12)["survival"]
    assert np.abs(projected[8:] * 1000 - survivors[8:]).max() < 20


def test_sbg_value_by_hand():
    # alpha = beta = 1: half stay the first time, two thirds the second: S = 1, 1/2, 1/3, 1/4.
    model = clv.Sbg(1, 1, math.nan, 0)
    assert clv.sbg_survival(model, 3)["survival"].tolist() == pytest.approx(
        [1, 1 / 2, 1 / 3, 1 / 4]
    )
    assert clv.sbg_value(model, 100, 0, 2) == pytest.approx(50 + 100 / 3)
    assert clv.sbg_value(model, 100, 0.1, 1, first_margin="now") == pytest.approx(100 + 50 / 1.1)
    # After one renewal, two of three renew again: older customers are worth more.
    assert clv.sbg_value(model, 100, 0, 1, renewals=1) == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    "survivors", [[10, 9], [10, 11, 9], [10, 5, -1], [10, 10, 10], [10, 0, 0], [10, 5, math.nan]]
)
def test_sbg_refuses(survivors):
    with pytest.raises(ParameterError):
        clv.fit_sbg(survivors)


def test_purchase_history_by_hand():
    orders = pd.DataFrame(
        [
            ("a", "2025-01-01", 100.0),
            ("a", "2025-01-15", 30.0),
            ("a", "2025-01-15", 10.0),  # one purchase of 40
            ("a", "2025-01-29", 60.0),
            ("a", "2025-02-01", -20.0),
            ("a", "2025-03-01", 999.0),  # not known yet
            ("b", "2025-02-05", 70.0),
        ],
        columns=["account_id", "ordered_on", "amount"],
    ).assign(ordered_on=lambda f: pd.to_datetime(f["ordered_on"]))
    table = clv.purchase_history(orders, "2025-02-12", "week").set_index("account_id")
    assert table.loc["a"].to_list() == [2, 4, 6, 50, 180, "week"]
    assert table.loc["b"].drop("mean_amount").to_list() == [0, 0, 1, 70, "week"]
    assert math.isnan(table.loc["b", "mean_amount"])
    assert len(clv.purchase_history(orders, "2025-02-12", "week", since="2025-02-01")) == 1
    shuffled = orders.iloc[::-1].assign(extra=1).set_index(pd.Index(list("gfedcba")))
    again = clv.purchase_history(shuffled, "2025-02-12", "week").set_index("account_id")
    pd.testing.assert_frame_equal(table, again)
    assert clv.purchase_history(orders.iloc[:0], "2025-02-12", "day").empty


def test_the_published_customer():
    # The authors' worked example: 2 repeats, the last in week 30.43 of 38.86: 1.226 in 39 weeks.
    one = history((2, 30.43, 38.86))
    assert clv.expected_purchases(CDNOW, one, 39)["expected_purchases"].item() == pytest.approx(
        1.226, abs=2e-3
    )


@pytest.mark.parametrize("customer", [(0, 0, 30), (1, 5, 30), (4, 21, 30)])
def test_bg_nbd_against_numerical_integration(customer):
    """Add up over all order rates and chances to stop, without the closed forms."""
    x, last_at, age = customer
    r, alpha, a, b = 2, 4, 2, 3
    nodes, weights = np.polynomial.legendre.leggauss(300)
    rate, stops = np.meshgrid((nodes + 1) * 5, (nodes + 1) / 2)
    weight = np.outer(weights / 2, weights * 5)
    weight = weight * stats.gamma.pdf(rate, r, scale=1 / alpha) * stats.beta.pdf(stops, a, b)
    active = (1 - stops) ** x * rate**x * np.exp(-rate * age)
    gone = stops * (1 - stops) ** (x - 1) * rate**x * np.exp(-rate * last_at) if x else 0
    likelihood = (weight * (active + gone)).sum()
    ahead = (1 - np.exp(-rate * stops * 26)) / stops  # purchases of an active customer in 26 weeks

    values = [np.array([float(v)]) for v in customer]
    found = _log_likelihood(np.array([r, alpha, a, b]), *values)
    assert found[0] == pytest.approx(math.log(likelihood), abs=1e-6)
    model = clv.BgNbd(r, alpha, a, b, "week", 0, 0)
    result = clv.expected_purchases(model, history(customer), 26).iloc[0]
    assert result["active"] == pytest.approx((weight * active).sum() / likelihood, rel=1e-6)
    expected = (weight * active * ahead).sum() / likelihood
    assert result["expected_purchases"] == pytest.approx(expected, rel=1e-6)


def test_busy_customers_and_an_empty_table_stay_finite():
    busy = clv.expected_purchases(CDNOW, history((400, 99, 100), (400, 1, 100)), 50)
    # About 400 / 104 = 3.8 a week for 50 weeks is 192; some 17% fewer for the chance of 0.2% to
    # stop at each; times 0.92, the chance to be active: 147. None for the one long gone.
    assert busy["expected_purchases"][0] == pytest.approx(147, rel=0.03)
    assert busy["expected_purchases"][1] == pytest.approx(0, abs=1e-9)
    assert clv.expected_purchases(CDNOW, history(), 10).empty


def test_gamma_gamma_by_hand():
    # 6.25 * (15.44 + 2 * 22.35) / (12.5 + 2.74) = 24.66, note 025's first customer;
    # without a repeat purchase everybody's mean: 6.25 * 15.44 / 2.74 = 35.22.
    known = pd.DataFrame({"repeats": [2, 0], "mean_amount": [22.35, math.nan]})
    assert clv.expected_amount(SPEND, known).tolist() == pytest.approx([24.66, 35.22], abs=0.005)


def test_fits_find_the_parameters_of_simulated_customers():
    customers = simulated(4000)
    model = clv.fit_bg_nbd(customers)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx([0.8, 6, 0.8, 2.5], rel=0.2)
    spend = clv.fit_gamma_gamma(customers)
    # Each purchase is gamma(5) of mean 5 / nu with nu ~ gamma(4, 30): p = 5, q = 4, v = 30.
    assert [spend.p, spend.q, spend.v] == pytest.approx([5, 4, 30], rel=0.2)


def test_order_unit_and_money_scale_as_they_must():
    weeks = simulated(400)
    shuffled = weeks.sample(frac=1, random_state=1).assign(extra="x")
    days = weeks.assign(last_at=weeks["last_at"] * 7, age=weeks["age"] * 7, unit="day")
    model, other, daily = (clv.fit_bg_nbd(f) for f in (weeks, shuffled, days))
    assert model == other
    assert [daily.r, daily.alpha / 7, daily.a, daily.b] == pytest.approx(
        [model.r, model.alpha, model.a, model.b], rel=1e-3
    )
    spend = clv.fit_gamma_gamma(weeks)
    assert spend == clv.fit_gamma_gamma(shuffled)
    larger = clv.fit_gamma_gamma(weeks.assign(mean_amount=weeks["mean_amount"] * 10_000))
    assert [larger.p, larger.q, larger.v / 10_000] == pytest.approx(
        [spend.p, spend.q, spend.v], rel=1e-3
    )


def test_weeks_are_never_read_as_days():
    with pytest.raises(ParameterError):
        clv.expected_purchases(CDNOW, history((2, 30, 38), unit="day"), 39)
    mixed = pd.concat([history((2, 30, 38)), history((2, 30, 38), unit="day")])
    with pytest.raises(ParameterError):
        clv.fit_bg_nbd(mixed)


@pytest.mark.parametrize("rows", [[(0, 0, 9)], [(1, 10, 9)], [(-1, 0, 9)], [(0, 3, 9)], []])
def test_histories_that_cannot_be_fitted(rows):
    with pytest.raises(ParameterError):
        clv.fit_bg_nbd(history(*rows))


def test_lifetime_value_by_hand():
    customers = history((2, 30.43, 38.86), (0, 0, 20))
    args = {"horizon": 2, "margin": 0.3}
    plain = clv.lifetime_value(customers, CDNOW, SPEND, discount=0, **args)
    # Undiscounted: purchases x amount x margin.
    expected = plain["expected_purchases"] * plain["expected_amount"] * 0.3
    assert plain["value"].tolist() == pytest.approx(expected.tolist())
    first = clv.expected_purchases(CDNOW, customers, 1)["expected_purchases"]
    second = plain["expected_purchases"] - first
    discounted = clv.lifetime_value(customers, CDNOW, SPEND, discount=0.1, **args)
    by_hand = (first / 1.1 + second / 1.21) * plain["expected_amount"] * 0.3
    assert discounted["value"].tolist() == pytest.approx(by_hand.tolist())
    past = clv.lifetime_value(customers, CDNOW, SPEND, discount=0.1, past="in", **args)
    assert (past["value"] - discounted["value"]).tolist() == pytest.approx([18, 18])  # 60 x 0.3


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.floats(0.1, 50), st.floats(0, 50)), min_size=1, max_size=6
    ),
    st.floats(0, 100),
)
def test_chances_and_forecasts_stay_in_bounds(rows, horizon):
    customers = history(*[(x, last, last + since) for x, last, since in rows])
    untouched = customers.copy()
    result = clv.expected_purchases(CDNOW, customers, horizon)
    assert result["active"].between(0, 1).all()
    assert (result["expected_purchases"] >= -1e-9).all()
    later = clv.expected_purchases(CDNOW, customers, horizon + 1)
    assert (later["expected_purchases"] >= result["expected_purchases"] - 1e-9).all()
    backwards = clv.expected_purchases(CDNOW, customers.iloc[::-1], horizon)
    assert backwards["expected_purchases"].tolist()[::-1] == pytest.approx(
        result["expected_purchases"].tolist()
    )
    pd.testing.assert_frame_equal(customers, untouched)
