"""The eight figures of a review on one page, each beside last year's, or the reason it is missing.

`ka_lib.kpi.review` calls `table`, which stands behind the KPI dashboard. Every figure comes from the same function a
learner calls alone; what a company's tables cannot tell is marked, never set to 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import funnel
from ka_lib import kpi as figures
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ka_lib.company import Company
    from ka_lib.kpi import Day, Period

    Span = tuple[pd.Timestamp, pd.Timestamp]

NAN = float("nan")
YEAR = pd.DateOffset(years=1)
COLUMNS = [
    "kpi", "value", "before", "count", "base", "unit", "better", "target", "missing_because",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A value with its two counts, or the code of the reason why there is none."""

    value: float = NAN
    count: float = NAN
    base: float = NAN
    missing_because: str = ""


def table(
    company: Company, period: Period, as_of: Day | None, targets: Mapping[str, float] | None
) -> pd.DataFrame:
    """Measure each KPI in the period and a year earlier: what `ka_lib.kpi.review` returns."""
    now = figures.half_open(period)
    day = company.as_of if as_of is None else pd.Timestamp(as_of)
    figures.check_complete(now, day)
    goals = dict(targets or {})
    unknown = [name for name in goals if name not in _KPIS]
    if unknown:
        raise ParameterError("kpi.choice", given=unknown[0], choices=", ".join(_KPIS))
    last_year = now[0] - YEAR, figures.shift_end(now[1], YEAR)
    rows = []
    for code, (measure, unit, better) in _KPIS.items():
        value, before = (measure(company, each) for each in (now, last_year))
        no_last_year = "no_last_year" if pd.isna(before.value) else ""
        rows.append(
            {
                "kpi": code,
                "value": value.value,
                "before": before.value,
                "count": value.count,
                "base": value.base,
                "unit": unit,
                "better": better,
                "target": float(goals.get(code, NAN)),
                "missing_because": value.missing_because or no_last_year,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _figure(value: float, count: float, base: float, if_missing: str) -> Figure:
    return Figure(value, count, base, if_missing if pd.isna(value) else "")


def _revenue(company: Company, period: Span) -> Figure:
    if not _covers(company, "orders", "ordered_on", period[0]):
        return Figure(missing_because=_no("orders", company))
    sold = company.orders.loc[figures.inside(company.orders, period), "amount"]
    return Figure(float(sold.sum()), float(len(sold)))


def _gross_margin(company: Company, period: Span) -> Figure:
    if not _covers(company, "orders", "ordered_on", period[0]):
        return Figure(missing_because=_no("orders", company))
    if "gross_profit" not in company.orders:
        return Figure(missing_because="no_profit")
    orders = company.orders[["ordered_on", "amount", "gross_profit"]]
    rate = figures.gross_margin(orders[figures.inside(orders, period)], missing="out")
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
    rate = figures.csat(answers)
    return _figure(rate.rate, rate.count, rate.base, "no_surveys")


def _repeat_rate(company: Company, period: Span) -> Figure:
    window = _year_until(period)
    if not _covers(company, "orders", "ordered_on", window[0]):
        return Figure(missing_because=_no("orders", company))
    rate = figures.repeat_purchase_rate(company.orders, window, as_of=window[1])
    return _figure(rate.rate, rate.count, rate.base, "no_customers")


def _churn(company: Company, period: Span) -> Figure:
    window = _year_until(period)
    earlier = _year_until((window[0], window[0]))
    if window == period:  # longer than a year: against as much time before
        earlier = period[0] - figures.length(period), period[0]
    if not _covers(company, "orders", "ordered_on", earlier[0]):
        return Figure(missing_because=_no("orders", company))
    rate = figures.churn(figures.movements(company.orders, earlier, window, as_of=window[1]))
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


_KPIS: dict[str, tuple[Callable[[Company, Span], Figure], str, str]] = {
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
    return min(figures.shift_end(period[1], YEAR), period[0]), period[1]


def _covers(company: Company, table: str, column: str, start: pd.Timestamp) -> bool:
    """Say whether the table reaches back to the month of ``start``."""
    if not company.has(table):
        return False
    first = company.tables[table][column].min()
    return bool(first < start or (first.year, first.month) == (start.year, start.month))


def _no(table: str, company: Company) -> str:
    return "no_history" if company.has(table) else f"no_{table}"
