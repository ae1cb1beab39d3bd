"""The scorecard to try things on (WC): move a part, see the points, and what one more would take."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.appraisal import PARTS, WEIGHTS, score
from ka_lib.charts import scorecard
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_CAP = 10.0
CAPS = {"1": 1.0, "1.2": 1.2, "1.5": 1.5, "none": NO_CAP}
RULES = ("renormalise", "zero")
# What one unit of a part's own measure brings in score.
_A_UNIT = {"sales": 100.0, "satisfaction": 0.5, "behaviour": 1.0, "teamwork": 1.0}
_HIGHEST = 100.0  # of an NPS, and of the two parts in points
_WHOLE = 1 - 1e-9
_CELL = "text-align: right; padding: 0.1em 0 0.1em 1.5em"


def one_more(
    card: Mapping[str, Any] | pd.Series, cap: float = 1.2, missing: str = "renormalise"
) -> pd.DataFrame:
    """Work out the points of a scorecard, part by part, and what one more point of each takes.

    Parameters
    ----------
    card : mapping
        ``attainment`` (fraction), ``nps`` (-100 to 100), ``behaviour`` and ``teamwork`` (0 to 100);
        missing where not measured.
    cap, missing
        As in `ka_lib.appraisal.score`.

    Returns
    -------
    DataFrame
        One row a part, in their order: ``part``, ``score``, ``weight`` (in force, a fraction),
        ``points``, ``needed`` (how much the part's own measure must rise for one point more in the
        total, attainment as a fraction: 1 / weight / score of one unit) and ``room`` (points that
        the part can still bring, up to the cap or the scale's end; below 1 there is no whole point
        to be had). Missing where nothing was measured.

    Raises
    ------
    ParameterError, TableError
        As `ka_lib.appraisal.score`.

    Examples
    --------
    >>> card = {"attainment": 1.0, "nps": 20, "behaviour": 80, "teamwork": 80}
    >>> one_more(card)["needed"].round(3).tolist()
    [0.025, 8.0, 5.0, 6.667]
    """
    lacking = [column for column in PARTS.values() if column not in card]
    if lacking:
        raise ParameterError("widgets_score.column", column=lacking[0])
    row = {"rep_id": "-", "quarter": "-", **{column: card[column] for column in PARTS.values()}}
    table = pd.DataFrame([row]).astype(dict.fromkeys(PARTS.values(), "float64"))
    got = score(table, cap=cap, missing=missing).iloc[0]  # type: ignore[arg-type]
    measured = [part for part in PARTS if pd.notna(got[f"{part}_score"])]
    whole = sum(WEIGHTS[part] for part in measured) if missing == "renormalise" else 1.0
    rows = []
    for part, column in PARTS.items():
        here = part in measured
        weight = WEIGHTS[part] / whole if here else math.nan
        needed = 1 / weight / _A_UNIT[part] if here else math.nan
        top = cap if part == "sales" else _HIGHEST
        room = max(top - table[column][0], 0.0) / needed if here else math.nan
        rows.append(
            {
                "part": part,
                "score": got[f"{part}_score"],
                "weight": weight,
                "points": got[f"{part}_points"],
                "needed": needed,
                "room": room,
            }
        )
    return pd.DataFrame(rows)


def score_board(card: pd.Series, limit: float = 90.0) -> Any:
    """Return the board: sliders for the four parts, the cap and the rule for a missing part.

    Parameters
    ----------
    card : Series
        One row of ``scorecards``: where the sliders start.
    limit : float
        The total that counts towards promotion.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``attainment``, ``nps``, ``behaviour``, ``teamwork``,
        ``absent`` (a part taken as not measured), ``cap`` and ``missing``. The weights are fixed.

    Raises
    ------
    ParameterError, TableError
        As for `one_more`.
    """
    one_more(card)  # refuses what is no scorecard before anything is drawn

    def draw(*, absent: str, cap: str, missing: str, **figures: float) -> str:
        now: dict[str, Any] = {"rep_id": "-", "quarter": "-", **figures}
        now["attainment"] = figures["attainment"] / 100
        if absent:
            now[PARTS[absent]] = math.nan
        table = pd.DataFrame([now]).astype(dict.fromkeys(PARTS.values(), "float64"))
        row = score(table, cap=CAPS[cap], missing=missing).iloc[0]  # type: ignore[arg-type]
        parts = one_more(now, CAPS[cap], missing)
        said = html.escape(reading(float(row["total"]), parts, limit))
        spoken = f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{said}</b></p>'
        title = text("widgets_score.title", total=f"{row['total']:.2f}")
        return spoken + _figures(parts) + scorecard(row, title=title).html()

    return what_if(_controls(card), draw)


def reading(total: float, parts: pd.DataFrame, limit: float) -> str:
    """Return one sentence: the total, how far it is from the limit, and the shortest way there."""
    gap = limit - round(total, 2)
    facts: dict[str, Any] = {
        "total": f"{total:.2f}",
        "limit": f"{limit:g}",
        "gap": f"{abs(gap):.2f}",
    }
    if gap <= 0:
        return text("widgets_score.reached", **facts)
    # What the order of adding leaves behind must not close a way.
    enough = parts[parts["room"] >= gap - 1e-9]
    if enough.empty:
        return text("widgets_score.no_way_alone", **facts)
    ways = [
        text("widgets_score.way", part=label("part", part), rise=_way(part, needed * gap))
        for part, needed in zip(enough["part"], enough["needed"], strict=True)
    ]
    return text("widgets_score.short", **facts, ways=text("widgets_score.or").join(ways))


def _way(part: str, rise: float) -> str:
    # Rounded up: a little less would not reach it.
    if part == "sales":
        return text("widgets_score.rise_sales", rise=f"{math.ceil(rise * 1000 - 1e-6) / 10:.1f}")
    key = "rise_nps" if part == "satisfaction" else "rise_points"
    return text(f"widgets_score.{key}", rise=f"{math.ceil(rise * 10 - 1e-6) / 10:.1f}")


def _controls(card: pd.Series) -> dict[str, Any]:
    import ipywidgets

    wide: dict[str, Any] = {"style": {"description_width": "130px"}, "layout": {"width": "430px"}}

    def slider(name: str, low: int, high: int, start: float) -> Any:
        value = 0 if pd.isna(start) else round(start)
        words = text(f"widgets_score.{name}")
        return ipywidgets.IntSlider(value, min=low, max=high, description=words, **wide)

    def choice(name: str, codes: list[str], start: str) -> Any:
        options = [(text(f"widgets_score.{name}_{code or 'none'}"), code) for code in codes]
        words = text(f"widgets_score.{name}")
        return ipywidgets.Dropdown(options=options, value=start, description=words, **wide)

    gone = [part for part, column in PARTS.items() if pd.isna(card[column])]
    return {
        "attainment": slider("attainment", 0, 160, float(card["attainment"]) * 100),
        "nps": slider("nps", -100, 100, card["nps"]),
        "behaviour": slider("behaviour", 0, 100, card["behaviour"]),
        "teamwork": slider("teamwork", 0, 100, card["teamwork"]),
        "absent": choice("absent", ["", *PARTS], gone[0] if gone else ""),
        "cap": choice("cap", list(CAPS), "1.2"),
        "missing": choice("missing", list(RULES), "renormalise"),
    }


def _needed(row: pd.Series) -> str:
    """Say what one more point takes, or how little is left to gain."""
    if row["room"] >= _WHOLE:
        return _way(row["part"], row["needed"])
    left = f"{row['room']:.2f}"
    return text("widgets_score.full") if left == "0.00" else text("widgets_score.nearly", left=left)


def _figures(parts: pd.DataFrame) -> str:
    names = ("score", "weight", "points", "needed")
    head = "".join(
        f'<th scope="col" style="{_CELL}">{html.escape(text(f"widgets_score.head_{name}"))}</th>'
        for name in names
    )
    body = ""
    for _, row in parts.iterrows():
        measured = pd.notna(row["score"])
        cells = (
            f"{row['score']:.1f}" if measured else MISSING,
            percent(row["weight"], digits=1) if measured else MISSING,
            f"{row['points']:.2f}" if measured else MISSING,
            _needed(row) if measured else MISSING,
        )
        body += f'<tr><th scope="row" style="text-align: left; font-weight: normal">{html.escape(label("part", row["part"]))}</th>'
        body += "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells) + "</tr>"
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
