"""``ka written export``: written answers and their rubric as a workbook to fill in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ka_course.cohorts.files import replace_file, writing
from ka_course.cohorts.gradebook import gradebook
from ka_course.cohorts.release import require_release
from ka_course.cohorts.rubric import WrittenTask, answers, written_tasks
from ka_course.speech import CourseError, messages, text

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_lib.language import Language

MARK = "_ka"  # the hidden sheet that says what the workbook was made from
FIRST_ROW = 3  # below the headers and the levels
LEFT = 3  # id, name, answer
LONGEST = 32_000  # characters in a cell of Excel


def export(cohort: Cohort, chapter: str, target: Path) -> int:
    """Write the workbook; return how many answers are in it.

    Raises
    ------
    CourseError
        The chapter has no written task or no graded work, or the disk refuses.
    """
    from openpyxl import Workbook

    from ka_course.cohorts.workbook import content

    require_release(cohort, chapter)
    tasks = written_tasks(cohort, chapter)
    given = {task.cell: answers(cohort, chapter, task.cell) for task in tasks}
    if not any(given.values()):
        raise CourseError("written.no_answers", chapter=chapter)
    known = read_points(cohort, chapter)
    scores = _scores(cohort, chapter, tasks)
    book = Workbook()
    book.remove(book.active)
    for task in tasks:
        _sheet(book, cohort, task, given[task.cell], (known, scores))
    mark = book.create_sheet(MARK)
    mark.sheet_state = "veryHidden"
    mark["A1"] = json.dumps(made_from(cohort, chapter, tasks, given), ensure_ascii=False)
    target = target.expanduser().absolute()
    with writing(target):
        replace_file(target, content(book))
    return sum(len(one) for one in given.values())


def heads(task: WrittenTask, lang: Language) -> list[str]:
    """Return the headers of a task's sheet, in the cohort's language."""
    left, right = ("learner_id", "learner", "answer"), ("total", "comment")
    return [
        *(messages.text(f"written.{name}", lang) for name in left),
        *(f"{one.name} (0-{one.most:g})" for one in task.criteria),
        *(messages.text(f"written.{name}", lang) for name in right),
    ]


def made_from(
    cohort: Cohort, chapter: str, tasks: list[WrittenTask], given: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """Return what an import compares: chapter, headers, and a digest of each answer."""
    return {
        "chapter": chapter,
        "heads": {task.task.id: heads(task, cohort.lang) for task in tasks},
        "answers": {
            cell: {learner: digest(words) for learner, words in found.items()}
            for cell, found in given.items()
        },
    }


def digest(words: str) -> str:
    """Return a short value that differs when the words do."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def read_points(cohort: Cohort, chapter: str) -> dict[str, Any]:
    """Return the points by criterion that were imported before; the gradebook holds their sum."""
    path = points_file(cohort, chapter)
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as failure:
        raise CourseError("cohort.cannot_read", path=path, why=failure) from failure
    return found


def points_file(cohort: Cohort, chapter: str) -> Path:
    """Return where the points by criterion are kept."""
    return cohort.root / "collected" / f"{chapter}-written.json"


def _scores(cohort: Cohort, chapter: str, tasks: list[WrittenTask]) -> dict[str, dict[str, Any]]:
    """Return the score by cell and learner that a person gave."""
    found: dict[str, dict[str, Any]] = {task.cell: {} for task in tasks}
    with gradebook(cohort) as opened:
        for submission in opened.assignment_submissions(chapter):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.name in found and grade.manual_score is not None:
                        found[grade.name][submission.student.id] = grade.manual_score
    return found


def _sheet(
    book: Any,
    cohort: Cohort,
    task: WrittenTask,
    given: dict[str, str],
    before: tuple[dict[str, Any], dict[str, dict[str, Any]]],
) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    from ka_course.cohorts.workbook import header, put

    known, scores = before
    sheet = book.create_sheet(task.task.id)
    header(sheet, 1, heads(task, cohort.lang))
    top = Alignment(wrap_text=True, vertical="top")
    for column, one in enumerate(task.criteria, start=LEFT + 1):
        cell = put(sheet, 2, column, one.levels)
        cell.alignment, cell.font = top, Font(size=9, color="555555")
    first, last = get_column_letter(LEFT + 1), get_column_letter(LEFT + len(task.criteria))
    total = LEFT + len(task.criteria) + 1
    for row, (learner, words) in enumerate(given.items(), start=FIRST_ROW):
        who = cohort.learner(learner)
        for column, value in enumerate((who.id, who.name, words[:LONGEST]), start=1):
            put(sheet, row, column, value).alignment = top
        earlier = known.get(task.cell, {}).get(learner, {})
        if earlier and earlier.get("total") == scores[task.cell].get(learner):
            for column, points in enumerate(earlier["points"], start=LEFT + 1):
                put(sheet, row, column, points)
            put(sheet, row, total + 1, earlier["comment"])
        cells = f"{first}{row}:{last}{row}"
        cell = sheet.cell(row, total, f'=IF(COUNT({cells})=0,"",SUM({cells}))')
        cell.font = Font(bold=True)
        for column in range(LEFT + 1, total + 2):
            sheet.cell(row, column).alignment = top
    for column, one in enumerate(task.criteria, start=LEFT + 1):
        rule = DataValidation(
            type="decimal", operator="between", formula1="0", formula2=f"{one.most:g}"
        )
        rule.error = text("written.between", most=f"{one.most:g}")
        rule.showErrorMessage = True
        letter = get_column_letter(column)
        rule.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + len(given)}")
        sheet.add_data_validation(rule)
        sheet.column_dimensions[letter].width = 20
    for column, size in ((1, 12), (2, 12), (3, 70), (total, 8), (total + 1, 40)):
        sheet.column_dimensions[get_column_letter(column)].width = size
    sheet.freeze_panes = sheet.cell(FIRST_ROW, LEFT)
