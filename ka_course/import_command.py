"""``ka import``: a CRM export in, a folder of ka_lib's own tables and a report of it out.

Prevents an import that nobody can check: what was mapped, mended and set aside stands in a page
to read and in a table to filter, and near names wait for an answer in a list.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from ka_course.commands import Command, Option, language_option
from ka_course.speech import pad, text, width
from ka_lib.errors import ExportError

_PATIENCE = 1.0  # seconds without a word; a short import says nothing but its result
_LINE = 78


class Teller:
    """Says what is being done: on one line of a terminal, else a line each."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.shown = 0

    def __call__(self, what: str) -> None:
        """Say one thing."""
        if time.monotonic() - self.started < _PATIENCE:
            return
        if not sys.stderr.isatty():
            click.echo(what, err=True)
            return
        click.echo("\r" + pad(what, self.shown)[:_LINE], err=True, nl=False)
        self.shown = min(width(what), _LINE)

    def done(self) -> None:
        """Clear the line."""
        if self.shown:
            click.echo("\r" + " " * self.shown + "\r", err=True, nl=False)


def _import(  # noqa: PLR0913 - one argument a choice that the reader has
    export: str,
    out: Path,
    *,
    system: str,
    vocabulary: str,
    names: str,
    currency: str,
    dates: str | None,
    as_of: str,
) -> None:
    from ka_course import import_files
    from ka_lib.crm import read_export
    from ka_lib.validate import validate

    place = Path(export).expanduser()
    if not place.exists():
        raise ExportError("crm.not_found", path=export)
    target = out.expanduser().absolute()
    earlier = import_files.check(target, place.absolute(), bool(names))
    teller = Teller()
    imported = read_export(
        place,
        system or None,
        as_of or None,
        {"day-first": True, "month-first": False}.get(dates or ""),
        currency or None,
        vocabulary=vocabulary or None,
        names=names or None,
        tell=teller,
    )
    teller(text("import.writing"))
    validate(imported.company.tables)
    chosen = {"--system": system, "--vocabulary": vocabulary, "--currency": currency}
    chosen |= {"--dates": dates or "", "--as-of": as_of}
    import_files.write(imported, target, export, _again(export, target, chosen))
    teller.done()
    if earlier:
        click.echo(text("import.replaced", folder=target))
    click.echo(_result(imported, target))


def _again(export: str, target: Path, chosen: dict[str, str]) -> str:
    """Return the command of a second run that uses the answers: the same choices, and the names."""
    options = {"--out": str(target)} | chosen | {"--names": str(target / "names.csv")}
    words = [f'{name} "{value}"' for name, value in options.items() if value]
    return " ".join(["ka import", f'"{export}"', *words])


def _result(imported: object, target: Path) -> str:
    """Return what came of it, in a few lines."""
    from ka_course import import_page

    lines = [import_page.outcome(imported), str(target / import_page.PAGE)]  # type: ignore[arg-type]
    if len(imported.names):  # type: ignore[attr-defined]
        lines.insert(1, text("import.names_wait", number=len(imported.names)))  # type: ignore[attr-defined]
    return "\n".join(lines)


import_ = Command(
    "import",
    help="import.help",
    callback=_import,
    params=[
        click.Argument(["export"]),
        Option(["--out"], type=click.Path(path_type=Path), required=True, help="import.out_option"),
        Option(["--system"], default="", help="import.system_option"),
        Option(["--vocabulary"], default="", help="import.vocabulary_option"),
        Option(["--names"], default="", help="import.names_option"),
        Option(["--currency"], default="", help="import.currency_option"),
        Option(
            ["--dates"],
            type=click.Choice(["day-first", "month-first"]),
            help="import.dates_option",
        ),
        Option(["--as-of"], default="", help="import.as_of_option"),
        language_option(),
    ],
)
