"""The eight figures of a review on one page, each beside last year's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.kpi.eight_figures import KPIS, NAN, YEAR
from ka_lib.kpi.spans import check_complete, shift_end
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ka_lib.company import Company
    from ka_lib.periods import Day, Period

COLUMNS = [
    "kpi", "value", "before", "count", "base", "unit", "better", "target", "missing_because",
]  # fmt: skip


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
    now = check_period(period)
    day = company.as_of if as_of is None else pd.Timestamp(as_of)
    check_complete(now, day)
    goals = dict(targets or {})
    unknown = [name for name in goals if name not in KPIS]
    if unknown:
        raise ParameterError("kpi.choice", given=unknown[0], choices=", ".join(KPIS))
    last_year = now[0] - YEAR, shift_end(now[1], YEAR)
    rows = []
    for code, (measure, unit, better) in KPIS.items():
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
