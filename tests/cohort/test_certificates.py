"""Does a graded certificate go to those who reached the pass mark, and to nobody else?"""

from __future__ import annotations

import datetime as dt

import pytest

from ka_course.cohorts.certificates import certificates, result
from ka_course.cohorts.marks import Row, marks
from ka_course.cohorts.roster import Learner
from ka_lib import language

DAY = dt.date(2025, 12, 31)
WHO = Learner("S01", "林悦")


def row(**points):
    waiting = not points
    total = None if waiting else float(sum(value or 0 for value in points.values()))
    return Row(WHO, points, total, "")


@pytest.mark.parametrize(
    ("rows", "points", "passes"),
    [
        ([row(q1=6, m1=0)], 6, True),
        ([row(q1=5.9, m1=0)], 5.9, False),
        ([row(q1=10, m1=None)], None, False),
        ([row(q1=10), row()], None, False),
        ([row(q1=10), row(q1=0)], 10, True),
    ],
)
def test_all_chapters_count_and_nothing_may_wait(rows, points, passes):
    found = result(rows, 10.0)
    assert found.points == points
    assert found.passed(0.6) is passes


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_one_page_a_learner_who_passed_and_a_line_for_each_other(cohort, grade, lang, tmp_path):
    language.use(lang)
    grade("S01")
    grade("S02", "misconception", "twice")
    lines = certificates(cohort, marks(cohort), tmp_path / "证书", 0.6, DAY)
    assert [path.name for path in (tmp_path / "证书").iterdir()] == ["S01.pdf"]
    assert len(lines) == 3
    assert "王伟" in lines[1]
    assert "0/16" in lines[1].replace(" of ", "/")
    assert "Lin Yue" in lines[2]


def test_a_name_that_cannot_be_printed_costs_nobody_else_a_page(cohort, grade, tmp_path):
    grade("S01")
    grade("S02")
    roster = cohort.root / "roster.csv"
    roster.write_text("id,name\nS01,한석봉\nS02,王伟\n", encoding="utf-8")
    cohort.__dict__.pop("learners", None)
    lines = certificates(cohort, marks(cohort), tmp_path / "c", 0.6, DAY)
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["S02.pdf"]
    assert "S01" in lines[1]
