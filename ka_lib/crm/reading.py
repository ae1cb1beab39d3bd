"""What every step of an import needs: the words, the dates, the names, and the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.crm.amounts import read_amounts
from ka_lib.crm.dates import read_dates
from ka_lib.crm.ledger import Ledger, examples, rows_of
from ka_lib.crm.names import NO_NAMES, Names
from ka_lib.crm.values import clean, different_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.vocabulary import Vocabulary

NAMED = {
    "account_name": "account",
    "parent_name": "account",
    "product": "product",
    "product_name": "product",
}
NAMED |= {"rep_name": "rep"}


def _silent(what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Reading:
    """One import under way.

    Parameters
    ----------
    words : Vocabulary
        The chosen system's names with those of plain sheets behind them.
    day_first : bool or None
        What 03/05/2025 means where a column leaves it open.
    names : Names
        Names that the reader said are one.
    tell : callable
        Is told what is being done, a short sentence at a time.
    """

    words: Vocabulary
    day_first: bool | None = None
    names: Names = NO_NAMES
    tell: Callable[[str], None] = _silent
    ledger: Ledger = field(default_factory=Ledger)
    currencies: set[str] = field(default_factory=set)

    def cells(self, mapping: Mapping) -> dict[str, pd.Series]:
        """Return each field's cleaned text; missing where blank. The index is the row number."""
        default = self.words.blanks["default"]
        read = {}
        for name, source in mapping.fields.items():
            written = mapping.sheet.frame[source.position]
            cleaned, blank = clean(written, self.words.blanks.get(name, default))
            if blank:
                rows = sum(rows for _, rows in blank)
                shown = examples([repr(word)[1:-1] for word, _ in blank])
                self.ledger.repair(mapping.sheet, source.header, "blank_word", rows, shown)
            read[name] = self.names.apply(NAMED[name], cleaned) if name in NAMED else cleaned
        return read

    def dates(self, mapping: Mapping, name: str, values: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Return a column of dates, and a mark where a value is none."""
        return self.dates_at(mapping, mapping.fields[name].position, values)

    def dates_at(
        self, mapping: Mapping, position: int, values: pd.Series
    ) -> tuple[pd.Series, pd.Series]:
        """Return the dates of the column at a position, and a mark where a value is none."""
        header = mapping.sheet.header[position]
        dates, unreadable, forms = read_dates(values, header, self.day_first)
        for how, rows, example in forms:
            self.ledger.repair(mapping.sheet, header, f"date_{how}", rows, example)
        return dates, unreadable

    def amounts(
        self, mapping: Mapping, name: str, values: pd.Series
    ) -> tuple[pd.Series, str, pd.Series]:
        """Return amounts in yuan, the currency the cells name, and a mark where a value is none."""
        source = mapping.fields[name]
        read = read_amounts(values, source.header, source.scale)
        for how, rows, example in read.forms:
            self.ledger.repair(mapping.sheet, source.header, f"amount_{how}", rows, example)
        return read.amounts, read.currency, read.unreadable

    def blanked(
        self, mapping: Mapping, name: str, values: pd.Series, unreadable: pd.Series
    ) -> None:
        """Say that values of a column that may be blank could not be read and count as blank."""
        if unreadable.any():
            found = examples(list(values[unreadable].unique()))
            column, rows = mapping.fields[name].header, int(unreadable.sum())
            self.ledger.note("values_blanked", column=column, rows=rows, found=found)

    def codes(
        self, mapping: Mapping, name: str, values: pd.Series, meaning: Callable[[str], str | None]
    ) -> pd.Series:
        """Return codes for words; a word nobody knows becomes missing and is reported."""
        places, different = different_values(values)
        found = np.array([meaning(str(one)) for one in different] + [None], dtype="object")
        unknown = np.array([one is None for one in found[:-1]], dtype="bool")
        if unknown.any():
            self.ledger.note(
                "unknown_code",
                column=mapping.fields[name].header,
                rows=rows_of(places, unknown),
                names=examples([f"“{different[at]}”" for at in unknown.nonzero()[0]]),
            )
        return pd.Series(found[places], index=values.index, dtype="object")
