"""The figures that chapter 3's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.company import Company

TARGET = 130_000_000
WEIGHTS = {"contribution": 0.5, "potential": 0.3, "depth": 0.2}
MARKET_GROWTH = 0.05


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    now = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    before = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    return {
        "as_of": date(company.as_of.date()),
        **_target(company),
        **_tiers(company),
        **_funnel(company, now),
        **_indicators(company, now, before),
        **_gap(now, before),
        **_reasons(now, before),
        **_watch(company),
    }


def _target(company: Company) -> dict[str, Figure]:
    """Orders of the past, the target of 2026 and its parts."""
    orders = company.orders
    day = orders["ordered_on"]
    old = company.accounts.loc[company.accounts["customer_since"] < "2024-01-01", "account_id"]
    of_old = orders[orders["account_id"].isin(old)]
    this_year, last_year = (
        of_old.loc[
            (of_old["ordered_on"] >= f"{year}-01-01") & (of_old["ordered_on"] < f"{year}-12-01"),
            "amount",
        ].sum()
        for year in (2025, 2024)
    )
    growth = this_year / last_year - 1
    of_all = [
        orders.loc[(day >= f"{year}-01-01") & (day < f"{year}-12-01"), "amount"].sum()
        for year in (2025, 2024)
    ]
    base = orders.loc[day > "2024-11-30", "amount"].sum()
    season = ka.targets.seasonality(orders, [2023, 2024])
    running = ka.targets.seasonality(orders, [2023, 2024, 2025])
    right, wrong = (ka.targets.split(TARGET, weights)[4] for weights in (season, running))
    months = ka.targets.seasonality(orders, [2023, 2024], by="month")
    in_millions = (months * TARGET / 1e6).round().sum() * 1e6
    return {
        "old_customers": count(len(old)),
        "old_growth": percent(growth),
        "total_growth": percent(of_all[0] / of_all[1] - 1),
        "base": money(base),
        "market_growth": percent(MARKET_GROWTH),
        "target_low": money(base * (1 + MARKET_GROWTH)),
        "target_high": money(base * (1 + round(growth, 2))),
        "target": money(TARGET),
        "target_growth": percent(TARGET / base - 1),
        "q4": money(right),
        "q4_wrong": money(wrong),
        "q4_share": percent(season[4]),
        "months_rounded": money(in_millions),
        "months_over": money(in_millions - TARGET),
    }


def _tiers(company: Company) -> dict[str, Figure]:
    """Show what one very large account does to the tiers."""
    table = ka.tiers.criteria(company)
    scores = ka.tiers.score(table, WEIGHTS)
    by_cut_off = ka.tiers.assign(scores, cut_offs=(60, 35))["tier"].value_counts()
    without = ka.tiers.score(table[table["account_id"] != "A001"], WEIGHTS)
    other = ka.tiers.assign(without, cut_offs=(60, 35))["tier"].value_counts()
    by_quota = ka.tiers.assign(scores, quotas=(5, 15)).set_index("account_id")["tier"]
    profit = table.set_index("account_id")["contribution"]
    linque = table.set_index("account_id").loc["A002"]
    recent = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    sales = recent.groupby("account_id")["amount"].sum()
    return {
        "customers": count(len(table)),
        "third": count(len(table) / 3),
        "wanan_share": percent(sales["A001"] / sales.sum()),
        "wanan_profit_share": percent(profit["A001"] / profit.sum()),
        "first_score": number(scores["score"].iloc[0], 0),
        "second_score": number(scores["score"].iloc[1], 0),
        "cut_a": count(by_cut_off["A"]),
        "cut_c": count(by_cut_off["C"]),
        "without_a": count(other["A"]),
        "without_b": count(other["B"]),
        "a_profit_share": percent(profit[by_quota == "A"].sum() / profit.sum()),
        "linque_rank": count(profit.rank(ascending=False)["A002"]),
        "linque_depth": number(linque["depth"], 0),
        "linque_tier": text(by_quota["A002"], by_quota["A002"]),
    }


def _funnel(company: Company, now: pd.DataFrame) -> dict[str, Figure]:
    """Who got how far this year."""
    steps = ka.funnel.reached(now).set_index("stage")
    period = company.opportunities["created_on"].between("2025-01-01", "2025-11-30")
    standing = company.opportunities.loc[period, "stage"].value_counts()
    last = steps.loc["negotiation"]
    figures = {f"n_{stage}": count(row) for stage, row in steps["reached"].items()}
    figures |= {f"rate_{stage}": percent(row) for stage, row in steps["step_rate"].items()}
    open_count = int(steps["open_count"].sum())
    return figures | {
        "cumulative": percent(steps["cumulative_rate"]["delivery"], 1),
        "open_now": count(open_count),
        "standing_proposal": count(standing["proposal"]),
        "rate_without_lost": percent(
            last["reached"]
            and steps["reached"]["delivery"] / (last["reached"] - last["lost_count"])
        ),
    }


def _indicators(company: Company, now: pd.DataFrame, before: pd.DataFrame) -> dict[str, Figure]:
    """Work out the four indicators, and the wrong ways to get them."""
    leads, success = ka.funnel.lead_conversion(now), ka.funnel.proposal_success(now)
    proposals = ka.funnel.reached(now)["reached"].iloc[3]
    cycle, cycle_before = ka.funnel.sales_cycle(now), ka.funnel.sales_cycle(before)
    lengths = (now["delivery"] - now["contact"]).dt.days.dropna()
    censored = ka.funnel.sales_cycle(now, open_deals="censored", as_of=company.as_of)
    cost = ka.funnel.acquisition_cost(company, "2025-01-01", "2025-12-01")
    cost_before = ka.funnel.acquisition_cost(company, "2024-01-01", "2024-12-01")
    lagged = ka.funnel.acquisition_cost(company, "2025-01-01", "2025-12-01", lag_months=2)
    quarter = ka.funnel.acquisition_cost(company, "2025-01-01", "2025-04-01")
    number_open = int((now["status"] == "open").sum())
    won = now.loc[now["status"] == "won", "amount"]
    rate = ka.funnel.win_rate(now)
    pace = ka.funnel.velocity(number_open, won.mean(), rate.rate, cycle.mean)
    return {
        "lead_rate": percent(leads.rate),
        "success": percent(success.rate),
        "success_before": percent(ka.funnel.proposal_success(before).rate),
        "decided": count(success.base),
        "waiting": count(proposals - success.base),
        "success_all_leads": percent(success.count / leads.base),
        "success_all_proposals": percent(success.count / proposals),
        "win_by_count": percent(rate.rate, 1),
        "win_by_value": percent(ka.funnel.win_rate(now, by="value").rate, 1),
        "cycle_mean": days(cycle.mean),
        "cycle_median": days(cycle.median),
        "cycle_mean_before": days(cycle_before.mean),
        "cycle_median_before": days(cycle_before.median),
        "cycle_longest": days(lengths.max()),
        "cycle_long_count": count((lengths > 90).sum()),  # noqa: PLR2004 - three months
        "cycle_within_month": count((lengths <= 30).sum()),  # noqa: PLR2004 - one month
        "cycle_censored": days(censored.median),
        "cac": money(cost.per_customer),
        "cac_before": money(cost_before.per_customer),
        "cac_lagged": money(lagged.per_customer),
        "cac_spend": money(cost.spend),
        "cac_spend_before": money(cost_before.spend),
        "new_customers": count(cost.customers),
        "new_customers_before": count(cost_before.customers),
        "cac_quarter": money(quarter.per_customer),
        "cac_quarter_customers": count(quarter.customers),
        "average_deal": money(won.mean()),
        "velocity": money(pace),
    }


def _gap(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, Figure]:
    """Where the missing signatures went."""
    signed, signed_before = (
        frame.loc[frame["status"] == "won", "amount"].sum() for frame in (now, before)
    )
    steps = ka.funnel.gap(now, before).set_index("stage")
    worst = steps.loc["proposal"]
    parts = ka.funnel.effects(now, before).set_index("effect")["value"]
    missing = signed_before - signed
    settled, settled_before = (
        (
            table["reached"]["negotiation"],
            table["reached"]["proposal"],
            table["open_count"]["proposal"],
        )
        for table in (ka.funnel.reached(frame).set_index("stage") for frame in (now, before))
    )
    stuck_early = now[(now["furthest"] == "lead") & (now["status"] == "lost")]
    mine, mine_before = (
        ka.funnel.reached(frame[frame["rep_id"] == "R1"]).set_index("stage")
        for frame in (now, before)
    )
    return {
        "signed": money(signed),
        "signed_before": money(signed_before),
        "missing": money(missing),
        "missing_share": percent(missing / signed_before),
        "gain": money(worst["value_gained"]),
        "gain_share": percent(worst["value_gained"] / missing),
        "gain_lead": money(steps["value_gained"]["lead"]),
        "rate_gap": percent(worst["rate_now"]),
        "rate_gap_before": percent(worst["rate_before"]),
        "rate_lead_before": percent(steps["rate_before"]["lead"]),
        "lost_value_contact": money(steps["lost_value"]["contact"]),
        "proposals_open": count(settled[2]),
        "proposals_open_before": count(settled_before[2]),
        "rate_settled": percent(settled[0] / (settled[1] - settled[2])),
        "rate_settled_before": percent(settled_before[0] / (settled_before[1] - settled_before[2])),
        "average_lost_lead": money(stuck_early["amount"].mean()),
        "effect_number": money(-parts["number"]),
        "effect_conversion": money(-parts["conversion"]),
        "effect_size": money(parts["size"]),
        "mine_rate": percent(mine["step_rate"]["negotiation"]),
        "mine_rate_before": percent(mine_before["step_rate"]["negotiation"]),
        "mine_won": count(mine["reached"]["delivery"]),
        "mine_won_before": count(mine_before["reached"]["delivery"]),
    }


def _reasons(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, Figure]:
    """Why proposals were lost."""
    figures = {}
    for suffix, frame in (("", now), ("_before", before)):
        lost = frame[(frame["furthest"] == "proposal") & (frame["status"] == "lost")]
        by_reason = lost["lost_reason"].value_counts()
        for reason in ("price", "competitor", "payment_terms", "fees"):
            figures[f"lost_{reason}{suffix}"] = count(by_reason.get(reason, 0))
        figures[f"lost_proposals{suffix}"] = count(len(lost))
    return figures


def _watch(company: Company) -> dict[str, Figure]:
    """Find the open deals to look at on Monday."""
    flagged = ka.funnel.to_watch(company)
    late = flagged[flagged["stage"].isin(["proposal", "negotiation"])]
    first = late.iloc[0]
    name = str(first["account_name"])
    standing = ka.funnel.current_stages(company)
    return {
        "flagged": count(len(flagged)),
        "open_all": count(standing["count"].sum()),
        "late": count(len(late)),
        "late_value": money(late["amount"].sum()),
        "late_first": text(name, name),
        "late_first_value": money(first["amount"]),
        "late_first_days": days(first["days_in_stage"]),
    }
