"""Can grading be stopped at any moment and taken up again, with nothing lost or doubled?"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow
KILLS, LEARNERS = 20, 16


def class_of(room, number):
    """Let learners of three kinds hand in; return their kinds."""
    kinds = {"worked": room.worked, "first": room.answered(room.solutions("q1"))}
    kinds["untouched"] = room.released
    names = {f"{kind}{place:02d}": kind for place, kind in enumerate([*kinds] * number)}
    names = dict(list(names.items())[:number])
    room.roster(*names)
    for name, kind in names.items():
        room.submit(name, kinds[kind])
    return names


def start(room):
    words = [sys.executable, "-m", "ka_course.cli", "grade", room.chapter]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(words, cwd=room.root, **quiet)


def left_by(pids):
    """Return what graders that are no more have left: processes, and folders of tables."""
    marks = [f"ka-grade-{pid}-" for pid in pids]
    lines = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    folders = [path.name for path in Path(tempfile.gettempdir()).glob("ka-grade-*")]
    return [name for name in [*lines, *folders] if any(mark in name for mark in marks)]


def test_killed_twenty_times_it_ends_with_the_gradebook_of_an_undisturbed_run(classroom, tmp_path):
    room = classroom()
    kinds = class_of(room, LEARNERS)
    calm = type(room)(tmp_path / "calm", room.chapter)
    shutil.copytree(room.root, calm.root)
    calm.roster(*list(kinds)[:3])
    calm.grade()
    expected = {kinds[name]: cells for name, cells in calm.grades().items()}
    chance = random.Random(7)  # noqa: S311 - moments to kill at
    killed = []
    for _ in range(KILLS):
        process = start(room)
        time.sleep(chance.uniform(0.7, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed.append(process.pid)
    room.grade()
    assert room.grades() == {name: expected[kind] for name, kind in kinds.items()}
    assert not left_by(killed)
    assert "这次批了 0 份" in room.grade()


def test_done_work_stays_done_and_changed_work_is_graded_again(classroom):
    room = classroom()
    class_of(room, 3)
    assert "这次批了 3 份" in room.grade()
    pages = {path: path.stat().st_mtime_ns for path in room.root.glob("autograded/*/*/*.ipynb")}
    assert "这次批了 0 份" in room.grade()
    assert {path: path.stat().st_mtime_ns for path in pages} == pages
    room.submit("untouched02", room.answered(room.solutions("q1")))
    assert "这次批了 1 份" in room.grade()
    assert room.score("untouched02") == room.points("q1")
    assert "这次批了 1 份" in room.grade("--again", "worked00")
    assert len(room.grades()) == 3


def test_ctrl_c_stops_at_once_and_the_next_run_goes_on(classroom):
    room = classroom()
    class_of(room, 4)
    process = start(room)
    while not list(room.root.glob("autograded/*/*/*.ipynb")):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 130
    room.grade()
    assert [room.score(name) > 0 for name in sorted(room.grades())] == [True, False, True, True]


def refused(room, *words, **settings):
    """Run ``ka grade``, which must refuse; return its one line."""
    before = {
        path: path.read_bytes()
        for path in room.root.rglob("*")
        if path.is_file() and path.name != ".grading.lock"
    }
    done = room.run("grade", *words, **settings)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    after = {path: path.read_bytes() for path in before if path.is_file()}
    assert after == before
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_what_stands_in_the_way_is_one_line_and_changes_nothing(classroom, tmp_path):
    room = classroom()
    class_of(room, 1)
    assert "bubblewrap" in refused(room, "3", PATH=str(tmp_path))
    assert "--no-sandbox" in refused(room, "3", PATH=str(tmp_path))
    assert "ch09" in refused(room, "9")
    assert "nobody" in refused(room, "3", "--again", "nobody")
    assert "cohort.yaml" in refused(room, "3", "--cohort", str(tmp_path))
    hold = (
        "import sqlite3; opened = sqlite3.connect('gradebook.db', isolation_level=None);"
        "opened.execute('BEGIN IMMEDIATE'); print('held', flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", hold], cwd=room.root, **pipes) as other:
        other.stdout.readline()
        assert "gradebook.db" in refused(room, "3")
        other.communicate(b"\n")
    (room.root / "gradebook.db").rename(room.root / "kept.db")
    assert "gradebook.db" in refused(room, "3")
    (room.root / "kept.db").rename(room.root / "gradebook.db")
    checks = room.root / "secret" / "ch03" / "ch03.checks.json"
    checks.write_text("{", encoding="utf-8")
    assert "checks" in refused(room, "3")


def test_two_at_once_do_not_write_one_gradebook(classroom):
    room = classroom()
    class_of(room, 2)
    process = start(room)
    try:
        while not list(room.root.glob("autograded/*")):
            time.sleep(0.05)
        done = room.run("grade", "3")
        assert done.returncode == 2
        assert "正在批改" in done.stderr
    finally:
        process.wait(timeout=60)
    assert os.path.exists(room.root / "autograded")  # noqa: PTH110
