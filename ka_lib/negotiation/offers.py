"""What an offer costs the buyer in all, and what waiting for it costs."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ka_lib.amounts import check_columns, check_fraction, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates

_OFFER = ("upfront", "unit_price", "units_per_year", "lot_units", "yearly_cost", "residual")


def tco(
    offers: pd.DataFrame,
    years: int,
    *,
    discount_rate: float = 0.0,
    carrying_rate: float = 0.0,
    payments: Literal["end", "start"] = "end",
) -> pd.DataFrame:
    """Add up what each offer costs the buyer over n years (total cost of ownership).

    Parameters
    ----------
    offers : DataFrame
        One row an offer, every cell filled (0 where there is nothing): ``offer`` (its name),
        ``upfront`` (yuan on day one), ``unit_price`` (yuan), ``units_per_year``, ``lot_units``
        (units a delivery), ``yearly_cost`` (freight, service, waste: yuan a year) and
        ``residual`` (yuan got back at the end of the last year).
    years : int
        Number of years, at least 1.
    discount_rate : float
        Per year. Default 0: nothing is discounted, and both totals agree.
    carrying_rate : float
        Cost of holding stock, per year and yuan of stock. Default 0.
    payments : {"end", "start"}
        When a year's payments fall. Default: at its end.

    Returns
    -------
    DataFrame
        One row an offer, the cheapest ``discounted`` first (then ``nominal``, then the name):
        ``offer``, ``unit_price``, the sums over all years ``upfront``, ``purchases``,
        ``carrying`` (average stock = half a lot: ``lot_units / 2 * unit_price * carrying_rate``
        a year), ``running``, ``residual`` (counts against the cost), and
        ``nominal = upfront + purchases + carrying + running - residual``. ``discounted`` is the
        present value of the same payments; only this one may be called a present value.

    Raises
    ------
    TableError
        A column is missing, blank, not a number or negative, or an offer stands twice.
    ParameterError
        The years are not whole and positive, a rate is not a fraction, or ``payments`` is unknown.

    Notes
    -----
    Taxes, safety stock and price rises are left out. Average stock of half a lot supposes even
    use and deliveries on the day the stock runs out, as in the economic order quantity (Harris
    1913). Total cost of ownership: Ellram (1995).
    """
    if not years >= 1 or years % 1:
        raise ParameterError("negotiation.years", given=years)
    if payments not in {"end", "start"}:
        raise ParameterError("negotiation.timing", given=payments)
    check_fraction(discount_rate=discount_rate, carrying_rate=carrying_rate)
    rows = need(offers, "offers", ["offer", *_OFFER])
    no_duplicates(rows, "offers", ["offer"])
    check_columns(rows, "offers", _OFFER)

    a_year = pd.DataFrame(
        {
            "purchases": rows["unit_price"] * rows["units_per_year"],
            "carrying": rows["lot_units"] / 2 * rows["unit_price"] * carrying_rate,
            "running": rows["yearly_cost"],
        }
    ).astype("float64")
    first = 1 if payments == "end" else 0
    worth_of_payments = sum((1 + discount_rate) ** -t for t in range(first, first + int(years)))
    worth_of_residual = (1 + discount_rate) ** -int(years)
    table = rows[["offer", "unit_price", "upfront"]].join(a_year * years)
    table["residual"] = rows["residual"]
    table["nominal"] = rows["upfront"] + a_year.sum(axis="columns") * years - rows["residual"]
    table["discounted"] = (
        rows["upfront"]
        + a_year.sum(axis="columns") * worth_of_payments
        - rows["residual"] * worth_of_residual
    )
    return table.sort_values(["discounted", "nominal", "offer"], ignore_index=True)


def delay_cost(monthly_gain: float, months: float, one_off: float = 0.0) -> float:
    """Return what waiting costs the customer: ``monthly_gain * months + one_off``.

    Parameters
    ----------
    monthly_gain : float
        What the solution would save or earn a month, yuan, net of its own cost.
    months : float
        How long the decision waits.
    one_off : float
        A loss that comes once with the delay: a missed season, a price rise. Yuan.

    Returns
    -------
    float
        Yuan, not discounted. What the customer gains by waiting is left out.
    """
    check_not_negative(monthly_gain=monthly_gain, months=months, one_off=one_off)
    return monthly_gain * months + one_off
