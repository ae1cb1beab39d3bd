"""What a review looks at: whose deals, on which day, and what they are compared with.

Prevents a comparison of unlike things: this year to November with the whole of last year, a deal
that was signed after the day looked at, or an export that only begins in the middle of last year.
"""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.language import text

if TYPE_CHECKING:
    import datetime as dt

    from ka_lib.company import Company

YOUNG_YEAR = 90  # days; before that the last twelve months say more than the year so far
SETTLING = 31  # days by which the data may begin late and still count as a whole period
_NAMED = 5


@dataclass(frozen=True)
class Period:
    """The days from ``start`` to ``end``, the last one included."""

    start: pd.Timestamp
    end: pd.Timestamp

    def holds(self, days: pd.Series) -> pd.Series:
        """Say which days lie in the period."""
        return (days >= self.start) & (days <= self.end)

    @property
    def after(self) -> pd.Timestamp:
        """Return the first day after the period, for half-open periods."""
        return self.end + pd.Timedelta(days=1)

    def year_before(self) -> Period:
        """Return the same days of last year; a period up to the end of February stays one."""
        year = pd.DateOffset(years=1)
        return Period(self.start - year, self.after - year - pd.Timedelta(days=1))


@dataclass(frozen=True)
class Scope:
    """The deals of a review and its two periods.

    Parameters
    ----------
    team : Company
        Everybody's deals as they stood on ``now.end``.
    company : Company
        The same, of one owner when there is one.
    owner : str
        The owner's name; empty for the whole team.
    now : Period
        The year up to the day of the review, or the last twelve months early in a year.
    before : Period
        The same days a year earlier.
    first : Timestamp
        The day the earliest deal was created.
    full_year : bool
        The data is about the calendar year so far.
    """

    team: Company
    company: Company
    owner: str
    now: Period
    before: Period
    first: pd.Timestamp
    full_year: bool

    @property
    def as_of(self) -> pd.Timestamp:
        """Return the day of the review."""
        return self.now.end

    @property
    def has_history(self) -> bool:
        """Say whether the stages that deals went through are known."""
        return self.company.has("stage_history")

    @property
    def compares_created(self) -> bool:
        """Say whether the deals created in both periods are all there."""
        return self.first <= self.before.start + pd.Timedelta(days=SETTLING)

    @property
    def compares_closed(self) -> bool:
        """Say whether the deals closed in both periods are all there.

        An export of "everything created since January of last year" lacks the deals that were
        carried over into last year, and would make this year look better than it is.
        """
        deals = self.team.opportunities
        days = (deals["closed_on"] - deals["created_on"])[deals["status"] == "won"].dt.days
        carried = 0 if days.dropna().empty else days.median()
        return self.first <= self.before.start - pd.Timedelta(days=carried)


def scope(company: Company, owner: str = "", as_of: str | dt.date | None = None) -> Scope:
    """Choose the deals and the periods of a review.

    Parameters
    ----------
    company : Company
        From `ka_lib.load` or an import.
    owner : str
        A rep's name as the data writes it; upper and lower case do not matter. Empty: everybody.
    as_of : date, optional
        The day of the review. Default: ``company.as_of``. What happened later is not known yet.

    Raises
    ------
    ParameterError
        There are no deals, the date cannot be read or lies before the first deal, the owner is
        not in the data (the nearest names are given), or the data has no owners.
    """
    day = read_day(as_of) if as_of else company.as_of
    created = company.opportunities["created_on"].dropna()
    if created.empty:
        raise ParameterError("review.no_deals")
    if day < created.min():
        raise ParameterError("review.before_data", day=day.date(), first=created.min().date())
    team = as_it_stood(company, day)
    own = _of(team, find_owner(company, owner)) if owner else team
    start = pd.Timestamp(year=day.year, month=1, day=1)
    full_year = (day - start).days >= YOUNG_YEAR
    if not full_year:
        start = day + pd.Timedelta(days=1) - pd.DateOffset(years=1)
    now = Period(start, day)
    name = "" if not owner else own.reps["rep_name"].iloc[0]
    return Scope(team, own, name, now, now.year_before(), created.min(), full_year)


def read_day(given: str | dt.date) -> pd.Timestamp:
    """Return a day written as 2025-11-30.

    Raises
    ------
    ParameterError
        It is not a date of that form.
    """
    try:
        day = (
            pd.to_datetime(given, format="%Y-%m-%d")
            if isinstance(given, str)
            else pd.Timestamp(given)
        )
    except (ValueError, TypeError) as error:
        raise ParameterError("review.bad_day", given=given) from error
    return day.normalize()


def as_it_stood(company: Company, day: pd.Timestamp) -> Company:
    """Return the company as its CRM showed it at the end of ``day``.

    Notes
    -----
    Without a stage history nobody knows in which stage a deal stood earlier: it keeps the one
    that the export shows.
    """
    deals = company.opportunities
    deals = deals[deals["created_on"] <= day].copy()
    later = deals["closed_on"] > day
    deals["status"] = deals["status"].mask(later, "open")
    deals["closed_on"] = deals["closed_on"].mask(later)
    tables = dict(company.tables) | {"opportunities": deals}
    if company.has("stage_history"):
        history = company.stage_history[company.stage_history["entered_on"] <= day]
        last = history.sort_values("entered_on", kind="stable")
        last = last.drop_duplicates("opportunity_id", keep="last").set_index("opportunity_id")
        if day < company.as_of:
            then = deals["opportunity_id"].map(last["stage"])
            deals["stage"] = deals["stage"].mask(then.notna(), then)
        tables["stage_history"] = history
    return dataclasses.replace(company, as_of=day, tables=tables)


def owners(company: Company) -> list[str]:
    """Return the names of the reps who have deals, in alphabetical order."""
    deals = company.opportunities
    if "rep_id" not in deals.columns or company.reps.empty:
        return []
    active = company.reps["rep_id"].isin(deals["rep_id"].dropna())
    return sorted(company.reps.loc[active, "rep_name"].dropna().unique())


def find_owner(company: Company, owner: str) -> str:
    """Return the name of a rep as the data writes it.

    Raises
    ------
    ParameterError
        Nobody has that name; the error gives the nearest ones.
    """
    names = owners(company)
    if not names:
        raise ParameterError("review.no_owners")
    folded = {name.casefold().strip(): name for name in names}
    wanted = owner.casefold().strip()
    if wanted in folded:
        return folded[wanted]
    near = difflib.get_close_matches(wanted, folded, n=_NAMED, cutoff=0.4)
    near += [name for name in folded if wanted in name and name not in near]
    listed = [folded[name] for name in near[:_NAMED]] or names[:_NAMED]
    comma = text("review.comma")
    raise ParameterError("review.no_owner", given=owner, names=comma.join(listed))


def _of(company: Company, owner: str) -> Company:
    """Return the company with one owner's deals only."""
    reps = company.reps[company.reps["rep_name"] == owner]
    deals = company.opportunities
    deals = deals[deals["rep_id"].isin(reps["rep_id"])]
    history = company.stage_history
    history = history[history["opportunity_id"].isin(deals["opportunity_id"])]
    tables = {"opportunities": deals, "stage_history": history, "reps": reps}
    return dataclasses.replace(company, tables=dict(company.tables) | tables)
