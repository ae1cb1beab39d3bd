"""What stands on each rep's list on the as-of day: more than one week can hold.

Some of it is due today, some is late, some is an appointment in the coming week; what is worth
most is not always what is most pressing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import dice, on_grid
from ka_course.practice.sales import AS_OF
from ka_course.practice.standing import standings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from ka_course.practice.standing import Standing

_FEWEST, _MOST, _LONGEST = 13, 18, 20
_WEEK_HOURS = 42  # a list is longer than this
# title in both languages, share of the account's yearly gross profit at stake, hours
_FOR_AN_ACCOUNT: tuple[tuple[str, str, tuple[float, float], tuple[float, float]], ...] = (
    ("催回逾期货款", "collect the overdue invoices", (0.05, 0.2), (1.5, 4)),
    ("准备续约方案", "prepare the renewal offer", (0.5, 1.0), (3.5, 8)),
    ("核销三季度促销费用", "settle the third-quarter promotion claims", (0.03, 0.1), (2, 5)),
    (
        "送新品样品，约试吃",
        "bring samples of the new range and book a tasting",
        (0.05, 0.2),
        (1.5, 3),
    ),
    ("处理临期退货", "sort out the short-dated returns", (0.01, 0.04), (1.5, 3.5)),
    ("核对元旦订货量", "check the New Year order quantities", (0.1, 0.25), (1.5, 4)),
    ("回访投诉处理结果", "call back about the complaint", (0.1, 0.4), (1, 2.5)),
    ("约采购总监见一面", "get a meeting with the head of buying", (0.2, 0.6), (1.5, 3)),
    ("补拍陈列照片", "retake the shelf photos", (0.0, 0.01), (1, 3)),
    ("做明年的联合生意计划", "draft next year's joint business plan", (0.4, 0.9), (4.5, 9)),
    ("查缺货门店名单", "go through the stores that were out of stock", (0.05, 0.15), (1.5, 4)),
    ("谈春节堆头位置", "agree the Spring Festival display space", (0.1, 0.3), (2, 4)),
)
_INTERNAL = (
    ("写十一月销售月报", "Write the November sales report", (0, 2_000), (2, 3)),
    ("补录上周的拜访记录", "Enter last week's visits in the CRM", (0, 1_000), (1, 2)),
    ("贴票报销", "Claim travel expenses", (0, 500), (0.5, 1.5)),
    ("帮同事改方案里的图", "Redo a colleague's slides", (0, 1_000), (1, 3)),
)
# Lin Yue's own: account, title, share of yearly profit, hours, days to due, appointment
_LIN_YUE = (
    ("A002", "准备续约方案", "prepare the renewal offer", 0.9, 5, 10, None),
    ("A002", "约采购以外的人见一面", "meet someone other than the buyer", 0.9, 2, 5, None),
    ("A001", "核销三季度促销费用", "settle the third-quarter promotion claims", 0.03, 4, -3, None),
    ("A001", "补拍陈列照片", "retake the shelf photos", 0.002, 3, 0, None),
    ("A001", "周例会", "weekly meeting", 0.01, 3, 2, 2),
    ("A001", "催回逾期货款", "collect the overdue invoices", 0.04, 2, -12, None),
    ("A003", "和供应链敲定春节备货", "agree the New Year supply with supply chain", 0.5, 4, 12, None),
    ("A004", "与沈一禾谈判", "negotiate with Shen Yihe", 0.9, 3, 4, 4),
    ("A004", "算清三个点让价的账", "work out what 3% off would cost", 0.9, 3, 3, None),
    ("A005", "看动销和库存，定十二月订货", "set the December order by sell-out and stock", 0.4, 3, 8, None),
)  # fmt: skip
_REP_OF_THE_STORY = "R1"
_TEAM_MEETING = date(2025, 12, 1)
_DUE = (-9, -4, -1, 0, 1, 2, 3, 5, 8, 11, 15, 22, 30)  # days from as-of


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the lists of all reps."""
    rng = dice(seed, "todos")
    accounts = {account.account_id: account for account in standings(seed, made)}
    told = {number for number, *_ in _LIN_YUE}
    rows: list[dict[str, Any]] = []
    for rep in made["reps"]["rep_id"]:
        own = [one for one in accounts.values() if one.rep_id == rep and one.customer_on(AS_OF)]
        entries = _story(rng, accounts) if rep == _REP_OF_THE_STORY else []
        entries.append(
            _entry(None, "周一例会", "Monday team meeting", 1_000, 1.5, _TEAM_MEETING, fixed=True)
        )
        entries += [_internal(rng, zh, en, v, h) for zh, en, v, h in rng.sample(_INTERNAL, 2)]
        entries += _appointments(rng, [one for one in own if one.account_id not in told])
        wanted = rng.randint(_FEWEST, _MOST)
        while len(entries) < wanted or (
            sum(one["hours"] for one in entries) <= _WEEK_HOURS and len(entries) < _LONGEST
        ):
            entry = _of_an_account(rng, rng.choice(own))
            if entry["title_en"] not in {one["title_en"] for one in entries}:
                entries.append(entry)
        if rep != _REP_OF_THE_STORY:  # every list has one due today and two that are late
            free = [one for one in entries if one["account_id"] and one["fixed_on"] is None]
            for entry, days in zip(rng.sample(free, 3), (0, -2, -6), strict=True):
                entry["due_on"] = AS_OF + timedelta(days=days)
        entries.sort(key=lambda one: (one["due_on"], one["title_en"]))
        rows += [{"rep_id": rep, **one} for one in entries]
    return {
        "todos": pd.DataFrame([{"todo_id": f"D{i:03d}", **row} for i, row in enumerate(rows, 1)])
    }


def _story(rng: Random, accounts: Mapping[str, Standing]) -> list[dict[str, Any]]:
    entries = []
    for number, zh, en, share, hours, days, fixed in _LIN_YUE:
        account = accounts[number]
        value = account.yearly_profit * share * rng.uniform(0.9, 1.1)
        title = (f"{account.name_zh}：{zh}", f"{account.name_en}: {en}")
        due = AS_OF + timedelta(days=days)
        entries.append(_entry(number, *title, value, hours, due, fixed=fixed is not None))
    return entries


def _of_an_account(rng: Random, account: Standing) -> dict[str, Any]:
    zh, en, share, hours = rng.choice(_FOR_AN_ACCOUNT)
    value = account.yearly_profit * rng.uniform(*share)
    title = (f"{account.name_zh}：{zh}", f"{account.name_en}: {en}")
    due = AS_OF + timedelta(days=rng.choice(_DUE))
    return _entry(account.account_id, *title, value, on_grid(rng, *hours, 0.5), due)


def _internal(
    rng: Random, zh: str, en: str, value: tuple[float, float], hours: tuple[float, float]
) -> dict[str, Any]:
    due = AS_OF + timedelta(days=rng.choice((0, 1, 2, 3, 5)))
    return _entry(None, zh, en, rng.uniform(*value), on_grid(rng, *hours, 0.5), due)


def _appointments(rng: Random, own: list[Standing]) -> list[dict[str, Any]]:
    """Make two visits at customers that are booked for the coming week."""
    entries = []
    for account, days in zip(rng.sample(own, 2), rng.sample((2, 3, 4, 5), 2), strict=True):
        value = account.yearly_profit * rng.uniform(0.05, 0.3)
        title = (f"{account.name_zh}：上门拜访", f"{account.name_en}: visit")
        due = AS_OF + timedelta(days=days)
        entries.append(
            _entry(account.account_id, *title, value, on_grid(rng, 1.5, 4, 0.5), due, fixed=True)
        )
    return entries


def _entry(  # noqa: PLR0913, PLR0917 - a row has that many columns
    account_id: str | None,
    zh: str,
    en: str,
    value: float,
    hours: float,
    due: date,
    *,
    fixed: bool = False,
) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "title_zh": zh,
        "title_en": en,
        "value": max(round(value, -2), 0.0),
        "due_on": due,
        "hours": float(hours),
        "fixed_on": due if fixed else None,
    }
