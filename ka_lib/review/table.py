"""A table of a review as HTML: headers, units and codes in the reader's language."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib import units
from ka_lib.labels import label
from ka_lib.language import current, text

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "money", "count", "rate", "days", "day"] | str
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
    columns: Mapping[str, Kind]
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


def show(value: object, kind: Kind, scale: float = 1.0) -> str:
    """Return one value for reading; a missing one as a dash."""
    if isinstance(value, str) and kind == "text":
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return units.MISSING
    match kind:
        case "money":
            amount = float(value) / scale  # type: ignore[arg-type]
            return f"{amount:,.{1 if scale > 1 and abs(amount) < 100 else 0}f}"  # noqa: PLR2004
        case "count" | "days":
            return units.count(float(value))  # type: ignore[arg-type]
        case "rate":
            return units.percent(float(value))  # type: ignore[arg-type]
        case "day":
            return f"{pd.Timestamp(value):%Y-%m-%d}"  # type: ignore[arg-type]
        case "text":
            return str(value)
        case _:
            return label(kind, value)


def _header(name: str, kind: Kind, scale: float) -> str:
    words = text(f"review.column_{name}")
    if kind != "money":
        return words
    return text("review.with_unit", name=words, unit=text(f"review.unit_{scale:.0f}"))


def _side(kind: Kind) -> str:
    number = kind in ("money", "count", "rate", "days")
    return ' class="number"' if number else ""
