"""What hours bring: their share beside that of revenue, and gross profit an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, unknown_ids
from ka_lib.time_use.log import ends, pieces
from ka_lib.time_use.spent import tiers_by_account

if TYPE_CHECKING:
    from ka_lib.periods import Period

NAN = float("nan")


def time_and_revenue(
    time_log: pd.DataFrame,
    orders: pd.DataFrame,
    accounts: pd.DataFrame,
    period: Period,
    by: Literal["tier", "account_id"] = "tier",
) -> pd.DataFrame:
    """Set the share of hours beside the share of revenue, by tier or by account.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`. Take the same reps' hours as accounts' orders.
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    accounts : DataFrame
        ``account_id`` and ``tier``.
    period : (date, date)
        Half-open, for hours and orders alike.
    by : {"tier", "account_id"}
        One row for each.

    Returns
    -------
    DataFrame
        ``tier`` or ``account_id``, ``hours``, ``time_share`` (base: hours **for an account**,
        travel to it included; internal hours are left out, because they have no revenue),
        ``revenue`` (yuan) and ``revenue_share``. Accounts without a tier are a row with a blank
        tier. A share with an empty base is missing.

    Raises
    ------
    ParameterError
        Any other ``by``; an empty period.
    TableError
        A column is missing or blank; an account that ``accounts`` does not hold.
    """
    if by not in {"tier", "account_id"}:
        raise ParameterError("time_use.by", given=by, choices="tier, account_id")
    spent = pieces(time_log, "split", period).dropna(subset=["account_id"])
    tiers = tiers_by_account(spent, accounts)
    sold = _orders(orders, "amount", period)
    unknown_ids(sold["account_id"], tiers.index.to_series(), "orders", "account_id")
    by_account = pd.DataFrame(
        {
            "hours": spent.groupby("account_id")["hours"].sum(),
            "revenue": sold.groupby("account_id")["amount"].sum(),
        }
    ).rename_axis("account_id")
    table = by_account.astype("float64").fillna(0.0).reset_index()
    table["tier"] = table["account_id"].map(tiers)
    sums = table.groupby(by, dropna=False)[["hours", "revenue"]].sum().reset_index()
    for share, value in (("time_share", "hours"), ("revenue_share", "revenue")):
        total = sums[value].sum()
        sums[share] = sums[value] / total if total > 0 else NAN
    return sums[[by, "hours", "time_share", "revenue", "revenue_share"]]


def return_on_time(
    time_log: pd.DataFrame,
    orders: pd.DataFrame,
    period: Period,
    travel: Literal["included", "excluded"] = "included",
) -> pd.DataFrame:
    """Return what an hour earns at each account, and the median beside it.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`; overlapping time is shared equally.
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``gross_profit`` (yuan).
    period : (date, date)
        Half-open, for hours and orders alike.
    travel : {"included", "excluded"}
        Whether the way to the account counts as time for it. Default: it does.

    Returns
    -------
    DataFrame
        One row an account with hours or orders, the highest return first: ``account_id``,
        ``gross_profit`` (yuan), ``hours`` (as counted), ``travel_hours`` (in the log, counted or
        not), ``profit_per_hour`` (yuan; missing without hours) and ``median_per_hour`` of all
        accounts that have hours: a single giant account does not move it. Hours for no account
        are left out.

    Raises
    ------
    ParameterError
        Any other ``travel``; an empty period.
    TableError
        A column is missing or blank.
    """
    if travel not in {"included", "excluded"}:
        raise ParameterError("time_use.travel", given=travel)
    spent = pieces(time_log, "split", period).dropna(subset=["account_id"])
    on_the_way = spent["activity"] == "travel"
    counted = spent if travel == "included" else spent[~on_the_way]
    profit = _orders(orders, "gross_profit", period)
    table = pd.DataFrame(
        {
            "gross_profit": profit.groupby("account_id")["gross_profit"].sum(),
            "hours": counted.groupby("account_id")["hours"].sum(),
            "travel_hours": spent[on_the_way].groupby("account_id")["hours"].sum(),
        }
    ).astype("float64")
    table = table.fillna(0.0).rename_axis("account_id").reset_index()
    table["profit_per_hour"] = table["gross_profit"] / table["hours"].where(table["hours"] > 0)
    table["median_per_hour"] = table["profit_per_hour"].median() if len(table) else NAN
    return table.sort_values(
        ["profit_per_hour", "account_id"], ascending=[False, True], ignore_index=True
    )


def _orders(orders: pd.DataFrame, value: str, period: Period) -> pd.DataFrame:
    lines = need(orders, "orders", ["account_id", "ordered_on", value])
    first, last = ends(period)
    day = pd.to_datetime(lines["ordered_on"])
    return lines[(day >= first) & (day < last)]
