"""Subscription or sale (W10): move fee, churn, rate and months, see which one earns more."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ka_lib import subscription
from ka_lib.charts import running_cash
from ka_lib.charts.difference import signed_money
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import MISSING, money
from ka_lib.widgets.board import what_if
from ka_lib.widgets.negotiation_board import small_table

_STYLE: dict[str, Any] = {"description_width": "190px"}
_WIDE = "430px"
_VISIBLE = 0.5  # yuan; less is rounding
_MOST_CHURN = 0.08  # a month
_MOST_RATE = 0.2  # a year
_MONTHS = (12, 72, 6)


@dataclass(frozen=True)
class Rental:
    """One unit, rented against sold: yuan.

    Parameters
    ----------
    sale, rent : float
        Present value of both for the supplier.
    sale_cash, rent_cash : float
        Sum of the cash, not discounted.
    payback_month : int or None
        The first month whose running cash is 0 or more; None when there is none.
    tied_up : float
        The most money out at any time.
    """

    sale: float
    rent: float
    sale_cash: float
    rent_cash: float
    payback_month: int | None
    tied_up: float


def rent_or_sale(  # noqa: PLR0913 - each is a term of the contract, named at the call
    *,
    price: float,
    cost: float,
    fee: float,
    service: float,
    churn: float,
    yearly_rate: float,
    months: int,
) -> Rental:
    """Work out what one unit brings, rented and sold; the terms are those of `cash_flows`.

    Examples
    --------
    >>> rent_or_sale(
    ...     price=1200, cost=900, fee=110, service=10, churn=0, yearly_rate=0, months=12
    ... )
    Rental(sale=300.0, rent=300.0, sale_cash=300.0, rent_cash=300.0, payback_month=9, tied_up=900.0)
    """
    flows = subscription.cash_flows(
        price=price, cost=cost, fee=fee, service=service, churn=churn, months=months
    )
    table = subscription.subscription_or_sale(flows, yearly_rate).set_index("model")
    sale, rent = table.loc["sale"], table.loc["subscription"]
    back = rent["payback_month"]
    return Rental(
        float(sale["npv"]),
        float(rent["npv"]),
        float(sale["cash"]),
        float(rent["cash"]),
        None if pd.isna(back) else int(back),
        float(rent["tied_up"]),
    )


def subscription_slider(  # noqa: PLR0913 - as above
    *,
    price: float,
    cost: float,
    fee: float,
    service: float = 0.0,
    churn: float = 0.015,
    yearly_rate: float = 0.1,
    months: int = 48,
) -> Any:
    """Return the board: sliders for fee, churn, yearly rate and months of one unit.

    Parameters
    ----------
    price, cost, service : float
        As in `ka_lib.subscription.cash_flows`; they stay as given. Yuan without VAT.
    fee, churn, yearly_rate, months : float
        Where the sliders start: yuan a month, fraction a month, fraction a year, months.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``fee``, ``churn``, ``yearly_rate``, ``months``.

    Raises
    ------
    ParameterError
        An amount is negative, the fee is 0, or a rate is no fraction.
    """
    if not fee > 0:
        raise ParameterError("widgets_rental.fee", given=fee)
    fixed: dict[str, Any] = {"price": price, "cost": cost, "service": service}
    start = rent_or_sale(fee=fee, churn=churn, yearly_rate=yearly_rate, months=months, **fixed)

    def draw(**now: Any) -> str:
        after = rent_or_sale(**fixed, **now)
        sentence = html.escape(reading(after))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        flows = subscription.cash_flows(
            **fixed, **{name: now[name] for name in ("fee", "churn", "months")}
        )
        return spoken + _figures(start, after) + running_cash(flows).html()

    return what_if(_sliders(fee, churn, yearly_rate, months), draw)


def reading(one: Rental) -> str:
    """Return one sentence: which brings more in today's money, and when the rent has paid back."""
    gap = one.rent - one.sale
    key = "same" if abs(gap) < _VISIBLE else "more" if gap > 0 else "less"
    said = text(
        f"widgets_rental.{key}", gap=money(abs(gap)), rent=money(one.rent), sale=money(one.sale)
    )
    if one.payback_month is None:
        return said + text("widgets_rental.never", tied_up=money(one.tied_up))
    return said + text("widgets_rental.back", month=one.payback_month, tied_up=money(one.tied_up))


def _figures(start: Rental, now: Rental) -> str:
    """Return the figures as a small table: at the start, now, difference."""
    pairs = (
        ("sale", start.sale, now.sale),
        ("rent", start.rent, now.rent),
        ("gap", start.rent - start.sale, now.rent - now.sale),
        ("rent_cash", start.rent_cash, now.rent_cash),
    )
    rows: list[tuple[str, ...]] = [
        (text(f"widgets_rental.row_{name}"), money(before), money(after), _signed(after - before))
        for name, before, after in pairs
    ]
    months = [
        MISSING if one.payback_month is None else str(one.payback_month) for one in (start, now)
    ]
    rows.append((text("widgets_rental.row_back"), *months, ""))
    heads = [text(f"widgets_rental.head_{name}") for name in ("start", "now", "difference")]
    return small_table(("", *heads), rows)


def _signed(difference: float) -> str:
    return signed_money(round(difference, 2)) if abs(difference) >= _VISIBLE else "0"


def _sliders(fee: float, churn: float, yearly_rate: float, months: int) -> dict[str, Any]:
    import ipywidgets

    shared: dict[str, Any] = {"style": _STYLE, "layout": {"width": _WIDE}}
    low, high, step = _MONTHS
    return {
        "fee": ipywidgets.FloatSlider(
            fee, min=0, max=round(2 * fee, -1), step=10, readout_format=",.0f",
            description=text("widgets_rental.fee_a_month"), **shared,
        ),
        "churn": ipywidgets.FloatSlider(
            churn, min=0, max=max(_MOST_CHURN, churn), step=0.001, readout_format=".1%",
            description=text("widgets_rental.churn"), **shared,
        ),
        "yearly_rate": ipywidgets.FloatSlider(
            yearly_rate, min=0, max=max(_MOST_RATE, yearly_rate), step=0.005, readout_format=".1%",
            description=text("widgets_rental.rate"), **shared,
        ),
        "months": ipywidgets.IntSlider(
            months, min(low, months), max(high, months), step,
            description=text("widgets_rental.months"), **shared,
        ),
    }  # fmt: skip
