"""Distribution, shelf, stock cover and loading, by hand on a few stores."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import language, sellout
from ka_lib.errors import ParameterError, TableError

STORES = pd.DataFrame(
    {
        "store_id": ["S1", "S2", "S3", "S4"],
        "account_id": ["A", "A", "B", "B"],
        "region": ["x", "y", "x", "x"],
    }
)
COLUMNS = ["week", "store_id", "product_id", "units", "amount", "stock_units", "on_shelf"]
WEEKS = pd.DataFrame(
    [
        ("2025-11-17", "S1", "P1", 10, 100.0, 30.0, True),
        ("2025-11-24", "S1", "P1", 20, 200.0, 15.0, True),
        ("2025-11-17", "S2", "P1", 0, 0.0, 5.0, True),
        ("2025-11-24", "S2", "P1", 0, 0.0, None, False),
        ("2025-11-24", "S2", "P2", 40, 600.0, 0.0, False),
        ("2025-11-24", "S3", "P2", 0, 0.0, None, False),
        ("2025-11-24", "S3", "P1", 10, 100.0, 60.0, True),
    ],
    columns=COLUMNS,
).assign(week=lambda frame: pd.to_datetime(frame["week"]))


def test_numeric_and_weighted_distribution_by_hand():
    table = sellout.distribution(WEEKS, STORES).set_index("product_id")
    # P1: S1, S2 (had stock), S3 of four stores; P2: S2 alone. S4 carries nothing of ours.
    assert table["stores_carrying"].to_dict() == {"P1": 3, "P2": 1}
    assert table["numeric_rate"].to_dict() == {"P1": 0.75, "P2": 0.25}
    # Turnover: S1 300, S2 600, S3 100.
    assert table["turnover_carrying"].to_dict() == {"P1": 1000, "P2": 600}
    assert table["weighted_rate"].to_dict() == {"P1": 1, "P2": 0.6}
    # One account: its stores and their sell-out.
    own = STORES[STORES["account_id"] == "B"]
    only = sellout.distribution(WEEKS[WEEKS["store_id"] == "S3"], own)
    assert only[["product_id", "stores_carrying", "stores"]].to_numpy().tolist() == [
        ["P1", 1, 2],
        ["P2", 0, 2],
    ]


def test_distribution_without_turnover_or_rows():
    nothing = WEEKS.assign(amount=0.0)
    assert sellout.distribution(nothing, STORES)["weighted_rate"].isna().all()
    assert sellout.distribution(WEEKS.head(0), STORES).empty
    one = sellout.distribution(WEEKS.head(1).drop(columns="stock_units"), STORES)
    assert one["numeric_rate"].tolist() == [0.25]


def test_availability_is_a_share_of_checks():
    table = sellout.on_shelf(WEEKS).set_index("product_id")
    assert table.loc["P1", ["found", "checks", "osa"]].tolist() == [4, 5, 0.8]
    assert table["oos"].round(9).to_dict() == {"P1": 0.2, "P2": 1}
    by_region = sellout.on_shelf(WEEKS, ["account_id", "region"], STORES)
    assert by_region[["account_id", "region", "found", "checks"]].to_numpy().tolist() == [
        ["A", "x", 2, 2],
        ["A", "y", 1, 3],
        ["B", "x", 1, 2],
    ]
    unchecked = WEEKS.assign(on_shelf=WEEKS["on_shelf"].astype("object").where(WEEKS["units"] > 0))
    assert sellout.on_shelf(unchecked)["checks"].sum() == 4
    assert sellout.on_shelf(WEEKS.head(0)).empty


def test_stock_cover_by_hand():
    table = sellout.stock_cover(WEEKS, "2025-11-24", weeks=2).set_index("product_id")
    # P1: S1 30 units and S3 10 units in two weeks, stock 15 + 60; S2's stock is not known.
    assert table.loc["P1", ["stock_units", "weekly_units", "cover_weeks"]].tolist() == [
        75,
        20,
        3.75,
    ]
    assert table.loc["P1", ["lines", "lines_unknown"]].tolist() == [2, 1]
    # P2: S2 has no stock and sells 20 a week; S3's is not known.
    assert table.loc["P2", ["stock_units", "cover_weeks", "lines_unknown"]].tolist() == [0, 0, 1]
    by_account = sellout.stock_cover(WEEKS, "2025-11-24", 2, "account_id", STORES)
    assert by_account["cover_weeks"].tolist() == [15 / 35, 60 / 5]
    still = sellout.stock_cover(WEEKS.assign(units=0), "2025-11-24", 1).set_index("product_id")
    assert math.isnan(still.loc["P1", "cover_weeks"])


def two_years(december: float, stock: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make orders and sell-out of account A in which sell-out grows 10 % in December 2024."""
    mondays = pd.date_range("2023-10-30", "2025-01-27", freq="7D")
    weeks = pd.DataFrame({"week": mondays, "store_id": "S1", "product_id": "P1"})
    late = weeks["week"] >= "2024-10-28"
    weeks["units"] = late.map({True: 110.0, False: 100.0})
    weeks["amount"] = weeks["units"] * 10
    loaded = weeks["week"] >= "2024-12-02"
    weeks["stock_units"] = loaded.map({True: stock, False: 220.0})
    orders = pd.DataFrame(
        [("A", "2023-12-01", 1000.0), ("A", "2023-12-31", 1000.0), ("A", "2024-12-02", december),
         ("A", "2024-11-30", 5e6), ("A", "2025-01-01", 5e6), ("Z", "2024-12-02", 5e6)],
        columns=["account_id", "ordered_on", "amount"],
    )  # fmt: skip
    return orders, weeks


DECEMBER = ("2024-12-01", "2025-01-01")
ONE = STORES.head(1)


def test_orders_that_outrun_the_till_and_pile_up_are_loading():
    row = sellout.sell_in_vs_sell_out(*two_years(3800, 550), ONE, DECEMBER).iloc[0]
    assert row[["sell_in_before", "sell_in"]].tolist() == [2000, 3800]
    assert row["sell_in_growth"] == pytest.approx(0.9)
    # Five Mondays in December 2024 (2nd to 30th) against five 52 weeks before: 5,500 to 5,000.
    assert row[["sell_out_before", "sell_out"]].tolist() == [5000, 5500]
    assert row["sell_out_growth"] == pytest.approx(0.1)
    assert row["growth_gap"] == pytest.approx(0.8)
    assert row[["cover_before", "cover_weeks"]].tolist() == [2, 5]
    assert bool(row["loading"])
    # Fast growth that the shoppers carry is none; nor is a pile of stock without orders.
    assert not sellout.sell_in_vs_sell_out(*two_years(3800, 220), ONE, DECEMBER)["loading"].any()
    assert not sellout.sell_in_vs_sell_out(*two_years(2300, 550), ONE, DECEMBER)["loading"].any()
    # The cover rises from 2 to 2.4 weeks.
    small = two_years(3800, 264)
    assert not sellout.sell_in_vs_sell_out(*small, ONE, DECEMBER)["loading"].any()
    assert sellout.sell_in_vs_sell_out(*small, ONE, DECEMBER, least_rise=0.3)["loading"].all()


def test_what_cannot_be_compared_is_missing():
    orders, weeks = two_years(3800, 550)
    late = orders[orders["ordered_on"] > "2024-06-01"]
    row = sellout.sell_in_vs_sell_out(late, weeks, ONE, DECEMBER).iloc[0]
    assert math.isnan(row["sell_in_growth"])
    assert pd.isna(row["loading"])
    # A store that only opened this year shows in the count of stores.
    new = weeks.assign(store_id="S2")[weeks["week"] > "2024-06-01"]
    both = pd.concat([weeks, new])
    row = sellout.sell_in_vs_sell_out(orders, both, STORES.head(2), DECEMBER).iloc[0]
    assert row[["stores_before", "stores"]].tolist() == [1, 2]


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(len(WEEKS))))
def test_order_index_and_extra_columns_do_not_matter(order):
    other = WEEKS.iloc[order].assign(note="x").set_axis([0] * len(WEEKS))
    untouched = other.copy()
    shops = STORES.iloc[::-1]
    for figure in (
        sellout.distribution,
        lambda rows, stores: sellout.on_shelf(rows, ["account_id", "week"], stores),
        lambda rows, stores: sellout.stock_cover(rows, "2025-11-24", 2, "region", stores),
    ):
        pd.testing.assert_frame_equal(figure(other, shops), figure(WEEKS, STORES))
    pd.testing.assert_frame_equal(other, untouched)


def test_loading_in_any_order():
    orders, weeks = two_years(3800, 550)
    pd.testing.assert_frame_equal(
        sellout.sell_in_vs_sell_out(
            orders.iloc[::-1], weeks.sample(frac=1, random_state=3), ONE, DECEMBER
        ),
        sellout.sell_in_vs_sell_out(orders, weeks, ONE, DECEMBER),
    )


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: sellout.distribution(WEEKS, STORES.head(1)), TableError),
        (lambda: sellout.distribution(pd.concat([WEEKS, WEEKS]), STORES), TableError),
        (lambda: sellout.distribution(WEEKS.assign(units=-1), STORES), TableError),
        (lambda: sellout.distribution(WEEKS, pd.concat([STORES, STORES])), TableError),
        (lambda: sellout.on_shelf(WEEKS.drop(columns="on_shelf")), TableError),
        (lambda: sellout.on_shelf(WEEKS, "tier"), ParameterError),
        (lambda: sellout.on_shelf(WEEKS, "region"), ParameterError),
        (lambda: sellout.stock_cover(WEEKS, "2025-11-24", 3), ParameterError),
        (lambda: sellout.stock_cover(WEEKS, "2025-11-25", 1), ParameterError),
        (lambda: sellout.stock_cover(WEEKS, "2025-11-24", 0), ParameterError),
        (lambda: sellout.stock_cover(WEEKS, "2025-11-24", 1, "week"), ParameterError),
        (
            lambda: sellout.sell_in_vs_sell_out(
                *two_years(1, 1), ONE, ("2024-12-03", "2024-12-09")
            ),
            ParameterError,
        ),
        (
            lambda: sellout.sell_in_vs_sell_out(
                *two_years(1, 1), ONE, ("2024-10-01", "2024-11-01")
            ),
            ParameterError,
        ),
        (
            lambda: sellout.sell_in_vs_sell_out(*two_years(1, 1), ONE, DECEMBER, most_gap=-1),
            ParameterError,
        ),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_measured(call, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            call()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
