"""Does check tell a learner what went wrong, and note it; does hint grow and stay silent on the answer?"""

import json
import math
from types import SimpleNamespace

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib import answers, forms
from ka_lib.errors import ParameterError
from ka_lib.feedback import CheckFailed, NotJudged
from ka_lib.language import use
from ka_lib.shown import shown

TASK = {
    "answer": "proposal_success",
    "form": forms.to_data(forms.Number(tolerance=0.0005, fraction=True)),
    "expected": 0.4386,
    "misconceptions": [
        {
            "id": "all_leads",
            "answer": 0.0807,
            "zh": "你算出来是 {answer:.2f}，分母用的是全部线索。",
            "en": "You got {answer:.2f}: you divided by all leads.",
        }
    ],
    "not_tried": {"zh": "先看看阶段。", "en": "Look at the stages first."},
    "unforeseen": {"zh": "应当是 57 个。", "en": "It should be 57."},
    "hints": {"zh": ["分母？", "答复过的。"], "en": ["Which base?", "Answered ones."]},
}


@pytest.fixture
def q4(tmp_path, monkeypatch):
    (tmp_path / "ch99.checks.json").write_text(
        json.dumps({"assignment": "ch99", "tasks": {"q4": TASK}}), encoding="utf-8"
    )
    monkeypatch.setattr("ka_lib.feedback.CHAPTERS", tmp_path)
    monkeypatch.delenv("KA_COMPANY", raising=False)
    monkeypatch.delenv("KA_CHECKS", raising=False)
    monkeypatch.chdir(tmp_path)
    use("en")
    check, hint = ka.assignment("ch99")
    yield SimpleNamespace(check=check, hint=hint, folder=tmp_path)
    use("zh")


@pytest.mark.parametrize(
    ("answer", "en", "zh"),
    [
        (..., "not started yet.\nLook at the stages first.", "还没动笔。\n先看看阶段。"),
        (None, "not started yet", "还没动笔"),
        (
            0.0807,
            "You got 0.08: you divided by all leads.",
            "你算出来是 0.08，分母用的是全部线索。",
        ),
        (43.86, "a fraction between 0 and 1 (0.4386), not 43.86", "请填 0.4386，不要填 43.86"),
        (0.52, "You got 0.52.\nIt should be 57.", "你算出来是 0.52。\n应当是 57 个。"),
        ("44%", 'You gave the text "44%"', "你填的是文字“44%”"),
        ("proposal_success", "Take the quotes away", "去掉引号"),
        (math.sqrt, "Are the brackets () missing", "漏了后面的括号"),
        (object(), "object", "object"),
        (
            pd.DataFrame({"a": [1, 2]}),
            "should be one number; yours is a DataFrame",
            "这一题要一个数",
        ),
        (math.nan, "You got a missing value.", "你算出来是 空值"),
    ],
)
def test_a_failing_check_says_what_went_wrong(q4, answer, en, zh):
    for lang, words, label in (("en", en, "Question 4: "), ("zh", zh, "第 4 题：")):
        use(lang)
        with pytest.raises(CheckFailed) as failed:
            q4.check("q4", answer)
        assert str(failed.value).startswith(label)
        assert words in str(failed.value)
        assert "\n".join(failed.value._render_traceback_()) == str(failed.value)


def test_a_failing_check_is_an_assertion(q4):
    with pytest.raises(AssertionError):
        q4.check("q4", ...)


def test_passing_says_no_more_than_it_knows_and_returns_nothing(q4, capsys):
    assert q4.check("q4", 0.4386) is None
    out = capsys.readouterr()
    assert out.out == "✓ Public checks passed. Grading runs it again on another company's data.\n"
    assert out.err == ""


def test_the_right_value_is_not_in_any_message_on_a_wrong_answer(q4):
    for answer in (0.52, "44%", [1], 0.0807, ...):
        with pytest.raises(CheckFailed) as failed:
            q4.check("q4", answer)
        assert "0.43" not in str(failed.value)


@pytest.mark.parametrize("task", ["q5", 0.44, ..., ["q4"]])
def test_an_unknown_task_names_the_known_ones(q4, task):
    with pytest.raises(ParameterError, match=r'check\("q4", proposal_success\)'):
        q4.check(task, 0.44)


@pytest.mark.parametrize("name", ["ch98", "", "../ch99", 3])
def test_an_unknown_assignment_names_the_known_ones(q4, name):
    assert q4
    with pytest.raises(ParameterError, match="ch99"):
        ka.assignment(name)


def test_hints_grow_and_say_when_they_end(q4, capsys):
    for _ in range(3):
        q4.hint("q4")
    assert capsys.readouterr().out.splitlines() == [
        "Question 4, hint 1 of 2: Which base?",
        "Question 4, hint 2 of 2: Answered ones.",
        "That was the last hint.",
        "Question 4, hint 2 of 2: Answered ones.",
        "That was the last hint.",
    ]


def test_outcomes_are_noted_in_the_learners_folder(q4, monkeypatch):
    (q4.folder / ".ka").mkdir()
    below = q4.folder / "zh 练习" / "ch99"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    q4.check("q4", 0.4386)
    with pytest.raises(CheckFailed):
        q4.check("q4", 0.0807)
    lines = (q4.folder / ".ka" / "progress.jsonl").read_text(encoding="utf-8").splitlines()
    notes = [json.loads(line) for line in lines]
    assert [(note["outcome"], note["misconception"]) for note in notes] == [
        ("right", ""),
        ("misconception", "all_leads"),
    ]
    assert {"assignment", "task", "at"} <= notes[0].keys()


def test_no_folder_to_note_in_is_no_error(q4):
    q4.check("q4", 0.4386)
    assert not list(q4.folder.rglob("progress.jsonl"))


def test_a_folder_that_cannot_be_written_is_no_error(q4):
    (q4.folder / ".ka" / "progress.jsonl").mkdir(parents=True)
    q4.check("q4", 0.4386)


def test_on_another_company_the_check_neither_passes_nor_scolds(q4, monkeypatch, capsys):
    monkeypatch.setenv("KA_COMPANY", "elsewhere")
    with pytest.raises(NotJudged, match="neither right nor wrong"):
        q4.check("q4", 0.4386)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("q4")
def test_checks_of_another_company_judge_its_answers(monkeypatch, tmp_path):
    other = tmp_path / "other company"
    other.mkdir()
    checks = {"assignment": "ch99", "tasks": {"q4": {**TASK, "expected": answers.encode(0.25)}}}
    (other / "ch99.checks.json").write_text(json.dumps(checks), encoding="utf-8")
    monkeypatch.setenv("KA_COMPANY", "elsewhere")
    monkeypatch.setenv("KA_CHECKS", str(other))
    check, _ = ka.assignment("ch99")
    check("q4", 0.25)
    with pytest.raises(CheckFailed):
        check("q4", 0.4386)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.076841, forms.Number(fraction=True), "0.0768"),
        (1_180_000.0, forms.Number(unit="yuan"), "1,180,000"),
        (3.267, None, "3.27"),
        (57, None, "57"),
        (0, None, "0"),
        (0.00012, None, "0.00012"),
        ({"A": 3}, None, "A: 3"),
        (["a", 2], None, "a, 2"),
        (pd.Series(["A001", "A004"]), forms.Items(), "A001, A004"),
        (pd.Series({"R1": 0.25, "R2": 0.3}), forms.Mapping(fraction=True), "R1: 0.25, R2: 0.3"),
        (pd.DataFrame({"stage": ["lead"]}), None, "一张 1 行的表（stage）"),
        ("x" * 99, None, "x" * 59 + "…"),
    ],
)
def test_answers_are_shown_short_with_the_digits_that_matter(value, form, text):
    assert shown(value, form) == text


def test_a_shown_number_takes_a_format_and_a_shown_text_ignores_it():
    assert f"{shown(0.4386):.2f} {shown(0.4386):.0%} {shown(0.4386)}" == "0.44 44% 0.4386"
    assert f"{shown('abc'):.2f}" == "abc"
