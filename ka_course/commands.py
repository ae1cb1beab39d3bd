"""click, in the reader's language: help texts and headings come from the catalogue.

A command's ``help`` and an option's ``help`` are keys such as ``learn.help``. They are looked
up when shown, so that ``--lang`` and the system's locale decide, not the moment of import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Option(click.Option):
    """An option whose ``help`` is a key of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and what it does, in the reader's language."""
        record = super().get_help_record(ctx)
        return (record[0], text(self.help)) if record and self.help else record


class Command(click.Command):
    """A command whose ``help`` is a key of the catalogue."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; name what the command has no place for."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if ctx.args and not isinstance(self, click.Group):
            raise CourseError("cli.extra", given=" ".join(ctx.args), command=ctx.command_path)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, described in the reader's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help_option")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how to call the command."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=text("cli.usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(self.help) if self.help else "")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a heading in the reader's language."""
        records = [record for each in self.get_params(ctx) if (record := each.get_help_record(ctx))]
        with formatter.section(text("cli.options")):
            formatter.write_dl(records)


class LazyGroup(Command, click.Group):
    """A group that imports a command only when it is called, so that ``ka --help`` is quick.

    Parameters
    ----------
    places : mapping of str to str
        Name of the command -> ``module:attribute``.
    short : str
        The message that describes a command in one line, by its name.
    """

    def __init__(
        self, *, places: Mapping[str, str], short: str = "{name}.short", **settings: object
    ) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.places = places
        self.short = short

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in their standing order."""
        del ctx
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        del ctx
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands with one line each."""
        super().format_options(ctx, formatter)
        with formatter.section(text("cli.commands")):
            formatter.write_dl([(name, text(self.short.format(name=name))) for name in self.places])


def language_option() -> Option:
    """Return ``--lang``, which every command understands."""
    return Option(
        ["--lang", "lang"],
        type=click.Choice(["zh", "en"]),
        help="cli.lang_option",
        expose_value=False,  # read before the command starts, see ka_course.cli
    )
