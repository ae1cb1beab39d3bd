"""Excel's own charts, drawn from the cells beside them, so that the reader can change both.

One chart a sheet at most, and only where the table says what it should be: a Pareto of running
shares, a line over time, bars over codes. Any other chart is asked for by name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict, get_args

from ka_lib.charts.chart import BLUE, GREY, LIGHT, ORANGE, RED, SKY
from ka_lib.errors import ParameterError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.export.columns import Field

Kind = Literal["bar", "column", "line", "pareto", "none"]
_TIMES = {"period", "month", "quarter", "year", "week", "day"}
_MOST_BARS = 20
_MOST_LINES = 4
_COLOURS = (BLUE, ORANGE, RED, SKY)
_DASHES = ("solid", "dash", "round_dot", "long_dash_dot")  # told apart in a black-and-white print
_WIDTH, _HEIGHT = 720, 400  # pixels
_BAR, _AROUND_BARS = 24, 120


class Graph(TypedDict, total=False):
    """A chart asked for: its kind, the column of its names, of its numbers, of its line."""

    kind: Kind
    x: str
    y: str | list[str]
    line: str


@dataclass(frozen=True)
class Plan:
    """A chart decided: which columns, by position, and over how many rows."""

    kind: Kind
    x: int
    ys: tuple[int, ...]
    line: int | None
    rows: int


def plan(columns: Sequence[Field], asked: str | Graph | None, sheet: str) -> Plan | None:
    """Decide on the chart of a sheet.

    Parameters
    ----------
    columns : sequence of Field
        Of the sheet.
    asked : str or Graph, optional
        What the caller wants; without it the columns decide, and mostly there is no chart.
    sheet : str
        For messages.

    Raises
    ------
    ParameterError
        A kind or a column that does not exist; no column of numbers to draw.
    """
    rows = len(columns[0].cells) if columns else 0
    wanted: Graph = {"kind": asked} if isinstance(asked, str) else dict(asked or {})  # type: ignore[assignment,typeddict-item]
    kind = wanted.get("kind") or _obvious(columns)
    if kind not in get_args(Kind):
        kinds = text("export.or").join(f'"{one}"' for one in get_args(Kind))
        raise ParameterError("export.chart_kind", sheet=sheet, given=kind, kinds=kinds)
    if kind == "none" or rows == 0:
        return None
    x = _position(columns, wanted["x"], sheet) if "x" in wanted else _names(columns)
    ys = wanted.get("y")
    if ys is None:
        drawn = _numbers(columns, many=kind == "line")
    else:
        drawn = tuple(_position(columns, y, sheet) for y in ([ys] if isinstance(ys, str) else ys))
    line = wanted.get("line") or ("cumulative_share" if kind == "pareto" else None)
    over = None if line is None else _position(columns, line, sheet)
    if not drawn or any(columns[i].holds in ("code", "date", "text", "truth") for i in drawn):
        raise ParameterError("export.no_numbers", sheet=sheet)
    return Plan(kind, x, drawn, over, min(rows, _MOST_BARS) if kind == "bar" else rows)


def _obvious(columns: Sequence[Field]) -> Kind:
    names = [column.name for column in columns]
    if not _numbers(columns) or len(columns[0].cells) < 2:  # noqa: PLR2004 - one is no comparison
        return "none"
    if "cumulative_share" in names and "value" in names:
        return "pareto"
    first = columns[0]
    if len(set(first.cells)) < len(first.cells):
        return "none"
    if first.holds == "date" or first.name in _TIMES:
        return "line"
    return "bar" if first.holds == "code" else "none"


def _names(columns: Sequence[Field]) -> int:
    """Return the column whose values name the bars or points."""
    words = [i for i, one in enumerate(columns) if one.holds in ("text", "code", "date", "plain")]
    called = [i for i in words if columns[i].name.endswith("_name")]
    return next(iter([*called, *words]), 0)


def _numbers(columns: Sequence[Field], many: bool = False) -> tuple[int, ...]:
    """Return the first column worth drawing; with ``many`` the next ones in the same unit too."""
    left_out = {"rank", *_TIMES}
    found = [
        i
        for i, one in enumerate(columns)
        if one.holds in ("money", "number", "rate") and one.name not in left_out
    ]
    money = [i for i in found if columns[i].holds == "money"]
    first = (money or found)[:1]
    if not first or not many:
        return tuple(first)
    like = columns[first[0]]
    same = [i for i in found if (columns[i].holds, columns[i].unit) == (like.holds, like.unit)]
    return tuple(same[:_MOST_LINES])


def _position(columns: Sequence[Field], name: str, sheet: str) -> int:
    names = [column.name for column in columns]
    if name not in names:
        found = ", ".join(names)
        raise ParameterError("export.chart_column", sheet=sheet, given=name, found=found)
    return names.index(name)


def insert(book: Any, sheet: Any, columns: Sequence[Field], drawn: Plan) -> str:
    """Put a chart to the right of the table; return its title."""
    form = "column" if drawn.kind == "pareto" else drawn.kind
    chart = book.add_chart({"type": form})
    for order, y in enumerate(drawn.ys):
        chart.add_series(_series(sheet, columns, drawn, y, form, order))
    if drawn.line is not None:
        over = book.add_chart({"type": "line"})
        curve = _series(sheet, columns, drawn, drawn.line, "line", 0)
        curve["line"] = {"color": ORANGE, "width": 2.25}
        over.add_series({**curve, "y2_axis": True})
        axis = {"num_format": "0%", "min": 0, "max": 1} if drawn.kind == "pareto" else {}
        over.set_y2_axis({"name": columns[drawn.line].header, "major_gridlines": {}, **axis})
        chart.combine(over)
    title = _title(columns, drawn)
    _dress(chart, columns, drawn, title)
    bars = drawn.rows * len(drawn.ys) * _BAR + _AROUND_BARS if drawn.kind == "bar" else _HEIGHT
    words = _words(columns, drawn, title)
    sheet.insert_chart(
        1, len(columns) + 1, chart, {"description": words, "x_offset": 4, "y_offset": 4}
    )
    chart.set_size({"width": _WIDTH, "height": max(bars, 260)})
    return title


def _series(  # noqa: PLR0913, PLR0917 - one dictionary of XlsxWriter, put together in one place
    sheet: Any, columns: Sequence[Field], drawn: Plan, y: int, form: str, order: int
) -> dict[str, Any]:
    name, last = sheet.get_name(), drawn.rows
    colour = _COLOURS[order % len(_COLOURS)]
    series: dict[str, Any] = {
        "name": [name, 0, y],
        "categories": [name, 1, drawn.x, last, drawn.x],
        "values": [name, 1, y, last, y],
    }
    if form == "line":
        series["line"] = {"color": colour, "width": 2.25, "dash_type": _DASHES[order % 4]}
        if last <= _MOST_BARS:
            series["marker"] = {"type": "automatic"}
        return series
    series |= {"fill": {"color": colour}, "gap": 60}
    if last <= _MOST_BARS and drawn.kind in ("bar", "column") and len(drawn.ys) == 1:
        series["data_labels"] = {"value": True, "num_format": columns[y].number_format}
    return series


def _dress(chart: Any, columns: Sequence[Field], drawn: Plan, title: str) -> None:
    """Write title and axes, lightly."""
    first = columns[drawn.ys[0]]
    chart.set_title({"name": title, "name_font": {"size": 13, "bold": True}, "overlay": False})
    names: dict[str, Any] = {"num_font": {"color": GREY}, "line": {"color": LIGHT}}
    if columns[drawn.x].holds == "date":
        names |= {"date_axis": True, "num_format": "yyyy-mm"}
    numbers: dict[str, Any] = {
        "num_format": "0%" if first.holds == "rate" else "#,##0",
        "num_font": {"color": GREY},
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": LIGHT, "width": 0.5}},
    }
    if drawn.kind != "bar":
        numbers["name"] = first.header
    if drawn.kind == "bar":
        # The first row on top, as in the table.
        chart.set_y_axis({**names, "reverse": True, "major_gridlines": {"visible": False}})
        chart.set_x_axis({**numbers, "num_font": {"color": GREY}, "label_position": "high"})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(numbers)
    several = len(drawn.ys) > 1 or drawn.line is not None
    chart.set_legend({"position": "bottom"} if several else {"none": True})


def _title(columns: Sequence[Field], drawn: Plan) -> str:
    y = text("show.comma").join(columns[i].header for i in drawn.ys)
    x = columns[drawn.x].header
    if drawn.line is not None:
        return text("export.title_over", y=y, line=columns[drawn.line].header, x=x)
    return text("export.title", y=y, x=x)


def _words(columns: Sequence[Field], drawn: Plan, title: str) -> str:
    """Return the alternative text: what is drawn, how many, and which is largest."""
    y, names = columns[drawn.ys[0]], columns[drawn.x]
    known = [(value, at) for at, value in enumerate(y.cells[: drawn.rows]) if value is not None]
    if not known:
        return title
    largest, at = max(known, key=lambda one: float(str(one[0])))
    shown = f"{largest:.1%}" if y.holds == "rate" else f"{largest:,.1f}".removesuffix(".0")
    name = names.cells[at]
    day = "%Y-%m" if names.number_format == "yyyy-mm" else "%Y-%m-%d"
    named = name.strftime(day) if isinstance(name, dt.datetime) else name
    return text("export.alt", title=title, count=drawn.rows, name=named, value=shown)
