"""Grade a cohort: run each notebook where it can do no harm, judge its answers outside.

`run` runs a notebook, `verdict` judges what came back, `preprocessor` puts both in
nbgrader's own pipeline, `batch` goes through a cohort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ka_course.grading.pipeline import configure

__all__ = ["configure"]


def __getattr__(name: str) -> object:
    """Load nbgrader only when a cohort's configuration asks for it."""
    if name == "configure":
        from ka_course.grading.pipeline import configure

        return configure
    raise AttributeError(name)
