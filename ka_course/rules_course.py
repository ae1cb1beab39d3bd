"""What the course as a whole must keep to: every curriculum row is carried, terms stand once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ka_course.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ka_course.build_source import Source

# Rows of the curriculum for each chapter that is built: chapter 3 has 3-1 to 3-24.
ROWS = {3: 24}


def carriers(lecture: Source | None, assignment: Source | None, quiz: Sequence[object]) -> set[str]:
    """Return what a chapter has that can carry a row.

    Returns
    -------
    set of str
        ``lecture#ID`` for an id the author gave, a heading's number (``lecture#3.6``) and the
        English heading's words (``lecture#which-step-leaks``); ``task:q3``; ``quiz:2`` (counted
        from 1, or the question's own id); ``widget:W3`` (a code cell with ``:widget: W3``).
    """
    found: set[str] = set()
    for pair in lecture.pairs() if lecture else []:
        found |= {
            f"lecture#{cell.option('id')}" for cell in (pair.zh, pair.en) if "id" in cell.options
        }
        for heading in re.findall(r"^#{1,6} +(.+)$", pair.en.text, flags=re.MULTILINE):
            number, words = re.fullmatch(r"([\d.]*\d)?\s*(.*)", heading.strip()).groups()  # type: ignore[union-attr]
            found.add(f"lecture#{number or anchor(words)}")
            found.add(f"lecture#{anchor(words)}")
    for source in (lecture, assignment):
        for cell in source.cells if source else []:
            found |= {
                f"task:{cell.option(name)}" for name in ("task", "solution") if cell.option(name)
            }
            if cell.option("widget"):
                found.add(f"widget:{cell.option('widget')}")
    for turn, question in enumerate(quiz, start=1):
        found.add(f"quiz:{turn}")
        if isinstance(question, dict) and "id" in question:
            found.add(f"quiz:{question['id']}")
    return found


def anchor(heading: str) -> str:
    """Return a heading's words as an anchor: lower case, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def uncarried_rows(
    coverage: Mapping[str, Sequence[str]], chapter: int, available: set[str], rows: int
) -> Iterator[Problem]:
    """Every row of a built chapter has a carrier, and every carrier exists."""
    where = "course/coverage.yaml"
    for row in (f"{chapter}-{turn}" for turn in range(1, rows + 1)):
        if not coverage.get(row):
            yield Problem(where, "row_uncarried", {"row": row})
        for carrier in coverage.get(row) or ():
            if carrier not in available:
                yield Problem(where, "carrier_missing", {"row": row, "carrier": carrier})


def glossary_gaps(glossary: Mapping[str, Mapping[str, object]]) -> Iterator[Problem]:
    """Every term has a name and a definition in both languages, and no name stands twice."""
    where = "course/glossary.yaml"
    names: dict[tuple[str, str], str] = {}
    for term, entry in glossary.items():
        definition = entry.get("definition")
        for lang in ("zh", "en"):
            said = definition.get(lang) if isinstance(definition, dict) else None
            if not entry.get(lang) or not said:
                yield Problem(where, "term_incomplete", {"term": term, "missing": lang})
            name = (lang, str(entry.get(lang) or "").strip().lower())
            if name[1] and name in names:
                yield Problem(where, "term_twice", {"term": term, "other": names[name]})
            names.setdefault(name, term)
        if not entry.get("chapter"):
            yield Problem(where, "term_without_chapter", {"term": term})
