"""A time log, checked, and cut so that every minute of a rep counts once and belongs to one day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

if TYPE_CHECKING:
    from ka_lib.periods import Period

HOUR = pd.Timedelta(hours=1)
RULES = ("split", "first")
ENTRY = ["entry_id", "rep_id", "activity", "started_at", "ended_at"]


def pieces(
    time_log: pd.DataFrame,
    overlap: Literal["split", "first"] = "split",
    period: Period | None = None,
) -> pd.DataFrame:
    """Cut a time log so that every minute of a rep counts once and belongs to one day.

    Parameters
    ----------
    time_log : DataFrame
        One row an entry: ``entry_id``, ``rep_id``, ``activity``, ``started_at``, ``ended_at``
        and, where there is one, ``account_id`` (blank: work for no account).
    overlap : {"split", "first"}
        Whose time it is when a rep has two entries at once. ``"split"`` (default) shares it
        equally; ``"first"`` leaves it with the entry that started first (at the same moment: the
        lower ``entry_id``). The total is the same.
    period : (date, date), optional
        Count the days from the first up to, but not on, the second. Default: all.

    Returns
    -------
    DataFrame
        One row an entry and day: ``entry_id``, ``rep_id``, ``account_id``, ``activity``, ``day``
        and ``hours``. An entry past midnight has a row for each day. An entry without any time
        of its own has none.

    Raises
    ------
    TableError
        A column is missing or blank, an entry stands twice, or one ends before it starts. Past
        midnight, the end carries the **next** day's date.
    ParameterError
        Any other ``overlap``; an empty period.
    """
    if overlap not in RULES:
        raise ParameterError("time_use.overlap", given=overlap)
    log = checked_log(time_log)
    rows = [_own_time(entries, overlap) for _, entries in log.groupby("rep_id", sort=False)]
    columns = ["entry_id", "rep_id", "account_id", "activity", "day", "hours"]
    if not rows:
        return log.assign(day=log["started_at"], hours=0.0)[columns]
    cut = pd.concat(rows, ignore_index=True)
    if period is not None:
        first, last = ends(period)
        cut = cut[(cut["day"] >= first) & (cut["day"] < last)]
    keys = ["entry_id", "day"]
    hours = cut.groupby(keys)["hours"].sum().reset_index()
    table = hours.merge(log[["entry_id", "rep_id", "account_id", "activity"]], on="entry_id")
    return table.sort_values(["rep_id", "day", "entry_id"], ignore_index=True)[columns]


def checked_log(time_log: pd.DataFrame) -> pd.DataFrame:
    """Return the checked log in order of time, its account blank where there is none."""
    log = need(time_log, "time_log", ENTRY)
    no_duplicates(log, "time_log", ["entry_id"])
    log[["started_at", "ended_at"]] = log[["started_at", "ended_at"]].apply(pd.to_datetime)
    backwards = log.index[log["ended_at"] < log["started_at"]]
    if len(backwards):
        row = log.loc[backwards[0]]
        problem = text(
            "time_use.backwards",
            row=int(backwards[0]) + 1,
            entry=row["entry_id"],
            start=f"{row['started_at']:%Y-%m-%d %H:%M}",
            end=f"{row['ended_at']:%Y-%m-%d %H:%M}",
        )
        if len(backwards) > 1:
            problem += "\n" + text("tables.more", number=len(backwards) - 1)
        raise TableError("tables.invalid", table="time_log", problems=f"- {problem}")
    account = time_log.get("account_id", pd.Series(index=time_log.index, dtype="str"))
    log["account_id"] = account.to_numpy()
    return log.sort_values(["rep_id", "started_at", "entry_id"], ignore_index=True)


def _own_time(entries: pd.DataFrame, overlap: str) -> pd.DataFrame:
    """Return one rep's entries cut at every start, end and midnight: entry, day, own hours."""
    start, end = entries["started_at"], entries["ended_at"]
    midnights = pd.date_range(start.min().normalize(), end.max().normalize(), freq="D")
    cuts = np.unique(np.concatenate([start.to_numpy(), end.to_numpy(), midnights.to_numpy()]))
    first, last = np.searchsorted(cuts, start.to_numpy()), np.searchsorted(cuts, end.to_numpy())
    # Entry i covers the slices first[i], ..., last[i] - 1 between two cuts.
    number = last - first
    entry = np.repeat(np.arange(len(entries)), number)
    slice_ = np.arange(number.sum()) - np.repeat(number.cumsum() - number - first, number)
    covered = pd.DataFrame({"entry": entry, "slice": slice_})
    by_slice = covered.groupby("slice")["entry"]
    if overlap == "split":
        share = 1 / by_slice.transform("size")
    else:  # entries stand in order of their start
        share = (covered["entry"] == by_slice.transform("min")).astype("float64")
    length = pd.Series(cuts).diff().shift(-1) / HOUR
    return pd.DataFrame(
        {
            "entry_id": entries["entry_id"].to_numpy()[entry],
            "day": pd.DatetimeIndex(cuts[slice_]).normalize(),
            "hours": length.to_numpy()[slice_] * share,
        }
    )[share > 0]


def ends(period: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the two ends of a half-open period; raise when it is empty."""
    first, last = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    if not first < last:
        raise ParameterError("time_use.period", start=first.date(), end=last.date())
    return first, last
