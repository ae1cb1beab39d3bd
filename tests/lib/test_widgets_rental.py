"""Rented or sold (W10): one chiller worked out by hand, and the two pictures of chapter 10."""

import pandas as pd
import pytest

from ka_lib import charts, language, subscription, widgets
from ka_lib.errors import ParameterError

# Sold: 1,200 - 900 = 300. Rented for 12 months at 110 - 10 = 100 a month: 1,200 - 900 = 300.
TERMS = {"price": 1_200, "cost": 900, "fee": 110, "service": 10}


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def board(**more):
    start = {"churn": 0.0, "yearly_rate": 0.0, "months": 12}
    return widgets.subscription_slider(**{**TERMS, **start, **more})


def test_rent_and_sale_by_hand():
    one = widgets.rent_or_sale(**TERMS, churn=0.5, yearly_rate=0.21, months=2)
    # Half of the renters leave after the first fee: 100 + 50 - 900. The month's rate at 21% a
    # year is 1.21 ** (1 / 12) - 1, so the second fee is worth 50 / 1.21 ** (2 / 12).
    assert one.rent_cash == pytest.approx(-750)
    assert one.rent == pytest.approx(100 / 1.21 ** (1 / 12) + 50 / 1.21 ** (2 / 12) - 900)
    assert one.sale == one.sale_cash == 300
    assert one.payback_month is None
    assert one.tied_up == 900


def test_the_board_starts_where_both_are_equal_and_follows_its_sliders(lang):
    rental = board()
    said = rental.result.value
    assert {"zh": "订阅和卖断一样", "en": "both bring the same"}[lang] in said
    assert {"zh": "第 9 个月收回成本", "en": "pays back in month 9"}[lang] in said
    rental.controls["fee"].value = 120  # 12 * 10 more
    assert {"zh": "订阅多 120 元", "en": "CNY 120 more"}[lang] in rental.result.value
    rental.controls["churn"].value = 0.05
    assert {"zh": "订阅少", "en": "less on subscription"}[lang] in rental.result.value
    rental.reset.click()
    assert rental.result.value == said


def test_what_never_pays_back_is_said(lang):
    rental = board(fee=60)  # 12 * 50 = 600 of 900
    assert {"zh": "收不回成本", "en": "does not pay back"}[lang] in rental.result.value
    flows = subscription.cash_flows(**{**TERMS, "fee": 60}, months=12)
    assert {"zh": "也收不回", "en": "Not paid back"}[lang] in charts.running_cash(flows).alt


def test_a_fee_of_nothing_is_refused(lang):
    with pytest.raises(ParameterError, match={"zh": "大于 0", "en": "above 0"}[lang]):
        board(fee=0)


def test_running_cash_draws_both_lines(lang):
    flows = subscription.cash_flows(**TERMS, months=12)
    chart = charts.running_cash(flows.iloc[::-1])
    sold, rented = (chart.figure.axes[0].lines[turn].get_ydata() for turn in (1, 2))
    assert set(sold) == {300}
    assert list(rented) == [-900 + 100 * month for month in range(13)]
    assert {"zh": "第 9 个月", "en": "month 9"}[lang] in chart.alt
    with pytest.raises(ParameterError):
        charts.running_cash(flows.drop(columns="sale_total"))
    with pytest.raises(ParameterError):
        charts.running_cash(flows.head(0))


USAGE = pd.DataFrame(
    {
        "day": pd.to_datetime(["2025-11-01", "2025-11-02", "2025-11-04", "2025-11-05"]),
        "device_id": "C1",
        "stock_units": [90.0, 40.0, 20.0, None],
    }
)


def test_silent_evenings_are_gaps_and_not_nought(lang):
    chart = charts.chiller_stock(USAGE.iloc[::-1], 50)
    line = chart.figure.axes[0].lines[0].get_ydata()
    # The 3rd has no row, the 5th no figure; 40 and 20 are below 50.
    assert list(line[:2]) == [90, 40]
    assert line[3] == 20
    assert pd.isna(line[[2, 4]]).all()
    words = {"zh": "3 个有数的晚上，2 晚", "en": "on 2 of 3 known evenings; silent on 2"}
    assert words[lang] in chart.alt


def test_one_device_at_a_time_and_at_least_one_evening(lang):
    two = pd.concat([USAGE, USAGE.assign(device_id="C2")])
    with pytest.raises(ParameterError, match={"zh": "2 台冷柜", "en": "2 devices"}[lang]):
        charts.chiller_stock(two, 50)
    with pytest.raises(ParameterError):
        charts.chiller_stock(USAGE.tail(1), 50)
