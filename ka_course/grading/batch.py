"""Grade a cohort, learner by learner: what is done stays done, one failure stops nobody.

Prevents a night's grading that is lost at learner 37. Only this process writes the
gradebook; the learners' processes never see it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.grading.preprocessor import read_checks, read_release
from ka_course.grading.record import Note, Record, digest, read_record, submission_path
from ka_course.grading.run import sweep
from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from traitlets.config import Config

    from ka_course.cohort import Cohort

# Full, read-only, over quota; then the same in SQLite's words.
DISK_TROUBLE = ("[Errno 28]", "[Errno 30]", "[Errno 122]", "disk is full", "readonly database")


class Result(NamedTuple):
    """One learner's line: ``score`` is None where nothing was handed in."""

    learner: str
    name: str
    score: float | None
    most: float
    status: str
    again: bool


def grade(
    cohort: Cohort,
    chapter: str,
    *,
    sandboxed: bool = True,
    again: Collection[str] = (),
    progress: Callable[[str], None] | None = None,
) -> list[Result]:
    """Grade every submission of a chapter that is not graded yet.

    Parameters
    ----------
    cohort : Cohort
    chapter : str
        ``"ch03"``.
    sandboxed : bool
        False accepts the risk of running learners' code unprotected.
    again : collection of str
        Learners to grade even so.
    progress : callable, optional
        Told each learner's name before its turn, and ``""`` at the end.

    Returns
    -------
    list of Result
        In the roster's order.

    Raises
    ------
    CourseError
        There is no sandbox, no release, no usable gradebook, or another grading runs here.
    """
    from ka_course.grading import sandbox

    config = load_config(cohort)
    sandboxed = sandboxed and bool(config.JudgeExecute.get("sandbox", True))
    if sandboxed:
        sandbox.require()
    known = {learner.id for learner in cohort.learners}
    if unknown := sorted(set(again) - known):
        raise CourseError("grading.unknown_learner", given=", ".join(unknown))
    read_release(cohort, chapter)
    read_checks(cohort.secret(chapter).checks)
    config.JudgeExecute.sandbox = sandboxed
    results = []
    with only_one(cohort), _ctrl_c() as asked_to_stop:
        sweep()
        _prepare(cohort, chapter)
        for learner in cohort.learners:
            if progress:
                progress(learner.name)
            one = _one(cohort, chapter, learner, config, learner.id in again)
            if asked_to_stop.is_set():
                _forget(cohort, chapter, learner.id)
                raise KeyboardInterrupt
            results.append(one)
    if progress:
        progress("")
    return results


def strangers(cohort: Cohort, chapter: str) -> list[str]:
    """Return the folders of submissions whose owner is not on the roster; nobody grades them."""
    known = {learner.id for learner in cohort.learners}
    found = (cohort.root / "submitted").glob(f"*/{chapter}")
    return sorted(path.parent.name for path in found if path.parent.name not in known)


def load_config(cohort: Cohort) -> Config:
    """Return the settings of the cohort's ``nbgrader_config.py``, an instructor's lines included.

    Raises
    ------
    CourseError
        The file is missing or does not run.
    """
    from traitlets.config import PyFileConfigLoader

    path = cohort.root / "nbgrader_config.py"
    try:
        return PyFileConfigLoader(path.name, path=str(cohort.root)).load_config()
    except CourseError:
        raise
    except Exception as failure:
        why = f"{type(failure).__name__}: {failure}"
        raise CourseError("grading.bad_config", path=path, why=why) from failure


def _prepare(cohort: Cohort, chapter: str) -> None:
    """See that the gradebook knows the learners and the chapter."""
    from ka_course.cohorts.gradebook import enrol, find_alembic, gradebook

    find_alembic()
    with gradebook(cohort) as opened:
        enrol(opened, cohort)
        if not any(one.name == chapter and one.notebooks for one in opened.assignments):
            raise CourseError("grading.not_in_gradebook", chapter=chapter)


def _one(cohort: Cohort, chapter: str, learner: Any, config: Config, again: bool) -> Result:
    """Grade one learner, or say why not."""
    from ka_course.cohorts.gradebook import check

    path = submission_path(cohort, chapter, learner.id)
    if not path.parent.is_dir():
        return Result(
            learner.id, learner.name, None, _most(cohort, chapter), text("grading.none"), False
        )
    if not path.is_file() and not path.is_symlink():
        _no_points(cohort, chapter, learner.id)
        missing = Record("", notes=[Note("missing")])
        return _result(cohort, chapter, learner, missing, again=True)
    earlier = read_record(cohort, chapter, learner.id)
    if (
        earlier is not None
        and not again
        and earlier.digest == digest(cohort, chapter, learner.id)
        and _score(cohort, chapter, learner.id) is not None
    ):
        return _result(cohort, chapter, learner, earlier, again=False)
    said = _autograde(chapter, learner.id, config)
    graded = read_record(cohort, chapter, learner.id)
    if graded is not None:
        return _result(cohort, chapter, learner, graded, again=True)
    check(cohort)
    why = _reason(said)
    if any(sign in why for sign in DISK_TROUBLE):
        raise CourseError("grading.disk", why=why)
    status = text("grading.status_failed", why=why)
    return Result(learner.id, learner.name, None, _most(cohort, chapter), status, True)


def _reason(said: list[str]) -> str:
    """Return the last line of the traceback that nbgrader wrote to its log."""
    traces = [line for line in said if line.startswith("Traceback")] or said
    lines = [
        line
        for line in "\n".join(traces).splitlines()
        if line.strip() and not line.startswith(("[", "(Background"))  # SQLAlchemy's addenda
    ]
    return lines[-1].strip() if lines else "-"


def _autograde(chapter: str, learner: str, config: Config) -> list[str]:
    """Let nbgrader grade one submission; return what it complained about."""
    from nbgrader.converters import Autograde
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    from ka_course.cohorts.quiet import quiet

    course = CourseDirectory(config=config)
    course.assignment_id = chapter
    course.student_id = learner
    with quiet() as said, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy, about the way nbgrader adds a submission
        grader = Autograde(coursedir=course, config=config)
        grader.force = True
        try:
            grader.start()
        except NbGraderException as failure:
            said.append(str(failure))
    return said


def _result(cohort: Cohort, chapter: str, learner: Any, record: Record, *, again: bool) -> Result:
    found = _score(cohort, chapter, learner.id)
    score, most = found if found is not None else (None, _most(cohort, chapter))
    return Result(learner.id, learner.name, score, most, record.status(), again)


def _score(cohort: Cohort, chapter: str, learner: str) -> tuple[float, float] | None:
    from nbgrader.api import MissingEntry

    from ka_course.cohorts.gradebook import gradebook

    with gradebook(cohort) as opened:
        try:
            found = opened.find_submission(chapter, learner)
        except MissingEntry:
            return None
        return float(found.score), float(found.max_score)


def _most(cohort: Cohort, chapter: str) -> float:
    from ka_course.cohorts.gradebook import gradebook

    with gradebook(cohort) as opened:
        return float(opened.find_assignment(chapter).max_score)


def _no_points(cohort: Cohort, chapter: str, learner: str) -> None:
    """Note a submission that holds no notebook of the chapter, as nbgrader does: no points."""
    from ka_course.cohorts.gradebook import gradebook

    with gradebook(cohort) as opened:
        submission = opened.update_or_create_submission(chapter, learner)
        for notebook in submission.notebooks:
            for one in notebook.grades:
                one.auto_score, one.needs_manual_grade = 0, False
        opened.db.commit()


@contextlib.contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """Remember Ctrl+C: a library in the middle of its import may swallow the exception."""
    asked = threading.Event()

    def stop(*_: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _forget(cohort: Cohort, chapter: str, learner: str) -> None:
    """Let a submission that was being graded while somebody asked to stop count as not graded."""
    from nbgrader.utils import rmtree

    folder = cohort.root / "autograded" / learner / chapter
    if folder.is_dir():
        rmtree(str(folder))


@contextlib.contextmanager
def only_one(cohort: Cohort) -> Iterator[None]:
    """Hold the cohort for one grading at a time; the system lets go even of a killed one.

    Raises
    ------
    CourseError
        Another one is at work.
    """
    from ka_course.cohorts.files import writing

    path = cohort.root / ".grading.lock"
    with writing(path), path.open("a+b") as opened:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(opened.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            else:
                import fcntl

                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as failure:
            raise CourseError("grading.busy", path=cohort.root) from failure
        yield
