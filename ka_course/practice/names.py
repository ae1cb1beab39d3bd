"""Invented names of people and the titles they hold at a retail account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_SURNAMES = """
柏 Bai|岑 Cen|常 Chang|程 Cheng|崔 Cui|邓 Deng|丁 Ding|董 Dong|杜 Du|段 Duan|樊 Fan|冯 Feng
傅 Fu|高 Gao|葛 Ge|龚 Gong|郝 Hao|侯 Hou|胡 Hu|黄 Huang|纪 Ji|江 Jiang|孔 Kong|赖 Lai
雷 Lei|黎 Li|廖 Liao|凌 Ling|卢 Lu|毛 Mao|孟 Meng|莫 Mo|倪 Ni|潘 Pan|彭 Peng|邱 Qiu
尚 Shang|邵 Shao|施 Shi|宋 Song|谭 Tan|汤 Tang|田 Tian|童 Tong|汪 Wang|魏 Wei|温 Wen|吴 Wu
夏 Xia|萧 Xiao|谢 Xie|徐 Xu|严 Yan|姚 Yao|殷 Yin|于 Yu|袁 Yuan|章 Zhang|郑 Zheng|钟 Zhong
"""
_GIVEN = """
文澜 Wenlan|嘉树 Jiashu|思远 Siyuan|清和 Qinghe|晓棠 Xiaotang|若谷 Ruogu|书禾 Shuhe
望舒 Wangshu|知夏 Zhixia|安然 Anran|立冬 Lidong|小满 Xiaoman|云舟 Yunzhou|一帆 Yifan
予墨 Yumo|怀瑾 Huaijin|维桢 Weizhen|静姝 Jingshu|修远 Xiuyuan|亦宁 Yining|佳禾 Jiahe
海生 Haisheng|春生 Chunsheng|建明 Jianming|志远 Zhiyuan|国栋 Guodong|丽华 Lihua
秀兰 Xiulan|玉珍 Yuzhen|卫东 Weidong|红梅 Hongmei|晓峰 Xiaofeng|雪琴 Xueqin|敏 Min
磊 Lei|婷 Ting|凯 Kai|俊 Jun|颖 Ying|涛 Tao|倩 Qian|岚 Lan|昀 Yun|湛 Zhan|茗 Ming
景天 Jingtian|念慈 Nianci|沐阳 Muyang|梓晨 Zichen|语桐 Yutong|星野 Xingye|亚楠 Yanan
永年 Yongnian|德全 Dequan|凤霞 Fengxia|少安 Shaoan|惠芳 Huifang|世杰 Shijie|宏图 Hongtu
"""

# By role: title in both languages and level. The role is what a person does in the decision.
TITLES = {
    "decision_maker": (
        ("采购总监", "Head of Buying", "executive"),
        ("商品总监", "Head of Merchandise", "executive"),
        ("总经理", "General Manager", "executive"),
    ),
    "buyer": (
        ("采购经理", "Buyer", "manager"),
        ("采购经理", "Buyer", "manager"),
        ("采购专员", "Junior Buyer", "staff"),
    ),
    "influencer": (
        ("品类经理", "Category Manager", "manager"),
        ("营运经理", "Operations Manager", "manager"),
        ("市场主管", "Marketing Specialist", "staff"),
    ),
    "user": (
        ("店长", "Store Manager", "staff"),
        ("店长", "Store Manager", "staff"),
        ("仓储主管", "Warehouse Supervisor", "staff"),
    ),
    "approver": (
        ("财务总监", "Finance Director", "executive"),
        ("财务经理", "Finance Manager", "manager"),
    ),
    "gatekeeper": (
        ("总经理助理", "Assistant to the General Manager", "staff"),
        ("采购助理", "Buying Assistant", "staff"),
    ),
}
WEIGHTS = {
    "decision_maker": (4, 5),
    "buyer": (3, 4),
    "approver": (2, 4),
    "influencer": (2, 3),
    "user": (1, 2),
    "gatekeeper": (1, 2),
}


def invented(rng: Random) -> Iterator[tuple[str, str]]:
    """Yield names in Chinese and pinyin; no two people share either, neighbours nothing at all."""
    surnames, given = _pairs(_SURNAMES), _pairs(_GIVEN)
    seen = set()
    while True:
        rng.shuffle(surnames)
        rng.shuffle(given)
        for last, first in zip(surnames, given, strict=False):
            name = (last[0] + first[0], f"{last[1]} {first[1]}")
            if name[1] not in seen:
                seen.add(name[1])
                yield name


def _pairs(text: str) -> list[tuple[str, str]]:
    words = (pair.split() for pair in text.replace("\n", "|").split("|") if pair.strip())
    return [(zh, en) for zh, en in words]
