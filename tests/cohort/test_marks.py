"""Do the marks add up, and do they say which mistake the cohort made?"""

import csv
import io

import openpyxl
import pytest

from ka_course.cohorts.marks import in_short, line_of, marks, told
from ka_course.cohorts.marks_files import write
from ka_course.speech import CourseError
from ka_lib import language
from ka_lib.feedback import CHAPTERS, load_checks

BUILT = sorted(path.name.partition(".")[0] for path in CHAPTERS.glob("*.checks.json"))


@pytest.fixture
def graded(cohort, grade):
    grade("S01", plan="写了")
    grade("S02", "misconception", "twice")
    (cohort.root / "submitted" / "S03" / "ch03").mkdir(parents=True)
    language.use("zh")
    return cohort


def test_points_by_task_and_in_all(graded):
    (sheet,) = marks(graded, "ch03")
    assert [task.id for task in sheet.tasks] == ["q1", "m1"]
    assert sheet.most == 16
    rows = {row.learner.name: row for row in sheet.rows}
    assert rows["林悦"].points == {"q1": 10, "m1": None}
    assert (rows["林悦"].total, rows["林悦"].status) == (10, "书面题待评分")
    assert rows["王伟"].points == {"q1": 0, "m1": 0}
    assert (rows["王伟"].total, rows["王伟"].status) == (0, "已批改")
    assert (rows["Lin Yue"].total, rows["Lin Yue"].status) == (None, "还没批改")


@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh", "第 1 题：2 人里有 1 人——数了两遍"), ("en", "Question 1: 1 of 2 - counted twice")],
)
def test_the_mistakes_in_the_readers_language(graded, lang, line):
    language.use(lang)
    sheets = marks(graded)
    wrong = [one for one in sheets[0].mistakes if one.outcome == "misconception"]
    assert [line_of(one) for one in wrong] == [line]
    assert any(line in words for words in told(sheets, []))


def test_the_csv_opens_in_excel(graded, tmp_path):
    written = write(marks(graded, "ch03"), tmp_path / "成绩.csv", None)
    assert [path.name for path in written] == ["成绩.csv", "成绩-常见错误.csv"]
    raw = written[0].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0]["姓名"] == "林悦"
    assert rows[0]["第 1 题 (10)"] == "10"
    assert rows[0]["客户计划 (6)"] == ""
    assert rows[0]["总分"] == "10"
    assert rows[2]["总分"] == ""


def test_the_workbook_as_a_trainer_sends_it_on(graded, tmp_path):
    (path,) = write(marks(graded, "ch03"), None, tmp_path / "成绩.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["ch03 成绩", "ch03 常见错误"]
    page = book["ch03 成绩"]
    assert page.freeze_panes == "C2"
    assert page["D2"].value == 10
    assert page["D2"].number_format == "0.##"
    assert page["D5"].value == 5  # the average of 10 and 0
    mistakes = [row for row in book["ch03 常见错误"].iter_rows(values_only=True) if row[2] == 1]
    assert {row[1] for row in mistakes} == {"做对了", "数了两遍"}
    assert mistakes[0][4] == 0.5


def test_a_name_that_looks_like_a_formula_stays_text(graded, tmp_path):
    roster = graded.root / "roster.csv"
    roster.write_text("id,name\nS01,=1+1\n", encoding="utf-8")
    graded.__dict__.pop("learners", None)
    path, _ = write(marks(graded, "ch03"), tmp_path / "m.csv", None)
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")
    (book,) = write(marks(graded, "ch03"), None, tmp_path / "m.xlsx")
    cell = openpyxl.load_workbook(book)["ch03 成绩"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_place_that_cannot_be_written_gives_one_line(graded, tmp_path):
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(CourseError) as raised:
        write(marks(graded, "ch03"), None, tmp_path / "taken.xlsx")
    assert raised.value.key == "cohort.cannot_write"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ka")] == []


@pytest.mark.parametrize(
    ("message", "short"),
    [
        ("你算出来是 {answer}，分母用的是全部线索。换一个分母。", "分母用的是全部线索"),
        ("你算出来是 {answer:.1f} 天，这是中位数：一半的单比它快。", "这是中位数：一半的单比它快"),
        ("你选的 8 家（{answer}）只按贡献排。潜力呢？", "你选的 8 家只按贡献排"),
        ('You chose "{answer}", the lowest rate. It is low.', "the lowest rate"),
        ("You got {answer:,.0f} yuan: the cost of a lead. Why?", "the cost of a lead"),
        (
            "You got {answer:.1f} days. That is the median: faster. So.",
            "That is the median: faster",
        ),
        ("You took 57 accounts, 5.8% of all. More.", "You took 57 accounts, 5.8% of all"),
    ],
)
def test_a_mistake_in_a_few_words(message, short):
    assert in_short(message) == short


@pytest.mark.parametrize("chapter", BUILT)
def test_every_mistake_of_the_course_has_a_few_words(chapter):
    for task in load_checks(chapter)["tasks"].values():
        for one in task["misconceptions"]:
            for lang in language.LANGUAGES:
                words = in_short(one[lang])
                assert 3 <= len(words) <= 160, words
                assert "{" not in words
