"""What moves: a delivery for each order, on time and in full or not.

Each customer's route has its own share of late trips. Jiusui's New Year of 2024 is there from
December 2023 on: short, late, and the complaint that followed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, dice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

AS_OF = date(2025, 11, 30)
FIRST = date(2024, 6, 1)  # 18 months
FIRST_OF_JIUSUI = date(2023, 12, 1)
STOCK_OUT = (date(2024, 1, 3), date(2024, 3, 1))  # orders of these days
LOST_ON_THE_WAY = 3  # trips of the last weeks that nobody has confirmed yet
KM = {
    "CN-SH": 70,
    "CN-JS": 160,
    "CN-ZJ": 190,
    "CN-AH": 420,
    "CN-SD": 760,
    "CN-HB": 840,
    "CN-FJ": 790,
    "CN-BJ": 1220,
    "CN-GD": 1450,
    "CN-SC": 1960,
}
BY_RAIL_FROM = 1000  # km


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``deliveries`` from the orders, their lines and where the accounts are."""
    rng = dice(seed, "deliveries")
    routes = {
        account["account_id"]: _route(rng, account)
        for account in made["accounts"].to_dict("records")
    }
    loads = _loads(made)
    rows: list[dict[str, Any]] = []
    for order in made["orders"].to_dict("records"):
        first = FIRST_OF_JIUSUI if order["account_id"] == "A003" else FIRST
        if order["amount"] <= 0 or order["ordered_on"] < first:
            continue
        rows.append(_trip(rng, order, routes[order["account_id"]], *loads[order["order_id"]]))
    # The newest that should be there by now and were not confirmed: neither late nor on time yet.
    due = [row for row in rows if row["delivered_on"] is not None and _recent(row)]
    for row in rng.sample(due, min(LOST_ON_THE_WAY, len(due))):
        row["delivered_on"] = row["delivered_units"] = None
    for number, row in enumerate(rows, start=1):
        row["delivery_id"] = f"D{number:05d}"
    return {"deliveries": pd.DataFrame(rows)}


def _route(rng: Random, account: Mapping[str, Any]) -> dict[str, Any]:
    """Return how far it is, how it goes there and how often it comes late."""
    km = round(KM.get(account["region"], 800) * rng.uniform(0.7, 1.3))
    cold = account["segment"] in ("fresh", "convenience")
    mode = "cold_truck" if cold else "rail" if km > BY_RAIL_FROM else "truck"
    late = rng.betavariate(2.0, 16.0) + 0.04 * (km > BY_RAIL_FROM)
    return {"km": km, "mode": mode, "late": late, "short": rng.betavariate(2.0, 24.0)}


def _loads(made: Mapping[str, pd.DataFrame]) -> dict[str, tuple[int, float]]:
    """Return cases and kilograms of each order."""
    lines = made["order_lines"].merge(made["products"][["product_id", "case_kg"]], on="product_id")
    lines = lines.assign(kg=lines["quantity"] * lines["case_kg"])
    sums = lines.groupby("order_id")[["quantity", "kg"]].sum()
    return {str(row[0]): (int(row[1]), float(row[2])) for row in sums.itertuples()}


def _trip(
    rng: Random, order: Mapping[str, Any], route: Mapping[str, Any], cases: int, weight: float
) -> dict[str, Any]:
    ordered = order["ordered_on"]
    promised = ordered + timedelta(days=rng.randint(2, 5))
    short_of_goods = order["account_id"] == "A003" and STOCK_OUT[0] <= ordered < STOCK_OUT[1]
    if short_of_goods:
        arrived = promised + timedelta(days=rng.randint(3, 14))
        units = round(cases * rng.uniform(0.4, 0.7))
    else:
        late = chance(rng, route["late"])
        days = 1 + round(rng.expovariate(0.5)) if late else -(chance(rng, 0.25))
        arrived = max(promised + timedelta(days=days), ordered + timedelta(days=1))
        in_full = not chance(rng, route["short"])
        units = cases if in_full else min(round(cases * rng.uniform(0.6, 0.97)), cases - 1)
    known = arrived <= AS_OF
    return {
        "delivery_id": "",
        "order_id": order["order_id"],
        "account_id": order["account_id"],
        "promised_on": promised,
        "delivered_on": arrived if known else None,
        "ordered_units": cases,
        "delivered_units": max(units, 0) if known else None,
        "distance_km": route["km"],
        "weight_kg": round(weight, 1),
        "mode": route["mode"],
    }


def _recent(row: Mapping[str, Any]) -> bool:
    return bool(AS_OF - timedelta(days=30) <= row["promised_on"] < AS_OF - timedelta(days=2))
