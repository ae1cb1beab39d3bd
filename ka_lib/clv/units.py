"""The time unit of a value, and the checks of what a value is told.

Prevents weeks read as days, and a yearly discount rate used for a month.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from ka_lib.errors import ParameterError

Unit = Literal["day", "week", "month", "quarter", "year"]
Timing = Literal["period_end", "now"]
YEAR_DAYS = 365.25
DAYS: dict[str, float] = {
    "day": 1,
    "week": 7,
    "month": YEAR_DAYS / 12,
    "quarter": YEAR_DAYS / 4,
    "year": YEAR_DAYS,
}


def rate_per_unit(yearly: float, unit: Unit) -> float:
    """Turn a yearly discount rate into the rate of one time unit, by compounding.

    Parameters
    ----------
    yearly : float
        A fraction: 12% is 0.12.
    unit : {"day", "week", "month", "quarter", "year"}
        A year has 365.25 days.

    Returns
    -------
    float
        ``(1 + yearly)**(1 / units in a year) - 1``: 12% a year is 0.949% a month, not 1%.

    Raises
    ------
    ParameterError
        The rate is negative or the unit unknown.
    """
    check_discount(yearly)
    return float((1 + yearly) ** (DAYS[check_unit(unit)] / YEAR_DAYS) - 1)


def check_unit(unit: str) -> str:
    """Return a time unit; raise when it is unknown."""
    if unit not in DAYS:
        raise ParameterError("clv.choice", given=unit, choices=", ".join(get_args(Unit)))
    return unit


def check_timing(first_margin: str) -> None:
    """Raise when a first margin comes neither now nor at the end of the period."""
    if first_margin not in get_args(Timing):
        raise ParameterError("clv.choice", given=first_margin, choices=", ".join(get_args(Timing)))


def check_discount(discount: float) -> None:
    """Raise when a discount rate is negative or no number."""
    if not (np.isfinite(discount) and discount >= 0):
        raise ParameterError("clv.discount", given=discount)


def whole(horizon: int) -> int:
    """Return a number of periods as an int; raise when it is negative or not whole."""
    if horizon != int(horizon) or horizon < 0:
        raise ParameterError("clv.whole", given=horizon)
    return int(horizon)
