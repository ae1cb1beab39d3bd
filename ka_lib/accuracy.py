"""How good a forecast was: errors on periods it had not seen, and probabilities against outcomes.

A model is judged on what came after the data it learned from (`backtest`), never on a random
split of a time series, and always beside the seasonal naive forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.forecast import complete_periods, season

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Accuracy:
    """The errors of ``count`` forecasts.

    ``mae`` and ``rmse`` in yuan, ``mape`` and ``wape`` as fractions, ``mase`` without unit (below
    1: better than seasonal naive was on the training data). ``why_missing`` says why one of them is:
    ``zero_actual`` (MAPE, or WAPE when all are zero), ``no_scale`` (MASE), ``no_forecasts``.
    """

    count: int
    mae: float
    rmse: float
    mape: float
    wape: float
    mase: float
    why_missing: str


@dataclass(frozen=True)
class Brier:
    """The Brier score of ``count`` decided deals (0 is perfect) and the score to beat.

    ``reference`` is what saying the overall win rate for every deal would have scored.
    """

    score: float
    reference: float
    count: int


@dataclass(frozen=True)
class Lift:
    """How much richer in wins the top of a ranked list is than the whole.

    ``lift`` = ``rate`` / ``base_rate``; ``won`` of ``count`` deals at the top, ``base_won`` of
    ``base`` in all. ``won`` has a fraction where equal scores straddle the border.
    """

    lift: float
    rate: float
    won: float
    count: int
    base_rate: float
    base_won: int
    base: int


def naive_scale(history: pd.DataFrame) -> float:
    """Return the scale of MASE: how far a year-old figure was off, on average, in the history.

    Parameters
    ----------
    history : DataFrame
        The training data only, from `ka_lib.forecast.history`.

    Returns
    -------
    float
        Yuan: mean(abs(sales - sales a year before)); missing when there is no year-old figure.
    """
    known, year = complete_periods(history), season(history)
    changes = known["sales"].diff(year).abs()
    return float(changes.mean())


def measure(rows: pd.DataFrame) -> Accuracy:
    """Measure forecasts against what came.

    Parameters
    ----------
    rows : DataFrame
        ``actual`` and ``forecast`` (yuan), one row a forecast; for MASE also ``scale``, from
        `naive_scale` of the data each forecast learned from. `backtest` gives all three.

    Returns
    -------
    Accuracy
        With e = actual - forecast: MAE = mean(abs(e)); RMSE = sqrt(mean(e^2)), which large misses
        weigh on; MAPE = mean(abs(e) / abs(actual)), undefined as soon as one actual is zero
        (leaving that row out would flatter the forecast); WAPE = sum(abs(e)) / sum(abs(actual)),
        which stays; MASE = mean(abs(e) / scale). Base: all rows.

    Raises
    ------
    ParameterError
        A row has no actual or no forecast.

    References
    ----------
    Hyndman & Koehler (2006), Another look at measures of forecast accuracy; Hyndman &
    Athanasopoulos, Forecasting: Principles and Practice, 2nd ed., section 3.4.
    """
    actual, forecast = (rows[name].to_numpy(float) for name in ("actual", "forecast"))
    missing = int((np.isnan(actual) | np.isnan(forecast)).sum())
    if missing:
        raise ParameterError("accuracy.missing", count=missing)
    nan = float("nan")
    if not len(rows):
        return Accuracy(0, nan, nan, nan, nan, nan, "no_forecasts")
    error, size = np.abs(actual - forecast), np.abs(actual)
    scale = rows["scale"].to_numpy(float) if "scale" in rows else np.zeros(len(rows))
    scaled = bool((scale > 0).all())
    causes = {"zero_actual": not size.all(), "no_scale": not scaled}
    return Accuracy(
        count=len(rows),
        mae=float(error.mean()),
        rmse=math.sqrt((error**2).mean()),
        mape=float((error / size).mean()) if size.all() else nan,
        wape=float(error.sum() / size.sum()) if size.any() else nan,
        mase=float((error / scale).mean()) if scaled else nan,
        why_missing=", ".join(name for name, holds in causes.items() if holds),
    )


def backtest(
    history: pd.DataFrame,
    forecasters: Mapping[str, Callable[[pd.DataFrame, int], pd.DataFrame]],
    horizon: int = 1,
    first: int | None = None,
    every: int = 1,
) -> pd.DataFrame:
    """Replay the past: forecast from each origin with what was known then, and compare.

    Parameters
    ----------
    history : DataFrame
        From `ka_lib.forecast.history`; the incomplete period is left out.
    forecasters : mapping of str to function
        Name -> ``f(history, horizon)``, which returns ``period`` and ``forecast`` for the periods
        after the history it is given. `ka_lib.forecast.seasonal_naive` is one.
    horizon : int
        How many periods ahead each forecast goes.
    first : int, optional
        How many periods the first forecast learns from. Default: two years. To hold out the last
        6 periods once: ``horizon=6, first=n - 6``.
    every : int
        How many periods the origin moves on each time. Default 1.

    Returns
    -------
    DataFrame
        One row a forecaster, origin and period: ``forecaster``, ``origin`` (the last period it
        knew), ``ahead`` (how many periods), ``period``, ``actual``, ``forecast``, ``scale`` (of
        MASE). Origins without a full horizon of actuals are left out; none left: no rows.

    Raises
    ------
    ParameterError
        A number is not 1 or more, or a forecaster left out a period.
    """
    known = complete_periods(history)
    first = 2 * season(history) if first is None else first
    for name, number in {"horizon": horizon, "first": first, "every": every}.items():
        if number < 1 or number != int(number):
            raise ParameterError("accuracy.whole", name=name, given=number)
    parts = []
    for end in range(first, len(known) - horizon + 1, every):
        training, test = known.iloc[:end], known.iloc[end : end + horizon]
        test = test.rename(columns={"sales": "actual"}).assign(ahead=range(1, horizon + 1))
        facts = {"origin": training["period"].iloc[-1], "scale": naive_scale(training)}
        for name, forecaster in forecasters.items():
            # A copy, so that no forecaster can reach into what the next one learns from.
            given = forecaster(training.copy(), horizon)[["period", "forecast"]]
            rows = test.merge(given, on="period", how="left").assign(forecaster=name, **facts)
            if len(rows) != horizon or rows["forecast"].isna().any():
                raise ParameterError("accuracy.forecaster", name=name, origin=facts["origin"])
            parts.append(rows)
    columns = ["forecaster", "origin", "ahead", "period", "actual", "forecast", "scale"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def compare(rows: pd.DataFrame) -> pd.DataFrame:
    """Measure each forecaster of a backtest, the best first.

    Parameters
    ----------
    rows : DataFrame
        From `backtest`.

    Returns
    -------
    DataFrame
        One row a forecaster: ``forecaster`` and the figures of `measure`, by MASE, then WAPE.
    """
    measured = [
        {"forecaster": name, **vars(measure(part))} for name, part in rows.groupby("forecaster")
    ]
    columns = ["forecaster", "count", "mae", "rmse", "mape", "wape", "mase", "why_missing"]
    table = pd.DataFrame(measured, columns=columns)
    return table.sort_values(["mase", "wape", "forecaster"], ignore_index=True)


def brier(deals: pd.DataFrame, column: str = "probability") -> Brier:
    """Score win probabilities: mean((probability - outcome)^2), the outcome 1 if won, 0 if lost.

    Parameters
    ----------
    deals : DataFrame
        ``status`` and a column of probabilities that were given before the outcome was known.
    column : str
        Which probabilities: ``"probability"``, ``"own_probability"``...

    Returns
    -------
    Brier
        Base: decided deals that have a probability; open ones are left out. Empty base: missing.

    Raises
    ------
    ParameterError
        A probability is not between 0 and 1.

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability.
    """
    given, won = _decided(deals, column)
    if not len(given):
        return Brier(float("nan"), float("nan"), 0)
    rate = won.mean()
    return Brier(float(((given - won) ** 2).mean()), float(rate * (1 - rate)), len(given))


def calibration(deals: pd.DataFrame, column: str = "probability", bins: int = 10) -> pd.DataFrame:
    """Compare, bin by bin, the probability that was given with the share that was won.

    Parameters
    ----------
    deals : DataFrame
        As for `brier`.
    column : str
        Which probabilities.
    bins : int
        How many bins of equal width from 0 to 1. Default 10.

    Returns
    -------
    DataFrame
        One row a bin: ``from_probability``, ``to_probability`` (one on the border belongs to the upper bin, 1
        to the last), ``count``, ``mean_probability``, ``won_count`` and ``rate`` = won_count /
        count. Well calibrated: ``rate`` near ``mean_probability``. An empty bin has no rate.

    Raises
    ------
    ParameterError
        A probability is not between 0 and 1, or there is less than one bin.
    """
    if bins < 1 or bins != int(bins):
        raise ParameterError("accuracy.whole", name="bins", given=bins)
    given, won = _decided(deals, column)
    edges = np.arange(bins + 1) / bins
    place = (np.searchsorted(edges, given, side="right") - 1).clip(max=bins - 1)
    count = np.bincount(place, minlength=bins)
    won_count = np.bincount(place, weights=won, minlength=bins).astype("int64")
    base = np.where(count, count, np.nan)
    return pd.DataFrame(
        {
            "from_probability": edges[:-1],
            "to_probability": edges[1:],
            "count": count,
            "mean_probability": np.bincount(place, weights=given, minlength=bins) / base,
            "won_count": won_count,
            "rate": won_count / base,
        }
    )


def lift(deals: pd.DataFrame, column: str = "probability", top: float = 0.1) -> Lift:
    """Say how many times more wins the top of a ranked list holds than the average.

    Parameters
    ----------
    deals : DataFrame
        ``status`` and a column to rank by, the best with the highest number: a probability, or the
        rep's own points (turn A, B, C into 3, 2, 1 first).
    column : str
        Which column ranks.
    top : float
        The share of the list that is looked at, above 0 up to 1. Default 0.1; rounded up to whole
        deals.

    Returns
    -------
    Lift
        Base: decided deals that have a score; open ones are left out. 1 is no better than chance.
        Of deals with equal scores across the border, each counts with the share that fits above
        it, so that the order of the rows plays no part. Missing without a win.

    Raises
    ------
    ParameterError
        ``top`` is not above 0 and at most 1.

    Notes
    -----
    Compare two rankings on the same deals only, and look at ``won``: with four wins at the top, one
    more or less is chance.

    Examples
    --------
    >>> ten = pd.DataFrame({"probability": [.9, .8, .7, .6, .5, .4, .3, .2, .1, 0],
    ...                     "status": ["won", "won"] + ["lost"] * 6 + ["won"] * 2})
    >>> lift(ten, top=0.2).lift  # 2 of 2 at the top, 4 of 10 in all
    2.5
    """
    if not 0 < top <= 1:
        raise ParameterError("accuracy.top", given=top)
    base = deals[deals["status"].isin(["won", "lost"]) & deals[column].notna()]
    won, total = (base["status"] == "won").astype("float64"), len(base)
    nan = float("nan")
    if not total:
        return Lift(nan, nan, nan, 0, nan, 0, 0)
    count = math.ceil(top * total - 1e-9)  # 0.07 * 100 is 7.000000000000001
    groups = won.groupby(base[column]).agg(["sum", "size"]).sort_index(ascending=False)
    room = (count - (groups["size"].cumsum() - groups["size"])).clip(lower=0)
    found = float((groups["sum"] * (room / groups["size"]).clip(upper=1)).sum())
    rate, base_rate = found / count, float(won.sum()) / total
    times = rate / base_rate if base_rate else nan
    return Lift(times, rate, found, count, base_rate, int(won.sum()), total)


def _decided(deals: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities and outcomes (1 won, 0 lost) of the decided deals."""
    base = deals[deals["status"].isin(["won", "lost"]) & deals[column].notna()]
    given = base[column].to_numpy(float)
    wrong = given[(given < 0) | (given > 1)]
    if wrong.size:
        raise ParameterError("pipeline.probability", given=wrong[0])
    # Sorted, so that sums round the same whatever the order of the rows.
    order = np.lexsort([base["status"].to_numpy(str), given])
    return given[order], (base["status"] == "won").to_numpy(float)[order]
