"""What an import gives back: the company, and an account of every row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.ledger import REPAIRED
from ka_lib.crm.names import NO_NAMES, OFFERS, Names, as_list
from ka_lib.language import text

if TYPE_CHECKING:
    from ka_lib.company import Company

_SHOWN = 5  # set-aside rows that the summary quotes


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns, dtype="object")


@dataclass(frozen=True)
class Import:
    """A CRM export as read.

    Parameters
    ----------
    company : Company
        The tables, valid by `ka_lib.validate.validate`.
    system : str
        Which vocabulary was used: ``"salesforce"``, ``"hubspot"``, ``"fxiaoke"``...
    files : DataFrame
        One row a file or sheet: file, table (blank: not used), rows, kept, set_aside.
        For each, rows = kept + set_aside.
    mapped : DataFrame
        One row a column that was used: file, column, table, field, how (the vocabulary).
    unmapped : DataFrame
        One row a column that was not: file, column, reason.
    set_aside : DataFrame
        One row a row that was not used: file, row (as a spreadsheet numbers it), table, cause,
        reason, content (the cells as they stood, as a line of CSV).
    notes : list of str
        What was decided, mended or cannot be known, in the reader's language.
    repaired : DataFrame
        One row a column and a way its values were written: file, column, how, rows, example.
    names : DataFrame
        Names that nearly match another or that no list has: kind, name, rows, nearest, why.
        Nothing was put together; see `names_list`.
    decided : Names
        What the reader had answered before.
    """

    company: Company
    system: str
    files: pd.DataFrame
    mapped: pd.DataFrame
    unmapped: pd.DataFrame
    set_aside: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    repaired: pd.DataFrame = field(default_factory=lambda: _empty(REPAIRED))
    names: pd.DataFrame = field(default_factory=lambda: _empty(OFFERS))
    decided: Names = NO_NAMES

    def names_list(self) -> pd.DataFrame:
        """Return the names offered as a list to answer, in the reader's language.

        Save it as CSV, write yes or no in its last column, and read the export again with
        ``names=`` that file.
        """
        return as_list(self.names, self.decided)

    def summary(self) -> str:
        """Return the import in a few lines for a person to read."""
        comma = text("units.comma")
        tables = comma.join(
            text("crm.summary_table", table=text(f"crm.table_{name}"), rows=len(frame))
            for name, frame in self.company.tables.items()
        )
        lines = [
            text("crm.summary", system=self.system, as_of=f"{self.company.as_of:%Y-%m-%d}"),
            tables,
            text("crm.summary_columns", mapped=len(self.mapped), unmapped=len(self.unmapped)),
        ]
        if len(self.unmapped):
            named = comma.join(self.unmapped["column"].astype("str").head(2 * _SHOWN))
            lines.append(text("crm.summary_unmapped", columns=named))
        lines.append(text("crm.summary_set_aside", rows=len(self.set_aside)))
        reasons = self.set_aside.groupby("cause").size().sort_values(ascending=False)
        for cause, rows in reasons.items():
            example = self.set_aside[self.set_aside["cause"] == cause].iloc[0]
            lines.append(
                text(
                    "crm.summary_reason",
                    rows=rows,
                    reason=example["reason"],
                    file=example["file"],
                    row=example["row"],
                )
            )
        lines.extend(f"- {note}" for note in self.notes)
        return "\n".join(lines)
