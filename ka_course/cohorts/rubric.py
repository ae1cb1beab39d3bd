"""The rubric of a written task, read from the table in its prompt: one place says what counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.graded_tasks import GradedTask, graded_tasks
from ka_course.speech import CourseError, messages

if TYPE_CHECKING:
    from ka_course.cohort import Cohort
    from ka_lib.language import Language

ROW = re.compile(r"^\s*\|(.+)\|\s*$", re.MULTILINE)
LEVEL = re.compile(r"\s*[（(](\d+(?:\.\d+)?)[）)]\s*$")
FEWEST = 3  # columns: a criterion, a level, its points


class Criterion(NamedTuple):
    """One line of a rubric: ``levels`` say what earns how much."""

    name: str
    most: float
    levels: str


class WrittenTask(NamedTuple):
    """A task that a person marks: its graded cell, its rubric."""

    task: GradedTask
    cell: str
    criteria: list[Criterion]


def written_tasks(cohort: Cohort, chapter: str) -> list[WrittenTask]:
    """Return the written tasks of a chapter.

    Raises
    ------
    CourseError
        The chapter has none, or its source cannot be read.
    """
    import nbformat

    path = cohort.root / "source" / chapter / f"{chapter}.ipynb"
    found = []
    for task in graded_tasks(cohort, chapter):
        if not task.written:
            continue
        notebook = nbformat.read(path, as_version=4)
        prompt = next((cell.source for cell in notebook.cells if cell.id == f"{task.id}-task"), "")
        found.append(WrittenTask(task, task.cells[0], criteria(prompt, task.points, cohort.lang)))
    if not found:
        raise CourseError("written.none", chapter=chapter)
    return found


def criteria(prompt: str, points: float, lang: Language) -> list[Criterion]:
    """Return the rubric in a prompt; one criterion for all points where there is no table for it.

    The table names a criterion first and its points last; the columns between are levels, each
    ending with its points in brackets.
    """
    rows = [[cell.strip() for cell in row.split("|")] for row in ROW.findall(prompt)]
    found = []
    for row in rows:
        last = row[-1]
        if len(row) >= FEWEST and re.fullmatch(r"\d+(?:\.\d+)?", last):
            found.append(Criterion(row[0], float(last), "\n".join(map(_level, row[1:-1]))))
    if found and abs(sum(one.most for one in found) - points) < 1e-9:  # noqa: PLR2004 - rounding
        return found
    return [Criterion(messages.text("written.points", lang), points, "")]


def _level(words: str) -> str:
    found = LEVEL.search(words)
    return f"{found[1]}: {words[: found.start()]}" if found else words


def answers(cohort: Cohort, chapter: str, cell_id: str) -> dict[str, str]:
    """Return each learner's written answer, where something was written and graded."""
    import nbformat

    released = _source(nbformat, cohort.root / "release" / chapter / f"{chapter}.ipynb", cell_id)
    found = {}
    for learner in cohort.learners:
        path = cohort.root / "autograded" / learner.id / chapter / f"{chapter}.ipynb"
        if path.is_file():
            words = _source(nbformat, path, cell_id)
            if words.strip() and words.strip() != released.strip():
                found[learner.id] = words
    return found


def _source(nbformat: Any, path: Any, cell_id: str) -> str:
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as failure:
        raise CourseError("cohort.cannot_read", path=path, why=failure) from failure
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == cell_id:
            return str(cell.source)
    return ""
