"""Does chapter 3 go all the way, by the commands an instructor types?"""

import csv
import io
import json
import zipfile

import nbformat
import openpyxl
import pytest

from ka_course import cli
from ka_course.grading import sandbox
from ka_course.places import repository
from ka_course.task_submission import submission_code
from ka_course.tasks import load_assignment
from ka_lib import language

pytestmark = pytest.mark.slow

NAMES = {"zh": ("林悦", "王伟", "陈晨"), "en": ("Lin Yue", "Wang Wei", "Chen Chen")}
PLAN = {"zh": "- **目标**：多签 15%", "en": "- **Goal**: sign 15% more"}


def answered(released, assignment, *, wrong=(), plan=""):
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in assignment.tasks:
            task = assignment.tasks[name]
            mistake = task.misconceptions[0].function
            cell.source = submission_code(
                task, mistake if name in wrong else task.reference_function
            )
        if name == "m3" and plan:
            cell.source = plan
    return nbformat.writes(notebook)


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_from_a_roster_to_marks(lang, tmp_path, monkeypatch, capsys):
    def ka(*words):
        code = cli.run([str(word) for word in words])
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    language.use(lang)
    good, mistaken, absent = NAMES[lang]
    home = tmp_path / "班 1"
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(["name", *NAMES[lang]]), encoding="gb18030")
    ka("cohort", "new", "spring", "--roster", roster, "--to", home)
    monkeypatch.chdir(home)
    ka("cohort", "release", "3")
    released = home / "release" / "ch03" / "ch03.ipynb"
    _holds_no_key(released.read_text(encoding="utf-8"), home)

    assignment = load_assignment(repository() / "solutions" / "ch03" / "tasks.py")
    packed = tmp_path / "work.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{good}_ch03(1).ipynb", answered(released, assignment, plan=PLAN[lang]))
        archive.writestr(
            f"{mistaken}/ch03.ipynb", answered(released, assignment, wrong=("q2", "q4"))
        )
    out = ka("cohort", "collect", "3", "--from", packed)
    assert absent in out

    words = ["grade", "3"] if sandbox.unavailable() is None else ["grade", "3", "--no-sandbox"]
    out = ka(*words)
    assert "80 / 100" in out
    ka("written", "export", "3", "--xlsx", tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    for column, points in enumerate((5, 4, 4, 4, 3), start=4):
        book["m3"].cell(3, column).value = points
    book.save(tmp_path / "w.xlsx")
    ka("written", "import", "3", tmp_path / "w.xlsx")
    ka("feedback", "3", "--zip", tmp_path / "feedback.zip")
    ka("marks", "3", "--csv", tmp_path / "marks.csv", "--xlsx", tmp_path / "marks.xlsx")

    raw = (tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw)))
    totals = {row[1]: row[-3] for row in rows[1:]}
    lost = sum(assignment.tasks[name].points for name in ("q2", "q4"))
    assert totals == {good: "100", mistaken: f"{80 - lost:g}", absent: ""}

    pages = {path.name: path for path in (home / "feedback" / "ch03").iterdir()}
    assert len(pages) == 2
    for path in pages.values():
        _holds_no_key(path.read_text(encoding="utf-8"), home)


def _holds_no_key(words, home):
    """Search for solutions, the model answer, the seed, and every expected answer."""
    source = nbformat.read(home / "source" / "ch03" / "ch03.ipynb", as_version=4)
    model = [
        line.strip()
        for cell in source.cells
        if "BEGIN SOLUTION" in cell.source and cell.cell_type == "markdown"
        for line in cell.source.partition("BEGIN SOLUTION")[2]
        .partition("### END SOLUTION")[0]
        .splitlines()
        if line.strip()
    ]
    assert model
    for line in model:
        assert line not in words
    seed = (home / "secret" / "seed").read_text(encoding="ascii").strip()
    for secret in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TEST", '"expected"', seed):
        assert secret not in words
    checks = json.loads((home / "secret" / "ch03" / "ch03.checks.json").read_text(encoding="utf-8"))
    expected = [task["expected"] for task in checks["tasks"].values()]
    keys = [json.dumps(one) for one in expected if not isinstance(one, str)]  # a code is in prompts
    keys = [key for key in keys if len(key) > 8]
    assert len(keys) > 5
    for key in keys:
        assert key not in words
