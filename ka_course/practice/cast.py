"""The cast: people and accounts of the story, and invented names for all the others.

Every name is made up. If one turns out to belong to a real company, change it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

PRACTICE_REPS = [
    {
        "rep_id": "R1",
        "rep_name_zh": "林悦",
        "rep_name_en": "Lin Yue",
        "level": 2,
        "joined_on": "2021-04-06",
    },
    {
        "rep_id": "R2",
        "rep_name_zh": "陈砾",
        "rep_name_en": "Chen Li",
        "level": 2,
        "joined_on": "2019-09-02",
    },
    {
        "rep_id": "R3",
        "rep_name_zh": "苏棠",
        "rep_name_en": "Su Tang",
        "level": 1,
        "joined_on": "2022-07-11",
    },
    {
        "rep_id": "R4",
        "rep_name_zh": "韩松",
        "rep_name_en": "Han Song",
        "level": 1,
        "joined_on": "2023-02-20",
    },
    {
        "rep_id": "R5",
        "rep_name_zh": "罗芷",
        "rep_name_en": "Luo Zhi",
        "level": 1,
        "joined_on": "2024-05-13",
    },
]

_LIN_YUE = {"rep_id": "R1", "existing": True}

STORY_ACCOUNTS: list[dict[str, Any]] = [
    {
        "zh": "万桉大卖场",
        "en": "Wan'an Hypermart",
        "segment": "hypermarket",
        "region": "CN-SH",
        "size": 24.0,
        "volume": 0.72,
        "margin": 0.145,
        **_LIN_YUE,
    },
    {
        "zh": "邻鹊便利",
        "en": "Linque Convenience",
        "segment": "convenience",
        "region": "CN-ZJ",
        "size": 2.6,
        "margin": 0.29,
        "depth": 1,
        **_LIN_YUE,
    },
    {
        "zh": "九穗生鲜",
        "en": "Jiusui Fresh",
        "segment": "fresh",
        "region": "CN-JS",
        "size": 2.2,
        "margin": 0.27,
        **_LIN_YUE,
    },
    {
        "zh": "屿果会员店",
        "en": "Yuguo Club",
        "segment": "club",
        "region": "CN-SH",
        "size": 3.0,
        "margin": 0.24,
        **_LIN_YUE,
    },
    {
        "zh": "禾汐超市",
        "en": "Hexi Supermarket",
        "segment": "supermarket",
        "region": "CN-AH",
        "size": 1.8,
        "margin": 0.26,
        **_LIN_YUE,
    },
]

_PREFIXES = """
槐序 Huaixu|岚桥 Lanqiao|青芒 Qingmang|稔禾 Renhe|栖谷 Qigu|云笸 Yunpo|榆朵 Yuduo|溪筐 Xikuang
麦垄 Mailong|苔石 Taishi|梧里 Wuli|星笤 Xingtiao|汀禾 Tinghe|柚社 Youshe|橡坊 Xiangfang|禾笠 Heli
桐灶 Tongzao|砚田 Yantian|荻舟 Dizhou|枫甑 Fengzeng|椒坡 Jiaopo|芦汀 Luting|樟铺 Zhangpu|蓼园 Liaoyuan
笋岭 Sunling|泊粟 Bosu|葭岸 Jiaan|杏垣 Xingyuan|藕塘 Outang|棠墟 Tangxu|鹭仓 Lucang|茴巷 Huixiang
穗桥 Suiqiao|菱渡 Lingdu|柘集 Zheji|梓篮 Zilan|莼湾 Chunwan|枇坞 Piwu|葵屿 Kuiyu|桕野 Jiuye
"""
_KINDS = [
    ("超市", "Supermarket", "supermarket"),
    ("便利", "Convenience", "convenience"),
    ("生鲜", "Fresh", "fresh"),
    ("大卖场", "Hypermart", "hypermarket"),
    ("零食铺", "Snacks", "snacks"),
]
_REGIONS = (
    "CN-SH",
    "CN-JS",
    "CN-ZJ",
    "CN-AH",
    "CN-SD",
    "CN-HB",
    "CN-GD",
    "CN-FJ",
    "CN-SC",
    "CN-BJ",
)


def invented_accounts(rng: Random, count: int) -> list[dict[str, Any]]:
    """Return ``count`` accounts with names that no two share."""
    prefixes = [pair.split() for pair in _PREFIXES.replace("\n", "|").split("|") if pair.strip()]
    names = [(zh, en, kind) for zh, en in prefixes for kind in _KINDS]
    rng.shuffle(names)
    return [
        {"zh": zh + kind[0], "en": f"{en} {kind[1]}", "segment": kind[2], "region": region}
        for (zh, en, kind), region in zip(
            names[:count], rng.choices(_REGIONS, k=count), strict=True
        )
    ]
