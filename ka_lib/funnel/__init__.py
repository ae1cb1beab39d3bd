"""The sales funnel: who got how far, where value leaks, how fast and at what cost deals are signed.

Everything starts from `deals`, one row an opportunity. Filter that frame with plain pandas
(one rep, tier A, one source) and pass it on: every other function takes it as it is.

``opportunities``: `deals`, and following any choice of them. ``stages``: how many got how far.
``leaks``: gap, bottleneck and causes against an earlier period. ``rates``: conversion and win rate.
``duration``: sales cycle and time in stage. ``economy``: acquisition cost and velocity. ``watch``:
deals that need a look. ``figures``: what a rate, a cycle and a cost consist of.
"""

from ka_lib.funnel.duration import sales_cycle, time_in_stage
from ka_lib.funnel.economy import acquisition_cost, velocity
from ka_lib.funnel.figures import AcquisitionCost, Cycle, Rate
from ka_lib.funnel.leaks import bottleneck, effects, gap
from ka_lib.funnel.opportunities import deals, follow
from ka_lib.funnel.rates import lead_conversion, proposal_success, win_rate
from ka_lib.funnel.stages import current_stages, reached
from ka_lib.funnel.watch import to_watch

__all__ = [
    "AcquisitionCost",
    "Cycle",
    "Rate",
    "acquisition_cost",
    "bottleneck",
    "current_stages",
    "deals",
    "effects",
    "follow",
    "gap",
    "lead_conversion",
    "proposal_success",
    "reached",
    "sales_cycle",
    "time_in_stage",
    "to_watch",
    "velocity",
    "win_rate",
]
