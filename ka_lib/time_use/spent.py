"""Hours added up by activity, account, tier, rep, day or week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.time_use.log import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.periods import Period

NAN = float("nan")
GROUPS = ("activity", "account_id", "rep_id", "tier", "day", "iso_week")


def hours(
    time_log: pd.DataFrame,
    by: str | Sequence[str] = "activity",
    *,
    period: Period | None = None,
    overlap: Literal["split", "first"] = "split",
    accounts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add up hours by activity, account, tier, rep, day or week.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.
    by : str or sequence of str
        ``"activity"``, ``"account_id"``, ``"tier"`` (needs ``accounts``), ``"rep_id"``, ``"day"``,
        ``"iso_week"``, or several of them.
    period, overlap
        As in `pieces`.
    accounts : DataFrame, optional
        Columns ``account_id`` and ``tier``.

    Returns
    -------
    DataFrame
        One row a group: the columns of ``by``, ``hours``, ``travel_hours`` (how many of them are
        the activity "travel": travel **is** included) and ``share`` of all hours counted. Work
        for no account, or for one without a tier, is a group with a blank name: nothing is left
        out.

    Raises
    ------
    ParameterError
        Any other ``by``; a tier without ``accounts``.
    TableError
        As in `pieces`; an account that ``accounts`` does not hold.
    """
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in GROUPS:
            raise ParameterError("time_use.by", given=name, choices=", ".join(GROUPS))
    table = pieces(time_log, overlap, period)
    if "tier" in names:
        table["tier"] = table["account_id"].map(tiers_by_account(table, accounts))
    if "iso_week" in names:
        table["iso_week"] = iso_week(table["day"])
    table["travel_hours"] = table["hours"].where(table["activity"] == "travel", 0.0)
    sums = table.groupby(names, dropna=False)[["hours", "travel_hours"]].sum().reset_index()
    total = sums["hours"].sum()
    return sums.assign(share=sums["hours"] / total if total > 0 else NAN)


def tiers_by_account(table: pd.DataFrame, accounts: pd.DataFrame | None) -> pd.Series:
    """Return the tier by account id, after a look whether every account is known."""
    if accounts is None:
        raise ParameterError("time_use.no_accounts")
    known = need(accounts, "accounts", ["account_id"])
    no_duplicates(known, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["tier"])
    used = table["account_id"].dropna()
    unknown_ids(used, known["account_id"], "time_log", "account_id")
    return pd.Series(accounts["tier"].to_numpy(), index=known["account_id"])


def iso_week(days: pd.Series) -> pd.Series:
    """Return the ISO week of each day, as ``"2025-W01"``.

    Parameters
    ----------
    days : Series of datetime
        A missing day has a missing week.

    Returns
    -------
    Series of str
        Weeks begin on Monday and belong to the year that holds their Thursday (ISO 8601), so
        that 30 December 2024 is in the first week of 2025.

    Examples
    --------
    >>> iso_week(pd.Series(pd.to_datetime(["2024-12-30", "2027-01-03"]))).tolist()
    ['2025-W01', '2026-W53']
    """
    parts = pd.to_datetime(days).dt.isocalendar()
    year, week = parts["year"].astype("str"), parts["week"].astype("str").str.zfill(2)
    return (year + "-W" + week).where(parts["year"].notna())
