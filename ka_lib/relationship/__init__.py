"""The relationship with an account: its stage of life, its care, and how well we know it.

``stages``: life-cycle stage. ``warning``: orders behind last year. ``visits``: contact gaps.
``care``: renewals and the calendar of moments that matter. ``offers``: what similar accounts buy.
``records``: how far the CRM can be trusted.
"""

from ka_lib.relationship.care import care_calendar, renewals
from ka_lib.relationship.offers import cross_sell
from ka_lib.relationship.records import Quality, crm_quality
from ka_lib.relationship.stages import life_cycle
from ka_lib.relationship.visits import by_tier, contact_gaps
from ka_lib.relationship.warning import early_warning

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
