"""Does every known answer of every assignment get the feedback it should, on six companies?"""

from itertools import islice
from pathlib import Path

import pytest

from ka_course import practice
from ka_course.simulated import separating_companies, surprises, thin_tasks
from ka_course.tasks import compile_checks, load_assignment, separates
from ka_lib import language

ROOT = Path(__file__).parents[2]
DEFINITIONS = sorted((ROOT / "solutions").glob("ch*/tasks.py"))
OTHERS, MOST_TRIES = 5, 20
chapters = pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.parent.name)


@chapters
def test_each_mistake_is_named_and_each_right_answer_passes_on_the_practice_company(path):
    assignment, company = load_assignment(path), practice.company()
    assert separates(assignment, company) == []
    assert surprises(assignment, company) == []


@chapters
def test_an_answer_is_the_same_whatever_language_the_company_speaks(path):
    assignment = load_assignment(path)
    checks = {}
    for lang in language.LANGUAGES:
        language.use(lang)
        checks[lang] = compile_checks(assignment, practice.company())
    assert checks["zh"] == checks["en"]


@chapters
def test_each_mistake_is_named_and_each_right_answer_passes_on_five_other_companies(path):
    assignment = load_assignment(path)
    others = list(islice(separating_companies(assignment, range(1, MOST_TRIES + 1)), OTHERS))
    assert len(others) == OTHERS, "too few companies tell this chapter's mistakes apart"
    found = [
        (seed, surprise) for seed, other in others for surprise in surprises(assignment, other)
    ]
    assert found == []


@chapters
def test_each_task_has_two_differently_written_right_answers(path):
    assert thin_tasks(load_assignment(path)) == []
