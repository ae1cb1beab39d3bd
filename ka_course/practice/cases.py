"""The figures of the cases: three offers on the table, and what a case takes for granted.

The practice company has the story's figures; another company has others within sensible bounds,
so that an answer that was typed in does not survive it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import dice, on_grid
from ka_lib.negotiation import tco

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

PRACTICE_SEED = 20251445
YEARS = 5
# name, the story's value, lowest, highest and step in other companies (None: always the same), unit
FIGURES: tuple[tuple[str, float, float | None, float, float, str], ...] = (
    ("discount_rate", 0.10, 0.07, 0.13, 0.01, "a year"),
    ("carrying_rate", 0.18, 0.12, 0.24, 0.02, "a year"),
    ("credit_rate", 0.06, 0.045, 0.075, 0.005, "a year"),
    ("vat_rate", 0.13, None, 0, 0, "fraction"),
    ("units_per_case", 12, None, 0, 0, "units"),
    # The price at the table, yuan a case (ch. 4).
    ("list_price", 186, 160, 220, 2, "yuan a case"),
    ("seller_cost", 0.60, 0.58, 0.63, 0.01, "of list"),
    ("seller_contribution_elsewhere", 0.09, 0.06, 0.11, 0.01, "of list"),
    ("buyer_alternative_price", 0.80, 0.76, 0.81, 0.01, "of list"),
    ("buyer_better_by", 0.05, 0.02, 0.05, 0.01, "of list"),
    ("buyer_switching_cost", 0.02, 0.01, 0.03, 0.01, "of list"),
    ("opening_price", 0.92, 0.91, 0.96, 0.01, "of list"),
    ("concession_rounds", 3, 3, 5, 1, "rounds"),
    ("concession_ratio", 0.5, 0.4, 0.7, 0.05, "fraction"),
    # 3% off, or payment terms, support and training instead.
    ("price_cut", 0.03, 0.025, 0.045, 0.005, "fraction"),
    ("credit_days_now", 30, None, 0, 0, "days"),
    ("credit_days_offered", 60, 55, 75, 5, "days"),
    ("training_days", 4, 2, 6, 1, "days a year"),
    ("training_day_cost", 1_800, 1_200, 2_400, 100, "yuan a day"),
    ("support_hours", 60, 30, 90, 5, "hours a year"),
    ("support_hour_cost", 120, 90, 160, 10, "yuan an hour"),
    ("delay_monthly_gain", 18_000, 9_000, 30_000, 500, "yuan a month"),
    ("delay_months", 4, 2, 6, 1, "months"),
    ("delay_one_off", 25_000, 10_000, 40_000, 1_000, "yuan"),
    # The Jiusui case (ch. 7).
    ("case_growth", 0.45, 0.30, 0.60, 0.01, "fraction"),
    ("case_months", 18, None, 0, 0, "months"),
    ("case_share_before", 0.12, 0.09, 0.16, 0.01, "fraction"),
    ("case_share_after", 0.15, 0.02, 0.05, 0.01, "fraction"),
    ("case_satisfaction", 0.92, 0.86, 0.95, 0.01, "top two of five"),
    # Receivables and service.
    ("overdue_stop_days", 60, 45, 75, 15, "days"),
    ("osa_target", 0.95, 0.94, 0.97, 0.01, "fraction"),
    ("otif_target", 0.90, 0.88, 0.94, 0.01, "fraction"),
    # Health check (ch. 9).
    ("health_weight_orders", 0.30, None, 0, 0, "weight"),
    ("health_weight_payment", 0.15, None, 0, 0, "weight"),
    ("health_weight_satisfaction", 0.20, None, 0, 0, "weight"),
    ("health_weight_contact", 0.20, None, 0, 0, "weight"),
    ("health_weight_service", 0.15, None, 0, 0, "weight"),
    ("health_red_below", 50, 46, 54, 1, "points"),
    ("health_green_from", 70, 66, 74, 1, "points"),
    ("warning_months", 3, None, 0, 0, "months"),
    # Chillers: one sale, or a monthly fee (ch. 10).
    ("chiller_price", 12_800, 9_800, 15_800, 200, "yuan"),
    ("chiller_cost", 0.68, 0.60, 0.74, 0.02, "of price"),
    ("chiller_count", 6, None, 0, 0, "chillers"),
    ("chiller_monthly_fee", 0.042, 0.036, 0.050, 0.001, "of price"),
    ("chiller_monthly_cost", 0.008, 0.006, 0.011, 0.001, "of price"),
    ("chiller_monthly_churn", 0.015, 0.01, 0.03, 0.005, "a month"),
    ("chiller_months", 48, 36, 60, 12, "months"),
    ("lead_time_days", 3, 2, 5, 1, "days"),
    ("service_level", 0.95, 0.90, 0.98, 0.01, "fraction"),
    # Sharing what less waste is worth.
    ("waste_baseline", 420_000, 280_000, 600_000, 10_000, "yuan a year"),
    ("waste_saved_good", 0.35, 0.30, 0.42, 0.01, "fraction"),
    ("waste_saved_middle", 0.20, 0.16, 0.24, 0.01, "fraction"),
    ("waste_saved_bad", 0.04, 0.0, 0.08, 0.01, "fraction"),
    ("chance_good", 0.30, 0.20, 0.35, 0.05, "fraction"),
    ("chance_middle", 0.50, 0.40, 0.50, 0.05, "fraction"),
    ("value_share", 0.40, 0.30, 0.50, 0.05, "fraction"),
    ("value_cost", 22_000, 15_000, 30_000, 1_000, "yuan a year"),
    ("value_flat_fee", 36_000, 26_000, 44_000, 1_000, "yuan a year"),
    # Illustrative, for the sum and not for a report: use your carrier's own factors.
    ("co2_truck", 0.105, 0.09, 0.12, 0.005, "kg/t-km"),
    ("co2_cold_truck", 0.165, 0.14, 0.19, 0.005, "kg/t-km"),
    ("co2_rail", 0.028, 0.02, 0.035, 0.001, "kg/t-km"),
    # What counts in a role play, for both sides (ch. 9).
    ("role_weight_goal", 0.35, 0.30, 0.50, 0.05, "weight"),
    ("role_weight_trust", 0.40, 0.20, 0.40, 0.05, "weight"),
)
OF_LIST, OF_PRICE = "of list", "of price"
NAMES = (
    ("稻晚食品", "Daowan Foods"),
    ("青檐食品", "Qingyan Foods"),
    ("栗渡食品", "Lidu Foods"),
)
LOTS = (60, 600, 240)  # cases a delivery


def figures(seed: int) -> dict[str, tuple[float, str]]:
    """Return each figure with its unit, by name."""
    rng = dice(seed, "assumptions")
    found: dict[str, tuple[float, str]] = {}
    for name, usual, low, high, step, unit in FIGURES:
        drawn = usual if low is None else _on_step(rng, low, high, step)
        value = usual if seed == PRACTICE_SEED else drawn
        if unit == OF_LIST:
            value, unit = round(value * found["list_price"][0], 1), "yuan a case"  # noqa: PLW2901
        elif unit == OF_PRICE:
            monthly = "monthly" in name
            value = round(value * found["chiller_price"][0], -1)
            unit = "yuan a month" if monthly else "yuan"  # noqa: PLW2901
        elif name == "case_share_after" and seed != PRACTICE_SEED:
            value = round(found["case_share_before"][0] + value, 2)  # drawn as points gained
        found[name] = (value, unit)
    found["tco_years"] = (YEARS, "years")
    rest = 1 - found["chance_good"][0] - found["chance_middle"][0]
    found["chance_bad"] = (round(rest, 2), "fraction")
    margin = 1 - found["role_weight_goal"][0] - found["role_weight_trust"][0]
    found["role_weight_margin"] = (round(margin, 2), "weight")
    return found


def growth_of_the_case(seed: int) -> float:
    """Return by how much Jiusui's sales grew in the months of the case."""
    return figures(seed)["case_growth"][0]


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``assumptions`` and ``offers``."""
    found = figures(seed)
    orders = made["orders"]
    yuguo = orders[(orders["account_id"] == "A004") & (orders["amount"] > 0)]
    year = yuguo[pd.to_datetime(yuguo["ordered_on"]) >= "2024-12-01"]
    sales, profit = float(year["amount"].sum()), float(year["gross_profit"].sum())
    found["yuguo_yearly_sales"] = (sales, "yuan a year")
    found["yuguo_margin"] = (round(profit / sales, 4), "fraction")
    rows = [{"name": name, "value": value, "unit": unit} for name, (value, unit) in found.items()]
    return {
        "assumptions": pd.DataFrame(rows).sort_values("name", ignore_index=True),
        "offers": pd.DataFrame(_offers(dice(seed, "offers"), found)),
    }


def _on_step(rng: Random, low: float, high: float, step: float) -> float:
    return round(low + round((high - low) / step * rng.random()) * step, 4)


def _offers(rng: Random, found: Mapping[str, tuple[float, str]]) -> list[dict[str, Any]]:
    """Draw three offers of which each is the cheapest once: a case, in all, and in all today.

    The rival's price is the lowest and its running cost the highest; the third asks for chillers
    on day one, gives most of their price back at the end and then costs the least in plain sums.
    """
    while True:
        price = found["list_price"][0] * rng.uniform(0.80, 0.86)
        cases = on_grid(rng, 3_000, 6_000, 100)
        year = price * cases
        ours = _offer(0, cases, price=price, running=year * rng.uniform(0.03, 0.05))
        cheap, dear = price * rng.uniform(0.93, 0.96), year * rng.uniform(0.11, 0.14)
        rival = _offer(1, cases, price=cheap, running=dear)
        upfront = year * rng.uniform(0.22, 0.34)
        third = _offer(
            2,
            cases,
            upfront=upfront,
            price=price * rng.uniform(0.965, 0.99),
            running=year * rng.uniform(0.0, 0.03),
            residual=upfront * rng.uniform(0.55, 0.7),
        )
        offers = [ours, rival, third]
        if _disagree(offers, found):
            return offers


def _offer(name: int, cases: float, **yuan: float) -> dict[str, Any]:
    """Return an offer as it is written: round sums, prices to the jiao."""
    zh, en = NAMES[name]
    return {
        "offer_zh": zh,
        "offer_en": en,
        "upfront": round(yuan.get("upfront", 0), -3),
        "unit_price": round(yuan["price"], 1),
        "units_per_year": cases,
        "lot_units": LOTS[name],
        "yearly_cost": round(yuan["running"], -2),
        "residual": round(yuan.get("residual", 0), -3),
    }


def _disagree(offers: list[dict[str, Any]], found: Mapping[str, tuple[float, str]]) -> bool:
    """Say whether price, plain sum and present value each put another offer first, clearly."""
    table = tco(
        pd.DataFrame(offers).rename(columns={"offer_en": "offer"}),
        YEARS,
        discount_rate=found["discount_rate"][0],
        carrying_rate=found["carrying_rate"][0],
    ).set_index("offer")
    first = []
    for column in ("unit_price", "nominal", "discounted"):
        ordered = table[column].sort_values()
        if ordered.iloc[1] < ordered.iloc[0] * 1.003:
            return False
        first.append(ordered.index[0])
    return first == [NAMES[1][1], NAMES[2][1], NAMES[0][1]]
