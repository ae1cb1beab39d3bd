"""The report of an import as one HTML page: for the person who has to trust the tables."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ka_course.report_page import LANGUAGE_TAGS, SHELL, STYLE
from ka_course.speech import text
from ka_lib import language
from ka_lib.labels import label
from ka_lib.language import text as ka_text
from ka_lib.review.sections import system_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from ka_lib.crm import Import

PAGE = "report.html"
_ROWS = 200  # rows set aside that the page shows; report.csv has them all
_LONG = 160  # signs of a row that the page shows
_NUMBERS = ("rows", "kept", "set_aside", "row")
_MORE_STYLE = """
main { max-width: 62rem; }
.sum { font-size: 1.05rem; }
td.text { overflow-wrap: anywhere; min-width: 11em; }
td.written { overflow-wrap: anywhere; color: #444; font-size: .85rem; min-width: 16em; }
code { background: #f3f3f3; padding: .1rem .3rem; overflow-wrap: anywhere; }
ul.notes { padding-left: 1.2rem; }
ul.notes li { margin: .35rem 0; }
"""


def outcome(imported: Import) -> str:
    """Return the import in one sentence: rows read, kept and set aside, as of which day."""
    used = imported.files[imported.files["table"] != ""]
    tables = text("import.comma").join(
        text("import.of_table", table=label("table", name), rows=f"{len(frame):,}")
        for name, frame in imported.company.tables.items()
        if len(frame)
    )
    return text(
        "import.outcome",
        system=system_name(imported.system).strip(),
        rows=f"{int(used['rows'].sum()):,}",
        kept=f"{int(used['kept'].sum()):,}",
        set_aside=f"{int(used['set_aside'].sum()):,}",
        tables=tables,
        day=f"{imported.company.as_of:%Y-%m-%d}",
        currency=imported.company.currency,
    )


def notes(imported: Import) -> list[str]:
    """Return the notes without the one on the day, which the first sentence names."""
    seen = ka_text("crm.note_as_of", day=f"{imported.company.as_of:%Y-%m-%d}")
    return [note for note in imported.notes if note != seen]


def page(imported: Import, folder: Path, export: str, again: str) -> str:
    """Return the page; ``again`` is the command of a second run with names answered."""
    title = text("import.title", name=imported.company.name)
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        f'<p class="ka-header">{html.escape(export)} → {html.escape(str(folder))}</p>',
        f'<p class="sum">{html.escape(outcome(imported))}</p>',
        _table(_files(imported), ("file", "use", "rows", "kept", "set_aside")),
        *_section("notes", _list(notes(imported))),
        *_section("names", _names(imported, again)),
        *_section("set_aside", _set_aside(imported)),
        *_section("repaired", _repaired(imported)),
        *_section("mapped", _mapped(imported)),
        *_section("unmapped", _unmapped(imported)),
        *_section("next", _next(folder)),
    ]
    return SHELL.format(
        lang=LANGUAGE_TAGS[language.current()],
        title=html.escape(title),
        style=STYLE.read_text(encoding="utf-8") + _MORE_STYLE,
        body="\n".join(parts),
    )


def _section(name: str, body: str) -> list[str]:
    return [f"<h2>{html.escape(text(f'import.head_{name}'))}</h2>", body] if body else []


def _paragraph(key: str, **facts: str | int) -> str:
    return f"<p>{html.escape(text(f'import.{key}', **facts))}</p>"  # type: ignore[arg-type]


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f'<ul class="notes">{items}</ul>' if items else ""


def _table(rows: Sequence[dict[str, object]], columns: Sequence[str]) -> str:
    """Return rows as a table; its headers are the messages ``import.column_<name>``."""
    if not rows:
        return ""
    head = "".join(
        f"<th{_side(name)}>{html.escape(text(f'import.column_{name}'))}</th>" for name in columns
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{_side(name)}>{_cell(row[name])}</td>" for name in columns)
        + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="ka-table"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _side(name: str) -> str:
    if name in _NUMBERS:
        return ' class="number"'
    if name in ("kind", "use"):
        return ' class="short"'
    return ' class="written"' if name == "content" else ' class="text"'


def _cell(value: object) -> str:
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    return html.escape(shown)


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _files(imported: Import) -> list[dict[str, object]]:
    return [
        row | {"use": label("table", row["table"]) if row["table"] else text("import.not_used")}
        for row in _records(imported.files)
    ]


def _names(imported: Import, again: str) -> str:
    if imported.names.empty:
        return ""
    shown = [
        row
        | {
            "kind": text(f"import.kind_{row['kind']}"),
            "why": text(f"import.near_{row['why']}"),
            "nearest": row["nearest"] or "—",
        }
        for row in _records(imported.names.head(_ROWS))
    ]
    return (
        _paragraph("names_how")
        + f"<p><code>{html.escape(again)}</code></p>"
        + _more(len(imported.names), "names.csv")
        + _table(shown, ("kind", "name", "rows", "nearest", "why"))
    )


def _more(rows: int, file: str) -> str:
    return _paragraph("more", shown=_ROWS, rows=f"{rows:,}", file=file) if rows > _ROWS else ""


def _set_aside(imported: Import) -> str:
    rows = imported.set_aside
    if rows.empty:
        return _paragraph("none_set_aside")
    by_cause = rows.groupby(["file", "cause"], sort=False)
    counted = by_cause.agg(such_as=("reason", "first"), rows=("row", "size")).reset_index()
    counted = counted.sort_values("rows", ascending=False, kind="stable")
    shown = [
        row | {"row": int(str(row["row"])), "content": _short(str(row["content"]))}
        for row in _records(rows.head(_ROWS))
    ]
    return (
        _paragraph("set_aside_how")
        + _table(_records(counted), ("file", "rows", "such_as"))
        + _more(len(rows), "report.csv")
        + _table(shown, ("file", "row", "reason", "content"))
    )


def _short(content: str) -> str:
    return content if len(content) <= _LONG else content[:_LONG] + " …"


def _repaired(imported: Import) -> str:
    shown = _records(imported.repaired.head(_ROWS))
    columns = ("file", "column", "how", "rows", "example")
    return _more(len(imported.repaired), "report.csv") + _table(shown, columns)


def _mapped(imported: Import) -> str:
    rows = [
        row
        | {
            "field": text(
                "import.field",
                table=label("table", row["table"]),
                field=_field(str(row["field"]), str(row["how"])),
            ),
            "vocabulary": system_name(str(row["how"])).strip(),
        }
        for row in _records(imported.mapped)
        if row["table"] in imported.company.tables
    ]
    return _table(rows, ("file", "column", "field"))


def _field(field: str, how: str) -> str:
    return (
        text("import.entered", stage=label("stage", field))
        if how == "entered"
        else label("column", field)
    )


def _unmapped(imported: Import) -> str:
    rows = _table(_records(imported.unmapped), ("file", "column", "reason"))
    return _paragraph("unmapped_how") + rows if rows else ""


def _next(folder: Path) -> str:
    code = f'company = ka.load(r"{folder}")'
    return _paragraph("next_how") + f"<p><code>{html.escape(code)}</code></p>"
