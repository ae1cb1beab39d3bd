"""Where the reps' hours go: the time log of the last eight weeks, built around their visits.

The log is as people keep it: a call taken on the train overlaps the journey, a stock-take ends
after midnight. Lin Yue spends nearly half of her account hours on Wan'an.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from chinese_calendar import is_workday

from ka_course.practice.dice import chance, dice, on_grid
from ka_course.practice.sales import AS_OF
from ka_course.practice.standing import standings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ka_course.practice.standing import Standing

FIRST_DAY = date(2025, 10, 6)  # a Monday, eight weeks up to as-of
_BIGGEST, _ITS_REP = "A001", "R1"
_BIGGEST_SHARE = (0.455, 0.47)
_DAY_HOURS = (7.6, 9.2)
_LUNCH_FROM = time(12)
# Work at the desk: how often, and for how many minutes; with an account's name on it or without.
_AT_DESK = {
    "proposal": (4, (60, 150)),
    "service": (4, (30, 105)),
    "meeting": (2, (30, 90)),
    "admin": (3, (30, 75)),
}
_FOR_AN_ACCOUNT = ("proposal", "service")
_OVERLAPS, _NIGHTS = (5, 8), (3, 5)
_PULL = {"A": 5.0, "B": 2.5, "C": 1.0}


class _Log:
    """The entries so far, and each rep's hours by account."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.biggest_share = rng.uniform(*_BIGGEST_SHARE)
        self.rows: list[dict[str, Any]] = []
        self.hours: dict[tuple[str, str], float] = defaultdict(float)

    def add(
        self, rep: str, account: str | None, activity: str, start: datetime, minutes: float
    ) -> datetime:
        """Write one entry and return its end."""
        end = start + timedelta(minutes=minutes)
        self.rows.append(
            {
                "rep_id": rep,
                "account_id": account,
                "activity": activity,
                "started_at": start,
                "ended_at": end,
            }
        )
        if account:
            self.hours[rep, account] += minutes / 60
        return end


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the time log."""
    rng = dice(seed, "time_log")
    accounts = standings(seed, made)
    visits = _visits(made["activities"])
    log = _Log(rng)
    days = [FIRST_DAY + timedelta(days=i) for i in range((AS_OF - FIRST_DAY).days + 1)]
    for rep in made["reps"]["rep_id"]:
        own = [one for one in accounts if one.rep_id == rep and one.customer_on(AS_OF)]
        for day in days:
            _day(log, rep, day, visits.get((rep, day), []), own)
    _overlap(log)
    _nights(log, accounts)
    rows = sorted(log.rows, key=lambda row: (row["rep_id"], row["started_at"], row["ended_at"]))
    return {
        "time_log": pd.DataFrame(
            [{"entry_id": f"E{i:04d}", **_written(row)} for i, row in enumerate(rows, start=1)]
        )
    }


def _visits(activities: pd.DataFrame) -> dict[tuple[str, date], list[tuple[str, float]]]:
    """Return each rep's visits of a day: account and minutes, one entry however many were there."""
    once = activities[activities["kind"] == "visit"].drop_duplicates("activity_id")
    found: dict[tuple[str, date], list[tuple[str, float]]] = {}
    for row in once.to_dict("records"):
        minutes = 60.0 if pd.isna(row["minutes"]) else row["minutes"]
        found.setdefault((row["rep_id"], row["happened_on"]), []).append(
            (row["account_id"], minutes)
        )
    return found


def _day(
    log: _Log,
    rep: str,
    day: date,
    visits: list[tuple[str, float]],
    own: list[Standing],
) -> None:
    """Write one day: desk work, the visits with the way there and back, desk work until it is done."""
    rng = log.rng
    if not is_workday(day) and not visits:
        return
    clock = datetime.combine(day, time(8, 30)) + timedelta(minutes=rng.choice((0, 0, 15, 30)))
    todo = _away(rng, visits)
    goal = rng.uniform(*_DAY_HOURS) * 60 if is_workday(day) else 0
    rest = goal - sum(minutes for _, _, minutes in todo)
    lunch = False
    desk_first = not todo or chance(rng, 0.6)
    while todo or rest >= 30:  # noqa: PLR2004 - nobody writes down less than half an hour
        if not lunch and clock.time() >= _LUNCH_FROM:
            clock += timedelta(minutes=rng.choice((45, 60)))
            lunch = True
        if todo and not (desk_first and rest >= 30):  # noqa: PLR2004
            account: str | None
            activity, account, minutes = todo.pop(0)
        else:
            activity, account, minutes = _at_desk(log, rep, own, rest)
            rest -= minutes
            desk_first = False
        clock = log.add(rep, account, activity, clock, minutes)
        clock += timedelta(minutes=rng.choice((0, 0, 5, 10)))


def _away(rng: Random, visits: list[tuple[str, float]]) -> list[tuple[str, str, float]]:
    """Return the day's journeys and visits; the way home belongs to the last account."""
    todo: list[tuple[str, str, float]] = []
    for account, minutes in visits:
        todo.append(("travel", account, on_grid(rng, 20, 75, 5)))
        todo.append(("visit", account, minutes))
    if todo and chance(rng, 0.8):
        todo.append(("travel", visits[-1][0], on_grid(rng, 20, 75, 5)))
    return todo


def _at_desk(
    log: _Log, rep: str, own: list[Standing], rest: float
) -> tuple[str, str | None, float]:
    rng = log.rng
    activity = rng.choices(list(_AT_DESK), [share for share, _ in _AT_DESK.values()])[0]
    minutes = min(on_grid(rng, *_AT_DESK[activity][1], 15), max(30, rest // 15 * 15))
    account = _for_whom(log, rep, own) if activity in _FOR_AN_ACCOUNT and own else None
    return activity, account, minutes


def _for_whom(log: _Log, rep: str, own: list[Standing]) -> str:
    """Choose an account by tier; Wan'an takes Lin Yue's desk whenever it is below its share."""
    mine = {account: hours for (one, account), hours in log.hours.items() if one == rep}
    if rep == _ITS_REP and mine.get(_BIGGEST, 0) <= log.biggest_share * sum(mine.values()):
        return _BIGGEST
    others = [one for one in own if one.account_id != _BIGGEST]
    return log.rng.choices(others, [_PULL[one.tier] for one in others])[0].account_id


def _overlap(log: _Log) -> None:
    """Let some journeys and meetings overlap a call: both were written down."""
    rng = log.rng
    long = [row for row in log.rows if row["ended_at"] - row["started_at"] >= timedelta(minutes=45)]
    away = [row for row in long if row["activity"] in ("travel", "meeting")]
    for row in rng.sample(away, rng.randint(*_OVERLAPS)):
        start = row["started_at"] + timedelta(minutes=rng.choice((10, 15, 20)))
        log.add(row["rep_id"], row["account_id"], "service", start, rng.choice((15, 20, 25)))


def _nights(log: _Log, accounts: list[Standing]) -> None:
    """Write the nights: a stock-take that ends after midnight, the last train home."""
    rng = log.rng
    team = sorted({row["rep_id"] for row in log.rows})
    for place in range(rng.randint(*_NIGHTS)):
        rep = _ITS_REP if place == 0 else rng.choice(team)
        own = [one for one in accounts if one.rep_id == rep and one.customer_on(AS_OF)]
        if not own:
            continue
        account = _BIGGEST if place == 0 else rng.choice(own).account_id
        # Fridays: nobody is at the desk the next morning. One rep has one night a week at most.
        friday = date(2025, 10, 17) + timedelta(days=7 * place)
        if place % 2 == 0:
            log.add(
                rep,
                account,
                "service",
                datetime.combine(friday, time(21, 30)),
                rng.choice((195, 225, 240)),
            )
        else:
            log.add(
                rep,
                account,
                "travel",
                datetime.combine(friday, time(22, 20)),
                rng.choice((125, 140, 165)),
            )


def _written(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value
        for name, value in row.items()
    }
