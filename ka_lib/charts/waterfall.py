"""How one amount becomes another, step by step: retention, the P&L of an account, any bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, MARGIN, RED, Chart, canvas, need, note, wrap
from ka_lib.charts.difference import signed_money
from ka_lib.charts.parts import HATCH, bare, listed
from ka_lib.customer_pnl import AFTER_NET_SALES, BEFORE_NET_SALES
from ka_lib.errors import ParameterError
from ka_lib.kpi import gross_revenue_retention, net_revenue_retention
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import count, money, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW = 0.4  # inches
_VISIBLE = 0.01  # of the longest: a shorter bar has no room for hatching
_NAME = 30  # half-width characters before the bars
_MOVED = ("lost", "contracted", "expanded", "new")


def waterfall(table: pd.DataFrame, title: str | None = None, total: str | None = None) -> Chart:
    """Draw steps that add up to a total, one below the other.

    Parameters
    ----------
    table : DataFrame
        ``label`` and ``value`` (yuan, in the order of the steps; negative takes away).
    title : str, optional
        What adds up.
    total : str, optional
        What the sum below the steps is called. Default: total.

    Returns
    -------
    Chart
        Each step starts where the one before ended; the total starts at zero. Steps down are
        hatched and carry a minus.

    Raises
    ------
    ParameterError
        The table has other columns or no rows, or a value is missing.
    """
    need(table, ("label", "value"), 'pd.DataFrame({"label": [...], "value": [...]})')
    rows = [
        (str(name), float(value), False) for name, value in table[["label", "value"]].to_numpy()
    ]
    rows.append((total or text("charts.effects_total"), sum(value for _, value, _ in rows), True))
    return _draw(rows, title or "")


def revenue_bridge(movements: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw how last period's revenue became this period's: lost, less, more, new.

    Parameters
    ----------
    movements : DataFrame
        From `ka_lib.kpi.movements`.
    title : str, optional
        Default: net and gross revenue retention.

    Returns
    -------
    Chart
        A waterfall; the number of accounts stands under each step. Accounts that bought exactly
        as much as before change nothing and have no step.

    Raises
    ------
    ParameterError
        The table is not one of movements.
    """
    columns = ("account_id", "revenue_before", "revenue_now", "movement")
    need(movements, columns, "ka.kpi.movements(orders, before, now, as_of=...)")
    change = movements["revenue_now"] - movements["revenue_before"]
    by_kind = change.groupby(movements["movement"]).agg(["sum", "size"]).reindex(_MOVED).fillna(0)
    before, now = movements["revenue_before"], movements["revenue_now"]
    rows = [(text("charts_waterfall.before"), float(before.sum()), True)]
    rows += [(label("movement", kind), float(by_kind.loc[kind, "sum"]), False) for kind in _MOVED]
    rows.append((text("charts_waterfall.now"), float(now.sum()), True))
    accounts = [int((before > 0).sum()), *by_kind["size"].astype(int), int((now > 0).sum())]
    beside = [text("charts_waterfall.accounts"), *map(count, accounts)]
    rates = text(
        "charts_waterfall.retention",
        net=percent(net_revenue_retention(movements).rate),
        gross=percent(gross_revenue_retention(movements).rate),
    )
    return _draw(
        rows, rates if title is None else title, beside, text("charts_waterfall.rates_note")
    )


def customer_pnl(row: pd.Series, title: str | None = None) -> Chart:
    """Draw an account's way from gross sales down to what it really earns.

    Parameters
    ----------
    row : Series
        One row of `ka_lib.customer_pnl.contribution`: ``table.iloc[0]``, or the sums of several
        accounts.
    title : str, optional
        Default: the net contribution and its share of gross sales.

    Returns
    -------
    Chart
        A waterfall in percent of gross sales too; lines without an amount are left out.

    Raises
    ------
    ParameterError
        The row is not one of a P&L, or its cost of goods is unknown, so that nothing is left to
        draw below net sales.
    """
    names = ["gross_sales", *BEFORE_NET_SALES, "net_sales", *AFTER_NET_SALES, "net_contribution"]
    values = pd.Series(row)
    need(values.to_frame().T, names, "ka.customer_pnl.contribution(sales, terms).iloc[0]")
    amounts = {name: float(values[name]) for name in names}
    levels = ("gross_sales", "net_sales", "net_contribution")
    rows = [
        (label("column", name), amount if name in levels else -amount, name in levels)
        for name, amount in amounts.items()
        if name in levels or amount != 0
    ]
    gross = amounts["gross_sales"]
    shares = [percent(value / gross, digits=1) if gross else "" for _, value, _ in rows]
    heading = text(
        "charts_waterfall.pnl_title",
        value=money(amounts["net_contribution"]),
        rate=percent(amounts["net_contribution"] / gross if gross else float("nan"), digits=1),
    )
    below = text("charts_waterfall.pnl_note")
    return _draw(
        rows, heading if title is None else title, [text("charts_waterfall.share"), *shares], below
    )


def _draw(
    rows: Sequence[tuple[str, float, bool]],
    heading: str,
    beside: Sequence[str] = (),
    below: str = "",
) -> Chart:
    """Draw rows of (name, value, is a level): a level starts at zero, a step where we are.

    ``beside`` is a last column: its head, then a cell a row.
    """
    if any(pd.isna(value) for _, value, _ in rows):
        missing = next(name for name, value, _ in rows if pd.isna(value))
        raise ParameterError("charts_waterfall.missing", name=missing)
    from matplotlib.transforms import blended_transform_factory

    starts, ends, at = [], [], 0.0
    for _, value, is_level in rows:
        starts.append(0.0 if is_level else at)
        at = value if is_level else at + value
        ends.append(at)
    low, high = min(*starts, *ends, 0.0), max(*starts, *ends, 0.0)
    reach = high - low or 1.0
    top = -0.5 - (0.6 if beside else 0.0)
    with fonts.style():
        figure, axes = canvas(
            _ROW * (len(rows) - 0.5 - top),
            heading,
            sides=(0.3, 0.66 if beside else 0.76),
            below=0.45 if below else 0.12,
        )
        bare(axes)
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        drawn = axes.barh(range(len(rows)), lengths, left=starts, height=0.6)
        for patch, (_, value, is_level) in zip(drawn, rows, strict=True):
            colour = GREY if is_level else RED if value < 0 else BLUE
            patch.set(facecolor=colour, edgecolor=colour, linewidth=1)  # a step of zero is a line
            if not is_level and value < 0 and -value > _VISIBLE * reach:
                patch.set(hatch=HATCH, edgecolor="white")
        for i, end in enumerate(ends[:-1]):
            axes.plot([end, end], [i + 0.3, i + 0.7], color=GREY, linewidth=1.0)
        axes.set_xlim(low, low + reach)
        axes.set_ylim(len(rows) - 0.5, top)
        axes.plot([0, 0], [-0.5, len(rows) - 0.5], color=INK, linewidth=0.9)
        across = blended_transform_factory(figure.transFigure, axes.transData)
        style: dict[str, Any] = {"transform": across, "va": "center", "color": INK}
        written = [money(value) if is_level else signed_money(value) for _, value, is_level in rows]
        for i, (name, _, is_level) in enumerate(rows):
            bold = "bold" if is_level else "normal"
            lines = "\n".join(wrap(name, _NAME)[:2])
            size = 11 if "\n" not in lines else 9
            axes.text(
                MARGIN, i, lines, ha="left", **style, weight=bold, size=size, linespacing=1.35
            )
            axes.text(0.87 if beside else 0.985, i, written[i], ha="right", **style, weight=bold)
            if is_level and i:
                axes.axhline(i - 0.5, color=LIGHT, linewidth=0.8)
        for i, cell in enumerate(beside):
            y = i - 1 if i else -0.85
            axes.text(0.985, y, cell, ha="right", **{**style, "color": GREY}, size=9.5)
        if below:
            note(figure, below)
    parts = listed((name, words) for (name, _, _), words in zip(rows, written, strict=True))
    alt = text("charts_waterfall.alt", title=heading, parts=parts)
    return Chart(figure, alt.lstrip(" .。"))
