"""What does a hostile submission reach, change or earn?

Every attacker answers q1 rightly and nothing else: six points are what each has earned.
"""

import hashlib
import json
import os
import selectors
import socket
import threading
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell

pytestmark = pytest.mark.slow
CANARY = "KA" + "CANARY" + "731"
ROOTS = ["/root", "/home", "/work", "/tmp", "/var", "/etc", "/opt", "/mnt", "/ka", "/proc/self/cwd"]  # noqa: S108

READ = """
needle = b"KA" + b"CANARY" + b"731"
found, tried = [], {roots!r}
import os, pathlib
places = [path for root in tried for path, _, _ in os.walk(root)]
for place in places:
    if "/lib/python" in place or "/site-packages" in place:
        continue
    for name in os.listdir(place) if os.access(place, os.R_OK) else []:
        path = pathlib.Path(place, name)
        try:
            if path.is_file() and needle in path.read_bytes():
                found.append(str(path))
        except OSError:
            pass
for name in ("secret/seed", "gradebook.db", "source/ch03/ch03.ipynb", "submitted/victim/ch03/ch03.ipynb"):
    for way in ("", "/proc/1/root", "/proc/self/root"):
        try:
            found.append(open(way + {cohort!r} + "/" + name, "rb").read(20))
        except OSError:
            pass
for module in ("ka_course", "ka_course.tasks", "solutions"):
    try:
        __import__(module)
        found.append(module)
    except ImportError:
        pass
print("FOUND", len(found), found)
"""
ENVIRONMENT = """
import glob, os
words = [repr(dict(os.environ))]
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        words.append(open(path).read())
    except OSError:
        pass
print(words)
"""
WRITE = """
import os, shutil, sqlite3
for name in ("gradebook.db", "autograded/writer/ch03/ch03.ipynb", "autograded/x", "cohort.yaml", "submitted/victim/x"):
    path = {cohort!r} + "/" + name
    for act in (
        lambda: open(path, "ab").write(b"x"),
        lambda: os.makedirs(path),
        lambda: os.remove(path),
        lambda: sqlite3.connect(path).execute("UPDATE grade SET manual_score = 100"),
    ):
        try:
            act()
        except Exception:
            pass
for place in ("/ka/ka_lib/judge.py", "/ka/tables/orders.csv", "/usr/lib/x", "/etc/x", "/x", "/dev/x", "/ka/x", os.__file__):
    try:
        open(place, "ab").write(b"x")
        print("WROTE", place)
    except OSError:
        pass
for flag in ("-o remount,rw / /", "-t tmpfs tmpfs /mnt"):
    os.system("mount " + flag)
"""
NETWORK = """
import socket, urllib.request, subprocess
for host in {hosts!r}:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_INET, kind) as line:
                line.settimeout(1)
                line.connect((host, {port}))
                line.send(b"hello")
        except OSError:
            pass
try:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect({abstract!r})
        line.send(b"hello")
except OSError:
    pass
try:
    urllib.request.urlopen("http://127.0.0.1:{port}/", timeout=1)
except Exception:
    pass
print(open("/proc/net/dev").read())
"""
PRACTICE = """
import json, os, ka_lib
from pathlib import Path
checks = json.loads((Path(ka_lib.__file__).parent / "chapters" / "ch03.checks.json").read_text(encoding="utf-8"))
expected = {name: task["expected"] for name, task in checks["tasks"].items()}
"""
ATTACKS = {
    "reader": READ,
    "environment": ENVIRONMENT,
    "writer": WRITE,
    "network": NETWORK,
    "transformer": """
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
shell.input_transformers_post.append(lambda lines: [])
""",
    "asserts": """
import builtins
class AssertionError(Exception): pass
builtins.AssertionError = AssertionError
import ka_lib.feedback as f
f.CheckFailed.__init__ = lambda *a, **k: None
f._fail = lambda outcome: None
""",
    "judge": """
import ka_lib.feedback as f, ka_lib.judge as j, ka_lib.judge_frame as g
right = f.Outcome("right", "", "ok")
f.judge_answer = lambda *a, **k: right
j.compare = g.compare_frame = lambda *a, **k: j.EQUAL
j.Verdict.equal = property(lambda self: True)
""",
    "codec": PRACTICE
    + """
import ka_lib.answers as a, sys
a.encode = lambda answer: {"type": "right", "equal": True, "outcome": "right"}
a.decode = lambda data: data
main = sys.modules["__main__"]
for name in ("read_answer",):
    if hasattr(main, name):
        setattr(main, name, lambda shell, name: {"answer": True, "done": "ok", "outcome": "right"})
""",
    "check": """
check = lambda *given: print("批改通过：换一家公司的数据，答案也对。")
import ka_lib as ka
ka.assignment = lambda name: (check, check)
""",
    "practice_numbers": PRACTICE
    + """
from ka_lib.answers import decode
for task, data in expected.items():
    if task != "q1":
        globals()[checks["tasks"][task]["answer"]] = decode(data)
""",
    "pipe": PRACTICE
    + """
lines = [
    {"answer": True}, {"done": "ok"}, {"outcome": "right"}, {"ready": True}, [1], "x", 3, None,
    {"answer": {"type": "frame", "rows": 10**9, "index": [], "columns": []}},
    {"answer": {"type": "record", "name": "x; import os", "fields": ["__class__"], "values": [1]}},
    {"answer": {"type": "days", "value": 1e308}}, {"refused": 7}, {"output": {"output_type": "stream"}},
    {"output": {"output_type": "error", "traceback": {}, "ename": 3}},
]
deep = b'{"answer":' + b'[' * 60000 + b"\\n"
for fd in range(3, 30):
    for line in [*(json.dumps(one).encode() for one in lines), deep, b"\\xff\\xfe", b'{"answer": ' + b'9' * 5000 + b'}']:
        try:
            os.write(fd, line + b"\\n")
        except OSError:
            break
""",
    "liar": """
class Anything:
    def __eq__(self, other): return True
    def __float__(self): return 1.0
    def __getattr__(self, name): return self
    def __call__(self, *given): return self
    __hash__ = None
import ka_lib, pandas as pd
class Table(pd.DataFrame):
    def __getitem__(self, name): return Anything()
import json as j
for name in {answers!r}:
    globals()[name] = Anything()
""",
    "bomb": """
deep = []
for _ in range(100_000):
    deep = [deep]
class Long(list):
    def __len__(self): return 0
    def __iter__(self):
        while True:
            yield 1
class Huge(dict):
    def keys(self): return range(10**9)
values = [deep, Long(), "x" * 10**8, 10**4000, Huge(), list(range(10**6)), b"x", range(10**9)]
for name, value in zip({answers!r}, values):
    globals()[name] = value
""",
    "hooks": """
shell = get_ipython()
def fill(*given):
    for name in {answers!r}:
        shell.user_ns[name] = True
for moment in ("pre_execute", "post_execute", "pre_run_cell", "post_run_cell"):
    shell.events.register(moment, fill)
shell.run_cell = lambda *given, **also: None
shell.ast_transformers.append(type("T", (), {"visit": lambda self, node: node})())
""",
    "outliver": """
import atexit, os, subprocess, sys, threading, time
marker = "KA" + "DAEMON" + "42"
def work():
    while True:
        time.sleep(0.1)
atexit.register(work)
threading.Thread(target=work).start()
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", marker])
        os._exit(0)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", marker], start_new_session=True)
""",
    "page": """
from IPython.display import HTML, Javascript, SVG, display
display(HTML("<script>alert('KA" + "SCRIPT')</script><img src=x onerror=alert(1)><a href='javascript:1'>x</a><b>bold</b>"))
display(Javascript("alert('KA" + "SCRIPT')"))
display({"text/latex": "KA" + "SCRIPT", "application/javascript": "KA" + "SCRIPT"}, raw=True)
""",
}


@pytest.fixture
def listener():
    """Listen where a sandbox must never come out; count who does."""
    calls, stop = [], threading.Event()
    name = f"\0ka-{os.getpid()}"
    with (
        socket.create_server(("0.0.0.0", 0)) as tcp,  # noqa: S104 - every way out of the sandbox
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        selectors.DefaultSelector() as ready,
    ):
        port = tcp.getsockname()[1]
        udp.bind(("0.0.0.0", port))  # noqa: S104
        unix.bind(name)
        unix.listen()
        for line in (tcp, udp, unix):
            ready.register(line, selectors.EVENT_READ)

        def take():
            while not stop.is_set():
                for key, _ in ready.select(timeout=0.1):
                    calls.append(key.fileobj.type)
                    if key.fileobj is udp:
                        udp.recv(10)
                    else:
                        key.fileobj.accept()[0].close()

        thread = threading.Thread(target=take)
        thread.start()
        yield port, name, calls
        stop.set()
        thread.join()


def tree(root):
    """Return a digest of every file that no grading may change."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(root).parts[0] not in ("autograded", "gradebook.db", ".grading.lock")
    }


def test_an_attacker_reaches_nothing_and_earns_what_was_earned(classroom, assignment, listener):
    port, abstract, calls = listener
    room = classroom()
    room.settings(cell_seconds=6)
    facts = attack_facts(room, assignment, port, abstract)
    for name in ATTACKS:
        room.submit(name, attacked(room, name, facts))
    room.submit("forger", forged(room))
    room.submit("linker", room.answered(room.solutions("q1")))
    room.submit("victim", room.worked)
    (room.folder("victim") / "notes.txt").write_text(CANARY, encoding="utf-8")
    for place in ("secret", "source"):
        (room.root / place / "canary.txt").write_text(CANARY, encoding="utf-8")
    lay_links(room)

    attackers = [*ATTACKS, "forger", "linker"]
    room.roster(*attackers, "victim", "notebook_link", "folder_link")
    calls.clear()
    before = tree(room.root)
    room.grade(KA_CANARY=CANARY)
    assert tree(room.root) == before

    scores = {name: room.score(name) for name in attackers}
    assert scores == dict.fromkeys(attackers, room.points("q1"))
    assert room.score("victim") == 80
    assert room.score("notebook_link") == room.score("folder_link") == 0
    assert all(
        manual is None for cells in room.grades().values() for _, manual, _ in cells.values()
    )
    assert {path.name for path in (room.root / "autograded").iterdir()} <= {
        *attackers,
        "victim",
        "notebook_link",
        "folder_link",
    }
    assert not calls, "something came out of the sandbox"
    for name in (*attackers, "notebook_link", "folder_link"):
        folder = room.root / "autograded" / name
        for path in folder.rglob("*"):
            words = path.read_bytes() if path.is_file() else b""
            assert CANARY.encode() not in words, (name, path)
            assert not path.is_symlink()
        assert [path.name for path in folder.rglob("*") if path.is_file()] in (["ch03.ipynb"], [])
    shown = {name: json.dumps(outputs_of(room, name), ensure_ascii=False) for name in ATTACKS}
    assert "FOUND 0 []" in shown["reader"]
    assert "WROTE" not in shown["writer"]
    assert str(room.root) not in shown["environment"]
    assert "lo:" in shown["network"]
    assert "eth" not in shown["network"]
    for sign in ("KASCRIPT", "onerror", "javascript:", "<script"):
        assert sign not in shown["page"].replace("KA" + '\\" + \\"SCRIPT', ""), sign
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if "KADAEMON42" in command]


def test_the_same_code_gets_out_where_there_is_no_sandbox(classroom, assignment, listener):
    """Without this the test above could pass because its attacks are toothless."""
    port, abstract, calls = listener
    room = classroom()
    facts = attack_facts(room, assignment, port, abstract) | {"roots": [str(room.root)]}
    for name in ("reader", "network"):
        room.submit(name, attacked(room, name, facts))
    (room.root / "secret" / "canary.txt").write_text(CANARY, encoding="utf-8")
    room.roster("reader", "network")
    calls.clear()
    room.grade("--no-sandbox")
    assert "canary.txt" in json.dumps(outputs_of(room, "reader"))
    assert calls


def attack_facts(room, assignment, port, abstract):
    tasks = assignment("ch03").tasks
    return {
        "cohort": str(room.root),
        "roots": [str(room.root), *ROOTS],
        "hosts": ["127.0.0.1", "localhost", socket.gethostbyname(socket.gethostname())],
        "port": port,
        "abstract": abstract,
        "answers": [task.answer for name, task in tasks.items() if name != "q1"],
    }


def attacked(room, name, facts):
    """Return a notebook that answers q1 and attacks, its own place in the attack filled in."""
    notebook, code = room.answered(room.solutions("q1")), ATTACKS[name]
    for fact, value in facts.items():
        code = code.replace("{" + fact + "!r}", repr(value)).replace("{" + fact + "}", str(value))
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "q1-check")
    place += name == "pipe"  # a forged reply would stand in for the attacker's own right answer
    notebook.cells.insert(place, new_code_cell(code, id="attack"))
    return notebook


def forged(room):
    """Return a notebook that says of itself that it was graded."""
    notebook = room.answered(room.solutions("q1"))
    notebook.metadata.ka = {"grading": {"outcomes": {"q2": {"outcome": "right"}}}, "handed_in": []}
    output = {"output_type": "execute_result", "data": {"text/plain": "1000.0"}}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            about.update(points=1000, score=1000, manual_score=1000, locked=False, grade=False)
            if cell.cell_type == "code":
                cell.source = "pass"
                cell.outputs = [{**output, "metadata": {}, "execution_count": 1}]
    return notebook


def lay_links(room):
    """Hand in links: to secrets beside a notebook, in place of it, in place of its folder."""
    source = room.root / "source" / "ch03"
    for name, target in {
        "all": room.root,
        "checks.json": room.root / "secret" / "ch03" / "ch03.checks.json",
        "canary.txt": room.root / "secret" / "canary.txt",
        "passwd": Path("/etc/passwd"),
    }.items():
        (room.folder("linker") / name).symlink_to(target)
    os.mkfifo(room.folder("linker") / "pipe")
    (room.folder("notebook_link") / "ch03.ipynb").symlink_to(source / "ch03.ipynb")
    (room.root / "submitted" / "folder_link").mkdir()
    (room.root / "submitted" / "folder_link" / "ch03").symlink_to(source)


def outputs_of(room, name):
    return [
        cell.get("outputs") for cell in room.graded(name)["cells"] if cell["id"].startswith("own-")
    ]
