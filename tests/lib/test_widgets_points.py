import pandas as pd
import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError
from ka_lib.widgets.points_board import give_points


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


ROW = pd.Series({"gross_sales": 50_000_000.0, "net_contribution": 1_000_000.0, "rebates": 1.0})


def test_a_point_is_a_hundredth_of_gross_sales() -> None:
    # 1.5% of 50 million is 750,000; of 1,000,000 that leaves 250,000, half a percent
    given = give_points(ROW, 1.5)
    assert (given.cost, given.left, given.rate) == pytest.approx((750_000, 250_000, 0.005))


def test_two_points_of_two_percent_leave_nothing() -> None:
    assert give_points(ROW, 2).left == pytest.approx(0)
    assert give_points(ROW, 3).left == pytest.approx(-500_000)


def test_without_sales_there_is_no_rate() -> None:
    assert pd.isna(give_points({"gross_sales": 0.0, "net_contribution": -5.0}, 1).rate)


@pytest.mark.parametrize(
    "row", [{"gross_sales": 1.0}, {"gross_sales": 1.0, "net_contribution": float("nan")}]
)
def test_what_is_no_row_of_a_pnl_is_refused(row: dict[str, float], lang: str) -> None:
    with pytest.raises(
        ParameterError, match={"zh": "一家客户的损益", "en": "one customer's P&L"}[lang]
    ):
        give_points(row, 1)


def test_the_sentence_follows_the_slider_and_the_row_stays(lang: str) -> None:
    before = ROW.copy()
    board = widgets.points_slider(ROW)
    slider = board.controls["points"]
    told = {
        0.0: {"zh": "一年剩 100 万元", "en": "CNY 1 million is left"},
        1.0: {"zh": "多给 50 万元，剩 50 万元", "en": "CNY 500 thousand is left"},
        3.0: {"zh": "倒贴 50 万元", "en": "we pay CNY 500 thousand"},
    }
    for points, words in told.items():
        slider.value = points
        assert words[lang] in board.result.value
    board.reset.click()
    assert told[0.0][lang] in board.result.value
    pd.testing.assert_series_equal(ROW, before)
