"""What was done with each account: visits, meetings, calls, messages, emails as the CRM keeps them.

A visit has a row for each person who was there. Every tier has its rhythm, and in every tier some
accounts have not been seen for weeks; Wan'an is seen all the time.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, day_between, dice, on_grid
from ka_course.practice.sales import AS_OF
from ka_course.practice.standing import standings
from ka_course.practice.workdays import next_workday

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from ka_course.practice.standing import Standing

FIRST_DAY = date(2024, 11, 1)
_DAYS_BETWEEN_VISITS = {"A": 15.0, "B": 32.0, "C": 62.0}
_STORY_DAYS = {"A001": 2.9, "A002": 17.0, "A003": 9.0, "A004": 10.0, "A005": 16.0}
_PROSPECT_DAYS = 95.0
_VISITS_A_DAY = 3
# Days without a visit at accounts that nobody finds the time for, by tier.
_NEGLECTED = {"A": (38, 75), "B": (65, 120), "C": (115, 190)}
_NEGLECTED_SHARE = 0.22
_NEVER_NEGLECTED = ("A001", "A003", "A004", "A005")
_LINQUE, _LINQUE_LAST_VISIT = "A002", (33, 45)
_BESIDE_VISITS = (("call", 5), ("message", 4), ("email", 2), ("meeting", 2))
_MINUTES: dict[str, tuple[int, int, int]] = {
    "visit": (45, 150, 15),
    "meeting": (30, 90, 15),
    "call": (5, 25, 5),
    "email": (5, 20, 5),
}


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the activities of the last 13 months."""
    rng = dice(seed, "activities")
    accounts = standings(seed, made)
    quiet_from = _quiet_from(rng, accounts)
    events: list[dict[str, Any]] = []
    for account in accounts:
        events += _events(rng, account, quiet_from.get(account.account_id))
    events.sort(key=lambda event: (event["happened_on"], event["account_id"]))
    _spread(events)
    events = [event for event in events if event["happened_on"] <= AS_OF]
    events.sort(key=lambda event: (event["happened_on"], event["account_id"]))
    people = _people(made["contacts"])
    rows = []
    for i, event in enumerate(events, start=1):
        there = people.get(event["account_id"], _nobody)
        met = _meet(rng, event, there(event["happened_on"]))
        rows += [{"activity_id": f"V{i:05d}", "contact_id": one, **event} for one in met]
    columns = ["activity_id", "account_id", "contact_id", "rep_id"]
    table = pd.DataFrame(rows)
    return {"activities": table[[*columns, "kind", "happened_on", "minutes"]]}


def _people(contacts: pd.DataFrame) -> dict[str, Callable[[date], list[str]]]:
    """Return for each account who could be met there on a day."""

    def there(rows: list[dict[str, Any]]) -> Callable[[date], list[str]]:
        return lambda day: [
            row["contact_id"]
            for row in rows
            if (pd.isna(row["known_since"]) or row["known_since"] <= day)
            and (pd.isna(row["left_on"]) or row["left_on"] > day)
        ]

    return {
        number: there(rows.to_dict("records"))
        for number, rows in contacts.groupby("account_id", sort=True)
    }


def _nobody(day: date) -> list[str]:
    del day
    return []


def _quiet_from(rng: Random, accounts: list[Standing]) -> dict[str, date]:
    """Choose the accounts that have not been visited for too long, some in every tier."""
    quiet = {_LINQUE: AS_OF - timedelta(days=rng.randint(*_LINQUE_LAST_VISIT))}
    for tier, span in _NEGLECTED.items():
        customers = [
            account.account_id
            for account in accounts
            if account.tier == tier and account.since and not account.lost
        ]
        open_to = [one for one in customers if one not in (*_NEVER_NEGLECTED, _LINQUE)]
        count = min(len(open_to), max(2, round(_NEGLECTED_SHARE * len(customers))))
        for number in sorted(rng.sample(open_to, count)):
            quiet[number] = AS_OF - timedelta(days=rng.randint(*span))
    return quiet


def _events(rng: Random, account: Standing, quiet_from: date | None) -> list[dict[str, Any]]:
    usual = _DAYS_BETWEEN_VISITS[account.tier] if account.since else _PROSPECT_DAYS
    usual = _STORY_DAYS.get(account.account_id, usual)
    # Half of the neglected are phoned at least; the others hear nothing.
    silent = quiet_from is not None and account.account_id != _LINQUE and chance(rng, 0.5)
    last = account.last_order + timedelta(days=45) if account.lost and account.last_order else AS_OF
    events = []
    day = FIRST_DAY + timedelta(days=round(rng.uniform(0, usual)))
    while day <= last:
        if quiet_from is None or day < quiet_from:
            events.append(_event(rng, account, "visit", day))
        for kind, pull in _BESIDE_VISITS:
            if chance(rng, pull / 13) and account.account_id != "A001":
                at = day_between(rng, day, day + timedelta(days=int(usual)))
                unseen = quiet_from is not None and at >= quiet_from
                if not (unseen and (silent or kind == "meeting")) and at <= last:
                    events.append(_event(rng, account, kind, at))
        if account.account_id == "A001" and chance(rng, 0.45):
            kind = rng.choice([kind for kind, pull in _BESIDE_VISITS for _ in range(pull)])
            events.append(_event(rng, account, kind, day))
        day += timedelta(days=max(1, round(rng.gammavariate(5, usual / 5))))
    return events


def _meet(rng: Random, event: Mapping[str, Any], present: list[str]) -> list[str | None]:
    """Choose who was there; now and then a rep only walks the shelves and meets nobody known."""
    if not present or chance(rng, 0.05):
        return [None]
    at_most = min(len(present), 3 if event["account_id"] == "A001" else 2)
    more = sum(chance(rng, 0.3) for _ in range(at_most - 1)) if event["kind"] == "visit" else 0
    return list(rng.sample(present, 1 + more))


def _event(rng: Random, account: Standing, kind: str, day: date) -> dict[str, Any]:
    minutes = on_grid(rng, *_MINUTES[kind]) if kind in _MINUTES and not chance(rng, 0.03) else None
    saturday_visit = kind == "visit" and day.weekday() == 5 and chance(rng, 0.4)  # noqa: PLR2004
    when = day if kind == "message" or saturday_visit else next_workday(day)
    return {
        "account_id": account.account_id,
        "rep_id": account.rep_id,
        "kind": kind,
        "happened_on": when,
        "minutes": minutes,
    }


def _spread(events: list[dict[str, Any]]) -> None:
    """Move visits to the next workday where a rep's day is full or the account was just seen."""
    visits: Counter[tuple[str, date]] = Counter()
    seen: set[tuple[str, date]] = set()
    for event in events:
        if event["kind"] != "visit":
            continue
        day = event["happened_on"]
        while visits[event["rep_id"], day] >= _VISITS_A_DAY or (event["account_id"], day) in seen:
            day = next_workday(day + timedelta(days=1))
        event["happened_on"] = day
        visits[event["rep_id"], day] += 1
        seen.add((event["account_id"], day))
