"""Companies drawn once a run: every chapter is tried on the same few."""

from __future__ import annotations

import pytest

from ka_course import practice
from ka_lib.company import load


@pytest.fixture(scope="session", autouse=True)
def _companies_written_once(tmp_path_factory):
    """Write a seed's tables once; everybody reads copies of their own, which they may change."""
    folder = tmp_path_factory.mktemp("companies")

    def company(seed=practice.PRACTICE_SEED):
        place = folder / str(seed)
        if not place.is_dir():
            practice.write(place, seed)
        return load(place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(practice, "company", company)
        yield
