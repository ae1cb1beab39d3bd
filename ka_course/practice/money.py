"""What is owed: an invoice for each order, paid by each customer's habit; and the ledger.

The biggest account takes 90 days and then some more. Customers that left still owe their last
invoices. The ledger is a chain of hashes in which one amount was changed afterwards.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, dice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

AS_OF = date(2025, 11, 30)
FIRST = date(2024, 9, 1)  # 15 months
VAT = 0.13
SLOW, SLOW_LATE = "A001", (0, 4)  # days after the due date, on average
GONE = timedelta(days=120)  # without an order
QUARREL = timedelta(days=180)  # at most
LEDGER_ACCOUNT, LEDGER_ENTRIES = "A004", 40
NO_HASH = "0" * 64


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``payments`` and ``ledger`` from the orders."""
    orders = made["orders"].to_dict("records")
    return {
        "payments": pd.DataFrame(_payments(dice(seed, "payments"), made["accounts"], orders)),
        "ledger": pd.DataFrame(_ledger(dice(seed, "ledger"), orders)),
    }


def _payments(
    rng: Random, accounts: pd.DataFrame, orders: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    habits = {
        account["account_id"]: _habit(rng, account) for account in accounts.to_dict("records")
    }
    last: dict[str, date] = {}
    for order in orders:
        if order["amount"] > 0:
            last[order["account_id"]] = order["ordered_on"]
    rows: list[dict[str, Any]] = []
    for order in orders:
        invoiced = order["ordered_on"] + timedelta(days=rng.randint(2, 7))
        if order["amount"] <= 0 or order["ordered_on"] < FIRST or invoiced > AS_OF:
            continue
        terms, late, spread = habits[order["account_id"]]
        due = invoiced + timedelta(days=terms)
        amount = round(order["amount"] * (1 + VAT), 2)
        paid_on: date | None = due + timedelta(days=round(rng.gauss(late, spread)))
        paid_on = max(paid_on or due, invoiced + timedelta(days=3))
        paid: float | None = amount
        leaving = AS_OF - last[order["account_id"]] > GONE
        if leaving and last[order["account_id"]] - order["ordered_on"] < timedelta(days=60):
            paid_on = None if chance(rng, 0.7) else paid_on
        elif chance(rng, 0.04) and order["account_id"] != SLOW and AS_OF - due < QUARREL:
            # About the goods: part is paid, the rest waits.
            paid = round(amount * rng.choice((0.5, 0.6, 0.7, 0.8, 0.9)), 2)
        if paid_on is None or paid_on > AS_OF:
            paid_on = paid = None
        rows.append(
            {
                "invoice_id": f"I{len(rows) + 1:05d}",
                "order_id": order["order_id"],
                "account_id": order["account_id"],
                "invoiced_on": invoiced,
                "due_on": due,
                "amount": amount,
                "paid_on": paid_on,
                "paid_amount": paid,
            }
        )
    return rows


def _habit(rng: Random, account: Mapping[str, Any]) -> tuple[int, float, float]:
    """Return an account's payment term, its usual days after the due date, and their spread."""
    terms = int(account["payment_days"])
    if account["account_id"] == SLOW:
        return terms, rng.uniform(*SLOW_LATE), 5.0
    # Most pay on the day or before it; of the small ones, one in seven lets us wait.
    waits = chance(rng, 0.14) and account["tier"] == "C"
    late = rng.uniform(18, 55) if waits else rng.uniform(-14, 2)
    return terms, late, 3.0 + abs(late) / 5


def _ledger(rng: Random, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chain one account's last orders, then change one amount as if nobody would notice."""
    own = [order for order in orders if order["account_id"] == LEDGER_ACCOUNT]
    rows: list[dict[str, Any]] = []
    previous = NO_HASH
    for entry, order in enumerate(own[-LEDGER_ENTRIES:], start=1):
        row = {
            "entry": entry,
            "order_id": order["order_id"],
            "ordered_on": order["ordered_on"],
            "amount": float(order["amount"]),
            "previous_hash": previous,
            "hash": fingerprint(
                previous, entry, order["order_id"], order["ordered_on"], order["amount"]
            ),
        }
        previous = row["hash"]
        rows.append(row)
    changed = rng.choice([row for row in rows[len(rows) // 4 : -3] if row["amount"] > 0])
    changed["amount"] = round(changed["amount"] * rng.choice((0.9, 0.92, 1.08, 1.1)))
    return rows


def fingerprint(previous: str, entry: int, order_id: str, ordered_on: date, amount: float) -> str:
    """Return the hash of one entry: it depends on all entries before it."""
    record = f"{previous}|{entry}|{order_id}|{ordered_on:%Y-%m-%d}|{amount:.2f}"
    return sha256(record.encode("utf-8")).hexdigest()
