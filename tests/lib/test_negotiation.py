"""Negotiation: figures worked by hand, and the slips that people make with them."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import negotiation as deal
from ka_lib.errors import ParameterError, TableError

MONEY = st.floats(0.01, 1e8)
OFFER = {
    "upfront": 0.0,
    "unit_price": 0.0,
    "units_per_year": 0.0,
    "lot_units": 0.0,
    "yearly_cost": 0.0,
    "residual": 0.0,
}


def offers(**named: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame([{"offer": name, **OFFER, **given} for name, given in named.items()])


THREE = offers(
    cheap={"unit_price": 9.0, "units_per_year": 1000.0, "lot_units": 400.0, "yearly_cost": 1500.0},
    dear={"unit_price": 10.0, "units_per_year": 1000.0, "lot_units": 100.0},
    chiller={
        "upfront": 6000.0,
        "unit_price": 8.0,
        "units_per_year": 1000.0,
        "lot_units": 100.0,
        "residual": 1000.0,
    },
)


def test_the_lowest_unit_price_is_not_the_lowest_cost():
    table = deal.tco(THREE, 3, carrying_rate=0.2).set_index("offer")
    # cheap: 3 * (9,000 + 400/2 * 9 * 0.2 = 360 + 1,500) = 32,580
    # dear: 3 * (10,000 + 100/2 * 10 * 0.2 = 100) = 30,300
    # chiller: 6,000 + 3 * (8,000 + 100/2 * 8 * 0.2 = 80) - 1,000 = 29,240
    assert table["nominal"].to_dict() == {"chiller": 29_240.0, "dear": 30_300.0, "cheap": 32_580.0}
    assert table["carrying"].to_dict() == {"chiller": 240.0, "dear": 300.0, "cheap": 1080.0}
    assert list(table.index) == ["chiller", "dear", "cheap"]
    assert (table["discounted"] == table["nominal"]).all()


def test_a_present_value_discounts_the_residual_too():
    one = offers(a={"upfront": 1000.0, "yearly_cost": 110.0, "residual": 121.0})
    # 1000 + 110/1.1 + 110/1.21 - 121/1.21 = 1000 + 100 + 90.909091 - 100
    table = deal.tco(one, 2, discount_rate=0.1)
    assert table["discounted"].item() == pytest.approx(1090.9090909)
    assert table["nominal"].item() == 1000 + 220 - 121
    # Paid at the start: 1000 + 110 + 100 - 100.
    early = deal.tco(one, 2, discount_rate=0.1, payments="start")
    assert early["discounted"].item() == pytest.approx(1110.0)


def test_five_years_at_8_percent_as_in_an_annuity_table():
    """The table of every finance textbook: 3.9927 for 5 years at 8 %; 0.6806 for one payment."""
    one = offers(a={"yearly_cost": 1.0}, b={"yearly_cost": 1.0, "residual": 1.0})
    table = deal.tco(one, 5, discount_rate=0.08).set_index("offer")["discounted"]
    assert table["a"] == pytest.approx(3.9927, abs=5e-5)
    assert table["a"] - table["b"] == pytest.approx(0.6806, abs=5e-5)


def test_neither_order_nor_index_nor_other_columns_matter_and_money_scales():
    given_offers = THREE.copy()
    plain = deal.tco(THREE, 4, discount_rate=0.1, carrying_rate=0.2)
    shuffled = THREE.iloc[[2, 0, 1]].set_axis([7, 7, 7]).assign(note="x")
    pd.testing.assert_frame_equal(
        deal.tco(shuffled, 4, discount_rate=0.1, carrying_rate=0.2), plain
    )
    money = ["upfront", "unit_price", "yearly_cost", "residual"]
    tenfold = THREE.assign(**{name: THREE[name] * 10 for name in money})
    scaled = deal.tco(tenfold, 4, discount_rate=0.1, carrying_rate=0.2)
    assert scaled["discounted"].tolist() == pytest.approx((plain["discounted"] * 10).tolist())
    pd.testing.assert_frame_equal(THREE, given_offers)


def test_equal_offers_stand_in_the_order_of_their_names_and_no_offer_is_no_row():
    assert deal.tco(offers(b={}, a={}), 1)["offer"].tolist() == ["a", "b"]
    assert deal.tco(THREE.head(0), 3).empty


@pytest.mark.parametrize(
    "frame",
    [
        THREE.drop(columns="residual"),
        THREE.assign(residual=[1.0, None, 1.0]),
        THREE.assign(residual=[1.0, -1.0, 1.0]),
        THREE.assign(unit_price=["9", "10", "8"]),
        THREE.assign(offer="same"),
    ],
)
def test_an_offer_with_a_hole_or_a_wrong_sign_is_refused(frame):
    with pytest.raises(TableError, match="offers"):
        deal.tco(frame, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        {"years": 0},
        {"years": 2.5},
        {"years": float("nan")},
        {"years": 3, "discount_rate": 10},
        {"years": 3, "payments": "monthly"},
    ],
)
def test_years_and_rates_that_make_no_sense(arguments):
    with pytest.raises(ParameterError):
        deal.tco(THREE, **arguments)


def test_reservation_prices_come_from_the_alternatives():
    # The rival costs 95 in all, we are worth 4 more, moving to it costs 2: up to 101.
    assert deal.buyer_ceiling(95, better_by=4, switching_cost=2) == 101
    # Serving costs 80, the goods would earn 8 elsewhere: from 88.
    assert deal.seller_floor(80, contribution_elsewhere=8) == 88


def test_a_range_a_point_and_none():
    assert deal.zopa(88, 101) == deal.Zopa("interval", 88, 101, 13, 0.0)
    assert deal.zopa(0.1 + 0.2, 0.3).kind == "point"
    none = deal.zopa(101, 88)
    assert (none.kind, none.gap) == ("none", 13)
    assert math.isnan(none.width)


@given(MONEY, MONEY)
def test_a_range_is_ordered_and_never_of_negative_width(floor, ceiling):
    area = deal.zopa(floor, ceiling)
    if area.kind == "none":
        assert floor > ceiling
        assert area.gap > 0
    else:
        assert area.low <= area.high
        assert area.width >= 0


def test_the_surplus_is_split_at_the_price():
    # Of 13 to share, 91 leaves 3 to the seller and 10 to the buyer.
    assert deal.surplus(91, 88, 101) == deal.Surplus(3, 10, 3 / 13)
    assert math.isnan(deal.surplus(88, 88, 88).seller_share)
    with pytest.raises(ParameterError, match="102"):
        deal.surplus(102, 88, 101)
    with pytest.raises(ParameterError):
        deal.surplus(95, 101, 88)


def test_a_plan_of_concessions_counts_in_margin_points():
    plan = deal.concession_plan(100, [4, 2, 1], unit_cost=70)
    assert plan["price"].tolist() == [100, 96, 94, 93]
    assert plan["discount"].iloc[-1] == pytest.approx(0.07)
    # Margin 30/100 = 30 % at the start, 23/93 = 24.731 % at the end: 7 % off is 5.269 points.
    assert plan["margin"].tolist() == pytest.approx([0.30, 26 / 96, 24 / 94, 23 / 93])
    assert plan["margin_points"].iloc[-1] == pytest.approx(0.0526882, abs=1e-7)


@given(st.floats(0.01, 1e6), st.integers(1, 10), st.floats(0.1, 0.9))
def test_steps_shrink_and_sum_to_what_may_be_given(total, rounds, ratio):
    steps = deal.decreasing_steps(total, rounds, ratio)
    assert sum(steps) == pytest.approx(total)
    assert all(later < earlier for earlier, later in pairwise(steps))
    assert len(deal.concession_plan(total * 2, steps, 0)) == rounds + 1


@pytest.mark.parametrize("steps", [[1, 2], [2, 2], [0], [-1], [3, 0], [60, 40]])
def test_steps_that_grow_or_give_everything_away(steps):
    with pytest.raises(ParameterError):
        deal.concession_plan(100, steps, unit_cost=70)


def test_a_plan_without_steps_is_the_opening():
    assert deal.concession_plan(100, [], 70)["margin"].tolist() == pytest.approx([0.3])


def test_volume_to_break_even_as_in_pricing_textbooks():
    # The usual table: at a margin of 25 %, 5 % off needs 25 % more; at 30 %, 10 % off needs 50 %.
    assert deal.breakeven_volume(0.05, 0.25) == pytest.approx(0.25)
    assert deal.breakeven_volume(0.10, 0.30) == pytest.approx(0.50)
    # A fee of 20,000 on 1,000,000 is 2 %: (0.03 + 0.02) / (0.25 - 0.03).
    assert deal.breakeven_volume(0.03, 0.25, 20_000, 1_000_000) == pytest.approx(0.2272727)
    assert deal.breakeven_volume(0, 0.25) == 0


@given(st.floats(0, 0.3), st.floats(0.35, 0.9), st.floats(0, 1e5), st.floats(1e5, 1e8))
def test_at_break_even_the_profit_is_the_same(discount, margin, fee, revenue):
    more = deal.breakeven_volume(discount, margin, fee, revenue)
    profit = (1 + more) * revenue * (margin - discount) - fee
    assert profit == pytest.approx(revenue * margin)


@pytest.mark.parametrize(
    "arguments", [(0.3, 0.3), (0.4, 0.3), (3, 30), (0.03, 0.25, 100), (0.03, 0.25, 100, 0)]
)
def test_no_volume_makes_up_for_the_whole_margin(arguments):
    with pytest.raises(ParameterError):
        deal.breakeven_volume(*arguments)


def test_discounts_multiply():
    assert deal.chain_discounts(0.10, 0.05) == pytest.approx(0.145)  # not 15 %
    assert deal.chain_discounts() == 0
    with pytest.raises(ParameterError):
        deal.chain_discounts(10, 5)


@given(st.permutations([0.1, 0.05, 0.02]))
def test_the_order_of_discounts_does_not_matter(discounts):
    assert deal.chain_discounts(*discounts) == pytest.approx(1 - 0.9 * 0.95 * 0.98)


def test_thirty_more_days_against_three_percent_off():
    # 12 million a year, 30 more days at 6 %: 12,000,000 * 0.06 * 30 / 365 = 59,178.08;
    # 3 % off would be 360,000.
    assert deal.credit_cost(12_000_000, 30, 0.06) == pytest.approx(59_178.08, abs=0.005)
    assert deal.credit_cost(12_000_000, 30, 0.06, days_in_year=360) == pytest.approx(60_000)
    with pytest.raises(ParameterError):
        deal.credit_cost(100, 30, 6)
    with pytest.raises(ParameterError):
        deal.credit_cost(100, -30, 0.06)


def test_waiting_costs_every_month_and_a_season():
    assert deal.delay_cost(20_000, 3, one_off=15_000) == 75_000


def test_margin_is_on_the_price_and_markup_on_the_cost():
    assert deal.gross_margin(125, 100) == 0.2
    assert deal.markup(125, 100) == 0.25
    assert deal.margin_to_markup(0.2) == pytest.approx(0.25)
    assert deal.markup_to_margin(0.25) == pytest.approx(0.2)
    assert deal.gross_margin(80, 100) == pytest.approx(-0.25)
    for wrong in (lambda: deal.gross_margin(0, 1), lambda: deal.markup(1, 0)):
        with pytest.raises(ParameterError):
            wrong()


@given(st.floats(0, 0.99))
def test_there_and_back_again(margin):
    assert deal.markup_to_margin(deal.margin_to_markup(margin)) == pytest.approx(margin)
