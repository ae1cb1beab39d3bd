"""Gamma-Gamma: what a purchase is worth, between the customer's own mean and everybody's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.clv.likelihood import maximise
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from ka_lib.clv.likelihood import Values


@dataclass(frozen=True)
class GammaGamma:
    """A fitted Gamma-Gamma model of the value of a purchase; ``v`` is in yuan.

    ``correlation``, between repeats and mean amount, should be near 0: the model takes how often
    and how much a customer buys to be independent.
    """

    p: float
    q: float
    v: float
    correlation: float
    log_likelihood: float
    customers: int


def fit_gamma_gamma(history: pd.DataFrame) -> GammaGamma:
    """Fit how the value of a purchase differs among customers, by maximum likelihood.

    Parameters
    ----------
    history : DataFrame
        ``repeats`` and ``mean_amount`` (yuan), as from `purchase_history`.

    Returns
    -------
    GammaGamma
        Base: customers with a repeat purchase and an amount above zero.

    Raises
    ------
    ParameterError
        Fewer than two such customers, or data with no best fit.

    Notes
    -----
    Fader & Hardie, "The Gamma-Gamma model of monetary value", note 025 (2013).
    """
    repeated = history[(history["repeats"] > 0) & (history["mean_amount"] > 0)]
    if repeated["mean_amount"].nunique() < 2:  # noqa: PLR2004 - no spread to learn from
        raise ParameterError("clv.no_repeats")
    from scipy.special import gammaln

    ordered = repeated.sort_values(["repeats", "mean_amount"])
    x = ordered["repeats"].to_numpy("float64")
    scale = float(ordered["mean_amount"].mean())
    m = ordered["mean_amount"].to_numpy("float64") / scale

    def log_likelihood(parameters: Values) -> float:
        p, q, v = parameters
        px = p * x
        each = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        each += (px - 1) * np.log(m) + px * np.log(x) - (px + q) * np.log(x * m + v)
        return float(each.sum())

    (p, q, v), best = maximise(log_likelihood, [2.0, 2.0, 1.0], len(x))
    varied = x.min() < x.max()
    correlation = float(np.corrcoef(x, m)[0, 1]) if varied else float("nan")
    return GammaGamma(p, q, v * scale, correlation, best - len(x) * math.log(scale), len(x))


def expected_amount(model: GammaGamma, history: pd.DataFrame) -> pd.Series:
    """Return what a purchase of each customer is worth on average, in yuan.

    Parameters
    ----------
    model : GammaGamma
        From `fit_gamma_gamma`.
    history : DataFrame
        ``repeats`` and ``mean_amount``.

    Returns
    -------
    Series
        ``p * (v + x * m) / (p * x + q - 1)``, in the order given: between the customer's own mean
        and everybody's; the fewer purchases, the closer to everybody's. Missing where the model
        has no mean (no repeat purchase and q not above 1).
    """
    x = history["repeats"].to_numpy("float64")
    spent = np.where(x > 0, x * history["mean_amount"].to_numpy("float64"), 0.0)
    base = model.p * x + model.q - 1
    amount = model.p * (model.v + spent) / np.where(base > 0, base, np.nan)
    return pd.Series(amount, name="expected_amount")
