"""The first sheet: what this is, of which day, from where, in which units, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ka_lib.language import text
from ka_lib.units import unit

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_GREY = "#6B6B6B"


class Entry(NamedTuple):
    """One line of the list of sheets."""

    sheet: str
    rows: int
    chart: str


def cover(
    title: str, as_of: pd.Timestamp | None, source: str
) -> Callable[[Any, Any, list[Entry], dict[str, Any]], None]:
    """Return what writes the first sheet, once the others are known."""

    def write(book: Any, sheet: Any, entries: list[Entry], font: dict[str, Any]) -> None:
        plain = book.add_format({**font, "text_wrap": True, "valign": "top"})
        quiet = book.add_format({**font, "font_color": _GREY, "valign": "top"})
        link = book.add_format({**font, "font_color": "#0563C1", "underline": 1, "valign": "top"})
        large = book.add_format({**font, "font_size": 16, "bold": True})
        right = book.add_format({**font, "num_format": "#,##0", "valign": "top"})
        drawn = book.add_format({**font, "valign": "top", "indent": 1})
        heads: dict[str, dict[str, Any]] = {
            "sheet": {},
            "rows": {"align": "right"},
            "chart": {"indent": 1},
        }
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, 70)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, title, large)
        unknown = text("export.not_stated")
        facts = (
            ("as_of", f"{as_of:%Y-%m-%d}" if as_of is not None else unknown),
            ("source", source or unknown),
            ("units", text("export.units_are", currency=unit(1))),
        )
        for row, (key, value) in enumerate(facts, start=2):
            sheet.write_string(row, 0, text(f"export.{key}"), quiet)
            sheet.merge_range(row, 1, row, 2, "", plain)
            sheet.write_string(row, 1, value, plain)
        sheet.set_row(4, 30)
        for at, (key, side) in enumerate(heads.items()):
            head = book.add_format({**font, "bold": True, "bottom": 1, **side})
            sheet.write_string(6, at, text(f"export.{key}"), head)
        for row, entry in enumerate(entries, start=7):
            quoted = entry.sheet.replace("'", "''")
            sheet.write_url(row, 0, f"internal:'{quoted}'!A1", link, entry.sheet)
            sheet.write_number(row, 1, entry.rows, right)
            sheet.write_string(row, 2, entry.chart, drawn)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    return write
