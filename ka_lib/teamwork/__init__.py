"""Working with the other departments: answers in time, money in, goods out, who does what.

``service``: response times against the SLA. ``receivables``: DSO and ageing. ``supply``: on time
and in full. ``duties``: RACI. ``handoffs``: the wait from desk to desk.
``effects``: what a joint plan brought, against control stores.
"""

from ka_lib.teamwork.duties import raci_check
from ka_lib.teamwork.effects import Effect, difference_in_differences
from ka_lib.teamwork.handoffs import handoffs
from ka_lib.teamwork.receivables import ageing, dso
from ka_lib.teamwork.service import sla
from ka_lib.teamwork.supply import otif

__all__ = [
    "Effect",
    "ageing",
    "difference_in_differences",
    "dso",
    "handoffs",
    "otif",
    "raci_check",
    "sla",
]
