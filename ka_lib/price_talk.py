"""A price negotiation against a customer who keeps to a stated rule, so that it can be learnt.

Money is yuan, without VAT, for one unit or for the whole deal. The rule is a teaching model, made
up for this course: people do not concede by formula, but shrinking steps, patience and a floor
set beforehand work on them the way they work here.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from ka_lib.amounts import check_fraction, check_not_negative
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

Heard = Literal["opened", "far", "matched", "at_ceiling", "held", "expects_more", "agreed", "left"]
NAN = float("nan")
FAR_ABOVE = 1.15  # an opening this many times her ceiling costs a round of patience
NEAR = (0.92, 1.04)  # a drawn ceiling, as parts of our estimate
SLACK = 1e-9


@dataclass(frozen=True)
class Customer:
    """Who sits on the other side: her reservation price, her first bid and how she concedes.

    Parameters
    ----------
    ceiling : float
        The most she can pay before her alternative is better, yuan; she never says it.
    opening : float
        Her first bid, yuan, not above the ceiling.
    share : float
        What she gives back of each of our steps, a fraction below 1.
    patience : int
        How many rounds she talks, at least 1.
    """

    ceiling: float
    opening: float
    share: float = 0.6
    patience: int = 6

    def __post_init__(self) -> None:
        """Refuse a customer who cannot exist."""
        check_not_negative(ceiling=self.ceiling, opening=self.opening)
        check_fraction(share=self.share)
        if self.opening > self.ceiling:
            raise ParameterError("price_talk.bid", opening=self.opening, ceiling=self.ceiling)
        if not self.patience >= 1 or self.patience % 1:
            raise ParameterError("price_talk.patience", given=self.patience)


def draw_customer(
    estimate: float, opening: float, seed: int, share: float = 0.6, patience: int = 6
) -> Customer:
    """Return a customer whose ceiling is near an estimate, and not known before the talk.

    Parameters
    ----------
    estimate : float
        What we think she can pay at most, yuan.
    opening : float
        Her first bid, yuan.
    seed : int
        The same seed draws the same customer: her ceiling is 92 % to 104 % of the estimate, and
        never below her bid.
    share, patience
        As for :class:`Customer`.

    Examples
    --------
    >>> 92 <= draw_customer(100, opening=90, seed=3).ceiling <= 104
    True
    """
    check_not_negative(estimate=estimate, opening=opening)
    part = Random(f"customer {seed}").uniform(*NEAR)  # noqa: S311 - a game, not a secret
    return Customer(max(round(estimate * part, 1), opening), opening, share, patience)


@dataclass(frozen=True)
class Round:
    """One round: our price, our step down, her bid, and what she made of it."""

    number: int
    asked: float
    step: float
    bid: float
    heard: Heard


@dataclass(frozen=True)
class Talk:
    """The talk so far: its rounds, how it stands, the price of a deal, and her patience left.

    ``price`` is missing without a deal. ``patience`` is 0 once she has had her last word.
    """

    rounds: tuple[Round, ...]
    outcome: Literal["open", "deal", "no_deal"]
    price: float
    patience: int


def talk(
    customer: Customer,
    floor: float,
    asked: Sequence[float],
    ending: Literal["", "accept", "leave"] = "",
) -> Talk:
    """Play a negotiation: our prices, one a round, against the customer's rule.

    Parameters
    ----------
    customer : Customer
    floor : float
        Our reservation price, set before the talk, yuan.
    asked : sequence of float
        Our price in each round, the opening first: never below the floor, never up again.
    ending : {"", "accept", "leave"}
        ``"accept"`` takes her last bid, ``"leave"`` walks away. Default: neither.

    Returns
    -------
    Talk
        A deal is always at a price from the floor to her ceiling.

    Raises
    ------
    ParameterError
        A price is below the floor or above the one before, the talk is already over, or her bid
        cannot be accepted: there is none, or it is below the floor.

    Notes
    -----
    Her rule. She hears our opening and bids hers; an opening more than 15 % above her ceiling
    costs one more round of patience. After that she gives back ``share`` of each of our steps, up
    to her ceiling. A step that is not smaller than the one before tells her to wait for more: she
    gives nothing that round. Standing still gets nothing and costs one more round of patience. A
    price at or below her bid is a deal. When her patience is used up, she takes a price up to half
    way between her bid and her ceiling, and leaves above it.

    Examples
    --------
    >>> done = talk(Customer(ceiling=160, opening=140, patience=3), 130, [170, 160, 154])
    >>> [round(one.bid, 1) for one in done.rounds], done.outcome, done.price
    ([140.0, 146.0, 149.6], 'deal', 154.0)
    """
    check_not_negative(floor=floor)
    rounds: list[Round] = []
    patience, outcome, price = int(customer.patience), "open", NAN
    for turn, given in enumerate(asked, start=1):
        ask = float(given)
        _check_ask(ask, floor, rounds, outcome)
        bid, heard, tired = _answer(customer, ask, rounds)
        patience = max(0, patience - tired)
        if ask <= bid + SLACK:
            outcome, price, heard, bid = "deal", ask, "agreed", ask
        elif patience == 0 and ask <= (bid + customer.ceiling) / 2 + SLACK:
            outcome, price, heard = "deal", ask, "agreed"
        elif patience == 0:
            outcome, heard = "no_deal", "left"
        step = rounds[-1].asked - ask if rounds else 0.0
        rounds.append(Round(turn, ask, step, bid, heard))
    if ending and outcome != "open":
        raise ParameterError("price_talk.over")
    if ending == "accept":
        outcome, price = "deal", _accepted(rounds, floor)
    elif ending == "leave":
        outcome = "no_deal"
    return Talk(tuple(rounds), outcome, price, patience)  # type: ignore[arg-type]


def _answer(customer: Customer, ask: float, rounds: list[Round]) -> tuple[float, Heard, int]:
    """Return her bid, what she made of our price, and how many rounds of patience it cost."""
    if not rounds:
        far = ask > customer.ceiling * FAR_ABOVE + SLACK
        return float(customer.opening), "far" if far else "opened", 2 if far else 1
    last = rounds[-1]
    step = last.asked - ask
    if step <= SLACK:
        return last.bid, "held", 2
    if last.step > 0 and step >= last.step - SLACK:
        return last.bid, "expects_more", 1
    bid = min(customer.ceiling, last.bid + customer.share * step)
    return bid, "at_ceiling" if bid >= customer.ceiling - SLACK else "matched", 1


def _check_ask(ask: float, floor: float, rounds: list[Round], outcome: str) -> None:
    if outcome != "open":
        raise ParameterError("price_talk.over")
    if not ask >= floor - SLACK:
        raise ParameterError("price_talk.below_floor", ask=ask, floor=floor)
    if rounds and ask > rounds[-1].asked + SLACK:
        raise ParameterError("price_talk.up", ask=ask, before=rounds[-1].asked)


def _accepted(rounds: list[Round], floor: float) -> float:
    if not rounds:
        raise ParameterError("price_talk.no_bid")
    if rounds[-1].bid < floor - SLACK:
        raise ParameterError("price_talk.bid_below_floor", bid=rounds[-1].bid, floor=floor)
    return rounds[-1].bid
