"""One edition of one source: prose of one language, nbgrader's metadata, ids that stay.

Prevents built files that differ at each build: no text format keeps cell ids, so every id
comes from the task, from the author, or from what both editions share.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ka_course.build_source import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from ka_course.build_source import Cell, Source
    from ka_course.figures import Figure
    from ka_lib.language import Language

FIGURE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
COMMENT_LINE = re.compile(r"^(?P<indent>\s*)# (?P<lang>zh|en): (?P<words>.*)$")
COMMENTS_AT_END = re.compile(r"^(?P<code>.*\S)  # zh: (?P<zh>.*?)\s+# en: (?P<en>.*)$")
BEGIN_SOLUTION = re.compile(r"^.*BEGIN SOLUTION.*$", flags=re.MULTILINE)

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FOLDED = 12  # hexadecimal digits of a hash: no clash in any notebook


def edition(
    source: Source, lang: Language, figures: Mapping[str, Figure] | None = None
) -> NotebookNode:
    """Return the notebook of one language.

    Parameters
    ----------
    source : Source
        Free of problems, see `ka_course.rules`.
    lang : {"zh", "en"}
    figures : mapping of str to Figure, optional
        What ``{{name}}`` in prose stands for.
    """
    from nbformat.v4 import new_notebook

    cells: list[NotebookNode] = []
    seen: Counter[str] = Counter()
    for item in source.items():
        if isinstance(item, Pair):
            words = fill(item[lang].text, figures or {}, lang)
            cells += _prose(words, item, seen)
        else:
            cells.append(_code(localised(item.text, lang), item, seen))
    return new_notebook(cells=cells, metadata=NOTEBOOK_METADATA)


def fill(words: str, figures: Mapping[str, Figure], lang: Language) -> str:
    """Return prose with every ``{{name}}`` replaced by its figure."""
    return FIGURE.sub(lambda found: figures[found[1]].show(lang), words)


def localised(code: str, lang: Language) -> str:
    """Return code with the comments and the language line of one edition."""
    kept = []
    for line in code.splitlines():
        if found := COMMENT_LINE.match(line):
            if found["lang"] == lang:
                kept.append(f"{found['indent']}# {found['words']}")
        elif found := COMMENTS_AT_END.match(line):
            kept.append(f"{found['code']}  # {found[lang]}")
        else:
            kept.append(line.replace('ka.use("LANG")', f'ka.use("{lang}")'))
    return "\n".join(kept)


def _prose(words: str, pair: Pair, seen: Counter[str]) -> list[NotebookNode]:
    """Return the cells of one prose pair: one, or prompt and answer for a written task."""
    task = pair.zh.option("task")
    if not task:
        name = pair.zh.option("id") or pair.en.option("id")
        return [_cell("markdown", words, name or _folded(pair.zh.text + "\0" + pair.en.text, seen))]
    begin = BEGIN_SOLUTION.search(words)
    prompt = words[: begin.start()].rstrip() if begin else words
    cells = [_graded("markdown", prompt, f"{task}-task", locked=True)]
    if "points" in pair.zh.options:
        answer = words[begin.start() :] if begin else ""
        points = _points(pair.zh)
        cells.append(_graded("markdown", answer, task, solution=True, grade=True, points=points))
    return cells


def _code(code: str, cell: Cell, seen: Counter[str]) -> NotebookNode:
    """Return one code cell with what nbgrader has to know about it."""
    if task := cell.option("solution"):
        return _goes_on(_graded("code", code, task, solution=True))
    if task := cell.option("test"):
        seen[f"test {task}"] += 1
        turn = seen[f"test {task}"]
        name = f"{task}-check" if turn == 1 else f"{task}-check-{turn}"
        return _goes_on(_graded("code", code, name, locked=True, grade=True, points=_points(cell)))
    made = _cell("code", code, cell.option("id") or _folded(cell.text, seen))
    if tags := cell.options.get("tags"):
        made.metadata["tags"] = tags
    return made


def _goes_on(made: NotebookNode) -> NotebookNode:
    """Let Run All go on to the next task when this cell fails; nbgrader still sees that it did."""
    made.metadata["tags"] = ["raises-exception"]
    return made


def _points(cell: Cell) -> int:
    return int(cell.option("points"))


def _graded(  # noqa: PLR0913 - nbgrader knows as many
    kind: str,
    words: str,
    name: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: int | None = None,
) -> NotebookNode:
    """Return a cell with nbgrader's full metadata; its id is its ``grade_id``."""
    made = _cell(kind, words, name)
    nbgrader: dict[str, Any] = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        nbgrader["points"] = points
    made.metadata["nbgrader"] = nbgrader
    return made


def _cell(kind: str, words: str, name: str) -> NotebookNode:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    new = new_code_cell if kind == "code" else new_markdown_cell
    return new(words, id=name)


def _folded(shared: str, seen: Counter[str]) -> str:
    """Return an id from what both editions share; equal cells are told apart by their turn."""
    seen[shared] += 1
    key = f"{shared}\0{seen[shared]}".encode()
    return hashlib.sha256(key).hexdigest()[:FOLDED]
