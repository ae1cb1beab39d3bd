"""Multiple regression: sales as trend, plus month, plus what drives them, one coefficient each.

`coefficients` says what each of them is worth in yuan, `forecast` adds them up for the months ahead.
A driver (promotion days, shops listed, a price index) is a column of a frame with ``period``;
it must be known for the months ahead too, from the calendar or the plan. Guards against two drivers
that say the same thing, whose coefficients would be arbitrary, and against a history too short for
the number of coefficients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.forecast import check, complete_periods, future, season
from ka_lib.libraries import library

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPARE = 3  # periods more than coefficients, so that the error of the fit can be told at all
_NAMES = {12: "month", 4: "quarter"}


def coefficients(
    history: pd.DataFrame, drivers: pd.DataFrame | None = None, level: float = 0.8
) -> pd.DataFrame:
    """Say what an average period, the trend, each month and each driver are worth.

    Parameters
    ----------
    history : DataFrame
        From `ka_lib.forecast.history`. Needs two complete years, and three periods more than
        there are coefficients.
    drivers : DataFrame, optional
        ``period`` and one column of numbers a driver, for every period of the history.
    level : float
        How often the true coefficient should lie between ``low`` and ``high``. Default 0.8.

    Returns
    -------
    DataFrame
        ``term``, ``worth``, ``low`` and ``high`` (yuan). Terms: ``level``, what an average month
        would sell at the end of the history with every driver at 0; ``trend``, more a period;
        ``month_1`` to ``month_12`` (``quarter_1`` to ``quarter_4``), against the average month, so
        they sum to 0; then each driver, yuan more for one unit more of it, all else equal.

    Raises
    ------
    ParameterError
        The history is too short or broken; a driver misses a period or cannot be told apart from
        the trend, the months or another driver.
    KaError
        statsmodels is not installed.

    Notes
    -----
    Ordinary least squares. Assumes a straight trend, months that keep their distance in yuan, and
    errors that are independent and equally wide. A coefficient is what goes together with sales,
    not proof of what causes them: promotions are held when sales are expected anyway.
    """
    known = complete_periods(history)
    fitted, terms = _fit(known, drivers, level=level, horizon=1)
    year = season(history)
    # From a level for each month to their mean, and each month's distance from it.
    contrast = np.eye(len(terms))
    contrast[:year, :year] -= 1 / year
    mean = np.zeros((1, len(terms)))
    mean[0, :year] = 1 / year
    read = fitted.t_test(np.vstack([mean, contrast]))
    bounds = read.conf_int(alpha=1 - level)
    table = pd.DataFrame(
        {
            "term": ["level", *terms],
            "worth": read.effect,
            "low": bounds[:, 0],
            "high": bounds[:, 1],
        }
    )
    order = [0, year + 1, *range(1, year + 1), *range(year + 2, len(table))]
    return table.iloc[order].reset_index(drop=True)


def forecast(
    history: pd.DataFrame,
    horizon: int,
    level: float = 0.8,
    drivers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Forecast by adding up trend, month and drivers.

    Parameters
    ----------
    history : DataFrame
        As for `coefficients`.
    horizon : int
        How many periods ahead.
    level : float
        How often the truth should fall between ``low`` and ``high``. Default 0.8.
    drivers : DataFrame, optional
        As for `coefficients`, and for the periods ahead as well. For a backtest, hand it over
        beforehand: ``functools.partial(ka.regression.forecast, drivers=plan)``.

    Returns
    -------
    DataFrame
        One row a period after the last complete one: ``period``, ``forecast``, ``low``, ``high``
        (yuan). The bounds are the prediction interval of the regression, with t values; they take
        the drivers ahead as certain.

    Raises
    ------
    ParameterError
        As from `coefficients`; the horizon or the level makes no sense.
    KaError
        statsmodels is not installed.

    Notes
    -----
    In a backtest, drivers must be what was planned at the time. With what came in the end (actual
    shop visits, a competitor's actual price) the model looks better than it will ever be.

    References
    ----------
    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 2nd ed., chapter 5.
    """
    known = complete_periods(history)
    fitted, _ = _fit(known, drivers, level=level, horizon=horizon)
    last = known["period"].iloc[-1]
    ahead = pd.period_range(last + 1, periods=horizon)
    rows = _design(ahead, last, drivers).to_numpy(float)
    table = fitted.get_prediction(rows).summary_frame(alpha=1 - level)
    made = future(known, table["mean"].to_numpy(), np.zeros(horizon))
    return made.assign(low=table["obs_ci_lower"].to_numpy(), high=table["obs_ci_upper"].to_numpy())


def _fit(
    known: pd.DataFrame, drivers: pd.DataFrame | None, level: float, horizon: int
) -> tuple[Any, list[str]]:
    """Return the fitted regression and the names of its terms."""
    year = season(known)
    count = 0 if drivers is None else len(drivers.columns.drop("period", errors="ignore"))
    check(known, horizon, level, least=max(2 * year, year + 1 + count + SPARE))
    design = _design(pd.PeriodIndex(known["period"]), known["period"].iloc[-1], drivers)
    _check_told_apart(design, year)
    ols = library("statsmodels.regression.linear_model")
    fitted = ols.OLS(known["sales"].to_numpy(float), design.to_numpy(float)).fit()
    return fitted, list(design.columns)


def _design(periods: pd.PeriodIndex, last: pd.Period, drivers: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row a period: a 1 under its month, its distance from ``last``, its drivers."""
    unit = "M" if periods.freqstr.startswith("M") else "Q"
    year = {"M": 12, "Q": 4}[unit]
    number = np.asarray(periods.month if unit == "M" else periods.quarter)
    design = pd.DataFrame(
        {f"{_NAMES[year]}_{i}": (number == i).astype(float) for i in range(1, year + 1)},
        index=periods,
    )
    design["trend"] = (periods.astype("int64") - last.ordinal).astype(float)
    return design if drivers is None else design.join(_driver_values(drivers, periods))


def _driver_values(drivers: pd.DataFrame, periods: pd.PeriodIndex) -> pd.DataFrame:
    if "period" not in drivers or drivers["period"].dtype != periods.dtype:
        given = drivers["period"].dtype if "period" in drivers else "-"
        raise ParameterError("regression.period", given=given)
    twice = drivers["period"][drivers["period"].duplicated()]
    if len(twice):
        raise ParameterError("regression.twice", period=twice.min())
    values = drivers.set_index("period").reindex(periods)
    for name in values.columns:
        if not pd.api.types.is_numeric_dtype(values[name]):
            raise ParameterError("regression.number", name=name)
        gap = values.index[values[name].isna()]
        if len(gap):
            raise ParameterError("regression.gap", name=name, period=gap[0])
    return values


def _check_told_apart(design: pd.DataFrame, year: int) -> None:
    """Refuse a driver that is a sum of the terms before it: its share cannot be told."""
    values: NDArray[np.float64] = design.to_numpy(float)
    size = np.sqrt((values**2).sum(axis=0))
    scaled = values / np.where(size > 0, size, 1.0)
    for i in range(year + 1, scaled.shape[1]):
        if np.linalg.matrix_rank(scaled[:, : i + 1], tol=1e-8) <= i:
            raise ParameterError("regression.same", name=design.columns[i])
