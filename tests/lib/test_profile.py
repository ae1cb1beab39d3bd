"""The customer profile against arithmetic written out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import profile
from ka_lib.errors import ParameterError, TableError
from ka_lib.tables import ACCOUNTS

DAY = "2024-04-30"


def make_orders(*rows: tuple) -> pd.DataFrame:
    orders = pd.DataFrame(rows, columns=["order_id", "account_id", "ordered_on", "amount"])
    return orders.assign(ordered_on=pd.to_datetime(orders["ordered_on"]))


ORDERS = make_orders(
    ("1", "a", "2024-02-01", 100.0),
    ("2", "a", "2024-02-01", 50.0),  # the same day: no gap of 0
    ("3", "a", "2024-02-11", 100.0),  # 10 days
    ("4", "a", "2024-03-02", 100.0),  # 20 days: 29 February is one of them
    ("5", "a", "2024-04-11", 100.0),  # 40 days; the median of 10, 20, 40 is 20: 1 May
    ("6", "a", "2024-04-20", -80.0),  # a return is no purchase
    ("7", "a", "2024-06-01", 999.0),  # not known yet on 30 April
    ("8", "b", "2024-03-01", 10.0),
    ("9", "b", "2024-03-04", 20.0),
    ("10", "b", "2024-03-08", 30.0),  # 3 and 4 days: 3.5, so 4 days after 8 March
    ("11", "c", "2024-01-05", 70.0),
)
WITH_NONE = pd.DataFrame({"account_id": ["d", "a", "b", "c"]})


def test_purchase_cycle_is_the_median_gap_between_days():
    table = profile.purchase_cycle(ORDERS, DAY).set_index("account_id")
    assert table.index.tolist() == ["a", "b", "c"]
    assert table["order_days"].tolist() == [4, 3, 1]
    assert table["cycle_days"].iloc[:2].tolist() == [20.0, 3.5]
    assert table.loc["a", "last_order_on"] == pd.Timestamp("2024-04-11")
    assert table.loc["a", "next_order_on"] == pd.Timestamp("2024-05-01")
    assert table.loc["b", "next_order_on"] == pd.Timestamp("2024-03-12")
    assert table["overdue"].iloc[:2].tolist() == [False, True]


def test_one_purchase_has_no_cycle_and_is_not_overdue():
    row = profile.purchase_cycle(ORDERS, DAY).set_index("account_id").loc["c"]
    assert pd.isna(row["cycle_days"])
    assert pd.isna(row["next_order_on"])
    assert row["overdue"] is pd.NA


def test_overdue_starts_the_day_after():
    on_the_day = profile.purchase_cycle(ORDERS, "2024-05-01 15:00").set_index("account_id")
    assert not on_the_day.loc["a", "overdue"]
    after = profile.purchase_cycle(ORDERS, "2024-05-02").set_index("account_id")
    assert after.loc["a", "overdue"]


def test_accounts_without_an_order_keep_their_row():
    cycle = profile.purchase_cycle(ORDERS, DAY, WITH_NONE)
    assert cycle["account_id"].tolist() == ["a", "b", "c", "d"]
    assert cycle["order_days"].iloc[3] == 0
    value = profile.rfm(ORDERS, DAY, WITH_NONE).iloc[3]
    assert (value["frequency"], value["monetary"]) == (0, 0.0)
    assert pd.isna(value["recency_days"])
    with pytest.raises(TableError, match="c"):
        profile.rfm(ORDERS, DAY, WITH_NONE.head(3))


def test_rfm_counts_purchases_and_nets_returns():
    table = profile.rfm(ORDERS, DAY).set_index("account_id")
    # 11 April to 30 April is 19 days; five orders; 100 + 50 + 100 + 100 + 100 - 80 = 370.
    assert table.loc["a"].tolist() == [19.0, 5.0, 370.0]
    # 8 March to 30 April: 23 + 30 = 53 days. 5 January: 26 + 29 + 31 + 30 = 116 days.
    assert table["recency_days"].tolist() == [19.0, 53.0, 116.0]


def test_lines_of_one_order_are_one_order():
    lines = make_orders(("1", "a", "2024-02-01", 60.0), ("1", "a", "2024-02-01", 40.0))
    assert profile.rfm(lines, DAY)["frequency"].tolist() == [1]
    assert profile.order_pattern(lines, DAY)["orders"].tolist() == [1, 0, 0]


def test_an_account_that_only_returned_something_has_no_recency():
    table = profile.rfm(make_orders(("1", "a", "2024-02-01", -60.0)), DAY)
    assert table[["frequency", "monetary"]].iloc[0].tolist() == [0, -60.0]
    assert table["recency_days"].isna().all()


def test_pattern_by_month_shows_empty_months_and_marks_the_running_one():
    table = profile.order_pattern(ORDERS, "2024-04-29")
    assert table["month"].tolist() == [1, 2, 3, 4]
    # January c; February 1, 2, 3; March 4, 8, 9, 10; April 5, with the return of 80 in value.
    assert table["orders"].tolist() == [1, 3, 4, 1]
    assert table["value"].tolist() == [70.0, 250.0, 160.0, 20.0]
    assert table["complete"].tolist() == [True, True, True, False]
    assert profile.order_pattern(ORDERS, DAY)["complete"].all()
    gap = profile.order_pattern(make_orders(("1", "a", "2023-11-30", 1.0)), "2024-01-31")
    assert gap[["year", "month", "orders"]].to_numpy().tolist() == [
        [2023, 11, 1],
        [2023, 12, 0],
        [2024, 1, 0],
    ]


def test_pattern_by_quarter():
    """March is in the first quarter, December in the fourth: not month // 3."""
    orders = make_orders(("1", "a", "2024-03-31", 1.0), ("2", "a", "2024-12-31", 2.0))
    table = profile.order_pattern(orders, "2024-12-31", by="quarter")
    assert table["quarter"].tolist() == [1, 2, 3, 4]
    assert table["value"].tolist() == [1.0, 0.0, 0.0, 2.0]
    with pytest.raises(ParameterError, match="week"):
        profile.order_pattern(orders, DAY, by="week")


def test_a_day_before_the_first_order_is_an_error():
    for metric in (profile.rfm, profile.purchase_cycle, profile.order_pattern):
        with pytest.raises(ParameterError, match="2024-01-05"):
            metric(ORDERS, "2024-01-04")
        assert metric(ORDERS.head(0), DAY).empty


@pytest.mark.parametrize("column", ["account_id", "ordered_on", "amount", "order_id"])
def test_a_blank_cell_or_a_missing_column_is_named(column):
    blank = ORDERS.copy()
    blank.loc[2, column] = None
    with pytest.raises(TableError, match=column):
        profile.rfm(blank, DAY)
    with pytest.raises(TableError, match=column):
        profile.purchase_cycle(ORDERS.drop(columns=column), DAY)


def test_missing_fields_count_blanks_spaces_and_absent_columns():
    table = pd.DataFrame(
        {"account_id": ["a", "b"], "segment": [None, "  "], "region": ["x", None], "extra": [1, 2]}
    )
    report = profile.missing_fields(table, ["account_id", "region", "segment", "depth"])
    assert report["field"].tolist() == ["segment", "depth", "region", "account_id"]
    assert report["missing"].tolist() == [2, 2, 1, 0]
    assert report["rate"].tolist() == [1.0, 1.0, 0.5, 0.0]
    assert set(profile.missing_fields(table)["field"]) == set(ACCOUNTS.names)
    assert profile.missing_fields(table.head(0))["rate"].isna().all()


CONTACTS = pd.DataFrame(
    [
        ("a", "p1", "decision_maker", 5, 1.0),
        ("a", "p2", "influencer", 3, -1.0),
        ("a", "p2", "user", 2, 0.5),  # one person in two roles
        ("a", "p3", "user", 10, None),  # stance not known
        ("b", "p4", None, 1, 1.0),
        ("c", "p5", "user", 0, 1.0),
        ("c", "p6", "buyer", 0, -1.0),
    ],
    columns=["account_id", "contact_id", "role", "weight", "stance"],
)


def test_support_is_weighted_over_the_stances_we_know():
    table = profile.decision_unit(CONTACTS).set_index("account_id")
    # a: (5 - 3 + 1) / (5 + 3 + 2) = 0.3; c: weights sum to 0, no support can be said.
    assert table.loc["a", "support"] == pytest.approx(0.3)
    assert table.loc["b", "support"] == 1.0
    assert pd.isna(table.loc["c", "support"])
    assert table["stances_known"].tolist() == [3, 1, 2]
    # As neutral, p3 adds a weight of 10 to the base: 3 of 20.
    neutral = profile.decision_unit(CONTACTS, unknown="neutral").set_index("account_id")
    assert neutral.loc["a", "support"] == pytest.approx(0.15)


def test_roles_persons_and_single_contacts():
    table = profile.decision_unit(CONTACTS, WITH_NONE).set_index("account_id")
    assert table["contacts"].tolist() == [3, 1, 2, 0]
    assert table["roles_covered"].tolist() == [3, 0, 1, 0]
    assert table.loc["c", "coverage"] == pytest.approx(1 / 3)
    assert table.loc["c", "uncovered"] == "decision_maker, influencer"
    assert table["single_contact"].tolist() == [False, True, False, True]
    buyers = profile.decision_unit(CONTACTS, roles=["buyer"]).set_index("account_id")
    assert buyers["coverage"].tolist() == [0.0, 0.0, 1.0]
    assert profile.decision_unit(CONTACTS.head(0)).empty


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"weight": -1}, ParameterError),
        ({"weight": None}, TableError),
        ({"stance": 2.0}, ParameterError),
        ({"contact_id": None}, TableError),
        ({"role": "user", "contact_id": "p1"}, TableError),  # everybody twice in one role
        ({"role": None, "contact_id": "p1"}, TableError),
    ],
)
def test_contacts_that_make_no_sense(change, error):
    with pytest.raises(error):
        profile.decision_unit(CONTACTS.assign(**change))


def test_the_question_must_make_sense():
    with pytest.raises(ParameterError):
        profile.decision_unit(CONTACTS, roles=[])
    with pytest.raises(ParameterError, match="maybe"):
        profile.decision_unit(CONTACTS, unknown="maybe")
    with pytest.raises(TableError, match="contacts"):
        profile.decision_unit(CONTACTS, WITH_NONE.head(2))


LINES = pd.DataFrame(
    [("a", "x", 5.0), ("a", "x", -5.0), ("a", "y", 3.0), ("b", "y", 1.0), ("b", "x", 2.0)],
    columns=["account_id", "product_id", "amount"],
)
POTENTIAL = pd.DataFrame({"account_id": ["a", "b", "c"], "potential": [100.0, None, 300.0]})


def test_white_space_ranks_what_is_not_bought():
    table = profile.white_space(LINES, POTENTIAL)
    # a gave all of x back; b buys both; c buys nothing. y has two buyers of three, x one.
    assert table[["account_id", "product_id"]].to_numpy().tolist() == [
        ["c", "y"],
        ["c", "x"],
        ["a", "x"],
    ]
    assert table["buyers"].tolist() == [2, 1, 1]
    assert table["rate"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    # A product nobody buys yet, and accounts without a known potential.
    new = profile.white_space(LINES, POTENTIAL[["account_id"]], ["z"])
    assert new["account_id"].tolist() == ["a", "b", "c"]
    assert new["rate"].tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(TableError, match="b"):
        profile.white_space(LINES, POTENTIAL.head(1))
    assert profile.white_space(LINES.head(0), POTENTIAL).empty


rows = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 400), st.integers(-50, 500)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 9), st.integers(1, 1000))
def test_order_index_extra_columns_and_unit_of_money(rows, seed, factor):
    start = pd.Timestamp("2023-12-31")
    orders = make_orders(
        *[
            (str(i), account, start + pd.Timedelta(days=days), float(amount))
            for i, (account, days, amount) in enumerate(rows)
        ]
    )
    before = orders.copy()
    moved = orders.sample(frac=1, random_state=seed).assign(extra="x")
    moved.index = [7] * len(moved)
    in_fen = orders.assign(amount=orders["amount"] * factor)
    for metric in (profile.rfm, profile.purchase_cycle, profile.order_pattern):
        expected = metric(orders, "2025-06-30")
        pd.testing.assert_frame_equal(expected, metric(moved, "2025-06-30"))
        scaled = metric(in_fen, "2025-06-30")
        for money in {"value", "monetary"} & set(expected.columns):
            scaled[money] /= factor
        pd.testing.assert_frame_equal(expected, scaled)
    pd.testing.assert_frame_equal(orders, before)
    pattern = profile.order_pattern(orders, "2025-06-30")
    value = profile.rfm(orders, "2025-06-30")
    assert pattern["value"].sum() == value["monetary"].sum() == orders["amount"].sum()
    assert pattern["orders"].sum() == value["frequency"].sum() == (orders["amount"] > 0).sum()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9), st.integers(1, 50))
def test_contacts_and_lines_in_any_order_and_weights_on_any_scale(seed, factor):
    contacts = CONTACTS.sample(frac=1, random_state=seed).assign(extra=1)
    contacts["weight"] = contacts["weight"] * factor
    pd.testing.assert_frame_equal(
        profile.decision_unit(CONTACTS), profile.decision_unit(contacts.set_axis([5] * 7))
    )
    shuffled = LINES.sample(frac=1, random_state=seed).set_axis([5] * 5)
    pd.testing.assert_frame_equal(
        profile.white_space(LINES, POTENTIAL), profile.white_space(shuffled, POTENTIAL[::-1])
    )
