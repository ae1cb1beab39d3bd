"""Funnel metrics against arithmetic written out by hand."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import funnel
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES, TABLES, set_types

DAY = "2025-11-30"


def make_company(deals: list[tuple], **tables: pd.DataFrame) -> Company:
    """Make a company from (id, amount, created, status, closed, [(stage, date), ...])."""
    opportunities = pd.DataFrame(
        [
            {
                "opportunity_id": name,
                "account_id": "A1",
                "rep_id": "R1",
                "created_on": created,
                "amount": amount,
                "stage": visits[-1][0] if visits else "lead",
                "status": status,
                "closed_on": closed,
                "lost_reason": "price" if status == "lost" else None,
            }
            for name, amount, created, status, closed, visits in deals
        ]
    )
    history = pd.DataFrame(
        [
            {"opportunity_id": name, "stage": stage, "entered_on": day}
            for name, *_, visits in deals
            for stage, day in visits
        ],
        columns=["opportunity_id", "stage", "entered_on"],
    )
    frames = {
        "opportunities": set_types(opportunities, TABLES["opportunities"]),
        "stage_history": set_types(history, TABLES["stage_history"]),
        **tables,
    }
    return Company("test", pd.Timestamp(DAY), frames)


FOUR = [
    # Signed: every stage.
    (
        "won",
        100.0,
        "2025-01-01",
        "won",
        "2025-03-02",
        [
            ("lead", "2025-01-01"),
            ("contact", "2025-01-11"),
            ("needs", "2025-01-21"),
            ("proposal", "2025-02-01"),
            ("negotiation", "2025-02-11"),
            ("delivery", "2025-03-02"),
        ],
    ),
    # Lost after the proposal, having skipped "needs".
    (
        "lost",
        50.0,
        "2025-02-01",
        "lost",
        "2025-04-01",
        [("lead", "2025-02-01"), ("contact", "2025-02-06"), ("proposal", "2025-03-01")],
    ),
    # Open: went to proposal, fell back to "needs", where it stands now.
    (
        "back",
        30.0,
        "2025-03-01",
        "open",
        None,
        [
            ("lead", "2025-03-01"),
            ("contact", "2025-03-05"),
            ("needs", "2025-03-10"),
            ("proposal", "2025-03-20"),
            ("needs", "2025-04-10"),
        ],
    ),
    # Lost as a lead; the CRM wrote no history line at all.
    ("silent", 20.0, "2025-05-01", "lost", "2025-06-01", []),
]


@pytest.fixture
def four() -> pd.DataFrame:
    return funnel.deals(make_company(FOUR), "2025-01-01", "2025-12-01")


def test_each_deal_counts_once_for_every_stage_it_ever_reached(four):
    table = funnel.reached(four).set_index("stage")
    # By hand: 4 leads; 3 contacts; needs = won, back and the one that skipped it; no more signed.
    assert table["reached"].to_dict() == {
        "lead": 4,
        "contact": 3,
        "needs": 3,
        "proposal": 3,
        "negotiation": 1,
        "delivery": 1,
    }
    assert table["value"].to_dict() == {
        "lead": 200.0,
        "contact": 180.0,
        "needs": 180.0,
        "proposal": 180.0,
        "negotiation": 100.0,
        "delivery": 100.0,
    }
    assert table.loc["contact", "step_rate"] == 3 / 4
    assert table.loc["negotiation", "step_rate"] == 1 / 3
    assert table.loc["negotiation", "cumulative_rate"] == 1 / 4
    assert math.isnan(table.loc["lead", "step_rate"])
    assert (table.loc["proposal", "lost_count"], table.loc["proposal", "lost_value"]) == (1, 50.0)
    assert (table.loc["proposal", "open_count"], table.loc["lead", "lost_count"]) == (1, 1)


def test_the_worked_example_of_four_stages():
    """1000 leads, 400 contacts, 120 needs, 60 proposals: 40 %, 30 %, 50 %; 40 %, 12 %, 6 %."""
    furthest = ["lead"] * 600 + ["contact"] * 280 + ["needs"] * 60 + ["proposal"] * 60
    deals = pd.DataFrame({"furthest": furthest, "amount": 1.0, "status": "lost"})
    table = funnel.reached(deals)
    assert table["step_rate"].iloc[1:4].tolist() == [0.4, 0.3, 0.5]
    assert table["cumulative_rate"].iloc[:4].tolist() == [1.0, 0.4, 0.12, 0.06]
    assert table["reached"].iloc[4] == 0
    assert math.isnan(table["step_rate"].iloc[5])  # nobody negotiated: no rate, not 0 %


def test_an_earlier_day_knows_only_what_had_happened():
    company = make_company(FOUR)
    then = funnel.deals(company, "2025-01-01", "2025-12-01", as_of="2025-02-15")
    assert then["opportunity_id"].tolist() == ["won", "lost"]
    assert then["status"].tolist() == ["open", "open"]
    assert then["furthest"].tolist() == ["negotiation", "contact"]
    assert then["lost_reason"].isna().all()
    assert then["closed_on"].isna().all()


def test_the_end_of_a_period_is_outside_it():
    company = make_company(FOUR)
    ids = funnel.deals(company, "2025-02-01", "2025-03-01")["opportunity_id"]
    assert ids.tolist() == ["lost"]


def test_rates_travel_with_their_counts(four):
    assert funnel.lead_conversion(four) == funnel.Rate(3 / 4, 3.0, 4.0)
    assert funnel.lead_conversion(four, to="delivery") == funnel.Rate(1 / 4, 1.0, 4.0)
    # Answered proposals: won and lost; "back" still waits.
    assert funnel.proposal_success(four) == funnel.Rate(1 / 2, 1.0, 2.0)
    assert funnel.win_rate(four) == funnel.Rate(1 / 3, 1.0, 3.0)
    assert funnel.win_rate(four, by="value") == funnel.Rate(100 / 170, 100.0, 170.0)


def test_a_rate_without_a_base_is_missing(four):
    nobody = four[four["amount"] > 1e9]
    assert math.isnan(funnel.win_rate(nobody).rate)
    assert math.isnan(funnel.lead_conversion(nobody).rate)
    assert funnel.reached(nobody)["cumulative_rate"].isna().all()


def test_cycle_runs_from_first_contact_to_signature(four):
    # 11 January to 2 March 2025 is 50 days.
    assert funnel.sales_cycle(four) == funnel.Cycle(50.0, 50.0, 1)
    assert funnel.sales_cycle(four, start="lead") == funnel.Cycle(60.0, 60.0, 1)


def test_censored_cycle_counts_open_deals_as_still_running():
    """By hand: finished 10, 20, 40; open for 30. Survival 3/4, 1/2 at 20: the median is 20."""
    rows = [("a", 10, True), ("b", 20, True), ("c", 40, True), ("d", 30, False)]
    start = date(2025, 11, 1)
    deals = pd.DataFrame(
        {
            "contact": pd.to_datetime([pd.Timestamp(DAY) - timedelta(days=30)] * 4),
            "delivery": pd.to_datetime(
                [
                    pd.Timestamp(DAY) - timedelta(days=30 - days) if won else None
                    for _, days, won in rows
                ]
            ),
            "status": ["won" if won else "open" for *_, won in rows],
        }
    )
    cycle = funnel.sales_cycle(deals, open_deals="censored", as_of=DAY)
    assert cycle.median == 20.0
    assert math.isnan(cycle.mean)
    assert start.year == 2025
    with pytest.raises(ParameterError):
        funnel.sales_cycle(deals, open_deals="censored")


def test_gap_puts_a_price_on_each_step():
    """Signed 60 now. One step fell from 50 % to 40 %: 60 * (0.5 / 0.4 - 1) = 15."""
    before = _cohort(leads=10, signed=5, amount=10.0)
    now = _cohort(leads=15, signed=6, amount=10.0)
    gap = funnel.gap(now, before).set_index("stage")
    assert gap.loc["lead", "value_gained"] == pytest.approx(15.0)
    assert gap.loc["lead", ["rate_now", "rate_before"]].tolist() == [0.4, 0.5]
    assert gap["value_gained"].iloc[1:].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert funnel.bottleneck(gap.reset_index())["stage"] == "lead"


def test_no_step_got_worse_means_no_bottleneck():
    cohort = _cohort(leads=10, signed=5, amount=10.0)
    assert funnel.bottleneck(funnel.gap(cohort, cohort)) is None


def test_three_effects_add_up_to_the_gap():
    """From 10 leads, 5 signed of 10 to 15 leads, 6 signed of 9: 54 - 50 = +4.

    number (15-10) * 0.5 * 10 = 25; conversion 15 * (0.4-0.5) * 10 = -15; size 6 * (9-10) = -6.
    """
    now, before = _cohort(15, 6, 9.0), _cohort(10, 5, 10.0)
    values = funnel.effects(now, before).set_index("effect")["value"]
    assert values.to_dict() == pytest.approx({"number": 25.0, "conversion": -15.0, "size": -6.0})
    with pytest.raises(ParameterError):
        funnel.effects(now, _cohort(10, 0, 10.0))


def _cohort(leads: int, signed: int, amount: float) -> pd.DataFrame:
    """Leads that were either signed or lost at once."""
    return pd.DataFrame(
        {
            "furthest": ["delivery"] * signed + ["lead"] * (leads - signed),
            "status": ["won"] * signed + ["lost"] * (leads - signed),
            "amount": amount,
        }
    )


def test_velocity_is_yuan_a_day():
    assert funnel.velocity(40, 120_000, 0.25, 60) == 20_000  # 40 * 120,000 / 4 / 60
    with pytest.raises(ParameterError, match=r"0\.25"):
        funnel.velocity(40, 120_000, 25, 60)
    with pytest.raises(ParameterError):
        funnel.velocity(40, 120_000, 0.25, 0)


def test_acquisition_cost_can_lag_behind_the_spend():
    costs = set_types(
        pd.DataFrame(
            {
                "month": ["2025-04-01", "2025-07-01", "2025-07-01", "2025-09-01", "2025-10-01"],
                "purpose": ["acquisition", "acquisition", "service", "acquisition", "acquisition"],
                "amount": [900.0, 100.0, 5000.0, 200.0, 7000.0],
            }
        ),
        TABLES["costs"],
    )
    accounts = set_types(
        pd.DataFrame(
            {
                "account_id": ["a", "b", "c", "d"],
                "account_name": ["a", "b", "c", "d"],
                "customer_since": ["2025-07-01", "2025-09-30", "2025-10-01", None],
            }
        ),
        TABLES["accounts"],
    )
    company = make_company(FOUR, costs=costs, accounts=accounts)
    # Third quarter: 300 of acquisition spend, two new customers; a quarter earlier: 900.
    cost = funnel.acquisition_cost(company, "2025-07-01", "2025-10-01")
    assert cost == funnel.AcquisitionCost(150.0, 300.0, 2)
    lagged = funnel.acquisition_cost(company, "2025-07-01", "2025-10-01", lag_months=3)
    assert lagged.per_customer == 450.0
    assert math.isnan(funnel.acquisition_cost(company, "2024-01-01", "2024-02-01").per_customer)


def test_without_history_only_the_open_deals_can_be_placed():
    company = make_company(FOUR)
    bare = Company("bare", company.as_of, {"opportunities": company.opportunities})
    with pytest.raises(ParameterError) as caught:
        funnel.deals(bare, "2025-01-01", "2025-12-01")
    assert "current_stages" in str(caught.value)
    table = funnel.current_stages(bare)
    assert table.to_dict("list") == {
        "stage": ["needs"],
        "count": [1],
        "value": [30.0],
        "without_amount": [0],
    }


def test_deals_to_watch_say_why():
    accounts = set_types(
        pd.DataFrame({"account_id": ["A1"], "account_name": ["Wan'an"]}), TABLES["accounts"]
    )
    company = make_company(FOUR, accounts=accounts)
    company.opportunities["expected_close_on"] = pd.Timestamp("2025-10-01")
    watch = funnel.to_watch(company)
    # Only "back" is open; its date has passed; it has stood in "needs" since 10 April, 234 days.
    assert watch["opportunity_id"].tolist() == ["back"]
    assert watch.loc[0, "reasons"] == "overdue, stuck"
    assert watch.loc[0, "days_in_stage"] == 234
    assert watch.loc[0, "account_name"] == "Wan'an"


def test_time_in_stage_passes_over_skipped_stages(four):
    table = funnel.time_in_stage(four, DAY).set_index("stage")
    # Contact to the next stage entered: 10 (won), 23 (lost, skipped needs), 5 (back): median 10.
    assert table.loc["contact", "median_days"] == 10.0
    assert table.loc["contact", "count"] == 3
    # Leads: 10, 5, 4 days to contact and 31 until the silent one was lost: half are gone by 5.
    assert table.loc["lead", "median_days"] == 5.0


deal = st.tuples(
    st.integers(0, 330), st.integers(0, 5), st.integers(0, 10**6), st.sampled_from(["lost", "open"])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(deal, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_order_index_and_extra_columns_change_nothing(rows, random):
    deals = []
    for i, (offset, stop, amount, status) in enumerate(rows):
        first = date(2025, 1, 1) + timedelta(days=offset)
        visits = [(stage, first.isoformat()) for stage in STAGES[: stop + 1]]
        outcome = "won" if stop == 5 else status
        closed = None if outcome == "open" else first.isoformat()
        deals.append((f"o{i}", float(amount), first.isoformat(), outcome, closed, visits))
    company = make_company(deals)
    shuffled = {
        name: table.sample(frac=1, random_state=random.randint(0, 9))
        .assign(extra="x")
        .set_axis(range(7, 7 + len(table)))
        for name, table in company.tables.items()
    }
    expected = funnel.deals(company, "2025-01-01", "2025-12-01")
    result = funnel.deals(Company("x", company.as_of, shuffled), "2025-01-01", "2025-12-01")
    pd.testing.assert_frame_equal(expected, result)
    table = funnel.reached(expected)
    assert table["reached"].is_monotonic_decreasing
    stopped = table["lost_count"] + table["open_count"]
    assert stopped.sum() + table["reached"].iloc[-1] == len(expected)
    # Two halves of the deals add up to the whole.
    half = len(expected) // 2
    parts = [funnel.reached(part)["reached"] for part in (expected[:half], expected[half:])]
    assert (parts[0] + parts[1]).equals(table["reached"])
