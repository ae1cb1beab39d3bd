import pandas as pd
import pytest

import ka_lib as ka
from ka_lib import language, widgets
from ka_lib.company import Company
from ka_lib.errors import ParameterError


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def month_by_month(account_id, first_year, second_year):
    """One order on the 10th of each month: December 2023 to November 2025."""
    days = pd.date_range("2023-12-01", periods=24, freq="MS") + pd.Timedelta(days=9)
    amounts = [first_year] * 12 + [second_year] * 12
    return pd.DataFrame({"account_id": account_id, "ordered_on": days, "amount": amounts})


def company(**tables):
    """Five accounts: A +20%, B -20%, C never bought, D stopped in June 2025, E the same."""
    orders = pd.concat(
        [
            month_by_month("A", 1_000.0, 1_200.0),
            month_by_month("B", 1_000.0, 800.0),
            month_by_month("D", 1_000.0, 1_000.0).iloc[:19],
            month_by_month("E", 1_000.0, 1_000.0),
        ],
        ignore_index=True,
    )
    accounts = pd.DataFrame(
        {
            "account_id": list("ABCDE"),
            "account_name": ["Alpha", "<b>Beta</b>", "Gamma", "Delta", "Epsilon"],
            "customer_since": pd.to_datetime(["2020-01-01"] * 2 + [None] + ["2020-01-01"] * 2),
            "rep_id": ["R1", "R1", "R2", "R2", "R2"],
            "tier": list("ABCCC"),
            # A's contract of a year ends on 31 December, 31 days after 30 November.
            "contract_starts_on": pd.to_datetime(["2025-01-01", None, None, None, None]),
            "contract_months": [12.0, None, None, None, None],
        }
    )
    contacts = pd.DataFrame(
        {
            "contact_id": ["p1", "p2", "p3", "p4", "p5"],
            "account_id": ["A", "A", "B", "E", "E"],
            "contact_name": ["An", "Bo", "Cai", "Dai", "En"],
            "title": [None] * 5,
            "level": ["staff", "staff", "staff", "manager", "staff"],
            "birthday": pd.to_datetime([None, None, "1990-01-02", None, None]),
            "left_on": pd.to_datetime([None, "2025-06-01", None, None, None]),
        }
    )
    activities = pd.DataFrame(
        {
            "activity_id": ["v1", "v2"],
            "account_id": ["A", "E"],
            "kind": ["visit", "call"],
            "happened_on": pd.to_datetime(["2025-11-20", "2025-11-30"]),
        }
    )
    orders.insert(0, "order_id", [f"o{i}" for i in range(len(orders))])
    made = {
        "accounts": accounts,
        "contacts": contacts,
        "activities": activities,
        "orders": orders,
    } | tables
    return Company("five", pd.Timestamp("2025-11-30"), made)


def cards(**rules):
    return widgets.life_cards(company(), **rules).set_index("account_id")


def test_each_account_gets_its_stage_and_the_advice_that_fits():
    table = cards()
    assert table["life_stage"].to_dict() == {
        "A": "growth", "B": "decline", "C": "development", "D": "decline", "E": "maturity"
    }  # fmt: skip
    # A: the contract ends in 31 days and the second contact left in June.
    assert table["advice"].to_dict() == {
        "A": "person_then_renewal", "B": "find_cause", "C": "first_order", "D": "win_back",
        "E": "review",
    }  # fmt: skip
    assert table.loc["A", ["people", "days_since", "renewal_days"]].tolist() == [1, 10, 31]
    assert table.loc["A", "next_moment"] == "renewal"


def test_the_next_moment_is_its_own_and_a_holiday_only_where_it_has_none():
    table = cards()
    assert (
        str(table.loc["B", "next_on"].date()) == "2026-01-02"
    )  # Cai's birthday, over the year's end
    assert table.loc["B", "next_moment"] == "birthday"
    assert table.loc["E", "next_moment"] == "holiday"


def test_a_complaint_that_is_still_open_comes_before_the_renewal():
    tickets = pd.DataFrame(
        {
            "account_id": ["A"],
            "kind": ["complaint"],
            "opened_at": pd.to_datetime(["2025-11-28 10:00"]),
            "closed_at": pd.to_datetime([None]),
        }
    )
    table = widgets.life_cards(company(tickets=tickets)).set_index("account_id")
    assert table.loc["A", "advice"] == "complaint"


def test_limits_decide_the_stage():
    # A grew by 20%: below 25% that is no longer growth, and a fall of 20% no decline below 30%.
    table = cards(grows_from=0.25, shrinks_from=0.30)
    assert table["life_stage"][["A", "B"]].tolist() == ["maturity", "maturity"]
    # E ordered on 10 November, 20 days ago; three of its own cycles of 30 days are 90.
    assert cards(lapsed_days=15).loc["E", "because"] == "steady"


def test_more_people_change_the_advice():
    contacts = company().contacts.assign(left_on=pd.NaT)
    contacts["left_on"] = pd.to_datetime(contacts["left_on"])
    table = widgets.life_cards(company(contacts=contacts)).set_index("account_id")
    assert table.loc["A", "advice"] == "renewal"


def test_the_board_says_what_a_moved_limit_changed_and_goes_back(lang):
    board = widgets.life_cycle_board(company())
    start = board.result.value
    moved = {"zh": "换到了成熟期", "en": "yours move it to Maturity"}[lang]
    assert moved not in start
    assert {"zh": "合同还剩 31 天", "en": "31 days left"}[lang] in start
    board.controls["grows_from"].value = 0.25
    assert moved in board.result.value
    assert "▶ Alpha" in board.result.value  # the marked card, in the chart's alternative text
    board.reset.click()
    assert board.result.value == start


def test_one_rep_s_accounts_and_no_markup_from_a_name():
    board = widgets.life_cycle_board(company(), rep_id="R1")
    assert [key for _, key in board.controls["account_id"].options] == ["A", "B"]
    board.controls["account_id"].value = "B"
    assert "<b>Beta</b>" not in board.result.value
    with pytest.raises(ParameterError) as raised:
        widgets.life_cycle_board(company(), rep_id="R9")
    assert "R9" in str(raised.value)


def test_input_stays_as_it_was_and_row_order_does_not_matter():
    here = company()
    before = {name: table.copy() for name, table in here.tables.items()}
    first = widgets.life_cards(here)
    for name, table in here.tables.items():
        pd.testing.assert_frame_equal(table, before[name])
    turned = company(**{name: table.iloc[::-1] for name, table in before.items()})
    again = widgets.life_cards(turned).sort_values("account_id", ignore_index=True)
    pd.testing.assert_frame_equal(again, first.sort_values("account_id", ignore_index=True))


def test_the_practice_company_is_drawn_while_a_slider_moves():
    board = widgets.life_cycle_board(ka.load(), rep_id="R1")
    before = board.result.value
    board.controls["grows_from"].value = 0.4
    assert board.result.value != before
    assert 'alt="' in board.result.value
