"""The tasks of an assignment as people call them: heading, points, written or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.speech import CourseError
from ka_lib.feedback import task_label

if TYPE_CHECKING:
    from ka_course.cohort import Cohort

POINTS = re.compile(r"\s*[（(]\s*\d+(?:\.\d+)?\s*(?:分|points?)\s*[）)]")
PART = re.compile(r"-check(?:-\d+)?$")


class GradedTask(NamedTuple):
    """One task: ``cells`` are the ids of its graded cells, ``heading`` its line in the notebook."""

    id: str
    heading: str
    points: float
    written: bool
    cells: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return a short name in the language in force: question 4, or what the heading says."""
        named = task_label(self.id)
        return named if named != self.id else self.heading


def graded_tasks(cohort: Cohort, chapter: str) -> list[GradedTask]:
    """Return the graded tasks of a chapter's source, in their order."""
    import nbformat

    path = cohort.root / "source" / chapter / f"{chapter}.ipynb"
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as failure:
        raise CourseError("cohort.cannot_read", path=path, why=failure) from failure
    return tasks_in(notebook)


def tasks_in(notebook: Any) -> list[GradedTask]:
    """Return the graded tasks of a notebook."""
    found: dict[str, GradedTask] = {}
    heading = ""
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not about.get("grade"):
            heading = heading_of(cell.source) or heading
        if not about.get("grade"):
            continue
        task = PART.sub("", about["grade_id"])
        points = float(about.get("points", 0))
        if task in found:
            one = found[task]
            cells = (*one.cells, about["grade_id"])
            found[task] = one._replace(points=one.points + points, cells=cells)
        else:
            written = bool(about.get("solution")) or cell.cell_type == "markdown"
            found[task] = GradedTask(task, heading or task, points, written, (about["grade_id"],))
    return list(found.values())


def heading_of(words: str) -> str:
    """Return the last heading in a cell, without its points."""
    lines = [line for line in words.splitlines() if re.match(r"#{1,4} ", line)]
    return POINTS.sub("", lines[-1].lstrip("# ")).strip() if lines else ""
