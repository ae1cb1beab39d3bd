"""The figures of a monthly review: who stayed, how sales grew, what was earned, how content they are.

Prevents three slips: new customers hiding lost ones in a retention rate, eleven months compared
with twelve, and the mean of margins passed off as the margin.

``customers``: movements, retention, churn. ``sales``: growth, gross margin, repeat purchases.
``satisfaction``: CSAT and NPS. ``page``: `review`, eight figures side by side with last year's.
``eight_figures``: how each of them is measured. ``spans``: periods and what is inside them.
"""

from ka_lib.kpi.customers import (
    annualise,
    churn,
    gross_revenue_retention,
    movements,
    net_revenue_retention,
    retention,
)
from ka_lib.kpi.page import review
from ka_lib.kpi.sales import Growth, gross_margin, growth, repeat_purchase_rate
from ka_lib.kpi.satisfaction import Nps, csat, nps
from ka_lib.kpi.spans import inside
from ka_lib.periods import Day, Period

__all__ = [
    "Day",
    "Growth",
    "Nps",
    "Period",
    "annualise",
    "churn",
    "csat",
    "gross_margin",
    "gross_revenue_retention",
    "growth",
    "inside",
    "movements",
    "net_revenue_retention",
    "nps",
    "repeat_purchase_rate",
    "retention",
    "review",
]
