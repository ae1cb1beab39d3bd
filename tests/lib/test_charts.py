import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from ka_lib import charts
from ka_lib.charts.chart import display_width, wrap
from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES

NAN = float("nan")


pytestmark = pytest.mark.usefixtures("lang")


def reached(counts=(1000, 400, 200, 120, 80, 60), value=10_000.0):
    table = pd.DataFrame({"stage": STAGES, "reached": counts})
    table["value"] = table["reached"] * value
    before = table["reached"].astype(float).shift()
    table["step_rate"] = (table["reached"] / before).where(before > 0)
    table["cumulative_rate"] = table["reached"] / (counts[0] or NAN)
    return table


def gap(gains=(310_000.0, 109_000.0, 278_000.0, 1_330_000.0, -59_400.0)):
    return pd.DataFrame(
        {
            "stage": STAGES[:-1],
            "next_stage": STAGES[1:],
            "rate_now": [0.39, 0.59, 0.65, 0.48, 0.69],
            "rate_before": [0.41, 0.60, 0.68, 0.59, 0.68],
            "lost_value": 1e6,
            "value_gained": gains,
        }
    )


EFFECTS = pd.DataFrame(
    {"effect": ["number", "conversion", "size"], "value": [-475_000.0, -2_090_000.0, 108_000.0]}
)
MONTHS = pd.Series(
    range(100_000, 2_400_000, 100_000), index=pd.period_range("2024-01", "2025-11", freq="M")
)
NOW = pd.DataFrame(
    {"stage": [*STAGES[:5], None], "count": [76, 18, 16, 11, 8, 2], "value": 1e6, "without_amount": 0}
)  # fmt: skip
LONG = "一家名字特别特别长的连锁会员制生鲜仓储量贩超级市场股份有限公司华东大区"

DRAWN = {
    "funnel": lambda: charts.funnel(reached()),
    "funnel with another": lambda: charts.funnel(reached(), before=reached((900, 500, 200, 100, 90, 70))),
    "funnel of one": lambda: charts.funnel(reached((1, 0, 0, 0, 0, 0))),
    "large funnel": lambda: charts.funnel(reached((123_456, 88_888, 77_777, 66_666, 55_555, 44_444), 9e6)),
    "gap": lambda: charts.funnel_gap(gap()),
    "gap, all better": lambda: charts.funnel_gap(gap((-1e6, -2e6, -1e5, -3e6, -5e6))),
    "gap, some unknown": lambda: charts.funnel_gap(gap((1e5, NAN, 0.0, NAN, 2e4))),
    "effects": lambda: charts.effects(EFFECTS),
    "effects, all up": lambda: charts.effects(EFFECTS.assign(value=[1e6, 2e6, 3e6])),
    "effects, nothing": lambda: charts.effects(EFFECTS.assign(value=0.0)),
    "trend": lambda: charts.trend(MONTHS, title="签约额 / signed value"),
    "trend, partial": lambda: charts.trend(MONTHS, as_of="2025-11-17", title="x"),
    "trend of a month": lambda: charts.trend(MONTHS.iloc[-1:], as_of="2025-11-17"),
    "trend of counts": lambda: charts.trend(MONTHS // 100_000, unit="count"),
    "trend of shares": lambda: charts.trend(MONTHS / 1e8, unit="percent"),
    "trend with losses": lambda: charts.trend(MONTHS - 1_000_000),
    "bars": lambda: charts.bars({LONG: 3e6, "A$ and B$": 2e6, "C": NAN, "D": -4e5}, highlight=["A$ and B$"]),
    "many bars": lambda: charts.bars({f"{LONG[:9]}{i}": i for i in range(40)}, unit="count"),
    "one bar": lambda: charts.bars(pd.Series({"a": 0.0})),
    "current stages": lambda: charts.current_stages(NOW),
    "cycle": lambda: charts.cycle(pd.Series([12, 20, 33, 40, 41, NAN, 154])),
    "cycle of one deal": lambda: charts.cycle(pd.Series([0])),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_has_words_and_no_text_is_cut_off_or_runs_into_another(name: str, readable) -> None:
    readable(DRAWN[name]())


def test_funnel_words_give_counts_rates_and_the_lowest_step(lang: str) -> None:
    alt = charts.funnel(reached()).alt
    lowest = {
        "zh": "转化率最低的一步是“线索发现 → 初步接触”，40%",
        "en": "Lowest step rate: Lead → Contact, 40%",
    }
    assert lowest[lang] in alt
    assert {"zh": "从头到尾 6%", "en": "from end to end 6%"}[lang] in alt
    assert "1,000" in alt


def test_gap_names_the_bottleneck_in_words_not_only_in_colour(lang: str) -> None:
    chart = charts.funnel_gap(gap())
    words = [text.get_text() for text in chart.figure.axes[0].texts]
    mark = {"zh": "瓶颈", "en": "bottleneck"}[lang]
    assert [w for w in words if mark in w] == [
        {"zh": "+133 万元\n◀ 瓶颈", "en": "+CNY 1.33 million\n◀ bottleneck"}[lang]
    ]
    assert {"zh": "瓶颈是“方案呈现 → 谈判签约”", "en": "Bottleneck: Proposal → Negotiation"}[
        lang
    ] in chart.alt


def test_gap_where_every_step_is_better_has_no_bottleneck(lang: str) -> None:
    alt = charts.funnel_gap(gap((-1.0, -2.0, -3.0, -4.0, -5.0))).alt
    assert {"zh": "没有哪一步比去年差", "en": "No step is worse than last year"}[lang] in alt


def test_effects_end_where_they_add_up() -> None:
    bars = charts.effects(EFFECTS).figure.axes[0].patches
    # -475 - 2,090 + 108 = -2,457 thousand
    assert [round(bar.get_height()) for bar in bars] == [-475_000, -2_090_000, 108_000, -2_457_000]
    assert [round(bar.get_y()) for bar in bars] == [0, -475_000, -2_565_000, 0]


def test_bars_start_at_zero_and_are_sorted() -> None:
    axes = charts.bars({"a": 1.0, "b": 3.0, "c": 2.0}, unit="count").figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [3, 2, 1]
    assert {bar.get_x() for bar in axes.patches} == {0}
    assert axes.get_xlim()[0] == 0


def test_bars_over_codes_show_their_names(lang: str) -> None:
    lost = pd.Series({"price": 3, "fees": 1}).rename_axis("lost_reason")
    assert charts.bars(lost, unit="count").alt.count({"zh": "价格", "en": "Price"}[lang]) == 1


def test_a_partial_month_is_hollow_and_left_out_of_the_comparison(lang: str) -> None:
    chart = charts.trend(MONTHS, as_of="2025-11-17")
    assert len(chart.figure.axes[0].lines) == 3
    # January to October: 2024 sums to 5.5 million, 2025 to 17.5 million.
    both = {
        "zh": "前 10 个月合计 1,750 万元，去年同期 550 万元",
        "en": "10 months together CNY 17.5 million; the same months last year CNY 5.5 million",
    }
    assert both[lang] in chart.alt
    whole = charts.trend(MONTHS, as_of="2025-11-30")
    assert len(whole.figure.axes[0].lines) == 2


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.funnel(reached((0, 0, 0, 0, 0, 0))),
        lambda: charts.funnel(pd.DataFrame({"stage": ["lead"]})),
        lambda: charts.funnel(reached().head(0)),
        lambda: charts.funnel_gap(gap((NAN,) * 5)),
        lambda: charts.effects(EFFECTS.assign(value=NAN)),
        lambda: charts.trend(pd.Series(dtype="float64")),
        lambda: charts.trend(pd.Series([1.0, 2.0])),
        lambda: charts.trend(pd.Series([1.0, 2.0], index=pd.to_datetime(["2025-01-01", "2025-01-31"]))),
        lambda: charts.bars({}),
        lambda: charts.current_stages(NOW.head(0)),
        lambda: charts.cycle(pd.Series([NAN])),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(draw) -> None:
    with pytest.raises(ParameterError) as raised:
        draw()
    assert len(str(raised.value)) > 8


def test_the_alternative_text_reaches_the_page() -> None:
    import nbformat
    from nbconvert import HTMLExporter
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    chart = charts.bars({'A "&" B': 1.0}, unit="count")
    data, metadata = chart._repr_mimebundle_()
    cell = new_code_cell("chart", outputs=[new_output("display_data", data, metadata=metadata)])
    notebook = new_notebook(cells=[cell])
    nbformat.validate(notebook)
    page, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    images = BeautifulSoup(page, "html.parser").find_all("img")
    assert [image["alt"] for image in images] == [chart.alt]
    assert 'A "&" B' in chart.alt


def test_save_takes_a_path_with_spaces_and_chinese_and_the_same_data_give_the_same_bytes(
    tmp_path: Path,
) -> None:
    chart = charts.funnel(reached())
    for suffix in ("png", "svg", "pdf"):
        path = chart.save(tmp_path / f"漏斗 图.{suffix}")
        assert path.stat().st_size > 1_000
    assert chart.png() == charts.funnel(reached()).png()


def test_drawing_needs_no_pyplot() -> None:
    code = (
        "import sys, pandas as pd\nfrom ka_lib import charts\n"
        "charts.bars({'a': 1.0}).png()\nassert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_wrap_breaks_latin_at_spaces_and_chinese_anywhere() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("一二三四五六", 8) == ["一二三四", "五六"]
    assert wrap("abc", 8) == ["abc"]
    assert all(display_width(line) <= 22 for line in wrap(LONG, 22))
    assert wrap("abc defgh", 3) == ["abc", "def", "gh"]  # no line begins with a blank
