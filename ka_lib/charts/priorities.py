"""What to do first: the four quadrants of urgent and important."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, ORANGE, RED, Chart, canvas, need
from ka_lib.charts.parts import bare, listed, shorten
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count, days

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROW = 0.3  # inches
_TITLE = 38  # half-width characters of a task
_SHADES = {1: (RED, 0.16), 2: (BLUE, 0.14), 3: (ORANGE, 0.14), 4: (GREY, 0.1)}
_PLACES = {1: (0, 0), 2: (0, 1), 3: (1, 0), 4: (1, 1)}
_SAID = 5


def eisenhower(todos: pd.DataFrame, title: str | None = None, most: int = 8) -> Chart:
    """Draw the Eisenhower matrix: each task in its quadrant, the one due first on top.

    Parameters
    ----------
    todos : DataFrame
        From `ka_lib.time_use.quadrants`: ``title``, ``days_left`` and ``quadrant`` (1 urgent and
        important, 2 important, 3 urgent, 4 neither).
    title : str, optional
        Default: how many tasks are important and not urgent, those that get lost.
    most : int
        Tasks a quadrant; the last line says how many more there are.

    Returns
    -------
    Chart
        Above what is important, at the left what is urgent; when each task is due is written.

    Raises
    ------
    ParameterError
        The table is not one of quadrants.
    """
    need(todos, ("title", "days_left", "quadrant"), "ka.time_use.quadrants(todos, as_of, ...)")
    table = todos.sort_values(["quadrant", "days_left", "title"], ignore_index=True)
    quarters = {number: table[table["quadrant"] == number] for number in _PLACES}
    heading = title
    if heading is None:
        facts: dict[str, Any] = {"count": count(len(table)), "second": count(len(quarters[2]))}
        heading = text("charts_self.quadrants_title", **facts)
    lines = [
        max(1, *(min(len(quarters[number]), most) for number in pair)) + 1.7
        for pair in ((1, 2), (3, 4))
    ]
    from matplotlib.patches import Rectangle

    with fonts.style():
        figure, axes = canvas(_ROW * sum(lines), heading, sides=(0.012, 0.988), below=0.1)
        bare(axes)
        axes.set_xlim(0, 2)
        axes.set_ylim(sum(lines), 0)
        for number, (row, column) in _PLACES.items():
            top = lines[0] * row
            shade = Rectangle(
                (column + 0.005, top + 0.08), 0.985, lines[row] - 0.16, facecolor=_SHADES[number]
            )
            axes.add_patch(shade)
            _tasks(axes, (column, top), number, quarters[number], most)
    said = [(label("quadrant", number), _spoken(quarter)) for number, quarter in quarters.items()]
    return Chart(figure, text("charts_self.quadrants_alt", title=heading, quadrants=listed(said)))


def _tasks(
    axes: Axes, corner: tuple[float, float], number: int, tasks: pd.DataFrame, most: int
) -> None:
    """Write the tasks of a quadrant under its name."""
    x, y = corner
    head = text("charts_self.quadrant", name=label("quadrant", number), count=count(len(tasks)))
    axes.text(x + 0.03, y + 0.75, head, weight="bold", size=10.5, color=INK, va="center")
    fits = most if len(tasks) <= most else most - 1
    for i, task in enumerate(tasks.head(fits).itertuples()):
        at = y + 1.75 + i
        axes.text(x + 0.03, at, shorten(str(task.title), _TITLE), size=10, color=INK, va="center")
        late = task.days_left < 0
        axes.text(
            x + 0.97, at, _due(task.days_left), size=9.5, color=INK if late else GREY, va="center",
            ha="right", weight="bold" if late else "normal",
        )  # fmt: skip
    if len(tasks) > fits:
        words = text("charts_care.more", count=count(len(tasks) - fits))
        axes.text(x + 0.03, y + 1.75 + fits, words, size=9.5, color=GREY, va="center")


def _due(left: float) -> str:
    if left == 0:
        return text("charts_self.today")
    return text("charts_self.late" if left < 0 else "charts_self.left", days=days(abs(left)))


def _spoken(tasks: pd.DataFrame) -> str:
    first = [
        text("charts_self.task", title=task.title, due=_due(task.days_left))
        for task in tasks.head(_SAID).itertuples()
    ]
    more = text("charts_care.and_more") if len(tasks) > _SAID else ""
    words = text("charts_care.comma").join(first) + more
    return text("charts_self.quadrant_said", count=count(len(tasks)), tasks=words) if first else "0"
