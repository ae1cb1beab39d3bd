"""The relationship with an account: its stage of life, its care, and how well we know it.

``stages``: life-cycle stage and early warning from the orders. ``care``: contact gaps, renewals
and the calendar of moments that matter. ``offers``: what similar accounts buy. ``records``: how
far the CRM can be trusted.
"""

from ka_lib.relationship.care import by_tier, care_calendar, contact_gaps, renewals
from ka_lib.relationship.offers import cross_sell
from ka_lib.relationship.records import Quality, crm_quality
from ka_lib.relationship.stages import early_warning, life_cycle

__all__ = [
    "Quality",
    "by_tier",
    "care_calendar",
    "contact_gaps",
    "crm_quality",
    "cross_sell",
    "early_warning",
    "life_cycle",
    "renewals",
]
