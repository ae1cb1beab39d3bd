"""Care moments on the pages of a calendar."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, SKY, Chart, canvas, need, note
from ka_lib.charts.parts import account_names, bare, listed, shorten
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.units import MISSING, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WEEK = 0.86  # inches
_HEAD = 0.75  # weeks high: the name of the month and of the weekdays
_DAYS = 7
_IN_A_CELL = 2  # moments of a day; of more, one and how many others
_WORDS = 16  # half-width characters of a line
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SAID = 12


def care_calendar(
    events: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    title: str | None = None,
    most_months: int = 3,
) -> Chart:
    """Draw care moments on month grids: whom to think of, on which day, and why.

    Parameters
    ----------
    events : DataFrame
        From `ka_lib.relationship.care_calendar`: ``date``, ``moment``, ``what``, and
        ``account_name`` or ``account_id`` (blank: it concerns every account).
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``: calls the accounts by name.
    title : str, optional
        Default: how many moments there are, from when to when.
    most_months : int
        How many months to draw, from that of the first moment on; a month without a moment is
        left out.

    Returns
    -------
    Chart
        Weeks begin on Monday; days with a moment are shaded, and a day with more of them than
        lines says how many more.

    Raises
    ------
    ParameterError
        The table is not one of moments.
    """
    need(events, ("date", "moment", "what"), "ka.relationship.care_calendar(company, start, end)")
    names = pd.Series(account_names(events, accounts))
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(events["date"]).dt.normalize().to_numpy(),
            # What concerns everybody has no account: a festival is called by its own name.
            "name": names.where(names != MISSING, events["what"].to_numpy()),
            "moment": [label("moment", moment) for moment in events["moment"]],
            "what": events["what"].to_numpy(),
        }
    ).sort_values(["day", "name", "moment"], ignore_index=True)
    first, last = table["day"].iloc[0], table["day"].iloc[-1]
    heading = title
    if heading is None:
        facts: dict[str, Any] = {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
        heading = text("charts_care.calendar_title", count=count(len(table)), **facts)
    months = table["day"].dt.to_period("M").drop_duplicates().tolist()[:most_months]
    left_out = int((table["day"].dt.to_period("M") > months[-1]).sum())
    pages = [calendar.Calendar().monthdayscalendar(month.year, month.month) for month in months]
    rows = sum(len(page) + _HEAD for page in pages)
    with fonts.style():
        figure, axes = canvas(
            _WEEK * rows, heading, sides=(0.012, 0.988), below=0.4 if left_out else 0.1
        )
        bare(axes)
        axes.set_xlim(0, _DAYS)
        axes.set_ylim(rows, 0)
        top = 0.0
        for month, page in zip(months, pages, strict=True):
            _head(axes, top, month)
            for i, week in enumerate(page):
                for j, day in enumerate(week):
                    if day:
                        date = pd.Timestamp(month.year, month.month, day)
                        _day(axes, (j, top + _HEAD + i), date, table[table["day"] == date])
            top += len(page) + _HEAD
        if left_out:
            note(figure, text("charts.left_out", count=count(left_out)).strip())
    said = listed(
        (
            f"{row.day:%Y-%m-%d}",
            row.name
            if row.name == row.what
            else text("charts_care.moment", name=row.name, what=row.what),
        )
        for row in table.head(_SAID).itertuples(index=False)
    )
    alt = text("charts_care.calendar_alt", title=heading, moments=said)
    if len(table) > _SAID:
        alt += text("charts_care.calendar_more", count=count(len(table) - _SAID))
    return Chart(figure, alt)


def _head(axes: Axes, top: float, month: pd.Period) -> None:
    """Write the month and the names of the weekdays."""
    name = f"{month.month}" if current() == "zh" else _MONTHS[month.month - 1]
    named = text("charts_care.month", year=month.year, month=name)
    axes.text(0.02, top + 0.22, named, size=12, weight="bold", color=INK, va="center")
    for j, key in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
        words = text(f"charts_care.{key}")
        axes.text(j + 0.5, top + 0.55, words, size=9, color=GREY, ha="center", va="center")


def _day(
    axes: Axes, corner: tuple[float, float], date: pd.Timestamp, moments: pd.DataFrame
) -> None:
    """Draw a day with its moments: the account's name, and below it what for."""
    from matplotlib.patches import Rectangle

    x, y = corner
    face, edge = ((SKY, 0.25), BLUE) if len(moments) else ("white", LIGHT)
    axes.add_patch(Rectangle((x + 0.02, y + 0.02), 0.96, 0.94, facecolor=face, edgecolor=edge))
    bold = "bold" if len(moments) else "normal"
    axes.text(x + 0.06, y + 0.13, str(date.day), size=8.5, color=GREY, va="center", weight=bold)
    fits = _IN_A_CELL if len(moments) <= _IN_A_CELL else _IN_A_CELL - 1
    lines = []
    for row in moments.head(fits).itertuples(index=False):
        lines += [(row.name, "bold"), (row.moment, "normal")]
    if len(moments) > fits:
        lines.append((text("charts_care.more", count=count(len(moments) - fits)), "normal"))
    for i, (words, weight) in enumerate(lines):
        axes.text(
            x + 0.06, y + 0.3 + 0.175 * i, shorten(words, _WORDS if weight == "normal" else _WORDS - 2), size=8, color=INK, va="center",
            weight=weight,
        )  # fmt: skip
