"""The figures of a monthly review: who stayed, how sales grew, what was earned, how content they are.

Prevents three slips: new customers hiding lost ones in a retention rate, eleven months compared
with twelve, and the mean of margins passed off as the margin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import distinct_by, number_ids, sum_by
from ka_lib.funnel import Rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.company import Company

Day: TypeAlias = str | pd.Timestamp
Period: TypeAlias = tuple[Day, Day]

REPEAT = 2
YEAR_DAYS = 365
NPS_PROMOTER, NPS_DETRACTOR, NPS_TOP = 9, 6, 10


@dataclass(frozen=True)
class Growth:
    """Growth as a fraction, the two sums of yuan, and the half-open periods they cover.

    ``partial`` is True when the period is still running and both sides were cut at the same day.
    """

    rate: float
    now: float
    before: float
    now_period: Period
    before_period: Period
    partial: bool


@dataclass(frozen=True)
class Nps:
    """The Net Promoter Score, from -100 to 100, and the answers it comes from."""

    score: float
    promoters: int
    passives: int
    detractors: int
    count: int


def movements(orders: pd.DataFrame, before: Period, now: Period, *, as_of: Day) -> pd.DataFrame:
    """Follow every account's revenue from one period to the next: the ground of all retention.

    Parameters
    ----------
    orders : DataFrame
        Columns ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    before, now : (date, date)
        Two half-open periods of equal length, so (start, end) without the end day.
    as_of : date
        The last day the data covers, included.

    Returns
    -------
    DataFrame
        One row an account that was a customer in one of the periods: ``account_id``,
        ``revenue_before``, ``revenue_now`` (yuan) and ``movement``: ``new``, ``expanded``,
        ``kept``, ``contracted`` or ``lost``. A customer is an account whose revenue, net of
        returns, is above zero; at zero or below it counts as no customer and 0 yuan.
        Filter the rows with plain pandas (one tier, one region) and pass them on.

    Raises
    ------
    ParameterError
        A period is empty, the two overlap or differ in length, or ``now`` is not over yet.
    """
    first, second = half_open(before), half_open(now)
    if first[1] > second[0]:
        raise ParameterError("kpi.overlap")
    if not _same_length(first, second):
        spans = [" - ".join(str(day.date()) for day in span) for span in (first, second)]
        raise ParameterError("kpi.lengths", before=spans[0], now=spans[1])
    check_complete(second, as_of)
    table = pd.DataFrame(
        {
            "revenue_before": _revenue_by_account(orders, first),
            "revenue_now": _revenue_by_account(orders, second),
        }
    ).fillna(0.0)
    was, now_is = table["revenue_before"], table["revenue_now"]
    table["movement"] = np.select(
        [was == 0, now_is == 0, now_is > was, now_is < was],
        ["new", "lost", "expanded", "contracted"],
        "kept",
    )
    return table.rename_axis("account_id").sort_index().reset_index()


def retention(movements: pd.DataFrame) -> Rate:
    """Return the share of the customers at the start that are still customers.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Base: customers of the period before. New customers are left out, so that they cannot
        hide lost ones; never above 1. Missing without a customer at the start.
    """
    cohort = movements["revenue_before"] > 0
    return _rate((cohort & (movements["revenue_now"] > 0)).sum(), cohort.sum())


def churn(movements: pd.DataFrame) -> Rate:
    """Return the share of the customers at the start that were lost: 1 - `retention`.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Base: customers of the period before; new customers are left out.
    """
    cohort = movements["revenue_before"] > 0
    return _rate((cohort & (movements["revenue_now"] <= 0)).sum(), cohort.sum())


def gross_revenue_retention(movements: pd.DataFrame) -> Rate:
    """Return the share of the earlier revenue that was kept, growth not counted.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Sum of the smaller of both revenues, account by account / revenue before (yuan). Never
        above 1. New customers are left out.
    """
    pair = movements[["revenue_before", "revenue_now"]]
    return _rate(pair.min(axis="columns").sum(), movements["revenue_before"].sum())


def net_revenue_retention(movements: pd.DataFrame) -> Rate:
    """Return what the earlier customers buy now, as a share of what they bought before.

    Parameters
    ----------
    movements : DataFrame
        From `movements`.

    Returns
    -------
    Rate
        Revenue now of the customers of the period before / their revenue before (yuan). Above 1
        when growth with existing customers outweighs losses. New customers are left out.
    """
    cohort = movements[movements["revenue_before"] > 0]
    return _rate(cohort["revenue_now"].sum(), cohort["revenue_before"].sum())


def annualise(
    rate: float, periods_per_year: float, *, kind: Literal["churn", "retention", "growth"]
) -> float:
    """Turn the rate of a shorter or longer period into a yearly one, by compounding.

    Parameters
    ----------
    rate : float
        A fraction: 2% is 0.02.
    periods_per_year : float
        12 for a monthly rate; 12/18 for a rate over 18 months.
    kind : {"churn", "retention", "growth"}
        Churn: ``1 - (1 - rate)**n``; retention: ``rate**n``; growth: ``(1 + rate)**n - 1``.

    Returns
    -------
    float
        The yearly rate, a fraction. Missing for a missing rate.

    Raises
    ------
    ParameterError
        The rate is no fraction (growth: below -1), or the periods are not above 0.

    Examples
    --------
    >>> round(annualise(0.02, 12, kind="churn"), 3)
    0.215
    """
    if kind not in ("churn", "retention", "growth"):
        raise ParameterError("kpi.choice", given=kind, choices="churn, retention, growth")
    low, high = (-1, float("inf")) if kind == "growth" else (0, 1)
    if not low <= rate <= high and not np.isnan(rate):
        raise ParameterError("kpi.fraction", given=rate)
    if not periods_per_year > 0:
        raise ParameterError("kpi.periods", given=periods_per_year)
    if kind == "retention":
        return float(rate**periods_per_year)
    sign = 1 if kind == "growth" else -1
    return float(sign * ((1 + sign * rate) ** periods_per_year - 1))


def growth(
    orders: pd.DataFrame,
    period: Period,
    against: Literal["last_year", "previous"],
    *,
    as_of: Day,
    partial: Literal["refuse", "same_days"] = "refuse",
) -> Growth:
    """Compare a period's sales with the same period last year, or with the period just before.

    Parameters
    ----------
    orders : DataFrame
        Columns ``ordered_on`` and ``amount`` (yuan; returns negative).
    period : (date, date)
        Half-open: (start, end) without the end day.
    against : {"last_year", "previous"}
        ``"previous"`` is the period of the same length that ends where this one starts: as many
        months when both ends are first days of a month, else as many days.
    as_of : date
        The last day the data covers, included.
    partial : {"refuse", "same_days"}
        What to do with a period still running: refuse it, or cut both sides at the same day and
        mark the result. A whole number of months is compared with whole months.

    Returns
    -------
    Growth
        ``now / before - 1``; missing when the earlier sales are not above zero.

    Raises
    ------
    ParameterError
        The period is empty, has not started, or is still running and ``partial`` is "refuse".

    Notes
    -----
    Whether the data reaches back far enough cannot be seen from the orders: look at both sums.
    """
    if against not in ("last_year", "previous"):
        raise ParameterError("kpi.choice", given=against, choices="last_year, previous")
    start, end = half_open(period)
    known_until = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    if partial == "refuse" or known_until <= start:
        check_complete((start, end), as_of)
    cut = min(end, known_until)
    back = pd.DateOffset(years=1) if against == "last_year" else length((start, end))
    earlier = start - back, shift_end(cut, back)
    sales_now, sales_before = (
        float(orders.loc[inside(orders, span), "amount"].sum()) for span in ((start, cut), earlier)
    )
    rate = sales_now / sales_before - 1 if sales_before > 0 else float("nan")
    return Growth(rate, sales_now, sales_before, (start, cut), earlier, partial=cut < end)


def gross_margin(orders: pd.DataFrame, missing: Literal["refuse", "out"] = "refuse") -> Rate:
    """Return the gross margin: all gross profit over all revenue.

    Parameters
    ----------
    orders : DataFrame
        Columns ``amount`` and ``gross_profit`` (yuan).
    missing : {"refuse", "out"}
        Orders whose gross profit is unknown: raise, or leave them out of both sums.

    Returns
    -------
    Rate
        ``sum(gross_profit) / sum(amount)``, never the mean of the orders' margins, in which a
        small order would weigh as much as a large one. Missing without revenue.

    Raises
    ------
    ParameterError
        Gross profits are missing and ``missing`` is "refuse".
    """
    known = orders["gross_profit"].notna() & orders["amount"].notna()
    if missing == "refuse" and not known.all():
        raise ParameterError("kpi.no_profit", count=int((~known).sum()))
    return _rate(orders.loc[known, "gross_profit"].sum(), orders.loc[known, "amount"].sum())


def repeat_purchase_rate(
    orders: pd.DataFrame, period: Period, *, as_of: Day, by: Literal["order", "day"] = "order"
) -> Rate:
    """Return the share of the period's customers that bought more than once in it.

    Parameters
    ----------
    orders : DataFrame
        Columns ``order_id`` (with ``by="order"``), ``account_id``, ``ordered_on``, ``amount``.
    period : (date, date)
        Half-open. The longer the period, the higher the rate: name it beside the figure.
    as_of : date
        The last day the data covers, included.
    by : {"order", "day"}
        Count orders, or days with an order (two on one day are one purchase).

    Returns
    -------
    Rate
        Base: accounts with a purchase in the period, each once. Returns (amounts not above
        zero) are no purchase.

    Raises
    ------
    ParameterError
        The period is empty or not over yet.
    """
    span = half_open(period)
    check_complete(span, as_of)
    bought = orders[inside(orders, span) & (orders["amount"] > 0)]
    numbers, names = number_ids(bought["account_id"])
    column = "order_id" if by == "order" else "ordered_on"
    purchases = distinct_by(numbers, bought[column], len(names))
    return _rate((purchases >= REPEAT).sum(), len(purchases))


def csat(
    survey: pd.DataFrame, scale: int = 5, per: Literal["person", "account"] = "person"
) -> Rate:
    """Return the customer satisfaction as top-2-box: the share of the two best answers.

    Parameters
    ----------
    survey : DataFrame
        Columns ``person_id``, ``account_id`` (with ``per="account"``), ``answered_on`` and
        ``score`` from 1 to ``scale``.
    scale : int
        The best answer: 4 and 5 are satisfied out of 5.
    per : {"person", "account"}
        As in `nps`.

    Returns
    -------
    Rate
        Base: everyone who answered. Empty scores are left out.

    Raises
    ------
    ParameterError
        A score is not a whole number on the scale.
    """
    scores = _answers(survey, 1, scale, per)
    return _rate((scores >= scale - 1).sum(), len(scores))


def nps(survey: pd.DataFrame, per: Literal["person", "account"] = "person") -> Nps:
    """Return the Net Promoter Score: percent promoters (9-10) less percent detractors (0-6).

    Parameters
    ----------
    survey : DataFrame
        Columns ``person_id``, ``account_id`` (with ``per="account"``), ``answered_on`` and
        ``score`` from 0 to 10.
    per : {"person", "account"}
        One answer a person, the latest (the lowest of several on one day); or one an account,
        the mean of its persons, not rounded: at least 9 promotes, at most 6 detracts.

    Returns
    -------
    Nps
        Points from -100 to 100. Base: all who answered, the passives (7-8) too. Empty scores are
        left out. Missing without an answer.

    Raises
    ------
    ParameterError
        A score is not a whole number from 0 to 10.
    """
    scores = _answers(survey, 0, NPS_TOP, per)
    count = len(scores)
    promoters = int((scores >= NPS_PROMOTER).sum())
    detractors = int((scores <= NPS_DETRACTOR).sum())
    score = 100 * (promoters - detractors) / count if count else float("nan")
    return Nps(score, promoters, count - promoters - detractors, detractors, count)


def review(
    company: Company,
    period: Period,
    *,
    as_of: Day | None = None,
    targets: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Put the eight KPIs of a period side by side with the same period last year.

    Parameters
    ----------
    company : Company
        Uses orders, costs, accounts, opportunities, stage_history and surveys, as far as they
        are there.
    period : (date, date)
        Half-open: ``("2025-11-01", "2025-12-01")`` is November.
    as_of : date, optional
        The last day the data covers, included. Default: ``company.as_of``.
    targets : mapping of str to float, optional
        By KPI code, in the KPI's own unit: ``{"revenue": 9_000_000, "churn": 0.05}``.

    Returns
    -------
    DataFrame
        Eight rows, always in this order: ``kpi`` (code), ``value``, ``before`` (the same period a
        year earlier), ``count``, ``base``, ``unit`` ("yuan", "fraction" or "days"), ``better``
        ("up" or "down": which way is good), ``target`` (missing unless given) and
        ``missing_because``: empty, or a code that says why ``value`` is missing, or
        ``no_last_year`` when only ``before`` is.

        - ``revenue``: sum of the orders' amounts, returns taken off. Count: rows of orders.
        - ``gross_margin``: gross profit / revenue of the orders whose gross profit is known, which
          are count and base.
        - ``acquisition_cost``: acquisition spend / new customers (count and base). Costs come by
          month, so the period must be whole months.
        - ``conversion``: won / (won + lost) of the opportunities that ended in the period, leads
          included. Open ones are out.
        - ``satisfaction``: top-2-box, answers of 4 or 5 / all answers in the period, the latest of
          each contact.
        - ``repeat_rate``: customers with two orders or more / customers, in the 12 months that
          end with the period (a longer period: in the period). In one month few buy twice.
        - ``churn``: of the customers of the 12 months before those, the share that bought nothing
          in them.
        - ``cycle``: mean days from first contact to signature of the deals signed in the period.
          Count: deals measured; base: deals signed. See `ka_lib.funnel.sales_cycle` for the median.

    Raises
    ------
    ParameterError
        The period is empty or not over yet; a target has no such KPI.
    """
    from ka_lib.kpi_table import table

    return table(company, period, as_of, targets)


def _answers(
    survey: pd.DataFrame, low: int, high: int, per: Literal["person", "account"]
) -> pd.Series:
    """Return one score a person or account, after checking that all are on the scale."""
    if per not in ("person", "account"):
        raise ParameterError("kpi.choice", given=per, choices="person, account")
    answered = survey[survey["score"].notna()]
    wrong = ~answered["score"].isin(range(low, high + 1))
    if wrong.any():
        raise ParameterError(
            "kpi.score", given=min(answered.loc[wrong, "score"]), low=low, high=high
        )
    in_order = answered.sort_values(["answered_on", "score"], ascending=[True, False])
    latest = in_order.drop_duplicates("person_id", keep="last")
    return latest["score"] if per == "person" else latest.groupby("account_id")["score"].mean()


def half_open(period: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the two ends of a period, after checking that there is something between them."""
    start, end = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    if start >= end:
        raise ParameterError("kpi.period", start=start.date(), end=end.date())
    return start, end


def check_complete(period: tuple[pd.Timestamp, pd.Timestamp], as_of: Day) -> None:
    """Refuse a period that is still running on the last day the data covers."""
    if pd.Timestamp(as_of) + pd.Timedelta(days=1) < period[1]:
        last = (period[1] - pd.Timedelta(days=1)).date()
        raise ParameterError("kpi.partial", as_of=pd.Timestamp(as_of).date(), last=last)


def length(period: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DateOffset:
    """Return a period's length: in months between first days of a month, else in days."""
    start, end = period
    if start.day == end.day == 1:
        return pd.DateOffset(months=(end.year - start.year) * 12 + end.month - start.month)
    return pd.DateOffset(days=(end - start).days)


def _same_length(
    first: tuple[pd.Timestamp, pd.Timestamp], second: tuple[pd.Timestamp, pd.Timestamp]
) -> bool:
    """Say whether two periods are as long as each other, a leap day in a year aside."""
    if length(first) == length(second):
        return True
    days = [(end - start).days for start, end in (first, second)]
    return min(days) >= YEAR_DAYS and abs(days[0] - days[1]) <= 1


def shift_end(end: pd.Timestamp, back: pd.DateOffset) -> pd.Timestamp:
    """Move the open end of a period back; inside a month, by its last included day."""
    if end.day == 1:
        return end - back
    one = pd.Timedelta(days=1)
    return end - one - back + one


def inside(orders: pd.DataFrame, period: tuple[pd.Timestamp, pd.Timestamp]) -> pd.Series:
    """Say of each order whether it was placed in the period."""
    return (orders["ordered_on"] >= period[0]) & (orders["ordered_on"] < period[1])


def _revenue_by_account(
    orders: pd.DataFrame, period: tuple[pd.Timestamp, pd.Timestamp]
) -> pd.Series:
    sold = orders.loc[inside(orders, period), ["account_id", "amount"]]
    numbers, names = number_ids(sold["account_id"])
    of_someone = numbers >= 0
    amounts = sold["amount"].fillna(0).to_numpy("float64")
    sums = sum_by(numbers[of_someone], amounts[of_someone], len(names))
    return pd.Series(sums, index=names)[sums > 0]


def _rate(count: float, base: float) -> Rate:
    return Rate(float(count / base) if base > 0 else float("nan"), float(count), float(base))
