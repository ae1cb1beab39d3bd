"""``ka cohort new``: a cohort's folder, whole or not at all."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from ka_course.cohort import DEFAULT_DB, SETTINGS, Cohort
from ka_course.cohorts import gradebook
from ka_course.cohorts.files import OWNER_ONLY_FOLDER, replace_file, workshop, writing
from ka_course.cohorts.roster import RESERVED, read_roster, write_roster
from ka_course.places import PACKAGE
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from ka_lib.language import Language

NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
NOT_IN_PATHS = re.compile(r"[\[\]{}*?]")  # nbgrader takes them for a pattern
SEED_BYTES = 16
NBGRADER = '''"""nbgrader's settings for this cohort, made by `ka cohort new`."""

from ka_course.grading import configure

configure(get_config(), __file__)  # noqa: F821 - nbgrader gives it
'''


def create(name: str, roster: Path, lang: Language, folder: Path, db: str | None = None) -> Cohort:
    """Make a cohort.

    Parameters
    ----------
    name : str
        What people call it; also a folder's name.
    roster : Path
        Who is in it, see `read_roster`.
    lang : {"zh", "en"}
        Of what the learners get.
    folder : Path
        Where it is made; must not exist, or be empty.
    db : str, optional
        SQLAlchemy URL of the gradebook; a SQLite file in the folder if left out.

    Raises
    ------
    CourseError
        Something to put right first. Nothing is left behind.
    """
    folder = folder.expanduser().absolute()
    _check_place(name, folder)
    learners = read_roster(roster.expanduser())
    with writing(folder):
        missing = [each for each in folder.parents if not each.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with writing(folder), workshop(folder.parent) as made:
            write_roster(made / "roster.csv", learners)
            _write_settings(made, name, lang, db)
            for step in ("source", "release", "submitted", "autograded", "feedback", "collected"):
                (made / step).mkdir()
            (made / "secret").mkdir(mode=OWNER_ONLY_FOLDER)
            seed = secrets.token_hex(SEED_BYTES) + "\n"
            replace_file(made / "secret" / "seed", seed.encode(), private=True)
            gradebook.create(Cohort.load(made))
            if folder.exists():
                folder.rmdir()  # empty, as looked at above
            made.rename(folder)
    except BaseException:
        for each in missing:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        raise
    return Cohort.load(folder)


def default_folder(name: str) -> Path:
    """Return where a cohort is made if nobody says: here, or beside the repository, never in it."""
    here, root = Path.cwd().resolve(), PACKAGE.parent.resolve()
    inside = (root / "pyproject.toml").is_file() and here.is_relative_to(root)
    return (root.parent if inside else here) / name


def _check_place(name: str, folder: Path) -> None:
    stem = name.partition(".")[0].strip().casefold()
    if not name.strip(" .") or NOT_IN_NAMES.search(name) or stem in RESERVED:
        raise CourseError("cohort.bad_name", name=name)
    if found := NOT_IN_PATHS.search(str(folder)):
        raise CourseError("cohort.bad_path", path=folder, sign=found[0])
    root = PACKAGE.parent
    if (root / "pyproject.toml").is_file() and folder.resolve().is_relative_to(root.resolve()):
        raise CourseError("cohort.in_repository", path=folder, root=root)
    with writing(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CourseError("cohort.exists", path=folder)


def _write_settings(folder: Path, name: str, lang: Language, db: str | None) -> None:
    import yaml

    facts = {
        "name": name,
        "lang": lang,
        "made": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "course": _course_version(),
        "db": db or DEFAULT_DB,
    }
    words = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)
    private = bool(db and "@" in db)  # a password may stand in it
    replace_file(folder / SETTINGS, words.encode(), private=private)
    replace_file(folder / "nbgrader_config.py", NBGRADER.encode())


def _course_version() -> str:
    try:
        return version("ka-course")
    except PackageNotFoundError:
        return "unknown"
