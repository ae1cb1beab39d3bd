"""What an account's file says beyond its name: firmographics, group, tier and contract."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import tiers

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_OF = date(2025, 11, 30)
WEIGHTS = {"contribution": 0.5, "potential": 0.3, "depth": 0.2}
A_PLACES, B_PLACES = 5, 15
GROUPS, SUBSIDIARIES = 3, 3
CONTRACTS = {
    "A001": ("2025-01-01", 12),
    "A002": ("2025-01-01", 12),
    "A003": ("2024-06-01", 24),
    "A004": ("2024-02-29", 24),
    "A005": ("2025-03-01", 12),
}
CREDIT_DAYS = {"A001": 90, "A002": 45, "A003": 30, "A004": 30, "A005": 60}
STORES_BY_SEGMENT = {
    "hypermarket": 26,
    "supermarket": 34,
    "convenience": 120,
    "fresh": 40,
    "club": 6,
    "snacks": 75,
}


def complete(seed: int, accounts: list[dict[str, Any]], orders: Sequence[dict[str, Any]]) -> None:
    """Fill the rest of each account's file, in place."""
    rng = Random(f"{seed} profiles")  # noqa: S311 - a story, not a secret
    bought = pd.DataFrame(orders)[["account_id", "ordered_on", "amount", "gross_profit"]]
    year = bought[bought["ordered_on"] > date(2024, 11, 30)]
    sums = year.groupby("account_id")[["amount", "gross_profit"]].sum()
    for account in accounts:
        bought_now = float(sums["amount"].get(account["account_id"], 0.0))
        # Nobody's potential is less than what it buys already.
        account["potential"] = max(
            account["potential"], round(bought_now * rng.uniform(1.1, 1.5), -4)
        )
    _tiers(accounts, sums["gross_profit"])
    for account in accounts:
        name, customer = account["account_id"], account["customer_since"] is not None
        stores = max(2, round(STORES_BY_SEGMENT[account["segment"]] * account["size"] ** 0.8))
        sales = account["potential"] * rng.uniform(14, 40)
        account |= {
            "ownership": rng.choices(("private", "state", "listed", "foreign"), (6, 2, 2, 1))[0],
            "founded": rng.randint(1994, 2019),
            "employees": round(stores * rng.uniform(14, 30)),
            "store_count": stores,
            "annual_sales": round(sales, -5),
            "payment_days": CREDIT_DAYS.get(name, rng.choice((30, 30, 45, 60))),
            "contract_starts_on": None,
            "contract_months": None,
        }
        if customer and (account["tier"] in ("A", "B") or name in CONTRACTS):
            start, months = CONTRACTS.get(name) or _contract(rng, account["customer_since"])
            account["contract_starts_on"], account["contract_months"] = start, months
        for field, share in (("ownership", 0.1), ("employees", 0.2), ("annual_sales", 0.25)):
            if name not in CONTRACTS and rng.random() < share:
                account[field] = None  # nobody ever asked
    _groups(rng, accounts, sums["amount"])


def _tiers(accounts: list[dict[str, Any]], profit: pd.Series) -> None:
    """Sort the customers into A, B and C, as chapter 3 does it."""
    frame = pd.DataFrame(accounts).set_index("account_id")
    customers = frame[frame["customer_since"].notna() & frame.index.isin(profit.index)]
    criteria = pd.DataFrame(
        {
            "account_id": customers.index,
            "account_name": customers["account_name_zh"].to_numpy(),
            "contribution": profit.reindex(customers.index).to_numpy("float64"),
            "potential": customers["potential"].to_numpy("float64"),
            "depth": customers["depth"].to_numpy("float64"),
        }
    )
    sorted_in = tiers.assign(tiers.score(criteria, WEIGHTS), quotas=(A_PLACES, B_PLACES))
    of = dict(zip(sorted_in["account_id"], sorted_in["tier"], strict=True))
    for account in accounts:
        account["tier"] = of.get(account["account_id"])


def _contract(rng: Random, since: str) -> tuple[str, int]:
    """Return when the running contract began, and for how many months."""
    months = rng.choice((12, 12, 24))
    start = date.fromisoformat(since)
    latest = AS_OF - timedelta(days=rng.randint(5, 28 * months))
    # Some contracts were signed on the last day of a long month: their ends need care.
    day = date(2025, rng.choice((1, 3, 5, 8)), 31) if rng.random() < 0.2 else latest  # noqa: PLR2004
    return max(start, day).isoformat(), months


def _groups(rng: Random, accounts: list[dict[str, Any]], sales: pd.Series) -> None:
    """Put some customers under a parent: together they outrank accounts that stand alone."""
    ranked = [name for name in sales.sort_values(ascending=False).index if name > "A005"]
    parents = ranked[4 : 4 + GROUPS]
    children = rng.sample(ranked[10:45], GROUPS * SUBSIDIARIES)
    by_id = {account["account_id"]: account for account in accounts}
    for account in accounts:
        account["parent_id"] = None
    for turn, child in enumerate(children):
        by_id[child]["parent_id"] = parents[turn % GROUPS]
