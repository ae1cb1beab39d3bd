"""Writing files that may stand there already, or be open in Excel.

Prevents three losses: a file that somebody worked on is replaced without a word, a half-written
file after an error, and a traceback in place of "close it in Excel first".
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ka_lib.errors import ParameterError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Excel and LibreOffice put such a file beside one that is open.
_OPEN = ("~${name}", ".~lock.{name}#")


def ready(path: Path, suffixes: Collection[str], replace: bool) -> None:
    """Refuse a place that cannot or should not be written to; make its folder.

    Raises
    ------
    ParameterError
        Another suffix; something stands there and may not be replaced; the file is open in
        Excel; the folder cannot be made.
    """
    if path.suffix.lower() not in suffixes:
        wanted = text("export.or").join(suffixes)
        raise ParameterError("export.suffix", name=path.name, suffixes=wanted)
    for pattern in _OPEN:
        lock = path.with_name(pattern.format(name=path.name))
        if lock.exists():
            raise ParameterError("export.open", path=path, lock=lock.name)
    if path.is_dir():
        raise ParameterError("export.folder_there", path=path)
    if path.exists() and not replace:
        raise ParameterError("export.exists", path=path)
    make_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where they are missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise _cannot_write(folder, failure) from failure


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a place to write to; what was written there becomes ``path`` when all went well."""
    try:
        with tempfile.TemporaryDirectory(prefix=".ka-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            yield draft
            os.replace(draft, path)  # noqa: PTH105 - Path.replace in one step, over an old file
    except OSError as failure:
        raise _cannot_write(path, failure) from failure


def _cannot_write(path: Path, failure: OSError) -> ParameterError:
    key = "export.locked" if isinstance(failure, PermissionError) else "export.cannot_write"
    return ParameterError(key, path=path, reason=failure.strerror or str(failure))
