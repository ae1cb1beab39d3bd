"""What customers answered: satisfaction, recommendation and pains, two waves a year.

Scores are cut by quota from how content each person is, so that satisfaction is about four in
five in every company, and it is the same accounts that are unhappy.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, day_between, dice
from ka_course.practice.standing import standings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ka_course.practice.standing import Standing

# first and last day of a wave, and the share of answers that are a 4 or a 5
WAVES = (
    (date(2024, 6, 3), date(2024, 6, 21), 0.75),
    (date(2024, 12, 2), date(2024, 12, 20), 0.77),
    (date(2025, 6, 3), date(2025, 6, 20), 0.80),
    (date(2025, 11, 5), date(2025, 11, 26), 0.81),
)
PAINS = (
    *("late_delivery", "price", "stock_out", "slow_response"),
    *("shelf_life", "promo_support", "payment_terms", "product_range"),
)
_SEGMENT_PAINS = {
    "hypermarket": ("price", "promo_support", "payment_terms"),
    "convenience": ("stock_out", "shelf_life", "late_delivery"),
    "fresh": ("late_delivery", "shelf_life", "stock_out"),
    "supermarket": ("price", "promo_support", "slow_response"),
    "snacks": ("product_range", "promo_support", "slow_response"),
    "club": ("price", "product_range", "payment_terms"),
}
_STORY_PAINS = {
    "A001": ("payment_terms", "promo_support", "price"),
    "A002": ("shelf_life", "stock_out"),
    "A004": ("price", "payment_terms"),
    "A005": ("price", "slow_response", "shelf_life"),
}
_JIUSUI = "A003"
_JIUSUI_PAINS = {2024: ("stock_out", "late_delivery"), 2025: ("product_range", "shelf_life")}
_JIUSUI_MOODS = (-0.9, 0.5, 1.0, 1.3)  # wave by wave: the stock-out, then the joint plan
_JIUSUI_UNHAPPY = (0.5, 0.3, 0.15, 1 / 13)
_PRICE_WAR = date(2025, 7, 1)
_ANSWER = 0.68  # of those asked
_BLANK = 0.03
_FIVES = 0.42  # of the satisfied
_DETRACTORS, _PROMOTERS = 0.19, 0.50
_SATISFIED = 4


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the answers of all waves."""
    rng = dice(seed, "surveys")
    accounts = {account.account_id: account for account in standings(seed, made)}
    pains = {number: _account_pains(rng, account) for number, account in accounts.items()}
    people = made["contacts"].to_dict("records")
    own = {person["contact_id"]: rng.gauss(0, 0.45) for person in people}
    rows: list[dict[str, Any]] = []
    for wave in range(len(WAVES)):
        asked = [one for one in people if _asked(one, accounts[one["account_id"]], WAVES[wave][0])]
        answers = []
        for person in asked:
            if not _must_answer(person, wave) and not chance(rng, _ANSWER):
                continue
            mood = accounts[person["account_id"]].mood
            if person["account_id"] == _JIUSUI:
                mood = _JIUSUI_MOODS[wave]
            content = mood + own[person["contact_id"]] + rng.gauss(0, 0.3)
            answers.append(_answer(rng, person, wave, content, pains[person["account_id"]]))
        _score(rng, answers, WAVES[wave][2] + rng.uniform(-0.015, 0.015))
        _score_jiusui(rng, answers, wave)
        answers += _sent_twice(rng, answers, wave)
        rows += sorted(answers, key=lambda row: (row["answered_on"], row["contact_id"]))
    numbered = [{"survey_id": f"F{i:04d}", **row} for i, row in enumerate(rows, start=1)]
    return {"surveys": pd.DataFrame(numbered).drop(columns=["content", "liking"])}


def _asked(person: dict[str, Any], account: Standing, day: date) -> bool:
    known = pd.isna(person["known_since"]) or person["known_since"] <= day
    there = pd.isna(person["left_on"]) or person["left_on"] > day + timedelta(days=30)
    return known and there and account.customer_on(day)


def _must_answer(person: dict[str, Any], wave: int) -> bool:
    return person["account_id"] == _JIUSUI and wave == len(WAVES) - 1


def _answer(
    rng: Random, person: dict[str, Any], wave: int, content: float, usual: tuple[str, ...]
) -> dict[str, Any]:
    first, last, _ = WAVES[wave]
    if person["account_id"] == _JIUSUI:
        usual = _JIUSUI_PAINS[first.year]
    # The account's first pain is named by most of its people; others are one person's own.
    named = [pain for pain, share in zip(usual, (0.65, 0.35, 0.2), strict=False)
             if chance(rng, max(0.05, share - 0.15 * content))]  # fmt: skip
    if first >= _PRICE_WAR and chance(rng, 0.16):
        named.append("price")
    if chance(rng, 0.15):
        named.append(rng.choice(PAINS))
    return {
        "account_id": person["account_id"],
        "contact_id": person["contact_id"],
        "answered_on": day_between(rng, first, last),
        "satisfaction": None,
        "recommend": None,
        "pains": ";".join(dict.fromkeys(named)) or None,
        "content": content,
        "liking": content + rng.gauss(0, 0.5),
    }


def _account_pains(rng: Random, account: Standing) -> tuple[str, ...]:
    if account.account_id in _STORY_PAINS:
        return _STORY_PAINS[account.account_id]
    usual = list(_SEGMENT_PAINS.get(account.segment, PAINS[:3]))
    rng.shuffle(usual)
    return (*usual[:2], rng.choice(PAINS))


def _score(rng: Random, answers: list[dict[str, Any]], satisfied: float) -> None:
    """Give 4 or 5 to the most content share of a wave, and 9 or 10 to those who like us best."""
    by_content = sorted(answers, key=lambda row: -row["content"])
    for place, row in enumerate(by_content):
        rank = (place + 0.5) / len(by_content)
        top = 5 if rank < satisfied * _FIVES else _SATISFIED
        low = 3 if rank < satisfied + (1 - satisfied) * 0.65 else rng.choice((1, 2, 2))
        row["satisfaction"] = top if rank < satisfied else low
    by_liking = sorted(answers, key=lambda row: -row["liking"])
    for place, row in enumerate(by_liking):
        rank = (place + 0.5) / len(by_liking)
        if rank < _PROMOTERS:
            row["recommend"] = rng.choice((9, 9, 10))
        else:
            row["recommend"] = rng.choice((7, 8, 8) if rank < 1 - _DETRACTORS else (2, 4, 5, 6, 6))
    for row in answers:
        for column in ("satisfaction", "recommend"):
            if row["account_id"] != _JIUSUI and chance(rng, _BLANK):
                row[column] = None


def _score_jiusui(rng: Random, answers: list[dict[str, Any]], wave: int) -> None:
    """Let the share of unhappy people shrink wave by wave; in the last one, 12 of 13 are content."""
    rows = sorted(
        (row for row in answers if row["account_id"] == _JIUSUI), key=lambda row: row["content"]
    )
    unhappy = round(_JIUSUI_UNHAPPY[wave] * len(rows))
    for place, row in enumerate(rows):
        if place < unhappy:
            row["satisfaction"] = rng.choice((2, 3, 3))
            row["recommend"] = min(row["recommend"], rng.choice((5, 6, 7)))
        else:
            row["satisfaction"] = max(row["satisfaction"], _SATISFIED)
            row["recommend"] = max(row["recommend"], rng.choice((7, 8, 9, 9)))


def _sent_twice(rng: Random, answers: list[dict[str, Any]], wave: int) -> list[dict[str, Any]]:
    """Two people fill in the form again some days later, and a little differently."""
    clear = [
        row
        for row in answers
        if row["account_id"] != _JIUSUI and row["satisfaction"] and row["recommend"]
    ]
    again = []
    for row in rng.sample(clear, min(2, len(clear))):
        later = min(row["answered_on"] + timedelta(days=rng.randint(1, 4)), WAVES[wave][1])
        change = rng.choice((-1, 1))
        again.append(
            {
                **row,
                "answered_on": later,
                "satisfaction": max(1, min(5, row["satisfaction"] + change)),
                "recommend": max(0, min(10, row["recommend"] + change)),
            }
        )
    return again
