"""Forecasts from the past: what sales will be if it goes on.

`history` adds up the orders; `seasonal_naive` is the benchmark to beat, `linear_trend` the straight
line, `holt_winters` follows level, trend and season. `ka_lib.regression` and `ka_lib.boosting` hold
two more with the same call. Guards against the commonest fault: a month that is still running, read
as a slump. Which forecast is better is measured in `ka_lib.accuracy`.
"""

from __future__ import annotations

import math
import warnings
from typing import Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.libraries import library

SEASONS = {"M": 12, "Q": 4}
LEAST_FOR_TREND = 3  # two points always lie on a line: nothing is left to measure its error with
LEAST_FOR_HOLT_WINTERS = {12: 24, 4: 14}  # what statsmodels needs to guess the first seasons


def history(
    orders: pd.DataFrame,
    as_of: str | pd.Timestamp,
    by: Literal["month", "quarter"] = "month",
) -> pd.DataFrame:
    """Add up sales by month or quarter, and mark the one that is still running.

    Parameters
    ----------
    orders : DataFrame
        Columns ``ordered_on`` and ``amount`` (yuan).
    as_of : date
        The last day that is known, itself included. Later orders are left out.
    by : {"month", "quarter"}
        The length of a period.

    Returns
    -------
    DataFrame
        One row a period from the first order to ``as_of``, in order of time: ``period``, ``sales``
        (yuan; 0 where nobody ordered) and ``complete`` (False for the period that ends after
        ``as_of``). The forecasts below leave the incomplete one out. No orders: no rows. If the
        first order fell late in its month, drop that row: it is a part of a month too.

    Raises
    ------
    ParameterError
        All orders are later than ``as_of``.
    """
    day = pd.Timestamp(as_of)
    known = orders[orders["ordered_on"] <= day]
    if known.empty and len(orders):
        raise ParameterError("forecast.as_of", as_of=day.date())
    unit = "M" if by == "month" else "Q"
    period = known["ordered_on"].dt.to_period(unit)
    first = period.min() if len(known) else day.to_period(unit) + 1
    every = pd.period_range(first, day.to_period(unit), freq=unit, name="period")
    sales = known.groupby(period)["amount"].sum().reindex(every, fill_value=0.0)
    table = sales.astype("float64").rename("sales").rename_axis("period").reset_index()
    return table.assign(complete=table["period"].dt.end_time.dt.normalize() <= day)


def complete_periods(history: pd.DataFrame) -> pd.DataFrame:
    """Return the periods that a forecast may learn from, in order of time.

    Parameters
    ----------
    history : DataFrame
        ``period`` (pandas periods, months or quarters) and ``sales`` (yuan); rows whose
        ``complete`` is False are left out (without that column all are complete).

    Returns
    -------
    DataFrame
        ``period`` and ``sales``.

    Raises
    ------
    ParameterError
        ``period`` holds no months or quarters, one is missing or there twice, or has no sales.
    """
    season(history)
    known = history[history["complete"]] if "complete" in history else history
    known = known[["period", "sales"]].sort_values("period", ignore_index=True)
    place = known["period"].astype("int64")
    broken = known["period"][(place.diff() != 1) & (place.index > 0) | known["sales"].isna()]
    if len(broken):
        raise ParameterError("forecast.gap", period=broken.iloc[0])
    return known


def season(history: pd.DataFrame) -> int:
    """Return how many periods make a year: 12 months or 4 quarters."""
    kind = history["period"].dtype
    unit = kind.freq.freqstr[0] if isinstance(kind, pd.PeriodDtype) else ""
    if unit not in SEASONS:
        raise ParameterError("forecast.period", given=kind)
    return SEASONS[unit]


def seasonal_naive(history: pd.DataFrame, horizon: int, level: float = 0.8) -> pd.DataFrame:
    """Forecast each period as the same period of the last known year.

    Parameters
    ----------
    history : DataFrame
        From `history`. Needs a complete year.
    horizon : int
        How many periods ahead.
    level : float
        How often the truth should fall between ``low`` and ``high``. Default 0.8.

    Returns
    -------
    DataFrame
        One row a period after the last complete one: ``period``, ``forecast``, ``low``, ``high``
        (yuan). The bounds are forecast -+ z * s * sqrt(years ahead), s the root mean square of
        the year-on-year changes; missing while less than one such change is known.

    Raises
    ------
    ParameterError
        The history is too short or broken, the horizon or the level makes no sense.

    Notes
    -----
    The simplest forecast that knows the seasons. A model that does not beat it is not worth its
    trouble. Spring Festival moves between January and February: read these two together.

    References
    ----------
    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 2nd ed., sections 3.1 and 3.5.
    """
    known, year = complete_periods(history), season(history)
    check(known, horizon, level, least=year)
    sales = known["sales"].to_numpy(float)
    changes = sales[year:] - sales[:-year]
    step = np.arange(horizon)
    center = sales[-year:][step % year]
    error = math.sqrt((changes**2).mean()) if changes.size else float("nan")
    return future(known, center, error * np.sqrt(step // year + 1.0) * _normal(level))


def linear_trend(history: pd.DataFrame, horizon: int, level: float = 0.8) -> pd.DataFrame:
    """Forecast by the straight line that fits the past best (least squares).

    Parameters
    ----------
    history : DataFrame
        From `history`. Needs three complete periods.
    horizon : int
        How many periods ahead.
    level : float
        How often the truth should fall between ``low`` and ``high``. Default 0.8.

    Returns
    -------
    DataFrame
        As from `seasonal_naive`. The bounds are the prediction interval of simple regression,
        t * s * sqrt(1 + 1/n + (x - mean x)^2 / Sxx), which widens with the distance.

    Raises
    ------
    ParameterError
        The history is too short or broken, the horizon or the level makes no sense.

    Notes
    -----
    The line knows no seasons: with monthly sales it misses every December. A falling line goes
    below zero in the end; it is not cut off, so that you see where it stops making sense.
    """
    from scipy.stats import linregress, t

    known = complete_periods(history)
    check(known, horizon, level, least=LEAST_FOR_TREND)
    sales, n = known["sales"].to_numpy(float), len(known)
    x = np.arange(n)
    line = linregress(x, sales)
    error = math.sqrt(((sales - line.intercept - line.slope * x) ** 2).sum() / (n - 2))
    ahead = np.arange(n, n + horizon)
    width = np.sqrt(1 + 1 / n + (ahead - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
    half_width = t.ppf((1 + level) / 2, n - 2) * error * width
    return future(known, line.intercept + line.slope * ahead, half_width)


def holt_winters(
    history: pd.DataFrame,
    horizon: int,
    level: float = 0.8,
    seasonal: Literal["additive", "multiplicative"] = "additive",
) -> pd.DataFrame:
    """Forecast by level, trend and season, each updated a little with every new period.

    Parameters
    ----------
    history : DataFrame
        From `history`. Needs 24 months or 14 quarters; three years and more do better.
    horizon : int
        How many periods ahead.
    level : float
        How often the truth should fall between ``low`` and ``high``. Default 0.8.
    seasonal : {"additive", "multiplicative"}
        December sells so many yuan more than an average month, or so many percent more. Where
        sales grow, the second is usually nearer; it needs every period above zero.

    Returns
    -------
    DataFrame
        As from `seasonal_naive`. The bounds come from the model's own errors: a formula for
        "additive", 1,000 simulated futures with a fixed seed for "multiplicative".

    Raises
    ------
    ParameterError
        The history is too short or broken, the horizon, the level or ``seasonal`` makes no sense,
        or sales are not above zero throughout with "multiplicative".
    KaError
        statsmodels is not installed.

    Notes
    -----
    ETS(A,A,A) and ETS(M,A,M), fitted by statsmodels from a heuristic start. How fast level, trend
    and season learn is estimated; two years hold little to learn that from. statsmodels takes the
    errors' spread as if nothing had been estimated, so the bounds are widened by sqrt(n / (n - k)),
    k = the seasons + 4. On odd histories (one huge month among small ones) the search for the best fit
    may stop short; the best found is used. Assumes that the season keeps its shape; Spring Festival, which moves
    between January and February, does not.

    References
    ----------
    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 2nd ed., sections 7.3 and 7.7.
    """
    known, year = complete_periods(history), season(history)
    check(known, horizon, level, least=LEAST_FOR_HOLT_WINTERS[year])
    kinds = {"additive": "add", "multiplicative": "mul"}
    if seasonal not in kinds:
        raise ParameterError("forecast.seasonal", given=seasonal)
    kind, n = kinds[seasonal], len(known)
    if kind == "mul" and known["sales"].min() <= 0:
        raise ParameterError("forecast.positive", given=known["sales"].min())
    if (
        known["sales"] == known["sales"].iloc[0]
    ).all():  # nothing moves, so there is nothing to fit
        return future(known, np.full(horizon, known["sales"].iloc[0]), np.zeros(horizon))
    # In units of the average period: the search for the best fit then takes the same steps
    # whatever the money is counted in.
    unit = known["sales"].abs().mean()
    ets = library("statsmodels.tsa.exponential_smoothing.ets")
    model = ets.ETSModel(
        known["sales"] / unit,
        error=kind,
        trend="add",
        seasonal=kind,
        seasonal_periods=year,
        initialization_method="heuristic",
    )
    seed = {"rng": np.random.default_rng(0)} if kind == "mul" else {}
    with warnings.catch_warnings():
        # On odd histories the search stops short; the best it has found is taken.
        warnings.filterwarnings("ignore", "Maximum Likelihood optimization failed to converge")
        fitted = model.fit(disp=False)
    ahead = fitted.get_prediction(n, n + horizon - 1, **seed)
    table = ahead.summary_frame(alpha=1 - level).to_numpy(float) * unit
    center, (low, high) = table[:, 0], (table[:, -2], table[:, -1])
    wider = math.sqrt(n / (n - year - 4))
    made = future(known, center, np.zeros(horizon))
    return made.assign(low=center + (low - center) * wider, high=center + (high - center) * wider)


def check(known: pd.DataFrame, horizon: int, level: float, least: int) -> None:
    """Refuse a history of fewer than ``least`` periods, and a horizon or level that means nothing."""
    if len(known) < least:
        raise ParameterError("forecast.short", given=len(known), least=least)
    if horizon < 1 or horizon != int(horizon):
        raise ParameterError("forecast.horizon", given=horizon)
    if not 0 < level < 1:
        raise ParameterError("forecast.level", given=level)


def _normal(level: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + level) / 2))


def future(known: pd.DataFrame, center: np.ndarray, half_width: np.ndarray) -> pd.DataFrame:
    """Return the table that every forecast has: the periods after ``known`` and their bounds."""
    last = known["period"].iloc[-1]
    ahead = pd.period_range(last + 1, periods=len(center), name="period")
    columns = {"forecast": center, "low": center - half_width, "high": center + half_width}
    return pd.DataFrame({"period": ahead, **columns})
