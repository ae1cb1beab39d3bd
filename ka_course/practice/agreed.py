"""What was agreed, with the faults that such papers have: who does what, and a 30-day plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import dice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_DEPARTMENTS = {
    "sales": ("销售部", "Sales"),
    "marketing": ("市场部", "Marketing"),
    "service": ("客服部", "Customer Service"),
    "legal": ("法务部", "Legal"),
    "supply_chain": ("供应链部", "Supply Chain"),
    "finance": ("财务部", "Finance"),
    "rnd": ("研发部", "R&D"),
}
# activity in both languages; who does it (R), answers for it (A), is asked (C), is told (I)
_ACTIVITIES = (
    ("春节备货", "New Year supply", "supply_chain", "supply_chain", "sales", "service"),
    ("合同审核与续签", "Contract review and renewal", "legal", "sales", "finance", "service"),
    ("新品进场", "Listing of new products", "sales", "sales", "rnd marketing", "supply_chain"),
    ("促销方案", "Promotion plan", "marketing sales", "marketing", "finance", "supply_chain"),
    ("费用核销", "Claim settlement", "finance", "finance", "sales", "marketing"),
    ("投诉处理", "Complaint handling", "service", "service", "supply_chain rnd", "sales"),
    ("逾期货款催收", "Overdue collection", "sales", "finance", "legal", "service"),
    ("交付跟踪", "Delivery tracking", "supply_chain", "supply_chain", "sales", "service finance"),
    ("满意度调查", "Satisfaction survey", "service", "service", "sales", "marketing rnd"),
    ("定制产品开发", "Custom product development", "rnd", "rnd", "sales marketing", "legal"),
)
START = date(2026, 1, 5)
_LIN_YUE = ("林悦", "Lin Yue")
# action, owner, measure, days after the start
_PLAN = (
    (("更新五家重点客户的档案", "Update the files of the five key accounts"), _LIN_YUE,
     ("五家档案必填项齐全", "No required field blank in five files"), 4),
    (("认识邻鹊的新采购和营运负责人", "Meet Linque's new buyer and head of operations"), _LIN_YUE,
     ("至少见到 2 人，记入 CRM", "At least 2 people met and entered in the CRM"), 9),
    (("和石磊核对九穗春节备货", "Go through Jiusui's New Year stock with Shi Lei"),
     ("石磊", "Shi Lei"), ("缺货率低于 3%", "Out-of-stock rate below 3%"), 11),
    (("把万桉的工时压到四成以下", "Bring Wan'an's share of my hours below 40%"), _LIN_YUE,
     ("每周工时记录", "Weekly time log"), 25),
    (("复盘三家客户的机会与风险", "Review chances and risks at three accounts"), _LIN_YUE,
     ("三页复盘，老郭签字", "Three one-page reviews, signed by Lao Guo"), 18),
    (("练三次价格谈判", "Rehearse a price talk three times"), ("老郭", "Lao Guo"),
     ("观察表平均 4 分以上", "Observer sheet averages 4 or more"), 23),
    (("每周读一篇行业文章并分享", "Read and share one trade article a week"), _LIN_YUE,
     ("群里分享 4 篇", "4 articles shared with the team"), 28),
    (("向三家客户要反馈", "Ask three accounts for feedback"), _LIN_YUE,
     ("收到 3 份书面反馈", "3 written replies received"), 21),
    (("与方静清理万桉逾期账款", "Clear Wan'an's overdue invoices with Fang Jing"),
     ("方静", "Fang Jing"), ("逾期 60 天以上为零", "Nothing more than 60 days overdue"), 16),
    (("给何蔓提屿果冷柜的试点方案", "Give He Man the pilot plan for Yuguo's chillers"), _LIN_YUE,
     ("方案提交，附投入产出", "Plan handed in, with its pay-back"), 14),
    (("走访禾汐六家门店查窜货", "Check six Hexi stores for diverted packs"), _LIN_YUE,
     ("六份门店记录", "Six store reports"), 12),
)  # fmt: skip


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the table of responsibilities and Lin Yue's plan."""
    del made
    return {
        "responsibilities": pd.DataFrame(_responsibilities(dice(seed, "responsibilities"))),
        "plan_items": pd.DataFrame(_plan(dice(seed, "plan_items"))),
    }


def _responsibilities(rng: Random) -> list[dict[str, Any]]:
    """Write down who does what, with three faults: two answer for it, none does, nobody does it."""
    two, none, undone = rng.sample(range(len(_ACTIVITIES)), 3)
    rows = []
    for i, (zh, en, does, answers, asked, told) in enumerate(_ACTIVITIES):
        held = [(one, "R") for one in does.split()]
        held += [(one, "A") for one in answers.split()]
        held += [(one, "C") for one in asked.split()]
        held += [(one, "I") for one in told.split()]
        if i == two:
            others = [one for one in _DEPARTMENTS if one not in answers.split()]
            held.append((rng.choice(others), "A"))
        if i == none:
            held = [(one, "C" if role == "A" else role) for one, role in held]
        if i == undone:
            held = [(one, "C" if role == "R" else role) for one, role in held]
        for department, role in dict.fromkeys(held):
            names = _DEPARTMENTS[department]
            rows.append(
                {
                    "activity_zh": zh,
                    "activity_en": en,
                    "department_zh": names[0],
                    "department_en": names[1],
                    "role": role,
                }
            )
    return rows


def _plan(rng: Random) -> list[dict[str, Any]]:
    """Write the plan; one item lacks an owner, one a measure, one a date, one is due too late."""
    order = rng.sample(range(len(_PLAN)), len(_PLAN))
    no_owner, no_measure, no_date, too_late, last_day = order[:5]
    rows = []
    for i, (action, owner, measure, days) in enumerate(_PLAN):
        shown_owner = (None, None) if i == no_owner else owner
        shown_measure = (None, None) if i == no_measure else measure
        shift = {too_late: 31, last_day: 30}.get(i, days + rng.choice((-1, 0, 0, 1)))
        rows.append(
            {
                "rep_id": "R1",
                "action_zh": action[0],
                "action_en": action[1],
                "owner_zh": shown_owner[0],
                "owner_en": shown_owner[1],
                "measure_zh": shown_measure[0],
                "measure_en": shown_measure[1],
                "due_on": None if i == no_date else START + timedelta(days=shift),
            }
        )
    return [{"item_id": f"P{i:02d}", **row} for i, row in enumerate(rows, start=1)]
