"""The eight KPIs of a period by hand, and what is said when a table is missing."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.tables import (
    ACCOUNTS,
    COSTS,
    OPPORTUNITIES,
    ORDERS,
    STAGE_HISTORY,
    TABLES,
    set_types,
)

NOVEMBER = ("2025-11-01", "2025-12-01")
AS_OF = pd.Timestamp("2025-11-30")
CODES = [
    *("revenue", "gross_margin", "acquisition_cost", "conversion"),
    *("satisfaction", "repeat_rate", "churn", "cycle"),
]


def frame(table, columns: str, *rows):
    made = pd.DataFrame(rows, columns=columns.split()).reindex(columns=table.names)
    return set_types(made.astype("object"), table)


ORDER_ROWS = frame(
    ORDERS,
    "order_id account_id ordered_on amount gross_profit",
    # The year before last: Dec 2022 to Nov 2023.
    ("S01", "a", "2022-12-05", 10.0, 1.0),
    ("S02", "gone", "2023-06-05", 10.0, 1.0),
    # Last year: Dec 2023 to Nov 2024. Of a and gone, gone is lost; a and b buy, a twice.
    ("S03", "a", "2024-02-05", 10.0, 1.0),
    ("S04", "a", "2024-11-01", 40.0, 10.0),
    ("S05", "b", "2024-11-30", 60.0, 10.0),
    # This year: Dec 2024 to Nov 2025. a stays, b is lost, c and d are new; a and c buy twice.
    ("S06", "a", "2024-12-01", 10.0, 1.0),
    ("S07", "c", "2025-05-05", 10.0, 1.0),
    ("S08", "a", "2025-11-01", 100.0, 30.0),
    ("S09", "c", "2025-11-30", 90.0, 18.0),
    ("S10", "c", "2025-11-30", -10.0, None),  # a return of unknown profit
    ("S11", "d", "2025-11-07", 20.0, 2.0),
)
DEALS = frame(
    OPPORTUNITIES,
    "opportunity_id account_id created_on amount status closed_on",
    ("D0", "a", "2022-11-11", 1.0, "lost", "2022-12-12"),
    ("D1", "a", "2025-09-01", 1.0, "won", "2025-11-10"),
    ("D2", "a", "2025-10-01", 1.0, "won", "2025-11-30"),
    ("D3", "b", "2025-10-01", 1.0, "lost", "2025-11-01"),
    ("D4", "b", "2025-10-01", 1.0, "lost", "2025-11-02"),
    ("D5", "b", "2025-10-01", 1.0, "lost", "2025-10-31"),
    ("D6", "b", "2025-10-01", 1.0, "open", None),
    ("D7", "c", "2024-10-01", 1.0, "lost", "2024-11-10"),
    ("D8", "c", "2024-10-01", 1.0, "won", "2024-11-20"),
)
HISTORY = frame(
    STAGE_HISTORY,
    "opportunity_id stage entered_on",
    ("D1", "contact", "2025-09-11"),
    ("D1", "delivery", "2025-11-10"),  # 60 days
    ("D2", "contact", "2025-10-31"),
    ("D2", "delivery", "2025-11-30"),  # 30 days
    ("D8", "delivery", "2024-11-20"),  # never contacted, so no length
    ("D3", "contact", "2025-10-05"),
)
SURVEYS = pd.DataFrame(
    {
        "survey_id": ["V1", "V2", "V3", "V4"],
        "account_id": ["a", "a", "b", "c"],
        "contact_id": ["p", "p", "q", "r"],
        "answered_on": pd.to_datetime(["2025-11-01", "2025-11-20", "2025-11-30", "2024-11-05"]),
        "satisfaction": [2.0, 4.0, 3.0, 5.0],  # p is content by now
    }
)
COMPANY = Company(
    "test",
    AS_OF,
    {
        "orders": ORDER_ROWS,
        "opportunities": DEALS,
        "stage_history": HISTORY,
        "surveys": SURVEYS,
        "accounts": frame(
            ACCOUNTS,
            "account_id account_name customer_since",
            ("a", "A", "2022-12-05"),
            ("c", "C", "2025-11-30"),
            ("d", "D", "2025-11-07"),
            ("b", "B", "2024-11-30"),
        ),
        "costs": frame(
            COSTS,
            "month purpose amount",
            ("2024-11-01", "acquisition", 300.0),
            ("2025-11-01", "acquisition", 500.0),
            ("2025-11-01", "service", 9999.0),
        ),
    },
)


def review(company=COMPANY, period=NOVEMBER, **options):
    return ka.kpi.review(company, period, **options).set_index("kpi")


def test_eight_kpis_by_hand():
    table = review(targets={"revenue": 250.0, "churn": 0.1})
    assert table.index.tolist() == CODES
    figures = table[["value", "before", "count", "base"]].T.to_dict("list")
    assert figures["revenue"][:3] == [200, 100, 4]
    assert figures["gross_margin"] == pytest.approx([50 / 210, 0.2, 50, 210])
    assert figures["acquisition_cost"] == [250, 300, 500, 2]
    assert figures["conversion"] == [0.5, 0.5, 2, 4]
    assert figures["satisfaction"] == [0.5, 1.0, 1, 2]
    assert figures["repeat_rate"] == pytest.approx([2 / 3, 1 / 2, 2, 3])
    assert figures["churn"] == [0.5, 0.5, 1, 2]
    assert figures["cycle"][0] == 45
    assert math.isnan(figures["cycle"][1])
    assert figures["cycle"][2:] == [2, 2]
    assert table["missing_because"].to_dict() == dict.fromkeys(CODES, "") | {
        "cycle": "no_last_year"
    }
    assert table["target"].dropna().to_dict() == {"revenue": 250.0, "churn": 0.1}
    assert table["better"].tolist() == ["up", "up", "down", "up", "up", "up", "down", "down"]
    assert table["unit"].tolist() == [
        *("yuan", "fraction", "yuan", "fraction"),
        *("fraction", "fraction", "fraction", "days"),
    ]


def test_columns_stand_whatever_the_company_lacks():
    bare = Company("bare", AS_OF, {})
    table = ka.kpi.review(bare, NOVEMBER)
    assert table.columns.tolist() == [
        *("kpi", "value", "before", "count", "base", "unit", "better", "target"),
        "missing_because",
    ]
    assert table["value"].isna().all()
    assert table["missing_because"].tolist() == [
        *("no_orders", "no_orders", "no_costs", "no_opportunities"),
        *("no_surveys", "no_orders", "no_orders", "no_stage_history"),
    ]
    assert table.dtypes.equals(ka.kpi.review(COMPANY, NOVEMBER).dtypes)


def test_reasons():
    some = {**COMPANY.tables, "orders": ORDER_ROWS[ORDER_ROWS["ordered_on"] >= "2024-02-05"]}
    table = review(Company("short", AS_OF, some))
    assert table.loc["churn", "missing_because"] == "no_history"
    assert table.loc["repeat_rate", "missing_because"] == "no_last_year"
    no_profit = {**COMPANY.tables, "orders": ORDER_ROWS.drop(columns="gross_profit")}
    assert review(Company("x", AS_OF, no_profit)).loc["gross_margin", "missing_because"] == (
        "no_profit"
    )
    half = review(period=("2025-11-03", "2025-11-06"))
    assert half["missing_because"].to_dict() == {
        "revenue": "",
        "gross_margin": "no_profit",
        "acquisition_cost": "not_whole_months",
        "conversion": "nothing_decided",
        "satisfaction": "no_surveys",
        "repeat_rate": "",
        "churn": "no_last_year",  # that would need November 2022
        "cycle": "nothing_signed",
    }
    assert half.loc["revenue", "value"] == 0  # nothing sold is a figure
    october = review(period=("2025-10-01", "2025-11-01")).loc["acquisition_cost"]
    assert october["missing_because"] == "no_new_customers"
    assert october["count"] == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_and_code_has_a_name(lang):
    ka.use(lang)
    for company in (COMPANY, Company("bare", AS_OF, {})):
        for period in (NOVEMBER, ("2025-11-03", "2025-11-06")):
            table = ka.kpi.review(company, period)
            for reason in set(table["missing_because"]) - {""}:
                assert ka.label("reason", reason) != reason
    assert all(ka.label("kpi", code) != code for code in CODES)
    shown = str(ka.show(ka.kpi.review(COMPANY, NOVEMBER)))
    assert "45" in shown
    assert "50%" in shown
    assert "yuan" not in shown
    ka.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_periods_and_targets_it_refuses(lang):
    ka.use(lang)
    with pytest.raises(ParameterError, match="2025-11-30"):
        review(period=("2025-11-01", "2026-01-01"))
    with pytest.raises(ParameterError):
        review(period=("2025-11-01", "2025-11-01"))
    with pytest.raises(ParameterError, match="sales"):
        review(targets={"sales": 1.0})
    ka.use("zh")


def test_each_figure_is_that_of_the_function_of_its_name():
    """On the practice company, whose tables are full."""
    company = ka.load()
    year = ("2024-01-01", "2025-01-01")
    table = review(company, year)
    orders = company.orders[company.orders["ordered_on"].dt.year == 2024]
    assert table.loc["revenue", "value"] == pytest.approx(orders["amount"].sum())
    margin = orders["gross_profit"].sum() / orders["amount"].sum()
    assert table.loc["gross_margin", "value"] == pytest.approx(margin)
    moves = ka.kpi.movements(company.orders, ("2023-01-01", "2024-01-01"), year, as_of="2024-12-31")
    assert table.loc["churn", "value"] == ka.kpi.churn(moves).rate
    ended = company.opportunities[company.opportunities["closed_on"].dt.year == 2024]
    assert table.loc["conversion", "value"] == pytest.approx((ended["status"] == "won").mean())


def test_a_leap_year_beside_a_common_one():
    """A window that ends inside a month: 366 days against 365 are as long as each other."""
    table = review(period=("2024-12-05", "2024-12-20"))
    assert table.loc["churn", ["count", "base"]].tolist() == [1, 1]  # "gone"


def test_order_index_extra_columns_and_unit_of_money():
    before = {name: table.copy() for name, table in COMPANY.tables.items()}
    mixed = {
        name: table.sample(frac=1, random_state=5).assign(extra=1).set_axis([7] * len(table))
        for name, table in COMPANY.tables.items()
    }
    pd.testing.assert_frame_equal(review(Company("mixed", AS_OF, mixed)), review())
    richer = {
        **COMPANY.tables,
        "orders": ORDER_ROWS.assign(
            amount=ORDER_ROWS["amount"] * 64, gross_profit=ORDER_ROWS["gross_profit"] * 64
        ),
    }
    scaled = review(Company("richer", AS_OF, richer))["value"]
    expected = review()["value"].copy()
    expected["revenue"] *= 64
    pd.testing.assert_series_equal(scaled, expected)
    for name, table in before.items():
        pd.testing.assert_frame_equal(COMPANY.tables[name], table)
    assert set(COMPANY.tables) <= {*TABLES, "surveys"}
