"""XLSX workbooks as rows of text, one table a sheet."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from ka_lib.errors import ExportError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Callable

_TELL_EVERY = 10_000


def read_workbook(
    file: str, data: bytes, tell: Callable[[str], None] = lambda _: None
) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets that have content: (``file [sheet]``, rows of text).

    Raises
    ------
    ExportError
        The file is a ZIP archive but no workbook, or damaged.
    """
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and validations that a table does not need
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [(sheet.title, _rows(file, sheet, tell)) for sheet in book.worksheets]
        except (KeyError, ValueError, OSError, SyntaxError, zipfile.BadZipFile) as error:
            raise ExportError("crm.not_a_table", file=file) from error
        book.close()
    named = [(title, rows) for title, rows in sheets if rows]
    if len(named) == 1:
        return [(file, named[0][1])]
    return [(f"{file} [{title}]", rows) for title, rows in named]


def _rows(file: str, sheet: Any, tell: Callable[[str], None]) -> list[list[str]]:
    sheet.reset_dimensions()  # some exporters write wrong ones
    rows = []
    for row in sheet.iter_rows(values_only=True):
        rows.append([_text(cell) for cell in row])
        if len(rows) % _TELL_EVERY == 0:
            tell(text("crm.tell_rows", file=file, rows=f"{len(rows):,}"))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(cell: object) -> str:
    """Return a cell as a CSV would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.strftime("%Y-%m-%d") if midnight else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
