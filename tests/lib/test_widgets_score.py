"""The scorecard board: what one more point takes, and the sentence that goes with it."""

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib import language, widgets
from ka_lib.errors import KaError, ParameterError
from ka_lib.widgets.score_board import one_more

CARD = {"attainment": 1.20, "nps": 24.0, "behaviour": 76.0, "teamwork": 69.0}


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def test_one_more_point_by_hand():
    # 1 / 0.25 = 4 points of satisfaction, and an NPS point is half of one: 8.
    # 1 / 0.20 = 5; 1 / 0.15 = 6.667; 1 / 0.40 = 2.5 points of attainment = 0.025.
    table = one_more(CARD).set_index("part")
    assert table["needed"].to_dict() == pytest.approx(
        {"sales": 0.025, "satisfaction": 8, "behaviour": 5, "teamwork": 20 / 3}
    )
    # 120 * 0.4, 62 * 0.25, 76 * 0.2, 69 * 0.15
    assert table["points"].to_dict() == pytest.approx(
        {"sales": 48, "satisfaction": 15.5, "behaviour": 15.2, "teamwork": 10.35}
    )
    # At the cap nothing is left; (100 - 62) * 0.25, 24 * 0.2, 31 * 0.15
    assert table["room"].to_dict() == pytest.approx(
        {"sales": 0, "satisfaction": 9.5, "behaviour": 4.8, "teamwork": 4.65}
    )


def test_a_missing_part_raises_the_weight_of_the_others():
    table = one_more({**CARD, "nps": float("nan")}).set_index("part")
    # 0.40 / 0.75, 0.20 / 0.75, 0.15 / 0.75
    assert table["weight"].dropna().to_dict() == pytest.approx(
        {"sales": 0.4 / 0.75, "behaviour": 0.2 / 0.75, "teamwork": 0.2}
    )
    assert table["needed"]["behaviour"] == pytest.approx(3.75)
    assert pd.isna(table["needed"]["satisfaction"])
    kept = one_more({**CARD, "nps": float("nan")}, missing="zero").set_index("part")
    assert kept["needed"]["behaviour"] == pytest.approx(5)


@pytest.mark.parametrize(
    ("part", "column", "unit"),
    [("sales", "attainment", 1), ("satisfaction", "nps", 1), ("behaviour", "behaviour", 1)],
)
def test_that_much_more_is_one_point_more_in_the_appraisal(part, column, unit):
    card = {**CARD, "attainment": 0.9}
    needed = one_more(card).set_index("part")["needed"][part] * unit
    rows = pd.DataFrame([card, {**card, column: card[column] + needed}])
    rows = rows.assign(rep_id=["R1", "R2"], quarter="2025Q3")
    total = ka.appraisal.score(rows)["total"]
    assert total[1] - total[0] == pytest.approx(1)


def test_what_is_no_scorecard_is_refused(lang):
    with pytest.raises(ParameterError, match={"zh": "考核表", "en": "scorecards"}[lang]):
        one_more({"attainment": 1.0})
    with pytest.raises(KaError):
        one_more({**CARD, "behaviour": 180.0})


def test_the_sentence_follows_the_sliders(lang):
    card = pd.Series(CARD)
    board = widgets.score_board(card)
    assert {"zh": "89.05 分，离 90 分差 0.95 分", "en": "89.05 points, 0.95 short of 90"}[
        lang
    ] in board.result.value
    assert "NPS +7.6" in board.result.value
    before = board.result.value
    board.controls["attainment"].value = 150  # over the cap: nothing changes in the sentence
    assert "NPS +7.6" in board.result.value
    board.controls["nps"].value = 32
    assert {"zh": "到了 90 分这条线", "en": "the line of 90 is reached"}[lang] in board.result.value
    board.reset.click()
    assert board.result.value == before
    pd.testing.assert_series_equal(card, pd.Series(CARD))


def test_no_single_part_can_close_a_wide_gap_at_the_cap(lang):
    board = widgets.score_board(pd.Series({**CARD, "nps": -40.0, "behaviour": 70.0}))
    # 48 + 7.5 + 14 + 10.35 = 79.85: satisfaction alone could bring 17.5
    assert "NPS +" in board.result.value
    board.controls["behaviour"].value = 10
    board.controls["teamwork"].value = 10
    # 48 + 7.5 + 2 + 1.5 = 59: 31 short; behaviour could bring 18 and satisfaction 17.5
    assert {"zh": "只靠哪一项都不够", "en": "No part alone"}[lang] in board.result.value


def test_a_part_that_was_not_measured_starts_as_such():
    board = widgets.score_board(pd.Series({**CARD, "nps": float("nan")}))
    assert board.controls["absent"].value == "satisfaction"
