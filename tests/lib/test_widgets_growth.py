"""What the sorter and the ability board say when a limit or a rating moves."""

import pandas as pd
import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError
from ka_lib.tables import ABILITIES

NAN = float("nan")
# On 30 November: due today and worth much, due in 5 days and worth much, due tomorrow and worth little.
TODOS = pd.DataFrame(
    {
        "todo_id": ["D1", "D2", "D3"],
        "title": ["renewal", "second contact", "photos"],
        "value": [400_000.0, 900_000.0, 12_000.0],
        "hours": [10.0, 8.0, 25.0],
        "due_on": pd.to_datetime(["2025-11-30", "2025-12-05", "2025-12-01"]),
    }
)


def ratings(own, manager, target=8.0, phase="before"):
    return pd.DataFrame(
        {
            "rep_id": "R1", "ability": ABILITIES, "phase": phase, "weight": 1 / 7,
            "self_rating": own, "manager_rating": manager, "target_rating": target,
        }
    )  # fmt: skip


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def test_urgent_work_first_and_what_it_leaves(lang):
    said = widgets.quadrant_sorter(TODOS, "2025-11-30").result.value
    # 10 + 25 urgent hours of 40: 5 left, and the second contact takes 8.
    words = {
        "zh": "只剩 5 小时，重要不紧急的 1 件要 8 小时，排不下",
        "en": "5 are left: not enough for the 8 hours",
    }
    assert words[lang] in said


def test_a_stricter_limit_of_urgent_makes_room(lang):
    board = widgets.quadrant_sorter(TODOS, "2025-11-30")
    board.controls["urgent"].value = 0  # the photos, due tomorrow, are no longer urgent
    # 10 urgent hours of 40, 30 left, 8 needed.
    assert {"zh": "还剩 30 小时", "en": "30 are left: enough"}[lang] in board.result.value


def test_a_week_too_short_for_what_is_urgent(lang):
    board = widgets.quadrant_sorter(TODOS, "2025-11-30")
    board.controls["capacity"].value = 30
    assert {"zh": "多 5 小时", "en": "5 more than the 30"}[lang] in board.result.value


def test_the_limit_of_important_is_in_the_reader_s_unit(lang):
    board = widgets.quadrant_sorter(TODOS, "2025-11-30")
    assert board.controls["important"].value == {"zh": 10, "en": 100}[lang]
    board.controls["important"].value = {"zh": 95, "en": 950}[lang]
    assert {"zh": "没有一件是重要不紧急的", "en": "nothing is important"}[
        lang
    ] in board.result.value
    board.reset.click()
    assert board.controls["important"].value == {"zh": 10, "en": 100}[lang]


def test_an_empty_list_is_refused(lang):
    with pytest.raises(ParameterError, match={"zh": "清单是空的", "en": "list is empty"}[lang]):
        widgets.quadrant_sorter(TODOS.iloc[:0], "2025-11-30")


def test_radar_by_the_manager_and_after(lang):
    before = ratings([4.0, 7, 7, 7, 7, 7, 7], [7.0, 5, 7, 7, 7, 7, 7])
    after = ratings([7.5, 7, 7, 7, 7, 7, 7], [NAN] * 7, phase="after")
    board = widgets.ability_radar(pd.concat([before, after]))
    said = board.result.value
    # Own: strategic thinking 8 - 4; the widest difference is 4 - 7 = -3.
    assert {"zh": "“战略思维”：离目标 4 分", "en": "Strategic thinking: 4 short"}[lang] in said
    assert {"zh": "低 3 分", "en": "3 below"}[lang] in said
    board.controls["by"].value = "manager"
    words = {"zh": "先练“客户洞察”：离目标 3 分", "en": "Start with Customer insight: 3 short"}
    assert words[lang] in board.result.value
    board.controls["phase"].value = "after"  # the manager has not rated: nothing to rank
    assert {"zh": "没有一项低于目标", "en": "nothing is below"}[lang] in board.result.value


def test_several_people_are_refused(lang):
    two = pd.concat([ratings(5.0, 5.0), ratings(5.0, 5.0).assign(rep_id="R2")])
    with pytest.raises(ParameterError, match={"zh": "2 个人", "en": "2 people"}[lang]):
        widgets.ability_radar(two)


def test_a_form_gives_back_what_was_typed_and_its_plan(lang):
    form = widgets.ability_form(starts_on="2026-01-05")
    form.controls["leadership_self_rating"].value = 2.0
    assert form.controls["leadership_manager_rating"].label == "—"
    form.controls["data_analysis_target_rating"].label = "—"  # no target, no gap
    table = form.ratings().set_index("ability")
    assert table.loc["leadership", "self_rating"] == 2
    assert table["manager_rating"].isna().all()
    plan = form.plan()
    # 7 - 2 = 5 against 7 - 5 = 2 for the others.
    assert plan["ability"].iloc[0] == "leadership"
    assert plan["gap"].tolist() == [5, 2, 2]
    assert "data_analysis" not in set(plan["ability"])
    assert plan["weeks"].sum() == 12
    assert {"zh": "先练“领导力与影响力”", "en": "Start with Leadership"}[lang] in form.result.value


def test_a_form_starts_from_ratings_and_wants_all_seven(lang):
    given = ratings([3.0, 7, 7, 7, 7, 7, 7], 6.0)
    pd.testing.assert_frame_equal(
        widgets.ability_form(given).ratings()[["self_rating", "manager_rating"]],
        given[["self_rating", "manager_rating"]].astype("float64"),
    )
    with pytest.raises(ParameterError, match={"zh": "6 行", "en": "6 rows"}[lang]):
        widgets.ability_form(given.iloc[:6])
