"""Hand-offs on a line of working days: at whose desk a request waits, and until when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, ORANGE, SKY, Chart, canvas, need, note
from ka_lib.charts.parts import listed
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count

if TYPE_CHECKING:
    import pandas as pd

_COLOURS = {"C": SKY, "A": ORANGE, "R": BLUE, "AR": BLUE}
_HATCHES = {"A": "///", "AR": "///"}
_PLAIN = {"facecolor": "white", "edgecolor": "none", "pad": 1}
_MOST_DAYS = 12  # more day lines would be a grey wall


def handoffs(steps: pd.DataFrame, title: str | None = None, day_hours: float = 9.0) -> Chart:
    """Draw the chain of hand-offs, one desk a line, in working hours.

    Parameters
    ----------
    steps : DataFrame
        From `ka_lib.teamwork.handoffs`: ``department``, ``role``, ``from_hours``, ``to_hours``.
    title : str, optional
        Default: how many hand-offs, and how long all wait.
    day_hours : float
        Hours of a working day; a dotted line stands at the end of each. Default 9.

    Returns
    -------
    Chart
        Bars with stripes: who decides (A). The hours of each wait are written beside its bar.

    Raises
    ------
    ParameterError
        The table is not one of hand-offs, or empty.
    """
    need(steps, ("department", "role", "from_hours", "to_hours"), "ka.teamwork.handoffs(...)")
    if steps.empty:
        raise ParameterError("charts.empty")
    rows = steps.reset_index(drop=True)
    total = float(rows["to_hours"].max())
    facts: dict[str, Any] = {
        "count": count(len(rows)),
        "hours": f"{total:.1f}",
        "days": f"{total / day_hours:.1f}",
    }
    heading = title if title is not None else text("charts_teamwork.title", **facts)
    names = [
        text("charts_teamwork.desk", department=label("department", row.department), role=row.role)
        for row in rows.itertuples()
    ]
    waits = rows["to_hours"] - rows["from_hours"]
    with fonts.style():
        figure, axes = canvas(0.42 * len(rows) + 0.1, heading, sides=(0.2, 0.975), below=0.72)
        for i, row in enumerate(rows.itertuples()):
            axes.barh(
                i, waits[i], left=row.from_hours, height=0.6, color=_COLOURS[row.role],
                hatch=_HATCHES.get(row.role, ""), edgecolor="white",
            )  # fmt: skip
            axes.annotate(
                f"{waits[i]:.1f}", (row.to_hours, i), xytext=(5, 0),
                textcoords="offset points", va="center", bbox=_PLAIN,
            )  # fmt: skip
        whole = math.ceil(total / day_hours) if total else 1
        if whole <= _MOST_DAYS:
            for day in range(1, whole + 1):
                axes.axvline(day * day_hours, color=LIGHT, linestyle=":", linewidth=1.2, zorder=0)
        axes.set_xlim(0, max(total, 1.0) * 1.12)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", colors=GREY)
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.spines[["left", "right", "top"]].set_visible(False)
        note(figure, text("charts_teamwork.note", hours=f"{day_hours:g}"))
    said = listed(
        (
            name,
            text("charts_teamwork.until", start=f"{row.from_hours:.1f}", end=f"{row.to_hours:.1f}"),
        )
        for name, row in zip(names, rows.itertuples(), strict=True)
    )
    return Chart(figure, text("charts_teamwork.alt", title=heading, steps=said))
