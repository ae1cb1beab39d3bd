"""Does a build make both editions, the same bytes each time, and notice what is stale?"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import nbformat
import pytest

from ka_course import build, build_plan
from ka_course.build_edition import edition, localised
from ka_course.build_release import release
from ka_course.build_source import parse
from ka_course.speech import CourseError

spec = importlib.util.spec_from_file_location(
    "small_course", Path(__file__).with_name("small_course.py")
)
small_course = importlib.util.module_from_spec(spec)
spec.loader.exec_module(small_course)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A built course in a folder with a space and Chinese in its name."""
    made = small_course.make(tmp_path_factory.mktemp("小 课程"))
    build.write(made)
    return made


def notebook(root, place):
    return nbformat.read(root / place, as_version=4)


def sources(root, place):
    return [cell.source for cell in notebook(root, place).cells]


def test_each_edition_speaks_one_language(root):
    assert sources(root, "course/zh/ch03.ipynb") == [
        "# 第 3 章 漏斗\n\n## 3.1 钱漏在哪一步？\n\n今年到现在签了 11 单。看 `stages`。",
        'import ka_lib as ka\n\nka.use("zh")',
        "动手试试。",
        "# 十条线索约上四条\nstages = 4 / 10  # 转化率\nstages",
    ]
    assert sources(root, "course/en/ch03.ipynb")[3] == (
        "# four leads in ten\nstages = 4 / 10  # the rate\nstages"
    )


def test_ids_are_the_same_in_both_editions_and_valid(root):
    zh, en = (notebook(root, f"course/{lang}/ch03.ipynb") for lang in ("zh", "en"))
    assert [cell.id for cell in zh.cells] == [cell.id for cell in en.cells]
    nbformat.validate(zh)


def test_ids_stay_when_a_cell_is_put_in_between():
    head, tail = (
        '+++ {"lang": "zh"}\n\n甲\n\n+++ {"lang": "en"}\n\nA\n',
        "\n```{code-cell}\nx = 1\n```\n",
    )
    before = edition(parse(head + tail, "a.md"), "zh")
    after = edition(parse(head + "\n```{code-cell}\ny = 2\n```\n" + tail, "a.md"), "zh")
    assert [before.cells[0].id, before.cells[1].id] == [after.cells[0].id, after.cells[2].id]


def test_equal_cells_get_different_ids():
    twice = "\n```{code-cell}\nx = 1\n```\n" * 2
    first, second = edition(parse(twice, "a.md"), "zh").cells
    assert first.id != second.id


def test_the_authors_own_id_is_kept():
    made = edition(parse("```{code-cell}\n:id: funnel\n\nx = 1\n```\n", "a.md"), "en")
    assert made.cells[0].id == "funnel"
    assert made.cells[0].metadata == {}


def test_a_released_exercise_holds_no_solution(root):
    for lang, line in (
        ("zh", "# 把上面的 ... 换成你的答案"),
        ("en", "# replace the ... above with your answer"),
    ):
        place = f"exercises/{lang}/ch03/ch03.ipynb"
        released = {cell.id: cell for cell in notebook(root, place).cells}
        assert released["q1"].source == f"answer = ...\n{line}"
        raw = (root / place).read_text(encoding="utf-8")
        assert not any(
            key in raw for key in ("SOLUTION", "answer = 2", "样例答案", "A model answer")
        )


STARTED = """
+++ {"lang": "zh", "task": "q1"}

改一个数（5 分）

+++ {"lang": "en", "task": "q1"}

Change a number (5 points)

```{code-cell}
:solution: q1
# start: share = f(0.20，1)
### BEGIN SOLUTION
share = f(0.10, 1)
### END SOLUTION
```

```{code-cell}
:test: q1
:points: 5
check("q1", share)
```
"""


def test_a_cell_with_a_start_is_released_with_it_and_without_the_stub():
    worked = edition(parse(STARTED, "a.md"), "en")
    solution = next(cell for cell in worked.cells if cell.id == "q1")
    compile(solution.source, "q1", "exec")  # the slip is a comment to the instructor
    made = release(worked, "ch00", "en")
    assert next(cell.source for cell in made.cells if cell.id == "q1") == "share = f(0.20，1)"


def test_a_released_exercise_holds_nbgraders_metadata(root):
    cells = {cell.id: cell for cell in notebook(root, "exercises/en/ch03/ch03.ipynb").cells}
    check, written = cells["q1-check"].metadata, cells["m1"].metadata.nbgrader
    assert check.tags == ["raises-exception"]
    assert check.nbgrader.points == 10
    assert (check.nbgrader.grade, check.nbgrader.locked, check.nbgrader.solution) == (
        True,
        True,
        False,
    )
    assert (written.grade, written.locked, written.solution, written.points) == (
        True,
        False,
        True,
        20,
    )
    assert cells["m1-task"].metadata.nbgrader.locked
    assert cells["m1"].source == "(Write your answer here.)"
    assert all(
        about.metadata.nbgrader.schema_version == 3 for name, about in cells.items() if "-" in name
    )


def test_building_twice_gives_the_same_bytes(root):
    assert build_plan.plan(root) == build_plan.plan(root)
    assert build.write(root)[0] == 0
    assert build.stale_files(root) == []


def test_a_built_file_ends_lines_the_same_everywhere(root):
    assert not any(b"\r" in content for content in build_plan.plan(root).values())


def test_what_is_edited_missing_or_left_over_is_stale(tmp_path):
    root = small_course.make(tmp_path)
    build.write(root)
    (root / "course/zh/index.md").write_text("old", encoding="utf-8")
    (root / "exercises/en/ch03/ch03.ipynb").unlink()
    (root / "course/en/ch02.ipynb").write_text("{}", encoding="utf-8")

    stale = build.stale_files(root)
    assert stale == ["course/en/ch02.ipynb", "course/zh/index.md", "exercises/en/ch03/ch03.ipynb"]
    build.write(root)
    assert build.stale_files(root) == []


def test_the_table_of_contents_links_lecture_and_exercises(root):
    index = (root / "course/en/index.md").read_text(encoding="utf-8")
    exercises = "[★ 1, written 1](../../exercises/en/ch03/ch03.ipynb)"
    row = f"| [Chapter 3  The funnel](ch03.ipynb) | about 45 min |  | 1 | {exercises} |"
    assert row in index.splitlines()
    assert "About 0.8 h of reading in all. Exercises: 2. Quiz questions: 1." in index


def test_figures_are_filled_into_the_quiz_too(root):
    quiz = json.loads((root / "ka_lib/chapters/ch03.quiz.json").read_text(encoding="utf-8"))
    assert quiz[0]["question"] == {"zh": "签了几单？11 单？", "en": "How many? 11 deals?"}


def test_role_plays_are_built_with_the_chapter_they_belong_to(tmp_path):
    root = small_course.make(tmp_path)
    for place, words in {
        "course/ch09.md": small_course.LECTURE,
        "course/facts/ch09.py": small_course.FACTS,
        "course/scenarios/first_visit.yaml": 'start: {zh: "签了{{signed}}", en: "{{signed}} so far"}',
    }.items():
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text(words, encoding="utf-8")
    place = "ka_lib/chapters/first_visit.scenario.json"
    assert place not in build_plan.plan(root, ["ch03"])
    for made in (build_plan.plan(root, ["ch09"]), build_plan.plan(root)):
        assert json.loads(made[place]) == {"start": {"zh": "签了11 单", "en": "11 deals so far"}}


def test_an_unknown_chapter_is_named_with_the_ones_there_are(root):
    with pytest.raises(CourseError, match="ch03"):
        build_plan.chapters(root, ["ch99"])


def test_failing_facts_name_their_file(tmp_path):
    root = small_course.make(tmp_path)
    (root / "course/facts/ch03.py").write_text(
        "def facts(company):\n    return 1 / 0\n", encoding="utf-8"
    )
    with pytest.raises(CourseError, match=r"course/facts/ch03\.py.*ZeroDivisionError"):
        build_plan.plan(root)


def test_comments_keep_their_indent():
    code = "if True:\n    # zh: 甲\n    # en: one\n    x = 1"
    assert localised(code, "en") == "if True:\n    # one\n    x = 1"
