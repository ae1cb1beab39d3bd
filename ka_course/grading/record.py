"""What grading found out, kept in the graded notebook: outcomes, notes, and what it was made from.

Prevents two failures: grading again what is done, and taking for done what was made from
another submission, release or company.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ka_course.speech import text
from ka_lib import feedback, language

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort

GRADER = "1"  # another number grades everything again
SERIOUS = ("unreadable", "link", "cell_time", "notebook_time", "memory", "output", "died")


@dataclass
class Note:
    """Something the instructor should know: its kind, and the task it stands in (or none)."""

    kind: str
    task: str = ""


@dataclass
class Record:
    """The result of one submission.

    Parameters
    ----------
    digest : str
        Of the submission, the release and the secret company it was graded with.
    outcomes : dict
        Task -> ``{"outcome", "misconception"}``, as `ka_lib.feedback.judge_answer` names them.
    notes : list of Note
    """

    digest: str
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """Return it as a notebook's metadata holds it."""
        notes = [{"kind": note.kind, "task": note.task} for note in self.notes]
        return {"digest": self.digest, "outcomes": self.outcomes, "notes": notes}

    def status(self) -> str:
        """Return the notes as one line in the reader's language."""
        by_kind: dict[str, list[str]] = {}
        for note in self.notes:
            by_kind.setdefault(note.kind, []).append(note.task)
        if not by_kind:
            return text("grading.status_done")
        between = "；" if language.current() == "zh" else "; "
        comma = "、" if language.current() == "zh" else ", "
        lines = []
        for kind, tasks in by_kind.items():
            labels = [feedback.task_label(task) for task in tasks if task]
            where = comma.join(labels) or text("grading.elsewhere")
            lines.append(text(f"grading.note_{kind}", where=where))
        return between.join(lines)


def read_record(cohort: Cohort, chapter: str, learner: str) -> Record | None:
    """Return what is recorded for a learner; None where nothing was graded to the end."""
    path = cohort.root / "autograded" / learner / chapter / f"{chapter}.ipynb"
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["ka"]["grading"]
        notes = [Note(str(note["kind"]), str(note["task"])) for note in about["notes"]]
        return Record(str(about["digest"]), dict(about["outcomes"]), notes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest(cohort: Cohort, chapter: str, learner: str) -> str:
    """Return one value for all that a learner's result depends on."""
    found = hashlib.sha256(GRADER.encode())
    submitted = cohort.root / "submitted" / learner / chapter
    secret = cohort.secret(chapter)
    files = [cohort.root / "release" / chapter / f"{chapter}.ipynb", secret.checks]
    files += sorted(secret.tables.glob("*.csv"))
    files += sorted(path for path in submitted.rglob("*") if path.name != "timestamp.txt")
    for path in files:
        found.update(b"\0" + path.name.encode("utf-8", "surrogateescape") + b"\0")
        if path.is_symlink() or not path.is_file():
            found.update(b"not a file")
            continue
        try:
            with path.open("rb") as opened:
                found.update(hashlib.file_digest(opened, "sha256").digest())
        except OSError:
            found.update(b"unreadable")
    return found.hexdigest()[:32]


def submission_path(cohort: Cohort, chapter: str, learner: str) -> Path:
    """Return where a learner's notebook stands, or would stand."""
    return cohort.root / "submitted" / learner / chapter / f"{chapter}.ipynb"
