"""Ability gaps: what to work on first, whom the ratings disagree about, what practice changed.

Prevents the sign slip (rating minus target) and the list sorted by gap alone, in which an ability
that hardly counts for the job stands above one that decides it.
"""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text
from ka_lib.tables import ABILITIES
from ka_lib.targets import split

Rater = Literal["self", "manager"]
Phase = Literal["before", "after"]

RATERS = ("self", "manager")
PHASES = ("before", "after")
HIGHEST = 10
KEYS = ["rep_id", "ability", "phase"]


def gap(
    ratings: pd.DataFrame,
    by: Rater = "self",
    phase: Phase = "before",
    top: int | None = None,
) -> pd.DataFrame:
    """Rank each rep's abilities by weighted gap.

    Parameters
    ----------
    ratings : DataFrame
        One row a rep, ability and phase: ``rep_id``, ``ability``, ``phase``, ``weight`` (how much
        the ability counts for the job), ``self_rating``, ``manager_rating`` and
        ``target_rating``, the three from 0 to 10.
    by : {"self", "manager"}
        Whose rating counts. Default: one's own.
    phase : {"before", "after"}
        Before or after the course. Default: before.
    top : int, optional
        Keep only so many abilities of each rep. Default: all.

    Returns
    -------
    DataFrame
        One row a rep and ability: ``rep_id``, ``ability``, ``weight``, ``rating``,
        ``target_rating``, ``gap`` (**target - rating**: positive means work to do, negative that
        the target is passed), ``weighted_gap`` (gap * weight) and ``rank`` within the rep, 1 is
        the first to work on; equal ones in the standing order of the seven abilities. An ability
        that was not rated has no gap, stands last and has no rank: it is not a 0.

    Raises
    ------
    ParameterError
        Any other ``by`` or ``phase``; a ``top`` below 1.
    TableError
        A column is missing or blank (ratings may be blank), an ability is unknown or stands
        twice, a rating is not from 0 to 10.
    """
    _one_of("by", by, RATERS)
    _one_of("phase", phase, PHASES)
    if top is not None and not top >= 1:
        raise ParameterError("abilities.top", given=top)
    rows = _ratings(ratings)
    rows = rows[rows["phase"] == phase]
    rows = rows.assign(rating=rows[f"{by}_rating"])
    rows["gap"] = rows["target_rating"] - rows["rating"]
    # Rounded: 0.1 * 3 and 0.3 * 1 are one gap.
    rows["weighted_gap"] = (rows["gap"] * rows["weight"]).round(9)
    order = ["rep_id", "weighted_gap", "place"]
    rows = rows.sort_values(order, ascending=[True, False, True], ignore_index=True)
    place = rows.groupby("rep_id").cumcount() + 1
    rows["rank"] = place.where(rows["gap"].notna()).astype("Int64")
    if top is not None:
        rows = rows[place <= top].reset_index(drop=True)
    columns = ["rep_id", "ability", "weight", "rating", "target_rating", "gap", "weighted_gap"]
    return rows[[*columns, "rank"]]


def difference(ratings: pd.DataFrame, phase: Phase = "before") -> pd.DataFrame:
    """Set a rep's own rating beside the manager's.

    Parameters
    ----------
    ratings, phase
        As in `gap`.

    Returns
    -------
    DataFrame
        One row a rep and ability, the largest disagreement first: ``rep_id``, ``ability``,
        ``self_rating``, ``manager_rating`` and ``difference`` (self - manager: positive means the
        rep sees more than the manager does). Missing where one of them is.
    """
    _one_of("phase", phase, PHASES)
    rows = _ratings(ratings)
    rows = rows[rows["phase"] == phase]
    rows = rows.assign(difference=(rows["self_rating"] - rows["manager_rating"]).round(9))
    rows["size"] = rows["difference"].abs()
    order = ["rep_id", "size", "place"]
    rows = rows.sort_values(order, ascending=[True, False, True], ignore_index=True)
    return rows[["rep_id", "ability", "self_rating", "manager_rating", "difference"]]


def progress(ratings: pd.DataFrame, by: Rater = "self") -> pd.DataFrame:
    """Compare each ability before and after.

    Parameters
    ----------
    ratings, by
        As in `gap`.

    Returns
    -------
    DataFrame
        One row a rep and ability, in the standing order: ``rep_id``, ``ability``,
        ``rating_before``, ``rating_after``, ``change`` (after - before), ``gap_before`` and
        ``gap_after``, each to the target of its own phase. Missing where a rating is: an ability
        rated once has not changed by its whole rating.
    """
    _one_of("by", by, RATERS)
    rows = _ratings(ratings)
    rows = rows.assign(rating=rows[f"{by}_rating"])
    rows["gap"] = rows["target_rating"] - rows["rating"]
    sides = [
        rows.loc[rows["phase"] == phase, ["rep_id", "ability", "place", "rating", "gap"]]
        for phase in PHASES
    ]
    keys = ["rep_id", "ability", "place"]
    table = sides[0].merge(sides[1], on=keys, how="outer", suffixes=("_before", "_after"))
    table["change"] = (table["rating_after"] - table["rating_before"]).round(9)
    table = table.sort_values(["rep_id", "place"], ignore_index=True)
    columns = ["rating_before", "rating_after", "change", "gap_before", "gap_after"]
    return table[["rep_id", "ability", *columns]]


def learning_plan(  # noqa: PLR0913 - whose ratings, and the four numbers of the plan
    ratings: pd.DataFrame,
    starts_on: str | pd.Timestamp,
    by: Rater = "self",
    phase: Phase = "before",
    *,
    top: int = 3,
    weeks: int = 12,
    hours_a_week: float = 3.0,
) -> pd.DataFrame:
    """Turn the largest weighted gaps into blocks of practice, one ability at a time.

    Parameters
    ----------
    ratings, by, phase
        As in `gap`.
    starts_on : date
        The first day.
    top : int
        How many abilities a rep works on, those with the largest weighted gap. Default 3. One
        whose target is reached, or that was not rated, is never among them.
    weeks : int
        Length of the whole plan. Each ability gets one week, and the weeks left over go by
        weighted gap (largest remainder), so that the weeks add up exactly. Default 12.
    hours_a_week : float
        Hours of practice in a week. Default 3.

    Returns
    -------
    DataFrame
        One row a rep and ability, in the order of learning: ``rep_id``, ``rank``, ``ability``,
        ``rating``, ``target_rating``, ``gap``, ``weeks``, ``hours`` (weeks * hours_a_week),
        ``starts_on``, ``due_on`` (the last day of its weeks), ``action`` (what to practise) and
        ``measure`` (how to see that it worked), both in the reader's language: a start, to be
        rewritten in one's own words. Ready for `ka_lib.export.calendar`.

    Raises
    ------
    ParameterError, TableError
        As `gap`; fewer weeks than abilities, or hours that are not above 0.

    Notes
    -----
    One ability after the other, with a drill, a coach and a measure, follows Ericsson, Krampe &
    Tesch-Roemer (1993), "The role of deliberate practice", Psychological Review 100(3). How much
    of a difference between people practice explains is disputed (Macnamara et al. 2014).
    """
    if not weeks >= top or weeks % 1:
        raise ParameterError("abilities.weeks", given=weeks, top=top)
    if not hours_a_week > 0:
        raise ParameterError("abilities.hours", given=hours_a_week)
    rows = gap(ratings, by, phase, top)
    rows = rows[(rows["gap"] > 0) & (rows["weighted_gap"] > 0)].reset_index(drop=True)
    rows["weeks"] = 1
    for _, mine in rows.groupby("rep_id"):
        rows.loc[mine.index, "weeks"] += split(int(weeks) - len(mine), mine["weighted_gap"])
    rows["hours"] = rows["weeks"] * float(hours_a_week)
    after = rows.groupby("rep_id")["weeks"].cumsum() if len(rows) else rows["weeks"]
    first = pd.Timestamp(starts_on).normalize()
    rows["starts_on"] = first + pd.to_timedelta((after - rows["weeks"]) * 7, unit="D")
    rows["due_on"] = first + pd.to_timedelta(after * 7 - 1, unit="D")
    for name in ("action", "measure"):
        rows[name] = [text(f"abilities.{name}_{ability}") for ability in rows["ability"]]
    columns = ["rep_id", "rank", "ability", "rating", "target_rating", "gap", "weeks", "hours"]
    return rows[[*columns, "starts_on", "due_on", "action", "measure"]]


def _ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the checked ratings with ``place``: the ability's place in the standing order."""
    given = ["self_rating", "manager_rating"]
    rows = need(ratings, "ability_ratings", [*KEYS, "weight", "target_rating"])
    need(ratings.head(0), "ability_ratings", given)  # they may be blank, but must be there
    rows = rows.join(ratings[given].reset_index(drop=True).astype("float64"))
    no_duplicates(rows, "ability_ratings", KEYS)
    check_columns(rows, "ability_ratings", ["weight", "target_rating", *given])
    for column, codes in (("ability", ABILITIES), ("phase", PHASES)):
        _all(rows[column].isin(codes), rows[column], "tables.code", codes=", ".join(codes))
    for column in ("target_rating", *given):
        _all(~(rows[column] > HIGHEST), rows[column], "abilities.highest", highest=HIGHEST)
    return rows.assign(place=rows["ability"].map(ABILITIES.index))


def _all(good: pd.Series, column: pd.Series, key: str, **facts: Any) -> None:
    """Raise at the first row that is not good."""
    if good.all():
        return
    row = int(good.index[~good][0])
    problem = text(key, row=row + 1, column=column.name, found=column.iloc[row], **facts)
    raise TableError("tables.invalid", table="ability_ratings", problems=f"- {problem}")


def _one_of(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ParameterError("abilities.choice", name=name, given=given, choices=", ".join(choices))
