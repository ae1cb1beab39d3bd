"""Who has not been seen for too long, against the standard of its tier.

Prevents a visit with three buyers counted as three visits, and an account that was never visited
missing from the list of those to visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ka_lib.periods import Day

STANDARD = {"A": 7, "B": 30, "C": 90}


def contact_gaps(
    activities: pd.DataFrame,
    accounts: pd.DataFrame,
    as_of: Day,
    standard: Mapping[str, int] | None = None,
    kinds: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Measure how long ago each account was last contacted, against its tier's standard.

    Parameters
    ----------
    activities : DataFrame
        ``activity_id``, ``account_id``, ``kind``, ``happened_on``: one row for each person who
        was there.
    accounts : DataFrame
        ``account_id`` and ``tier`` (may be blank).
    as_of : date
        The day to look from; later activities are not known yet.
    standard : mapping of str to int, optional
        Tier -> days between two contacts at most. Default: A 7, B 30, C 90.
    kinds : sequence of str, optional
        Which activities count, such as ``["visit"]``. Default: all.

    Returns
    -------
    DataFrame
        One row an account, the longest past its standard first, then those never contacted,
        then by id: ``account_id``, ``tier``, ``standard_days``, ``times`` (activities so far, each
        once, however many people attended), ``last_contact_on``, ``days_since``, ``over_days``
        (days since less standard; negative while there is time) and ``breach``: above 0, or never
        contacted at all. Missing without a tier.

    Raises
    ------
    TableError
        A column is missing, an id, kind or date is blank, or an account is unknown.
    ParameterError
        An account's tier has no standard, or a standard is not above 0.
    """
    days = dict(STANDARD if standard is None else standard)
    for tier, given in days.items():
        if not given > 0:
            raise ParameterError("relationship.standard", tier=tier, given=given)
    day = pd.Timestamp(as_of).normalize()
    table = need(accounts, "accounts", ["account_id"])
    no_duplicates(table, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["tier"])  # there, but its cells may be blank
    table["tier"] = accounts["tier"].to_numpy()
    for tier in table["tier"].dropna().drop_duplicates().sort_values():
        if tier not in days:
            raise ParameterError("relationship.no_standard", tier=tier, known=", ".join(days))
    rows = need(activities, "activities", ["activity_id", "account_id", "kind", "happened_on"])
    unknown_ids(rows["account_id"], table["account_id"], "activities", "account_id")
    seen = rows[rows["happened_on"].dt.normalize() <= day]
    if kinds is not None:
        seen = seen[seen["kind"].isin(kinds)]
    by_account = seen.groupby("account_id")
    index = table["account_id"]
    table["standard_days"] = table["tier"].map(days).astype("float64")
    times = by_account["activity_id"].nunique().reindex(index)
    table["times"] = times.fillna(0).astype("int64").to_numpy()
    last = by_account["happened_on"].max().dt.normalize().reindex(index)
    table["last_contact_on"] = last.astype("datetime64[s]").to_numpy()
    table["days_since"] = (day - table["last_contact_on"]).dt.days.astype("float64")
    table["over_days"] = table["days_since"] - table["standard_days"]
    breach = (table["over_days"] > 0) | table["last_contact_on"].isna()
    table["breach"] = breach.astype("boolean").mask(table["standard_days"].isna())
    return table.sort_values(
        ["over_days", "breach", "account_id"], ascending=[False, False, True], ignore_index=True
    )


def by_tier(gaps: pd.DataFrame) -> pd.DataFrame:
    """Sum contact gaps up by tier.

    Parameters
    ----------
    gaps : DataFrame
        From `contact_gaps`.

    Returns
    -------
    DataFrame
        One row a tier, A first: ``tier``, ``breaches``, ``base`` (accounts of the tier),
        ``rate`` = breaches / base, and ``median_days_since`` (those never contacted left out).
        Accounts without a tier are left out.
    """
    grouped = gaps.dropna(subset=["tier"]).groupby("tier")
    table = pd.DataFrame(
        {
            "breaches": grouped["breach"].sum().astype("int64"),
            "base": grouped.size().astype("int64"),
            "median_days_since": grouped["days_since"].median().astype("float64"),
        }
    )
    table.insert(2, "rate", table["breaches"] / table["base"])
    return table.sort_index().reset_index()
