"""Dice that fall the same way on every machine: one generator a table, named after it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def dice(seed: int, table: str) -> Random:
    """Return the generator of one table, so that another table's draws leave it alone."""
    return Random(f"{seed} {table}")  # noqa: S311 - a story, not a secret


def chance(rng: Random, share: float) -> bool:
    """Say whether something happens that happens in this share of cases."""
    return rng.random() < share


def on_grid(rng: Random, low: float, high: float, step: float) -> float:
    """Draw a value as a person would write it: 45 minutes, not 43.7."""
    return round(round(rng.uniform(low, high) / step) * step, 2)


def day_between(rng: Random, first: date, last: date) -> date:
    """Draw a day, both ends included; the first day when there is no room."""
    room = max((last - first).days, 0)
    return type(first).fromordinal(first.toordinal() + rng.randint(0, room))
