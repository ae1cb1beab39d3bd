"""The figures that chapter 11's prose names, worked out from the practice company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text

if TYPE_CHECKING:
    from ka_lib.company import Company

MINE, CHEN = "R1", "R2"
WANAN, LINQUE, YUGUO = "A001", "A002", "A004"
YEAR = ("2024-12-01", "2025-12-01")
STARTS = pd.Timestamp("2026-01-05")
LIMIT = 90


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        **_seven(company),
        **_plan(company),
        **_appraisal(company),
        **_export(company),
        **_excellence(company),
    }


def _hold(what: str, holds: object) -> None:
    """Stop the build when the data no longer tell what the prose says."""
    if not holds:
        raise ValueError(f"chapter 11's prose no longer holds: {what}")


def _seven(company: Company) -> dict[str, Figure]:
    """Answer the seven questions of the year with a number each."""
    mine = company.accounts[company.accounts["rep_id"] == MINE]
    ids = mine["account_id"]
    pnl = ka.customer_pnl.of_company(company, *YEAR).set_index("account_id")
    surveys = company.surveys
    heard = surveys[(surveys["answered_on"] >= YEAR[0]) & surveys["account_id"].isin(ids)]
    now = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    before = ka.funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    gap = ka.funnel.gap(now[now["rep_id"] == MINE], before[before["rep_id"] == MINE])
    leak = ka.funnel.bottleneck(gap)
    _hold(
        "the step that leaks is contact to needs", leak is not None and leak["stage"] == "contact"
    )
    year = company.orders[company.orders["ordered_on"].between(YEAR[0], "2025-11-30")]
    yuguo = year[year["account_id"] == YUGUO]
    margin = float(yuguo["gross_profit"].sum() / yuguo["amount"].sum())
    people = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    hanging = people[people["single_contact"] & people["account_id"].isin(ids)]
    buying = hanging[hanging["yearly_sales"] > 0]
    hers = company.orders[company.orders["account_id"].isin(ids)]
    moves = ka.kpi.movements(hers, ("2023-12-01", YEAR[0]), YEAR, as_of=company.as_of)
    kept, net = ka.kpi.retention(moves), ka.kpi.net_revenue_retention(moves)
    recent = company.deliveries[company.deliveries["promised_on"] >= YEAR[0]]
    loads = ka.teamwork.otif(recent[recent["account_id"].isin(ids)], company.as_of, by=None).iloc[0]
    wanan = float(pnl.loc[WANAN, "contribution_rate"])
    _hold("Wan'an leaves about two yuan in a hundred", round(wanan * 100) == 2)  # noqa: PLR2004 - the words of the prose
    _hold("Linque is the largest of those on one contact", buying["yearly_sales"].idxmax() == buying.index[buying["account_id"] == LINQUE][0])  # fmt: skip
    return {
        "mine": count(len(mine)),
        "wanan_left": number(wanan * 100),
        "heard": count(heard["account_id"].nunique()),
        "leak_now": percent(leak["rate_now"]),
        "leak_before": percent(leak["rate_before"]),
        "leak_value": money(leak["value_gained"]),
        "yuguo_margin": percent(margin, 1),
        "yuguo_more": percent(ka.negotiation.breakeven_volume(0.03, margin), 1),
        "hanging": count(len(hanging)),
        "hanging_buying": count(len(buying)),
        "hanging_sales": money(buying["yearly_sales"].sum()),
        "kept": count(kept.count),
        "kept_base": count(kept.base),
        "kept_rate": percent(kept.rate, 1),
        "net_rate": percent(net.rate),
        "otif": percent(loads["rate"], 1),
        "otif_count": count(loads["count"]),
        "otif_base": count(loads["base"]),
    }


def _plan(company: Company) -> dict[str, Figure]:
    """Next month's visits, the gaps in the files, and what is wrong with the plan."""
    mine = company.accounts[company.accounts["rep_id"] == MINE]
    visits = ka.action_plan.visit_list(company.activities, mine, "2026-01")
    checked = ka.action_plan.check_plan(company.plan_items, STARTS).set_index("item_id")
    wrong = checked[checked["problems"] != ""]
    _hold("four items are not in order", sorted(wrong.index) == ["P06", "P07", "P09", "P10"])
    _hold("P10 is a day late", checked["day_number"]["P10"] == 31)  # noqa: PLR2004 - the words of the prose
    linque = visits.set_index("account_id").loc[LINQUE]
    _hold("Linque is a C, due in January", linque["visits_due"] == 1 and linque["tier"] == "C")
    ratings = company.ability_ratings[company.ability_ratings["rep_id"] == MINE]
    gaps = ka.abilities.gap(ratings)
    _hold("the widest gap is data analysis", gaps["ability"].iloc[0] == "data_analysis")
    _hold("then strategic thinking", gaps["ability"].iloc[1] == "strategic_thinking")
    asked = ["tier", "ownership", "employees", "annual_sales"]
    missing = ka.profile.missing_fields(mine, asked).set_index("field")["missing"]
    quiet = visits[visits["tier"] != "A"].sort_values("late_days", ascending=False).iloc[0]
    _hold("Youshe Fresh has waited longest", quiet["account_id"] == "A010")
    _hold("it is a B", quiet["tier"] == "B")
    return {
        "last_plan_day": date((STARTS + pd.Timedelta(days=30)).date()),
        "same_day": date((STARTS + pd.DateOffset(months=1)).date()),
        "visits": count(visits["visits_due"].sum()),
        "visits_a": count(visits.loc[visits["tier"] == "A", "visits_due"].sum()),
        "visits_late": count((visits["late_days"] > 0).sum()),
        "untiered": count(mine["tier"].isna().sum()),
        "linque_due": date(linque["first_due_on"].date()),
        "quiet": text("柚社生鲜", "Youshe Fresh"),
        "quiet_days": days(quiet["late_days"]),
        "items": count(len(checked)),
        "wrong": count(len(wrong)),
        "gap_data": number(gaps["gap"].iloc[0]),
        "gap_strategy": number(gaps["gap"].iloc[1]),
        "no_employees": count(missing["employees"]),
        "no_tier": count(missing["tier"]),
    }


def _appraisal(company: Company) -> dict[str, Figure]:
    """Lin Yue's two quarters, and Chen Li's missing part."""
    table = ka.appraisal.score(company.scorecards)
    by_key = table.set_index(["rep_id", "quarter"])
    cards = company.scorecards.set_index(["rep_id", "quarter"])
    second, third = by_key.loc[(MINE, "2025Q2")], by_key.loc[(MINE, "2025Q3")]
    _hold("the second quarter falls short", second["total"] < LIMIT <= third["total"])
    _hold("by less than a point", LIMIT - second["total"] < 1)
    _hold("the third is over the cap", cards.loc[(MINE, "2025Q3"), "attainment"] > 1.2)  # noqa: PLR2004 - the cap
    _hold("satisfaction is her lowest part", third["satisfaction_score"] == third[[f"{part}_score" for part in ka.appraisal.PARTS]].min())  # fmt: skip
    latest = table[table["quarter"] == "2025Q3"]
    ranks = ka.appraisal.rank(latest).set_index("rep_id")["rank"]
    zero = ka.appraisal.score(company.scorecards, missing="zero")
    zero_ranks = ka.appraisal.rank(zero[zero["quarter"] == "2025Q3"]).set_index("rep_id")
    _hold("Chen Li is first or last, by the rule", ranks[CHEN] == 1 and zero_ranks["rank"][CHEN] == len(ranks))  # fmt: skip
    _hold("Lin Yue first, when he counts as zero", zero_ranks["rank"][MINE] == 1)
    _hold("two share a rank", ranks["R3"] == ranks["R5"] == 4)  # noqa: PLR2004 - the words of the prose
    up = ka.appraisal.promotion(table, company.reps).set_index("rep_id")
    _hold("nobody moves up yet", not up["promoted"].any())
    _hold("Lin Yue has one quarter", up["quarters_in_row"][MINE] == 1)
    nps = cards.loc[(MINE, "2025Q2"), "nps"]
    raised = company.scorecards.copy()
    here = (raised["rep_id"] == MINE) & (raised["quarter"] == "2025Q2")
    raised.loc[here, "nps"] = nps + 8
    would = ka.appraisal.score(raised).set_index(["rep_id", "quarter"])
    _hold("eight points of NPS are enough", would.loc[(MINE, "2025Q2"), "total"] >= LIMIT)
    uncapped = ka.appraisal.score(company.scorecards, cap=10).set_index(["rep_id", "quarter"])
    first = company.orders[company.orders["amount"] > 0].groupby("account_id")["ordered_on"].min()
    owner = company.accounts.set_index("account_id")["rep_id"]
    new = first[first >= "2025-01-01"].index.map(owner).value_counts()
    _hold("two share the most new customers", (new == new.max()).sum() == 2)  # noqa: PLR2004 - the words of the prose
    low = cards.loc[("R5", "2025Q2"), "nps"]
    _hold("Luo Zhi's NPS was below zero", low < 0)
    return {
        "low_nps": text(f"−{-low:.0f}", f"−{-low:.0f}"),
        "low_score": count((low + 100) / 2),
        "q2": number(second["total"], 2),
        "q3": number(third["total"], 2),
        "short": number(LIMIT - second["total"], 2),
        "attained": percent(cards.loc[(MINE, "2025Q3"), "attainment"]),
        "nps3": count(cards.loc[(MINE, "2025Q3"), "nps"]),
        "sat3": number(third["satisfaction_score"]),
        "nps2": count(nps),
        "nps2_up": count(nps + 8),
        "uncapped": number(uncapped.loc[(MINE, "2025Q3"), "total"], 2),
        "over_cap": number((uncapped.loc[(MINE, "2025Q3"), "total"] - third["total"]), 2),
        "chen": number(by_key.loc[(CHEN, "2025Q3"), "total"], 2),
        "chen_zero": number(zero_ranks["total"][CHEN], 2),
        "tied": number(by_key.loc[("R3", "2025Q3"), "total"], 2),
        "most_new": count(new.max()),
    }


def _export(company: Company) -> dict[str, Figure]:
    """Read what the raw export lets one know."""
    raw = ka.read_export(Path(ka.__file__).parent / "practice" / "raw")
    review = ka.kpi.review(raw.company, ("2025-01-01", "2025-12-01"))
    kept = raw.files.set_index("table")
    _hold("of the eight, one can be told", review["value"].notna().sum() == 1)
    _hold("it is the conversion", review.set_index("kpi")["value"].notna()["conversion"])
    whole = ka.kpi.review(company, ("2025-01-01", "2025-12-01"))
    _hold("the whole company tells all eight", whole["value"].notna().all())
    return {
        "raw_rows": count(kept.loc["opportunities", "rows"]),
        "raw_kept": count(kept.loc["opportunities", "kept"]),
        "raw_aside": count(kept.loc["opportunities", "set_aside"]),
    }


def _excellence(company: Company) -> dict[str, Figure]:
    """Where the hours went: the decision behind one of the five keys."""
    hers = company.time_log[company.time_log["rep_id"] == MINE].dropna(subset=["account_id"])
    spent = ka.time_use.hours(hers, "account_id").set_index("account_id")["hours"]
    weeks, reps, saved, hour = 8, 5, 1, 60
    return {
        "hours_week": number(spent.sum() / weeks, 0),
        "tool_cost": money(12_000),
        "tool_hour": count(hour),
        "tool_worth": money(reps * saved * hour * 48),
        "wanan_time": percent(spent[WANAN] / spent.sum()),
        "linque_hours": number(spent[LINQUE]),
    }
