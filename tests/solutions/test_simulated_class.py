"""Does every known answer of every assignment get the feedback it should, on six companies?"""

from pathlib import Path

import pytest

from ka_course import practice
from ka_course.simulated import surprises, thin_tasks
from ka_course.tasks import load_assignment

ROOT = Path(__file__).parents[2]
DEFINITIONS = sorted((ROOT / "solutions").glob("ch*/tasks.py"))
OTHER_SEEDS = (11, 23, 47, 101, 2026)
chapters = pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.parent.name)


@chapters
@pytest.mark.parametrize("seed", [practice.PRACTICE_SEED, *OTHER_SEEDS])
def test_each_mistake_is_named_and_each_right_answer_passes(path, seed):
    assert surprises(load_assignment(path), practice.company(seed)) == []


@chapters
def test_each_task_has_two_differently_written_right_answers(path):
    assert thin_tasks(load_assignment(path)) == []
