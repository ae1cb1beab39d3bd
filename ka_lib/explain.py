"""Explain run-time errors in the reader's language, above a folded traceback.

The error itself stays an error output, one line long: nbgrader and Validate see it as before.
Nothing goes to stderr, because nbgrader scores any stderr output of a check cell as 0.
"""

from __future__ import annotations

import html
import linecache
import re
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_lib import language
from ka_lib.likely_cause import cause

if TYPE_CHECKING:
    from types import TracebackType

_LONGEST_TRACEBACK = 20_000


class Place(NamedTuple):
    """Where in the reader's cells an error came up."""

    line: int
    text: str
    source: str
    names: dict[str, Any]


def install() -> None:
    """Explain every error of the running notebook from here on; once or many times is the same.

    Interrupting a cell (KeyboardInterrupt) stays as it is.

    Raises
    ------
    RuntimeError
        Not inside IPython.
    """
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        raise RuntimeError("explain.install() works inside IPython or Jupyter only")
    shell.set_custom_exc((Exception,), _show)


def explanation(
    error: BaseException, tb: TracebackType | None = None, names: dict[str, Any] | None = None
) -> str:
    """Return what to tell the reader about an error: its likely cause and what to do.

    Parameters
    ----------
    error : BaseException
        What was raised.
    tb : traceback, optional
        Where; without it, ``error.__traceback__``.
    names : dict, optional
        The notebook's names, for errors that have no place in it.

    Returns
    -------
    str
        One to three lines; code stands between backticks.
    """
    place = _place(error, tb or error.__traceback__)
    known = {**(names or {}), **place.names}
    key, facts = cause(error, known, place.source, place.text)
    words = language.text(f"explain.{key}", **facts)
    if place.text and not isinstance(error, SyntaxError):
        words += "\n" + language.text("explain.where", line=place.line, code=place.text)
    elif place.text:
        words += "\n" + language.text("explain.written", code=place.text)
    return words


def _show(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    tb: Any,
    tb_offset: int | None = None,
) -> list[str]:
    """Show an error to the reader; IPython calls this in place of printing a traceback."""
    shell._get_exc_info((kind, error, tb))  # noqa: SLF001 - %tb and %debug go on working
    try:
        lines = _lines(shell, kind, error, tb)
    except Exception:  # noqa: BLE001 - whatever fails here, the reader's error must come through
        lines = shell.InteractiveTB.structured_traceback(kind, error, tb, tb_offset=tb_offset)
    shell._showtraceback(kind, error, lines)  # noqa: SLF001 - the way an error output is made
    return lines


def _lines(shell: Any, kind: type[BaseException], error: BaseException, tb: Any) -> list[str]:
    """Display the explanation, and return the lines of the error output."""
    if hasattr(error, "_render_traceback_"):  # it speaks for itself: a check, ka_lib
        own: list[str] = error._render_traceback_()
        return own
    words = explanation(error, tb, shell.user_ns)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    short = f"{kind.__name__}: {message}" if message else kind.__name__
    _display(words, _full_traceback(kind, error, tb))
    return [short]


def _display(words: str, full: str) -> None:
    from IPython.display import display

    title = language.text("explain.title")
    page = _PAGE.format(
        title=html.escape(title),
        words=_as_html(words),
        summary=html.escape(language.text("explain.folded")),
        full=html.escape(full),
    )
    display({"text/plain": f"{title}\n{words}", "text/html": page}, raw=True)


# The colours are JupyterLab's own, so that a dark theme stays dark.
_PAGE = """<div style="border-left: 4px solid #d9822b; padding: 0.4em 0.9em; margin: 0.3em 0;">
<p style="margin: 0 0 0.3em 0;"><strong>{title}</strong></p>
{words}
<details style="margin-top: 0.5em;"><summary style="cursor: pointer; opacity: 0.75;">{summary}</summary>
<pre style="overflow-x: auto; font-size: 0.9em;">{full}</pre></details>
</div>"""


def _as_html(words: str) -> str:
    lines = []
    for line in words.splitlines():
        safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
        lines.append(f'<p style="margin: 0.15em 0;">{safe}</p>')
    return "\n".join(lines)


def _full_traceback(kind: type[BaseException], error: BaseException, tb: Any) -> str:
    """Return Python's own traceback, from the reader's cell on."""
    while tb is not None and not _is_cell(tb.tb_frame.f_code.co_filename):
        tb = tb.tb_next
    full = "".join(traceback.format_exception(kind, error, tb))
    return full if len(full) <= _LONGEST_TRACEBACK else "…" + full[-_LONGEST_TRACEBACK:]


def _is_cell(filename: str) -> bool:
    """Return whether code comes from a cell: ipykernel and IPython name those in their own ways."""
    return "ipykernel_" in filename or filename.startswith("<ipython-input")


def _place(error: BaseException, tb: TracebackType | None) -> Place:
    """Return the innermost place in the reader's cells."""
    if isinstance(error, SyntaxError):
        source = "".join(linecache.getlines(error.filename or ""))
        return Place(error.lineno or 1, (error.text or "").strip(), source, {})
    place = Place(0, "", "", {})
    while tb is not None:
        filename = tb.tb_frame.f_code.co_filename
        if _is_cell(filename):
            source = "".join(linecache.getlines(filename))
            text = linecache.getline(filename, tb.tb_lineno).strip()
            names = {**tb.tb_frame.f_globals, **tb.tb_frame.f_locals}
            place = Place(tb.tb_lineno, text, source, names)
        tb = tb.tb_next
    return place
