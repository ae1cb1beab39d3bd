"""Read what a learner handed in, whatever it is: sources of cells, and nothing else of it.

Prevents two failures: a broken file that stops the class, and a notebook whose metadata,
outputs or cell ids say what they should not. Outputs, metadata and settings are not taken over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 100_000_000
MOST_CELLS = 1_000
MOST_SOURCE = 200_000  # characters of one cell
PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass
class Handed:
    """One cell as handed in; ``grade_id`` is what it claims to be."""

    kind: str
    source: str
    grade_id: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Submission:
    """The cells, and what was wrong with the file (``"unreadable"``, ``"link"``, ``"cut"``)."""

    cells: list[Handed] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(path: Path, expected: Path) -> Submission:
    """Read a submitted notebook.

    Parameters
    ----------
    path : Path
    expected : Path
        Where the file must really be, free of links: one to anywhere else is not followed.
    """
    if path.is_symlink() or path.resolve() != expected:
        return Submission(problems=["link"])
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return Submission(problems=["unreadable"])
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return Submission(problems=["unreadable"])
    cells = _cells(raw)
    if cells is None:
        return Submission(problems=["unreadable"])
    found = [handed for cell in cells[:MOST_CELLS] if (handed := _cell(cell)) is not None]
    problems = [] if len(found) == len(cells) else ["cut"]
    return Submission(found, problems)


def _cells(raw: Any) -> list[Any] | None:
    """Return the cells of a notebook of format 4, or of format 3 with its worksheets."""
    if not isinstance(raw, dict):
        return None
    if isinstance(raw.get("cells"), list):
        return list(raw["cells"])
    sheets = raw.get("worksheets")
    if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict):
        cells = sheets[0].get("cells")
        return cells if isinstance(cells, list) else None
    return None


def _cell(raw: Any) -> Handed | None:
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", raw.get("input"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MOST_SOURCE:
        return None
    source = source.encode("utf-8", "replace").decode("utf-8")
    kind = "code" if raw.get("cell_type") == "code" else "markdown"
    if raw.get("cell_type") == "raw":  # a raw cell would stand in a page unescaped
        source = f"```\n{source}\n```"
    return Handed(kind, source, _claims(raw), _attachments(raw.get("attachments")))


def _claims(raw: dict[str, Any]) -> str:
    """Return the task cell that a cell says it is: by nbgrader's metadata, else by its id."""
    metadata = raw.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    name = name if isinstance(name, str) and name else raw.get("id")
    return name if isinstance(name, str) else ""


def _attachments(raw: Any) -> dict[str, dict[str, str]]:
    """Return the pictures pasted into a written answer."""
    if not isinstance(raw, dict):
        return {}
    found = {}
    for name, data in raw.items():
        pictures = {
            kind: data[kind]
            for kind in PICTURES
            if isinstance(data, dict)
            and isinstance(data.get(kind), str)
            and BASE64.fullmatch(data[kind])
        }
        if pictures:
            found[name] = pictures
    return found
