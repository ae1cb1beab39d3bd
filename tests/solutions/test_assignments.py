"""Does every chapter's assignment promise 100 points, keep its answers, and greet a beginner in peace?"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ka_course.build_edition import edition
from ka_course.build_plan import chapters, figures
from ka_course.rules_course import EXTENSIONS, ROWS, rows_of
from ka_course.tasks import load_assignment
from ka_lib.language import LANGUAGES

ROOT = Path(__file__).parents[2]
ASSIGNED = {chapter.name: chapter for chapter in chapters(ROOT) if chapter.assignment}
TOTAL, AUTO = 100, 80
MOST_CORE = 4
LEAST_TASKS = {"ch00": 3}  # the first twenty minutes of someone who has never coded
LEAST = 5
SLIPS = {"ch00": {"q2": "SyntaxError"}}  # planted for the learner to mend
NOT_TRIED = {"zh": "还没动笔", "en": "not started yet"}
SOLUTION = re.compile(r"BEGIN SOLUTION\s*\n(.*?)\n[^\n]*END SOLUTION", re.DOTALL)

each_chapter = pytest.mark.parametrize("name", ASSIGNED)
each_edition = pytest.mark.parametrize("lang", LANGUAGES)


def tasks(name):
    return list(load_assignment(ROOT / "solutions" / name / "tasks.py").tasks.values())


def released(name, lang):
    return nbformat.read(ROOT / "exercises" / lang / name / f"{name}.ipynb", as_version=4)


def about(cell):
    return cell.metadata.get("nbgrader", {})


def points(cells):
    return sum(about(cell).get("points", 0) for cell in cells)


def written(notebook):
    """Return the cells that a person marks."""
    return [
        cell for cell in notebook.cells if cell.cell_type == "markdown" and about(cell).get("grade")
    ]


@each_chapter
def test_a_chapter_has_tasks_enough_and_few_that_everybody_must_do(name):
    found = tasks(name)
    assert len(found) >= LEAST_TASKS.get(name, LEAST)
    core = [task.id for task in found if task.level == "core"]
    assert 1 <= len(core) <= MOST_CORE
    assert core == [task.id for task in found][: len(core)], "core tasks come first"


@each_chapter
def test_tasks_name_rows_that_the_curriculum_has(name):
    known = {row for chapter in ROWS for row in rows_of(chapter)} | set(EXTENSIONS)
    for task in tasks(name):
        assert set(task.row_ids) <= known, task.id
        assert task.row_ids or name == "ch00", task.id


@each_chapter
@each_edition
def test_an_assignment_is_worth_100_points_and_a_person_gives_20_of_them(name, lang):
    notebook = released(name, lang)
    assert points(notebook.cells) == TOTAL
    by_person = points(written(notebook))
    assert by_person in ({TOTAL - AUTO} if name not in LEAST_TASKS else {0, TOTAL - AUTO})


@each_chapter
@each_edition
def test_each_task_is_worth_what_its_definition_says(name, lang):
    notebook = released(name, lang)
    graded = {
        cell.id.removesuffix("-check"): about(cell)["points"]
        for cell in notebook.cells
        if cell.cell_type == "code" and about(cell).get("grade")
    }
    assert graded == {task.id: task.points for task in tasks(name)}


@each_chapter
@each_edition
def test_the_rubric_of_a_written_task_adds_up_to_its_points(name, lang):
    notebook = released(name, lang)
    prompts = {cell.id: cell.source for cell in notebook.cells}
    for cell in written(notebook):
        rows = re.findall(r"\| (\d+) \|$", prompts[f"{cell.id}-task"], flags=re.MULTILINE)
        assert len(rows) > 1, "a rubric has criteria"
        assert sum(map(int, rows)) == cell.metadata.nbgrader.points


@each_chapter
@each_edition
def test_a_release_holds_no_solution(name, lang):
    worked = edition(ASSIGNED[name].assignment, lang, figures(ROOT, name, lang))
    solved = {cell.id: cell.source for cell in worked.cells if about(cell).get("solution")}
    notebook = released(name, lang)
    shipped = "\n".join(cell.source for cell in notebook.cells)
    assert "SOLUTION" not in shipped
    assert solved
    for task, source in solved.items():
        hidden = "\n".join(SOLUTION.findall(source))
        assert hidden.strip(), f"{task} has no worked answer"
        assert hidden.strip() not in shipped
        told = [line.strip() for line in hidden.splitlines() if len(line.strip()) > 30]
        assert [line for line in told if line in shipped] == [], task


@pytest.mark.slow
@each_chapter
@each_edition
def test_run_all_on_the_untouched_release_says_not_tried_at_every_task(name, lang, tmp_path):
    notebook = released(name, lang)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=place).execute()
    code = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    for task in tasks(name):
        assert NOT_TRIED[lang] in "\n".join(code[f"{task.id}-check"][0]["traceback"])
    slips = SLIPS.get(name, {})
    for task, error in slips.items():
        explained, failed = code[task]
        assert failed.ename == error
        assert len("\n".join(failed.traceback).splitlines()) == 1, "a line, not a traceback"
        assert "<details" in explained.data["text/html"], "explained in words first"
    quiet = [cell for cell in code if not cell.endswith("-check") and cell not in slips]
    others = [output for cell in quiet for output in code[cell]]
    assert [
        one for one in others if one.output_type == "error" or one.get("name") == "stderr"
    ] == []
