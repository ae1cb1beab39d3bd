"""``ka progress``: what is done, tried and open, from the notes that checks leave behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ka_course.commands import Command, language_option
from ka_course.learn import default_folder, folder_option
from ka_course.places import shipped
from ka_course.speech import CourseError, text
from ka_lib import language

NOTES = Path(".ka") / "progress.jsonl"
BAR = 20  # signs
NEXT_SHOWN = 3


def standing(notes: str) -> dict[tuple[str, str], str]:
    """Return how each task stands.

    Parameters
    ----------
    notes : str
        One JSON object a line: assignment, task, outcome. Lines that cannot be read are left out,
        as a computer that was switched off may leave half a line.

    Returns
    -------
    dict
        ``(assignment, task)`` -> ``"done"`` (passed once, whatever came later) or ``"tried"``.
    """
    found: dict[tuple[str, str], str] = {}
    for line in notes.splitlines():
        try:
            note = json.loads(line)
            task, outcome = (note["assignment"], note["task"]), note["outcome"]
        except (ValueError, KeyError, TypeError):
            continue
        if outcome == "passed":
            found[task] = "done"
        elif outcome != "not_tried":
            found.setdefault(task, "tried")
    return found


def tasks_by_chapter(exercises: Path) -> dict[str, list[str]]:
    """Return the tasks that a check can judge, by chapter, in the order of the exercises."""
    found = {}
    for path in sorted(exercises.glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        marked = [(cell["cell_type"], cell["metadata"].get("nbgrader", {})) for cell in cells]
        found[path.stem] = [
            about["grade_id"] for kind, about in marked if kind == "code" and about.get("solution")
        ]
    return found


def bar(done: int, tried: int, total: int) -> str:
    """Return a bar of plain signs: ``#`` done, ``+`` tried, ``.`` open."""
    if not total:
        return "." * BAR
    first = done * BAR // total
    second = (done + tried) * BAR // total - first
    return "#" * first + "+" * second + "." * (BAR - first - second)


def report(tasks: dict[str, list[str]], stands: dict[tuple[str, str], str]) -> list[str]:
    """Return the lines to print: one a chapter, then what to do next."""
    lines = []
    for chapter, names in tasks.items():
        state = {name: stands.get((chapter, name), "open") for name in names}
        done, tried, left = (list(state.values()).count(each) for each in ("done", "tried", "open"))
        drawn = f"[{bar(done, tried, len(names))}]"
        facts: dict[str, Any] = {"done": done, "tried": tried, "open": left, "total": len(names)}
        lines.append(text("progress.line", chapter=chapter, bar=drawn, **facts))
        waiting = [name for name, stand in state.items() if stand != "done"][:NEXT_SHOWN]
        if waiting:
            lines.append(text("progress.next", tasks=", ".join(waiting)))
    if not stands:
        lines.append(text("progress.none"))
    return lines


def _progress(to: Path | None) -> None:
    folder = (to or default_folder()).expanduser().absolute()
    if not folder.is_dir():
        raise CourseError("progress.no_folder", path=folder)
    notes = folder / NOTES
    written = notes.read_text(encoding="utf-8", errors="replace") if notes.is_file() else ""
    tasks = tasks_by_chapter(shipped() / "exercises" / language.current())
    click.echo("\n".join(report(tasks, standing(written))))


progress = Command(
    "progress",
    help="progress.help",
    callback=_progress,
    params=[language_option(), folder_option()],
)
