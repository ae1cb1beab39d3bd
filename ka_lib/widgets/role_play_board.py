"""The role-play simulator (W9): reply to a customer, see trust and margin move, against the clock.

The clock needs no thread: the bar runs in the page's own style sheet from the moment it starts,
and each click says how much time has gone.
"""

from __future__ import annotations

import html
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from ka_lib.language import current, text
from ka_lib.role_play.handout import DEBRIEF, MINUTES, ROLES, handout
from ka_lib.role_play.scenario import load, names
from ka_lib.role_play.talk import begin, say
from ka_lib.role_play.ways import joint, paths
from ka_lib.widgets import still

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ka_lib.role_play.talk import Talk

_SECONDS = MINUTES * 60
_BLUE, _ORANGE, _GREY = "#0072B2", "#B35900", "#6B6B6B"
_STYLE = f"""<style>
@keyframes ka-clock {{ from {{ width: 0 }} to {{ width: 100% }} }}
.ka-clock {{ height: 8px; background: #ddd; max-width: 560px }}
.ka-clock div {{ height: 8px; width: 0; background: {_BLUE};
  animation: ka-clock {_SECONDS}s linear forwards }}
.ka-role-play .widget-html-content {{ white-space: normal; height: auto; line-height: 1.5;
  overflow-wrap: anywhere; max-width: 760px }}
.ka-role-play .widget-checkbox label {{ white-space: normal; height: auto; line-height: 1.4; width: 100% }}
.ka-role-play .widget-checkbox {{ height: auto; width: 100% }}
</style>"""


class RolePlayBoard:
    """The state of one role play and the widgets that show it; made by :func:`role_play`."""

    def __init__(self, name: str, now: Callable[[], float]) -> None:
        import ipywidgets

        self.now = now
        self.started: float | None = None
        self.scenario = ipywidgets.Dropdown(
            options=[(load(one)["title"][current()], one) for one in names()],
            value=name,
            description=text("widgets_role_play.scenario"),
            layout={"width": "340px"},
        )
        self.role = ipywidgets.ToggleButtons(
            options=[(text(f"role_play.role_{role}"), role) for role in ROLES],
            style={"button_width": "90px"},
        )
        self.begin = ipywidgets.Button(icon="play", button_style="primary")
        self.next_role = ipywidgets.Button(
            description=text("widgets_role_play.next_role"),
            icon="refresh",
            layout={"width": "auto"},
        )
        self.clock, self.result, self.log = (ipywidgets.HTML() for _ in range(3))
        self.buttons = ipywidgets.Box(layout={"flex_flow": "row wrap", "width": "100%"})
        self.sheet = ipywidgets.VBox()
        self.scenario.observe(lambda _: self._restart(), names="value")
        self.role.observe(lambda _: self._show(), names="value")
        self.begin.on_click(lambda _: self._start())
        self.next_role.on_click(self._next_role)
        top = ipywidgets.Box(
            [self.scenario, self.role, self.begin, self.next_role],
            layout={"flex_flow": "row wrap", "width": "100%"},
        )
        self.board = ipywidgets.VBox(
            [
                ipywidgets.HTML(_STYLE),
                top,
                self.clock,
                self.result,
                self.buttons,
                self.log,
                self.sheet,
            ]
        )
        self.board.add_class("ka-role-play")
        self._restart()

    def _restart(self) -> None:
        import ipywidgets

        self.talk: Talk = begin(load(self.scenario.value))
        self.started = None
        self.sheet.children = [
            ipywidgets.Checkbox(description=one[current()], indent=False, layout={"width": "100%"})
            for one in self.talk.scenario["observer"]
        ]
        self._show()

    def _start(self) -> None:
        if self.started is not None:
            self._restart()
            return
        self.started = self.now()
        self._show()

    def _next_role(self, _: object) -> None:
        self.role.value = ROLES[(ROLES.index(self.role.value) + 1) % len(ROLES)]
        self._restart()

    def _say(self, code: str) -> None:
        self.talk = say(self.talk, code)
        self._show()

    def _show(self) -> None:
        running = self.started is not None
        self.begin.description = text(f"widgets_role_play.{'again' if running else 'start'}")
        clock = clock_line(self.started)
        if self.clock.value != clock:  # drawn once a round, so that its bar keeps running
            self.clock.value = clock
        elapsed = self.now() - self.started if self.started is not None else None
        self.result.value = result(self.talk, self.role.value, elapsed)
        self.buttons.children = self._reply_buttons() if running else ()
        self.log.value = conversation(self.talk)
        self.sheet.layout.display = "" if self.role.value == "observer" else "none"

    def _reply_buttons(self) -> tuple[Any, ...]:
        import ipywidgets

        made = []
        for code in self.talk.open:
            button = ipywidgets.Button(
                description=text("widgets_role_play.say", code=code.upper()),
                layout={"width": "110px"},
            )
            button.on_click(lambda _, code=code: self._say(code))
            made.append(button)
        return tuple(made)


def role_play(name: str = "first_visit", now: Callable[[], float] = time.time) -> Any:
    """Return the role-play simulator, to be put last in a cell.

    Parameters
    ----------
    name : str
        The scenario it opens with, of `ka_lib.role_play.names`.
    now : callable
        Returns the seconds of the clock; another one makes it testable.

    Returns
    -------
    ipywidgets.VBox
        ``board.play`` is the :class:`RolePlayBoard` behind it. The rep chooses replies; the
        customer also sees the customer's card and thoughts, the observer a sheet to tick. On
        pages without a kernel it is the printed version, see `ka_lib.role_play.handout`.

    Raises
    ------
    ParameterError
        There is no such scenario.
    """
    load(name)  # says so when there is none
    if still.wanted():
        return handout(name)
    made = RolePlayBoard(name, now)
    made.board.play = made
    return made.board


def clock_line(started: float | None) -> str:
    """Return when the round began and ends, with a bar that fills in 15 minutes."""
    if started is None:
        return f"<p>{_word('ready', minutes=MINUTES)}</p>"
    at, until = (
        time.strftime("%H:%M", time.localtime(one)) for one in (started, started + _SECONDS)
    )
    line = _word("clock", at=at, until=until, minutes=MINUTES)
    return f'<p style="margin: 0">{line}</p><div class="ka-clock" data-started="{started:.0f}"><div></div></div>'


def result(talk: Talk, role: str, elapsed: float | None) -> str:
    """Return what the board shows: situation, meters, the last exchange, what can be said now.

    Parameters
    ----------
    talk : ka_lib.role_play.Talk
        The conversation so far.
    role : {"rep", "customer", "observer"}
        Who is looking.
    elapsed : float or None
        Seconds since the start; None before it.
    """
    data = talk.scenario
    parts = [f"<p>{_said(data['situation'])}</p>", _card(data, role)]
    if elapsed is None:
        return "".join(parts)
    parts = [*([] if talk.steps else parts), _meters(talk)]
    parts.append(_last(talk, elapsed))
    parts.append(_end(talk) if talk.ending else _turn(talk, role))
    return "".join(parts)


def reading(talk: Talk) -> str:
    """Return one sentence: what the last reply did to trust and margin."""
    if not talk.steps:
        return text("widgets_role_play.begin")
    step = talk.steps[-1]
    moved = text(
        "widgets_role_play.moved",
        trust=f"{step.trust_change:+.0f}",
        to_trust=f"{step.trust:.0f}",
        margin=f"{step.margin_change:+.0f}",
        to_margin=f"{step.margin:.0f}",
    )
    if not step.needed_trust:
        return moved
    least = talk.scenario["nodes"][step.node]["replies"][step.reply]["least_trust"]
    return moved + text("widgets_role_play.needed", least=least)


@cache
def best_result(name: str) -> float:
    """Return the best joint result that a scenario allows, 0 to 100."""
    table = paths(name)
    return float(joint(table["goal"], table["trust"], table["margin_kept"], table["agreed"]).max())


def _card(data: Mapping[str, Any], role: str) -> str:
    if role == "observer":
        return f"<p>{_word('observer')}</p>"
    card = _said(data[f"{role}_card"])
    return f'<p style="border: 2px solid {_BLUE}; padding: 4px 10px">{card}</p>'


def _meters(talk: Talk) -> str:
    rows = []
    for name, value, colour in (("trust", talk.trust, _BLUE), ("margin", talk.margin, _ORANGE)):
        rows.append(
            f'<tr><th scope="row" style="text-align: left; padding-right: 1em">{html.escape(text(f"role_play.{name}"))}</th>'
            f'<td style="width: 320px; background: #ddd; padding: 0"><div style="width: {value:.0f}%; '
            f'height: 14px; background: {colour}"></div></td>'
            f'<td style="padding-left: 1em"><b>{value:.0f}</b> / 100</td></tr>'
        )
    means = html.escape(
        text("role_play.margin_means", means=talk.scenario["margin_means"][current()])
    )
    return f'<table>{"".join(rows)}</table><p style="color: {_GREY}; margin: 0">{means}</p>'


def _last(talk: Talk, elapsed: float) -> str:
    """Return what the last reply did, with the coach's note and the time gone."""
    spoken = f'<p role="status" aria-live="polite"><b>{html.escape(reading(talk))}</b> {_gone(elapsed)}</p>'
    if not talk.steps:
        return spoken
    step = talk.steps[-1]
    note = _said(talk.scenario["nodes"][step.node]["replies"][step.reply]["note"])
    return f"{spoken}<p>{_word('coach')} {note}</p>"


def _gone(elapsed: float) -> str:
    minutes, seconds = divmod(int(elapsed), 60)
    if elapsed > _SECONDS:
        return _word("over_time", minutes=MINUTES)
    return _word("gone", minutes=minutes, seconds=f"{seconds:02d}")


def _turn(talk: Talk, role: str) -> str:
    """Return what the customer says now, and the replies to choose from."""
    node = talk.scenario["nodes"][talk.node]
    part = _said(talk.scenario["parts"][node["part"]])
    lines = [
        f'<p style="color: {_GREY}; margin-bottom: 0">{part}</p>',
        f'<p style="font-size: 1.15em; margin-top: 0">{_quoted(node["says"])}</p>',
    ]
    if role != "rep":
        lines.append(f"<p><i>{html.escape(text('role_play.feels'))} {_said(node['feels'])}</i></p>")
    key = "closest" if role == "customer" else "choose"
    lines.append(f'<p style="margin-bottom: 0">{_word(key)}</p>')
    lines += [
        f'<p style="margin: 2px 0 2px 1em"><b>{code.upper()}</b>&ensp;{_said(reply["says"])}</p>'
        for code, reply in talk.open.items()
    ]
    return "".join(lines)


def _end(talk: Talk) -> str:
    ending = talk.scenario["endings"][talk.ending]
    agreed = bool(ending["agreed"])
    result = joint(float(ending["goal"]), talk.trust, talk.margin, agreed)
    line = _word(
        "result",
        goal=ending["goal"],
        trust=f"{talk.trust:.0f}",
        margin=f"{talk.margin:.0f}" if agreed else "0",
        result=f"{result:.0f}",
        best=f"{best_result(talk.scenario['id']):.0f}",
    )
    asked = "".join(f"<li>{html.escape(text(f'role_play.ask_{one}'))}</li>" for one in DEBRIEF)
    return (
        f'<p style="font-size: 1.15em"><b>{_said(ending["title"])}</b></p><p>{_said(ending["says"])}</p>'
        f"<p>{line}</p><p>{_word('path', path=talk.path.upper())}</p>"
        f"<p><b>{html.escape(text('role_play.debrief'))}</b></p><ol>{asked}</ol>"
    )


def conversation(talk: Talk) -> str:
    """Return the conversation so far, folded."""
    if not talk.steps:
        return ""
    rows = []
    for step in talk.steps:
        node = talk.scenario["nodes"][step.node]
        rows.append(
            f"<p>{_quoted(node['says'])} <i>{html.escape(text('role_play.feels'))} {_said(node['feels'])}</i><br>"
            f"<b>{step.reply.upper()}</b> {_said(node['replies'][step.reply]['says'])} "
            f"({step.trust_change:+.0f} / {step.margin_change:+.0f})</p>"
        )
    return f"<details><summary>{_word('log')}</summary>{''.join(rows)}</details>"


def _said(words: Mapping[str, str]) -> str:
    return html.escape(words[current()])


def _quoted(words: Mapping[str, str]) -> str:
    return html.escape(text("widgets_role_play.quoted", words=words[current()]))


def _word(key: str, **facts: Any) -> str:
    return html.escape(text(f"widgets_role_play.{key}", **facts))
