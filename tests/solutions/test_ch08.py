"""What is special to chapter 8's assignment: slips of a beginner, and the words that help."""

from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch08" / "tasks.py")


@pytest.fixture(params=["zh", "en"])
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def judged(task, answer):
    return judge_answer(load_checks("ch08")["tasks"][task], task, answer)


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


def test_a_share_in_percent_is_a_right_number_in_the_wrong_unit(lang):
    company = ka.load()
    share = ASSIGNMENT.tasks["q3"].reference_function(company)
    said = judged("q3", round(share * 100, 1))
    assert said.outcome != "right"
    assert {"zh": "不要填", "en": "not "}[lang] in said.text


def test_a_single_number_where_five_people_are_asked_for(lang):
    said = judged("q5", 1_500.0)
    assert said.outcome != "right"
    assert {"zh": "字典", "en": "dict"}[lang] in said.text


def test_ids_typed_as_a_text_are_asked_for_as_a_list(lang):
    said = judged("q1", "D012")
    assert said.outcome != "right"
    assert {"zh": "要一个列表", "en": "should be a list"}[lang] in said.text


def test_yuan_in_tens_of_thousands_are_a_wrong_unit_and_not_hours_a_yuan(lang):
    reference = ASSIGNMENT.tasks["q8"].reference_function(ka.load())
    said = judged("q8", {account: yuan / 10_000 for account, yuan in reference.items()})
    assert said.misconception == "ten_thousand"
    assert {"zh": "万元", "en": "ten thousand"}[lang] in said.text


def test_an_hour_lost_at_midnight_is_named(lang):
    company = ka.load()
    mistake = {one.id: one for one in ASSIGNMENT.tasks["q5"].misconceptions}["midnight_negative"]
    said = judged("q5", mistake.function(company))
    assert {"zh": "负 20 小时", "en": "minus 20 hours"}[lang] in said.text


def test_the_rank_may_come_as_text_free_table_with_extra_columns():
    company = ka.load()
    table = ka.abilities.gap(company.ability_ratings, by="manager", top=3)
    shuffled = table.sample(frac=1, random_state=1).assign(note="x")
    assert judged("q9", shuffled).outcome == "right"
    assert judged("q9", shuffled.drop(columns="rank")).outcome != "right"


def test_a_count_as_numpy_number_or_text_of_it():
    company = ka.load()
    overdue = (company.todos["due_on"] < pd.Timestamp("2025-11-30")).sum()
    assert judged("q2", overdue).outcome == "right"
    assert judged("q2", str(overdue)).outcome != "right"
