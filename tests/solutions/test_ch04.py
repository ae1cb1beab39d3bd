"""What is special to chapter 4's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch04" / "tasks.py")


@pytest.fixture(params=["zh", "en"])
def lang(request):
    ka.use(request.param)
    yield request.param
    ka.use("zh")


def judged(task, answer):
    return judge_answer(load_checks("ch04")["tasks"][task], task, answer)


def slips(company):
    """Return wrong answers nobody listed as a mistake, and the words that help (zh, en)."""
    given = company.assumptions
    cost = ka.negotiation.tco(company.offers, 5, discount_rate=0.1, carrying_rate=0.18)
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    zone = ka.negotiation.zopa(128.3, 161.8)
    return [
        ("q1", 2.52, "万元", "ten thousand"),
        ("q1", given, "一个数", "one number"),
        ("q2", zone, "`.width`", "`.width`"),
        ("q3", "113796", "去掉引号", "Take away the quotes"),
        ("q4", cost, "一个数", "one number"),
        ("q5", 24, "字典", "a dict"),
        ("q5", {"trust": 5}, "应当是 24 句", "add up to 24"),
        ("q6", {"now": 33.5, "easy_switch": 29.8}, "cheap_plant", "cheap_plant"),
        ("q7", [156.2, 148.8, 145.05], "字典", "a dict"),
        ("q8", 14.17, "不要填 14.17", "not 14.17"),
        ("q8", 0.14, "四舍五入得太早", "rounded too early"),
        ("q9", 0.62, "字典", "a dict"),
        ("q10", fees[fees["days_open"] > 90], "一个数", "one number"),
    ]


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


def test_slips_of_a_beginner_are_explained_in_the_reader_s_language(lang):
    for task, answer, zh, en in slips(ka.load()):
        outcome = judged(task, answer)
        assert outcome.outcome != "right", task
        assert (zh if lang == "zh" else en) in outcome.text, task


@pytest.mark.usefixtures("lang")
def test_the_kinds_of_objections_are_counted_alike_in_both_languages():
    reference = ASSIGNMENT.tasks["q5"].reference_function
    assert judged("q5", reference(ka.load())).outcome == "right"


def test_a_price_to_the_fen_and_a_rate_to_four_digits_are_right():
    assert judged("q2", 33.5).outcome == "right"
    assert judged("q8", 0.1417).outcome == "right"
    prices = {1: 156.21, 2: 148.77, 3: 145.05}
    assert judged("q7", prices).outcome == "right"
