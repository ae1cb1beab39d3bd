"""Gradient boosting for sales: many small decision trees, each mending what the last got wrong.

Trees cannot go beyond what they have seen, so sales themselves are no target for them when
business grows. `forecast` therefore learns the change against the same month last year. Whether it
is worth its trouble, `ka_lib.accuracy.backtest` says; on a few years of months it often is not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ka_lib.forecast import check, complete_periods, future, season
from ka_lib.libraries import library

FEATURES = ("place_in_year", "change_last", "change_last_three")


def forecast(history: pd.DataFrame, horizon: int, level: float = 0.8) -> pd.DataFrame:
    """Forecast the change on the same period last year, one period after the other.

    Parameters
    ----------
    history : DataFrame
        From `ka_lib.forecast.history`. Needs two complete years; below five it has little to
        learn from.
    horizon : int
        How many periods ahead. Each forecast is taken as fact by the next.
    level : float
        Checked like the other forecasts' level, but see below.

    Returns
    -------
    DataFrame
        One row a period after the last complete one: ``period``, ``forecast`` (yuan), ``low`` and
        ``high``, which are missing: the errors of boosted trees on what they learned from are far
        too small to draw honest bounds from. Take the spread of a backtest instead.

    Raises
    ------
    ParameterError
        The history is too short or broken, the horizon or the level makes no sense.
    KaError
        scikit-learn is not installed.

    Notes
    -----
    scikit-learn's HistGradientBoostingRegressor with a fixed random state. Target: (sales - sales
    a year before) / mean of the 12 months (4 quarters) up to then. Features: the month (quarter)
    of the year, the change of the period before, and the mean change of the last three. Assumes
    that changes repeat; a jump larger than any before cannot be forecast.
    """
    known, year = complete_periods(history), season(history)
    check(known, horizon, level, least=2 * year)
    sales = known["sales"].to_numpy(float)
    first = known["period"].dt.month if year == 12 else known["period"].dt.quarter  # noqa: PLR2004 - months
    place = np.resize(np.roll(np.arange(1, year + 1), 1 - int(first.iloc[0])), len(sales) + horizon)
    model = library("sklearn.ensemble").HistGradientBoostingRegressor(
        max_leaf_nodes=8, min_samples_leaf=5, early_stopping=False, random_state=0
    )
    changes = _changes(sales, year)
    model.fit(_features(changes, place[year : len(sales)]), changes)
    for _ in range(horizon):
        row = _features(np.append(changes, np.nan), place[year : len(sales) + 1])[-1:]
        change = float(model.predict(row)[0])
        sales = np.append(sales, sales[-year] + change * sales[-year:].mean())
        changes = np.append(changes, change)
    return future(known, sales[-horizon:], np.full(horizon, np.nan))


def _changes(sales: np.ndarray, year: int) -> np.ndarray:
    """Return each period's change on the year before, as a share of the year up to then."""
    average = pd.Series(sales).rolling(year).mean().to_numpy()[year - 1 : -1]
    size = np.where(average != 0, average, 1.0)
    return (sales[year:] - sales[:-year]) / size


def _features(changes: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return `FEATURES` of each period: nothing in a row is of that period itself or later."""
    before = pd.Series(changes).shift()
    columns = {
        "place_in_year": place,
        "change_last": before,
        "change_last_three": before.rolling(3, min_periods=1).mean(),
    }
    return pd.DataFrame(columns)[list(FEATURES)].to_numpy(float)
