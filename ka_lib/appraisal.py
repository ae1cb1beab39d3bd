"""Appraisal: the scorecard, the team's ranking and the ladder of promotion.

Prevents four slips: weights that do not sum to 1, a cap nobody agreed on, an NPS of -20 taken for
minus twenty points, and a part that was not measured counted as a zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS = {"sales": 0.40, "satisfaction": 0.25, "behaviour": 0.20, "teamwork": 0.15}
# Part -> the scorecard's column it comes from.
PARTS = {
    "sales": "attainment",
    "satisfaction": "nps",
    "behaviour": "behaviour",
    "teamwork": "teamwork",
}
FULL = 100
HIGHEST_LEVEL = 5
_RANGES = {"attainment", "nps"}  # the others go from 0 to 100
PERCENT_FROM = 10  # an attainment of 1,000 % is a percentage typed as a number
_SLACK = 1e-9  # room for 0.1 + 0.2


def score(
    scorecards: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    *,
    cap: float = 1.2,
    missing: Literal["renormalise", "zero", "refuse"] = "renormalise",
) -> pd.DataFrame:
    """Turn scorecards into points, part by part, and a total.

    Parameters
    ----------
    scorecards : DataFrame
        One row a rep and quarter: ``rep_id``, ``quarter``, ``attainment`` (of the sales target, a
        **fraction**: 0.95), ``nps`` (-100 to 100), ``behaviour`` and ``teamwork`` (0 to 100).
    weights : mapping, optional
        Of "sales", "satisfaction", "behaviour", "teamwork"; they sum to 1. Default: 0.40, 0.25,
        0.20, 0.15 (``WEIGHTS``).
    cap : float
        Attainment above it counts as just so much. Default 1.2: sales score 120 at most, and the
        total reaches 108. At 1.0 nobody gets more than 100.
    missing : {"renormalise", "zero", "refuse"}
        A part that was not measured: the other parts' weights are raised to sum to 1 (default),
        it counts as 0, or it is an error.

    Returns
    -------
    DataFrame
        One row a scorecard, by quarter and rep: ``rep_id``, ``quarter``; a ``..._score`` for each
        part (sales: 100 * min(attainment, cap); satisfaction: (nps + 100) / 2; the others as they
        are; missing where not measured), a ``..._points`` for each (score * weight in force),
        ``total`` (their sum) and ``missing_parts`` (names joined by ", "). With nothing measured
        the total is missing, not 0, unless ``missing="zero"``.

    Raises
    ------
    ParameterError
        The weights do not sum to 1, name other parts or are negative; the cap is not above 0; any
        other ``missing``; with ``"refuse"``, the first missing part.
    TableError
        A column is missing, a rep has a quarter twice, a figure is outside its range.
    """
    if missing not in {"renormalise", "zero", "refuse"}:
        raise ParameterError("appraisal.missing", given=missing)
    if not cap > 0:
        raise ParameterError("appraisal.cap", given=cap)
    by_part = _weights(WEIGHTS if weights is None else weights)
    cards = _cards(scorecards)
    scores = pd.DataFrame(
        {
            "sales": cards["attainment"].clip(upper=cap) * FULL,
            "satisfaction": (cards["nps"] + FULL) / 2,
            "behaviour": cards["behaviour"],
            "teamwork": cards["teamwork"],
        }
    )
    gone = scores.isna()
    if missing == "refuse" and gone.to_numpy().any():
        row = int(gone.any(axis="columns").idxmax())
        part = gone.columns[gone.loc[row]][0]
        raise ParameterError(
            "appraisal.part_missing",
            rep=cards.loc[row, "rep_id"],
            quarter=cards.loc[row, "quarter"],
            column=PARTS[str(part)],
        )
    in_force = (~gone).astype("float64") * by_part
    if missing == "renormalise":
        total_weight = in_force.sum(axis="columns")
        in_force = in_force.div(total_weight.where(total_weight > 0), axis="index")
    points = scores.fillna(0.0) * in_force
    table = cards[["rep_id", "quarter"]].join(scores.add_suffix("_score"))
    table = table.join(points.where(~gone).add_suffix("_points"))
    # To nine decimals: what the order of adding leaves behind must not break a tie.
    table["total"] = points.sum(axis="columns", skipna=False).round(9)
    table["missing_parts"] = [
        ", ".join(part for part in PARTS if gone.loc[i, part]) for i in table.index
    ]
    return table.sort_values(["quarter", "rep_id"], ignore_index=True)


def _weights(weights: Mapping[str, float]) -> pd.Series:
    if set(weights) != set(PARTS):
        raise ParameterError(
            "appraisal.parts", given=", ".join(weights) or "-", parts=", ".join(PARTS)
        )
    for part, weight in weights.items():
        if not weight >= 0:
            raise ParameterError("amounts.negative", name=f"weights[{part!r}]", given=weight)
    total = sum(weights.values())
    if abs(total - 1) > _SLACK:
        raise ParameterError("appraisal.weights", total=round(total, 6))
    return pd.Series({part: float(weights[part]) for part in PARTS})


def _cards(scorecards: pd.DataFrame) -> pd.DataFrame:
    keys, figures = ["rep_id", "quarter"], list(PARTS.values())
    cards = need(scorecards, "scorecards", keys)
    need(scorecards.head(0), "scorecards", figures)  # they may be blank, but must be there
    no_duplicates(cards, "scorecards", keys)
    cards = cards.join(scorecards[figures].reset_index(drop=True))
    # The NPS alone may be negative.
    check_columns(cards.assign(nps=cards["nps"].abs()), "scorecards", figures)
    for column in figures:
        highest = PERCENT_FROM if column == "attainment" else FULL
        over = cards.index[cards[column].abs() > highest]
        if len(over):
            key = f"appraisal.range_{column}" if column in _RANGES else "appraisal.range_points"
            found = cards.loc[over[0], column]
            problem = text(key, row=int(over[0]) + 1, column=column, found=found)
            raise TableError("tables.invalid", table="scorecards", problems=f"- {problem}")
    return cards.astype(dict.fromkeys(figures, "float64"))


def rank(
    table: pd.DataFrame, by: str = "total", ties: Literal["share", "dense"] = "share"
) -> pd.DataFrame:
    """Rank the team in each quarter.

    Parameters
    ----------
    table : DataFrame
        From `score`: ``quarter``, ``rep_id`` and the column to rank by.
    by : str
        Default: the total. Any ``..._points`` or ``..._score`` finds the best of one part.
    ties : {"share", "dense"}
        Equal totals (to two decimals) share a rank. After two firsts comes third (``"share"``,
        default, as in sport) or second (``"dense"``).

    Returns
    -------
    DataFrame
        ``table`` with ``rank`` in front, the best first, equal ones by ``rep_id``. Who has no
        figure stands last and has no rank.

    Raises
    ------
    ParameterError
        Any other ``ties``.
    TableError
        A column is missing, a rep has a quarter twice.
    """
    if ties not in {"share", "dense"}:
        raise ParameterError("appraisal.ties", given=ties)
    keys = need(table, "scores", ["quarter", "rep_id"])
    need(table.head(0), "scores", [by])
    no_duplicates(keys, "scores", ["quarter", "rep_id"])
    rows = table.reset_index(drop=True)
    method: Literal["min", "dense"] = "min" if ties == "share" else "dense"
    place = rows[by].round(2).groupby(rows["quarter"]).rank(method=method, ascending=False)
    rows.insert(0, "rank", place.astype("Int64"))
    return rows.sort_values(["quarter", "rank", "rep_id"], ignore_index=True)


def promotion(
    table: pd.DataFrame, reps: pd.DataFrame, limit: float = 90.0, quarters: int = 2
) -> pd.DataFrame:
    """Say who moves up the ladder: so many quarters in a row at or above a limit.

    Parameters
    ----------
    table : DataFrame
        From `score`: ``rep_id``, ``quarter`` (as "2025Q3"), ``total``.
    reps : DataFrame
        ``rep_id`` and ``level``: 1 junior KA rep, 2 senior KA rep, 3 KA manager, 4 regional KA
        director, 5 head of KA.
    limit : float
        Points. Default 90; a total exactly on it counts.
    quarters : int
        How many in a row, up to the latest quarter in the table. Default 2.

    Returns
    -------
    DataFrame
        One row a rep of ``reps``, by ``rep_id``: ``level``, ``quarters_in_row`` (at or above the
        limit, counted back from the latest quarter; a quarter below it, without a total or not
        there ends the row), ``promoted`` and ``next_level`` (the level from then on; the same
        for those who stay, and at level 5, above which there is none).

    Raises
    ------
    ParameterError
        ``quarters`` is not a whole number above 0; a quarter is not written as a quarter.
    TableError
        A column is missing or blank, a rep has a quarter twice, a level is not 1 to 5.
    """
    if not quarters >= 1 or quarters % 1:
        raise ParameterError("appraisal.quarters", given=quarters)
    rows = need(table, "scores", ["rep_id", "quarter"])
    need(table.head(0), "scores", ["total"])
    no_duplicates(rows, "scores", ["rep_id", "quarter"])
    people = need(reps, "reps", ["rep_id", "level"])
    no_duplicates(people, "reps", ["rep_id"])
    off = people.index[~people["level"].isin(range(1, HIGHEST_LEVEL + 1))]
    if len(off):
        problem = text("appraisal.level", row=int(off[0]) + 1, found=people.loc[off[0], "level"])
        raise TableError("tables.invalid", table="reps", problems=f"- {problem}")
    number = rows["quarter"].map(_quarter).astype("int64")
    good = number[(table["total"].round(2) >= limit).to_numpy()]
    at_or_above = good.groupby(rows["rep_id"]).agg(set).to_dict()
    latest = number.max() if len(number) else 0
    people["quarters_in_row"] = [
        _in_row(at_or_above.get(rep, set()), latest) for rep in people["rep_id"]
    ]
    people["level"] = people["level"].astype("int64")
    people["promoted"] = (people["quarters_in_row"] >= quarters) & (people["level"] < HIGHEST_LEVEL)
    people["next_level"] = people["level"] + people["promoted"]
    return people.sort_values("rep_id", ignore_index=True)


def _quarter(written: str) -> int:
    """Return a number for a quarter, one more for the next."""
    try:
        return pd.Period(str(written), freq="Q").ordinal
    except ValueError:
        raise ParameterError("appraisal.quarter", given=written) from None


def _in_row(good: set[int], latest: int) -> int:
    """Return how many quarters up to the latest are all good."""
    count = 0
    while latest - count in good:
        count += 1
    return count
