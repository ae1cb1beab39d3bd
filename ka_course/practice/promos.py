"""Promotions at the story's accounts: weeks, discount, fees.

Some pay and some do not: a small discount that shoppers notice, a large one that they would not
have needed. What they did to sell-out stands in `ka_course.practice.shelves`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import dice

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS_PER_CASE = 12
HOW_MANY = {"A001": 4, "A002": 2, "A003": 2, "A004": 2, "A005": 2}
FIRST, LAST = date(2024, 4, 29), date(2025, 9, 29)  # Mondays; the last dip ends before as-of
BEFORE, AFTER = timedelta(weeks=8), timedelta(weeks=4)  # what measuring one needs
# No promotion is measured across these: Spring Festival, Jiusui's bad months, Hexi's full shelves.
QUIET = (date(2024, 11, 18), date(2025, 3, 24))
JIUSUI_FROM = date(2024, 9, 2)
DISCOUNTS = (0.06, 0.08, 0.10, 0.12, 0.15, 0.20)
# The share of an account's sell-in that the stores whose sell-out we see turn over.
COVERAGE = {"A001": 0.06, "A002": 0.25, "A003": 0.55, "A004": 0.8, "A005": 0.6}
TRIES = 500


def ranges(made: Mapping[str, pd.DataFrame]) -> dict[str, list[tuple[str, float]]]:
    """Return what each account buys all year: products by cases a week, the most first."""
    lines = made["order_lines"].merge(made["orders"][["order_id", "account_id", "ordered_on"]])
    lines = lines.merge(made["products"][["product_id", "category"]])
    recent = lines[(lines["ordered_on"] >= date(2023, 12, 1)) & (lines["category"] != "gifts")]
    sums = recent.groupby(["account_id", "product_id"])["quantity"].sum()
    found: dict[str, list[tuple[str, float]]] = {}
    for (account, product), cases in sums.items():
        if cases > 0:
            found.setdefault(str(account), []).append((str(product), cases / 104))
    for products in found.values():
        products.sort(key=lambda pair: (-pair[1], pair[0]))
    return found


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``promotions`` from what the accounts buy."""
    rng = dice(seed, "promotions")
    prices = dict(made["products"][["product_id", "list_price"]].itertuples(index=False))
    rows: list[dict[str, Any]] = []
    bought = ranges(made)
    for account, wanted in HOW_MANY.items():
        products = [product for product, _ in bought[account][:3]]
        taken: list[tuple[str, date, date]] = []
        for _ in range(TRIES):
            if len(taken) == wanted:
                break
            product = rng.choice(products)
            start = FIRST + timedelta(weeks=rng.randint(0, (LAST - FIRST).days // 7))
            end = start + timedelta(weeks=rng.choice((2, 2, 3)))
            if not _free(account, product, start, end, taken):
                continue
            taken.append((product, start, end))
            unit_price = prices[product] / UNITS_PER_CASE
            discount = round(unit_price * rng.choice(DISCOUNTS), 2)
            rows.append(
                {
                    "promotion_id": "",
                    "account_id": account,
                    "product_id": product,
                    "starts_on": start,
                    "ends_on": end,
                    "discount_per_unit": discount,
                    "fees": 0,
                }
            )
    rows.sort(key=lambda row: (row["starts_on"], row["account_id"]))
    cases = {(name, product): weekly for name, own in bought.items() for product, weekly in own}
    for number, row in enumerate(rows, start=1):
        row["promotion_id"] = f"PR{number:02d}"
        weeks = (row["ends_on"] - row["starts_on"]).days / 7
        value = cases[row["account_id"], row["product_id"]] * prices[row["product_id"]] * weeks
        seen = COVERAGE[row["account_id"]]
        row["fees"] = max(200, round(value * seen * rng.uniform(0.01, 0.12), -2))
    return {"promotions": pd.DataFrame(rows)}


def _free(
    account: str, product: str, start: date, end: date, taken: list[tuple[str, date, date]]
) -> bool:
    """Say whether nothing else disturbs the weeks before, in and after."""
    first, last = start - BEFORE, end + AFTER
    if first < QUIET[1] and last > QUIET[0]:
        return False
    if account == "A003" and first < JIUSUI_FROM:
        return False
    return all(
        product != other or last <= their_start - BEFORE or their_end + AFTER <= first
        for other, their_start, their_end in taken
    )
