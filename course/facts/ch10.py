"""The figures that chapter 10's prose names, worked out from the practice company."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, money, number, percent, text

if TYPE_CHECKING:
    from ka_lib.company import Company

YUGUO = "A004"
YEAR = "2024-12-01"
CUTOFF = "2024-12-31"
RECENT = "2025-10-05"  # the last eight weeks come after it
LOG_WEEKS = 8
NOISE, SEED, LEARNED = 500, 7, 24  # columns of noise, the start of their dice, months seen
LEAST_TERM = 24
SMALLEST_GAP = 0.05  # of a chiller's sale value: below it, rent and sale are even


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        "cloud_hours": count(5 * 0.5 * 48),
        **_hours(company),
        **_noise(company),
        **_leads(company),
        **_ledger(company),
        **_usage(company),
        **_rent(company),
        **_shared(company),
        **_carbon(company),
    }


def _must(holds: object, what: str) -> None:
    """Stop the build when the data no longer tell what the prose says."""
    if not holds:
        raise ValueError(f"chapter 10's prose no longer holds: {what}")


def _hours(company: Company) -> dict[str, Figure]:
    """Show what of Lin Yue's week a tool could give back."""
    hers = company.time_log[company.time_log["rep_id"] == "R1"]
    week = ka.time_use.hours(hers, "activity").set_index("activity")["hours"] / LOG_WEEKS
    yuguo = ka.time_use.hours(hers[hers["account_id"] == YUGUO], "activity")
    yuguo = yuguo.set_index("activity")["hours"]
    seen = company.activities[
        (company.activities["account_id"] == YUGUO)
        & (company.activities["happened_on"] >= "2025-10-01")
        & (company.activities["kind"] == "visit")
    ]
    visits = seen["activity_id"].nunique()
    half = yuguo["travel"] / visits * (visits // 2)
    return {
        "proposal_week": number(week["proposal"]),
        "admin_week": number(week["admin"]),
        "travel_week": number(week["travel"]),
        "yuguo_travel": number(yuguo["travel"]),
        "yuguo_visits": count(visits),
        "yuguo_trip": number(yuguo["travel"] / visits),
        "yuguo_half": count(visits // 2),
        "yuguo_saved": number(half),
    }


def _noise(company: Company) -> dict[str, Figure]:
    """Search 500 columns of noise for the one that "explains" sales, then look at what follows."""
    orders = company.orders
    monthly = orders.groupby(orders["ordered_on"].dt.to_period("M"))["amount"].sum()
    rng = np.random.default_rng(SEED)
    noise = pd.DataFrame(rng.normal(size=(len(monthly), NOISE)), index=monthly.index)
    seen = noise[:LEARNED].corrwith(monthly[:LEARNED])
    best = seen.abs().idxmax()
    later = noise[best][LEARNED:].corr(monthly[LEARNED:])
    _must(abs(seen[best]) > 0.5, "a column of noise explains the past")  # noqa: PLR2004 - looks convincing
    _must(abs(later) < abs(seen[best]) / 2, "and not what came after")
    table_rows = sum(len(getattr(company, name)) for name in company.tables)
    return {
        "noise_best": number(seen[best], 2),
        "noise_later": number(later, 2),
        "noise_months": count(len(monthly) - LEARNED),
        "all_rows": count(round(table_rows, -3)),
        "sellout_rows": count(len(company.sellout)),
        "sample_stores": count(len(company.stores)),
        "usage_rows": count(len(company.usage)),
    }


def _leads(company: Company) -> dict[str, Figure]:
    """Rank the deals of 2025 in five ways and count the wins on top."""
    deals = company.opportunities
    table = ka.win_model.with_outcome(ka.win_model.features(company), deals, company.as_of)
    past, later = ka.win_model.split(table, CUTOFF)
    model, trees = ka.win_model.logistic(past), ka.win_model.gradient_boosting(past)
    rates = (past["status"] == "won").groupby(past["source"]).mean().sort_values()
    ranked = later.assign(
        logistic=ka.win_model.predict(model, later)["probability"],
        boosted=ka.win_model.predict(trees, later)["probability"],
        by_source=later["source"].map(rates),
        rep_says=later["opportunity_id"].map(deals.set_index("opportunity_id")["probability"]),
    )
    names = ("log_amount", "by_source", "logistic", "boosted", "rep_says")
    lift = {name: ka.accuracy.lift(ranked, name) for name in names}
    known = past.assign(probability=trees.fitted.predict_proba(past[list(trees.columns)])[:, 1])
    learned = ka.accuracy.lift(known)
    one = lift["logistic"]
    chance = one.count * one.base_rate
    _must(one.won > lift["by_source"].won >= lift["log_amount"].won, "model, card, amount")
    _must(one.won - lift["by_source"].won < 2, "the model beats the card by about one deal")  # noqa: PLR2004 - "one deal"
    _must(lift["boosted"].won < lift["by_source"].won, "boosting falls behind the card")
    _must(learned.lift > 2 * lift["boosted"].lift, "boosting remembers and does not foresee")
    _must(lift["rep_says"].won == one.base_won, "the rep's column has seen the answer")
    best, worst = rates.index[-1], rates.index[0]
    _must((best, worst) == ("referral", "marketing"), "best and worst source")
    value = deals.loc[deals["status"] == "won", "amount"].median()
    return {
        "past_deals": count(len(past)),
        "past_won": count((past["status"] == "won").sum()),
        "later_deals": count(one.base),
        "later_won": count(one.base_won),
        "base_rate": percent(one.base_rate, 1),
        "top_count": count(one.count),
        "chance_won": number(chance),
        "amount_won": number(lift["log_amount"].won, 0),
        "source_won": number(lift["by_source"].won),
        "model_won": number(one.won, 0),
        "boosted_won": number(lift["boosted"].won, 0),
        "rep_won": number(lift["rep_says"].won, 0),
        "model_lift": number(one.lift),
        "source_lift": number(lift["by_source"].lift),
        "amount_lift": number(lift["log_amount"].lift),
        "boosted_lift": number(lift["boosted"].lift),
        "boosted_learned": number(learned.lift),
        "rep_lift": number(lift["rep_says"].lift),
        "best_rate": percent(rates[best]),
        "worst_rate": percent(rates[worst]),
        "win_value": money(value),
    }


def _ledger(company: Company) -> dict[str, Figure]:
    """Find the altered entry, and what a forger would do next."""
    verdict = ka.hash_chain.verify(company.ledger)
    _must(verdict.first_altered, "an entry was altered")
    row = company.ledger.set_index("entry").loc[verdict.first_altered]
    order = company.orders.set_index("order_id").loc[row["order_id"], "amount"]
    forged = ka.hash_chain.chain(company.ledger)
    ledger = company.ledger
    _must(ka.hash_chain.verify(forged).intact, "a forged chain verifies")
    published = ledger["hash"].iloc[-1]
    _must(not ka.hash_chain.verify(forged, published).intact, "not against a published hash")
    return {
        "ledger_entries": count(verdict.entries),
        "altered": count(verdict.first_altered or 0),
        "altered_order": text(row["order_id"], row["order_id"]),
        "altered_says": count(row["amount"]),
        "altered_was": count(order),
        "altered_by": count(abs(row["amount"] - order)),
        "altered_way": text(
            "少" if row["amount"] < order else "多", "less" if row["amount"] < order else "more"
        ),
        "rehashed": count((forged["hash"] != ledger["hash"]).sum()),
    }


def _usage(company: Company) -> dict[str, Figure]:
    """Read the connected chillers: silence, reorder points, empty evenings."""
    a, usage = company.assumptions, company.usage
    recent = usage[usage["day"] > RECENT]
    terms = (company.as_of, a["lead_time_days"], a["service_level"])
    table = ka.reorder.reorder_point(recent, *terms).set_index("device_id")
    half_year = ka.reorder.reorder_point(usage, *terms).set_index("device_id")
    days = (usage["day"].max() - usage["day"].min()).days + 1
    known = usage["stock_units"].notna()
    empty = usage[known & (usage["stock_units"] == 0)]
    often = empty["device_id"].value_counts()
    _must(often.index[0] == "C6", "C6 is empty most often")
    shown = recent[recent["device_id"] == "C6"]
    low = (shown["stock_units"] < table.loc["C6", "reorder_point"]).sum()
    _must((half_year["reorder_point"] > table["reorder_point"]).all(), "summer asks for more")
    first = table.sort_values("days_of_cover").iloc[0]
    now = table[table["reorder_state"] == "now"]
    _must(len(now) >= 4, "most chillers must be ordered for now")  # noqa: PLR2004 - "most" of six
    return {
        "lead_days": count(a["lead_time_days"]),
        "level": percent(a["service_level"]),
        "z": number(NormalDist().inv_cdf(a["service_level"]), 3),
        "device_days": count(days * table.shape[0]),
        "silent_days": count(days * table.shape[0] - known.sum()),
        "empty_c6": count(often["C6"]),
        "point_c6": count(table.loc["C6", "reorder_point"]),
        "mean_c6": number(table.loc["C6", "daily_mean"]),
        "safety_c6": count(table.loc["C6", "safety_stock"]),
        "low_c6": count(low),
        "evenings_c6": count(shown["stock_units"].notna().sum()),
        "stock_c6": count(table.loc["C6", "stock_units"]),
        "point_c1": count(table.loc["C1", "reorder_point"]),
        "point_c1_half": count(half_year.loc["C1", "reorder_point"]),
        "order_now": count(len(now)),
        "thin_device": text(str(first.name), str(first.name)),
        "thin_stock": count(first["stock_units"]),
        "thin_cover": number(first["days_of_cover"]),
    }


def _value(company: Company, **more: float) -> pd.Series:
    """Return the subscription's figures for one chiller, some terms changed."""
    a = company.assumptions
    terms = {
        "price": a["chiller_price"],
        "cost": a["chiller_cost"],
        "fee": a["chiller_monthly_fee"],
        "service": a["chiller_monthly_cost"],
        "churn": a["chiller_monthly_churn"],
        **more,
    }
    flows = ka.subscription.cash_flows(months=int(a["chiller_months"]), **terms)
    return (
        ka.subscription.subscription_or_sale(flows, a["discount_rate"])
        .set_index("model")
        .loc["subscription"]
    )


def _rent(company: Company) -> dict[str, Figure]:
    """Rent against sale, one chiller and six."""
    a = company.assumptions
    churn, chillers = a["chiller_monthly_churn"], int(a["chiller_count"])
    months = int(a["chiller_months"])
    sale = a["chiller_price"] - a["chiller_cost"]
    usual, loyal = _value(company), _value(company, churn=0.0)
    double = _value(company, churn=2 * churn)
    _must(abs(usual["npv"] - sale) < SMALLEST_GAP * sale, "rent and sale are about even")
    _must(loyal["npv"] > 2 * sale, "without churn the rent brings twice as much")
    _must(double["npv"] < sale / 2, "with twice the churn less than half")
    _must(1.4 < usual["cash"] / sale < 1.7, "half as much again in cash")  # noqa: PLR2004 - the words of the prose
    _must(usual["payback_month"] == LEAST_TERM, "it pays back in month 24")
    dear = _value(company, service=160.0)
    _must(0.38 < 1 - dear["npv"] / usual["npv"] < 0.45, "dear service takes two fifths")  # noqa: PLR2004 - the words of the prose
    month = ka.subscription.monthly_rate(a["discount_rate"])
    net = a["chiller_monthly_fee"] - a["chiller_monthly_cost"]
    stays = [
        (1 - churn) ** max(turn - LEAST_TERM + 1, 0) for turn in range(months)
    ]  # the first to leave is gone by fee 25
    bound = -a["chiller_cost"] + sum(
        net * share / (1 + month) ** (turn + 1) for turn, share in enumerate(stays)
    )
    charges = pd.DataFrame({"amount": [a["chiller_monthly_fee"] * chillers], "every_months": 1})
    running = ka.subscription.recurring_revenue(charges, churn)
    return {
        "price": count(a["chiller_price"]),
        "unit_cost": count(a["chiller_cost"]),
        "fee": count(a["chiller_monthly_fee"]),
        "service": count(a["chiller_monthly_cost"]),
        "churn": percent(churn, 1),
        "leave_year": percent(1 - (1 - churn) ** 12),
        "rent_months": count(months),
        "chillers": count(chillers),
        "discount": percent(a["discount_rate"]),
        "monthly": percent(month, 3),
        "twelfth": percent(a["discount_rate"] / 12, 3),
        "sale_value": count(sale),
        "sale_all": money(chillers * a["chiller_price"]),
        "rent_value": count(usual["npv"]),
        "rent_cash": count(usual["cash"]),
        "rent_loyal": count(loyal["npv"]),
        "rent_double": count(double["npv"]),
        "rent_bound": count(bound),
        "double_churn": percent(2 * churn, 1),
        "payback": count(usual["payback_month"]),
        "tied_up": money(usual["tied_up"] * chillers),
        "mrr": count(running.mrr),
        "arr": count(running.arr),
        "expected_year": count(running.expected_year),
        "expected_money": money(running.expected_year),
        "first_year_share": percent(running.expected_year / (chillers * a["chiller_price"])),
        "rent_dear_service": count(dear["npv"]),
    }


def _shared(company: Company) -> dict[str, Figure]:
    """Compare a guarantee by share of the saving with one by a flat fee."""
    a = company.assumptions
    outcomes = pd.DataFrame(
        {
            "outcome": ["good", "middle", "bad"],
            "value": [
                -a["waste_baseline"] * (1 - a[f"waste_saved_{name}"])
                for name in ("good", "middle", "bad")
            ],
            "chance": [a[f"chance_{name}"] for name in ("good", "middle", "bad")],
        }
    )
    terms = {"baseline": -a["waste_baseline"], "outcomes": outcomes, "cost": a["value_cost"]}
    shared = ka.value_sharing.gains(**terms, share=a["value_share"])
    flat = ka.value_sharing.gains(**terms, share=0, fixed_fee=a["value_flat_fee"])
    ours, theirs = (ka.value_sharing.expected(table) for table in (shared, flat))
    by_name, flat_by = (table.set_index("outcome") for table in (shared, flat))
    _must(
        abs(ours.supplier_gain - theirs.supplier_gain) < 0.05 * theirs.supplier_gain,
        "both contracts bring us about the same on average",
    )
    _must(
        by_name.loc["bad", "supplier_gain"] < 0 < flat_by.loc["bad", "supplier_gain"], "who bears"
    )
    _must(flat_by.loc["bad", "customer_gain"] < 0 < by_name.loc["bad", "customer_gain"], "the bad")
    year = company.orders[
        (company.orders["account_id"] == YUGUO) & (company.orders["ordered_on"] >= YEAR)
    ]
    return {
        "waste": money(a["waste_baseline"]),
        "waste_share": percent(a["waste_baseline"] / year["amount"].sum(), 1),
        "yuguo_sales": money(year["amount"].sum()),
        "share": percent(a["value_share"]),
        "value_cost": money(a["value_cost"]),
        "flat_fee": money(a["value_flat_fee"]),
        "shared_mean": money(ours.supplier_gain),
        "flat_mean": money(theirs.supplier_gain),
        "shared_bad": money(-by_name.loc["bad", "supplier_gain"]),
        "shared_good": money(by_name.loc["good", "supplier_gain"]),
        "flat_bad_theirs": money(-flat_by.loc["bad", "customer_gain"]),
        "flat_bad_ours": money(flat_by.loc["bad", "supplier_gain"]),
        "their_mean": money(ours.customer_gain),
        "chance_bad": percent(a["chance_bad"]),
        "saved_bad": percent(a["waste_saved_bad"]),
        "saved_middle": percent(a["waste_saved_middle"]),
        "saved_good": percent(a["waste_saved_good"]),
        "even_saved": percent(a["value_cost"] / a["value_share"] / a["waste_baseline"], 1),
    }


def _carbon(company: Company) -> dict[str, Figure]:
    """Work out Yuguo's CO2, by road and in the goods, and what less waste would save."""
    a, orders = company.assumptions, company.orders
    mine = orders[(orders["account_id"] == YUGUO) & (orders["ordered_on"] >= YEAR)]
    sent = company.deliveries[company.deliveries["order_id"].isin(mine["order_id"])]
    goods = company.order_lines[company.order_lines["order_id"].isin(sent["order_id"])]
    factors = {mode: a[f"co2_{mode}"] for mode in ("truck", "cold_truck", "rail")}
    table = ka.emissions.co2_per_order(goods, sent, company.products, factors)
    road, total, amount = (table[name].sum() for name in ("transport_kg", "total_kg", "amount"))
    rate = total / amount * 10_000
    last = sent.sort_values(["delivered_on", "order_id"]).iloc[-1]
    one = table.set_index("order_id").loc[last["order_id"]]
    saved = a["waste_baseline"] * a["waste_saved_middle"] / 10_000 * rate
    _must(road < 0.02 * total, "the road is a sliver of it")
    _must(saved > 2 * road, "less waste saves more than twice the road")
    _must(set(sent["mode"]) == {"truck"}, "Yuguo is served by truck")
    return {
        "one_order": text(last["order_id"], last["order_id"]),
        "one_km": count(last["distance_km"]),
        "one_tonnes": number(last["weight_kg"] / 1000),
        "one_factor": number(a["co2_truck"], 3),
        "one_road": count(one["transport_kg"]),
        "one_goods": count(one["product_kg"]),
        "one_rate": count(one["kg_per_10k"]),
        "co2_orders": count(len(table)),
        "co2_total": number(total / 1000, 0),
        "co2_road": number(road / 1000),
        "co2_road_share": percent(road / total, 1),
        "co2_rate": count(rate),
        "co2_mean": count(table["kg_per_10k"].mean()),
        "co2_saved": number(saved / 1000),
        "co2_times": number(saved / road),
    }
