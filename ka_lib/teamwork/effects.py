"""What a joint plan brought: before and after, against stores that had no plan.

Prevents a rise that everybody had (the season, the market) booked as the effect of the plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need
from ka_lib.language import text

if TYPE_CHECKING:
    import pandas as pd

NAN = float("nan")
GROUPS = ("treated", "control")
PERIODS = ("before", "after")
_TWO = 2


@dataclass(frozen=True)
class Effect:
    """The estimated effect in the unit of the values, its interval, four means and the counts.

    ``relative`` is the effect as a fraction of what the treated units would have reached without
    the plan: ``treated_after - estimate``. ``seen_once`` units lack one of the two periods and count nowhere.
    """

    estimate: float
    from_value: float
    to_value: float
    standard_error: float
    relative: float
    treated_before: float
    treated_after: float
    control_before: float
    control_after: float
    treated: int
    control: int
    seen_once: int


def difference_in_differences(
    frame: pd.DataFrame, unit: str = "store_id", confidence: float = 0.95
) -> Effect:
    """Return the effect of a measure as a difference in differences.

    Parameters
    ----------
    frame : DataFrame
        Columns ``unit`` (a store), ``group`` ("treated" or "control"), ``period`` ("before" or
        "after") and ``value`` (sales, share ... in one unit). Several rows of a unit and period
        (weeks) are averaged, so that each store weighs the same.
    unit : str
        The column that says what was treated. Default ``"store_id"``.
    confidence : float
        Of the interval, between 0 and 1.

    Returns
    -------
    Effect
        ``estimate`` = ``(treated_after - treated_before) - (control_after - control_before)``, means over the
        units seen in both periods. ``from_value`` to ``to_value`` is Welch's t interval for the difference of the
        two groups' mean changes; each unit is one observation, so that many weeks of few stores
        do not look like much evidence. Missing without a unit in each group; the interval also
        with fewer than two in one of them.

    Raises
    ------
    TableError
        A column is missing, a cell blank, or another group or period.
    ParameterError
        A unit stands in both groups, or the confidence is not between 0 and 1.

    Notes
    -----
    It supposes that both groups would have moved alike without the measure (parallel trends):
    look at the earlier months before believing it. Source: Card and Krueger (1994).
    """
    if not 0 < confidence < 1:
        raise ParameterError("teamwork.confidence", given=confidence)
    rows = need(frame, "frame", [unit, "group", "period", "value"])
    for column, codes in (("group", GROUPS), ("period", PERIODS)):
        strange = rows[~rows[column].isin(codes)]
        if len(strange):
            row, found = int(strange.index[0]) + 1, strange[column].iloc[0]
            problem = text(
                "tables.code", row=row, column=column, found=found, codes=", ".join(codes)
            )
            raise TableError("tables.invalid", table="frame", problems=f"- {problem}")
    groups = rows.groupby(unit)["group"].nunique()
    if (groups > 1).any():
        raise ParameterError("teamwork.both_groups", unit=groups.index[groups > 1].min())
    means = rows.sort_values("value").groupby([unit, "group", "period"])["value"].mean()
    wide = means.unstack("period").reindex(columns=list(PERIODS))  # noqa: PD010 - one value a cell
    seen = wide.astype("float64").dropna()
    change = seen["after"] - seen["before"]
    which = seen.index.get_level_values("group")
    treated, control = change[which == "treated"], change[which == "control"]
    tb, ta = (float(seen.loc[which == "treated", period].mean()) for period in PERIODS)
    cb, ca = (float(seen.loc[which == "control", period].mean()) for period in PERIODS)
    effect = (ta - tb) - (ca - cb)
    error, low, high = _welch(treated, control, effect, confidence)
    expected = ta - effect
    relative = effect / expected if expected > 0 else NAN
    return Effect(
        *(effect, low, high, error, relative, tb, ta, cb, ca),
        treated=len(treated),
        control=len(control),
        seen_once=len(wide) - len(seen),
    )


def _welch(
    treated: pd.Series, control: pd.Series, effect: float, confidence: float
) -> tuple[float, float, float]:
    """Return the standard error and both ends of Welch's t interval."""
    if min(len(treated), len(control)) < _TWO:
        return NAN, NAN, NAN
    parts = [float(group.var()) / len(group) for group in (treated, control)]
    error = math.sqrt(sum(parts))
    if error == 0:
        return 0.0, effect, effect
    from scipy import stats

    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(group) - 1) for part, group in zip(parts, (treated, control), strict=True)
    )
    half = float(stats.t.ppf(0.5 + confidence / 2, freedom)) * error
    return error, effect - half, effect + half
