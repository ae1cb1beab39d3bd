"""Does formgrader open on the cohort, without a network, and grade as ``ka grade`` does?"""

import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from nbgrader.api import Gradebook

from ka_course.cohorts.formgrader import serve
from ka_course.grading import sandbox
from ka_course.learn_server import free_port
from ka_course.speech import CourseError

pytestmark = pytest.mark.browser


@contextmanager
def formgrader(cohort):
    """Run the command; give the address it prints; stop it as an instructor would."""
    command = [sys.executable, "-m", "ka_course.cli", "formgrader", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--port", str(free_port(None)), "--cohort", str(cohort.root)],
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield re.search(r"http\S+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def grades(cohort, learner):
    with Gradebook(cohort.db_url) as opened:
        found = opened.find_submission("ch03", learner).notebooks[0].grades
        return {one.name: (one.auto_score, one.manual_score) for one in found}


def test_a_written_task_is_marked_and_the_button_grades_as_the_command_does(cohort, grade, page):
    grade("S01", "misconception", "twice", plan="多签 15%")  # though the answer is right
    assert grades(cohort, "S01")["q1-check"] == (0, None)
    with formgrader(cohort) as address:
        page.goto(address)
        page.get_by_role("link", name="ch03").first.wait_for()
        base = address.partition("/formgrader")[0]
        if sandbox.unavailable() is None:
            page.goto(f"{base}/formgrader/manage_submissions/ch03")
            row = page.locator("tr", has_text="林悦")
            row.locator("td.autograde a").click()
            page.get_by_text("Successfully autograded").wait_for(timeout=60_000)
            assert grades(cohort, "S01") == {"q1-check": (10, None), "m1": (None, None)}
        page.goto(f"{base}/formgrader/gradebook/ch03/ch03")
        page.get_by_role("link", name="Submission #1").click()
        score = page.locator("input.score").last
        score.wait_for()
        assert "多签 15%" in page.content()
        score.fill("5")
        with page.expect_response(lambda got: "/api/grade/" in got.url and got.ok):
            score.press("Tab")
    assert grades(cohort, "S01")["m1"] == (None, 5)
    assert page.outside == []


def test_a_missing_gradebook_or_a_taken_port_is_one_line(cohort):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(CourseError, match=str(taken.getsockname()[1])):
            serve(cohort, taken.getsockname()[1], browser=False)
    cohort.db_file.unlink()
    with pytest.raises(CourseError) as raised:
        serve(cohort, None, browser=False)
    assert raised.value.key == "cohort.db_missing"
