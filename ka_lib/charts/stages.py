"""The funnel as a picture: how many reached each stage, and how many went on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, SKY, Chart, canvas, need, note
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count, money, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("stage", "reached", "value", "step_rate", "cumulative_rate")
# Where the three columns of figures end, as shares of the figure's width.
_VALUE, _STEP, _TOTAL = 0.77, 0.875, 0.975
_ROW = 0.56  # inches


def funnel(
    reached: pd.DataFrame,
    title: str | None = None,
    before: pd.DataFrame | None = None,
    names: tuple[str, str] | None = None,
) -> Chart:
    """Draw the funnel: one bar a stage, with the rate of each step between the bars.

    Parameters
    ----------
    reached : DataFrame
        From `ka_lib.funnel.reached`.
    title : str, optional
        Default: names the number of leads.
    before : DataFrame, optional
        Another funnel to compare with, drawn behind as an outline, its rates in brackets.
    names : (str, str), optional
        What the two are called in the legend. Default: after the change, today.

    Returns
    -------
    Chart

    Raises
    ------
    ParameterError
        The table is not a funnel, or holds no lead.
    """
    tables = [reached] if before is None else [reached, before]
    for table in tables:
        need(table, _COLUMNS, "ka.funnel.reached(deals)")
    leads = float(reached["reached"].iloc[0])
    if not leads > 0:
        raise ParameterError("charts.no_leads")
    heading = title if title is not None else text("charts.funnel_title", leads=count(leads))
    name, name_before = names or (text("charts.now"), text("charts.before"))
    rows = range(len(reached))
    with fonts.style():
        figure, axes = canvas(
            _ROW * (len(reached) + 0.6),
            heading,
            sides=(0.165, 0.6),
            below=0.1 if before is None else 0.4,
        )
        if before is not None:
            axes.barh(
                rows, before["reached"], height=0.78, facecolor="none",
                edgecolor=GREY, linestyle="--", linewidth=1.1, label=name_before,
            )  # fmt: skip
        axes.barh(rows, reached["reached"], height=0.5, color=BLUE, label=name, zorder=2)
        longest = max(float(table["reached"].max()) for table in tables)
        axes.set_xlim(0, longest * 1.16)
        axes.set_ylim(len(reached) - 0.45, -1.05)
        axes.set_yticks(rows, [label("stage", stage) for stage in reached["stage"]])
        axes.tick_params(axis="y", length=0)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        _figures(figure, axes, reached, before)
        if before is not None:
            axes.legend(
                loc="upper left", bbox_to_anchor=(-0.01, -0.0), ncols=2, frameon=False, fontsize=10,
                borderaxespad=0.1, handlelength=1.6,
            )  # fmt: skip
    return Chart(figure, _alt(reached, heading))


def _figures(figure: Figure, axes: Axes, table: pd.DataFrame, before: pd.DataFrame | None) -> None:
    """Write count, value, step rate and cumulative rate beside the bars."""
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(figure.transFigure, axes.transData)
    beside: dict[str, Any] = {"transform": across, "va": "center", "ha": "right"}
    for x, key in ((_VALUE, "value"), (_STEP, "step"), (_TOTAL, "total")):
        axes.text(
            x, -0.68, text(f"charts.funnel_{key}"), **beside, size=9.5, color=GREY, linespacing=1.1
        )
    for i, row in enumerate(table.itertuples()):
        end = row.reached if before is None else max(row.reached, before["reached"].iloc[i])
        axes.annotate(
            count(row.reached), (end, i), xytext=(5, 0), textcoords="offset points",
            va="center", color=INK,
        )  # fmt: skip
        axes.text(_VALUE, i, money(row.value), **beside, color=INK)
        axes.text(_TOTAL, i, percent(row.cumulative_rate), **beside, color=INK)
        if i == 0:
            continue
        rate = f"↓ {percent(row.step_rate)}"
        axes.text(_STEP, i - 0.5, rate, **beside, color=INK, weight="bold")
        if before is not None:
            earlier = text("charts.in_brackets", rate=percent(before["step_rate"].iloc[i]))
            axes.text(_STEP, i - 0.18, earlier, **beside, size=9, color=GREY)


def _alt(table: pd.DataFrame, heading: str) -> str:
    parts = [
        text(
            "charts.funnel_alt_stage",
            stage=label("stage", row.stage),
            reached=count(row.reached),
            value=money(row.value),
        )
        + (text("charts.funnel_alt_rate", rate=percent(row.step_rate)) if i else "")
        for i, row in enumerate(table.itertuples())
    ]
    alt = text("charts.funnel_alt", title=heading, stages=text("charts.semicolon").join(parts))
    rates = table["step_rate"].astype("float64")
    if rates.notna().any():
        at = int(rates.reset_index(drop=True).idxmin())
        alt += text(
            "charts.funnel_alt_lowest",
            stage=label("stage", table["stage"].iloc[at - 1]),
            next_stage=label("stage", table["stage"].iloc[at]),
            rate=percent(rates.iloc[at]),
            total=percent(table["cumulative_rate"].iloc[-1]),
        )
    return alt


def current_stages(table: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw where the open deals stand now: for exports without a stage history.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.funnel.current_stages`.
    title : str, optional
        Default: names the number of open deals.

    Returns
    -------
    Chart
        No rates: these bars are a photograph, not a funnel, and a line below says so.
    """
    need(table, ("stage", "count", "value"), "ka.funnel.current_stages(company)")
    total = count(table["count"].sum())
    heading = title if title is not None else text("charts.current_title", count=total)
    names = [label("stage", stage) for stage in table["stage"]]
    with fonts.style():
        figure, axes = canvas(0.46 * len(table), heading, sides=(0.18, 0.74))
        colours = [SKY if isinstance(stage, str) else LIGHT for stage in table["stage"]]
        axes.barh(range(len(table)), table["count"], height=0.6, color=colours, edgecolor=BLUE)
        axes.set_xlim(0, max(float(table["count"].max()), 1) * 1.02)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.set_yticks(range(len(table)), names)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        shown = [_count_and_value(row) for row in table.itertuples()]
        for i, (words, number) in enumerate(zip(shown, table["count"], strict=True)):
            axes.annotate(
                words, (number, i), xytext=(5, 0), textcoords="offset points", va="center"
            )
        note(figure, text("charts.current_note"))
    listed = text("charts.semicolon").join(
        text("charts.name_value", name=name, value=words)
        for name, words in zip(names, shown, strict=True)
    )
    return Chart(figure, text("charts.current_alt", title=heading, stages=listed))


def _count_and_value(row: Any) -> str:
    return text("charts.count_and_value", count=count(row.count), value=money(row.value))
