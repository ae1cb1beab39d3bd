"""How much hangs on how few accounts: the Pareto chart and the Lorenz curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, RED, SKY, Chart, canvas, need, note, wrap
from ka_lib.charts.parts import account_names, listed, shorten
from ka_lib.concentration import accounts_to_reach, top_share
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import count, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ka_lib.concentration import TopShare

_COLUMNS = ("rank", "account_id", "value", "share", "cumulative_share")
_SOURCE = "ka.concentration.pareto(orders)"
_NAMED = 3  # accounts that are called by name
_FEW = 12  # so many have room for their name under the bar
_TOP = 0.2
_BESIDE = 34  # half-width characters beside the Lorenz curve


def pareto(
    table: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    title: str | None = None,
    mark: float = 0.8,
    most: int = 200,
) -> Chart:
    """Draw each account's share, the largest first, and the running share above them.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.concentration.pareto`.
    accounts : DataFrame, optional
        ``account_id`` and ``account_name``: calls the accounts by name.
    title : str, optional
        Default: how many accounts bring ``mark`` of the total.
    mark : float
        The running share to mark, a fraction. Default 0.8; whether it takes 20% of the accounts
        is what the chart shows.
    most : int
        How many accounts to draw; a line below says how many were left out.

    Returns
    -------
    Chart
        Bars and line share one scale, in percent of the total, from zero: the line starts on top
        of the first bar. An account that returned more than it bought has a bar below zero.

    Raises
    ------
    ParameterError
        The table is not a Pareto table, or its total is not above 0, so that there are no shares.
    """
    ranked, names = _ranked(table, accounts)
    enough = accounts_to_reach(table, mark)
    reached = text(
        "charts_concentration.reached",
        count=count(enough.count),
        base=count(enough.base),
        rate=percent(enough.rate),
        mark=percent(mark),
    )
    drawn, left_out = ranked.iloc[:most], len(ranked) - min(most, len(ranked))
    x = np.arange(1, len(drawn) + 1)
    few = len(ranked) <= _FEW
    with fonts.style():
        room = 92 // len(ranked)  # half-width characters under each bar
        under = [
            "\n".join([*wrap(name, room)[:2], percent(share)])
            for name, share in zip(names, ranked["share"], strict=True)
        ]
        below = 1.4 if few else 0.95
        figure, axes = canvas(3.1, reached if title is None else title, (0.09, 0.97), below=below)
        colours = [RED if share < 0 else SKY for share in drawn["share"]]
        edge = BLUE if len(drawn) <= 60 else "none"  # noqa: PLR2004 - thin bars are all edge
        axes.bar(x, drawn["share"], width=0.82, color=colours, edgecolor=edge, linewidth=0.8)
        axes.plot(
            x, drawn["cumulative_share"], color=INK, linewidth=1.8,
            marker="o" if few else "", markersize=5,
        )  # fmt: skip
        if enough.count <= len(drawn):
            at = drawn["cumulative_share"].iloc[int(enough.count) - 1]
            dashed: dict[str, Any] = {"color": GREY, "linestyle": "--", "linewidth": 1.1}
            axes.plot([0.4, enough.count], [mark, mark], **dashed)
            axes.plot([enough.count] * 2, [0, at], **dashed)
            axes.plot(enough.count, at, marker="D", color=BLUE, markersize=8, zorder=3)
        _percent_axis(axes, drawn[["share", "cumulative_share"]].to_numpy())
        axes.set_xlim(0.4, len(drawn) + 0.6)
        if few:
            axes.set_xticks(x, under, size=9, linespacing=1.35)
            axes.tick_params(axis="x", length=0)
        else:
            _whole_ticks(axes)
        axes.set_xlabel(text("charts_concentration.by_rank"), color=GREY, size=9.5)
        note(figure, _first(ranked, names, left_out))
    alt = text(
        "charts_concentration.pareto_alt",
        title="" if title is None else title,
        reached=reached,
        accounts=listed(zip(names[:_NAMED], map(percent, ranked["share"]), strict=False)),
    )
    return Chart(figure, alt.lstrip(" .。"))


def _ranked(
    table: pd.DataFrame, accounts: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[str]]:
    need(table, _COLUMNS, _SOURCE)
    ranked = table.sort_values("rank", ignore_index=True)
    if ranked["share"].isna().any():
        raise ParameterError("charts_concentration.no_total")
    return ranked, account_names(ranked, accounts)


def _first(ranked: pd.DataFrame, names: list[str], left_out: int) -> str:
    """Name the largest accounts, and count those that are not drawn."""
    first = listed(
        (f"{i + 1} {shorten(names[i], 22)}", percent(ranked["share"].iloc[i]))
        for i in range(min(_NAMED, len(ranked)))
    )
    if not left_out:
        return first
    return first + text("charts.semicolon") + text("charts.left_out", count=count(left_out)).strip()


def _percent_axis(axes: Axes, values: np.ndarray) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1.0)
    axes.set_ylim(low * 1.1, high * 1.06)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axes.grid(axis="y", color="#E3E3E3", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.axhline(0, color=INK, linewidth=0.9)


def _whole_ticks(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))


def lorenz(
    table: pd.DataFrame,
    title: str | None = None,
    against: pd.DataFrame | None = None,
    names: tuple[str, str] | None = None,
) -> Chart:
    """Draw the Lorenz curve: what the smallest x% of the accounts bring together.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.concentration.pareto`.
    title : str, optional
        Default: what the largest 20% of the accounts bring.
    against : DataFrame, optional
        A second Pareto table, drawn dashed: gross profit beside revenue.
    names : (str, str), optional
        What the two are called. Default: revenue and gross profit.

    Returns
    -------
    Chart
        The straight line is what equal accounts would give. The further the curve hangs below
        it, the more depends on the few.

    Raises
    ------
    ParameterError
        As in `pareto`.
    """
    called = names or (text("charts_concentration.revenue"), text("charts_concentration.profit"))
    tables = [table] if against is None else [table, against]
    curves = [_curve(one) for one in tables]
    tops = [top_share(one, _TOP) for one in tables]
    heading = _share_words(tops[0]) if title is None else title
    from matplotlib.ticker import FuncFormatter

    with fonts.style():
        figure, axes = canvas(3.7, heading, sides=(0.09, 0.66), below=0.62)
        axes.plot(
            [0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1.4,
            label=text("charts_concentration.equal"),
        )  # fmt: skip
        looks = ((BLUE, "-", "o"), (RED, "--", "s"))
        for (x, y), top, name, (colour, line, marker) in zip(
            curves, tops, called, looks, strict=False
        ):
            axes.plot(x, y, color=colour, linestyle=line, linewidth=2.2, label=name)
            at = 1 - top.count / top.base
            axes.plot(at, 1 - top.share, marker=marker, color=colour, markersize=8, zorder=3)
        _percent_axis(axes, np.concatenate([y for _, y in curves]))
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
        axes.set_xlabel(text("charts_concentration.share_of_accounts"))
        axes.legend(
            loc="upper left", bbox_to_anchor=(1.03, 1.0), frameon=False, fontsize=10.5,
            borderaxespad=0.0,
        )  # fmt: skip
        words = [
            "\n".join([name, *wrap(_share_words(top), _BESIDE)])
            for name, top in zip(called, tops, strict=False)
        ]
        axes.text(
            1.06, 0.0, "\n\n".join(words), transform=axes.transAxes, va="bottom", size=10,
            color=INK, linespacing=1.35,
        )  # fmt: skip
    parts = listed((name, _share_words(top)) for name, top in zip(called, tops, strict=False))
    alt = text("charts_concentration.lorenz_alt", title=title or "", parts=parts)
    return Chart(figure, alt.lstrip(" .。"))


def _curve(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the running shares of accounts and of value, the smallest account first."""
    shares = _ranked(table)[0]["share"].to_numpy()[::-1]
    y = np.concatenate([[0.0], shares.cumsum()])
    return np.linspace(0, 1, len(y)), y


def _share_words(top: TopShare) -> str:
    return text(
        "charts_concentration.top",
        count=count(top.count),
        base=count(top.base),
        share=percent(top.share),
    )
