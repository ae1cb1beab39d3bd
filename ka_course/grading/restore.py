"""Put a submission back in order: every task cell once, as released, at its place.

Prevents the check that a learner deleted, doubled, edited or moved from costing points, or
earning them. Where nbgrader stops the whole class at a doubled cell, this goes on and says so.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ka_course.grading.submission import Handed

PART = re.compile(r"(?P<task>.+?)(?:-check(?:-\d+)?|-task)?")


def task_of(grade_id: str) -> str:
    """Return the task that a cell belongs to: ``"q1"`` for ``"q1-check"``."""
    found = PART.fullmatch(grade_id)
    return found["task"] if found else ""


def is_check(cell: Any) -> bool:
    """Return whether a cell is the check of an auto-graded task."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("grade") and not about.get("solution") and cell.cell_type == "code")


def restore(
    handed: list[Handed], released: NotebookNode
) -> tuple[list[NotebookNode], list[tuple[str, str]]]:
    """Return the cells to grade, and what was put right.

    Parameters
    ----------
    handed : list of Handed
        The learner's cells.
    released : NotebookNode
        What the learner was given: texts, points and places count from here.

    Returns
    -------
    cells : list of NotebookNode
    notes : list of (str, str)
        ``"deleted"``, ``"duplicated"``, ``"edited"``, ``"moved"`` or ``"foreign"``, and the
        task (empty for a foreign cell).

    Notes
    -----
    An answer is read after the last cell that belongs to its task, so a check that was moved
    above its solution, or a solution that was copied, changes nothing.
    """
    known = {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    places: dict[str, list[int]] = {name: [] for name in known}
    for place, cell in enumerate(handed):
        if cell.grade_id in known:
            places[cell.grade_id].append(place)
    notes = [("foreign", "") for cell in handed if _is_foreign(cell.grade_id, released)]
    made = [_own(cell, place) for place, cell in enumerate(handed)]
    after: dict[int, list[NotebookNode]] = {}
    for name, cell in known.items():
        found = places[name]
        notes += [(kind, task_of(name)) for kind in _changes(cell, places, handed)]
        if is_check(cell) or (_is(cell, "grade") and not found):
            before = [*found, *places.get(task_of(name), []), *places.get(f"{name}-task", [])]
            last = max(before, default=len(handed) - 1)
            after.setdefault(last, []).append(copy.deepcopy(cell))
        elif found:
            _put_back(cell, found, handed, made)
    dropped = {place for name, cell in known.items() if is_check(cell) for place in places[name]}
    cells = list(after.get(-1, []))
    for place, kept in enumerate(made):
        cells += [] if place in dropped else [kept]
        cells += after.get(place, [])
    return cells, sorted(set(notes))


def _is(cell: Any, what: str) -> bool:
    return bool(cell.metadata["nbgrader"].get(what))


def _changes(cell: Any, places: dict[str, list[int]], handed: list[Handed]) -> list[str]:
    """Return what a learner did to one task cell, besides answering in it."""
    name = cell.metadata["nbgrader"]["grade_id"]
    found, work = places[name], places.get(task_of(name), [])
    notes = ["duplicated"] if len(found) > 1 else []
    if not found and (_is(cell, "grade") or _is(cell, "solution")):
        notes.append("deleted")
    if is_check(cell) and found:
        if any(handed[place].source.strip() != cell.source.strip() for place in found):
            notes.append("edited")
        if work and found[-1] < work[-1]:
            notes.append("moved")
    return notes


def _put_back(cell: Any, found: list[int], handed: list[Handed], made: list[NotebookNode]) -> None:
    """Give one copy of a task cell its standing; other copies stay as the learner's own."""
    if not _is(cell, "solution"):
        made[found[0]] = copy.deepcopy(cell)
        return
    keep = _kept(found, handed, cell)
    made[keep] = copy.deepcopy(cell)
    made[keep].source = handed[keep].source
    if cell.cell_type == "markdown" and handed[keep].attachments:
        made[keep].attachments = handed[keep].attachments


def _kept(found: list[int], handed: list[Handed], released: Any) -> int:
    """Return which copy of a solution counts as the answer: the last one that was worked on."""
    worked = [place for place in found if handed[place].source.strip() != released.source.strip()]
    return (worked or found)[-1]


def _is_foreign(name: str, released: NotebookNode) -> bool:
    """Return whether a cell claims to be a task cell that this assignment does not have."""
    if any(cell.id == name for cell in released.cells):
        return False
    return re.fullmatch(r"[a-z]\d{1,2}(-check(-\d+)?|-task)?", name) is not None


def _own(cell: Handed, place: int) -> NotebookNode:
    """Return a learner's own cell: its source, an id of ours, no metadata."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    name = f"own-{place}"
    if cell.kind == "code":
        return new_code_cell(cell.source, id=name)
    made = new_markdown_cell(cell.source, id=name)
    if cell.attachments:
        made.attachments = cell.attachments
    return made
