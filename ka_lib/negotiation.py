"""Prices at the table: what an offer costs in all, how far each side can go, what a step costs.

Money is yuan without VAT, rates are fractions (0.03 is 3 %), days are calendar days. A price may
be for one unit or for the whole deal, so long as both sides are measured alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns, check_fraction, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

if TYPE_CHECKING:
    from collections.abc import Sequence

NAN = float("nan")
DAYS_IN_YEAR = 365
_OFFER = ("upfront", "unit_price", "units_per_year", "lot_units", "yearly_cost", "residual")


def tco(
    offers: pd.DataFrame,
    years: int,
    *,
    discount_rate: float = 0.0,
    carrying_rate: float = 0.0,
    payments: Literal["end", "start"] = "end",
) -> pd.DataFrame:
    """Add up what each offer costs the buyer over n years (total cost of ownership).

    Parameters
    ----------
    offers : DataFrame
        One row an offer, every cell filled (0 where there is nothing): ``offer`` (its name),
        ``upfront`` (yuan on day one), ``unit_price`` (yuan), ``units_per_year``, ``lot_units``
        (units a delivery), ``yearly_cost`` (freight, service, waste: yuan a year) and
        ``residual`` (yuan got back at the end of the last year).
    years : int
        Number of years, at least 1.
    discount_rate : float
        Per year. Default 0: nothing is discounted, and both totals agree.
    carrying_rate : float
        Cost of holding stock, per year and yuan of stock. Default 0.
    payments : {"end", "start"}
        When a year's payments fall. Default: at its end.

    Returns
    -------
    DataFrame
        One row an offer, the cheapest ``discounted`` first (then ``nominal``, then the name):
        ``offer``, ``unit_price``, the sums over all years ``upfront``, ``purchases``,
        ``carrying`` (average stock = half a lot: ``lot_units / 2 * unit_price * carrying_rate``
        a year), ``running``, ``residual`` (counts against the cost), and
        ``nominal = upfront + purchases + carrying + running - residual``. ``discounted`` is the
        present value of the same payments; only this one may be called a present value.

    Raises
    ------
    TableError
        A column is missing, blank, not a number or negative, or an offer stands twice.
    ParameterError
        The years are not whole and positive, a rate is not a fraction, or ``payments`` is unknown.

    Notes
    -----
    Taxes, safety stock and price rises are left out. Average stock of half a lot supposes even
    use and deliveries on the day the stock runs out, as in the economic order quantity (Harris
    1913). Total cost of ownership: Ellram (1995).
    """
    if not years >= 1 or years % 1:
        raise ParameterError("negotiation.years", given=years)
    if payments not in {"end", "start"}:
        raise ParameterError("negotiation.timing", given=payments)
    check_fraction(discount_rate=discount_rate, carrying_rate=carrying_rate)
    rows = need(offers, "offers", ["offer", *_OFFER])
    no_duplicates(rows, "offers", ["offer"])
    check_columns(rows, "offers", _OFFER)

    a_year = pd.DataFrame(
        {
            "purchases": rows["unit_price"] * rows["units_per_year"],
            "carrying": rows["lot_units"] / 2 * rows["unit_price"] * carrying_rate,
            "running": rows["yearly_cost"],
        }
    ).astype("float64")
    first = 1 if payments == "end" else 0
    worth_of_payments = sum((1 + discount_rate) ** -t for t in range(first, first + int(years)))
    worth_of_residual = (1 + discount_rate) ** -int(years)
    table = rows[["offer", "unit_price", "upfront"]].join(a_year * years)
    table["residual"] = rows["residual"]
    table["nominal"] = rows["upfront"] + a_year.sum(axis="columns") * years - rows["residual"]
    table["discounted"] = (
        rows["upfront"]
        + a_year.sum(axis="columns") * worth_of_payments
        - rows["residual"] * worth_of_residual
    )
    return table.sort_values(["discounted", "nominal", "offer"], ignore_index=True)


def buyer_ceiling(
    alternative_price: float, better_by: float = 0.0, switching_cost: float = 0.0
) -> float:
    """Return the buyer's reservation price: the most it can pay before its BATNA is better.

    Parameters
    ----------
    alternative_price : float
        What the buyer's best alternative costs in all (a TCO, not a list price), yuan.
    better_by : float
        What our offer is worth to the buyer beyond the alternative; negative when it is worse.
    switching_cost : float
        What moving to the alternative would cost; negative when moving to us costs.

    Returns
    -------
    float
        ``alternative_price + better_by + switching_cost``, in the unit of the arguments. The
        opening price is an anchor, and no part of this. Source: Raiffa (1982).
    """
    check_not_negative(alternative_price=alternative_price)
    return alternative_price + better_by + switching_cost


def seller_floor(cost: float, contribution_elsewhere: float = 0.0) -> float:
    """Return the seller's reservation price: the least it can take before its BATNA is better.

    Parameters
    ----------
    cost : float
        What serving this deal costs: goods, logistics, fees; yuan. Costs that stay without the
        deal do not belong here.
    contribution_elsewhere : float
        What the same goods and hours would earn in the best other use. Default 0: nothing.

    Returns
    -------
    float
        ``cost + contribution_elsewhere``, in the unit of the arguments. Source: Raiffa (1982).
    """
    check_not_negative(cost=cost, contribution_elsewhere=contribution_elsewhere)
    return cost + contribution_elsewhere


@dataclass(frozen=True)
class Zopa:
    """Where both sides gain: "interval", "point" or "none", from low to high.

    ``width`` is what there is to share. Without a range, low, high and width are missing, and
    ``gap`` is how far the two sides are apart.
    """

    kind: Literal["interval", "point", "none"]
    low: float
    high: float
    width: float
    gap: float


@dataclass(frozen=True)
class Surplus:
    """What each side gains over its alternative at a price, and the seller's share of it."""

    seller: float
    buyer: float
    seller_share: float


def zopa(seller_floor: float, buyer_ceiling: float) -> Zopa:
    """Return the zone of possible agreement between two reservation prices.

    Parameters
    ----------
    seller_floor, buyer_ceiling : float
        From `seller_floor` and `buyer_ceiling`, in the same unit.

    Returns
    -------
    Zopa
        ``low`` is never above ``high`` and the width never negative. Reservation prices that
        agree up to rounding make a point: one price, and nobody gains by it.

    Examples
    --------
    >>> zopa(88, 95).width
    7
    >>> zopa(95, 88).kind
    'none'
    """
    check_not_negative(seller_floor=seller_floor, buyer_ceiling=buyer_ceiling)
    if math.isclose(seller_floor, buyer_ceiling, rel_tol=1e-9):
        return Zopa("point", seller_floor, seller_floor, 0.0, 0.0)
    if seller_floor > buyer_ceiling:
        return Zopa("none", NAN, NAN, NAN, seller_floor - buyer_ceiling)
    return Zopa("interval", seller_floor, buyer_ceiling, buyer_ceiling - seller_floor, 0.0)


def surplus(price: float, seller_floor: float, buyer_ceiling: float) -> Surplus:
    """Split what there is to share at one price.

    Returns
    -------
    Surplus
        Seller ``price - seller_floor``, buyer ``buyer_ceiling - price``; ``seller_share`` of
        their sum is missing when there is nothing to share.

    Raises
    ------
    ParameterError
        There is no range, or the price lies outside it.
    """
    area = zopa(seller_floor, buyer_ceiling)
    if area.kind == "none":
        raise ParameterError("negotiation.no_zopa", seller=seller_floor, buyer=buyer_ceiling)
    slack = 1e-9 * max(area.high, 1.0)
    if not area.low - slack <= price <= area.high + slack:
        raise ParameterError("negotiation.price_outside", price=price, low=area.low, high=area.high)
    share = (price - area.low) / area.width if area.width else NAN
    return Surplus(price - area.low, area.high - price, share)


def decreasing_steps(total: float, rounds: int, ratio: float = 0.5) -> list[float]:
    """Share out what may be given away over rounds, each step smaller than the last.

    Parameters
    ----------
    total : float
        Opening price less the lowest price one is ready to go to, yuan.
    rounds : int
        Number of concessions, at least 1.
    ratio : float
        Each step as a fraction of the one before, above 0 and below 1. Default one half.

    Returns
    -------
    list of float
        ``rounds`` yuan amounts that sum to ``total``, not rounded. Steps that shrink say that
        the end is near.

    Examples
    --------
    >>> decreasing_steps(7, 3)
    [4.0, 2.0, 1.0]
    """
    check_not_negative(total=total)
    if not rounds >= 1 or rounds % 1:
        raise ParameterError("negotiation.rounds", given=rounds)
    if not 0 < ratio < 1:
        raise ParameterError("negotiation.ratio", given=ratio)
    powers = [ratio**i for i in range(int(rounds))]
    return [total * power / sum(powers) for power in powers]


def concession_plan(opening: float, steps: Sequence[float], unit_cost: float) -> pd.DataFrame:
    """Show the price and the margin after each concession.

    Parameters
    ----------
    opening : float
        The opening price of one unit, yuan: an anchor, not a reservation price.
    steps : sequence of float
        What is given away in each round, yuan a unit; from `decreasing_steps` or one's own.
    unit_cost : float
        What one unit costs, yuan.

    Returns
    -------
    DataFrame
        One row a round, 0 being the opening: ``round``, ``concession``, ``price``, ``discount``
        (of the opening price, all steps so far), ``margin`` (gross margin of the price) and
        ``margin_points`` (margin given up since the opening, as a fraction: 0.069 is 6.9
        percentage points). The last row holds the total. Margins are negative below cost.

    Raises
    ------
    ParameterError
        A step is not above 0 or not smaller than the one before, or the steps use up the price.
    """
    check_not_negative(unit_cost=unit_cost)
    _above_zero(opening=opening)
    for i, step in enumerate(steps):
        if i == 0 and not step > 0:
            raise ParameterError("negotiation.first_step", step=step)
        if i > 0 and not 0 < step < steps[i - 1]:
            raise ParameterError("negotiation.steps", number=i + 1, step=step, before=steps[i - 1])
    if not sum(steps) < opening:
        raise ParameterError("negotiation.below_zero", total=sum(steps), opening=opening)
    plan = pd.DataFrame({"concession": [0.0, *steps]}, dtype="float64")
    plan.insert(0, "round", range(len(plan)))
    plan["price"] = opening - plan["concession"].cumsum()
    plan["discount"] = 1 - plan["price"] / opening
    plan["margin"] = (plan["price"] - unit_cost) / plan["price"]
    plan["margin_points"] = plan["margin"].iloc[0] - plan["margin"]
    return plan


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
    _above_zero(days_in_year=days_in_year)
    return amount * yearly_rate * days / days_in_year


def delay_cost(monthly_gain: float, months: float, one_off: float = 0.0) -> float:
    """Return what waiting costs the customer: ``monthly_gain * months + one_off``.

    Parameters
    ----------
    monthly_gain : float
        What the solution would save or earn a month, yuan, net of its own cost.
    months : float
        How long the decision waits.
    one_off : float
        A loss that comes once with the delay: a missed season, a price rise. Yuan.

    Returns
    -------
    float
        Yuan, not discounted. What the customer gains by waiting is left out.
    """
    check_not_negative(monthly_gain=monthly_gain, months=months, one_off=one_off)
    return monthly_gain * months + one_off


def gross_margin(price: float, cost: float) -> float:
    """Return the gross margin, on the **price**: ``(price - cost) / price``. Negative below cost."""
    _above_zero(price=price)
    check_not_negative(cost=cost)
    return (price - cost) / price


def markup(price: float, cost: float) -> float:
    """Return the markup, on the **cost**: ``(price - cost) / cost``. Negative below cost."""
    check_not_negative(price=price)
    _above_zero(cost=cost)
    return (price - cost) / cost


def margin_to_markup(margin: float) -> float:
    """Return the markup of a gross margin: ``m / (1 - m)``. 0.2 becomes 0.25."""
    check_fraction(margin=margin)
    return margin / (1 - margin)


def markup_to_margin(markup: float) -> float:
    """Return the gross margin of a markup: ``k / (1 + k)``. 0.25 becomes 0.2."""
    check_not_negative(markup=markup)
    return markup / (1 + markup)


def _above_zero(**named: float) -> None:
    for name, given in named.items():
        if not (given > 0 and math.isfinite(given)):
            raise ParameterError("negotiation.price", name=name, given=given)
