"""The tables of a review, each a pure function of its scope. Money in yuan, rates as fractions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import funnel
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company
    from ka_lib.review.scope import Period, Scope

TOP = 10
PRICED = 0.5  # of the lost deals must have an amount before a win rate by value means anything
MOSTLY_PRICED = 0.9  # of the new deals, before their value is added up
SLOW = 0.75  # older than three of four deals took to be won
MONEY_MEASURES = ("created_value", "won_value", "average_won")


def key_figures(scope: Scope) -> pd.DataFrame:
    """Return the period's figures beside last year's.

    Returns
    -------
    DataFrame
        ``measure`` with ``now`` and ``before``: deals created and their value; won, their value
        and average; lost; win rate by count and by value; days from creation to signature, mean
        and median. ``before`` is missing where last year's deals are not all in the data.
    """
    now, before = _figures(scope.company, scope.now), _figures(scope.company, scope.before)
    table = pd.DataFrame({"measure": list(now), "now": now.values(), "before": before.values()})
    created = table["measure"].isin(["created", "created_value"])
    known = created & scope.compares_created | ~created & scope.compares_closed
    table["before"] = table["before"].where(known)
    unpriced = table["measure"].isin([*MONEY_MEASURES, "win_rate_value"])
    if not has_amounts(scope):
        return table[~unpriced].reset_index(drop=True)
    empty = table[["now", "before"]].isna().all(axis="columns")
    return table[~(empty & (table["measure"] == "created_value"))].reset_index(drop=True)


def has_amounts(scope: Scope) -> bool:
    """Say whether any deal has an amount other than zero."""
    return bool((scope.company.opportunities["amount"].fillna(0) != 0).any())


def _figures(company: Company, period: Period) -> dict[str, float]:
    deals = company.opportunities
    created = deals[period.holds(deals["created_on"])]
    closed = closed_in(company, period)
    won = closed[closed["status"] == "won"]
    days = (won["closed_on"] - won["created_on"]).dt.days
    days = days[days >= 0]
    priced = created.empty or created["amount"].notna().mean() >= MOSTLY_PRICED
    return {
        "created": float(len(created)),
        "created_value": float(created["amount"].sum()) if priced else float("nan"),
        "won": float(len(won)),
        "won_value": float(won["amount"].sum()),
        "average_won": float(won["amount"].mean()),
        "lost": float(len(closed) - len(won)),
        "win_rate": funnel.win_rate(closed).rate,
        "win_rate_value": _win_rate_by_value(closed),
        "cycle_mean": float(days.mean()),
        "cycle_median": float(days.median()),
    }


def _win_rate_by_value(closed: pd.DataFrame) -> float:
    """Return the win rate by value; missing when the CRM empties the amount of lost deals.

    Several CRMs do, and the rate would come out near 100%.
    """
    lost = closed.loc[closed["status"] == "lost", "amount"].fillna(0)
    priced = lost.empty or (lost > 0).mean() >= PRICED
    return funnel.win_rate(closed, by="value").rate if priced else float("nan")


def closed_in(company: Company, period: Period) -> pd.DataFrame:
    """Return the deals won or lost in the period."""
    deals = company.opportunities
    return deals[deals["status"].isin(["won", "lost"]) & period.holds(deals["closed_on"])]


def stages(scope: Scope) -> pd.DataFrame:
    """Return the funnel of the deals created in the period, beside last year's rates.

    Returns
    -------
    DataFrame
        As `ka_lib.funnel.reached`, with ``step_rate_before`` and ``cumulative_rate_before``
        (missing when last year's deals are not all in the data).
    """
    table = funnel.reached(created_now(scope))
    earlier = created_before(scope)
    before = None if earlier is None else funnel.reached(earlier)
    for column in ("step_rate", "cumulative_rate"):
        table[f"{column}_before"] = float("nan") if before is None else before[column]
    return table


def created_now(scope: Scope) -> pd.DataFrame:
    """Return the deals created in the period, each with the stages it reached."""
    return funnel.deals(scope.company, scope.now.start, scope.now.after, as_of=scope.now.end)


def created_before(scope: Scope) -> pd.DataFrame | None:
    """Return last year's deals as of the same day; None when there is nothing to compare."""
    if not scope.compares_created:
        return None
    before = scope.before
    deals = funnel.deals(scope.company, before.start, before.after, as_of=before.end)
    return None if deals.empty else deals


def gap(scope: Scope) -> pd.DataFrame | None:
    """Return what each step cost against last year, or None without a year to compare."""
    earlier = created_before(scope)
    return None if earlier is None else funnel.gap(created_now(scope), earlier)


def effects(scope: Scope) -> pd.DataFrame | None:
    """Return the number, conversion and size effects, or None when one year signed nothing."""
    now, before = created_now(scope), created_before(scope)
    if before is None or not all((year["furthest"] == STAGES[-1]).any() for year in (now, before)):
        return None
    return funnel.effects(now, before)


def pipeline(scope: Scope) -> pd.DataFrame:
    """Return the open deals by current stage: ``stage``, ``count``, ``value``, ``without_amount``."""
    return funnel.current_stages(scope.company)


def quarters(scope: Scope, most: int = 8) -> pd.DataFrame:
    """Return what was decided in each of the last quarters.

    Returns
    -------
    DataFrame
        ``quarter`` ("2025Q3"), ``won``, ``lost``, ``win_rate``, ``won_value`` and ``whole``:
        False for the running quarter, which is not to be compared with a full one.
    """
    deals = scope.company.opportunities
    closed = deals[deals["status"].isin(["won", "lost"]) & deals["closed_on"].notna()]
    last = scope.as_of.to_period("Q")
    columns = ["quarter", "won", "lost", "win_rate", "won_value", "whole"]
    if closed.empty:
        return pd.DataFrame(columns=columns)
    quarter = closed["closed_on"].dt.to_period("Q")
    first = max(quarter.min(), last - (most - 1))
    rows = []
    for each in pd.period_range(first, last, freq="Q"):
        here = closed[quarter == each]
        won = here[here["status"] == "won"]
        rate = funnel.win_rate(here).rate
        whole = bool(each.end_time.normalize() <= scope.as_of)
        rows.append((str(each), len(won), len(here) - len(won), rate, won["amount"].sum(), whole))
    return pd.DataFrame(rows, columns=columns)


def months(scope: Scope) -> pd.Series:
    """Return the value won in each month, up to the month of the review.

    It starts a year earlier where last year's deals are all in the data. The number of deals
    stands in for their value when the data has no amounts.
    """
    deals = scope.company.opportunities
    won = deals[(deals["status"] == "won") & deals["closed_on"].notna()]
    weight = won["amount"].fillna(0) if has_amounts(scope) else pd.Series(1.0, index=won.index)
    by_month = weight.groupby(won["closed_on"].dt.to_period("M")).sum()
    first = (scope.before if scope.compares_closed else scope.now).start
    first = max(first, scope.first)
    shown = pd.period_range(first, scope.as_of, freq="M")
    return by_month.reindex(shown).fillna(0.0).astype("float64")


def lost_reasons(scope: Scope, most: int = 6) -> pd.DataFrame:
    """Return why deals were lost in the period: ``lost_reason``, ``count``, ``value``."""
    closed = closed_in(scope.company, scope.now)
    lost = closed[closed["status"] == "lost"]
    if "lost_reason" not in lost.columns or lost["lost_reason"].isna().all():
        return pd.DataFrame(columns=["lost_reason", "count", "value"])
    table = lost.groupby("lost_reason")["amount"].agg(count="size", value="sum").reset_index()
    order = ["value", "count"] if has_amounts(scope) else ["count"]
    return table.sort_values([*order, "lost_reason"], ascending=[*[False] * len(order), True]).head(
        most
    )


def by_rep(scope: Scope) -> pd.DataFrame:
    """Return the results of each rep: ``rep_name``, ``won``, ``lost``, ``win_rate``, values.

    With one owner in scope, that owner only: the team stands in its total.
    """
    company = scope.team
    if "rep_id" not in company.opportunities.columns or company.reps.empty:
        return _no_results("rep_name")
    names = company.reps.drop_duplicates("rep_id").set_index("rep_id")["rep_name"]
    groups = company.opportunities["rep_id"].map(names)
    table = _results(company, scope.now, groups.rename("rep_name"))
    return table[table["rep_name"] == scope.owner] if scope.owner else table


def by_source(scope: Scope) -> pd.DataFrame:
    """Return the results of each lead source: ``source``, ``won``, ``lost``, ``win_rate``, values."""
    deals = scope.company.opportunities
    if "source" not in deals.columns:
        return _no_results("source")
    return _results(scope.company, scope.now, deals["source"])


def in_total(scope: Scope) -> pd.DataFrame:
    """Return the results of the whole team as one row of `by_rep`."""
    everybody = pd.Series("", index=scope.team.opportunities.index, name="rep_name")
    return _results(scope.team, scope.now, everybody)


_RESULTS = ["won", "lost", "win_rate", "won_value", "open", "open_value"]


def _no_results(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=[name, *_RESULTS])


def _results(company: Company, period: Period, groups: pd.Series) -> pd.DataFrame:
    """Return won, lost and open by group, the group that won most first."""
    deals = company.opportunities
    closed = period.holds(deals["closed_on"])
    table = pd.DataFrame(
        {
            groups.name: groups,
            "won": closed & (deals["status"] == "won"),
            "lost": closed & (deals["status"] == "lost"),
            "open": deals["status"] == "open",
        }
    ).dropna(subset=str(groups.name))
    amount = deals["amount"].fillna(0)
    table["won_value"] = amount.where(table["won"], 0.0)
    table["open_value"] = amount.where(table["open"], 0.0)
    summed = table.groupby(groups.name).sum().reset_index()
    decided = summed["won"] + summed["lost"]
    summed["win_rate"] = (summed["won"] / decided).where(decided > 0)
    active = summed[decided + summed["open"] > 0]
    order = ["won_value", "won", str(groups.name)]
    ranked = active.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return ranked[[str(groups.name), *_RESULTS]]


def watch(scope: Scope) -> pd.DataFrame:
    """List the open deals that need a look, the largest first.

    Returns
    -------
    DataFrame
        As `ka_lib.funnel.to_watch` with ``rep_name``, ``days_open``, ``days_overdue`` and one
        reason more, ``old``: without a stage history, a deal open for longer than three of four
        deals took from creation to signature. What is usual is measured on the whole team.
    """
    team = scope.team
    listed = funnel.to_watch(team, scope.as_of).set_index("opportunity_id")["reasons"].to_dict()
    deals = team.opportunities[team.opportunities["status"] == "open"].copy()
    deals["days_open"] = (scope.as_of - deals["created_on"]).dt.days
    dated = deals.reindex(columns=["expected_close_on"])["expected_close_on"].notna().any()
    old = (deals["days_open"] > usual_longest(scope)) & (not scope.has_history)
    codes = [str(listed.get(number, "")).split(", ") for number in deals["opportunity_id"]]
    deals["reasons"] = [
        # Nobody can be blamed for a date that the export has no column for.
        ", ".join(
            [code for code in given if code and (dated or code != "no_date")] + ["old"] * late
        )
        for given, late in zip(codes, old, strict=True)
    ]
    own = scope.company.opportunities["opportunity_id"]
    deals = deals[(deals["reasons"] != "") & deals["opportunity_id"].isin(own)]
    return _with_names(scope, deals).sort_values(
        ["amount", "days_open", "opportunity_id"], ascending=[False, False, True], ignore_index=True
    )


def _with_names(scope: Scope, deals: pd.DataFrame) -> pd.DataFrame:
    """Return what a person has to know about each deal, in standing columns."""
    team = scope.team
    accounts = team.accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
    reps = team.reps.drop_duplicates("rep_id").set_index("rep_id")["rep_name"]
    columns = ["opportunity_id", "opportunity_name", "account_id", "rep_id", "amount", "stage"]
    columns += ["expected_close_on", "days_open", "reasons"]
    table = deals.reindex(columns=columns)
    table["account_name"] = table["account_id"].map(accounts)
    table["rep_name"] = table["rep_id"].map(reps)
    table["expected_close_on"] = pd.to_datetime(table["expected_close_on"])
    table["days_overdue"] = (scope.as_of - table["expected_close_on"]).dt.days
    table["days_in_stage"] = float("nan")
    if scope.has_history:
        history = team.stage_history
        last = history.groupby("opportunity_id")["entered_on"].max()
        table["days_in_stage"] = (scope.as_of - table["opportunity_id"].map(last)).dt.days
    return table


def usual_longest(scope: Scope) -> float:
    """Return the days within which three of four won deals were signed; infinite when none was."""
    deals = scope.team.opportunities
    won = deals[deals["status"] == "won"]
    days = (won["closed_on"] - won["created_on"]).dt.days.dropna()
    return float("inf") if days.empty else float(days.quantile(SLOW))
