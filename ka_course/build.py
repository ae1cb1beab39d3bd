"""``ka build``: sources in, notebooks of both editions out; ``--check`` tells what is stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ka_course.build_plan import chapters, figures, leftovers, pages, plan
from ka_course.commands import Command, Option, language_option
from ka_course.places import repository
from ka_course.rules import Problem, problems
from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def source_problems(root: Path, names: Sequence[str] = ()) -> list[Problem]:
    """Return what authors have to put right in the sources of these chapters, or in all."""
    found = []
    for chapter in chapters(root, names):
        known = figures(root, chapter.name, "zh")
        for source in chapter.sources:
            found += problems(source, known)
    if not names:
        for page in pages(root):
            found += problems(page, ())
    return found


def stale_files(root: Path, names: Sequence[str] = ()) -> list[str]:
    """Return the built files that differ from what the sources make, are missing or left over."""
    made = plan(root, names)
    stale = [path for path, content in made.items() if _content(root / path) != content]
    return stale if names else sorted([*stale, *leftovers(root, made)])


def write(root: Path, names: Sequence[str] = ()) -> tuple[int, int]:
    """Write what differs, remove what no source makes any more.

    Returns
    -------
    tuple of int
        How many files were written, how many were the same.
    """
    made = plan(root, names)
    changed = {path: content for path, content in made.items() if _content(root / path) != content}
    for path, content in changed.items():
        target = root / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as failure:
            why = failure.strerror or str(failure)
            raise CourseError("build.cannot_write", path=path, why=why) from failure
    if not names:
        for path in leftovers(root, made):
            (root / path).unlink()
    return len(changed), len(made) - len(changed)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _build(names: tuple[str, ...], check: bool) -> int:
    root = repository()
    if found := source_problems(root, names):
        lines = [text("build.problems", number=len(found)), *map(str, found)]
        click.echo("\n".join(lines), err=True)
        return 2
    if not check:
        written, same = write(root, names)
        click.echo(text("build.written", number=written, same=same))
        return 0
    stale = stale_files(root, names)
    for path in stale:
        click.echo(text("build.stale", path=path))
    click.echo(text("build.stale_total", number=len(stale)) if stale else text("build.fresh"))
    return 1 if stale else 0


build = Command(
    "build",
    help="build.help",
    callback=_build,
    params=[
        click.Argument(["names"], nargs=-1, metavar="[CHAPTER]..."),
        Option(["--check"], is_flag=True, help="build.check_option"),
        language_option(),
    ],
)
