"""Whether the chances that were given hold: the calibration of win probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, MARGIN, Chart, canvas, need, note
from ka_lib.charts.parts import listed
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import count, percent

if TYPE_CHECKING:
    import pandas as pd

_ROW = 0.42
_ENOUGH = 10  # deals in a bin, so that its share means something
_CLOSE = 0.05 + 1e-9  # five percentage points


def calibration(table: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw, bin by bin, the win probability that was given beside the share that was won.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.accuracy.calibration`.
    title : str, optional
        Default: how many decided deals, and whether we promised too much or too little in all.

    Returns
    -------
    Chart
        A row a bin: hollow, what was given; filled, what was won. The further apart, the worse.
        Bins without a deal are left out.

    Raises
    ------
    ParameterError
        The table is not one of calibration, or no deal is decided.
    """
    columns = (
        "from_probability",
        "to_probability",
        "count",
        "mean_probability",
        "won_count",
        "rate",
    )
    need(table, columns, "ka.accuracy.calibration(deals)")
    bins = table[table["count"] > 0].sort_values("from_probability", ignore_index=True)
    if bins.empty:
        raise ParameterError("charts_forecast.none_decided")
    deals = int(bins["count"].sum())
    given = float((bins["mean_probability"] * bins["count"]).sum() / deals)
    won = float(bins["won_count"].sum() / deals)
    facts: dict[str, Any] = {"count": count(deals), "given": percent(given), "won": percent(won)}
    heading = text("charts_forecast.calibration_title", **facts) if title is None else title
    rows = range(len(bins))
    said = []
    from matplotlib.transforms import blended_transform_factory

    with fonts.style():
        figure, axes = canvas(
            _ROW * (len(bins) + 1), heading, sides=(0.16, 0.72), above=0.3, below=0.72
        )
        axes.hlines(rows, bins["mean_probability"], bins["rate"], color=GREY, linewidth=2, zorder=1)
        axes.scatter(
            bins["mean_probability"], rows, s=90, facecolor="white", edgecolor=INK, linewidth=1.6,
            label=text("charts_forecast.given"), clip_on=False, zorder=2,
        )  # fmt: skip
        axes.scatter(
            bins["rate"], rows, s=70, marker="D", color=BLUE, label=text("charts_forecast.won"), clip_on=False, zorder=3
        )  # fmt: skip
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(len(bins) - 0.4, -1.0)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [percent(x) for x in (0, 0.25, 0.5, 0.75, 1)])
        axes.grid(axis="x", color="#E3E3E3")
        axes.set_axisbelow(True)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=2, frameon=False, fontsize=10,
            borderaxespad=0.2,
        )  # fmt: skip
        across = blended_transform_factory(figure.transFigure, axes.transData)
        right: dict[str, Any] = {"transform": across, "ha": "right", "va": "center", "color": INK}
        axes.text(0.985, -0.7, text("charts_forecast.won_of"), **{**right, "color": GREY}, size=9.5)
        for i, row in enumerate(bins.itertuples()):
            low, high = percent(row.from_probability), percent(row.to_probability)
            name = text("charts_forecast.bin", low=low, high=high)
            axes.text(MARGIN, i, name, transform=across, va="center", color=INK)
            verdict = _verdict(row.mean_probability, row.rate, row.count)
            words = text("charts_forecast.of", won=count(row.won_count), count=count(row.count))
            axes.text(0.985, i, words, **right)
            axes.text(0.85, i, verdict, **{**right, "color": GREY}, size=9.5)
            axes.axhline(i + 0.5, color=LIGHT, linewidth=0.5, zorder=0)
            said.append((name, text("charts_forecast.bin_said", given=percent(row.mean_probability), won=percent(row.rate), count=count(row.count))))  # fmt: skip
        note(figure, text("charts_forecast.calibration_note"))
    return Chart(figure, text("charts_forecast.calibration_alt", title=heading, bins=listed(said)))


def _verdict(given: float, won: float, deals: int) -> str:
    """Say in words on which side the chances were wrong; of few deals nothing can be said."""
    if deals < _ENOUGH:
        return text("charts_forecast.too_few")
    if abs(given - won) <= _CLOSE:
        return text("charts_forecast.holds")
    return text("charts_forecast.too_high" if given > won else "charts_forecast.too_low")
