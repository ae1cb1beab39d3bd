"""The account of an import: every row set aside, every value mended, every decision as a note."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ka_lib.crm.files import Sheet

COLUMNS = ["file", "row", "table", "cause", "reason", "content"]
REPAIRED = ["file", "column", "how", "rows", "example"]
NAMED = 3  # examples that a note names


class Ledger:
    """Collects rows set aside, repairs and notes while an export is read."""

    def __init__(self) -> None:
        self.records: list[tuple[object, ...]] = []
        self.repairs: list[tuple[object, ...]] = []
        self.notes: list[str] = []
        self.currency = ""

    def note(self, key: str, **facts: object) -> None:
        """Add a sentence in the reader's language."""
        sentence = text(f"crm.note_{key}", **facts)  # type: ignore[arg-type]
        if sentence not in self.notes:
            self.notes.append(sentence)

    def repair(self, sheet: Sheet, column: str, how: str, rows: int, example: str) -> None:
        """Say that values of a column were read as something else than they say letter by letter.

        ``how`` is a message key ``crm.repair_<how>``; ``example`` one value, or ``a → b``.
        """
        if rows:
            record = (sheet.file, column, text(f"crm.repair_{how}"), rows, example)
            self.repairs.append(record)

    def leftovers(self, sheet: Sheet, table: str) -> None:
        """Set aside what stands below a table or runs beyond its header."""
        for cause, rows in (("footer", sheet.footer), ("ragged", sheet.ragged)):
            reason = text(f"crm.why_{cause}")
            self.records += [
                (sheet.file, row, table, cause, reason, content) for row, content in rows
            ]

    def set_aside(
        self,
        sheet: Sheet,
        table: str,
        rows: pd.Index,
        cause: str,
        facts: Sequence[dict[str, object]] | None = None,
    ) -> None:
        """Set rows of a sheet aside; ``facts`` fill the reason, one dict a row."""
        cells = sheet.frame.loc[rows].to_numpy(dtype="object")
        for at, row in enumerate(rows):
            reason = text(f"crm.why_{cause}", **(facts[at] if facts else {}))  # type: ignore[arg-type]
            self.records.append((sheet.file, int(row), table, cause, reason, as_written(cells[at])))

    def frame(self) -> pd.DataFrame:
        """Return the rows set aside, in file order."""
        frame = pd.DataFrame(self.records, columns=COLUMNS)
        return frame.sort_values(["file", "row"], kind="stable", ignore_index=True)

    def repaired(self) -> pd.DataFrame:
        """Return what was mended, a row a column and kind of repair."""
        return pd.DataFrame(self.repairs, columns=REPAIRED)


def as_written(cells: Iterable[object]) -> str:
    """Return the cells of a row as one line of CSV: every cell as it stood, blank ones too."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def examples(values: Sequence[object]) -> str:
    """Join a few values for a note: ``a, b, c …``."""
    different = list(dict.fromkeys(map(str, values)))
    shown = text("units.comma").join(different[:NAMED])
    return shown + (" …" if len(different) > NAMED else "")


def rows_of(codes: np.ndarray, chosen: np.ndarray) -> int:
    """Return how many rows hold one of the chosen different values."""
    return int(np.append(chosen, False)[codes].sum())
