"""Customer lifetime value, by three models that say their name.

The margin multiple for a first estimate, sBG for customers under contract (they tell you when they
leave), BG/NBD with Gamma-Gamma for those who simply stop ordering. Prevents the classic fault of
weeks read as days: the time unit travels with the data and the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

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
FEWEST_COUNTS = 3


@dataclass(frozen=True)
class Sbg:
    """A fitted shifted-beta-geometric model: how the chance to leave differs among customers."""

    alpha: float
    beta: float
    log_likelihood: float
    customers: int


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
    _discount(yearly)
    return float((1 + yearly) ** (DAYS[_unit(unit)] / YEAR_DAYS) - 1)


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
    _timing(first_margin)
    _discount(discount)
    if not 0 <= retention <= 1:
        raise ParameterError("clv.retention", given=retention)
    if not 1 + discount > retention:
        raise ParameterError("clv.endless")
    paid = 1 + discount if first_margin == "now" else retention
    return margin * paid / (1 + discount - retention)


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

    (alpha, beta), best = _maximise(log_likelihood, [1.0, 1.0], counts[0])
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
    age = np.arange(_horizon(periods) + 1)
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
    _timing(first_margin)
    _discount(discount)
    age, ahead = _horizon(renewals), _horizon(horizon)
    survival = (
        sbg_survival(model, age + ahead)["survival"].to_numpy()[age:]
        / (sbg_survival(model, age)["survival"].iloc[-1])
    )
    first = 0 if first_margin == "now" else 1
    discounted = survival / (1 + discount) ** np.arange(ahead + 1)
    return float(margin * discounted[first:].sum())


def purchase_history(
    orders: pd.DataFrame, as_of: str | pd.Timestamp, unit: Unit, since: str | None = None
) -> pd.DataFrame:
    """Sum up each account's purchases for BG/NBD and Gamma-Gamma.

    Parameters
    ----------
    orders : DataFrame
        Columns ``account_id``, ``ordered_on``, ``amount`` (yuan), reaching back to each account's
        first order.
    as_of : date
        The last day the data covers, included; later orders are not known yet.
    unit : {"day", "week", "month", "quarter", "year"}
        The time unit, kept in the frame.
    since : date, optional
        Only accounts whose first order is on or after this day, when older first orders are lost.

    Returns
    -------
    DataFrame
        One row an account: ``account_id``; ``repeats`` (x of the papers: purchase days after the
        first), ``last_at`` (t_x, there called recency: the age at the last purchase, **not** the
        days since it, as in RFM), ``age`` (T: from the first purchase to ``as_of``),
        ``mean_amount`` (yuan a repeat purchase; missing without one), ``past_amount`` (yuan,
        first purchase included) and ``unit``. Orders of one day are one purchase; returns
        (amounts not above zero) are left out of all but ``past_amount``.

    Raises
    ------
    ParameterError
        The unit is unknown.
    """
    day = pd.Timestamp(as_of)
    known = orders[orders["ordered_on"] <= day]
    bought = known[known["amount"] > 0]
    daily = bought.groupby(["account_id", "ordered_on"], as_index=False)["amount"].sum()
    first = daily.groupby("account_id")["ordered_on"].transform("min")
    table = daily.groupby("account_id")["ordered_on"].agg(["min", "max", "size"])
    repeat = daily[daily["ordered_on"] > first].groupby("account_id")["amount"].mean()
    past = known.groupby("account_id")["amount"].sum()
    history = pd.DataFrame(
        {
            "repeats": table["size"] - 1,
            "last_at": (table["max"] - table["min"]).dt.days / DAYS[_unit(unit)],
            "age": (day - table["min"]).dt.days / DAYS[unit],
            "mean_amount": repeat.reindex(table.index),
            "past_amount": past.reindex(table.index),
            "unit": unit,
        }
    )
    if since is not None:
        history = history[table["min"] >= pd.Timestamp(since)]
    return history.rename_axis("account_id").reset_index()


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
    unit = _checked_unit(history)
    if not (history["repeats"] > 0).any():
        raise ParameterError("clv.no_repeats")
    # Equal customers count as one row with a weight; the order of rows cannot matter then.
    same = history.groupby(["repeats", "last_at", "age"]).size().rename("n").reset_index()
    x, last_at, age, n = (same[c].to_numpy("float64") for c in ("repeats", "last_at", "age", "n"))
    scale = float(age.mean())
    start = [1.0, scale, 1.0, 2.0]
    parameters, best = _maximise(
        lambda p: float(n @ _bg_nbd_log(p, x, last_at, age)), start, n.sum()
    )
    r, alpha, a, b = parameters
    return BgNbd(r, alpha, a, b, unit, best, int(n.sum()))


def _bg_nbd_log(parameters: Values, x: Values, last_at: Values, age: Values) -> Values:
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
    unit = _checked_unit(history, model.unit)
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

    (p, q, v), best = _maximise(log_likelihood, [2.0, 2.0, 1.0], len(x))
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


def lifetime_value(  # noqa: PLR0913 - every assumption of a value is named
    history: pd.DataFrame,
    purchases: BgNbd,
    amounts: GammaGamma,
    *,
    horizon: int,
    discount: float,
    margin: float,
    past: Literal["out", "in"] = "out",
) -> pd.DataFrame:
    """Return the value of each customer who is not under contract.

    Parameters
    ----------
    history : DataFrame
        From `purchase_history`, in the unit of ``purchases``.
    purchases, amounts : BgNbd, GammaGamma
        The fitted models.
    horizon : int
        Whole units of the model to look ahead: 52 for a year of weeks.
    discount : float
        A fraction **per that unit**; make it from a yearly one with `rate_per_unit`.
    margin : float
        The part of an order that is earned, a fraction.
    past : {"out", "in"}
        ``"in"`` adds the margin on what was bought already, undiscounted. A decision about the
        future needs ``"out"``.

    Returns
    -------
    DataFrame
        ``account_id``, ``active``, ``expected_purchases`` (in the horizon), ``expected_amount``
        (yuan) and ``value`` (yuan of margin; the purchases of each unit are discounted from its end).

    Raises
    ------
    ParameterError
        The units differ, the horizon is not whole, the margin above 1 or the discount negative.
    """
    _discount(discount)
    if past not in ("out", "in"):
        raise ParameterError("clv.choice", given=past, choices="out, in")
    if not margin <= 1:
        raise ParameterError("clv.margin", given=margin)
    result = expected_purchases(purchases, history, _horizon(horizon))
    result["expected_amount"] = expected_amount(amounts, history)
    so_far, worth = np.zeros(len(history)), np.zeros(len(history))
    for t in range(1, horizon + 1):
        reached = expected_purchases(purchases, history, t)["expected_purchases"].to_numpy()
        worth += (reached - so_far) / (1 + discount) ** t
        so_far = reached
    result["value"] = margin * worth * result["expected_amount"]
    if past == "in":
        result["value"] += margin * history["past_amount"].to_numpy("float64")
    return result


def _maximise(
    log_likelihood: Callable[[Values], float], start: list[float], count: float
) -> tuple[list[float], float]:
    """Return the positive parameters with the highest log-likelihood, and that likelihood."""
    from scipy.optimize import minimize

    low, high = np.log(start) - 12, np.log(start) + 12
    options = {"xatol": 1e-7, "fatol": 1e-11, "maxiter": 10_000, "maxfev": 20_000}
    best = np.log(start)
    # Nelder and Mead's simplex can collapse on a slope: start again where it stopped until it stays.
    for _ in range(10):
        found = minimize(
            lambda logs: -log_likelihood(np.exp(logs)) / count,
            best,
            method="Nelder-Mead",
            bounds=list(zip(low, high, strict=True)),
            options=options,
        )
        stays = np.abs(found.x - best).max() < 1e-5  # noqa: PLR2004
        best = found.x
        if stays:
            break
    # At a bound, the data push a parameter to zero or without end: there is no best fit.
    at_bound = (np.abs(found.x - low) < 1e-3).any() or (np.abs(found.x - high) < 1e-3).any()  # noqa: PLR2004
    if not found.success or at_bound:
        raise ParameterError("clv.no_fit")
    return [float(value) for value in np.exp(found.x)], float(-found.fun * count)


def _checked_unit(history: pd.DataFrame, wanted: str | None = None) -> str:
    units = sorted(set(history["unit"])) or [wanted or ""]
    if len(units) > 1 or (wanted and units[0] != wanted):
        found = ", ".join(map(str, units))
        raise ParameterError("clv.units", found=found, wanted=wanted or units[0])
    impossible = (
        (history["repeats"] < 0)
        | (history["last_at"] < 0)
        | ~(history["last_at"] <= history["age"])
        | ((history["repeats"] == 0) & (history["last_at"] > 0))
    )
    if impossible.any():
        raise ParameterError("clv.history", count=int(impossible.sum()))
    return units[0]


def _unit(unit: str) -> str:
    if unit not in DAYS:
        raise ParameterError("clv.choice", given=unit, choices=", ".join(get_args(Unit)))
    return unit


def _timing(first_margin: str) -> None:
    if first_margin not in get_args(Timing):
        raise ParameterError("clv.choice", given=first_margin, choices=", ".join(get_args(Timing)))


def _discount(discount: float) -> None:
    if not (np.isfinite(discount) and discount >= 0):
        raise ParameterError("clv.discount", given=discount)


def _horizon(horizon: int) -> int:
    if horizon != int(horizon) or horizon < 0:
        raise ParameterError("clv.whole", given=horizon)
    return int(horizon)
