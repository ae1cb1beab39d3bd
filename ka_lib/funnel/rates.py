"""Three rates that are easily mixed up, each with its own base: leads, answered proposals, decided deals."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.funnel.figures import Rate
from ka_lib.funnel.stages import reached
from ka_lib.tables import STAGES


def lead_conversion(deals: pd.DataFrame, to: str = "needs") -> Rate:
    """Return the share of leads that became opportunities.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.
    to : str
        The stage that makes a lead an opportunity. Default ``"needs"``: the customer has
        confirmed a need.

    Returns
    -------
    Rate
        Base: all leads of the period, lost ones included.
    """
    table = reached(deals).set_index("stage")["reached"]
    if to not in table.index:
        raise ParameterError("funnel.stage", given=to, stages=", ".join(STAGES))
    return _rate(table[to], table[STAGES[0]])


def proposal_success(deals: pd.DataFrame) -> Rate:
    """Return the share of answered proposals that were signed.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.

    Returns
    -------
    Rate
        Base: the opportunities that ever reached "proposal" and are decided, won or lost.
        Proposals still waiting for an answer are left out.
    """
    ever = deals["furthest"].isin(STAGES[STAGES.index("proposal") :])
    return win_rate(deals[ever])


def win_rate(deals: pd.DataFrame, by: Literal["count", "value"] = "count") -> Rate:
    """Return the share of decided opportunities that were won: won / (won + lost).

    Parameters
    ----------
    deals : DataFrame
        From `deals`, or a company's opportunities.
    by : {"count", "value"}
        Count deals, or add up their amounts (yuan).

    Returns
    -------
    Rate
        Open opportunities are left out: nobody knows yet.
    """
    weight = deals["amount"].fillna(0) if by == "value" else pd.Series(1.0, index=deals.index)
    won = weight[deals["status"] == "won"].sum()
    return _rate(won, won + weight[deals["status"] == "lost"].sum())


def _rate(count: float, base: float) -> Rate:
    return Rate(float(count / base) if base else float("nan"), float(count), float(base))
