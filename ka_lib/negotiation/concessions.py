"""What is given away, round by round, and what each step leaves of the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.amounts import check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.negotiation.margins import check_above_zero

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    check_above_zero(opening=opening)
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
