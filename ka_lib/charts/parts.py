"""What several charts share: empty axes, names that fit, and the list in an alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.charts.chart import display_width
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

# The rest of Okabe and Ito's colours that the course uses.
GREEN = "#009E73"
HATCH = "///"


def bare(axes: Axes) -> None:
    """Take away the frame and the ticks: everything is written beside the marks."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["left", "right", "top", "bottom"]].set_visible(False)


def shorten(words: str, width: int) -> str:
    """Cut a text to ``width`` half-width characters; a cut one ends in an ellipsis."""
    if display_width(words) <= width:
        return words
    kept = words
    while display_width(kept) > width - 2:  # an ellipsis is drawn as wide as a Chinese character
        kept = kept[:-1]
    return kept.rstrip() + "…"


def listed(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names and their values in one line of an alternative text."""
    return text("charts.semicolon").join(
        text("charts.name_value", name=name, value=value) for name, value in pairs
    )


def account_names(table: pd.DataFrame, accounts: pd.DataFrame | None = None) -> list[str]:
    """Return how the account of each row is called: by its name where one is known, else its id.

    Parameters
    ----------
    table : DataFrame
        ``account_id``, ``account_name`` or both.
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``, for a table that holds ids alone.
    """
    ids = table.get("account_id", pd.Series(pd.NA, index=table.index, dtype="str"))
    names = table.get("account_name", pd.Series(pd.NA, index=table.index, dtype="str"))
    if accounts is not None:
        known = accounts.drop_duplicates("account_id").set_index("account_id")["account_name"]
        names = names.where(names.notna(), ids.map(known))
    names = names.where(names.notna(), ids)
    return [label("", name) for name in names]


def either(value: float, written: str) -> str:
    """Return what was written of a number, or a dash when there is none."""
    return MISSING if pd.isna(value) else written
