"""A certificate as one PDF page: who, what was done, who says so, in our own embedded font.

Prevents two failures: a name that prints as boxes or runs off the page, and a self-study page
that can be taken for a trainer's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_course.figures import date as written_date
from ka_course.speech import CourseError, text, width
from ka_lib import fonts, language
from ka_lib.charts.chart import wrap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

A4 = (11.69, 8.27)  # inches, lying
INK, BLUE, GREY = "#222222", "#0072B2", "#5A5A5A"
NAME_SIZE, SMALLEST_NAME = 34.0, 15.0  # points
NAME_COLUMNS = 60  # half-width characters on one line of a name
MOST_NAME_LINES = 2
LINE_ROOM = 600.0  # points for one line of a name
CHAPTER_COLUMNS = 60  # half-width characters of a chapter's line


@dataclass(frozen=True)
class Page:
    """What stands on a certificate.

    Parameters
    ----------
    name : str
        The learner's, see `clean_name`.
    kind : {"self_study", "graded"}
        Says in the heading and at the foot who vouches for it.
    sentence : str
        What was done.
    chapters : sequence of (str, str)
        Title and result of each chapter.
    foot : str
        Where the results come from.
    """

    name: str
    kind: str
    sentence: str
    chapters: Sequence[tuple[str, str]]
    foot: str


def clean_name(given: str) -> str:
    """Return a name as it will be printed.

    Raises
    ------
    CourseError
        It is empty or too long, or our fonts lack a character of it.
    """
    name = " ".join(given.split())
    if not name:
        raise CourseError("certificate.no_name")
    if len(wrap(name, NAME_COLUMNS)) > MOST_NAME_LINES:
        most = NAME_COLUMNS * MOST_NAME_LINES
        raise CourseError("certificate.long_name", most=most // 2 if not name.isascii() else most)
    known = _known_characters()
    if lost := [sign for sign in dict.fromkeys(name) if ord(sign) not in known]:
        raise CourseError("certificate.unknown_sign", signs=" ".join(lost))
    return name


def _known_characters() -> set[int]:
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    fonts.register()
    found: set[int] = set()
    for family in fonts.FAMILY:
        path = font_manager.findfont(font_manager.FontProperties(family=family, weight="bold"))
        found |= set(FT2Font(path).get_charmap())
    return found


def draw(page: Page, day: dt.date) -> bytes:
    """Return the certificate as PDF; the same page and day give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    buffer = io.BytesIO()
    with fonts.style(), mpl.rc_context({"pdf.fonttype": 42}):  # text that can be marked and found
        figure = Figure(figsize=A4)
        _frame(figure)
        _head(figure, page)
        _chapters(figure, page.chapters)
        shown = written_date(day).show(language.current())
        _write(figure, 0.5, 0.118, shown, size=12)
        _write(figure, 0.5, 0.088, page.foot, size=11)
        title = f"{text('build.index_title')} - {text(f'certificate.{page.kind}')}"
        about: dict[str, Any] = {"Title": title, "Author": page.name}
        about |= dict.fromkeys(("Creator", "Producer", "CreationDate"))
        figure.savefig(buffer, format="pdf", metadata=about)
    return buffer.getvalue()


def _write(figure: Any, x: float, y: float, words: str, **look: Any) -> None:
    figure.text(x, y, words, **{"ha": "center", "va": "center", "color": INK, **look})


def _frame(figure: Any) -> None:
    from matplotlib.patches import Rectangle

    for inset, line in ((0.03, 2.4), (0.038, 0.7)):
        across, down = inset, inset * A4[0] / A4[1]
        figure.add_artist(
            Rectangle(
                (across, down), 1 - 2 * across, 1 - 2 * down,
                fill=False, edgecolor=BLUE, linewidth=line, transform=figure.transFigure,
            )
        )  # fmt: skip


def _head(figure: Any, page: Page) -> None:
    _write(figure, 0.5, 0.875, text("build.index_title"), size=15, color=BLUE)
    _write(figure, 0.5, 0.815, text(f"certificate.{page.kind}"), size=25, weight="bold")
    lines = wrap(page.name, NAME_COLUMNS)
    columns = max(map(width, lines))
    size = max(min(NAME_SIZE, LINE_ROOM / (columns * 0.56)), SMALLEST_NAME)
    words = "\n".join(lines)
    _write(figure, 0.5, 0.70, words, size=size, weight="bold", linespacing=1.3)
    _write(figure, 0.5, 0.605, "\n".join(wrap(page.sentence, 96)), size=13, linespacing=1.5)


def _chapters(figure: Any, chapters: Sequence[tuple[str, str]]) -> None:
    """Write the chapters in two columns, the results flush right."""
    half = (len(chapters) + 1) // 2
    step = 0.38 / max(half, 6)
    for place, (title, result) in enumerate(chapters):
        column, line = divmod(place, half)
        left, right = (0.085, 0.485) if column == 0 else (0.525, 0.915)
        y = 0.53 - step * line
        cut = wrap(title, CHAPTER_COLUMNS - width(result))
        shown = cut[0] if len(cut) == 1 else f"{cut[0].rstrip(' ,，、')}…"
        _write(figure, left, y, shown, size=10.5, ha="left")
        _write(figure, right, y, result, size=10.5, ha="right", color=GREY)
