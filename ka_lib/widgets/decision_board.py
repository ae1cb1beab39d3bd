"""The decision-unit board (W2): set who stands where, see the support, the gaps, and whom to see first."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import profile
from ka_lib.charts import decision_unit as draw_unit
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.tables import ROLES
from ka_lib.units import MISSING, count
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HALF = 0.5  # of the scale from -1 to 1: a step that good work can bring about
_UNKNOWN = "unknown"
_NOBODY = "nobody"
_NEW = "new"
_NEW_WEIGHT = 5.0
_TOP_WEIGHT = 5.0
_MOST = 6  # persons with controls of their own
_STEPS = [round(-1 + i / 10, 1) for i in range(21)]
_WIDE = "370px"  # two of them beside each other in a notebook
_CELL = "text-align: right; padding: 0 0 0 1.5em"
_NAME = "text-align: left; padding: 0 0 0 1.5em"
_VISIBLE = 0.005


@dataclass(frozen=True)
class Unit:
    """A decision-making unit in a few numbers.

    Parameters
    ----------
    support : float
        sum(weight x stance) / sum(weight) of the known stances, -1 to 1; missing without one.
    covered, asked : int
        Roles that somebody holds, of those that should be held.
    uncovered : tuple of str
        Codes of the roles that nobody holds.
    persons : int
        How many people we know there.
    """

    support: float
    covered: int
    asked: int
    uncovered: tuple[str, ...]
    persons: int


def unit_of(contacts: pd.DataFrame, roles: Sequence[str] = ROLES) -> Unit:
    """Sum up one account's contacts, as `ka_lib.profile.decision_unit` does.

    Parameters
    ----------
    contacts : DataFrame
        Of one account: ``account_id``, ``contact_id``, ``role``, ``weight``, ``stance``.
    roles : sequence of str
        The roles that should be covered; default all six.
    """
    row = profile.decision_unit(contacts, roles=roles).iloc[0]
    gaps = tuple(code for code in str(row["uncovered"]).split(", ") if code)
    return Unit(
        float(row["support"]),
        int(row["roles_covered"]),
        int(row["roles_asked"]),
        gaps,
        int(row["contacts"]),
    )


def swings(contacts: pd.DataFrame) -> pd.DataFrame:
    """Return how far each person can move the support of an account.

    Parameters
    ----------
    contacts : DataFrame
        Of one account: ``contact_id``, ``weight`` (0 or more) and ``stance`` (-1 to 1, blank: not
        known).

    Returns
    -------
    DataFrame
        The largest first: ``contact_id``, ``weight``, ``stance`` and ``swing``. Where the stance is
        known: weight x (half a step towards 1, at most to 1) / sum of the known weights. Where it
        is not: how far the support could move, up or down, once it is. Missing while no stance is
        known at all: then the heaviest stands first.

    Examples
    --------
    >>> people = pd.DataFrame(
    ...     {"contact_id": ["a", "b"], "weight": [5.0, 3.0], "stance": [-0.5, 0.9]}
    ... )
    >>> swings(people)["swing"].round(4).tolist()  # 5 x 0.5 / 8 and 3 x 0.1 / 8
    [0.3125, 0.0375]
    """
    table = contacts[["contact_id", "weight", "stance"]].reset_index(drop=True)
    known = table["stance"].notna()
    base = float(table.loc[known, "weight"].sum())
    said = float((table["weight"] * table["stance"]).sum())
    swing = pd.Series(float("nan"), index=table.index)
    if base > 0:
        step = (table["stance"] + _HALF).clip(upper=1.0) - table["stance"]
        unknown = table["weight"] * (1 + abs(said / base)) / (base + table["weight"])
        swing = (table["weight"] * step / base).where(known, unknown)
    table = table.assign(swing=swing)
    return table.sort_values(
        ["swing", "weight", "contact_id"],
        ascending=[False, False, True],
        ignore_index=True,
    )


def decision_map(contacts: pd.DataFrame, account_id: str) -> Any:
    """Return the board of one account: set stance and weight of each person, meet a new one.

    Parameters
    ----------
    contacts : DataFrame
        ``account_id``, ``contact_id``, ``contact_name``, ``role``, ``weight`` and ``stance``; leave
        out who has left.
    account_id : str
        The account to look at.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Each of the six heaviest contacts has two controls, named by their
        id: ``stance_C0001`` and ``weight_C0001``. ``new_role``, ``new_stance`` and ``new_weight``
        add a person in a role that nobody holds yet.

    Raises
    ------
    ParameterError
        The account has no contact in the table, a weight is below 0 or a stance outside -1 to 1.
    TableError
        A column is missing, or an id or weight blank.
    """
    people = contacts[contacts["account_id"] == account_id].sort_values(
        ["weight", "contact_id"], ascending=[False, True], ignore_index=True
    )
    if people.empty:
        raise ParameterError("widgets_decision.nobody_there", account=account_id)
    today = unit_of(people)

    def draw(**values: Any) -> str:
        now = _set(people, account_id, values)
        sentence = html.escape(reading(today, unit_of(now), now))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        return spoken + _figures(now) + draw_unit(now, roles=ROLES).html()

    return what_if(_controls(people, today.uncovered), draw)


def _set(people: pd.DataFrame, account_id: str, values: Mapping[str, Any]) -> pd.DataFrame:
    """Return the contacts as the controls say."""
    now = people.copy()
    for i, name in enumerate(now["contact_id"]):
        if f"stance_{name}" in values:
            now.loc[i, "stance"] = _stance(values[f"stance_{name}"])
            now.loc[i, "weight"] = float(values[f"weight_{name}"])
    if values["new_role"] == _NOBODY:
        return now
    newcomer = {
        "account_id": account_id,
        "contact_id": _NEW,
        "contact_name": text("widgets_decision.newcomer"),
        "role": values["new_role"],
        "weight": float(values["new_weight"]),
        "stance": _stance(values["new_stance"]),
    }
    rows = [*now[list(newcomer)].to_dict("records"), newcomer]
    return pd.DataFrame(rows).astype({"weight": "float64", "stance": "float64"})


def _stance(value: object) -> float:
    return float("nan") if value == _UNKNOWN else float(str(value))


def _controls(people: pd.DataFrame, uncovered: Sequence[str]) -> dict[str, Any]:
    import ipywidgets

    shared: dict[str, Any] = {"style": {"description_width": "150px"}, "layout": {"width": _WIDE}}
    top = max(_TOP_WEIGHT, float(people["weight"].max()))
    steps = [(text("widgets_decision.unknown"), _UNKNOWN), *((_signed(one), one) for one in _STEPS)]

    def stance(key: str, value: float, words: str) -> dict[str, Any]:
        start = _UNKNOWN if pd.isna(value) else round(value, 1)
        return {
            key: ipywidgets.SelectionSlider(options=steps, value=start, description=words, **shared)
        }

    def weight(key: str, value: float, words: str) -> dict[str, Any]:
        return {
            key: ipywidgets.FloatSlider(
                value, min=0, max=top, step=0.5, readout_format=".1f", description=words, **shared
            )
        }

    controls: dict[str, Any] = {}
    for person in people.head(_MOST).to_dict("records"):
        name, code = str(person["contact_name"]), str(person["contact_id"])
        called: dict[str, Any] = {"name": name}
        controls |= stance(
            f"stance_{code}", person["stance"], text("widgets_decision.stance", **called)
        )
        controls |= weight(
            f"weight_{code}", person["weight"], text("widgets_decision.weight", **called)
        )
    roles = [(label("role", code), code) for code in uncovered]
    controls["new_role"] = ipywidgets.Dropdown(
        options=[(text("widgets_decision.nobody_new"), _NOBODY), *roles],
        value=_NOBODY, description=text("widgets_decision.meet"), **shared,
    )  # fmt: skip
    controls |= stance("new_stance", float("nan"), text("widgets_decision.new_stance"))
    controls |= weight("new_weight", min(_NEW_WEIGHT, top), text("widgets_decision.new_weight"))
    return controls


def reading(today: Unit, now: Unit, people: pd.DataFrame) -> str:
    """Return two sentences: what changed, and whom to see first.

    Parameters
    ----------
    today, now : Unit
        Before and after the controls were moved.
    people : DataFrame
        The contacts as set: ``contact_id``, ``contact_name``, ``role``, ``weight``, ``stance``.
    """
    moved = now.support - today.support
    key = "same"
    if pd.notna(moved) and abs(moved) >= _VISIBLE:
        key = "rises" if moved > 0 else "falls"
    elif pd.isna(moved) and (pd.notna(now.support) or pd.notna(today.support)):
        key = "other"
    first = text(
        f"widgets_decision.{key}",
        before=_signed(today.support), support=_signed(now.support),
        covered=count(now.covered), asked=count(now.asked),
    )  # fmt: skip
    return first + text("widgets_decision.space") + _advice(now, people)


def _advice(now: Unit, people: pd.DataFrame) -> str:
    """Say whom to see first: the decision maker we do not know, else whoever moves most."""
    names = people.set_index("contact_id")["contact_name"]
    if "decision_maker" in now.uncovered:
        friend = people.sort_values(["stance", "weight"], ascending=False, na_position="last").iloc[
            0
        ]
        if friend["stance"] > 0:
            return text("widgets_decision.introduce", name=friend["contact_name"])
        return text("widgets_decision.find")
    best = swings(people).iloc[0]
    facts = {"name": names[best["contact_id"]], "weight": f"{best['weight']:g}"}
    if pd.isna(best["swing"]):
        return text("widgets_decision.ask", **facts)
    key = "unclear" if pd.isna(best["stance"]) else "closer"
    return text(f"widgets_decision.{key}", swing=f"{best['swing']:.2f}", **facts)


def _figures(people: pd.DataFrame) -> str:
    """Return the persons as a small table, whoever moves most on top."""
    rows = swings(people).merge(people[["contact_id", "contact_name", "role"]], on="contact_id")
    names = ("person", "role", "weight_head", "stance_head", "swing")
    styles = (_NAME, _NAME, _CELL, _CELL, _CELL)
    head = "".join(
        f'<th scope="col" style="{style}">{html.escape(text(f"widgets_decision.{name}"))}</th>'
        for name, style in zip(names, styles, strict=True)
    )
    body = ""
    for row in rows.to_dict("records"):
        cells = (
            str(row["contact_name"]),
            label("role", row["role"]),
            f"{row['weight']:g}",
            text("widgets_decision.unknown") if pd.isna(row["stance"]) else _signed(row["stance"]),
            MISSING if pd.isna(row["swing"]) else f"{row['swing']:.2f}",
        )
        body += "<tr>" + "".join(
            f'<td style="{style}">{html.escape(cell)}</td>'
            for cell, style in zip(cells, styles, strict=True)
        )
        body += "</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _signed(value: float) -> str:
    """Return a number from -1 to 1 with its sign, as the chart writes it."""
    if pd.isna(value):
        return MISSING
    digits = f"{abs(value):.2f}".removesuffix("0")
    if float(digits) == 0:
        return "0"
    return f"{'−' if value < 0 else '+'}{digits}"
