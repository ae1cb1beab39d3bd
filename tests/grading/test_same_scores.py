"""Do all the ways to grade agree, and is an honest learner graded as nbgrader would?"""

import os
import shutil
import subprocess
import sys

import pytest

from ka_course.cohort import Cohort
from ka_course.cohorts.gradebook import enrol, gradebook
from ka_course.simulated_class import members

pytestmark = pytest.mark.slow

STOCK = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/gradebook.db"
"""


def nbgrader(room, **settings):
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # noqa: PTH120
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", room.chapter],
        cwd=room.root,
        env={**os.environ, "PATH": path, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_way_to_grade_gives_the_same_scores(classroom, assignment, tmp_path):
    room = classroom()
    chosen = {one.name: one for one in members(assignment("ch03"))}
    names = ["untouched", "right-2", "wrong-1-1", "wrong-1-2"]
    room.roster(*names)
    cohort = Cohort.load(room.root)
    with gradebook(cohort) as opened:
        enrol(opened, cohort)
    for name in names:
        room.submit(name, room.answered(chosen[name].codes))

    def copied(name):
        other = type(room)(tmp_path / name, room.chapter)
        shutil.copytree(room.root, other.root)
        return other

    own_config, stock, open_ = copied("own config"), copied("stock"), copied("no sandbox")
    room.grade()
    nbgrader(own_config)
    assert own_config.grades() == room.grades()

    config = stock.root / "nbgrader_config.py"
    config.write_text(STOCK.format(root=str(stock.root)), encoding="utf-8")
    secret = stock.root / "secret" / "ch03"
    nbgrader(stock, KA_COMPANY=str(secret / "tables"), KA_CHECKS=str(secret))
    assert stock.grades() == room.grades(), "the in-kernel check and the judge outside disagree"

    open_.grade("--no-sandbox")
    assert open_.grades() == room.grades()
