"""Who stayed, who left, who bought more: retention by customers and by revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import number_ids, sum_by
from ka_lib.kpi.shares import share
from ka_lib.kpi.spans import check_complete, inside, same_length
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from ka_lib.funnel.figures import Rate
    from ka_lib.kpi.spans import Span
    from ka_lib.periods import Day, Period


def movements(orders: pd.DataFrame, before: Period, now: Period, *, as_of: Day) -> pd.DataFrame:
    """Follow every account's revenue from one period to the next: the ground of all retention.

    Parameters
    ----------
    orders : DataFrame
        Columns ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    before, now : (date, date)
        Two half-open periods of equal length, so (start, end) without the end day.
    as_of : date
        The last day the data covers, included.

    Returns
    -------
    DataFrame
        One row an account that was a customer in one of the periods: ``account_id``,
        ``revenue_before``, ``revenue_now`` (yuan) and ``movement``: ``new``, ``expanded``,
        ``kept``, ``contracted`` or ``lost``. A customer is an account whose revenue, net of
        returns, is above zero; at zero or below it counts as no customer and 0 yuan.
        Filter the rows with plain pandas (one tier, one region) and pass them on.

    Raises
    ------
    ParameterError
        A period is empty, the two overlap or differ in length, or ``now`` is not over yet.
    """
    first, second = check_period(before), check_period(now)
    if first[1] > second[0]:
        raise ParameterError("kpi.overlap")
    if not same_length(first, second):
        spans = [" - ".join(str(day.date()) for day in span) for span in (first, second)]
        raise ParameterError("kpi.lengths", before=spans[0], now=spans[1])
    check_complete(second, as_of)
    table = pd.DataFrame(
        {
            "revenue_before": _revenue_by_account(orders, first),
            "revenue_now": _revenue_by_account(orders, second),
        }
    ).fillna(0.0)
    was, now_is = table["revenue_before"], table["revenue_now"]
    table["movement"] = np.select(
        [was == 0, now_is == 0, now_is > was, now_is < was],
        ["new", "lost", "expanded", "contracted"],
        "kept",
    )
    return table.rename_axis("account_id").sort_index().reset_index()


def _revenue_by_account(orders: pd.DataFrame, period: Span) -> pd.Series:
    sold = orders.loc[inside(orders, period), ["account_id", "amount"]]
    numbers, names = number_ids(sold["account_id"])
    of_someone = numbers >= 0
    amounts = sold["amount"].fillna(0).to_numpy("float64")
    sums = sum_by(numbers[of_someone], amounts[of_someone], len(names))
    return pd.Series(sums, index=names)[sums > 0]


def retention(movements: pd.DataFrame) -> Rate:
    """Return the share of the customers at the start that are still customers.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Base: customers of the period before. New customers are left out, so that they cannot
        hide lost ones; never above 1. Missing without a customer at the start.
    """
    cohort = movements["revenue_before"] > 0
    return share((cohort & (movements["revenue_now"] > 0)).sum(), cohort.sum())


def churn(movements: pd.DataFrame) -> Rate:
    """Return the share of the customers at the start that were lost: 1 - `retention`.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Base: customers of the period before; new customers are left out.
    """
    cohort = movements["revenue_before"] > 0
    return share((cohort & (movements["revenue_now"] <= 0)).sum(), cohort.sum())


def gross_revenue_retention(movements: pd.DataFrame) -> Rate:
    """Return the share of the earlier revenue that was kept, growth not counted.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Sum of the smaller of both revenues, account by account / revenue before (yuan). Never
        above 1. New customers are left out.
    """
    pair = movements[["revenue_before", "revenue_now"]]
    return share(pair.min(axis="columns").sum(), movements["revenue_before"].sum())


def net_revenue_retention(movements: pd.DataFrame) -> Rate:
    """Return what the earlier customers buy now, as a share of what they bought before.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Revenue now of the customers of the period before / their revenue before (yuan). Above 1
        when growth with existing customers outweighs losses. New customers are left out.
    """
    cohort = movements[movements["revenue_before"] > 0]
    return share(cohort["revenue_now"].sum(), cohort["revenue_before"].sum())


def annualise(
    rate: float, periods_per_year: float, *, kind: Literal["churn", "retention", "growth"]
) -> float:
    """Turn the rate of a shorter or longer period into a yearly one, by compounding.

    Parameters
    ----------
    rate : float
        A fraction: 2% is 0.02.
    periods_per_year : float
        12 for a monthly rate; 12/18 for a rate over 18 months.
    kind : {"churn", "retention", "growth"}
        Churn: ``1 - (1 - rate)**n``; retention: ``rate**n``; growth: ``(1 + rate)**n - 1``.

    Returns
    -------
    float
        The yearly rate, a fraction. Missing for a missing rate.

    Raises
    ------
    ParameterError
        The rate is no fraction (growth: below -1), or the periods are not above 0.

    Examples
    --------
    >>> round(annualise(0.02, 12, kind="churn"), 3)
    0.215
    """
    if kind not in ("churn", "retention", "growth"):
        raise ParameterError("kpi.choice", given=kind, choices="churn, retention, growth")
    low, high = (-1, float("inf")) if kind == "growth" else (0, 1)
    if not low <= rate <= high and not np.isnan(rate):
        raise ParameterError("kpi.fraction", given=rate)
    if not periods_per_year > 0:
        raise ParameterError("kpi.periods", given=periods_per_year)
    if kind == "retention":
        return float(rate**periods_per_year)
    sign = 1 if kind == "growth" else -1
    return float(sign * ((1 + sign * rate) ** periods_per_year - 1))
