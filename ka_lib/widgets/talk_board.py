"""The price talk (W4): negotiate round by round with a customer who keeps to a stated rule."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ka_lib import price_talk
from ka_lib.charts import zopa as draw_zopa
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.negotiation import surplus, zopa
from ka_lib.units import MISSING, percent
from ka_lib.widgets.negotiation_board import small_table, split, yuan

if TYPE_CHECKING:
    from ka_lib.price_talk import Customer, Talk

_WIDE = "330px"


class TalkBoard:
    """The state of one talk and the widgets that show it; made by :func:`price_talk_board`."""

    def __init__(self, customer: Customer, cost: float, floor: float, opening: float) -> None:
        import ipywidgets

        self.customer, self.cost, self.true_floor = customer, cost, round(floor, 2)
        self.start = round(opening, 2)
        self.asked: list[float] = []
        self.ending = ""
        shared: dict[str, Any] = {
            "step": 0.5,
            "style": {"description_width": "170px"},
            "layout": {"width": _WIDE},
        }
        most = round(2 * max(opening, customer.ceiling), 1)
        self.floor = ipywidgets.BoundedFloatText(
            round(floor, 2), min=0, max=most, description=text("widgets_talk.floor"), **shared
        )
        self.price = ipywidgets.BoundedFloatText(
            round(opening, 2), min=0, max=most, description=text("widgets_talk.price"), **shared
        )
        self.offer = ipywidgets.Button(
            description=text("widgets_talk.offer"), button_style="primary", icon="comment"
        )
        self.accept = ipywidgets.Button(description=text("widgets_talk.accept"), icon="check")
        self.leave = ipywidgets.Button(description=text("widgets_talk.leave"), icon="times")
        self.again = ipywidgets.Button(description=text("widgets_talk.again"), icon="undo")
        self.offer.on_click(self._offer)
        self.accept.on_click(lambda _: self._end("accept"))
        self.leave.on_click(lambda _: self._end("leave"))
        self.again.on_click(self._again)
        self.result = ipywidgets.HTML()
        row: dict[str, Any] = {"layout": {"flex_flow": "row wrap", "width": "100%"}}
        self.board = ipywidgets.VBox(
            [
                ipywidgets.Box([self.floor, self.price], **row),
                ipywidgets.Box([self.offer, self.accept, self.leave, self.again], **row),
                self.result,
            ]
        )
        self._show()

    def _offer(self, _: object) -> None:
        self._try([*self.asked, self.price.value], "")

    def _end(self, ending: str) -> None:
        self._try(self.asked, ending)

    def _again(self, _: object) -> None:
        self.asked, self.ending = [], ""
        self.price.value = self.start
        self._show()

    def _try(self, asked: list[float], ending: str) -> None:
        """Take one move, or say why it cannot be made."""
        try:
            price_talk.talk(self.customer, self.floor.value, asked, ending)  # type: ignore[arg-type]
        except ParameterError as error:
            self._show(str(error))
            return
        self.asked, self.ending = asked, ending
        self._show()

    def _show(self, problem: str = "") -> None:
        now = price_talk.talk(self.customer, self.floor.value, self.asked, self.ending)  # type: ignore[arg-type]
        over = now.outcome != "open"
        self.floor.disabled = bool(self.asked)
        self.price.disabled = self.offer.disabled = self.leave.disabled = over
        self.accept.disabled = over or not self.asked
        self.result.value = result(now, self.customer, self.cost, self.true_floor, problem)


def price_talk_board(customer: Customer, cost: float, floor: float, opening: float) -> Any:
    """Return the price talk: set a floor, name a price, hear the customer, round by round.

    Parameters
    ----------
    customer : ka_lib.price_talk.Customer
        Who sits opposite; her ceiling is shown only when the talk is over.
    cost : float
        What one unit costs us, yuan without VAT.
    floor : float
        Our reservation price: where the floor starts, and what a deal is measured against.
    opening : float
        Where our first price starts.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell; ``board.talk`` is the :class:`TalkBoard` behind it.

    Raises
    ------
    ParameterError
        An amount is negative or missing.
    """
    made = TalkBoard(customer, cost, floor, opening)
    made.board.talk = made
    return made.board


def result(now: Talk, customer: Customer, cost: float, floor: float, problem: str = "") -> str:
    """Return what the board shows: one sentence, the rounds, and at the end both sides' gains."""
    words = problem or reading(now, customer, cost, floor)
    spoken = f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{html.escape(words)}</b></p>'
    shown = spoken + _rounds(now)
    if now.outcome == "open":
        return shown
    price = now.price if now.outcome == "deal" else None
    return shown + draw_zopa(floor, customer.ceiling, price=price).html()


def reading(now: Talk, customer: Customer, cost: float, floor: float) -> str:
    """Return one sentence: what she said last, or how the talk ended."""
    if now.outcome == "open" and not now.rounds:
        return text("widgets_talk.begin")
    if now.outcome == "open":
        last = now.rounds[-1]
        said = text(f"widgets_talk.{last.heard}", bid=yuan(last.bid))
        return said + text("widgets_talk.left_rounds", rounds=now.patience)
    ceiling = customer.ceiling
    if now.outcome == "no_deal":
        gone = bool(now.rounds) and now.rounds[-1].heard == "left"
        key = "left" if gone else "we_left"
        kind = "no_zone" if zopa(floor, ceiling).kind == "none" else "missed"
        return text(f"widgets_talk.{key}") + text(
            f"widgets_talk.{kind}", floor=yuan(floor), ceiling=yuan(ceiling)
        )
    margin = percent(split(now.price, cost, floor, ceiling).margin, digits=1)
    if now.price < floor:
        return text(
            "widgets_talk.bad_deal", price=yuan(now.price), floor=yuan(floor), margin=margin
        )
    gain = surplus(now.price, floor, ceiling)
    return text(
        "widgets_talk.deal",
        price=yuan(now.price), margin=margin, seller=yuan(gain.seller), buyer=yuan(gain.buyer),
        share=percent(gain.seller_share) if gain.seller_share >= 0 else MISSING,
    )  # fmt: skip


def _rounds(now: Talk) -> str:
    """Return the history: our price, our step, her bid, what she made of it."""
    if not now.rounds:
        return ""
    heads = [text(f"widgets_talk.head_{name}") for name in ("round", "asked", "step", "bid", "why")]
    rows = [
        (
            str(one.number),
            yuan(one.asked),
            MISSING if one.number == 1 else yuan(one.step),
            MISSING if one.heard == "left" else yuan(one.bid),
            text(f"widgets_talk.why_{one.heard}"),
        )
        for one in now.rounds
    ]
    return small_table(heads, rows, words=1)
