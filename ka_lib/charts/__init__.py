"""Charts of the course: a metric's table in, a `Chart` out.

Each is readable in print and by colour-blind readers (differences are written, not only coloured),
bars start at zero, and each carries an alternative text worked out from its own data.
"""

from ka_lib.charts.abilities import radar
from ka_lib.charts.appraisal import scorecard
from ka_lib.charts.calendar import care_calendar
from ka_lib.charts.care import health_heat, life_cycle
from ka_lib.charts.chances import calibration
from ka_lib.charts.chart import Chart
from ka_lib.charts.comparison import bars, cycle
from ka_lib.charts.concentration import lorenz, pareto
from ka_lib.charts.customer_map import customer_map
from ka_lib.charts.dashboard import dashboard
from ka_lib.charts.decision_unit import decision_unit
from ka_lib.charts.difference import effects, funnel_gap
from ka_lib.charts.forecasts import forecast_fan
from ka_lib.charts.handoffs import handoffs
from ka_lib.charts.negotiation import concession, zopa
from ka_lib.charts.priorities import eisenhower
from ka_lib.charts.rental import running_cash
from ka_lib.charts.stages import current_stages, funnel
from ka_lib.charts.stock import chiller_stock
from ka_lib.charts.tier_matrix import tier_matrix
from ka_lib.charts.trend import trend
from ka_lib.charts.waterfall import customer_pnl, revenue_bridge, waterfall
from ka_lib.fonts import setup

__all__ = [
    "Chart",
    "bars",
    "calibration",
    "care_calendar",
    "chiller_stock",
    "concession",
    "current_stages",
    "customer_map",
    "customer_pnl",
    "cycle",
    "dashboard",
    "decision_unit",
    "effects",
    "eisenhower",
    "forecast_fan",
    "funnel",
    "funnel_gap",
    "handoffs",
    "health_heat",
    "life_cycle",
    "lorenz",
    "pareto",
    "radar",
    "revenue_bridge",
    "running_cash",
    "scorecard",
    "setup",
    "tier_matrix",
    "trend",
    "waterfall",
    "zopa",
]
