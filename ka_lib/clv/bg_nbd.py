"""BG/NBD: how often customers order, and whether they have silently stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ka_lib.clv.history import checked_unit
from ka_lib.clv.likelihood import maximise
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.clv.likelihood import Values


@dataclass(frozen=True)
class BgNbd:
    """A fitted BG/NBD model; ``alpha`` is in ``unit``, the others have no unit."""

    r: float
    alpha: float
    a: float
    b: float
    unit: str
    log_likelihood: float
    customers: int


def fit_bg_nbd(history: pd.DataFrame) -> BgNbd:
    """Fit how often customers order and when they silently stop, by maximum likelihood.

    Parameters
    ----------
    history : DataFrame
        From `purchase_history`, or ``repeats``, ``last_at``, ``age`` and ``unit`` of your own.

    Returns
    -------
    BgNbd
        Customers order at random, each at an own rate: gamma(r, alpha); after each purchase each
        may stop for good with an own chance: beta(a, b). A customer without a repeat purchase
        counts as active.

    Raises
    ------
    ParameterError
        No repeat purchase, two units, ``last_at`` after ``age``, or data with no best fit.

    Notes
    -----
    Fader, Hardie & Lee (2005), "Counting your customers the easy way", Marketing Science 24 (2).
    """
    unit = checked_unit(history)
    if not (history["repeats"] > 0).any():
        raise ParameterError("clv.no_repeats")
    # Equal customers count as one row with a weight; the order of rows cannot matter then.
    same = history.groupby(["repeats", "last_at", "age"]).size().rename("n").reset_index()
    x, last_at, age, n = (same[c].to_numpy("float64") for c in ("repeats", "last_at", "age", "n"))
    scale = float(age.mean())
    start = [1.0, scale, 1.0, 2.0]
    parameters, best = maximise(
        lambda p: float(n @ _log_likelihood(p, x, last_at, age)), start, n.sum()
    )
    r, alpha, a, b = parameters
    return BgNbd(r, alpha, a, b, unit, best, int(n.sum()))


def _log_likelihood(parameters: Values, x: Values, last_at: Values, age: Values) -> Values:
    """Return the log-likelihood of each customer (equation 6 of the paper)."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = parameters
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    active = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    repeated = np.maximum(x, 1)
    gone = betaln(a + 1, b + repeated - 1) - (r + x) * np.log(alpha + last_at)
    return common + np.where(x > 0, np.logaddexp(active, gone), active)


def expected_purchases(model: BgNbd, history: pd.DataFrame, horizon: float) -> pd.DataFrame:
    """Forecast how many purchases each customer will make.

    Parameters
    ----------
    model : BgNbd
        From `fit_bg_nbd`.
    history : DataFrame
        From `purchase_history`, in the model's unit.
    horizon : float
        How far to look ahead, in the model's unit.

    Returns
    -------
    DataFrame
        ``account_id`` (if there is one), ``active`` (the chance that the customer has not stopped)
        and ``expected_purchases`` (expected in the horizon), one row a customer, in the order given.

    Raises
    ------
    ParameterError
        The history is in another unit than the model, or the horizon is negative.
    """
    unit = checked_unit(history, model.unit)
    if not (np.isfinite(horizon) and horizon >= 0):
        raise ParameterError("clv.horizon", given=horizon, unit=unit)
    from scipy.special import expit, hyp2f1

    x, last_at, age = (history[c].to_numpy("float64") for c in ("repeats", "last_at", "age"))
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    odds_gone = (
        np.log(a)
        - np.log(b + np.maximum(x, 1) - 1)
        + (r + x) * np.log((alpha + age) / (alpha + last_at))
    )
    active = np.where(x > 0, expit(-odds_gone), 1.0)
    # Equation 10 of the paper after Euler's transformation, which stays finite for customers
    # with hundreds of purchases.
    later = alpha + age + horizon
    series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, horizon / later)
    still_to_come = 1 - ((alpha + age) / later) ** (a - 1) * series
    purchases = active * (a + b + x - 1) / (a - 1) * still_to_come
    ids = history[["account_id"]] if "account_id" in history else history[[]]
    return ids.assign(active=active, expected_purchases=purchases).reset_index(drop=True)
