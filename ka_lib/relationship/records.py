"""How far the CRM can be trusted: duplicates, gaps and records nobody has touched.

Prevents a care plan built on a list in which one customer stands three times and nobody knows
when it was last seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import profile
from ka_lib.crm.names import near_key
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ka_lib.periods import Day

REQUIRED = ("account_name", "segment", "region", "rep_id", "tier")
PARTS = ("duplicates", "missing", "stale")


@dataclass(frozen=True)
class Quality:
    """The score from 0 to 100, and the table of parts it comes from."""

    score: float
    parts: pd.DataFrame


def crm_quality(  # noqa: PLR0913 - each is a rule that the reader must see
    accounts: pd.DataFrame,
    activities: pd.DataFrame,
    as_of: Day,
    *,
    required: Sequence[str] = REQUIRED,
    stale_days: int = 90,
    weights: Mapping[str, float] | None = None,
) -> Quality:
    """Score the account records of a CRM by duplicates, missing fields and stale records.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id``, ``account_name`` and the required fields; one without a column is missing
        in every row.
    activities : DataFrame
        ``account_id``, ``happened_on``.
    as_of : date
        The day to look from; later activities are not known yet.
    required : sequence of str
        The fields that every account should have.
    stale_days : int
        A record is stale when nothing happened with the account for more than so many days.
    weights : mapping of str to float, optional
        Of ``duplicates``, ``missing`` and ``stale``; they sum to 1. Default: a third each.

    Returns
    -------
    Quality
        ``parts`` has one row a part: ``part``, ``count``, ``base``, ``rate`` = count / base and
        ``weight``. ``duplicates``: accounts beyond the first of one name, spaces, case,
        punctuation, full-width letters and the form of the company aside (base: accounts with a
        name). ``missing``: blank required cells (base: accounts x fields). ``stale``: accounts
        never or not lately contacted (base: accounts). ``score = 100 * sum(weight * (1 - rate))``;
        missing without accounts.

    Raises
    ------
    TableError
        A column is missing, an id or date is blank, or an activity's account is unknown.
    ParameterError
        The weights are not for the three parts or do not sum to 1, no field is required, or the
        days are negative.
    """
    shares = dict.fromkeys(PARTS, 1 / 3) if weights is None else dict(weights)
    if (
        set(shares) != set(PARTS)
        or min(shares.values()) < 0
        or not isclose(sum(shares.values()), 1)
    ):
        raise ParameterError("relationship.weights", given=shares, parts=", ".join(PARTS))
    if not required:
        raise ParameterError("relationship.required")
    if not stale_days >= 0:
        raise ParameterError("relationship.rule", name="stale_days", given=stale_days)
    ids = need(accounts, "accounts", ["account_id"])
    no_duplicates(ids, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["account_name"])
    rows = need(activities, "activities", ["account_id", "happened_on"])
    unknown_ids(rows["account_id"], ids["account_id"], "activities", "account_id")

    names = accounts["account_name"].dropna().astype("str").map(near_key)
    names = names[names != ""]
    gaps = profile.missing_fields(accounts, required)
    day = pd.Timestamp(as_of).normalize()
    age = day - rows["happened_on"].dt.normalize()
    fresh = rows.loc[age.dt.days.between(0, stale_days), "account_id"].nunique()
    counts = {
        "duplicates": (int(names.duplicated().sum()), len(names)),
        "missing": (int(gaps["missing"].sum()), int(gaps["base"].sum())),
        "stale": (len(ids) - fresh, len(ids)),
    }
    parts = pd.DataFrame(
        [(part, *counts[part], shares[part]) for part in PARTS],
        columns=["part", "count", "base", "weight"],
    )
    parts.insert(3, "rate", parts["count"] / parts["base"].where(parts["base"] > 0))
    good = (1 - parts["rate"].fillna(0)) * parts["weight"]
    return Quality(float(100 * good.sum()) if len(ids) else float("nan"), parts)
