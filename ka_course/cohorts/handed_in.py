"""Every notebook in a folder or zip, however it was sent, and nothing that could do harm.

Prevents a zip from writing where it wants or filling the disk: names inside a zip are only read,
never used as paths, and every byte is counted as it comes out, whatever the zip says about itself.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from ka_course.cohorts.roster import RESERVED
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEGABYTE = 1 << 20
LARGEST_FILE = 100 * MEGABYTE
LARGEST_ZIP = 1000 * MEGABYTE  # unpacked, everything inside together
MOST_MEMBERS = 5000
MOST_RATIO = 300  # a notebook full of repeated output packs to about a hundredth
RATIO_FROM = 5 * MEGABYTE
DEEPEST = 3  # a zip a learner inside a zip for all, and one more
UTF8_NAME = 0x800
ENCRYPTED = 0x1
LONGEST_NAME = 500
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}  # a copy's trouble, not the source's
FIRST_YEAR = 1981  # 1980 stands in a zip that knows no time
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz")
LITTER = re.compile(r"^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class HandedIn:
    """One notebook as it came.

    ``shown`` names it to people, ``parts`` are its folders (and zips) and its own name,
    ``content`` the staged copy, ``modified`` its own time, in this computer's time zone.
    """

    shown: str
    parts: tuple[str, ...]
    content: Path
    digest: str
    modified: dt.datetime


@dataclass(frozen=True)
class Refused:
    """Something that was not taken in; ``reason`` is a key of the messages on collecting."""

    shown: str
    reason: str


@dataclass
class Stage:
    """Where copies are staged, and how much has come in."""

    folder: Path
    found: list[HandedIn] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def take(
        self, shown: str, parts: tuple[str, ...], file: IO[bytes], when: dt.datetime, most: int
    ) -> int:
        """Copy one file, at most that many bytes; return how many."""
        path = self.folder / f"{len(self.found)}.ipynb"
        folded, size = hashlib.sha256(), 0
        with path.open("wb") as copy:
            while block := file.read(MEGABYTE):
                size += len(block)
                if size > most:
                    raise TooLargeError
                folded.update(block)
                copy.write(block)
        self.found.append(HandedIn(shown, parts, path, folded.hexdigest(), when))
        return size


class TooLargeError(Exception):
    """A file is larger than what is left of the limit."""


def gather(source: Path, folder: Path, skip: Iterable[Path] = ()) -> Stage:
    """Find every notebook.

    Parameters
    ----------
    source : Path
        A folder, a zip, or a notebook.
    folder : Path
        Where copies are staged.
    skip : iterable of Path
        Folders not to look into.

    Raises
    ------
    CourseError
        ``source`` is not there or cannot be read.
    """
    stage = Stage(folder)
    if not source.exists():
        raise CourseError("collect.no_source", path=source)
    try:
        if source.is_file():
            _file(stage, source, (source.name,))
        else:
            for path in _walk(source, {each.resolve() for each in skip}):
                _file(stage, path, path.relative_to(source).parts)
    except OSError as failure:
        why = failure.strerror or str(failure)
        where = failure.filename or source
        if failure.errno in FULL or str(where).startswith(str(folder)):
            raise CourseError("cohort.cannot_write", path=folder.parent, why=why) from failure
        raise CourseError("cohort.cannot_read", path=where, why=why) from failure
    return stage


def _walk(source: Path, skip: set[Path]) -> Iterator[Path]:
    def stop(failure: OSError) -> None:
        raise failure

    for name, folders, files in os.walk(source, onerror=stop):
        here = Path(name)
        folders[:] = sorted(
            each
            for each in folders
            if not LITTER.match(each) and (here / each).resolve() not in skip
        )
        yield from (here / file for file in sorted(files) if not LITTER.match(file))


def _file(stage: Stage, path: Path, parts: tuple[str, ...]) -> None:
    shown = "/".join(parts)
    if path.is_symlink() or not path.is_file():
        stage.refused.append(Refused(shown, "link"))
        return
    kind = path.suffix.lower()
    if kind == ".ipynb":
        when = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        with path.open("rb") as file:
            _take(stage, shown, parts, file, when)
    elif kind == ".zip":
        when = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        with path.open("rb") as file:
            _zip(stage, shown, parts, file, when)
    else:
        _other(stage, shown, kind)


def _take(
    stage: Stage, shown: str, parts: tuple[str, ...], file: IO[bytes], when: dt.datetime
) -> None:
    try:
        stage.take(shown, parts, file, when, LARGEST_FILE)
    except TooLargeError:
        stage.refused.append(Refused(shown, "large"))


def _other(stage: Stage, shown: str, kind: str) -> None:
    reason = "archive" if kind in OTHER_ARCHIVES else "other_file"
    stage.refused.append(Refused(shown, reason))


def _zip(  # noqa: PLR0913, PLR0917 - where it is, what it is called, how deep
    stage: Stage,
    shown: str,
    parts: tuple[str, ...],
    file: IO[bytes],
    when: dt.datetime,
    depth: int = 1,
) -> None:
    """Take in what a zip holds; a zip that is a bomb or broken is refused as a whole."""
    before = len(stage.found)
    try:
        with zipfile.ZipFile(file) as opened:
            members = opened.infolist()
            if fault := _bomb(members):
                stage.refused.append(Refused(shown, fault))
                return
            left = LARGEST_ZIP
            for member in members:
                left -= _member(stage, opened, member, (shown, parts, when, depth), left)
    except TooLargeError:
        del stage.found[before:]
        stage.refused.append(Refused(shown, "bomb"))
    except BROKEN as failure:
        if isinstance(failure, OSError) and not isinstance(failure, zipfile.BadZipFile):
            raise
        stage.refused.append(Refused(shown, "broken_zip"))


def _bomb(members: list[zipfile.ZipInfo]) -> str:
    if len(members) > MOST_MEMBERS:
        return "many"
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > LARGEST_ZIP or (size > RATIO_FROM and size > MOST_RATIO * max(packed, 1)):
        return "bomb"
    return ""


def _member(  # noqa: PLR0911 - one a reason
    stage: Stage,
    opened: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    inside: tuple[str, tuple[str, ...], dt.datetime, int],
    left: int,
) -> int:
    """Take in one member; return how many bytes came out of it."""
    shown, parts, zipped_on, depth = inside
    name = member_name(member)
    label = f"{shown}/{name}"[:LONGEST_NAME]
    path = PurePosixPath(name.replace("\\", "/"))
    if name.endswith(("/", "\\")) or any(LITTER.match(part) for part in path.parts if part != ".."):
        return 0
    if fault := _hostile(name, path, member):
        stage.refused.append(Refused(label, fault))
        return 0
    kind = path.suffix.lower()
    if kind not in {".ipynb", ".zip"}:
        _other(stage, label, kind)
        return 0
    if member.flag_bits & ENCRYPTED:
        stage.refused.append(Refused(label, "password"))
        return 0
    when = _time(member) or zipped_on
    own = (*parts, *path.parts)
    try:
        with opened.open(member) as file:
            if kind == ".ipynb":
                return stage.take(label, own, file, when, min(left, LARGEST_FILE))
            if depth >= DEEPEST:
                stage.refused.append(Refused(label, "deep"))
                return 0
            content = file.read(min(left, LARGEST_FILE) + 1)
            if len(content) > min(left, LARGEST_FILE):
                raise TooLargeError
            _zip(stage, label, own, io.BytesIO(content), when, depth + 1)
            return len(content)
    except BROKEN as failure:
        if isinstance(failure, OSError) and failure.errno is not None:
            raise
        stage.refused.append(Refused(label, "broken_member"))
        return 0


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name: Windows in China writes GBK and macOS UTF-8, both without saying so."""
    name = member.orig_filename
    if member.flag_bits & UTF8_NAME:
        return name
    try:
        raw = name.encode("cp437")  # how zipfile read it
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _hostile(name: str, path: PurePosixPath, member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    stems = {part.partition(".")[0].strip().casefold() for part in path.parts}
    if (
        path.is_absolute()
        or ".." in path.parts
        or re.match(r"[A-Za-z]:", name)
        or "\0" in name
        or stems & RESERVED
        or len(name) > LONGEST_NAME
    ):
        return "path"
    return ""


def _time(member: zipfile.ZipInfo) -> dt.datetime | None:
    if member.date_time[0] < FIRST_YEAR:
        return None
    try:
        return dt.datetime(*member.date_time).astimezone()  # a zip knows local time only
    except (ValueError, OverflowError):
        return None
