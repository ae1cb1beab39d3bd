"""What the course as a whole must keep to: every curriculum row is carried, terms stand once."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from ka_course.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ka_course.build_source import Source

# Rows of the curriculum by chapter: chapter 3 has 3-1 to 3-24. The opening (0) has none.
ROWS = {1: 20, 2: 9, 3: 24, 4: 23, 5: 29, 6: 43, 7: 19, 8: 27, 9: 31, 10: 15, 11: 46}
FIRST = {2: 0}  # chapter 2 counts from 2-0, the caption of its figure
EXTENSIONS = ("E1", "E2", "E3", "E4", "E5", "E6")
CHAPTERS = tuple(f"ch{number:02}" for number in range(12))


def rows_of(chapter: int) -> list[str]:
    """Return the rows of the curriculum that a chapter has to carry.

    Examples
    --------
    >>> rows_of(2)[0], rows_of(2)[-1], rows_of(0)
    ('2-0', '2-8', [])
    """
    first = FIRST.get(chapter, 1)
    return [f"{chapter}-{turn}" for turn in range(first, first + ROWS.get(chapter, 0))]


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


def shared_carriers(root: Path) -> set[str]:
    """Return what can carry a row and belongs to no chapter.

    Returns
    -------
    set of str
        ``scenario:first_visit`` (a file of ``course/scenarios``) and ``report:funnel-review``.
    """
    found = {f"scenario:{path.stem}" for path in (root / "course" / "scenarios").glob("*.yaml")}
    return found | {f"report:{path.stem}" for path in (root / "reports").glob("*.md")}


def is_tool(carrier: str) -> bool:
    """Return whether ``tool:ka.export.calendar`` names something that ``ka_lib`` has.

    Examples
    --------
    >>> is_tool("tool:ka.export.calendar"), is_tool("tool:ka.export.fax")
    (True, False)
    """
    kind, _, path = carrier.partition(":")
    first, *names = path.split(".")
    if kind != "tool" or first != "ka" or not names:
        return False
    found: object = import_module("ka_lib")
    for name in names:
        if name.startswith("_") or not hasattr(found, name):
            return False
        found = getattr(found, name)
    return True


def uncarried(
    coverage: Mapping[str, Sequence[str]], rows: Sequence[str], available: set[str], home: str = ""
) -> Iterator[Problem]:
    """Every one of these rows has a carrier, and every carrier exists.

    Parameters
    ----------
    coverage : mapping of str to sequence of str
        From ``course/coverage.yaml``.
    rows : sequence of str
        Curriculum rows, or extensions.
    available : set of str
        Carriers with their chapter (``ch03:task:q1``) and shared ones (``report:funnel-review``).
    home : str
        The chapter of the rows; its own carriers are written without it.
    """
    where = "course/coverage.yaml"
    for row in rows:
        named = coverage.get(row) or ()
        if not named:
            yield Problem(where, "row_uncarried", {"row": row})
        for carrier in named:
            if not {carrier, f"{home}:{carrier}"} & available and not is_tool(carrier):
                yield Problem(where, "carrier_missing", {"row": row, "carrier": carrier})


def unknown_rows(coverage: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """No row is named that the curriculum does not have."""
    known = {row for chapter in ROWS for row in rows_of(chapter)} | set(EXTENSIONS)
    for row in coverage:
        if row not in known:
            yield Problem("course/coverage.yaml", "row_unknown", {"row": row})


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
        formula = entry.get("formula")
        if isinstance(formula, dict) and set(formula) != {"zh", "en"}:
            yield Problem(where, "term_half_formula", {"term": term})
        if entry.get("chapter") not in range(len(CHAPTERS)):
            yield Problem(where, "term_without_chapter", {"term": term})
