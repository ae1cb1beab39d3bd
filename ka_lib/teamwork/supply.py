"""Deliveries on time and in full (准时足量交付率).

Prevents a delivery that never came from dropping out of the rate because it has no date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

if TYPE_CHECKING:
    from ka_lib.periods import Day

BY = ("account_id", "mode")


def otif(
    deliveries: pd.DataFrame, as_of: Day, by: Literal["account_id", "mode"] | None = "account_id"
) -> pd.DataFrame:
    """Return the share of deliveries that came on time and in full.

    Parameters
    ----------
    deliveries : DataFrame
        ``delivery_id``, ``promised_on``, ``delivered_on`` (blank: not yet), ``ordered_units``,
        ``delivered_units`` (blank: nothing) and the column named by ``by``.
    as_of : date
        What came after this day is not known yet.
    by : {"account_id", "mode"} or None
        What a row of the result is; None: one row for all deliveries.

    Returns
    -------
    DataFrame
        One row a group, the lowest rate first: the group, ``on_time`` (delivered on the promised
        day or before), ``in_full`` (at least what was ordered), ``count`` (both), ``base``
        (deliveries promised up to ``as_of``), ``rate`` = count / base, ``on_time_rate``,
        ``in_full_rate`` and ``undelivered`` (due, and not there: a failure in all three). What is
        promised for later is left out, even where it has come already. The two rates cannot be
        multiplied to get the third.

    Raises
    ------
    TableError
        A column is missing, a needed cell blank, a delivery twice, or units negative.
    ParameterError
        Another ``by``.
    """
    if by is not None and by not in BY:
        raise ParameterError("kpi.choice", given=by, choices=", ".join(BY))
    needed = ["delivery_id", "promised_on", "ordered_units", *([by] if by else [])]
    rows = need(deliveries, "deliveries", needed)
    no_duplicates(rows, "deliveries", ["delivery_id"])
    need(deliveries.head(0), "deliveries", ["delivered_on", "delivered_units"])
    rows["delivered_on"] = pd.to_datetime(deliveries["delivered_on"]).dt.normalize().to_numpy()
    rows["delivered_units"] = deliveries["delivered_units"].to_numpy("float64")
    check_columns(rows, "deliveries", ["ordered_units", "delivered_units"])
    day = pd.Timestamp(as_of).normalize()
    promised = rows["promised_on"].dt.normalize()
    here = rows["delivered_on"] <= day
    marks = pd.DataFrame(
        {
            "on_time": here & (rows["delivered_on"] <= promised),
            "in_full": here & (rows["delivered_units"] >= rows["ordered_units"]),
            "undelivered": ~here,
        }
    )
    marks.insert(2, "count", marks["on_time"] & marks["in_full"])
    due = promised <= day
    group = (rows[by] if by else pd.Series("", index=rows.index))[due]
    grouped = marks[due].groupby(group)
    table = grouped.sum().astype("int64")
    table.insert(3, "base", grouped.size().astype("int64"))
    table.insert(4, "rate", table["count"] / table["base"])
    table.insert(5, "on_time_rate", table["on_time"] / table["base"])
    table.insert(6, "in_full_rate", table["in_full"] / table["base"])
    if by is None:
        return table.reset_index(drop=True)
    return table.rename_axis(by).reset_index().sort_values(["rate", by], ignore_index=True)
