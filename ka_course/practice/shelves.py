"""What shoppers take home: stores of the story's accounts, week by week and product by product.

Sell-out, stock and shelf show what orders alone hide: Jiusui's empty shelves and what its pilot
stores gained over the others, Hexi's full back rooms after a December of loading, promotions and
the dip after them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.cases import PRACTICE_SEED, growth_of_the_case
from ka_course.practice.dice import chance, dice
from ka_course.practice.promos import COVERAGE, UNITS_PER_CASE, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

FIRST, LAST = date(2023, 12, 4), date(2025, 11, 24)  # Mondays
STORES = {"A001": 6, "A002": 3, "A003": 10, "A004": 3, "A005": 4}
PILOTS = 5  # of Jiusui's stores
CARRIED = 5  # products a store
SHOP_MARKUP = 1.36  # shop price over our list price, before VAT
VAT = 0.13
YEARLY_TREND = {"A001": 1.16, "A002": 1.14, "A004": 1.15, "A005": 1.0}
SEASONS = (1.18, 0.95, 0.92, 0.93, 0.97, 1.0, 1.02, 1.03, 1.05, 0.98, 0.97, 1.05)
CALM = 0.2  # how much of the season Jiusui and Hexi feel
SPRING_FESTIVALS = (date(2024, 2, 10), date(2025, 1, 29))
STOCK_OUT, JOINT_PLAN = (date(2024, 1, 8), date(2024, 3, 4)), date(2024, 6, 3)
AFTER_STOCK_OUT = 0.86  # of the level before
PLAN_WEEKS, PILOT_WEEKS = 78, 16  # until the plan, and what the pilots do, has its full effect
LOADED = (date(2024, 12, 2), date(2025, 1, 6), date(2025, 2, 3), date(2025, 3, 17))
PILED_UP = 2.6


def pilot_gain(seed: int) -> float:
    """Return how far the pilot stores end above the others."""
    drawn = round(dice(seed, "pilot").uniform(0.16, 0.24), 3)
    return 0.19 if seed == PRACTICE_SEED else drawn


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``stores`` and ``sellout`` from what the accounts buy and the promotions they ran."""
    rng = dice(seed, "sellout")
    bought = ranges(made)
    regions = dict(made["accounts"][["account_id", "region"]].itertuples(index=False))
    prices = {
        product: round(price / UNITS_PER_CASE * SHOP_MARKUP * (1 + VAT), 1)
        for product, price in made["products"][["product_id", "list_price"]].itertuples(index=False)
    }
    effects = _effects(rng, made["promotions"].to_dict("records"))
    growth, gain = growth_of_the_case(seed), pilot_gain(seed)
    stores: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for account, count in STORES.items():
        pilots = set(rng.sample(range(count), PILOTS)) if account == "A003" else set()
        sizes = [rng.lognormvariate(0, 0.22) for _ in range(count)]
        for place, size in enumerate(sizes):
            store = {
                "store_id": f"ST{len(stores) + 1:02d}",
                "account_id": account,
                "region": regions[account],
                "pilot": place in pilots,
            }
            stores.append(store)
            osa = rng.uniform(0.91, 0.975)
            for product, units in _assortment(rng, bought[account], COVERAGE[account] / count):
                shelf = _Shelf(rng, units * size, osa, effects.get((account, product), {}))
                level = _levels(account, growth, gain, pilot=place in pilots)
                for week, factor in level:
                    sold, stock, seen = shelf.week(week, factor, account)
                    row = {"week": week, "store_id": store["store_id"], "product_id": product}
                    row |= {"units": sold, "amount": round(sold * prices[product])}
                    rows.append(row | {"stock_units": stock, "on_shelf": seen})
    rows.sort(key=lambda row: (row["week"], row["store_id"], row["product_id"]))
    return {"stores": pd.DataFrame(stores), "sellout": pd.DataFrame(rows)}


def _assortment(
    rng: Random, bought: list[tuple[str, float]], share: float
) -> list[tuple[str, float]]:
    """Return the products a store carries and the units a week it sells of each."""
    best, rest = bought[:3], bought[3:]
    extra = rng.sample(rest, min(CARRIED - 3, len(rest)))
    if extra and chance(rng, 0.4):
        extra.pop()
    total = sum(cases for _, cases in bought) * share * UNITS_PER_CASE
    # The best seller of the whole account is not ten times the second in every store.
    pull = {product: cases**0.5 * rng.uniform(0.75, 1.25) for product, cases in best + extra}
    return sorted((product, total * own / sum(pull.values())) for product, own in pull.items())


def _effects(
    rng: Random, promotions: list[dict[str, Any]]
) -> dict[tuple[str, str], dict[date, float]]:
    """Return by account and product which weeks a promotion lifts, and which it empties."""
    found: dict[tuple[str, str], dict[date, float]] = {}
    for promotion in promotions:
        weeks = found.setdefault((promotion["account_id"], promotion["product_id"]), {})
        lift = rng.uniform(1.35, 2.1)
        count = (promotion["ends_on"] - promotion["starts_on"]).days // 7
        for i in range(count):
            weeks[promotion["starts_on"] + timedelta(weeks=i)] = lift * (1.0, 0.92, 0.85)[i]
        for i, left in enumerate((0.78, 0.88, 0.95)):
            weeks[promotion["ends_on"] + timedelta(weeks=i)] = left
    return found


def _levels(
    account: str, growth: float, gain: float, *, pilot: bool
) -> Iterator[tuple[date, float]]:
    """Yield each week with the level of sales that a full shelf would see."""
    week = FIRST
    while week <= LAST:
        middle = week + timedelta(days=3)
        ahead = middle + timedelta(days=15)
        here, there = SEASONS[middle.month - 1], SEASONS[ahead.month - 1]
        season = (here + there) / 2 if here != there else here
        for festival in SPRING_FESTIVALS:
            days = (festival - middle).days
            season *= 1.2 if 0 < days <= 17 else 0.72 if -7 < days <= 0 else 1.0  # noqa: PLR2004
        if account in ("A003", "A005"):
            season = 1 + (season - 1) * CALM
        if account == "A003":
            yield week, season * _jiusui(week, growth, gain, pilot=pilot)
        else:
            yield week, season * YEARLY_TREND[account] ** ((week - FIRST).days / 365 - 1)
        week += timedelta(weeks=1)


def _jiusui(week: date, growth: float, full_gain: float, *, pilot: bool) -> float:
    """Return Jiusui's curve: the plan lifts all stores, and the pilots above the others."""
    if week < STOCK_OUT[0]:
        return 1.0
    if week < JOINT_PLAN:
        return AFTER_STOCK_OUT
    weeks = (week - JOINT_PLAN).days / 7
    # Half the stores are pilots: all together reach the growth that the case tells.
    others = (1 + growth) / (1 + full_gain * PILOTS / STORES["A003"])
    own = 1 + full_gain * min(weeks / PILOT_WEEKS, 1.0) if pilot else 1.0
    return float(AFTER_STOCK_OUT * others ** min(weeks / PLAN_WEEKS, 1.0) * own)


class _Shelf:
    """One product in one store."""

    def __init__(self, rng: Random, usual: float, osa: float, effects: dict[date, float]) -> None:
        self.rng, self.usual, self.osa, self.effects = rng, usual, osa, effects
        self.cover = rng.uniform(1.4, 2.6)  # weeks of stock

    def week(self, week: date, level: float, account: str) -> tuple[int, int, bool]:
        """Return units sold, stock at the week's end and whether it stood on the shelf."""
        rng = self.rng
        short = account == "A003" and STOCK_OUT[0] <= week < STOCK_OUT[1]
        on_shelf = chance(rng, 0.45 if short else self.osa)
        usual = self.usual * level
        mean = usual * self.effects.get(week, 1.0)
        if not on_shelf:
            mean *= rng.uniform(0.25, 0.7)
        spread = (mean + (0.06 * mean) ** 2) ** 0.5
        units = max(0, round(rng.gauss(mean, spread)))
        stock = usual * self.cover * rng.uniform(0.8, 1.2) * _piled_up(account, week)
        if not on_shelf:
            stock = 0 if chance(rng, 0.75) else stock * 0.4  # the rest lies in the back room
        return units, round(stock), on_shelf


def _piled_up(account: str, week: date) -> float:
    """Return how much more stock than usual lies in Hexi's stores after it was loaded."""
    start, full, still, over = LOADED
    if account != "A005" or not start <= week < over:
        return 1.0
    if week < full:
        return 1 + (PILED_UP - 1) * ((week - start).days + 7) / ((full - start).days + 7)
    if week < still:
        return PILED_UP
    return PILED_UP - (PILED_UP - 1) * ((week - still).days + 7) / ((over - still).days + 7)
