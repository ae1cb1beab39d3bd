"""Charts of a review: dashboard, forecasts and chances, tasks, abilities, scorecards."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ka_lib import accuracy, appraisal, charts
from ka_lib.chart_data import read
from ka_lib.errors import ParameterError
from ka_lib.tables import ABILITIES

pytestmark = pytest.mark.usefixtures("lang")

NAN = float("nan")
LONG = "一家名字特别特别长的连锁会员制生鲜仓储量贩超级市场股份有限公司华东大区"
LONG_EN = "The Extraordinarily Long Named Membership Fresh Warehouse Supermarket Company"


def kpi(code, value, before, unit, better, **more):
    facts = {"count": NAN, "base": NAN, "target": NAN, "missing_because": ""}
    return (
        {"kpi": code, "value": value, "before": before, "unit": unit, "better": better}
        | facts
        | more
    )


KPIS = pd.DataFrame(
    [
        kpi("revenue", 9.8e6, 8.75e6, "yuan", "up", target=1e7, count=300),
        kpi("gross_margin", 0.213, 0.236, "fraction", "up", count=2_087_400.0, base=9.8e6),
        kpi("acquisition_cost", 128_000.0, 140_000.0, "yuan", "down", count=384_000.0, base=3.0),
        kpi("conversion", 0.08, 0.08, "fraction", "up", count=8.0, base=100.0),
        kpi("satisfaction", NAN, NAN, "fraction", "up", missing_because="no_surveys"),
        kpi("repeat_rate", 0.72, NAN, "fraction", "up", missing_because="no_last_year"),
        kpi("churn", 0.05, 0.03, "fraction", "down", target=0.05, count=3.0, base=60.0),
        kpi("cycle", 60.4, 71.0, "days", "down", target=60.0, count=33.0, base=34.0),
    ]
)
NASTY = pd.DataFrame(
    [
        kpi(LONG_EN, -40.0, -1e9, "yuan", "up"),
        kpi("nps", -20.0, 0.0, "points", "up", target=0.0),
        kpi(LONG, 0.0, 0.0, "count", "up"),
    ]
)
SPARKS = {
    "revenue": pd.Series([3.0, NAN, 2.0, 5.0]),
    "churn": pd.Series([0.05]),
    "cycle": pd.Series([NAN]),
}
PERIODS = pd.period_range("2023-01", periods=30, freq="M")
HISTORY = pd.DataFrame(
    {"period": PERIODS, "sales": np.arange(30) * 1e5 + 1e6, "complete": [True] * 29 + [False]}
)


def ahead(values, half):
    forecast = np.array(values, dtype="float64")
    periods = pd.period_range("2025-06", periods=len(values), freq="M")
    return pd.DataFrame(
        {"period": periods, "forecast": forecast, "low": forecast - half, "high": forecast + half}
    )


FORECASTS = {
    "seasonal_naive": ahead([3e6, 3.1e6, 3.2e6], 4e5),
    "linear_trend": ahead([4e6, 4.1e6, 4.2e6], NAN),
    LONG: ahead([-4e6, -4.1e6, -4.2e6], 1e6),
    LONG_EN: ahead([0, 0, 0], 0),
}
TESTS = pd.DataFrame(
    {
        "forecaster": ["linear_trend", LONG_EN],
        "count": [9, 9],
        "mae": [1.8e6, 123_456.0],
        "rmse": [2e6, NAN],
        "mape": [0.213, NAN],
        "wape": [0.205, NAN],
        "mase": [0.91, NAN],
        "why_missing": ["", "zero_actual"],
    }
)
# Thirty deals at 25%, of which 6 were won, 20 at 85%, of which 17 were; one at 50%.
DEALS = pd.DataFrame(
    {
        "status": ["won"] * 6 + ["lost"] * 24 + ["won"] * 17 + ["lost"] * 3 + ["won"],
        "probability": [0.35] * 30 + [0.85] * 20 + [0.5],
    }
)
TODOS = pd.DataFrame(
    {
        "title": ["A", "B", LONG, LONG_EN],
        "days_left": [-3, 0, 12, 1],
        "quadrant": [1, 1, 2, 3],
    }
)
RATINGS = pd.DataFrame(
    {
        "ability": ABILITIES[::-1],
        "self_rating": [6.0, 6.5, 4.0, 6.5, 5.5, 7.5, 0.0],
        "manager_rating": [6.5, 4.5, 3.0, NAN, 7.5, 7.5, 10.0],
        "target_rating": [7.0, 6.5, 8.0, 6.5, 7.0, 8.0, 8.0],
    }
)
CARDS = pd.DataFrame(
    {
        "rep_id": ["R1", "R2"],
        "quarter": "2025Q3",
        "attainment": [1.5, 0.0],
        "nps": [NAN, -100.0],
        "behaviour": [74.0, 0.0],
        "teamwork": [66.0, 0.0],
    }
)
CARD = appraisal.score(CARDS).iloc[0]

DRAWN = {
    "dashboard": lambda: charts.dashboard(KPIS, trends=SPARKS),
    "dashboard of nasty figures": lambda: charts.dashboard(NASTY, LONG),
    "dashboard of one": lambda: charts.dashboard(KPIS.tail(1)),
    "forecast": lambda: charts.forecast_fan(HISTORY, FORECASTS["seasonal_naive"]),
    "forecasts with a backtest": lambda: charts.forecast_fan(HISTORY, FORECASTS, TESTS),
    "forecast of one period": lambda: charts.forecast_fan(HISTORY.head(1), FORECASTS[LONG].head(1), TESTS.tail(1)),
    "calibration": lambda: charts.calibration(accuracy.calibration(DEALS)),
    "calibration of one deal": lambda: charts.calibration(accuracy.calibration(DEALS.tail(1)), title=LONG),
    "calibration of forty bins": lambda: charts.calibration(accuracy.calibration(pd.DataFrame({"status": ["won", "lost"] * 40, "probability": np.linspace(0, 1, 80)}), bins=40)),
    "quadrants": lambda: charts.eisenhower(TODOS),
    "quadrants of one": lambda: charts.eisenhower(TODOS.tail(1), title=LONG),
    "quadrants of forty": lambda: charts.eisenhower(pd.concat([TODOS] * 10)),
    "radar": lambda: charts.radar(RATINGS),
    "radar of three": lambda: charts.radar(RATINGS.head(3), title=LONG),
    "radar unrated": lambda: charts.radar(RATINGS.assign(self_rating=NAN)),
    "radar of twelve": lambda: charts.radar(pd.DataFrame({"ability": [f"{LONG_EN[:30]}{i}" for i in range(12)], "self_rating": 5.0, "manager_rating": 6.0, "target_rating": 10.0})),
    "scorecard": lambda: charts.scorecard(CARD),
    "scorecard of zeros": lambda: charts.scorecard(appraisal.score(CARDS).iloc[1], title=LONG),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_has_words_and_no_text_is_cut_off_or_runs_into_another(name, readable):
    readable(DRAWN[name]())


def words_of(chart):
    return [one.get_text() for axes in chart.figure.axes for one in axes.texts]


def test_dashboard_writes_the_change_in_the_figures_own_way(lang):
    alt = charts.dashboard(KPIS).alt
    says = {
        "zh": [
            "销售额 980 万元 · ▲ 比去年升了 12.0%，变好 · 目标 1,000 万元，没达到",
            "毛利率 21.3% · ▼ 比去年降了 2.3 个百分点，变差 · 209 万元 ÷ 980 万元",
            "客户获取成本 12.8 万元 · ▼ 比去年降了 8.6%，变好 · 38.4 万元 ÷ 3",
            "转化率 8.0% · 与去年持平 · 8 ÷ 100",
            "重复购买率 72.0% · 没有去年的数可比",
            "▲ 比去年升了 2.0 个百分点，变差 · 目标 5.0%，达到 · 3 ÷ 60",
            "▼ 比去年降了 10.6 天，变好 · 目标 60 天，没达到 · 34 单里算得出 33 单",
        ],
        "en": [
            "Sales CNY 9.8 million · ▲ up 12.0% on last year: better · Target CNY 10 million, missed",
            "21.3% · ▼ down 2.3 percentage points on last year: worse",
            "CNY 128 thousand · ▼ down 8.6% on last year: better · CNY 384 thousand ÷ 3",
            "8.0% · As last year · 8 ÷ 100",
            "72.0% · No figure for last year",
            "▲ up 2.0 percentage points on last year: worse · Target 5.0%, met · 3 ÷ 60",
            "▼ down 10.6 days on last year: better · Target 60 days, missed · 33 of 34 could be measured",
        ],
    }[lang]
    for one in says:
        assert one in alt


def test_dashboard_shows_a_dash_and_the_reason_where_there_is_no_figure():
    words = words_of(charts.dashboard(KPIS))
    assert "—" in words
    assert not any(word == "0.0%" for word in words)


def test_a_trend_of_the_dashboard_is_the_series_that_was_given():
    chart = charts.dashboard(KPIS, trends=SPARKS)
    lines = [axes["series"][0]["y"] for axes in read(chart).axes[1:]]
    assert lines == [[3.0, 2.0, 5.0], [0.05]]


def test_forecast_draws_complete_history_and_every_forecast_from_zero(lang):
    chart = charts.forecast_fan(HISTORY, FORECASTS["seasonal_naive"], title="x")
    axes = read(chart).axes[0]
    past, future = (one["y"] for one in axes["series"] if one["kind"] == "line")
    assert past == pytest.approx(HISTORY["sales"].tolist()[:29])
    assert future == [3e6, 3.1e6, 3.2e6]
    assert axes["y_limits"][0] == 0
    says = {
        "zh": "2025-06 300 万元（260 万元 到 340 万元）",
        "en": "2025-06 CNY 3 million (CNY 2.6 million to CNY 3.4 million)",
    }
    assert says[lang] in chart.alt


def test_forecast_goes_below_zero_with_its_forecasts():
    assert read(charts.forecast_fan(HISTORY, FORECASTS)).axes[0]["y_limits"][0] < -5.2e6


def test_forecasts_differ_by_line_and_mark_and_the_backtest_is_written(lang):
    chart = charts.forecast_fan(HISTORY, FORECASTS, TESTS)
    lines = chart.figure.axes[0].get_lines()[1:5]
    assert len({line.get_linestyle() for line in lines}) == 4
    assert len({line.get_marker() for line in lines}) == 4
    written = [one.get_text() for one in chart.figure.texts]
    assert {"21.3%", "20.5%", "0.91", "—"} <= set(written)
    assert {"zh": "线性趋势", "en": "Linear trend"}[lang] in written
    assert "WAPE 20.5%" in chart.alt


def test_calibration_says_where_the_chances_were_too_high(lang):
    chart = charts.calibration(accuracy.calibration(DEALS))
    given, won = (one for one in read(chart).axes[0]["series"] if one["kind"] == "points")
    assert given["x"] == pytest.approx([0.35, 0.5, 0.85])
    assert won["x"] == pytest.approx([6 / 30, 1, 17 / 20])
    words = words_of(chart)
    verdicts = {"zh": ["报高了", "单太少", "相符"], "en": ["too high", "too few", "holds"]}[lang]
    assert [word for word in words if word in verdicts] == verdicts
    # (30 * 35 + 20 * 85 + 50) / 51 = 54.9%; 24 of 51 = 47.1%
    says = {
        "zh": "51 单有了结果：平均给出赢率 55%，实际赢了 47%",
        "en": "Given on average 55%, won 47%",
    }
    assert says[lang] in chart.alt


def test_eisenhower_says_when_each_task_is_due(lang):
    chart = charts.eisenhower(TODOS)
    due = {
        "zh": ["逾期 3 天", "今天到期", "还有 12 天", "还有 1 天"],
        "en": ["3 days late", "due today", "in 12 days", "in 1 day"],
    }
    assert [word for word in words_of(chart) if word in due[lang]] == due[lang]
    assert {
        "zh": "重要且紧急：马上做 2 件：A（逾期 3 天）、B",
        "en": "do it now 2: A (3 days late), B",
    }[lang] in chart.alt


def test_eisenhower_puts_importance_above_and_urgency_at_the_left():
    texts = charts.eisenhower(TODOS).figure.axes[0].texts
    heads = [one.get_position() for one in texts if one.get_size() == 10.5]
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = heads
    assert x1 == x3 < x2 == x4
    assert y1 == y2 < y3 == y4


def test_radar_keeps_the_standing_order_and_closes_each_line(lang):
    chart = charts.radar(RATINGS)
    own, manager, target = chart.figure.axes[1].get_lines()
    assert own.get_ydata().tolist() == [0, 7.5, 5.5, 6.5, 4, 6.5, 6, 0]
    assert np.isnan(manager.get_ydata()[3])
    assert target.get_ydata()[0] == target.get_ydata()[-1] == 8
    assert len({line.get_linestyle() for line in (own, manager, target)}) == 3
    assert chart.figure.axes[1].get_ylim() == (0, 10)
    says = {"zh": "离目标最远的是“战略思维”，差 8 分", "en": "Strategic thinking, 8 short"}
    assert says[lang] in chart.alt


def test_radar_refuses_two_phases_and_says_how_to_choose_one():
    with pytest.raises(ParameterError, match="before"):
        charts.radar(pd.concat([RATINGS, RATINGS]))


def test_scorecard_marks_what_was_not_measured_as_no_zero(lang):
    chart = charts.scorecard(CARD)
    bars = [one["y"] for one in read(chart).axes[0]["series"] if one["kind"] == "bar"]
    # sales 150% of target is capped at 120; three parts share the weight 0.75
    assert bars[1] == [120, 0, 74, 66]
    says = {
        "zh": "客户满意度 得分 —，权重 —，计入 —",
        "en": "Customer satisfaction score —, weight —, points —",
    }
    assert says[lang] in chart.alt
    # 120 * 0.40 / 0.75 = 64
    assert {"zh": "得分 120.0，权重 53%，计入 64.0", "en": "score 120.0, weight 53%, points 64.0"}[
        lang
    ] in chart.alt


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.dashboard(KPIS.drop(columns="unit")),
        lambda: charts.dashboard(KPIS.head(0)),
        lambda: charts.forecast_fan(HISTORY.drop(columns="sales"), FORECASTS),
        lambda: charts.forecast_fan(HISTORY, {}),
        lambda: charts.forecast_fan(HISTORY, {str(i): FORECASTS[LONG] for i in range(5)}),
        lambda: charts.forecast_fan(HISTORY, FORECASTS[LONG].drop(columns="low")),
        lambda: charts.forecast_fan(HISTORY, FORECASTS, TESTS.drop(columns="mase")),
        lambda: charts.calibration(accuracy.calibration(DEALS.head(0))),
        lambda: charts.calibration(DEALS),
        lambda: charts.eisenhower(TODOS.drop(columns="quadrant")),
        lambda: charts.radar(RATINGS.head(2)),
        lambda: charts.radar(RATINGS.drop(columns="target_rating")),
        lambda: charts.scorecard(CARD.drop("total")),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(draw):
    with pytest.raises(ParameterError) as raised:
        draw()
    assert len(str(raised.value)) > 8
