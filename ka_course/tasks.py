"""Define a task once: its answer, the mistakes people make in it, and what to tell them.

From one definition come the visible check, the grader's verdict and the simulated class::

    from ka_course.tasks import Assignment, Number

    assignment = Assignment("ch03")
    q4 = assignment.task("q4", answer="proposal_success", form=Number(fraction=True), points=10)

    @q4.reference
    def reference(company): ...

    @q4.misconception(zh="你算出来是 {answer}，……", en="You got {answer}: ...")
    def all_leads(company): ...

Every function takes a company and stands on its own (``pd`` and ``ka`` besides its own
imports), because its source becomes a submission.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ka_course.task_checks import TaskError, compile_checks, separates
from ka_course.task_submission import submission_code
from ka_lib.forms import Chart, Choice, Date, Form, Frame, Items, Mapping, Number, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from ka_lib.company import Company

__all__ = [
    "Assignment",
    "Chart",
    "Choice",
    "Date",
    "Form",
    "Frame",
    "Items",
    "Mapping",
    "Misconception",
    "Number",
    "Task",
    "TaskError",
    "Text",
    "compile_checks",
    "load_assignment",
    "separates",
    "submission_code",
]

Level = Literal["core", "analyst"]
TaskKind = Literal["choose", "build"]


@dataclass(frozen=True)
class Misconception:
    """One known mistake: the function that makes it, and what to tell whoever made it."""

    function: Callable[[Company], Any]
    zh: str
    en: str

    @property
    def id(self) -> str:
        """Return its name: the function's."""
        return self.function.__name__


@dataclass
class Task:
    """One auto-graded task; made by :meth:`Assignment.task` and filled by its decorators."""

    id: str
    answer: str
    form: Form
    points: float
    level: Level = "core"
    kind: TaskKind = "choose"
    row_ids: tuple[str, ...] = ()
    reference_function: Callable[[Company], Any] | None = None
    facts_function: Callable[[Company], MappingType[str, Any]] | None = None
    misconceptions: list[Misconception] = field(default_factory=list)
    right_answers: list[Callable[[Company], Any]] = field(default_factory=list)
    messages: dict[str, Any] = field(default_factory=dict)

    def reference(self, function: Callable[[Company], Any]) -> Callable[[Company], Any]:
        """Take the function that works out the right answer."""
        self.reference_function = function
        return function

    def misconception(self, *, zh: str, en: str) -> Callable[..., Callable[[Company], Any]]:
        """Take a function that makes a known mistake, with its message; its name is the mistake's id."""

        def take(function: Callable[[Company], Any]) -> Callable[[Company], Any]:
            self.misconceptions.append(Misconception(function, zh, en))
            return function

        return take

    def also_right(self, function: Callable[[Company], Any]) -> Callable[[Company], Any]:
        """Take a right answer written another way, as a learner may write it."""
        self.right_answers.append(function)
        return function

    def facts(
        self, function: Callable[[Company], MappingType[str, Any]]
    ) -> Callable[[Company], MappingType[str, Any]]:
        """Take the numbers that this task's messages name."""
        self.facts_function = function
        return function

    def not_tried(self, *, zh: str, en: str) -> None:
        """Say what to do first, to a learner who has not started."""
        self.messages["not_tried"] = {"zh": zh, "en": en}

    def hints(self, *, zh: list[str], en: list[str]) -> None:
        """Give two or three hints of rising strength, never the answer."""
        self.messages["hints"] = {"zh": zh, "en": en}

    def unforeseen(self, *, zh: str, en: str) -> None:
        """Point a learner somewhere whose mistake is not listed: one number to count first."""
        self.messages["unforeseen"] = {"zh": zh, "en": en}


@dataclass
class Assignment:
    """The auto-graded tasks of one chapter, in their order; ``id`` is ``"ch03"`` for one."""

    id: str
    tasks: dict[str, Task] = field(default_factory=dict)

    def task(  # noqa: PLR0913 - a task's facts, all but two by name
        self,
        task_id: str,
        *,
        answer: str,
        form: Form,
        points: float,
        level: Level = "core",
        kind: TaskKind = "choose",
        row_ids: tuple[str, ...] = (),
    ) -> Task:
        """Add a task.

        Parameters
        ----------
        task_id : str
            ``"q4"``: the id of its cells and of ``check``.
        answer : str
            The variable that holds the answer in the notebook.
        form : Form
            What the answer is and how near counts as equal.
        points : float
            As graded, and as stated in the prose.
        level : {"core", "analyst"}
        kind : {"choose", "build"}
            Call ``ka_lib`` and decide, or write pandas.
        row_ids : tuple of str
            The curriculum rows it carries.

        Raises
        ------
        TaskError
            The id or the answer's name is taken, or no Python name.
        """
        if task_id in self.tasks or not task_id.isidentifier():
            raise TaskError("tasks.bad_id", task=task_id)
        if not answer.isidentifier() or answer in {task.answer for task in self.tasks.values()}:
            raise TaskError("tasks.bad_answer", task=task_id, answer=answer)
        task = Task(task_id, answer, form, points, level, kind, row_ids)
        self.tasks[task_id] = task
        return task


def load_assignment(path: Path) -> Assignment:
    """Return the assignment that a ``tasks.py`` defines.

    Raises
    ------
    TaskError
        The file does not run, or defines no ``assignment``.
    """
    name = f"ka_tasks_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise TaskError("tasks.no_file", path=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        if isinstance(error, TaskError):
            raise
        raise TaskError(
            "tasks.broken_file", path=path, error=f"{type(error).__name__}: {error}"
        ) from error
    assignment = getattr(module, "assignment", None)
    if not isinstance(assignment, Assignment):
        raise TaskError("tasks.no_assignment", path=path)
    return assignment
