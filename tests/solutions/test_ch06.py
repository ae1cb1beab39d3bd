"""What is special to chapter 6's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch06" / "tasks.py")
PERIODS = ("2023-12-01", "2024-12-01"), ("2024-12-01", "2025-12-01")

# What a learner hands in by mistake, and the words that help.
SLIPS = {
    "zh": {
        "q1": (lambda _: 95.45, "不要填 95.45"),
        "q2": (lambda company: company.orders["amount"].sum(), "865 行"),
        "q3": (lambda _: 12.0, "万元"),
        "q4": (lambda company: ka.pipeline.total(pipeline(company)), ".expected"),
        "q5": (lambda _: {"margin": 0.218}, "名字和题目一样"),
        "q6": (lambda _: lambda orders: orders, "括号"),
        "q7": (lambda company: company.accounts["rep_id"].value_counts(), "一张图"),
        "q8": (lambda _: 0.07, "字典"),
        "q9": (lambda _: 0.1, "四舍五入得太早"),
    },
    "en": {
        "q1": (lambda _: 95.45, "not 95.45"),
        "q2": (lambda company: company.orders["amount"].sum(), "865 rows"),
        "q3": (lambda _: 12.0, "ten thousand"),
        "q4": (lambda company: ka.pipeline.total(pipeline(company)), ".expected"),
        "q5": (lambda _: {"margin": 0.218}, "under the names of the question"),
        "q6": (lambda _: lambda orders: orders, "brackets"),
        "q7": (lambda company: company.accounts["rep_id"].value_counts(), "should be a chart"),
        "q8": (lambda _: 0.07, "a dict"),
        "q9": (lambda _: 0.1, "rounded too early"),
    },
}


@pytest.fixture(scope="module")
def company():
    return ka.load()


@pytest.fixture(params=["zh", "en"])
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def pipeline(company):
    settled = ka.funnel.deals(company, "2023-01-01", "2024-12-01")
    chances = ka.pipeline.stage_probabilities(settled)
    return ka.pipeline.open_deals(company.opportunities, chances, company.as_of)


def judged(task, answer):
    return judge_answer(load_checks("ch06")["tasks"][task], task, answer)


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


@pytest.mark.parametrize("task", SLIPS["zh"])
def test_a_slip_of_a_beginner_is_explained(lang, company, task):
    answer, words = SLIPS[lang][task]
    outcome = judged(task, answer(company))
    assert outcome.outcome != "right"
    assert words in outcome.text


def test_a_result_is_taken_whole(company):
    moves = ka.kpi.movements(company.orders, *PERIODS, as_of=company.as_of)
    assert judged("q1", ka.kpi.retention(moves)).outcome == "right"
    year = ("2025-01-01", "2025-12-01")
    growth = ka.kpi.growth(company.orders, year, "last_year", as_of=company.as_of)
    assert judged("q2", growth).outcome == "right"


def test_bars_may_lie_or_stand_in_any_order_but_not_on_a_cut_axis(company):
    orders = company.orders[company.orders["ordered_on"] >= "2025-01-01"]
    orders = orders.merge(company.accounts[["account_id", "rep_id"]], on="account_id")
    sums = orders.groupby("rep_id")["amount"].sum().sort_values()
    axes = Figure().subplots()
    axes.barh(sums.index, sums / 10_000)
    assert judged("q7", axes.figure).outcome == "right"
    axes.set_xlim(left=sums.min() / 20_000)
    assert judged("q7", axes.figure).misconception == "axis_cut"
