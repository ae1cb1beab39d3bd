"""Run one notebook and bring its answers home: the one place where learners' code runs.

Prevents one submission from stopping the others: whatever a cell does (loops for ever, kills
its process, prints without end), this returns in time with what did run. It judges nothing.

A cell that takes the process down is left out, and the cells before and after it run again in
a fresh process, as far as the notebook's time goes.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ka_course.grading import sandbox
from ka_course.grading.sandbox import MEGABYTE, Limits
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKER = Path(__file__).with_name("worker.py")
LIBRARY = Path(__file__).parents[2] / "ka_lib"
START_SECONDS = 60
LONGEST_MESSAGE = 16 * MEGABYTE
MOST_GIVEN = 32 * MEGABYTE
STAGES = "ka-grade-"
PATIENCE = 0.3  # seconds for a process to end by itself
LOOK_EVERY = 0.2  # seconds between two looks at the memory in use


@dataclass(frozen=True)
class Step:
    """One thing to do: run ``source``, or read the answer called ``name``.

    ``task`` says which task a step belongs to; empty for the cells between them.
    """

    source: str = ""
    name: str = ""
    task: str = ""


@dataclass
class Ran:
    """What became of one step.

    ``status`` is ``"ok"``, ``"error"``, ``"not_run"``, or how the process ended:
    ``"cell_time"``, ``"notebook_time"``, ``"memory"``, ``"output"``, ``"died"``.
    ``answer`` holds ``{"answer": data}`` or ``{"refused": {...}}`` for a step that reads.
    """

    status: str = "not_run"
    outputs: list[Any] = field(default_factory=list)
    answer: dict[str, Any] | None = None


class _EndedError(Exception):
    """The process is gone, or has to go; ``reason`` is one of Ran's statuses."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def run(
    steps: Sequence[Step],
    tables: Path,
    *,
    given: Path | None = None,
    limits: Limits | None = None,
    sandboxed: bool = True,
) -> list[Ran]:
    """Run a notebook's steps in order in a process of its own.

    Parameters
    ----------
    steps : sequence of Step
        Cells to run, and answers to read at their places.
    tables : Path
        The company's tables, which ``ka.load()`` finds.
    given : Path, optional
        The submission's folder; plain files in it stand in the notebook's working folder.
    limits : Limits, optional
    sandboxed : bool
        False runs without walls: only for those who trust every learner.

    Returns
    -------
    list of Ran
        One a step.

    Raises
    ------
    CourseError
        There is no sandbox here, or its process does not start.
    """
    limits = limits or Limits()
    if sandboxed:
        sandbox.require()
    ran = [Ran() for _ in steps]
    until = time.monotonic() + limits.notebook_seconds
    left_out: set[int] = set()
    with _stage(tables, given) as stage:
        for _ in range(limits.restarts + 1):
            place = _run_through(steps, ran, left_out, _Kernel(stage, limits, until, sandboxed))
            if place is None or time.monotonic() >= until:
                break
            left_out.add(place)
            if not any(step.name and not one.answer for step, one in zip(steps, ran, strict=True)):
                break
    return ran


def _run_through(
    steps: Sequence[Step], ran: list[Ran], left_out: set[int], kernel: _Kernel
) -> int | None:
    """Run the steps that are not left out; return the place of one that took the process down."""
    place = -1
    try:
        with kernel:
            for place, step in enumerate(steps):
                if place in left_out or ran[place].answer:
                    continue
                first = ran[place].status == "not_run"
                outputs: list[Any] = []
                try:
                    found = kernel.ask(step, outputs)
                finally:
                    if first:
                        ran[place].outputs = outputs
                if step.name:
                    ran[place].answer = found
                if first:
                    ran[place].status = str(found.get("done", "ok"))
    except _EndedError as end:
        if place < 0:
            raise
        ran[place].status = end.reason
        return place
    return None


class _Kernel:
    """One process that runs cells; gone for good when the block ends."""

    def __init__(self, stage: Path, limits: Limits, until: float, sandboxed: bool) -> None:
        self.stage, self.limits, self.until, self.sandboxed = stage, limits, until, sandboxed
        self.messages: queue.Queue[bytes | None] = queue.Queue()

    def __enter__(self) -> Self:
        if self.sandboxed:
            line = sandbox.command(self.stage, WORKER, LIBRARY, self.limits)
            environment = {"PATH": "/usr/bin:/bin"}
            settings, place = sandbox.settings(self.limits), Path("/")
        else:
            home = self.stage / "home"
            home.mkdir(exist_ok=True)
            line = [sys.executable, "-I", str(WORKER)]
            environment = sandbox.environment(home, self.stage / "tables")
            environment |= {
                name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ
            }
            rlimits = self.limits.rlimits()
            rlimits.pop("RLIMIT_NPROC")  # would count the instructor's own processes
            settings = {"rlimits": rlimits, "library": str(LIBRARY.parent)}
            settings["given"], place = str(self.stage / "given"), home
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # bubblewrap's complaint; the worker takes it from the cells
            env=environment,
            cwd=place,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            self._send(settings)
            started = self._wait("ready failed", [], time.monotonic() + START_SECONDS)
            why = started.get("failed", "")
        except _EndedError as end:
            why = end.reason
            if self.process.poll() is not None and self.process.stderr is not None:
                why = self.process.stderr.read(500).decode(errors="replace").strip() or why
        if why:
            self.__exit__()
            raise CourseError("grading.no_start", why=why)
        return self

    def __exit__(self, *_: object) -> None:
        """End the process and everything it started: by itself if it will, else by force."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process.wait(timeout=PATIENCE)
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def ask(self, step: Step, outputs: list[Any]) -> dict[str, Any]:
        """Do one step; return the message that ended it."""
        request = {"read": step.name} if step.name else {"run": step.source}
        self._send(request)
        until = time.monotonic() + self.limits.cell_seconds
        return self._wait("answer refused" if step.name else "done", outputs, until)

    def _send(self, message: dict[str, Any]) -> None:
        line = json.dumps(message).encode("ascii") + b"\n"
        # A process that does not read its requests must not hold the grader up.
        writer = threading.Thread(target=self._write, args=(line,), daemon=True)
        writer.start()
        writer.join(self.limits.cell_seconds)

    def _write(self, line: bytes) -> None:
        stream = self.process.stdin
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.write(line)
                stream.flush()

    def _read(self) -> None:
        """Take lines from the process until one is too long or all together are too much."""
        stream = self.process.stdout
        if stream is None:
            return
        total = 0
        with contextlib.suppress(OSError, ValueError):
            while line := stream.readline(LONGEST_MESSAGE):
                total += len(line)
                if len(line) >= LONGEST_MESSAGE or total > self.limits.output * MEGABYTE:
                    self.messages.put(b"too much")
                    return
                self.messages.put(line)
        self.messages.put(None)

    def _wait(self, ending: str, outputs: list[Any], until: float) -> dict[str, Any]:
        """Collect outputs until a message with one of the ending's keys comes."""
        until = min(until, self.until)
        while True:
            left = until - time.monotonic()
            if left <= 0:
                late = "notebook_time" if time.monotonic() >= self.until else "cell_time"
                raise _EndedError(late)
            try:
                line = self.messages.get(timeout=min(left, LOOK_EVERY))
            except queue.Empty:
                most = self.limits.memory * MEGABYTE
                if self.sandboxed and _too_much_memory(self.process.pid, most):
                    raise _EndedError("memory") from None
                if self.process.poll() is not None and self.messages.empty():
                    raise _EndedError("died") from None
                continue
            if line is None:
                raise _EndedError("died")
            if line == b"too much":
                raise _EndedError("output")
            message = _parse(line)
            if any(key in message for key in ending.split()):
                return message
            if "output" in message:
                outputs.append(message["output"])


def _parse(line: bytes) -> dict[str, Any]:
    """Return a message; an empty one for what is none, as a learner can write into the pipe."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _too_much_memory(root: int, most: int) -> bool:
    """Return whether a process and its descendants hold more than that many bytes."""
    import psutil

    resident, own = 0, 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(root)
        family = [process, *process.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.Error):
                resident += one.memory_info().rss
        if resident <= most:
            return False
        for one in family:  # forked processes share most of it: slower to find out, and fairer
            try:
                own += one.memory_full_info().pss
            except psutil.Error:
                with contextlib.suppress(psutil.Error):
                    own += one.memory_info().rss
    return own > most


def sweep() -> None:
    """Remove what a killed grading left in the folder for temporary files."""
    import psutil

    for folder in Path(tempfile.gettempdir()).glob(f"{STAGES}*-*"):
        owner = folder.name.removeprefix(STAGES).partition("-")[0]
        mine = not hasattr(os, "geteuid") or folder.lstat().st_uid == os.geteuid()
        if mine and owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _stage(tables: Path, given: Path | None) -> Any:
    """Lay out copies of what a notebook may read, in a folder that no other user can enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"{STAGES}{os.getpid()}-"))  # mode 700
    try:
        for name in ("tables", "given", "given/.matplotlib"):
            (folder / name).mkdir()
        for path in tables.glob("*.csv"):
            shutil.copyfile(path, folder / "tables" / path.name)
        if given is not None:
            _copy_plain(given, folder / "given")
        for path in _font_lists():
            shutil.copyfile(path, folder / "given" / ".matplotlib" / path.name)
        for path in [*(folder / "tables").rglob("*"), *(folder / "given").rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        for name in ("tables", "given"):
            (folder / name).chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_plain(source: Path, target: Path) -> None:
    """Copy plain files beside the notebook: no links, no pipes, no more than fits."""
    room = MOST_GIVEN
    for folder, names, files in os.walk(source, followlinks=False):
        names[:] = [name for name in names if not (Path(folder) / name).is_symlink()]
        for name in files:
            path = Path(folder) / name
            if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb":
                continue
            room -= path.stat().st_size
            if room < 0:
                return
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def _font_lists() -> list[Path]:
    """Return matplotlib's list of fonts: without it every notebook searches the whole system."""
    import matplotlib as mpl

    cache = Path(mpl.get_cachedir())
    found = list(cache.glob("fontlist-*.json"))
    if not found:
        import matplotlib.font_manager  # noqa: F401 - writes the list

        found = list(cache.glob("fontlist-*.json"))
    return found
