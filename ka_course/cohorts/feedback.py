"""``ka feedback``: nbgrader's generate_feedback for every graded learner, as files to send.

Prevents a page that is half of one run and half of another: pages are made in a folder of their
own and replace the earlier ones when they are whole.
"""

from __future__ import annotations

import io
import re
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.files import replace_file, workshop, writing
from ka_course.cohorts.gradebook import gradebook
from ka_course.cohorts.quiet import quiet
from ka_course.cohorts.release import require_release
from ka_course.speech import CourseError, text
from ka_lib import language

if TYPE_CHECKING:
    from ka_course.cohort import Cohort
    from ka_course.cohorts.roster import Learner

NOT_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
TEMPLATES = "server_extensions/formgrader/templates"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same pages make the same zip


class Feedback(NamedTuple):
    """The pages of a chapter, and what is still to do."""

    folder: Path
    number: int
    changed: int
    waiting: list[str]
    archive: Path | None


def feedback(cohort: Cohort, chapter: str, archive: Path | None = None) -> Feedback:
    """Write a feedback page for every learner whose work is graded.

    Parameters
    ----------
    cohort : Cohort
    chapter : str
    archive : Path, optional
        Also pack the pages into this zip.

    Raises
    ------
    CourseError
        Nothing is graded yet, a page cannot be made, or the disk refuses.
    """
    require_release(cohort, chapter)
    graded = [
        one
        for one in cohort.learners
        if (cohort.root / "autograded" / one.id / chapter / f"{chapter}.ipynb").is_file()
    ]
    if not graded:
        raise CourseError("feedback.none_graded", chapter=chapter)
    waiting = _waiting(cohort, chapter, graded)
    folder = cohort.root / "feedback" / chapter
    pages: dict[str, bytes] = {}
    changed = 0
    with writing(cohort.root), workshop(cohort.root) as made:
        for one in graded:
            page = _generate(cohort, chapter, one, made)
            name = one.name if one.name == one.id else f"{one.name}-{one.id}"
            pages[f"{NOT_IN_FILES.sub('-', name)}.html"] = page
            replace_file(cohort.root / "feedback" / one.id / chapter / f"{chapter}.html", page)
        for name, page in pages.items():
            changed += replace_file(folder / name, page)
    if archive is not None:
        archive = archive.expanduser().absolute()
        with writing(archive):
            replace_file(archive, _packed(pages))
    return Feedback(folder, len(pages), changed, waiting, archive)


def _waiting(cohort: Cohort, chapter: str, graded: list[Learner]) -> list[str]:
    """Return who has work that a person has to mark; raise when somebody is not in the gradebook."""
    from nbgrader.api import MissingEntry

    names = []
    with gradebook(cohort) as opened:
        for one in graded:
            try:
                submission = opened.find_submission(chapter, one.id)
            except MissingEntry as failure:
                raise CourseError(
                    "feedback.failed", learner=one.name, why=str(failure)
                ) from failure
            if submission.needs_manual_grade:
                names.append(one.name)
    return names


def _generate(cohort: Cohort, chapter: str, learner: Learner, made: Path) -> bytes:
    from nbgrader.converters import GenerateFeedback
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = cohort.nbgrader_config()
    config.CourseDirectory.feedback_directory = f"{made.name}/feedback"
    course = CourseDirectory(config=config)
    course.assignment_id, course.student_id = chapter, learner.id
    with quiet() as said:
        try:
            GenerateFeedback(coursedir=course, config=config).start()
        except NbGraderException as failure:
            why = next(
                (line.strip().splitlines()[-1] for line in reversed(said[:-2]) if line.strip()),
                failure,
            )
            raise CourseError("feedback.failed", learner=learner.name, why=why) from failure
    page = made / "feedback" / learner.id / chapter / f"{chapter}.html"
    return page.read_bytes()


def _packed(pages: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, page in sorted(pages.items()):
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), page, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def told(done: Feedback) -> list[str]:
    """Return what to print."""
    key = "feedback.written" if done.changed else "feedback.same"
    lines = [text(key, number=done.number, path=done.folder)]
    if done.archive:
        lines.append(text("feedback.zipped", path=done.archive))
    if done.waiting:
        between = "、" if language.current() == "zh" else ", "
        names = between.join(done.waiting)
        lines.append(text("feedback.waiting", number=len(done.waiting), names=names))
    return lines


def nbgrader_settings(config: Any) -> None:
    """Have nbgrader make our page, also from its own command and formgrader's button.

    Formgrader's pages keep nbgrader's look; tables come through its cleaning, and MathJax is not
    fetched.
    """
    nbgrader = Path(str(getattr(find_spec("nbgrader"), "origin", ""))).parent  # not imported: slow
    page = "ka_course.cohorts.feedback_page"
    ours = str(Path(__file__).parent / "feedback_page")
    config.HTMLExporter.filters = {"clean_html": f"{page}.safe.safe"}
    config.HTMLExporter.extra_template_basedirs = [str(nbgrader / TEMPLATES), ours]
    config.FeedbackExporter.template_name = "page"
    config.FeedbackExporter.extra_template_basedirs = [ours]
    config.FeedbackExporter.sanitize_html = True
    config.FeedbackExporter.filters = {"markdown2html": "ka_course.grading.page.markdown"}
    config.GenerateFeedback.exporter_class = f"{page}.FeedbackExporter"
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "nbgrader.preprocessors.ClearHiddenTests",
        f"{page}.Words",
    ]
