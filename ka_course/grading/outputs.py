"""What a sandboxed process shows, made safe to look at.

Prevents a submission that acts through the instructor's browser: formgrader shows outputs
on the page from which scores are written. Text, pictures and cleaned tables come
through; scripts and other kinds of data do not.
"""

from __future__ import annotations

from typing import Any

from ka_course.cohorts.feedback_page.safe import safe
from ka_course.grading.submission import BASE64, PICTURES

MOST = 4_000_000  # characters of one output


def accept(output: Any) -> Any | None:
    """Return an output as a notebook holds it, or None for what is none.

    Parameters
    ----------
    output : object
        What the process sent: it may be anything.
    """
    from nbformat.v4 import new_output

    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        words = _text(output.get("text"))
        return new_output("stream", name=output["name"], text=words) if words else None
    if kind == "error":
        lines = output.get("traceback")
        shown = [_text(line) for line in lines[:100]] if isinstance(lines, list) else []
        name, value = _text(output.get("ename")), _text(output.get("evalue"))
        return new_output("error", ename=name, evalue=value, traceback=shown)
    if kind in ("display_data", "execute_result"):
        data = _data(output.get("data"))
        return new_output("display_data", data=data) if data else None
    return None


def accept_all(outputs: list[Any]) -> list[Any]:
    """Return a cell's outputs, text that came in pieces put together."""
    found: list[Any] = []
    for output in outputs:
        shown = accept(output)
        if shown is None:
            continue
        before = found[-1] if found else {}
        if shown.output_type == "stream" and before.get("name") == shown.name:
            before["text"] += shown.text
        else:
            found.append(shown)
    return found


def _text(words: Any) -> str:
    return words[:MOST].encode("utf-8", "replace").decode("utf-8") if isinstance(words, str) else ""


def _data(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        return {}
    found = {}
    for kind in ("text/plain", "text/html", *PICTURES):
        words = _text(raw.get(kind))
        if not words or (kind in PICTURES and not BASE64.fullmatch(words)):
            continue
        found[kind] = safe(words) if kind == "text/html" else words
    return found
