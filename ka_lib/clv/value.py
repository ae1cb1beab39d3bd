"""The value of a customer without contract: purchases expected, what each is worth, discounted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from ka_lib.clv.bg_nbd import expected_purchases
from ka_lib.clv.gamma_gamma import expected_amount
from ka_lib.clv.units import check_discount, whole
from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.clv.bg_nbd import BgNbd
    from ka_lib.clv.gamma_gamma import GammaGamma


def lifetime_value(  # noqa: PLR0913 - every assumption of a value is named
    history: pd.DataFrame,
    purchases: BgNbd,
    amounts: GammaGamma,
    *,
    horizon: int,
    discount: float,
    margin: float,
    past: Literal["out", "in"] = "out",
) -> pd.DataFrame:
    """Return the value of each customer who is not under contract.

    Parameters
    ----------
    history : DataFrame
        From `purchase_history`, in the unit of ``purchases``.
    purchases, amounts : BgNbd, GammaGamma
        The fitted models.
    horizon : int
        Whole units of the model to look ahead: 52 for a year of weeks.
    discount : float
        A fraction **per that unit**; make it from a yearly one with `rate_per_unit`.
    margin : float
        The part of an order that is earned, a fraction.
    past : {"out", "in"}
        ``"in"`` adds the margin on what was bought already, undiscounted. A decision about the
        future needs ``"out"``.

    Returns
    -------
    DataFrame
        ``account_id``, ``active``, ``expected_purchases`` (in the horizon), ``expected_amount``
        (yuan) and ``value`` (yuan of margin; the purchases of each unit are discounted from its end).

    Raises
    ------
    ParameterError
        The units differ, the horizon is not whole, the margin above 1 or the discount negative.
    """
    check_discount(discount)
    if past not in ("out", "in"):
        raise ParameterError("clv.choice", given=past, choices="out, in")
    if not margin <= 1:
        raise ParameterError("clv.margin", given=margin)
    result = expected_purchases(purchases, history, whole(horizon))
    result["expected_amount"] = expected_amount(amounts, history)
    so_far, worth = np.zeros(len(history)), np.zeros(len(history))
    for t in range(1, horizon + 1):
        reached = expected_purchases(purchases, history, t)["expected_purchases"].to_numpy()
        worth += (reached - so_far) / (1 + discount) ** t
        so_far = reached
    result["value"] = margin * worth * result["expected_amount"]
    if past == "in":
        result["value"] += margin * history["past_amount"].to_numpy("float64")
    return result
