"""The CO2 of an order: the way it travels and the goods it holds.

Prevents the answer that is a thousand times too large: kilograms taken for tonnes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

KG_IN_TONNE = 1_000
PER_YUAN = 10_000

# kg CO2e a tonne-kilometre. Illustrative: round figures of the right order of size, for practice.
# An answer to a customer needs the carrier's own figures or a published set, with its year.
ILLUSTRATIVE_FACTORS = {"truck": 0.10, "cold_truck": 0.13, "rail": 0.03}


def co2_per_order(
    order_lines: pd.DataFrame,
    deliveries: pd.DataFrame,
    products: pd.DataFrame,
    factors: Mapping[str, float],
) -> pd.DataFrame:
    """Return the CO2 of each order, and for each 10,000 yuan of it.

    Parameters
    ----------
    order_lines : DataFrame
        ``order_id``, ``product_id``, ``quantity`` (cases; a return is negative), ``amount`` (yuan).
    deliveries : DataFrame
        ``delivery_id``, ``order_id``, ``distance_km``, ``weight_kg``, ``mode``.
    products : DataFrame
        ``product_id``, ``co2_kg``: the footprint of one **case**, kg.
    factors : mapping of str to float
        Mode -> kg CO2e a **tonne**-kilometre. Say where they come from;
        ``ILLUSTRATIVE_FACTORS`` is for practice only.

    Returns
    -------
    DataFrame
        One row an order, by ``order_id``: ``amount`` (yuan), ``transport_kg`` = sum(distance_km *
        weight_kg / 1000 * factor), ``product_kg`` = sum(quantity * co2_kg), ``total_kg``,
        ``kg_per_10k`` (kg for each 10,000 yuan; missing when the amount is not above 0) and
        ``deliveries`` (their number). An order without a delivery, or with one whose distance,
        weight or mode is blank, has a missing transport and total, and a product without a
        footprint likewise: unknown is not 0.

    Raises
    ------
    TableError
        A column is missing, an id is blank, unknown or stands twice, a number is negative.
    ParameterError
        A mode has no factor, or a factor is negative.

    Notes
    -----
    Distance times weight times a factor is the activity-based method of ISO 14083 and the GLEC
    Framework. Empty return trips are in the result only as far as the factor holds them; stores,
    warehouses and the customer's own transport are left out.
    """
    check_not_negative(**{f"factors[{mode!r}]": factor for mode, factor in factors.items()})
    lines = need(order_lines, "order_lines", ["order_id", "product_id", "quantity", "amount"])
    no_duplicates(lines, "order_lines", ["order_id", "product_id"])
    known = need(products, "products", ["product_id"])
    need(products.head(0), "products", ["co2_kg"])  # it may be blank, but must be there
    known["co2_kg"] = products["co2_kg"].to_numpy()
    no_duplicates(known, "products", ["product_id"])
    check_columns(known, "products", ["co2_kg"])
    unknown_ids(lines["product_id"], known["product_id"], "order_lines", "product_id", "products")

    footprint = lines["product_id"].map(known.set_index("product_id")["co2_kg"])
    lines["product_kg"] = lines["quantity"] * footprint.astype("float64")
    orders = lines.groupby("order_id")
    table = orders[["amount"]].sum().astype("float64")
    table["product_kg"] = orders["product_kg"].sum(min_count=1)
    table["product_kg"] = table["product_kg"].where(~_has_blank(lines, "product_kg"))
    table = table.join(_transport(deliveries, lines["order_id"], factors))
    table["deliveries"] = table["deliveries"].fillna(0).astype("int64")
    table["total_kg"] = table["transport_kg"] + table["product_kg"]
    table["kg_per_10k"] = table["total_kg"] / table["amount"].where(table["amount"] > 0) * PER_YUAN
    columns = ["amount", "transport_kg", "product_kg", "total_kg", "kg_per_10k", "deliveries"]
    return table[columns].rename_axis("order_id").reset_index()


def _transport(
    deliveries: pd.DataFrame, orders: pd.Series, factors: Mapping[str, float]
) -> pd.DataFrame:
    """Return by order the kg of its way, and how many deliveries it took."""
    rows = need(deliveries, "deliveries", ["delivery_id", "order_id"])
    measured = ["distance_km", "weight_kg", "mode"]
    need(deliveries.head(0), "deliveries", measured)
    rows = rows.join(deliveries[measured].reset_index(drop=True))
    no_duplicates(rows, "deliveries", ["delivery_id"])
    check_columns(rows, "deliveries", ["distance_km", "weight_kg"])
    unknown_ids(rows["order_id"], orders, "deliveries", "order_id", "order_lines")
    modes = rows["mode"].dropna()
    strange = modes[~modes.isin(list(factors))]
    if len(strange):
        choices = ", ".join(factors)
        raise ParameterError("emissions.no_factor", mode=strange.iloc[0], choices=choices)
    tonne_km = rows["distance_km"].astype("float64") * rows["weight_kg"] / KG_IN_TONNE
    rows["transport_kg"] = tonne_km * rows["mode"].map(dict(factors)).astype("float64")
    by_order = rows.groupby("order_id")["transport_kg"].agg(["sum", "size"])
    known = ~_has_blank(rows, "transport_kg")
    return pd.DataFrame(
        {"transport_kg": by_order["sum"].where(known), "deliveries": by_order["size"]}
    )


def _has_blank(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return by order whether a row of it is blank in the column."""
    return rows[column].isna().groupby(rows["order_id"]).any()
