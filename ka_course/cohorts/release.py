"""``ka cohort release``: nbgrader's source and release of a chapter, and the company to grade on.

Prevents two failures: learners who get something else than what is graded, and a second release
that nobody can tell from the first. Every release carries an id, and all of them are remembered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.files import replace_file, swap_folder, workshop, writing
from ka_course.cohorts.gradebook import enrol, gradebook, kept_on_failure, refused
from ka_course.cohorts.secret_company import prepare, put_in_place
from ka_course.places import repository
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from ka_course.cohort import Cohort

DATABASE = re.compile(r"OperationalError[)]?:? ([^\n]+)")
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
    same = known and target.is_file() and bool(history) and history[-1]["release"] == name
    history = [one for one in history if one["release"] != name or same]
    if not same:
        today = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        history.append({"release": name, "made": today})
    with writing(cohort.root), workshop(cohort.root) as made:
        prepare(cohort, chapter, tasks, made / "secret")
        if not same:
            record = (json.dumps({"releases": history}, indent=1) + "\n").encode()
            replace_file(made / "release.json", record, private=True)
            with kept_on_failure(cohort, made):
                _generate(cohort, chapter, source, made)
        # From here on files are only moved, which needs no space.
        put_in_place(cohort, chapter, made / "secret")
        if not same:
            for step in ("source", "release"):
                place = cohort.root / step / chapter
                swap_folder(made / step / chapter, place, made / "earlier" / step)
            (made / "release.json").replace(_record(cohort, chapter))
    return Released(target, name, not same, len(history) - 1)


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


def _generate(cohort: Cohort, chapter: str, source: NotebookNode, made: Path) -> None:
    """Let nbgrader make the release in a folder and note its cells in the gradebook."""
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    from ka_course.build_release import set_stubs
    from ka_course.cohorts.quiet import quiet

    config = cohort.nbgrader_config()
    set_stubs(config, cohort.lang)
    config.CourseDirectory.source_directory = f"{made.name}/source"
    config.CourseDirectory.release_directory = f"{made.name}/release"
    folder = made / "source" / chapter
    folder.mkdir(parents=True)
    given = folder / f"{chapter}.ipynb"
    given.write_text(nbformat.writes(source), encoding="utf-8", newline="\n")
    course = CourseDirectory(config=config)
    course.assignment_id = chapter
    with quiet() as said:
        try:
            GenerateAssignment(coursedir=course, config=config).start()
        except NbGraderException as failure:
            words = "\n".join(said)
            if "submissions associated" in words:
                raise CourseError("cohort.cells_changed", chapter=chapter) from failure
            if found := DATABASE.search(words):
                raise refused(cohort, OSError(found[1])) from failure
            raise CourseError("build.nbgrader", name=chapter, why=str(failure)) from failure
