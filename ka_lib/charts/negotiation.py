"""Prices at the table: where both sides gain, and how we come down step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib import fonts
from ka_lib.charts.chart import (
    BLUE,
    GREY,
    INK,
    LIGHT,
    MARGIN,
    RED,
    SKY,
    WIDTH,
    Chart,
    canvas,
    display_width,
    need,
    note,
)
from ka_lib.charts.parts import HATCH, bare, listed
from ka_lib.language import text
from ka_lib.negotiation import surplus
from ka_lib.negotiation import zopa as zone
from ka_lib.units import money, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

_ROW = 0.44  # inches
_CENTS_BELOW = 10_000  # yuan
_LETTER = 0.08  # inches of a half-width character, a little more than it takes
_COLUMNS = (0.68, 0.865, 0.985)  # where the three columns of a plan end


def zopa(
    seller_floor: float,
    buyer_ceiling: float,
    price: float | None = None,
    opening: float | None = None,
    title: str | None = None,
) -> Chart:
    """Draw both reservation prices, and the zone between them in which both sides gain.

    Parameters
    ----------
    seller_floor, buyer_ceiling : float
        The reservation prices, yuan: `ka_lib.negotiation.seller_floor` and `buyer_ceiling`.
    price : float, optional
        A price on the table: what each side gains by it is written out.
    opening : float, optional
        The opening price: an anchor. It does not move the zone.
    title : str, optional
        Default: the zone, or how far the two sides are apart.

    Returns
    -------
    Chart
        A price line. The zone is a filled band; where there is none, the gap between the two is
        hatched.

    Raises
    ------
    ParameterError
        A reservation price is negative or missing.
    """
    area = zone(seller_floor, buyer_ceiling)
    show = _price([seller_floor, buyer_ceiling, price, opening])
    facts: dict[str, Any] = {
        "low": show(area.low),
        "high": show(area.high),
        "width": show(area.width),
    }
    default = text(f"charts_negotiation.{area.kind}", gap=show(area.gap), **facts)
    heading = default if title is None else title
    marks = [
        (-1.0, seller_floor, "floor", "^", RED),
        (1.0, buyer_ceiling, "ceiling", "v", BLUE),
    ]
    if opening is not None:
        marks.append((1.8, opening, "opening", "o", GREY))
    if price is not None:
        marks.append((-1.8, price, "price", "D", INK))
    values = [value for _, value, *_ in marks]
    low, high = min(values), max(values)
    reach = high - low or abs(high) or 1.0
    from matplotlib.transforms import blended_transform_factory

    said = []
    with fonts.style():
        figure, axes = canvas(2.3, heading, sides=(0.04, 0.96), above=0.02, below=0.1)
        bare(axes)
        across = blended_transform_factory(figure.transFigure, axes.transData)
        axes.set_xlim(low - 0.12 * reach, high + 0.12 * reach)
        axes.set_ylim(-2.3, 2.3)
        axes.axhline(0, color=INK, linewidth=1.2, zorder=1)
        both = sorted((seller_floor, buyer_ceiling))
        if area.kind != "point":
            band = axes.axvspan(both[0], both[1], ymin=0.42, ymax=0.58, zorder=2)
            if area.kind == "interval":
                band.set(facecolor=SKY, edgecolor=BLUE)
            else:
                band.set(facecolor="white", edgecolor=RED, hatch=HATCH)
        for level, value, key, marker, colour in marks:
            words = text(f"charts_negotiation.{key}", price=show(value))
            if key == "price":
                words += _gains(value, seller_floor, buyer_ceiling, show)
            said.append(words)
            axes.plot([value, value], [0, level * 0.84], color=colour, linewidth=1.1, zorder=2)
            axes.plot(value, 0, marker=marker, color=colour, markersize=9, zorder=3)
            wide = display_width(words) * _LETTER / WIDTH
            place = axes.transData.transform((value, 0))[0] / figure.bbox.width
            left = min(max(place - wide / 2, MARGIN), 1 - MARGIN - wide)
            axes.text(
                left, level, words, transform=across, va="bottom" if level > 0 else "top",
                color=INK, size=10, weight="bold" if key == "price" else "normal", zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip
    alt = text(
        "charts_negotiation.zopa_alt", title=heading, marks=text("charts.semicolon").join(said)
    )
    return Chart(figure, alt)


def _gains(price: float, floor: float, ceiling: float, show: Callable[[float], str]) -> str:
    """Say what each side gains by a price over walking away."""
    if floor <= price <= ceiling:
        gain = surplus(price, floor, ceiling)
        return text("charts_negotiation.gains", seller=show(gain.seller), buyer=show(gain.buyer))
    return text("charts_negotiation.we_walk" if price < floor else "charts_negotiation.they_walk")


def _price(values: Iterable[float | None]) -> Callable[[float], str]:
    """Return a way to write prices that keeps the cents where there are any."""
    known = [value for value in values if value is not None]
    cents = any(round(value, 2) % 1 for value in known if abs(value) < _CENTS_BELOW)
    small = max(abs(value) for value in known) < _CENTS_BELOW
    digits = (2 if cents else 0) if small else None
    return lambda value: money(value, digits=digits)


def concession(plan: pd.DataFrame, floor: float | None = None, title: str | None = None) -> Chart:
    """Draw a concession plan: each round's price, what was given up, and the margin left.

    Parameters
    ----------
    plan : DataFrame
        From `ka_lib.negotiation.concession_plan`.
    floor : float, optional
        Our reservation price, yuan: a dashed line that no round should pass.
    title : str, optional
        Default: from the opening price to the last one, and the margin points given up.

    Returns
    -------
    Chart
        A row a round. The dots stand at the prices, the bars between are the steps: they should
        shrink. The scale does not begin at zero, for the steps would not be seen.

    Raises
    ------
    ParameterError
        The table is not a concession plan.
    """
    columns = ("round", "concession", "price", "discount", "margin", "margin_points")
    need(plan, columns, "ka.negotiation.concession_plan(opening, steps, unit_cost)")
    table = plan.sort_values("round", ignore_index=True)
    show = _price([*table["price"], *table["concession"], floor])
    last = table.iloc[-1]
    default = text(
        "charts_negotiation.plan_title",
        opening=show(table["price"].iloc[0]),
        last=show(last["price"]),
        points=f"{last['margin_points'] * 100:.1f}",
    )
    heading = default if title is None else title
    prices = [*table["price"], *([] if floor is None else [floor])]
    low, high = min(prices), max(prices)
    reach = high - low or 1.0
    from matplotlib.transforms import blended_transform_factory

    said = []
    with fonts.style():
        figure, axes = canvas(_ROW * (len(table) + 0.8), heading, sides=(0.15, 0.47), below=0.45)
        bare(axes)
        axes.set_xlim(low - 0.06 * reach, high + 0.06 * reach)
        axes.set_ylim(len(table) - 0.5, -1.3)
        across = blended_transform_factory(figure.transFigure, axes.transData)
        right: dict[str, Any] = {"transform": across, "ha": "right", "va": "center"}
        heads = ("concession_head", "price_head", "margin_head")
        for x, key in zip(_COLUMNS, heads, strict=True):
            axes.text(x, -0.9, text(f"charts_negotiation.{key}"), **right, size=9.5, color=GREY)
        if floor is not None:
            axes.plot([floor, floor], [-0.5, len(table) - 0.5], color=RED, linestyle="--")
        axes.barh(
            range(len(table)), table["concession"], left=table["price"], height=0.34, color=SKY, edgecolor=BLUE
        )  # fmt: skip
        axes.plot(table["price"], range(len(table)), "o", color=BLUE, markersize=8)
        for i, row in enumerate(table.itertuples()):
            key = "round" if i else "opened"
            name = text(f"charts_negotiation.{key}", number=row.round)
            given = text("charts.minus", amount=show(row.concession)) if i else ""
            price, margin = show(row.price), percent(row.margin, digits=1)
            axes.text(MARGIN, i, name, transform=across, va="center", color=INK)
            axes.text(_COLUMNS[0], i, given, **right, color=INK)
            axes.text(_COLUMNS[1], i, price, **right, color=INK, weight="bold")
            axes.text(_COLUMNS[2], i, margin, **right, color=INK)
            axes.axhline(i + 0.5, color=LIGHT, linewidth=0.6, zorder=0)
            facts: dict[str, Any] = {"given": given, "price": price, "margin": margin}
            said.append((name, text("charts_negotiation.said", **facts).strip()))
        words = text("charts_negotiation.plan_note")
        if floor is not None:
            words = text("charts_negotiation.floor_note", price=show(floor)) + words
        note(figure, words)
    return Chart(figure, text("charts_negotiation.plan_alt", title=heading, rounds=listed(said)))
