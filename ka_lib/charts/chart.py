"""A chart that a notebook shows once, with words for those who cannot see it.

Prevents: charts shown twice or kept in memory by pyplot, charts without alternative text (the HTML
export of notebooks drops the one of PNG outputs), and labels that run into each other.
"""

from __future__ import annotations

import base64
import html
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by readers with any kind of colour vision.
BLUE, ORANGE, RED, SKY = "#0072B2", "#E69F00", "#D55E00", "#56B4E9"
GREY, LIGHT, INK = "#6B6B6B", "#C8C8C8", "#222222"

WIDTH = 8.2  # inches; a notebook column
MARGIN = 0.015  # of the width
_SCREEN = 96  # points of a web page to the inch
_SHARP = 1.6  # pixels drawn for each of them


@dataclass(frozen=True, repr=False)
class Chart:
    """A finished chart: put it last in a cell, or `save` it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, so it is shown once and forgotten with its variable.
    alt : str
        What the chart shows, in words, in the language it was drawn in.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """Return the picture as PNG, sharp on screens of high resolution."""
        return self._drawn("png", _SCREEN * _SHARP)

    def save(self, path: str | Path) -> Path:
        """Write the picture to ``path``; the suffix (.png, .svg, .pdf) says how.

        Returns
        -------
        Path
            Where it stands.
        """
        path = Path(path)
        picture = self._drawn(path.suffix.lstrip(".").lower() or "png", 200)
        path.write_bytes(picture)
        return path

    def html(self) -> str:
        """Return the picture as an HTML image with its alternative text, nothing to fetch."""
        data = base64.b64encode(self.png()).decode("ascii")
        return self._image(data)

    def _image(self, data: str) -> str:
        width = round(self.figure.get_figwidth() * _SCREEN)
        words = html.escape(self.alt, quote=True)
        return (
            f'<img src="data:image/png;base64,{data}" alt="{words}" width="{width}" decoding="sync"'
            ' style="max-width: 100%; height: auto; background: white">'
        )

    def _drawn(self, form: str, dpi: float) -> bytes:
        buffer = io.BytesIO()
        with fonts.style():
            # No date in the file: the same data give the same bytes.
            stamp = {"png": "Software", "svg": "Date", "pdf": "CreationDate"}.get(form)
            metadata = {stamp: None} if stamp else None
            self.figure.savefig(buffer, format=form, dpi=dpi, metadata=metadata)
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Give HTML first: nbconvert's page template forgets the alternative text of a PNG."""
        del include, exclude
        data = base64.b64encode(self.png()).decode("ascii")
        width = round(self.figure.get_figwidth() * _SCREEN)
        bundle = {"text/html": self._image(data), "image/png": data, "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt, "width": width}}


def canvas(
    height: float,
    title: str = "",
    sides: tuple[float, float] = (0.2, 0.96),
    above: float = 0.05,
    below: float = 0.4,
) -> tuple[Figure, Axes]:
    """Return a new figure and its axes made without pyplot; call inside `fonts.style`.

    Parameters
    ----------
    height : float
        Of the axes, inches.
    title : str
        Stands flush left above everything, wrapped.
    sides : (float, float)
        Where the axes begin and end, as shares of the width.
    above, below : float
        Inches kept free between title and axes, and under the axes.
    """
    from matplotlib.figure import Figure

    lines = wrap(title, 84) if title else []
    head = 0.16 + 0.27 * len(lines)
    total = head + above + height + below
    figure = Figure(figsize=(WIDTH, total))
    figure.text(
        MARGIN, 1 - 0.1 / total, "\n".join(lines),
        va="top", ha="left", size=13, weight="bold", color=INK,
    )  # fmt: skip
    return figure, figure.add_axes((sides[0], below / total, sides[1] - sides[0], height / total))


def note(figure: Figure, words: str) -> None:
    """Write a small line at the lower edge of the figure, flush left with the title."""
    at = 0.1 / figure.get_figheight()
    figure.text(MARGIN, at, words, va="bottom", ha="left", size=9.5, color=GREY, linespacing=1.4)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of ``width`` half-width characters; Chinese breaks anywhere."""
    lines, line, size = [], "", 0
    for character in str(text):
        size += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if size > width and line and character not in "，。、；：？！）”%":
            cut = line.rfind(" ") if character.isascii() and character != " " else len(line)
            cut = cut if cut > 0 else len(line)
            lines.append(line[:cut].rstrip())
            line = (line[cut:] + character).lstrip()
            size = display_width(line)
            continue
        line += character
    return [*lines, line.strip()]


def display_width(text: str) -> int:
    """Return the width of a text in half-width characters: a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def need(table: pd.DataFrame, columns: Collection[str], source: str) -> None:
    """Refuse a table that a chart cannot be drawn from, and say where the right one comes from.

    Raises
    ------
    ParameterError
        Columns are missing, or there is no row.
    """
    missing = [name for name in columns if name not in getattr(table, "columns", [])]
    if missing:
        raise ParameterError("charts.columns", missing=", ".join(missing), source=source)
    if len(table) == 0:
        raise ParameterError("charts.empty")
