"""The folder that an import writes: tables, a report, a list of names to answer.

Prevents a folder that is half old and half new, and one whose other content is lost: everything is
made beside its place first, and a folder that holds anything else is refused.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_course import import_page
from ka_course.speech import CourseError, text
from ka_lib.labels import label
from ka_lib.tables import TABLES

if TYPE_CHECKING:
    from ka_lib.crm import Import

COMPANY, NAMES, REPORT = "company.csv", "names.csv", "report.csv"
OURS = {COMPANY, NAMES, REPORT, import_page.PAGE, *(f"{name}.csv" for name in TABLES)}
BOM = "utf-8-sig"  # Excel shows Chinese in a CSV only with it


def check(folder: Path, export: Path, names_given: bool) -> bool:
    """Say whether the folder holds an earlier import, which may be replaced.

    Raises
    ------
    CourseError
        The folder is a file, holds anything else, is the export's own, or its list of names has
        been answered and would be lost.
    """
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise CourseError("import.no_folder", folder=folder)
    if folder.resolve() in (export.resolve(), *export.resolve().parents[:1]):
        raise CourseError("import.own_folder", folder=folder)
    found = sorted(path.name for path in folder.iterdir())
    if not found:
        return False
    other = [name for name in found if name not in OURS]
    if other or not {COMPANY, REPORT, import_page.PAGE} <= set(found):
        shown = ", ".join((other or found)[:3])
        raise CourseError("import.other_content", folder=folder, found=shown)
    if not names_given and _answered(folder / NAMES):
        raise CourseError("import.answered", names=folder / NAMES)
    return True


def _answered(path: Path) -> bool:
    if not path.is_file():
        return False
    from ka_lib.crm.names import read_names

    return bool(read_names(path).answers)


def write(imported: Import, folder: Path, export: str, again: str) -> None:
    """Write everything beside the folder, then move it in; an earlier import goes.

    Parameters
    ----------
    imported : Import
    folder : Path
        Made when it is not there.
    export : str
        What the reader called the export.
    again : str
        The command of a second run that uses the answers in names.csv.

    Raises
    ------
    CourseError
        The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".ka-", dir=folder))
        try:
            _write_tables(imported, unfinished)
            _save(report(imported), unfinished / REPORT)
            names = imported.names_list()
            if len(names):
                _save(names, unfinished / NAMES)
            page = import_page.page(imported, folder, export, again)
            (unfinished / import_page.PAGE).write_text(page, encoding="utf-8", newline="\n")
            for name in OURS:
                (folder / name).unlink(missing_ok=True)
            for path in sorted(unfinished.iterdir()):
                path.replace(folder / path.name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise CourseError("import.cannot_write", path=folder, why=why) from failure


def _write_tables(imported: Import, folder: Path) -> None:
    company = imported.company
    about = {"name": company.name, "as_of": f"{company.as_of:%Y-%m-%d}"}
    _save(pd.DataFrame([about | {"currency": company.currency}]), folder / COMPANY)
    for name, frame in company.tables.items():
        _save(frame, folder / f"{name}.csv")


def _save(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding=BOM, date_format="%Y-%m-%d", lineterminator="\n")


def report(imported: Import) -> pd.DataFrame:
    """Return the whole account as one table to filter: what, file, row, column, and the text."""
    rows: list[dict[str, object]] = []

    def add(what: str, **facts: object) -> None:
        rows.append({"what": text(f"import.what_{what}")} | facts)

    for one in imported.files.to_dict("records"):
        used = label("table", one["table"]) if one["table"] else text("import.not_used")
        counted = text("import.counted", kept=one["kept"], set_aside=one["set_aside"])
        add("file", file=one["file"], rows=one["rows"], reason=used, content=counted)
    for one in imported.mapped.to_dict("records"):
        field = text(
            "import.field", table=label("table", one["table"]), field=label("column", one["field"])
        )
        add("mapped", file=one["file"], column=one["column"], reason=field, content=one["how"])
    for one in imported.unmapped.to_dict("records"):
        add("unmapped", **one)
    for one in imported.repaired.to_dict("records"):
        add("repaired", file=one["file"], column=one["column"], rows=one["rows"],
            reason=one["how"], content=one["example"])  # fmt: skip
    for one in imported.set_aside.to_dict("records"):
        add("set_aside", file=one["file"], row=one["row"], reason=one["reason"],
            content=one["content"])  # fmt: skip
    for one in imported.names.to_dict("records"):
        add("name", column=text(f"import.kind_{one['kind']}"), rows=one["rows"],
            reason=text(f"import.near_{one['why']}"),
            content=" → ".join(filter(None, (one["name"], one["nearest"]))))  # fmt: skip
    for note in import_page.notes(imported):
        add("note", content=note)
    columns = ["what", "file", "row", "column", "rows", "reason", "content"]
    frame = pd.DataFrame(rows, columns=columns)
    whole = ["row", "rows"]
    frame[whole] = frame[whole].astype("Int64")
    shown = dict.fromkeys(columns) | {"reason": "reason_or_use"}
    return frame.rename(
        columns={name: text(f"import.column_{shown[name] or name}") for name in columns}
    )
