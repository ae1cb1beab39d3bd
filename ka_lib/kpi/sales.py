"""How sales grew, what was earned on them, and how many customers came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import distinct_by, number_ids
from ka_lib.kpi.shares import share
from ka_lib.kpi.spans import check_complete, inside, length, shift_end
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from ka_lib.funnel.figures import Rate
    from ka_lib.periods import Day, Period

REPEAT = 2


@dataclass(frozen=True)
class Growth:
    """Growth as a fraction, the two sums of yuan, and the half-open periods they cover.

    ``partial`` is True when the period is still running and both sides were cut at the same day.
    """

    rate: float
    now: float
    before: float
    now_period: Period
    before_period: Period
    partial: bool


def growth(
    orders: pd.DataFrame,
    period: Period,
    against: Literal["last_year", "previous"],
    *,
    as_of: Day,
    partial: Literal["refuse", "same_days"] = "refuse",
) -> Growth:
    """Compare a period's sales with the same period last year, or with the period just before.

    Parameters
    ----------
    orders : DataFrame
        Columns ``ordered_on`` and ``amount`` (yuan; returns negative).
    period : (date, date)
        Half-open: (start, end) without the end day.
    against : {"last_year", "previous"}
        ``"previous"`` is the period of the same length that ends where this one starts: as many
        months when both ends are first days of a month, else as many days.
    as_of : date
        The last day the data covers, included.
    partial : {"refuse", "same_days"}
        What to do with a period still running: refuse it, or cut both sides at the same day and
        mark the result. A whole number of months is compared with whole months.

    Returns
    -------
    Growth
        ``now / before - 1``; missing when the earlier sales are not above zero.

    Raises
    ------
    ParameterError
        The period is empty, has not started, or is still running and ``partial`` is "refuse".

    Notes
    -----
    Whether the data reaches back far enough cannot be seen from the orders: look at both sums.
    """
    if against not in ("last_year", "previous"):
        raise ParameterError("kpi.choice", given=against, choices="last_year, previous")
    start, end = check_period(period)
    known_until = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    if partial == "refuse" or known_until <= start:
        check_complete((start, end), as_of)
    cut = min(end, known_until)
    back = pd.DateOffset(years=1) if against == "last_year" else length((start, end))
    earlier = start - back, shift_end(cut, back)
    sales_now, sales_before = (
        float(orders.loc[inside(orders, span), "amount"].sum()) for span in ((start, cut), earlier)
    )
    rate = sales_now / sales_before - 1 if sales_before > 0 else float("nan")
    return Growth(rate, sales_now, sales_before, (start, cut), earlier, partial=cut < end)


def gross_margin(orders: pd.DataFrame, missing: Literal["refuse", "out"] = "refuse") -> Rate:
    """Return the gross margin: all gross profit over all revenue.

    Parameters
    ----------
    orders : DataFrame
        Columns ``amount`` and ``gross_profit`` (yuan).
    missing : {"refuse", "out"}
        Orders whose gross profit is unknown: raise, or leave them out of both sums.

    Returns
    -------
    Rate
        ``sum(gross_profit) / sum(amount)``, never the mean of the orders' margins, in which a
        small order would weigh as much as a large one. Missing without revenue.

    Raises
    ------
    ParameterError
        Gross profits are missing and ``missing`` is "refuse".
    """
    known = orders["gross_profit"].notna() & orders["amount"].notna()
    if missing == "refuse" and not known.all():
        raise ParameterError("kpi.no_profit", count=int((~known).sum()))
    return share(orders.loc[known, "gross_profit"].sum(), orders.loc[known, "amount"].sum())


def repeat_purchase_rate(
    orders: pd.DataFrame, period: Period, *, as_of: Day, by: Literal["order", "day"] = "order"
) -> Rate:
    """Return the share of the period's customers that bought more than once in it.

    Parameters
    ----------
    orders : DataFrame
        Columns ``order_id`` (with ``by="order"``), ``account_id``, ``ordered_on``, ``amount``.
    period : (date, date)
        Half-open. The longer the period, the higher the rate: name it beside the figure.
    as_of : date
        The last day the data covers, included.
    by : {"order", "day"}
        Count orders, or days with an order (two on one day are one purchase).

    Returns
    -------
    Rate
        Base: accounts with a purchase in the period, each once. Returns (amounts not above
        zero) are no purchase.

    Raises
    ------
    ParameterError
        The period is empty or not over yet.
    """
    span = check_period(period)
    check_complete(span, as_of)
    bought = orders[inside(orders, span) & (orders["amount"] > 0)]
    numbers, names = number_ids(bought["account_id"])
    column = "order_id" if by == "order" else "ordered_on"
    purchases = distinct_by(numbers, bought[column], len(names))
    return share((purchases >= REPEAT).sum(), len(purchases))
