"""Who is in the cohort: a list as trainers keep it, checked row by row before anything is made.

Prevents the mark that lands on the wrong person: an id used twice, a name without an id, a file
in an encoding that turns every name into other signs.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEADERS = {
    "id": {
        "id",
        "学号",
        "工号",
        "员工号",
        "员工编号",
        "编号",
        "learnerid",
        "studentid",
        "employeeid",
    },
    "name": {"name", "fullname", "姓名", "名字", "学员", "学员姓名", "learner", "student"},
    "email": {"email", "mail", "邮箱", "电子邮箱", "邮件", "电子邮件", "邮箱地址"},
}
LARGEST = 5_000_000  # bytes: a roster of this size is another file
LONGEST_ID = 60
NOT_IN_IDS = re.compile(r"[^\w.\-]")  # an id is a folder's name on every system
RESERVED = {"con", "prn", "aux", "nul", *(f"{x}{n}" for x in ("com", "lpt") for n in range(1, 10))}


class Learner(NamedTuple):
    """One member of a cohort; ``id`` is a folder's name, ``name`` is what people call them."""

    id: str
    name: str
    email: str = ""


def plain(words: str) -> str:
    """Return words as they compare: full-width forms, case and spaces make no difference."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", words)).casefold()


def read_roster(path: Path) -> list[Learner]:
    """Read a roster.

    Parameters
    ----------
    path : Path
        CSV (UTF-8 with or without BOM, UTF-16 with BOM, GB18030; comma, semicolon or tab) or
        XLSX, with a row of headers (id, name, email; in Chinese or English), or a list of names.
        Without ids, the ids are made from the names: the same name gives the same id.

    Raises
    ------
    CourseError
        The file cannot be read, or rows have to be put right; all of them are named.
    """
    rows = [(number, cells) for number, cells in _rows(path) if any(cells)]
    if not rows:
        raise CourseError("cohort.roster_empty", path=path.name)
    places = _places(rows[0][1])
    if places:
        rows = rows[1:]
    elif max(len([cell for cell in cells if cell]) for _, cells in rows) == 1:
        places = {"name": next(place for place, cell in enumerate(rows[0][1]) if cell)}
    if "name" not in places and "id" not in places:
        found = ", ".join(cell for cell in rows[0][1] if cell)
        raise CourseError("cohort.roster_headers", path=path.name, found=found[:80])
    if not rows:
        raise CourseError("cohort.roster_empty", path=path.name)
    return _checked(rows, places, path.name)


def write_roster(path: Path, learners: Iterable[Learner]) -> None:
    """Write a roster that `read_roster` and Excel read."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["learner_id", "name", "email"])
        writer.writerows(learners)


def _places(cells: Sequence[str]) -> dict[str, int]:
    """Return which column holds what; empty when the row is no row of headers."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for what, names in HEADERS.items():
            if plain(cell) in names:
                found.setdefault(what, place)
    return found


def _checked(rows: list[tuple[int, list[str]]], places: dict[str, int], path: str) -> list[Learner]:
    learners: list[Learner] = []
    seen: dict[str, int] = {}
    faults = []

    def cell(cells: list[str], what: str) -> str:
        place = places.get(what, len(cells))
        return cells[place] if place < len(cells) else ""

    for number, cells in rows:
        name = cell(cells, "name") or ("" if "name" in places else cell(cells, "id"))
        own = cell(cells, "id") if "id" in places else id_from_name(name)
        if not name or not own:
            what = text("cohort.roster_no_name" if not name else "cohort.roster_no_id")
            faults.append(text("cohort.roster_row", row=number, what=what))
        elif NOT_IN_IDS.search(own) or own.strip(".").casefold() in RESERVED or own[0] in ".-":
            what = text("cohort.roster_bad_id", id=own[:LONGEST_ID])
            faults.append(text("cohort.roster_row", row=number, what=what))
        elif len(own) > LONGEST_ID:
            what = text("cohort.roster_long_id", id=own[:12], most=LONGEST_ID)
            faults.append(text("cohort.roster_row", row=number, what=what))
        elif own.casefold() in seen:
            key = "cohort.roster_twice" if "id" in places else "cohort.roster_same_name"
            what = text(key, id=own, name=name, row=seen[own.casefold()])
            faults.append(text("cohort.roster_row", row=number, what=what))
        else:
            seen[own.casefold()] = number
            learners.append(Learner(own, name, cell(cells, "email")))
    if faults:
        listed = text("cohort.roster_between").join(faults)
        raise CourseError("cohort.roster_faults", path=path, number=len(faults), faults=listed)
    return learners


def id_from_name(name: str) -> str:
    """Return the id of somebody who has only a name: the same name, fit for a folder."""
    folded = unicodedata.normalize("NFKC", name).strip().lower()
    return NOT_IN_IDS.sub("", re.sub(r"[\s·•.]+", "-", folded)).strip("-")[:LONGEST_ID]


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows with their numbers as the reader's program shows them."""
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError("cohort.roster_large", path=path.name)
        content = path.read_bytes()
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise CourseError("cohort.cannot_read", path=path, why=why) from failure
    if content.startswith(b"PK"):
        return _rows_of_workbook(content, path.name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # an old .xls, or a workbook with a password
        raise CourseError("cohort.roster_old_excel", path=path.name)
    lines = _decoded(content, path.name)
    first = next((line for line in lines.splitlines() if line.strip()), "")
    comma = max(",;\t，", key=first.count)
    lines = lines.replace("，", ",") if comma == "，" else lines
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter="," if comma == "，" else comma)
    try:
        return [(reader.line_num, [_words(cell) for cell in cells]) for cells in reader]
    except csv.Error as failure:
        raise CourseError("cohort.cannot_read", path=path.name, why=failure) from failure


def _rows_of_workbook(content: bytes, path: str) -> list[tuple[int, list[str]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = list(enumerate(sheet.iter_rows(values_only=True), start=1))
    except Exception as failure:  # openpyxl raises whatever its parsers raise
        raise CourseError("cohort.not_a_workbook", path=path) from failure
    return [(number, [_words(cell) for cell in cells]) for number, cells in rows]


def _decoded(content: bytes, path: str) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in words:
            return words
    raise CourseError("cohort.roster_encoding", path=path)


def _words(cell: Any) -> str:
    """Return a cell's text: a workbook turns an id such as 1001 into a number."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unicodedata.normalize("NFKC", str(cell)).split())
