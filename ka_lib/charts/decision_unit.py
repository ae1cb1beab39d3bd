"""Who decides at the customer: role by role, for us or against us, with how much weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import fonts, profile
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, MARGIN, RED, SKY, Chart, canvas, need, note
from ka_lib.charts.parts import HATCH, account_names, bare, listed, shorten
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_ROW = 0.42  # inches a person
_UNKNOWN = 1.3  # beside the scale from -1 to 1
_ON_A_SIDE = 0.3  # from here on somebody is for us, below its negative against us
_DOT = (40.0, 330.0)  # square points, from no weight to the most


@dataclass(frozen=True)
class _Row:
    """One line of the map: a person in a role, or a role that nobody holds."""

    role: str
    name: str = ""
    weight: float = 0.0
    stance: float = float("nan")

    @property
    def words(self) -> str:
        if not self.name:
            return text("charts_people.uncovered")
        facts: dict[str, Any] = {"name": self.name, "weight": f"{self.weight:g}"}
        if pd.isna(self.stance):
            return text("charts_people.said_unknown", **facts)
        stance = f"{self.stance:+g}" if self.stance else "0"
        return text("charts_people.said", stance=stance, **facts)


def decision_unit(
    contacts: pd.DataFrame,
    title: str | None = None,
    roles: Sequence[str] = profile.ROLES,
    most: int = 20,
) -> Chart:
    """Draw the decision-making unit of one account.

    Parameters
    ----------
    contacts : DataFrame
        The contacts of **one** account, as for `ka_lib.profile.decision_unit`: ``account_id``,
        ``contact_id``, ``role``, ``weight``, ``stance`` (-1 to 1), and ``contact_name`` if known.
        Leave out who has left.
    title : str, optional
        Default: weighted support and how many roles are covered.
    roles : sequence of str
        The roles that should be covered; one that nobody holds is an empty, dashed row.
    most : int
        How many persons to draw, those with the most weight.

    Returns
    -------
    Chart
        A row a person: at the left against us (hatched), at the right for us; the larger the dot
        the more weight, which is written too. A stance nobody knows stands apart, hollow.

    Raises
    ------
    ParameterError
        The table is not one of contacts, or holds more than one account.
    """
    columns = ("account_id", "contact_id", "role", "weight", "stance")
    need(contacts, columns, 'contacts[contacts["account_id"] == "A001"]')
    accounts = contacts["account_id"].unique()
    if len(accounts) > 1:
        raise ParameterError("charts_people.accounts", count=len(accounts), first=accounts[0])
    unit = profile.decision_unit(contacts, roles=roles).iloc[0]
    heading = title
    if heading is None:
        heading = text(
            "charts_people.unit_title",
            support=MISSING if pd.isna(unit["support"]) else f"{unit['support']:+.2f}",
            covered=count(unit["roles_covered"]),
            asked=count(unit["roles_asked"]),
        )
    rows = _rows(contacts, roles, most)
    heaviest = max(row.weight for row in rows) or 1.0
    with fonts.style():
        figure, axes = canvas(_ROW * (len(rows) + 0.9), heading, sides=(0.2, 0.985), below=0.45)
        bare(axes)
        axes.set_xlim(-1.12, 2.6)
        axes.set_ylim(len(rows) - 0.5, -1.4)
        for x, key in ((-1, "against"), (0, "neutral"), (1, "for"), (_UNKNOWN, "unknown")):
            align = "left" if key == "unknown" else "center"
            words = text(f"charts_people.{key}")
            axes.text(x, -1.05, words, ha=align, va="center", size=9.5, color=GREY)
            if key != "unknown":
                axes.plot([x, x], [-0.6, len(rows) - 0.5], color=LIGHT, linewidth=0.9, zorder=0)
        for i, row in enumerate(rows):
            if i == 0 or rows[i - 1].role != row.role:
                _name_role(axes, i, row)
            if row.name:
                _person(axes, i, row, heaviest)
        remarks = [text("charts_people.single")] if unit["single_contact"] else []
        if len(contacts) > most:
            remarks.append(text("charts.left_out", count=count(len(contacts) - most)).strip())
        note(figure, "  ".join([*remarks, text("charts_people.unit_key")]))
    people = listed((row.role, row.words) for row in rows)
    return Chart(figure, text("charts_people.unit_alt", title=heading, people=people))


def _rows(contacts: pd.DataFrame, roles: Sequence[str], most: int) -> list[_Row]:
    """Return the persons role by role, the heaviest first, and the roles without one."""
    table = contacts.rename(columns={"contact_id": "id", "contact_name": "name"})
    names = {"account_id": table["id"], "account_name": table.get("name")}
    table = table.assign(name=account_names(pd.DataFrame(names)))
    table = table.sort_values(["weight", "id"], ascending=[False, True], kind="stable")
    others = sorted(set(table["role"].dropna()) - set(roles))
    rows = []
    shown = table.head(most)
    for role in [*dict.fromkeys(roles), *others, None]:
        called = text("charts_people.no_role") if role is None else label("role", role)
        there = table["role"].isna() if role is None else table["role"] == role
        people = shown[there.loc[shown.index]]
        rows += [
            _Row(called, name, float(weight), float(stance))
            for name, weight, stance in zip(
                people["name"], people["weight"], people["stance"], strict=True
            )
        ]
        if role in roles and not there.any():
            rows.append(_Row(called))
    return rows


def _name_role(axes: Axes, at: int, row: _Row) -> None:
    """Name a role at the left of its first row; one without a person gets a dashed frame."""
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(axes.get_figure().transFigure, axes.transData)  # type: ignore[union-attr]
    role = shorten(row.role, 18)
    axes.text(MARGIN, at, role, transform=across, va="center", color=INK, weight="bold")
    if at:
        axes.axhline(at - 0.5, color=LIGHT, linewidth=0.8)
    if not row.name:
        frame: dict[str, Any] = {
            "facecolor": "white",
            "edgecolor": RED,
            "linestyle": "--",
            "zorder": 1,
        }
        axes.add_patch(Rectangle((-1.06, at - 0.36), 2.12, 0.72, **frame))
        axes.text(0, at, row.words, ha="center", va="center", color=INK, size=10)


def _person(axes: Axes, at: int, row: _Row, heaviest: float) -> None:
    """Draw a person as a dot, the name on the side that has room."""
    known = row.stance == row.stance
    against = known and row.stance <= -_ON_A_SIDE
    size = _DOT[0] + (_DOT[1] - _DOT[0]) * row.weight / heaviest
    colour = "white" if not known else RED if against else BLUE if row.stance >= _ON_A_SIDE else SKY
    axes.scatter(
        [row.stance if known else _UNKNOWN], [at], s=size, facecolor=colour,
        edgecolor="white" if against else INK, hatch=HATCH if against else None, zorder=2,
    )  # fmt: skip
    left = known and row.stance > 0
    gap = 5 + size**0.5 / 2
    words = text("charts_people.person", name=shorten(row.name, 20), weight=f"{row.weight:g}")
    axes.annotate(
        words, (row.stance if known else _UNKNOWN, at), xytext=(-gap if left else gap, 0),
        textcoords="offset points", ha="right" if left else "left", va="center", size=10,
        color=INK,
    )  # fmt: skip
