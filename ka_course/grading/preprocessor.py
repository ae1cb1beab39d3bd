"""The judge in nbgrader's own pipeline, in place of the steps that trust the submission.

`ka grade`, ``nbgrader autograde`` and formgrader's button all run these classes, so they give the
same scores; gradebook, formgrader and feedback stay nbgrader's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Integer, Unicode

from ka_course.grading.restore import is_check, restore, task_of
from ka_course.speech import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ka_course.cohort import Cohort
    from ka_course.grading.record import Note
    from ka_course.grading.run import Ran, Step
    from ka_course.grading.sandbox import Limits


class SubmissionExporter(NotebookExporter):
    """Reads a submission without believing it; a broken one becomes an empty notebook."""

    def from_filename(self, filename: str, resources: Any = None, **settings: Any) -> Any:
        """Read a submitted notebook as ours: sources alone, every task cell as released."""
        converter: Any = self.parent
        if not converter._sanitizing:  # noqa: SLF001 - the second pass reads what the first one wrote
            return super().from_filename(filename, resources, **settings)
        about, root = resources["nbgrader"], Path(converter.coursedir.root)
        notebook = restored(root, about["assignment"], about["student"], Path(filename))
        return self.from_notebook_node(notebook, resources, **settings)


def restored(root: Path, chapter: str, learner: str, path: Path) -> NotebookNode:
    """Return a learner's notebook with every task cell as released, failing until proven right."""
    from ka_course.cohort import Cohort
    from ka_course.grading import submission
    from ka_course.grading.record import submission_path
    from ka_course.grading.verdict import failing_output, unjudged

    cohort = Cohort.load(root)
    released = read_release(cohort, chapter)
    handed = submission.read(root / path, submission_path(cohort, chapter, learner))
    cells, changes = restore(handed.cells, released)
    notes = [{"kind": kind, "task": ""} for kind in handed.problems]
    if not handed.problems:
        notes += [{"kind": kind, "task": task} for kind, task in changes]
    for cell in cells:
        if is_check(cell):
            cell.outputs = [failing_output(unjudged())]
    released.cells = cells
    released.metadata["ka"] = {**released.metadata.get("ka", {}), "handed_in": notes}
    return released


def read_release(cohort: Cohort, chapter: str) -> NotebookNode:
    """Return the notebook that learners were given.

    Raises
    ------
    CourseError
        It is not there any more.
    """
    import nbformat

    path = cohort.root / "release" / chapter / f"{chapter}.ipynb"
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as failure:
        raise CourseError("grading.no_release", path=path) from failure


class JudgeExecute(NbGraderPreprocessor):
    """Runs a notebook in the sandbox, and writes the verdicts into its graded cells.

    It stands where nbgrader has ``Execute``. Every graded cell fails before anything runs.
    """

    cohort = Unicode("", help="The cohort's folder.").tag(config=True)
    sandbox = Bool(True, help="False runs learners' code unprotected.").tag(config=True)
    cell_seconds = Float(30, help="Longest time of a cell.").tag(config=True)
    notebook_seconds = Float(150, help="Longest time of a notebook.").tag(config=True)
    memory = Integer(2048, help="Megabytes of memory.").tag(config=True)
    processes = Integer(64, help="Processes and threads.").tag(config=True)
    disk = Integer(64, help="Megabytes of files.").tag(config=True)

    def preprocess(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run, judge, record."""
        from ka_course.cohort import Cohort
        from ka_course.grading.record import Note, Record, digest
        from ka_course.grading.run import run
        from ka_course.grading.verdict import failing_output, unjudged
        from ka_lib import language

        about = resources["nbgrader"]
        chapter, learner = about["assignment"], about["student"]
        cohort = Cohort.load(Path(self.cohort))
        before = language.current()
        language.use(cohort.lang)
        try:
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs = [failing_output(unjudged())] if is_check(cell) else []
            secret = cohort.secret(chapter)
            made_from = digest(cohort, chapter, learner)
            tasks = read_checks(secret.checks)
            steps, cells = self._steps(notebook, tasks)
            given = cohort.root / "submitted" / learner / chapter
            ran = run(
                steps, secret.tables, given=given, limits=self._limits(), sandboxed=self.sandbox
            )
            handed_in = notebook.metadata.get("ka", {}).get("handed_in", [])
            notes = [Note(note["kind"], note["task"]) for note in handed_in]
            outcomes = self._write(cells, steps, ran, tasks, notes)
        finally:
            language.use(before)
        record = Record(made_from, outcomes, notes)
        notebook.metadata["ka"] = {**notebook.metadata.get("ka", {}), "grading": record.to_data()}
        return notebook, resources

    def _limits(self) -> Limits:
        from ka_course.grading.sandbox import Limits

        return Limits(
            cell_seconds=self.cell_seconds,
            notebook_seconds=self.notebook_seconds,
            memory=self.memory,
            processes=self.processes,
            disk=self.disk,
        )

    def _steps(
        self, notebook: NotebookNode, tasks: dict[str, Any]
    ) -> tuple[list[Step], list[NotebookNode]]:
        """Return what to do, and the cell of each step: a check is not run, its answer is read."""
        from ka_course.grading.run import Step

        steps, cells = [], []
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            task = task_of(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if not is_check(cell):
                steps.append(Step(source=cell.source, task=task))
            elif task in tasks:
                steps.append(Step(name=tasks[task]["answer"], task=task))
            else:
                continue  # nothing to judge it by: it keeps its failing output
            cells.append(cell)
        return steps, cells

    def _write(
        self,
        cells: list[NotebookNode],
        steps: list[Step],
        ran: list[Ran],
        tasks: dict[str, Any],
        notes: list[Note],
    ) -> dict[str, dict[str, str]]:
        """Write outputs and verdicts into the cells; return the outcomes by task."""
        from ka_course.grading.outputs import accept_all
        from ka_course.grading.record import Note
        from ka_course.grading.verdict import LATE, failing_output, judge, passing_output
        from ka_course.speech import text

        outcomes: dict[str, dict[str, str]] = {}
        for place, (cell, step, one) in enumerate(zip(cells, steps, ran, strict=True), start=1):
            cell.execution_count = place
            stopped = one.status in LATE and one.status != "not_run"
            if stopped:
                notes.append(Note(one.status, step.task))
            if not step.name:
                cell.outputs = accept_all(one.outputs)
                if stopped:
                    words = text(f"grading.cell_{one.status}")
                    cell.outputs.append(failing_output(words))
                continue
            outcome = judge(tasks[step.task], step.task, one)
            passed = outcome.outcome == "right"
            write = passing_output if passed else failing_output
            cell.outputs = [write(outcome.text)]
            outcomes[step.task] = {
                "outcome": outcome.outcome,
                "misconception": outcome.misconception,
            }
        return outcomes


def read_checks(path: Path) -> dict[str, Any]:
    """Return the tasks of a cohort's secret checks.

    Raises
    ------
    CourseError
        They are missing or damaged.
    """
    import json

    try:
        tasks: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["tasks"]
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise CourseError("grading.no_checks", path=path) from failure
    return tasks
