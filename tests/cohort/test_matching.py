"""Does a file go to whom its name says, and to nobody where it does not say it clearly?"""

import pytest

from ka_course.cohorts.matching import copy_number, match
from ka_course.cohorts.roster import Learner

ROSTER = [
    Learner("20250101", "林悦"),
    Learner("20250102", "王伟"),
    Learner("20250103", "王伟"),
    Learner("20250104", "王伟明"),
    Learner("20250105", "Lin Yue"),
    Learner("20250106", "José García"),
    Learner("7", "欧阳娜娜"),
]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("林悦_ch03(1).ipynb", "20250101"),
        ("第3章练习-林悦-最终版.ipynb", "20250101"),
        ("林悦的作业.ipynb", "20250101"),
        ("ch03 - Lin Yue - attempt2.ipynb", "20250105"),
        ("yue_lin_ch03.ipynb", "20250105"),
        ("LinYue_LATE_12345_67890_ch03.ipynb", "20250105"),
        ("Jose Garcia_4711_assignsubmission_file_/ch03.ipynb", "20250106"),
        ("homework of josé garcía v2.ipynb", "20250106"),
        ("20250101.ipynb", "20250101"),
        ("20250103 王伟/ch03.ipynb", "20250103"),
        ("20250102王伟ch03.ipynb", "20250102"),
        ("王伟明.zip/作业/ch03.ipynb", "20250104"),
        ("第一组/欧阳娜娜/ch03 副本.ipynb", "7"),
        ("7.ipynb", "7"),
        ("ＬＩＮ　ＹＵＥ．ipynb".replace("．", "."), "20250105"),
    ],
)
def test_clear_names(path, owner):
    found = match(path.split("/"), ROSTER)
    assert [one.id for one in found.learners] == [owner]


@pytest.mark.parametrize(
    ("path", "count", "nearest"),
    [
        ("王伟_ch03.ipynb", 2, "王伟"),  # two people of one name
        ("林悦和王伟明.ipynb", 0, ""),  # a run of signs that is no name
        ("林悦/王伟明_ch03.ipynb", 2, "林悦"),  # one name outside, another inside
        ("20250101_王伟明.ipynb", 2, "林悦"),  # an id of one, a name of another
        ("王伟国.ipynb", 0, "王伟"),  # a longer name is somebody else
        ("Lin Yue Fang.ipynb", 0, "Lin Yue"),
        ("Lin Yu.ipynb", 0, "Lin Yue"),
        ("ch03(7).ipynb", 0, ""),  # a copy's number is no id
        ("202501010.ipynb", 0, "林悦"),
        ("ch03.ipynb", 0, ""),
    ],
)
def test_unclear_names_go_to_nobody_and_name_the_nearest(path, count, nearest):
    found = match(path.split("/"), ROSTER)
    assert len(found.learners) == count
    assert len(found.learners) != 1
    if nearest:
        assert nearest in found.nearest


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("ch03.ipynb", 0),
        ("林悦_ch03(1).ipynb", 1),
        ("林悦_ch03（12）.ipynb", 12),
        ("ch03 - attempt2.ipynb", 2),
        ("ch03 v3.ipynb", 3),
        ("ch03 副本 2.ipynb", 2),
        ("ch03-Copy4.ipynb", 4),
        ("20250101.ipynb", 0),
    ],
)
def test_the_number_of_a_copy(name, number):
    assert copy_number(name) == number
