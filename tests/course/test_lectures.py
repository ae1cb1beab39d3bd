"""Does every notebook that we ship, and every worked solution, run from top to bottom in peace?"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ka_course.build_edition import edition
from ka_course.build_plan import chapters, figures
from ka_lib.language import LANGUAGES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LECTURES = sorted((ROOT / "course").glob("[ze][hn]/*.ipynb"))
ASSIGNMENTS = [chapter for chapter in chapters(ROOT) if chapter.assignment]


def run(notebook, folder):
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=place).execute()
    return [(cell, output) for cell in notebook.cells for output in cell.get("outputs", [])]


def disturbances(outputs):
    """Errors, and whatever was written to stderr: every warning is."""
    return [
        output
        for _, output in outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_lecture_runs_without_error_or_warning(path, tmp_path):
    outputs = run(nbformat.read(path, as_version=4), tmp_path)
    assert outputs
    assert disturbances(outputs) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", ASSIGNMENTS, ids=lambda chapter: chapter.name)
def test_the_worked_solution_passes_every_check(chapter, lang, tmp_path):
    notebook = edition(chapter.assignment, lang, figures(ROOT, chapter.name, lang))
    outputs = run(notebook, tmp_path)
    assert disturbances(outputs) == []
    passed = {"zh": "练习数据通过", "en": "ublic checks passed"}[lang]
    checks = [cell for cell in notebook.cells if cell.id.endswith("-check")]
    assert len(checks) >= 3
    assert all(passed in cell.outputs[0].text for cell in checks)
