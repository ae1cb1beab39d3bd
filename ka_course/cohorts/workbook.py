"""Excel workbooks as somebody would send them on: header in view, columns wide enough, text as text.

Prevents a learner's name or answer that starts with an equals sign from running as a formula.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ka_course.speech import width

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 60
HEADER_FILL = "DDE8F0"


def put(sheet: Any, row: int, column: int, value: Any, number_format: str = "") -> Any:
    """Write a value; text stays text whatever it starts with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
    if number_format:
        cell.number_format = number_format
    return cell


def header(sheet: Any, row: int, words: Sequence[str]) -> None:
    """Write a row of headers."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, word in enumerate(words, start=1):
        cell = put(sheet, row, column, word)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=HEADER_FILL)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def widen(sheet: Any, least: float = 6, most: float = WIDEST) -> None:
    """Make each column as wide as its longest line, within limits."""
    from openpyxl.utils import get_column_letter

    for place, cells in enumerate(sheet.iter_cols(), start=1):
        longest = max(
            (width(line) for cell in cells for line in str(cell.value or "").splitlines()),
            default=0,
        )
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(max(longest + 2, least), most)


def content(book: Any) -> bytes:
    """Return a workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
