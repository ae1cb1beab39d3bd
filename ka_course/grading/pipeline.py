"""nbgrader's settings for a cohort: the lines behind its ``nbgrader_config.py``."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from traitlets.config import Config


def configure(config: Config, file: str | Path) -> Config:
    """Put the course's judge into nbgrader's pipeline.

    Parameters
    ----------
    config : Config
        nbgrader's ``get_config()``; changed in place.
    file : path
        The configuration file, in the cohort's folder.

    Returns
    -------
    Config
        The same.
    """
    from nbgrader.preprocessors import (
        AssignLatePenalties,
        CheckCellMetadata,
        LimitOutput,
        OverwriteCells,
        OverwriteKernelspec,
        SaveAutoGrades,
    )

    from ka_course.cohort import Cohort
    from ka_course.grading.preprocessor import JudgeExecute, SubmissionExporter

    cohort = Cohort.load(Path(file).resolve().parent)
    config.merge(cohort.nbgrader_config())
    config.Autograde.exporter_class = SubmissionExporter
    config.Autograde.sanitize_preprocessors = [
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        JudgeExecute,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    config.Autograde.create_student = False  # the roster says who is in the cohort
    config.Autograde.pre_convert_hook = remove_links
    config.JudgeExecute.cohort = str(cohort.root)
    config.HTMLExporter.sanitize_html = True  # a learner's text must not act on the grader's page
    filters = dict(config.HTMLExporter.get("filters", {}))
    filters["markdown2html"] = (
        "ka_course.grading.page.markdown"  # formgrader's template cleans none
    )
    config.HTMLExporter.filters = filters
    return config


def remove_links(notebooks: list[str], **_: Any) -> None:
    """Remove what is no plain file from a submission: nbgrader would copy what a link points to."""
    for notebook in notebooks[:1]:
        chapter = Path(notebook).parent
        for place in (chapter, chapter.parent):
            if place.is_symlink():
                place.unlink()
                return
        for folder, names, files in os.walk(chapter, followlinks=False):
            for name in [*names, *files]:
                path = Path(folder) / name
                mode = path.lstat().st_mode
                if path.suffix != ".ipynb" and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    path.unlink()
