"""CSV and XLSX files as they come out of a CRM: a header, rows of text, their row numbers.

Prevents an export that is read in the wrong encoding, from the wrong line, or cut off in silence.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.encodings import decode, starts_as_utf8
from ka_lib.crm.ledger import as_written
from ka_lib.crm.vocabulary import header_key, key
from ka_lib.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
LARGEST = 1_000_000_000  # bytes; beyond it a laptop runs out of memory
MOST_ROWS = 3_000_000
_HEAD = 200_000  # bytes that show what a file is
_HEADER_WITHIN = 30  # Salesforce puts up to a dozen lines above the header
_DELIMITERS = (",", ";", "\t", "|")
_CONTENT = re.compile(rb"[^\x00\r\n\t ,;\xef\xbb\xbf]")
_FOOTER = re.compile(
    r"^(grand )?totals?\b|^sum\b|^合计|^总计|^小计|^confidential\b|^copyright\b|©|^机密|^版权|"
    r"^generated (by|on)\b|^导出(时间|人)|^制表",
    re.IGNORECASE,
)
_FOOTER_CELLS = 2


@dataclass
class Sheet:
    """One table as text: columns numbered from 0, the index is the row number in the file."""

    file: str
    header: list[str]
    frame: pd.DataFrame
    footer: list[tuple[int, str]] = field(default_factory=list)  # row, content
    ragged: list[tuple[int, str]] = field(default_factory=list)  # more cells than the header
    blank_lines: int = 0
    encoding: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows with content stand below the header."""
        return len(self.frame) + len(self.footer) + len(self.ragged)


def find(path: Path) -> list[Path]:
    """Return the spreadsheets at a path: itself, or those in the folder, without lock files."""
    try:
        if not path.exists():
            raise ExportError("crm.not_found", path=path)
        if path.is_file():
            return [path]
        found = sorted(
            one
            for one in path.iterdir()
            if one.suffix.lower() in SUFFIXES
            and not one.name.startswith((".", "~$"))
            and one.is_file()
        )
    except PermissionError as error:
        raise ExportError("crm.locked", file=path.name) from error
    if not found:
        raise ExportError("crm.empty_folder", path=path)
    return found


def read(
    path: Path, known: Collection[str], tell: Callable[[str], None] = lambda _: None
) -> list[Sheet]:
    """Read one file.

    Parameters
    ----------
    path : Path
        A CSV (comma, semicolon, tab; UTF-8, UTF-16, GB18030) or XLSX file.
    known : collection of str
        Headers that the vocabularies know: the line that has most of them is the header.
    tell : callable, optional
        Is told how far a long workbook is read.

    Raises
    ------
    ExportError
        The file is too large, locked, empty, encrypted, an old .xls, or no spreadsheet at all.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ExportError("crm.huge", file=path.name, limit="1 GB")
        data = path.read_bytes()
    except PermissionError as error:
        raise ExportError("crm.locked", file=path.name) from error
    if not _CONTENT.search(data):
        raise ExportError("crm.empty", file=path.name)
    if data.startswith(b"PK\x03\x04"):
        from ka_lib.crm.workbook import read_workbook

        tables = read_workbook(path.name, data, tell)
        sheets = [_from_rows(name, rows, known) for name, rows in tables if rows]
    else:
        _refuse_other_formats(path.name, data)
        sheets = [_read_csv(path, data, known)]
    if not sheets:
        raise ExportError("crm.empty", file=path.name)
    for sheet in sheets:
        if sheet.rows > MOST_ROWS:
            raise ExportError("crm.huge", file=sheet.file, limit=f"{MOST_ROWS:,}")
    return [_without_blank_and_footer(sheet) for sheet in sheets]


def _refuse_other_formats(name: str, data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise ExportError("crm.encrypted" if locked else "crm.old_xls", file=name)
    if re.match(rb"\s*(<!doctype html|<html|<table|<\?xml)", data[:200].lower()):
        raise ExportError("crm.html", file=name)
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if data.startswith(b"%PDF") or (not utf16 and b"\x00\x00" in data[:4000]):
        raise ExportError("crm.not_a_table", file=name)


def _read_csv(path: Path, data: bytes, known: Collection[str]) -> Sheet:
    """Read a CSV: in UTF-8 straight from the disk, which is quickest, else as decoded."""
    if starts_as_utf8(data[:_HEAD]):
        try:
            head = data[:_HEAD].decode("utf-8-sig", errors="ignore")
            return _parse_csv(path.name, head, str(path), "utf-8", known)
        except UnicodeDecodeError:
            pass  # further down it is not UTF-8
    content, encoding = decode(path.name, data)
    return _parse_csv(path.name, content, io.BytesIO(content.encode()), encoding, known)


def _parse_csv(
    name: str, content: str, source: str | io.BytesIO, encoding: str, known: Collection[str]
) -> Sheet:
    header_at, delimiter, lines, header = _find_csv_header(name, content, known)
    width = len(header)
    ragged: list[tuple[int, str]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # else it cuts long rows
            # One column more than the header shows rows that have too many cells.
            frame = pd.read_csv(
                source,
                sep=delimiter,
                header=None,
                names=range(width + 1),
                index_col=False,
                skiprows=lines,
                dtype="object",
                keep_default_na=False,
                skip_blank_lines=False,
                encoding="utf-8",
            )
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame(columns=range(width + 1), dtype="object")
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        if isinstance(source, str):
            content = Path(source).read_text(encoding="utf-8-sig")
        frame = _read_ragged(name, content, delimiter, header_at, width)
    frame.index = pd.RangeIndex(header_at + 2, header_at + 2 + len(frame))
    too_long = frame[width] != ""
    if too_long.any():
        ragged = [
            (int(row), as_written(frame.loc[row])) for row in frame.index[too_long.to_numpy()]
        ]
        frame = frame[~too_long]
    return Sheet(name, header, frame[range(width)], ragged=ragged, encoding=encoding)


def _find_csv_header(
    name: str, content: str, known: Collection[str]
) -> tuple[int, str, int, list[str]]:
    """Return the header's record number, the delimiter, the lines up to it, and its cells."""
    head = content[:_HEAD]
    best: tuple[tuple[int, int], int, str, int, list[str]] | None = None
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=None), delimiter=delimiter)
        try:
            rows = []
            for row in reader:
                rows.append((row, reader.line_num))
                if len(rows) >= _HEADER_WITHIN:
                    break
        except csv.Error:
            pass  # further down; what came before shows the header
        if not rows:
            continue
        at = header_row([row for row, _ in rows], known)
        cells, line = rows[at]
        score = (_known(cells, known), len(cells))
        if best is None or score > best[0]:
            best = (score, at, delimiter, line, [cell.strip() for cell in cells])
    if best is None:
        raise ExportError("crm.broken_csv", file=name, row=1)
    return best[1:]


def header_row(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Return the position of the header: most known names, else the first row with content."""
    scores = [_known(row, known) for row in rows]
    if max(scores, default=0) > 0:
        return scores.index(max(scores))
    return next((at for at, row in enumerate(rows) if any(map(str.strip, row))), 0)


def _known(cells: Sequence[str], known: Collection[str]) -> int:
    return sum(key(cell) in known or header_key(cell)[0] in known for cell in cells if cell)


def _read_ragged(
    name: str, content: str, delimiter: str, header_at: int, width: int
) -> pd.DataFrame:
    """Read rows of any length, slowly; what is beyond the header goes into the last column."""
    reader = csv.reader(io.StringIO(content, newline=None), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rest = delimiter.join(row[width:])
            rows.append([*row[:width], *[""] * (width - len(row)), rest])
    except csv.Error as error:
        raise ExportError("crm.broken_csv", file=name, row=len(rows) + 1) from error
    return pd.DataFrame(rows[header_at + 1 :], columns=range(width + 1), dtype="object")


def _from_rows(name: str, rows: list[list[str]], known: Collection[str]) -> Sheet:
    at = header_row(rows[:_HEADER_WITHIN], known)
    width = max(len(row) for row in rows[at:])
    header = [cell.strip() for cell in rows[at]] + [""] * (width - len(rows[at]))
    padded = [row + [""] * (width - len(row)) for row in rows[at + 1 :]]
    frame = pd.DataFrame(padded, columns=range(width), dtype="object")
    frame.index = pd.RangeIndex(at + 2, at + 2 + len(frame))
    return Sheet(name, header, frame)


def _without_blank_and_footer(sheet: Sheet) -> Sheet:
    """Take out blank lines (counted) and the totals and notices below the last row."""
    frame = sheet.frame
    blank = frame.index
    for column in frame.columns:
        cells = frame.loc[blank, column] if len(blank) < len(frame) else frame[column]
        blank = blank[cells.isin(["", " "]).to_numpy()]
    sheet.blank_lines = len(blank)
    if len(blank):
        frame = frame.drop(index=blank)
    while len(frame):
        last = frame.iloc[-1]
        filled = [str(cell).strip() for cell in last if str(cell).strip()]
        alone = len(filled) == 1 and len(sheet.header) > _FOOTER_CELLS
        if not filled or not (_FOOTER.search(filled[0]) or (alone and len(filled[0]) > 40)):  # noqa: PLR2004 - a sentence, not a cell
            break
        sheet.footer.append((int(frame.index[-1]), as_written(last)))
        frame = frame.iloc[:-1]
    sheet.frame = frame
    return sheet
