"""Money that is owed: how many days of sales, and how long overdue.

Prevents three slips: receivables with VAT over sales without it, receivables of today over sales
of another time, and unpaid invoices that drop out because they have no payment date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

if TYPE_CHECKING:
    from ka_lib.periods import Day

NAN = float("nan")
ONE_DAY = pd.Timedelta(days=1)
BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")
_LIMITS = (0, 30, 60, 90)
_NEEDED = ["invoice_id", "account_id", "invoiced_on", "due_on", "amount"]


def dso(
    payments: pd.DataFrame,
    as_of: Day,
    days: int = 90,
    *,
    by: Literal["account_id"] | None = "account_id",
    method: Literal["window", "count_back"] = "window",
) -> pd.DataFrame:
    """Return the days sales outstanding: how many days of sales are still owed.

    Parameters
    ----------
    payments : DataFrame
        ``invoice_id``, ``account_id``, ``invoiced_on``, ``due_on``, ``amount`` (yuan with VAT),
        ``paid_on`` (blank: not paid) and ``paid_amount`` (yuan with VAT; without the column, or
        blank beside a date: all of it).
    as_of : date
        Invoices and payments after this day are not known yet.
    days : int
        The window of sales, ending with ``as_of``. Default 90. As long as the longest payment
        term: with a shorter one, the figure passes the window.
    by : {"account_id"} or None
        One row an account, or one row for all.
    method : {"window", "count_back"}
        ``"window"``: receivables / sales of the window x days. ``"count_back"``: take one month's
        sales after the other off the receivables, going back from ``as_of``, and count the days;
        it does not mistake a strong month for slow payment.

    Returns
    -------
    DataFrame
        The account, ``receivable`` (yuan with VAT, paid parts off), ``invoiced`` (sales with VAT,
        invoiced in the window), ``days`` (its length) and ``dso`` (days): the slowest first.
        Missing when nothing was invoiced in the window, or (count-back) when more is owed than
        the table's invoices can explain.

    Raises
    ------
    TableError
        A column is missing, a needed cell blank, an invoice twice, an amount negative, or more
        paid than invoiced.
    ParameterError
        The days are not above 0, or ``by`` or ``method`` is unknown.
    """
    _check_by(by)
    if method not in ("window", "count_back"):
        raise ParameterError("kpi.choice", given=method, choices="window, count_back")
    if not days > 0:
        raise ParameterError("teamwork.days", given=days)
    day = pd.Timestamp(as_of).normalize()
    rows = _open(payments, day)
    recent = rows["invoiced_on"] > day - days * ONE_DAY
    group = rows["account_id"] if by else pd.Series("", index=rows.index)
    table = pd.DataFrame(
        {
            "receivable": rows["open"].groupby(group).sum(),
            "invoiced": rows["amount"].where(recent, 0.0).groupby(group).sum(),
        }
    ).astype("float64")
    table["days"] = days
    if method == "window":
        base = table["invoiced"].where(table["invoiced"] > 0)
        table["dso"] = table["receivable"] / base * days
    else:
        table["dso"] = pd.Series(
            {
                name: _count_back(invoices, day, table.loc[name, "receivable"])
                for name, invoices in rows.groupby(group)
            },
            dtype="float64",
        )
    if by is None:
        return table.reset_index(drop=True)
    ordered = table.rename_axis(by).reset_index()
    return ordered.sort_values(["dso", by], ascending=[False, True], ignore_index=True)


def ageing(
    payments: pd.DataFrame, as_of: Day, by: Literal["account_id"] | None = "account_id"
) -> pd.DataFrame:
    """Sort what is owed by how long it is overdue.

    Parameters
    ----------
    payments, as_of, by
        As for `dso`.

    Returns
    -------
    DataFrame
        One row an account with an invoice, the most overdue money first: the account,
        ``receivable``, ``not_due`` (due on ``as_of`` or later), ``days_1_30``, ``days_31_60``,
        ``days_61_90``, ``over_90``, ``overdue_amount`` (the last four) and ``overdue_rate`` =
        overdue_amount / receivable (missing when nothing is owed). Yuan with VAT. Unpaid invoices
        count in full, partly paid ones with the rest.

    Raises
    ------
    TableError, ParameterError
        As for `dso`.
    """
    _check_by(by)
    day = pd.Timestamp(as_of).normalize()
    rows = _open(payments, day)
    late = (day - rows["due_on"]).dt.days.to_numpy()
    bucket = np.array(BUCKETS)[np.searchsorted(_LIMITS, late)] if len(rows) else []
    group = rows["account_id"] if by else pd.Series("", index=rows.index)
    keys = [group.rename("group"), pd.Series(bucket, index=rows.index, dtype="str", name="bucket")]
    sums = rows.groupby(keys)["open"].sum().unstack()  # noqa: PD010 - one value a cell
    sums = sums.reindex(columns=list(BUCKETS)).astype("float64").fillna(0.0)
    table = sums.rename_axis(columns=None)
    table.insert(0, "receivable", table[list(BUCKETS)].sum(axis="columns"))
    table["overdue_amount"] = table[list(BUCKETS[1:])].sum(axis="columns")
    table["overdue_rate"] = table["overdue_amount"] / table["receivable"].where(
        table["receivable"] > 0
    )
    if by is None:
        return table.reset_index(drop=True)
    ordered = table.rename_axis(by).reset_index()
    keyed = ordered.assign(cents=ordered["overdue_amount"].round(2)).sort_values(
        ["cents", by], ascending=[False, True], ignore_index=True
    )
    return keyed.drop(columns="cents")


def _open(payments: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the invoices up to that day with ``open``: what was still owed at its end."""
    rows = need(payments, "payments", _NEEDED)
    no_duplicates(rows, "payments", ["invoice_id"])
    need(payments.head(0), "payments", ["paid_on"])  # there, but its cells may be blank
    for column in ("invoiced_on", "due_on"):
        rows[column] = pd.to_datetime(rows[column]).dt.normalize()
    rows["paid_on"] = pd.to_datetime(payments["paid_on"]).dt.normalize().to_numpy()
    paid = payments.reindex(columns=["paid_amount"])["paid_amount"].reset_index(drop=True)
    rows["paid"] = paid.astype("float64").fillna(rows["amount"]).where(rows["paid_on"].notna(), 0.0)
    check_columns(rows, "payments", ["amount", "paid"])
    too_much = rows["paid"] > rows["amount"] + 0.005  # half a cent
    if too_much.any():
        row = int(too_much.idxmax())
        problem = text(
            "teamwork.overpaid", row=row + 1, paid=rows["paid"][row], amount=rows["amount"][row]
        )
        raise TableError("tables.invalid", table="payments", problems=f"- {problem}")
    rows["open"] = (rows["amount"] - rows["paid"].where(rows["paid_on"] <= day, 0.0)).round(2)
    # From the smallest up, so that sums do not depend on the order of the rows.
    return rows[rows["invoiced_on"] <= day].sort_values(["open", "amount"])


def _count_back(invoices: pd.DataFrame, day: pd.Timestamp, owed: float) -> float:
    month = invoices["invoiced_on"].dt.to_period("M")
    by_month = invoices.groupby(month)["amount"].sum()
    running = pd.Period(day, "M")
    counted = 0.0
    for period in pd.period_range(by_month.index.min(), running)[::-1]:
        length = day.day if period == running else period.days_in_month
        sold = float(by_month.get(period, 0.0))
        if owed <= 0 or sold >= owed:
            return counted + (owed / sold * length if owed > 0 else 0.0)
        owed, counted = round(owed - sold, 2), counted + length
    return counted if owed <= 0 else NAN


def _check_by(by: str | None) -> None:
    if by not in ("account_id", None):
        raise ParameterError("kpi.choice", given=by, choices="account_id, None")
