"""Charts of the course: a metric's table in, a `Chart` out.

Each is readable in print and by colour-blind readers (differences are written, not only coloured),
bars start at zero, and each carries an alternative text worked out from its own data.
"""

from ka_lib.charts.chart import Chart
from ka_lib.charts.comparison import bars, cycle
from ka_lib.charts.concentration import lorenz, pareto
from ka_lib.charts.customer_map import customer_map
from ka_lib.charts.difference import effects, funnel_gap
from ka_lib.charts.stages import current_stages, funnel
from ka_lib.charts.trend import trend
from ka_lib.charts.waterfall import customer_pnl, revenue_bridge, waterfall
from ka_lib.fonts import setup

__all__ = [
    "Chart",
    "bars",
    "current_stages",
    "customer_map",
    "customer_pnl",
    "cycle",
    "effects",
    "funnel",
    "funnel_gap",
    "lorenz",
    "pareto",
    "revenue_bridge",
    "setup",
    "trend",
    "waterfall",
]
