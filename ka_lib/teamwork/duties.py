"""RACI: exactly one department answers for an activity, and at least one does it.

Prevents the two ways in which nobody is in charge: no A at all, and two of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ka_lib.errors import TableError
from ka_lib.frames import need
from ka_lib.language import text

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("R", "A", "C", "I")


def raci_check(responsibilities: pd.DataFrame) -> pd.DataFrame:
    """Check a RACI table: exactly one A an activity, and at least one R.

    Parameters
    ----------
    responsibilities : DataFrame
        ``activity``, ``department``, ``role``: R (responsible: does it), A (accountable: answers
        for it), C (consulted), I (informed). One department may hold A and R.

    Returns
    -------
    DataFrame
        One row an activity, by name: ``activity``, ``accountable`` and ``responsible`` (how many
        departments) and ``problems``: codes joined by ", ", empty when all is well:
        ``no_accountable``, ``several_accountable`` (two who answer for it: nobody does),
        ``no_responsible``. A row that stands twice counts once.

    Raises
    ------
    TableError
        A column is missing, a cell blank, or a role is not one of the four.
    """
    rows = need(responsibilities, "responsibilities", ["activity", "department", "role"])
    strange = rows[~rows["role"].isin(ROLES)]
    if len(strange):
        row, found = int(strange.index[0]) + 1, strange["role"].iloc[0]
        problem = text("tables.code", row=row, column="role", found=found, codes=", ".join(ROLES))
        raise TableError("tables.invalid", table="responsibilities", problems=f"- {problem}")
    marks = rows.drop_duplicates()
    marks = marks.assign(accountable=marks["role"] == "A", responsible=marks["role"] == "R")
    counts = marks.groupby("activity")[["accountable", "responsible"]].sum().astype("int64")
    none, several = counts["accountable"] == 0, counts["accountable"] > 1
    found = (
        none.map({True: "no_accountable, ", False: ""}).astype("str")
        + several.map({True: "several_accountable, ", False: ""}).astype("str")
        + (counts["responsible"] == 0).map({True: "no_responsible, ", False: ""}).astype("str")
    )
    counts["problems"] = found.str.removesuffix(", ").astype("str")
    return counts.sort_index().reset_index()
