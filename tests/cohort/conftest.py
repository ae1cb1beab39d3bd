"""A cohort of a small assignment, released once and copied; its grading is played, not run."""

import shutil
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from ka_course.cohort import Cohort
from ka_course.cohorts import release as release_module
from ka_course.cohorts.create import create

SOURCE = """+++ {"lang": "zh"}

# 第三章练习

+++ {"lang": "en"}

# Exercises of chapter 3

+++ {"lang": "zh", "task": "q1"}

## 第 1 题 数一数（10 分）

公式 $\\frac{1}{2}$。

+++ {"lang": "en", "task": "q1"}

## Question 1 Count (10 points)

A formula $\\frac{1}{2}$.

```{code-cell}
:solution: q1

answer = ...
### BEGIN SOLUTION
answer = 1 + 1  # SECRET SOLUTION
### END SOLUTION
```

```{code-cell}
:test: q1
:points: 10

check("q1", answer)
### BEGIN HIDDEN TESTS
assert answer == 2, "SECRET TEST"
### END HIDDEN TESTS
```

+++ {"lang": "zh", "task": "m1", "points": 6}

## 客户计划（6 分）

| 看什么 | 到位 | 一般 | 满分 |
| --- | --- | --- | --- |
| 目标 | 有数（4） | 没数（1） | 4 |
| 行动 | 有人（2） | 没人（0） | 2 |

### BEGIN SOLUTION

SECRET MODEL ANSWER

### END SOLUTION

+++ {"lang": "en", "task": "m1", "points": 6}

## The account plan (6 points)

| criterion | full | in part | points |
| --- | --- | --- | --- |
| Goal | a number (4) | none (1) | 4 |
| Action | a name (2) | none (0) | 2 |

### BEGIN SOLUTION

SECRET MODEL ANSWER

### END SOLUTION
"""
TASKS = """from ka_course.tasks import Assignment, Number

assignment = Assignment("ch03")
q1 = assignment.task("q1", answer="answer", form=Number(), points=10)


@q1.reference
def reference(company):
    return 2


@q1.misconception(zh="你算出来是 {answer}，数了两遍。再数一次。", en="You got {answer}: counted twice. Again.")
def twice(company):
    return 4


q1.not_tried(zh="还没写。", en="Not yet.")
q1.hints(zh=["数。"], en=["Count."])
q1.unforeseen(zh="再看看。", en="Look again.")
"""
ROSTER = "学号,姓名\nS01,林悦\nS02,王伟\nS03,Lin Yue\n"


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """Return a repository of one small assignment."""
    root = tmp_path_factory.mktemp("course")
    for place, words in {
        "solutions/ch03/ch03.md": SOURCE,
        "solutions/ch03/tasks.py": TASKS,
        "pyproject.toml": "",
    }.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def _released(tmp_path_factory, sources):
    folder = tmp_path_factory.mktemp("cohorts")
    roster = folder / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    cohort = create("华东 一班", roster, "zh", folder / "华东 一班")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_module, "repository", lambda: sources)
        release_module.release(cohort, "ch03")
    return cohort.root


@pytest.fixture
def cohort(_released, tmp_path, sources, monkeypatch):
    """Return a cohort of three to which chapter 3 was released."""
    monkeypatch.setattr(release_module, "repository", lambda: sources)
    shutil.copytree(_released, tmp_path / "华东 一班")
    return Cohort.load(tmp_path / "华东 一班")


@pytest.fixture
def handed(cohort):
    """Return a function that makes a submission's bytes."""
    path = cohort.root / "release" / "ch03" / "ch03.ipynb"

    def make(answer="answer = 2", plan="", **stamp):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name == "q1":
                cell.source = answer
            if name == "m1" and plan:
                cell.source = plan
        notebook.metadata["ka"].update(stamp)
        return nbformat.writes(notebook).encode()

    return make


@pytest.fixture
def grade(cohort, handed):
    """Return a function that plays the grading of one learner: files, record, gradebook."""

    def play(learner, outcome="right", misconception="", plan="", words="SECRET OUTPUT"):
        notebook = nbformat.reads(handed(plan=plan).decode(), as_version=4)
        passed = outcome == "right"
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name == "q1":
                cell.outputs = [nbformat.v4.new_output("stream", text=words)]
            if name == "q1-check":
                kind = (
                    ("stream", {"text": "对了"})
                    if passed
                    else (
                        "error",
                        {"ename": "CheckFailed", "evalue": "数了两遍", "traceback": ["数了两遍"]},
                    )
                )
                cell.outputs = [nbformat.v4.new_output(kind[0], **kind[1])]
        outcomes = {"q1": {"outcome": outcome, "misconception": misconception}}
        notebook.metadata["ka"]["grading"] = {"digest": "", "outcomes": outcomes, "notes": []}
        for step in ("submitted", "autograded"):
            folder = cohort.root / step / learner / "ch03"
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / "ch03.ipynb")
        with Gradebook(cohort.db_url) as opened, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy, about the way nbgrader adds a submission
            opened.update_or_create_submission("ch03", learner)
            opened.find_grade("q1-check", "ch03", "ch03", learner).auto_score = 10.0 * passed
            one = opened.find_grade("m1", "ch03", "ch03", learner)
            one.auto_score, one.needs_manual_grade = (None, True) if plan else (0.0, False)
            opened.find_grade("q1-check", "ch03", "ch03", learner).needs_manual_grade = False
            opened.db.commit()

    return play


def everything(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def snapshot():
    """Return a function that reads a folder, to compare before and after."""
    return everything
