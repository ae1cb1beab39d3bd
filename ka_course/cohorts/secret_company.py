"""The company that a cohort is graded on: drawn from its seed, told to nobody.

Prevents answers that were copied or typed in: the numbers are of another company than the one
that learners practise on, and no two cohorts have the same.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import warnings
from typing import TYPE_CHECKING, Any

from ka_course.cohorts.files import OWNER_ONLY_FOLDER, replace_file, swap_folder
from ka_course.speech import CourseError
from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_course.tasks import Assignment

TABLES, CHECKS = "tables", "checks.json"
TRIED = 60  # companies; most serve


def seeds(cohort: Cohort, chapter: str) -> Iterator[int]:
    """Yield the chapter's seeds, the same ones each time.

    Raises
    ------
    CourseError
        The cohort's seed is not there.
    """
    place = cohort.root / "secret" / "seed"
    try:
        seed = place.read_text(encoding="ascii").strip()
        bytes.fromhex(seed)
    except (OSError, ValueError) as failure:
        raise CourseError("cohort.no_seed", path=place) from failure
    for turn in itertools.count():
        folded = hashlib.sha256(f"{seed} {chapter} {turn}".encode()).digest()
        yield int.from_bytes(folded[:8], "big")


def prepare(cohort: Cohort, chapter: str, assignment: Assignment, folder: Path) -> None:
    """Make a secret company and its checks in a folder; the same company again if it still serves.

    Raises
    ------
    CourseError
        No company was found that tells the assignment's mistakes apart.
    """
    from ka_course import practice
    from ka_course.tasks import compile_checks

    before = language.current()
    language.use(cohort.lang)
    try:
        tried = itertools.islice(seeds(cohort, chapter), TRIED)
        seed = next((one for one in tried if _serves(assignment, one)), None)
        if seed is None:
            raise CourseError("cohort.no_company", chapter=chapter, tried=TRIED)
        checks = compile_checks(assignment, practice.company(seed))
    finally:
        language.use(before)
    practice.write(folder / TABLES, seed)
    replace_file(folder / CHECKS, _json(checks), private=True)


def _serves(assignment: Assignment, seed: int) -> bool:
    """Return whether every answer can be worked out on a company, and none is taken for another.

    A company without a new customer in the months asked about, say, divides by zero: right
    answers would fail on it.
    """
    from ka_course import practice
    from ka_course.tasks import TaskError, separates

    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            return not separates(assignment, practice.company(seed))
        except TaskError:
            return False


def put_in_place(cohort: Cohort, chapter: str, made: Path) -> None:
    """Move what `prepare` made to where grading looks for it; what is the same stays."""
    secret = cohort.secret(chapter)
    secret.tables.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
    if not _same(made / TABLES, secret.tables):
        swap_folder(made / TABLES, secret.tables, made / "earlier")
    checks = made / CHECKS
    if not secret.checks.is_file() or secret.checks.read_bytes() != checks.read_bytes():
        checks.replace(secret.checks)


def _same(one: Path, other: Path) -> bool:
    contents = [{path.name: path.read_bytes() for path in each.glob("*")} for each in (one, other)]
    return contents[0] == contents[1]


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
