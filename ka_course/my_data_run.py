"""Run ``ka report`` beside the notebook: its memory and its crashes are not the notebook's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from ka_course.speech import CourseError
from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRESS = re.compile(r"\| (\d+)/(\d+)")
LAST_LINES = 5


def run_report(  # noqa: PLR0913 - one argument a choice that the reader has
    data: Path,
    out: Path,
    *,
    owner: str,
    as_of: str,
    dates: str = "",
    currency: str = "",
    step: Callable[[int, int], None],
) -> Path:
    """Make a funnel review and return its page.

    Parameters
    ----------
    data, out : Path
        The export and the folder for the report.
    owner, as_of : str
        Empty for everybody and for the data's last day.
    dates, currency : str
        As ``ka report`` takes them; empty where the file settles it.
    step : callable
        Is told how many cells are done, and of how many.

    Raises
    ------
    CourseError
        What ``ka report`` said.
    """
    command = [sys.executable, "-m", "ka_course.cli", "report", "funnel-review"]
    command += ["--lang", language.current(), f"--data={data}", f"--out={out}"]
    command += [f"--owner={owner}", f"--as-of={as_of}", f"--currency={currency}"]
    command += [f"--dates={dates}"] if dates else []
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    said: deque[str] = deque(maxlen=LAST_LINES)
    with process:
        for line in process.stdout or ():  # the bar's carriage returns count as line ends
            if found := PROGRESS.search(line):
                step(int(found[1]), int(found[2]))
            elif line.strip():
                said.append(line.strip())
    last = said[-1] if said else ""
    if process.returncode:
        raise CourseError("report.says", what=last)
    return Path(last)
