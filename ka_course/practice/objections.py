"""What customers said against an offer, as reps noted it: words, without a verdict on what they mean.

Every sentence stands in both languages with cue words of the same kinds, so that a rule that
reads the cue words comes to the same result in both.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import day_between, dice

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, LAST = date(2025, 9, 1), date(2025, 11, 28)
A_KIND = 12  # sentences of one kind stand together below
LEAST, NOTED = 4, 24
YUGUO, OF_YUGUO = "A004", 4

SENTENCES: tuple[tuple[str, str], ...] = (
    ("太贵了，青檐便宜一成。", "Too expensive. Qingyan is cheaper by a tenth."),
    ("这个价我交不了差。", "I cannot defend that price upstairs."),
    ("采购预算就这么多。", "The buying budget is what it is."),
    ("别家折扣给到八五折。", "Another supplier gives a discount of 15%."),
    ("同样的便当，你们贵三块。", "Same lunch box, and yours is more expensive by three yuan."),
    ("先把价降 3%，不然没法谈。", "First 3% off the price, or we cannot talk."),
    ("便宜两个点我就签。", "Two points cheaper and I sign."),
    ("老板只看进价。", "My boss only looks at the buying price."),
    ("促销折扣再深一点。", "Make the promotion discount deeper."),
    ("这点预算只够上两个品。", "This budget covers two items at most."),
    ("顾客嫌贵，卖不动。", "Shoppers find it expensive and it does not sell."),
    ("你们的价高，我的毛利就没了。", "At your price I have no margin left."),
    ("口味偏淡，年轻人不买账。", "The taste is too mild for younger shoppers."),
    ("没有会员店要的大规格。", "There is no large pack size for a club."),
    ("包装放不进我们的冷柜。", "The packaging does not fit our chillers."),
    ("保质期三天，我们周转不过来。", "A shelf life of three days is too short for us."),
    ("少一样功能，扫码追溯做不了。", "One function is missing: we cannot trace by code."),
    ("规格不对，再便宜也没用。", "It is the wrong pack size, and cheap does not help."),
    ("包装太重，过不了我们的减重指标。", "The packaging is too heavy for our targets."),
    ("口味就两种，撑不起一节货架。", "Two kinds of taste cannot fill a bay."),
    ("保质期短，损耗全算在我的预算里。", "The shelf life is short and the waste lands in my budget."),
    ("这个价可以，可没有会员装的包装。", "The price is fine, but there is no club packaging."),
    ("辣的口味一个都没有。", "There is not one spicy taste in the range."),
    ("功能上还少一个温度标签。", "One function is still missing: a temperature tag."),
    ("明年一季度看情况吧。", "Let us see in the first quarter of next year."),
    ("你明年找我。", "Talk to me next year."),
    ("要等总部开完会。", "We have to wait for the head office meeting."),
    ("新系统上线以后再说。", "We will see later, when the new system is live."),
    ("不是不要，等旺季过了。", "It is not a no. Let us wait until the season is over."),
    ("明年的预算还没批。", "The budget for next year is not approved."),
    ("等你们降价了我们再看。", "We wait until your price comes down."),
    ("换包装的事，明年一起弄。", "New packaging? We do that next year, all together."),
    ("门店在装修，晚点再说。", "The stores are being refitted, so later."),
    ("手上的合同到期再说。", "We look at it later, when the present contract ends."),
    ("口味不错，可要等新店开张。", "The taste is fine, but it has to wait for the new store."),
    ("那是明年的事，我不好做主。", "That is for next year, and not mine to decide."),
    ("上次答应的费用，到现在没到账。", "The fee you promised last time has not arrived."),
    ("冷藏线我们没合作过，心里没底。", "We have never worked with your cold line, so I hesitate."),
    ("谁来保证春节有货？", "Who will guarantee stock at Spring Festival?"),
    ("上次断货，是我去挨的骂。", "When you ran out last time, I took the blame."),
    ("你们的服务靠得住吗？", "Can we rely on your service?"),
    ("价再低，断货一次就全赔进去。", "Whatever the price, if you ran out once, it would all be lost."),
    ("上次说明年改，也没改。", "You said next year last time too, and nothing changed."),
    ("包装上的日期靠得住吗？", "Can I rely on the dates on the packaging?"),
    ("口头的不算，写进合同来保证。", "Not by word of mouth: guarantee it in the contract."),
    ("没合作过的新厂，我不敢铺全部门店。", "A new plant we have never worked with, in every store? No."),
    ("给折扣的时候人人在，断货的时候找不到人。", "Everyone came for the discount; when you ran out, nobody did."),
    ("上次说好派两个人，一个没来。", "You promised two people last time and none came."),
)  # fmt: skip


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``objections``: some of each kind, mixed, without saying which is which."""
    rng = dice(seed, "objections")
    kinds = [list(range(start, start + A_KIND)) for start in range(0, len(SENTENCES), A_KIND)]
    chosen = [place for kind in kinds for place in rng.sample(kind, LEAST)]
    rest = [place for kind in kinds for place in kind if place not in chosen]
    chosen += rng.sample(rest, NOTED - len(chosen))
    rng.shuffle(chosen)
    orders = made["orders"]
    recent = orders[(orders["amount"] > 0) & (orders["ordered_on"] >= FIRST)]
    buying = sorted(set(recent["account_id"]) - {YUGUO})
    accounts = [YUGUO] * OF_YUGUO + [rng.choice(buying) for _ in range(NOTED - OF_YUGUO)]
    rng.shuffle(accounts)
    days = sorted(day_between(rng, FIRST, LAST) for _ in chosen)
    rows: list[dict[str, Any]] = [
        {
            "objection_id": f"N{number:02d}",
            "account_id": account,
            "said_on": day,
            "sentence_zh": SENTENCES[place][0],
            "sentence_en": SENTENCES[place][1],
        }
        for number, (place, account, day) in enumerate(
            zip(chosen, accounts, days, strict=True), start=1
        )
    ]
    return {"objections": pd.DataFrame(rows)}
