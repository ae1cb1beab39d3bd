"""Sold once or rented by the month: how the supplier's money runs over the contract."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, RED, Chart, canvas, need
from ka_lib.charts.trend import axis_from_zero
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import money

_TICKS = (6, 12, 24, 60)  # months between two marks of the axis
_MOST_MARKS = 10


def running_cash(flows: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw the running cash of one unit, sold once and rented by the month.

    Parameters
    ----------
    flows : DataFrame
        From `ka_lib.subscription.cash_flows`: ``month_number``, ``sale_total`` and
        ``subscription_total`` (yuan).
    title : str, optional
        Default: the month in which the rent has paid the unit back, or that it never does.

    Returns
    -------
    Chart
        Two lines that are told apart by colour and dash; money is not discounted.

    Raises
    ------
    ParameterError
        A column is missing, or there is no month.
    """
    need(flows, ["month_number", "sale_total", "subscription_total"], "ka.subscription.cash_flows")
    if flows.empty:
        raise ParameterError("charts.empty")
    table = flows.sort_values("month_number")
    rented, sold = table["subscription_total"], table["sale_total"]
    back = table.loc[rented.round(2) >= 0, "month_number"]
    facts: dict[str, Any] = {
        "months": int(table["month_number"].max()),
        "rented": money(float(rented.iloc[-1])),
        "sold": money(float(sold.iloc[-1])),
        "month": int(back.iloc[0]) if len(back) else "",
    }
    key = "charts_rental.pays_back" if len(back) else "charts_rental.never"
    default = text(key, **facts)
    heading = default if title is None else title
    with fonts.style():
        figure, axes = canvas(2.9, heading, sides=(0.14, 0.975), above=0.32, below=0.62)
        axes.axhline(0, color=INK, linewidth=0.9)
        axes.plot(
            table["month_number"], sold, color=GREY, linestyle="--", linewidth=2,
            label=text("charts_rental.sold"),
        )  # fmt: skip
        axes.plot(
            table["month_number"], rented, color=BLUE, linewidth=2.2,
            label=text("charts_rental.rented"),
        )  # fmt: skip
        if len(back):
            axes.plot(facts["month"], 0, marker="o", color=RED, markersize=8, zorder=3)
            axes.annotate(
                text("charts_rental.back", month=facts["month"]), (facts["month"], 0),
                xytext=(8, -14), textcoords="offset points", color=INK,
            )  # fmt: skip
        step = next((s for s in _TICKS if facts["months"] / s <= _MOST_MARKS), _TICKS[-1])
        axes.set_xticks(range(0, facts["months"] + 1, step))
        axes.set_xlim(0, facts["months"] * 1.02)
        axes.set_xlabel(text("charts_rental.month"))
        axis_from_zero(axes, pd.concat([sold, rented]), money)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=2, frameon=False, fontsize=10,
            borderaxespad=0.2,
        )  # fmt: skip
    alt = text("charts_rental.alt", title=heading, **facts).lstrip(" .。")
    return Chart(figure, alt + ("" if heading == default else default))
