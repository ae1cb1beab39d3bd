"""What an account really earns: from list sales down to its net contribution.

Prevents the classic surprise of key accounts: the biggest customer, ranked by revenue, barely
pays once rebates, fees, promoters and payment terms are counted. Prevents its opposite as well:
a fee counted twice, once when it was accrued and again when the claim was settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.language import text
from ka_lib.periods import check_period

if TYPE_CHECKING:
    from ka_lib.company import Company
    from ka_lib.periods import Day

BEFORE_NET_SALES = (
    "on_invoice_discount",
    "rebates",
    "contracted_fees",
    "uncontracted_fees",
    "returns",
)
AFTER_NET_SALES = ("cost_of_goods", "logistics", "promoters", "capital")
LINES = BEFORE_NET_SALES + AFTER_NET_SALES
BOOKINGS = ("accrued", "settled")


def contribution(
    sales: pd.DataFrame,
    terms: pd.DataFrame,
    *,
    booking: Literal["accrued", "settled"] = "accrued",
    revenue: Literal["gross_sales", "net_sales"] = "gross_sales",
) -> pd.DataFrame:
    """Return each account's P&L, its rank by revenue, and beside it the rank by what is left.

    Parameters
    ----------
    sales : DataFrame
        One row an account: ``account_id``, ``gross_sales`` (at list prices, before any discount,
        **without VAT**, yuan, for the period).
    terms : DataFrame
        One row a term: ``account_id``, ``term_id`` (each term of an account once), ``line`` (one
        of ``LINES``), ``booking`` ("accrued" or "settled"), ``rate`` (fraction of the account's
        gross sales without VAT) **or** ``amount`` (yuan of the same period), and ``vat_rate``
        (the VAT inside the amount: 0.13, or 0 when it is stated without). All are deductions,
        written as positive numbers.
    booking : {"accrued", "settled"}
        Which rows count. The same fee stands in the books twice, when it is accrued and when the
        claim is settled: never both in one P&L. Default: accrued, as the period earned it. Lines
        that are never claimed (cost of goods, capital) must stand under the same booking.
    revenue : {"gross_sales", "net_sales"}
        What ``revenue_rank`` is by. Default: gross sales.

    Returns
    -------
    DataFrame
        One row an account of ``sales``, the largest by revenue first: ``account_id``,
        ``gross_sales``, the five lines down to ``net_sales``, the four down to
        ``net_contribution`` (yuan; lines are positive and are subtracted),
        ``contribution_rate`` (base: gross sales; missing without sales), ``revenue_rank`` and
        ``contribution_rank`` (1 is the best; equal accounts share the better rank).
        An account without a cost of goods has a missing contribution and no rank by it, not a
        margin of 100 %. Any other line without a term is 0.

    Raises
    ------
    TableError
        A column is missing or blank, an account or line is unknown, a term stands twice under
        one booking, rate and amount are both filled or both blank, or a number is negative.
    ParameterError
        ``booking`` or ``revenue`` is not one of the two.

    Notes
    -----
    Overhead that does not depend on the account (head office, the brand's advertising) is left
    out. The cost of capital is a term like the others: days of credit / 365 * yearly rate.
    """
    if booking not in BOOKINGS:
        raise ParameterError("customer_pnl.booking", given=booking)
    if revenue not in {"gross_sales", "net_sales"}:
        raise ParameterError("customer_pnl.revenue", given=revenue)
    accounts = need(sales, "sales", ["account_id", "gross_sales"])
    no_duplicates(accounts, "sales", ["account_id"])
    check_columns(accounts, "sales", ["gross_sales"])
    gross = accounts.set_index("account_id")["gross_sales"].astype("float64").sort_index()

    counted = _deductions(terms, accounts["account_id"], gross)
    counted = counted[counted["booking"] == booking]
    lines = counted.pivot_table(index="account_id", columns="line", values="value", aggfunc="sum")
    lines = lines.reindex(index=gross.index, columns=list(LINES)).astype("float64")
    no_cost = lines["cost_of_goods"].isna() & (gross > 0)
    lines = lines.fillna(0.0)
    lines.loc[no_cost, "cost_of_goods"] = float("nan")

    table = pd.DataFrame({"gross_sales": gross}).join(lines[list(BEFORE_NET_SALES)])
    table["net_sales"] = gross - lines[list(BEFORE_NET_SALES)].sum(axis="columns")
    table = table.join(lines[list(AFTER_NET_SALES)])
    costs = lines[list(AFTER_NET_SALES)].sum(axis="columns", skipna=False)
    table["net_contribution"] = table["net_sales"] - costs
    table["contribution_rate"] = table["net_contribution"] / gross.where(gross > 0)
    # To the cent: what the order of adding leaves behind must not break a tie.
    ranks = table[[revenue, "net_contribution"]].round(2).rank(method="min", ascending=False)
    table["revenue_rank"] = ranks[revenue].astype("Int64")
    table["contribution_rank"] = ranks["net_contribution"].astype("Int64")
    ordered = table.rename_axis("account_id").reset_index()
    return ordered.sort_values(["revenue_rank", "account_id"], ignore_index=True)


def of_company(
    company: Company,
    start: Day,
    end: Day,
    *,
    booking: Literal["accrued", "settled"] = "accrued",
    revenue: Literal["gross_sales", "net_sales"] = "gross_sales",
) -> pd.DataFrame:
    """Return the P&L of every account of a company that ordered in a period or has terms.

    Parameters
    ----------
    company : Company
        Needs ``orders.list_amount`` (yuan without VAT) and the trade terms, whose amounts are of
        the 12 months to ``company.as_of``.
    start, end : date
        From ``start`` up to, but not on, ``end``: those 12 months, unless every term is a rate.
    booking, revenue
        As for `contribution`.

    Returns
    -------
    DataFrame
        From `contribution`; gross sales are the list amounts above 0. Returned goods are no
        negative sales: they stand in the line ``returns``, once. An account that only returned
        goods, or has terms without an order, has gross sales of 0.

    Raises
    ------
    TableError
        As for `contribution`; ``list_amount`` is missing.
    ParameterError
        The period is empty, or is not the 12 months that the terms' amounts are of.
    """
    first, last = check_period((start, end))
    _same_year(company, first, last)
    orders = need(company.orders, "orders", ["account_id", "ordered_on", "list_amount"])
    inside = orders[(orders["ordered_on"] >= first) & (orders["ordered_on"] < last)]
    # From the smallest up, so that the sums do not depend on the order of the rows.
    sold = inside["list_amount"].clip(lower=0).groupby(inside["account_id"].to_numpy())
    sums = sold.apply(lambda amounts: amounts.sort_values().sum()).astype("float64")
    known = sums.index.union(pd.Index(company.trade_terms["account_id"].dropna()).unique())
    gross = sums.reindex(known).fillna(0.0).rename_axis("account_id").rename("gross_sales")
    sales = gross.reset_index()
    return contribution(sales, company.trade_terms, booking=booking, revenue=revenue)


def _same_year(company: Company, first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Raise when yearly amounts would be taken from the sales of another period."""
    terms = company.trade_terms
    if "amount" not in terms or terms["amount"].isna().all():
        return
    end = pd.Timestamp(company.as_of).normalize() + pd.Timedelta(days=1)
    start = end - pd.DateOffset(years=1)
    if (first, last) != (start, end):
        raise ParameterError(
            "customer_pnl.period", start=first.date(), end=last.date(), first=start.date(),
            last=end.date(),
        )  # fmt: skip


def _deductions(terms: pd.DataFrame, accounts: pd.Series, gross: pd.Series) -> pd.DataFrame:
    """Check the terms and return them with ``value``: yuan without VAT."""
    keys = ["account_id", "term_id", "line", "booking", "vat_rate"]
    rows = need(terms, "terms", keys)
    need(terms.head(0), "terms", ["rate", "amount"])  # they may be blank, but must be there
    rows = rows.join(terms[["rate", "amount"]].reset_index(drop=True))
    unknown_ids(rows["account_id"], accounts, "terms", "account_id", other="sales")
    no_duplicates(rows, "terms", ["account_id", "term_id", "booking"])
    check_columns(rows, "terms", ["rate", "amount", "vat_rate"])
    for column, codes in (("line", LINES), ("booking", BOOKINGS)):
        _all(rows[column].isin(codes), rows[column], "tables.code", codes=", ".join(codes))
    rate, amount = rows["rate"].astype("float64"), rows["amount"].astype("float64")
    _all(rate.isna() != amount.isna(), rate, "customer_pnl.one_of_two")
    _all(rate.isna() | (rate <= 1), rate, "customer_pnl.rate")
    _all(rows["vat_rate"].astype("float64") < 1, rows["vat_rate"], "customer_pnl.vat")

    by_rate = rate * rows["account_id"].map(gross)
    return rows.assign(value=by_rate.fillna(amount / (1 + rows["vat_rate"])))


def _all(good: pd.Series, column: pd.Series, key: str, codes: str = "") -> None:
    """Raise at the first row that is not good."""
    if good.all():
        return
    row = int(good.index[~good][0])
    problem = text(key, row=row + 1, column=column.name, found=column.iloc[row], codes=codes)
    raise TableError("tables.invalid", table="terms", problems=f"- {problem}")
