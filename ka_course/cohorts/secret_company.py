"""The company that a cohort is graded on: drawn from its seed, told to nobody.

Prevents answers that were copied or typed in: the numbers are of another company than the one
that learners practise on, and no two cohorts have the same.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Any

from ka_course.cohorts.files import OWNER_ONLY_FOLDER, replace_file, swap_folder, workshop, writing
from ka_course.speech import CourseError
from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ka_course.cohort import Cohort, Secret
    from ka_course.tasks import Assignment

TRIED = 200  # companies; most tell the mistakes apart


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


def prepare(cohort: Cohort, chapter: str, assignment: Assignment) -> Secret:
    """Make the chapter's secret company and its checks; the same company again if it still serves.

    Raises
    ------
    CourseError
        No company was found that tells the assignment's mistakes apart.
    """
    from ka_course import practice
    from ka_course.simulated import separating_companies
    from ka_course.tasks import compile_checks

    secret = cohort.secret(chapter)
    before = language.current()
    language.use(cohort.lang)
    try:
        tried = itertools.islice(seeds(cohort, chapter), TRIED)
        drawn = next(iter(separating_companies(assignment, tried)), None)
        if drawn is None:
            raise CourseError("cohort.no_company", chapter=chapter, tried=TRIED)
        seed, company = drawn
        checks = compile_checks(assignment, company)
    finally:
        language.use(before)
    folder = secret.tables.parent
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
        with workshop(folder) as made:
            practice.write(made / "tables", seed)
            if not _same(made / "tables", secret.tables):
                swap_folder(made / "tables", secret.tables, made / "earlier")
        replace_file(secret.checks, _json(checks), private=True)
    return secret


def _same(one: Path, other: Path) -> bool:
    contents = [{path.name: path.read_bytes() for path in each.glob("*")} for each in (one, other)]
    return contents[0] == contents[1]


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
