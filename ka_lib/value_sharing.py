"""Value sharing: the customer pays with part of what it gained, and keeps the rest.

Prevents a contract that pays in the good case only, and one that the supplier loses money on in
the case that is most likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates
from ka_lib.funnel.figures import Readable

if TYPE_CHECKING:
    import pandas as pd

_SLACK = 1e-9  # room for 0.1 + 0.2


@dataclass(frozen=True, repr=False)
class Expected(Readable):
    """Gains averaged over the outcomes, yuan: ``value_created`` is both sides' and the cost."""

    value_created: float
    supplier_gain: float
    customer_gain: float


def gains(  # noqa: PLR0913 - each is a term of the contract, named at the call
    baseline: float,
    outcomes: pd.DataFrame,
    *,
    share: float,
    fixed_fee: float = 0.0,
    cost: float = 0.0,
    below: Literal["supplier_safe", "shared"] = "supplier_safe",
) -> pd.DataFrame:
    """Work out what supplier and customer gain under each outcome.

    Parameters
    ----------
    baseline : float
        The customer's result without the solution, yuan for the contract's period: agreed and
        written down **before** it starts.
    outcomes : DataFrame
        One row an outcome: ``outcome`` (its name), ``value`` (the customer's result with the
        solution, yuan for the same period) and, for `expected`, ``chance``.
    share : float
        The supplier's share of what is gained, a fraction from 0 to 1.
    fixed_fee : float
        What the customer pays in any case, yuan. Default 0.
    cost : float
        What the solution costs the supplier in any case, yuan. Default 0.
    below : {"supplier_safe", "shared"}
        When the result falls short of the baseline: the supplier pays nothing back (default), or
        bears its share of the loss.

    Returns
    -------
    DataFrame
        In order of ``value``, the worst first: ``outcome``, ``value``, ``chance`` where there
        is one, ``value_created`` (value - baseline), ``shared_payment`` (share * value_created),
        ``supplier_gain`` (fixed_fee + shared_payment - cost) and ``customer_gain`` (value_created -
        fixed_fee - shared_payment). The two gains sum to value_created - cost.

    Raises
    ------
    ParameterError
        The share is not from 0 to 1, an amount is negative, any other ``below``.
    TableError
        A column is missing or blank, or an outcome stands twice.
    """
    check_not_negative(fixed_fee=fixed_fee, cost=cost)
    if not 0 <= share <= 1:
        raise ParameterError("value_sharing.share", given=share)
    if below not in {"supplier_safe", "shared"}:
        raise ParameterError("value_sharing.below", given=below)
    columns = ["outcome", "value"]
    columns += ["chance"] if "chance" in outcomes.columns else []
    table = need(outcomes, "outcomes", columns)
    no_duplicates(table, "outcomes", ["outcome"])
    check_columns(table, "outcomes", columns[2:])
    table["value_created"] = table["value"].astype("float64") - baseline
    payable = table["value_created"] if below == "shared" else table["value_created"].clip(lower=0)
    table["shared_payment"] = share * payable
    table["supplier_gain"] = fixed_fee + table["shared_payment"] - cost
    table["customer_gain"] = table["value_created"] - fixed_fee - table["shared_payment"]
    return table.sort_values(["value", "outcome"], ignore_index=True)


def expected(table: pd.DataFrame) -> Expected:
    """Return both sides' gains, averaged over the outcomes by their chances.

    Parameters
    ----------
    table : DataFrame
        From `gains`, with ``chance``.

    Returns
    -------
    Expected
        ``sum(chance * gain)``, yuan. A mean says nothing about the worst case: read the
        table as well.

    Raises
    ------
    TableError
        There is no chance, or one is blank.
    ParameterError
        The chances do not sum to 1.
    """
    columns = ["value_created", "supplier_gain", "customer_gain"]
    rows = need(table, "outcomes", ["chance", *columns])
    total = rows["chance"].sum()
    if abs(total - 1) > _SLACK:
        raise ParameterError("value_sharing.chances", total=round(float(total), 6))
    return Expected(*(float((rows["chance"] * rows[name]).sum()) for name in columns))
