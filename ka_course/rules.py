"""What a source must keep to, as pure functions: a source in, problems out.

Prevents editions that drift apart, prose that prints raw in JupyterLab, and points that are
promised but not given. Each rule is one function in ``RULES``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ka_course.build_edition import COMMENT_LINE, COMMENTS_AT_END, FIGURE, localised
from ka_course.build_source import Cell, Pair
from ka_course.speech import text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ka_course.build_source import Source

LONGEST_CELL = 15
HEADING = re.compile(r"^(#{1,6}) +\S", flags=re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)")
CODE_SPAN = re.compile(r"(?<!`)`([A-Za-z_][\w.]*(?:\([^`]*\))?)`(?!`)")
DIRECTIVE = re.compile(r"^\s*(?::{3,}|`{3,}\{)", flags=re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", flags=re.MULTILINE | re.DOTALL)
POINTS = {"zh": re.compile(r"（(\d+) ?分）"), "en": re.compile(r"\((\d+) points?\)")}
COMMENT_AT_END = re.compile(r"\S\s+# (?:zh|en): ")


@dataclass(frozen=True)
class Problem:
    """One thing an author has to put right: where it stands, what it is, what to do."""

    where: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return one line in the author's language."""
        return f"{self.where}: {text(f'build.{self.key}', **self.facts)}"


def problems(source: Source, figures: Collection[str] | None = None) -> list[Problem]:
    """Return everything that is wrong with one source.

    Parameters
    ----------
    source : Source
    figures : collection of str, optional
        The names that prose may use as ``{{name}}``; None leaves that rule out.
    """
    found = [problem for rule in RULES for problem in rule(source)]
    if figures is not None:
        found += unknown_figures(source, figures)
    return found


def _at(source: Source, cell: Cell, key: str, **facts: object) -> Problem:
    return Problem(f"{source.name}:{cell.line}", key, facts)


def unpaired_prose(source: Source) -> Iterator[Problem]:
    """Every prose cell has its partner in the other language next to it."""
    for item in source.items():
        if isinstance(item, Cell) and item.kind == "prose":
            yield _at(source, item, "unpaired" if item.lang else "no_language")


def unlike_pairs(source: Source) -> Iterator[Problem]:
    """Both languages have the same headings, figures, links, code names and task."""
    for pair in source.pairs():
        for key, features in (
            ("headings_differ", _headings),
            ("figures_differ", _figures),
            ("links_differ", _links),
            ("code_differs", _code_spans),
            ("tasks_differ", _task),
        ):
            zh, en = features(pair.zh), features(pair.en)
            if zh != en:
                yield _at(source, pair.en, key, zh=_listed(zh), en=_listed(en))


def _headings(cell: Cell) -> list[str]:
    return [found[1] for found in HEADING.finditer(FENCED.sub("", cell.text))]


def _figures(cell: Cell) -> list[str]:
    return sorted(FIGURE.findall(cell.text))


def _links(cell: Cell) -> list[str]:
    return sorted(LINK.findall(cell.text))


def _code_spans(cell: Cell) -> list[str]:
    return sorted(set(CODE_SPAN.findall(cell.text)))


def _task(cell: Cell) -> list[str]:
    return [f"{name}: {cell.option(name)}" for name in ("task", "points") if cell.option(name)]


def _listed(features: list[str]) -> str:
    return ", ".join(features) or "-"


def raw_directives(source: Source) -> Iterator[Problem]:
    """Prose has no MyST directive: JupyterLab prints ``:::{note}`` as it stands."""
    for cell in source.cells:
        if cell.kind == "prose" and (found := DIRECTIVE.search(cell.text)):
            yield _at(source, cell, "directive", given=found[0].strip())


def long_cells(source: Source) -> Iterator[Problem]:
    """No code cell is longer than a beginner can take in."""
    for cell in source.code():
        kept = [line for line in localised(cell.text, "zh").splitlines() if "### " not in line]
        if len(kept) > LONGEST_CELL:
            yield _at(source, cell, "too_long", lines=len(kept), most=LONGEST_CELL)


def code_first(source: Source) -> Iterator[Problem]:
    """Prose comes before code: first what to look for, then the code."""
    if source.cells and source.cells[0].kind == "code":
        yield _at(source, source.cells[0], "code_first")


def unpaired_comments(source: Source) -> Iterator[Problem]:
    """Every ``# zh:`` comment has its ``# en:`` partner."""
    for cell in source.code():
        turns: Counter[str] = Counter()
        for line in cell.text.splitlines():
            if found := COMMENT_LINE.match(line):
                turns[found["lang"]] += 1
            elif COMMENT_AT_END.search(line) and not COMMENTS_AT_END.match(line):
                turns["alone"] += 1
        if turns["zh"] != turns["en"] or turns["alone"]:
            yield _at(source, cell, "comment_unpaired")


def misplaced_tests(source: Source) -> Iterator[Problem]:
    """Every task has one solution, then its tests, which carry points."""
    solved: set[str] = set()
    tested: set[str] = set()
    for cell in source.code():
        if task := cell.option("solution"):
            if task in solved:
                yield _at(source, cell, "solved_twice", task=task)
            solved.add(task)
        elif task := cell.option("test"):
            if task not in solved:
                yield _at(source, cell, "test_first", task=task)
            if not cell.option("points").isdigit():
                yield _at(source, cell, "no_points", task=task)
            tested.add(task)
    for task in sorted(solved - tested):
        cell = next(cell for cell in source.code() if cell.option("solution") == task)
        yield _at(source, cell, "no_test", task=task)


def wrong_points(source: Source) -> Iterator[Problem]:
    """Prose promises the points that the task is graded with."""
    graded = Counter[str]()
    for cell in source.code():
        if cell.option("test") and cell.option("points").isdigit():
            graded[cell.option("test")] += int(cell.option("points"))
    described = set()
    for pair in source.pairs():
        if not (task := pair.zh.option("task")):
            continue
        described.add(task)
        points = int(pair.zh.option("points") or graded[task])
        for cell in (pair.zh, pair.en):
            promised = sum(map(int, POINTS[cell.lang].findall(cell.text)))
            if promised != points:
                yield _at(source, cell, "points_differ", task=task, said=promised, given=points)
    for task in sorted(set(graded) - described):
        cell = next(cell for cell in source.code() if cell.option("test") == task)
        yield _at(source, cell, "no_prompt", task=task)


def unknown_figures(source: Source, figures: Collection[str]) -> Iterator[Problem]:
    """Every ``{{name}}`` is one that the chapter's facts work out."""
    for cell in source.cells:
        if cell.kind == "prose":
            for name in sorted(set(FIGURE.findall(cell.text)) - set(figures)):
                known = ", ".join(sorted(figures)) or "-"
                yield _at(source, cell, "unknown_figure", name=name, known=known)


def repeated_ids(source: Source) -> Iterator[Problem]:
    """Ids that the author gives stand once: nbgrader drops the earlier of two."""
    seen: set[str] = set()
    for item in source.items():
        cell = item.zh if isinstance(item, Pair) else item
        name = cell.option("id")
        if name in seen:
            yield _at(source, cell, "id_twice", id=name)
        if name:
            seen.add(name)


RULES: tuple[Callable[[Source], Iterator[Problem]], ...] = (
    unpaired_prose,
    unlike_pairs,
    raw_directives,
    long_cells,
    code_first,
    unpaired_comments,
    misplaced_tests,
    wrong_points,
    repeated_ids,
)
