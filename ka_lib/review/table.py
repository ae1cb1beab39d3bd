"""A table of a review as HTML: headers, units and codes in the reader's language."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import units
from ka_lib.labels import label
from ka_lib.language import current, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Amounts from here on are shown in 万元 or in thousands.
_SCALE = {"zh": (1e5, 1e4), "en": (1e5, 1e3)}


@dataclass(frozen=True)
class Table:
    """A frame and how to show it.

    Parameters
    ----------
    frame : DataFrame
    columns : mapping of str to str
        The columns to show, in order, each with its kind: ``"text"``, ``"money"`` (yuan),
        ``"count"``, ``"rate"`` (fraction), ``"days"``, ``"day"``, or the kind of a code in
        ``labels.yaml`` (``"stage"``). Headers are the messages ``review.column_<name>``.
    caption : str
        Says what the table holds; empty when the sentence above does.
    """

    frame: pd.DataFrame
    columns: Mapping[str, str]
    caption: str = ""

    def _repr_html_(self) -> str:
        return self.html()

    def html(self) -> str:
        """Return the table with a frame that scrolls sideways on a phone."""
        shown = {name: kind for name, kind in self.columns.items() if name in self.frame}
        scale = self._scale()
        head = "".join(
            f"<th{_side(kind)}>{html.escape(_header(name, kind, scale))}</th>"
            for name, kind in shown.items()
        )
        rows = []
        for _, row in self.frame.iterrows():
            cells = "".join(
                f"<td{_side(kind)}>{html.escape(show(row[name], kind, scale))}</td>"
                for name, kind in shown.items()
            )
            rows.append(f"<tr>{cells}</tr>")
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        return (
            f'<div class="ka-table"><table>{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def _scale(self) -> float:
        """Return the unit of the amounts: one for the whole table, so that rows compare."""
        money = [name for name, kind in self.columns.items() if kind == "money"]
        amounts = self.frame.reindex(columns=money).astype("float64").abs()
        least, scale = _SCALE[current()]
        return scale if amounts.size and amounts.max().max() >= least else 1.0


def show(value: Any, kind: str, scale: float = 1.0) -> str:
    """Return one value for reading; a missing one as a dash."""
    if pd.isna(value):
        return units.MISSING
    if kind not in _SHOW:
        return label(kind, value)
    return _amount(value, scale) if kind == "money" else _SHOW[kind](value)


def _amount(yuan: float, scale: float) -> str:
    shown = float(yuan) / scale
    small = scale > 1 and 0 < abs(shown) < 100  # noqa: PLR2004 - three digits are enough
    return f"{shown:,.{1 if small else 0}f}"


def _date(value: Any) -> str:
    return f"{pd.Timestamp(value):%Y-%m-%d}"


_SHOW: dict[str, Callable[..., str]] = {
    "text": str,
    "money": _amount,
    "count": units.count,
    "days": units.count,
    "rate": units.percent,
    "day": _date,
}


def _header(name: str, kind: str, scale: float) -> str:
    words = text(f"review.column_{name}")
    if kind != "money":
        return words
    return text("review.with_unit", name=words, unit=units.unit(scale))


def _side(kind: str) -> str:
    """Return the class that sets numbers flush right and keeps short words on one line."""
    if kind in ("money", "count", "rate", "days"):
        return ' class="number"'
    return "" if kind == "text" else ' class="short"'
