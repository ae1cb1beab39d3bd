"""Why accounts left, and whether the warning would have told us in time.

Prevents one loss counted under every cause somebody wrote down, a warning praised for 95 % hits
when 95 % of accounts stay anyway, and a test that knows the answer: scores from after the loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

if TYPE_CHECKING:
    from ka_lib.periods import Day

NAN = float("nan")


@dataclass(frozen=True)
class Backtest:
    """How a warning would have done: rates, and the months of accounts they come from.

    ``precision`` = warned and lost / warned; ``recall`` = warned and lost / lost; ``accuracy`` =
    right / base, beside ``always_stays``: the accuracy of never warning at all.
    """

    precision: float
    recall: float
    accuracy: float
    always_stays: float
    warned_lost: int
    warned_stayed: int
    missed_lost: int
    calm_stayed: int
    base: int
    after_loss: int
    undecided: int
    without_score: int


def causes(
    losses: pd.DataFrame,
    as_of: Day,
    *,
    report: Literal["latest", "first"] = "latest",
    value: Literal["lost_margin", "lost_sales"] = "lost_margin",
) -> pd.DataFrame:
    """Rank the causes of lost accounts by the margin that went with them (Pareto).

    Parameters
    ----------
    losses : DataFrame
        One row a report: ``loss_id``, ``account_id``, ``reported_on``, ``cause`` and the column
        named by ``value`` (yuan a year). An account may be reported several times.
    as_of : date
        Reports after this day are not known yet.
    report : {"latest", "first"}
        Which report of an account counts, cause and margin: the latest (default) or the first; of
        two on one day the one with the higher ``loss_id``.
    value : {"lost_margin", "lost_sales"}
        Rank by margin (default). Sales rank the big and thin above the small and profitable.

    Returns
    -------
    DataFrame
        One row a cause, the costliest first (equal ones by name): ``rank``, ``cause``,
        ``accounts`` (each once), ``value`` (yuan), ``share`` of the total and
        ``cumulative_share``; the shares are missing when the total is 0.

    Raises
    ------
    TableError
        A column is missing, a cell blank, a report twice, or a value negative.
    ParameterError
        Another ``report`` or ``value``.
    """
    if report not in ("latest", "first"):
        raise ParameterError("kpi.choice", given=report, choices="latest, first")
    if value not in ("lost_margin", "lost_sales"):
        raise ParameterError("kpi.choice", given=value, choices="lost_margin, lost_sales")
    rows = need(losses, "losses", ["loss_id", "account_id", "reported_on", "cause", value])
    no_duplicates(rows, "losses", ["loss_id"])
    check_columns(rows, "losses", [value])
    known = rows[rows["reported_on"].dt.normalize() <= pd.Timestamp(as_of).normalize()]
    in_order = known.sort_values(["reported_on", "loss_id"], ascending=[report == "latest", True])
    once = in_order.drop_duplicates("account_id", keep="last").sort_values(value)
    grouped = once.groupby("cause")
    table = pd.DataFrame({"accounts": grouped.size(), "value": grouped[value].sum()})
    table = table.rename_axis("cause").reset_index()
    table = table.astype({"cause": "str", "accounts": "int64", "value": "float64"})
    table = table.sort_values(["value", "cause"], ascending=[False, True], ignore_index=True)
    total = table["value"].sum()
    table.insert(0, "rank", range(1, len(table) + 1))
    table["share"] = table["value"] / total if total > 0 else NAN
    table["cumulative_share"] = table["value"].cumsum() / total if total > 0 else NAN
    return table


def backtest(
    scores: pd.DataFrame,
    losses: pd.DataFrame,
    threshold: float,
    horizon_months: int,
    as_of: Day,
) -> Backtest:
    """Test a warning on the past: how many of the accounts it named were lost soon after.

    Parameters
    ----------
    scores : DataFrame
        ``account_id``, ``month`` (any day of it), ``score``, as from `score`: known at the end of
        that month.
    losses : DataFrame
        ``account_id``, ``lost_on``; of several rows of an account the earliest day counts.
    threshold : float
        Warn below it.
    horizon_months : int
        So many months after the month of the score count as "soon".
    as_of : date
        The last day on which a loss would be known.

    Returns
    -------
    Backtest
        Counted are months of accounts. Left out, and counted apart: months that end on or after
        the account's loss (``after_loss``: knowing the outcome is no forecast); months whose
        horizon reaches beyond ``as_of`` (``undecided``, even where the loss came already: taking
        only the losses of them would flatter); months without a score. Precision is missing
        without a warning, recall without a loss.

    Raises
    ------
    TableError
        A column is missing, an id or date blank, or an account twice in one month.
    ParameterError
        The horizon is not a whole number above 0.
    """
    if not horizon_months >= 1 or horizon_months % 1:
        raise ParameterError("periods.months", given=horizon_months)
    rows = need(scores, "scores", ["account_id", "month"])
    need(scores.head(0), "scores", ["score"])  # there, but its cells may be blank
    month = pd.to_datetime(rows["month"]).dt.to_period("M")
    no_duplicates(rows.assign(month=month), "scores", ["account_id", "month"])
    points = scores["score"].reset_index(drop=True).astype("float64")
    lost = need(losses, "losses", ["account_id", "lost_on"]).groupby("account_id")["lost_on"].min()
    lost_on = pd.Series(pd.to_datetime(lost).reindex(rows["account_id"]).to_numpy()).dt.normalize()
    known_on = month.dt.end_time.dt.normalize()
    until = (month + int(horizon_months)).dt.end_time.dt.normalize()

    after = lost_on <= known_on
    undecided = ~after & (until > pd.Timestamp(as_of).normalize())
    unknown = ~after & ~undecided & points.isna()
    counted = ~after & ~undecided & ~unknown
    warned = points[counted] < threshold
    gone = (lost_on <= until)[counted]
    hit, base = int((warned & gone).sum()), int(counted.sum())
    calm = int((~warned & ~gone).sum())
    return Backtest(
        precision=hit / int(warned.sum()) if warned.any() else NAN,
        recall=hit / int(gone.sum()) if gone.any() else NAN,
        accuracy=(hit + calm) / base if base else NAN,
        always_stays=float((~gone).mean()) if base else NAN,
        warned_lost=hit,
        warned_stayed=int(warned.sum()) - hit,
        missed_lost=int(gone.sum()) - hit,
        calm_stayed=calm,
        base=base,
        after_loss=int(after.sum()),
        undecided=int(undecided.sum()),
        without_score=int(unknown.sum()),
    )
