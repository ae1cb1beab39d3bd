"""The open deals that need a look this week: overdue, stuck, or without a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company


def to_watch(company: Company, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """List the open deals that need a look this week, the largest first.

    Parameters
    ----------
    company : Company
        Needs opportunities; with a stage history it also knows which deals are stuck.
    as_of : date, optional
        Default: ``company.as_of``.

    Returns
    -------
    DataFrame
        ``opportunity_id``, ``account_name``, ``amount`` (yuan), ``stage``, ``expected_close_on``,
        ``days_in_stage`` (missing without history) and ``reasons``, codes joined by ", ":
        ``overdue`` (the expected date has passed), ``stuck`` (longer in its stage than three of
        four deals that moved on), ``no_date`` (a deal at proposal or later with no expected date).
    """
    day = company.as_of if as_of is None else pd.Timestamp(as_of)
    names = company.accounts.set_index("account_id")["account_name"]
    open_deals = company.opportunities[company.opportunities["status"] == "open"].reindex(
        columns=["opportunity_id", "account_id", "rep_id", "amount", "stage", "expected_close_on"]
    )
    watch = open_deals.assign(
        account_name=open_deals["account_id"].map(names),
        expected_close_on=pd.to_datetime(open_deals["expected_close_on"]),
        days_in_stage=float("nan"),
    )
    stuck = pd.Series(data=False, index=watch.index)
    if company.has("stage_history"):
        history = company.stage_history.sort_values("entered_on", kind="stable")
        last = history.groupby("opportunity_id")["entered_on"].max()
        watch["days_in_stage"] = (day - watch["opportunity_id"].map(last)).dt.days
        stuck = watch["days_in_stage"] > watch["stage"].map(_usual_longest_stay(history))
    reasons = {
        "overdue": watch["expected_close_on"] < day,
        "stuck": stuck,
        "no_date": watch["expected_close_on"].isna()
        & watch["stage"].isin(STAGES[STAGES.index("proposal") :]),
    }
    watch["reasons"] = [
        ", ".join(name for name, mask in reasons.items() if mask[i]) for i in watch.index
    ]
    columns = ["opportunity_id", "account_name", "rep_id", "amount", "stage"]
    columns += ["expected_close_on", "days_in_stage", "reasons"]
    flagged = watch[watch["reasons"] != ""].sort_values(
        ["amount", "opportunity_id"], ascending=[False, True]
    )
    return flagged[columns].reset_index(drop=True)


def _usual_longest_stay(history: pd.DataFrame) -> pd.Series:
    """Return, by stage, the days within which three of four deals moved on to another stage."""
    left = history.groupby("opportunity_id")["entered_on"].shift(-1)
    days = (left - history["entered_on"]).dt.days
    return days.groupby(history["stage"]).quantile(0.75)
