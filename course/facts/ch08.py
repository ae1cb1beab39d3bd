"""The figures that chapter 8's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text
from ka_lib.labels import label

if TYPE_CHECKING:
    from ka_lib.company import Company

PERIOD = ("2025-10-01", "2025-12-01")
YEAR = ("2024-12-01", "2025-12-01")
WEEKS = 52 / 8
STORY = {"A001": "wanan", "A002": "linque", "A003": "jiusui", "A004": "yuguo", "A005": "hexi"}
LONG = 1.5  # hours without a break that writing a proposal takes
SLACK = 30  # hours of a week that one plans; the rest is for what nobody foresees


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    hers = company.time_log[company.time_log["rep_id"] == "R1"]
    return {
        **_hours(company, hers),
        **_log(hers, company),
        **_an_hour(company, hers),
        **_tasks(company),
        **_abilities(company),
    }


def _hours(company: Company, hers: pd.DataFrame) -> dict[str, Figure]:
    """Show where eight weeks went."""
    by_account = ka.time_use.hours(hers, "account_id")
    named = by_account.dropna(subset=["account_id"]).set_index("account_id")
    by_activity = ka.time_use.hours(hers, "activity").set_index("activity")
    mine = company.accounts.loc[company.accounts["rep_id"] == "R1", "account_id"]
    orders = company.orders[company.orders["account_id"].isin(mine)]
    table = ka.time_use.time_and_revenue(hers, orders, company.accounts, PERIOD, by="account_id")
    shares = table.set_index("account_id")
    visits = hers[hers["activity"] == "visit"]
    last = visits[visits["account_id"] == "A002"]["started_at"].max().normalize()
    wanan = ka.time_use.hours(hers[hers["account_id"] == "A001"], "activity").set_index("activity")
    _hold("nearly half of her account hours", 0.4 < shares["time_share"]["A001"] < 0.5)  # noqa: PLR2004 - the words of the prose
    _hold("Linque not visited for weeks", (company.as_of - last).days > 21)  # noqa: PLR2004 - three weeks
    _hold("service at Wan'an takes three hours a week", round(wanan["hours"]["service"] / 8) == 3)  # noqa: PLR2004 - hours_a_week in the lecture's code
    return {
        "all_hours": number(by_account["hours"].sum(), 0),
        "account_hours": number(named["hours"].sum(), 0),
        "internal_hours": number(by_account["hours"].sum() - named["hours"].sum(), 0),
        "wanan_hours": number(named["hours"]["A001"], 0),
        "wanan_share": percent(shares["time_share"]["A001"]),
        "wanan_revenue_share": percent(shares["revenue_share"]["A001"]),
        "linque_hours": number(named["hours"]["A002"]),
        "linque_share": percent(shares["time_share"]["A002"]),
        "linque_last": text(
            f"{last.month} 月 {last.day} 日", date(last.date()).en.removesuffix(" 2025")
        ),
        "linque_days": days((company.as_of - last).days),
        "wanan_visits": count((visits["account_id"] == "A001").sum()),
        "linque_visits": count((visits["account_id"] == "A002").sum()),
        "travel_hours": number(by_activity["hours"]["travel"], 0),
        "travel_share": percent(by_activity["share"]["travel"]),
        "proposal_hours": number(by_activity["hours"]["proposal"], 0),
        "admin_hours": number(by_activity["hours"]["admin"], 0),
        "wanan_service": number(wanan["hours"]["service"], 0),
        "wanan_service_week": number(wanan["hours"]["service"] / 8, 0),
        "wanan_proposal": number(wanan["hours"]["proposal"], 0),
    }


def _log(hers: pd.DataFrame, company: Company) -> dict[str, Figure]:
    """Find the faults of the log, and how often she changes the account."""
    length = (hers["ended_at"] - hers["started_at"]).dt.total_seconds() / 3600
    counted = ka.time_use.pieces(hers)["hours"].sum()
    switched = ka.time_use.switches(hers)
    night = hers[hers["started_at"].dt.normalize() != hers["ended_at"].dt.normalize()]
    first = night[night["account_id"] == "A001"].iloc[0]
    proposals = length[hers["activity"] == "proposal"]
    whole = company.time_log
    nights = whole["started_at"].dt.normalize() != whole["ended_at"].dt.normalize()
    _hold("a night at Wan'an", first["ended_at"].hour < 6)  # noqa: PLR2004 - early morning
    return {
        "simple_hours": number(length.sum()),
        "true_hours": number(counted),
        "team_overlaps": count(len(ka.time_use.overlaps(whole))),
        "team_nights": count(nights.sum()),
        "night_start": text(f"{first['started_at']:%H:%M}", f"{first['started_at']:%H:%M}"),
        "night_end": text(f"{first['ended_at']:%H:%M}", f"{first['ended_at']:%H:%M}"),
        "night_day": text(
            f"{first['started_at'].month} 月 {first['started_at'].day} 日",
            date(first["started_at"].date()).en.removesuffix(" 2025"),
        ),
        "night_hours": number(length[first.name], 0),
        "night_wrong": number(24 - length[first.name], 0),
        "switches": number(switched["switches"].mean()),
        "switches_most": count(switched["switches"].max()),
        "proposal_long": percent((proposals >= LONG).mean()),
        "short_entries": percent((length < 1).mean()),
        "log_days": count(len(switched)),
    }


def _an_hour(company: Company, hers: pd.DataFrame) -> dict[str, Figure]:
    """Work out what an hour brings: gross profit, then what is really left."""
    table = ka.time_use.return_on_time(hers, company.orders, PERIOD).set_index("account_id")
    table = table.dropna(subset=["profit_per_hour"])
    named = ka.time_use.hours(hers.dropna(subset=["account_id"]), "account_id")
    hours = named.set_index("account_id")["hours"] * WEEKS
    left = ka.customer_pnl.of_company(company, *YEAR).set_index("account_id")
    net = (left["net_contribution"] / hours).dropna()
    without = ka.time_use.return_on_time(hers, company.orders, PERIOD, travel="excluded")
    gross = table["profit_per_hour"]
    _hold("Wan'an's hour is the poorest of the five", net[list(STORY)].idxmin() == "A001")
    _hold("Linque's hour beats Wan'an's", net["A002"] > 3 * net["A001"])
    _hold(
        "by gross profit Wan'an's hour is the one in the middle",
        gross["A001"] == gross.median(),
    )
    _hold("the mean lies above the median", gross.mean() > 1.3 * gross.median())
    return {
        "hours_accounts": count(len(gross)),
        "gross_wanan": _yuan(gross["A001"]),
        "gross_median": _yuan(gross.median()),
        "gross_mean": _yuan(gross.mean()),
        "gross_median_no_travel": _yuan(without["median_per_hour"].iloc[0]),
        "gross_top_hours": number(table["hours"][gross.idxmax()]),
        **{f"net_{name}": _yuan(net[account]) for account, name in STORY.items()},
        "net_times": number(net["A002"] / net["A001"], 0),
        "net_times_jiusui": number(net["A003"] / net["A001"], 0),
        "net_median": _yuan(net.median()),
        "wanan_rate": percent(left["contribution_rate"]["A001"]),
    }


def _tasks(company: Company) -> dict[str, Figure]:
    """Sort her list and fill her week."""
    mine = company.todos[company.todos["rep_id"] == "R1"]
    table = ka.time_use.quadrants(mine, company.as_of, 3, 100_000)
    hours = table.groupby("quadrant")["hours"].sum().reindex([1, 2, 3, 4], fill_value=0.0)
    tasks = table["quadrant"].value_counts().reindex([1, 2, 3, 4], fill_value=0)
    plan = ka.time_use.week_plan(mine, "2025-12-01", SLACK)
    states = plan.groupby("plan_state")["hours"].agg(["size", "sum"])
    second = table[
        (table["account_id"] == "A002") & (table["due_on"] == company.as_of + pd.Timedelta(days=5))
    ].iloc[0]
    photos = table[(table["account_id"] == "A001") & (table["days_left"] == 0)].iloc[0]
    rank = plan.set_index("todo_id")
    _hold("the second contact at Linque is important and not urgent", second["quadrant"] == 2)  # noqa: PLR2004
    _hold("the photos are urgent and not important", photos["quadrant"] == 3)  # noqa: PLR2004
    _hold("the second contact is planned", rank["plan_state"][second["todo_id"]] == "planned")
    _hold("the photos do not fit", rank["plan_state"][photos["todo_id"]] == "does_not_fit")
    late = table[table["past_due"] & (table["due_on"] == table["due_on"].min())].iloc[0]
    _hold("an overdue invoice does not fit", rank["plan_state"][late["todo_id"]] == "does_not_fit")
    return {
        "list_tasks": count(len(mine)),
        "list_hours": number(mine["hours"].sum()),
        **{f"q{q}_tasks": count(tasks[q]) for q in (1, 2, 3, 4)},
        **{f"q{q}_hours": number(hours[q]) for q in (1, 2, 3, 4)},
        "urgent_hours": number(hours[1] + hours[3]),
        "left_hours": number(40 - hours[1] - hours[3]),
        "late_tasks": count(table["past_due"].sum()),
        "second_value": money(second["value"]),
        "second_hours": number(second["hours"], 0),
        "photos_value": money(photos["value"]),
        "photos_hours": number(photos["hours"], 0),
        "fixed_hours": number(states["sum"].get("fixed", 0.0)),
        "planned_tasks": count(states["size"].get("planned", 0)),
        "left_out_tasks": count(states["size"].get("does_not_fit", 0)),
        "left_out_hours": number(states["sum"].get("does_not_fit", 0.0)),
        "team_due_today": count((company.todos["due_on"] == company.as_of).sum()),
    }


def _abilities(company: Company) -> dict[str, Figure]:
    """Show what she would learn first, and where two people see two people."""
    hers = company.ability_ratings[company.ability_ratings["rep_id"] == "R1"]
    own = ka.abilities.gap(hers).set_index("ability")
    boss = ka.abilities.gap(hers, by="manager").set_index("ability")
    apart = ka.abilities.difference(hers).set_index("ability")["difference"]
    change = ka.abilities.progress(hers).set_index("ability")
    plan = ka.abilities.learning_plan(hers, "2026-01-05", by="manager")
    first = str(plan["ability"].iloc[0])
    _hold("data analysis comes first for both", first == own.index[0] == "data_analysis")
    _hold("she rates her negotiating lower", apart["communication_negotiation"] < 0)
    _hold("she rates her figures higher", apart["data_analysis"] > 0)
    _hold("the blank is not a zero", bool(hers["manager_rating"].isna().any()))
    talk = "communication_negotiation"
    blank = str(hers.loc[hers["manager_rating"].isna(), "ability"].iloc[0])
    best = str(change["change"].idxmax())
    return {
        "data_own": number(own["rating"]["data_analysis"]),
        "data_boss": number(boss["rating"]["data_analysis"]),
        "data_target": number(own["target_rating"]["data_analysis"]),
        "data_gap": number(boss["gap"]["data_analysis"]),
        "data_weight": percent(boss["weight"]["data_analysis"]),
        "data_weighted": number(boss["weighted_gap"]["data_analysis"], 3),
        "talk_own": number(own["rating"][talk]),
        "talk_boss": number(boss["rating"][talk]),
        "talk_apart": number(-apart[talk]),
        "data_apart": number(apart["data_analysis"]),
        "plan_2": _ability(str(plan["ability"].iloc[1])),
        "plan_3": _ability(str(plan["ability"].iloc[2])),
        "plan_weeks_1": count(plan["weeks"].iloc[0]),
        "plan_hours": number(plan["hours"].sum(), 0),
        "plan_due_1": date(plan["due_on"].iloc[0].date()),
        "blank_ability": _ability(blank),
        "data_after": number(change["rating_after"]["data_analysis"]),
        "best_ability": _ability(best),
        "best_change": number(change["change"][best]),
    }


def _ability(code: str) -> Figure:
    return text(label("ability", code, "zh"), label("ability", code, "en").lower())


def _yuan(amount: float) -> Figure:
    return text(f"{amount:,.0f} 元", f"CNY {amount:,.0f}")


def _hold(words: str, true: bool) -> None:
    """Stop the build when the data no longer say what the prose says.

    Raises
    ------
    ValueError
        They do not.
    """
    if not true:
        message = f"Chapter 8 says: {words}. The practice company no longer does."
        raise ValueError(message)
