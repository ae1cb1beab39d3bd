"""Is a roster read as trainers keep it, and every fault in it named by its row?"""

import openpyxl
import pytest

from ka_course.cohorts.roster import Learner, id_from_name, read_roster
from ka_course.speech import CourseError
from ka_lib import language

LIST = [Learner("S01", "林悦", "lin@example.com"), Learner("S02", "王伟", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "words",
    [
        "学号,姓名,邮箱\nS01,林悦,lin@example.com\nS02,王伟,\n",
        "工号\t姓名\t电子邮箱\nS01\t林悦\tlin@example.com\nS02\t王伟\t\n",
        "Name;ID;E-mail\r\n林悦;S01;lin@example.com\r\n\r\n王伟;Ｓ02;\r\n",
        "序号,学 号,姓 名,邮箱\n1,S01, 林悦 ,lin@example.com\n2,S02,王伟,\n",
    ],
)
def test_csv_in_every_encoding_and_shape(tmp_path, encoding, words):
    path = tmp_path / "名册 1.csv"
    path.write_bytes(words.encode(encoding))
    assert read_roster(path) == LIST


def test_a_workbook_with_numbers_as_ids(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["学号", "姓名"])
    book.active.append([1001, "林悦"])
    book.active.append([1002.0, "王伟"])
    book.save(tmp_path / "名册.xlsx")
    assert [one.id for one in read_roster(tmp_path / "名册.xlsx")] == ["1001", "1002"]


@pytest.mark.parametrize("words", ["姓名\n林悦\nLin Yue\n", "林悦\nLin Yue\n"])
def test_names_alone_give_ids_that_stay(tmp_path, words):
    path = tmp_path / "r.csv"
    path.write_text(words, encoding="utf-8")
    assert [one.id for one in read_roster(path)] == ["林悦", "lin-yue"]
    assert id_from_name(" LIN  yue ") == "lin-yue"


def test_every_fault_is_named_by_its_row_in_one_error(tmp_path):
    path = tmp_path / "r.csv"
    lines = ["id,name", "S01,Lin Yue", "S02,", ",Wang Wei", "S01,Li Wei", "a/b,Chen", "con,Zhao"]
    path.write_text("\n".join(lines), encoding="utf-8")
    language.use("en")
    with pytest.raises(CourseError) as raised:
        read_roster(path)
    said = str(raised.value)
    assert "\n" not in said
    assert said.startswith("5 to put right")
    for row in ("row 3 has no name", "row 4 has no id", 'row 5 repeats the id "S01"'):
        assert row in said
    assert 'row 6 has the id "a/b"' in said
    assert 'row 7 has the id "con"' in said


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "cohort.roster_empty"),
        (b"id,name\n", "cohort.roster_empty"),
        (b"a,b\nc,d\n", "cohort.roster_headers"),
        ("姓名\n王伟\n王伟\n".encode(), "cohort.roster_faults"),
        (b"PK\x03\x04 not a workbook", "cohort.not_a_workbook"),
        (b"\xd0\xcf\x11\xe0 old", "cohort.roster_old_excel"),
        (b"id\x00name\xff\xff\x00", "cohort.roster_encoding"),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_is_no_roster_gives_one_line(tmp_path, content, key, lang):
    language.use(lang)
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(CourseError) as raised:
        read_roster(path)
    assert raised.value.key == key
    assert "r.csv" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_roster(tmp_path):
    with pytest.raises(CourseError, match=r"no\.csv"):
        read_roster(tmp_path / "no.csv")
