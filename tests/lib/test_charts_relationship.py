"""Charts of people and care: who decides, which tier, at what price, in which stage, and when."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from ka_lib import charts, negotiation
from ka_lib.chart_data import read
from ka_lib.errors import ParameterError

pytestmark = pytest.mark.usefixtures("lang")

NAN = float("nan")
LONG = "一家名字特别特别长的连锁会员制生鲜仓储量贩超级市场股份有限公司华东大区"
LONG_EN = "The Extraordinarily Long Named Membership Fresh Warehouse Supermarket Company"

CONTACTS = pd.DataFrame(
    {
        "account_id": "A1",
        "contact_id": ["p1", "p2", "p3", "p4", "p5", "p6"],
        "contact_name": ["周砚", "沈一禾", LONG_EN, LONG, None, "Zhou"],
        "role": ["buyer", "influencer", "influencer", "user", "user", None],
        "weight": [5.0, 3.0, 1.0, 0.0, 2.0, 2.0],
        "stance": [0.8, -0.6, 1.0, -1.0, NAN, 0.1],
    }
)
CROWD = pd.DataFrame(
    {
        "account_id": "A1",
        "contact_id": [f"p{i}" for i in range(40)],
        "role": ["user", "gatekeeper"] * 20,
        "weight": 1.0,
        "stance": [i / 20 - 1 for i in range(40)],
    }
)
SCORES = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "contribution": [100.0, 20.0, 0.0, 20.5],
        "potential": [100.0, 60.0, 0.0, 60.0],
        "score": [100.0, 40.0, 0.0, 39.0],
        "tier": ["A", "B", "C", "B"],
    }
)
SAME = pd.DataFrame(
    {
        "account_name": [f"{LONG}{i}" for i in range(40)],
        "contribution": 50.0,
        "potential": 50.0,
        "score": 50.0,
        "tier": "B",
    }
)
PLAN = negotiation.concession_plan(100, [4, 2, 1], 80)
LONG_PLAN = negotiation.concession_plan(1e6, negotiation.decreasing_steps(2e5, 20, 0.8), 9e5)
BOARD = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "life_stage": ["growth", "growth", "decline", None],
        "sales_now": [1e6, 3e6, 0.0, 5.0],
    }
)
NAMES = pd.DataFrame({"account_id": ["a", "b"], "account_name": [LONG, LONG_EN]})
MONTHS = pd.to_datetime(["2025-10-01", "2025-11-01", "2025-11-01", "2025-11-01"])
SCORED = pd.DataFrame(
    {
        "account_id": ["a", "a", "b", "c"],
        "month": MONTHS,
        "score": [90.0, 71.25, 40.0, NAN],
        "colour": ["green", "amber", "red", None],
    }
)
HEALTH = pd.DataFrame(
    {
        "account_id": ["a", "a", "b", "c"],
        "month": MONTHS,
        "orders_score": [90.0, 80.0, 130.0, NAN],
        "satisfaction_score": [100.0, -20.0, -100.0, NAN],
    }
)
MOMENTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2025-12-25", "2025-12-31", "2025-12-31", "2025-12-31", "2026-02-28", "2026-03-01"]),
        "account_name": [None, "a", LONG, LONG_EN, "b", "b"],
        "moment": ["holiday", "renewal", "birthday", "personnel", "crisis", "renewal"],
        "what": ["元旦", "x", "y", "z", "w", "v"],
    }
)  # fmt: skip

DRAWN = {
    "decision unit": lambda: charts.decision_unit(CONTACTS),
    "decision unit of one": lambda: charts.decision_unit(CONTACTS.head(1).drop(columns="contact_name")),
    "decision unit of forty": lambda: charts.decision_unit(CROWD, title=LONG),
    "decision unit without weight": lambda: charts.decision_unit(CONTACTS.assign(weight=0.0, stance=NAN)),
    "tier matrix": lambda: charts.tier_matrix(SCORES, accounts=NAMES),
    "tier matrix of one": lambda: charts.tier_matrix(SCORES.head(1), title=LONG),
    "tier matrix of equals": lambda: charts.tier_matrix(SAME),
    "zopa": lambda: charts.zopa(88, 95, price=92, opening=110),
    "zopa, none": lambda: charts.zopa(95, 88, price=90),
    "zopa, a point": lambda: charts.zopa(88, 88, price=86.5, opening=88),
    "zopa, close together": lambda: charts.zopa(88, 88.5, price=88.25, opening=300),
    "zopa, large": lambda: charts.zopa(1e6, 1.2e6, price=1.4e6, opening=1.5e6, title=LONG),
    "zopa of nothing": lambda: charts.zopa(0, 0),
    "concession plan": lambda: charts.concession(PLAN, floor=90),
    "concession plan of twenty": lambda: charts.concession(LONG_PLAN, floor=9.5e5),
    "concession plan below cost": lambda: charts.concession(negotiation.concession_plan(4.35, [0.2], 4.3)),
    "concession plan of none": lambda: charts.concession(negotiation.concession_plan(10, [], 20)),
    "life cycle": lambda: charts.life_cycle(BOARD, NAMES),
    "life cycle without sales": lambda: charts.life_cycle(BOARD.drop(columns="sales_now").tail(1)),
    "life cycle of forty": lambda: charts.life_cycle(SAME.assign(life_stage="decline"), title=LONG),
    "health": lambda: charts.health_heat(SCORED, HEALTH, NAMES),
    "health of one": lambda: charts.health_heat(SCORED.tail(1), HEALTH),
    "health of forty": lambda: charts.health_heat(
        pd.DataFrame({"account_id": range(40), "month": MONTHS[0], "score": 50.0, "colour": "red"}),
        pd.DataFrame({"account_id": range(40), "month": MONTHS[0], "a_score": 50.0}),
    ),
    "calendar": lambda: charts.care_calendar(MOMENTS),
    "calendar of one": lambda: charts.care_calendar(MOMENTS.head(1), title=LONG),
    "calendar of a crowded day": lambda: charts.care_calendar(pd.concat([MOMENTS.iloc[1:4]] * 14)),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_has_words_and_no_text_is_cut_off_or_runs_into_another(name, readable):
    readable(DRAWN[name]())


def words_of(chart):
    return [one.get_text() for axes in chart.figure.axes for one in axes.texts]


def test_decision_unit_places_people_by_stance_and_leaves_uncovered_roles_empty(lang):
    chart = charts.decision_unit(CONTACTS)
    places = [
        x for one in read(chart).axes[0]["series"] if one["kind"] == "points" for x in one["x"]
    ]
    # Influencers by weight, the user of unknown stance beside the scale, buyer, no role.
    assert places == pytest.approx([-0.6, 1.0, 1.3, -1.0, 0.8, 0.1])
    empty = {"zh": "还没有联系人", "en": "Nobody yet"}[lang]
    assert words_of(chart).count(empty) == 1
    # (5 * 0.8 - 3 * 0.6 + 1 + 2 * 0.1) / (5 + 3 + 1 + 0 + 2) = 3.4 / 11
    says = {
        "zh": "加权支持度 +0.31，角色覆盖 2/3",
        "en": "Weighted support +0.31, roles covered 2 of 3",
    }
    assert says[lang] in chart.alt
    unknown = {"zh": "p5（态度不明，权重 2）", "en": "p5 (stance unknown, weight 2)"}
    assert unknown[lang] in chart.alt


def test_decision_unit_says_that_one_contact_is_no_relationship(lang):
    chart = charts.decision_unit(CONTACTS.head(1))
    says = {"zh": "单线联系", "en": "Single contact"}[lang]
    assert any(says in one.get_text() for one in chart.figure.texts)


def test_decision_unit_refuses_two_accounts_and_says_how_to_choose_one():
    two = pd.concat([CONTACTS, CONTACTS.assign(account_id="A2")])
    with pytest.raises(ParameterError, match=r'contacts\["account_id"\] == "A1"'):
        charts.decision_unit(two)


def test_tier_matrix_tells_tiers_by_shape_and_names_the_highest(lang):
    chart = charts.tier_matrix(SCORES, accounts=NAMES, named=1)
    clouds = chart.figure.axes[0].collections
    assert [len(cloud.get_offsets()) for cloud in clouds] == [1, 2, 1]
    shapes = {cloud.get_paths()[0].vertices.shape for cloud in clouds}
    assert len(shapes) == 3
    assert len(words_of(chart)) == 1
    assert {"zh": "B 类 2 家", "en": "Tier B: 2"}[lang] in chart.alt


def test_tier_matrix_gives_no_name_where_there_is_no_place_for_it():
    assert 0 < len(words_of(charts.tier_matrix(SAME, named=40))) < 40


def test_zopa_says_who_gains_what_and_when_to_walk(lang):
    inside = charts.zopa(88, 95, price=92).alt
    assert {"zh": "我方多得 4 元，对方省下 3 元", "en": "we gain CNY 4, they gain CNY 3"}[
        lang
    ] in inside
    below = charts.zopa(88, 95, price=80).alt
    assert {"zh": "低于我方底价", "en": "below our reservation price"}[lang] in below
    apart = charts.zopa(95, 88).alt
    assert {"zh": "还差 7 元", "en": "CNY 7 apart"}[lang] in apart


def test_zopa_fills_the_zone_and_hatches_the_gap():
    def band(chart):
        return next(p for p in chart.figure.axes[0].patches if isinstance(p, Rectangle))

    zone, gap = band(charts.zopa(88, 95)), band(charts.zopa(95, 88))
    assert (zone.get_x(), zone.get_width()) == (88, 7)
    assert zone.get_hatch() is None
    assert gap.get_hatch()
    assert not charts.zopa(88, 88).figure.axes[0].patches


def test_zopa_keeps_the_cents_of_a_unit_price(lang):
    assert {"zh": "4.35 元", "en": "CNY 4.35"}[lang] in charts.zopa(4.35, 5).alt


def test_concession_bars_are_the_steps_and_stand_between_the_prices(lang):
    chart = charts.concession(PLAN, floor=90)
    bars = next(one for one in read(chart).axes[0]["series"] if one["kind"] == "bar")
    assert bars["y"] == [0, 4, 2, 1]
    # 93 is left of 100; 1 - 80 / 93 = 13.98%, against 20% at first: 6.0 points
    says = {
        "zh": "从 100 元 让到 93 元，毛利率让出 6.0 个百分点",
        "en": "From CNY 100 to CNY 93, 6.0 margin",
    }
    assert says[lang] in chart.alt
    assert "14.0%" in chart.alt


def test_life_cycle_columns_hold_their_accounts_the_largest_first(lang):
    chart = charts.life_cycle(BOARD, NAMES)
    growth = {"zh": "成长期 2 家 · 400 万元（The Ex", "en": "Growth 2 · CNY 4 million (The Ex"}
    assert growth[lang] in chart.alt
    notes = [one.get_text() for one in chart.figure.texts]
    assert any(
        {"zh": "另有 1 家没有判定", "en": "Without a stage: 1"}[lang] in note for note in notes
    )


def test_life_cycle_says_how_many_cards_have_no_room(lang):
    chart = charts.life_cycle(SAME.assign(life_stage="decline"), most=5)
    assert {"zh": "还有 35 个", "en": "35 more"}[lang] in words_of(chart)


def test_health_shows_the_latest_month_on_one_scale_with_the_colour_as_a_word(lang):
    chart = charts.health_heat(SCORED, HEALTH)
    words = words_of(chart)
    colours = {"zh": ("40 红灯", "71.2 黄灯"), "en": ("40 Red", "71.2 Amber")}[lang]
    assert words.index(colours[0]) < words.index(colours[1])  # the worst on top
    # NPS -20 is 40 of 100, -100 is 0; 130 is clipped to 100
    assert words.count("40") == 1
    assert {"0", "100", "80"} <= set(words)
    assert "90" not in words  # October
    says = {
        "zh": "2025-11 客户健康度：红灯 1 家，黄灯 1 家，绿灯 0 家",
        "en": "1 red, 1 amber, 0 green",
    }
    assert says[lang] in chart.alt


def test_calendar_puts_moments_on_their_days_and_skips_empty_months(lang):
    chart = charts.care_calendar(MOMENTS)
    words = words_of(chart)
    months = {"zh": ["2025 年 12 月", "2026 年 2 月"], "en": ["December 2025", "February 2026"]}[
        lang
    ]
    assert [word for word in words if word in months] == months
    assert {"zh": "2026 年 1 月", "en": "January 2026"}[lang] not in words
    # 31 + 28 + 31 days, each a box; six weekday heads are no boxes
    assert len(chart.figure.axes[0].patches) == 31 + 28 + 31
    assert "元旦" in words  # what concerns every account is called by its own name
    assert {"zh": "还有 2 个", "en": "2 more"}[lang] in words  # the 31st has three
    assert "2025-12-25 元旦；" in chart.alt or "2025-12-25 元旦; " in chart.alt


def test_the_first_of_december_2025_is_a_monday():
    chart = charts.care_calendar(MOMENTS.head(1))
    first = next(one for one in chart.figure.axes[0].texts if one.get_text() == "1")
    assert first.get_position()[0] < 1


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.decision_unit(CONTACTS.drop(columns="stance")),
        lambda: charts.decision_unit(CONTACTS.head(0)),
        lambda: charts.tier_matrix(SCORES.drop(columns="tier")),
        lambda: charts.zopa(-1, 5),
        lambda: charts.concession(PLAN.drop(columns="margin")),
        lambda: charts.life_cycle(BOARD.drop(columns="life_stage")),
        lambda: charts.health_heat(SCORED, HEALTH[["account_id", "month"]]),
        lambda: charts.health_heat(SCORED.head(0), HEALTH),
        lambda: charts.care_calendar(MOMENTS.drop(columns="what")),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(draw):
    with pytest.raises(ParameterError) as raised:
        draw()
    assert len(str(raised.value)) > 8
