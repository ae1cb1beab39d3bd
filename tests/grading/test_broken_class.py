"""Does one broken submission cost anybody but its owner, and its owner more than it must?"""

import copy
import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

pytestmark = pytest.mark.slow

# Each stands between a right q1 and a right q2: code -> (kind of note, the task it names).
BREAKS = {
    "endless": (
        """
print("I am here")
while True:
    print(end="")
""",
        "cell_time",
    ),
    "stubborn": (
        """
import signal, time
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
""",
        "cell_time",
    ),
    "os_exit": (
        """
import os
os._exit(0)
""",
        "died",
    ),
    "kill_all": (
        """
import os, signal
for pid in (-1, 1, os.getppid(), os.getpid()):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
""",
        "died",
    ),
    "no_pipes": (
        """
import os, time
os.closerange(3, 300)
time.sleep(0.2)
""",
        "died",
    ),
    "segfault": (
        """
import ctypes
ctypes.string_at(0)
""",
        "died",
    ),
    "hog": (
        """
import os, time
for _ in range(4):
    if os.fork() == 0:
        kept = bytearray(b'x') * 400_000_000
        time.sleep(60)
time.sleep(60)
""",
        "memory",
    ),
    "flood": (
        """
import os
fds = [int(name) for name in os.listdir('/proc/self/fd')]
for _ in range(1000):
    for fd in fds:
        try:
            os.write(fd, b'x' * 100_000 + b'\\n')
        except OSError:
            pass
""",
        "output",
    ),
}
# These do not end the process: everything else of the notebook counts.
HARMLESS = {
    "fork_bomb": """
import os, time
for _ in range(100_000):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except OSError:
        break
""",
    "own_memory": "huge = bytearray(50_000_000_000)",
    "big_output": """
for _ in range(500):
    print('x' * 100_000)
""",
    "big_disk": """
with open('f', 'wb') as file:
    for _ in range(200):
        file.write(bytes(1_000_000))
""",
    "stdin": "name = input('?')",
    "sys_exit": """
import sys
sys.exit(1)
""",
    "exit": "exit()",
    "raises": "raise BaseException('stop')",
    "no_stdout": """
import sys
sys.stdout.close()
sys.stdout = None
""",
    "stderr": """
import sys, warnings
print('x', file=sys.stderr)
warnings.warn('old')
""",
    "syntax": "def (:",
    "weird": """
class A(type):
    def __repr__(cls): raise SystemExit
class B(metaclass=A): pass
B
""",
}


def place_of(notebook, name):
    return next(
        place
        for place, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def with_code(room, code):
    """Return a notebook with q1 and q2 answered, and a cell between them."""
    notebook = room.answered(room.solutions("q1", "q2"))
    notebook.cells.insert(place_of(notebook, "q1-check") + 1, new_code_cell(code, id="between"))
    return notebook


def test_the_rest_of_a_notebook_counts_whatever_one_cell_does(classroom):
    room = classroom()
    room.settings(cell_seconds=6, memory=1000)
    room.roster(*BREAKS, *HARMLESS, "last")
    for name, (code, _) in BREAKS.items():
        room.submit(name, with_code(room, code))
    for name, code in HARMLESS.items():
        room.submit(name, with_code(room, code))
    room.submit("last", room.worked)
    table = room.grade()
    earned = room.points("q1", "q2")
    scores = {name: room.score(name) for name in (*BREAKS, *HARMLESS)}
    assert scores == dict.fromkeys(scores, earned)
    notes = {name: room.notes(name) for name in BREAKS}
    assert notes == {name: {(kind, "")} for name, (_, kind) in BREAKS.items()}
    noted = {name: room.notes(name) for name in HARMLESS}
    assert noted == {name: set() for name in HARMLESS}
    assert "I am here" in json.dumps(room.graded("endless"))
    assert room.score("last") == 80, "the class went on"
    lines = dict(line.split(maxsplit=1) for line in table.splitlines())
    assert "运行太久" in lines["endless"]
    assert "内存太多" in lines["hog"]
    shown = sum(
        len(json.dumps(cell.get("outputs", []))) for cell in room.graded("big_output")["cells"]
    )
    assert shown < 1_000_000, "the output is cut"


def misshapen(base, released):
    """Return notebooks whose cells are not as they were handed out: kind -> notebook."""
    check, solution = place_of(base, "q1-check"), place_of(base, "q1")
    made = {}

    def change(name):
        made[name] = copy.deepcopy(base)
        return made[name].cells

    cells = change("doubled_check")
    cells.insert(check, copy.deepcopy(cells[check]))
    cells = change("doubled_solution")
    cells.insert(solution, copy.deepcopy(released.cells[solution]))
    cells = change("deleted_check")
    del cells[check]
    cells = change("deleted_task")
    del cells[check], cells[solution]
    cells.append(new_code_cell(base.cells[solution].source, id="mine"))
    cells = change("edited_check")
    cells[check].source = "assert True"
    cells = change("moved_check")
    cells.insert(0, cells.pop(check))
    cells = change("foreign")
    alien = copy.deepcopy(cells[check])
    alien.id = alien.metadata.nbgrader.grade_id = "q77-check"
    alien.metadata.nbgrader.points = 1000
    cells.append(alien)
    cells = change("reversed")
    cells[:] = [*cells[:solution], *cells[solution:][::-1]]
    change("other_kernel")
    made["other_kernel"].metadata.kernelspec = {"name": "julia-9", "display_name": "Julia"}
    for cell in change("no_metadata"):
        cell.metadata = {}
    cells = change("check_as_text")
    cells[check] = new_markdown_cell("gone", id="q1-check")
    cells = change("no_written_answer")
    del cells[place_of(base, written_task(base))]
    for cell in change("same_ids"):
        cell.id = "q1"
    return made


def odd_files(base):
    """Return notebooks that hold what no notebook holds, or are of an old format."""
    odd, old = json.loads(json.dumps(base)), json.loads(json.dumps(base))
    odd["cells"] += [None, 7, {"cell_type": "code"}, {"cell_type": "code", "source": {"a": 1}}]
    odd["metadata"] = 3
    for cell in old["cells"]:
        cell["input"] = cell.pop("source")
    sheets = [{"cells": old["cells"]}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    return {"odd": odd, "old": old}


def written_task(notebook):
    return next(
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    )


def test_a_notebook_that_lost_its_form_is_graded_for_what_it_holds(classroom):
    room = classroom()
    base = room.answered(room.solutions("q1", "q2"))
    written = written_task(base)
    made = misshapen(base, room.released) | odd_files(base)
    broken = {
        "half": json.dumps(base)[:5000],
        "empty": "",
        "list": "[1, 2]",
        "deep": "[" * 100_000,
        "no_cells": '{"cells": "none", "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    }
    room.roster(*made, *broken, "other_name", "nothing")
    for name, notebook in (made | broken).items():
        room.submit(name, notebook)
    (room.folder("other_name") / "作业.ipynb").write_text(json.dumps(base), encoding="utf-8")
    table = room.grade()

    earned = room.points("q1", "q2")
    scores = {name: room.score(name) for name in made}
    # A learner who runs everything backwards computes from tables that are not loaded yet.
    assert scores == {**dict.fromkeys(scores, earned), "reversed": scores["reversed"]}
    assert {name: room.score(name) for name in broken} == dict.fromkeys(broken, 0)
    assert room.score("other_name") == 0
    assert "nothing" not in room.grades()
    assert room.notes("doubled_check") == {("duplicated", "q1")}
    assert room.notes("doubled_solution") == {("duplicated", "q1")}
    assert room.notes("deleted_check") == {("deleted", "q1")}
    assert room.notes("deleted_task") == {("deleted", "q1")}
    assert room.notes("edited_check") == {("edited", "q1")}
    assert room.notes("moved_check") == {("moved", "q1")}
    assert room.notes("foreign") == {("foreign", "")}
    assert room.notes("check_as_text") == {("edited", "q1")}
    assert room.notes("no_written_answer") == {("deleted", written)}
    assert room.notes("odd") == {("cut", "")}
    assert all(room.notes(name) == {("unreadable", "")} for name in broken)
    assert not room.notes("other_kernel")
    assert not room.notes("no_metadata")
    lines = dict(line.split(maxsplit=1) for line in table.splitlines())
    assert "没有交" in lines["nothing"]
    assert "没有这一章的笔记本" in lines["other_name"]
    assert "打不开" in lines["half"]
    for name in made:
        ids = [cell["id"] for cell in room.graded(name)["cells"]]
        assert len(ids) == len(set(ids)), name
