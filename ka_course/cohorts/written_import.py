"""``ka written import``: the filled-in workbook into the gradebook, all of it or nothing.

Prevents points that land on another learner, another criterion or an answer that has changed
since: the workbook carries what it was made from, and everything is compared before anything is
written.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.files import replace_file, writing
from ka_course.cohorts.gradebook import gradebook
from ka_course.cohorts.release import require_release
from ka_course.cohorts.rubric import Criterion, WrittenTask, answers, written_tasks
from ka_course.cohorts.written_export import (
    FIRST_ROW,
    LEFT,
    MARK,
    made_from,
    points_file,
    read_points,
)
from ka_course.speech import CourseError, text
from ka_lib import language

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_lib.language import Language

MOST_FAULTS = 8


class Imported(NamedTuple):
    """How many answers got new points, had them already, are not marked yet."""

    changed: int
    same: int
    empty: int


class Score(NamedTuple):
    """What one row says."""

    cell: str
    learner: str
    points: list[float]
    comment: str


def import_scores(cohort: Cohort, chapter: str, path: Path) -> Imported:
    """Read the scores into the gradebook.

    Raises
    ------
    CourseError
        The file is not this chapter's workbook, or rows have to be put right (named by sheet,
        row and column). Nothing was imported.
    """
    require_release(cohort, chapter)
    tasks = written_tasks(cohort, chapter)
    book = _open(path.expanduser())
    given = {task.cell: answers(cohort, chapter, task.cell) for task in tasks}
    made = _mark(book, path)
    expected = made_from(cohort, chapter, tasks, given)
    if made["chapter"] != chapter:
        raise CourseError("written.other_chapter", path=path.name, found=made["chapter"])
    if made["heads"] != expected["heads"]:
        raise CourseError("written.other_rubric", path=path.name)
    scores: list[Score] = []
    faults: list[str] = []
    empty = 0
    for task in tasks:
        found, wrong, blank = _rows(cohort, book, task, made["answers"][task.cell], expected)
        scores += found
        faults += wrong
        empty += blank
    if faults:
        listed = ("；" if language.current() == "zh" else "; ").join(faults[:MOST_FAULTS])
        raise CourseError("written.faults", path=path.name, number=len(faults), faults=listed)
    changed = _write(cohort, chapter, tasks, scores)
    return Imported(changed, len(scores) - changed, empty)


def _open(path: Path) -> Any:
    import openpyxl

    if not path.is_file():
        raise CourseError("written.no_file", path=path)
    try:
        return openpyxl.load_workbook(path, data_only=True)
    except PermissionError as failure:
        why = failure.strerror or str(failure)
        raise CourseError("cohort.cannot_read", path=path, why=why) from failure
    except Exception as failure:  # openpyxl raises whatever its parsers raise
        raise CourseError("cohort.not_a_workbook", path=path.name) from failure


def _mark(book: Any, path: Path) -> dict[str, Any]:
    try:
        made: dict[str, Any] = json.loads(book[MARK]["A1"].value)
        return {name: made[name] for name in ("chapter", "heads", "answers")}
    except (KeyError, TypeError, ValueError) as failure:
        raise CourseError("written.not_ours", path=path.name) from failure


def _rows(
    cohort: Cohort,
    book: Any,
    task: WrittenTask,
    exported: dict[str, str],
    expected: dict[str, Any],
) -> tuple[list[Score], list[str], int]:
    """Read one sheet: scores, faults, and how many rows are still empty."""
    name = task.task.id
    if name not in book.sheetnames:
        return [], [text("written.no_sheet", sheet=name)], 0
    sheet, heads = book[name], expected["heads"][name]
    found = [_words(sheet.cell(1, column).value) for column in range(1, sheet.max_column + 1)]
    while found and not found[-1]:
        found.pop()
    if found != heads:
        place = next(
            (i for i, pair in enumerate(zip(found, heads, strict=False)) if pair[0] != pair[1]),
            min(len(found), len(heads)),
        )
        wanted = heads[place] if place < len(heads) else "-"
        where = _column(place + 1)
        return [], [text("written.column", sheet=name, column=where, wanted=wanted)], 0
    desk = _Sheet(cohort, sheet, task, exported, expected["answers"][task.cell])
    for row in range(FIRST_ROW, sheet.max_row + 1):
        desk.read(row)
    return desk.scores, desk.faults, desk.empty


class _Sheet:
    """Reads the rows of one task's sheet."""

    def __init__(
        self,
        cohort: Cohort,
        sheet: Any,
        task: WrittenTask,
        exported: dict[str, str],
        now: dict[str, str],
    ) -> None:
        self.sheet, self.task, self.exported, self.now = sheet, task, exported, now
        self.known = {learner.id for learner in cohort.learners}
        self.scores: list[Score] = []
        self.faults: list[str] = []
        self.seen: dict[str, int] = {}
        self.empty = 0

    def read(self, row: int) -> None:
        """Take one row's points, or say what is wrong with it."""
        count = LEFT + len(self.task.criteria)
        given = [self.sheet.cell(row, column).value for column in range(LEFT + 1, count + 1)]
        comment = self.sheet.cell(row, count + 2).value
        learner = _words(self.sheet.cell(row, 1).value)
        if not learner:
            if any(value is not None for value in given):
                self._fault(row, 1, text("written.no_learner"))
            return
        if learner not in self.known or learner not in self.exported:
            self._fault(row, 1, text("written.unknown_learner", given=learner))
            return
        if learner in self.seen:
            self._fault(row, 1, text("written.twice", given=learner, row=self.seen[learner]))
            return
        self.seen[learner] = row
        if all(_words(value) == "" for value in given):
            self.empty += 1
            return
        if self.exported[learner] != self.now.get(learner):
            self._fault(row, LEFT, text("written.answer_changed", given=learner))
            return
        points = self._points(row, given)
        if len(points) == len(given):
            words = "" if comment is None else str(comment).strip()
            self.scores.append(Score(self.task.cell, learner, points, words))

    def _points(self, row: int, given: list[Any]) -> list[float]:
        points = []
        for place, (value, one) in enumerate(zip(given, self.task.criteria, strict=True)):
            column = LEFT + 1 + place
            try:
                number = float(_words(value))
            except ValueError:
                key = "written.no_points" if _words(value) == "" else "written.no_number"
                self._fault(row, column, text(key, name=one.name, given=_words(value)[:20]))
                continue
            if not 0 <= number <= one.most:
                facts: dict[str, Any] = {
                    "name": one.name,
                    "given": f"{number:g}",
                    "most": f"{one.most:g}",
                }
                self._fault(row, column, text("written.out_of_range", **facts))
                continue
            points.append(number)
        return points

    def _fault(self, row: int, column: int, what: str) -> None:
        facts: dict[str, Any] = {
            "sheet": self.task.task.id,
            "cell": f"{_column(column)}{row}",
            "what": what,
        }
        self.faults.append(text("written.at", **facts))


def _write(cohort: Cohort, chapter: str, tasks: list[WrittenTask], scores: list[Score]) -> int:
    """Write all scores in one transaction; return how many were new."""
    from nbgrader.api import MissingEntry

    criteria = {task.cell: task.criteria for task in tasks}
    kept = read_points(cohort, chapter)
    changed = 0
    with gradebook(cohort) as opened:
        for one in scores:
            total = sum(one.points)
            comment = told(criteria[one.cell], one, cohort.lang)
            try:
                grade = opened.find_grade(one.cell, chapter, chapter, one.learner)
                note = opened.find_comment(one.cell, chapter, chapter, one.learner)
            except MissingEntry as failure:
                raise CourseError("written.not_in_gradebook", learner=one.learner) from failure
            same = (grade.manual_score, grade.needs_manual_grade) == (total, False)
            changed += not (same and (note.manual_comment or "") == comment)
            grade.manual_score, grade.needs_manual_grade = total, False
            note.manual_comment = comment
            kept.setdefault(one.cell, {})[one.learner] = {
                "points": one.points,
                "total": total,
                "comment": one.comment,
            }
        opened.db.flush()  # the database refuses here, before a file is written
        words = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
        with writing(points_file(cohort, chapter)):
            replace_file(points_file(cohort, chapter), words.encode())
        opened.db.commit()
    return changed


def told(criteria: list[Criterion], one: Score, lang: Language) -> str:
    """Return the comment a learner reads: points by criterion, then the grader's words."""
    between = "；" if lang == "zh" else "; "
    parts = [
        f"{each.name} {points:g}/{each.most:g}"
        for each, points in zip(criteria, one.points, strict=True)
    ]
    shown = between.join(parts) if len(criteria) > 1 else ""
    return "\n\n".join(words for words in (shown, one.comment) if words)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def _column(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))
