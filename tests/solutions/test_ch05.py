"""What is special to chapter 5's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch05" / "tasks.py")


def single(company):
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    return people.loc[people["single_contact"], "yearly_sales"]


def quality(company):
    return ka.relationship.crm_quality(company.accounts, company.activities, company.as_of)


def gaps(company):
    return ka.relationship.contact_gaps(company.activities, company.accounts, company.as_of)


# Written by hand: what a learner hands in, and the words that help in each language.
SLIPS = {
    "q1": (single, "一个数", "one number"),
    "q2": (16.05, "不要填 16.05", "not 16.05"),
    "q3": (
        gaps,
        "DataFrame",
        "DataFrame",
    ),
    "q4": (12, "12 月 10 日到 31 日", "10 to 31 December"),
    "q5": ({"A001": 3}, "少了 19 行", "19 missing"),
    "q6": ({"A001": 31, "A002": 31}, "看剩几天，别看年份", "look at the days"),
    "q7": (18, "列表", "a list"),
    "q8": (quality, "`.score`", "`.score`"),
    "q9": (0, "55", "55"),
}


def judged(task, answer):
    return judge_answer(load_checks("ch05")["tasks"][task], task, answer)


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


def test_money_in_units_of_ten_thousand_is_recognised():
    total = single(ka.load()).sum()
    assert "万元" in judged("q1", total / 10_000).text
    assert judged("q1", total).outcome == "right"


def test_a_contract_from_29_february_is_judged_by_the_calendar():
    # 29 February 2024 and 24 months: 28 February 2026, 90 days after 30 November 2025
    # (31 in December, 31 in January, 28 in February).
    days = ka.relationship.renewals(ka.load().accounts, "2025-11-30", 120)
    right = days.set_index("account_id")["days_left"].to_dict()
    assert right["A004"] == 31 + 31 + 28
    assert judged("q6", right).outcome == "right"
    assert judged("q6", right | {"A004": 89}).misconception == "a_day_off_everywhere"
