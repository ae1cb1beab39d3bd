"""A cohort's folder: nbgrader's own layout, a secret company, and who is in it.

Prevents grading with the wrong gradebook: every command finds the cohort in one way and reads
the same settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.roster import Learner, read_roster
from ka_course.speech import CourseError
from ka_lib.language import LANGUAGES, Language

if TYPE_CHECKING:
    from traitlets.config import Config

SETTINGS = "cohort.yaml"
DEFAULT_DB = "sqlite:///gradebook.db"


class Secret(NamedTuple):
    """What a chapter is graded with and no learner may see."""

    tables: Path
    checks: Path

    @property
    def ready(self) -> bool:
        """Whether it was made, by ``ka cohort release``."""
        return (self.tables / "company.csv").is_file() and self.checks.is_file()


@dataclass(frozen=True)
class Cohort:
    """One group of learners, in a folder of its own outside the repository.

    Parameters
    ----------
    root : Path
        The folder, absolute.
    name : str
        What people call it.
    lang : {"zh", "en"}
        Of what the learners get.
    db : str
        SQLAlchemy URL of the gradebook; a relative SQLite file stands in the folder.
    """

    root: Path
    name: str
    lang: Language
    db: str = DEFAULT_DB

    @classmethod
    def find(cls, path: Path | None = None) -> Cohort:
        """Return the cohort of a folder, or the one that the current folder belongs to.

        Raises
        ------
        CourseError
            There is none, or its settings cannot be read.
        """
        start = (path or Path()).expanduser().absolute()
        tried = [start] if path else [start, *start.parents]
        for folder in tried:
            if (folder / SETTINGS).is_file():
                return cls.load(folder)
        if path:
            raise CourseError("cohort.not_here", path=path)
        raise CourseError("cohort.none_here", path=start)

    @classmethod
    def load(cls, folder: Path) -> Cohort:
        """Read the settings of a cohort's folder."""
        import yaml

        place = folder / SETTINGS
        try:
            facts: Any = yaml.safe_load(place.read_text(encoding="utf-8"))
            name, lang, db = str(facts["name"]), facts["lang"], str(facts.get("db") or DEFAULT_DB)
        except OSError as failure:
            why = failure.strerror or str(failure)
            raise CourseError("cohort.cannot_read", path=place, why=why) from failure
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as fault:
            raise CourseError("cohort.bad_settings", path=place) from fault
        if lang not in LANGUAGES:
            raise CourseError("cohort.bad_settings", path=place)
        return cls(folder.resolve(), name, lang, db)

    @cached_property
    def learners(self) -> tuple[Learner, ...]:
        """Return who is in it, in the roster's order."""
        return tuple(read_roster(self.root / "roster.csv"))

    @property
    def db_url(self) -> str:
        """Return the gradebook's URL, a relative SQLite file made absolute."""
        found = re.fullmatch(r"sqlite:///(?![/\\])(?![A-Za-z]:)(.+)", self.db)
        return f"sqlite:///{(self.root / found[1]).as_posix()}" if found else self.db

    @property
    def db_file(self) -> Path | None:
        """Return the gradebook's file; None for a server's database."""
        if not self.db_url.startswith("sqlite:///"):
            return None
        return Path(self.db_url.removeprefix("sqlite:///"))

    def nbgrader_config(self) -> Config:
        """Return nbgrader's settings for this folder; grading adds its own to them."""
        from traitlets.config import Config

        from ka_course.cohorts.feedback import nbgrader_settings

        config = Config()
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.db_url
        nbgrader_settings(config)
        return config

    def secret(self, chapter: str) -> Secret:
        """Return where a chapter's secret company and its compiled checks stand."""
        folder = self.root / "secret" / chapter
        return Secret(folder / "tables", folder / f"{chapter}.checks.json")

    def learner(self, learner_id: str) -> Learner:
        """Return a learner by id; one who left the roster keeps the id as a name."""
        known = {one.id: one for one in self.learners}
        return known.get(learner_id, Learner(learner_id, learner_id))


def chapter_name(given: str) -> str:
    """Return ``"ch03"`` for ``3``, ``03`` or ``ch03``; other words as they are."""
    found = re.fullmatch(r"(?:ch)?0*(\d{1,2})", given.strip().lower())
    return f"ch{int(found[1]):02d}" if found else given.strip()
