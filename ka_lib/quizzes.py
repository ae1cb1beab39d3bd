"""The quiz of a chapter: choose, check, and read why, for every option.

A widget of our own rather than jupyterquiz, whose number questions carry an English label in every
language and which explains only the option that was clicked. Nothing is scored or sent: answers and
explanations ship with the course, and a quiz is for finding out.
"""

from __future__ import annotations

import html
import re
from typing import Any

from ka_lib.language import current, text
from ka_lib.progress_notes import note as note_progress
from ka_lib.quiz_marks import Marked, load, mark, order, read_number

_GOOD, _BAD = "#00704F", "#A33E00"  # dark enough for text on white
_STYLE = """<style>
.ka-quiz .widget-radio-box { width: 100%; }
.ka-quiz .widget-radio-box label { display: flex; align-items: flex-start; }
.ka-quiz .widget-radio-box label input { order: -1; flex: none; margin: 1px 8px 0 1px; }
.ka-quiz .widget-radio-box label, .ka-quiz .widget-checkbox label {
  white-space: normal; height: auto; line-height: 1.45; overflow: visible; width: 100%;
  margin-bottom: 4px; padding-left: 0;
}
.ka-quiz .widget-checkbox, .ka-quiz .widget-radio { height: auto; width: 100%; }
.ka-quiz .widget-html, .ka-quiz .widget-html-content { white-space: normal; height: auto;
  line-height: 1.5; overflow-wrap: anywhere; }
</style>"""


def quiz(chapter: str) -> Any:
    """Return the quiz of a chapter, to be put last in a cell.

    Parameters
    ----------
    chapter : str
        ``"ch03"``, for one.

    Returns
    -------
    ipywidgets.VBox
        ``quiz.questions`` are the boxes of the questions, ``quiz.score`` the line below.

    Raises
    ------
    ParameterError
        The chapter has no quiz.
    """
    import ipywidgets

    questions = load(chapter)
    right: set[str] = set()
    score = ipywidgets.HTML()

    def note(identity: str, is_right: bool) -> None:
        if is_right:
            right.add(identity)
        note_progress(chapter, f"quiz:{identity}", "right" if is_right else "wrong")
        tell()

    def tell() -> None:
        line = text("quiz.score", right=len(right), all=len(questions))
        score.value = f'<p role="status" aria-live="polite"><b>{html.escape(line)}</b></p>'

    boxes = [_question_box(i, question, note) for i, question in enumerate(questions, 1)]
    tell()
    board = ipywidgets.VBox([ipywidgets.HTML(_STYLE), *boxes, score])
    board.add_class("ka-quiz")
    board.questions, board.score = boxes, score
    return board


def _question_box(number: int, question: dict[str, Any], note: Any) -> Any:
    import ipywidgets

    asked = written(question["question"][current()])
    head = ipywidgets.HTML(f"<p><b>{number}. {asked}</b></p>")
    field, chosen = _field(question)
    button = ipywidgets.Button(description=text("quiz.check"), icon="check")
    answer = ipywidgets.HTML()

    def check(_: object) -> None:
        given = chosen()
        if given is None:
            answer.value = _paragraph(text(f"quiz.nothing_{question['kind']}"), _BAD)
            return
        marked = mark(question, given)
        note(question["id"], marked.right)
        answer.value = _explained(marked)

    button.on_click(check)
    box = ipywidgets.VBox([head, field, button, answer], layout={"margin": "0 0 18px 0"})
    box.field, box.button, box.answer = field, button, answer
    return box


def _field(question: dict[str, Any]) -> tuple[Any, Any]:
    """Return the input and a function that reads it: None while nothing is chosen."""
    import ipywidgets

    lang = current()
    if question["kind"] == "number":
        entry = ipywidgets.Text(
            placeholder=text("quiz.number"), layout={"width": "200px"}, description_allow_html=False
        )
        return entry, lambda: read_number(entry.value)
    places = order(question)
    texts = [question["options"][i]["text"][lang].replace("`", "") for i in places]
    if question["kind"] == "one":
        choice = ipywidgets.RadioButtons(
            options=list(zip(texts, places, strict=True)), value=None, layout={"width": "100%"}
        )
        return choice, lambda: None if choice.value is None else [choice.value]
    if question["kind"] == "order":
        return _order_field(places, texts)
    boxes = [
        ipywidgets.Checkbox(description=one, indent=False, layout={"width": "100%"})
        for one in texts
    ]
    group = ipywidgets.VBox(boxes)
    return group, lambda: [i for i, box in zip(places, boxes, strict=True) if box.value] or None


def _order_field(places: list[int], texts: list[str]) -> tuple[Any, Any]:
    """Return a number to choose for each option, and a function that reads the order: None until it is one."""
    import ipywidgets

    turns = [("–", None), *((str(turn), turn) for turn in range(1, len(places) + 1))]
    choices = [
        ipywidgets.Dropdown(options=turns, value=None, layout={"width": "70px"}, tooltip=one)
        for one in texts
    ]
    rows = [
        ipywidgets.HBox([choice, ipywidgets.HTML(html.escape(one))])
        for choice, one in zip(choices, texts, strict=True)
    ]
    field = ipywidgets.VBox(rows)
    field.choices = choices

    def chosen() -> list[int] | None:
        by_turn = {choice.value: i for i, choice in zip(places, choices, strict=True)}
        if None in by_turn or len(by_turn) < len(places):
            return None
        return [by_turn[turn] for turn in sorted(by_turn)]

    return field, chosen


def _explained(marked: Marked) -> str:
    parts = [
        _paragraph(
            text("quiz.right") if marked.right else text("quiz.not_yet"),
            _GOOD if marked.right else _BAD,
        )
    ]
    for belongs, option, why in marked.notes:
        if belongs is None:
            parts.append(f"<p>{written(why)}</p>")
            continue
        sign, colour = ("✓", _GOOD) if belongs else ("✗", _BAD)
        parts.append(
            f'<p><b style="color: {colour}">{sign}</b> {written(option)}<br>{written(why)}</p>'
        )
    return '<div role="status" aria-live="polite">' + "".join(parts) + "</div>"


def _paragraph(words: str, colour: str) -> str:
    return f'<p style="color: {colour}"><b>{html.escape(words)}</b></p>'


def written(source: str) -> str:
    """Return a quiz text as HTML: everything escaped, `` `code` `` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(source))
