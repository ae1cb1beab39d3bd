import math

import pandas as pd
import pytest

from ka_lib import language, units
from ka_lib.errors import ParameterError, TableError


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("1,234.50", 1234.5),
        ("¥12万", 120_000),
        ("￥ 12 万元", 120_000),
        ("3亿", 300_000_000),
        ("１２０００", 12_000),
        ("(1,200)", -1200),
        ("（1,200）", -1200),
        ("-¥1,200", -1200),
        ("¥-1,200", -1200),
        ("CNY 1.2 million", 1_200_000),
        ("1.18 million", 1_180_000),
        ("RMB 35k", 35_000),
        ("12,0000", 120_000),
        ("0", 0),
        (120000, 120_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(written, yuan):
    assert units.parse_money(written) == yuan


@pytest.mark.parametrize("written", ["", "-", "面议", "1.234,50", "12-13", "1,23", "USD", "¥$5"])
def test_what_is_no_amount_is_refused(written):
    with pytest.raises(ParameterError):
        units.parse_money(written)


def test_a_column_keeps_its_index_and_marks_what_is_unreadable():
    column = pd.Series(["1,000", "面议", None, "2万"], index=[7, 8, 9, 10])
    yuan = units.parse_money(column)
    assert list(yuan.index) == [7, 8, 9, 10]
    assert yuan[7] == 1000
    assert yuan[10] == 20_000
    assert yuan[[8, 9]].isna().all()


def test_two_currencies_in_one_column_are_named():
    with pytest.raises(TableError, match=r"CNY.*¥100.*USD.*\$100"):
        units.parse_money(pd.Series(["¥100", "$100", "5"], name="Amount"))


def test_another_currency_than_yuan_is_refused():
    with pytest.raises(TableError, match="USD"):
        units.parse_money(pd.Series(["$100"], name="Amount"))
    with pytest.raises(ParameterError, match="EUR"):
        units.parse_money("€100")


@pytest.mark.parametrize(
    ("written", "fractions"),
    [
        ([30, 50, 100], [0.3, 0.5, 1.0]),
        ([0.3, 0.5, 1], [0.3, 0.5, 1.0]),
        (["30%", "５０％", None], [0.3, 0.5, math.nan]),
        (["30%", "50"], [0.3, 0.5]),
        ([1, 30], [0.01, 0.3]),
        ([0, 1], [0, 1]),
        (["soon", "10"], [math.nan, 0.1]),
    ],
)
def test_the_whole_column_decides_what_a_rate_means(written, fractions):
    read = units.parse_percent(pd.Series(written))
    pd.testing.assert_series_equal(read, pd.Series(fractions, dtype=float))


def test_fractions_and_percent_in_one_column_are_named_by_row():
    with pytest.raises(TableError, match=r"row 2 \(0.3\).*row 1 \(30\)"):
        units.parse_percent(pd.Series([30, 0.3, "30%"], name="Probability"))


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (1_180_000, "118 万元", "CNY 1.18 million"),
        (120_000, "12 万元", "CNY 120 thousand"),
        (9_800, "9,800 元", "CNY 9,800"),
        (12_300_000, "1,230 万元", "CNY 12.3 million"),
        (99_999_999, "1 亿元", "CNY 100 million"),
        (300_000_000, "3 亿元", "CNY 300 million"),
        (2_500_000_000, "25 亿元", "CNY 2.5 billion"),
        (-1_180_000, "-118 万元", "CNY -1.18 million"),
        (999_999, "100 万元", "CNY 1 million"),
        (0, "0 元", "CNY 0"),
        (0.5, "0 元", "CNY 0"),
        (math.nan, "—", "—"),
    ],
)
def test_an_amount_is_shown_in_the_readers_units(yuan, zh, en):
    assert units.money(yuan, "zh") == zh
    assert units.money(yuan, "en") == en


def test_other_displays():
    assert units.money(1_184_000, "zh", digits=1) == "118.4 万元"
    assert units.percent(0.4) == "40%"
    assert units.percent(0.125, digits=1) == "12.5%"
    assert units.percent(math.nan) == "—"
    assert units.count(12345) == "12,345"
    assert units.days(60, "zh") == "60 天"
    assert units.days(1, "en") == "1 day"
    assert units.days(32.5, "en", digits=1) == "32.5 days"


@pytest.mark.parametrize(
    ("lang", "shown", "header"),
    [("zh", "118 万美元", "万美元"), ("en", "USD 1.18 million", "USD ten thousand")],
)
def test_money_is_named_in_the_currency_of_the_export(lang, shown, header):
    language.use(lang, currency="usd")
    assert units.money(1_180_000) == shown
    assert units.unit(10_000) == header
    language.use(lang)
    assert "USD" not in units.money(1)
