"""Annual targets: how the year is shared out, down to the last yuan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping


def seasonality(
    orders: pd.DataFrame,
    years: list[int],
    by: Literal["quarter", "month"] = "quarter",
) -> pd.Series:
    """Return the share of a year's sales that falls into each quarter or month.

    Parameters
    ----------
    orders : DataFrame
        Columns ``ordered_on`` and ``amount`` (yuan).
    years : list of int
        Complete years only: a year that is still running would make its last months look small.
    by : {"quarter", "month"}
        The parts of the year.

    Returns
    -------
    Series
        Fractions that sum to 1, by quarter (1-4) or month (1-12). Base: all sales of these years.

    Raises
    ------
    ParameterError
        There are no sales in these years.
    """
    date = orders["ordered_on"].dt
    inside = date.year.isin(years)
    part = date.quarter if by == "quarter" else date.month
    sales = orders[inside].groupby(part[inside])["amount"].sum()
    if not sales.sum() > 0:
        raise ParameterError("targets.no_sales", years=", ".join(map(str, years)))
    every = range(1, 5) if by == "quarter" else range(1, 13)
    return (sales.reindex(every, fill_value=0) / sales.sum()).rename("share").rename_axis(by)


def split(total: int, weights: pd.Series | Mapping[object, float]) -> pd.Series:
    """Share out a target in whole yuan so that the parts add up to it exactly.

    Parameters
    ----------
    total : int
        The target in yuan.
    weights : Series or mapping
        Part -> weight, zero or more. They need not sum to 1.

    Returns
    -------
    Series
        Whole yuan by part, in the order of ``weights``; sums to ``total``. Largest remainder: each
        part is rounded down, and the yuan left over go to the largest fractions (the
        earlier part first where fractions are equal).

    Raises
    ------
    ParameterError
        A weight is negative or missing, or all are zero, or the total is not whole and positive.

    Examples
    --------
    >>> split(100, {"Q1": 1, "Q2": 1, "Q3": 1}).to_dict()
    {'Q1': 34, 'Q2': 33, 'Q3': 33}
    """
    shares = pd.Series(weights, dtype="float64")
    if shares.isna().any() or (shares < 0).any() or not shares.sum() > 0:
        raise ParameterError("targets.weights")
    if total != int(total) or total < 0:
        raise ParameterError("targets.total", given=total)
    exact = shares / shares.sum() * int(total)
    parts = exact.astype("int64")
    left_over = int(total) - int(parts.sum())
    by_remainder = (exact - parts).sort_values(ascending=False, kind="stable").index
    parts[by_remainder[:left_over]] += 1
    return parts.rename("target")
