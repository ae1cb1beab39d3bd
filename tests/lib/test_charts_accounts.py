"""Charts of a customer base: concentration, map, and how one amount becomes another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ka_lib import charts, concentration, kpi, regions
from ka_lib.chart_data import read
from ka_lib.errors import ParameterError, TableError
from ka_lib.units import money

pytestmark = pytest.mark.usefixtures("lang")

NAN = float("nan")
LONG = "一家名字特别特别长的连锁会员制生鲜仓储量贩超级市场股份有限公司华东大区"
LONG_EN = "The Extraordinarily Long Named Membership Fresh Warehouse Supermarket Company"


def ranked(*amounts):
    orders = pd.DataFrame({"account_id": [f"A{i}" for i in range(len(amounts))], "amount": amounts})
    return concentration.pareto(orders)


FOUR = ranked(500.0, 300.0, 150.0, 50.0)
RETURNS = ranked(100.0, 50.0, 30.0, 20.0, -40.0)
NAMES = pd.DataFrame({"account_id": ["A0", "A1"], "account_name": [LONG, LONG_EN]})
PLACES = pd.DataFrame(
    {
        "region": [*regions.PLACES, "Bavaria", None],
        "count": range(1, 37),
        "value": [i * 1_234_567.0 for i in range(-3, 33)],
    }
)
ELSEWHERE = pd.DataFrame(
    {"region": ["Hesse", LONG_EN, None], "count": [3, 1, 2], "value": [5e6, -1e5, 0.0]}
)
ORDERS = pd.DataFrame(
    {
        "account_id": ["lost", "less", "less", "more", "more", "new", "same", "same"],
        "ordered_on": pd.to_datetime(
            ["2024-05-01", "2024-05-01", "2025-05-01", "2024-06-01", "2025-06-01", "2025-07-01", "2024-07-01", "2025-07-01"]
        ),
        "amount": [100.0, 400.0, 250.0, 200.0, 500.0, 70.0, 90.0, 90.0],
    }
)  # fmt: skip
MOVED = kpi.movements(
    ORDERS, ("2024-01-01", "2025-01-01"), ("2025-01-01", "2026-01-01"), as_of="2025-12-31"
)
PNL = pd.Series(
    {
        "account_id": "A",
        "gross_sales": 1_000_000.0,
        "on_invoice_discount": 50_000.0,
        "rebates": 80_000.0,
        "contracted_fees": 70_000.0,
        "uncontracted_fees": 0.0,
        "returns": 20_000.0,
        "net_sales": 780_000.0,
        "cost_of_goods": 650_000.0,
        "logistics": 50_000.0,
        "promoters": 40_000.0,
        "capital": 60_000.0,
        "net_contribution": -20_000.0,
    }
)
STEPS = pd.DataFrame({"label": [LONG, LONG_EN, "c", "nothing"], "value": [1e6, -2.5e6, 3e5, 0.0]})

DRAWN = {
    "pareto": lambda: charts.pareto(FOUR),
    "pareto with returns and long names": lambda: charts.pareto(RETURNS, NAMES),
    "pareto of twelve": lambda: charts.pareto(ranked(*np.arange(12.0, 0, -1)), NAMES),
    "pareto of forty": lambda: charts.pareto(ranked(*np.arange(40.0, 0, -1)), NAMES, title=LONG),
    "pareto of many": lambda: charts.pareto(ranked(*np.arange(350.0, 0, -1))),
    "pareto of one": lambda: charts.pareto(ranked(3.0)),
    "lorenz": lambda: charts.lorenz(FOUR),
    "lorenz beside another": lambda: charts.lorenz(FOUR, against=RETURNS, title=LONG),
    "lorenz of one": lambda: charts.lorenz(ranked(3.0)),
    "map of all": lambda: charts.customer_map(PLACES),
    "map of one": lambda: charts.customer_map(PLACES.iloc[5:6].assign(value=0.0)),
    "map of small sums": lambda: charts.customer_map(PLACES.iloc[5:9].assign(value=-0.2)),
    "map of elsewhere": lambda: charts.customer_map(ELSEWHERE),
    "map of forty regions elsewhere": lambda: charts.customer_map(
        pd.DataFrame({"region": [f"R{i}" for i in range(40)], "count": 1, "value": 1e6})
    ),
    "revenue bridge": lambda: charts.revenue_bridge(MOVED),
    "revenue bridge of one": lambda: charts.revenue_bridge(MOVED.head(1)),
    "customer pnl": lambda: charts.customer_pnl(PNL),
    "customer pnl without sales": lambda: charts.customer_pnl(PNL.map(lambda _: 0.0)),
    "waterfall": lambda: charts.waterfall(STEPS, LONG),
    "waterfall of forty": lambda: charts.waterfall(
        pd.DataFrame({"label": range(40), "value": [(-1) ** i * 1e5 * i for i in range(40)]})
    ),
    "waterfall of nothing": lambda: charts.waterfall(STEPS.tail(1), total=LONG),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_has_words_and_no_text_is_cut_off_or_runs_into_another(name, readable):
    readable(DRAWN[name]())


def series(chart, kind, at=0):
    return [one for one in read(chart).axes[at]["series"] if one["kind"] == kind]


def test_pareto_draws_shares_and_their_running_sum_from_zero(lang):
    chart = charts.pareto(FOUR, NAMES)
    assert series(chart, "bar")[0]["y"] == pytest.approx([0.5, 0.3, 0.15, 0.05])
    assert series(chart, "line")[0]["y"] == pytest.approx([0.5, 0.8, 0.95, 1.0])
    assert read(chart).axes[0]["y_limits"][0] == 0
    says = {"zh": "4 家客户里，前 2 家（50%）占了 80%", "en": "2 of 4 accounts (50%) bring 80%"}
    assert says[lang] in chart.alt
    assert f"{LONG} 50%" in chart.alt


def test_pareto_goes_below_zero_for_an_account_that_returned_more_than_it_bought():
    chart = charts.pareto(RETURNS)
    assert series(chart, "bar")[0]["y"][-1] == pytest.approx(-40 / 160)
    assert read(chart).axes[0]["y_limits"][0] < -0.25


def test_pareto_says_how_many_accounts_it_leaves_out(lang):
    chart = charts.pareto(ranked(*np.arange(350.0, 0, -1)), most=100)
    words = [one.get_text() for one in chart.figure.texts]
    assert any(
        {"zh": "另有 250 项没有画出来", "en": "250 more are not drawn"}[lang] in w for w in words
    )
    assert len(series(chart, "bar")[0]["y"]) == 100


def test_lorenz_runs_from_the_smallest_account_to_all_of_them(lang):
    chart = charts.lorenz(FOUR)
    curve = series(chart, "line")[1]
    assert curve["x"] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert curve["y"] == pytest.approx([0, 0.05, 0.2, 0.5, 1])
    says = {"zh": "最大的 1 家（共 4 家）占 50%", "en": "The largest 1 of 4 accounts bring 50%"}
    assert says[lang] in chart.alt


def test_a_map_has_a_tile_for_every_province_and_writes_accounts_and_sales(lang):
    chart = charts.customer_map(
        pd.DataFrame({"region": ["CN-ZJ", "CN-SH"], "count": [7, 2], "value": [3e6, 12e6]})
    )
    words = [one.get_text() for one in chart.figure.axes[0].texts]
    assert len(chart.figure.axes[0].patches) == 34
    at = words.index({"zh": "浙江", "en": "Zhejiang"}[lang])
    assert (
        words[at : at + 3]
        == {
            "zh": ["浙江", "7 家", "300"],  # 万元
            "en": ["Zhejiang", "7", "3,000"],  # thousand
        }[lang]
    )
    first = {
        "zh": "上海 2 家、1,200 万元；浙江 7 家",
        "en": "Shanghai 2, CNY 12 million; Zhejiang 7",
    }
    assert first[lang] in chart.alt


def test_a_map_says_who_is_not_on_it(lang):
    chart = charts.customer_map(PLACES)
    for says in {
        "zh": ["其他地区 35 家", "没填地区 36 家"],
        "en": ["Elsewhere: 35", "No region filled in: 36"],
    }[lang]:
        assert says in chart.alt
        assert any(says in one.get_text() for one in chart.figure.texts)


def test_without_a_region_of_china_the_map_is_sorted_bars():
    assert series(charts.customer_map(ELSEWHERE), "bar")[0]["y"] == [5e6, 0, -1e5]


def test_revenue_bridge_leads_from_last_year_to_this_year(lang):
    # Before 790 = 100 + 400 + 200 + 90, now 910 = 250 + 500 + 70 + 90.
    bars = series(charts.revenue_bridge(MOVED), "bar")[0]["y"]
    assert bars == pytest.approx([790, -100, -150, 300, 70, 910])
    # net: 840 of 790; gross: 250 + 200 + 90 = 540 of 790
    says = {"zh": "净留存 106%，毛留存 68%", "en": "net 106%, gross 68%"}
    assert says[lang] in charts.revenue_bridge(MOVED).alt


def test_customer_pnl_leaves_out_empty_lines_and_ends_at_the_contribution(lang):
    chart = charts.customer_pnl(PNL)
    assert series(chart, "bar")[0]["y"] == pytest.approx(
        [1_000_000, -50_000, -80_000, -70_000, -20_000, 780_000, -650_000, -50_000, -40_000, -60_000, -20_000]
    )  # fmt: skip
    assert {
        "zh": "客户净贡献 -2 万元，占销售总额 -2.0%",
        "en": "Net contribution CNY -20 thousand, -2.0%",
    }[lang] in chart.alt
    assert {"zh": "合同外费用", "en": "Uncontracted"}[lang] not in chart.alt


def test_waterfall_steps_start_where_the_last_one_ended():
    patches = charts.waterfall(STEPS).figure.axes[0].patches
    assert [patch.get_x() for patch in patches] == pytest.approx([0, 1e6, -1.5e6, -1.2e6, 0])
    assert patches[-1].get_width() == pytest.approx(-1.2e6)


ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d", "e"],
        "region": ["浙江省", "CN-ZJ", "Zhejiang", None, "  "],
        "account_name": "x",
    }
)
BOUGHT = pd.DataFrame({"account_id": ["a", "a", "b", "d"], "amount": [10.0, -4.0, 5.0, 3.0]})


def test_by_region_counts_accounts_not_orders_and_loses_none():
    table = regions.by_region(ACCOUNTS, BOUGHT)
    assert table["region"].iloc[0] == "CN-ZJ"
    assert table["region"].isna().tolist() == [False, True]
    assert table["count"].tolist() == [3, 2]
    assert table["value"].tolist() == [11.0, 3.0]


def test_by_region_does_not_depend_on_order_and_changes_nothing():
    before = ACCOUNTS.copy()
    mixed = regions.by_region(ACCOUNTS.iloc[::-1], BOUGHT.assign(more=1).iloc[::-1])
    pd.testing.assert_frame_equal(mixed, regions.by_region(ACCOUNTS, BOUGHT))
    pd.testing.assert_frame_equal(ACCOUNTS, before)


def test_by_region_without_orders_or_accounts():
    assert regions.by_region(ACCOUNTS, BOUGHT.head(0))["value"].tolist() == [0, 0]
    assert regions.by_region(ACCOUNTS.head(0), BOUGHT.head(0)).empty


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("内蒙古自治区", "CN-NM"),
        ("上海市", "CN-SH"),
        ("香港特别行政区", "CN-HK"),
        ("Hubei Province", "CN-HB"),
        ("cn-hb", "CN-HB"),
        ("陕西", "CN-SN"),
        ("山西", "CN-SX"),
        ("Macau", "CN-MO"),
        (" Bavaria ", "Bavaria"),
        (None, None),
    ],
)
def test_a_province_is_known_by_all_its_names(written, code):
    assert regions.region_code(written) == code


def test_the_tiles_are_the_34_provinces_each_in_its_own_place():
    assert len(regions.PLACES) == 34
    assert len(set(regions.PLACES.values())) == 34
    at = regions.PLACES
    assert at["CN-HL"][0] < at["CN-BJ"][0] < at["CN-SH"][0] < at["CN-HI"][0]  # north to south
    assert at["CN-XJ"][1] < at["CN-SN"][1] < at["CN-SH"][1]  # west to east


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.pareto(FOUR.drop(columns="share")),
        lambda: charts.pareto(FOUR.head(0)),
        lambda: charts.pareto(ranked(-1.0, -2.0)),
        lambda: charts.lorenz(ranked(-1.0, -2.0)),
        lambda: charts.customer_map(PLACES.drop(columns="value")),
        lambda: charts.revenue_bridge(MOVED.head(0)),
        lambda: charts.customer_pnl(PNL.drop("rebates")),
        lambda: charts.customer_pnl(pd.Series({**PNL, "cost_of_goods": NAN, "net_contribution": NAN})),
        lambda: charts.waterfall(STEPS.assign(value=NAN)),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(draw):
    with pytest.raises(ParameterError) as raised:
        draw()
    assert len(str(raised.value)) > 8


def test_orders_of_an_unknown_account_are_refused():
    with pytest.raises(TableError, match="z"):
        regions.by_region(ACCOUNTS, BOUGHT.assign(account_id="z"))


def test_money_of_a_waterfall_is_in_the_readers_unit():
    assert money(1e6) in charts.waterfall(STEPS).alt
