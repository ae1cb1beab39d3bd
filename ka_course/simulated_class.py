"""The simulated class as notebooks: what learners of every kind hand in.

Prevents a grader that has only ever seen right answers: tests and benchmarks send these
through the real commands.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

from ka_course.simulated import pupils

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from ka_course.simulated import Pupil
    from ka_course.tasks import Assignment


class Member(NamedTuple):
    """One notebook of the class: ``codes`` by task, and the outcome that each task must have.

    ``outcomes`` maps a task to ``(outcome, misconception)``.
    """

    name: str
    codes: dict[str, str]
    outcomes: dict[str, tuple[str, str]]


def members(assignment: Assignment) -> list[Member]:
    """Return a class that makes every mistake and gives every right answer of an assignment.

    A notebook makes mistakes in every other task only, and right answers in the rest, so a mistake
    that costs more than its own task shows.
    """
    of_task: dict[str, dict[str, list[Pupil]]] = {}
    for pupil in pupils(assignment):
        kinds = of_task.setdefault(pupil.task, {"right": [], "misconception": [], "not_tried": []})
        kinds[pupil.outcome].append(pupil)
    made = [_member("untouched", {task: kinds["not_tried"][0] for task, kinds in of_task.items()})]
    most_right = max(len(kinds["right"]) for kinds in of_task.values())
    for turn in range(most_right):
        chosen = {task: _turn(kinds["right"], turn) for task, kinds in of_task.items()}
        made.append(_member(f"right-{turn + 1}", chosen))
    most_wrong = max(len(kinds["misconception"]) for kinds in of_task.values())
    for turn in range(most_wrong):
        for odd in (0, 1):
            wrong = {
                task
                for place, (task, kinds) in enumerate(of_task.items())
                if place % 2 == odd and turn < len(kinds["misconception"])
            }
            if wrong:
                chosen = {
                    task: _turn(kinds["misconception" if task in wrong else "right"], turn)
                    for task, kinds in of_task.items()
                }
                made.append(_member(f"wrong-{turn + 1}-{odd + 1}", chosen))
    return made


def _turn(choice: list[Pupil], turn: int) -> Pupil:
    return choice[turn % len(choice)]


def _member(name: str, chosen: Mapping[str, Pupil]) -> Member:
    codes = {task: pupil.code for task, pupil in chosen.items()}
    outcomes = {task: (pupil.outcome, pupil.misconception) for task, pupil in chosen.items()}
    return Member(name, codes, outcomes)


def hand_in(released: NotebookNode, codes: Mapping[str, str]) -> NotebookNode:
    """Return a release as a learner hands it in, the given tasks answered."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("solution") and about["grade_id"] in codes:
            cell.source = codes[about["grade_id"]]
    return notebook
