"""``ka progress``: what is done, tried and open, from the notes that checks and quizzes leave behind."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ka_course.commands import Command, language_option
from ka_course.learn import default_folder, folder_option
from ka_course.places import shipped
from ka_course.speech import CourseError, pad, text, width
from ka_lib import language
from ka_lib.feedback import CHAPTERS, task_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTES = Path(".ka") / "progress.jsonl"
BAR = 20  # signs
NEXT_SHOWN = 3
LONGEST_TITLE = 42  # columns of a terminal


@dataclass(frozen=True)
class Chapter:
    """What a chapter asks of a learner.

    Parameters
    ----------
    name : str
        ``"ch03"``.
    title : str
        In the reader's language, without what follows a colon.
    core, tasks, questions : tuple of str
        Core tasks, all auto-graded tasks, quiz questions, by the names under which they are noted.
    """

    name: str
    title: str
    core: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def course(chapters: Path, lectures: Path) -> list[Chapter]:
    """Return the chapters of the course, in order.

    Parameters
    ----------
    chapters : Path
        Where ``ch03.checks.json`` and ``ch03.quiz.json`` stand.
    lectures : Path
        The built lectures of one edition, for the titles.
    """
    names = {path.name.partition(".")[0] for path in chapters.glob("ch[0-9][0-9].*.json")}
    found = []
    for name in sorted(names):
        checks: Any = _read(chapters / f"{name}.checks.json") or {"tasks": {}}
        quiz: Any = _read(chapters / f"{name}.quiz.json") or []
        tasks = checks["tasks"]
        found.append(
            Chapter(
                name,
                _title(lectures / f"{name}.ipynb") or name,
                tuple(task for task, about in tasks.items() if about["level"] == "core"),
                tuple(tasks),
                tuple(f"quiz:{question['id']}" for question in quiz),
            )
        )
    return found


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _title(lecture: Path) -> str:
    """Return a lecture's heading up to its colon."""
    for cell in (_read(lecture) or {"cells": []})["cells"]:
        if found := re.search(r"^# +([^：:\n]+)", "".join(cell["source"]), flags=re.MULTILINE):
            return " ".join(found[1].split())
    return ""


def standing(notes: str) -> dict[tuple[str, str], str]:
    """Return how each task and question stands.

    Parameters
    ----------
    notes : str
        One JSON object a line: assignment, task, outcome. Lines that cannot be read are left out,
        as a computer that was switched off may leave half a line.

    Returns
    -------
    dict
        ``(assignment, task)`` -> ``"done"`` (right once, whatever came later) or ``"tried"``.
    """
    found: dict[tuple[str, str], str] = {}
    for line in notes.splitlines():
        try:
            note = json.loads(line)
            task, outcome = (note["assignment"], note["task"]), note["outcome"]
        except (ValueError, KeyError, TypeError):
            continue
        if outcome == "right":
            found[task] = "done"
        elif outcome != "not_tried":
            found.setdefault(task, "tried")
    return found


def read_standing(folder: Path) -> dict[tuple[str, str], str]:
    """Return how everything stands in a learner's folder.

    Raises
    ------
    CourseError
        There is no such folder.
    """
    if not folder.is_dir():
        raise CourseError("progress.no_folder", path=folder)
    notes = folder / NOTES
    return standing(notes.read_text(encoding="utf-8", errors="replace") if notes.is_file() else "")


def open_tasks(
    chapter: Chapter, tasks: Iterable[str], stands: Mapping[tuple[str, str], str]
) -> list[str]:
    """Return those of a chapter's tasks that are not done."""
    return [task for task in tasks if stands.get((chapter.name, task)) != "done"]


def bar(done: int, tried: int, total: int) -> str:
    """Return a bar of plain signs: ``#`` done, ``+`` tried, ``.`` open."""
    if not total:
        return "." * BAR
    first = done * BAR // total
    second = (done + tried) * BAR // total - first
    return "#" * first + "+" * second + "." * (BAR - first - second)


def report(chapters: list[Chapter], stands: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the lines to print: a table of the chapters, then what to do next."""
    heads = ["", *(text(f"progress.{name}") for name in ("quiz", "core", "all")), ""]
    rows = [heads, *(_row(chapter, stands) for chapter in chapters)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(heads))]
    lines = [
        "  ".join(pad(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += ["", text("progress.legend")]
    if not stands:
        lines.append(text("progress.none"))
    return lines + _next(chapters, stands)


def _row(chapter: Chapter, stands: Mapping[tuple[str, str], str]) -> list[str]:
    counts = []
    for names in (chapter.questions, chapter.core, chapter.tasks):
        done = len(names) - len(open_tasks(chapter, names, stands))
        counts.append(f"{done}/{len(names)}" if names else "-")
    states = [stands.get((chapter.name, task), "open") for task in chapter.tasks]
    drawn = bar(states.count("done"), states.count("tried"), len(states))
    return [_short(chapter.title), *counts, f"[{drawn}]"]


def _short(title: str) -> str:
    """Return a title that leaves room for the numbers beside it."""
    if width(title) <= LONGEST_TITLE:
        return title
    kept = title
    while width(kept) > LONGEST_TITLE - 2:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _next(chapters: list[Chapter], stands: Mapping[tuple[str, str], str]) -> list[str]:
    """Return what to do next: the first chapter with an open core task, else with any open task."""
    for kind in ("core", "tasks"):
        for chapter in chapters:
            if waiting := open_tasks(chapter, getattr(chapter, kind), stands):
                named = (", " if language.current() == "en" else "、").join(
                    task_label(task) for task in waiting[:NEXT_SHOWN]
                )
                return [text("progress.next", chapter=chapter.title, tasks=named)]
    return [text("progress.all_done")] if stands else []


def shipped_course() -> list[Chapter]:
    """Return the chapters of the installed course, titles in the language in force."""
    return course(CHAPTERS, shipped() / "course" / language.current())


def _progress(to: Path | None) -> None:
    folder = (to or default_folder()).expanduser().absolute()
    stands = read_standing(folder)
    click.echo("\n".join(report(shipped_course(), stands)))


progress = Command(
    "progress",
    help="progress.help",
    callback=_progress,
    params=[language_option(), folder_option()],
)
