"""Does a task definition become data that ships, and does a wrong one say what is wrong?"""

import json
from pathlib import Path

import pytest

from ka_course import practice
from ka_course.simulated import pupils, surprises, thin_tasks
from ka_course.tasks import (
    Assignment,
    Number,
    TaskError,
    compile_checks,
    load_assignment,
    separates,
    submission_code,
)
from ka_lib.language import use

EXAMPLE = Path(__file__).parents[1] / "example_tasks.py"


@pytest.fixture(scope="module")
def company():
    return practice.company()


@pytest.fixture
def example():
    return load_assignment(EXAMPLE)


@pytest.fixture(autouse=True)
def english():
    use("en")
    yield
    use("zh")


def one_task(reference, *, form=None, wrong=None, words="You got {answer}."):
    assignment = Assignment("ch98")
    task = assignment.task("q1", answer="total", form=form or Number(), points=1)
    task.reference(reference)
    if wrong:
        task.misconception(zh=words, en=words)(wrong)
    task.not_tried(zh="先看表。", en="Look at the table.")
    task.hints(zh=["一"], en=["one"])
    task.unforeseen(zh="不对。", en="Not this.")
    return assignment


def right(company):
    return len(company.opportunities)


def test_checks_are_plain_json_with_facts_filled_in_and_the_answer_left_open(company, example):
    checks = compile_checks(example, company)
    assert json.loads(json.dumps(checks, allow_nan=False)) == checks
    mistake = checks["tasks"]["q1"]["misconceptions"][0]
    still_open = int((company.opportunities["status"] == "open").sum())
    assert mistake["en"] == (
        f"You got {{answer:.2f}}: the base holds {still_open} deals that are still open."
    )
    assert checks["tasks"]["q2"]["level"] == "analyst"


def test_checks_hold_no_code(company, example):
    assert "def " not in json.dumps(compile_checks(example, company))


def test_compiling_twice_gives_the_same_data(company, example):
    assert compile_checks(example, company) == compile_checks(example, company)


def test_a_misconception_that_equals_the_reference_does_not_compile(company):
    def no_mistake(company):
        return len(company.opportunities) * 1.0

    assignment = one_task(right, wrong=no_mistake)
    assert [(clash.one, clash.other, clash.reason) for clash in separates(assignment, company)] == [
        ("right", "no_mistake", "same")
    ]
    with pytest.raises(TaskError, match="right / no_mistake"):
        compile_checks(assignment, company)


def test_a_right_answer_that_is_not_right_is_a_clash(company):
    assignment = one_task(right)
    assignment.tasks["q1"].also_right(lambda company: 0 * len(company.reps))
    assert [clash.reason for clash in separates(assignment, company)] == ["not_right"]


def test_two_mistakes_with_one_answer_are_a_clash(company):
    def one(_):
        return -1

    def two(_):
        return -1.0

    assignment = one_task(right, wrong=one)
    assignment.tasks["q1"].misconception(zh="二", en="two")(two)
    assert [(clash.one, clash.other) for clash in separates(assignment, company)] == [
        ("one", "two")
    ]


def test_a_failing_function_is_named(company):
    def broken(company):
        return company.opportunities["amuont"]

    with pytest.raises(TaskError, match="q1: broken fails: KeyError: 'amuont'"):
        compile_checks(one_task(broken), company)


def test_an_unknown_fact_is_named(company):
    assignment = one_task(right, wrong=lambda _: 0, words="{proposals} in the base")
    with pytest.raises(TaskError, match=r"names \{proposals\}"):
        compile_checks(assignment, company)


def test_a_brace_in_a_message_survives(company):
    def wrong(_):
        return 0

    checks = compile_checks(one_task(right, wrong=wrong, words="{{a}} {answer}"), company)
    assert checks["tasks"]["q1"]["misconceptions"][0]["en"].format(answer="0") == "{a} 0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "defines no assignment"),
        ("1 / 0", "ZeroDivisionError"),
        ("x = (", "SyntaxError"),
    ],
)
def test_a_file_that_defines_nothing_says_so(tmp_path, text, message):
    path = tmp_path / "练习 一" / "tasks.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TaskError, match=message):
        load_assignment(path)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(TaskError, match="no task definition"):
        load_assignment(tmp_path / "tasks.py")


def test_an_id_or_an_answer_is_used_once():
    assignment = one_task(right)
    with pytest.raises(TaskError):
        assignment.task("q1", answer="other", form=Number(), points=1)
    with pytest.raises(TaskError):
        assignment.task("q2", answer="total", form=Number(), points=1)


def test_a_submission_is_a_cell_that_stands_alone(example):
    task = example.tasks["q1"]
    code = submission_code(task, task.misconceptions[0].function)
    assert "@" not in code
    assert "still_open" not in code
    assert code.endswith("win_rate = open_in_base(company)\n")


OUTSIDE = 3


def test_a_function_that_needs_its_file_is_no_submission():
    def leans(_):
        return OUTSIDE

    assignment = one_task(leans)
    with pytest.raises(TaskError, match="OUTSIDE"):
        submission_code(assignment.tasks["q1"], leans)


def test_the_class_of_the_example_holds_no_surprise(company, example):
    assert surprises(example, company) == []
    assert thin_tasks(example) == []
    outcomes = [pupil.outcome for pupil in pupils(example)]
    assert outcomes == ["not_tried", "right", "right", "misconception"] * 2
