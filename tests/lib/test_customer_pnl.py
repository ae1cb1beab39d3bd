"""Customer P&L: two accounts worked out by hand, each fee once, the biggest not the best."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import customer_pnl, language
from ka_lib.company import Company
from ka_lib.errors import ParameterError, TableError

COLUMNS = ["account_id", "term_id", "line", "booking", "rate", "amount", "vat_rate"]
SALES = pd.DataFrame({"account_id": ["BIG", "SMALL"], "gross_sales": [1000.0, 400.0]})
# BIG: 1000 - 50 - 80 - 60 - 10 (11.30 with 13 % VAT) - 20 = net sales 780;
#      780 - 620 - 60 - 70 - 10 = 20, which is 2 % of 1000.
# SMALL: 400 - 0 - 20 = 380; 380 - 260 - 20 = 100, which is 25 % of 400.
TERMS = pd.DataFrame(
    [
        ("BIG", "t1", "on_invoice_discount", "accrued", 0.05, None, 0.0),
        ("BIG", "t2", "rebates", "accrued", 0.08, None, 0.0),
        ("BIG", "t3", "contracted_fees", "accrued", 0.06, None, 0.0),
        ("BIG", "t4", "uncontracted_fees", "accrued", None, 11.3, 0.13),
        ("BIG", "t5", "returns", "accrued", None, 20.0, 0.0),
        ("BIG", "t6", "cost_of_goods", "accrued", None, 620.0, 0.0),
        ("BIG", "t7", "logistics", "accrued", None, 60.0, 0.0),
        ("BIG", "t8", "promoters", "accrued", None, 70.0, 0.0),
        ("BIG", "t9", "capital", "accrued", 0.01, None, 0.0),
        ("SMALL", "t1", "rebates", "accrued", 0.05, None, 0.0),
        ("SMALL", "t2", "cost_of_goods", "accrued", None, 260.0, 0.0),
        ("SMALL", "t3", "logistics", "accrued", None, 20.0, 0.0),
        # The same fee, settled: it must not count a second time.
        ("BIG", "t3", "contracted_fees", "settled", None, 55.0, 0.0),
    ],
    columns=COLUMNS,
)


def test_the_biggest_account_barely_pays():
    table = customer_pnl.contribution(SALES, TERMS).set_index("account_id")
    assert table["net_sales"].to_dict() == pytest.approx({"BIG": 780.0, "SMALL": 380.0})
    assert table["net_contribution"].to_dict() == pytest.approx({"BIG": 20.0, "SMALL": 100.0})
    assert table["contribution_rate"].to_dict() == pytest.approx({"BIG": 0.02, "SMALL": 0.25})
    assert table["revenue_rank"].tolist() == [1, 2]
    assert table["contribution_rank"].tolist() == [2, 1]
    # A fee with VAT inside: 11.30 / 1.13 = 10.
    assert table.loc["BIG", "uncontracted_fees"] == pytest.approx(10.0)
    assert table.loc["BIG", "contracted_fees"] == pytest.approx(60.0)


def test_the_lines_add_up_and_stand_in_their_order():
    table = customer_pnl.contribution(SALES, TERMS)
    lines = table[list(customer_pnl.LINES)].sum(axis="columns")
    assert (table["gross_sales"] - lines).tolist() == pytest.approx(
        table["net_contribution"].tolist()
    )
    assert list(table.columns)[1:-4] == [
        "gross_sales",
        *customer_pnl.BEFORE_NET_SALES,
        "net_sales",
        *customer_pnl.AFTER_NET_SALES,
    ]


def test_without_a_cost_of_goods_nothing_is_known_of_the_contribution():
    settled = customer_pnl.contribution(SALES, TERMS, booking="settled").set_index("account_id")
    assert settled["contracted_fees"].to_dict() == {"BIG": 55.0, "SMALL": 0.0}
    assert settled["net_contribution"].isna().all()
    assert settled["contribution_rank"].isna().all()


def test_an_account_without_sales_has_no_rate_and_equal_accounts_share_a_rank():
    sales = pd.DataFrame({"account_id": ["B", "A", "C"], "gross_sales": [10.0, 10.0, 0.0]})
    terms = pd.DataFrame(
        [
            ("A", "t", "cost_of_goods", "accrued", 0.5, None, 0.0),
            ("B", "t", "cost_of_goods", "accrued", None, 5.0, 0.0),
            ("C", "t", "promoters", "accrued", None, 3.0, 0.0),
        ],
        columns=COLUMNS,
    )
    table = customer_pnl.contribution(sales, terms)
    assert table["account_id"].tolist() == ["A", "B", "C"]
    assert table["revenue_rank"].tolist() == [1, 1, 3]
    assert table["contribution_rank"].tolist() == [1, 1, 3]
    assert table["net_contribution"].tolist() == [5.0, 5.0, -3.0]
    assert pd.isna(table["contribution_rate"].iloc[2])


def test_revenue_can_be_net_sales():
    sales = pd.DataFrame({"account_id": ["A", "B"], "gross_sales": [100.0, 90.0]})
    terms = pd.DataFrame([("A", "t", "rebates", "accrued", 0.2, None, 0.0)], columns=COLUMNS)
    assert customer_pnl.contribution(sales, terms)["account_id"].tolist() == ["A", "B"]
    by_net = customer_pnl.contribution(sales, terms, revenue="net_sales")
    assert by_net["account_id"].tolist() == ["B", "A"]


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(len(TERMS))), st.sampled_from([0.01, 7.0, 10_000.0]))
def test_neither_order_nor_index_matter_and_money_scales(order, factor):
    before = TERMS.copy()
    plain = customer_pnl.contribution(SALES, TERMS)
    shuffled = TERMS.iloc[order].set_axis([5] * len(TERMS)).assign(note="x")
    again = customer_pnl.contribution(SALES.iloc[::-1], shuffled)
    pd.testing.assert_frame_equal(again, plain)
    scaled = customer_pnl.contribution(
        SALES.assign(gross_sales=SALES["gross_sales"] * factor),
        TERMS.assign(amount=TERMS["amount"] * factor),
    )
    pd.testing.assert_series_equal(scaled["net_contribution"], plain["net_contribution"] * factor)
    pd.testing.assert_frame_equal(TERMS, before)


def test_empty_tables():
    assert customer_pnl.contribution(SALES.head(0), TERMS.head(0)).empty
    bare = customer_pnl.contribution(SALES, TERMS.head(0))
    assert bare["net_sales"].tolist() == [1000.0, 400.0]
    assert bare["net_contribution"].isna().all()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("rate", 8.0),
        ("rate", -0.05),
        ("amount", 5.0),
        ("rate", None),
        ("vat_rate", 13.0),
        ("vat_rate", None),
        ("line", "slotting"),
        ("booking", "paid"),
        ("account_id", "WHO"),
        ("term_id", "t2"),
    ],
)
def test_a_wrong_term_is_named_by_its_row(column, value):
    terms = TERMS.copy()
    terms.loc[0, column] = value
    with pytest.raises(TableError) as raised:
        customer_pnl.contribution(SALES, terms)
    assert "terms" in str(raised.value)
    assert "1" in str(raised.value)


def test_choices_are_named():
    with pytest.raises(ParameterError, match="both"):
        customer_pnl.contribution(SALES, TERMS, booking="both")
    with pytest.raises(ParameterError, match="profit"):
        customer_pnl.contribution(SALES, TERMS, revenue="profit")
    with pytest.raises(TableError):
        customer_pnl.contribution(pd.concat([SALES, SALES]), TERMS)


def make_company(orders: pd.DataFrame, terms: pd.DataFrame) -> Company:
    return Company("Test", pd.Timestamp("2025-11-30"), {"orders": orders, "trade_terms": terms})


ORDERS = pd.DataFrame(
    [
        ("1", "BIG", "2024-12-01", 700.0),  # the first day counts
        ("2", "BIG", "2025-11-30", 300.0),
        ("3", "BIG", "2025-06-01", -40.0),  # stands in the line "returns", once
        ("4", "BIG", "2025-12-01", 999.0),  # the end does not
        ("5", "BIG", "2024-11-30", 999.0),
        ("6", "SMALL", "2025-03-01", 400.0),
    ],
    columns=["order_id", "account_id", "ordered_on", "list_amount"],
).assign(ordered_on=lambda orders: pd.to_datetime(orders["ordered_on"]))
YEAR = ("2024-12-01", "2025-12-01")


def test_a_company_s_gross_sales_are_its_list_amounts_above_zero():
    company = make_company(ORDERS, TERMS)
    pd.testing.assert_frame_equal(
        customer_pnl.of_company(company, *YEAR), customer_pnl.contribution(SALES, TERMS)
    )
    settled = customer_pnl.of_company(company, *YEAR, booking="settled")
    assert settled.set_index("account_id").loc["BIG", "contracted_fees"] == 55.0


@pytest.mark.parametrize("period", [("2025-11-01", "2025-12-01"), ("2024-01-01", "2025-12-01")])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_yearly_amounts_are_not_taken_from_the_sales_of_another_period(period, lang):
    language.use(lang)
    try:
        with pytest.raises(ParameterError) as raised:
            customer_pnl.of_company(make_company(ORDERS, TERMS), *period)
        said = str(raised.value)
    finally:
        language.use("zh")
    assert all(day in said for day in (*YEAR, *period))
    assert {"zh": "一年的费用", "en": "a year of fees"}[lang] in said


def test_terms_that_are_all_rates_fit_any_period():
    rates = TERMS[TERMS["amount"].isna()]
    table = customer_pnl.of_company(make_company(ORDERS, rates), "2025-03-01", "2025-04-01")
    assert table.set_index("account_id").loc["SMALL", "gross_sales"] == 400.0


def test_terms_without_an_order_and_a_company_of_nothing():
    only_small = make_company(ORDERS.tail(1), TERMS)
    table = customer_pnl.of_company(only_small, *YEAR).set_index("account_id")
    assert table.loc["BIG", "gross_sales"] == 0.0
    # 20 of returns, 10 of fees, 620 + 60 + 70 of costs stand there without a sale.
    assert table.loc["BIG", "net_contribution"] == pytest.approx(-780.0)
    assert customer_pnl.of_company(make_company(ORDERS.head(0), TERMS.head(0)), *YEAR).empty
    with pytest.raises(TableError, match="list_amount"):
        customer_pnl.of_company(make_company(ORDERS.drop(columns="list_amount"), TERMS), *YEAR)
    with pytest.raises(ParameterError):
        customer_pnl.of_company(make_company(ORDERS, TERMS), "2025-01-01", "2025-01-01")
