"""Who is at the accounts: contacts, their say in the decision and where they stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, day_between, dice
from ka_course.practice.names import TITLES, WEIGHTS, invented
from ka_course.practice.sales import AS_OF
from ka_course.practice.standing import standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from ka_course.practice.standing import Standing

# account: name in both languages, role, place in that role's titles, stance
STORY_CONTACTS: dict[str, tuple[tuple[str, str, str, int, float], ...]] = {
    "A001": (
        ("钱朗", "Qian Lang", "buyer", 0, -0.3),
        ("顾明岚", "Gu Minglan", "decision_maker", 0, -0.5),
    ),
    "A002": (("周砚", "Zhou Yan", "buyer", 0, 0.6),),
    "A003": (
        ("叶知秋", "Ye Zhiqiu", "buyer", 0, 0.8),
        ("梁未", "Liang Wei", "influencer", 1, 0.7),
    ),
    "A004": (("沈一禾", "Shen Yihe", "buyer", 0, -0.4),),
    "A005": (("洪岩", "Hong Yan", "buyer", 0, 0.4),),
}
_MORE_AT_STORY: dict[str, tuple[str, ...]] = {
    "A001": ("approver", "influencer", "user", "gatekeeper"),
    "A002": (),
    "A003": ("decision_maker", *["user"] * 10),  # the managers of its stores answer surveys too
    "A004": ("decision_maker", "approver", "user"),
    "A005": ("influencer", "user", "approver"),
}
_HOW_MANY = {"A": (3, 4, 5, 6), "B": (2, 3, 3, 4), "C": (2, 2, 3)}
_SINGLE = (5, 8)  # accounts with one contact, beside Linque
_ONE_LEVEL = (4, 6)  # accounts with several contacts, all at one level
_LONG_KNOWN = AS_OF - timedelta(days=400)  # who has left since was known by then
_LEAP_YEARS = (1972, 1976, 1980, 1984, 1988, 1992, 1996)


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the contacts of every account."""
    rng = dice(seed, "contacts")
    names = invented(rng)
    accounts = standings(seed, made)
    shapes = _shapes(rng, accounts)
    rows: list[dict[str, Any]] = []
    for account in accounts:
        for zh, en, role, place, stance in STORY_CONTACTS.get(account.account_id, ()):
            rows.append(_person(rng, account, (zh, en), role, TITLES[role][place]))
            rows[-1]["stance"] = stance
        rows += [
            _person(rng, account, next(names), role, title)
            for role, title in shapes[account.account_id]
        ]
        if _had_another(rng, account, single=len(shapes[account.account_id]) <= 1):
            rows.append(_gone(rng, account, names))
    present = [row for row in rows if row["left_on"] is None and row["birthday"]]
    rng.choice(present)["birthday"] = date(rng.choice(_LEAP_YEARS), 2, 29)
    numbered = [{"contact_id": f"C{i:04d}", **row} for i, row in enumerate(rows, start=1)]
    return {"contacts": pd.DataFrame(numbered)}


def _shapes(
    rng: Random, accounts: list[Standing]
) -> dict[str, list[tuple[str, tuple[str, str, str]]]]:
    """Decide which roles each account's invented contacts hold, by quota where it matters."""
    customers = [a.account_id for a in accounts if a.since and a.account_id not in STORY_CONTACTS]
    # Small accounts more often hang on one person; a big one now and then does.
    small = [a.account_id for a in accounts if a.account_id in customers and a.tier != "A"]
    alone, level = rng.randint(*_SINGLE), rng.randint(*_ONE_LEVEL)
    picked = rng.sample(small, alone + level)
    single, one_level = set(picked[:alone]), set(picked[alone:])
    shapes = {}
    for account in accounts:
        number = account.account_id
        if number in _MORE_AT_STORY:
            roles: tuple[str, ...] = _MORE_AT_STORY[number]
            shapes[number] = [(role, TITLES[role][0]) for role in roles]
        elif number in single:
            shapes[number] = [_titled(rng, rng.choice(("buyer", "buyer", "user", "influencer")))]
        elif number in one_level:
            shapes[number] = [
                ("buyer", TITLES["buyer"][0]),
                ("influencer", TITLES["influencer"][1]),
            ]
        elif number in customers:
            count = rng.choice(_HOW_MANY[account.tier])
            shapes[number] = [_titled(rng, role) for role in _roles(rng, count)]
        else:
            shapes[number] = [_titled(rng, role) for role in _roles(rng, rng.choice((0, 1, 1, 2)))]
    return shapes


def _roles(rng: Random, count: int) -> list[str]:
    """Return different roles; who buys and who decides are met before the others."""
    pull = dict(zip(TITLES, (3.0, 6.0, 2.0, 2.0, 1.2, 1.0), strict=True))
    return sorted(pull, key=lambda role: -(rng.random() ** (1 / pull[role])))[:count]


def _titled(rng: Random, role: str) -> tuple[str, tuple[str, str, str]]:
    return role, rng.choice(TITLES[role])


def _person(
    rng: Random,
    account: Standing,
    name: tuple[str, str],
    role: str,
    title: tuple[str, str, str],
) -> dict[str, Any]:
    start = (account.since or AS_OF - timedelta(days=400)) - timedelta(days=60)
    met = min(start + timedelta(days=int(rng.expovariate(1 / 260))), AS_OF - timedelta(days=50))
    stance = round(max(-1.0, min(1.0, 0.15 + 0.35 * account.mood + rng.gauss(0, 0.3))), 1)
    named = not chance(rng, 0.04)
    return {
        "account_id": account.account_id,
        "contact_name_zh": name[0],
        "contact_name_en": name[1],
        "title_zh": title[0] if named else None,
        "title_en": title[1] if named else None,
        "level": title[2],
        "role": role,
        "weight": rng.randint(*WEIGHTS[role]),
        "stance": None if chance(rng, 0.14) else stance + 0.0,
        "birthday": None if chance(rng, 0.3) else _birthday(rng),
        "known_since": None if chance(rng, 0.04) else met,
        "left_on": None,
    }


def _birthday(rng: Random) -> date:
    return day_between(rng, date(1967, 1, 1), date(1999, 12, 31))


def _had_another(rng: Random, account: Standing, *, single: bool) -> bool:
    """Say whether someone there has left; the CRM still lists them."""
    if account.account_id in ("A001", "A003") or not account.customer_on(_LONG_KNOWN):
        return False
    return account.account_id == "A002" or chance(rng, 0.5 if single else 0.12)


def _gone(rng: Random, account: Standing, names: Iterator[tuple[str, str]]) -> dict[str, Any]:
    role, title = _titled(rng, rng.choice(("buyer", "influencer", "user")))
    row = _person(rng, account, next(names), role, title)
    row["known_since"] = min(row["known_since"] or _LONG_KNOWN, _LONG_KNOWN)
    earliest = max(row["known_since"] + timedelta(days=90), date(2024, 3, 1))
    row["left_on"] = day_between(rng, earliest, AS_OF - timedelta(days=40))
    return row
