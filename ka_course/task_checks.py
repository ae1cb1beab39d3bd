"""Turn task definitions into the data that ships: answers and messages, never code.

Prevents a check that calls the right answer a mistake, or names the wrong mistake: a
company on which two of them agree does not compile.
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.speech import CourseError
from ka_lib import answers, forms, judge
from ka_lib.errors import KaError
from ka_lib.language import LANGUAGES, Language, current, use
from ka_lib.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_course.tasks import Assignment, Task
    from ka_lib.company import Company


class TaskError(CourseError):
    """A task definition cannot be used as it stands; the message is for its author."""


class Clash(NamedTuple):
    """Two functions of one task that a company does not tell apart, or that should agree and do not.

    ``reason`` is ``"same"`` (a misconception equals the reference or another misconception) or
    ``"not_right"`` (an ``also_right`` that is not).
    """

    task: str
    one: str
    other: str
    reason: str


def compile_checks(assignment: Assignment, company: Company) -> dict[str, Any]:
    """Return what a check needs to judge answers about one company, in both languages.

    Parameters
    ----------
    assignment : Assignment
        The tasks.
    company : Company
        The practice company for what ships; a cohort's secret company for its grading.

    Returns
    -------
    dict
        JSON data: ``{"assignment", "company", "tasks": {id: {"answer", "form", "points",
        "level", "kind", "row_ids", "expected", "misconceptions": [{"id", "answer", "zh",
        "en"}], "not_tried", "unforeseen", "hints", "facts"}}}``. Facts are filled into
        the messages; ``{answer}`` stays open.

    Raises
    ------
    TaskError
        A task lacks something, a function fails, a message names an unknown fact, or the
        company does not separate the mistakes (:func:`separates`).
    """
    found = {task.id: _work_out(task, company) for task in assignment.tasks.values()}
    clashes = [
        clash for task in assignment.tasks.values() for clash in _clashes(task, found[task.id])
    ]
    if clashes:
        lines = "; ".join(
            f"{clash.task}: {clash.one} / {clash.other} ({clash.reason})" for clash in clashes
        )
        raise TaskError("tasks.clash", company=company.name, clashes=lines)
    tasks = {
        task.id: _task_data(task, company, found[task.id]) for task in assignment.tasks.values()
    }
    return {"assignment": assignment.id, "tasks": tasks}


def separates(assignment: Assignment, company: Company) -> list[Clash]:
    """Return what a company does not tell apart; an empty list means that it will do.

    Raises
    ------
    TaskError
        A function of a task fails on this company.
    """
    return [
        clash
        for task in assignment.tasks.values()
        for clash in _clashes(task, _work_out(task, company))
    ]


def _work_out(task: Task, company: Company) -> dict[str, Any]:
    """Return every function's answer by its name, as it comes back from the codec."""
    if task.reference_function is None:
        raise TaskError("tasks.no_reference", task=task.id)
    functions = [
        task.reference_function,
        *(one.function for one in task.misconceptions),
        *task.right_answers,
    ]
    names = [function.__name__ for function in functions]
    if twice := {name for name in names if names.count(name) > 1}:
        raise TaskError("tasks.same_name", task=task.id, name=", ".join(sorted(twice)))
    return {function.__name__: _answer(task, function, company) for function in functions}


def _answer(task: Task, function: Callable[[Company], Any], company: Company) -> Any:
    try:
        answer = answers.decode(answers.encode(function(company)))
    except KaError as error:
        raise TaskError(
            "tasks.function_fails", task=task.id, name=function.__name__, error=error
        ) from error
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise TaskError(
            "tasks.function_fails", task=task.id, name=function.__name__, error=words
        ) from error
    if judge.is_blank(answer):
        raise TaskError("tasks.no_answer", task=task.id, name=function.__name__)
    return answer


def _clashes(task: Task, found: dict[str, Any]) -> list[Clash]:
    clashes = []
    reference = task.reference_function.__name__ if task.reference_function else ""
    right = found[reference]
    if not judge.compare(task.form, right, right).equal:
        clashes.append(Clash(task.id, reference, reference, "not_right"))
    clashes.extend(
        Clash(task.id, reference, function.__name__, "not_right")
        for function in task.right_answers
        if not judge.compare(task.form, right, found[function.__name__]).equal
    )
    for place, mistake in enumerate(task.misconceptions):
        wrong = found[mistake.id]
        if judge.compare(task.form, right, wrong).equal:
            clashes.append(Clash(task.id, reference, mistake.id, "same"))
        clashes.extend(
            Clash(task.id, earlier.id, mistake.id, "same")
            for earlier in task.misconceptions[:place]
            if judge.compare(task.form, found[earlier.id], wrong).equal
            or judge.compare(task.form, wrong, found[earlier.id]).equal
        )
    return clashes


def _task_data(task: Task, company: Company, found: dict[str, Any]) -> dict[str, Any]:
    facts = dict(task.facts_function(company)) if task.facts_function else {}
    for name in ("not_tried", "hints", "unforeseen"):
        if name not in task.messages:
            raise TaskError("tasks.no_message", task=task.id, name=name)
    hints = task.messages["hints"]
    if len(hints["zh"]) != len(hints["en"]) or not hints["zh"]:
        raise TaskError("tasks.hints_differ", task=task.id)
    reference = task.reference_function.__name__ if task.reference_function else ""
    return {
        "answer": task.answer,
        "form": forms.to_data(task.form),
        "points": task.points,
        "level": task.level,
        "kind": task.kind,
        "row_ids": list(task.row_ids),
        "expected": answers.encode(found[reference]),
        "misconceptions": [
            {
                "id": one.id,
                "answer": answers.encode(found[one.id]),
                **_both(task, {"zh": one.zh, "en": one.en}, facts, allow_answer=True),
            }
            for one in task.misconceptions
        ],
        "not_tried": _both(task, task.messages["not_tried"], facts),
        "unforeseen": _both(task, task.messages["unforeseen"], facts, allow_answer=True),
        "hints": {
            lang: [_fill(task, hint, facts, lang) for hint in hints[lang]] for lang in LANGUAGES
        },
        "facts": {name: answers.encode(value) for name, value in facts.items()},
    }


def _both(
    task: Task, words: dict[str, str], facts: dict[str, Any], *, allow_answer: bool = False
) -> dict[str, str]:
    return {
        lang: _fill(task, words[lang], facts, lang, allow_answer=allow_answer) for lang in LANGUAGES
    }


def _fill(
    task: Task, message: str, facts: dict[str, Any], lang: Language, *, allow_answer: bool = False
) -> str:
    """Fill in the facts; ``{answer}`` stays open for the learner's, other braces stay doubled.

    Emphasis marks go: a message stands in an output as plain text.
    """
    before = current()
    use(lang)
    try:
        parts = []
        for literal, name, spec, conversion in Formatter().parse(message.replace("**", "")):
            parts.append(_braces(literal))
            if name is None:
                continue
            if name == "answer" and allow_answer:
                parts.append(f"{{answer:{spec}}}" if spec else "{answer}")
            elif name not in facts or conversion:
                raise TaskError(
                    "tasks.unknown_fact", task=task.id, name=name, known=", ".join(facts) or "-"
                )
            else:
                parts.append(_braces(format(shown(facts[name]), spec or "")))
        return "".join(parts)
    except ValueError as error:
        raise TaskError("tasks.bad_message", task=task.id, message=message, error=error) from error
    finally:
        use(before)


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
