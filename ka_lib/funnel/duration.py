"""How long deals take, as a whole and in each stage, those still running included."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.funnel.figures import Cycle
from ka_lib.tables import STAGES

HALF = 0.5


def sales_cycle(
    deals: pd.DataFrame,
    start: str = "contact",
    end: str = "delivery",
    *,
    open_deals: Literal["out", "censored"] = "out",
    as_of: str | pd.Timestamp | None = None,
) -> Cycle:
    """Measure the days from one stage to another.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.
    start, end : str
        The two events, stage codes. Default: first contact to signature.
    open_deals : {"out", "censored"}
        ``"out"`` measures finished deals only. ``"censored"`` also uses the open ones, which
        have lasted at least until ``as_of``; the median is then Kaplan and Meier's, and the mean
        is missing, because the longest deals have no end yet.
    as_of : date, optional
        Needed with ``"censored"``.

    Returns
    -------
    Cycle
        Mean, median and number of finished deals. Deals without the start event (a skipped
        stage) are left out. A mean of 60 days can hide a median of 33: read both.
    """
    started = deals[deals[start].notna()]
    days = (started[end] - started[start]).dt.days
    finished = days.dropna()
    if open_deals == "out":
        return Cycle(float(finished.mean()), float(finished.median()), len(finished))
    if as_of is None:
        raise ParameterError("funnel.as_of")
    waiting = started[(started["status"] == "open") & started[end].isna()]
    running = (pd.Timestamp(as_of) - waiting[start]).dt.days
    return Cycle(float("nan"), _kaplan_meier_median(finished, running), len(finished))


def time_in_stage(deals: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Measure how long deals stay in each stage before they move on.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.
    as_of : date
        The day until which open deals have stayed at least.

    Returns
    -------
    DataFrame
        One row a stage but the last: ``stage``, ``median_days`` (Kaplan-Meier: open deals count
        as not finished, lost ones as leaving the stage on the day they were lost; missing
        while fewer than half have moved on), ``count`` (moved on) and ``open_count``.
    """
    rows = []
    entered = deals[list(STAGES)]
    # The next date to the right: skipped stages pass their deal on to the one after.
    moved_on = entered.bfill(axis="columns").shift(-1, axis="columns")
    for stage in STAGES[:-1]:
        here = entered[stage].notna()
        left = moved_on.loc[here, stage].fillna(deals.loc[here, "closed_on"])
        days = (left - entered.loc[here, stage]).dt.days
        waiting = left.isna() & (deals.loc[here, "status"] == "open")
        running = (pd.Timestamp(as_of) - entered.loc[here, stage][waiting]).dt.days
        finished = days.dropna().clip(lower=0)
        rows.append(
            {
                "stage": stage,
                "median_days": _kaplan_meier_median(finished, running),
                "count": len(finished),
                "open_count": len(running),
            }
        )
    return pd.DataFrame(rows)


def _kaplan_meier_median(finished: pd.Series, running: pd.Series) -> float:
    """Return the time by which half have finished, open ones counted as still running."""
    if finished.empty:
        return float("nan")
    from scipy.stats import CensoredData, ecdf

    survival = ecdf(
        CensoredData(uncensored=finished.to_numpy(float), right=running.to_numpy(float))
    ).sf
    passed = survival.quantiles[survival.probabilities <= HALF]
    return float(passed[0]) if passed.size else float("nan")
