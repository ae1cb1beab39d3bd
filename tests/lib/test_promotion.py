"""Promotions: the dip counts, the discount counts once, no claim is lost."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import promotion
from ka_lib.errors import ParameterError, TableError

# Four weeks at 100, two weeks of promotion, two weeks of dip.
UNITS = [90.0, 110.0, 100.0, 100.0, 250.0, 190.0, 60.0, 90.0]
SALES = pd.DataFrame({"week": pd.date_range("2025-03-03", periods=8, freq="7D"), "units": UNITS})
START, END = "2025-03-31", "2025-04-14"
WINDOWS = {"baseline_weeks": 4, "dip_weeks": 2}


def test_what_was_only_bought_early_is_no_uplift():
    found = promotion.uplift(SALES, START, END, **WINDOWS)
    # Sold 440 against 200: 240 on top; then 150 against 200: 50 bought early; 190 remain.
    assert (found.sold, found.base, found.gross, found.dip, found.net) == (440, 200, 240, 50, 190)
    assert found.rate == 0.95
    without = promotion.uplift(SALES, START, END, baseline_weeks=4, dip_weeks=0)
    assert (without.net, without.dip) == (240, 0)


def test_the_median_bears_an_odd_week():
    odd = SALES.assign(units=[100.0, 500.0, 100.0, 100.0, *UNITS[4:]])
    assert promotion.uplift(odd, START, END, **WINDOWS).baseline == 200
    assert promotion.uplift(odd, START, END, baseline="median", **WINDOWS).baseline == 100


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(8)), st.floats(0.1, 0.9))
def test_stores_add_up_in_any_order(order, part):
    before = SALES.copy()
    shares = [SALES["units"] * part, SALES["units"] * (1 - part)]
    stores = pd.concat([SALES.assign(units=units, store=i) for i, units in enumerate(shares)])
    shuffled = stores.iloc[[*order, *(i + 8 for i in order)]]
    found = promotion.uplift(shuffled, START, END, **WINDOWS)
    assert vars(found) == pytest.approx(
        vars(promotion.uplift(SALES, START, END, **WINDOWS)), abs=1e-9
    )
    pd.testing.assert_frame_equal(SALES, before)


def test_no_baseline_no_rate():
    new = SALES.assign(units=[0.0] * 4 + [10.0] * 4)
    found = promotion.uplift(new, START, END, **WINDOWS)
    assert math.isnan(found.rate)
    assert (found.gross, found.dip) == (20, -20)


@pytest.mark.parametrize(
    ("frame", "start", "end", "windows"),
    [
        (SALES, END, START, WINDOWS),
        (SALES, START, "2025-04-10", WINDOWS),
        (SALES, "2025-04-02", "2025-04-16", WINDOWS),
        (SALES.drop(index=2), START, END, WINDOWS),
        (SALES.head(7), START, END, WINDOWS),
        (SALES.head(0), START, END, WINDOWS),
        (SALES.head(1), START, END, WINDOWS),
        (SALES, START, END, {}),
        (SALES, START, END, {"baseline_weeks": 0}),
        (SALES, START, END, {"dip_weeks": 1.5}),
        (SALES, START, END, {**WINDOWS, "baseline": "max"}),
    ],
)
def test_weeks_that_are_not_there(frame, start, end, windows):
    with pytest.raises(ParameterError):
        promotion.uplift(frame, start, end, **windows)


def test_negative_units_are_refused():
    with pytest.raises(TableError):
        promotion.uplift(SALES.assign(units=-1.0), START, END, **WINDOWS)


def test_the_discount_on_units_that_would_have_sold_anyway_is_a_cost():
    # 440 units at 2 yuan off, and 500 for the display: 1,380. 190 extra units at 6 earn 1,140.
    spent = promotion.cost(440, discount_per_unit=2, fees=500)
    assert spent == 1380
    found = promotion.roi(190, profit_per_unit=6, cost=spent)
    assert (found.profit, found.roi) == (1140, pytest.approx(0.826087, abs=1e-6))
    # Less the cost: (1,140 - 1,380) / 1,380.
    assert promotion.roi(190, 6, spent, of="net").roi == pytest.approx(-0.173913, abs=1e-6)
    assert math.isnan(promotion.roi(190, 6, 0).roi)
    with pytest.raises(ParameterError):
        promotion.roi(190, 6, -1)
    with pytest.raises(ParameterError):
        promotion.roi(190, 6, 1, of="both")


ACCRUALS = pd.DataFrame(
    [
        ("A", "f1", "2025-01-31", 100.0),
        ("A", "f2", "2025-02-28", 200.0),
        ("A", "f3", "2025-03-31", 0.3),
        ("B", "f1", "2025-04-30", 50.0),
        ("B", "f2", "2025-05-31", 40.0),
        ("B", "late", "2025-07-31", 900.0),
    ],
    columns=["account_id", "fee_id", "accrued_on", "amount"],
)
CLAIMS = pd.DataFrame(
    [
        ("c1", "A", "f2", "2025-04-10", 50.0),
        ("c2", "A", "f2", "2025-05-10", 70.0),
        ("c3", "A", "f3", "2025-05-10", 0.1),
        ("c4", "A", "f3", "2025-05-10", 0.2),
        ("c5", "B", "f1", "2025-05-10", 60.0),
        ("c6", "B", "none", "2025-05-10", 30.0),
        ("c7", "A", "f1", "2025-07-10", 100.0),
    ],
    columns=["claim_id", "account_id", "fee_id", "settled_on", "amount"],
)


def test_every_fee_and_every_claim_is_listed():
    table = promotion.claims(ACCRUALS, CLAIMS, "2025-06-30")
    # What is dated July is not known at the end of June. Equal amounts stand in order of ids.
    assert table[["account_id", "fee_id", "claim_state"]].to_numpy().tolist() == [
        ["A", "f1", "open"],
        ["A", "f2", "partly"],
        ["B", "f2", "open"],
        ["A", "f3", "settled"],
        ["B", "f1", "over"],
        ["B", "none", "unaccrued"],
    ]
    assert table["open"].tolist() == [100, 80, 40, 0, 0, 0]
    assert table["over"].tolist() == [0, 0, 0, 0, 10, 30]
    assert table["settled_rate"].iloc[:3].tolist() == [0.0, 0.6, 0.0]
    assert math.isnan(table["settled_rate"].iloc[5])
    # 31 January to 30 June 2025: 28 + 31 + 30 + 31 + 30 days.
    assert table["days_open"].iloc[0] == 150
    assert table["days_open"].iloc[3:].isna().all()


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(7)), st.permutations(range(6)))
def test_the_order_of_claims_does_not_matter_and_nothing_is_lost(claims, accruals):
    table = promotion.claims(
        ACCRUALS.iloc[accruals].set_axis([0] * 6).assign(note="x"),
        CLAIMS.iloc[claims].set_axis([1] * 7).assign(note="x"),
        "2025-12-31",
    )
    pd.testing.assert_frame_equal(table, promotion.claims(ACCRUALS, CLAIMS, "2025-12-31"))
    assert table["accrued"].sum() == pytest.approx(ACCRUALS["amount"].sum())
    assert table["settled"].sum() == pytest.approx(CLAIMS["amount"].sum())
    assert (table["open"] - table["over"]).sum() == pytest.approx(
        ACCRUALS["amount"].sum() - CLAIMS["amount"].sum()
    )


def test_claims_on_empty_tables():
    assert promotion.claims(ACCRUALS.head(0), CLAIMS.head(0), "2025-06-30").empty
    only = promotion.claims(ACCRUALS.head(1), CLAIMS.head(0), "2025-06-30")
    assert only["claim_state"].tolist() == ["open"]
    unbooked = promotion.claims(ACCRUALS.head(0), CLAIMS.head(1), "2025-06-30")
    assert unbooked["claim_state"].tolist() == ["unaccrued"]


@pytest.mark.parametrize(
    ("accruals", "claims"),
    [
        (pd.concat([ACCRUALS, ACCRUALS]), CLAIMS),
        (ACCRUALS, pd.concat([CLAIMS, CLAIMS])),
        (ACCRUALS.assign(amount=-1.0), CLAIMS),
        (ACCRUALS, CLAIMS.assign(fee_id=None)),
    ],
)
def test_a_fee_or_a_claim_twice_is_refused(accruals, claims):
    with pytest.raises(TableError):
        promotion.claims(accruals, claims, "2025-06-30")
