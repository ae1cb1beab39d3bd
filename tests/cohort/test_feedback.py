"""Does a feedback page say what the verdict was, and nothing that the learner may not know?"""

import re
import subprocess
import sys
import zipfile

import pytest
from nbgrader.api import Gradebook

from ka_course.cohorts.feedback import feedback
from ka_course.cohorts.feedback_page.formulas import with_pictures
from ka_course.cohorts.feedback_page.safe import safe
from ka_course.speech import CourseError


@pytest.fixture
def pages(cohort, grade, tmp_path):
    grade("S01", plan="<script>alert(1)</script>计划 <img src='https://evil.example/x.png'>")
    grade("S02", "misconception", "twice")
    with Gradebook(cohort.db_url) as opened:
        opened.find_comment("m1", "ch03", "ch03", "S01").manual_comment = "**好**"
        opened.db.commit()
    done = feedback(cohort, "ch03", tmp_path / "反馈.zip")
    return (
        cohort,
        done,
        {path.name: path.read_text(encoding="utf-8") for path in done.folder.iterdir()},
    )


def test_a_page_a_learner_named_by_the_learner(pages):
    cohort, done, words = pages
    assert set(words) == {"林悦-S01.html", "王伟-S02.html"}
    assert done.waiting == ["林悦"]
    assert (cohort.root / "feedback" / "S02" / "ch03" / "ch03.html").is_file()
    with zipfile.ZipFile(done.archive) as packed:
        assert set(packed.namelist()) == set(words)


def test_the_words_of_the_verdict_and_the_comment_are_there(pages):
    _, _, words = pages
    right, wrong = words["林悦-S01.html"], words["王伟-S02.html"]
    assert '<html lang="zh-CN">' in right
    assert "10 / 16 分" in right
    assert "待批改" in right
    assert "<strong>好</strong>" in right
    assert "数了两遍" in wrong
    assert "还要再看看" in wrong


def test_no_key_no_test_no_output_of_the_secret_company(pages):
    cohort, _, words = pages
    seed = (cohort.root / "secret" / "seed").read_text(encoding="ascii").strip()
    for page in words.values():
        for secret in ("SECRET", "BEGIN", "assert", "check(", "1 + 1", seed):
            assert secret not in page


def test_nothing_is_fetched_and_nothing_acts(pages):
    _, _, words = pages
    for page in words.values():
        assert "default-src 'none'" in page
        assert not re.search(r"<script|<link|<iframe|@import|evil\.example", page)
        assert not re.search(r"src=(?![\"']?data:)", page)


def test_making_them_again_changes_nothing(pages, snapshot):
    cohort, _, _ = pages
    before = snapshot(cohort.root / "feedback")
    assert feedback(cohort, "ch03").changed == 0
    assert snapshot(cohort.root / "feedback") == before


def test_nbgraders_own_command_makes_the_same_page(pages):
    cohort, _, words = pages
    folder = cohort.root / "feedback" / "S02"
    (folder / "ch03" / "ch03.html").unlink()
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "ch03", "--student", "S02"]
    done = subprocess.run(
        [*command, "--force"], cwd=cohort.root, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "ch03" / "ch03.html").read_text(encoding="utf-8") == words["王伟-S02.html"]


def test_nothing_graded_gives_one_line(cohort):
    with pytest.raises(CourseError) as raised:
        feedback(cohort, "ch03")
    assert raised.value.key == "feedback.none_graded"


def test_a_formula_is_a_picture_and_money_is_not():
    made = with_pictures("rate $\\frac{won}{all}$, `$x$`, $5 and $10")
    assert made.count("data:image/png;base64,") == 1
    assert made.endswith(", `$x$`, $5 and $10")
    assert with_pictures("$\\nosuchcommand{$") == "$\\nosuchcommand{$"


@pytest.mark.parametrize(
    "harm",
    [
        "<script>x</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:x'>a</a>",
        "<style>body{display:none}</style>",
        "<iframe src=x></iframe>",
        "<form action=x><input></form>",
        "<p style='background:url(https://x.example)'>p</p>",
    ],
)
def test_what_acts_is_taken_out(harm):
    cleaned = safe(f"<p>kept</p>{harm}")
    assert "<p>kept</p>" in cleaned
    for word in ("script", "onerror", "alert", "display", "iframe", "form", "url"):
        assert word not in cleaned
