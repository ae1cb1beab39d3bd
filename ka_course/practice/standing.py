"""What everybody at the supplier knows of an account: its rep, its tier, how things stand.

Customers who are content answer surveys kindly, are for us, and complain less; the tables about
people take that from one hidden mood an account, so that they agree with each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from ka_course.practice.dice import dice
from ka_course.practice.sales import AS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping

# Wan'an presses, Jiusui's joint plan works, Yuguo threatens to delist, Hexi sits on stock.
STORY_MOODS = {"A001": -0.3, "A002": 0.6, "A003": 1.3, "A004": -0.2, "A005": 0.1}
_LOST_AFTER = timedelta(days=150)
_USUAL_TIERS = (10, 25)  # as many A, then B accounts, while accounts have no tier of their own


@dataclass(frozen=True)
class Standing:
    """One account as the team sees it; ``since`` is missing for prospects."""

    account_id: str
    name_zh: str
    name_en: str
    segment: str
    rep_id: str
    tier: str
    since: date | None
    last_order: date | None
    yearly_profit: float
    mood: float

    @property
    def lost(self) -> bool:
        """Say whether a customer has stopped ordering."""
        return self.last_order is not None and self.last_order < AS_OF - _LOST_AFTER

    def customer_on(self, day: date) -> bool:
        """Say whether the account bought from us at that time."""
        if self.since is None or self.since > day:
            return False
        return not (self.lost and self.last_order is not None and self.last_order < day)


def standings(seed: int, made: Mapping[str, pd.DataFrame]) -> list[Standing]:
    """Return every account in the order of its id."""
    rng = dice(seed, "mood")
    accounts = made["accounts"].sort_values("account_id", kind="stable")
    sales = _sales(made["orders"])
    reps = _reps(accounts, made)
    tiers = _tiers(accounts, sales)
    known = []
    for account in accounts.to_dict("records"):
        number = account["account_id"]
        mood = STORY_MOODS.get(number, 0.0) + rng.gauss(0, 0.1 if number in STORY_MOODS else 0.7)
        last, profit, _ = sales.get(number, (None, 0.0, 0.0))
        since = account["customer_since"]
        known.append(
            Standing(
                account_id=number,
                name_zh=account["account_name_zh"],
                name_en=account["account_name_en"],
                segment=account["segment"],
                rep_id=reps[number],
                tier=tiers[number],
                since=None if pd.isna(since) else pd.Timestamp(since).date(),
                last_order=last,
                yearly_profit=profit,
                mood=mood,
            )
        )
    return known


def _sales(orders: pd.DataFrame) -> dict[str, tuple[date, float, float]]:
    """Return each account's last order day, and its profit and sales of the last 12 months."""
    bought = orders[orders["amount"] > 0].copy()
    bought["day"] = pd.to_datetime(bought["ordered_on"])
    last = bought.groupby("account_id")["day"].max()
    recent = bought[bought["day"] > pd.Timestamp(AS_OF) - pd.DateOffset(years=1)]
    sums = recent.groupby("account_id")[["gross_profit", "amount"]].sum()
    sums = sums.reindex(last.index, fill_value=0.0)
    return {
        number: (last[number].date(), float(profit), float(amount))
        for number, profit, amount in sums.itertuples()
    }


def _reps(accounts: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Take the account's rep, or who works its opportunities, or the reps in turn."""
    team = list(made["reps"]["rep_id"])
    deals: dict[str, Counter[str]] = {}
    opportunities = made["opportunities"]
    for number, rep in zip(opportunities["account_id"], opportunities["rep_id"], strict=True):
        deals.setdefault(number, Counter())[rep] += 1
    own = accounts["rep_id"] if "rep_id" in accounts else pd.Series(None, index=accounts.index)
    reps = {}
    for i, (number, rep) in enumerate(zip(accounts["account_id"], own, strict=True)):
        if pd.isna(rep):
            seen = deals.get(number)
            rep = seen.most_common(1)[0][0] if seen else team[i % len(team)]  # noqa: PLW2901
        reps[number] = rep
    return reps


def _tiers(
    accounts: pd.DataFrame, sales: Mapping[str, tuple[date, float, float]]
) -> dict[str, str]:
    """Take the account's tier; where it has none, rank by sales; prospects are C."""
    ranked = sorted(sales, key=lambda number: (-sales[number][2], number))
    first, second = _USUAL_TIERS
    usual = {
        number: "A" if i < first else "B" if i < first + second else "C"
        for i, number in enumerate(ranked)
    }
    own = accounts["tier"] if "tier" in accounts else pd.Series(None, index=accounts.index)
    return {
        number: usual.get(number, "C") if pd.isna(tier) else tier
        for number, tier in zip(accounts["account_id"], own, strict=True)
    }
