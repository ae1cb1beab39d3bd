"""Where the course stands on this machine: a clone of the repository, or an installed wheel.

Prevents a command that works for authors and fails for learners, who have no repository.
"""

from __future__ import annotations

import os
from pathlib import Path

from ka_course.speech import CourseError

PACKAGE = Path(__file__).resolve().parent


def repository() -> Path:
    """Return the root of the clone.

    Raises
    ------
    CourseError
        The course was installed from a wheel, which holds no sources.
    """
    root = PACKAGE.parent
    if not (root / "pyproject.toml").is_file():
        raise CourseError("build.no_repository")
    return root


def shipped() -> Path:
    """Return the folder that holds the built ``course``, ``exercises`` and ``reports``.

    ``KA_SHIPPED`` names another one: a portable folder, or a test's own small course.
    """
    if named := os.environ.get("KA_SHIPPED"):
        return Path(named)
    inside = PACKAGE / "shipped"
    return inside if inside.is_dir() else PACKAGE.parent
