"""The health score of an account: weighted sub-scores on one scale, with a colour.

Prevents an NPS of -20 from dragging a score below zero, a runaway sub-score from hiding a sick
one, and a question nobody asked from counting as the worst answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOP = 100.0
_ROUNDING = 1e-9


def score(  # noqa: PLR0913 - each is a rule that the reader must see
    health: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    missing: Literal["renormalise", "refuse"] = "renormalise",
    nps: Sequence[str] = ("satisfaction_score",),
    red_below: float = 60,
    green_from: float = 80,
) -> pd.DataFrame:
    """Combine sub-scores into one health score a row.

    Parameters
    ----------
    health : DataFrame
        ``account_id``, ``month`` and the columns named in ``weights``; their cells may be blank.
    weights : mapping of str to float
        Sub-score -> weight, each at least 0; they sum to 1.
    missing : {"renormalise", "refuse"}
        A blank sub-score: share its weight among the others in proportion (default), or refuse.
        Never 0, which would be the worst answer.
    nps : sequence of str
        Columns that run from -100 to 100 instead of 0 to 100; they are rescaled by
        ``(value + 100) / 2``.
    red_below, green_from : float
        The colour: red below, green from, amber between.

    Returns
    -------
    DataFrame
        One row a row of ``health``, by account and month: ``account_id``, ``month``, ``score`` =
        sum(weight * sub-score) / sum(weight), 0 to 100, every sub-score clipped to 0-100 first;
        ``known_weight`` (the weight of the sub-scores that are there) and ``colour``: ``red``,
        ``amber`` or ``green``. Score and colour are missing when nothing with a weight is known.

    Raises
    ------
    TableError
        A column is missing, an account or month is blank or stands twice; a sub-score is blank
        and ``missing`` is "refuse".
    ParameterError
        The weights are negative or do not sum to 1, the limits stand in the wrong order, or
        another ``missing``.
    """
    if missing not in ("renormalise", "refuse"):
        raise ParameterError("kpi.choice", given=missing, choices="renormalise, refuse")
    if not red_below <= green_from:
        raise ParameterError("health.limits", red=red_below, green=green_from)
    total = sum(weights.values())
    if not weights or min(weights.values()) < 0 or not abs(total - 1) < _ROUNDING:
        raise ParameterError("health.weights", given=dict(weights), total=round(total, 6))
    names = sorted(weights)
    table = need(health, "health", ["account_id", "month"])
    no_duplicates(table, "health", ["account_id", "month"])
    need(health.head(0), "health", names)  # there, but their cells may be blank
    parts = health[names].reset_index(drop=True).astype("float64")
    if missing == "refuse" and parts.isna().to_numpy().any():
        row, column = np.argwhere(parts.isna().to_numpy())[0]
        problem = text("tables.blank", row=int(row) + 1, column=names[column])
        raise TableError("tables.invalid", table="health", problems=f"- {problem}")
    for name in nps:
        if name in parts:
            parts[name] = (parts[name] + TOP) / 2
    parts = parts.clip(0.0, TOP)
    weight = pd.Series(dict(weights)).reindex(names)
    known = (parts.notna() * weight).sum(axis="columns").astype("float64")
    table["score"] = (parts * weight).sum(axis="columns") / known.where(known > 0)
    table["known_weight"] = known
    # 59.99999999 out of rounding is 60.
    points = table["score"].round(9)
    colour = np.select([points < red_below, points >= green_from], ["red", "green"], "amber")
    colours = pd.Series(colour, index=table.index, dtype="str").where(points.notna())
    table["colour"] = colours.astype("str").where(points.notna())
    return table.sort_values(["account_id", "month"], ignore_index=True)
