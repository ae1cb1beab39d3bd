"""A price war, account by account: what it cost, and what volume would have paid for it.

Prevents "we cut the price and sold more" from passing as a success: at a thin margin, volume has
to grow by much more than the price falls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from ka_lib.periods import Day, Period

_FIRST = 1


def price_war(
    orders: pd.DataFrame, before: Period, now: Period, as_of: Day, volume: str = "list_amount"
) -> pd.DataFrame:
    """Compare each account's price, volume and profit of two periods.

    Parameters
    ----------
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``amount``, ``gross_profit`` (yuan without VAT; returns
        negative) and the column named by ``volume``.
    before, now : (date, date)
        Two half-open periods of the same length; best the same months of two years, so that the
        season falls out.
    as_of : date
        The last day the data covers, included.
    volume : str
        What measures volume: ``"list_amount"`` (yuan at list prices, default: the only sum of
        unlike products that a discount does not move; list prices must not have changed), or a
        column of units.

    Returns
    -------
    DataFrame
        One row an account that bought in both periods, the largest loss first: ``account_id``,
        ``margin_before``, ``margin_now`` (gross profit / sales), ``volume_change`` (a fraction),
        ``volume_needed`` = (p0 - c0) / (p1 - c1) - 1, p and c being price and cost of a unit of
        volume before (0) and now (1): by how much volume had to change to earn the old profit
        (missing when a unit earns nothing any more: no volume makes up for it), ``net_effect`` =
        profit now - profit before (yuan), and what it is made of: ``price_effect`` = (p1 - p0) *
        V1, ``cost_effect`` = (c0 - c1) * V1, ``volume_effect`` = (V1 - V0) * (p0 - c0); the three
        sum to it. With unchanged costs ``volume_needed`` is d / (m - d)
        (`ka_lib.negotiation.breakeven_volume`). An account with sales or volume not above 0 in
        one period is left out: it has no price to compare.

    Raises
    ------
    TableError
        A column is missing or a needed cell blank.
    ParameterError
        A period is empty, the two overlap or differ in length, or ``now`` is not over yet.
    """
    first, second = _periods(before, now, as_of)
    columns = list(dict.fromkeys(["account_id", "ordered_on", "amount", "gross_profit", volume]))
    rows = need(orders, "orders", columns)
    was, is_now = (_sums(rows, span, volume) for span in (first, second))
    sold = [(sums["volume"] > 0) & (sums["amount"] > 0) for sums in (was, is_now)]
    both = was.index[sold[0]].intersection(is_now.index[sold[1]])
    was, is_now = was.loc[both], is_now.loc[both]
    price = [sums["amount"] / sums["volume"] for sums in (was, is_now)]
    profit = [sums["gross_profit"] / sums["volume"] for sums in (was, is_now)]
    cost = [one - other for one, other in zip(price, profit, strict=True)]
    more = is_now["volume"] - was["volume"]
    table = pd.DataFrame(index=both.rename("account_id"))
    table["margin_before"] = profit[0] / price[0]
    table["margin_now"] = profit[1] / price[1]
    table["volume_change"] = more / was["volume"]
    earns = profit[1] > 1e-9 * price[1]
    table["volume_needed"] = profit[0] / profit[1].where(earns) - 1
    table["price_effect"] = (price[1] - price[0]) * is_now["volume"]
    table["cost_effect"] = (cost[0] - cost[1]) * is_now["volume"]
    table["volume_effect"] = more * profit[0]
    table["net_effect"] = is_now["gross_profit"] - was["gross_profit"]
    keyed = table.astype("float64").reset_index().assign(cents=table["net_effect"].round(2).values)
    ordered = keyed.sort_values(["cents", "account_id"], ignore_index=True)
    return ordered.drop(columns="cents").astype({"account_id": "str"})


def _sums(rows: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], volume: str) -> pd.DataFrame:
    inside = rows[(rows["ordered_on"] >= span[0]) & (rows["ordered_on"] < span[1])]
    grouped = inside.sort_values(["amount", "gross_profit"]).groupby("account_id")
    sums = grouped[["amount", "gross_profit"]].sum().astype("float64")
    return sums.assign(volume=grouped[volume].sum().astype("float64"))


def _periods(
    before: Period, now: Period, as_of: Day
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], tuple[pd.Timestamp, pd.Timestamp]]:
    first, second = check_period(before), check_period(now)
    if first[1] > second[0]:
        raise ParameterError("kpi.overlap")
    if _length(first) != _length(second):
        spans = [" - ".join(str(day.date()) for day in span) for span in (first, second)]
        raise ParameterError("health.lengths", before=spans[0], now=spans[1])
    tomorrow = pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1)
    if tomorrow < second[1]:
        last = (second[1] - pd.Timedelta(days=1)).date()
        raise ParameterError("kpi.partial", as_of=pd.Timestamp(as_of).date(), last=last)
    return first, second


def _length(span: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[int, str]:
    """Return a length that a leap day or a short February does not change."""
    start, end = span
    if start.day == end.day == _FIRST:
        return (end.year - start.year) * 12 + end.month - start.month, "months"
    return (end - start).days, "days"
