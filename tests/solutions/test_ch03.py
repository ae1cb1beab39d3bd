"""What is special to chapter 3's assignment: its levels, and how a beginner goes wrong in it."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import ka_lib as ka
from ka_course.tasks import load_assignment
from ka_lib.feedback import judge_answer, load_checks

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch03" / "tasks.py")
RELEASES = {lang: ROOT / "exercises" / lang / "ch03" / "ch03.ipynb" for lang in ("zh", "en")}
editions = pytest.mark.parametrize("lang", RELEASES)

# Written by hand from a cell of the notebook: how a learner goes wrong, and the words that help.
SLIPS = {
    "zh": {
        "q1": ('went_on = funnel.loc["negotiation"，"step_rate"]', "半角"),
        "q2": ("proposal_success = 40.79", "不要填 40.79"),
        "q3": ("mean_cycle = ka.funnel.sales_cycle(this_year)", "只要一个数"),
        "q4": ('bottleneck = gap["value_gain"].max()', "value_gained"),
        "q5": ("conversion_by_rep = 0.2257", "字典"),
        "q6": ("cost_per_customer = cost", "cost"),
        "q10": ("signed_gap = -245.8", "万元"),
    },
    "en": {
        "q1": ('went_on = funnel.loc["negotiation"，"step_rate"]', "half-width"),
        "q2": ("proposal_success = 40.79", "not 40.79"),
        "q3": ("mean_cycle = ka.funnel.sales_cycle(this_year)", "take it out: `.mean`"),
        "q4": ('bottleneck = gap["value_gain"].max()', "value_gained"),
        "q5": ("conversion_by_rep = 0.2257", "a dict"),
        "q6": ("cost_per_customer = cost", "cost"),
        "q10": ("signed_gap = -245.8", "ten thousand"),
    },
}


def run(lang, tmp_path, changes=()):
    notebook = nbformat.read(RELEASES[lang], as_version=4)
    for cell in notebook.cells:
        cell.source = dict(changes).get(cell.id, cell.source)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=place).execute()
    return {cell.id: outputs(cell) for cell in notebook.cells if cell.cell_type == "code"}


def outputs(cell):
    said = [
        "\n".join(out.get("traceback", [])) + json.dumps(out, ensure_ascii=False)
        for out in cell.outputs
    ]
    return "\n".join(said)


def judged(task, answer):
    return judge_answer(load_checks("ch03")["tasks"][task], task, answer)


def test_the_tasks_are_of_both_kinds_and_the_first_four_are_core():
    tasks = ASSIGNMENT.tasks.values()
    assert [task.id for task in tasks if task.level == "core"] == ["q1", "q2", "q3", "q4"]
    assert {task.kind for task in tasks} == {"choose", "build"}


@pytest.mark.slow
@editions
def test_slips_of_a_beginner_are_explained_in_the_edition_s_language(lang, tmp_path):
    slips = SLIPS[lang]
    said = run(lang, tmp_path, {task: code for task, (code, _) in slips.items()})
    for task, (_, words) in slips.items():
        assert words in said[task] + said[f"{task}-check"], task


def test_rounding_each_month_by_itself_is_caught_by_the_practice_company():
    company = ka.load()
    shares = ka.targets.seasonality(company.orders, [2023, 2024], by="month")
    mine = company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum()
    assert judged("q9", (mine * shares).round()).outcome == "unforeseen"


def test_a_rate_is_taken_whole_and_rounded_to_four_digits():
    company = ka.load()
    rate = ka.funnel.proposal_success(ka.funnel.deals(company, "2025-01-01", "2025-12-01"))
    assert judged("q2", rate).outcome == "right"
    assert judged("q2", round(rate.rate, 4)).outcome == "right"
