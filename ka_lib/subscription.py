"""Selling a thing once, or renting it out by the month: cash, payback and present value.

Prevents three slips: a yearly discount rate divided by twelve, subscribers who never leave, and
a one-off fee counted as if it came again every year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ka_lib.amounts import check_columns, check_fraction, check_not_negative
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need
from ka_lib.funnel.figures import Readable
from ka_lib.language import text

NAN = float("nan")
MONTHS = 12


@dataclass(frozen=True, repr=False)
class Recurring(Readable):
    """Recurring revenue, yuan: of a month (``mrr``), of a year at this pace (``arr``), the next
    twelve months' under churn (``expected_year``), and what comes once (``one_off``).
    """  # noqa: D205 - one sentence, four figures

    mrr: float
    arr: float
    expected_year: float
    one_off: float


def monthly_rate(yearly_rate: float) -> float:
    """Return the monthly rate that compounds to a yearly one: ``(1 + y) ** (1/12) - 1``.

    Parameters
    ----------
    yearly_rate : float
        A fraction, at least 0 and below 1.

    Examples
    --------
    >>> round(monthly_rate(0.12), 5)  # not 0.01: that would be 12.68 % a year
    0.00949
    """
    check_fraction(yearly_rate=yearly_rate)
    return float((1 + yearly_rate) ** (1 / MONTHS) - 1)


def cash_flows(  # noqa: PLR0913 - each is a term of the contract, named at the call
    *,
    price: float,
    cost: float,
    fee: float,
    service: float = 0.0,
    churn: float = 0.0,
    months: int = 36,
) -> pd.DataFrame:
    """Lay the supplier's expected cash of both models side by side, month by month.

    Parameters
    ----------
    price : float
        What one unit is sold for, once, in month 0. Yuan without VAT.
    cost : float
        What the unit costs the supplier, in month 0, in either model. Yuan.
    fee : float
        Subscription fee a month, paid at the **end** of each month from month 1. Yuan.
    service : float
        What a subscribed unit costs a month (service, repair, data). Yuan. Default 0.
    churn : float
        Share of the subscribers that leaves each month, a fraction. The first fee is paid by all,
        the second by 1 - churn, and so on. Default 0.
    months : int
        How many monthly fees the contract has at most. Default 36.

    Returns
    -------
    DataFrame
        One row a month from 0 to ``months``: ``month_number``, ``paying`` (the share still
        subscribed; missing for month 0), ``sale_cash``, ``sale_total``, ``subscription_cash``
        and ``subscription_total`` (yuan for one unit; totals are running).

    Raises
    ------
    ParameterError
        An amount is negative, churn is not a fraction, or ``months`` not a whole number above 0.

    Notes
    -----
    What a returned unit is still worth, taxes and the cost of winning the customer are left out.
    """
    check_not_negative(price=price, cost=cost, fee=fee, service=service)
    check_fraction(churn=churn)
    if not months >= 1 or months % 1:
        raise ParameterError("subscription.months", given=months)
    number = np.arange(int(months) + 1)
    paying = np.where(number > 0, (1 - churn) ** (number - 1.0), NAN)
    sale = np.where(number == 0, price - cost, 0.0)
    rented = np.where(number == 0, -float(cost), (fee - service) * paying)
    return pd.DataFrame(
        {
            "month_number": number,
            "paying": paying,
            "sale_cash": sale,
            "sale_total": sale.cumsum(),
            "subscription_cash": rented,
            "subscription_total": rented.cumsum(),
        }
    )


def subscription_or_sale(flows: pd.DataFrame, yearly_rate: float) -> pd.DataFrame:
    """Compare the two models by cash, payback and present value.

    Parameters
    ----------
    flows : DataFrame
        From `cash_flows`.
    yearly_rate : float
        Discount rate **a year**, a fraction; a month is discounted at `monthly_rate`.

    Returns
    -------
    DataFrame
        Two rows, ``model`` "sale" and "subscription": ``cash`` (sum of all months), ``npv``
        (sum of cash / (1 + monthly rate) ** month; month 0 counts in full), ``payback_month`` (the
        first month whose running total is 0 or more, not discounted; missing when there is none)
        and ``tied_up`` (the most money out at any time, a positive number). Yuan for one unit.

    Raises
    ------
    ParameterError
        The rate is not a fraction.
    TableError
        A column is missing.
    """
    rate = monthly_rate(yearly_rate)
    columns = [f"{model}_cash" for model in ("sale", "subscription")]
    table = need(flows, "flows", ["month_number", *columns]).sort_values("month_number")
    discount = (1 + rate) ** table["month_number"]
    rows = []
    for model in ("sale", "subscription"):
        cash = table[f"{model}_cash"].astype("float64")
        total = cash.cumsum().round(2)  # to the cent: 0.1 * 3 - 0.3 has paid back
        back = table.loc[total >= 0, "month_number"]
        rows.append(
            {
                "model": model,
                "cash": cash.sum(),
                "npv": (cash / discount).sum(),
                "payback_month": int(back.iloc[0]) if len(back) else pd.NA,
                "tied_up": max(-total.min(), 0.0) if len(total) else 0.0,
            }
        )
    return pd.DataFrame(rows).astype({"payback_month": "Int64"})


def recurring_revenue(charges: pd.DataFrame, churn: float = 0.0) -> Recurring:
    """Return the monthly and yearly recurring revenue of the contracts that run today.

    Parameters
    ----------
    charges : DataFrame
        One row a charge of a running contract: ``amount`` (yuan) and ``every_months`` (1 a month,
        3 a quarter, 12 a year; **blank: once**, such as an installation fee).
    churn : float
        Share of the revenue that is lost each month, a fraction. Only for ``expected_year``.

    Returns
    -------
    Recurring
        ``mrr`` = sum(amount / every_months); ``arr`` = 12 * mrr, which is today's pace and no
        forecast; ``expected_year`` = mrr * (1 + (1-c) + ... + (1-c)**11), what the next twelve
        months bring when nobody new comes; ``one_off`` stands apart from all three.

    Raises
    ------
    TableError
        A column is missing, an amount is blank or negative, ``every_months`` is not above 0.
    """
    check_fraction(churn=churn)
    rows = need(charges, "charges", ["amount"])
    need(charges.head(0), "charges", ["every_months"])  # it may be blank, but must be there
    rows["every_months"] = charges["every_months"].to_numpy()
    check_columns(rows, "charges", ["amount", "every_months"])
    every = rows["every_months"].astype("float64")
    zero = every.index[every == 0]
    if len(zero):
        problem = text("subscription.every", row=int(zero[0]) + 1)
        raise TableError("tables.invalid", table="charges", problems=f"- {problem}")
    amount = rows["amount"].astype("float64")
    mrr = float((amount / every).sum())
    year = float(((1 - churn) ** np.arange(MONTHS)).sum())
    return Recurring(mrr, MONTHS * mrr, mrr * year, float(amount[every.isna()].sum()))
