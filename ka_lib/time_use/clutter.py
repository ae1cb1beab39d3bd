"""What is wrong with a day: two places at once, and jumps from one account to the next."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.time_use.log import HOUR, checked_log


def overlaps(time_log: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of entries in which a rep was in two places at once.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.

    Returns
    -------
    DataFrame
        One row a pair: ``rep_id``, ``entry_id`` (the one that started first), ``other_entry_id``,
        ``started_at`` and ``ended_at`` of the time they share, and ``hours``. An entry that starts
        when another ends does not overlap it. Three entries at once make three pairs, so do not
        add these hours up: `pieces` counts them once.
    """
    log = checked_log(time_log)
    log = log[log["ended_at"] > log["started_at"]]
    rows = []
    for rep, entries in log.groupby("rep_id"):
        start, end = entries["started_at"].to_numpy(), entries["ended_at"].to_numpy()
        # In order of their start, entry i meets the ones after it that start before it ends.
        meets = np.searchsorted(start, end) - np.arange(len(entries)) - 1
        one = np.repeat(np.arange(len(entries)), meets)
        other = one + 1 + np.arange(meets.sum()) - np.repeat(meets.cumsum() - meets, meets)
        names = entries["entry_id"].to_numpy()
        rows.append(
            pd.DataFrame(
                {
                    "rep_id": rep,
                    "entry_id": names[one],
                    "other_entry_id": names[other],
                    "started_at": start[other],
                    "ended_at": np.minimum(end[one], end[other]),
                }
            )
        )
    columns = ["rep_id", "entry_id", "other_entry_id", "started_at", "ended_at", "hours"]
    if not rows:
        return log.assign(other_entry_id=log["entry_id"], hours=0.0)[columns]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(hours=(table["ended_at"] - table["started_at"]) / HOUR)[columns]


def switches(
    time_log: pd.DataFrame, of: Literal["account_id", "activity"] = "account_id"
) -> pd.DataFrame:
    """Count how often a rep changes from one account (or activity) to another in a day.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.
    of : {"account_id", "activity"}
        What changes. Work for no account counts as one more account.

    Returns
    -------
    DataFrame
        One row a rep and day with an entry: ``rep_id``, ``day`` (on which the entry started),
        ``entries`` and ``switches``: how many entries, in order of their start, differ from the
        one before them on the same day. The first of a day is no switch.

    Raises
    ------
    ParameterError
        Any other ``of``.
    """
    if of not in {"account_id", "activity"}:
        raise ParameterError("time_use.of", given=of)
    log = checked_log(time_log)
    log["day"] = log["started_at"].dt.normalize()
    what = pd.Series(pd.factorize(log[of])[0], index=log.index)  # a blank is -1, equal to itself
    before = what.groupby([log["rep_id"], log["day"]]).shift()
    changed = before.notna() & (before != what)
    grouped = log.assign(switches=changed.astype("int64")).groupby(["rep_id", "day"])
    return grouped.agg(entries=("entry_id", "size"), switches=("switches", "sum")).reset_index()
