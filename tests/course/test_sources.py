"""Do the sources of this repository keep the rules, and are the built files up to date?"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

import pytest
import yaml

from ka_course import build, build_plan
from ka_course.learn_files import shelf
from ka_course.rules import problems
from ka_course.rules_course import (
    CHAPTERS as ALL_CHAPTERS,
)
from ka_course.rules_course import (
    EXTENSIONS,
    carriers,
    glossary_gaps,
    rows_of,
    shared_carriers,
    uncarried,
    unknown_rows,
)
from ka_lib import language

ROOT = Path(__file__).parents[2]
CHAPTERS = {chapter.name: chapter for chapter in build_plan.chapters(ROOT)}
SOURCES = [(name, source) for name, chapter in CHAPTERS.items() for source in chapter.sources]


def shown(found):
    return "\n".join(map(str, found))


@pytest.mark.parametrize(("name", "source"), SOURCES, ids=[source.name for _, source in SOURCES])
def test_a_chapters_source_keeps_the_rules(name, source):
    found = problems(source, build_plan.figures(ROOT, name, "zh"))
    assert not found, shown(found)


@pytest.mark.parametrize("page", build_plan.pages(ROOT), ids=lambda page: page.name)
def test_a_pages_source_keeps_the_rules(page):
    found = problems(page, ())
    assert not found, shown(found)


def test_built_files_are_up_to_date():
    assert build.stale_files(ROOT) == [], "run `uv run ka build` and commit the result"


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_links_lead_to_files_of_the_learners_folder(lang):
    files = shelf(ROOT, lang)
    astray = []
    for place, content in files.items():
        prose = content.decode("utf-8")
        if place.endswith(".ipynb"):
            cells = json.loads(prose)["cells"]
            told = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
            prose = "\n".join("".join(source) for source in told)
        for link in re.findall(r"\]\(([^)\s]+)", prose):
            target = link.partition("#")[0]
            there = posixpath.normpath(posixpath.join(posixpath.dirname(place), target))
            if target and "://" not in link and not link.startswith("attachment:"):
                astray += [] if there in files else [f"{place}: {link}"]
    assert astray == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_lecture_leads_to_the_glossary_and_to_its_exercises(name):
    chapter = CHAPTERS[name]
    prose = "\n".join(pair.zh.text for pair in chapter.lecture.pairs()) if chapter.lecture else ""
    assert "](glossary.md" in prose
    assert f"](../exercises/{name}.ipynb)" in prose


@pytest.fixture(scope="module")
def coverage():
    return yaml.safe_load((ROOT / "course/coverage.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def available():
    """Everything that can carry a row, chapters' own things with the chapter in front."""
    found = shared_carriers(ROOT)
    for chapter in CHAPTERS.values():
        path = ROOT / "course" / "quizzes" / f"{chapter.name}.yaml"
        quiz = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else []
        own = carriers(chapter.lecture, chapter.assignment, quiz)
        found |= {f"{chapter.name}:{carrier}" for carrier in own}
    return found


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_row_of_the_curriculum_is_carried(name, coverage, available):
    found = list(uncarried(coverage, rows_of(int(name.removeprefix("ch"))), available, home=name))
    assert not found, shown(found)


def test_every_extension_is_carried(coverage, available):
    whole = set(ALL_CHAPTERS) <= set(CHAPTERS)  # until then, those that are written
    rows = EXTENSIONS if whole else [row for row in EXTENSIONS if row in coverage]
    found = list(uncarried(coverage, rows, available))
    assert not found, shown(found)


def test_every_chapter_that_carries_a_row_is_there(coverage):
    carrying = {f"ch{int(row.partition('-')[0]):02}" for row in coverage if "-" in row}
    assert carrying <= set(CHAPTERS)


def test_no_row_is_invented(coverage):
    assert list(unknown_rows(coverage)) == []


def test_the_glossary_is_whole():
    glossary = yaml.safe_load((ROOT / "course/glossary.yaml").read_text(encoding="utf-8"))
    found = list(glossary_gaps(glossary))
    assert not found, shown(found)
