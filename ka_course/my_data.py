"""The "My data" panel: choose an export, look at what was understood, make the report.

For people who never open a terminal. Prevents customer data that travels with a notebook: the
panel shows columns, counts and reasons, never a customer's row, and forgets uploads once saved.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ka_course.my_data_files import FOLDER, REPORTS, choices, save
from ka_course.my_data_run import run_report
from ka_course.my_data_tables import understood
from ka_course.speech import text
from ka_lib.errors import KaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_lib.crm import Import

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY", "SGD")
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm"


def my_data(folder: str | Path | None = None) -> Any:
    """Show the panel.

    Parameters
    ----------
    folder : path, optional
        Where exports and reports are kept. Default: ``my-data`` beside the notebook.

    Returns
    -------
    ipywidgets.Widget
        Put it last in a cell.
    """
    return Panel(Path.cwd() / FOLDER if folder is None else Path(folder)).box


class Panel:
    """The widgets and what happens when they are used.

    Parameters
    ----------
    folder : Path
        Where exports and reports are kept; made at once, so that files can be dragged into it.
    """

    def __init__(self, folder: Path) -> None:
        import ipywidgets as widgets

        self.folder = folder
        with contextlib.suppress(OSError):  # uploading will say why
            folder.mkdir(parents=True, exist_ok=True)
        wide = widgets.Layout(width="28rem", max_width="100%")
        style = {"description_width": "7rem"}
        self.upload = widgets.FileUpload(
            accept=ACCEPTED,
            multiple=True,
            description=text("my_data.upload"),
            layout={"width": "auto"},
        )
        self.file = widgets.Dropdown(description=text("my_data.file"), layout=wide, style=style)
        self.refresh = widgets.Button(description=text("my_data.refresh"))
        self.owner = widgets.Dropdown(
            options=self._everybody(),
            description=text("my_data.owner"),
            layout=wide,
            style=style,
            disabled=True,
        )
        self.dates = widgets.Dropdown(
            options=[
                (text("my_data.dates_auto"), ""),
                (text("my_data.dates_day"), "day-first"),
                (text("my_data.dates_month"), "month-first"),
            ],
            description=text("my_data.dates"),
            layout=wide,
            style=style,
        )
        self.currency = widgets.Dropdown(
            options=[(text("my_data.dates_auto"), ""), *((code, code) for code in CURRENCIES)],
            description=text("my_data.currency"),
            layout=wide,
            style=style,
        )
        self.differently = widgets.Accordion(
            [widgets.VBox([self.dates, self.currency])],
            titles=(text("my_data.read_differently"),),
            selected_index=None,
            layout=wide,
        )
        self.day = widgets.DatePicker(description=text("my_data.as_of"), style=style, disabled=True)
        self.start = widgets.Button(
            description=text("my_data.make"), button_style="primary", disabled=True,
            layout={"width": "14rem", "margin": "0.5rem 0 0.5rem 7.2rem"},
        )  # fmt: skip
        self.progress = widgets.IntProgress(layout={"width": "28rem", "visibility": "hidden"})
        self.said = widgets.HTML()
        self.shown = widgets.HTML()
        self.result = widgets.Output()
        self.box = widgets.VBox(
            [
                widgets.HBox([self.upload, self.refresh]),
                self.file,
                self.differently,
                self.shown,
                self.owner,
                self.day,
                self.start,
                self.progress,
                self.said,
                self.result,
            ]
        )
        self.work: threading.Thread | None = None
        self.upload.observe(self._uploaded, names="value")
        for control in (self.file, self.dates, self.currency):
            control.observe(self._chosen, names="value")
        self.refresh.on_click(lambda _: self.list_files())
        self.start.on_click(lambda _: self.make())
        self.list_files()

    def list_files(self, choose: str | None = None) -> None:
        """Offer the files that lie in the folder; choose one."""
        before = self.file.value
        found = choices(self.folder)
        offered = [(text("my_data.choose"), "")]
        offered += [(text("my_data.all") if name == "." else name, name) for name in found]
        self.file.options = offered
        wanted = choose if choose is not None else before
        self.file.value = wanted if wanted in found else ""

    def _everybody(self) -> list[tuple[str, str]]:
        return [(text("my_data.everybody"), "")]

    def _uploaded(self, _: object) -> None:
        files = [(one["name"], bytes(one["content"])) for one in self.upload.value]
        if not files:
            return
        self.upload.value = ()  # the contents must not stay in the notebook
        try:
            names = [save(self.folder, name, content) for name, content in files]
        except OSError as failure:
            self._say(text("my_data.not_saved", why=failure.strerror or failure))
            return
        self.list_files(choose="." if len(names) > 1 else names[0])

    def _chosen(self, _: object) -> None:
        self.result.outputs = ()
        self.shown.value = ""
        for control in (self.owner, self.day, self.start):
            control.disabled = True
        self._say("")
        if self.file.value:
            self._work(self._read)

    def _read(self) -> None:
        """Read the export and show what was understood."""
        from ka_lib.crm import read_export
        from ka_lib.review import DAY_FIRST, owners

        self._say(text("my_data.reading"))
        imported: Import = read_export(
            self.folder / self.file.value,
            day_first=DAY_FIRST.get(self.dates.value),
            currency=self.currency.value or None,
        )
        self.shown.value = understood(imported)
        with self.owner.hold_sync():  # names and choice in one message: else the choice shows empty
            names = [(name, name) for name in owners(imported.company)]
            self.owner.options = [*self._everybody(), *names]
            self.owner.value = ""
        self.day.value = imported.company.as_of.date()
        for control in (self.owner, self.day, self.start):
            control.disabled = False
        self._say("")

    def make(self) -> None:
        """Make the report without keeping the notebook waiting."""
        self._work(self._make)

    def _make(self) -> None:
        self.result.outputs = ()
        self._say(text("my_data.working"))
        self.progress.value, self.progress.layout.visibility = 0, "visible"
        try:
            page = run_report(
                self.folder / self.file.value,
                self.folder / REPORTS,
                owner=self.owner.value or "",
                as_of=str(self.day.value or ""),
                dates=self.dates.value,
                currency=self.currency.value,
                step=self._step,
            )
        finally:
            self.progress.layout.visibility = "hidden"
        self._say(text("my_data.done"))
        self.result.append_display_data(_Link(self._from_notebook(page)))

    def _step(self, done: int, total: int) -> None:
        self.progress.max, self.progress.value = total, done

    def _from_notebook(self, page: Path) -> str:
        """Return the page's path from the notebook, which JupyterLab opens on a click."""
        try:
            return page.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return page.as_posix()

    def _work(self, job: Callable[[], None]) -> None:
        """Do a long job in the background: one at a time, its errors said in the panel."""
        if self.work is not None and self.work.is_alive():
            return
        controls = (
            *(self.upload, self.refresh, self.file, self.dates, self.currency),
            *(self.owner, self.day, self.start),
        )
        before = {control: control.disabled for control in controls}

        def work() -> None:
            for control in controls:
                control.disabled = True
            try:
                job()
            except KaError as mistake:
                self._restore(before)
                self._say(str(mistake))
            except Exception as failure:  # noqa: BLE001 - a thread's traceback reaches nobody
                self._restore(before)
                self._say(text("cli.unexpected", what=f"{type(failure).__name__}: {failure}"))
            else:
                before.update(dict.fromkeys(controls, False))
                self._restore(before)

        self.work = threading.Thread(target=work, daemon=True)
        self.work.start()

    def _restore(self, before: dict[Any, bool]) -> None:
        for control, disabled in before.items():
            control.disabled = disabled

    def _say(self, words: str) -> None:
        import html

        shown = html.escape(words).replace("\n", "<br>")
        self.said.value = (
            f'<p style="max-width: 44rem; line-height: 1.6">{shown}</p>' if words else ""
        )


class _Link:
    """A link that JupyterLab opens in a tab of its own, and the paths of both files."""

    def __init__(self, page: str) -> None:
        self.page = page

    def _repr_html_(self) -> str:
        import html

        notebook = self.page.removesuffix(".html") + ".ipynb"
        files = "<br>".join(f"<code>{html.escape(path)}</code>" for path in (self.page, notebook))
        words = html.escape(text("my_data.open"))
        return f'<p><a href="{quote(self.page)}">{words}</a></p><p>{files}</p>'
