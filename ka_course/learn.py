"""``ka learn``: lay the notebooks in the learner's folder and open them in JupyterLab."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from ka_course.commands import Command, Option, language_option
from ka_course.learn_files import lay, refused, shelf, told
from ka_course.learn_server import free_port, serve
from ka_course.places import PACKAGE, shipped
from ka_lib import language


def default_folder() -> Path:
    """Return the folder that learners get when they name none; never the clone itself."""
    folder = Path.home() / "ka-course"
    return Path.home() / "ka-course-learner" if folder == PACKAGE.parent else folder


def folder_option() -> Option:
    """Return ``--to``, the learner's folder."""
    return Option(["--to", "to"], type=click.Path(path_type=Path), help="cli.to_option")


def _learn(to: Path | None, no_browser: bool, port: int | None) -> int:
    lang = language.current()
    folder = (to or default_folder()).expanduser().absolute()
    if port:
        free_port(port)  # say so before anything is written
    laid = lay(shelf(shipped(), lang), folder, dt.datetime.now().astimezone().date())
    for line in told(laid, folder):
        click.echo(line)
    try:
        return serve(folder, lang, port, browser=not no_browser)
    except OSError as failure:
        raise refused(failure, folder) from failure


learn = Command(
    "learn",
    help="learn.help",
    callback=_learn,
    params=[
        language_option(),
        folder_option(),
        Option(["--no-browser"], is_flag=True, help="learn.no_browser_option"),
        Option(["--port"], type=click.IntRange(1, 65535), help="learn.port_option"),
    ],
)
