"""What became of every file handed in: kept between runs, and readable in Excel.

Prevents work that is lost in silence, and work that is taken in twice.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ka_course.cohorts.files import replace_file, writing
from ka_course.speech import CourseError, messages

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort

COLUMNS = ("file", "learner_id", "learner", "outcome", "notes", "modified", "kept")
# What people look for first stands first in the file.
OUTCOMES = (
    "collected",
    "unmatched",
    "ambiguous",
    "other_chapter",
    "not_this",
    "older",
    "replaced",
    "identical",
    "refused",
)


@dataclass
class Entry:
    """One file: whose it is, what became of it, where it is kept.

    ``notes`` are pairs of a message's key and its facts, told in the cohort's language.
    """

    file: str
    digest: str
    outcome: str
    learner: str = ""
    modified: str = ""
    number: int = 0
    readable: bool = True
    kept: str = ""
    notes: list[list[Any]] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, str, int]:
        """Return what makes one copy newer than another; times are in UTC, as text."""
        return (self.readable, self.modified, self.number)

    def note(self, kind: str, **facts: Any) -> None:
        """Add a note once."""
        if [kind, facts] not in self.notes:
            self.notes.append([kind, facts])

    def drop(self, kind: str) -> None:
        """Take a note away."""
        self.notes = [note for note in self.notes if note[0] != kind]

    def told(self, lang: Any) -> str:
        """Return the notes as one line."""
        words = [messages.text(f"collect.{kind}", lang=lang, **facts) for kind, facts in self.notes]
        return ("；" if lang == "zh" else "; ").join(words)


@dataclass
class Ledger:
    """All files of a chapter, and its deadline (UTC, as text)."""

    entries: list[Entry] = field(default_factory=list)
    due: str = ""

    def current(self, learner: str) -> Entry | None:
        """Return the learner's submission, if any."""
        for entry in self.entries:
            if entry.learner == learner and entry.outcome == "collected":
                return entry
        return None

    def find(self, file: str, digest: str) -> Entry | None:
        """Return the entry of a file seen before."""
        for entry in self.entries:
            if (entry.file, entry.digest) == (file, digest):
                return entry
        return None


def read_ledger(cohort: Cohort, chapter: str) -> Ledger:
    """Return the ledger of a chapter; an empty one before the first collecting."""
    path = _state(cohort, chapter)
    if not path.is_file():
        return Ledger()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Ledger([Entry(**one) for one in data["files"]], data["due"])
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise CourseError("cohort.cannot_read", path=path, why=failure) from failure


def write_ledger(cohort: Cohort, chapter: str, ledger: Ledger) -> Path:
    """Write the ledger; return the file for people."""
    data = {"due": ledger.due, "files": [asdict(entry) for entry in ledger.entries]}
    words = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    table = cohort.root / "collected" / f"{chapter}.csv"
    with writing(table):
        replace_file(_state(cohort, chapter), words.encode())
        replace_file(table, _table(cohort, ledger))
    return table


def _state(cohort: Cohort, chapter: str) -> Path:
    return cohort.root / "collected" / f"{chapter}.json"


def _table(cohort: Cohort, ledger: Ledger) -> bytes:
    """Return the CSV file that Excel opens as it is, in the cohort's language."""

    def say(key: str) -> str:
        return messages.text(f"collect.{key}", lang=cohort.lang)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([say(f"column_{name}") for name in COLUMNS])
    rank = {name: place for place, name in enumerate(OUTCOMES)}
    for entry in sorted(ledger.entries, key=lambda one: (rank[one.outcome], one.file)):
        name = cohort.learner(entry.learner).name if entry.learner else ""
        row = (
            entry.file,
            entry.learner,
            name,
            say(f"outcome_{entry.outcome}"),
            entry.told(cohort.lang),
            entry.modified,
            entry.kept,
        )
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Return text that Excel takes for text: a name that starts like a formula is quoted."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
