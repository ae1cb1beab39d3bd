"""Does the KPI board look at the part it says, and lose what it says?"""

import re

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib import language, widgets
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.widgets.kpi_board import reading

YEAR = (pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-01"))
HALF = pd.DataFrame({"stage": ["lead", "negotiation"], "probability": [0.1, 0.5]})


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def company(**tables):
    """Three customers: A (tier A, R1), B (tier B, R1), C (tier A, R2); a deal of R2 at B."""
    orders = pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(7)],
            "account_id": ["A", "A", "B", "B", "C", "C", "A"],
            "ordered_on": pd.to_datetime(["2024-05-01", "2025-05-01"] * 3 + ["2023-06-01"]),
            "amount": [600.0, 900.0, 200.0, 100.0, 200.0, 300.0, 50.0],
            "gross_profit": [60.0, 90.0, 60.0, 30.0, 50.0, 75.0, 5.0],
        }
    )
    accounts = pd.DataFrame(
        {
            "account_id": list("ABC"),
            "account_name": ["Alpha", "<b>Beta</b>", "Gamma"],
            "customer_since": pd.to_datetime(["2020-01-01"] * 3),
            "tier": ["A", "B", "A"],
            "rep_id": ["R1", "R1", "R2"],
        }
    )
    opportunities = pd.DataFrame(
        {
            "opportunity_id": ["d1", "d2", "d3", "d4"],
            "account_id": ["A", "B", "C", "C"],
            "rep_id": ["R1", "R2", "R2", "R2"],
            "created_on": pd.to_datetime(["2025-09-01"] * 3 + ["2024-06-01"]),
            "amount": [1_000.0, 400.0, 9_000.0, 500.0],
            "stage": ["lead", "negotiation", "lead", "delivery"],
            "status": ["open", "open", "open", "won"],
            "expected_close_on": pd.to_datetime(["2026-01-10", "2026-01-20", "2025-10-01", None]),
            "closed_on": pd.to_datetime([None, None, None, "2024-09-01"]),
        }
    )
    history = pd.DataFrame(
        {
            "opportunity_id": ["d4", "d4", "d1"],
            "stage": ["lead", "delivery", "lead"],
            "entered_on": pd.to_datetime(["2024-06-01", "2024-09-01", "2025-09-01"]),
        }
    )
    costs = pd.DataFrame(
        {"month": pd.to_datetime(["2023-01-01"]), "purpose": ["acquisition"], "amount": [1.0]}
    )
    made = {
        "accounts": accounts, "orders": orders, "opportunities": opportunities,
        "stage_history": history, "costs": costs,
    }  # fmt: skip
    return Company("three", pd.Timestamp("2025-11-30"), made | tables)


def sales(loss):
    return loss.figures.set_index("kpi").loc["revenue", "value"]


def said(board):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", board.result.value))


def test_periods_end_with_the_last_complete_month():
    spans = {
        name: [str(day.date()) for day in span]
        for name, span in widgets.periods("2025-12-10").items()
    }
    assert spans == {
        "month": ["2025-11-01", "2025-12-01"],
        "quarter": ["2025-09-01", "2025-12-01"],
        "to_date": ["2025-01-01", "2025-12-01"],
        "year": ["2024-12-01", "2025-12-01"],
    }  # fmt: skip
    # In January the year so far is that one month, which is there already.
    assert list(widgets.periods("2026-01-31")) == ["month", "quarter", "year"]


def test_a_tier_is_its_accounts_with_their_orders_and_deals():
    part = widgets.part_of(company(), tier="A")
    assert list(part.accounts["account_id"]) == ["A", "C"]
    assert part.orders["amount"].sum() == 600 + 900 + 200 + 300 + 50
    assert list(part.opportunities["opportunity_id"]) == ["d1", "d3", "d4"]
    assert not part.has("costs")  # they are not kept by tier


def test_a_rep_has_the_orders_of_the_accounts_and_the_own_deals():
    part = widgets.part_of(company(), rep_id="R2")
    assert set(part.orders["account_id"]) == {"C"}
    assert list(part.opportunities["opportunity_id"]) == ["d2", "d3", "d4"]  # d2 is at R1's account
    assert set(part.stage_history["opportunity_id"]) == {"d4"}
    both = widgets.part_of(company(), tier="B", rep_id="R2")
    assert both.accounts.empty
    assert list(both.opportunities["opportunity_id"]) == ["d2"]


def test_without_a_filter_it_is_the_company_itself():
    whole = company()
    assert widgets.part_of(whole) is whole


def test_the_biggest_deal_that_counts_is_lost_not_the_overdue_one():
    # d3 is larger but overdue. Before: 1,000 * 0.1 + 400 * 0.5.
    loss = widgets.lose(company(), YEAR, HALF, "deal")
    assert (loss.before.expected, loss.before.count) == (pytest.approx(300.0), 2)
    assert (loss.after.expected, loss.after.count) == (pytest.approx(200.0), 1)
    assert (loss.lost, loss.amount, loss.probability) == ("Alpha", 1_000.0, 0.1)
    assert sales(loss) == 1_300.0


def test_the_biggest_customer_takes_orders_of_the_period_and_open_deals():
    whole = company()
    loss = widgets.lose(whole, YEAR, HALF, "customer")
    assert (loss.lost, loss.amount) == ("Alpha", 900.0)
    assert sales(loss) == 400.0
    row = loss.figures.set_index("kpi").loc["revenue"]
    assert row["before"] == 1_000.0  # last year stays as it was
    assert loss.after.expected == pytest.approx(200.0)
    assert len(whole.orders) == 7  # the company itself is unchanged


def test_nothing_to_lose_is_said_and_not_an_error():
    without = company(opportunities=company().opportunities.iloc[[3]])
    loss = widgets.lose(without, YEAR, HALF, "deal")
    assert loss.lost == ""
    assert loss.before == loss.after
    empty = company(orders=company().orders.iloc[:0])
    assert widgets.lose(empty, YEAR, HALF, "customer").lost == ""


def test_a_scenario_that_is_none_is_named():
    with pytest.raises(ParameterError) as caught:
        widgets.lose(company(), YEAR, HALF, "rep")
    assert "rep" in str(caught.value)
    assert "customer" in str(caught.value)


def test_too_young_a_company_is_told_what_is_missing(lang):
    young = company(opportunities=company().opportunities.iloc[:3])
    with pytest.raises(ParameterError) as caught:
        widgets.kpi_board(young)
    assert ("一年" if lang == "zh" else "a year ago") in str(caught.value)


def test_the_board_follows_its_choices_and_can_be_reset(lang):
    board = widgets.kpi_board(ka.load())
    start = board.result.value
    assert ("多 29.9%" if lang == "zh" else "up 29.9%") in said(board)
    board.controls["rep_id"].value = "R1"
    # Nothing else is known of the costs than their month.
    assert (
        "费用没有分到级别和人" if lang == "zh" else "not kept by tier or rep"
    ) in board.result.value
    board.controls["scenario"].value = "customer"
    assert ("走的是" if lang == "zh" else "Gone: ") in said(board)
    board.reset.click()
    assert board.result.value == start


def test_a_name_is_text_on_the_board():
    board = widgets.kpi_board(company(opportunities=company().opportunities.iloc[[1, 3]]))
    board.controls["scenario"].value = "deal"
    assert "<b>Beta</b>" not in board.result.value
    assert "&lt;b&gt;Beta" in board.result.value


def test_sales_without_a_year_before_are_not_compared(lang):
    orders = company().orders
    loss = widgets.lose(company(orders=orders[orders["ordered_on"] > "2025-01-01"]), YEAR, HALF)
    words = "没有去年同期可比" if lang == "zh" else "nothing to compare"
    assert words in reading(loss)
