"""The ability board (W8): one's own ratings, typed in or looked at, as radar and learning plan."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import abilities
from ka_lib.charts import radar
from ka_lib.display import show
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.tables import ABILITIES
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from ka_lib.abilities import Phase, Rater

RATINGS = ("self_rating", "manager_rating", "target_rating")
_STEPS = [step / 2 for step in range(21)]  # 0 to 10 by halves
_MISSING = float("nan")
_BLANK = -1.0  # a dropdown shows nothing at all for None
_PLAN = ["rank", "ability", "gap", "weeks", "hours", "due_on", "action"]
_GRID = "minmax(7em, 13em) repeat(3, 92px)"


def ability_radar(ratings: pd.DataFrame, starts_on: str | pd.Timestamp = "2026-01-05") -> Any:
    """Return one rep's abilities to look at: before or after, by the rep or the manager.

    Parameters
    ----------
    ratings : DataFrame
        One rep of ``ability_ratings``, with one phase or both.
    starts_on : date
        The first day of the learning plan.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``phase``, ``by`` (whose rating makes the gap) and
        ``top`` (how many abilities at a time).

    Raises
    ------
    ParameterError
        The table holds several reps, or none.
    TableError
        As `ka_lib.abilities.gap`.
    """
    import ipywidgets

    people = set(ratings["rep_id"])
    if len(people) != 1:
        raise ParameterError("widgets_growth.one_rep", count=len(people))
    phases = [phase for phase in abilities.PHASES if (ratings["phase"] == phase).any()]
    controls = {
        "phase": _choice(ipywidgets, "phase", phases),
        "by": _choice(ipywidgets, "by", list(abilities.RATERS)),
        "top": ipywidgets.IntSlider(3, 1, 7, description=text("widgets_growth.top")),
    }

    def draw(*, phase: Phase, by: Rater, top: int) -> str:
        return result(ratings, starts_on, by, phase, top)

    return what_if(controls, draw)


def _choice(ipywidgets: Any, name: str, codes: list[str]) -> Any:
    return ipywidgets.ToggleButtons(
        options=[(text(f"widgets_growth.{name}_{code}"), code) for code in codes],
        style={"button_width": "90px"},
    )


def ability_form(
    ratings: pd.DataFrame | None = None, starts_on: str | pd.Timestamp = "2026-01-05"
) -> Any:
    """Return a form for one's own ratings, with radar and learning plan beside it.

    Parameters
    ----------
    ratings : DataFrame, optional
        One rep and one phase of ``ability_ratings`` to start from. Default: own ratings 5,
        targets 7, the manager's blank, all abilities of equal weight.
    starts_on : date
        The first day of the learning plan.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. ``form.ratings()`` returns what stands in it as a table of
        ``ability_ratings`` (phase "before"), ``form.plan()`` the learning plan: both can be
        exported.

    Raises
    ------
    ParameterError
        ``ratings`` is not one rep's seven abilities of one phase.
    """
    import ipywidgets

    start = _start(ratings)
    controls = {
        f"{ability}_{name}": ipywidgets.Dropdown(
            options=[("—", _BLANK), *((f"{step:g}", step) for step in _STEPS)],
            value=_BLANK if pd.isna(start.loc[ability, name]) else float(start.loc[ability, name]),
            layout={"width": "84px"},
        )
        for ability in ABILITIES
        for name in RATINGS
    }

    def table(values: dict[str, Any]) -> pd.DataFrame:
        filled = [
            {name: _number(values[f"{ability}_{name}"]) for name in RATINGS}
            for ability in ABILITIES
        ]
        facts = {"rep_id": "ME", "ability": ABILITIES, "phase": "before"}
        return pd.DataFrame(filled).assign(**facts, weight=start["weight"].to_numpy())

    def now() -> pd.DataFrame:
        return table({name: control.value for name, control in board.controls.items()})

    def draw(**values: Any) -> str:
        return result(table(values), starts_on)

    board = what_if(controls, draw)
    heads = ["", *(text(f"charts_self.{name}_short") for name in RATINGS)]
    cells = [ipywidgets.HTML(f"<b>{html.escape(one)}</b>") for one in heads]
    for ability in ABILITIES:
        cells.append(ipywidgets.HTML(html.escape(label("ability", ability))))
        cells += [controls[f"{ability}_{name}"] for name in RATINGS]
    grid = ipywidgets.GridBox(cells, layout={"grid_template_columns": _GRID})
    board.children = [grid, board.reset, board.result]
    board.ratings = now
    board.plan = lambda: abilities.learning_plan(_ready(now()), starts_on)
    return board


def _number(value: float) -> float:
    return _MISSING if value == _BLANK else float(value)


def _start(ratings: pd.DataFrame | None) -> pd.DataFrame:
    """Return what the form starts with, by ability."""
    if ratings is None:
        values = {"self_rating": 5.0, "manager_rating": _MISSING, "target_rating": 7.0}
        return pd.DataFrame({**values, "weight": 1 / len(ABILITIES)}, index=list(ABILITIES))
    if sorted(ratings["ability"]) != sorted(ABILITIES):
        raise ParameterError("widgets_growth.one_each", count=len(ratings))
    return ratings.set_index("ability").loc[list(ABILITIES), [*RATINGS, "weight"]]


def _ready(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the abilities that have a target: without one there is no gap."""
    return ratings.dropna(subset=["target_rating"])


def result(
    ratings: pd.DataFrame,
    starts_on: str | pd.Timestamp,
    by: Rater = "self",
    phase: Phase = "before",
    top: int = 3,
) -> str:
    """Return sentence, radar and learning plan as HTML."""
    mine = ratings[ratings["phase"] == phase]
    plan = abilities.learning_plan(_ready(mine), starts_on, by, phase, top=top)
    sentence = html.escape(reading(_ready(mine), plan, phase))
    spoken = f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
    picture = radar(mine, text("widgets_growth.radar_title")).html()
    table = show(plan[_PLAN])._repr_html_() if len(plan) else ""
    return spoken + picture + table


def reading(ratings: pd.DataFrame, plan: pd.DataFrame, phase: Phase = "before") -> str:
    """Return one sentence: what to learn first, and where the two ratings differ most."""
    if plan.empty:
        return text("widgets_growth.no_gap")
    first = plan.iloc[0]
    facts: dict[str, Any] = {
        "ability": label("ability", str(first["ability"])),
        "gap": f"{first['gap']:g}",
        "weeks": f"{first['weeks']:g}",
    }
    said = text("widgets_growth.first", **facts)
    apart = abilities.difference(ratings, phase).dropna()
    if len(apart) and apart["difference"].iloc[0]:
        widest = apart.iloc[0]
        key = "higher" if widest["difference"] > 0 else "lower"
        said += text("widgets_pareto.space") + text(
            f"widgets_growth.{key}",
            ability=label("ability", str(widest["ability"])),
            points=f"{abs(widest['difference']):g}",
        )
    return said
