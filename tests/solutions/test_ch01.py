"""What is special to chapter 1's assignment: the slips of a beginner, and answers given another way."""

import math
from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch01" / "tasks.py")


@pytest.fixture(params=["zh", "en"])
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


@pytest.fixture(scope="module")
def company():
    return ka.load()


@pytest.fixture(scope="module")
def this_year(company):
    return company.orders[company.orders["ordered_on"] >= "2025-01-01"]


@pytest.fixture(scope="module")
def pnl(company):
    return ka.customer_pnl.of_company(company, "2024-12-01", "2025-12-01")


def judged(task, answer):
    return judge_answer(load_checks("ch01")["tasks"][task], task, answer)


def test_the_tasks_are_worth_80_and_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert sum(task.points for task in tasks) == 80
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


def test_every_mistake_of_the_curriculum_has_its_answer():
    named = {
        one.function.__name__ for task in ASSIGNMENT.tasks.values() for one in task.misconceptions
    }
    assert {
        "the_rule_of_thumb",
        "tenth_of_the_orders",
        "rounded_down",
        "smallest_tenth",
        "piles_by_name",
        "counted_twice",
        "returns_dropped",
        "settled_added",
    } <= named


# Written by hand: what a beginner leaves in the cell, and the words that help.
SLIPS = {
    "a table for a number": ("q2", lambda table, _: table, {"zh": "一个数", "en": "number"}),
    "percent for a fraction": (
        "q4",
        lambda table, _: _needed(table) * 100,
        {"zh": "不要填", "en": "not "},
    ),
    "the whole answer object": (
        "q4",
        lambda table, _: ka.concentration.largest(table),
        {"zh": "一个数", "en": "number"},
    ),
    "in ten thousands": (
        "q5",
        lambda _, missed: missed / 1e4,
        {"zh": "万元", "en": "ten thousand"},
    ),
    "as text": ("q5", lambda _, missed: f"{missed:,.0f} 元", {"zh": "文字", "en": "the text"}),
}


def _needed(table):
    share = table["share"].iloc[0]
    return share / (1 - share)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_in_the_readers_language(slip, lang, this_year, company):
    task, make, words = SLIPS[slip]
    table = ka.concentration.pareto(this_year)
    named = this_year.merge(company.accounts[["account_id", "account_name"]], on="account_id")
    missed = named.loc[named["bill_to"] != named["account_name"], "amount"].sum()
    verdict = judged(task, make(table, missed))
    assert verdict.outcome != "right"
    assert words[lang] in verdict.text


def test_the_same_answer_in_another_dress_is_right(this_year, pnl):
    table = ka.concentration.pareto(this_year)
    assert judged("q1", pd.Series([this_year["account_id"].nunique()])).outcome == "right"
    assert judged("q2", round(ka.concentration.top_share(table, 0.1).share, 4)).outcome == "right"
    profit = ka.concentration.pareto(this_year, "gross_profit")
    assert judged("q3", ka.concentration.accounts_to_reach(profit).count).outcome == "right"
    ranked = pnl.sort_values("net_contribution", ascending=False).set_index("account_id")
    share = (ranked["net_contribution"].cumsum() / ranked["net_contribution"].sum()).head(5)
    assert judged("q8", share.rename("cumulative_share").reset_index()).outcome == "right"
    wanan = pnl.set_index("account_id").loc["A001"]
    fees = wanan["contracted_fees"] + wanan["uncontracted_fees"]
    assert judged("q10", math.floor(fees)).outcome == "right"


def test_the_top_tenth_is_measured_not_recited(this_year):
    # the rule would say 0.8, or 0.5 for a tenth; the company says something else
    table = ka.concentration.pareto(this_year)
    assert judged("q2", 0.8).outcome == "misconception"
    assert abs(ka.concentration.top_share(table, 0.1).share - 0.8) > 0.05
