"""The walls around a learner's code: what it can see, and how much it can use.

Prevents a submission that reads the keys, writes the gradebook, calls home or fills the
machine. The list says what is let in; all else is not there. The walls are
bubblewrap's (Linux namespaces); where there are none, grading refuses unless told to go on.

Not walled off: the processor's time between processes (no cgroups), and the system calls
themselves (no seccomp filter).
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ka_course.speech import CourseError, text

NOBODY = 65534
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
)
INSIDE = Path("/ka")
HOME = Path("/home/learner")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much one notebook may use.

    Parameters
    ----------
    cell_seconds, notebook_seconds : float
        Of wall time: one cell, and the whole notebook with its restarts.
    memory : int
        Megabytes, all processes together (and the address space of each one).
    processes : int
        Processes and threads.
    disk : int
        Megabytes of files.
    output : int
        Megabytes that may come out of the sandbox.
    restarts : int
        How often the rest of a notebook is tried again after a cell that took the kernel down.
    """

    cell_seconds: float = 30
    notebook_seconds: float = 150
    memory: int = 2048
    processes: int = 64
    disk: int = 64
    output: int = 64
    restarts: int = 3

    def rlimits(self) -> dict[str, int]:
        """Return the limits that the system keeps for each process."""
        return {
            # Address space is more than memory in use: libraries reserve what they never touch.
            "RLIMIT_AS": (self.memory + 1024) * MEGABYTE,
            "RLIMIT_NPROC": self.processes + _running_of(_uid_inside()),
            "RLIMIT_FSIZE": self.disk * MEGABYTE,
            "RLIMIT_CPU": int(self.notebook_seconds) + 1,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 512,
        }


@functools.cache
def unavailable() -> str | None:
    """Return why there is no sandbox here, in the reader's words; None where it works."""
    if sys.platform != "linux":
        return text("grading.no_sandbox_platform")
    if shutil.which("bwrap") is None:
        return text("grading.no_bwrap")
    tried = subprocess.run(  # noqa: S603 - our own command line
        [*_inside(Limits()), "--", sys.executable, "-I", "-c", ""],
        env={},
        capture_output=True,
        check=False,
        timeout=30,
    )
    if tried.returncode == 0:
        return None
    why = tried.stderr.decode(errors="replace").strip().splitlines()
    return text("grading.sandbox_fails", why=why[-1] if why else tried.returncode)


def require() -> None:
    """Raise unless there is a sandbox here.

    Raises
    ------
    CourseError
        With the reason, and the flag that accepts the risk.
    """
    if reason := unavailable():
        raise CourseError("grading.refused", why=reason)


def command(stage: Path, worker: Path, library: Path, limits: Limits) -> list[str]:
    """Return the command line of one notebook's process inside the sandbox.

    Parameters
    ----------
    stage : Path
        Holds ``tables`` and ``given``: seen as ``/ka/tables`` and ``/ka/given``.
    worker, library : Path
        The script to run and the ``ka_lib`` folder.
    limits : Limits
    """
    line = _inside(limits)
    line += ["--ro-bind", str(library), f"{INSIDE}/ka_lib"]
    line += ["--ro-bind", str(worker), f"{INSIDE}/worker.py"]
    line += ["--ro-bind", str(stage / "tables"), f"{INSIDE}/tables"]
    line += ["--ro-bind", str(stage / "given"), f"{INSIDE}/given"]
    line += ["--remount-ro", "/", "--chdir", str(HOME)]
    return [*line, "--", sys.executable, "-I", f"{INSIDE}/worker.py"]


def settings(limits: Limits) -> dict[str, object]:
    """Return what the worker has to do before the first cell."""
    return {
        "rlimits": limits.rlimits(),
        "become": NOBODY if _is_root() else None,
        "library": str(INSIDE),
        "given": f"{INSIDE}/given",
    }


def environment(home: Path | str, tables: Path | str) -> dict[str, str]:
    """Return all that a cell finds in ``os.environ``."""
    return {
        "HOME": str(home),
        "KA_COMPANY": str(tables),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{home}/.matplotlib",
        "OMP_NUM_THREADS": "1",  # each thread reserves address space
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _walls(limits: Limits) -> list[str]:
    """Return the part of the command line that is the same for every notebook."""
    line = ["bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--hostname", "course"]
    if _is_root():  # the worker itself becomes nobody: then no file of root's can be opened
        line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        line += ["--unshare-user", "--disable-userns"]
    for path in SYSTEM:
        if os.path.islink(path):  # noqa: PTH114 - `Path.readlink` follows in one line what this asks
            line += ["--symlink", os.readlink(path), path]  # noqa: PTH115
        elif os.path.isdir(path):  # noqa: PTH112
            line += ["--ro-bind", path, path]
    for path in SETTINGS:
        line += ["--ro-bind-try", path, path]
    size = str(limits.disk * MEGABYTE)
    line += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--perms", "1777"]
    line += ["--tmpfs", "/dev/shm", "--remount-ro", "/dev"]  # noqa: S108 - the sandbox's own
    line += ["--size", size, "--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108
    line += ["--size", size, "--perms", "0777", "--tmpfs", str(HOME)]
    for name, value in environment(HOME, INSIDE / "tables").items():
        line += ["--setenv", name, value]
    return line


def _inside(limits: Limits) -> list[str]:
    """Return the walls with the interpreter let in."""
    line = _walls(limits)
    prefixes = _prefixes()
    above = {folder for prefix in prefixes for folder in Path(prefix).parents} - {Path("/")}
    for folder in sorted({*above, INSIDE}):
        line += ["--perms", "0755", "--dir", str(folder)]  # closed to nobody otherwise
    for prefix in prefixes:
        line += ["--ro-bind", prefix, prefix]
    return line


def _prefixes() -> list[str]:
    """Return the folders of the interpreter that are not part of the system, outermost first."""
    real = Path(sys.executable).resolve().parent.parent
    found = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve(), real}
    return [
        str(path)
        for path in sorted(found)
        if path != Path("/") and not any(path.is_relative_to(system) for system in SYSTEM)
    ]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _uid_inside() -> int:
    if _is_root():
        return NOBODY
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _running_of(uid: int) -> int:
    """Count a user's threads: the limit on processes counts them all, whoever started them."""
    count = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
        except OSError:
            continue
        if lines.get("Uid", "").split()[:1] == [str(uid)]:
            count += int(lines.get("Threads", "1"))
    return count
