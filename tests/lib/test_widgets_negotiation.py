import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError
from ka_lib.price_talk import Customer

HER = Customer(ceiling=160, opening=140, share=0.6, patience=4)


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def table():
    return widgets.negotiation_table(cost=120, floor=130, ceiling=160, price=150)


def talk():
    return widgets.price_talk_board(HER, cost=120, floor=130, opening=170).talk


def say(board, *prices):
    for price in prices:
        board.price.value = price
        board.offer.click()


def test_the_table_says_who_gains_what() -> None:
    said = table().result.value
    # 150 - 130 and 160 - 150, 20 of 30; (150 - 120) / 150 and / 120
    for words in ("20.0", "10.0", "67%", "20.0%", "25.0%"):
        assert words in said


def test_the_table_follows_its_sliders(lang: str) -> None:
    board = table()
    board.controls["price"].value = 125
    assert {"zh": "还不如不做", "en": "no deal would be better"}[lang] in board.result.value
    board.controls["price"].value = 165
    assert {"zh": "换别家更划算", "en": "her alternative is better"}[lang] in board.result.value
    board.controls["floor"].value = 165
    # 165 - 160
    assert {"zh": "高 5.0 元", "en": "CNY 5.0 above"}[lang] in board.result.value
    board.reset.click()
    assert "67%" in board.result.value


def test_a_split_outside_the_range_has_no_gains() -> None:
    for price, floor, ceiling, kind in (
        (125, 130, 160, "we_walk"),
        (161, 130, 160, "they_walk"),
        (150, 165, 160, "none"),
    ):
        one = widgets.split(price, 120, floor, ceiling)
        assert one.kind == kind
        assert one.seller != one.seller


def test_a_talk_is_played_to_a_deal(lang: str) -> None:
    board = talk()
    assert {"zh": "先定底价", "en": "Set your floor"}[lang] in board.result.value
    say(board, 170)
    assert board.floor.disabled
    assert not board.accept.disabled
    assert "140.0" in board.result.value
    # her ceiling stays hidden until the end
    assert "160" not in board.result.value
    say(board, 155)
    # 140 + 0.6 * 15 = 149
    board.accept.click()
    said = board.result.value
    # 149 - 130 of 30: 63%; (149 - 120) / 149
    for words in ("149.0", "63%", "19.5%", "19.0", "11.0"):
        assert words in said
    assert board.offer.disabled


def test_a_move_that_cannot_be_made_is_explained_and_not_played(lang: str) -> None:
    board = talk()
    say(board, 150, 155)
    assert {"zh": "往回涨", "en": "that is up"}[lang] in board.result.value
    assert board.asked == [150]
    say(board, 120)
    assert {"zh": "比你自己定的底价", "en": "below your own floor"}[lang] in board.result.value
    board.again.click()
    assert (board.asked, board.price.value, board.floor.disabled) == ([], 170, False)


def test_a_floor_set_too_low_makes_a_deal_that_no_deal_beats(lang: str) -> None:
    board = widgets.price_talk_board(HER, cost=120, floor=145, opening=170).talk
    board.floor.value = 120
    say(board, 139)
    assert {"zh": "底价定错了", "en": "floor was set wrong"}[lang] in board.result.value


def test_leaving_says_whether_there_was_room(lang: str) -> None:
    board = talk()
    say(board, 170)
    board.leave.click()
    assert {"zh": "中间有得谈", "en": "room between them"}[lang] in board.result.value
    none = widgets.price_talk_board(HER, cost=150, floor=165, opening=180).talk
    none.leave.click()
    assert {"zh": "走得对", "en": "no deal was right"}[lang] in none.result.value


def test_standing_still_until_she_leaves(lang: str) -> None:
    board = talk()
    say(board, 170, 170, 170)
    assert {"zh": "她走了", "en": "She left"}[lang] in board.result.value


def test_nonsense_is_refused() -> None:
    with pytest.raises(ParameterError):
        widgets.negotiation_table(cost=0, floor=130, ceiling=160, price=150)
    with pytest.raises(ParameterError):
        widgets.negotiation_table(cost=120, floor=-1, ceiling=160, price=150)
