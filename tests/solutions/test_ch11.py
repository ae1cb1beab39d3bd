"""What is special to the closing's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch11" / "tasks.py")


def checked(company):
    return ka.action_plan.check_plan(company.plan_items, "2026-01-05")


def visits(company):
    mine = company.accounts[company.accounts["rep_id"] == "R1"]
    return ka.action_plan.visit_list(company.activities, mine, "2026-01")


def promotions(company):
    return ka.appraisal.promotion(ka.appraisal.score(company.scorecards), company.reps, limit=80)


def in_units_of_ten_thousand(company):
    orders = company.orders
    return orders.loc[orders["ordered_on"] >= "2024-12-01", "amount"].sum() / 10_000


# Written by hand: what a learner hands in, and the words that help in each language.
SLIPS = {
    "q1": (checked, "列表", "a list"),
    "q2": (visits, "DataFrame", "DataFrame"),
    "q3": (0, "超过 120%", "above 120%"),
    "q4": (promotions, "DataFrame", "DataFrame"),
    "q5": ({"R1": 93.3}, "少了 4 行", "4 missing"),
    "q6": ({"R1": 1, "R2": 2, "R3": 3, "R4": 4, "R5": 5}, "R1", "R1"),
    "q7": (in_units_of_ten_thousand, "万元", "yuan"),
    "q8": (["Revenue"], "多出了 1 行", "1 too many"),
    "q9": ("1，234，567", "数", "number"),
}


def judged(task, answer):
    return judge_answer(load_checks("ch11")["tasks"][task], task, answer)


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("task", SLIPS)
def test_slips_of_a_beginner_are_explained_in_the_edition_s_language(task, lang):
    answer, zh, en = SLIPS[task]
    language.use(lang)
    try:
        given = answer(ka.load()) if callable(answer) else answer
        found = judged(task, given)
    finally:
        language.use("zh")
    assert found.outcome != "right"
    assert {"zh": zh, "en": en}[lang] in found.text


def test_thirty_days_from_5_january_end_on_4_february():
    # 26 days to the end of January (31 - 5), four more in February
    items = ka.load().plan_items
    on_the_day = items.loc[items["due_on"] == pd.Timestamp("2026-02-04"), "item_id"]
    day_after = items.loc[items["due_on"] == pd.Timestamp("2026-02-05"), "item_id"]
    reference = ASSIGNMENT.tasks["q1"].reference_function(ka.load())
    assert not set(on_the_day) & set(reference)
    assert set(day_after) <= set(reference)


def test_the_export_of_question_7_loses_nothing():
    # Four decimals of 万 are single yuan, and every amount is in whole yuan.
    amounts = ka.load().orders["amount"]
    assert (amounts == amounts.round()).all()
    written = (amounts / 10_000).map("{:.4f}万".format)
    assert (ka.units.parse_money(written) - amounts).abs().max() < 0.01
