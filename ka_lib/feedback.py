"""``check`` and ``hint``: what a notebook answers a learner, in the learner's language.

Prevents the bare "AssertionError": a check says which mistake was made, and passing says
"public checks passed", never more than it knows.

Grading on another company
--------------------------
The checks that ship are worked out for the practice company. Two environment variables
rule another run, both set by whoever grades, before the kernel starts:

``KA_COMPANY``
    A folder with another company's tables. The shipped numbers do not apply to it: ``check``
    then neither passes nor scolds, it raises :class:`NotJudged` (closed: nobody earns
    points by a check that did not judge).
``KA_CHECKS``
    A folder with ``ch03.checks.json`` compiled for that company. ``check`` judges by it:
    the ordinary hidden test inside a kernel, the same judge as outside.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ka_lib import answers, forms, judge, language, progress_notes
from ka_lib.errors import KaError, ParameterError
from ka_lib.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT_MISTAKES = ("percent", "thousand", "ten_thousand", "rounded")
CHAPTERS = Path(__file__).parent / "chapters"


class CheckFailed(AssertionError):  # noqa: N818 - a reader sees this name: it says what happened
    """An answer is not right yet; the message says what to look at."""

    def __init__(self, message: str, outcome: str = "unforeseen") -> None:
        super().__init__(message)
        self.outcome = outcome

    def _render_traceback_(self) -> list[str]:
        """Show the message alone: where check raised tells a learner nothing."""
        return str(self).splitlines()


class NotJudged(CheckFailed):
    """The check has no numbers for the company in force, so it says neither right nor wrong."""


class Outcome(NamedTuple):
    """What a check found: one of four outcomes, the misconception's id, the words."""

    outcome: str
    misconception: str
    text: str


def assignment(name: str) -> tuple[Callable[[str, Any], None], Callable[[str], None]]:
    """Return ``check`` and ``hint`` of an assignment, ``"ch03"`` for one.

    Raises
    ------
    ParameterError
        There is no such assignment.

    Examples
    --------
    In a notebook::

        check, hint = ka.assignment("ch03")
        check("q4", proposal_success)
        hint("q4")
    """
    checks = load_checks(name)
    tasks: dict[str, Any] = checks["tasks"]
    given: dict[str, int] = {}

    def check(task: str, answer: Any) -> None:
        """Say whether an answer is right on the practice data, or which mistake it holds."""
        _require_task(task, tasks)
        if _no_numbers_here():
            message = language.text("feedback.not_judged", task=task_label(task))
            raise NotJudged(message, "not_judged")
        outcome = judge_answer(tasks[task], task, answer)
        progress_notes.note(name, task, outcome.outcome, outcome.misconception)
        if outcome.outcome != "right":
            _fail(outcome)
        print(outcome.text)  # noqa: T201 - the notebook's reader is who it is for

    def hint(task: str) -> None:
        """Give the next hint of a task: each call a stronger one, never the answer."""
        _require_task(task, tasks)
        hints = tasks[task]["hints"][language.current()]
        if not hints:
            print(language.text("feedback.no_hint", task=task_label(task)))  # noqa: T201
            return
        place = min(given.get(task, 0), len(hints) - 1)
        given[task] = place + 1
        last = language.text("feedback.last_hint") if place == len(hints) - 1 else ""
        facts: dict[str, Any] = {"task": task_label(task), "place": place + 1, "count": len(hints)}
        words = language.text("feedback.hint", **facts, hint=hints[place].format(), last=last)
        print(words.rstrip())  # noqa: T201

    return check, hint


def _fail(outcome: Outcome) -> NoReturn:
    raise CheckFailed(outcome.text, outcome.outcome) from None


def load_checks(name: str) -> dict[str, Any]:
    """Return an assignment's checks: shipped, or those of the folder ``KA_CHECKS``.

    Raises
    ------
    ParameterError
        There is no such assignment.
    """
    folder = Path(os.environ.get("KA_CHECKS") or CHAPTERS)
    path = folder / f"{name}.checks.json"
    if not re.fullmatch(r"\w+", str(name)) or not path.is_file():
        known = sorted(file.name.partition(".")[0] for file in folder.glob("*.checks.json"))
        raise ParameterError("feedback.unknown_assignment", given=name, known=", ".join(known))
    checks: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return checks


def _no_numbers_here() -> bool:
    return bool(os.environ.get("KA_COMPANY")) and not os.environ.get("KA_CHECKS")


def _require_task(task: object, tasks: dict[str, Any]) -> None:
    """Raise unless the first argument is a task's id: the two arguments are easily swapped."""
    if not isinstance(task, str) or task not in tasks:
        example = next(iter(tasks))
        name = tasks[example]["answer"]
        raise ParameterError(
            "feedback.unknown_task",
            given=shown(task),
            known=", ".join(tasks),
            example=f'check("{example}", {name})',
        )


def task_label(task: str) -> str:
    """Return how a reader calls a task: question 4 for ``"q4"``."""
    number = re.fullmatch(r"q(\d+)", task)
    return language.text("feedback.question", number=number[1]) if number else task


def judge_answer(task: dict[str, Any], name: str, answer: Any) -> Outcome:  # noqa: PLR0911 - one an outcome
    """Judge one answer by a task's compiled data; the same for the notebook and the grader.

    Parameters
    ----------
    task : dict
        The task's entry in the checks, as ``ka_course.tasks.compile_checks`` writes it.
    name : str
        Its id, ``"q4"``.
    answer : object
        The learner's object, or what :func:`ka_lib.answers.decode` returned for it.

    Returns
    -------
    Outcome
        ``outcome`` is ``"not_tried"``, ``"right"``, ``"misconception"`` or ``"unforeseen"``.
    """
    lang = language.current()
    label = task_label(name)
    if judge.is_blank(answer):
        text = task["not_tried"][lang].format()
        return Outcome(
            "not_tried", "", language.text("feedback.not_tried", task=label, message=text)
        )
    try:
        given = answers.decode(answers.encode(answer))  # nothing but data, as the grader sees it
    except KaError as error:
        return _unforeseen(label, _odd_object(task, answer) or str(error))
    if isinstance(answer, str) and answer.strip() == task["answer"]:
        return _unforeseen(label, language.text("feedback.quoted_name", name=task["answer"]))
    form = forms.from_data(task["form"])
    verdict = judge.compare(form, answers.decode(task["expected"]), given)
    if verdict.equal:
        return Outcome("right", "", language.text("feedback.right"))
    answer_text = shown(given, form)
    for misconception in task["misconceptions"]:
        if judge.compare(form, answers.decode(misconception["answer"]), given).equal:
            text = misconception[lang].format(answer=answer_text)
            message = language.text("feedback.misconception", task=label, message=text)
            return Outcome("misconception", misconception["id"], message)
    found = describe(verdict, form, given)
    if verdict.kind in UNIT_MISTAKES:  # a known mistake in every task, so no author has to list it
        text = language.text("feedback.misconception", task=label, message=found)
        return Outcome("misconception", verdict.kind, text)
    if verdict.kind == "wrong_type":
        return _unforeseen(label, found)  # the way there may be right: no pointer to the method
    pointer = task["unforeseen"][lang].format(answer=answer_text)
    return _unforeseen(label, f"{found}\n{pointer}".rstrip())


def _unforeseen(label: str, message: str) -> Outcome:
    return Outcome(
        "unforeseen", "", language.text("feedback.unforeseen", task=label, message=message)
    )


def _odd_object(task: dict[str, Any], answer: Any) -> str:
    """Return a sentence on an object that is no answer but shows what was forgotten."""
    if callable(answer):
        return language.text("feedback.function", name=task["answer"])
    return ""


def describe(verdict: judge.Verdict, form: forms.Form, answer: Any) -> str:
    """Return in words how an answer differs, without the right value."""
    facts = {name: _fact(value) for name, value in verdict.details.items()}
    facts["answer"] = shown(answer, form)
    kind: str = verdict.kind
    if kind == "wrong_type":
        wanted = language.text(f"feedback.object_{verdict.details['wanted']}")
        text_for_number = verdict.details["wanted"] == "number" and isinstance(answer, str)
        if verdict.details["wanted"] == "number" and hasattr(answer, "_fields"):
            facts["fields"] = ", ".join(f"`.{name}`" for name in answer._fields)
            return language.text("feedback.record_for_number", **facts)
        return language.text(
            "feedback.text_for_number" if text_for_number else "feedback.wrong_type",
            **{**facts, "wanted": wanted},
        )
    if kind == "percent":
        facts["right"] = _scaled(verdict, 1 / 100)
    if kind in ("thousand", "ten_thousand"):
        facts["right"] = _scaled(verdict, 1_000 if kind == "thousand" else 10_000)
    if kind in ("percent", "thousand", "ten_thousand", "rounded") and "column" in verdict.details:
        kind += "_column"
    if kind in ("row_differs", "rows_differ") and not verdict.details.get("column"):
        kind += "_mapping"
    if kind == "chart_kind":
        facts["drawn"] = language.text(f"feedback.chart_{verdict.details['codes'][0]}")
    if kind == "missing_columns":
        nearest = [
            f"{lost}（{near}？）" if language.current() == "zh" else f"{lost} ({near}?)"
            for lost, near in verdict.details["nearest"].items()
            if near
        ]
        facts["nearest"] = (
            language.text("feedback.nearest", names=", ".join(nearest)) if nearest else ""
        )
    words = language.text(f"feedback.{kind}", **facts)
    if verdict.details.get("sum_differs"):
        words += language.text("feedback.sum_differs", **facts)
    return words


def _fact(value: Any) -> Any:
    return ", ".join(shown(one) for one in value) if isinstance(value, list) else shown(value)


def _scaled(verdict: judge.Verdict, factor: float) -> str:
    number = judge.as_number(verdict.details["value"])
    return shown((number or 0.0) * factor)
