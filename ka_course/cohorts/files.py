"""Writing into a cohort's folder: whole or not at all, and one line when the disk says no."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ka_course.speech import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into one line about ``place``.

    Raises
    ------
    CourseError
        No permission, no space, a file in the way or open in another program.
    """
    try:
        yield
    except OSError as failure:
        where = failure.filename or place
        why = failure.strerror or str(failure)
        raise CourseError("cohort.cannot_write", path=where, why=why) from failure


@contextmanager
def workshop(beside: Path) -> Iterator[Path]:
    """Give a folder on the same disk that is gone afterwards, whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix=".ka-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replace_file(target: Path, content: bytes, *, private: bool = False) -> bool:
    """Write a file whole or not at all; return whether it changed."""
    if target.is_file() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".ka-", dir=target.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(OWNER_ONLY if private else 0o644)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return True


def swap_folder(made: Path, target: Path, aside: Path) -> None:
    """Put a finished folder in its place; the one that stood there goes to ``aside``."""
    if target.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        target.rename(aside)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made.rename(target)
    except BaseException:
        if aside.exists():
            aside.rename(target)
        raise
