"""What is special to chapter 9's assignment: the slips of a beginner, and talks played one by one."""

from pathlib import Path

import pandas as pd
import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch09" / "tasks.py")


@pytest.fixture(params=["zh", "en"])
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


@pytest.fixture(scope="module")
def company():
    return ka.load()


def judged(task, answer):
    return judge_answer(load_checks("ch09")["tasks"][task], task, answer)


def test_the_first_four_are_core_and_both_kinds_are_there():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


SLIPS = {
    "a whole table": ("q1", lambda c: c.contacts, {"zh": "要一个数", "en": "one number"}),
    "percent": ("q5", lambda _: 57.8947, {"zh": "不要填 57.89", "en": "not 57.89"}),
    "percent of a gap": ("q4", lambda _: 127.92, {"zh": "不要填 127.9", "en": "not 127.9"}),
    "the whole result": (
        "q5",
        lambda c: ka.health.backtest(c.health.assign(score=50.0), c.losses, 60, 3, c.as_of),
        {"zh": "`.recall`", "en": "`.recall`"},
    ),
    "one cause": ("q3", lambda _: "quality", {"zh": "字典", "en": "dict"}),
    "yuan for shares": (
        "q3",
        lambda c: ka.health.causes(c.losses, c.as_of).set_index("cause")["value"],
        {"zh": "加起来应当是 1", "en": "add up to 1"},
    ),
    "a path for its result": (
        "q8",
        lambda _: "c-a-d-c-c-a",
        {"zh": "字典", "en": "dict"},
    ),
    "one account": ("q7", lambda _: {"A001": 82.3}, {"zh": "少了", "en": "missing"}),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_of_a_beginner_are_explained_in_their_language(slip, lang, company):
    task, answer, words = SLIPS[slip]
    outcome = judged(task, answer(company))
    assert outcome.outcome != "right"
    assert words[lang] in outcome.text


def test_answers_in_another_shape_pass(company):
    causes = ka.health.causes(company.losses, company.as_of)
    assert judged("q3", causes.set_index("cause")["share"].to_dict()).outcome == "right"
    scores = {name: float(value) for name, value in best_by_hand(company).items()}
    assert judged("q8", scores).outcome == "right"
    assert judged("q8", pd.Series(scores)[::-1]).outcome == "right"


def best_by_hand(company):
    """Play the three best paths reply by reply; no table of all of them."""
    weights = {part: company.assumptions[f"role_weight_{part}"] for part in ("goal", "trust")}
    weights["margin"] = company.assumptions["role_weight_margin"]
    found = {}
    for name, path in (
        ("first_visit", "b-a-d-b-c-b"),
        ("price_negotiation", "c-a-d-c-c-a"),
        ("complaint", "c-d-b-c-c"),
    ):
        talk = ka.role_play.play(name, path)
        goal = talk.scenario["endings"][talk.ending]["goal"]
        found[name] = (
            weights["goal"] * goal + weights["trust"] * talk.trust + weights["margin"] * talk.margin
        )
    return found


def test_the_company_s_own_weights_differ_from_the_simulator_s(company):
    """Forgetting them would otherwise pass unseen."""
    own = {part: company.assumptions[f"role_weight_{part}"] for part in ("goal", "trust", "margin")}
    assert sum(own.values()) == pytest.approx(1)
    assert own != ka.role_play.ways.WEIGHTS
