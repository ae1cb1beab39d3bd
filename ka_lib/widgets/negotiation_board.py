"""The negotiation table (W4): move both reservation prices and the price, see who gains what."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_lib import negotiation
from ka_lib.charts import zopa as draw_zopa
from ka_lib.language import text
from ka_lib.units import MISSING, money, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE = "420px"
_CELL = "text-align: right; padding: 0 0 0 1.5em"
_WORDS = "text-align: left; padding: 0 0 0 1.5em"


@dataclass(frozen=True)
class Split:
    """What one price means for both sides.

    Parameters
    ----------
    kind : str
        ``"deal"``; or why there is none: ``"none"`` (no zone), ``"we_walk"`` (below our floor),
        ``"they_walk"`` (above her ceiling).
    seller, buyer, seller_share : float
        Each side's gain over its alternative, and our part of it; missing without a deal.
    margin, markup : float
        Gross margin on the price, and markup on the cost.
    """

    kind: str
    seller: float
    buyer: float
    seller_share: float
    margin: float
    markup: float


def split(price: float, cost: float, floor: float, ceiling: float) -> Split:
    """Work out what a price brings both sides.

    Parameters
    ----------
    price, cost : float
        Of one unit, yuan without VAT.
    floor, ceiling : float
        Our reservation price and hers, in the same unit.

    Examples
    --------
    >>> one = split(150, 120, 130, 160)
    >>> one.kind, one.seller, one.buyer, round(one.seller_share, 2), one.margin, one.markup
    ('deal', 20, 10, 0.67, 0.2, 0.25)
    """
    margin, markup = negotiation.gross_margin(price, cost), negotiation.markup(price, cost)
    nothing = (float("nan"),) * 3
    if negotiation.zopa(floor, ceiling).kind == "none":
        return Split("none", *nothing, margin, markup)
    if price < floor:
        return Split("we_walk", *nothing, margin, markup)
    if price > ceiling:
        return Split("they_walk", *nothing, margin, markup)
    gain = negotiation.surplus(price, floor, ceiling)
    return Split("deal", gain.seller, gain.buyer, gain.seller_share, margin, markup)


def negotiation_table(cost: float, floor: float, ceiling: float, price: float) -> Any:
    """Return the negotiation table: sliders for both reservation prices and the price.

    Parameters
    ----------
    cost : float
        What one unit costs us, yuan without VAT.
    floor, ceiling : float
        Where the two reservation prices start: `ka_lib.negotiation.seller_floor` and
        `buyer_ceiling`.
    price : float
        Where the price starts.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``floor``, ``ceiling``, ``price``.

    Raises
    ------
    ParameterError
        An amount is negative or missing, or the price or the cost is 0.
    """
    before = split(price, cost, floor, ceiling)

    def draw(**now: float) -> str:
        after = split(now["price"], cost, now["floor"], now["ceiling"])
        sentence = html.escape(reading(after, now["price"], now["floor"], now["ceiling"]))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        picture = draw_zopa(now["floor"], now["ceiling"], price=now["price"]).html()
        return spoken + _figures([(before, price), (after, now["price"])]) + picture

    return what_if(_controls(floor, ceiling, price), draw)


def reading(after: Split, price: float, floor: float, ceiling: float) -> str:
    """Return one sentence: whether there is a deal, and what each side gains by it."""
    if after.kind == "deal":
        return text(
            "widgets_negotiation.deal",
            price=yuan(price), seller=yuan(after.seller), buyer=yuan(after.buyer),
            share=percent(after.seller_share) if after.seller_share >= 0 else MISSING,
            margin=percent(after.margin, digits=1),
        )  # fmt: skip
    gap = {"none": floor - ceiling, "we_walk": floor - price, "they_walk": price - ceiling}
    return text(f"widgets_negotiation.{after.kind}", price=yuan(price), gap=yuan(gap[after.kind]))


def yuan(amount: float) -> str:
    """Return a price to the jiao, or a dash."""
    return MISSING if amount != amount else money(amount, digits=1)  # noqa: PLR0124 - NaN


def _figures(pairs: Sequence[tuple[Split, float]]) -> str:
    """Return the figures as a small table: at the start, now."""
    rows = [
        (text("widgets_negotiation.price"), [yuan(price) for _, price in pairs]),
        (text("widgets_negotiation.we_gain"), [yuan(one.seller) for one, _ in pairs]),
        (text("widgets_negotiation.she_gains"), [yuan(one.buyer) for one, _ in pairs]),
        (text("widgets_negotiation.margin"), [percent(one.margin, digits=1) for one, _ in pairs]),
        (text("widgets_negotiation.markup"), [percent(one.markup, digits=1) for one, _ in pairs]),
    ]
    heads = ("", text("widgets_negotiation.start"), text("widgets_negotiation.now"))
    return small_table(heads, [(name, *cells) for name, cells in rows])


def small_table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 0) -> str:
    """Return a small HTML table: names first, then figures, and ``words`` columns of text last."""
    figures = len(heads) - words

    def side(place: int) -> str:
        return _CELL if 0 < place < figures else _WORDS if place else "text-align: left"

    head = "".join(
        f'<th scope="col" style="{side(place)}">{html.escape(one)}</th>'
        for place, one in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row" style="{side(0)}">{html.escape(name)}</th>'
        + "".join(
            f'<td style="{side(place)}">{html.escape(cell)}</td>'
            for place, cell in enumerate(cells, start=1)
        )
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _controls(floor: float, ceiling: float, price: float) -> dict[str, Any]:
    import ipywidgets

    values = {"floor": floor, "ceiling": ceiling, "price": price}
    low, high = min(values.values()), max(values.values())
    room = max(high - low, 0.1 * high)
    shared: dict[str, Any] = {
        "min": round(max(low - room, 0.1), 1),
        "max": round(high + room, 1),
        "step": 0.1,
        "readout_format": ".1f",
        "style": {"description_width": "150px"},
        "layout": {"width": _WIDE},
    }
    return {
        name: ipywidgets.FloatSlider(
            value, description=text(f"widgets_negotiation.set_{name}"), **shared
        )
        for name, value in values.items()
    }
