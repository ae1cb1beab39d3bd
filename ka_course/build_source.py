"""Read one bilingual MyST source into cells that know their line, so that errors can name it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ka_lib.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ka_lib.language import Language


@dataclass(frozen=True)
class Cell:
    """One cell as the author wrote it.

    Attributes
    ----------
    kind : {"prose", "code"}
    text : str
    options : mapping
        ``lang``, ``task``, ``points``, ``solution``, ``test``, ``id``, ``tags``, ``widget``.
    line : int
        Where its text starts in the source, counted from 1.
    """

    kind: Literal["prose", "code"]
    text: str
    options: Mapping[str, object] = field(default_factory=dict)
    line: int = 0

    def option(self, name: str) -> str:
        """Return an option as text, empty when it is not given."""
        value = self.options.get(name)
        return "" if value is None else str(value)

    @property
    def lang(self) -> str:
        """Return ``"zh"`` or ``"en"`` for prose, empty for code."""
        return self.option("lang")


@dataclass(frozen=True)
class Pair:
    """The same prose in both languages."""

    zh: Cell
    en: Cell

    def __getitem__(self, lang: Language) -> Cell:
        """Return the cell of one edition."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Source:
    """One file: its cells, and the settings at its top (``minutes``)."""

    name: str
    cells: tuple[Cell, ...]
    settings: Mapping[str, object] = field(default_factory=dict)

    def items(self) -> Iterator[Pair | Cell]:
        """Yield code cells and prose pairs in order; prose without a partner comes alone."""
        waiting: Cell | None = None
        for cell in self.cells:
            if waiting is not None:
                if cell.kind == "prose" and {waiting.lang, cell.lang} == set(LANGUAGES):
                    zh, en = (waiting, cell) if waiting.lang == "zh" else (cell, waiting)
                    yield Pair(zh, en)
                    waiting = None
                    continue
                yield waiting
                waiting = None
            if cell.kind == "prose":
                waiting = cell
            else:
                yield cell
        if waiting is not None:
            yield waiting

    def pairs(self) -> list[Pair]:
        """Return the prose that stands in both languages."""
        return [item for item in self.items() if isinstance(item, Pair)]

    def code(self) -> list[Cell]:
        """Return the code cells."""
        return [cell for cell in self.cells if cell.kind == "code"]

    def title(self, lang: Language) -> str:
        """Return the first heading of one edition, or the file's name."""
        for pair in self.pairs():
            if found := re.search(r"^# +(.+)$", pair[lang].text, flags=re.MULTILINE):
                return found[1].strip()
        return self.name


def read(path: Path, root: Path) -> Source:
    """Read one source; its name is its path from the root of the repository."""
    return parse(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def parse(raw: str, name: str) -> Source:
    """Turn the text of a source into cells."""
    import jupytext

    notebook = jupytext.reads(raw, fmt="md:myst")
    lines = raw.splitlines()
    cells = []
    start = 0
    for cell in notebook.cells:
        if not cell.source.strip():
            continue
        start = _find(lines, cell.source.splitlines()[0], start)
        kind: Literal["prose", "code"] = "code" if cell.cell_type == "code" else "prose"
        cells.append(Cell(kind, cell.source, dict(cell.metadata), start + 1))
        start += len(cell.source.splitlines())
    own = {"jupytext", "kernelspec"}
    settings = {key: value for key, value in notebook.metadata.items() if key not in own}
    return Source(name, tuple(cells), settings)


def _find(lines: list[str], wanted: str, start: int) -> int:
    """Return the position of the next line that reads like ``wanted``."""
    for position in range(start, len(lines)):
        if lines[position].strip() == wanted.strip():
            return position
    return start
