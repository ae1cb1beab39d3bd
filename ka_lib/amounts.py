"""What a calculation asks of its numbers: they are numbers, finite, and not below zero.

Prevents two figures that look right: a cost typed with a minus that *adds* to the profit, and a
blank or infinite amount that turns a whole total into nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError, TableError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_columns(frame: pd.DataFrame, table: str, columns: Sequence[str]) -> None:
    """Raise when one of these columns holds text, a negative or an infinite number.

    Parameters
    ----------
    frame : DataFrame
        From `ka_lib.frames.need`: rows are named by their place in it, counted from 1. Blank
        cells are not this function's business.
    table : str
        What the message calls the frame.
    columns : sequence of str
        Columns of amounts, quantities or rates.

    Raises
    ------
    TableError
        Names the column and the first row at fault.
    """
    for name in columns:
        column = frame[name]
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        # An empty table, or a column of blanks alone, has no type to speak of.
        if not numeric and column.notna().any():
            problem = text("tables.type", column=name, found=column.dtype)
            _refuse(table, problem + text("tables.type_number"))
        numbers = column.astype("float64").reset_index(drop=True)
        wrong = numbers.index[(numbers < 0) | (numbers == math.inf)]
        if len(wrong):
            found = column.iloc[wrong[0]]
            _refuse(table, text("amounts.row", row=int(wrong[0]) + 1, column=name, found=found))


def check_not_negative(**named: float) -> None:
    """Raise when one of these arguments is negative, missing or infinite.

    Raises
    ------
    ParameterError
        Names the argument and what was given.
    """
    for name, given in named.items():
        if not (math.isfinite(given) and given >= 0):
            raise ParameterError("amounts.negative", name=name, given=given)


def check_fraction(**named: float) -> None:
    """Raise when one of these arguments is not a fraction from 0 up to, but not, 1.

    Raises
    ------
    ParameterError
        Names the argument and what was given: 5 for 5 % is the usual slip.
    """
    for name, given in named.items():
        if not 0 <= given < 1:
            raise ParameterError("amounts.fraction", name=name, given=given)


def _refuse(table: str, problem: str) -> None:
    raise TableError("tables.invalid", table=table, problems=f"- {problem}")
