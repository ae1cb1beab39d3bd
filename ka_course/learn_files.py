"""Lay the shipped notebooks in a learner's folder, and never over what the learner wrote.

Changed means that the cells' sources differ from what was laid; outputs, metadata and ids do
not count. A changed notebook stays; a new version goes into a dated folder, once.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    import datetime as dt

    from ka_lib.language import Language

RECORD = Path(".ka") / "manifest.json"
REASONS = {
    errno.EACCES: "learn.no_permission",
    errno.EPERM: "learn.no_permission",
    errno.EROFS: "learn.no_permission",
    errno.ENOSPC: "learn.disk_full",
    errno.ENOTDIR: "learn.is_a_file",
    errno.EEXIST: "learn.is_a_file",
}


@dataclass
class Laid:
    """What happened to each file, by its path in the learner's folder."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)


def shelf(shipped: Path, lang: Language) -> dict[str, bytes]:
    """Return the files of one edition, by their path in the learner's folder.

    Raises
    ------
    CourseError
        The course was installed without its notebooks.
    """
    course = shipped / "course" / lang
    files: dict[str, bytes] = {}
    moved: dict[str, str] = {}
    for path in sorted(course.glob("*.ipynb")):
        place = path.name if path.stem == "my-data" else f"course/{path.name}"
        files[place] = path.read_bytes()
        moved[path.name] = place
    for path in sorted((shipped / "exercises" / lang).glob("*/*.ipynb")):
        place = f"exercises/{path.name}"
        files[place] = path.read_bytes()
        moved[f"../../exercises/{lang}/{path.parent.name}/{path.name}"] = place
    if not files:
        raise CourseError("learn.nothing_shipped", edition=lang)
    if (course / "glossary.md").is_file():
        files["course/glossary.md"] = (course / "glossary.md").read_bytes()
        moved["glossary.md"] = "course/glossary.md"
    if (course / "index.md").is_file():
        contents = (course / "index.md").read_text(encoding="utf-8")
        for old, new in moved.items():
            contents = contents.replace(f"]({old})", f"]({new})")
        files["index.md"] = contents.encode()
    return {f"{lang}/{place}": content for place, content in files.items()}


def lay(files: dict[str, bytes], folder: Path, today: dt.date) -> Laid:
    """Put the files into the learner's folder.

    Parameters
    ----------
    files : dict of str to bytes
        From `shelf`.
    folder : Path
        The learner's folder; made when it is not there.
    today : date
        Names the folder for a new version of a notebook that the learner changed.

    Raises
    ------
    CourseError
        The folder cannot be written to.
    """
    try:
        record = _read_record(folder)
        laid = Laid()
        try:
            for place, content in files.items():
                _lay_one(folder, place, content, record, laid, today)
        finally:
            _write(folder / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    except OSError as failure:
        raise refused(failure, folder) from failure
    return laid


def refused(failure: OSError, folder: Path) -> CourseError:
    """Return the error that tells the learner why a folder does not work."""
    key = REASONS.get(failure.errno or 0, "learn.cannot_write")
    why = failure.strerror or str(failure)
    path = failure.filename or folder
    if key == "learn.is_a_file":
        path = next((each for each in (folder, *folder.parents) if each.is_file()), path)
    return CourseError(key, path=path, why=why)


def digest(content: bytes, name: str) -> str | None:
    """Return what identifies a file's text; None for a notebook that cannot be read.

    Outputs, metadata, execution counts and ids of a notebook leave it as it is.
    """
    if PurePosixPath(name).suffix != ".ipynb":
        return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
    try:
        cells = json.loads(content.decode("utf-8"))["cells"]
        sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def _lay_one(  # noqa: PLR0913, PLR0917 - the inside of `lay`
    folder: Path,
    place: str,
    content: bytes,
    record: dict[str, dict[str, str]],
    laid: Laid,
    today: dt.date,
) -> None:
    target = folder / place
    shipped = digest(content, place) or ""
    known = record.setdefault(place, {})
    if not target.is_file():
        _write(target, content)
        laid.new.append(place)
        known["laid"] = shipped
        return
    there = digest(target.read_bytes(), place)
    if there == shipped:
        known["laid"] = shipped
    elif there is not None and there == known.get("laid"):
        _write(target, content)
        laid.updated.append(place)
        known["laid"] = shipped
    elif shipped in (known.get("laid"), known.get("aside")):
        laid.kept.append(place)
    else:
        dated = _dated(folder, place, today)
        _write(folder / dated, content)
        laid.aside[place] = dated
        known["aside"] = shipped


def _dated(folder: Path, place: str, today: dt.date) -> str:
    """Return a free place under today's date: a second version on one day is numbered."""
    lang, _, rest = place.partition("/")
    day = today.isoformat()
    turn = 1
    while True:
        dated = f"{lang}/{day if turn == 1 else f'{day}-{turn}'}/{rest}"
        if not (folder / dated).exists():
            return dated
        turn += 1


def _read_record(folder: Path) -> dict[str, dict[str, str]]:
    """Return what was laid before; a lost or broken record means that all files count as changed."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {place: dict(known) for place, known in record.items() if isinstance(known, dict)}


def _write(target: Path, content: bytes) -> None:
    """Write a whole file or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".ka-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if os.name != "nt":
            unfinished.chmod(0o644)  # mkstemp lets nobody else read
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def told(laid: Laid, folder: Path) -> list[str]:
    """Return what the learner should know about the files, one line each."""
    lines = []
    if laid.new:
        lines.append(text("learn.laid", number=len(laid.new), folder=folder))
    if laid.updated:
        lines.append(text("learn.updated", number=len(laid.updated)))
    lines += [text("learn.aside", place=old, dated=new) for old, new in laid.aside.items()]
    return lines
