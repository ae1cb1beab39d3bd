"""Fees promised and booked, and the claims that settle them: in parts, late, too high, unknown."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ka_course.practice.dice import chance, day_between

if TYPE_CHECKING:
    from random import Random

AS_OF = date(2025, 11, 30)
FIRST = date(2024, 12, 1)
FEE_LINES = ("contracted_fees", "uncontracted_fees")
TERMS = 26  # the largest fees of the year, booked in three parts each
PARTS = 3
LATE = timedelta(days=180)
UNACCRUED = 4  # claims that nobody had booked


def book(rng: Random, terms: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return ``accruals``, ``claims`` and the terms ``settled`` by them.

    Parameters
    ----------
    rng : Random
        The generator of these tables.
    terms : list of dict
        Accrued trade terms; those of fees with an amount are booked fee by fee.

    Returns
    -------
    dict of str to list of dict
        The accruals of a term sum to its amount without VAT. A settled term has the id of the
        accrued one: the same fee a second time.
    """
    own = [term for term in terms if term["line"] in FEE_LINES and term["amount"]]
    own.sort(key=lambda term: (-term["amount"], term["term_id"]))
    accruals: list[dict[str, Any]] = []
    for term in own[:TERMS]:
        accruals += _accruals(rng, term)
    accruals.sort(key=lambda fee: (fee["accrued_on"], fee["term"]["term_id"]))
    claims: list[dict[str, Any]] = []
    for number, fee in enumerate(accruals, start=1):
        fee["fee_id"] = f"F{number:03d}"
        claims += _claims(rng, fee)
    for number in range(UNACCRUED):
        account = rng.choice(own[:TERMS])["account_id"]
        claims.append(
            {
                "fee_id": f"X{number + 1:02d}",
                "account_id": account,
                "settled_on": day_between(rng, FIRST + timedelta(days=60), AS_OF),
                "amount": round(rng.uniform(1_500, 12_000), -2),
                "term": None,
            }
        )
    claims.sort(key=lambda claim: (claim["settled_on"], claim["fee_id"], claim["amount"]))
    settled = _settled(claims)
    columns = ("fee_id", "account_id", "accrued_on", "amount")
    return {
        "settled": settled,
        "accruals": [{name: fee[name] for name in columns} for fee in accruals],
        "claims": [
            {
                "claim_id": f"K{number:03d}",
                **{name: claim[name] for name in ("fee_id", "account_id", "settled_on", "amount")},
            }
            for number, claim in enumerate(claims, start=1)
        ],
    }


def _accruals(rng: Random, term: dict[str, Any]) -> list[dict[str, Any]]:
    """Book a term's fee in parts over the year."""
    net = round(term["amount"] / (1 + term["vat_rate"]))
    shares = [rng.uniform(0.7, 1.3) for _ in range(PARTS)]
    amounts = [round(net * share / sum(shares)) for share in shares[:-1]]
    amounts.append(net - sum(amounts))
    return [
        {
            "account_id": term["account_id"],
            "accrued_on": day_between(
                rng, FIRST + timedelta(days=120 * i), FIRST + timedelta(days=120 * i + 110)
            ),
            "amount": amount,
            "term": term,
        }
        for i, amount in enumerate(amounts)
    ]


def _claims(rng: Random, fee: dict[str, Any]) -> list[dict[str, Any]]:
    """Settle a fee, if anybody has sent the papers."""
    if chance(rng, 0.18):
        return []
    share = rng.choices((1.0, rng.uniform(0.3, 0.85), rng.uniform(1.03, 1.2)), (70, 20, 10))[0]
    total = round(fee["amount"] * share)
    parts = [total]
    if chance(rng, 0.35):
        first = round(total * rng.uniform(0.4, 0.7))
        parts = [first, total - first]
    found = []
    day = fee["accrued_on"]
    for amount in parts:
        day += timedelta(days=rng.randint(25, 100))
        if day <= AS_OF and amount > 0:
            found.append(
                {
                    "fee_id": fee["fee_id"],
                    "account_id": fee["account_id"],
                    "settled_on": day,
                    "amount": amount,
                    "term": fee["term"],
                }
            )
    return found


def _settled(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each claimed term once more, as what its claims settled."""
    sums: Counter[str] = Counter()
    terms = {}
    for claim in claims:
        if claim["term"] is not None:
            term = claim["term"]
            terms[term["term_id"]] = term
            sums[term["term_id"]] += claim["amount"]
    return [
        {
            **terms[key],
            "booking": "settled",
            "amount": round(sums[key] * (1 + terms[key]["vat_rate"])),
        }
        for key in sorted(terms)
    ]
