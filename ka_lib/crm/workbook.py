"""XLSX workbooks as rows of text, one table a sheet."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile

from ka_lib.errors import ExportError


def read_workbook(file: str, data: bytes) -> list[tuple[str, list[list[str]]]]:
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
            sheets = [(sheet.title, _rows(sheet)) for sheet in book.worksheets]
        except (KeyError, ValueError, OSError, SyntaxError, zipfile.BadZipFile) as error:
            raise ExportError("crm.not_a_table", file=file) from error
        book.close()
    named = [(title, rows) for title, rows in sheets if rows]
    if len(named) == 1:
        return [(file, named[0][1])]
    return [(f"{file} [{title}]", rows) for title, rows in named]


def _rows(sheet: object) -> list[list[str]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # some exporters write wrong ones
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
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
