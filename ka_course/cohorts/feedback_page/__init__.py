"""nbgrader's feedback as a page in the learner's language, without scripts or a network.

Prevents two failures: hidden tests and keys in the learner's hands (only the words of the verdict
stand in a check's place, never its code), and a page that acts or loads something when opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from ka_course.cohorts.feedback_page.formulas import with_pictures
from ka_course.cohorts.feedback_page.safe import safe
from ka_course.cohorts.graded_tasks import PART, heading_of, tasks_in
from ka_course.speech import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from ka_lib.language import Language

FOLDER = Path(__file__).parent
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
LONGEST_ERROR = 200  # characters
WORDS = ("total", "task", "points", "status", "comment", "your_answer", "top", "late", "note")


class FeedbackExporter(HTMLExporter):
    """Writes the page; told apart from HTMLExporter because formgrader configures that one."""

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Give nbconvert's filters and ours."""
        yield from super().default_filters()
        yield "ka_safe", safe


class Words(NbGraderPreprocessor):
    """Gives the page its words and each task its result; runs after GetGrades."""

    def preprocess(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Add ``resources["ka"]``, and drop the code of the checks."""
        about = resources["nbgrader"]
        stamp = notebook.metadata.get("ka", {})
        lang: Language = "en" if stamp.get("lang") == "en" else "zh"
        name, waiting, comments = _from_gradebook(about)
        chapter = next(
            (title for cell in notebook.cells if (title := heading_of(cell.source))),
            about["assignment"],
        )

        def say(key: str, **facts: Any) -> str:
            return messages.text(f"feedback.page_{key}", lang=lang, **facts)

        tasks = []
        scores = {
            cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"]
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        for task in tasks_in(notebook):
            score = sum(float(scores[cell].get("score") or 0) for cell in task.cells)
            open_ = any(cell in waiting for cell in task.cells)
            state = _state(score, task.points, open_)
            shown = "-" if open_ else say("out_of", score=f"{score:g}", points=f"{task.points:g}")
            tasks.append(
                {
                    "id": task.id,
                    "heading": task.heading,
                    "points": shown,
                    "state": state,
                    "status": say(state),
                }
            )
        results = {task["id"]: task for task in tasks}
        for cell in notebook.cells:
            _dress(cell, results, comments)
        resources["ka"] = {
            "lang": LANGUAGE_TAGS[lang],
            "title": say("title", chapter=chapter, name=name),
            "score": say("out_of", score=f"{about['score']:g}", points=f"{about['max_score']:g}"),
            "tasks": tasks,
            "late_points": about.get("late_penalty") or 0,
            "style": (FOLDER / "page.css").read_text(encoding="utf-8") + _code_style(),
            **{key: say(key) for key in WORDS},
        }
        return notebook, resources


def _state(score: float, points: float, waiting: bool) -> str:
    if waiting:
        return "waiting"
    return "full" if score >= points else "part" if score > 0 else "none"


def _dress(cell: NotebookNode, results: dict[str, Any], comments: dict[str, str]) -> None:
    """Say in a cell's metadata how the page shows it."""
    about = cell.metadata.get("nbgrader", {})
    grade_id = about.get("grade_id", "")
    task = results.get(PART.sub("", grade_id))
    role = ""
    if about.get("grade") and task:
        role = "written" if about.get("solution") else "check"
    elif about.get("solution"):
        role = "answer"
    if role == "check":
        cell.source = ""
    if cell.cell_type == "markdown":
        cell.source = with_pictures(cell.source)
    elif role != "check":
        cell.outputs = [_error(output) for output in cell.outputs if output.output_type == "error"]
    cell.metadata["ka"] = {
        "role": role,
        "task": task or {},
        "comment": comments.get(grade_id, ""),
    }


def _error(output: NotebookNode) -> NotebookNode:
    """Return what an error says, in one line.

    What else a cell shows stays out: it shows the secret company, and whoever saw that could
    hand the right numbers in again.
    """
    lines = str(output.evalue).strip().splitlines() or [""]
    output.traceback = [f"{output.ename}: {lines[0]}"[:LONGEST_ERROR]]
    return output


def _from_gradebook(about: dict[str, Any]) -> tuple[str, set[str], dict[str, str]]:
    """Return the learner's name, the cells that wait for a grader, and the comments by cell."""
    from nbgrader.api import Gradebook

    with Gradebook(about["db_url"]) as opened:
        student = opened.find_student(about["student"])
        notebook = opened.find_submission_notebook(
            about["notebook"], about["assignment"], about["student"]
        )
        waiting = {grade.name for grade in notebook.grades if grade.needs_manual_grade}
        comments = {one.name: one.manual_comment or "" for one in notebook.comments}
        return student.last_name or student.id, waiting, comments


def _code_style() -> str:
    from pygments.formatters import HtmlFormatter

    return str(HtmlFormatter(style="default").get_style_defs(".highlight"))
