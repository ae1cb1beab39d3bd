"""What is special to chapter 7's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch07" / "tasks.py")

# Written by hand: what a learner may put there, and the words that help, in each edition.
SLIPS = [
    ("q1", "0,8", "要一个数", "a number is wanted"),
    ("q1", 80.0, "不要填 80", "not 80"),
    ("q2", 0.3, "增长会叠在增长上", "Growth builds on growth"),
    ("q2", 28.1, "不要填 28.1", "not 28.1"),
    ("q3", 0.03, "百分点", "percentage points"),
    ("q3", "25%", "百分号", "percent signs"),
    ("q4", 8.07, "不要填 8.07", "not 8.07"),
    ("q5", 58.5, "字典", "a dict"),
    ("q5", {"2025-9": 55.1, "2025-10": 60.5, "2025-11": 58.5}, "2025-9", "2025-9"),
    ("q6", [], "名单短了", "The list is too short"),
    ("q6", ["A032", "A039"], "还不全", "some are missing"),
    ("q7", {"below": 6.3}, "at_target", "at_target"),
    ("q7", {"below": 42 / 665, "at_target": 13 / 236}, "乘上 100", "multiply by 100"),
    ("q8", 2373.5, "对照店也涨了", "the controls rose"),
    ("q9", [1, 4, 6], "第一件事是 1", "The first activity is number 1"),
    ("q9", 3, "列表", "a list"),
]


@pytest.fixture(params=["zh", "en"])
def lang(request):
    ka.use(request.param)
    yield request.param
    ka.use("zh")


def judged(task, answer):
    return judge_answer(load_checks("ch07")["tasks"][task], task, answer)


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


@pytest.mark.parametrize(("task", "answer", "zh", "en"), SLIPS)
def test_slips_of_a_beginner_meet_the_words_that_help(lang, task, answer, zh, en):
    assert {"zh": zh, "en": en}[lang] in judged(task, answer).text


def test_the_names_of_activities_do_not_decide_the_answer():
    """The RACI table speaks the edition's language; the answer is in numbers."""
    ka.use("en")
    english = ASSIGNMENT.tasks["q9"].reference_function(ka.load())
    ka.use("zh")
    assert english == ASSIGNMENT.tasks["q9"].reference_function(ka.load())


def test_the_known_figures_of_the_case_pass():
    # 1.45 to the power of 12/18 less 1, and 15% over 12% less 1
    assert judged("q2", 1.45 ** (2 / 3) - 1).outcome == "right"
    assert judged("q3", 0.25).outcome == "right"


@pytest.mark.parametrize("other", [list, tuple, set, pd.Series, pd.Index])
def test_a_list_of_any_kind_will_do(other):
    right = ASSIGNMENT.tasks["q6"].reference_function(ka.load())
    assert judged("q6", other(right)).outcome == "right"
