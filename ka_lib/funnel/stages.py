"""How many deals got how far, and where the open ones stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.frames import sum_by
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from ka_lib.company import Company


def reached(deals: pd.DataFrame) -> pd.DataFrame:
    """Count how many opportunities ever reached each stage.

    Parameters
    ----------
    deals : DataFrame
        From `deals`.

    Returns
    -------
    DataFrame
        One row a stage, in the order of the funnel: ``reached`` (each opportunity once, lost ones
        included, skipped stages counted), ``value`` (their amounts, yuan), ``step_rate`` (of those
        that reached the stage before; missing for the first), ``cumulative_rate`` (of all leads),
        ``lost_count``, ``lost_value`` and ``open_count``, ``open_value`` (those that stopped here,
        lost for good or still open). A rate with an empty base is missing.
    """
    place = pd.Index(STAGES, dtype="str").get_indexer(deals["furthest"])
    amount, number = deals["amount"].fillna(0).to_numpy("float64"), len(STAGES)
    stopped, worth = np.bincount(place, minlength=number), sum_by(place, amount, number)
    columns = {
        "stage": list(STAGES),
        # Who got further has been here too: add up from the last stage back to the first.
        "reached": stopped[::-1].cumsum()[::-1],
        "value": worth[::-1].cumsum()[::-1],
    }
    ends = ("lost", "open")
    status = pd.Index(ends, dtype="str").get_indexer(deals["status"])
    for i, name in enumerate(ends):
        here = status == i
        columns[f"{name}_count"] = np.bincount(place[here], minlength=number)
        columns[f"{name}_value"] = sum_by(place[here], amount[here], number)
    table = pd.DataFrame(columns)
    count = table["reached"].astype("float64")
    before = count.shift()
    table.insert(3, "step_rate", (count / before).where(before > 0))
    table.insert(4, "cumulative_rate", count / (count.iloc[0] or float("nan")))
    return table


def current_stages(company: Company) -> pd.DataFrame:
    """Show where the open opportunities stand: all that an export without history can tell.

    Parameters
    ----------
    company : Company
        Needs the table opportunities only.

    Returns
    -------
    DataFrame
        One row a stage with open deals: ``stage``, ``count``, ``value`` (yuan; deals without
        an amount add nothing) and ``without_amount`` (how many those are).

    Notes
    -----
    These counts are a photograph, not a funnel: deals that were won or lost have left their
    stage, so dividing one count by another is not a conversion rate.
    """
    open_deals = company.opportunities[company.opportunities["status"] == "open"]
    by_stage = open_deals.groupby("stage", dropna=False)["amount"]
    table = by_stage.agg(
        count="size", value="sum", without_amount=lambda amounts: int(amounts.isna().sum())
    )
    order = [stage for stage in STAGES if stage in table.index]
    unknown = [stage for stage in table.index if stage not in STAGES]
    return table.reindex([*order, *unknown]).rename_axis("stage").reset_index()
