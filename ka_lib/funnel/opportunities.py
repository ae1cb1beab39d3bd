"""Every opportunity of a period and the day it entered each stage: the ground of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import no_duplicates
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company


def deals(
    company: Company,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Follow every opportunity created in a period, as it stood on one day.

    Parameters
    ----------
    company : Company
        Needs the tables opportunities and stage_history.
    start, end : date
        The opportunities created from ``start`` up to, but not on, ``end``.
    as_of : date, optional
        What happened after this day is not known yet. Default: ``company.as_of``. To compare
        with last year, give the same day of last year: a deal signed since then must not count.

    Returns
    -------
    DataFrame
        One row an opportunity: its ids, ``amount`` (yuan), ``created_on``, ``status`` and
        ``closed_on`` as of that day, ``lost_reason``, ``furthest`` (the last stage of the funnel
        it ever reached) and one date a stage, the first day it entered it. A stage that was
        skipped has no date, but counts as reached when a later one was.

    Raises
    ------
    ParameterError
        There is no stage history; `current_stages` shows what can be known without it.
    """
    if not company.has("stage_history"):
        raise ParameterError("funnel.no_history")
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    if start >= end:
        raise ParameterError("funnel.period", start=start.date(), end=end.date())
    day = company.as_of if as_of is None else pd.Timestamp(as_of)

    created = company.opportunities["created_on"]
    chosen = company.opportunities[(created >= start) & (created < end) & (created <= day)]
    return follow(chosen, company.stage_history, day)


def follow(
    opportunities: pd.DataFrame, stage_history: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Follow these opportunities through the stages, as they stood on one day.

    Parameters
    ----------
    opportunities : DataFrame
        Any choice of a company's opportunities: the deals signed in a month, one rep's.
    stage_history : DataFrame
        ``opportunity_id``, ``stage`` and ``entered_on``; lines of other deals do no harm.
    as_of : date
        What happened after this day is not known yet.

    Returns
    -------
    DataFrame
        As from `deals`.
    """
    day = pd.Timestamp(as_of)
    columns = ["opportunity_id", "account_id", "rep_id", "amount", "created_on", "closed_on"]
    followed = opportunities.reindex(columns=[*columns, "status", "lost_reason"])
    followed = followed.sort_values("opportunity_id", kind="stable")
    followed = followed.sort_values("created_on", kind="stable", ignore_index=True)
    not_yet_closed = ~(followed["closed_on"] <= day)
    followed.loc[not_yet_closed, "status"] = "open"
    followed.loc[not_yet_closed, "closed_on"] = pd.NaT
    followed.loc[not_yet_closed, "lost_reason"] = None

    ids = pd.Index(followed["opportunity_id"])
    if not ids.is_unique:
        no_duplicates(followed, "opportunities", ["opportunity_id"])
    first_entry = _first_entries(ids, stage_history, day)
    # Everything created is a lead, even where the CRM wrote no line for it.
    no_line = first_entry["lead"].isna()
    first_entry["lead"] = first_entry["lead"].mask(no_line, followed["created_on"].to_numpy())
    entered = first_entry.notna().to_numpy()
    last = len(STAGES) - 1 - entered[:, ::-1].argmax(axis=1)
    furthest = pd.Series(STAGES, dtype="str").take(last).to_numpy()
    return pd.concat([followed, first_entry], axis="columns").assign(furthest=furthest)


def _first_entries(ids: pd.Index, history: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return one row an id and one column a stage: the first day up to ``day``, or missing."""
    deal = ids.get_indexer(history["opportunity_id"])
    stage = pd.Index(STAGES, dtype="str").get_indexer(history["stage"])
    known = (deal >= 0) & (stage >= 0) & (history["entered_on"] <= day).to_numpy()
    # One number for each deal and stage: its cell in the table, counted row by row.
    cell = (deal * len(STAGES) + stage)[known]
    # As whole seconds, which numpy compares many times faster than dates.
    seconds = history["entered_on"].to_numpy("datetime64[s]").view("int64")[known]
    never = np.iinfo("int64").max
    first = np.full(len(ids) * len(STAGES), never)
    np.minimum.at(first, cell, seconds)
    first[first == never] = np.datetime64("NaT").view("int64")
    table = first.view("datetime64[s]").reshape(-1, len(STAGES))
    return pd.DataFrame(table, columns=list(STAGES))
