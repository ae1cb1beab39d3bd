"""``ka marks``: points by task and learner, and which mistakes the cohort made.

Prevents two failures: a total that hides an unmarked task, and a list of points that does not
tell the trainer what to teach next.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.gradebook import gradebook
from ka_course.cohorts.graded_tasks import GradedTask, graded_tasks
from ka_course.cohorts.ledger import read_ledger
from ka_course.cohorts.release import require_release
from ka_course.speech import CourseError, pad, text, width
from ka_lib import language

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_course.cohorts.roster import Learner

OPENING = re.compile(r"^[^。]*?\{answer[^}]*\}[^，。：,.:（）()]{0,8}[，。：,.:]\s*")
IN_BRACKETS = re.compile(r"\s*[（(]\{answer[^}]*\}[）)]")
SENTENCE = re.compile(r"^.*?(?:[。？！]|[.?!](?=\s|$)|$)", re.DOTALL)
UNITS = ("percent", "thousand", "ten_thousand", "rounded")
WRONG = ("misconception", "unforeseen")  # what a trainer can teach
MOST_LINES = 12


class Row(NamedTuple):
    """One learner: points by task (None: not marked yet), their sum, what there is to know."""

    learner: Learner
    points: dict[str, float | None]
    total: float | None
    status: str


class Mistake(NamedTuple):
    """How many learners, of those graded, ended one task in one way."""

    task: GradedTask
    outcome: str
    what: str
    number: int
    learners: int


@dataclass
class Sheet:
    """The marks of one chapter."""

    chapter: str
    tasks: list[GradedTask]
    rows: list[Row]
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def most(self) -> float:
        """Return the points of all tasks together."""
        return sum(task.points for task in self.tasks)


def marks(cohort: Cohort, chapter: str | None = None) -> list[Sheet]:
    """Return the marks of a chapter, or of every chapter released.

    Raises
    ------
    CourseError
        The chapter was not released, or the gradebook cannot be read.
    """
    if chapter is not None:
        require_release(cohort, chapter)
        return [_sheet(cohort, chapter)]
    found = sorted(path.name for path in (cohort.root / "release").glob("ch[0-9][0-9]"))
    if not found:
        raise CourseError("cohort.not_released", given="-", known="-")
    return [_sheet(cohort, name) for name in found]


def _sheet(cohort: Cohort, chapter: str) -> Sheet:
    from nbgrader.api import MissingEntry

    from ka_course.grading.record import read_record

    tasks = graded_tasks(cohort, chapter)
    ledger = read_ledger(cohort, chapter)
    records = {one.id: read_record(cohort, chapter, one.id) for one in cohort.learners}
    rows = []
    with gradebook(cohort) as opened:
        for learner in cohort.learners:
            record = records[learner.id]
            try:
                submission = opened.find_submission(chapter, learner.id)
            except MissingEntry:
                submission = None
            if record is None or submission is None:
                handed_in = (cohort.root / "submitted" / learner.id / chapter).is_dir()
                state = text("marks.not_graded" if handed_in else "marks.not_submitted")
                nothing: dict[str, float | None] = dict.fromkeys(task.id for task in tasks)
                rows.append(Row(learner, nothing, None, state))
                continue
            points = _points(tasks, submission)
            current = ledger.current(learner.id)
            late = current is not None and any(kind == "late" for kind, _ in current.notes)
            states = [record.status()] if record.notes else []
            states += [text("marks.late")] if late else []
            states += [text("marks.waiting")] if None in points.values() else []
            state = ("；" if language.current() == "zh" else "; ").join(states)
            total = sum(value or 0 for value in points.values())
            rows.append(Row(learner, points, total, state or text("marks.graded")))
    graded = [record.outcomes for record in records.values() if record is not None]
    return Sheet(chapter, tasks, rows, _mistakes(cohort, chapter, tasks, graded))


def _points(tasks: list[GradedTask], submission: Any) -> dict[str, float | None]:
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
    points: dict[str, float | None] = {}
    for task in tasks:
        found = [grades[cell] for cell in task.cells if cell in grades]
        waiting = not found or any(grade.needs_manual_grade for grade in found)
        points[task.id] = None if waiting else sum(float(grade.score or 0) for grade in found)
    return points


def _mistakes(
    cohort: Cohort, chapter: str, tasks: list[GradedTask], graded: list[dict[str, Any]]
) -> list[Mistake]:
    words = _descriptions(cohort.secret(chapter).checks)
    found = []
    for task in tasks:
        if task.written:
            continue
        outcomes = [one.get(task.id, {"outcome": "no_answer"}) for one in graded]
        counts = Counter((one["outcome"], one.get("misconception", "")) for one in outcomes)
        for (outcome, name), number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            if outcome == "misconception":
                what = text(f"marks.{name}") if name in UNITS else words.get((task.id, name), name)
            else:
                what = text(f"marks.{outcome}")
            found.append(Mistake(task, outcome, what, number, len(graded)))
    return found


def _descriptions(checks: Path) -> dict[tuple[str, str], str]:
    """Return each misconception in a few words, from the message that the learner gets."""
    try:
        tasks = json.loads(checks.read_text(encoding="utf-8"))["tasks"]
    except (OSError, ValueError, KeyError) as failure:
        raise CourseError("cohort.cannot_read", path=checks, why=failure) from failure
    lang = language.current()
    return {
        (task, one["id"]): in_short(one[lang])
        for task, about in tasks.items()
        for one in about["misconceptions"]
    }


def in_short(message: str) -> str:
    """Return what a message says about the mistake: its first sentence without the answer.

    Examples
    --------
    >>> in_short("You got {answer}: you divided by all leads. Of the proposals, how many?")
    'you divided by all leads'
    """
    bare = IN_BRACKETS.sub("", message)
    bare = OPENING.sub("", bare, count=1)
    found = SENTENCE.match(bare)
    words = (found[0] if found else bare).strip().rstrip("。.")
    return re.sub(r"\{answer[^}]*\}", "…", words).replace("{{", "{").replace("}}", "}")


def told(sheets: list[Sheet], written: list[Path]) -> list[str]:
    """Return what to print: totals, then the most frequent mistakes."""
    lines: list[str] = []
    for sheet in sheets:
        heads = [text("marks.learner"), text("marks.total"), text("marks.status")]
        rows = [[row.learner.name, _shown(row.total, sheet.most), row.status] for row in sheet.rows]
        columns = [max(width(row[place]) for row in [heads, *rows]) for place in (0, 1)]
        lines += [
            f"{pad(name, columns[0])}  {pad(total, columns[1])}  {status}".rstrip()
            for name, total, status in [heads, *rows]
        ]
        wrong = [one for one in sheet.mistakes if one.outcome in WRONG]
        wrong.sort(key=lambda one: -one.number)
        if wrong:
            lines += ["", text("marks.mistakes_head", chapter=sheet.chapter)]
        lines += [f"  {line_of(one)}" for one in wrong[:MOST_LINES]]
        lines.append("")
    lines += [text("marks.written", path=path) for path in written]
    return lines


def line_of(one: Mistake) -> str:
    """Return a mistake as a sentence: 14 of 30 divided by all leads."""
    facts: dict[str, Any] = {"number": one.number, "learners": one.learners, "what": one.what}
    return text("marks.mistake_line", task=one.task.label, **facts)


def _shown(total: float | None, most: float) -> str:
    return "-" if total is None else f"{total:g} / {most:g}"
