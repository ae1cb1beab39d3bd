"""How content customers are: top-2-box and the Net Promoter Score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ka_lib.errors import ParameterError
from ka_lib.kpi.shares import share

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.funnel.figures import Rate

NPS_PROMOTER, NPS_DETRACTOR, NPS_TOP = 9, 6, 10


@dataclass(frozen=True)
class Nps:
    """The Net Promoter Score, from -100 to 100, and the answers it comes from."""

    score: float
    promoters: int
    passives: int
    detractors: int
    count: int


def csat(
    survey: pd.DataFrame, scale: int = 5, per: Literal["person", "account"] = "person"
) -> Rate:
    """Return the customer satisfaction as top-2-box: the share of the two best answers.

    Parameters
    ----------
    survey : DataFrame
        Columns ``person_id``, ``account_id`` (with ``per="account"``), ``answered_on`` and
        ``score`` from 1 to ``scale``.
    scale : int
        The best answer: 4 and 5 are satisfied out of 5.
    per : {"person", "account"}
        As in `nps`.

    Returns
    -------
    Rate
        Base: everyone who answered. Empty scores are left out.

    Raises
    ------
    ParameterError
        A score is not a whole number on the scale.
    """
    scores = _answers(survey, 1, scale, per)
    return share((scores >= scale - 1).sum(), len(scores))


def nps(survey: pd.DataFrame, per: Literal["person", "account"] = "person") -> Nps:
    """Return the Net Promoter Score: percent promoters (9-10) less percent detractors (0-6).

    Parameters
    ----------
    survey : DataFrame
        Columns ``person_id``, ``account_id`` (with ``per="account"``), ``answered_on`` and
        ``score`` from 0 to 10.
    per : {"person", "account"}
        One answer a person, the latest (the lowest of several on one day); or one an account,
        the mean of its persons, not rounded: at least 9 promotes, at most 6 detracts.

    Returns
    -------
    Nps
        Points from -100 to 100. Base: all who answered, the passives (7-8) too. Empty scores are
        left out. Missing without an answer.

    Raises
    ------
    ParameterError
        A score is not a whole number from 0 to 10.
    """
    scores = _answers(survey, 0, NPS_TOP, per)
    count = len(scores)
    promoters = int((scores >= NPS_PROMOTER).sum())
    detractors = int((scores <= NPS_DETRACTOR).sum())
    score = 100 * (promoters - detractors) / count if count else float("nan")
    return Nps(score, promoters, count - promoters - detractors, detractors, count)


def _answers(
    survey: pd.DataFrame, low: int, high: int, per: Literal["person", "account"]
) -> pd.Series:
    """Return one score a person or account, after checking that all are on the scale."""
    if per not in ("person", "account"):
        raise ParameterError("kpi.choice", given=per, choices="person, account")
    answered = survey[survey["score"].notna()]
    wrong = ~answered["score"].isin(range(low, high + 1))
    if wrong.any():
        raise ParameterError(
            "kpi.score", given=min(answered.loc[wrong, "score"]), low=low, high=high
        )
    in_order = answered.sort_values(["answered_on", "score"], ascending=[True, False])
    latest = in_order.drop_duplicates("person_id", keep="last")
    return latest["score"] if per == "person" else latest.groupby("account_id")["score"].mean()
