"""What Yuguo's connected chillers report each evening: sold, left, and sometimes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, dice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

AS_OF = date(2025, 11, 30)
FIRST = date(2025, 6, 1)
ACCOUNT, DEVICES = "A004", 6
CAPACITY = 320  # units
WEEK = (0.8, 0.78, 0.82, 0.9, 1.1, 1.42, 1.3)  # Monday first: a club sells at the weekend
REFILL_DAYS = 2  # from the order to the van
SUMMER = {6: 1.1, 7: 1.22, 8: 1.2, 9: 1.0, 10: 0.92, 11: 0.86}


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``usage``: six chillers, half a year of days."""
    del made
    rng = dice(seed, "usage")
    rows: list[dict[str, Any]] = []
    for number in range(1, DEVICES + 1):
        rows += _chiller(rng, f"C{number}")
    rows.sort(key=lambda row: (row["day"], row["device_id"]))
    return {"usage": pd.DataFrame(rows)}


def _chiller(rng: Random, device: str) -> list[dict[str, Any]]:
    """Return a chiller's days: it sells, runs low, is refilled, and drops off the net at times."""
    usual = rng.uniform(16, 46)
    growth = rng.uniform(-0.1, 0.25)  # over the half year
    refill_below = usual * rng.uniform(2.6, 4.2)  # some shops order too late
    stock, refill_on = CAPACITY, None
    silent = {FIRST + timedelta(days=rng.randint(10, 175)) for _ in range(rng.randint(2, 6))}
    broken = FIRST + timedelta(days=rng.randint(20, 160))  # a modem without power, for days
    silent |= {broken + timedelta(days=i) for i in range(rng.randint(0, 5))}
    rows = []
    for i in range((AS_OF - FIRST).days + 1):
        day = FIRST + timedelta(days=i)
        if refill_on == day:
            stock, refill_on = CAPACITY, None
        mean = usual * WEEK[day.weekday()] * SUMMER[day.month] * (1 + growth * i / 183)
        wanted = max(0, round(rng.gauss(mean, 1.35 * mean**0.5)))
        sold = min(wanted, stock)
        stock -= sold
        if stock < refill_below and refill_on is None:
            refill_on = day + timedelta(days=REFILL_DAYS + chance(rng, 0.2))
        if day in silent:
            if chance(rng, 0.5):  # half the lost days have a row without figures
                rows.append(_row(day, device, None, None))
            continue
        rows.append(_row(day, device, sold, stock))
    return rows


def _row(day: date, device: str, sold: int | None, stock: int | None) -> dict[str, Any]:
    return {
        "day": day,
        "account_id": ACCOUNT,
        "device_id": device,
        "units": sold,
        "stock_units": stock,
    }
