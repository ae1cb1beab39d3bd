"""Concentration against arithmetic written out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ka_lib import concentration
from ka_lib.errors import ParameterError, TableError
from ka_lib.funnel import Rate

# a: 50 + 30 - 10 returned = 70; b: 20; c: 10; d: 5 - 5 = 0. Total 100.
ORDERS = pd.DataFrame(
    {
        "order_id": list("1234567"),
        "account_id": ["a", "b", "a", "c", "a", "d", "d"],
        "amount": [50.0, 20.0, 30.0, 10.0, -10.0, 5.0, -5.0],
        "gross_profit": [1.0, 8.0, 1.0, 6.0, 0.0, 2.0, -2.0],
    }
)
# c belongs to b, b to d: the group is d.
ACCOUNTS = pd.DataFrame({"account_id": list("abcd"), "parent_id": [None, "d", "b", None]})


def test_accounts_are_ranked_net_of_returns():
    table = concentration.pareto(ORDERS)
    assert table["account_id"].tolist() == ["a", "b", "c", "d"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["value"].tolist() == [70.0, 20.0, 10.0, 0.0]
    assert table["share"].tolist() == [0.7, 0.2, 0.1, 0.0]
    assert table["cumulative_share"].tolist() == pytest.approx([0.7, 0.9, 1.0, 1.0])


def test_by_gross_profit_the_ranking_is_another():
    """B 8, c 6, a 1 + 1 = 2, d 2 - 2 = 0: the largest customer barely pays."""
    table = concentration.pareto(ORDERS, "gross_profit")
    assert table["account_id"].tolist() == ["b", "c", "a", "d"]
    assert table["share"].tolist() == [0.5, 0.375, 0.125, 0.0]


def test_subsidiaries_count_once_under_the_top_of_their_group():
    table = concentration.pareto(ORDERS, accounts=ACCOUNTS, roll_up=True)
    # d has b's 20, c's 10 and its own 0.
    assert dict(zip(table["account_id"], table["value"], strict=True)) == {"a": 70.0, "d": 30.0}
    assert concentration.top_parent(ACCOUNTS).to_dict() == {"a": "a", "b": "d", "c": "d", "d": "d"}
    # Without the switch the accounts table changes nothing.
    assert len(concentration.pareto(ORDERS, accounts=ACCOUNTS)) == 4


def test_a_long_chain_of_parents_leads_to_its_top():
    ids = [f"a{i:03}" for i in range(100)]
    chain = pd.DataFrame({"account_id": ids, "parent_id": [None, *ids[:-1]]})
    assert set(concentration.top_parent(chain)) == {"a000"}
    no_groups = chain[["account_id"]]
    assert concentration.top_parent(no_groups).tolist() == ids


@pytest.mark.parametrize("parents", [["a", None, None], ["b", "a", None], ["b", "c", "a"]])
def test_parents_in_a_circle_are_named(parents):
    accounts = pd.DataFrame({"account_id": list("abc"), "parent_id": parents})
    with pytest.raises(ParameterError, match="a"):
        concentration.top_parent(accounts)


def test_an_account_that_returned_more_than_it_bought_stays_in_sight():
    """60, 60 and -20: of 100 the shares are 60 %, 60 % and -20 %."""
    orders = pd.DataFrame({"account_id": list("abc"), "amount": [60.0, 60.0, -20.0]})
    table = concentration.pareto(orders)
    assert table["share"].tolist() == [0.6, 0.6, -0.2]
    assert table["cumulative_share"].tolist() == pytest.approx([0.6, 1.2, 1.0])
    # The index knows two equal accounts: 10,000 / 2.
    assert concentration.hhi(table) == pytest.approx(5000)


def test_the_top_fifth_is_rounded_up_unless_told():
    """20 % of 4 accounts is 0.8: one account up, none down. 50 % is two either way."""
    table = concentration.pareto(ORDERS)
    assert concentration.top_share(table) == concentration.TopShare(0.7, 70.0, 100.0, 1, 4)
    assert concentration.top_share(table, rounding="floor").count == 0
    assert concentration.top_share(table, 0.5).value == 90.0
    assert concentration.top_share(table, 0.5, "floor").value == 90.0


@pytest.mark.parametrize(
    ("number", "fraction", "count"), [(100, 0.07, 7), (100, 0.29, 29), (63, 0.2, 13), (5, 1, 5)]
)
def test_floating_point_adds_no_account(number, fraction, count):
    # 0.07 * 100 is 7.000000000000001 and 0.29 * 100 is 28.999999999999996 in a computer.
    table = concentration.pareto(
        pd.DataFrame({"account_id": [f"a{i}" for i in range(number)], "amount": 1.0})
    )
    assert concentration.top_share(table, fraction).count == count
    if number == 100:
        assert concentration.top_share(table, fraction, "floor").count == count


def test_accounts_needed_to_reach_a_share():
    table = concentration.pareto(ORDERS)
    assert concentration.accounts_to_reach(table) == Rate(0.5, 2.0, 4.0)  # 70 % < 80 % <= 90 %
    assert concentration.accounts_to_reach(table, 0.7).count == 1  # exactly 70 % is enough
    assert concentration.accounts_to_reach(table, 1).count == 3


def test_herfindahl_index_in_points():
    # 70^2 + 20^2 + 10^2 = 4900 + 400 + 100.
    assert concentration.hhi(concentration.pareto(ORDERS)) == pytest.approx(5400)


def test_what_if_the_largest_account_leaves():
    table = concentration.pareto(ORDERS)
    exposure = concentration.largest(table)
    # 30 are left; to make 100 again they would have to grow by 70 / 30.
    assert exposure == concentration.Exposure("a", 0.7, 70.0, 30.0, 70 / 30)
    rest = concentration.without(table, ["a"])
    assert rest["account_id"].tolist() == ["b", "c", "d"]
    assert rest["rank"].tolist() == [1, 2, 3]
    assert rest["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])
    pd.testing.assert_frame_equal(rest, concentration.without(table, "a"))
    with pytest.raises(ParameterError, match="z"):
        concentration.without(table, ["z"])


def test_no_orders_give_missing_values_not_zeros():
    table = concentration.pareto(ORDERS.head(0))
    assert table.columns.tolist() == ["rank", "account_id", "value", "share", "cumulative_share"]
    assert math.isnan(concentration.top_share(table).share)
    assert math.isnan(concentration.accounts_to_reach(table).rate)
    assert math.isnan(concentration.hhi(table))
    assert math.isnan(concentration.largest(table).share)
    assert concentration.largest(table).account_id is None


def test_a_total_of_nothing_has_no_shares():
    table = concentration.pareto(ORDERS[ORDERS["account_id"] == "d"])
    assert table["share"].isna().all()
    assert math.isnan(concentration.accounts_to_reach(table).count)
    assert math.isnan(concentration.largest(table).growth_needed)


def test_one_account_is_everything():
    table = concentration.pareto(ORDERS[ORDERS["account_id"] == "b"])
    assert concentration.hhi(table) == 10_000
    assert concentration.largest(table).share == 1.0
    assert math.isnan(concentration.largest(table).growth_needed)  # nobody is left to grow


def test_a_blank_account_or_value_is_an_error_that_names_the_row():
    blank = ORDERS.copy()
    blank.loc[[1, 4], "account_id"] = None
    with pytest.raises(TableError) as caught:
        concentration.pareto(blank)
    assert "account_id" in str(caught.value)
    assert "2" in str(caught.value)
    with pytest.raises(TableError, match="gross_profit"):
        concentration.pareto(ORDERS.assign(gross_profit=float("nan")), "gross_profit")
    with pytest.raises(TableError, match="gross_profit"):
        concentration.pareto(ORDERS[["account_id", "amount"]], "gross_profit")


@pytest.mark.parametrize(
    ("accounts", "word"),
    [
        (ACCOUNTS.head(3), "d"),  # an order's account and b's parent are not there
        (ACCOUNTS.assign(parent_id=[None, "x", None, None]), "x"),
        (pd.concat([ACCOUNTS, ACCOUNTS.tail(1)]), "d"),
    ],
)
def test_a_roll_up_needs_every_account_once(accounts, word):
    with pytest.raises(TableError, match=word):
        concentration.pareto(ORDERS, accounts=accounts, roll_up=True)


def test_parameters_that_make_no_sense():
    table = concentration.pareto(ORDERS)
    with pytest.raises(ParameterError, match="accounts"):
        concentration.pareto(ORDERS, roll_up=True)
    with pytest.raises(ParameterError, match="profit"):
        concentration.pareto(ORDERS, "profit")
    for wrong in (0, -0.2, 20, float("nan")):
        with pytest.raises(ParameterError):
            concentration.top_share(table, wrong)
        with pytest.raises(ParameterError):
            concentration.accounts_to_reach(table, wrong)
    with pytest.raises(ParameterError, match="up"):
        concentration.top_share(table, rounding="up")


lines = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.integers(-100, 1000)), min_size=1, max_size=40
)


@settings(max_examples=50, deadline=None)
@given(lines, st.integers(0, 9))
def test_order_index_and_extra_columns_change_nothing(rows, seed):
    orders = pd.DataFrame(rows, columns=["account_id", "amount"])
    orders["amount"] /= 10  # tenths do not add up exactly: ties must still be ties
    before = orders.copy()
    table = concentration.pareto(orders)
    pd.testing.assert_frame_equal(orders, before)
    shuffled = orders.sample(frac=1, random_state=seed).assign(extra="x")
    shuffled.index = [7] * len(shuffled)
    pd.testing.assert_frame_equal(table, concentration.pareto(shuffled))
    upside_down = table[::-1].set_axis([3] * len(table))
    for metric in (concentration.largest, concentration.top_share, concentration.hhi):
        assert repr(metric(upside_down)) == repr(metric(table))  # repr: missing equals missing


@settings(max_examples=50, deadline=None)
@given(lines, st.integers(1, 1000))
def test_shares_do_not_depend_on_the_unit_of_money(rows, factor):
    orders = pd.DataFrame(rows, columns=["account_id", "amount"])
    table = concentration.pareto(orders)
    assume(table["value"].sum() > 0)
    scaled = concentration.pareto(orders.assign(amount=orders["amount"] * factor))
    pd.testing.assert_series_equal(table["share"], scaled["share"])
    assert concentration.hhi(scaled) == pytest.approx(concentration.hhi(table))
    assert concentration.accounts_to_reach(scaled) == concentration.accounts_to_reach(table)


@settings(max_examples=50, deadline=None)
@given(lines)
def test_the_parts_add_up(rows):
    orders = pd.DataFrame(rows, columns=["account_id", "amount"])
    table = concentration.pareto(orders).set_index("account_id")["value"]
    assert table.sum() == orders["amount"].sum()
    halves = [concentration.pareto(orders[i::2]).set_index("account_id")["value"] for i in (0, 1)]
    pd.testing.assert_series_equal(
        table.sort_index(), halves[0].add(halves[1], fill_value=0).sort_index()
    )
    index = concentration.hhi(table.reset_index())
    assert math.isnan(index) or 0 < index <= 10_000 + 1e-6
