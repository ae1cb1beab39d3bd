"""A workbook to send on: what it is on the first sheet, then one sheet a result, with charts.

Written with XlsxWriter, whose charts carry alternative text, a second axis and number formats;
openpyxl reads workbooks back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import numbers
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.charts.chart import INK, LIGHT
from ka_lib.display import as_frame
from ka_lib.errors import ParameterError
from ka_lib.export import native_charts
from ka_lib.export.columns import MOST_COLUMNS, MOST_ROWS, Field, fields
from ka_lib.export.cover import Entry, cover
from ka_lib.export.figures import figures
from ka_lib.export.files import ready, writing
from ka_lib.export.named import with_names
from ka_lib.labels import label
from ka_lib.language import current, text

if TYPE_CHECKING:
    from ka_lib.company import Company
    from ka_lib.export.native_charts import Graph

_HEAD = "#DCE9F3"
_MOST_NAME = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_FONTS = {"zh": "Microsoft YaHei", "en": "Calibri"}
_READ_ONLY_DAY = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day: the same data, the same file


def excel(  # noqa: PLR0913 - what a workbook says about itself, each by name
    path: str | Path,
    results: object,
    *,
    company: Company | None = None,
    as_of: str | pd.Timestamp | None = None,
    source: str = "",
    charts: Mapping[str, str | Graph] | str | None = None,
    exact: bool = False,
    replace: bool = False,
) -> Path:
    """Write results to a workbook that can be sent on as it is.

    Parameters
    ----------
    path : path
        Where to; ends in ``.xlsx``. Missing folders are made.
    results : DataFrame, Series, number, dataclass such as Rate, or mapping of str to these
        One result, or several by name: each table becomes a sheet of that name (the name of a
        table of ka_lib is shown in the reader's language), all single figures share one sheet.
    company : Company, optional
        Names accounts, reps and products beside their ids, and says on the first sheet whose
        figures these are and of which day.
    as_of : date, optional
        The day the figures describe. Default: the company's.
    source : str, optional
        Where they come from, for the first sheet. Default: the company's name.
    charts : str, mapping, optional
        Which chart a sheet gets: ``"bar"``, ``"column"``, ``"line"``, ``"pareto"`` or ``"none"``,
        for all sheets or by name. To choose columns:
        ``{"Sales": {"kind": "line", "x": "month", "y": ["sales", "target"]}}``; ``"line"`` adds
        a line on a second axis. Not given: a Pareto, a table over time or over codes is drawn.
    exact : bool
        Amounts in yuan. Otherwise columns of large amounts are in 万元 or CNY thousand, divided,
        not rounded; the header names the unit.
    replace : bool
        Take the place of a file that is there already.

    Returns
    -------
    Path
        Where the workbook stands.

    Raises
    ------
    ParameterError
        Something that is no result; another suffix; the file is there already or open in Excel;
        a sheet too large for Excel; a chart of columns that the sheet does not have.
    """
    place = Path(path)
    tables, singles = _sorted_out(results)
    sheets = _sheets(tables, singles, company, exact)
    graphs = _graphs(sheets, charts)
    ready(place, [".xlsx"], replace)
    day = pd.Timestamp(as_of) if as_of is not None else company.as_of if company else None
    with writing(place) as draft:
        _write(draft, sheets, graphs, cover(place.stem, day, source or _name(company)))
    return place


def _name(company: Company | None) -> str:
    return company.name if company is not None else ""


def _sorted_out(results: object) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Return the tables and the single figures, each by name."""
    named = results if isinstance(results, Mapping) else {"": results}
    tables: dict[str, pd.DataFrame] = {}
    singles: dict[str, object] = {}
    for key, result in named.items():
        name = str(key)
        if isinstance(result, (pd.DataFrame, pd.Series)):
            tables[name] = as_frame(result)
        elif _is_single(result):
            singles[name] = result
        else:
            raise ParameterError("export.not_a_result", given=type(result).__name__, name=name)
    if not named:
        raise ParameterError("export.nothing")
    return tables, singles


def _is_single(result: object) -> bool:
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return all(
            value is None or isinstance(value, (str, numbers.Number, dt.date, tuple, bool))
            for value in vars(result).values()
        )
    return result is None or isinstance(result, (str, numbers.Number, dt.date))


def _sheets(
    tables: dict[str, pd.DataFrame],
    singles: dict[str, object],
    company: Company | None,
    exact: bool,
) -> dict[str, tuple[str, list[Field]]]:
    """Return what stands on each sheet: given name -> (sheet's name, columns)."""
    taken = {text("export.about").casefold(), "history"}
    sheets = {}
    if singles:
        names = _sheet_name(text("export.figures"), taken)
        sheets["\0figures"] = (names, figures(singles, exact))
    for name, frame in tables.items():
        shown = label("table", name) if name else text("export.data")
        if len(frame) > MOST_ROWS or len(frame.columns) > MOST_COLUMNS:
            raise ParameterError("export.too_large", sheet=shown, rows=f"{len(frame):,}")
        full = frame if company is None else with_names(frame, company)
        sheets[name] = (_sheet_name(shown, taken), fields(full, exact))
    return sheets


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel takes and no other sheet has."""
    plain = _FORBIDDEN.sub(" ", name).strip().strip("'").strip() or text("export.data")
    unique, number = plain[:_MOST_NAME], 1
    while unique.casefold() in taken:
        number += 1
        end = f" {number}"
        unique = plain[: _MOST_NAME - len(end)] + end
    taken.add(unique.casefold())
    return unique


def _graphs(
    sheets: dict[str, tuple[str, list[Field]]], charts: Mapping[str, str | Graph] | str | None
) -> dict[str, native_charts.Plan | None]:
    if isinstance(charts, Mapping):
        for name in charts:
            if name not in sheets:
                found = text("show.comma").join(
                    name for name in sheets if not name.startswith("\0")
                )
                raise ParameterError("export.chart_sheet", given=name, found=found)
    plans: dict[str, native_charts.Plan | None] = {}
    for name, (shown, columns) in sheets.items():
        if name == "\0figures":
            continue
        asked = charts.get(name) if isinstance(charts, Mapping) else charts
        plans[shown] = native_charts.plan(columns, asked, shown)
    return plans


def _write(
    draft: Path,
    sheets: dict[str, tuple[str, list[Field]]],
    graphs: dict[str, native_charts.Plan | None],
    write_cover: Any,
) -> None:
    import xlsxwriter

    # Text stays text: a name that starts with = or @ is no formula, a link no link.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(draft), plain) as book:
        book.set_properties({"created": _READ_ONLY_DAY})
        font = {"font_name": _FONTS[current()], "font_size": 10, "valign": "vcenter"}
        book.formats[0].set_font_name(font["font_name"])
        book.formats[0].set_font_size(10)
        first = book.add_worksheet(text("export.about"))
        entries = []
        for shown, columns in sheets.values():
            sheet = book.add_worksheet(shown)
            _table(book, sheet, columns, font)
            drawn = graphs.get(shown)
            title = native_charts.insert(book, sheet, columns, drawn) if drawn else ""
            entries.append(Entry(shown, len(columns[0].cells) if columns else 0, title))
        write_cover(book, first, entries, font)


def _table(book: Any, sheet: Any, columns: list[Field], font: dict[str, Any]) -> None:
    """Write the columns with a header that stays in sight, a filter, and a page to print."""
    numeric = {"money", "rate", "number", "plain"}
    rows = max((len(column.cells) for column in columns), default=0)
    for at, column in enumerate(columns):
        side: dict[str, Any] = (
            {"align": "right"} if column.holds in numeric else {"align": "left", "indent": 1}
        )
        head = book.add_format(
            {**font, "bold": True, "bg_color": _HEAD, "font_color": INK, "bottom": 1}
            | {"bottom_color": LIGHT, "text_wrap": True, **side}
        )
        written = {column.number_format, *column.formats}
        bodies = {
            form: book.add_format({**font, **side, "num_format": form or "@"})
            for form in sorted(written)
        }
        sheet.set_column(at, at, column.width, bodies[column.number_format])
        sheet.write_string(0, at, column.header, head)
        formats = column.formats or [column.number_format] * len(column.cells)
        for row, (value, form) in enumerate(zip(column.cells, formats, strict=True), start=1):
            _write_cell(sheet, row, at, value, bodies[form])
    sheet.freeze_panes(1, 0)
    if columns and rows:
        sheet.autofilter(0, 0, rows, len(columns) - 1)
        # An id of digits is a text on purpose: no green corner.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{rows + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")


def _write_cell(sheet: Any, row: int, at: int, value: object, body: Any) -> None:
    if value is None:
        return
    if isinstance(value, dt.datetime):
        sheet.write_datetime(row, at, value, body)
    elif isinstance(value, float):
        sheet.write_number(row, at, value, body)
    else:
        sheet.write_string(row, at, str(value), body)
