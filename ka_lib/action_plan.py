"""What happens after the course: a 30-day plan that can be checked, and next month's visits.

Prevents the plan nobody owns, the 30 days that quietly become "the same day next month", and the
C account that gets the visits an A account was promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Day: TypeAlias = str | pd.Timestamp

STANDARD = {"A": "weekly", "B": "monthly", "C": "quarterly"}
STEPS = {
    "weekly": pd.DateOffset(weeks=1),
    "monthly": pd.DateOffset(months=1),
    "quarterly": pd.DateOffset(months=3),
}


def check_plan(plan_items: pd.DataFrame, starts_on: Day, days: int = 30) -> pd.DataFrame:
    """Check that each item of a plan has an owner, a measure and a date in time.

    Parameters
    ----------
    plan_items : DataFrame
        One row an item: ``item_id``, ``action``, ``owner``, ``measure`` (how one will see that it
        is done) and ``due_on``.
    starts_on : date
        The plan's first day.
    days : int
        The last day allowed is ``starts_on`` + ``days``, that day included. Default 30: a plan
        from 5 January runs to 4 February, not to the 5th.

    Returns
    -------
    DataFrame
        One row an item, by ``due_on`` (without one: last), then ``item_id``: ``item_id``,
        ``action``, ``owner``, ``measure``, ``due_on``, ``day_number`` (days from the start, 0 to
        ``days`` for a date in time) and ``problems``, joined by ", ": ``no_action``,
        ``no_owner``, ``no_measure``, ``no_date``, ``too_early``, ``too_late``; empty when all is
        well. `ka_lib.show` writes them out. Spaces alone count as blank.

    Raises
    ------
    ParameterError
        ``days`` is not a whole number above 0.
    TableError
        A column is missing, an item stands twice.
    """
    if not days >= 1 or days % 1:
        raise ParameterError("action_plan.days", given=days)
    table = need(plan_items, "plan_items", ["item_id"])
    no_duplicates(table, "plan_items", ["item_id"])
    columns = ["action", "owner", "measure", "due_on"]
    need(plan_items.head(0), "plan_items", columns)  # they may be blank: that is what is checked
    table = table.join(plan_items[columns].reset_index(drop=True))
    due = pd.to_datetime(table["due_on"])
    number = (due.dt.normalize() - pd.Timestamp(starts_on).normalize()).dt.days
    found = {
        f"no_{name}": table[name].isna() | (table[name].astype("str").str.strip() == "")
        for name in ("action", "owner", "measure")
    }
    found |= {"no_date": due.isna(), "too_early": number < 0, "too_late": number > days}
    table["due_on"], table["day_number"] = due, number.astype("Int64")
    table["problems"] = [
        ", ".join(name for name, wrong in found.items() if wrong[i]) for i in table.index
    ]
    return table.sort_values(["due_on", "item_id"], ignore_index=True)


def visit_list(
    activities: pd.DataFrame,
    accounts: pd.DataFrame,
    month: str,
    standard: Mapping[str, str] | None = None,
    kinds: Sequence[str] = ("visit",),
) -> pd.DataFrame:
    """List the visits that are due next month, account by account.

    Parameters
    ----------
    activities : DataFrame
        ``account_id``, ``kind``, ``happened_on``. Several rows of one visit count once.
    accounts : DataFrame
        ``account_id``, ``account_name`` and ``tier``: the accounts to look after. Visits to
        others are passed over.
    month : str
        The month to plan, ``"2026-01"``. What happened in it or later is not looked at.
    standard : mapping of str to str, optional
        Tier -> "weekly", "monthly" or "quarterly". Default: A weekly, B monthly, C quarterly
        (``STANDARD``).
    kinds : sequence of str
        The activities that count as a visit. Default: visits in person only.

    Returns
    -------
    DataFrame
        One row an account, the first due on top: ``account_id``, ``account_name``, ``tier``,
        ``last_visit_on`` (missing: never), ``first_due_on`` (the last visit plus the interval; an
        account that was due earlier, or never visited, is due on the first of the month),
        ``visits_due`` in the month (from ``first_due_on`` in steps of the interval; 0 when that
        is later) and ``late_days`` (how long before the month it was due; 0 when not; missing
        when never visited). An account without a tier is listed last, with nothing due.

    Raises
    ------
    ParameterError
        The month cannot be read; an interval that is not one of the three; a tier without one.
    TableError
        A column is missing or blank, or an account stands twice.

    Notes
    -----
    A month is a calendar month: from 31 January it is 28 February. Weekends and holidays are not
    moved.
    """
    steps = _steps(STANDARD if standard is None else standard)
    try:
        first = pd.Period(month, freq="M").start_time
    except ValueError:
        raise ParameterError("action_plan.month", given=month) from None
    after = first + pd.DateOffset(months=1)
    table = need(accounts, "accounts", ["account_id", "account_name"])
    no_duplicates(table, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["tier"])
    table["tier"] = accounts["tier"].to_numpy()
    strange = table.loc[table["tier"].notna() & ~table["tier"].isin(list(steps)), "tier"]
    if len(strange):
        raise ParameterError(
            "action_plan.tier", tier=strange.iloc[0], choices=", ".join(steps) or "-"
        )
    done = need(activities, "activities", ["account_id", "kind", "happened_on"])
    day = pd.to_datetime(done["happened_on"]).dt.normalize()
    visits = day[done["kind"].isin(list(kinds)) & (day < first)].groupby(done["account_id"]).max()
    table["last_visit_on"] = visits.reindex(table["account_id"]).to_numpy()

    rows = [
        _due(tier, last, first, after, steps)
        for tier, last in zip(table["tier"], table["last_visit_on"], strict=True)
    ]
    due = pd.DataFrame(rows, columns=["first_due_on", "visits_due", "late_days"])
    table["first_due_on"] = pd.to_datetime(due["first_due_on"])
    table["visits_due"] = due["visits_due"].astype("int64")
    table["late_days"] = due["late_days"].astype("Int64")
    order = ["first_due_on", "tier", "account_id"]
    return table.sort_values(order, ignore_index=True)


def _steps(standard: Mapping[str, str]) -> dict[str, pd.DateOffset]:
    for interval in standard.values():
        if interval not in STEPS:
            raise ParameterError("action_plan.interval", given=interval, choices=", ".join(STEPS))
    return {tier: STEPS[interval] for tier, interval in standard.items()}


def _due(
    tier: str,
    last: pd.Timestamp,
    first: pd.Timestamp,
    after: pd.Timestamp,
    steps: Mapping[str, pd.DateOffset],
) -> tuple[pd.Timestamp | None, int, int | None]:
    """Return the first due date of one account, its visits in the month, and the days it is late."""
    if pd.isna(tier):
        return None, 0, None
    step = steps[tier]
    due = first if pd.isna(last) else last + step
    late = None if pd.isna(last) else max((first - due).days, 0)
    start = max(due, first)
    count = 0
    # From the first date each time: a month from 31 January must not become a month from the 28th.
    while start + count * step < after:
        count += 1
    return start, count, late
