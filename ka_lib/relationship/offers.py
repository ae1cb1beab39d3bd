"""Cross-selling: what accounts of the same kind buy and this one does not.

Prevents the list of everything an account does not buy: hardly anybody buys everything. What its
peers buy is the better question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.periods import months_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.periods import Day


def cross_sell(  # noqa: PLR0913 - each is a choice that the reader must see
    accounts: pd.DataFrame,
    orders: pd.DataFrame,
    order_lines: pd.DataFrame,
    as_of: Day,
    *,
    of: Sequence[str] | None = None,
    months: int = 12,
    least_rate: float = 0.5,
) -> pd.DataFrame:
    """List what similar accounts buy and this one does not, the most valuable first.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id``, ``segment`` (blank: no similar accounts).
    orders : DataFrame
        ``order_id``, ``account_id``, ``ordered_on``.
    order_lines : DataFrame
        ``order_id``, ``product_id``, ``amount`` (yuan; returns negative).
    as_of : date
        The last day the data covers, included.
    of : sequence of str, optional
        The accounts to look for offers for, such as those in growth. Default: all.
    months : int
        So many whole months that are over count. Default 12: ``value`` is then a year's.
    least_rate : float
        Offer what at least this share of the similar accounts buys. Default one half.

    Returns
    -------
    DataFrame
        One row an account and product: ``account_id``, ``segment``, ``product_id``, ``buyers``
        (similar accounts that buy it), ``base`` (similar accounts: the other ones of the segment
        that bought anything), ``rate`` and ``value``: the product's share of all that the similar
        accounts bought times what this account bought (yuan of the same length of time). By
        ``value``, then ``rate``, then ids. An account buys a product when its lines, net of
        returns, are above 0. An account without purchases or without others like it has no row.

    Raises
    ------
    TableError
        A column is missing, an id, date or amount is blank, or an account or order is unknown.
    ParameterError
        ``least_rate`` is not above 0 up to 1, or the months are not a whole number above 0.

    Notes
    -----
    The value supposes that the account would give the product the same share of its purchases as
    its peers do. It is a size to start from, not a forecast.
    """
    if not 0 < least_rate <= 1:
        raise ParameterError("relationship.least_rate", given=least_rate)
    if not months >= 1 or months % 1:
        raise ParameterError("periods.months", given=months)
    known = need(accounts, "accounts", ["account_id"])
    no_duplicates(known, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["segment"])  # there, but its cells may be blank
    segment = pd.Series(accounts["segment"].to_numpy(), index=pd.Index(known["account_id"]))
    asked = known["account_id"] if of is None else pd.Series(list(of), dtype="str")
    unknown_ids(asked, known["account_id"], "of", "account_id")
    bought = _bought(orders, order_lines, known["account_id"], as_of, months)

    rows = []
    for name, bought_here in bought.groupby(bought["account_id"].map(segment)):
        by_product = bought_here.pivot_table(
            index="account_id", columns="product_id", values="amount", aggfunc="sum", fill_value=0.0
        )
        for account in by_product.index.intersection(asked):
            own, peers = by_product.loc[account], by_product.drop(index=account)
            if peers.empty:
                continue
            buyers, sums = (peers > 0).sum(), peers.sum()
            offer = pd.DataFrame({"buyers": buyers, "base": len(peers)}).rename_axis("product_id")
            offer["rate"] = offer["buyers"] / offer["base"]
            offer["value"] = sums / sums.sum() * own.sum()
            offer = offer[(own <= 0) & (offer["rate"] >= least_rate)].reset_index()
            rows.append(offer.assign(account_id=account, segment=name))
    columns = ["account_id", "segment", "product_id", "buyers", "base", "rate", "value"]
    table = pd.concat(rows) if rows else pd.DataFrame(columns=columns)
    types = {"buyers": "int64", "base": "int64", "rate": "float64", "value": "float64"}
    texts = dict.fromkeys(columns[:3], "str")
    table = table[columns].astype(types | texts)
    return _in_order(table)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    # To the cent: what the order of adding leaves behind must not break a tie.
    keyed = table.assign(cents=table["value"].round(2))
    ordered = keyed.sort_values(
        ["cents", "rate", "account_id", "product_id"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return ordered.drop(columns="cents")


def _bought(
    orders: pd.DataFrame, order_lines: pd.DataFrame, accounts: pd.Series, as_of: Day, months: int
) -> pd.DataFrame:
    """Return net amounts by account and product; accounts whose total is above 0."""
    end = months_over(as_of)
    start = end - pd.DateOffset(months=int(months))
    heads = need(orders, "orders", ["order_id", "account_id", "ordered_on"])
    no_duplicates(heads, "orders", ["order_id"])
    unknown_ids(heads["account_id"], accounts, "orders", "account_id")
    lines = need(order_lines, "order_lines", ["order_id", "product_id", "amount"])
    unknown_ids(lines["order_id"], heads["order_id"], "order_lines", "order_id", other="orders")
    inside = heads[(heads["ordered_on"] >= start) & (heads["ordered_on"] < end)]
    joined = lines.merge(inside, on="order_id").sort_values("amount")
    net = joined.groupby(["account_id", "product_id"], as_index=False)["amount"].sum()
    total = net.groupby("account_id")["amount"].transform("sum")
    return net[total > 0]
