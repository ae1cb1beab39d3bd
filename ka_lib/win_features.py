"""Each deal as it was known on one day, how it ended, and the split by time between the two.

Guards against knowledge of the future: what a model learns from must have been known before the
outcome, and what it is tested on must come later than all it has learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company

TEXT = ("source", "segment")
NUMBERS = (
    "log_amount",
    "is_customer",
    "orders_last_year",
    "rep_win_rate",
    "rep_decided",
    "age_days",
    "stage_place",
)
FEATURES = (*TEXT, *NUMBERS)


def features(company: Company, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Show every deal as it was known on one day, and nothing that came later.

    Parameters
    ----------
    company : Company
        Needs opportunities; stage_history, orders and accounts where there are any.
    as_of : date, optional
        The deals that were open on this day, as they stood in the evening. Default: every deal,
        each as on the day it was created.

    Returns
    -------
    DataFrame
        One row a deal, by creation day and id: ``opportunity_id``, ``seen_on`` (the day it is
        seen), ``stage_reached`` (a stage code: the furthest by then) and the features: ``source``,
        ``segment``, ``log_amount`` (natural logarithm of yuan; missing without an amount above
        0), ``is_customer`` (1: the account had been a customer before), ``orders_last_year`` (its
        purchases in the 365 days before), ``rep_win_rate`` (won / decided of the rep's deals that
        ended before that day; missing without one) and ``rep_decided``, ``age_days``,
        ``stage_place`` (0 lead to 5 delivery). To learn from several days, `pandas.concat` them.

    Notes
    -----
    The accounts' ``depth`` and ``potential`` are left out: the table holds today's, which a deal
    won since has raised. The amount is taken as it stands today too; where reps correct it when a
    deal closes, it leaks, and only an export made earlier could tell.
    """
    deals = company.opportunities.reindex(
        columns=["opportunity_id", "account_id", "rep_id", "source", "created_on", "amount",
                 "closed_on", "status"]
    )  # fmt: skip
    if as_of is None:
        deals = deals.assign(seen_on=deals["created_on"])
    else:
        day = pd.Timestamp(as_of).normalize()
        ended = deals["closed_on"].notna() & (deals["closed_on"] <= day)
        deals = deals[(deals["created_on"] <= day) & ~ended].assign(seen_on=day)
    deals = deals.sort_values(["created_on", "opportunity_id"], ignore_index=True)
    deals["seen_on"] = deals["seen_on"].astype("datetime64[s]")
    accounts = company.accounts.reindex(columns=["account_id", "segment", "customer_since"])
    deals = deals.merge(accounts, how="left", on="account_id")
    place = _stage_place(company, deals)
    before = deals["customer_since"] < deals["seen_on"]
    return pd.DataFrame(
        {
            "opportunity_id": deals["opportunity_id"],
            "seen_on": deals["seen_on"],
            "stage_reached": place.map(dict(enumerate(STAGES))).astype("str"),
            "source": deals["source"],
            "segment": deals["segment"],
            "log_amount": np.log(deals["amount"].where(deals["amount"] > 0)),
            "is_customer": before.astype("float64"),
            "orders_last_year": _orders_last_year(company, deals),
            **_rep_record(company, deals),
            "age_days": (deals["seen_on"] - deals["created_on"]).dt.days.astype("float64"),
            "stage_place": place.astype("float64"),
        }
    )


def _stage_place(company: Company, deals: pd.DataFrame) -> pd.Series:
    """Return the place in the funnel of the furthest stage each deal had reached when seen."""
    history = company.stage_history.merge(deals[["opportunity_id", "seen_on"]])
    known = history[history["entered_on"] <= history["seen_on"]]
    place = known["stage"].map({stage: i for i, stage in enumerate(STAGES)})
    furthest = place.groupby(known["opportunity_id"]).max()
    return deals["opportunity_id"].map(furthest).fillna(0).astype("int64")


def _orders_last_year(company: Company, deals: pd.DataFrame) -> pd.Series:
    """Count each account's purchases in the 365 days before the day its deal is seen."""
    bought = company.orders[company.orders["amount"] > 0].assign(purchases=1.0)
    year_ago = deals.assign(seen_on=deals["seen_on"] - pd.Timedelta(days=365))
    before, long_before = (
        _total_before(each, "account_id", bought, "ordered_on", ["purchases"])["purchases"]
        for each in (deals, year_ago)
    )
    return before - long_before


def _rep_record(company: Company, deals: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each rep's decided deals and win rate before the day the deal is seen."""
    past = company.opportunities.reindex(columns=["rep_id", "closed_on", "status"])
    past = past[past["status"].isin(["won", "lost"])]
    past = past.assign(won=(past["status"] == "won").astype("float64"), decided=1.0)
    record = _total_before(deals, "rep_id", past, "closed_on", ["won", "decided"])
    rate = record["won"] / record["decided"].where(record["decided"] > 0)
    return {"rep_win_rate": rate, "rep_decided": record["decided"]}


def _total_before(
    deals: pd.DataFrame, by: str, events: pd.DataFrame, when: str, columns: list[str]
) -> pd.DataFrame:
    """Add up, for each deal, the events of its account or rep before the day it is seen."""
    events = events.dropna(subset=[by, when]).sort_values(when)[[by, when, *columns]]
    events[when] = events[when].astype("datetime64[s]")
    events[columns] = events.groupby(by)[columns].cumsum()
    asked = deals.loc[deals[by].notna(), [by, "seen_on"]].reset_index(names="deal")
    asked["seen_on"] = asked["seen_on"].astype("datetime64[s]")
    found = pd.merge_asof(
        asked.sort_values("seen_on"),
        events,
        left_on="seen_on",
        right_on=when,
        by=by,
        allow_exact_matches=False,
    )
    return found.set_index("deal")[columns].reindex(deals.index).fillna(0.0)


def with_outcome(
    table: pd.DataFrame, opportunities: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Add how each deal ended, as far as it was known on a day.

    Parameters
    ----------
    table : DataFrame
        From `features`.
    opportunities : DataFrame
        ``opportunity_id``, ``status`` and ``closed_on``.
    as_of : date
        What ended later counts as still open.

    Returns
    -------
    DataFrame
        The table with ``status`` ("open", "won" or "lost") and ``closed_on``: what a model learns
        to foretell, never what it learns from.
    """
    ends = opportunities[["opportunity_id", "status", "closed_on"]].copy()
    later = ~(ends["closed_on"] <= pd.Timestamp(as_of))
    ends.loc[later, "status"] = "open"
    ends.loc[later, "closed_on"] = pd.NaT
    kept = table.drop(columns=["status", "closed_on"], errors="ignore")
    return kept.merge(ends, how="left", on="opportunity_id")


def split(table: pd.DataFrame, cutoff: str | pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part what could be learned by a day from what it is to be tested on.

    Parameters
    ----------
    table : DataFrame
        From `with_outcome`.
    cutoff : date
        The day on which the model is made.

    Returns
    -------
    (DataFrame, DataFrame)
        The deals decided by that day, and the deals seen after it. Deals seen earlier and decided
        later are in neither: their outcome was not known yet. A random split would let the model
        learn next spring to foretell this winter.

    Raises
    ------
    ParameterError
        One side is empty.
    """
    day = pd.Timestamp(cutoff)
    past = table[table["closed_on"].notna() & (table["closed_on"] <= day)]
    later = table[table["seen_on"] > day]
    if past.empty or later.empty:
        raise ParameterError("win_model.split", cutoff=day.date(), past=len(past), later=len(later))
    return past.reset_index(drop=True), later.reset_index(drop=True)
