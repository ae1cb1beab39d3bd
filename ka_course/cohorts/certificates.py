"""``ka marks --certificates``: one page for each learner whose graded work reached the pass mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ka_course.certificate_page import Page, clean_name, draw
from ka_course.cohorts.files import replace_file, writing
from ka_course.progress import shipped_course
from ka_course.speech import CourseError, text
from ka_lib.units import percent

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_course.cohorts.marks import Row, Sheet


class Result(NamedTuple):
    """A learner's points over all chapters; None while a chapter or a written task is not marked."""

    points: float | None
    most: float

    def passed(self, share: float) -> bool:
        """Return whether the pass mark is reached."""
        return self.points is not None and self.points >= share * self.most - 1e-9


def result(rows: list[Row], most: float) -> Result:
    """Return one learner's result from the rows of every chapter."""
    if any(row.total is None or None in row.points.values() for row in rows):
        return Result(None, most)
    return Result(sum(row.total or 0 for row in rows), most)


def certificates(
    cohort: Cohort, sheets: list[Sheet], folder: Path, pass_share: float, day: dt.date
) -> list[str]:
    """Write the certificates; return what to print, one line for each learner who has none.

    Raises
    ------
    CourseError
        The disk refuses.
    """
    folder = folder.expanduser().absolute()
    titles = {chapter.name: chapter.title for chapter in shipped_course()}
    most = sum(sheet.most for sheet in sheets)
    made, lines = 0, []
    for place, learner in enumerate(cohort.learners):
        rows = [sheet.rows[place] for sheet in sheets]
        found = result(rows, most)
        if not found.passed(pass_share):
            key = "waits" if found.points is None else "below"
            points = f"{found.points or 0:g}"
            lines.append(
                text(f"certificate.{key}", name=learner.name, points=points, most=f"{most:g}")
            )
            continue
        results = [
            (
                titles.get(sheet.chapter, sheet.chapter),
                text("certificate.points", points=f"{row.total:g}", most=f"{sheet.most:g}"),
            )
            for sheet, row in zip(sheets, rows, strict=True)
        ]
        foot = text(
            "certificate.graded_foot",
            points=f"{found.points:g}",
            most=f"{most:g}",
            pass_share=percent(pass_share, digits=0),
        )
        sentence = text("certificate.graded_sentence", cohort=cohort.name, number=len(sheets))
        try:
            page = Page(clean_name(learner.name), "graded", sentence, results, foot)
        except CourseError as refusal:  # one name must not cost the others theirs
            lines.append(f"  {learner.id}: {refusal}")
            continue
        target = folder / f"{learner.id}.pdf"
        with writing(target):
            replace_file(target, draw(page, day))
        made += 1
    return [text("certificate.written", number=made, path=folder), *lines]
