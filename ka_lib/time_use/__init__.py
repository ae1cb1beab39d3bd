"""Where a rep's hours go, what they bring, and what next week should hold.

Prevents three slips: an hour booked twice counted as two, an evening past midnight counted as
minus twenty-two, and the loudest task taken for the one that matters.

``log``: the time log, cut into days. ``spent``: hours by activity, account, week. ``clutter``:
overlaps and switches. ``returns``: what an hour brings. ``priorities``: urgent and important.
``planning``: the week.
"""

from ka_lib.periods import Day, Period
from ka_lib.time_use.clutter import overlaps, switches
from ka_lib.time_use.log import pieces
from ka_lib.time_use.planning import week_plan
from ka_lib.time_use.priorities import quadrants
from ka_lib.time_use.returns import return_on_time, time_and_revenue
from ka_lib.time_use.spent import hours, iso_week

__all__ = [
    "Day",
    "Period",
    "hours",
    "iso_week",
    "overlaps",
    "pieces",
    "quadrants",
    "return_on_time",
    "switches",
    "time_and_revenue",
    "week_plan",
]
