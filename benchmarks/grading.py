"""How long does a submission take, beside nbgrader's own pipeline? Run by hand, never as a test.

    uv run python benchmarks/grading.py [--number 50] [--chapter ch03]

Grades the same generated submissions three times, each in one process: by nbgrader as it comes
(a cold kernel for each submission; its checks inside the kernel, told the secret company's
numbers by KA_CHECKS), by ``ka grade``, and by ``ka grade --no-sandbox``. CPU counts the grader
and all that it started; memory is the largest sum over these processes at one moment.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import nbformat
import psutil

from ka_course.places import repository
from ka_course.simulated_class import hand_in, members
from ka_course.tasks import load_assignment

STOCK = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/gradebook.db"
"""
LOOK_EVERY = 0.02  # seconds; what a process spends after the last look at it is not seen
KA = [sys.executable, "-m", "ka_course.cli"]


def main() -> None:
    """Make the cohort, grade it three times, print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--number", type=int, default=50)
    words.add_argument("--chapter", default="ch03")
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="ka-benchmark-") as folder:
        cohort = make(Path(folder), given.chapter, given.number)
        rows, scores = [], []
        for name in ("nbgrader, cold kernel", "ka grade", "ka grade --no-sandbox"):
            place = Path(folder) / name.replace(" ", "-")
            shutil.copytree(cohort, place)
            rows.append((name, *measure(*way(name, place, given.chapter), place)))
            scores.append(totals(place))
    print(
        f"{given.number} submissions of {given.chapter}; the same scores: {scores[0] == scores[1] == scores[2]}"
    )
    print(f"{'':24}{'s each':>8}{'ratio':>7}{'CPU s':>8}{'ratio':>7}{'peak MB':>9}{'ratio':>7}")
    base = rows[0]
    for name, *values in rows:
        seconds, cpu, memory = values
        print(
            f"{name:24}{seconds / given.number:8.2f}{seconds / base[1]:7.2f}"
            f"{cpu / given.number:8.2f}{cpu / base[2]:7.2f}{memory:9.0f}{memory / base[3]:7.2f}"
        )


def make(folder: Path, chapter: str, number: int) -> Path:
    """Return a cohort whose learners are the simulated class, as often as it takes."""
    class_ = members(load_assignment(repository() / "solutions" / chapter / "tasks.py"))
    learners = [f"s{place:03d}" for place in range(number)]
    roster, cohort = folder / "roster.csv", folder / "cohort"
    roster.write_text("id,name\n" + "".join(f"{one},{one}\n" for one in learners), encoding="utf-8")
    for line in (
        [
            "cohort",
            "new",
            "benchmark",
            "--lang",
            "zh",
            "--roster",
            str(roster),
            "--to",
            str(cohort),
        ],
        ["cohort", "release", chapter, "--cohort", str(cohort)],
    ):
        subprocess.run([*KA, *line], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    released = nbformat.read(cohort / "release" / chapter / f"{chapter}.ipynb", as_version=4)
    for place, learner in enumerate(learners):
        notebook = hand_in(released, class_[place % len(class_)].codes)
        target = cohort / "submitted" / learner / chapter / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")
    return cohort


def way(name: str, cohort: Path, chapter: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of one way to grade."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    settings = {**os.environ, "PATH": path}
    if name.startswith("ka"):
        return [*KA, "grade", chapter, *name.split()[2:]], settings
    config = STOCK.format(root=str(cohort))
    (cohort / "nbgrader_config.py").write_text(config, encoding="utf-8")
    secret = cohort / "secret" / chapter
    settings |= {"KA_COMPANY": str(secret / "tables"), "KA_CHECKS": str(secret)}
    return [sys.executable, "-m", "nbgrader", "autograde", chapter], settings


def measure(line: list[str], settings: dict[str, str], cohort: Path) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds and peak megabytes of a command and what it started."""
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        line, cwd=cohort, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        spent: dict[tuple[int, float], float] = {}
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(process, spent, peak), daemon=True)
        watch.start()
        process.wait()
    seconds = time.perf_counter() - start
    watch.join()
    return seconds, sum(spent.values()), peak[0]


def _watch(
    process: subprocess.Popen[bytes], spent: dict[tuple[int, float], float], peak: list[float]
) -> None:
    """Look at every process again and again: bubblewrap does not hand on what its child spent."""
    while process.poll() is None:
        total = 0
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(process.pid)
            for one in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    total += one.memory_info().rss
                    times = one.cpu_times()
                    spent[one.pid, one.create_time()] = times.user + times.system
        peak[0] = max(peak[0], total / 1e6)
        time.sleep(LOOK_EVERY)


def totals(cohort: Path) -> list[tuple[str, float]]:
    """Return each learner's automatic score."""
    query = """
        SELECT submitted_assignment.student_id, SUM(COALESCE(grade.auto_score, 0)) FROM grade
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        GROUP BY submitted_assignment.student_id ORDER BY submitted_assignment.student_id
    """
    with closing(sqlite3.connect(cohort / "gradebook.db")) as opened:
        return list(opened.execute(query))


if __name__ == "__main__":
    main()
