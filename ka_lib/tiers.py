"""Account tiers: score accounts on several criteria, then sort them into A, B and C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.company import Company

TIERS = ("A", "B", "C")


def criteria(company: Company, months: int = 12) -> pd.DataFrame:
    """Collect what each customer is tiered by.

    Parameters
    ----------
    company : Company
        Needs orders with ``gross_profit``, and accounts with ``potential`` and ``depth``.
    months : int
        How many months up to ``company.as_of`` count for the contribution.

    Returns
    -------
    DataFrame
        One row a customer (an account with an order in these months): ``account_id``,
        ``account_name``, ``contribution`` (gross profit, yuan), ``potential`` (what it could buy
        in a year, yuan) and ``depth`` of cooperation (0 to 10).
    """
    after = company.as_of - pd.DateOffset(months=months)
    orders = company.orders
    recent = orders[(orders["ordered_on"] > after) & (orders["ordered_on"] <= company.as_of)]
    profit = recent.groupby("account_id")["gross_profit"].sum().rename("contribution")
    known = company.accounts[["account_id", "account_name", "potential", "depth"]]
    table = known.merge(profit, left_on="account_id", right_index=True)
    columns = ["account_id", "account_name", "contribution", "potential", "depth"]
    return table[columns].sort_values("account_id", ignore_index=True)


def score(table: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Bring each criterion to 0-100 and add them up by weight.

    Parameters
    ----------
    table : DataFrame
        From `criteria`, or any frame with ``account_id`` and a column a criterion.
    weights : mapping of str to float
        Criterion -> weight. They must sum to 1.

    Returns
    -------
    DataFrame
        ``account_id``, ``account_name`` where there is one, one normalised column a criterion
        (lowest account 0, highest 100; 0 for all where they are all equal) and ``score``
        (0-100), the highest first.

    Raises
    ------
    ParameterError
        The weights do not sum to 1, or name a column that is not there.
    """
    total = sum(weights.values())
    if abs(total - 1) > 1e-9:  # noqa: PLR2004 - room for 0.1 + 0.2 only
        raise ParameterError("tiers.weights", total=round(total, 6))
    for name in weights:
        if name not in table.columns:
            raise ParameterError("tiers.criterion", given=name, columns=", ".join(table.columns))
    values = table[list(weights)].astype("float64")
    spread = values.max() - values.min()
    normalised = ((values - values.min()) / spread.where(spread > 0) * 100).fillna(0)
    ids = table[[name for name in ("account_id", "account_name") if name in table.columns]]
    scored = pd.concat([ids, normalised], axis="columns")
    scored["score"] = sum(normalised[name] * weight for name, weight in weights.items())
    return scored.sort_values(["score", "account_id"], ascending=[False, True], ignore_index=True)


def assign(
    scores: pd.DataFrame,
    cut_offs: tuple[float, float] | None = None,
    quotas: tuple[int, int] | None = None,
    ties: Literal["up", "down"] = "down",
) -> pd.DataFrame:
    """Sort scored accounts into tiers A, B and C.

    Parameters
    ----------
    scores : DataFrame
        From `score`.
    cut_offs : (float, float), optional
        The scores from which an account is A, and B. An account exactly on a cut-off is in.
    quotas : (int, int), optional
        How many A's and how many B's there may be. Give either cut-offs or quotas.
    ties : {"up", "down"}
        With quotas, what happens when accounts with the same score stand on both sides of the
        line: ``"down"`` (default) puts all of them below it, so that a quota is never exceeded;
        ``"up"`` puts all above.

    Returns
    -------
    DataFrame
        ``scores`` with a column ``tier``: "A", "B" or "C".

    Raises
    ------
    ParameterError
        Neither or both rules are given, or the cut-offs stand in the wrong order.
    """
    if (cut_offs is None) == (quotas is None):
        raise ParameterError("tiers.rule")
    points = scores["score"]
    if cut_offs is not None:
        from_a, from_b = cut_offs
        if from_a < from_b:
            raise ParameterError("tiers.cut_offs", a=from_a, b=from_b)
        is_a, is_a_or_b = points >= from_a, points >= from_b
    elif quotas is not None:
        # Rank of the last (down) or first (up) account with this score.
        rank = points.rank(ascending=False, method="max" if ties == "down" else "min")
        is_a, is_a_or_b = rank <= quotas[0], rank <= quotas[0] + quotas[1]
    tier = pd.Series("C", index=scores.index).mask(is_a_or_b, "B").mask(is_a, "A")
    return scores.assign(tier=tier)
