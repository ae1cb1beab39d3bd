"""What a new customer costs, and how many yuan a day the funnel signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.funnel.figures import AcquisitionCost

if TYPE_CHECKING:
    from ka_lib.company import Company


def acquisition_cost(
    company: Company,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    lag_months: int = 0,
) -> AcquisitionCost:
    """Return what it cost to win a new customer (CAC).

    Parameters
    ----------
    company : Company
        Needs costs (purpose ``"acquisition"``) and accounts with ``customer_since``.
    start, end : date
        New customers are the accounts that became customers from ``start`` up to, not on, ``end``.
    lag_months : int
        How many months earlier the money was spent. Default 0: the same period.

    Returns
    -------
    AcquisitionCost
        ``spend / customers`` in yuan; missing when no customer was won. Service costs for
        existing customers are left out.
    """
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    since = company.accounts["customer_since"]
    customers = int(((since >= start) & (since < end)).sum())
    lag = pd.DateOffset(months=lag_months)
    costs = company.costs
    in_period = (costs["month"] >= start - lag) & (costs["month"] < end - lag)
    spend = float(costs.loc[in_period & (costs["purpose"] == "acquisition"), "amount"].sum())
    return AcquisitionCost(spend / customers if customers else float("nan"), spend, customers)


def velocity(number: float, average_value: float, win_rate: float, cycle_days: float) -> float:
    """Return the sales velocity: yuan signed a day.

    Parameters
    ----------
    number : float
        Open opportunities in the funnel.
    average_value : float
        Average value of a deal, yuan.
    win_rate : float
        A fraction from 0 to 1.
    cycle_days : float
        Average sales cycle, days.

    Returns
    -------
    float
        ``number * average_value * win_rate / cycle_days``.

    Raises
    ------
    ParameterError
        The win rate is not a fraction, or the cycle is not longer than 0 days.

    Examples
    --------
    >>> velocity(40, 120_000, 0.25, 60)
    20000.0
    """
    if not 0 <= win_rate <= 1:
        raise ParameterError("funnel.fraction", given=win_rate)
    if not cycle_days > 0:
        raise ParameterError("funnel.cycle", given=cycle_days)
    return number * average_value * win_rate / cycle_days
