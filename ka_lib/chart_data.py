"""The data behind a figure: what is drawn, so that a chart can be judged without its picture."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChartData:
    """The axes of a figure as plain dicts.

    Parameters
    ----------
    axes : list of dict
        One an axes: ``title``, ``x_label``, ``y_label``, ``x_limits``, ``y_limits``,
        ``x_ticks`` (labels) and ``series``, a list of ``{"kind", "label", "x", "y"}``
        with kind ``"line"``, ``"bar"`` (with ``"lying"``) or ``"points"``.
    """

    axes: list[dict[str, Any]]


def read(answer: object) -> ChartData | None:
    """Return the data of a matplotlib figure or axes, or of a chart that holds one; else None."""
    if isinstance(answer, ChartData):
        return answer
    if "matplotlib.figure" not in sys.modules:  # nothing has been drawn
        return None
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    figure = getattr(answer, "figure", answer)
    if isinstance(answer, Axes):
        return ChartData([_axes(answer)])
    return ChartData([_axes(axes) for axes in figure.axes]) if isinstance(figure, Figure) else None


def _axes(axes: Any) -> dict[str, Any]:
    from matplotlib.container import BarContainer

    lines = [_series("line", line, line.get_xdata(), line.get_ydata()) for line in axes.get_lines()]
    bars = [
        _series("bar", container, *_bars(container))
        | {"lying": container.orientation == "horizontal"}
        for container in axes.containers
        if isinstance(container, BarContainer)
    ]
    points = [
        _series("points", cloud, cloud.get_offsets()[:, 0], cloud.get_offsets()[:, 1])
        for cloud in axes.collections
        if type(cloud).__name__ == "PathCollection"
    ]
    return {
        "title": axes.get_title(),
        "x_label": axes.get_xlabel(),
        "y_label": axes.get_ylabel(),
        "x_limits": [float(limit) for limit in axes.get_xlim()],
        "y_limits": [float(limit) for limit in axes.get_ylim()],
        "x_ticks": [label.get_text() for label in axes.get_xticklabels()],
        "y_ticks": [label.get_text() for label in axes.get_yticklabels()],
        "series": lines + bars + points,
    }


def _series(kind: str, drawn: Any, x: Any, y: Any) -> dict[str, Any]:
    return {"kind": kind, "label": str(drawn.get_label()), "x": list(x), "y": list(y)}


def _bars(container: Any) -> tuple[list[float], list[float]]:
    """Return each bar's middle and length, whichever way the bars lie."""
    if container.orientation == "horizontal":
        return [bar.get_y() + bar.get_height() / 2 for bar in container], [
            bar.get_width() for bar in container
        ]
    return [bar.get_x() + bar.get_width() / 2 for bar in container], [
        bar.get_height() for bar in container
    ]
