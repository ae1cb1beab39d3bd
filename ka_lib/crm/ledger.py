"""The account of an import: every row set aside with its reason, every decision as a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.crm.files import Sheet

COLUMNS = ["file", "row", "table", "cause", "reason", "content"]
NAMED = 3  # examples that a note names


class Ledger:
    """Collects rows set aside and notes while an export is read."""

    def __init__(self) -> None:
        self.records: list[dict[str, object]] = []
        self.notes: list[str] = []
        self.currency = ""

    def note(self, key: str, **facts: object) -> None:
        """Add a sentence in the reader's language."""
        sentence = text(f"crm.note_{key}", **facts)  # type: ignore[arg-type]
        if sentence not in self.notes:
            self.notes.append(sentence)

    def leftovers(self, sheet: Sheet, table: str) -> None:
        """Set aside what stands below a table or runs beyond its header."""
        for cause, rows in (("footer", sheet.footer), ("ragged", sheet.ragged)):
            for row, content in rows:
                self._add(sheet.file, row, table, cause, content, text(f"crm.why_{cause}"))

    def set_aside(
        self,
        sheet: Sheet,
        table: str,
        rows: pd.Index,
        cause: str,
        facts: Sequence[dict[str, object]] | None = None,
    ) -> None:
        """Set rows of a sheet aside; ``facts`` fill the reason, one dict a row."""
        content = sheet.frame.loc[rows].to_numpy(dtype="object")
        for at, row in enumerate(rows):
            cells = " | ".join(cell for cell in map(str.strip, content[at]) if cell)
            reason = text(f"crm.why_{cause}", **(facts[at] if facts else {}))  # type: ignore[arg-type]
            self._add(sheet.file, int(row), table, cause, cells, reason)

    def _add(  # noqa: PLR0913, PLR0917 - one row of the account
        self, file: str, row: int, table: str, cause: str, content: str, reason: str
    ) -> None:
        values = (file, row, table, cause, reason, content)
        self.records.append(dict(zip(COLUMNS, values, strict=True)))

    def frame(self) -> pd.DataFrame:
        """Return the rows set aside, in file order."""
        frame = pd.DataFrame(self.records, columns=COLUMNS)
        return frame.sort_values(["file", "row"], kind="stable", ignore_index=True)


def examples(values: Sequence[object]) -> str:
    """Join a few values for a note: ``a, b, c …``."""
    shown = text("units.comma").join(map(str, values[:NAMED]))
    return shown + (" …" if len(values) > NAMED else "")
