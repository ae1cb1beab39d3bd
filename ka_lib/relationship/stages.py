"""Where an account stands in its life: to be developed, growing, mature or in decline.

Prevents two false alarms, a new account measured against months before it existed and a running
month against a full one; and one false comfort: an account that stopped buying, listed as one
still to be developed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib import profile
from ka_lib.errors import ParameterError
from ka_lib.frames import need
from ka_lib.periods import last_months

if TYPE_CHECKING:
    from ka_lib.periods import Day

NAN = float("nan")
MONTHS_A_YEAR = 12
_FEBRUARY = 2


def life_cycle(  # noqa: PLR0913 - each is a rule that the reader must see
    accounts: pd.DataFrame,
    orders: pd.DataFrame,
    as_of: Day,
    *,
    grows_from: float = 0.10,
    shrinks_from: float = 0.10,
    at_least_months: int = 3,
    lapsed_cycles: float = 3.0,
    lapsed_days: int = 90,
) -> pd.DataFrame:
    """Give each account its life-cycle stage by stated rules on recency, tenure and growth.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id`` and, where known, ``customer_since``: an account may be older than the
        orders we hold.
    orders : DataFrame
        ``order_id``, ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    as_of : date
        The last day the data covers, included. Later orders are not known yet.
    grows_from, shrinks_from : float
        Growth of at least this fraction is growth, a fall of at least this fraction decline.
    at_least_months : int
        With fewer months to compare, an account is too young to be judged by its growth.
    lapsed_cycles, lapsed_days : float
        An account has lapsed when its last purchase lies more than so many of its own purchase
        cycles **and** more than so many days back. Without a cycle (one purchase day), the days
        decide alone; so they do for all with ``lapsed_cycles=0``.

    Returns
    -------
    DataFrame
        One row an account, by id: ``account_id``, ``life_stage``, ``because``, ``first_order_on``,
        ``last_order_on``, ``recency_days``, ``cycle_days``, ``tenure_months`` (whole months since
        the first purchase or ``customer_since``), ``months_compared``, ``sales_now``,
        ``sales_before`` (yuan of these months, and of the same months a year earlier) and
        ``growth`` (their ratio less 1; missing when the earlier sales are not above 0).

        The first rule that holds decides:

        1. ``development``: never bought anything (``no_order``);
        2. ``decline``: stopped buying (``lapsed``): win it back or part well, do not prospect;
        3. ``growth``: too young to compare (``new``), or nothing bought in the earlier months
           (``returned``);
        4. ``growth`` from ``grows_from`` up (``growing``); ``decline`` from ``shrinks_from`` down
           (``shrinking``); else ``maturity`` (``steady``).

        Compared are at most 12 whole months that are over, and of a young account only those
        whose month a year earlier it was already a customer in from the first day. January and
        February come together or not at all.

    Raises
    ------
    TableError
        A column is missing, a cell blank, an account twice, or an order's account not there.
    ParameterError
        A rule is negative, or every order is dated after ``as_of``.

    Notes
    -----
    The limits are conventions of this course: set them to the pace of your trade.
    """
    rules = {
        "grows_from": grows_from,
        "shrinks_from": shrinks_from,
        "at_least_months": at_least_months,
        "lapsed_cycles": lapsed_cycles,
        "lapsed_days": lapsed_days,
    }
    for name, given in rules.items():
        if not given >= 0:
            raise ParameterError("relationship.rule", name=name, given=given)
    day = pd.Timestamp(as_of).normalize()
    cycle = profile.purchase_cycle(orders, day, accounts).set_index("account_id")
    table = cycle[["last_order_on", "cycle_days"]].copy()
    lines = need(orders, "orders", ["account_id", "ordered_on", "amount"])
    lines = lines[lines["ordered_on"].dt.normalize() <= day]
    bought = lines[lines["amount"] > 0]
    first = bought.groupby("account_id")["ordered_on"].min().dt.normalize()
    table.insert(0, "first_order_on", first.reindex(table.index).astype("datetime64[s]"))
    table.insert(2, "recency_days", (day - table["last_order_on"]).dt.days.astype("float64"))
    since = _since(accounts, table)
    table["tenure_months"] = _months_between(since, day)

    start, end = last_months(day, MONTHS_A_YEAR)
    data_from = lines["ordered_on"].min().to_period("M").start_time if len(lines) else start
    whole_from = _first_whole_month(since).clip(lower=data_from)
    compared_from = _keep_festival_whole(
        (whole_from + pd.DateOffset(years=1)).clip(lower=start, upper=end)
    )
    months = (end.year - compared_from.dt.year) * MONTHS_A_YEAR + end.month - compared_from.dt.month
    table["months_compared"] = months.fillna(0).astype("int64")
    table["sales_now"] = _sales(lines, compared_from, end)
    year_ago = end - pd.DateOffset(years=1)
    table["sales_before"] = _sales(lines, compared_from - pd.DateOffset(years=1), year_ago)
    base = table["sales_before"].where(table["sales_before"] > 0)
    table["growth"] = table["sales_now"] / base - 1

    limit = (table["cycle_days"] * lapsed_cycles).fillna(0).clip(lower=lapsed_days)
    growth = table["growth"].round(9)
    rule = np.select(
        [
            table["last_order_on"].isna(),
            table["recency_days"] > limit,
            table["months_compared"] < max(at_least_months, 1),
            growth.isna(),
            growth >= grows_from,
            growth <= -shrinks_from,
        ],
        ["no_order", "lapsed", "new", "returned", "growing", "shrinking"],
        "steady",
    )
    because = pd.Series(rule, index=table.index, dtype="str")
    stage = because.map(
        {"no_order": "development", "lapsed": "decline", "shrinking": "decline"}
        | {"new": "growth", "returned": "growth", "growing": "growth", "steady": "maturity"}
    )
    table.insert(0, "life_stage", stage.astype("str"))
    table.insert(1, "because", because)
    return table.reset_index()


def _since(accounts: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Return when each account became a customer: as it is on file, or by its first purchase."""
    on_file = accounts.reindex(columns=["account_id", "customer_since"]).set_index("account_id")
    since = pd.to_datetime(on_file["customer_since"]).reindex(table.index)
    both = pd.DataFrame({"on_file": since, "bought": table["first_order_on"]})
    earliest = both.min(axis="columns").where(table["first_order_on"].notna())
    return pd.to_datetime(earliest).dt.normalize()


def _months_between(since: pd.Series, day: pd.Timestamp) -> pd.Series:
    months = (day.year - since.dt.year) * MONTHS_A_YEAR + day.month - since.dt.month
    return (months - (since.dt.day > day.day)).clip(lower=0).astype("float64")


def _first_whole_month(days: pd.Series) -> pd.Series:
    month = days.dt.to_period("M").dt.start_time
    return month.where(days.dt.day == 1, month + pd.DateOffset(months=1))


def _keep_festival_whole(starts: pd.Series) -> pd.Series:
    """Begin in March instead of February: February without its January compares nothing."""
    return starts.where(starts.dt.month != _FEBRUARY, starts + pd.DateOffset(months=1))


def _sales(lines: pd.DataFrame, starts: pd.Series, end: pd.Timestamp) -> pd.Series:
    """Return each account's sales from its own start to the end; missing without a start."""
    since = starts.reindex(lines["account_id"]).to_numpy()
    inside = lines[(lines["ordered_on"] >= since) & (lines["ordered_on"] < end)]
    # Summed from the smallest up, so that the order of the rows does not matter to the cent.
    sums = inside.sort_values("amount").groupby("account_id")["amount"].sum()
    return sums.reindex(starts.index).astype("float64").fillna(0.0).where(starts.notna(), NAN)
