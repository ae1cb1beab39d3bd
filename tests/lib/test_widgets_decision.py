import pandas as pd
import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError, TableError
from ka_lib.widgets.decision_board import reading


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


NAN = float("nan")
# A club: a buyer against us, a head of buying on the fence, a finance director nobody has asked.
CLUB = pd.DataFrame(
    {
        "account_id": "A4",
        "contact_id": ["C1", "C2", "C3", "C4"],
        "contact_name": ["Ann", "Ben", "Cyd", "Dan"],
        "role": ["buyer", "decision_maker", "approver", "user"],
        "weight": [4.0, 5.0, 3.0, 2.0],
        "stance": [-0.4, -0.1, NAN, 0.2],
    }
)
ALONE = pd.DataFrame(
    {
        "account_id": ["A2"],
        "contact_id": ["C9"],
        "contact_name": ["Zoe"],
        "role": ["buyer"],
        "weight": [4.0],
        "stance": [0.6],
    }
)
BOTH = pd.concat([CLUB, ALONE], ignore_index=True)


def test_a_unit_is_summed_up_over_all_six_roles() -> None:
    unit = widgets.unit_of(CLUB)
    # (4 x -0.4 + 5 x -0.1 + 2 x 0.2) / (4 + 5 + 2) = -1.7 / 11
    assert unit.support == pytest.approx(-1.7 / 11)
    assert (unit.covered, unit.asked, unit.persons) == (4, 6, 4)
    assert unit.uncovered == ("influencer", "gatekeeper")


def test_swings_are_half_a_step_of_each_known_person_and_the_reach_of_an_unknown_one() -> None:
    table = widgets.swings(CLUB).set_index("contact_id")["swing"]
    # known weights 11, support -1.7 / 11; half a step of Ben's 5 of 11
    assert table["C2"] == pytest.approx(5 * 0.5 / 11)
    assert table["C1"] == pytest.approx(4 * 0.5 / 11)
    # Cyd at +1: (-1.7 + 3) / 14, at -1: (-1.7 - 3) / 14; the farther from -1.7 / 11 counts
    ends = [(-1.7 + 3) / 14, (-1.7 - 3) / 14]
    assert table["C3"] == pytest.approx(max(abs(end + 1.7 / 11) for end in ends))
    assert table.index[0] == "C3"


def test_nobody_moves_beyond_full_support_and_nothing_known_is_missing() -> None:
    assert widgets.swings(CLUB.assign(stance=1.0))["swing"].tolist() == [0, 0, 0, 0]
    unknown = widgets.swings(CLUB.assign(stance=NAN))
    assert unknown["swing"].isna().all()
    assert unknown["contact_id"].iloc[0] == "C2"  # the heaviest


def test_swings_leave_their_input_and_its_order_alone() -> None:
    before = CLUB.copy()
    mixed = widgets.swings(CLUB.sample(frac=1, random_state=1).assign(extra=1))
    pd.testing.assert_frame_equal(mixed, widgets.swings(CLUB))
    pd.testing.assert_frame_equal(CLUB, before)


def test_the_board_says_how_things_stand_and_whom_to_see_first(lang: str) -> None:
    said = widgets.decision_map(BOTH, "A4").result.value
    for words in {
        "zh": ("加权支持度 −0.15", "角色覆盖 4/6", "先去见Cyd（权重 3）", "态度还没摸清", "0.25"),
        "en": ("support −0.15", "4 of 6 roles", "See Cyd first (weight 3)", "nobody knows", "0.25"),
    }[lang]:
        assert words in said
    assert 'alt="' in said


def test_a_stance_found_out_changes_support_and_advice(lang: str) -> None:
    board = widgets.decision_map(BOTH, "A4")
    board.controls["stance_C3"].value = 0.5
    # (-1.7 + 1.5) / 14 = -0.014; Ben's half step is 5 x 0.5 / 14 = 0.18
    said = board.result.value
    expected = {
        "zh": "支持度从 −0.15 升到 −0.01，角色覆盖 4/6。先去见Ben（权重 5）：再靠近半步，支持度能高 0.18。",
        "en": "rises from −0.15 to −0.01, 4 of 6 roles covered. "
        "See Ben first (weight 5): half a step closer, and support gains 0.18.",
    }[lang]
    assert expected in said
    board.controls["weight_C2"].value = 0.0
    board.controls["stance_C1"].value = -1.0
    # (4 x -1 + 3 x 0.5 + 2 x 0.2) / 9 = -0.23
    assert {"zh": "降到 −0.23", "en": "falls from −0.15 to −0.23"}[lang] in board.result.value
    board.reset.click()
    assert board.result.value == widgets.decision_map(BOTH, "A4").result.value


def test_who_decides_is_asked_of_a_friend_until_a_new_contact_covers_it(lang: str) -> None:
    board = widgets.decision_map(BOTH, "A2")
    assert {"zh": "先请Zoe引荐", "en": "ask Zoe for an introduction"}[lang] in board.result.value
    assert {"zh": "覆盖 1/6", "en": "1 of 6"}[lang] in board.result.value
    board.controls["stance_C9"].value = 0.0
    assert {"zh": "先请上级出面", "en": "have your manager ask"}[lang] in board.result.value
    board.controls["new_role"].value = "decision_maker"
    board.controls["new_stance"].value = -0.6
    # (4 x 0 + 5 x -0.6) / 9 = -0.33; the new one's half step 5 x 0.5 / 9 = 0.28
    for words in {
        "zh": ("覆盖 2/6", "−0.33", "先去见新认识的人（权重 5）", "0.28"),
        "en": ("2 of 6", "−0.33", "See New contact first (weight 5)", "0.28"),
    }[lang]:
        assert words in board.result.value


def test_a_unit_without_any_stance_is_asked_before_it_is_counted(lang: str) -> None:
    board = widgets.decision_map(CLUB.assign(stance=NAN), "A4")
    assert {"zh": "加权支持度 —", "en": "support —"}[lang] in board.result.value
    assert {"zh": "一个人的态度都还没摸清", "en": "stance yet"}[lang] in board.result.value
    board.controls["stance_C1"].value = 0.5
    assert {"zh": "原来是 —，现在是 +0.5", "en": "was — and is now +0.5"}[
        lang
    ] in board.result.value


def test_of_a_large_unit_the_six_heaviest_have_controls_and_all_count() -> None:
    many = pd.concat(
        [CLUB.assign(contact_id=CLUB["contact_id"] + turn) for turn in "abc"], ignore_index=True
    )
    board = widgets.decision_map(many, "A4")
    people = [name for name in board.controls if name.startswith("stance_")]
    assert people == [f"stance_C{number}{turn}" for number in (2, 1) for turn in "abc"]
    assert "−0.15" in board.result.value  # the same unit three times


def test_a_move_redraws_live() -> None:
    board = widgets.decision_map(BOTH, "A4")
    before = board.result.value
    board.controls["stance_C1"].value = -0.3
    assert board.result.value != before


def test_names_are_text_and_never_markup() -> None:
    board = widgets.decision_map(ALONE.assign(contact_name="<b>Zoe</b>"), "A2")
    assert "<b>Zoe</b>" not in board.result.value
    assert "<b>Zoe</b>" in reading(
        widgets.unit_of(ALONE), widgets.unit_of(ALONE), ALONE.assign(contact_name="<b>Zoe</b>")
    )


def test_what_cannot_be_shown_is_said(lang: str) -> None:
    with pytest.raises(ParameterError) as raised:
        widgets.decision_map(BOTH, "A9")
    assert {"zh": "没有 A9 的人", "en": "nobody at A9"}[lang] in str(raised.value)
    with pytest.raises(ParameterError):
        widgets.decision_map(BOTH.assign(stance=2.0), "A4")
    with pytest.raises(TableError):
        widgets.decision_map(BOTH.assign(weight=NAN), "A4")
