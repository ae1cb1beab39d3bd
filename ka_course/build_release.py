"""What learners get of an assignment: nbgrader's own ``generate_assignment``, run quietly.

Runs without a database, in a folder of its own, so that a build leaves nothing behind.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config

    from ka_lib.language import Language


def release(assignment: NotebookNode, name: str, lang: Language) -> NotebookNode:
    """Return the assignment without its solutions.

    Parameters
    ----------
    assignment : NotebookNode
        The instructor's version, one language.
    name : str
        The assignment's name, such as ``"ch03"``.
    lang : {"zh", "en"}
        Language of the line that stands where the solution stood.

    Raises
    ------
    CourseError
        nbgrader refused the notebook, or changed a cell's id.
    """
    import nbformat

    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="ka-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        (root / "source" / name).mkdir(parents=True)
        given = root / "source" / name / f"{name}.ipynb"
        given.write_text(nbformat.writes(assignment), encoding="utf-8", newline="\n")
        _generate(root, name, lang)
        made = nbformat.read(root / "release" / name / f"{name}.ipynb", as_version=4)
    if [cell.id for cell in made.cells] != [cell.id for cell in assignment.cells]:
        raise CourseError("build.ids_changed", name=name)
    return made


def set_stubs(config: Config, lang: Language) -> None:
    """Have nbgrader put a line in the edition's language, or the author's, where a solution stood."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearSolutions

    from ka_course.clear_to_start import ClearToStart

    config.GenerateAssignment.preprocessors = [
        ClearToStart if step is ClearSolutions else step
        for step in GenerateAssignment.preprocessors.default()
    ]
    config.ClearSolutions.code_stub = {"python": text("build.code_stub", lang=lang)}
    config.ClearSolutions.text_stub = text("build.text_stub", lang=lang)


def _generate(root: Path, name: str, lang: Language) -> None:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    set_stubs(config, lang)
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    course = CourseDirectory(config=config)
    course.assignment_id = name
    try:
        GenerateAssignment(coursedir=course, config=config).start()
    except NbGraderException as refusal:
        raise CourseError("build.nbgrader", name=name, why=str(refusal)) from refusal
