"""Whose orders fall behind the same months of last year, and whether the shoppers went as well.

Prevents three false alarms: a new account without a last year, a running month against a full
one, and Spring Festival in January against Spring Festival in February.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, unknown_ids
from ka_lib.periods import last_months

if TYPE_CHECKING:
    from ka_lib.periods import Day

WEEK = pd.Timedelta(days=7)


def early_warning(  # noqa: PLR0913 - each is a rule that the reader must see
    orders: pd.DataFrame,
    as_of: Day,
    limit: float = 0.7,
    *,
    months: int = 3,
    sellout: pd.DataFrame | None = None,
    stores: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Flag accounts whose last months fall behind the same months last year.

    Parameters
    ----------
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    as_of : date
        The last day the data covers, included.
    limit : float
        Warn below this fraction of last year. Default 0.7.
    months : int
        How many whole months are compared. Default 3; January and February always stand together
        (`ka_lib.periods.last_months`).
    sellout, stores : DataFrame, optional
        ``week`` (its Monday), ``store_id``, ``units``; and ``store_id``, ``account_id``. Adds
        what the account's stores sold in the same weeks and 52 weeks before; only stores that
        report in both count.

    Returns
    -------
    DataFrame
        One row an account, the lowest ratio first: ``account_id``, ``from_on``, ``until_on``
        (first and last day compared), ``sales_now``, ``sales_before`` (yuan), ``ratio`` and
        ``warning`` (ratio below ``limit``; both missing when nothing was bought a year earlier);
        with sell-out also ``sellout_now``, ``sellout_before`` (units) and ``sellout_ratio``.
        An account whose first purchase came after the earlier months began is left out: it has
        no last year to compare with. One that bought nothing since is in, with a ratio of 0.

    Raises
    ------
    TableError
        A column is missing, a cell blank, or a store unknown.
    ParameterError
        ``limit`` is not above 0, the months are no whole number, or only one of ``sellout`` and
        ``stores`` is given.

    Notes
    -----
    Orders are sell-in. Orders that fall while sell-out holds mean full stock rooms, not shoppers
    that leave; both falling is the warning that counts.
    """
    if not limit > 0:
        raise ParameterError("relationship.limit", given=limit)
    if (sellout is None) != (stores is None):
        raise ParameterError("relationship.stores")
    start, end = last_months(as_of, months)
    lines = need(orders, "orders", ["account_id", "ordered_on", "amount"])
    a_year = pd.DateOffset(years=1)
    first = lines[lines["amount"] > 0].groupby("account_id")["ordered_on"].min().dt.normalize()
    old = first.index[first <= start - a_year]
    table = pd.DataFrame(index=pd.Index(old, name="account_id"))
    table["from_on"] = pd.Series(start, index=old, dtype="datetime64[s]")
    last = end - pd.Timedelta(days=1)
    table["until_on"] = pd.Series(last, index=old, dtype="datetime64[s]")
    table["sales_now"] = _between(lines, start, end, old)
    table["sales_before"] = _between(lines, start - a_year, end - a_year, old)
    base = table["sales_before"].where(table["sales_before"] > 0)
    table["ratio"] = table["sales_now"] / base
    table["warning"] = (table["ratio"].round(9) < limit).astype("boolean").mask(base.isna())
    if sellout is not None and stores is not None:
        table = table.join(_sellout(sellout, stores, start, end).reindex(old))
    return table.reset_index().sort_values(["ratio", "account_id"], ignore_index=True)


def _sellout(
    sellout: pd.DataFrame, stores: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Return what each account's stores sold in the whole weeks of a period and 52 weeks before."""
    rows = need(sellout, "sellout", ["week", "store_id", "units"])
    owner = need(stores, "stores", ["store_id", "account_id"]).set_index("store_id")["account_id"]
    unknown_ids(rows["store_id"], owner.index.to_series(), "sellout", "store_id", other="stores")
    monday = start + pd.Timedelta(days=-start.weekday() % 7)
    weeks = (end - monday) // WEEK
    columns = {}
    for name, back in (("sellout_now", 0), ("sellout_before", 52)):
        since = monday - back * WEEK
        inside = rows[(rows["week"] >= since) & (rows["week"] < since + weeks * WEEK)]
        columns[name] = inside.groupby("store_id")["units"].sum().astype("float64")
    by_store = pd.DataFrame(columns).dropna()
    table = by_store.groupby(owner.reindex(by_store.index)).sum().rename_axis("account_id")
    table["sellout_ratio"] = table["sellout_now"] / table["sellout_before"].where(
        table["sellout_before"] > 0
    )
    return table


def _between(
    lines: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, index: pd.Index
) -> pd.Series:
    inside = lines[(lines["ordered_on"] >= start) & (lines["ordered_on"] < end)]
    sums = inside.sort_values("amount").groupby("account_id")["amount"].sum()
    return sums.reindex(index).astype("float64").fillna(0.0)
