"""Customers under contract: the margin multiple for a first estimate, and the sBG model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.clv.likelihood import maximise
from ka_lib.clv.units import check_discount, check_timing, whole
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.clv.likelihood import Values
    from ka_lib.clv.units import Timing

FEWEST_COUNTS = 3


def margin_multiple(
    margin: float, retention: float, discount: float, first_margin: Timing = "period_end"
) -> float:
    """Return the value of a customer whose margin and chance to stay never change.

    Parameters
    ----------
    margin : float
        Yuan a period (usually a year), after the cost of serving the customer.
    retention, discount : float
        Fractions a period; the retention from 0 to 1.
    first_margin : {"period_end", "now"}
        ``"period_end"``: ``m * r / (1 + d - r)``, the first margin comes at the end of the first
        period, if the customer stays. ``"now"``: ``m * (1 + d) / (1 + d - r)``, it comes at once.

    Returns
    -------
    float
        Yuan, without end of horizon and without the cost of winning the customer.

    Raises
    ------
    ParameterError
        A rate is out of range, or retention 1 without discount makes the value endless.
    """
    check_timing(first_margin)
    check_discount(discount)
    if not 0 <= retention <= 1:
        raise ParameterError("clv.retention", given=retention)
    if not 1 + discount > retention:
        raise ParameterError("clv.endless")
    paid = 1 + discount if first_margin == "now" else retention
    return margin * paid / (1 + discount - retention)


@dataclass(frozen=True)
class Sbg:
    """A fitted shifted-beta-geometric model: how the chance to leave differs among customers."""

    alpha: float
    beta: float
    log_likelihood: float
    customers: int


def fit_sbg(survivors: Sequence[float]) -> Sbg:
    """Fit the sBG model to one cohort by maximum likelihood.

    Parameters
    ----------
    survivors : sequence of numbers
        How many of the cohort were customers at the start and after 1, 2, ... periods.

    Returns
    -------
    Sbg
        Each customer leaves with an own, constant chance at each renewal; over the cohort these
        chances follow a beta(alpha, beta). Retention rises with age because the loose ones leave
        first, not because anyone grows loyal.

    Raises
    ------
    ParameterError
        Fewer than three counts, counts that rise or are negative, nobody left or everybody left
        at the first renewal, or data with no best fit.

    Notes
    -----
    Fader & Hardie (2007), "How to project customer retention", Journal of Interactive Marketing.
    """
    counts = np.asarray(survivors, dtype="float64")
    falling = np.isfinite(counts).all() and (counts >= 0).all() and (np.diff(counts) <= 0).all()
    if len(counts) < FEWEST_COUNTS or not falling:
        raise ParameterError("clv.survivors")
    if counts[-1] == counts[0] or counts[1] == 0:
        raise ParameterError("clv.no_fit")
    from scipy.special import betaln

    age = np.arange(1, len(counts))
    lost = -np.diff(counts)

    def log_likelihood(parameters: Values) -> float:
        alpha, beta = parameters
        leaves = betaln(alpha + 1, beta + age - 1) - betaln(alpha, beta)
        stays = betaln(alpha, beta + age[-1]) - betaln(alpha, beta)
        return float(lost @ leaves + counts[-1] * stays)

    (alpha, beta), best = maximise(log_likelihood, [1.0, 1.0], counts[0])
    return Sbg(alpha, beta, best, int(counts[0]))


def sbg_survival(model: Sbg, periods: int) -> pd.DataFrame:
    """Project how many of a cohort remain.

    Parameters
    ----------
    model : Sbg
        From `fit_sbg`.
    periods : int
        How many renewals to look ahead from the start of the cohort.

    Returns
    -------
    DataFrame
        ``age`` (0 to ``periods``), ``survival`` (share of all who started) and
        ``retention_rate`` (of those still there one period before; missing at age 0).
    """
    age = np.arange(whole(periods) + 1)
    rate = (model.beta + age - 1) / (model.alpha + model.beta + age - 1)
    survival = np.cumprod(np.where(age == 0, 1.0, rate))
    rate = np.where(age == 0, np.nan, rate)
    return pd.DataFrame({"age": age, "survival": survival, "retention_rate": rate})


def sbg_value(  # noqa: PLR0913 - every assumption of a value is named
    model: Sbg,
    margin: float,
    discount: float,
    horizon: int,
    *,
    renewals: int = 0,
    first_margin: Timing = "period_end",
) -> float:
    """Return the expected value of a customer under contract.

    Parameters
    ----------
    model : Sbg
        From `fit_sbg`; its periods are the unit of everything here.
    margin : float
        Yuan a period.
    discount : float
        A fraction a period; make it from a yearly one with `rate_per_unit`.
    horizon : int
        How many further renewals count.
    renewals : int
        How often the customer has renewed already: 0 for a new one. Older ones are worth more.
    first_margin : {"period_end", "now"}
        ``"now"`` adds the margin of the period just paid; otherwise only renewals count.

    Returns
    -------
    float
        Yuan: ``margin * sum(S(n + t) / S(n) / (1 + d)**t)``, t from 1 (from 0 with ``"now"``) to
        ``horizon``. Past margins do not count.
    """
    check_timing(first_margin)
    check_discount(discount)
    age, ahead = whole(renewals), whole(horizon)
    survival = (
        sbg_survival(model, age + ahead)["survival"].to_numpy()[age:]
        / (sbg_survival(model, age)["survival"].iloc[-1])
    )
    first = 0 if first_margin == "now" else 1
    discounted = survival / (1 + discount) ** np.arange(ahead + 1)
    return float(margin * discounted[first:].sum())
