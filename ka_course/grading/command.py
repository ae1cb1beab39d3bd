"""``ka grade``: a progress bar while it works, then one line a learner."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ka_course.cohorts.commands import chapter_argument, cohort_option
from ka_course.commands import Command, Option, language_option
from ka_course.speech import CourseError, pad, text, width

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.grading.batch import Result


def table(results: list[Result]) -> list[str]:
    """Return the lines to print: learner, score, status."""
    heads = [text(f"grading.head_{name}") for name in ("learner", "score", "status")]
    rows = [[one.name, _points(one), one.status] for one in results]
    columns = [max(width(row[place]) for row in [heads, *rows]) for place in (0, 1)]
    return [
        f"{pad(name, columns[0])}  {pad(score, columns[1])}  {status}".rstrip()
        for name, score, status in [heads, *rows]
    ]


def _points(one: Result) -> str:
    return "-" if one.score is None else f"{one.score:g} / {one.most:g}"


def _language_asked_for() -> bool:
    """Return whether ``--lang`` was given; without it, the cohort's language it is."""
    context: click.Context | None = click.get_current_context()
    while context is not None:
        if context.get_parameter_source("lang") is click.core.ParameterSource.COMMANDLINE:
            return True
        context = context.parent
    return False


def _grade(chapter: str, folder: Path | None, *, no_sandbox: bool, again: tuple[str, ...]) -> int:
    from tqdm import tqdm

    from ka_course.cohort import Cohort, chapter_name
    from ka_course.grading.batch import grade as grade_all
    from ka_course.grading.batch import strangers
    from ka_lib import language

    cohort, name = Cohort.find(folder), chapter_name(chapter)
    if not _language_asked_for():
        language.use(cohort.lang)
    with tqdm(total=len(cohort.learners), file=sys.stderr, leave=False, disable=None) as bar:
        turns = 0

        def show(learner: str) -> None:
            nonlocal turns
            bar.update(1 if turns else 0)
            turns += 1
            bar.set_description_str(learner)

        try:
            results = grade_all(cohort, name, sandboxed=not no_sandbox, again=again, progress=show)
        except KeyboardInterrupt:
            bar.close()
            click.echo(text("grading.stopped"), err=True)
            raise
        except CourseError:
            bar.close()
            raise
    click.echo("\n".join(table(results)))
    new = sum(one.again for one in results)
    handed_in = sum(one.score is not None for one in results)
    click.echo(text("grading.summary", new=new, handed_in=handed_in, all=len(results)))
    if found := strangers(cohort, name):
        click.echo(text("grading.strangers", names=", ".join(found)), err=True)
    return 1 if any(one.again and one.score is None for one in results) else 0


grade = Command(
    "grade",
    help="grading.help",
    callback=_grade,
    params=[
        chapter_argument(),
        cohort_option(),
        Option(["--no-sandbox"], is_flag=True, help="grading.no_sandbox_option"),
        Option(["--again"], multiple=True, help="grading.again_option"),
        language_option(),
    ],
)
