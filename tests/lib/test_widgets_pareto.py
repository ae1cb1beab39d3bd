import pandas as pd
import pytest

from ka_lib import concentration, language, widgets
from ka_lib.errors import ParameterError, TableError
from ka_lib.widgets.pareto_board import reading


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


# Five accounts of 100,000 together; E belongs to B, and A earns little on much.
ACCOUNTS = pd.DataFrame(
    {
        "account_id": list("ABCDE"),
        "account_name": ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"],
        "parent_id": [None, None, None, None, "B"],
    }
)
ORDERS = pd.DataFrame(
    {
        "account_id": list("AABCDE"),
        "amount": [45_000.0, -5_000.0, 25_000.0, 20_000.0, 10_000.0, 5_000.0],
        "gross_profit": [4_000.0, -5_000.0, 8_000.0, 7_000.0, 3_000.0, 3_000.0],
    }
)


def test_the_top_fifth_of_five_is_one_account() -> None:
    cut = widgets.top_slice(concentration.pareto(ORDERS), 0.2)
    # 40 of 100 thousand; 40 + 25 = 65, + 20 = 85: the third account crosses 80%
    assert (cut.count, cut.base, cut.share, cut.value) == (1, 5, 0.4, 40_000)
    assert (cut.to_reach, cut.largest) == (3, 0.4)
    # 40² + 25² + 20² + 10² + 5² = 1600 + 625 + 400 + 100 + 25
    assert cut.hhi == pytest.approx(2750)


def test_a_part_of_an_account_counts_as_one() -> None:
    # 21% of 5 is 1.05 accounts: two, 40 + 25
    assert widgets.top_slice(concentration.pareto(ORDERS), 0.21).share == pytest.approx(0.65)


def test_the_sentence_names_share_yuan_and_how_many_reach_80(lang: str) -> None:
    said = widgets.pareto_slider(ORDERS, ACCOUNTS).result.value
    for words in {
        "zh": ("5 家里最大的 1 家", "销售额的 40%", "4 万元", "第 3 家"),
        "en": ("largest 1 of 5", "40% of sales", "CNY 40 thousand", "takes 3 to reach 80%"),
    }[lang]:
        assert words in said


def test_without_the_largest_the_others_have_to_grow(lang: str) -> None:
    board = widgets.pareto_slider(ORDERS, ACCOUNTS)
    board.controls["leaves"].value = True
    # 40 of 60 thousand left: two thirds more
    said = board.result.value
    assert {"zh": "Alpha走了", "en": "Without Alpha"}[lang] in said
    assert "67%" in said
    # B's 25 of 60
    assert "42%" in said


def test_roll_up_counts_a_subsidiary_once_under_its_parent(lang: str) -> None:
    board = widgets.pareto_slider(ORDERS, ACCOUNTS)
    board.controls["fraction"].value = 0.5
    board.controls["roll_up"].value = True
    # A 40, B with E 30, C 20, D 10: two of four bring 70
    said = board.result.value
    assert {"zh": "4 家里最大的 2 家", "en": "largest 2 of 4"}[lang] in said
    assert "70%" in said


def test_by_gross_profit_another_account_leads(lang: str) -> None:
    board = widgets.pareto_slider(ORDERS, ACCOUNTS)
    board.controls["value"].value = "gross_profit"
    board.controls["leaves"].value = True
    # B's 8 of 20 thousand; A loses 1 thousand; 8 / 12 = 67%
    assert "Beta" in board.result.value
    assert {"zh": "毛利少 8,000 元", "en": "CNY 8,000 of gross profit"}[lang] in board.result.value


def test_reset_restores_what_a_moved_slider_changed() -> None:
    board = widgets.pareto_slider(ORDERS, ACCOUNTS)
    start = board.result.value
    board.controls["fraction"].value = 0.8
    assert board.result.value != start
    assert 'alt="' in start
    board.reset.click()
    assert board.result.value == start


def test_the_only_account_can_leave(lang: str) -> None:
    board = widgets.pareto_slider(ORDERS.iloc[[0]], ACCOUNTS)
    board.controls["leaves"].value = True
    assert "<img" not in board.result.value
    assert {"zh": "就没有客户了", "en": "no account left"}[lang] in board.result.value


def test_names_are_text_and_never_markup() -> None:
    table = concentration.pareto(ORDERS)
    gone = concentration.largest(table)
    assert "<b>" in reading(widgets.top_slice(table, 0.2), "amount", gone, "<b>A</b>")
    board = widgets.pareto_slider(ORDERS, ACCOUNTS.assign(account_name="<b>A</b>"))
    board.controls["leaves"].value = True
    assert "<b>A</b>" not in board.result.value


def test_what_cannot_be_shown_is_said() -> None:
    with pytest.raises(ParameterError) as raised:
        widgets.pareto_slider(ORDERS.assign(amount=-1.0), ACCOUNTS)
    assert len(str(raised.value)) > 10
    with pytest.raises(TableError):
        widgets.pareto_slider(ORDERS, ACCOUNTS.head(2))
    with pytest.raises(TableError):
        widgets.pareto_slider(ORDERS.drop(columns="gross_profit"), ACCOUNTS)
