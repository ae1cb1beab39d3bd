"""Customer health: the score, why accounts leave, whether the warning works, what is at risk.

``scoring``: the health score. ``churn``: causes of losses and the back-test of the warning.
``risk``: accounts that hang on one contact. ``pricing``: what a price war costs.
"""

from ka_lib.health.churn import Backtest, backtest, causes
from ka_lib.health.pricing import price_war
from ka_lib.health.risk import exposure
from ka_lib.health.scoring import score

__all__ = ["Backtest", "backtest", "causes", "exposure", "price_war", "score"]
