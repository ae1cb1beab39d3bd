"""What a discount, a chain of them or a longer payment term costs."""

from __future__ import annotations

import math

from ka_lib.amounts import check_fraction, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.negotiation.margins import check_above_zero

DAYS_IN_YEAR = 365


def breakeven_volume(
    discount: float, margin: float, fixed_fee: float = 0.0, base_revenue: float | None = None
) -> float:
    """Return by how much volume must grow to earn the same gross profit after a discount.

    Parameters
    ----------
    discount : float
        Off the present price, a fraction.
    margin : float
        Gross margin at the present price, a fraction (not a markup).
    fixed_fee : float
        Paid once on top (listing, display), yuan.
    base_revenue : float, optional
        Revenue at the present price and volume, yuan; needed with a fee.

    Returns
    -------
    float
        ``(discount + fixed_fee / base_revenue) / (margin - discount)``, a fraction of the
        present volume; without a fee ``d / (m - d)``. Costs that do not grow with volume are
        left out.

    Raises
    ------
    ParameterError
        The discount takes the whole margin: no volume makes up for it.

    Examples
    --------
    >>> round(breakeven_volume(0.05, 0.25), 4)
    0.25
    """
    check_fraction(discount=discount, margin=margin)
    check_not_negative(fixed_fee=fixed_fee)
    if margin <= discount or math.isclose(margin, discount):
        raise ParameterError("negotiation.no_breakeven", discount=discount, margin=margin)
    if fixed_fee and not (base_revenue is not None and base_revenue > 0):
        raise ParameterError("negotiation.no_revenue")
    fee = fixed_fee / base_revenue if base_revenue else 0.0
    return (discount + fee) / (margin - discount)


def chain_discounts(*discounts: float) -> float:
    """Return the total of discounts taken one after the other.

    Returns
    -------
    float
        ``1 - (1 - d1) * (1 - d2) * ...``, a fraction of the list price; their order does not
        matter. 0 when there is none.

    Examples
    --------
    >>> round(chain_discounts(0.10, 0.05), 4)
    0.145
    """
    check_fraction(**{f"discounts[{i}]": discount for i, discount in enumerate(discounts)})
    return 1 - math.prod(1 - discount for discount in discounts)


def credit_cost(
    amount: float, days: float, yearly_rate: float, days_in_year: int = DAYS_IN_YEAR
) -> float:
    """Return what it costs to let a customer pay later: ``amount * yearly_rate * days / 365``.

    Parameters
    ----------
    amount : float
        What is owed, yuan: the invoices that get the term (a year's sales for a year's cost).
    days : float
        The days that are **added**: from 30 to 60 is 30.
    yearly_rate : float
        Cost of money a year, a fraction. Simple interest.
    days_in_year : int
        365; some loan contracts say 360.

    Returns
    -------
    float
        Yuan.

    Examples
    --------
    >>> round(credit_cost(1_000_000, 30, 0.06), 2)
    4931.51
    """
    check_not_negative(amount=amount, days=days)
    check_fraction(yearly_rate=yearly_rate)
    check_above_zero(days_in_year=days_in_year)
    return amount * yearly_rate * days / days_in_year
