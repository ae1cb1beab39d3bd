"""What a metric asks of a frame before it counts: the columns are there, and these are filled.

Prevents a total that is silently too small: pandas leaves a row without an account out of a
group-by, and a blank amount out of a sum, without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ka_lib.errors import TableError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


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
        blank = needed.index[needed[name].isna()]
        if len(blank):
            problem = text("tables.blank", row=int(blank[0]) + 1, column=name)
            if len(blank) > 1:
                problem += "\n" + text("tables.more", number=len(blank) - 1)
            _refuse(table, problem)
    return needed


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
