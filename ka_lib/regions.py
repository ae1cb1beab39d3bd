"""Where the customers are: accounts and sales by province, whatever way the province was written.

Prevents a map of deals passed off as a map of customers: each account counts once, and those
whose region nobody filled in stay in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.language import messages
from ka_lib.units import to_half_width

if TYPE_CHECKING:
    import pandas as pd

# ISO 3166-2:CN. Rows from north to south, columns from west to east: roughly where they lie.
_GRID = """
    .  .  .  .  .  .  .  HL
    .  .  .  NM BJ .  .  JL
    XJ GS NX SX HE TJ LN .
    XZ QH SN HA SD .  .  .
    .  SC CQ HB AH JS SH .
    .  YN GZ HN JX ZJ .  .
    .  .  GX GD FJ .  TW .
    .  .  HI MO HK .  .  .
"""
PLACES = {
    f"CN-{cell}": (row, column)
    for row, cells in enumerate(_GRID.strip().splitlines())
    for column, cell in enumerate(cells.split())
    if cell != "."
}
_SUFFIXES = (
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "自治区",
    "特别行政区",
    "省",
    "市",
    " autonomous region",
    " province",
    " municipality",
    " sar",
)
_OTHER_NAMES = {"macau": "CN-MO", "xizang": "CN-XZ", "neimenggu": "CN-NM"}


def region_code(name: object) -> object:
    """Return the code of a province written in full, in short, in Chinese or in English.

    Parameters
    ----------
    name : str
        A code, ``"浙江省"``, ``"浙江"``, ``"Zhejiang Province"``.

    Returns
    -------
    str
        The ISO 3166-2 code. What is no province of China comes back as it is.

    Examples
    --------
    >>> region_code("广西壮族自治区"), region_code("zhejiang"), region_code("Bavaria")
    ('CN-GX', 'CN-ZJ', 'Bavaria')
    """
    if not isinstance(name, str):
        return name
    plain = to_half_width(name).strip().lower()
    for suffix in _SUFFIXES:
        plain = plain.removesuffix(suffix)
    return _known_names().get(plain, name.strip())


def _known_names() -> dict[str, str]:
    labels = messages.topic("labels")
    known = {label.lower(): code for code in PLACES for label in labels[f"region.{code}"].values()}
    return known | {code.lower(): code for code in PLACES} | _OTHER_NAMES


def by_region(accounts: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Count the accounts of each region and add up what they bought.

    Parameters
    ----------
    accounts : DataFrame
        Columns ``account_id`` and ``region``, one row an account. To map customers only, leave
        out the accounts that never bought.
    orders : DataFrame
        Columns ``account_id`` and ``amount`` (yuan, without VAT; returns negative). Choose the
        period first. Stores of an account elsewhere do not matter: an order counts where the
        account is.

    Returns
    -------
    DataFrame
        One row a region, the largest sales first, accounts without a region last: ``region``
        (code of a Chinese province, other names as they stand, missing where blank), ``count``
        (accounts, each once, with orders or without) and ``value`` (yuan, net of returns). The
        counts sum to the number of accounts, the values to all orders.

    Raises
    ------
    TableError
        A column is missing, an id or amount is blank, an account stands twice, or an order is of
        an account that ``accounts`` does not hold.
    """
    known = need(accounts, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["region"])  # there, but its cells may be blank
    no_duplicates(known, "accounts", ["account_id"])
    lines = need(orders, "orders", ["account_id", "amount"])
    unknown_ids(lines["account_id"], known["account_id"], "orders", "account_id")
    known["region"] = accounts["region"].map(region_code).to_numpy()
    # Filled with spaces only is not filled in.
    known["region"] = known["region"].mask(known["region"].astype("str").str.strip() == "")
    sales = lines.groupby("account_id")["amount"].sum()
    known["value"] = known["account_id"].map(sales).fillna(0.0).astype("float64")
    grouped = known.groupby("region", dropna=False)
    table = grouped.agg(count=("account_id", "size"), value=("value", "sum")).reset_index()
    table["blank"] = table["region"].isna()
    ordered = table.sort_values(
        ["blank", "value", "region"], ascending=[True, False, True], ignore_index=True
    )
    return ordered[["region", "count", "value"]]
