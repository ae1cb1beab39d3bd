"""What is special to chapter 2's assignment: its levels, and how a beginner goes wrong in it."""

from pathlib import Path

import pytest

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch02" / "tasks.py")

# What a learner hands in, and the words that help, in both languages.
SLIPS = {
    "a percentage": ("q1", 17.28, "不要填 17.28", "not 17.28"),
    "a name for a number": ("q2", "18 天", "要一个数", "a number is wanted"),
    "the whole table": ("q3", ka.load().contacts, "只要一个数|要一个数", "one number"),
    "the accounts for their number": ("q4", ["A002"], "要一个数", "one number"),
    "a few of the list": ("q6", ["A044", "A052"], "还不全", "some are missing"),
    "a number for a dict": ("q7", 34, "字典", "a dict"),
    "names of quarters": ("q8", {"Q1": 0.79}, "Q1", "Q1"),
    "the products alone": ("q9", ["P04", "P05"], "字典", "a dict"),
}
each_slip = pytest.mark.parametrize("slip", SLIPS)


def judged(task, answer):
    return judge_answer(load_checks("ch02")["tasks"][task], task, answer)


@pytest.fixture(autouse=True)
def _chinese_again():
    yield
    ka.use("zh")


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


@each_slip
def test_slips_of_a_beginner_are_explained_in_both_languages(slip):
    task, answer, *words = SLIPS[slip]
    for lang, wanted in zip(("zh", "en"), words, strict=True):
        ka.use(lang)
        outcome = judged(task, answer)
        assert outcome.outcome != "right"
        assert any(one in outcome.text for one in wanted.split("|")), outcome.text


def test_an_unknown_stance_taken_for_neutral_is_caught_by_the_practice_company():
    contacts = ka.load().contacts
    people = contacts[(contacts["account_id"] == "A003") & contacts["left_on"].isna()]
    # What pandas does by itself when the blanks are forgotten: skipped above, counted below.
    answer = (people["weight"] * people["stance"]).sum() / people["weight"].sum()
    assert judged("q3", answer).misconception == "unknown_as_neutral"


def test_a_length_of_time_is_as_good_as_a_number_of_days():
    company = ka.load()
    bought = company.orders.query("account_id == 'A002' and amount > 0")["ordered_on"]
    assert judged("q2", bought.drop_duplicates().diff().median()).outcome == "right"


def test_ids_in_another_order_and_counts_as_floats_are_right():
    company = ka.load()
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of)
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    late = cycle.loc[waited > 1.5 * cycle["cycle_days"], "account_id"]
    assert judged("q6", sorted(late, reverse=True)).outcome == "right"
    wave = company.surveys[company.surveys["answered_on"] >= "2025-11-01"]
    pains = wave.assign(pain=wave["pains"].str.split(";")).explode("pain")
    counts = pains.groupby("pain")["account_id"].nunique().astype("float64")
    assert judged("q7", counts.to_dict()).outcome == "right"
