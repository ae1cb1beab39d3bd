"""The simulated class: every known way to answer an assignment, and what must come of it.

Prevents a course whose checks nobody has ever failed: each mistake on the list is made,
in both languages and on companies the author never saw. The grader hands the same
answers in as notebooks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course import practice
from ka_course.task_checks import compile_checks, separates
from ka_course.task_submission import run_submission, submission_code
from ka_lib import feedback
from ka_lib.language import LANGUAGES, current, use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ka_course.tasks import Assignment, Task
    from ka_lib.company import Company


class Pupil(NamedTuple):
    """One member of the class: answers one task in one way.

    ``code`` is the solution cell that the pupil hands in, ``"share = ..."`` for one who
    has not started; ``outcome`` is what must come of it, ``misconception`` the mistake's id.
    """

    task: str
    name: str
    code: str
    outcome: str
    misconception: str


class Surprise(NamedTuple):
    """An outcome that should not be: who got what, in which language."""

    task: str
    pupil: str
    lang: str
    expected: str
    found: str


def pupils(assignment: Assignment) -> list[Pupil]:
    """Return the class of an assignment: for each task one who has not started, one a right answer, one a mistake.

    Raises
    ------
    TaskError
        A function does not stand on its own.
    """
    return [pupil for task in assignment.tasks.values() for pupil in _of_task(task)]


def _of_task(task: Task) -> list[Pupil]:
    def one(function: Callable[..., Any] | None, outcome: str, mistake: str = "") -> Pupil:
        if function is None:
            return Pupil(task.id, "untouched", f"{task.answer} = ...\n", outcome, mistake)
        return Pupil(task.id, function.__name__, submission_code(task, function), outcome, mistake)

    return [
        one(None, "not_tried"),
        *(one(function, "right") for function in (task.reference_function, *task.right_answers)),
        *(one(mistake.function, "misconception", mistake.id) for mistake in task.misconceptions),
    ]


def surprises(assignment: Assignment, company: Company) -> list[Surprise]:
    """Let the class answer on one company; return every outcome that should not be.

    Each pupil's code runs alone, in an empty namespace with ``company``, and is judged in
    both languages by checks compiled for that company.

    Raises
    ------
    TaskError
        The assignment does not compile on this company, or a pupil's code does not run.
    """
    checks = json.loads(json.dumps(compile_checks(assignment, company), allow_nan=False))
    found = []
    for pupil in pupils(assignment):
        answer = run_submission(pupil.code, assignment.tasks[pupil.task], company)
        for lang in LANGUAGES:
            outcome = _judged(checks["tasks"][pupil.task], pupil.task, answer, lang)
            expected = f"{pupil.outcome} {pupil.misconception}".strip()
            got = f"{outcome.outcome} {outcome.misconception}".strip()
            if got != expected or not outcome.text:
                found.append(Surprise(pupil.task, pupil.name, lang, expected, got))
    return found


def separating_companies(
    assignment: Assignment, seeds: Iterable[int]
) -> Iterator[tuple[int, Company]]:
    """Yield each seed whose company tells all of an assignment's mistakes apart, with its company.

    A cohort's secret company is drawn in the same way: where two mistakes have one answer,
    the next seed is tried.

    Raises
    ------
    TaskError
        A function of a task fails on one of the companies.
    """
    for seed in seeds:
        company = practice.company(seed)
        if not separates(assignment, company):
            yield seed, company


def thin_tasks(assignment: Assignment) -> list[str]:
    """Return the tasks with a single right answer.

    The worked solution in the notebook is one way; ``also_right`` must hold a second one.
    """
    return [task.id for task in assignment.tasks.values() if not task.right_answers]


def _judged(task: dict[str, Any], name: str, answer: Any, lang: str) -> feedback.Outcome:
    before = current()
    use(lang)
    try:
        return feedback.judge_answer(task, name, answer)
    finally:
        use(before)
