"""``ka cohort release``: nbgrader's source and release of a chapter, and the company to grade on.

Prevents two failures: learners who get something else than what is graded, and a second release
that nobody can tell from the first. Every release carries an id, and all of them are remembered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.files import replace_file, swap_folder, workshop, writing
from ka_course.cohorts.gradebook import enrol, gradebook, refused
from ka_course.cohorts.secret_company import prepare
from ka_course.places import repository
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from ka_course.cohort import Cohort

DIGITS = 12  # hexadecimal: no clash among the releases of a cohort


class Released(NamedTuple):
    """What a release came to."""

    path: Path
    release: str
    changed: bool
    earlier: int


def release(cohort: Cohort, chapter: str) -> Released:
    """Make what learners get of a chapter, and what it will be graded with.

    Parameters
    ----------
    cohort : Cohort
    chapter : str
        ``"ch03"``.

    Raises
    ------
    CourseError
        There is no such assignment, its source cannot be released, graded work stands in the
        way, or the gradebook or disk refuses. What stood there stays.
    """
    from ka_course.build_release import release as released
    from ka_course.tasks import load_assignment

    source = _source(cohort, chapter)
    tasks = load_assignment(repository() / "solutions" / chapter / "tasks.py")
    name = _id(source)
    source.metadata["ka"] = {"assignment": chapter, "lang": cohort.lang, "release": name}
    released(source, chapter, cohort.lang)  # without a gradebook: nothing changes if it fails
    history = releases(cohort, chapter)
    target = cohort.root / "release" / chapter / f"{chapter}.ipynb"
    with gradebook(cohort) as opened:
        enrol(opened, cohort)
        known = any(one.name == chapter and one.notebooks for one in opened.assignments)
    prepare(cohort, chapter, tasks)
    if known and target.is_file() and history and history[-1]["release"] == name:
        return Released(target, name, False, len(history) - 1)
    _generate(cohort, chapter, source)
    history = [one for one in history if one["release"] != name]
    made = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    history.append({"release": name, "made": made})
    record = (json.dumps({"releases": history}, indent=1) + "\n").encode()
    with writing(_record(cohort, chapter)):
        replace_file(_record(cohort, chapter), record, private=True)
    return Released(target, name, True, len(history) - 1)


def releases(cohort: Cohort, chapter: str) -> list[dict[str, Any]]:
    """Return the releases of a chapter, the newest last; empty before the first."""
    place = _record(cohort, chapter)
    if not place.is_file():
        return []
    try:
        found: list[dict[str, Any]] = json.loads(place.read_text(encoding="utf-8"))["releases"]
    except (OSError, ValueError, KeyError) as failure:
        raise CourseError("cohort.cannot_read", path=place, why=failure) from failure
    return found


def require_release(cohort: Cohort, chapter: str) -> list[dict[str, Any]]:
    """Return the releases of a chapter.

    Raises
    ------
    CourseError
        The chapter was never released to this cohort.
    """
    found = releases(cohort, chapter)
    if not found or not (cohort.root / "source" / chapter / f"{chapter}.ipynb").is_file():
        known = sorted(path.name for path in (cohort.root / "source").glob("ch[0-9][0-9]"))
        raise CourseError("cohort.not_released", given=chapter, known=", ".join(known) or "-")
    return found


def _record(cohort: Cohort, chapter: str) -> Path:
    return cohort.root / "secret" / chapter / "release.json"


def _source(cohort: Cohort, chapter: str) -> NotebookNode:
    """Return the instructor's notebook in the cohort's language."""
    from ka_course.build_edition import edition
    from ka_course.build_plan import chapters, figures

    root = repository()
    known = [one.name for one in chapters(root) if one.assignment]
    if chapter not in known:
        raise CourseError("cohort.unknown_chapter", given=chapter, known=", ".join(known) or "-")
    assignment = chapters(root, [chapter])[0].assignment
    if assignment is None:  # asked for above
        raise CourseError("cohort.unknown_chapter", given=chapter, known=", ".join(known))
    return edition(assignment, cohort.lang, figures(root, chapter, cohort.lang))


def _id(source: NotebookNode) -> str:
    import nbformat

    return hashlib.sha256(nbformat.writes(source).encode()).hexdigest()[:DIGITS]


def _generate(cohort: Cohort, chapter: str, source: NotebookNode) -> None:
    """Let nbgrader make the release and note its cells in the gradebook; then put it in place."""
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.exc import SQLAlchemyError

    from ka_course.build_release import set_stubs
    from ka_course.cohorts.quiet import quiet

    config = cohort.nbgrader_config()
    set_stubs(config, cohort.lang)
    with writing(cohort.root), workshop(cohort.root) as made:
        config.CourseDirectory.source_directory = f"{made.name}/source"
        config.CourseDirectory.release_directory = f"{made.name}/release"
        folder = made / "source" / chapter
        folder.mkdir(parents=True)
        given = folder / f"{chapter}.ipynb"
        given.write_text(nbformat.writes(source), encoding="utf-8", newline="\n")
        course = CourseDirectory(config=config)
        course.assignment_id = chapter
        try:
            with quiet() as said:
                GenerateAssignment(coursedir=course, config=config).start()
        except SQLAlchemyError as failure:
            raise refused(cohort, failure) from failure
        except NbGraderException as failure:
            if any("submissions associated" in line for line in said):
                raise CourseError("cohort.cells_changed", chapter=chapter) from failure
            raise CourseError("build.nbgrader", name=chapter, why=str(failure)) from failure
        for step in ("source", "release"):
            swap_folder(
                made / step / chapter, cohort.root / step / chapter, made / "earlier" / step
            )
