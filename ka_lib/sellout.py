"""Sell-out: what shoppers buy in the stores, beside what the account orders from us.

Prevents the December that looks like growth and is only stock: orders (sell-in) up, sell-out
flat, the warehouse full, and no orders in January.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

Day: TypeAlias = str | pd.Timestamp
Period: TypeAlias = tuple[Day, Day]

NAN = float("nan")
WEEK = pd.Timedelta(days=7)
KEYS = ["week", "store_id", "product_id"]
GROUPS = ("product_id", "account_id", "store_id", "region", "week")


def distribution(sellout: pd.DataFrame, stores: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the stores carry each product, and how much of the trade they stand for.

    Parameters
    ----------
    sellout : DataFrame
        Of the weeks to look at: ``week``, ``store_id``, ``product_id``, ``units``, ``amount``
        (yuan at the till) and, where it is known, ``stock_units``.
    stores : DataFrame
        ``store_id``: the base, stores without a line of ours included. For one account, give its
        stores and their sell-out.

    Returns
    -------
    DataFrame
        One row a product in ``sellout``, the widest first: ``product_id``, ``stores_carrying``
        (sold at least one unit or had stock in these weeks), ``stores`` (all), ``numeric_rate``
        (their ratio: numeric distribution, 数值铺货率), ``turnover_carrying`` and ``turnover``
        (yuan that those stores, and all, took with **all** products in ``sellout``) and
        ``weighted_rate`` (their ratio: weighted distribution, 加权铺货率). A rate with an empty
        base is missing.

    Raises
    ------
    TableError
        A column is missing or blank, a store stands twice, a week of a store and product stands
        twice, a number is negative, or a store in ``sellout`` is not in ``stores``.

    Notes
    -----
    Farris et al., *Marketing Metrics* (3rd ed., ch. 6): numeric distribution and product category
    volume. The weight here is the turnover of our own lines, because that of the category is
    seldom known to a supplier: with it, weighted distribution would be lower or higher.
    """
    rows = _sellout(sellout, ["units", "amount"])
    base = _stores(stores, rows)
    stock = sellout.get("stock_units", pd.Series(NAN, index=sellout.index))
    carrying = (rows["units"] > 0) | (pd.Series(stock.to_numpy()) > 0)
    turnover = rows.groupby("store_id")["amount"].sum().reindex(base["store_id"])
    turnover = turnover.astype("float64").fillna(0.0)
    pairs = rows.loc[carrying, ["product_id", "store_id"]].drop_duplicates()
    pairs["turnover"] = pairs["store_id"].map(turnover)
    found = pairs.groupby("product_id")["turnover"].agg(["size", "sum"])
    products = pd.Index(sorted(rows["product_id"].unique()), name="product_id")
    table = found.reindex(products).fillna(0.0)
    table.columns = pd.Index(["stores_carrying", "turnover_carrying"])
    table["stores_carrying"] = table["stores_carrying"].astype("int64")
    table["stores"], table["turnover"] = len(base), float(turnover.sum())
    table["numeric_rate"] = _ratio(table["stores_carrying"], table["stores"])
    table["weighted_rate"] = _ratio(table["turnover_carrying"], table["turnover"])
    columns = ["product_id", "stores_carrying", "stores", "numeric_rate"]
    columns += ["turnover_carrying", "turnover", "weighted_rate"]
    ordered = table.reset_index().sort_values(
        ["stores_carrying", "product_id"], ascending=[False, True], ignore_index=True
    )
    return ordered[columns]


def on_shelf(
    sellout: pd.DataFrame,
    by: str | Sequence[str] = "product_id",
    stores: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return on-shelf availability and the out-of-stock rate.

    Parameters
    ----------
    sellout : DataFrame
        ``week``, ``store_id``, ``product_id``, ``on_shelf``: each row is a check of a product
        that the store is meant to carry. A blank is no check.
    by : str or sequence of str
        ``"product_id"``, ``"store_id"``, ``"week"``, and with ``stores`` ``"account_id"`` and
        ``"region"``; several together.
    stores : DataFrame, optional
        ``store_id`` with ``account_id`` and ``region``.

    Returns
    -------
    DataFrame
        One row a group: ``by``, ``found`` (on the shelf), ``checks`` (the base), ``osa`` =
        found / checks (on-shelf availability, 在架有货率) and ``oos`` = 1 - osa (out of stock).

    Raises
    ------
    ParameterError
        Any other ``by``; an account or region without ``stores``.
    TableError
        A column is missing or blank, a check stands twice, a store that ``stores`` does not hold.
    """
    names = [by] if isinstance(by, str) else list(by)
    _groups(names, stores)
    rows = _sellout(sellout, [])
    need(sellout.head(0), "sellout", ["on_shelf"])  # it may be blank, but must be there
    rows["on_shelf"] = sellout["on_shelf"].to_numpy()
    rows = _with_store(rows, names, stores)
    checked = rows[rows["on_shelf"].notna()]
    grouped = checked["on_shelf"].astype("bool").groupby([checked[name] for name in names])
    table = grouped.agg(found="sum", checks="size").astype("int64").reset_index()
    table["osa"] = table["found"] / table["checks"]
    return table.assign(oos=1 - table["osa"])


def stock_cover(
    sellout: pd.DataFrame,
    week: Day,
    weeks: int = 4,
    by: str | Sequence[str] = "product_id",
    stores: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return for how many weeks the stock in the stores lasts.

    Parameters
    ----------
    sellout : DataFrame
        ``week`` (its Monday), ``store_id``, ``product_id``, ``units``, ``stock_units`` (at the end
        of the week).
    week : date
        The Monday of the week whose stock counts.
    weeks : int
        Average weekly units over so many weeks up to and with ``week``. Default 4. A store and
        product without a row in one of them sold nothing in it.
    by, stores
        As in `on_shelf`, but not by week.

    Returns
    -------
    DataFrame
        One row a group: ``by``, ``stock_units``, ``weekly_units`` and ``cover_weeks`` (stock /
        weekly units; missing without sales), with ``lines`` (the stores and products counted) and
        ``lines_unknown``: those whose stock in that week is not known. They are left out of
        stock **and** sales: sales without their stock would make the cover look short.

    Raises
    ------
    ParameterError
        A week is not in the table at all, ``weeks`` is not a whole number above 0, or as in
        `on_shelf`.
    TableError
        As in `distribution`.
    """
    names = [by] if isinstance(by, str) else list(by)
    _groups(names, stores, but="week")
    if not weeks >= 1 or weeks % 1:
        raise ParameterError("sellout.weeks", given=weeks)
    rows = _sellout(sellout, ["units"])
    rows["stock_units"] = _stock(sellout)
    last = pd.Timestamp(week)
    span = pd.DatetimeIndex([last - i * WEEK for i in range(int(weeks))])
    _all_there(rows, span)
    line = ["store_id", "product_id"]
    window = rows[rows["week"].isin(span)]
    lines = window.groupby(line)["units"].sum().rename("units").to_frame()
    at_end = window[window["week"] == last].set_index(line)["stock_units"]
    lines["stock_units"] = at_end.reindex(lines.index)
    lines = _with_store(lines.reset_index(), names, stores)
    known = lines["stock_units"].notna()
    lines["known"], lines["unknown"] = known.astype("int64"), (~known).astype("int64")
    lines["units"] = lines["units"].where(known, 0.0)
    sums = lines.groupby(names)[["stock_units", "units", "known", "unknown"]].sum().reset_index()
    sums = sums.rename(columns={"known": "lines", "unknown": "lines_unknown"})
    sums["weekly_units"] = sums["units"] / int(weeks)
    sums["cover_weeks"] = _ratio(sums["stock_units"], sums["weekly_units"])
    return sums[[*names, "stock_units", "weekly_units", "cover_weeks", "lines", "lines_unknown"]]


def sell_in_vs_sell_out(  # noqa: PLR0913 - two tables, their link, and the rule, all in sight
    orders: pd.DataFrame,
    sellout: pd.DataFrame,
    stores: pd.DataFrame,
    period: Period,
    *,
    most_gap: float = 0.10,
    least_rise: float = 0.5,
    cover_over_weeks: int = 4,
) -> pd.DataFrame:
    """Compare the growth of orders with that of sales in the stores, and flag loading (压货).

    Parameters
    ----------
    orders : DataFrame
        Sell-in: ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    sellout : DataFrame
        ``week`` (its Monday), ``store_id``, ``product_id``, ``units``, ``amount`` (yuan at the
        till), ``stock_units``. It may be a sample of stores, as long as it is the same one in
        both years: only growth is compared, never the two amounts.
    stores : DataFrame
        ``store_id``, ``account_id``.
    period : (date, date)
        Half-open. Orders are compared with the same dates a year before; sell-out counts the
        weeks that **begin** in the period and the same weeks 52 before, so that a month with
        five Mondays does not look like growth.
    most_gap : float
        Sell-in may outgrow sell-out by so much (0.10: ten percentage points). Default 0.10.
    least_rise : float
        Stock cover that rises by less is chance. Weeks; default 0.5.
    cover_over_weeks : int
        Stock cover is stock over the average of so many weeks. Default 4.

    Returns
    -------
    DataFrame
        One row an account with stores in ``stores``, the largest gap first: ``account_id``,
        ``sell_in_before``, ``sell_in``, ``sell_in_growth``, ``sell_out_before``, ``sell_out``,
        ``sell_out_growth`` (fractions; missing when the year before is not above 0), ``growth_gap``
        (sell-in growth - sell-out growth), ``stores_before`` and ``stores`` (with sell-out rows:
        when they differ, the sample has changed), ``cover_before`` and ``cover_weeks`` (weeks of
        stock at the end of the week before the first, and of the last week) and
        ``loading``: True when the gap is above ``most_gap`` **and** the cover has risen by at least
        ``least_rise``. Missing while either cannot be known.

    Raises
    ------
    ParameterError
        The period is empty or no week begins in it; one of the weeks, of those a year before or
        of those of the cover is not in the table; or a limit is negative.
    TableError
        As in `distribution`.

    Notes
    -----
    Spring Festival moves between January and February: give both months together. Orders are at
    our price without VAT, sell-out at the till with it; neither growth depends on that.
    """
    check_not_negative(most_gap=most_gap, least_rise=least_rise)
    start, end = (pd.Timestamp(day) for day in period)
    weeks = pd.date_range(start, end, freq="W-MON", inclusive="left")
    if weeks.empty:
        raise ParameterError("sellout.period", start=start.date(), end=end.date())
    rows = _sellout(sellout, ["units", "amount"])
    base = _stores(stores, rows, ["account_id"])
    rows["account_id"] = rows["store_id"].map(base.set_index("store_id")["account_id"])
    lines = need(orders, "orders", ["account_id", "ordered_on", "amount"])
    lines["ordered_on"] = pd.to_datetime(lines["ordered_on"])

    table = pd.DataFrame(index=pd.Index(sorted(base["account_id"].unique()), name="account_id"))
    year = pd.DateOffset(years=1)
    for name, since, until, mondays in (
        ("_before", start - year, end - year, weeks - 52 * WEEK),
        ("", start, end, weeks),
    ):
        ordered = lines[(lines["ordered_on"] >= since) & (lines["ordered_on"] < until)]
        table[f"sell_in{name}"] = ordered.groupby("account_id")["amount"].sum()
        _all_there(rows, mondays)
        sold = rows[rows["week"].isin(mondays)].groupby("account_id")
        table[f"sell_out{name}"] = sold["amount"].sum()
        table[f"stores{name}"] = sold["store_id"].nunique()
    table = table.astype("float64").fillna(0.0)
    table["sell_in_growth"] = _growth(table["sell_in"], table["sell_in_before"])
    table["sell_out_growth"] = _growth(table["sell_out"], table["sell_out_before"])
    table["growth_gap"] = table["sell_in_growth"] - table["sell_out_growth"]
    for name, week in (("cover_before", weeks[0] - WEEK), ("cover_weeks", weeks[-1])):
        cover = stock_cover(sellout, week, cover_over_weeks, "account_id", stores)
        table[name] = cover.set_index("account_id")["cover_weeks"]
    table["loading"] = _loading(table, most_gap, least_rise)
    table = table.astype({"stores": "int64", "stores_before": "int64"}).reset_index()
    columns = ["account_id", "sell_in_before", "sell_in", "sell_in_growth", "sell_out_before"]
    columns += ["sell_out", "sell_out_growth", "growth_gap", "stores_before", "stores"]
    columns += ["cover_before", "cover_weeks", "loading"]
    return table.sort_values(
        ["growth_gap", "account_id"], ascending=[False, True], ignore_index=True
    )[columns]


def _all_there(rows: pd.DataFrame, weeks: pd.DatetimeIndex) -> None:
    """Raise at the first week that is not in the table at all."""
    gone = weeks[~weeks.isin(rows["week"])]
    if len(gone):
        raise ParameterError("sellout.week_missing", week=gone[0].date())


def _loading(table: pd.DataFrame, most_gap: float, least_rise: float) -> pd.Series:
    known = table[["growth_gap", "cover_before", "cover_weeks"]].notna().all(axis="columns")
    rise = table["cover_weeks"] - table["cover_before"]
    loading = (table["growth_gap"] > most_gap) & (rise >= least_rise)
    return loading.astype("boolean").where(known)


def _growth(now: pd.Series, before: pd.Series) -> pd.Series:
    return now / before.where(before > 0) - 1


def _ratio(count: pd.Series, base: pd.Series) -> pd.Series:
    return count / base.where(base > 0)


def _sellout(sellout: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    """Return the keys and these columns, checked; week as a date."""
    rows = need(sellout, "sellout", [*KEYS, *numbers])
    rows["week"] = pd.to_datetime(rows["week"]).dt.normalize()
    no_duplicates(rows, "sellout", KEYS)
    check_columns(rows, "sellout", numbers)
    return rows


def _stock(sellout: pd.DataFrame) -> pd.Series:
    need(sellout.head(0), "sellout", ["stock_units"])  # it may be blank, but must be there
    stock = sellout[["stock_units"]].reset_index(drop=True)
    check_columns(stock, "sellout", ["stock_units"])
    return stock["stock_units"].astype("float64")


def _stores(stores: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str] = ()) -> pd.DataFrame:
    base = need(stores, "stores", ["store_id", *columns])
    no_duplicates(base, "stores", ["store_id"])
    unknown_ids(rows["store_id"], base["store_id"], "sellout", "store_id", "stores")
    return base


def _groups(
    names: Sequence[str], stores: pd.DataFrame | None, but: Literal["week", ""] = ""
) -> None:
    choices = [name for name in GROUPS if name != but]
    for name in names:
        if name not in choices:
            raise ParameterError("sellout.by", given=name, choices=", ".join(choices))
        if name in {"account_id", "region"} and stores is None:
            raise ParameterError("sellout.no_stores", given=name)


def _with_store(
    rows: pd.DataFrame, names: Sequence[str], stores: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the rows with the store's account or region, where one of them is asked for."""
    wanted = [name for name in names if name in {"account_id", "region"}]
    if stores is None or not wanted:
        return rows
    base = _stores(stores, rows, wanted)
    return rows.merge(base, on="store_id", how="left")
