import ipywidgets
import pandas as pd
import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES
from ka_lib.widgets.funnel_board import reading


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


RATES = [0.5, 0.5, 0.8, 0.5, 0.5]
REACHED = pd.DataFrame({"stage": STAGES, "reached": [1000, 500, 250, 200, 100, 50]})
REACHED["value"] = REACHED["reached"] * 120_000.0
REACHED["step_rate"] = [float("nan"), *RATES]
REACHED["lost_count"] = [450, 230, 40, 90, 40, 0]
REACHED["open_count"] = [50, 20, 10, 10, 10, 0]
REACHED["cumulative_rate"] = REACHED["reached"] / 1000


def test_a_funnel_is_multiplied_through() -> None:
    # 1000 x 0.5 x 0.5 x 0.8 x 0.5 x 0.5 = 50; 50 x 120,000 = 6 million; over 60 days 100,000 a day
    result = widgets.simulate(1000, RATES, 120_000, 60)
    assert result.reached == (1000, 500, 250, 200, 100, 50)
    assert result.signed == 50
    assert result.signed_value == 6_000_000
    assert result.velocity == pytest.approx(100_000)


def test_an_empty_funnel_signs_nothing() -> None:
    result = widgets.simulate(0, RATES, 120_000, 60)
    assert (result.signed, result.signed_value, result.velocity) == (0, 0, 0)


def test_the_sentence_says_how_much_more_or_less(lang: str) -> None:
    today = widgets.simulate(1000, RATES, 120_000, 60)
    # 0.6 instead of 0.5 in one step: 60 deals, 7.2 million, 1.2 million more
    more = widgets.simulate(1000, [*RATES[:4], 0.6], 120_000, 60)
    assert (
        reading(today, more)
        == {
            "zh": "能签 60 单，720 万元，比现在多 120 万元。",
            "en": "It would sign 60 deals worth CNY 7.2 million, CNY 1.2 million more than today.",
        }[lang]
    )
    assert {"zh": "比现在少 120 万元", "en": "CNY 1.2 million less"}[lang] in reading(more, today)
    faster = widgets.simulate(1000, RATES, 120_000, 30)
    assert {"zh": "每天签 20 万元", "en": "CNY 200 thousand a day"}[lang] in reading(today, faster)


def test_moving_a_slider_changes_result_and_reset_restores_it() -> None:
    board = widgets.funnel_simulator(REACHED, cycle_days=60)
    start = board.result.value
    assert 'alt="' in start
    board.controls["negotiation"].value = 0.6
    moved = board.result.value
    assert moved != start
    board.controls["leads"].value = 0
    assert "<img" not in board.result.value
    board.reset.click()
    assert board.result.value == start


def test_a_slider_that_the_browser_only_rounded_counts_as_untouched() -> None:
    counts = [638, 246, 144, 93, 45, 31]
    table = REACHED.assign(reached=counts, value=[n * 186_806.0 for n in counts])
    table["step_rate"] = table["reached"] / table["reached"].shift()
    board = widgets.funnel_simulator(table, cycle_days=59.6)
    start = board.result.value
    for name, control in board.controls.items():
        if name != "average_value":  # starts on a step of its own
            control.value = round(control.value, 2 if name in STAGES else 0)
    assert board.result.value == start


def test_velocity_counts_open_deals_and_wins_among_the_decided(lang: str) -> None:
    board = widgets.funnel_simulator(REACHED, cycle_days=60)
    # 100 open x 120,000 x 50 / (50 + 850) / 60 = 11,111 a day
    assert {"zh": "1.11 万元", "en": "CNY 11.1 thousand"}[lang] in board.result.value
    board.controls["negotiation"].value = 1.0
    # twice the rate, twice the velocity
    assert {"zh": "2.22 万元", "en": "CNY 22.2 thousand"}[lang] in board.result.value


def test_each_step_has_a_slider_with_a_name_and_percent(lang: str) -> None:
    board = widgets.funnel_simulator(REACHED, cycle_days=60)
    assert list(board.controls) == ["leads", *STAGES[:-1], "average_value", "cycle_days"]
    slider = board.controls["proposal"]
    assert isinstance(slider, ipywidgets.FloatSlider)
    assert slider.description == {"zh": "方案呈现 → 谈判签约", "en": "Proposal → Negotiation"}[lang]
    assert slider.readout_format == ".0%"


def test_it_takes_deals_and_measures_the_cycle_itself() -> None:
    day = pd.Timestamp("2025-01-01")
    deals = pd.DataFrame({stage: [day, day] for stage in STAGES})
    deals["delivery"] = [day + pd.Timedelta(days=40), pd.NaT]
    deals["furthest"] = ["delivery", "negotiation"]
    deals["status"] = ["won", "lost"]
    deals["amount"] = [100_000.0, 50_000.0]
    board = widgets.funnel_simulator(deals)
    assert board.controls["cycle_days"].value == 40
    assert board.controls["negotiation"].value == 0.5


@pytest.mark.parametrize(
    ("table", "days"),
    [
        (REACHED, None),
        (REACHED, 0),
        (REACHED.assign(reached=[10, 5, 3, 2, 1, 0]), 60),
        (pd.DataFrame({"x": [1]}), 60),
    ],
)
def test_what_cannot_be_simulated_is_said(table: pd.DataFrame, days: float | None) -> None:
    with pytest.raises(ParameterError) as raised:
        widgets.funnel_simulator(table, cycle_days=days)
    assert len(str(raised.value)) > 10


def test_any_board_follows_its_controls_and_draws_once_on_reset() -> None:
    drawn: list[dict[str, float]] = []

    def draw(**values: float) -> str:
        drawn.append(values)
        return str(values["a"] + values["b"])

    board = widgets.what_if({"a": ipywidgets.IntSlider(1), "b": ipywidgets.IntSlider(2)}, draw)
    board.controls["a"].value = 5
    board.controls["b"].value = 6
    assert board.result.value == "11"
    board.reset.click()
    assert board.result.value == "3"
    assert len(drawn) == 4
