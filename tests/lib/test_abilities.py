"""The gap is target minus rating, weighed by what the job needs."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import abilities, language
from ka_lib.errors import ParameterError, TableError
from ka_lib.tables import ABILITIES

NAN = float("nan")
RATINGS = pd.DataFrame(
    [
        ("R1", "data_analysis", "before", 0.3, 4.0, 5.0, 8.0),
        ("R1", "leadership", "before", 0.1, 2.0, 3.0, 8.0),
        ("R1", "communication_negotiation", "before", 0.4, 7.0, 4.5, 8.0),
        ("R1", "customer_insight", "before", 0.2, 9.0, 9.0, 8.0),
        ("R1", "project_management", "before", 0.0, NAN, 6.0, 7.0),
        ("R1", "data_analysis", "after", 0.3, 6.5, 6.0, 8.0),
        ("R1", "leadership", "after", 0.1, 2.0, NAN, 9.0),
        ("R2", "leadership", "before", 0.5, 5.0, 5.0, 6.0),
    ],
    columns=[
        "rep_id",
        "ability",
        "phase",
        "weight",
        "self_rating",
        "manager_rating",
        "target_rating",
    ],
)


def test_the_weight_decides_and_the_sign_is_right():
    mine = abilities.gap(RATINGS)
    mine = mine[mine["rep_id"] == "R1"]
    # (8-4)*0.3 = 1.2; (8-2)*0.1 = 0.6; (8-7)*0.4 = 0.4; (8-9)*0.2 = -0.2; one not rated.
    assert mine["ability"].tolist() == [
        "data_analysis", "leadership", "communication_negotiation", "customer_insight",
        "project_management",
    ]  # fmt: skip
    assert mine["weighted_gap"].iloc[:4].tolist() == [1.2, 0.6, 0.4, -0.2]
    assert mine["gap"].iloc[:4].tolist() == [4, 6, 1, -1]
    assert mine["rank"].iloc[:4].tolist() == [1, 2, 3, 4]
    assert mine[["gap", "rank"]].iloc[4].isna().all()
    # The manager sees another order: (8-4.5)*0.4 = 1.4 before (8-5)*0.3 = 0.9.
    boss = abilities.gap(RATINGS, by="manager", top=2)
    assert boss[["rep_id", "ability"]].to_numpy().tolist() == [
        ["R1", "communication_negotiation"],
        ["R1", "data_analysis"],
        ["R2", "leadership"],
    ]


def test_self_against_manager():
    table = abilities.difference(RATINGS)
    mine = table[table["rep_id"] == "R1"]
    assert mine["difference"].iloc[:4].tolist() == [2.5, -1, -1, 0]
    assert mine["ability"].iloc[1:3].tolist() == ["data_analysis", "leadership"]  # standing order
    assert pd.isna(mine["difference"].iloc[4])


def test_before_and_after_each_to_its_own_target():
    table = abilities.progress(RATINGS).set_index(["rep_id", "ability"])
    assert table.loc[("R1", "data_analysis")].tolist() == [4, 6.5, 2.5, 4, 1.5]
    assert table.loc[("R1", "leadership")].tolist() == [2, 2, 0, 6, 7]
    assert table.loc[("R2", "leadership"), ["rating_after", "change"]].isna().all()
    boss = abilities.progress(RATINGS, by="manager").set_index(["rep_id", "ability"])
    assert pd.isna(boss.loc[("R1", "leadership"), "change"])


@given(st.permutations(range(len(RATINGS))))
def test_order_index_and_extra_columns_do_not_matter(order):
    other = RATINGS.iloc[order].assign(note="x").set_axis([0] * len(RATINGS))
    untouched = other.copy()
    for figure in (abilities.gap, abilities.difference, abilities.progress):
        pd.testing.assert_frame_equal(figure(other), figure(RATINGS))
    pd.testing.assert_frame_equal(other, untouched)


def test_equal_gaps_stand_in_the_standing_order():
    equal = pd.DataFrame({"ability": ABILITIES[::-1]}).assign(
        rep_id="R1",
        phase="before",
        weight=0.1,
        self_rating=5.0,
        manager_rating=5.0,
        target_rating=8.0,
    )
    assert abilities.gap(equal)["ability"].tolist() == list(ABILITIES)
    assert abilities.gap(equal, top=3)["ability"].tolist() == list(ABILITIES[:3])
    # 3 * 0.1 and 1 * 0.3 differ in the last binary digit only.
    close = equal.iloc[[6, 0]].assign(weight=[0.1, 0.3], self_rating=[5.0, 7.0])
    assert abilities.gap(close)["ability"].tolist() == ["strategic_thinking", "leadership"]


def test_empty_and_one_row():
    for figure in (abilities.gap, abilities.difference, abilities.progress):
        assert figure(RATINGS.head(0)).empty
        assert len(figure(RATINGS.head(1))) == 1


@pytest.mark.parametrize(
    ("frame", "arguments", "error"),
    [
        (RATINGS, {"by": "boss"}, ParameterError),
        (RATINGS, {"phase": "now"}, ParameterError),
        (RATINGS, {"top": 0}, ParameterError),
        (pd.concat([RATINGS, RATINGS]), {}, TableError),
        (RATINGS.assign(ability="juggling"), {}, TableError),
        (RATINGS.assign(target_rating=80.0), {}, TableError),
        (RATINGS.assign(self_rating=-1.0), {}, TableError),
        (RATINGS.drop(columns="manager_rating"), {}, TableError),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_rated(frame, arguments, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            abilities.gap(frame, **arguments)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")


def test_a_learning_plan_takes_one_ability_after_the_other():
    plan = abilities.learning_plan(RATINGS, "2026-01-05", weeks=12, hours_a_week=2)
    mine = plan[plan["rep_id"] == "R1"]
    assert mine["ability"].tolist() == [
        "data_analysis", "leadership", "communication_negotiation"
    ]  # fmt: skip
    # A week each, and 9 weeks by 1.2 : 0.6 : 0.4 = 4.9 : 2.5 : 1.6, largest remainders up: 5, 2, 2.
    assert mine["weeks"].tolist() == [6, 3, 3]
    assert mine["hours"].tolist() == [12, 6, 6]
    assert mine["starts_on"].dt.strftime("%m-%d").tolist() == ["01-05", "02-16", "03-09"]
    assert mine["due_on"].dt.strftime("%m-%d").tolist() == ["02-15", "03-08", "03-29"]
    # R2 has one gap: all twelve weeks are for it.
    assert plan.loc[plan["rep_id"] == "R2", "weeks"].tolist() == [12]
    assert (mine["action"].str.len() > 10).all()
    assert (mine["measure"].str.len() > 5).all()


def test_nobody_practises_what_is_reached_or_was_not_rated():
    plan = abilities.learning_plan(RATINGS, "2026-01-05", top=7)
    assert not plan["ability"].isin(["customer_insight", "project_management"]).any()
    assert abilities.learning_plan(RATINGS.iloc[:0], "2026-01-05").empty


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("wrong", [{"weeks": 2}, {"weeks": 12.5}, {"hours_a_week": 0}])
def test_a_plan_that_cannot_be_is_refused(lang, wrong):
    language.use(lang)
    with pytest.raises(ParameterError, match={"zh": "周", "en": "week"}[lang]):
        abilities.learning_plan(RATINGS, "2026-01-05", **wrong)
    language.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ability_has_a_drill_and_a_measure(lang):
    language.use(lang)
    ratings = pd.DataFrame(
        {"rep_id": "R1", "ability": ABILITIES, "phase": "before", "weight": 0.1,
         "self_rating": 5.0, "manager_rating": NAN, "target_rating": 8.0}
    )  # fmt: skip
    plan = abilities.learning_plan(ratings, "2026-01-05", top=7)
    assert plan["action"].nunique() == plan["measure"].nunique() == len(ABILITIES)
    language.use("zh")
