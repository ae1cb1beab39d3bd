"""Cohorts made by the real commands, once a chapter and language, then copied."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from ka_course.grading.record import Note, Record
from ka_course.simulated_class import hand_in
from ka_course.tasks import load_assignment

ROOT = Path(__file__).parents[2]


@dataclass
class Classroom:
    """A cohort's folder and what tests do in it."""

    root: Path
    chapter: str

    @property
    def released(self):
        return nbformat.read(self.root / "release" / self.chapter / f"{self.chapter}.ipynb", 4)

    @property
    def worked(self):
        return nbformat.read(self.root / "source" / self.chapter / f"{self.chapter}.ipynb", 4)

    def roster(self, *learners):
        lines = ["id,name", *(f"{learner},{learner}" for learner in learners)]
        (self.root / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def settings(self, **limits):
        """Add an instructor's lines to the configuration."""
        with (self.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write("\nc = get_config()\n")
            file.writelines(
                f"c.JudgeExecute.{name} = {value!r}\n" for name, value in limits.items()
            )

    def folder(self, learner):
        place = self.root / "submitted" / learner / self.chapter
        place.mkdir(parents=True, exist_ok=True)
        return place

    def submit(self, learner, notebook):
        """Hand in a notebook, or text where it is to be no notebook."""
        words = notebook if isinstance(notebook, str) else json.dumps(notebook, ensure_ascii=False)
        (self.folder(learner) / f"{self.chapter}.ipynb").write_text(words, encoding="utf-8")

    def answered(self, codes):
        return hand_in(self.released, codes)

    def solutions(self, *tasks):
        """Return the worked solutions of some tasks, as code."""
        cells = {
            cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in self.worked.cells
        }
        return {task: cells[task].source for task in tasks}

    def points(self, *tasks):
        cells = {
            cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in self.worked.cells
        }
        return sum(cells[f"{task}-check"].metadata["nbgrader"]["points"] for task in tasks)

    def run(self, *words, **settings):
        environment = {**os.environ, "KA_DEBUG": "", **settings}
        return subprocess.run(
            [sys.executable, "-m", "ka_course.cli", *words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def grade(self, *words, **settings):
        done = self.run("grade", self.chapter, *words, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def graded(self, learner):
        path = self.root / "autograded" / learner / self.chapter / f"{self.chapter}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))

    def record(self, learner):
        about = self.graded(learner)["metadata"]["ka"]["grading"]
        notes = [Note(note["kind"], note["task"]) for note in about["notes"]]
        return Record(about["digest"], about["outcomes"], notes)

    def notes(self, learner):
        return {(note.kind, note.task) for note in self.record(learner).notes}

    def grades(self):
        """Return every learner's scores by cell, as they stand in the gradebook."""
        import sqlite3
        from contextlib import closing

        query = """
            SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score,
                   grade.manual_score, grade.needs_manual_grade
            FROM grade
            JOIN base_cell ON base_cell.id = grade.cell_id
            JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
            JOIN submitted_assignment
              ON submitted_assignment.id = submitted_notebook.assignment_id
        """
        found = {}
        with closing(sqlite3.connect(self.root / "gradebook.db")) as opened:
            for learner, cell, *scores in opened.execute(query):
                assert cell not in found.setdefault(learner, {}), "a grade stands twice"
                found[learner][cell] = tuple(scores)
        return found

    def score(self, learner):
        return sum(auto or 0 for auto, *_ in self.grades()[learner].values())


@pytest.fixture(scope="session")
def _cohorts():
    return {}


@pytest.fixture
def classroom(_cohorts, tmp_path, tmp_path_factory):
    """Return a function that makes a classroom of a chapter in a language."""

    def make(chapter="ch03", lang="zh"):
        if (chapter, lang) not in _cohorts:
            root = tmp_path_factory.mktemp("班级 cohorts") / "made"
            roster = root.parent / "roster.csv"
            roster.write_text("id,name\na1,林悦\n", encoding="utf-8")
            first = Classroom(root.parent, chapter)
            done = first.run(
                "cohort", "new", "x", "--roster", str(roster), "--to", str(root), "--lang", lang
            )
            assert done.returncode == 0, done.stderr
            made = Classroom(root, chapter)
            done = made.run("cohort", "release", chapter)
            assert done.returncode == 0, done.stderr
            _cohorts[chapter, lang] = root
        place = tmp_path / "班级 1"
        shutil.copytree(_cohorts[chapter, lang], place)
        return Classroom(place, chapter)

    return make


@pytest.fixture
def assignment():
    return lambda chapter: load_assignment(ROOT / "solutions" / chapter / "tasks.py")
