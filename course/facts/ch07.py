"""The figures that chapter 7's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, days, money, number, percent, text
from ka_lib import language

if TYPE_CHECKING:
    from ka_lib.company import Company

JIUSUI = "A003"
YEAR = "2024-12-01"
SCENE = "2025-12-18"
LOADED_ON = "2026-01-15"
DRAFT = {
    "sales": "R", "marketing": "C", "service": "I", "legal": "C",
    "supply_chain": "AR", "finance": "A", "rnd": "C",
}  # fmt: skip


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        **_trouble(company),
        **_deliveries(company),
        **_money(company),
        **_answers(company),
        **_duties(company),
        **_case(company),
        **_effect(company),
    }


def _hold(condition: object, words: str) -> None:
    """Stop the build when the prose no longer fits the data."""
    if not condition:
        raise ValueError(words)


def _trouble(company: Company) -> dict[str, Figure]:
    """Show the New Year of 2024, and the four weeks before this one."""
    tickets = company.tickets
    complaint = tickets[
        (tickets["account_id"] == JIUSUI)
        & (tickets["kind"] == "complaint")
        & (tickets["opened_at"] < "2024-03-01")
    ]
    _hold(len(complaint) == 1, "one formal complaint of the New Year 2024")
    opened, answered = complaint["opened_at"].iloc[0], complaint["responded_at"].iloc[0]
    mine = company.deliveries[company.deliveries["account_id"] == JIUSUI]
    short = mine[mine["promised_on"].between("2024-01-01", "2024-02-29")]
    last = mine[mine["promised_on"].between("2024-12-10", "2025-01-28")]
    _hold(last["delivered_units"].equals(last["ordered_units"]), "last New Year was in full")
    late = last[last["delivered_on"] > last["promised_on"]]
    weeks = _weeks(company)
    growth = weeks.iloc[-12:].sum() / weeks.iloc[-64:-52].sum() - 1
    workdays = ka.work_calendar.working_hours(f"{SCENE} 09:00", f"{LOADED_ON} 18:00") / 9
    mondays = len(pd.bdate_range(SCENE, LOADED_ON))
    friday = tickets[tickets["opened_at"] == pd.Timestamp("2025-02-28 18:48")].iloc[0]
    moments = friday["opened_at"], friday["responded_at"]
    return {
        "complaint_hours": number(ka.work_calendar.working_hours(opened, answered)),
        "complaint_sla": count(complaint["sla_hours"].iloc[0]),
        "short_loads": count(len(short)),
        "short_units": count(short["ordered_units"].sum()),
        "short_came": count(short["delivered_units"].sum()),
        "short_share": percent(short["delivered_units"].sum() / short["ordered_units"].sum()),
        "last_loads": count(len(last)),
        "last_units": count(last["ordered_units"].sum()),
        "last_late": count(len(late)),
        "growth_12_weeks": percent(growth),
        "need_units": count(round(last["ordered_units"].sum() * (1 + growth), -1)),
        "workdays": count(workdays),
        "weekdays": count(mondays),
        "friday_clock": number((moments[1] - moments[0]) / pd.Timedelta(hours=1)),
        "friday_hours": number(ka.work_calendar.working_hours(*moments)),
    }


def _weeks(company: Company) -> pd.Series:
    """Return the units that the till of Jiusui's ten stores saw, week by week."""
    stores = company.stores.loc[company.stores["account_id"] == JIUSUI, "store_id"]
    sold = company.sellout[company.sellout["store_id"].isin(stores)]
    return sold.groupby("week")["units"].sum()


def _deliveries(company: Company) -> dict[str, Figure]:
    """On time and in full, and complaints beside it."""
    recent = company.deliveries[company.deliveries["promised_on"] >= YEAR]
    every = ka.teamwork.otif(recent, company.as_of, by=None).iloc[0]
    by_account = ka.teamwork.otif(recent, company.as_of).set_index("account_id")
    mine = by_account.loc[JIUSUI]
    target = company.assumptions["otif_target"]
    _hold(mine["rate"] < target, "Jiusui's OTIF is below the target")
    tickets = company.tickets
    complaints = tickets[(tickets["kind"] == "complaint") & (tickets["opened_at"] >= YEAR)]
    each = complaints.groupby("account_id").size().reindex(by_account.index, fill_value=0)
    below = by_account["rate"] < target
    per_hundred = {
        name: 100 * each[group].sum() / by_account["base"][group].sum()
        for name, group in (("below", below), ("above", ~below))
    }
    _hold(0 < per_hundred["below"] - per_hundred["above"] < 2, "the two groups lie close")  # noqa: PLR2004 - complaints in a hundred
    return {
        "otif_target": percent(target),
        "otif_all": percent(every["rate"]),
        "otif_on_time": percent(every["on_time_rate"]),
        "otif_in_full": percent(every["in_full_rate"]),
        "otif_product": percent(every["on_time_rate"] * every["in_full_rate"]),
        "otif_never": count(every["undelivered"]),
        "otif_mine": percent(mine["rate"]),
        "otif_mine_count": count(mine["count"]),
        "otif_mine_base": count(mine["base"]),
        "below_accounts": count(below.sum()),
        "above_accounts": count((~below).sum()),
        "below_complaints": number(per_hundred["below"]),
        "above_complaints": number(per_hundred["above"]),
        "below_count": count(each[below].sum()),
        "above_count": count(each[~below].sum()),
    }


def _money(company: Company) -> dict[str, Figure]:
    """Say what is owed, for how long, and by whom."""
    payments, as_of = company.payments, company.as_of
    total = ka.teamwork.dso(payments, as_of, by=None).iloc[0]
    ages = ka.teamwork.ageing(payments, as_of)
    every = ka.teamwork.ageing(payments, as_of, by=None).iloc[0]
    mine = ages.set_index("account_id").loc[JIUSUI]
    half = payments[
        (payments["account_id"] == JIUSUI) & (payments["paid_amount"] < payments["amount"])
    ]
    _hold(len(half) == 1, "one invoice of Jiusui is half paid")
    invoice = half.iloc[0]
    owed = invoice["amount"] - invoice["paid_amount"]
    _hold(abs(mine["overdue_amount"] - owed) < 1, "nothing else of Jiusui is overdue")
    orders = company.orders
    year = orders[(orders["ordered_on"] >= YEAR) & (orders["account_id"] == JIUSUI)]
    margin = ka.kpi.gross_margin(year).rate
    stop = company.assumptions["overdue_stop_days"]
    unpaid = payments["amount"] - payments["paid_amount"].where(
        payments["paid_on"] <= as_of
    ).fillna(0)
    long = payments[(unpaid > 0.005) & ((as_of - payments["due_on"]).dt.days > stop)]  # noqa: PLR2004 - half a cent
    lately = orders[(orders["ordered_on"] > as_of - pd.Timedelta(days=90)) & (orders["amount"] > 0)]
    still = sorted(set(long["account_id"]) & set(lately["account_id"]))
    _hold(
        long.loc[long["account_id"].isin(still), "paid_on"].notna().all(),
        "every invoice past the line of an account still supplied is paid in part",
    )
    without_vat = total["receivable"] / (
        orders.loc[orders["ordered_on"] > as_of - pd.Timedelta(days=90), "amount"].sum()
    )
    wanan = ka.teamwork.dso(payments, as_of).set_index("account_id").loc["A001"]
    _hold(wanan["dso"] > total["dso"], "Wan'an pays later than all")
    gone = ages.set_index("account_id").loc["A044"]
    _hold(gone["overdue_amount"] == ages["overdue_amount"].max(), "A044 owes most of the overdue")
    called = _names("accounts", "account_id", "A044", "account_name")
    return {
        "dso": number(total["dso"]),
        "dso_wrong": number(without_vat * 90),
        "receivable": money(total["receivable"]),
        "invoiced": money(total["invoiced"]),
        "wanan_dso": days(wanan["dso"]),
        "wanan_receivable": money(wanan["receivable"]),
        "wanan_part": percent(wanan["receivable"] / total["receivable"]),
        "overdue": money(every["overdue_amount"]),
        "overdue_rate": percent(every["overdue_rate"], 1),
        "over_90": money(every["over_90"]),
        "largest_overdue": called,
        "largest_overdue_amount": money(gone["overdue_amount"]),
        "half_amount": money(owed),
        "half_due": text("11 月 23 日", "23 November"),
        "half_late": days((as_of - invoice["due_on"]).days),
        "half_late_scene": days((pd.Timestamp(SCENE) - invoice["due_on"]).days),
        "half_interest": money(
            owed
            * (pd.Timestamp(SCENE) - invoice["due_on"]).days
            / 365
            * company.assumptions["credit_rate"]
        ),
        "mine_margin": percent(margin),
        "sell_to_replace": money(owed / (1 + company.assumptions["vat_rate"]) / margin),
        "stop_days": days(stop),
        "stop_accounts": count(len(still)),
    }


def _names(table: str, key: str, value: str, column: str) -> Figure:
    """Return a name in both languages."""
    before, found = language.current(), {}
    for lang in ("zh", "en"):
        language.use(lang)
        rows = getattr(ka.load(), table)
        found[lang] = str(rows.loc[rows[key] == value, column].iloc[0])
    language.use(before)
    return text(found["zh"], found["en"])


def _answers(company: Company) -> dict[str, Figure]:
    """How fast each department answers."""
    tickets, as_of = company.tickets, company.as_of
    by_department = ka.teamwork.sla(tickets, as_of).set_index("department")
    every = ka.teamwork.sla(tickets, as_of, by=None).iloc[0]
    closed = ka.teamwork.sla(tickets[tickets["closed_at"].notna()], as_of, by=None).iloc[0]
    clock = (tickets["responded_at"] - tickets["opened_at"]) / pd.Timedelta(hours=1)
    naive = (clock <= tickets["sla_hours"]).sum() / every["base"]
    _hold(by_department.index[0] == "rnd", "R&D answers last")
    _hold(by_department.index[-1] == "service", "customer service answers first")
    rate = by_department["rate"]
    return {
        "sla_all": percent(every["rate"], 1),
        "sla_met": count(every["met"]),
        "sla_base": count(every["base"]),
        "sla_undecided": count(every["undecided"]),
        "sla_mean": percent(rate.mean(), 1),
        "sla_closed": percent(closed["rate"], 1),
        "sla_clock": percent(naive, 1),
        "sla_as_missed": percent(every["met"] / (every["base"] + every["undecided"]), 1),
        "rnd_tickets": count(by_department["base"]["rnd"]),
        "supply_tickets": count(by_department["base"]["supply_chain"]),
        "sla_rnd": percent(rate["rnd"]),
        "sla_service": percent(rate["service"]),
        "sla_supply": percent(rate["supply_chain"]),
        "sla_finance": percent(rate["finance"]),
        "rnd_median": number(by_department["median_hours"]["rnd"]),
        "rnd_p90": number(by_department["p90_hours"]["rnd"]),
        "supply_median": number(by_department["median_hours"]["supply_chain"]),
        "supply_p90": number(by_department["p90_hours"]["supply_chain"]),
    }


def _duties(company: Company) -> dict[str, Figure]:
    """Look for the faults of the RACI table, and how long the first draft waits."""
    hours = ka.teamwork.sla(company.tickets, company.as_of).set_index("department")["median_hours"]
    better = DRAFT | {"finance": "C"}
    final = better | {"legal": "I", "rnd": "I"}
    waits = [
        ka.teamwork.handoffs(roles, hours, together=together)["to_hours"].max()
        for roles, together in ((DRAFT, False), (better, True), (final, True))
    ]
    before = language.current()
    language.use("en")
    checked = ka.teamwork.raci_check(ka.load().responsibilities)
    language.use(before)
    faulty = checked[checked["problems"] != ""].set_index("problems")["activity"]
    _hold(
        faulty.to_dict()
        == {
            "no_accountable": "Contract review and renewal",
            "several_accountable": "Claim settlement",
            "no_responsible": "Overdue collection",
        },
        "the three faults of the RACI table are those that the prose names",
    )
    return {
        "activities": count(len(checked)),
        "faults": count(len(faulty)),
        "wait_draft": number(waits[0]),
        "wait_draft_days": number(waits[0] / 9),
        "wait_together": number(waits[1]),
        "wait_final": number(waits[2]),
        "wait_final_days": number(waits[2] / 9),
    }


def _case(company: Company) -> dict[str, Figure]:
    """Tell what came of the joint plan, and the arithmetic of telling it."""
    assumed = company.assumptions
    growth, months = assumed["case_growth"], assumed["case_months"]
    before, after = assumed["case_share_before"], assumed["case_share_after"]
    _hold((growth, months, before, after) == (0.45, 18, 0.12, 0.15), "the case as the cell has it")
    surveys = company.surveys[company.surveys["account_id"] == JIUSUI]
    latest = surveys[surveys["answered_on"] >= "2025-11-01"]["satisfaction"]
    first = surveys[surveys["answered_on"] < "2024-07-01"]["satisfaction"]
    content = int((latest >= 4).sum())  # noqa: PLR2004 - the two best answers
    _hold(round(content / len(latest), 2) == assumed["case_satisfaction"], "satisfaction of 92%")
    weeks = _weeks(company)
    normal = weeks[weeks.index < "2024-01-01"].mean()
    low = weeks[(weeks.index >= "2024-03-04") & (weeks.index < "2024-06-01")].mean()
    now = weeks.iloc[-12:].mean()
    _hold(now / low - 1 > growth - 0.1 > now / normal - 1, "the start of the 45% is a low one")
    shelf = company.sellout.merge(company.stores, on="store_id")
    shelf = shelf[shelf["account_id"] == JIUSUI].set_index("week")["on_shelf"]
    short = shelf[(shelf.index >= "2024-01-01") & (shelf.index < "2024-03-01")]
    return {
        "case_growth": percent(growth),
        "case_months": count(months),
        "case_yearly": percent(ka.kpi.annualise(growth, 12 / months, kind="growth"), 1),
        "case_wrong": percent(growth * 12 / months),
        "case_wrong_after": percent((1 + growth * 12 / months) ** (months / 12) - 1, 1),
        "case_share_before": percent(before),
        "case_share_after": percent(after),
        "case_points": number((after - before) * 100, 0),
        "case_share_change": percent(after / before - 1),
        "case_satisfaction": percent(content / len(latest)),
        "case_content": count(content),
        "case_asked": count(len(latest)),
        "case_first": percent((first >= 4).sum() / len(first)),  # noqa: PLR2004 - the two best answers
        "case_first_content": count((first >= 4).sum()),  # noqa: PLR2004 - the two best answers
        "case_first_asked": count(len(first)),
        "case_one_less": percent((content - 1) / len(latest)),
        "weekly_normal": count(normal),
        "weekly_low": count(low),
        "weekly_now": count(now),
        "from_low": percent(now / low - 1),
        "from_normal": percent(now / normal - 1),
        "shelf_short": percent(short.mean()),
        "shelf_now": percent(shelf.loc["2025-09-01":].mean()),
    }


def pilot(company: Company, after: tuple[str, str]) -> ka.teamwork.Effect:
    """Return the effect of the pilot in yuan a store and week, in one choice of weeks."""
    stores = company.stores[company.stores["account_id"] == JIUSUI]
    weekly = company.sellout.merge(stores, on="store_id")
    weekly = weekly.groupby(["store_id", "pilot", "week"], as_index=False)["amount"].sum()
    weekly["group"] = weekly["pilot"].map({True: "treated", False: "control"})
    spans = {"before": ("2023-12-04", "2024-05-27"), "after": after}
    parts = [
        weekly[weekly["week"].between(*span)].assign(period=name) for name, span in spans.items()
    ]
    rows = pd.concat(parts).rename(columns={"amount": "value"})
    return ka.teamwork.difference_in_differences(rows)


def _effect(company: Company) -> dict[str, Figure]:
    """Say what the pilot stores add, and how little two windows agree."""
    late = pilot(company, ("2025-06-02", "2025-11-24"))
    early = pilot(company, ("2024-12-02", "2025-05-26"))
    _hold(late.from_value < 0 < late.to_value, "the later window includes zero")
    _hold(early.from_value > 0, "the earlier window does not")
    _hold(late.treated_before < late.control_before, "the pilot stores began lower")
    return {
        "did": money(late.estimate),
        "did_from": money(late.from_value),
        "did_to": money(late.to_value),
        "did_early": money(early.estimate),
        "did_early_from": money(early.from_value),
        "did_early_to": money(early.to_value),
        "treated_before": money(late.treated_before),
        "treated_after": money(late.treated_after),
        "control_before": money(late.control_before),
        "control_after": money(late.control_after),
        "treated_rise": percent(late.treated_after / late.treated_before - 1),
        "control_rise": percent(late.control_after / late.control_before - 1),
        "pilots": count(late.treated),
        "controls": count(late.control),
    }
