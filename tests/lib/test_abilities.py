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
    columns=["rep_id", "ability", "phase", "weight", "self_rating", "manager_rating", "target_rating"],
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
        rep_id="R1", phase="before", weight=0.1, self_rating=5.0, manager_rating=5.0, target_rating=8.0
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
