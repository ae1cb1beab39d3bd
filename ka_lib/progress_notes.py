"""A learner's own notes of what was checked, for ``ka progress``; silent where it cannot write."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

FOLDER, FILE = ".ka", "progress.jsonl"


def notes_file(start: Path | None = None) -> Path | None:
    """Return the notes of the learner's folder around ``start`` (default: here), or None."""
    here = (start or Path.cwd()).resolve()
    return next(
        (up / FOLDER / FILE for up in (here, *here.parents) if (up / FOLDER).is_dir()), None
    )


def note(assignment: str, task: str, outcome: str, misconception: str = "") -> None:
    """Add one line: assignment, task, outcome, misconception (or ""), at (UTC, to the second).

    Nothing is noted while grading (``KA_CHECKS``): those are not the learner's own tries.
    """
    if os.environ.get("KA_CHECKS"):
        return
    entry = {
        "assignment": assignment,
        "task": task,
        "outcome": outcome,
        "misconception": misconception,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        path = notes_file()
        if path is not None:
            with path.open("a", encoding="utf-8", newline="\n") as notes:
                notes.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError:
        return
