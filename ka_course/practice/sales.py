"""Accounts, deals, sales spend and targets: the ground that all other tables stand on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd

from ka_course.practice import orders, profiles
from ka_course.practice.cast import PRACTICE_REPS, STORY_ACCOUNTS, invented_accounts
from ka_lib.tables import STAGES

PRACTICE_SEED = 20251445
AS_OF = date(2025, 11, 30)
YEARS = (2023, 2024, 2025)

# What a lead of this supplier usually does: the share that takes each step, and the days it needs.
USUAL_RATES = (0.42, 0.62, 0.70, 0.63, 0.71)
USUAL_DAYS = (8.0, 9.0, 12.0, 18.0, 17.0)
LEADS_A_YEAR = {2023: 640, 2024: 740, 2025: 715}
LOST_REASONS = {
    "lead": ("no_answer", "no_fit"),
    "contact": ("no_answer", "no_need", "competitor"),
    "needs": ("no_budget", "no_need", "competitor"),
    "proposal": ("price", "payment_terms", "fees", "competitor"),
    "negotiation": ("price", "payment_terms", "fees", "competitor"),
}
SMALL_LEADS = 0.6
# January carries the New Year orders, September the Mid-Autumn ones.
SEASONS = (1.45, 0.75, 0.8, 0.85, 0.95, 0.95, 0.9, 1.0, 1.3, 0.95, 1.0, 1.25)
# What reps write into the CRM before the outcome is known, by the last stage they saw.
USUAL_CHANCES = {
    "lead": 0.06,
    "contact": 0.12,
    "needs": 0.25,
    "proposal": 0.4,
    "negotiation": 0.6,
    "delivery": 0.6,
}
SOURCES = ("trade_fair", "referral", "field_visit", "inbound", "marketing")


@dataclass
class _Story:
    """What this company's year looks like: drawn once, used by every table."""

    rng: Random
    weak_step: int
    weak_factor: float
    deal_size: float
    seasons: list[float]
    opportunities: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)


def tables(seed: int) -> dict[str, pd.DataFrame]:
    """Make a company's tables.

    Parameters
    ----------
    seed : int
        The same seed makes the same company.

    Returns
    -------
    dict of str to DataFrame
        By table name, names of people and accounts in both languages (``_zh``, ``_en``);
        ``company`` holds the name and ``as_of``.
    """
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    practice = seed == PRACTICE_SEED
    story = _Story(
        rng=rng,
        # The practice company leaks after the proposal; others at one of the last three steps.
        weak_step=3 if practice else rng.choice((2, 3, 4)),
        weak_factor=0.84 if practice else rng.uniform(0.68, 0.8),
        deal_size=165_000 if practice else rng.uniform(90_000, 260_000),
        seasons=[season * rng.uniform(0.92, 1.08) for season in SEASONS],
    )
    accounts = _accounts(rng)
    _follow_leads(story, accounts)
    _tell_source_and_chance(seed, story)
    sold = orders.tables(seed, accounts, story.seasons)
    profiles.complete(seed, accounts, sold["orders"])
    return {
        "company": pd.DataFrame(
            [{"name_zh": "稻晚食品", "name_en": "Daowan Foods", "as_of": AS_OF.isoformat()}]
        ),
        "accounts": pd.DataFrame(accounts).drop(columns=["size", "volume", "margin", "existing"]),
        "reps": pd.DataFrame(PRACTICE_REPS),
        "opportunities": pd.DataFrame(story.opportunities),
        "stage_history": pd.DataFrame(story.history),
        **{name: pd.DataFrame(rows) for name, rows in sold.items()},
        "costs": pd.DataFrame(_costs(Random(f"{seed} costs"))),  # noqa: S311
        "targets": pd.DataFrame(_targets(Random(f"{seed} targets"))),  # noqa: S311
    }


def _accounts(rng: Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for i, cast in enumerate([*STORY_ACCOUNTS, *invented_accounts(rng, 91)], start=1):
        existing = cast.get("existing", rng.random() < 0.3)  # noqa: PLR2004 - a third buy already
        size = cast.get("size", rng.lognormvariate(0.0, 0.55))
        rep = cast.get("rep_id", rng.choice(PRACTICE_REPS)["rep_id"])
        rows.append(
            {
                "account_id": f"A{i:03d}",
                "account_name_zh": cast["zh"],
                "account_name_en": cast["en"],
                "segment": cast["segment"],
                "region": cast["region"],
                "customer_since": _before_2023(rng) if existing else None,
                "potential": round(size * rng.uniform(0.7, 1.9) * 1_600_000, -4),
                "depth": rng.randint(2, 9) if existing else rng.randint(0, 5),
                "size": size,
                "volume": cast.get("volume", 1.0),
                "rep_id": rep,
                "margin": cast.get("margin", rng.uniform(0.2, 0.33)),
                "existing": existing,
            }
        )
        rows[-1] |= {"depth": cast["depth"]} if "depth" in cast else {}
    return rows


def _before_2023(rng: Random) -> str:
    return (date(2022, 12, 20) - timedelta(days=rng.randint(0, 1800))).isoformat()


def _follow_leads(story: _Story, accounts: list[dict[str, Any]]) -> None:
    """Create each year's leads, decide by quota who takes each step, and date the steps."""
    number = 0
    for year in YEARS:
        leads = _leads(story, accounts, year)
        furthest = _furthest(story, leads, year)
        for lead, stop in zip(leads, furthest, strict=True):
            number += 1
            lead["opportunity_id"] = f"O{number:05d}"
            _date_and_close(story, lead, stop)
    _name_new_customers(story, accounts)


def _leads(story: _Story, accounts: list[dict[str, Any]], year: int) -> list[dict[str, Any]]:
    rng = story.rng
    count = round(LEADS_A_YEAR[year] * rng.uniform(0.97, 1.03))
    last = min(date(year, 12, 31), AS_OF)
    weights = [
        account["size"] ** 0.4 * (1.3 if account["existing"] else 1.0) for account in accounts
    ]
    rows = []
    for account in rng.choices(accounts, weights, k=count):
        created = date(year, 1, 1) + timedelta(days=rng.randint(0, 364))
        if created > last:
            continue
        # Half the leads are small try-outs; most of them never become a customer's real need.
        kind = 0.15 if rng.random() < SMALL_LEADS else 1.0
        amount = story.deal_size * kind * account["size"] ** 0.35 * rng.lognormvariate(0, 0.4)
        rows.append(
            {
                "opportunity_id": "",
                "account_id": account["account_id"],
                "rep_id": account["rep_id"],
                "source": rng.choice(SOURCES),
                "created_on": created,
                "amount": max(round(amount * (0.97 if year == AS_OF.year else 1.0), -3), 5_000),
            }
        )
    return sorted(rows, key=lambda row: row["created_on"])


def _furthest(story: _Story, leads: list[dict[str, Any]], year: int) -> list[int]:
    """Return for each lead how far it will get, by quota: a rate is a rate in every company."""
    rng = story.rng
    furthest = [0] * len(leads)
    still_in = list(range(len(leads)))
    for step, usual in enumerate(USUAL_RATES):
        rate = usual * rng.uniform(0.99, 1.01)
        if year == AS_OF.year:
            rate *= story.weak_factor if step == story.weak_step else rng.uniform(0.985, 1.02)
        # Small leads are dropped early; later on size no longer decides.
        pull = 2.5 if step == 0 else 0.0
        keys = {i: rng.random() ** (1 / (leads[i]["amount"] / 1e5) ** pull) for i in still_in}
        still_in = sorted(keys, key=lambda i: -keys[i])[: round(rate * len(still_in))]
        for i in still_in:
            furthest[i] = step + 1
    return furthest


def _date_and_close(story: _Story, lead: dict[str, Any], stop: int) -> None:
    """Walk one opportunity through its stages until it stops, or until nobody knows yet."""
    rng = story.rng
    pace = rng.lognormvariate(0.0, 0.9)
    skips = {2} if stop > 2 and rng.random() < 0.06 else set()  # noqa: PLR2004 - needs
    goes_back = stop >= 3 and rng.random() < 0.09  # noqa: PLR2004 - from proposal to needs
    visits = [(0, lead["created_on"])]
    day = lead["created_on"]
    for place in range(1, stop + 1):
        day += _days(rng, USUAL_DAYS[place - 1] * pace)
        if place not in skips:
            visits.append((place, day))
        if place == 3 and goes_back:  # noqa: PLR2004 - proposal
            day += _days(rng, 6 * pace)
            visits.append((2, day))
            if stop > 3 or rng.random() < 0.5:  # noqa: PLR2004
                day += _days(rng, 5 * pace)
                visits.append((3, day))
    closed, status = _close(rng, day, won=stop == len(STAGES) - 1)
    seen = [(place, when) for place, when in visits if when <= AS_OF]
    if closed is not None and closed > AS_OF:
        closed, status = None, "open"
    lead["opportunity_name"] = f"{lead['account_id']}-{lead['created_on']:%y%m}"
    lead["stage"] = STAGES[seen[-1][0]]
    lead["status"] = status
    lead["expected_close_on"] = _expected(rng, lead["created_on"], seen[-1], closed)
    lead["closed_on"] = closed
    lead["lost_reason"] = rng.choice(LOST_REASONS[lead["stage"]]) if status == "lost" else None
    story.opportunities.append(lead)
    story.history.extend(
        {"opportunity_id": lead["opportunity_id"], "stage": STAGES[place], "entered_on": when}
        for place, when in seen
    )


def _tell_source_and_chance(seed: int, story: _Story) -> None:
    """Let the source hint at how far a deal gets, and the rep's own chance hope a little more.

    Told after the fact, from a generator of its own: the deals stay as they are.
    """
    rng = Random(f"{seed} sources")  # noqa: S311
    for deal in story.opportunities:
        far = STAGES.index(deal["stage"]) / (len(STAGES) - 1)
        hints = (
            1.2 - 0.6 * far,
            0.5 + 1.6 * far,
            0.8 + 0.4 * far,
            0.9 + 0.7 * far,
            1.1 - 0.4 * far,
        )
        deal["source"] = rng.choices(SOURCES, hints)[0]
        usual = USUAL_CHANCES[deal["stage"]]
        won = 0.08 if deal["status"] == "won" else 0.0
        chance = usual * 1.35 + won + rng.gauss(0, 0.1)
        deal["probability"] = round(min(max(chance, 0.02), 0.95) * 20) / 20


def _days(rng: Random, usual: float) -> timedelta:
    return timedelta(days=max(1, round(usual * rng.lognormvariate(0.0, 0.4))))


def _close(rng: Random, last: date, *, won: bool) -> tuple[date | None, str]:
    if won:
        return last, "won"
    if rng.random() < 0.02:  # noqa: PLR2004 - nobody ever closed it in the CRM
        return None, "open"
    return last + timedelta(days=max(2, round(rng.lognormvariate(3.0, 0.6)))), "lost"


def _expected(
    rng: Random, created: date, last: tuple[int, date], closed: date | None
) -> date | None:
    """Return the expected signing date as the rep typed it: hopeful, sometimes forgotten."""
    if rng.random() < 0.07:  # noqa: PLR2004 - left blank
        return None
    if closed is not None:
        return closed - timedelta(days=round(rng.gauss(8, 14)))
    rest = sum(USUAL_DAYS[last[0] :])
    return max(created, last[1]) + timedelta(days=max(5, round(rest * rng.uniform(0.8, 2.2))))


def _name_new_customers(story: _Story, accounts: list[dict[str, Any]]) -> None:
    """Make each account a customer from the day its first deal is signed."""
    first: dict[str, date] = {}
    for deal in story.opportunities:
        if deal["status"] == "won":
            known = first.get(deal["account_id"], deal["closed_on"])
            first[deal["account_id"]] = min(known, deal["closed_on"])
    for account in accounts:
        if not account["existing"] and account["account_id"] in first:
            account["customer_since"] = first[account["account_id"]].isoformat()
            account["depth"] = max(account["depth"], 2)


def _costs(rng: Random) -> list[dict[str, Any]]:
    """Sales spend a month: trade fairs in spring and autumn make acquisition uneven."""
    rows = []
    for year in YEARS:
        for month in range(1, 13 if year < AS_OF.year else AS_OF.month + 1):
            fair = 1.7 if month in (3, 4, 10) else 1.0
            spend = {
                "acquisition": round(54_000 * fair * rng.uniform(0.85, 1.15), -2),
                "service": round(38_000 * rng.uniform(0.85, 1.15), -2),
            }
            for purpose, amount in spend.items():
                rows.append({"month": date(year, month, 1), "purpose": purpose, "amount": amount})
    return rows


def _targets(rng: Random) -> list[dict[str, Any]]:
    """Each rep's signing target; next year's is the one that chapter 3 shares out."""
    growth = {2023: 0.85, 2024: 1.0, 2025: 1.12, 2026: 1.25}
    rows = []
    for year, factor in growth.items():
        for i, rep in enumerate(PRACTICE_REPS):
            usual = (3_400_000, 2_300_000, 2_100_000, 1_900_000, 1_700_000)[i]
            amount = math.floor(usual * factor * rng.uniform(0.97, 1.03) / 1000) * 1000
            rows.append({"year": year, "rep_id": rep["rep_id"], "amount": amount})
    return rows
