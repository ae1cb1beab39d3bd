"""Where value leaks against an earlier period: the gap of each step, the bottleneck, the causes."""

from __future__ import annotations

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.funnel.stages import reached
from ka_lib.tables import STAGES


def gap(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Work out what each step cost against an earlier period.

    Parameters
    ----------
    now, before : DataFrame
        Two frames from `deals`, cut at the same day of their year.

    Returns
    -------
    DataFrame
        One row a step: ``stage``, ``next_stage``, ``rate_now``, ``rate_before``, ``lost_value``
        (yuan of the deals lost at this step now) and ``value_gained``: the yuan that would have
        been signed on top, had this step alone kept its earlier rate
        (signed value * (rate_before / rate_now - 1)). Negative: the step got better.

    Notes
    -----
    The step with the lowest rate, or with the most value lost, is seldom the one to work on:
    early steps always lose many, late steps always lose large ones.
    """
    table_now, table_before = reached(now), reached(before)
    signed = table_now["value"].iloc[-1]
    rate_now = table_now["step_rate"].iloc[1:].to_numpy()
    rate_before = table_before["step_rate"].iloc[1:].to_numpy()
    steps = pd.DataFrame(
        {
            "stage": list(STAGES[:-1]),
            "next_stage": list(STAGES[1:]),
            "rate_now": rate_now,
            "rate_before": rate_before,
            "lost_value": table_now["lost_value"].iloc[:-1].to_numpy(),
        }
    )
    possible = steps["rate_now"] > 0
    gained = signed * (steps["rate_before"] / steps["rate_now"].where(possible) - 1)
    steps["value_gained"] = gained
    return steps


def bottleneck(gap: pd.DataFrame) -> pd.Series | None:
    """Return the step whose return to its earlier rate would sign the most, or None.

    Parameters
    ----------
    gap : DataFrame
        From `gap`.

    Returns
    -------
    Series or None
        That row of ``gap``; None when no step is worse than before.
    """
    worse = gap[gap["value_gained"] > 0]
    return None if worse.empty else worse.loc[worse["value_gained"].idxmax()]


def effects(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Split a gap in signed value into fewer deals, smaller deals and lower conversion.

    Parameters
    ----------
    now, before : DataFrame
        Two frames from `deals`.

    Returns
    -------
    DataFrame
        Three rows, ``effect`` ("number", "conversion", "size") and ``value`` (yuan). They sum to
        the difference in signed value: leads, conversion and average signed deal are changed one
        after the other, in this order.

    Raises
    ------
    ParameterError
        One of the periods has no signed deal, so that there is no average deal to compare.
    """
    leads, signed, value = zip(*(_signed(frame) for frame in (now, before)), strict=True)
    if not all(signed):
        raise ParameterError("funnel.nothing_signed")
    rate = [signed[i] / leads[i] for i in (0, 1)]
    size = [value[i] / signed[i] for i in (0, 1)]
    return pd.DataFrame(
        {
            "effect": ["number", "conversion", "size"],
            "value": [
                (leads[0] - leads[1]) * rate[1] * size[1],
                leads[0] * (rate[0] - rate[1]) * size[1],
                leads[0] * rate[0] * (size[0] - size[1]),
            ],
        }
    )


def _signed(deals: pd.DataFrame) -> tuple[int, int, float]:
    """Return how many leads there are, how many were signed, and for how many yuan."""
    won = deals[deals["furthest"] == STAGES[-1]]
    return len(deals), len(won), float(won["amount"].sum())
