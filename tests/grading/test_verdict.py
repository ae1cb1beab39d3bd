"""Does the verdict fail closed, whatever the learner's side sends?"""

import pytest

from ka_course.grading.outputs import accept_all
from ka_course.grading.run import Ran
from ka_course.grading.verdict import judge
from ka_lib import forms

TASK = {
    "answer": "share",
    "form": forms.to_data(forms.Number(tolerance=0.001)),
    "expected": 0.5,
    "misconceptions": [{"id": "half", "answer": 0.25, "zh": "{answer}", "en": "{answer}"}],
    "not_tried": {"zh": "x", "en": "x"},
    "unforeseen": {"zh": "x", "en": "x"},
}
ITEMS = {
    **TASK,
    "misconceptions": [],
    "form": forms.to_data(forms.Items()),
    "expected": {"type": "list", "items": ["a"]},
}


def outcome(answer, task=TASK):
    return judge(task, "q1", Ran("ok", [], answer)).outcome


def test_only_the_right_value_passes():
    assert outcome({"answer": 0.5}) == "right"
    assert outcome({"answer": 0.25}) == "misconception"
    assert outcome({"answer": {"type": "blank"}}) == "not_tried"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        {"done": "ok"},
        {"answer": True},
        {"answer": "right"},
        {"answer": {"type": "right"}},
        {"answer": {"type": "missing"}},
        {"answer": {"type": "infinity", "value": "+"}},
        {"answer": {"type": "days", "value": 1e308}},
        {"answer": {"type": "date", "value": "9" * 9999}},
        {"answer": {"type": "frame", "rows": 10**12, "index": [], "columns": []}},
        {"answer": {"type": "record", "name": "a b", "fields": ["__class__"], "values": [0.5]}},
        {"answer": {"type": "dict", "keys": [{"type": "list", "items": []}], "values": [0.5]}},
        {"answer": {"type": "set", "items": [{"type": "list", "items": []}]}},
        {"refused": 7},
        {"refused": {"reason": ["x"]}},
        {"refused": {"reason": "function"}},
        {"refused": {}, "answer": 0.5},
    ],
)
def test_nothing_else_does(sent):
    assert outcome(sent) != "right"


@pytest.mark.parametrize(
    "status", ["cell_time", "notebook_time", "memory", "output", "died", "not_run"]
)
def test_what_was_stopped_is_not_believed(status):
    assert judge(TASK, "q1", Ran(status, [], {"answer": 0.5})).outcome == "no_answer"


def test_the_largest_answer_is_judged_like_any_other():
    assert outcome({"answer": {"type": "list", "items": ["x"] * 190_000}}, ITEMS) == "unforeseen"


def test_outputs_are_what_a_notebook_holds_or_nothing():
    shown = accept_all(
        [
            None,
            7,
            {"output_type": "stream", "name": "stdout", "text": "a"},
            {"output_type": "stream", "name": "stdout", "text": "b"},
            {"output_type": "stream", "name": ["stdout"], "text": "c"},
            {"output_type": "error", "ename": {}, "evalue": 3, "traceback": "x"},
            {"output_type": "display_data", "data": {"image/png": "<script>", "text/x": "y"}},
            {"output_type": "update_display_data", "data": {"text/plain": "y"}},
        ]
    )
    assert [output.output_type for output in shown] == ["stream", "error"]
    assert shown[0].text == "ab"
