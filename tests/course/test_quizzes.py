"""Is every quiz of the course sound, varied, and about rows that the curriculum has?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ka_course.rules_course import EXTENSIONS, ROWS, rows_of
from ka_lib import language
from ka_lib.quiz_check import problems
from ka_lib.quiz_marks import load
from ka_lib.quizzes import quiz

ROOT = Path(__file__).parents[2]
QUIZZES = sorted(path.stem for path in (ROOT / "course" / "quizzes").glob("ch*.yaml"))
BUILT = sorted(
    path.name.partition(".")[0] for path in (ROOT / "ka_lib/chapters").glob("*.quiz.json")
)
KNOWN = {row for chapter in ROWS for row in rows_of(chapter)} | set(EXTENSIONS)
FEWEST = {"ch00": 3}  # the first twenty minutes

each_quiz = pytest.mark.parametrize("name", QUIZZES)


def questions(name):
    path = ROOT / "course" / "quizzes" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@each_quiz
def test_a_quiz_has_nothing_that_an_author_must_mend(name):
    assert problems(questions(name)) == []


@each_quiz
def test_a_quiz_has_six_to_ten_questions_of_several_kinds(name):
    found = questions(name)
    assert FEWEST.get(name, 6) <= len(found) <= 10
    assert len({question["kind"] for question in found}) > 1


@each_quiz
def test_a_quiz_asks_about_rows_of_the_curriculum(name):
    rows = {row for question in questions(name) for row in question["row_ids"]}
    allowed = KNOWN if name != "ch00" else KNOWN | {"0"}
    assert rows <= allowed


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("name", BUILT)
def test_a_built_quiz_opens_with_every_figure_filled_in(name, lang):
    language.use(lang)
    board = quiz(name)
    assert len(board.questions) == len(load(name))
    assert "{{" not in str(load(name))
