"""The scorecard by hand; ties, ladders, caps and missing parts."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import appraisal, language
from ka_lib.errors import ParameterError, TableError

NAN = float("nan")
CARDS = pd.DataFrame(
    [
        ("R1", "2025Q3", 1.5, 40.0, 80.0, 90.0),
        ("R2", "2025Q3", 0.9, -20.0, 70.0, 60.0),
        ("R3", "2025Q3", 1.0, NAN, 90.0, 80.0),
        ("R4", "2025Q3", NAN, NAN, NAN, NAN),
    ],
    columns=["rep_id", "quarter", "attainment", "nps", "behaviour", "teamwork"],
)


def totals(**arguments) -> dict:
    table = appraisal.score(CARDS, **arguments)
    return dict(zip(table["rep_id"], table["total"], strict=True))


def test_the_scorecard_by_hand():
    table = appraisal.score(CARDS).set_index("rep_id")
    # R1: 0.4*120 + 0.25*70 + 0.2*80 + 0.15*90. R2: 0.4*90 + 0.25*40 + 0.2*70 + 0.15*60.
    assert table.loc["R1", "total"] == pytest.approx(48 + 17.5 + 16 + 13.5)
    assert table.loc["R2", "total"] == pytest.approx(36 + 10 + 14 + 9)
    assert table.loc["R2", "satisfaction_score"] == 40  # an NPS of -20 is 40 points, not -20
    assert table.loc["R1", "sales_points"] == pytest.approx(48)
    # R3 without satisfaction: (0.4*100 + 0.2*90 + 0.15*80) / 0.75.
    assert table.loc["R3", "total"] == pytest.approx(70 / 0.75)
    assert table.loc["R3", "sales_points"] == pytest.approx(40 / 0.75)
    assert table.loc["R3", "missing_parts"] == "satisfaction"
    assert math.isnan(table.loc["R4", "total"])


def test_cap_and_missing_parts_are_rules_with_a_name():
    assert totals(cap=1.0)["R1"] == pytest.approx(40 + 17.5 + 16 + 13.5)
    assert totals(cap=2.0)["R1"] == pytest.approx(60 + 17.5 + 16 + 13.5)
    assert totals(missing="zero")["R3"] == pytest.approx(70)
    assert totals(missing="zero")["R4"] == 0
    with pytest.raises(ParameterError) as caught:
        totals(missing="refuse")
    assert caught.value.facts["rep"] == "R3"
    assert caught.value.facts["column"] == "nps"
    assert len(appraisal.score(CARDS.head(2), missing="refuse")) == 2


def test_equal_weights():
    even = dict.fromkeys(appraisal.WEIGHTS, 0.25)
    assert totals(weights=even)["R2"] == pytest.approx((90 + 40 + 70 + 60) / 4)
    tenths = {"sales": 0.1, "satisfaction": 0.2, "behaviour": 0.3, "teamwork": 0.4}
    assert totals(weights=tenths)["R2"] == pytest.approx(9 + 8 + 21 + 24)


@given(st.permutations(range(4)), st.sampled_from(["renormalise", "zero"]))
def test_order_index_and_extra_columns_do_not_matter(order, missing):
    other = CARDS.iloc[order].assign(note="x").set_axis([0] * 4)
    untouched = other.copy()
    found = appraisal.score(other, missing=missing)
    pd.testing.assert_frame_equal(found, appraisal.score(CARDS, missing=missing))
    pd.testing.assert_frame_equal(other, untouched)
    points = found.filter(like="_points").sum(axis="columns", min_count=1)
    known = points.notna()
    assert found.loc[known, "total"].tolist() == pytest.approx(points[known].tolist())


SCORES = pd.DataFrame(
    [
        ("2025Q2", "R1", 95.0), ("2025Q2", "R2", 90.0), ("2025Q2", "R3", 89.99), ("2025Q2", "R5", 99.0),
        ("2025Q3", "R1", 92.0), ("2025Q3", "R2", 92.004), ("2025Q3", "R3", 95.0), ("2025Q3", "R4", NAN),
        ("2025Q3", "R5", 85.0), ("2025Q1", "R5", 99.0), ("2025Q1", "R2", 50.0), ("2024Q4", "R2", 95.0),
    ],
    columns=["quarter", "rep_id", "total"],
)  # fmt: skip


@pytest.mark.parametrize(("ties", "last"), [("share", 4), ("dense", 3)])
def test_equal_totals_share_a_rank(ties, last):
    table = appraisal.rank(SCORES.iloc[::-1], ties=ties)
    autumn = table[table["quarter"] == "2025Q3"]
    assert autumn["rep_id"].tolist() == ["R3", "R1", "R2", "R5", "R4"]
    assert autumn["rank"].iloc[:4].tolist() == [1, 2, 2, last]
    assert pd.isna(autumn["rank"].iloc[4])
    assert appraisal.rank(SCORES.head(0)).empty
    assert appraisal.rank(SCORES.head(1))["rank"].tolist() == [1]


REPS = pd.DataFrame(
    {"rep_id": [f"R{i}" for i in range(1, 7)], "level": [2.0, 1.0, 3.0, 1.0, 5.0, 1.0]}
)


def test_two_good_quarters_in_a_row():
    table = appraisal.promotion(SCORES, REPS).set_index("rep_id")
    assert table["quarters_in_row"].to_dict() == {
        "R1": 2,
        "R2": 2,
        "R3": 1,
        "R4": 0,
        "R5": 0,
        "R6": 0,
    }
    assert table["next_level"].to_dict() == {"R1": 3, "R2": 2, "R3": 3, "R4": 1, "R5": 5, "R6": 1}
    assert table["promoted"].sum() == 2
    # Three in a row: R2's 2024Q4 does not count across a bad 2025Q1.
    assert not appraisal.promotion(SCORES, REPS, quarters=3)["promoted"].any()
    # Level 5 is the top, and a quarter that is not there ends the row, across New Year as well.
    years = pd.DataFrame(
        [("R5", "2024Q4", 99.0), ("R5", "2025Q1", 99.0), ("R1", "2024Q3", 99.0), ("R1", "2025Q1", 99.0)],
        columns=["rep_id", "quarter", "total"],
    )  # fmt: skip
    table = appraisal.promotion(years, REPS).set_index("rep_id")
    assert table.loc["R5", ["quarters_in_row", "promoted", "next_level"]].tolist() == [2, False, 5]
    assert table.loc["R1", ["quarters_in_row", "promoted"]].tolist() == [1, False]
    assert not appraisal.promotion(SCORES.head(0), REPS)["promoted"].any()


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: totals(weights={**appraisal.WEIGHTS, "sales": 0.5}), ParameterError),
        (lambda: totals(weights={"sales": 1.0}), ParameterError),
        (lambda: totals(weights={**appraisal.WEIGHTS, "sales": -0.4}), ParameterError),
        (lambda: totals(cap=0), ParameterError),
        (lambda: totals(missing="skip"), ParameterError),
        (lambda: totals(missing="refuse"), ParameterError),
        (lambda: appraisal.score(CARDS.assign(attainment=95.0)), TableError),
        (lambda: appraisal.score(CARDS.assign(nps=-101.0)), TableError),
        (lambda: appraisal.score(CARDS.assign(teamwork=101.0)), TableError),
        (lambda: appraisal.score(CARDS.assign(teamwork=-1.0)), TableError),
        (lambda: appraisal.score(pd.concat([CARDS, CARDS])), TableError),
        (lambda: appraisal.score(CARDS.drop(columns="nps")), TableError),
        (lambda: appraisal.rank(SCORES, ties="coin"), ParameterError),
        (lambda: appraisal.rank(pd.concat([SCORES, SCORES])), TableError),
        (lambda: appraisal.promotion(SCORES, REPS, quarters=0), ParameterError),
        (lambda: appraisal.promotion(SCORES.assign(quarter="autumn"), REPS.head(1)), TableError),
        (
            lambda: appraisal.promotion(SCORES.head(1).assign(quarter="autumn"), REPS),
            ParameterError,
        ),
        (lambda: appraisal.promotion(SCORES, REPS.assign(level=6)), TableError),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_appraised(call, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            call()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")


def test_an_empty_scorecard():
    assert appraisal.score(CARDS.head(0)).empty
