"""Concentration: how much of the business hangs on how few accounts.

`pareto` makes the table; everything else reads it. Choose the period with plain pandas first:
``orders[orders["ordered_on"] >= "2025-01-01"]``. The 80/20 rule is a rule of thumb; measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, number_ids, sum_by, unknown_ids
from ka_lib.funnel import Rate

if TYPE_CHECKING:
    from collections.abc import Sequence

NAN = float("nan")
_SLACK = 1e-9  # room for 0.07 * 100 = 7.000000000000001


@dataclass(frozen=True)
class TopShare:
    """What the largest accounts bring: share, yuan, of all yuan; so many of so many accounts."""

    share: float
    value: float
    total: float
    count: int
    base: int


@dataclass(frozen=True)
class Exposure:
    """The largest account: its share and yuan, what is left without it, and how to replace it."""

    account_id: str | None
    share: float
    value: float
    left: float
    growth_needed: float


def pareto(
    orders: pd.DataFrame,
    value: Literal["amount", "gross_profit"] = "amount",
    accounts: pd.DataFrame | None = None,
    roll_up: bool = False,
) -> pd.DataFrame:
    """Rank accounts by what they bring, with shares and running shares.

    Parameters
    ----------
    orders : DataFrame
        Columns ``account_id`` and the one named by ``value`` (yuan, without VAT). A return is a
        negative row: it counts against its account.
    value : {"amount", "gross_profit"}
        Revenue, or what is left after the cost of goods.
    accounts : DataFrame, optional
        Columns ``account_id`` and ``parent_id``; needed for ``roll_up``.
    roll_up : bool
        Count a subsidiary under the parent at the top of its group. Default False: each account
        for itself.

    Returns
    -------
    DataFrame
        One row an account that has an order, the largest first (equal ones by id): ``rank``
        (1, 2, ...), ``account_id``, ``value`` (yuan), ``share`` and ``cumulative_share``
        (fractions). Base: the net total of all orders given. The shares are missing when that
        total is not above 0; one account's is negative when it returned more than it bought, and
        then the running share passes 1 before it falls back.

    Raises
    ------
    TableError
        A column is missing; an account or a value is blank (a blank account is not an account,
        and leaving its orders out would shrink the total); with ``roll_up`` an account or a
        parent that ``accounts`` does not hold.
    ParameterError
        Any other ``value``; ``roll_up`` without ``accounts``; parents that form a circle.
    """
    if value not in ("amount", "gross_profit"):
        raise ParameterError("concentration.value", given=value)
    if roll_up and accounts is None:
        raise ParameterError("concentration.no_accounts")
    lines = need(orders, "orders", ["account_id", value])
    account = lines["account_id"]
    if roll_up and accounts is not None:
        top = top_parent(accounts)
        unknown_ids(account, top.index.to_series(), "orders", "account_id")
        account = account.map(top)
    numbers, names = number_ids(account)
    sums = sum_by(numbers, lines[value].to_numpy("float64"), len(names))
    return _ranked(pd.DataFrame({"account_id": names, "value": sums}))


def _ranked(totals: pd.DataFrame) -> pd.DataFrame:
    table = totals.sort_values(["value", "account_id"], ascending=[False, True], ignore_index=True)
    table["value"] = table["value"].astype("float64")
    total = table["value"].sum()
    table.insert(0, "rank", range(1, len(table) + 1))
    table["share"] = table["value"] / total if total > 0 else NAN
    table["cumulative_share"] = table["value"].cumsum() / total if total > 0 else NAN
    return table


def top_parent(accounts: pd.DataFrame) -> pd.Series:
    """Return the account at the top of each account's group.

    Parameters
    ----------
    accounts : DataFrame
        Columns ``account_id`` and, where there are groups, ``parent_id`` (blank: no parent).

    Returns
    -------
    Series
        Account id by account id; an account without a parent is its own top.

    Raises
    ------
    TableError
        An id is blank or stands twice; a parent is not among the accounts.
    ParameterError
        Parents form a circle: A under B under A.
    """
    ids = need(accounts, "accounts", ["account_id"])
    no_duplicates(ids, "accounts", ["account_id"])
    index = pd.Index(ids["account_id"])
    parents = accounts.get("parent_id", pd.Series(index=accounts.index, dtype="str"))
    parent = pd.Series(parents.to_numpy(), index=index)
    unknown_ids(parent.where(parent.notna(), index), ids["account_id"], "accounts", "parent_id")
    top = parent.where(parent.notna(), index).astype(index.dtype)
    # Each round doubles how far up we look; no chain is longer than the number of accounts.
    for _ in range(len(top).bit_length()):
        top = top.map(top)
    circle = top[top.map(parent).notna()]
    if len(circle):
        raise ParameterError("concentration.circle", accounts=", ".join(sorted(circle.index)[:5]))
    return top.rename("top_parent")


def top_share(
    table: pd.DataFrame,
    fraction: float = 0.2,
    rounding: Literal["ceil", "floor"] = "ceil",
) -> TopShare:
    """Return what share the top x% of accounts bring.

    Parameters
    ----------
    table : DataFrame
        From `pareto`.
    fraction : float
        Of the accounts in the table, above 0 up to 1: 0.2 is the top 20%.
    rounding : {"ceil", "floor"}
        20% of 63 accounts is 12.6: ``"ceil"`` (default) takes 13, ``"floor"`` 12.

    Returns
    -------
    TopShare
        ``share = value / total``, with the yuan and the accounts it comes from (``count`` of
        ``base``). The share is missing without a table or when the total is not above 0.

    Raises
    ------
    ParameterError
        The fraction is not above 0 and at most 1, or another rounding.
    """
    _check_fraction(fraction)
    if rounding not in ("ceil", "floor"):
        raise ParameterError("concentration.rounding", given=rounding)
    exact = fraction * len(table)
    count = math.ceil(exact - _SLACK) if rounding == "ceil" else math.floor(exact + _SLACK)
    values = table.sort_values("rank")["value"]
    value, total = float(values.iloc[:count].sum()), float(values.sum())
    return TopShare(value / total if total > 0 else NAN, value, total, count, len(table))


def accounts_to_reach(table: pd.DataFrame, share: float = 0.8) -> Rate:
    """Return how many of the largest accounts it takes to reach y% of the total.

    Parameters
    ----------
    table : DataFrame
        From `pareto`.
    share : float
        Of the net total, above 0 up to 1.

    Returns
    -------
    Rate
        ``count`` accounts of ``base``, and ``rate = count / base``. Count and rate are missing
        when the table is empty or its total is not above 0.

    Raises
    ------
    ParameterError
        The share is not above 0 and at most 1.
    """
    _check_fraction(share)
    running = table.sort_values("rank")["cumulative_share"].to_numpy()
    enough = running >= share - _SLACK
    if not enough.any():
        return Rate(NAN, NAN, float(len(table)))
    count = int(enough.argmax()) + 1
    return Rate(count / len(table), float(count), float(len(table)))


def hhi(table: pd.DataFrame) -> float:
    """Return the Herfindahl-Hirschman index of a table of accounts, 0 to 10,000.

    Parameters
    ----------
    table : DataFrame
        From `pareto`.

    Returns
    -------
    float
        The sum of squared shares in percent. One account: 10,000; n equal ones: 10,000 / n, so
        10,000 / hhi reads as "as concentrated as so many equal accounts". Accounts that bring
        nothing or less are left out of sum and base, for a square would hide their sign. Missing
        when none is left.

    References
    ----------
    Rhoades, S. A. (1993), "The Herfindahl-Hirschman Index", Federal Reserve Bulletin 79.
    Competition authorities apply their limits to markets; for an account base it is a yardstick.
    """
    value = table.loc[table["value"] > 0, "value"].sort_values()
    return float((value / value.sum() * 100).pow(2).sum()) if len(value) else NAN


def largest(table: pd.DataFrame) -> Exposure:
    """Return how exposed the business is to its largest account.

    Parameters
    ----------
    table : DataFrame
        From `pareto`. For another account, see `without`.

    Returns
    -------
    Exposure
        ``account_id``, ``share`` of the net total, ``value`` (yuan), ``left`` (yuan of all
        others) and ``growth_needed = value / left``: by how much the others must grow to make up
        for it. Share and growth are missing where total or rest is not above 0.
    """
    if table.empty:
        return Exposure(None, NAN, NAN, NAN, NAN)
    ranked = table.sort_values("rank")
    values = ranked["value"]
    value, total, left = float(values.iloc[0]), float(values.sum()), float(values.iloc[1:].sum())
    return Exposure(
        str(ranked["account_id"].iloc[0]),
        value / total if total > 0 else NAN,
        value,
        left,
        value / left if left > 0 else NAN,
    )


def without(table: pd.DataFrame, account_ids: Sequence[str]) -> pd.DataFrame:
    """Return the table as it would be if these accounts left and nothing else changed.

    Parameters
    ----------
    table : DataFrame
        From `pareto`.
    account_ids : sequence of str
        Who leaves.

    Returns
    -------
    DataFrame
        The same columns; ranks and shares are those of the accounts that stay.

    Raises
    ------
    ParameterError
        An account is not in the table.
    """
    leaving = [account_ids] if isinstance(account_ids, str) else list(account_ids)
    for name in leaving:
        if not (table["account_id"] == name).any():
            raise ParameterError("concentration.account", given=name)
    return _ranked(table.loc[~table["account_id"].isin(leaving), ["account_id", "value"]])


def _check_fraction(given: float) -> None:
    if not 0 < given <= 1:
        raise ParameterError("concentration.fraction", given=given)
