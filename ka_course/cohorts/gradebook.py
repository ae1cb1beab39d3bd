"""Open nbgrader's gradebook, and say in one line when it cannot be used.

Prevents an empty gradebook in place of a lost one: nbgrader makes a new file wherever it finds
none, and every mark would be gone without a word.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_course.speech import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ka_course.cohort import Cohort

PATIENCE = 5.0  # seconds that another program may hold the file
HEADER = b"SQLite format 3\0"


@contextmanager
def gradebook(cohort: Cohort) -> Iterator[Any]:
    """Give nbgrader's ``Gradebook``, which is there, of the right version and not locked.

    Raises
    ------
    CourseError
        It is missing, locked, of another version, no gradebook, or its server does not answer.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    check(cohort)
    try:
        with Gradebook(cohort.db_url) as opened:
            try:
                yield opened
            except BaseException:
                opened.db.rollback()
                raise
    except SQLAlchemyError as failure:
        raise refused(cohort, failure) from failure


def create(cohort: Cohort) -> None:
    """Make the tables, and a row for each learner."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    find_alembic()
    try:
        with Gradebook(cohort.db_url) as opened:
            if opened.students or opened.assignments:
                raise CourseError("cohort.db_used", path=cohort.db_file or cohort.db)
            enrol(opened, cohort)
    except SQLAlchemyError as failure:
        raise refused(cohort, failure) from failure
    except ImportError as failure:  # the URL names a database whose driver is not installed
        raise CourseError("cohort.db_driver", why=failure) from failure


def enrol(opened: Any, cohort: Cohort) -> None:
    """Bring the learners of the roster into the gradebook; formgrader shows their names."""
    known = {student.id: student for student in opened.students}
    for learner in cohort.learners:
        # formgrader shows "last, first": the name, and the id that tells people of one name apart
        facts = {
            "last_name": learner.name,
            "first_name": learner.id,
            "email": learner.email or None,
        }
        student = known.get(learner.id)
        if student is None or student.last_name != learner.name:
            opened.update_or_create_student(learner.id, **facts)


@contextmanager
def kept_on_failure(cohort: Cohort, folder: Path) -> Iterator[None]:
    """Put a SQLite gradebook back as it was when something fails half-way."""
    path = cohort.db_file
    if path is None:
        yield
        return
    before = folder / "gradebook.before"
    shutil.copy2(path, before)
    try:
        yield
    except BaseException:
        before.replace(path)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        raise


def find_alembic() -> None:
    """Let nbgrader call ``alembic`` by name although the environment is not activated."""
    here = str(Path(sys.executable).parent)
    parts = os.environ.get("PATH", "").split(os.pathsep)
    if here not in parts:
        os.environ["PATH"] = os.pathsep.join([here, *parts])


def check(cohort: Cohort) -> None:
    """Raise when a SQLite gradebook cannot be used now; a server answers for itself."""
    path = cohort.db_file
    if path is None:
        return
    if not path.is_file():
        raise CourseError("cohort.db_missing", path=path)
    _check_version(path)
    _check_lock(path)


def refused(cohort: Cohort, failure: Exception) -> CourseError:
    """Return one line about what the database said."""
    path = cohort.db_file
    where = path or cohort.db.partition("@")[2] or cohort.db
    words = str(getattr(failure, "orig", None) or failure).splitlines()[0]
    if "locked" in words:
        return CourseError("cohort.db_locked", path=where)
    return CourseError("cohort.db_refused", path=where, why=words)


def _check_version(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(HEADER))
        if head != HEADER:
            raise CourseError("cohort.db_no_gradebook", path=path)
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as opened:
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
            if "alembic_version" not in tables:
                raise CourseError("cohort.db_no_gradebook", path=path)
            found = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise CourseError("cohort.cannot_read", path=path, why=why) from failure
    except sqlite3.Error as failure:
        raise _said(path, failure) from failure
    if found is None or found[0] != _current_version():
        raise CourseError("cohort.db_version", path=path, found=found[0] if found else "-")


def _current_version() -> str | None:
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


def _check_lock(path: Path) -> None:
    """Take the right to write and give it back."""
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as opened:
        try:
            opened.execute("BEGIN IMMEDIATE")
            opened.execute("ROLLBACK")
        except sqlite3.Error as failure:
            raise _said(path, failure) from failure


def _said(path: Path, failure: sqlite3.Error) -> CourseError:
    words = str(failure)
    if "locked" in words:
        return CourseError("cohort.db_locked", path=path)
    if "not a database" in words or "malformed" in words:
        return CourseError("cohort.db_no_gradebook", path=path)
    return CourseError("cohort.db_refused", path=path, why=words)
