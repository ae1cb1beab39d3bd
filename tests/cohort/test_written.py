"""Do written tasks go out to a workbook and come back whole, once, or not at all?"""

import openpyxl
import pytest
from nbgrader.api import Gradebook

from ka_course.cohorts.rubric import criteria, written_tasks
from ka_course.cohorts.written_export import export
from ka_course.cohorts.written_import import import_scores
from ka_course.speech import CourseError
from ka_lib import language


@pytest.fixture
def book(cohort, grade, tmp_path):
    """Return a path: the exported workbook of two answers."""
    grade("S01", plan="我的计划：=1+1")
    grade("S02", plan="多签 15%")
    grade("S03")
    assert export(cohort, "ch03", tmp_path / "书面题.xlsx") == 2
    return tmp_path / "书面题.xlsx"


def fill(path, **cells):
    opened = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        opened["m1"][cell] = value
    opened.save(path)
    return path


def score(cohort, learner):
    with Gradebook(cohort.db_url) as opened:
        grade = opened.find_grade("m1", "ch03", "ch03", learner)
        comment = opened.find_comment("m1", "ch03", "ch03", learner).manual_comment
        return grade.manual_score, grade.needs_manual_grade, comment


def test_the_rubric_comes_from_the_prompt(cohort):
    (task,) = written_tasks(cohort, "ch03")
    assert [(one.name, one.most) for one in task.criteria] == [("目标", 4), ("行动", 2)]
    assert task.criteria[0].levels == "4: 有数\n1: 没数"


def test_a_prompt_without_a_rubric_has_one_criterion():
    assert [(one.name, one.most) for one in criteria("Write.", 6, "en")] == [("points", 6)]


def test_the_workbook_shows_answers_and_takes_points(book):
    page = openpyxl.load_workbook(book)["m1"]
    heads = ["学号", "姓名", "答案", "目标 (0-4)", "行动 (0-2)", "合计", "评语"]
    assert [cell.value for cell in page[1]] == heads
    assert page["C3"].value == "我的计划：=1+1"
    assert page["C3"].data_type == "s"
    assert page.freeze_panes == "C3"
    assert [(rule.formula1, rule.formula2) for rule in page.data_validations.dataValidation] == [
        ("0", "4"),
        ("0", "2"),
    ]


def test_points_come_back_once(cohort, book):
    fill(book, D3=3.5, E3="２", G3="有数")
    done = import_scores(cohort, "ch03", book)
    assert done == (1, 0, 1)
    assert score(cohort, "S01") == (5.5, False, "目标 3.5/4；行动 2/2\n\n有数")
    assert score(cohort, "S02")[1] is True
    assert import_scores(cohort, "ch03", book) == (0, 1, 1)
    assert score(cohort, "S01")[0] == 5.5


def test_points_given_before_stand_in_the_next_export(cohort, book, tmp_path):
    fill(book, D3=3, E3=1, G3="好")
    import_scores(cohort, "ch03", book)
    export(cohort, "ch03", tmp_path / "again.xlsx")
    page = openpyxl.load_workbook(tmp_path / "again.xlsx")["m1"]
    assert [page[cell].value for cell in ("D3", "E3", "G3", "D4")] == [3, 1, "好", None]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"D3": 5, "E3": 1}, "D3"),
        ({"D3": -1, "E3": 1}, "D3"),
        ({"D3": "nan", "E3": 1}, "D3"),
        ({"D3": "x", "E3": 1}, "D3"),
        ({"D3": 1}, "E3"),
        ({"A3": "S99", "D3": 1, "E3": 1}, "A3"),
        ({"A3": "S02", "D3": 1, "E3": 1, "D4": 1, "E4": 1}, "A4"),
        ({"A3": None, "D3": 1, "E3": 1}, "A3"),
        ({"D1": "别的"}, "D"),
        ({"H1": "多一列"}, "H"),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_fault_is_named_by_its_cell_and_nothing_is_imported(cohort, book, cells, said, lang):
    language.use(lang)
    fill(book, **{"D4": 1, "E4": 1, **cells})
    before = score(cohort, "S01"), score(cohort, "S02")
    with pytest.raises(CourseError) as raised:
        import_scores(cohort, "ch03", book)
    assert raised.value.key == "written.faults"
    assert said in str(raised.value)
    assert "m1" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (score(cohort, "S01"), score(cohort, "S02")) == before


def test_an_answer_that_changed_since_is_not_given_old_points(cohort, book, grade):
    grade("S01", plan="新的计划")
    fill(book, D3=1, E3=1)
    with pytest.raises(CourseError, match="C3"):
        import_scores(cohort, "ch03", book)
    assert score(cohort, "S01")[1] is True


def test_another_file_gives_one_line(cohort, book, tmp_path):
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    for name, key in (
        ("other.xlsx", "written.not_ours"),
        ("no.xlsx", "cohort.not_a_workbook"),
        ("missing.xlsx", "written.no_file"),
    ):
        with pytest.raises(CourseError) as raised:
            import_scores(cohort, "ch03", tmp_path / name)
        assert raised.value.key == key
    opened = openpyxl.load_workbook(book)
    opened.remove(opened["m1"])
    opened.create_sheet("x")
    opened.save(tmp_path / "gone.xlsx")
    with pytest.raises(CourseError, match="m1"):
        import_scores(cohort, "ch03", tmp_path / "gone.xlsx")


def test_without_graded_work_there_is_nothing_to_export(cohort, tmp_path):
    with pytest.raises(CourseError) as raised:
        export(cohort, "ch03", tmp_path / "w.xlsx")
    assert raised.value.key == "written.no_answers"
    assert not (tmp_path / "w.xlsx").exists()
