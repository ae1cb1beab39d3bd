"""The marks as CSV and XLSX files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ka_course.cohorts.files import replace_file, writing
from ka_course.cohorts.ledger import harmless
from ka_course.cohorts.marks import WRONG, line_of
from ka_course.speech import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ka_course.cohorts.marks import Mistake, Sheet

POINTS = "0.##"
AVERAGE = "0.0"
SHARE = "0%"
LEFT = 3  # columns that say who it is


def write(sheets: list[Sheet], csv_file: Path | None, xlsx: Path | None) -> list[Path]:
    """Write the files asked for; return all that were written.

    Raises
    ------
    CourseError
        The disk refuses, or the file is open in another program.
    """
    written = []
    if csv_file is not None:
        target = csv_file.expanduser().absolute()
        other = target.with_name(f"{target.stem}-{text('marks.file_mistakes')}{target.suffix}")
        with writing(target):
            replace_file(target, _csv(_flat(sheets)))
            replace_file(other, _csv(_all_mistakes(sheets)))
        written += [target, other]
    if xlsx is not None:
        target = xlsx.expanduser().absolute()
        with writing(target):
            replace_file(target, _workbook(sheets))
        written.append(target)
    return written


def _heads(sheet: Sheet) -> list[str]:
    return [
        *(text(f"marks.{name}") for name in ("learner_id", "learner", "email")),
        *(f"{task.label} ({task.points:g})" for task in sheet.tasks),
        *(text(f"marks.{name}") for name in ("total", "of_total", "status")),
    ]


def _rows(sheet: Sheet) -> list[list[Any]]:
    return [
        [
            *row.learner,
            *(row.points[task.id] for task in sheet.tasks),
            row.total,
            sheet.most,
            row.status,
        ]
        for row in sheet.rows
    ]


def _flat(sheets: Sequence[Sheet]) -> Iterable[Sequence[Any]]:
    """Return one table for one chapter; several stand below each other, each under its headers."""
    for place, sheet in enumerate(sheets):
        if place:
            yield []
        named = [text("marks.chapter")] if len(sheets) > 1 else []
        yield [*named, *_heads(sheet)]
        for row in _rows(sheet):
            yield [*([sheet.chapter] if named else []), *row]


def _mistake_heads() -> list[str]:
    return [text(f"marks.{name}") for name in ("task", "what", "learners", "of_learners", "share")]


def _mistake_row(one: Mistake) -> list[Any]:
    share = one.number / one.learners if one.learners else None
    return [one.task.heading, one.what, one.number, one.learners, share]


def _all_mistakes(sheets: Sequence[Sheet]) -> Iterable[Sequence[Any]]:
    yield [text("marks.chapter"), *_mistake_heads()]
    for sheet in sheets:
        for one in sheet.mistakes:
            *row, share = _mistake_row(one)
            yield [sheet.chapter, *row, "" if share is None else f"{share:.2f}"]


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")  # Excel takes plain UTF-8 for something else


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else f"{value:g}"


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    from openpyxl import Workbook

    from ka_course.cohorts.workbook import content

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _marks_sheet(book, sheet)
        _mistakes_sheet(book, sheet)
    return content(book)


def _marks_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font

    from ka_course.cohorts.workbook import header, put, widen

    page = book.create_sheet(text("marks.sheet_marks", chapter=sheet.chapter))
    header(page, 1, _heads(sheet))
    rows = _rows(sheet)
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(page, place, column, value, POINTS if isinstance(value, float | int) else "")
    last = len(rows) + 2
    put(page, last, 2, text("marks.average")).font = Font(bold=True)
    for column in range(LEFT + 1, LEFT + len(sheet.tasks) + 2):
        values = [row[column - 1] for row in rows if row[column - 1] is not None]
        if values:
            cell = put(page, last, column, sum(values) / len(values), AVERAGE)
            cell.font = Font(bold=True)
    page.freeze_panes = page.cell(2, LEFT)
    page.auto_filter.ref = (
        f"A1:{page.cell(len(rows) + 1, len(rows[0])).coordinate}" if rows else None
    )
    widen(page, most=28)
    _for_paper(page)


def _mistakes_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font

    from ka_course.cohorts.workbook import header, put, widen

    page = book.create_sheet(text("marks.sheet_mistakes", chapter=sheet.chapter))
    header(page, 1, _mistake_heads())
    formats = ("", "", "0", "0", SHARE)
    for place, one in enumerate(sheet.mistakes, start=2):
        for column, value in enumerate(_mistake_row(one), start=1):
            cell = put(page, place, column, value, formats[column - 1])
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    widen(page)
    page.freeze_panes = "A2"
    place = page.max_row + 2
    wrong = sorted(
        (one for one in sheet.mistakes if one.outcome in WRONG), key=lambda one: -one.number
    )
    for one in wrong[:5]:  # what to teach next, to copy into a mail
        put(page, place, 1, line_of(one)).font = Font(italic=True)
        place += 1
    _for_paper(page)


def _for_paper(page: Any) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
