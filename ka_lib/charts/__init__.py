"""Charts of the course: a metric's table in, a `Chart` out.

Each is readable in print and by colour-blind readers (differences are written, not only coloured),
bars start at zero, and each carries an alternative text worked out from its own data.
"""

from ka_lib.charts.chart import Chart
from ka_lib.charts.comparison import bars, cycle
from ka_lib.charts.difference import effects, funnel_gap
from ka_lib.charts.stages import current_stages, funnel
from ka_lib.charts.trend import trend
from ka_lib.fonts import setup

__all__ = [
    "Chart",
    "bars",
    "current_stages",
    "cycle",
    "effects",
    "funnel",
    "funnel_gap",
    "setup",
    "trend",
]
