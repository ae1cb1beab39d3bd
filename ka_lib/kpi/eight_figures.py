"""The eight figures of a review, each measured in one period, or the reason it is missing.

Every figure comes from the same function a learner calls alone; what a company's tables cannot
tell is marked, never set to 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import funnel
from ka_lib.kpi.customers import churn, movements
from ka_lib.kpi.sales import gross_margin, repeat_purchase_rate
from ka_lib.kpi.satisfaction import csat
from ka_lib.kpi.spans import inside, length, shift_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_lib.company import Company
    from ka_lib.kpi.spans import Span

NAN = float("nan")
YEAR = pd.DateOffset(years=1)


@dataclass(frozen=True)
class Figure:
    """A value with its two counts, or the code of the reason why there is none."""

    value: float = NAN
    count: float = NAN
    base: float = NAN
    missing_because: str = ""


def _figure(value: float, count: float, base: float, if_missing: str) -> Figure:
    return Figure(value, count, base, if_missing if pd.isna(value) else "")


def _revenue(company: Company, period: Span) -> Figure:
    if not _covers(company, "orders", "ordered_on", period[0]):
        return Figure(missing_because=_no("orders", company))
    sold = company.orders.loc[inside(company.orders, period), "amount"]
    return Figure(float(sold.sum()), float(len(sold)))


def _gross_margin(company: Company, period: Span) -> Figure:
    if not _covers(company, "orders", "ordered_on", period[0]):
        return Figure(missing_because=_no("orders", company))
    if "gross_profit" not in company.orders:
        return Figure(missing_because="no_profit")
    orders = company.orders[["ordered_on", "amount", "gross_profit"]]
    rate = gross_margin(orders[inside(orders, period)], missing="out")
    return _figure(rate.rate, rate.count, rate.base, "no_profit")


def _acquisition_cost(company: Company, period: Span) -> Figure:
    if not _covers(company, "costs", "month", period[0]):
        return Figure(missing_because=_no("costs", company))
    if not period[0].day == period[1].day == 1:
        return Figure(missing_because="not_whole_months")
    if "customer_since" not in company.accounts:
        return Figure(missing_because="no_customer_since")
    cost = funnel.acquisition_cost(company, *period)
    return _figure(cost.per_customer, cost.spend, cost.customers, "no_new_customers")


def _conversion(company: Company, period: Span) -> Figure:
    if not _covers(company, "opportunities", "created_on", period[0]):
        return Figure(missing_because=_no("opportunities", company))
    rate = funnel.win_rate(company.opportunities[_ended(company, period)])
    return _figure(rate.rate, rate.count, rate.base, "nothing_decided")


def _satisfaction(company: Company, period: Span) -> Figure:
    if not company.has("surveys"):
        return Figure(missing_because="no_surveys")
    surveys = company.tables["surveys"]
    asked = surveys["answered_on"]
    answers = surveys[(asked >= period[0]) & (asked < period[1])].rename(
        columns={"contact_id": "person_id", "satisfaction": "score"}
    )
    rate = csat(answers)
    return _figure(rate.rate, rate.count, rate.base, "no_surveys")


def _repeat_rate(company: Company, period: Span) -> Figure:
    window = _year_until(period)
    if not _covers(company, "orders", "ordered_on", window[0]):
        return Figure(missing_because=_no("orders", company))
    rate = repeat_purchase_rate(company.orders, window, as_of=window[1])
    return _figure(rate.rate, rate.count, rate.base, "no_customers")


def _churn(company: Company, period: Span) -> Figure:
    window = _year_until(period)
    earlier = _year_until((window[0], window[0]))
    if window == period:  # longer than a year: against as much time before
        earlier = period[0] - length(period), period[0]
    if not _covers(company, "orders", "ordered_on", earlier[0]):
        return Figure(missing_because=_no("orders", company))
    rate = churn(movements(company.orders, earlier, window, as_of=window[1]))
    return _figure(rate.rate, rate.count, rate.base, "no_customers")


def _cycle(company: Company, period: Span) -> Figure:
    if not company.has("stage_history"):
        return Figure(missing_because="no_stage_history")
    if not _covers(company, "opportunities", "created_on", period[0]):
        return Figure(missing_because=_no("opportunities", company))
    won = _ended(company, period) & (company.opportunities["status"] == "won")
    signed = company.opportunities[won]
    last_day = period[1] - pd.Timedelta(days=1)
    followed = funnel.follow(signed, company.stage_history, last_day)
    cycle = funnel.sales_cycle(followed)
    return _figure(cycle.mean, cycle.count, len(signed), "nothing_signed")


KPIS: dict[str, tuple[Callable[[Company, Span], Figure], str, str]] = {
    "revenue": (_revenue, "yuan", "up"),
    "gross_margin": (_gross_margin, "fraction", "up"),
    "acquisition_cost": (_acquisition_cost, "yuan", "down"),
    "conversion": (_conversion, "fraction", "up"),
    "satisfaction": (_satisfaction, "fraction", "up"),
    "repeat_rate": (_repeat_rate, "fraction", "up"),
    "churn": (_churn, "fraction", "down"),
    "cycle": (_cycle, "days", "down"),
}


def _ended(company: Company, period: Span) -> pd.Series:
    closed = company.opportunities["closed_on"]
    return (closed >= period[0]) & (closed < period[1])


def _year_until(period: Span) -> Span:
    """Return the 12 months that end with the period, or the period when it is longer."""
    return min(shift_end(period[1], YEAR), period[0]), period[1]


def _covers(company: Company, table: str, column: str, start: pd.Timestamp) -> bool:
    """Say whether the table reaches back to the month of ``start``."""
    if not company.has(table):
        return False
    first = company.tables[table][column].min()
    return bool(first < start or (first.year, first.month) == (start.year, start.month))


def _no(table: str, company: Company) -> str:
    return "no_history" if company.has(table) else f"no_{table}"
