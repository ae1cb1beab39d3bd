"""Gross margin, on the price, and markup, on the cost: two figures often taken for each other."""

from __future__ import annotations

import math

from ka_lib.amounts import check_fraction, check_not_negative
from ka_lib.errors import ParameterError


def gross_margin(price: float, cost: float) -> float:
    """Return the gross margin, on the **price**: ``(price - cost) / price``. Negative below cost."""
    check_above_zero(price=price)
    check_not_negative(cost=cost)
    return (price - cost) / price


def markup(price: float, cost: float) -> float:
    """Return the markup, on the **cost**: ``(price - cost) / cost``. Negative below cost."""
    check_not_negative(price=price)
    check_above_zero(cost=cost)
    return (price - cost) / cost


def margin_to_markup(margin: float) -> float:
    """Return the markup of a gross margin: ``m / (1 - m)``. 0.2 becomes 0.25."""
    check_fraction(margin=margin)
    return margin / (1 - margin)


def markup_to_margin(markup: float) -> float:
    """Return the gross margin of a markup: ``k / (1 + k)``. 0.25 becomes 0.2."""
    check_not_negative(markup=markup)
    return markup / (1 + markup)


def check_above_zero(**named: float) -> None:
    """Raise when a named amount is not a number above 0."""
    for name, given in named.items():
        if not (given > 0 and math.isfinite(given)):
            raise ParameterError("negotiation.price", name=name, given=given)
