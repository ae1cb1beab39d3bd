"""What each account bought so far, in one time unit: the ground of BG/NBD and Gamma-Gamma."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.clv.units import DAYS, check_unit
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from ka_lib.clv.units import Unit


def purchase_history(
    orders: pd.DataFrame, as_of: str | pd.Timestamp, unit: Unit, since: str | None = None
) -> pd.DataFrame:
    """Sum up each account's purchases for BG/NBD and Gamma-Gamma.

    Parameters
    ----------
    orders : DataFrame
        Columns ``account_id``, ``ordered_on``, ``amount`` (yuan), reaching back to each account's
        first order.
    as_of : date
        The last day the data covers, included; later orders are not known yet.
    unit : {"day", "week", "month", "quarter", "year"}
        The time unit, kept in the frame.
    since : date, optional
        Only accounts whose first order is on or after this day, when older first orders are lost.

    Returns
    -------
    DataFrame
        One row an account: ``account_id``; ``repeats`` (x of the papers: purchase days after the
        first), ``last_at`` (t_x, there called recency: the age at the last purchase, **not** the
        days since it, as in RFM), ``age`` (T: from the first purchase to ``as_of``),
        ``mean_amount`` (yuan a repeat purchase; missing without one), ``past_amount`` (yuan,
        first purchase included) and ``unit``. Orders of one day are one purchase; returns
        (amounts not above zero) are left out of all but ``past_amount``.

    Raises
    ------
    ParameterError
        The unit is unknown.
    """
    day = pd.Timestamp(as_of)
    known = orders[orders["ordered_on"] <= day]
    bought = known[known["amount"] > 0]
    daily = bought.groupby(["account_id", "ordered_on"], as_index=False)["amount"].sum()
    first = daily.groupby("account_id")["ordered_on"].transform("min")
    table = daily.groupby("account_id")["ordered_on"].agg(["min", "max", "size"])
    repeat = daily[daily["ordered_on"] > first].groupby("account_id")["amount"].mean()
    past = known.groupby("account_id")["amount"].sum()
    history = pd.DataFrame(
        {
            "repeats": table["size"] - 1,
            "last_at": (table["max"] - table["min"]).dt.days / DAYS[check_unit(unit)],
            "age": (day - table["min"]).dt.days / DAYS[unit],
            "mean_amount": repeat.reindex(table.index),
            "past_amount": past.reindex(table.index),
            "unit": unit,
        }
    )
    if since is not None:
        history = history[table["min"] >= pd.Timestamp(since)]
    return history.rename_axis("account_id").reset_index()


def checked_unit(history: pd.DataFrame, wanted: str | None = None) -> str:
    """Return the history's one unit; raise when there are two, another is wanted, or a row is impossible."""
    units = sorted(set(history["unit"])) or [wanted or ""]
    if len(units) > 1 or (wanted and units[0] != wanted):
        found = ", ".join(map(str, units))
        raise ParameterError("clv.units", found=found, wanted=wanted or units[0])
    impossible = (
        (history["repeats"] < 0)
        | (history["last_at"] < 0)
        | ~(history["last_at"] <= history["age"])
        | ((history["repeats"] == 0) & (history["last_at"] > 0))
    )
    if impossible.any():
        raise ParameterError("clv.history", count=int(impossible.sum()))
    return units[0]
