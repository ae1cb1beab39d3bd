"""Is a right chart accepted however it is drawn, and a misleading one told by its kind?"""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

from ka_lib import answers, language
from ka_lib.feedback import judge_answer
from ka_lib.forms import Chart, from_data, to_data
from ka_lib.judge import compare

NAMES, VALUES = ["A", "B", "C"], [300_000.0, 200_000.0, 100_000.0]
FORM = Chart("bar", from_zero=True, labels=("title", "y_label"))


def drawn(values=VALUES, *, low=0.0, kind="bar", **labels):
    figure = Figure()
    axes = figure.subplots()
    draw = {"bar": axes.bar, "barh": axes.barh, "line": axes.plot}[kind]
    draw(NAMES[: len(values)], values)
    (axes.set_xlim if kind == "barh" else axes.set_ylim)(low, max(values) * 1.1)
    axes.set(**{"title": "Sales", "ylabel": "yuan", **labels})
    return answers.decode(answers.encode(figure))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (drawn(), "equal"),
        (drawn(kind="barh"), "equal"),
        (drawn([30.0, 20.0, 10.0], ylabel="万元"), "equal"),
        (drawn([300.0, 200.0, 100.0]), "equal"),
        (drawn([300_900.0, 200_000.0, 100_000.0]), "equal"),
        (drawn([310_000.0, 200_000.0, 100_000.0]), "chart_values"),
        (drawn([30.0, 20.0, 100_000.0]), "chart_values"),
        (drawn(VALUES[:2]), "chart_values"),
        (drawn(VALUES[::-1]), "chart_order"),
        (drawn(low=90_000), "chart_axis"),
        (drawn(low=90_000, kind="barh"), "chart_axis"),
        (drawn(ylabel=" "), "chart_labels"),
        (drawn(title=""), "chart_labels"),
        (drawn(kind="line"), "chart_kind"),
        (VALUES, "wrong_type"),
        (7, "wrong_type"),
        (pd.Series(VALUES, index=NAMES), "wrong_type"),  # its axes are no chart's
        (pd.DataFrame({"value": VALUES}), "wrong_type"),
        (..., "not_tried"),
    ],
)
def test_a_chart_is_told_from_another(answer, kind):
    assert compare(FORM, drawn(), answer).kind == kind


def test_a_cut_axis_is_a_mistake_that_can_be_recognised():
    cut = drawn(low=90_000)
    assert compare(FORM, cut, drawn(low=80_000)).equal
    assert not compare(FORM, cut, drawn()).equal


def test_what_a_form_does_not_ask_for_does_not_count():
    assert compare(Chart("bar"), drawn(), drawn(low=90_000, ylabel="", title="")).equal
    assert compare(Chart("bar", ordered=False), drawn(), drawn(VALUES[::-1])).equal


def test_every_expected_series_must_be_there():
    both = drawn()
    both.axes[0]["series"] += drawn([1.0, 2.0, 5.0]).axes[0]["series"]
    assert compare(Chart("bar"), both, both).equal
    assert compare(Chart("bar"), both, drawn()).kind == "chart_values"
    assert compare(Chart("bar"), drawn(), both).equal  # a line of the plan beside it does no harm


def test_a_form_travels_as_data():
    assert from_data(to_data(FORM)) == FORM


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (drawn(low=90_000), {"zh": "从 0 开始", "en": "start at 0"}),
        (drawn(kind="line"), {"zh": "没有找到柱", "en": "drawn as bars"}),
        (
            drawn(VALUES[:2]),
            {"zh": "你画了 2 个数，应当是 3 个", "en": "You drew 2; it should be 3"},
        ),
        (drawn(VALUES[::-1]), {"zh": "顺序不对", "en": "their order is not"}),
        (drawn(title=""), {"zh": "标题", "en": "Title and axes"}),
        (3, {"zh": "一张图", "en": "a chart"}),
    ],
)
def test_the_learner_hears_what_is_wrong_with_a_chart(lang, answer, words):
    language.use(lang)
    nothing = {"zh": "", "en": ""}
    task = {
        "answer": "sales_chart",
        "form": to_data(FORM),
        "expected": answers.encode(drawn()),
        "misconceptions": [],
        "unforeseen": nothing,
        "not_tried": nothing,
    }
    outcome = judge_answer(task, "q1", answer)
    assert outcome.outcome == "unforeseen"
    assert words[lang] in outcome.text
