"""Promotions: what they sold on top, what that earned, and which fees are still to be claimed.

Prevents calling the whole promotion a success by its own weeks: part of what was sold would have
been sold anyway (the baseline), and part was only bought early (the dip afterwards).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

NAN = float("nan")
WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class Uplift:
    """What a promotion sold on top of its baseline, in units; ``rate`` is net / base.

    ``baseline`` is units a week; ``base`` is the baseline of the promotion's weeks; ``gross``
    what these weeks sold above it; ``dip`` what the weeks after fell short; ``net = gross - dip``.
    """

    rate: float
    net: float
    base: float
    baseline: float
    sold: float
    gross: float
    dip: float


@dataclass(frozen=True)
class Roi:
    """Return on a promotion, with the yuan of extra gross profit and of cost it comes from."""

    roi: float
    profit: float
    cost: float


def uplift(  # noqa: PLR0913 - each window of weeks is a choice that the caller must see
    sales: pd.DataFrame,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    *,
    baseline_weeks: int = 8,
    dip_weeks: int = 4,
    baseline: Literal["mean", "median"] = "mean",
) -> Uplift:
    """Measure what a promotion sold beyond what would have been sold anyway.

    Parameters
    ----------
    sales : DataFrame
        Sell-out of the promoted product: ``week`` (first day of the week), ``units``. Rows of one
        week (stores) are added up. A week without sales is a row with 0.
    start, end : date
        The promotion's first day and the first day after it: whole weeks.
    baseline_weeks : int
        How many weeks just before ``start`` make the baseline. Default 8.
    dip_weeks : int
        How many weeks from ``end`` count for pantry loading (customers live on what they bought
        cheaply). Default 4; 0 leaves the dip out.
    baseline : {"mean", "median"}
        Of the weeks before. The median bears an odd week better.

    Returns
    -------
    Uplift
        Units. A dip below zero (sales stayed higher afterwards) counts for the promotion. The
        rate is missing when the baseline is 0.

    Raises
    ------
    ParameterError
        A week of the three windows is not in the table (a dip that is not over yet has no
        result), or the dates do not fit its weeks.

    Notes
    -----
    Season, trend, the same product in other packs (cannibalisation) and other stores are left
    out: a baseline of weeks before supposes that nothing else changed. Where there are stores
    without the promotion, difference in differences says more.
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if first >= last:
        raise ParameterError("promotion.period", start=first.date(), end=last.date())
    if (last - first) % WEEK:
        raise ParameterError("promotion.whole_weeks", start=first.date(), end=last.date())
    for name, given, least in (("baseline_weeks", baseline_weeks, 1), ("dip_weeks", dip_weeks, 0)):
        if not given >= least or given % 1:
            raise ParameterError("promotion.weeks", name=name, given=given, least=least)
    if baseline not in {"mean", "median"}:
        raise ParameterError("promotion.method", given=baseline)
    rows = need(sales, "sales", ["week", "units"])
    check_columns(rows, "sales", ["units"])
    by_week = rows.groupby("week")["units"].sum().astype("float64")
    by_week.index = pd.DatetimeIndex(by_week.index)

    before = _weeks(by_week, first - baseline_weeks * WEEK, first)
    during = _weeks(by_week, first, last)
    after = _weeks(by_week, last, last + dip_weeks * WEEK)
    usual = float(before.mean() if baseline == "mean" else before.median())
    base, sold = usual * len(during), float(during.sum())
    gross, dip = sold - base, usual * len(after) - float(after.sum())
    net = gross - dip
    return Uplift(net / base if base else NAN, net, base, usual, sold, gross, dip)


def _weeks(by_week: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Return the weeks from start up to, not on, end; raise when one is not there."""
    inside = by_week[(by_week.index >= start) & (by_week.index < end)]
    shifted = inside.index[(inside.index - start) % WEEK != pd.Timedelta(0)]
    if len(shifted):
        raise ParameterError("promotion.week_start", found=shifted[0].date(), start=start.date())
    wanted = (end - start) // WEEK
    if len(inside) != wanted:
        raise ParameterError(
            "promotion.weeks_missing",
            start=start.date(),
            end=end.date(),
            wanted=wanted,
            found=len(inside),
        )
    return inside


def cost(units_sold: float, discount_per_unit: float = 0.0, fees: float = 0.0) -> float:
    """Return what a promotion cost: ``units_sold * discount_per_unit + fees``, yuan without VAT.

    Parameters
    ----------
    units_sold : float
        **All** units sold in the promotion: those that would have sold anyway got the discount too.
    discount_per_unit : float
        What the supplier gives a unit, yuan.
    fees : float
        Display, leaflet, promoters: yuan, each once.
    """
    check_not_negative(units_sold=units_sold, discount_per_unit=discount_per_unit, fees=fees)
    return units_sold * discount_per_unit + fees


def roi(
    net_units: float,
    profit_per_unit: float,
    cost: float,
    of: Literal["gross", "net"] = "gross",
) -> Roi:
    """Return the extra gross profit of a promotion over its cost.

    Parameters
    ----------
    net_units : float
        ``Uplift.net``: the dip already counted. Negative when the promotion lost sales.
    profit_per_unit : float
        Gross profit a unit at the **regular** price, yuan; the discount stands in ``cost``, once.
    cost : float
        From `cost`, yuan.
    of : {"gross", "net"}
        ``"gross"`` is profit / cost: above 1 it pays. ``"net"`` is (profit - cost) / cost:
        above 0 it pays. Say which one a report means. Default: gross.

    Returns
    -------
    Roi
        ``roi`` is missing when the promotion cost nothing.
    """
    if of not in {"gross", "net"}:
        raise ParameterError("promotion.net", given=of)
    check_not_negative(cost=cost)
    profit = net_units * profit_per_unit
    earned = profit if of == "gross" else profit - cost
    return Roi(earned / cost if cost else NAN, profit, cost)


def claims(accruals: pd.DataFrame, claims: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Set the claims that were settled against the fees that were accrued for them.

    Parameters
    ----------
    accruals : DataFrame
        One row a fee: ``fee_id``, ``account_id``, ``accrued_on``, ``amount`` (yuan).
    claims : DataFrame
        One row a settled claim: ``claim_id``, ``fee_id``, ``account_id``, ``settled_on``,
        ``amount`` (yuan). A fee may be settled in parts. VAT must be in both amounts or in
        neither.
    as_of : date
        What was accrued or settled after this day is not known yet.

    Returns
    -------
    DataFrame
        One row an account and fee, the largest ``open`` first: ``account_id``, ``fee_id``,
        ``accrued``, ``settled``, ``open`` (accrued, not yet settled), ``over`` (settled beyond
        the accrual), ``settled_rate`` (settled / accrued; missing without an accrual),
        ``days_open`` (since the accrual; missing when nothing is open) and ``claim_state``:
        ``open``, ``partly``, ``settled``, ``over`` or ``unaccrued``: a claim that nobody had
        booked is listed, never dropped.

    Raises
    ------
    TableError
        A column is missing or blank, a fee of an account or a claim stands twice, or an amount
        is negative.
    """
    day, fee = pd.Timestamp(as_of), ["account_id", "fee_id"]
    booked = need(accruals, "accruals", [*fee, "accrued_on", "amount"])
    paid = need(claims, "claims", ["claim_id", *fee, "settled_on", "amount"])
    no_duplicates(booked, "accruals", fee)
    no_duplicates(paid, "claims", ["claim_id"])
    check_columns(booked, "accruals", ["amount"])
    check_columns(paid, "claims", ["amount"])
    booked = booked.assign(accrued_on=pd.to_datetime(booked["accrued_on"]))
    paid_by_now = paid[pd.to_datetime(paid["settled_on"]) <= day]
    settled = paid_by_now.groupby(fee)["amount"].sum().rename("settled").reset_index()

    known = booked[booked["accrued_on"] <= day].rename(columns={"amount": "accrued"})
    table = known.merge(settled, on=fee, how="outer")
    amounts = ["accrued", "settled"]
    table[amounts] = table[amounts].astype("float64").fillna(0.0)
    # Sums of cents in binary: 0.1 + 0.2 is not 0.3, and must not leave a fee open.
    difference = (table["accrued"] - table["settled"]).round(2) + 0.0
    table["open"], table["over"] = difference.clip(lower=0), (-difference).clip(lower=0) + 0.0
    table["settled_rate"] = table["settled"] / table["accrued"].where(table["accrued"] > 0)
    days = (day - table["accrued_on"]).dt.days.astype("float64")
    table["days_open"] = days.where(table["open"] > 0)
    table["claim_state"] = "settled"
    table.loc[table["open"] > 0, "claim_state"] = "partly"
    table.loc[(table["open"] > 0) & (table["settled"] == 0), "claim_state"] = "open"
    table.loc[table["over"] > 0, "claim_state"] = "over"
    table.loc[table["accrued_on"].isna(), "claim_state"] = "unaccrued"
    ordered = table.sort_values(["open", *fee], ascending=[False, True, True], ignore_index=True)
    columns = [*fee, *amounts, "open", "over", "settled_rate", "days_open", "claim_state"]
    return ordered[columns]
