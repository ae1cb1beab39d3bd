"""Does the sandbox stand for an ordinary user as it does for root?

Run by root, this test becomes nobody first; run by anybody else, it is what it says.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from ka_course.grading import sandbox

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
ASK = """
import os, socket
print("uid", os.getuid(), "can", [name for name in ("/ka/x", "/usr/x", "/x", "/dev/x") if os.access(os.path.dirname(name), os.W_OK)])
print("home", os.listdir("/home"), os.path.exists({cohort!r}))
os.system("unshare -Ur true && echo NESTED")
"""


def as_nobody():
    """Return the command that makes an ordinary user of root, with this interpreter in reach."""
    if os.geteuid() != 0:
        return []
    needed = [Path(prefix) for prefix in sandbox._prefixes()]
    needed += [ROOT] if not any(ROOT.is_relative_to(prefix) for prefix in needed) else []
    closed = {
        folder
        for path in needed
        for folder in path.parents
        if folder != Path("/") and not folder.stat().st_mode & 0o001
    }
    line = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev"]
    for folder in sorted(closed):
        line += ["--perms", "0755", "--tmpfs", str(folder)]
    for path in sorted(needed):
        if inside := [folder for folder in closed if path.is_relative_to(folder)]:
            between = [each for each in reversed(path.parents) if each.is_relative_to(min(inside))]
            for folder in between[1:]:
                line += ["--perms", "0755", "--dir", str(folder)]
            line += ["--ro-bind", str(path), str(path)]
    user = str(sandbox.NOBODY)
    return [*line, "--", "setpriv", "--reuid", user, "--regid", user, "--clear-groups"]


def test_an_ordinary_user_grades_in_a_sandbox_too(classroom):
    room = classroom()
    notebook = room.answered(room.solutions("q1", "q2"))
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "q1-check")
    code = ASK.replace("{cohort!r}", repr(str(room.root)))
    notebook.cells.insert(place + 1, new_code_cell(code, id="ask"))
    room.roster("worked", "asker")
    room.submit("worked", room.worked)
    room.submit("asker", notebook)
    with tempfile.TemporaryDirectory(prefix="ka-nobody-") as folder:
        home = Path(folder)
        own = type(room)(home / "cohort", room.chapter)
        shutil.copytree(room.root, own.root)
        if os.geteuid() == 0:
            for path in [home, *home.rglob("*")]:
                os.chown(path, sandbox.NOBODY, sandbox.NOBODY)
        done = subprocess.run(
            [*as_nobody(), sys.executable, "-m", "ka_course.cli", "grade", room.chapter],
            cwd=own.root,
            env={**os.environ, "HOME": folder},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert own.score("worked") == 80
        assert own.score("asker") == own.points("q1", "q2")
        assert not own.notes("asker")
        shown = str([cell.get("outputs") for cell in own.graded("asker")["cells"]])
        assert "can []" in shown
        assert "home ['learner'] False" in shown
        assert "NESTED" not in shown
