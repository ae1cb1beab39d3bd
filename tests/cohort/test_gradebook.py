"""Does a gradebook that cannot be used give one line, and stay as it is?"""

import sqlite3
from contextlib import closing

import pytest

from ka_course.cohort import Cohort
from ka_course.cohorts import gradebook
from ka_course.cohorts.gradebook import check
from ka_course.cohorts.marks import marks
from ka_course.speech import CourseError


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    monkeypatch.setattr(gradebook, "PATIENCE", 0.1)


def key_of(cohort):
    with pytest.raises(CourseError) as raised:
        marks(cohort, "ch03")
    assert "\n" not in str(raised.value)
    return raised.value.key


def test_a_missing_gradebook_is_not_made_anew(cohort):
    path = cohort.db_file
    path.unlink()
    assert key_of(cohort) == "cohort.db_missing"
    assert not path.exists()


def test_a_locked_gradebook(cohort):
    with closing(sqlite3.connect(cohort.db_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert key_of(cohort) == "cohort.db_locked"
        other.execute("ROLLBACK")
    check(cohort)


def test_a_gradebook_of_another_version(cohort):
    with closing(sqlite3.connect(cohort.db_file)) as other:
        other.execute("UPDATE alembic_version SET version_num = '167914646830'")
        other.commit()
    assert key_of(cohort) == "cohort.db_version"


@pytest.mark.parametrize("content", [b"", b"something else", b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_gradebook(cohort, content):
    cohort.db_file.write_bytes(content)
    assert key_of(cohort) == "cohort.db_no_gradebook"
    assert cohort.db_file.read_bytes() == content


def test_another_database(cohort):
    cohort.db_file.unlink()
    with closing(sqlite3.connect(cohort.db_file)) as other:
        other.execute("CREATE TABLE t (x)")
    assert key_of(cohort) == "cohort.db_no_gradebook"


@pytest.mark.parametrize(
    ("db", "url"),
    [
        ("sqlite:////var/x.db", "sqlite:////var/x.db"),
        ("sqlite:///C:/x.db", "sqlite:///C:/x.db"),
        ("postgresql://me@host/x", "postgresql://me@host/x"),
    ],
)
def test_only_a_relative_file_stands_in_the_cohorts_folder(cohort, db, url):
    assert Cohort(cohort.root, "x", "zh", db).db_url == url
    assert cohort.db_url.endswith("/gradebook.db")
