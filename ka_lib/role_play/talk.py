"""One path through a role play: what was said, and where trust and margin stand.

Prevents a meter that runs off its scale, and a reply that worked with a customer who trusts you
from working with one who does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_lib.errors import ParameterError
from ka_lib.role_play.scenario import given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST, MOST = 0, 100


@dataclass(frozen=True)
class Step:
    """One reply: said at ``node``, with the meters after it and how far each really moved."""

    node: str
    reply: str
    trust: float
    margin: float
    trust_change: float
    margin_change: float
    needed_trust: bool = False  # the reply asked for more trust than there was


@dataclass(frozen=True)
class Talk:
    """A conversation so far.

    ``node`` is where it stands (empty when it is over), ``ending`` how it ended (empty while it
    runs); ``trust`` and ``margin`` run from 0 to 100.
    """

    scenario: Mapping[str, Any]
    steps: tuple[Step, ...]
    node: str
    ending: str
    trust: float
    margin: float

    @property
    def path(self) -> str:
        """Return the replies' codes: ``"b-a-c"``."""
        return "-".join(step.reply for step in self.steps)

    @property
    def open(self) -> Mapping[str, Any]:
        """Return the replies that can be given now, by code; none when it is over."""
        found: Mapping[str, Any] = self.scenario["nodes"][self.node]["replies"] if self.node else {}
        return found


def begin(scenario: str | Mapping[str, Any]) -> Talk:
    """Return a conversation in which nothing has been said yet."""
    data = given(scenario)
    start = data["start"]
    return Talk(data, (), start["node"], "", float(start["trust"]), float(start["margin"]))


def say(talk: Talk, reply: str) -> Talk:
    """Return the conversation one reply on.

    Raises
    ------
    ParameterError
        It is over, or this reply is not among those open.
    """
    if talk.ending:
        raise ParameterError("role_play.over", given=reply, steps=len(talk.steps))
    code = reply.strip().lower()
    if code not in talk.open:
        raise ParameterError(
            "role_play.reply", given=reply, turn=len(talk.steps) + 1, known=", ".join(talk.open)
        )
    chosen = talk.open[code]
    trust = _on_scale(talk.trust + chosen["trust"])
    margin = _on_scale(talk.margin + chosen["margin"])
    short = trust < chosen.get("least_trust", LEAST)
    target = chosen["otherwise"] if short else chosen["to"]
    changes = (trust - talk.trust, margin - talk.margin)
    step = Step(talk.node, code, trust, margin, *changes, needed_trust=short)
    over = target in talk.scenario["endings"]
    return Talk(
        talk.scenario,
        (*talk.steps, step),
        "" if over else target,
        target if over else "",
        trust,
        margin,
    )


def play(scenario: str | Mapping[str, Any], path: str | Sequence[str]) -> Talk:
    """Play a path of replies.

    Parameters
    ----------
    scenario : str or dict
        A name of `ka_lib.role_play.names`, or a scenario as `ka_lib.role_play.load` returns it.
    path : str or sequence of str
        The codes of the replies in their order: ``"b-a-c"`` or ``["b", "a", "c"]``. It may stop
        before the end.

    Returns
    -------
    Talk
        Trust and margin start as the scenario says and move by each reply's effect, held between
        0 and 100 at every step. A reply that needs trust is judged by the trust **after** it.

    Raises
    ------
    ParameterError
        The scenario is unknown, a code is not a reply there, or the talk was over before.

    Examples
    --------
    >>> talk = play("first_visit", "b-a")
    >>> talk.node, talk.trust, talk.margin
    ('pain', 62.0, 80.0)
    """
    codes = [one for one in path.split("-") if one.strip()] if isinstance(path, str) else path
    talk = begin(scenario)
    for code in codes:
        talk = say(talk, code)
    return talk


def _on_scale(value: float) -> float:
    return float(min(max(value, LEAST), MOST))
