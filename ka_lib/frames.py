"""What a metric asks of a frame before it counts: the columns are there, and these are filled.

Prevents a total that is silently too small: pandas leaves a row without an account out of a
group-by, and a blank amount out of a sum, without a word. And ways to add up and to count a million rows
by account quickly, with the same result in any order of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from ka_lib.errors import TableError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHOLE_IN_FLOAT = 2**53  # up to here every whole number has its own float


def need(frame: pd.DataFrame, table: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return just these columns, every cell filled, on a new index from 0.

    Parameters
    ----------
    frame : DataFrame
        A table as it was given to a metric; it is not changed.
    table : str
        What a message calls it: ``"orders"``.
    columns : sequence of str
        The columns that the metric works with.

    Returns
    -------
    DataFrame
        A copy. To work without incomplete rows, take them out before the call
        (``orders.dropna(subset=["account_id"])``), where the reader sees it.

    Raises
    ------
    TableError
        A column is missing, or a cell in it is blank: the message names the first such row
        (counted from 1, without the header) and how many more there are.
    """
    for name in columns:
        if name not in frame.columns:
            found = ", ".join(map(str, frame.columns))
            _refuse(table, text("tables.missing_column", column=name, found=found))
    needed = frame[list(columns)].reset_index(drop=True)
    for name in columns:
        blank = _blank_rows(needed[name])
        if len(blank):
            problem = text("tables.blank", row=int(blank[0]) + 1, column=name)
            if len(blank) > 1:
                problem += "\n" + text("tables.more", number=len(blank) - 1)
            _refuse(table, problem)
    return needed


def _blank_rows(values: pd.Series) -> pd.Index:
    """Return the rows without a value."""
    if values.dtype == "str" and infer_dtype(values.to_numpy(object), skipna=False) == "string":
        return values.index[:0]  # nothing but text: found out in half the time of isna
    return values.index[values.isna()]


def number_ids(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Give each id a number, in the order in which they first appear.

    Parameters
    ----------
    ids : Series
        Account or order ids.

    Returns
    -------
    (array of int, Index)
        The number of each row, -1 for a blank; and the id that belongs to each number. Grouping
        by numbers takes a fraction of the time that grouping by text takes.

    Examples
    --------
    >>> numbers, names = number_ids(pd.Series(["A7", "A2", "A7"]))
    >>> numbers.tolist(), names.tolist()
    ([0, 1, 0], ['A7', 'A2'])
    """
    # Plain Python strings: pandas' own text type would first look for blanks twice.
    numbers, names = pd.factorize(ids.to_numpy(object))
    return numbers, pd.Index(names, dtype=ids.dtype, name=ids.name)


def sum_by(numbers: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Add up values by number, to the same sums whatever the order of the rows.

    Parameters
    ----------
    numbers : array of int
        From `number_ids`; none is -1.
    values : array of float
        Yuan, none missing.
    count : int
        How many numbers there are.

    Returns
    -------
    array of float
        The sum of each number.

    Notes
    -----
    Floating-point sums depend on the order of the terms by a hair, enough to rank two equal
    accounts now so, now so. Amounts in whole fen are added as whole numbers, which is exact; any
    others from the smallest up.
    """
    fen = np.round(values * 100)
    if (fen / 100 == values).all() and np.abs(fen).sum() < _WHOLE_IN_FLOAT:
        return np.bincount(numbers, weights=fen, minlength=count) / 100
    order = np.argsort(values)
    return np.bincount(numbers[order], weights=values[order], minlength=count)


def distinct_by(numbers: np.ndarray, values: pd.Series, count: int) -> np.ndarray:
    """Count the different values of each number: the orders of an account, however many lines.

    Parameters
    ----------
    numbers : array of int
        From `number_ids`; rows with -1 are left out.
    values : Series
        What is counted: order ids, or days. Blank ones are left out.
    count : int
        How many numbers there are.

    Returns
    -------
    array of int
        The count of each number.
    """
    # The lines of an order mostly stand together: what repeats the row above needs no comparing.
    given = values.to_numpy(object if values.dtype == "str" else None)
    new = numbers >= 0
    new[1:] &= (given[1:] != given[:-1]) | (numbers[1:] != numbers[:-1])
    number, value = numbers[new], pd.factorize(given[new])[0]
    pairs = pd.unique(value[value >= 0] * count + number[value >= 0])
    return np.bincount(pairs % max(count, 1), minlength=count)


def unknown_ids(
    ids: pd.Series, known: pd.Series, table: str, column: str, other: str = "accounts"
) -> None:
    """Raise when an id is not one of the known ones.

    Parameters
    ----------
    ids, known : Series
        The ids that are used, in the order of their rows, and those there are.
    table, column, other : str
        Where the ids stand, and the table that should hold them: for the message.

    Raises
    ------
    TableError
        Names the first unknown id, its row, and how many more there are.
    """
    strange = ids.reset_index(drop=True)
    strange = strange[~strange.isin(known)]
    if strange.empty:
        return
    row, found = int(strange.index[0]) + 1, strange.iloc[0]
    problem = text("tables.unknown_id", row=row, column=column, found=found, other=other)
    if len(strange) > 1:
        problem += "\n" + text("tables.more", number=len(strange) - 1)
    _refuse(table, problem)


def no_duplicates(frame: pd.DataFrame, table: str, columns: Sequence[str]) -> None:
    """Raise when two rows agree in all of these columns.

    Raises
    ------
    TableError
        Names the second row and the first one it repeats.
    """
    keys = frame[list(columns)].reset_index(drop=True)
    repeated = keys.index[keys.duplicated()]
    if len(repeated):
        row = repeated[0]
        same = keys.groupby(list(columns), dropna=False).ngroup()
        first = same.index[same == same[row]][0]
        problem = text(
            "tables.duplicate",
            row=int(row) + 1,
            first=int(first) + 1,
            column=" + ".join(columns),
            found=" + ".join(map(str, keys.loc[row])),
        )
        _refuse(table, problem)


def _refuse(table: str, problem: str) -> None:
    raise TableError("tables.invalid", table=table, problems=f"- {problem}")
