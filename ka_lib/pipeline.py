"""The weighted pipeline: what the open deals are worth, and how far off that may be.

`stage_probabilities` learns from settled deals, `open_deals` gives each open deal its probability,
`total` and `by_period` add up, `lose` asks what is left without the biggest. Guards against a
forecast that counts overdue, lost or won deals, and against a 30 that means 30 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES


@dataclass(frozen=True)
class Expected:
    """What a pipeline is worth: yuan expected, their spread, the full value, the number of deals.

    ``own_expected`` is the same by the reps' own probabilities; missing unless every deal has one.
    """

    expected: float
    spread: float
    value: float
    count: int
    own_expected: float


def stage_probabilities(settled: pd.DataFrame) -> pd.DataFrame:
    """Learn from settled deals how often a deal in each stage is won in the end.

    Parameters
    ----------
    settled : DataFrame
        From `ka_lib.funnel.deals`, for an earlier period whose deals are (nearly) all decided.
        To test a past forecast, follow them as of its day: what was decided later is not known.

    Returns
    -------
    DataFrame
        One row a stage: ``stage``, ``probability`` = ``won_count`` / ``decided_count`` of the
        deals that ever reached it, and ``open_count``, left out because nobody knows yet: when it
        is not small, the period has not settled and the rate is not to be trusted. A stage that no
        decided deal reached has no probability.
    """
    place = settled["furthest"].map({stage: i for i, stage in enumerate(STAGES)})
    rows = []
    for i, stage in enumerate(STAGES):
        count = settled.loc[place >= i, "status"].value_counts()
        won, lost = int(count.get("won", 0)), int(count.get("lost", 0))
        rows.append(
            {
                "stage": stage,
                "probability": won / (won + lost) if won + lost else float("nan"),
                "won_count": won,
                "decided_count": won + lost,
                "open_count": int(count.get("open", 0)),
            }
        )
    return pd.DataFrame(rows)


def open_deals(
    opportunities: pd.DataFrame,
    probabilities: pd.DataFrame,
    as_of: str | pd.Timestamp,
) -> pd.DataFrame:
    """Give every open deal its probability, and say which deals do not enter the forecast and why.

    Parameters
    ----------
    opportunities : DataFrame
        ``opportunity_id``, ``stage``, ``status``, ``amount`` (yuan), ``expected_close_on``, as
        they stand on ``as_of``. A column ``probability`` (a fraction) is the rep's own.
    probabilities : DataFrame
        ``stage`` and ``probability``, from `stage_probabilities` or the CRM's own list.
    as_of : date
        A deal expected before this day is overdue; on the day itself it is not.

    Returns
    -------
    DataFrame
        One row an open deal, the largest first: ``opportunity_id``, ``stage``, ``amount``,
        ``expected_close_on``, ``probability`` (of its stage), ``own_probability`` and
        ``left_out``: empty when the deal enters, else ``overdue``, ``no_date``, ``no_amount``,
        ``no_probability``, joined by ", ". Won and lost deals are no pipeline and have no row.

    Raises
    ------
    ParameterError
        A probability is not between 0 and 1, or a stage has two.
    """
    rate = probabilities.set_index("stage")["probability"]
    columns = ["opportunity_id", "stage", "amount", "expected_close_on", "probability"]
    table = opportunities.loc[opportunities["status"] == "open"].reindex(columns=columns)
    table = table.rename(columns={"probability": "own_probability"})
    table.insert(4, "probability", table["stage"].map(_one_a_stage(rate)).astype("float64"))
    table["own_probability"] = table["own_probability"].astype("float64")
    for name in ("probability", "own_probability"):
        wrong = table[name][(table[name] < 0) | (table[name] > 1)]
        if len(wrong):
            raise ParameterError("pipeline.probability", given=wrong.iloc[0])
    expected_on = pd.to_datetime(table["expected_close_on"])
    table["expected_close_on"] = expected_on
    causes = {
        "overdue": expected_on < pd.Timestamp(as_of),
        "no_date": expected_on.isna(),
        "no_amount": table["amount"].isna(),
        "no_probability": table["probability"].isna(),
    }
    table["left_out"] = pd.Series(
        [", ".join(name for name, mask in causes.items() if mask[i]) for i in table.index],
        index=table.index,
        dtype="str",
    )
    return table.sort_values(["amount", "opportunity_id"], ascending=[False, True]).reset_index(
        drop=True
    )


def _one_a_stage(rate: pd.Series) -> pd.Series:
    twice = rate.index[rate.index.duplicated()]
    if len(twice):
        raise ParameterError("pipeline.stage_twice", stage=twice[0])
    return rate


def total(pipeline: pd.DataFrame) -> Expected:
    """Add up a pipeline: the yuan to expect from its open deals, and how far off that may be.

    Parameters
    ----------
    pipeline : DataFrame
        From `open_deals`, or a part of it (one rep, one quarter).

    Returns
    -------
    Expected
        ``expected`` = sum(amount * p); ``spread`` = sqrt(sum(amount^2 * p * (1 - p))), the
        standard deviation when deals are won or lost independently of each other (a common cause,
        a price war, makes it wider). Base: the deals whose ``left_out`` is empty.
    """
    deals = pipeline[pipeline["left_out"] == ""]
    amount, p = deals["amount"], deals["probability"]
    own = (amount * deals["own_probability"]).sum(skipna=False) if len(deals) else float("nan")
    return Expected(
        expected=float((amount * p).sum()),
        spread=math.sqrt((amount**2 * p * (1 - p)).sum()),
        value=float(amount.sum()),
        count=len(deals),
        own_expected=float(own),
    )


def by_period(pipeline: pd.DataFrame, by: Literal["month", "quarter"] = "month") -> pd.DataFrame:
    """Add up a pipeline by the month or quarter in which its deals are expected.

    Parameters
    ----------
    pipeline : DataFrame
        From `open_deals`.
    by : {"month", "quarter"}
        The length of a period.

    Returns
    -------
    DataFrame
        One row a period that has deals: ``period`` and the figures of `total`. Spreads do not add
        up over the periods (their squares do): take `total` for the sum.
    """
    deals = pipeline[pipeline["left_out"] == ""]
    period = deals["expected_close_on"].dt.to_period("M" if by == "month" else "Q")
    rows = [{"period": when, **vars(total(part))} for when, part in deals.groupby(period)]
    columns = ["period", "expected", "spread", "value", "count", "own_expected"]
    return pd.DataFrame(rows, columns=columns).astype({"period": period.dtype})


def lose(pipeline: pd.DataFrame, opportunity_id: str | None = None) -> pd.DataFrame:
    """Ask what is left of the pipeline when one deal, by default the largest, is lost.

    Parameters
    ----------
    pipeline : DataFrame
        From `open_deals`.
    opportunity_id : str, optional
        Default: the deal with the largest amount among those that enter the forecast, the
        smallest id where amounts are equal.

    Returns
    -------
    DataFrame
        The same pipeline with ``left_out`` of that deal set to ``lost``. Compare `total` before and
        after: the expected sum falls by amount * p, what can still be signed by the full amount.

    Raises
    ------
    ParameterError
        The deal is not in the forecast, or there is none to lose.
    """
    deals = pipeline[pipeline["left_out"] == ""]
    if opportunity_id is None and len(deals):
        ordered = deals.sort_values(["amount", "opportunity_id"], ascending=[False, True])
        opportunity_id = ordered["opportunity_id"].iloc[0]
    gone = pipeline["opportunity_id"] == opportunity_id
    if opportunity_id not in set(deals["opportunity_id"]):
        raise ParameterError("pipeline.no_deal", given=opportunity_id or "-")
    return pipeline.assign(left_out=pipeline["left_out"].mask(gone, "lost"))
