"""The ``ka`` command: one clear line for whatever goes wrong, in the reader's language.

A new command is one line in ``COMMANDS`` and a ``<name>.short`` message in
``messages/<name>.yaml``.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ka_course.commands import LazyGroup, language_option
from ka_course.speech import text
from ka_lib import language
from ka_lib.errors import KaError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "learn": "ka_course.learn:learn",
    "progress": "ka_course.progress:progress",
    "certificate": "ka_course.certificate:certificate",
    "import": "ka_course.import_command:import_",
    "report": "ka_course.report:report",
    "cohort": "ka_course.cohorts.commands:cohort",
    "grade": "ka_course.grading.command:grade",
    "feedback": "ka_course.cohorts.commands:feedback",
    "marks": "ka_course.cohorts.commands:marks",
    "written": "ka_course.cohorts.commands:written",
    "formgrader": "ka_course.cohorts.commands:formgrader",
    "build": "ka_course.build:build",
}
GROUPS = {"cohort": ("new", "release", "collect"), "written": ("export", "import")}

USER_MISTAKE = 2
STOPPED = 130

ka = LazyGroup(name="ka", help="cli.help", places=COMMANDS, params=[language_option()])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``ka`` and leave the process with its exit code."""
    _write_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    language.use(_language_of(given))
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code.

    Returns
    -------
    int
        0 done, 1 a check found something or the program failed, 2 the reader can put it right.
    """
    try:
        code = ka.main(args=list(arguments), prog_name="ka", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        return 0
    except click.ClickException as mistake:
        return _say(describe(mistake, _command_of(arguments)))
    except KaError as mistake:
        return _say(str(mistake))
    except Exception as failure:
        if os.environ.get("KA_DEBUG"):
            raise
        what = f"{type(failure).__name__}: {failure}".splitlines()[0]
        _say(text("cli.unexpected", what=what))
        return 1
    return code if isinstance(code, int) else 0


def describe(mistake: click.ClickException, command: str = "ka") -> str:  # noqa: PLR0911 - one sentence a mistake
    """Return one line about a command line that click could not read."""
    match mistake:
        case click.exceptions.NoSuchOption():
            return text("cli.no_such_option", given=mistake.option_name, command=command)
        case click.exceptions.MissingParameter():
            return text("cli.missing", name=_name_of(mistake), command=command)
        case click.BadParameter():
            kind = mistake.param and mistake.param.type
            if isinstance(kind, click.Choice):
                names = ", ".join(map(str, kind.choices))
                return text(
                    "cli.bad_choice", name=_name_of(mistake), choices=names, command=command
                )
            if isinstance(kind, click.IntRange):
                low, high = kind.min, kind.max
                return text("cli.bad_number", name=_name_of(mistake), low=low, high=high)
            return text(
                "cli.bad_value", name=_name_of(mistake), why=mistake.message, command=command
            )
        case click.exceptions.BadOptionUsage():
            return text("cli.needs_value", given=mistake.option_name, command=command)
        case _ if (given := getattr(mistake, "command_name", None)) is not None:
            context = getattr(mistake, "ctx", None)
            group = context.command if context else None
            known = group.places if isinstance(group, LazyGroup) else COMMANDS
            return text("cli.no_such_command", given=given, choices=", ".join(known))
        case _:
            return text("cli.bad_usage", why=mistake.format_message(), command=command)


def _name_of(mistake: click.BadParameter) -> str:
    parameter = mistake.param
    if parameter is None:
        return str(mistake.param_hint or "")
    return (
        parameter.opts[0]
        if isinstance(parameter, click.Option)
        else parameter.make_metavar(mistake.ctx or click.Context(ka))
    )


def _command_of(arguments: Sequence[str]) -> str:
    """Return the command as the reader typed it, without its options."""
    words = [word for word in arguments if not word.startswith("-")]
    place = next((i for i, word in enumerate(words) if word in COMMANDS), len(words))
    inside = GROUPS.get(words[place], ()) if place < len(words) else ()
    below = [word for word in words[place + 1 : place + 2] if word in inside]
    return " ".join(["ka", *words[place : place + 1], *below])


def _say(line: str) -> int:
    click.echo(line, err=True)
    return USER_MISTAKE


def _language_of(arguments: Sequence[str]) -> str:
    """Return the language asked for by ``--lang``, else the system's."""
    for position, word in enumerate(arguments):
        name, _, value = word.partition("=")
        if name == "--lang":
            wanted = value or next(iter(arguments[position + 1 :]), "")
            if wanted in language.LANGUAGES:
                return wanted
    return language.from_locale()


def _write_utf8() -> None:
    """Let a Windows console that is not set to UTF-8 show what it can, without an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if os.name == "nt" and reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
