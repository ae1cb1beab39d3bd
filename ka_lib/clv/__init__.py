"""Customer lifetime value, by three models that say their name.

The margin multiple for a first estimate, sBG for customers under contract (they tell you when they
leave), BG/NBD with Gamma-Gamma for those who simply stop ordering. Prevents the classic fault of
weeks read as days: the time unit travels with the data and the model.

``contracts``: margin multiple and sBG. ``history``: what accounts bought so far. ``bg_nbd``: how
often they will buy. ``gamma_gamma``: what a purchase is worth. ``value``: both put together.
``units``: time units and discount rates. ``likelihood``: how a model is fitted.
"""

from ka_lib.clv.bg_nbd import BgNbd, expected_purchases, fit_bg_nbd
from ka_lib.clv.contracts import Sbg, fit_sbg, margin_multiple, sbg_survival, sbg_value
from ka_lib.clv.gamma_gamma import GammaGamma, expected_amount, fit_gamma_gamma
from ka_lib.clv.history import purchase_history
from ka_lib.clv.units import DAYS, Timing, Unit, rate_per_unit
from ka_lib.clv.value import lifetime_value

__all__ = [
    "DAYS",
    "BgNbd",
    "GammaGamma",
    "Sbg",
    "Timing",
    "Unit",
    "expected_amount",
    "expected_purchases",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_sbg",
    "lifetime_value",
    "margin_multiple",
    "purchase_history",
    "rate_per_unit",
    "sbg_survival",
    "sbg_value",
]
