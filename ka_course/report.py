"""``ka report``: a CRM export in, a page that a manager can forward out.

Prevents half-written reports, reports written over earlier ones, and tracebacks: everything is
made in a folder of its own beside its place and moved there when it is whole.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ka_course.commands import Command, Option, language_option
from ka_course.places import shipped
from ka_course.speech import CourseError, text
from ka_lib import language
from ka_lib.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

PRACTICE = "practice"
OUR_ERRORS = ("ExportError", "KaError", "ParameterError", "TableError")
NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # Windows refuses these in file names


class Made(NamedTuple):
    """The files of a report."""

    page: Path
    notebook: Path


def names() -> list[str]:
    """Return the reports there are."""
    return sorted(path.stem for path in (shipped() / "reports" / "en").glob("*.ipynb"))


def make(  # noqa: PLR0913 - one argument a choice that the reader has
    name: str,
    data: str,
    out: Path,
    *,
    owner: str = "",
    as_of: str = "",
    system: str = "",
    currency: str = "",
    dates: str = "",
) -> Made:
    """Make one report, in the language in force.

    Parameters
    ----------
    name : str
        One of `names`.
    data : str
        What `ka_lib.read_export` reads, or ``"practice"``.
    out : Path
        The folder for the page and the executed notebook; made when it is not there.
    owner, as_of, system, currency, dates : str
        Parameters of the report; empty for its defaults.

    Raises
    ------
    CourseError, ExportError, ParameterError
        Something the reader can put right. Nothing is left behind.
    """
    template = shipped() / "reports" / language.current() / f"{name}.ipynb"
    if not template.is_file():
        raise CourseError("report.unknown", given=name, known=", ".join(names()) or "-")
    if as_of:
        from ka_lib.review import read_day

        read_day(as_of)
    if system and data == PRACTICE:  # beside an export there may be a vocabulary of that name
        from ka_lib.crm.vocabulary import choose

        choose(system)
    if data != PRACTICE:
        place = Path(data).expanduser().absolute()
        if not place.exists():
            raise ExportError("crm.not_found", path=data)
        data = str(place)
    parameters = {"data": data, "owner": owner, "as_of": as_of}
    parameters |= {"system": system, "currency": currency, "dates": dates}
    try:
        with _workshop(out) as folder:
            executed = _run(template, parameters, folder)
            return _write(name, executed, folder, out)
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise CourseError("report.cannot_write", path=out, why=why) from failure


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """Give a folder on the same disk; take it away again, and ``out`` too if it stayed empty."""
    new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".ka-", dir=out))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if new and not any(out.iterdir()):
            out.rmdir()


def _run(template: Path, parameters: dict[str, str], folder: Path) -> NotebookNode:
    """Run the notebook in a kernel of its own, with a progress bar on stderr."""
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    bar = {
        "desc": text("report.working"),
        "bar_format": "{desc} |{bar:24}| {n_fmt}/{total_fmt}",
        "leave": False,
    }
    # Read here: papermill would take braces in a folder's name for a parameter.
    notebook = nbformat.read(template, as_version=4)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # event loops on Windows
            done: NotebookNode = papermill.execute_notebook(
                notebook,
                None,
                parameters,
                progress_bar=bar,
                cwd=str(folder),
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],  # the kernel's own warnings
            )
    except PapermillExecutionError as failure:
        if failure.ename in OUR_ERRORS:
            raise CourseError("report.says", what=" ".join(failure.evalue.split())) from failure
        raise RuntimeError(f"{failure.ename}: {failure.evalue}") from failure
    return _without_paths(done)


def _without_paths(notebook: NotebookNode) -> NotebookNode:
    """Take out papermill's own records, which name folders of this machine."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for record in ("papermill", "execution"):
            cell.metadata.pop(record, None)
    return notebook


def _write(name: str, executed: NotebookNode, folder: Path, out: Path) -> Made:
    """Write page and notebook under a name that is free."""
    import nbformat

    from ka_course.report_page import page

    facts = _facts(executed)
    parts = [name, NOT_IN_NAMES.sub("-", facts.get("owner", "")), facts.get("as_of", "")]
    stem = _free("-".join(part for part in parts if part), out)
    made = Made(out / f"{stem}.html", out / f"{stem}.ipynb")
    unfinished = Made(folder / made.page.name, folder / made.notebook.name)
    unfinished.page.write_text(page(executed, facts), encoding="utf-8", newline="\n")
    nbformat.write(executed, unfinished.notebook)
    for source, target in zip(unfinished, made, strict=True):
        source.replace(target)
    return made


def _facts(executed: NotebookNode) -> dict[str, Any]:
    """Return what the report says about itself: company, owner and day."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if "ka" in output.get("metadata", {}):
                return dict(output["metadata"]["ka"])
    return {}


def _free(stem: str, out: Path) -> str:
    """Return a name that no file has: earlier reports stay."""
    turn = 1
    while True:
        tried = stem if turn == 1 else f"{stem}-{turn}"
        if not any((out / f"{tried}{suffix}").exists() for suffix in (".html", ".ipynb")):
            return tried
        turn += 1


def _report(name: str, data: str, out: Path, dates: str | None, **choices: str) -> None:
    made = make(name, data, out.expanduser().absolute(), dates=dates or "", **choices)
    click.echo(made.page)


report = Command(
    "report",
    help="report.help",
    callback=_report,
    params=[
        click.Argument(["name"]),
        Option(["--data"], required=True, help="report.data_option"),
        Option(["--owner"], default="", help="report.owner_option"),
        Option(["--as-of"], default="", help="report.as_of_option"),
        Option(["--system"], default="", help="report.system_option"),
        Option(["--currency"], default="", help="report.currency_option"),
        Option(
            ["--dates"],
            type=click.Choice(["day-first", "month-first"]),
            help="report.dates_option",
        ),
        Option(
            ["--out"], type=click.Path(path_type=Path), default=Path(), help="report.out_option"
        ),
        language_option(),
    ],
)
