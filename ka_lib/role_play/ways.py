"""Every way a role play can go, as a table: for comparing paths instead of guessing.

Prevents the verdict "the nicest reply each time is the best path": it is not, and the table shows it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.role_play.scenario import given
from ka_lib.role_play.talk import begin, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ka_lib.role_play.talk import Talk

Values = TypeVar("Values", float, pd.Series)
WEIGHTS = {"goal": 0.40, "trust": 0.35, "margin": 0.25}
_ROUNDING = 1e-9


def paths(scenario: str | Mapping[str, Any]) -> pd.DataFrame:
    """Return every path from the first sentence to an ending.

    Parameters
    ----------
    scenario : str or dict
        A name of `ka_lib.role_play.names`, or a scenario as data.

    Returns
    -------
    DataFrame
        One row a path, by its codes: ``scenario``, ``path`` (``"b-a-c"``), ``steps`` (replies
        given), ``ending``, ``agreed`` (True when the two agreed), ``goal`` (0 to 100, how far the
        aim was reached), ``trust`` and ``margin_kept`` (0 to 100, at the end).

    Raises
    ------
    ParameterError
        There is no such scenario.
    """
    if isinstance(scenario, str):
        return _by_name(scenario).copy()
    return _table(scenario)


@cache
def _by_name(name: str) -> pd.DataFrame:
    """Walk a scenario of the course once a session: it has thousands of paths."""
    return _table(given(name))


def _table(data: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "scenario": data["id"],
            "path": talk.path,
            "steps": len(talk.steps),
            "ending": talk.ending,
            "agreed": bool(data["endings"][talk.ending]["agreed"]),
            "goal": float(data["endings"][talk.ending]["goal"]),
            "trust": talk.trust,
            "margin_kept": talk.margin,
        }
        for talk in _all(begin(data))
    ]
    return pd.DataFrame(rows).sort_values("path", ignore_index=True)


def _all(talk: Talk) -> Iterator[Talk]:
    if talk.ending:
        yield talk
    for code in talk.open:
        yield from _all(say(talk, code))


def replies(scenario: str | Mapping[str, Any]) -> pd.DataFrame:
    """Return every reply with what it does.

    Parameters
    ----------
    scenario : str or dict
        A name of `ka_lib.role_play.names`, or a scenario as data.

    Returns
    -------
    DataFrame
        One row a reply, in the order of the scenario: ``scenario``, ``node`` (where the talk
        stands), ``reply`` (its code), ``trust_change`` and ``margin_change`` (points, before the
        meters are held between 0 and 100), ``leads_to``, ``least_trust`` (missing: none needed)
        and ``otherwise`` (blank: the same).

    Raises
    ------
    ParameterError
        There is no such scenario.
    """
    data = given(scenario)
    rows = [
        {
            "scenario": data["id"],
            "node": node,
            "reply": code,
            "trust_change": float(reply["trust"]),
            "margin_change": float(reply["margin"]),
            "leads_to": reply["to"],
            "least_trust": float(reply.get("least_trust", "nan")),
            "otherwise": reply.get("otherwise", ""),
        }
        for node, content in data["nodes"].items()
        for code, reply in content["replies"].items()
    ]
    return pd.DataFrame(rows)


def joint(
    goal: Values,
    trust: Values,
    margin: Values,
    agreed: bool | pd.Series,
    weights: Mapping[str, float] = WEIGHTS,
) -> Values:
    """Weigh a result for both sides: the aim, the trust and the margin, 0 to 100.

    Parameters
    ----------
    goal, trust, margin : float or Series
        0 to 100 each, as the columns of `paths`.
    agreed : bool or Series
        Without an agreement no margin is earned: it counts as 0.
    weights : mapping of str to float
        ``goal``, ``trust`` and ``margin``; they sum to 1. Default 0.40, 0.35 and 0.25.

    Returns
    -------
    float or Series
        ``w_goal * goal + w_trust * trust + w_margin * margin * agreed``.

    Raises
    ------
    ParameterError
        A weight is missing or negative, or they do not sum to 1.

    Examples
    --------
    >>> joint(100, 80, 60, agreed=True), joint(0, 80, 60, agreed=False)
    (83.0, 28.0)
    """
    total = sum(weights.values())
    least = min(weights.values(), default=-1)
    if set(weights) != set(WEIGHTS) or least < 0 or abs(total - 1) > _ROUNDING:
        raise ParameterError("role_play.weights", given=dict(weights), total=round(total, 6))
    return weights["goal"] * goal + weights["trust"] * trust + weights["margin"] * (margin * agreed)
