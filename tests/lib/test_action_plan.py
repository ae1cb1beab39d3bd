"""Thirty days are thirty days; the visits an account was promised."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import action_plan, language
from ka_lib.errors import ParameterError, TableError

PLAN = pd.DataFrame(
    [
        ("i1", "Call", "林悦", "3 calls", "2026-02-04"),
        ("i2", "Visit", "林悦", "1 visit", "2026-02-05"),
        ("i3", "Write", " ", None, "2026-01-05"),
        ("i4", "Ask", "老郭", "an answer", None),
        ("i5", None, "老郭", "an answer", "2026-01-04"),
    ],
    columns=["item_id", "action", "owner", "measure", "due_on"],
)


def test_thirty_days_are_not_the_same_day_next_month():
    table = action_plan.check_plan(PLAN, "2026-01-05").set_index("item_id")
    # 5 January + 30 days: 26 more days of January and 4 of February.
    assert table["problems"].to_dict() == {
        "i5": "no_action, too_early",
        "i3": "no_owner, no_measure",
        "i1": "",
        "i2": "too_late",
        "i4": "no_date",
    }
    assert table["day_number"].dropna().tolist() == [-1, 0, 30, 31]
    assert (
        action_plan.check_plan(PLAN, "2026-01-05", days=31)
        .set_index("item_id")
        .loc["i2", "problems"]
        == ""
    )
    # In February, thirty days reach into March.
    spring = PLAN.head(1).assign(due_on="2026-03-03")
    assert action_plan.check_plan(spring, "2026-02-01")["problems"].tolist() == [""]
    assert action_plan.check_plan(PLAN.head(0), "2026-01-05").empty


@given(st.permutations(range(5)))
def test_the_plan_in_any_order(order):
    other = PLAN.iloc[order].assign(note="x").set_axis([0] * 5)
    untouched = other.copy()
    pd.testing.assert_frame_equal(
        action_plan.check_plan(other, "2026-01-05"), action_plan.check_plan(PLAN, "2026-01-05")
    )
    pd.testing.assert_frame_equal(other, untouched)


ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["A1", "A2", "B1", "B2", "C1", "C2", "N", "X"],
        "account_name": list("abcdefgh"),
        "tier": ["A", "A", "B", "B", "C", "C", "B", None],
    }
)
VISITS = pd.DataFrame(
    [
        ("A1", "visit", "2025-12-29"), ("A1", "visit", "2025-12-29"), ("A1", "visit", "2025-12-01"),
        ("A2", "visit", "2025-12-01"), ("A2", "call", "2025-12-30"), ("A2", "visit", "2026-01-02"),
        ("B1", "visit", "2025-12-31"), ("B2", "visit", "2025-11-10"), ("C1", "visit", "2025-12-15"),
        ("C2", "visit", "2025-10-20"), ("other", "visit", "2025-12-15"),
    ],
    columns=["account_id", "kind", "happened_on"],
)  # fmt: skip


def test_next_months_visits_by_hand():
    table = action_plan.visit_list(VISITS, ACCOUNTS, "2026-01").set_index("account_id")
    due = table["first_due_on"].dt.strftime("%m-%d").to_dict()
    # A1: 5, 12, 19, 26 January. A2: due 8 December, so from the 1st: 1, 8, 15, 22, 29.
    # B1: 31 January. B2: due 10 December. C1: 15 March. C2: 20 January. N: never visited.
    assert due == {
        "A1": "01-05", "A2": "01-01", "B1": "01-31", "B2": "01-01", "C1": "03-15", "C2": "01-20",
        "N": "01-01", "X": due["X"],
    }  # fmt: skip
    assert table["visits_due"].to_dict() == {
        "A1": 4, "A2": 5, "B1": 1, "B2": 1, "C1": 0, "C2": 1, "N": 1, "X": 0,
    }  # fmt: skip
    assert table.loc["A2", "late_days"] == 24  # 8 December to 1 January
    assert table.loc["B2", "late_days"] == 22
    assert table.loc["A1", "late_days"] == 0
    assert table.loc[["N", "X"], "late_days"].isna().all()
    assert table.loc["A2", "last_visit_on"] == pd.Timestamp("2025-12-01")  # a call is no visit
    assert table.index.tolist() == ["A2", "B2", "N", "A1", "C2", "B1", "C1", "X"]
    calls = action_plan.visit_list(VISITS, ACCOUNTS, "2026-01", kinds=("visit", "call"))
    assert calls.set_index("account_id").loc["A2", "visits_due"] == 4  # 6, 13, 20, 27


def test_another_standard_and_month_ends():
    february = action_plan.visit_list(
        VISITS.head(0), ACCOUNTS.head(2), "2024-02", standard={"A": "weekly"}
    )
    assert february["visits_due"].tolist() == [5, 5]  # 1, 8, 15, 22 and 29 February
    end = pd.DataFrame({"account_id": ["B1"], "kind": ["visit"], "happened_on": ["2026-01-31"]})
    table = action_plan.visit_list(end, ACCOUNTS.iloc[[2]], "2026-02")
    assert table["first_due_on"].tolist() == [pd.Timestamp("2026-02-28")]
    assert action_plan.visit_list(VISITS, ACCOUNTS.head(0), "2026-01").empty


@given(st.permutations(range(len(VISITS))), st.permutations(range(len(ACCOUNTS))))
def test_visits_in_any_order(visits, accounts):
    pd.testing.assert_frame_equal(
        action_plan.visit_list(VISITS.iloc[visits], ACCOUNTS.iloc[accounts], "2026-01"),
        action_plan.visit_list(VISITS, ACCOUNTS, "2026-01"),
    )


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: action_plan.check_plan(PLAN, "2026-01-05", days=0), ParameterError),
        (lambda: action_plan.check_plan(pd.concat([PLAN, PLAN]), "2026-01-05"), TableError),
        (lambda: action_plan.check_plan(PLAN.drop(columns="owner"), "2026-01-05"), TableError),
        (lambda: action_plan.visit_list(VISITS, ACCOUNTS, "next"), ParameterError),
        (
            lambda: action_plan.visit_list(VISITS, ACCOUNTS, "2026-01", {"A": "daily"}),
            ParameterError,
        ),
        (
            lambda: action_plan.visit_list(VISITS, ACCOUNTS, "2026-01", {"A": "weekly"}),
            ParameterError,
        ),
        (lambda: action_plan.visit_list(VISITS, pd.concat([ACCOUNTS] * 2), "2026-01"), TableError),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_planned(call, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            call()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
