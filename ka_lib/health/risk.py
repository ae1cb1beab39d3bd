"""Accounts that hang on one person, or on people of one level only.

Prevents a contact who left last year from passing for a second line to the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.frames import need, no_duplicates, unknown_ids

if TYPE_CHECKING:
    from ka_lib.periods import Day

_TWO = 2


def exposure(
    contacts: pd.DataFrame, accounts: pd.DataFrame, as_of: Day, orders: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say which accounts would be cut off by one resignation, and what they buy in a year.

    Parameters
    ----------
    contacts : DataFrame
        ``contact_id``, ``account_id``, ``level`` (may be blank) and, where known, ``known_since``
        and ``left_on``.
    accounts : DataFrame
        ``account_id``: each gets a row, also without a contact.
    as_of : date
        The day to look from. A contact counts from ``known_since`` on until the day before
        ``left_on``.
    orders : DataFrame, optional
        ``account_id``, ``ordered_on``, ``amount`` (yuan). For the yearly sales.

    Returns
    -------
    DataFrame
        One row an account, the exposed ones first, then by sales: ``account_id``, ``contacts``
        (active persons), ``levels`` (distinct levels known among them), ``single_contact`` (fewer
        than two persons), ``single_level`` (fewer than two levels), ``exposed`` (one of the two)
        and ``yearly_sales`` (yuan, net of returns, of the 12 months to ``as_of``; missing without
        ``orders``).

    Raises
    ------
    TableError
        A column is missing, an id blank, a contact twice, or an account unknown.
    """
    day = pd.Timestamp(as_of).normalize()
    table = need(accounts, "accounts", ["account_id"])
    no_duplicates(table, "accounts", ["account_id"])
    rows = need(contacts, "contacts", ["contact_id", "account_id"])
    no_duplicates(rows, "contacts", ["contact_id"])
    unknown_ids(rows["account_id"], table["account_id"], "contacts", "account_id")
    need(contacts.head(0), "contacts", ["level"])  # there, but its cells may be blank
    rows["level"] = contacts["level"].to_numpy()
    dates = contacts.reindex(columns=["known_since", "left_on"]).reset_index(drop=True)
    since, left = (pd.to_datetime(dates[name]) for name in ("known_since", "left_on"))
    active = rows[(since.isna() | (since <= day)) & (left.isna() | (left > day))]
    grouped = active.groupby("account_id")
    for name, counts in (("contacts", grouped.size()), ("levels", grouped["level"].nunique())):
        found = counts.reindex(table["account_id"]).fillna(0)
        table[name] = found.astype("int64").to_numpy()
    table["single_contact"] = table["contacts"] < _TWO
    table["single_level"] = table["levels"] < _TWO
    table["exposed"] = table["single_contact"] | table["single_level"]
    table["yearly_sales"] = float("nan")
    if orders is not None:
        lines = need(orders, "orders", ["account_id", "ordered_on", "amount"])
        unknown_ids(lines["account_id"], table["account_id"], "orders", "account_id")
        tomorrow = day + pd.Timedelta(days=1)
        when = lines["ordered_on"]
        year = lines[(when < tomorrow) & (when >= tomorrow - pd.DateOffset(years=1))]
        sums = year.sort_values("amount").groupby("account_id")["amount"].sum()
        sales = sums.reindex(table["account_id"]).astype("float64").fillna(0.0)
        table["yearly_sales"] = sales.to_numpy()
    return table.sort_values(
        ["exposed", "yearly_sales", "account_id"], ascending=[False, False, True], ignore_index=True
    )
