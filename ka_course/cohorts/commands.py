"""What an instructor types: ``ka cohort``, ``ka feedback``, ``ka marks``, ``ka written``, ``ka formgrader``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ka_course.commands import Command, LazyGroup, Option, language_option

if TYPE_CHECKING:
    from ka_course.cohort import Cohort

HERE = "ka_course.cohorts.commands"


def cohort_option() -> Option:
    """Return ``--cohort``, the folder of a cohort; the one you stand in if left out."""
    kind = click.Path(path_type=Path)
    return Option(["--cohort", "folder"], type=kind, help="cohort.cohort_option")


def chapter_argument(*, required: bool = True) -> click.Argument:
    """Return the chapter's number as people say it: 3."""
    return click.Argument(["chapter"], required=required)


def open_cohort(folder: Path | None) -> Cohort:
    """Return the cohort, and speak its language unless ``--lang`` asked for another."""
    from ka_course.cohort import Cohort
    from ka_lib import language

    found = Cohort.find(folder)
    context: click.Context | None = click.get_current_context()
    while context is not None:
        if context.get_parameter_source("lang") is click.core.ParameterSource.COMMANDLINE:
            return found
        context = context.parent
    language.use(found.lang)
    return found


def _new(name: str, roster: Path, to: Path | None, db: str | None) -> None:
    from ka_course.cohorts.create import create, default_folder
    from ka_course.speech import text
    from ka_lib import language

    made = create(name, roster, language.current(), to or default_folder(name), db)
    click.echo(text("cohort.made", name=made.name, number=len(made.learners), path=made.root))
    click.echo(text("cohort.made_next", path=made.root))


def _release(chapter: str, folder: Path | None) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.release import release
    from ka_course.speech import text

    done = release(open_cohort(folder), chapter_name(chapter))
    key = "cohort.released" if done.changed else "cohort.released_same"
    click.echo(text(key, path=done.path, release=done.release))
    if done.changed and done.earlier:
        click.echo(text("cohort.released_again", number=done.earlier))


def _collect(chapter: str, folder: Path | None, source: Path, due: str | None) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.collect import collect, told

    found = open_cohort(folder)
    for line in told(found, collect(found, chapter_name(chapter), source, due)):
        click.echo(line)


def _feedback(chapter: str, folder: Path | None, archive: Path | None) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.feedback import feedback, told

    found = open_cohort(folder)
    for line in told(feedback(found, chapter_name(chapter), archive)):
        click.echo(line)


def _marks(  # noqa: PLR0913, PLR0917 - one an option
    chapter: str | None,
    folder: Path | None,
    csv: Path | None,
    xlsx: Path | None,
    pages: Path | None,
    pass_mark: int,
) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.marks import marks, told
    from ka_course.cohorts.marks_files import write

    found = open_cohort(folder)
    sheets = marks(found, chapter_name(chapter) if chapter else None)
    for line in told(sheets, write(sheets, csv, xlsx)):
        click.echo(line)
    if pages is not None:
        from ka_course.cohorts.certificates import certificates

        today = dt.datetime.now().astimezone().date()
        for line in certificates(found, sheets, pages, pass_mark / 100, today):
            click.echo(line)


def _export(chapter: str, folder: Path | None, xlsx: Path) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.written_export import export
    from ka_course.speech import text

    number = export(open_cohort(folder), chapter_name(chapter), xlsx)
    click.echo(text("written.exported", number=number, path=xlsx))


def _import(chapter: str, file: Path, folder: Path | None) -> None:
    from ka_course.cohort import chapter_name
    from ka_course.cohorts.written_import import import_scores
    from ka_course.speech import text

    done = import_scores(open_cohort(folder), chapter_name(chapter), file)
    click.echo(text("written.imported", changed=done.changed, same=done.same, empty=done.empty))


def _formgrader(folder: Path | None, no_browser: bool, port: int | None) -> int:
    from ka_course.cohorts.formgrader import serve

    return serve(open_cohort(folder), port, browser=not no_browser)


def _file(*, exists: bool = False) -> click.Path:
    return click.Path(path_type=Path, exists=exists)


new = Command(
    "new",
    help="cohort.new_help",
    callback=_new,
    params=[
        click.Argument(["name"]),
        Option(["--roster"], type=_file(), required=True, help="cohort.roster_option"),
        Option(["--to"], type=_file(), help="cohort.to_option"),
        Option(["--db"], help="cohort.db_option"),
        language_option(),
    ],
)
release = Command(
    "release",
    help="cohort.release_help",
    callback=_release,
    params=[chapter_argument(), cohort_option(), language_option()],
)
collect = Command(
    "collect",
    help="cohort.collect_help",
    callback=_collect,
    params=[
        chapter_argument(),
        Option(["--from", "source"], type=_file(), required=True, help="cohort.from_option"),
        Option(["--due"], help="cohort.due_option"),
        cohort_option(),
        language_option(),
    ],
)
cohort = LazyGroup(
    name="cohort",
    help="cohort.help",
    short="cohort.{name}_short",
    places={name: f"{HERE}:{name}" for name in ("new", "release", "collect")},
    params=[language_option()],
)
feedback = Command(
    "feedback",
    help="feedback.help",
    callback=_feedback,
    params=[
        chapter_argument(),
        Option(["--zip", "archive"], type=_file(), help="feedback.zip_option"),
        cohort_option(),
        language_option(),
    ],
)
marks = Command(
    "marks",
    help="marks.help",
    callback=_marks,
    params=[
        chapter_argument(required=False),
        Option(["--csv"], type=_file(), help="marks.csv_option"),
        Option(["--xlsx"], type=_file(), help="marks.xlsx_option"),
        Option(["--certificates", "pages"], type=_file(), help="marks.certificates_option"),
        Option(
            ["--pass", "pass_mark"],
            type=click.IntRange(1, 100),
            default=60,
            help="marks.pass_option",
        ),
        cohort_option(),
        language_option(),
    ],
)
export = Command(
    "export",
    help="written.export_help",
    callback=_export,
    params=[
        chapter_argument(),
        Option(["--xlsx"], type=_file(), required=True, help="written.xlsx_option"),
        cohort_option(),
        language_option(),
    ],
)
import_ = Command(
    "import",
    help="written.import_help",
    callback=_import,
    params=[
        chapter_argument(),
        click.Argument(["file"], type=_file()),
        cohort_option(),
        language_option(),
    ],
)
written = LazyGroup(
    name="written",
    help="written.help",
    short="written.{name}_short",
    places={"export": f"{HERE}:export", "import": f"{HERE}:import_"},
    params=[language_option()],
)
formgrader = Command(
    "formgrader",
    help="formgrader.help",
    callback=_formgrader,
    params=[
        cohort_option(),
        Option(["--no-browser"], is_flag=True, help="learn.no_browser_option"),
        Option(["--port"], type=click.IntRange(1, 65535), help="learn.port_option"),
        language_option(),
    ],
)
