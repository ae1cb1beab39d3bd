"""The notebook's side of grading: runs cells one by one, in a process that holds no secret.

This file runs alone inside the sandbox: it may import the standard library, IPython and
``ka_lib``, nothing else of the course. What it says is a claim by the learner's side; the
parent (`ka_course.grading.run`) believes only data, and judges that by itself.

It reads one JSON object a line (``{"run": source}``, ``{"read": name}``) and answers in
the same way (``{"output": ...}``, ``{"answer": ...}``, ``{"done": ...}``).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TEXT = 200_000  # characters of printed text a cell; the rest is cut
MOST_DATA = 4_000_000  # characters of one picture or table
MOST_OUTPUTS = 200  # a cell
AT_ONCE = 8_000
SOON = 0.2  # seconds


class Channel:
    """The two pipes to the parent, taken away from the cells' own stdin and stdout."""

    def __init__(self) -> None:
        self.requests = os.fdopen(os.dup(0), "rb")
        self.replies = os.fdopen(os.dup(1), "wb")
        with Path(os.devnull).open("r+b", buffering=0) as nowhere:
            for stream in (0, 1, 2):
                os.dup2(nowhere.fileno(), stream)

    def next(self) -> dict[str, Any] | None:
        """Return the parent's next request, None when there is none left."""
        line = self.requests.readline()
        return json.loads(line) if line else None

    def send(self, **message: Any) -> None:
        """Write one message, whole or not at all."""
        line = json.dumps(message, allow_nan=False).encode("ascii") + b"\n"
        self.replies.write(line)
        self.replies.flush()


class Outputs:
    """Sends what a cell shows as it comes, and cuts what no grader would read."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.start()

    def start(self) -> None:
        """Begin a cell."""
        self.count, self.written, self.waiting, self.sent = 0, 0, ("", ""), time.monotonic()

    def write(self, stream: str, words: str) -> None:
        """Take printed text."""
        name, before = self.waiting
        if name != stream:
            self.flush()
            before = ""
        room = MOST_TEXT - self.written
        if room <= 0:
            return
        kept = words[:room]
        self.written += len(kept)
        if self.written >= MOST_TEXT:
            kept += "\n...\n"
        self.waiting = (stream, before + kept)
        # In time to be seen, should the cell never end.
        if len(before) + len(kept) > AT_ONCE or time.monotonic() - self.sent > SOON:
            self.flush()

    def flush(self) -> None:
        """Send the text that waits."""
        name, words = self.waiting
        self.waiting, self.sent = ("", ""), time.monotonic()
        if words:
            self.add({"output_type": "stream", "name": name, "text": words})

    def add(self, output: dict[str, Any]) -> None:
        """Take a picture, a table, a result or an error."""
        if output["output_type"] != "stream":
            self.flush()
        self.count += output["output_type"] != "stream"
        if self.count > MOST_OUTPUTS or len(repr(output)) > MOST_DATA:
            return
        with contextlib.suppress(TypeError, ValueError):  # what JSON cannot carry is not shown
            self.channel.send(output=output)


class Stream(io.TextIOBase):
    """The cells' ``sys.stdout`` or ``sys.stderr``."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.stream, self.outputs = name, outputs

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, words: str) -> int:
        """Take printed text."""
        self.outputs.write(self.stream, str(words))
        return len(words)


def make_shell(outputs: Outputs) -> Any:
    """Return an IPython shell whose results, pictures and errors go to ``outputs``."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Results(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            result = {"data": dict(format_dict), "metadata": dict(md_dict or {})}
            count = self.prompt_count
            outputs.add({"output_type": "execute_result", "execution_count": count, **result})

        def finish_displayhook(self) -> None:
            pass

    class Displays(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
            shown = {"data": dict(data), "metadata": dict(metadata or {})}
            outputs.add({"output_type": "display_data", **shown})

        def clear_output(self, wait: bool = False) -> None:
            pass

    class Shell(InteractiveShell):
        displayhook_class = Results
        display_pub_class = Displays

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            lines = [str(line) for line in stb]
            about = {"ename": getattr(etype, "__name__", str(etype)), "evalue": str(evalue)}
            outputs.add({"output_type": "error", **about, "traceback": lines})

        def ask_exit(self) -> None:
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    sys.path.insert(0, "")
    return shell


def read_answer(shell: Any, name: str, encode: Callable[[Any], Any]) -> dict[str, Any]:
    """Return an answer as data, or the reason why it is none."""
    if name not in shell.user_ns:
        return {"refused": {"reason": "no_name"}}
    answer = shell.user_ns[name]
    try:
        return {"answer": encode(answer)}
    except Exception as error:  # noqa: BLE001 - a learner's object may raise anything
        key = str(getattr(error, "key", ""))
        reason = "function" if callable(answer) else "no_data"
        return {"refused": {"reason": reason, "key": key, "kind": type(answer).__name__[:80]}}


def limit(settings: dict[str, Any]) -> None:
    """Take the limits on, and leave root behind for good, before any cell runs."""
    with contextlib.suppress(ImportError):
        import resource

        for name, most in settings["rlimits"].items():
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (value, value))
    if settings.get("become"):
        os.setgroups([])
        os.setgid(settings["become"])
        os.setuid(settings["become"])
        if os.getuid() != settings["become"] or os.geteuid() == 0:
            sys.exit("still root")


def start(settings: dict[str, Any], outputs: Outputs) -> tuple[Any, Callable[[Any], Any]]:
    """Take the limits on, lay out the working folder; return the shell and the codec.

    The codec is taken before any cell can put something else in its place: who breaks it by
    accident still gets an answer read.
    """
    limit(settings)
    with contextlib.suppress(OSError, shutil.Error):  # what does not fit is not there
        shutil.copytree(settings["given"], ".", dirs_exist_ok=True, symlinks=True)
    sys.path.insert(0, settings["library"])
    shell = make_shell(outputs)
    from ka_lib import answers

    return shell, answers.encode


def main() -> None:
    """Serve the parent until it has no request left."""
    channel = Channel()
    outputs = Outputs(channel)
    try:
        shell, encode = start(channel.next() or {}, outputs)
    except Exception as error:  # noqa: BLE001 - the parent tells the instructor
        channel.send(failed=f"{type(error).__name__}: {error}")
        return
    channel.send(ready=True)
    while (request := channel.next()) is not None:
        outputs.start()
        # Anew for each cell: one that closed them must not cost the next one its task.
        sys.stdout, sys.stderr = Stream("stdout", outputs), Stream("stderr", outputs)
        if "read" in request:
            channel.send(**read_answer(shell, request["read"], encode))
        else:
            result = shell.run_cell(request["run"], store_history=True)
            outputs.flush()
            channel.send(done="ok" if result.success else "error")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
