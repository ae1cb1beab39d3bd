"""What a connected chiller reports: its stock, its reorder point, and the days it said nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, INK, LIGHT, RED, Chart, canvas, need
from ka_lib.charts.trend import axis_from_zero
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import count


def chiller_stock(usage: pd.DataFrame, reorder_point: float, title: str | None = None) -> Chart:
    """Draw the evening stock of one chiller against its reorder point.

    Parameters
    ----------
    usage : DataFrame
        The days of **one** device: ``day``, ``device_id``, ``stock_units``. A day without a row or
        without a figure is a silent day and is shaded, not drawn as 0.
    reorder_point : float
        In units, from `ka_lib.reorder.reorder_point`.
    title : str, optional
        Default: on how many evenings the stock was below the point, and how many were silent.

    Returns
    -------
    Chart

    Raises
    ------
    ParameterError
        A column is missing, no evening is known, or there are several devices.
    """
    need(usage, ["day", "device_id", "stock_units"], "company.usage")
    devices = usage["device_id"].unique()
    if len(devices) > 1:
        raise ParameterError("charts_stock.one_device", count=len(devices))
    stock = usage.set_index(pd.to_datetime(usage["day"]))["stock_units"].astype("float64")
    if stock.dropna().empty:
        raise ParameterError("charts.empty")
    evenings = stock.sort_index().asfreq("D")
    silent = evenings.index[evenings.isna()]
    facts: dict[str, Any] = {
        "device": str(usage["device_id"].iloc[0]),
        "evenings": int(evenings.notna().sum()),
        "below": int((evenings < reorder_point).sum()),
        "silent": len(silent),
        "point": count(reorder_point),
    }
    heading = text("charts_stock.title", **facts) if title is None else title
    with fonts.style():
        figure, axes = canvas(2.7, heading, sides=(0.08, 0.975), above=0.32, below=0.42)
        for day in silent:
            half = pd.Timedelta(hours=12)
            axes.axvspan(day - half, day + half, color=LIGHT, linewidth=0)
        axes.plot(
            evenings.index, evenings, color=BLUE, marker="o", markersize=3.5,
            label=text("charts_stock.stock"),
        )  # fmt: skip
        axes.axhline(
            reorder_point, color=RED, linestyle="--", linewidth=1.6,
            label=text("charts_stock.point", point=facts["point"]),
        )  # fmt: skip
        if len(silent):
            axes.plot([], [], color=LIGHT, linewidth=8, label=text("charts_stock.silent"))
        axis_from_zero(axes, pd.concat([evenings.dropna(), pd.Series([reorder_point])]), count)
        marks = evenings.index[:: max(len(evenings) // 7, 1)]
        axes.set_xticks(marks, [f"{day.month}/{day.day}" for day in marks], color=INK)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=3, frameon=False, fontsize=10,
            borderaxespad=0.2,
        )  # fmt: skip
    return Chart(figure, text("charts_stock.alt", title=heading, **facts).lstrip(" .。"))
