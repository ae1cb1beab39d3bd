"""The customer profile: what we know, how they buy, who decides, and what they do not buy yet.

Prevents three usual slips: two orders of one day read as a cycle of 0 days, customers without an
order dropped by a join, and a return taken for a purchase.

A purchase is a row with an amount above 0. Returns (negative) count in money only; free goods
(0) count nowhere. What is dated after ``as_of`` is not known yet and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import distinct_by, need, no_duplicates, number_ids, sum_by, unknown_ids
from ka_lib.tables import ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Sequence

ROLES = ("decision_maker", "influencer", "user")
_ORDER_COLUMNS = ["order_id", "account_id", "ordered_on", "amount"]


def missing_fields(table: pd.DataFrame, fields: Sequence[str] | None = None) -> pd.DataFrame:
    """Report which fields of a table are not filled in.

    Parameters
    ----------
    table : DataFrame
        One row an account, as a rule.
    fields : sequence of str, optional
        What should be known. Default: every field of the accounts table. A field the table has
        no column for is missing in every row.

    Returns
    -------
    DataFrame
        One row a field: ``field``, ``missing`` (cells that are blank or hold only spaces),
        ``base`` (rows) and ``rate`` (missing without rows); the least known field first.
    """
    names = list(ACCOUNTS.names if fields is None else fields)
    missing = []
    for cells in (table.reindex(columns=[name])[name] for name in names):
        filled = cells.dropna().astype("str").str.strip() != ""
        missing.append(len(table) - int(filled.sum()))
    report = pd.DataFrame({"field": names, "missing": missing})
    report["base"] = len(table)
    report["rate"] = report["missing"] / len(table) if len(table) else float("nan")
    return report.sort_values("missing", ascending=False, kind="stable", ignore_index=True)


def purchase_cycle(
    orders: pd.DataFrame, as_of: str | pd.Timestamp, accounts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Measure each account's purchase cycle and say whose order is overdue.

    Parameters
    ----------
    orders : DataFrame
        Columns ``order_id``, ``account_id``, ``ordered_on``, ``amount``; one row an order or an
        order line.
    as_of : date
        The day to look from.
    accounts : DataFrame, optional
        Column ``account_id``: these accounts get a row even without a purchase. Default: the
        accounts that have one.

    Returns
    -------
    DataFrame
        One row an account, by id: ``account_id``, ``order_days`` (distinct days with a
        purchase), ``last_order_on``, ``cycle_days`` (median gap between those days),
        ``next_order_on`` (last day + cycle, half days rounded up) and ``overdue`` (that day is
        before ``as_of``). With fewer than two days there is no gap: the last three are missing.

    Raises
    ------
    TableError
        A column is missing or a cell blank, or an order's account is not among ``accounts``.
    ParameterError
        Every order is dated after ``as_of``.
    """
    day = pd.Timestamp(as_of).normalize()
    bought = _purchases(_known(orders, day))
    days = bought[["account_id", "ordered_on"]].drop_duplicates()
    days = days.sort_values(["account_id", "ordered_on"])
    days["gap"] = days.groupby("account_id")["ordered_on"].diff().dt.days
    by_account = days.groupby("account_id")
    table = by_account.agg(
        order_days=("ordered_on", "size"),
        last_order_on=("ordered_on", "max"),
        cycle_days=("gap", "median"),
    )
    table = _every_account(table, orders, accounts, "orders")
    table["order_days"] = table["order_days"].fillna(0).astype("int64")
    table["cycle_days"] = table["cycle_days"].astype("float64")
    whole_days = pd.to_timedelta(np.ceil(table["cycle_days"]), unit="D")
    table["next_order_on"] = (table["last_order_on"] + whole_days).astype("datetime64[s]")
    overdue = (table["next_order_on"] < day).astype("boolean")
    table["overdue"] = overdue.mask(table["next_order_on"].isna())
    return table


def order_pattern(
    orders: pd.DataFrame, as_of: str | pd.Timestamp, by: Literal["month", "quarter"] = "month"
) -> pd.DataFrame:
    """Show how orders and sales run over the months or quarters.

    Parameters
    ----------
    orders : DataFrame
        As for `purchase_cycle`. For one account, filter first.
    as_of : date
        The day to look from.
    by : {"month", "quarter"}
        The length of a period.

    Returns
    -------
    DataFrame
        One row a calendar period from the first order to ``as_of``, also those without an
        order: ``year``, ``month`` or ``quarter`` (from 1), ``orders`` (purchases, each once),
        ``value`` (yuan, net of returns) and ``complete`` (False: the period ends after
        ``as_of``; do not compare it with a full one). Shares of the year: `ka.targets.seasonality`.

    Raises
    ------
    TableError
        A column is missing or a cell blank.
    ParameterError
        Any other ``by``; every order is dated after ``as_of``.
    """
    if by not in ("month", "quarter"):
        raise ParameterError("profile.by", given=by)
    day, code = pd.Timestamp(as_of).normalize(), by[0].upper()
    lines = _known(orders, day)
    period = lines["ordered_on"].dt.to_period(code)
    first = period.min() if len(lines) else day.to_period(code) + 1
    every = pd.period_range(first, day.to_period(code), freq=code)
    counts = _purchases(lines).groupby(period)["order_id"].nunique()
    sums = lines.groupby(period)["amount"].sum()
    return pd.DataFrame(
        {
            "year": np.asarray(every.year, dtype="int64"),
            by: np.asarray(every.month if by == "month" else every.quarter, dtype="int64"),
            "orders": counts.reindex(every, fill_value=0).to_numpy("int64"),
            "value": sums.reindex(every, fill_value=0.0).to_numpy("float64"),
            "complete": every.end_time.normalize() <= day,
        }
    )


def rfm(
    orders: pd.DataFrame, as_of: str | pd.Timestamp, accounts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return recency, frequency and monetary value of each account.

    Parameters
    ----------
    orders, as_of, accounts
        As for `purchase_cycle`; without ``accounts``, every account with a row has a row.

    Returns
    -------
    DataFrame
        One row an account, by id: ``account_id``, ``recency_days`` (from the last purchase to
        ``as_of``; missing when there is none), ``frequency`` (purchases: orders, not lines) and
        ``monetary`` (yuan, net of returns).

    Raises
    ------
    TableError
        A column is missing or a cell blank, or an order's account is not among ``accounts``.
    ParameterError
        Every order is dated after ``as_of``.

    Notes
    -----
    The recency of a CLV model is another thing: from the first purchase to the last.
    """
    day = pd.Timestamp(as_of).normalize()
    lines = _known(orders, day)
    numbers, names = number_ids(lines["account_id"])
    amounts = lines["amount"].to_numpy("float64")
    bought = amounts > 0
    last = lines["ordered_on"].where(bought).groupby(numbers).max()
    buyers = np.where(bought, numbers, -1)
    table = pd.DataFrame(
        {
            "recency_days": (day - last).dt.days.to_numpy(),
            "frequency": distinct_by(buyers, lines["order_id"], len(names)),
            "monetary": sum_by(numbers, amounts, len(names)),
        },
        index=names,
    )
    table = _every_account(table, orders, accounts, "orders")
    table["frequency"] = table["frequency"].fillna(0).astype("int64")
    table["recency_days"] = table["recency_days"].astype("float64")
    table["monetary"] = table["monetary"].fillna(0).astype("float64")
    return table


def decision_unit(
    contacts: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    roles: Sequence[str] = ROLES,
    unknown: Literal["out", "neutral"] = "out",
) -> pd.DataFrame:
    """Say for each account who of its decision-making unit we know, and how far they support us.

    Parameters
    ----------
    contacts : DataFrame
        One row a person and role: ``account_id``, ``contact_id``, ``role`` (a code such as
        ``"decision_maker"``, ``"influencer"``, ``"user"``, ``"buyer"``, ``"approver"``,
        ``"gatekeeper"``; may be blank), ``weight`` (say in the decision, 0 or more, any scale)
        and ``stance`` (-1 against us to 1 for us; blank: not known). Leave out who has left.
    accounts : DataFrame, optional
        Column ``account_id``: these get a row even without a contact.
    roles : sequence of str
        The roles that should be covered.
    unknown : {"out", "neutral"}
        A contact whose stance is not known is left out of ``support`` (default), or counts as 0.

    Returns
    -------
    DataFrame
        One row an account, by id: ``account_id``, ``contacts`` (persons), ``stances_known``
        (rows with a stance), ``support`` = sum(weight * stance) / sum(weight), from -1 to 1
        (missing when the weights sum to 0), ``roles_covered``, ``roles_asked``, ``coverage``
        (their ratio), ``uncovered`` (codes joined by ", ") and ``single_contact``: fewer than two
        persons, so that one resignation ends the relationship.

    Raises
    ------
    TableError
        A column is missing, an id or weight is blank, a person stands twice in one role, or a
        contact's account is not among ``accounts``.
    ParameterError
        A weight below 0, a stance outside -1 to 1, no roles, or another ``unknown``.
    """
    asked = list(dict.fromkeys(roles))
    if not asked or unknown not in ("out", "neutral"):
        raise ParameterError("profile.roles" if not asked else "profile.unknown", given=unknown)
    rows = need(contacts, "contacts", ["account_id", "contact_id", "weight"])
    need(contacts.head(0), "contacts", ["role", "stance"])  # there, but its cells may be blank
    rows["role"] = contacts["role"].to_numpy()
    rows["stance"] = contacts["stance"].to_numpy("float64")
    no_duplicates(rows, "contacts", ["account_id", "contact_id", "role"])
    if (rows["weight"] < 0).any():
        raise ParameterError("profile.weight", given=rows["weight"].min())
    outside = rows.loc[rows["stance"].abs() > 1, "stance"]
    if len(outside):
        raise ParameterError("profile.stance", given=outside.iloc[0])

    stance = rows["stance"].fillna(0) if unknown == "neutral" else rows["stance"]
    weight = rows["weight"].where(stance.notna())
    sums = pd.DataFrame({"said": weight * stance, "weight": weight})
    sums = sums.groupby(rows["account_id"]).sum()
    grouped = rows.groupby("account_id")
    table = pd.DataFrame(
        {
            "contacts": grouped["contact_id"].nunique(),
            "stances_known": grouped["stance"].count(),
            "support": sums["said"] / sums["weight"].where(sums["weight"] > 0),
        }
    )
    table = _every_account(table, contacts, accounts, "contacts")
    counts = ["contacts", "stances_known"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table["support"] = table["support"].astype("float64")
    held = set(zip(rows["account_id"], rows["role"], strict=True))
    gaps = [[role for role in asked if (name, role) not in held] for name in table["account_id"]]
    table["roles_covered"] = [len(asked) - len(gap) for gap in gaps]
    table["roles_asked"] = len(asked)
    table["coverage"] = table["roles_covered"] / len(asked)
    table["uncovered"] = pd.Series([", ".join(gap) for gap in gaps], dtype="str")
    table["single_contact"] = table["contacts"] < 2  # noqa: PLR2004 - one, or none at all
    return table.astype({"roles_covered": "int64"})


def white_space(
    lines: pd.DataFrame, accounts: pd.DataFrame, products: Sequence[str] | None = None
) -> pd.DataFrame:
    """List what accounts do not buy yet, the most promising first.

    Parameters
    ----------
    lines : DataFrame
        Order lines of the period that counts: ``account_id``, ``product_id``, ``amount`` (yuan).
    accounts : DataFrame
        ``account_id`` and, if known, ``potential`` (what it could buy in a year, yuan).
    products : sequence of str, optional
        The range on offer. Default: every product in ``lines``.

    Returns
    -------
    DataFrame
        One row an account and product it does not buy (its lines, net of returns, are not above
        0): ``account_id``, ``product_id``, ``potential`` (the account's, for everything),
        ``buyers`` (accounts that buy the product), ``base`` (all accounts) and ``rate``. Ordered
        by potential (unknown last), then by rate, then by ids.

    Raises
    ------
    TableError
        A column is missing, a cell blank, an account twice in ``accounts`` or not there at all.
    """
    needed = need(lines, "lines", ["account_id", "product_id", "amount"])
    known = need(accounts, "accounts", ["account_id"])
    no_duplicates(known, "accounts", ["account_id"])
    unknown_ids(needed["account_id"], known["account_id"], "lines", "account_id")
    known["potential"] = accounts.reindex(columns=["potential"])["potential"].to_numpy("float64")
    offered = needed["product_id"] if products is None else pd.Series(products, dtype="str")
    pairs = known.merge(offered.drop_duplicates().rename("product_id"), how="cross")
    net = needed.groupby(["account_id", "product_id"])["amount"].sum().rename("net").reset_index()
    pairs = pairs.merge(net, how="left", on=["account_id", "product_id"])
    buys = pairs["net"] > 0
    pairs["buyers"] = buys.groupby(pairs["product_id"]).transform("sum").astype("int64")
    pairs["base"] = len(known)
    pairs["rate"] = pairs["buyers"] / pairs["base"]
    columns = ["account_id", "product_id", "potential", "buyers", "base", "rate"]
    return pairs.loc[~buys, columns].sort_values(
        ["potential", "rate", "account_id", "product_id"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )


def _known(orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the order rows up to that day, dates without time."""
    lines = need(orders, "orders", _ORDER_COLUMNS)
    lines["ordered_on"] = lines["ordered_on"].dt.normalize()
    if len(lines) and lines["ordered_on"].min() > day:
        raise ParameterError(
            "profile.as_of", day=day.date(), first=lines["ordered_on"].min().date()
        )
    known = lines["ordered_on"] <= day
    return lines if known.all() else lines[known]


def _purchases(lines: pd.DataFrame) -> pd.DataFrame:
    return lines[lines["amount"] > 0]


def _every_account(
    table: pd.DataFrame, rows: pd.DataFrame, accounts: pd.DataFrame | None, name: str
) -> pd.DataFrame:
    """Give each of the accounts a row, by id; without them, leave the table as it is."""
    if accounts is not None:
        ids = need(accounts, "accounts", ["account_id"])
        no_duplicates(ids, "accounts", ["account_id"])
        unknown_ids(rows["account_id"], ids["account_id"], name, "account_id")
        table = table.reindex(pd.Index(ids["account_id"], name="account_id"))
    return table.sort_index().reset_index()
