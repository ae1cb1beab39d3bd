"""How far each side can go, where both gain, and who gains how much at a price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ka_lib.amounts import check_not_negative
from ka_lib.errors import ParameterError

NAN = float("nan")


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
