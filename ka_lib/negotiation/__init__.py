"""Prices at the table: what an offer costs in all, how far each side can go, what a step costs.

Money is yuan without VAT, rates are fractions (0.03 is 3 %), days are calendar days. A price may
be for one unit or for the whole deal, so long as both sides are measured alike.

``offers``: total cost of ownership, cost of waiting. ``agreement``: reservation prices, ZOPA and
who gains. ``concessions``: steps and their plan. ``discounts``: break-even volume, chains of
discounts, credit. ``margins``: gross margin and markup.
"""

from ka_lib.negotiation.agreement import (
    Surplus,
    Zopa,
    buyer_ceiling,
    seller_floor,
    surplus,
    zopa,
)
from ka_lib.negotiation.concessions import concession_plan, decreasing_steps
from ka_lib.negotiation.discounts import breakeven_volume, chain_discounts, credit_cost
from ka_lib.negotiation.margins import gross_margin, margin_to_markup, markup, markup_to_margin
from ka_lib.negotiation.offers import delay_cost, tco

__all__ = [
    "Surplus",
    "Zopa",
    "breakeven_volume",
    "buyer_ceiling",
    "chain_discounts",
    "concession_plan",
    "credit_cost",
    "decreasing_steps",
    "delay_cost",
    "gross_margin",
    "margin_to_markup",
    "markup",
    "markup_to_margin",
    "seller_floor",
    "surplus",
    "tco",
    "zopa",
]
