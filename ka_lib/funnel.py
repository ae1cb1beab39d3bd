"""The sales funnel: who got how far, where value leaks, how fast and at what cost deals are signed.

Everything starts from `deals`, one row an opportunity. Filter that frame with plain pandas
(one rep, tier A, one source) and pass it on: every other function takes it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import no_duplicates, sum_by
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company

HALF = 0.5


class _Readable:
    """Show figures as a reader wants them: 0.2257 instead of 0.22570532915360503."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_readable(value)}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"


def _readable(value: float) -> str:
    return f"{value:.4f}" if 0 < abs(value) < 1 else f"{value:,.1f}".removesuffix(".0")


@dataclass(frozen=True, repr=False)
class Rate(_Readable):
    """A share and the two counts (or sums of yuan) it comes from."""

    rate: float
    count: float
    base: float


@dataclass(frozen=True, repr=False)
class Cycle(_Readable):
    """The length of the sales cycle in days: mean, median, and how many deals were measured."""

    mean: float
    median: float
    count: int


@dataclass(frozen=True, repr=False)
class AcquisitionCost(_Readable):
    """What a new customer cost, in yuan, with the spend and the number of new customers."""

    per_customer: float
    spend: float
    customers: int


def deals(
    company: Company,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Follow every opportunity created in a period, as it stood on one day.

    Parameters
    ----------
    company : Company
        Needs the tables opportunities and stage_history.
    start, end : date
        The opportunities created from ``start`` up to, but not on, ``end``.
    as_of : date, optional
        What happened after this day is not known yet. Default: ``company.as_of``. To compare
        with last year, give the same day of last year: a deal signed since then must not count.

    Returns
    -------
    DataFrame
        One row an opportunity: its ids, ``amount`` (yuan), ``created_on``, ``status`` and
        ``closed_on`` as of that day, ``lost_reason``, ``furthest`` (the last stage of the funnel
        it ever reached) and one date a stage, the first day it entered it. A stage that was
        skipped has no date, but counts as reached when a later one was.

    Raises
    ------
    ParameterError
        There is no stage history; `current_stages` shows what can be known without it.
    """
    if not company.has("stage_history"):
        raise ParameterError("funnel.no_history")
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    if start >= end:
        raise ParameterError("funnel.period", start=start.date(), end=end.date())
    day = company.as_of if as_of is None else pd.Timestamp(as_of)

    created = company.opportunities["created_on"]
    chosen = company.opportunities[(created >= start) & (created < end) & (created <= day)]
    return follow(chosen, company.stage_history, day)


def follow(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Follow these opportunities through the stages, as they stood on one day.

    Parameters
    ----------
    opportunities : DataFrame
        Any choice of a company's opportunities: the deals signed in a month, one rep's.
    stage_history : DataFrame
        ``opportunity_id``, ``stage`` and ``entered_on``; lines of other deals do no harm.
    as_of : date
        What happened after this day is not known yet.

    Returns
    -------
    DataFrame
        As from `deals`.
    """
    day = pd.Timestamp(as_of)
    columns = ["opportunity_id", "account_id", "rep_id", "amount", "created_on", "closed_on"]
    followed = opportunities.reindex(columns=[*columns, "status", "lost_reason"])
    followed = followed.sort_values("opportunity_id", kind="stable")
    followed = followed.sort_values("created_on", kind="stable", ignore_index=True)
    not_yet_closed = ~(followed["closed_on"] <= day)
    followed.loc[not_yet_closed, "status"] = "open"
    followed.loc[not_yet_closed, "closed_on"] = pd.NaT
    followed.loc[not_yet_closed, "lost_reason"] = None

    ids = pd.Index(followed["opportunity_id"])
    if not ids.is_unique:
        no_duplicates(followed, "opportunities", ["opportunity_id"])
    first_entry = _first_entries(ids, stage_history, day)
    # Everything created is a lead, even where the CRM wrote no line for it.
    no_line = first_entry["lead"].isna()
    first_entry["lead"] = first_entry["lead"].mask(no_line, followed["created_on"].to_numpy())
    entered = first_entry.notna().to_numpy()
    last = len(STAGES) - 1 - entered[:, ::-1].argmax(axis=1)
    furthest = pd.Series(STAGES, dtype="str").take(last).to_numpy()
    return pd.concat([followed, first_entry], axis="columns").assign(furthest=furthest)


def _first_entries(ids: pd.Index, history: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return one row an id and one column a stage: the first day up to ``day``, or missing."""
    deal = ids.get_indexer(history["opportunity_id"])
    stage = pd.Index(STAGES, dtype="str").get_indexer(history["stage"])
    known = (deal >= 0) & (stage >= 0) & (history["entered_on"] <= day).to_numpy()
    # One number for each deal and stage: its cell in the table, counted row by row.
    cell = (deal * len(STAGES) + stage)[known]
    # As whole seconds, which numpy compares many times faster than dates.
    seconds = history["entered_on"].to_numpy("datetime64[s]").view("int64")[known]
    never = np.iinfo("int64").max
    first = np.full(len(ids) * len(STAGES), never)
    np.minimum.at(first, cell, seconds)
    first[first == never] = np.datetime64("NaT").view("int64")
    table = first.view("datetime64[s]").reshape(-1, len(STAGES))
    return pd.DataFrame(table, columns=list(STAGES))


def reached(deals: pd.DataFrame) -> pd.DataFrame:
    """Count how many opportunities ever reached each stage.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.

    Returns
    -------
    DataFrame
        One row a stage, in the order of the funnel: ``reached`` (each opportunity once, lost ones
        included, skipped stages counted), ``value`` (their amounts, yuan), ``step_rate`` (of those
        that reached the stage before; missing for the first), ``cumulative_rate`` (of all leads),
        ``lost_count``, ``lost_value`` and ``open_count``, ``open_value`` (those that stopped here,
        lost for good or still open). A rate with an empty base is missing.
    """
    place = pd.Index(STAGES, dtype="str").get_indexer(deals["furthest"])
    amount, number = deals["amount"].fillna(0).to_numpy("float64"), len(STAGES)
    stopped, worth = np.bincount(place, minlength=number), sum_by(place, amount, number)
    columns = {
        "stage": list(STAGES),
        # Who got further has been here too: add up from the last stage back to the first.
        "reached": stopped[::-1].cumsum()[::-1],
        "value": worth[::-1].cumsum()[::-1],
    }
    ends = ("lost", "open")
    status = pd.Index(ends, dtype="str").get_indexer(deals["status"])
    for i, name in enumerate(ends):
        here = status == i
        columns[f"{name}_count"] = np.bincount(place[here], minlength=number)
        columns[f"{name}_value"] = sum_by(place[here], amount[here], number)
    table = pd.DataFrame(columns)
    count = table["reached"].astype("float64")
    before = count.shift()
    table.insert(3, "step_rate", (count / before).where(before > 0))
    table.insert(4, "cumulative_rate", count / (count.iloc[0] or float("nan")))
    return table


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


def current_stages(company: Company) -> pd.DataFrame:
    """Show where the open opportunities stand: all that an export without history can tell.

    Parameters
    ----------
    company : Company
        Needs the table opportunities only.

    Returns
    -------
    DataFrame
        One row a stage with open deals: ``stage``, ``count``, ``value`` (yuan; deals without
        an amount add nothing) and ``without_amount`` (how many those are).

    Notes
    -----
    These counts are a photograph, not a funnel: deals that were won or lost have left their
    stage, so dividing one count by another is not a conversion rate.
    """
    open_deals = company.opportunities[company.opportunities["status"] == "open"]
    by_stage = open_deals.groupby("stage", dropna=False)["amount"]
    table = by_stage.agg(
        count="size", value="sum", without_amount=lambda amounts: int(amounts.isna().sum())
    )
    order = [stage for stage in STAGES if stage in table.index]
    unknown = [stage for stage in table.index if stage not in STAGES]
    return table.reindex([*order, *unknown]).rename_axis("stage").reset_index()


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


def sales_cycle(
    deals: pd.DataFrame,
    start: str = "contact",
    end: str = "delivery",
    *,
    open_deals: Literal["out", "censored"] = "out",
    as_of: str | pd.Timestamp | None = None,
) -> Cycle:
    """Measure the days from one stage to another.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.
    start, end : str
        The two events, stage codes. Default: first contact to signature.
    open_deals : {"out", "censored"}
        ``"out"`` measures finished deals only. ``"censored"`` also uses the open ones, which
        have lasted at least until ``as_of``; the median is then Kaplan and Meier's, and the mean
        is missing, because the longest deals have no end yet.
    as_of : date, optional
        Needed with ``"censored"``.

    Returns
    -------
    Cycle
        Mean, median and number of finished deals. Deals without the start event (a skipped
        stage) are left out. A mean of 60 days can hide a median of 33: read both.
    """
    started = deals[deals[start].notna()]
    days = (started[end] - started[start]).dt.days
    finished = days.dropna()
    if open_deals == "out":
        return Cycle(float(finished.mean()), float(finished.median()), len(finished))
    if as_of is None:
        raise ParameterError("funnel.as_of")
    waiting = started[(started["status"] == "open") & started[end].isna()]
    running = (pd.Timestamp(as_of) - waiting[start]).dt.days
    return Cycle(float("nan"), _kaplan_meier_median(finished, running), len(finished))


def time_in_stage(deals: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Measure how long deals stay in each stage before they move on.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.
    as_of : date
        The day until which open deals have stayed at least.

    Returns
    -------
    DataFrame
        One row a stage but the last: ``stage``, ``median_days`` (Kaplan-Meier: open deals count
        as not finished, lost ones as leaving the stage on the day they were lost; missing
        while fewer than half have moved on), ``count`` (moved on) and ``open_count``.
    """
    rows = []
    entered = deals[list(STAGES)]
    # The next date to the right: skipped stages pass their deal on to the one after.
    moved_on = entered.bfill(axis="columns").shift(-1, axis="columns")
    for stage in STAGES[:-1]:
        here = entered[stage].notna()
        left = moved_on.loc[here, stage].fillna(deals.loc[here, "closed_on"])
        days = (left - entered.loc[here, stage]).dt.days
        waiting = left.isna() & (deals.loc[here, "status"] == "open")
        running = (pd.Timestamp(as_of) - entered.loc[here, stage][waiting]).dt.days
        finished = days.dropna().clip(lower=0)
        rows.append(
            {
                "stage": stage,
                "median_days": _kaplan_meier_median(finished, running),
                "count": len(finished),
                "open_count": len(running),
            }
        )
    return pd.DataFrame(rows)


def _kaplan_meier_median(finished: pd.Series, running: pd.Series) -> float:
    """Return the time by which half have finished, open ones counted as still running."""
    if finished.empty:
        return float("nan")
    from scipy.stats import CensoredData, ecdf

    survival = ecdf(
        CensoredData(uncensored=finished.to_numpy(float), right=running.to_numpy(float))
    ).sf
    passed = survival.quantiles[survival.probabilities <= HALF]
    return float(passed[0]) if passed.size else float("nan")


def acquisition_cost(
    company: Company,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    lag_months: int = 0,
) -> AcquisitionCost:
    """Return what it cost to win a new customer (CAC).

    Parameters
    ----------
    company : Company
        Needs costs (purpose ``"acquisition"``) and accounts with ``customer_since``.
    start, end : date
        New customers are the accounts that became customers from ``start`` up to, not on, ``end``.
    lag_months : int
        How many months earlier the money was spent. Default 0: the same period.

    Returns
    -------
    AcquisitionCost
        ``spend / customers`` in yuan; missing when no customer was won. Service costs for
        existing customers are left out.
    """
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    since = company.accounts["customer_since"]
    customers = int(((since >= start) & (since < end)).sum())
    lag = pd.DateOffset(months=lag_months)
    costs = company.costs
    in_period = (costs["month"] >= start - lag) & (costs["month"] < end - lag)
    spend = float(costs.loc[in_period & (costs["purpose"] == "acquisition"), "amount"].sum())
    return AcquisitionCost(spend / customers if customers else float("nan"), spend, customers)


def velocity(number: float, average_value: float, win_rate: float, cycle_days: float) -> float:
    """Return the sales velocity: yuan signed a day.

    Parameters
    ----------
    number : float
        Open opportunities in the funnel.
    average_value : float
        Average value of a deal, yuan.
    win_rate : float
        A fraction from 0 to 1.
    cycle_days : float
        Average sales cycle, days.

    Returns
    -------
    float
        ``number * average_value * win_rate / cycle_days``.

    Raises
    ------
    ParameterError
        The win rate is not a fraction, or the cycle is not longer than 0 days.

    Examples
    --------
    >>> velocity(40, 120_000, 0.25, 60)
    20000.0
    """
    if not 0 <= win_rate <= 1:
        raise ParameterError("funnel.fraction", given=win_rate)
    if not cycle_days > 0:
        raise ParameterError("funnel.cycle", given=cycle_days)
    return number * average_value * win_rate / cycle_days


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
