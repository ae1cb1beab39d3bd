"""What customers asked and complained about, and how fast each department answered.

Tickets come in at all hours, on holidays and on the weekend days worked to make up for them; the
promise (``sla_hours``) runs in office hours.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from chinese_calendar import is_workday

from ka_course.practice.dice import chance, dice
from ka_course.practice.sales import AS_OF
from ka_course.practice.standing import standings
from ka_course.practice.workdays import CLOSES, OPENS, after_hours, made_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ka_course.practice.standing import Standing

FIRST_DAY = date(2024, 1, 2)
SLA_HOURS = {"complaint": 4, "request": 8, "question": 16}
# Two national holidays and a Spring Festival, and four weekend days that were worked.
_IN_EVERY_COMPANY = (
    *(date(2024, 10, 3), date(2025, 1, 30), date(2025, 10, 4), date(2025, 10, 7)),
    *(date(2024, 10, 12), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)),
)
_HOW_MANY = (540, 580)
# by kind: its share, and how often it goes to each department
_KINDS = {
    "complaint": (0.2, {"service": 5, "supply_chain": 6, "finance": 2, "marketing": 1, "rnd": 1}),
    "request": (
        0.42,
        {"service": 4, "supply_chain": 4, "finance": 4, "marketing": 4, "legal": 2, "rnd": 2},
    ),
    "question": (
        0.38,
        {"service": 6, "supply_chain": 3, "finance": 4, "marketing": 2, "legal": 2, "rnd": 2},
    ),
}
# median office hours to a first answer, and how widely they spread
_SPEED = {
    "service": (1.6, 0.8),
    "supply_chain": (3.4, 0.9),
    "finance": (4.8, 0.8),
    "marketing": (5.2, 0.9),
    "legal": (8.5, 0.8),
    "rnd": (9.5, 0.9),
}
_HURRY = {"complaint": 0.65, "request": 1.0, "question": 1.15}
_STILL_OPEN = (10, 14)
_LONG_OVERDUE = 5
_NOW = datetime.combine(AS_OF, time(23, 59))
_FRIDAY = datetime(2025, 11, 28, 15, 0)  # noqa: DTZ001 - office time, one time zone


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the tickets of the last 23 months."""
    rng = dice(seed, "tickets")
    accounts = standings(seed, made)
    trouble = _trouble(accounts, made)
    rows = [_jiusui()]
    for opened in _openings(rng):
        kind = rng.choices(list(_KINDS), [share for share, _ in _KINDS.values()])[0]
        customers = [one for one in accounts if one.customer_on(opened.date())]
        weights = [
            math.sqrt(one.yearly_profit + 20_000) * (trouble[one.account_id] if kind == "complaint" else 1)
            for one in customers
        ]  # fmt: skip
        account = rng.choices(customers, weights)[0]
        rows.append(_ticket(rng, account.account_id, kind, opened))
    rows.sort(key=lambda row: (row["opened_at"], row["account_id"]))
    _leave_open(rng, rows)
    numbered = [{"ticket_id": f"T{i:04d}", **_written(row)} for i, row in enumerate(rows, start=1)]
    return {"tickets": pd.DataFrame(numbered)}


def _jiusui() -> dict[str, Any]:
    """Return the complaint about the New Year stock-out, answered two days too late."""
    return {
        "account_id": "A003",
        "department": "supply_chain",
        "kind": "complaint",
        "opened_at": datetime(2024, 2, 5, 9, 40),  # noqa: DTZ001 - office time, one time zone
        "responded_at": datetime(2024, 2, 7, 16, 20),  # noqa: DTZ001
        "closed_at": datetime(2024, 2, 29, 11, 5),  # noqa: DTZ001
        "sla_hours": SLA_HOURS["complaint"],
    }


def _trouble(accounts: list[Standing], made: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return how much more than others an account complains: mood, and a little late deliveries."""
    late: dict[str, float] = {}
    if "deliveries" in made:
        deliveries = made["deliveries"]
        arrived = pd.to_datetime(deliveries["delivered_on"])
        was_late = arrived > pd.to_datetime(deliveries["promised_on"])
        late = was_late.groupby(deliveries["account_id"]).mean().to_dict()
    return {
        one.account_id: math.exp(-0.5 * one.mood) * (0.5 + 2.5 * late.get(one.account_id, 0.2))
        for one in accounts
    }


def _openings(rng: Random) -> list[datetime]:
    """Draw when tickets come in: mostly in office hours, some at night, some on days off."""
    days = [FIRST_DAY + timedelta(days=i) for i in range((AS_OF - FIRST_DAY).days + 1)]
    kinds = (
        [day for day in days if is_workday(day)],
        [day for day in days if not is_workday(day)],
    )
    count = rng.randint(*_HOW_MANY)
    drawn = [rng.choice(kinds[chance(rng, 0.13)]) for _ in range(count - len(_IN_EVERY_COMPANY))]
    return [_opened(rng, day) for day in (*_IN_EVERY_COMPANY, *drawn)]


def _opened(rng: Random, day: date) -> datetime:
    """Draw the time of day; on a make-up day customers call as on any workday."""
    if made_up(day) or (is_workday(day) and not chance(rng, 0.12)):
        hour = rng.choice((9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 16, 17))
    else:
        hour = rng.choice((8, 10, 12, 18, 19, 19, 20, 20, 21, 22))
    return datetime.combine(day, time(hour, rng.randint(0, 59)))


def _ticket(rng: Random, account_id: str, kind: str, opened: datetime) -> dict[str, Any]:
    departments = _KINDS[kind][1]
    department = rng.choices(list(departments), list(departments.values()))[0]
    median, spread = _SPEED[department]
    hours = max(0.1, median * _HURRY[kind] * rng.lognormvariate(0, spread))
    responded = after_hours(opened, round(hours * 60) / 60)
    off_hours = not is_workday(opened.date()) or not OPENS <= opened.hour < CLOSES
    if off_hours and department in ("service", "supply_chain") and chance(rng, 0.25):
        # Somebody answered from the phone at once, outside office hours.
        responded = opened + timedelta(minutes=rng.randint(5, 50))
    closed = after_hours(responded, rng.lognormvariate(2.2, 1.0))
    return {
        "account_id": account_id,
        "department": department,
        "kind": kind,
        "opened_at": opened,
        "responded_at": responded,
        "closed_at": closed,
        "sla_hours": SLA_HOURS[kind],
    }


def _leave_open(rng: Random, rows: list[dict[str, Any]]) -> None:
    """Leave a dozen unanswered: some since weeks, the others since the last days."""
    count = rng.randint(*_STILL_OPEN)
    weeks_ago = [
        i for i, row in enumerate(rows) if timedelta(days=12) < _NOW - row["opened_at"] < timedelta(days=80)
    ]  # fmt: skip
    forgotten = rng.sample(weeks_ago, _LONG_OVERDUE)
    # The others come in from Friday afternoon on: nobody could answer them yet.
    late = [i for i in range(len(rows) - 1, 0, -1) if i not in forgotten][: count - _LONG_OVERDUE]
    for place, i in enumerate(late):
        day = _FRIDAY + timedelta(days=rng.choice((1, 2)) if place % 2 else 0)
        rows[i]["opened_at"] = day + timedelta(minutes=rng.randint(0, 170))
    for i in (*forgotten, *late):
        rows[i]["responded_at"] = rows[i]["closed_at"] = None
    rows.sort(key=lambda row: (row["opened_at"], row["account_id"]))
    for row in rows:
        if row["responded_at"] and row["responded_at"] > _NOW:
            row["responded_at"] = row["closed_at"] = None
        recent = row["opened_at"] > _NOW - timedelta(days=45)
        if row["closed_at"] and (row["closed_at"] > _NOW or (recent and chance(rng, 0.2))):
            row["closed_at"] = None


def _written(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value
        for name, value in row.items()
    }
