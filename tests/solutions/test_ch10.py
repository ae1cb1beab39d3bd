"""What is special to chapter 10's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch10" / "tasks.py")


def recurring(company):
    charges = pd.DataFrame({"amount": [company.assumptions["chiller_monthly_fee"]]})
    return ka.subscription.recurring_revenue(charges.assign(every_months=1))


def points(company):
    a = company.assumptions
    recent = company.usage[company.usage["day"] > "2025-10-05"]
    return ka.reorder.reorder_point(recent, company.as_of, a["lead_time_days"])


def lift(company):
    deals = company.opportunities
    past, later = (
        deals[deals["closed_on"] < "2025-01-01"],
        deals[deals["created_on"] > "2024-12-31"],
    )
    rates = (past["status"] == "won").groupby(past["source"]).mean()
    return ka.accuracy.lift(later.assign(score=later["source"].map(rates)), "score")


# Written by hand: what a learner hands in, and the words that help in each language.
SLIPS = {
    "q1": (0.797414, "不要填 0.7974", "not 0.7974"),
    "q2": (0.4119372684648383, "万元", "ten thousand"),
    "q3": (recurring, "`.expected_year`", "`.expected_year`"),
    "q4": ({"C1": 106.9}, "少了 5", "5 missing"),
    "q5": ([36_800, 11_600, -15_280], "字典", "dict"),
    "q6": (0.527, "单位是吨", "in tonnes"),
    "q7": (lift, "`.lift`", "`.lift`"),
    "q8": (28, "第几笔", "number of the entry"),
    "q9": (540, "36 个月", "36 only"),
}


def judged(task, answer):
    return judge_answer(load_checks("ch10")["tasks"][task], task, answer)


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
        found = judged(task, answer(ka.load()) if callable(answer) else answer)
    finally:
        language.use("zh")
    assert found.outcome != "right"
    assert {"zh": zh, "en": en}[lang] in found.text


def test_the_sum_of_the_score_card_by_hand():
    # 54 of the 532 decided deals; referrals come first, and 96 of them were decided, 18 won: all 54
    # places are referrals, so 54 * 18 / 96 = 10.125 wins against 54 * 31 / 532.
    deals = ka.load().opportunities
    later = deals[(deals["created_on"] > "2024-12-31") & deals["status"].isin(["won", "lost"])]
    referred = later[later["source"] == "referral"]
    assert (len(later), (later["status"] == "won").sum()) == (532, 31)
    assert (len(referred), (referred["status"] == "won").sum()) == (96, 18)
    assert judged("q7", (54 * 18 / 96) / (54 * 31 / 532)).outcome == "right"


def test_the_fee_for_36_months_by_hand():
    # One yuan a month, 36 times: 1.5% leave, 10% a year. (12,800 is the price, 100 the service.)
    month, stays, worth = 1.10 ** (1 / 12), 1.0, 0.0
    for number in range(1, 37):
        worth += stays / month**number
        stays *= 0.985
    assert judged("q9", int(100 + 12_800 / worth) + 1).outcome == "right"
