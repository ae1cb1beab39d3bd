"""Deals as they were known on a day: by hand, and whatever happens later."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ka_lib as ka
from ka_lib import win_features
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.tables import ACCOUNTS, OPPORTUNITIES, ORDERS, STAGE_HISTORY, set_types


def frame(table, rows, columns):
    made = pd.DataFrame(rows, columns=columns).reindex(columns=table.names)
    return set_types(made.astype("object"), table)


DEALS = [
    ("D1", "a", "R1", "fair", "2025-01-10", math.e**5, "won", "2025-02-01"),
    ("D2", "a", "R1", "fair", "2025-02-01", 100.0, "lost", "2025-03-01"),
    ("D3", "b", "R1", None, "2025-03-01", 0.0, "open", None),
    ("D4", "b", "R2", "call", "2025-03-02", None, "won", "2025-05-01"),
]
COMPANY = Company(
    "test",
    pd.Timestamp("2025-06-30"),
    {
        "opportunities": frame(
            OPPORTUNITIES,
            DEALS,
            ["opportunity_id", "account_id", "rep_id", "source", "created_on", "amount", "status",
             "closed_on"],
        ),
        "accounts": frame(
            ACCOUNTS,
            [("a", "Alpha", "club", "2025-02-01"), ("b", "Beta", None, None)],
            ["account_id", "account_name", "segment", "customer_since"],
        ),
        "stage_history": frame(
            STAGE_HISTORY,
            [
                ("D3", "lead", "2025-03-01"),
                ("D3", "proposal", "2025-03-20"),
                ("D3", "needs", "2025-03-25"),  # back a step: proposal stays reached
                ("D3", "negotiation", "2025-04-20"),
                ("D4", "contact", "2025-03-02"),
            ],
            ["opportunity_id", "stage", "entered_on"],
        ),
        "orders": frame(
            ORDERS,
            [
                ("S1", "a", "2024-01-31", 10.0),  # a year and a day before D2 is seen
                ("S2", "a", "2024-02-02", 10.0),
                ("S3", "a", "2025-01-31", 10.0),
                ("S4", "a", "2025-01-31", -10.0),  # a return is no purchase
                ("S5", "a", "2025-02-01", 10.0),  # on the day itself: not before it
            ],
            ["order_id", "account_id", "ordered_on", "amount"],
        ),
    },
)  # fmt: skip


def test_deals_on_the_day_they_were_created():
    table = win_features.features(COMPANY).set_index("opportunity_id")
    assert table.index.tolist() == ["D1", "D2", "D3", "D4"]
    assert table["seen_on"].tolist() == [pd.Timestamp(row[4]) for row in DEALS]
    assert table.loc["D1", "log_amount"] == pytest.approx(5)
    assert table["log_amount"].isna().tolist() == [False, False, True, True]
    # Alpha is a customer since the day D2 was created: not before it.
    assert table["is_customer"].tolist() == [0, 0, 0, 0]
    # D1: S1 and S2. D2, seen on 1 February 2025: S2 is 365 days old, S1 366; and S3.
    assert table["orders_last_year"].tolist() == [2, 2, 0, 0]
    # R1: D1 ended on the day D2 was created, D2 on the day of D3; only what ended before counts.
    assert table["rep_decided"].tolist() == [0, 0, 1, 0]
    assert table["rep_win_rate"].isna().tolist() == [True, True, False, True]
    assert table.loc["D3", "rep_win_rate"] == 1
    assert table["age_days"].tolist() == [0, 0, 0, 0]
    assert table["stage_reached"].tolist() == ["lead", "lead", "lead", "contact"]
    assert table["segment"].tolist()[:2] == ["club", "club"]


def test_deals_open_on_a_day():
    table = win_features.features(COMPANY, "2025-04-01").set_index("opportunity_id")
    assert table.index.tolist() == ["D3", "D4"]  # D4 was won a month later
    assert table["age_days"].tolist() == [31, 30]
    assert table["stage_reached"].tolist() == ["proposal", "contact"]
    assert table["stage_place"].tolist() == [3, 1]
    assert table["rep_win_rate"].tolist()[0] == 0.5  # D1 won, D2 lost
    assert win_features.features(COMPANY, "2025-02-01")["opportunity_id"].tolist() == ["D2"]
    assert len(win_features.features(COMPANY, "2024-12-31")) == 0


@settings(deadline=None, max_examples=30)
@given(st.dates(pd.Timestamp("2025-01-01").date(), pd.Timestamp("2025-06-30").date()))
def test_what_happens_after_the_day_changes_nothing(day):
    """Cut every table at the day: the features stay the same."""
    day, tables = pd.Timestamp(day), {}
    for name, column in (("stage_history", "entered_on"), ("orders", "ordered_on")):
        whole = COMPANY.tables[name]
        tables[name] = whole[whole[column] <= day]
    deals = COMPANY.opportunities[COMPANY.opportunities["created_on"] <= day].copy()
    later = ~(deals["closed_on"] <= day)
    deals.loc[later, "status"] = "open"
    deals.loc[later, "closed_on"] = pd.NaT
    tables["opportunities"] = deals
    accounts = COMPANY.accounts
    tables["accounts"] = accounts.assign(
        customer_since=accounts["customer_since"].where(accounts["customer_since"] <= day)
    )
    cut = Company("cut", day, tables)
    pd.testing.assert_frame_equal(
        win_features.features(cut, day), win_features.features(COMPANY, day)
    )


def test_order_index_and_extra_columns_do_not_matter():
    before = {name: table.copy() for name, table in COMPANY.tables.items()}
    mixed = {
        name: table.sample(frac=1, random_state=3).assign(extra=1).set_axis([7] * len(table))
        for name, table in COMPANY.tables.items()
    }
    other = Company("mixed", COMPANY.as_of, mixed)
    for day in (None, "2025-04-01"):
        expected = win_features.features(COMPANY, day)
        pd.testing.assert_frame_equal(win_features.features(other, day), expected)
    for name, table in before.items():
        pd.testing.assert_frame_equal(COMPANY.tables[name], table)


def test_a_company_of_nothing_but_deals():
    deals = COMPANY.opportunities[["opportunity_id", "account_id", "created_on", "amount",
                                   "stage", "status", "closed_on"]]  # fmt: skip
    table = win_features.features(Company("bare", COMPANY.as_of, {"opportunities": deals}))
    assert len(table) == 4
    assert table["orders_last_year"].tolist() == [0] * 4
    assert table["source"].isna().all()
    assert len(win_features.features(Company("empty", COMPANY.as_of, {}))) == 0


def test_outcomes_as_known_on_a_day():
    table = win_features.features(COMPANY)
    on_march_1 = win_features.with_outcome(table, COMPANY.opportunities, "2025-03-01")
    assert on_march_1["status"].tolist() == ["won", "lost", "open", "open"]
    assert on_march_1["closed_on"].isna().tolist() == [False, False, True, True]
    again = win_features.with_outcome(on_march_1, COMPANY.opportunities, "2025-06-30")
    assert again["status"].tolist() == ["won", "lost", "open", "won"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_split_is_by_time_and_leaves_out_what_straddles_it(lang):
    table = win_features.with_outcome(
        win_features.features(COMPANY), COMPANY.opportunities, "2025-06-30"
    )
    past, later = win_features.split(table, "2025-02-15")
    assert past["opportunity_id"].tolist() == ["D1"]
    assert later["opportunity_id"].tolist() == ["D3", "D4"]  # D2: seen before, decided after
    ka.use(lang)
    with pytest.raises(ParameterError, match=r"2025-01-15.*0.*3"):
        win_features.split(table, "2025-01-15")
    ka.use("zh")
