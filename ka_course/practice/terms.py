"""What each account costs beyond the goods: its trade terms of the last 12 months, and the fees.

The biggest account keeps about 2% of its list sales. The others keep more, and the small ones
as little as serving them leaves: what serving costs is solved for, so that the customer in the
middle of the practice company earns `MEDIAN_CONTRIBUTION` a year.
"""

from __future__ import annotations

import math
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice import fees
from ka_course.practice.dice import chance, dice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

FIRST = date(2024, 12, 1)  # 12 months to the end of November 2025
# The yearly net contribution of Daowan's customer in the middle, yuan. With r = 95% and d = 10%
# its customer lifetime value is 18,950 * 0.95 / (1 + 0.10 - 0.95) = 120,017. In other companies
# it is this share of the sales of the customer in the middle, within a factor of two.
MEDIAN_CONTRIBUTION, MEDIAN_KEEPS = 18_950.0, 0.032
PRACTICE_SEED = 20251445
BIGGEST, BIGGEST_KEEPS = "A001", (0.017, 0.023)  # of gross sales
STORY, STORY_KEEPS = ("A002", "A003", "A004", "A005"), (0.065, 0.115)
CREDIT_RATE = 0.06
SERVICES, GOODS = 0.06, 0.13  # VAT in an amount that was invoiced as a service, as goods
BY_SIZE, SPREAD, MOST = 0.035, 0.01, 0.15  # kept: more by a tenfold account, deviation, at most
LEAST_SERVICE = 0.03  # of gross sales: nobody is served for nothing
LARGE = 1_000_000  # yuan of gross sales


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``trade_terms``, ``accruals`` and ``claims`` from a year's orders."""
    rng = dice(seed, "trade_terms")
    accounts = made["accounts"].set_index("account_id")
    year = made["orders"][made["orders"]["ordered_on"] >= FIRST]
    books = [
        _Book(rng, str(name), accounts.loc[name], own)
        for name, own in year.groupby("account_id")
        if (own["amount"] > 0).any()
    ]
    usual = MEDIAN_KEEPS * median(book.gross for book in books)
    most, least = MEDIAN_CONTRIBUTION * 1.9, MEDIAN_CONTRIBUTION / 1.9
    other = min(max(usual, least), most)
    _solve(rng, books, MEDIAN_CONTRIBUTION if seed == PRACTICE_SEED else other)
    rows = [row for book in books for row in book.rows()]
    booked = fees.book(dice(seed, "fees"), rows)
    return {
        "trade_terms": pd.DataFrame([*rows, *booked["settled"]]),
        "accruals": pd.DataFrame(booked["accruals"]),
        "claims": pd.DataFrame(booked["claims"]),
    }


class _Book:
    """One account's year: what it bought at list, and what each line takes away."""

    def __init__(self, rng: Random, name: str, account: pd.Series, orders: pd.DataFrame) -> None:
        bought, back = orders[orders["amount"] > 0], orders[orders["amount"] < 0]
        self.name = name
        self.gross = gross = float(bought["list_amount"].sum())
        self.fixed = {
            "on_invoice_discount": float((bought["list_amount"] - bought["amount"]).sum()),
            "cost_of_goods": float((bought["amount"] - bought["gross_profit"]).sum()),
            "returns": float(-back["list_amount"].sum()),
        }
        big = name == BIGGEST
        self.size = size = math.log10(max(gross, 1e4)) - 5  # 0 at 100,000 yuan, 1 at a million
        shops = account["segment"] in ("hypermarket", "supermarket", "club")
        self.rates = {
            "rebates": [_half_percent(rng, 0.006 + 0.006 * size, 0.012 + 0.008 * size)],
            "contracted_fees": [_half_percent(rng, 0.01, 0.025)],
            "capital": [round(account["payment_days"] / 365 * CREDIT_RATE, 5)],
        }
        if big:
            self.rates["rebates"], self.rates["contracted_fees"] = [0.01, 0.005], [0.01]
        elif gross > LARGE and chance(rng, 0.6):
            self.rates["rebates"].append(0.005)  # for growth, on top
        shelf_fee = gross * (0.004 if big else rng.uniform(0.005, 0.02))
        self.amounts = {"contracted_fees": shelf_fee if gross > LARGE / 4 else 0.0}
        drop = 420 if account["region"] in ("CN-SH", "CN-JS", "CN-ZJ") else 640
        self.solved = {
            "uncontracted_fees": gross * (0.004 if big else rng.uniform(0.003, 0.014)),
            "logistics": len(bought) * drop * rng.uniform(0.8, 1.2)
            + gross * rng.uniform(0.02, 0.04),
            "promoters": gross * rng.uniform(0.008, 0.018) if shops and gross > LARGE / 4 else 0.0,
        }

    def before(self) -> float:
        """Return what is left before the lines that are solved for."""
        rates = sum(sum(own) for own in self.rates.values())
        return self.gross * (1 - rates) - sum(self.fixed.values()) - sum(self.amounts.values())

    def room(self) -> float:
        """Return the largest share of its gross sales that it can keep."""
        return min(self.before() / self.gross - LEAST_SERVICE, MOST)

    def keep(self, rate: float) -> None:
        """Let serving the account cost what leaves this share of its gross sales."""
        factor = (self.before() - rate * self.gross) / sum(self.solved.values())
        self.solved = {line: amount * factor for line, amount in self.solved.items()}

    def rows(self) -> list[dict[str, Any]]:
        """Return its terms as they stand in the books."""
        found: list[tuple[str, float | None, float | None, float]] = [
            (line, None, round(amount), 0.0) for line, amount in self.fixed.items() if amount > 0
        ]
        found += [(line, rate, None, 0.0) for line, own in self.rates.items() for rate in own]
        vat = {"logistics": 0.0, "uncontracted_fees": GOODS}
        for line, amount in (*self.amounts.items(), *self.solved.items()):
            tax = vat.get(line, SERVICES)
            if amount > 0:
                found.append((line, None, round(amount * (1 + tax)), tax))
        return [
            {
                "account_id": self.name,
                "term_id": f"{self.name}-{number:02d}",
                "line": line,
                "booking": "accrued",
                "rate": rate,
                "amount": amount,
                "vat_rate": tax,
            }
            for number, (line, rate, amount, tax) in enumerate(found, start=1)
        ]


def _half_percent(rng: Random, low: float, high: float) -> float:
    """Draw a rate as contracts say it: in steps of half a percent."""
    return max(0.005, round(round(rng.uniform(low, high) / 0.005) * 0.005, 3))


def _solve(rng: Random, books: list[_Book], wanted: float) -> None:
    """Set what each account keeps, so that the one in the middle earns what is wanted.

    A large account keeps a larger part, as a full truck costs no more than a half empty one.
    """
    told: dict[str, float] = {}
    usual: dict[str, float] = {}
    for book in books:
        if book.name == BIGGEST:
            told[book.name] = rng.uniform(*BIGGEST_KEEPS)
        elif book.name in STORY:
            told[book.name] = rng.uniform(*STORY_KEEPS)
        else:
            usual[book.name] = BY_SIZE * max(book.size, 0.0) + rng.gauss(0, SPREAD)

    def kept(book: _Book, level: float) -> float:
        rate = told[book.name] if book.name in told else usual[book.name] + level
        return min(rate, book.room())

    low, high = -0.3, 0.3
    for _ in range(50):  # halving
        level = (low + high) / 2
        middle = median(kept(book, level) * book.gross for book in books)
        low, high = (level, high) if middle < wanted else (low, level)
    rates = {book.name: kept(book, level) for book in books}
    for book in books:
        book.keep(rates[book.name])
