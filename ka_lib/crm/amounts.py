"""A column of amounts as a CRM wrote it: yuan out, with an account of what was not plain.

Prevents 12 (万元) that is added to 120,000 (yuan), and a second unit of a header applied twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from ka_lib.crm.ledger import rows_of
from ka_lib.crm.values import different_values
from ka_lib.units import read_money

_PLAIN = re.compile(r"[0-9.\n-]*")


class Amounts(NamedTuple):
    """Yuan (NaN where blank or unreadable), the cells' currency, marks, and repairs."""

    amounts: pd.Series
    currency: str
    unreadable: pd.Series
    forms: list[tuple[str, int, str]]  # how it was written, rows, example


def read_amounts(values: pd.Series, header: str, scale: float) -> Amounts:
    """Read a column of amounts.

    Parameters
    ----------
    values : Series of text
        Missing where the cell is blank.
    header : str
        How an error names the column.
    scale : float
        Yuan of one unit of the header: 10,000 for 金额（万元）. A cell that says 万 itself is
        not scaled by the header once more.

    Raises
    ------
    TableError
        Two currencies stand in one column.
    """
    codes, written = different_values(values)
    plain = _plain_numbers(written)
    if plain is None:
        numbers, currency, own = read_money(pd.Series(written, dtype="object"), header)
        numbers, own = numbers.to_numpy(), own.to_numpy()
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    else:
        numbers, currency, own = plain, "", np.zeros(len(plain), dtype="bool")
    forms = []
    if plain is None:
        forms = _forms(codes, written, numbers, own)
    if scale != 1:
        scaled = ~own & ~np.isnan(numbers)
        numbers = np.where(own, numbers, (numbers * scale).round(2))
        if scaled.any():
            at = scaled.argmax()
            example = f"{written[at]} → {numbers[at]:,.0f}"
            forms.append(("header_unit", rows_of(codes, scaled), example))
    amounts = pd.Series(np.append(numbers, np.nan)[codes], index=values.index)
    unreadable = np.append(np.isnan(numbers), False)[codes]
    return Amounts(amounts, currency, pd.Series(unreadable, index=values.index), forms)


def _plain_numbers(written: np.ndarray) -> np.ndarray | None:
    """Return floats where every value is digits, point and minus; None where one is not."""
    if not _PLAIN.fullmatch("\n".join(written)):
        return None
    try:
        return written.astype("float64")
    except ValueError:
        return None


def _forms(
    codes: np.ndarray, written: np.ndarray, numbers: np.ndarray, own: np.ndarray
) -> list[tuple[str, int, str]]:
    """Count amounts that were written with a unit, or with signs around the digits."""
    odd = pd.to_numeric(pd.Series(written, dtype="object"), errors="coerce").isna().to_numpy()
    read = ~np.isnan(numbers)
    forms = []
    for how, where in (("unit", own & read), ("signs", odd & read & ~own)):
        if where.any():
            at = where.argmax()
            example = f"{written[at]} → {numbers[at]:,.2f}".removesuffix(".00")
            forms.append((how, rows_of(codes, where), example))
    return forms
