"""``ka certificate``: a page to keep when every core task is right, or what is still missing.

It rests on the notes on the learner's own computer, so it says that it is for self-study; a
trainer's comes from graded work: ``ka marks --certificates``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ka_course.certificate_page import Page, clean_name, draw
from ka_course.commands import Command, Option, language_option
from ka_course.learn import default_folder, folder_option
from ka_course.learn_files import refused
from ka_course.progress import Chapter, open_tasks, read_standing, shipped_course
from ka_course.speech import text
from ka_lib.feedback import task_label

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "certificate.pdf"


def missing(chapters: list[Chapter], stands: Mapping[tuple[str, str], str]) -> list[str]:
    """Return what stands between a learner and the certificate, one line a chapter."""
    lines = []
    for chapter in chapters:
        if waiting := open_tasks(chapter, chapter.core, stands):
            named = text("certificate.and").join(task_label(task) for task in waiting)
            lines.append(text("certificate.open", chapter=chapter.title, tasks=named))
    return lines


def page(name: str, chapters: list[Chapter], stands: Mapping[tuple[str, str], str]) -> Page:
    """Return the page of a learner who has done every core task."""
    results = []
    for chapter in chapters:
        done = len(chapter.tasks) - len(open_tasks(chapter, chapter.tasks, stands))
        result = text("certificate.done", done=done, total=len(chapter.tasks))
        results.append((chapter.title, result))
    sentence = text("certificate.sentence", number=len(chapters))
    return Page(name, "self_study", sentence, results, text("certificate.self_study_foot"))


def _certificate(name: str, to: Path | None, out: Path | None) -> int:
    name = clean_name(name)
    folder = (to or default_folder()).expanduser().absolute()
    stands = read_standing(folder)
    chapters = shipped_course()
    if lines := missing(chapters, stands):
        click.echo("\n".join([text("certificate.not_yet"), *lines]))
        return 1
    target = (out or folder / FILE).expanduser().absolute()
    today = dt.datetime.now().astimezone().date()
    content = draw(page(name, chapters, stands), today)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as failure:
        raise refused(failure, target) from failure
    click.echo(text("certificate.made", path=target))
    return 0


certificate = Command(
    "certificate",
    help="certificate.help",
    callback=_certificate,
    params=[
        Option(["--name"], required=True, help="certificate.name_option"),
        folder_option(),
        Option(["--out"], type=click.Path(path_type=Path), help="certificate.out_option"),
        language_option(),
    ],
)
