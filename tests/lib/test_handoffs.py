"""The chain of hand-offs: the wait, its picture and its board."""

import pandas as pd
import pytest

from ka_lib import charts, language, teamwork, widgets
from ka_lib.errors import ParameterError

ROLES = {
    "sales": "R", "marketing": "C", "service": "I", "legal": "C",
    "supply_chain": "AR", "finance": "A", "rnd": "",
}  # fmt: skip
HOURS = {"marketing": 5.0, "service": 1.0, "legal": 10.0, "supply_chain": 3.0, "finance": 4.0}


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def tickets(hours):
    """One answered ticket a department, opened on a Monday morning, answered after so many hours."""
    opened = pd.Timestamp("2025-11-17 09:00")
    rows = []
    for i, (department, wait) in enumerate(hours.items()):
        days, rest = divmod(wait, 9)
        answered = opened + pd.Timedelta(days=days) + pd.Timedelta(hours=rest)
        rows.append((f"T{i}", department, opened, answered, 8.0))
    columns = ["ticket_id", "department", "opened_at", "responded_at", "sla_hours"]
    return pd.DataFrame(rows, columns=columns)


def test_each_desk_waits_for_the_one_before_and_the_one_who_is_told_for_nobody():
    steps = teamwork.handoffs(ROLES, HOURS)
    # asked: marketing, legal; decides: finance; does it: supply chain. 5 + 10 + 4 + 3 = 22
    assert steps["department"].tolist() == ["marketing", "legal", "finance", "supply_chain"]
    assert steps["from_hours"].tolist() == [0, 5, 15, 19]
    assert steps["to_hours"].tolist() == [5, 15, 19, 22]


def test_asked_together_only_the_slowest_counts():
    steps = teamwork.handoffs(ROLES, HOURS, together=True)
    assert steps["from_hours"].tolist() == [0, 0, 10, 14]
    assert steps["to_hours"].max() == 10 + 4 + 3


def test_a_chain_of_nobody_is_an_empty_table():
    steps = teamwork.handoffs({"sales": "AR", "service": "I"}, {})
    assert list(steps.columns) == ["department", "role", "from_hours", "to_hours"]
    assert steps.empty


def test_our_own_desk_can_be_another_one():
    assert (
        len(teamwork.handoffs({"finance": "R", "sales": "C"}, {"sales": 2.0}, own="finance")) == 1
    )


def test_what_cannot_be_lined_up_is_said(lang):
    with pytest.raises(ParameterError) as raised:
        teamwork.handoffs({"legal": "X"}, HOURS)
    assert {"zh": "“legal”的角色写的是“X”", "en": 'role of "legal" is "X"'}[lang] in str(
        raised.value
    )
    for hours in ({}, {"legal": -1.0}, {"legal": float("nan")}):
        with pytest.raises(ParameterError) as raised:
            teamwork.handoffs({"legal": "C"}, hours)
        assert {"zh": "多久接手", "en": "to pick up"}[lang] in str(raised.value)


def test_the_chart_draws_a_bar_a_desk_from_where_it_starts(lang):
    chart = charts.handoffs(teamwork.handoffs(ROLES, HOURS))
    bars = chart.figure.axes[0].patches
    assert [bar.get_x() for bar in bars] == [0, 5, 15, 19]
    assert [bar.get_width() for bar in bars] == [5, 10, 4, 3]
    for words in {"zh": ("4 次", "22.0", "法务部（C）"), "en": ("4.", "22.0", "Legal (C)")}[lang]:
        assert words in chart.alt
    with pytest.raises(ParameterError):
        charts.handoffs(teamwork.handoffs({}, {}))
    with pytest.raises(ParameterError):
        charts.handoffs(pd.DataFrame({"department": ["legal"]}))


def test_the_board_names_the_faults_and_the_wait(lang):
    board = widgets.handoff_board(ROLES, tickets({**HOURS, "rnd": 12.0}), "2025-11-30")
    said = board.result.value
    for words in {
        "zh": ("多个 A", "4 次交接，等 22.0 个工作小时，约 2.4 个工作日"),
        "en": ("More than one accountable", "4; the wait is 22.0 working hours, about 2.4"),
    }[lang]:
        assert words in said
    assert 'alt="' in said
    board.controls["finance"].value = "C"
    board.controls["together"].value = True
    # the slowest of those asked, 10, then 3; nine hours less than 22
    for words in {
        "zh": ("没有毛病", "等 13.0 个", "少 9.0 小时"),
        "en": ("in order", "is 13.0 working", "9.0 hours less"),
    }[lang]:
        assert words in board.result.value
    board.controls["rnd"].value = "C"
    board.controls["together"].value = False
    assert {"zh": "多 12.0 小时", "en": "12.0 hours more"}[lang] in board.result.value
    board.reset.click()
    assert board.result.value == said


def test_a_board_without_anyone_in_charge_says_so(lang):
    board = widgets.handoff_board({}, tickets({**HOURS, "rnd": 12.0}), "2025-11-30")
    for words in {"zh": ("缺 A", "缺 R", "不用等人"), "en": ("no A", "no R", "nothing waits")}[
        lang
    ]:
        assert words in board.result.value
    board.controls["sales"].value = "AR"
    assert {"zh": "没有毛病", "en": "in order"}[lang] in board.result.value


def test_a_slow_day_takes_the_ninetieth_percentile():
    two = pd.concat([tickets({**HOURS, "rnd": 2.0}), tickets({**HOURS, "rnd": 12.0})])
    two["ticket_id"] = [f"T{i}" for i in range(len(two))]
    board = widgets.handoff_board({"sales": "A", "rnd": "R"}, two, "2025-11-30")
    assert "7.0" in board.result.value  # halfway between 2 and 12
    board.controls["pace"].value = "p90_hours"
    assert "11.0" in board.result.value  # 2 + 0.9 x 10


def test_what_the_board_cannot_show_is_said():
    known = tickets({**HOURS, "rnd": 12.0})
    with pytest.raises(ParameterError) as raised:
        widgets.handoff_board({"kitchen": "A"}, known, "2025-11-30")
    assert "kitchen" in str(raised.value)
    with pytest.raises(ParameterError):
        widgets.handoff_board({"legal": "X"}, known, "2025-11-30")
    with pytest.raises(ParameterError) as raised:
        widgets.handoff_board(ROLES, known[known["department"] != "rnd"], "2025-11-30")
    assert "rnd" in str(raised.value)
