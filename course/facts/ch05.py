"""The figures that chapter 5's prose names, worked out from the practice company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text

if TYPE_CHECKING:
    from ka_lib.company import Company

LINQUE, JIUSUI, WANAN = "A002", "A003", "A001"
MINE = "R1"
SCENE = pd.Timestamp("2025-12-10")
TRAINING = 6 * 1_800
SUPPORT = 40 * 120
STAYS = 0.5  # of the shoppers who find the shelf empty, half buy something else


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        **_linque(company),
        **_surveys(company),
        **_stages(company),
        **_warning(company),
        **_people(company),
        **_visits(company),
        **_records(company),
        **_moments(company),
        **_services(company),
    }


def _must(holds: object, what: str) -> None:
    """Stop the build when the data no longer tell what the prose says."""
    if not holds:
        raise ValueError(f"chapter 5's prose no longer holds: {what}")


def _name(company: Company, account_id: str) -> Figure:
    accounts = company.accounts
    name = str(accounts.loc[accounts["account_id"] == account_id, "account_name"].iloc[0])
    return text(name, name)


def _pace(stages: pd.DataFrame) -> float:
    """Return how fast the accounts with a whole year to compare grew together."""
    full = stages[stages["months_compared"] == 12]  # noqa: PLR2004 - a year
    return float(full["sales_now"].sum() / full["sales_before"].sum() - 1)


def _linque(company: Company) -> dict[str, Figure]:
    """Read what the records say about the one contact at Linque."""
    contacts = company.contacts[company.contacts["account_id"] == LINQUE]
    gone = contacts[contacts["left_on"].notna()]
    _must(len(contacts) - len(gone) == 1, "one contact left at Linque")
    left = gone["left_on"].max()
    seen = company.activities[company.activities["account_id"] == LINQUE]
    visits = seen[seen["kind"] == "visit"].sort_values("happened_on")
    calls = seen[seen["kind"] == "call"].sort_values("happened_on")
    person = contacts.loc[contacts["left_on"].isna(), "contact_id"].iloc[0]
    todos = company.todos[company.todos["account_id"] == LINQUE].sort_values("due_on")
    _must((todos["due_on"] <= SCENE).sum() >= 2, "two tasks due by the scene")  # noqa: PLR2004
    alone = (company.as_of.year - left.year) * 12 + company.as_of.month - left.month
    accounts = company.accounts.set_index("account_id")
    _must(accounts.loc[LINQUE, "ownership"] == "state", "Linque is owned by the state")
    song = str(gone["contact_name"].iloc[0])
    return {
        "song": text(song, song),
        "song_left": date(left.date()),
        "months_alone": count(alone),
        "last_visit": date(visits["happened_on"].iloc[-1].date()),
        "visit_days": days((company.as_of - visits["happened_on"].iloc[-1]).days),
        "visit_days_scene": days((SCENE - visits["happened_on"].iloc[-1]).days),
        "last_call": date(calls["happened_on"].iloc[-1].date()),
        "call_minutes": count(calls["minutes"].iloc[-1]),
        "talks": count(seen["activity_id"].nunique()),
        "talks_zhou": count(seen.loc[seen["contact_id"] == person, "activity_id"].nunique()),
        "todo_person": date(todos["due_on"].iloc[0].date()),
    }


def _surveys(company: Company) -> dict[str, Figure]:
    """Read what Linque and Jiusui answered, and when."""
    surveys = company.surveys.sort_values("answered_on")
    mine = surveys[surveys["account_id"] == LINQUE]
    short = mine[mine["pains"].fillna("").str.contains("stock_out")]
    _must(len(short) == 2, "Linque named stock-outs twice")  # noqa: PLR2004
    _must(short["answered_on"].iloc[-1] == mine["answered_on"].iloc[-1], "and did so last")
    last, before = mine.iloc[-1], mine.iloc[-2]
    _must(last["satisfaction"] < before["satisfaction"], "Linque is less satisfied")
    jiusui = surveys[surveys["account_id"] == JIUSUI]
    pains = jiusui["pains"].fillna("").str.contains("stock_out")
    first, now = jiusui["answered_on"] < "2024-07-01", jiusui["answered_on"] >= "2025-10-01"
    _must(pains[first].sum() > 0 and pains[now].sum() == 0, "Jiusui's stock-outs ended")
    return {
        "short_first": date(short["answered_on"].iloc[0].date()),
        "short_last": date(short["answered_on"].iloc[-1].date()),
        "score_last": count(last["satisfaction"]),
        "score_before": count(before["satisfaction"]),
        "recommend_last": count(last["recommend"]),
        "recommend_before": count(before["recommend"]),
        "jiusui_first_answers": count(first.sum()),
        "jiusui_first_short": count(pains[first].sum()),
        "jiusui_answers": count(now.sum()),
    }


def _stages(company: Company) -> dict[str, Figure]:
    """Life-cycle stages with the usual limit, and with the company's own pace."""
    stages = ka.relationship.life_cycle(company.accounts, company.orders, company.as_of)
    full = stages[stages["months_compared"] == 12]  # noqa: PLR2004 - a year
    pace = _pace(stages)
    own = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=pace
    )
    usual, at_pace = (table["life_stage"].value_counts() for table in (stages, own))
    because = stages["because"].value_counts()
    growth = stages.set_index("account_id")["growth"]
    _must(own.set_index("account_id")["life_stage"][LINQUE] == "maturity", "Linque below the pace")
    _must(stages.set_index("account_id")["life_stage"][LINQUE] == "growth", "Linque above 10%")
    orders = company.orders
    total = [
        orders.loc[orders["ordered_on"].between(start, end), "amount"].sum()
        for start, end in (("2024-12-01", "2025-11-30"), ("2023-12-01", "2024-11-30"))
    ]
    # Hidden in a year's growth: stopped buying, but the first half of the year still counts.
    lapsed = stages[(stages["because"] == "lapsed") & (stages["growth"] > -0.10)]  # noqa: PLR2004
    _must(len(lapsed) == 1, "one lapsed account hides behind its growth")
    hidden = lapsed.iloc[0]
    new = stages[stages["because"] == "new"]
    _must((new["months_compared"] == 0).all(), "no month to compare for new accounts")
    tight = ka.widgets.life_cards(company, lapsed_days=15).set_index("account_id")
    mine = company.accounts.loc[company.accounts["rep_id"] == MINE, "account_id"]
    moved = tight[(tight["because"] == "lapsed") & tight.index.isin(mine)]
    moved = moved.drop(stages.loc[stages["because"] == "lapsed", "account_id"], errors="ignore")
    _must(len(moved) == 1, "one of Lin Yue's accounts lapses at 15 days")
    figures = {f"n_{stage}": count(number) for stage, number in usual.items()}
    figures |= {f"pace_{stage}": count(number) for stage, number in at_pace.items()}
    figures |= {f"b_{name}": count(number) for name, number in because.items()}
    return figures | {
        "tight": _name(company, str(moved.index[0])),
        "customers": count(len(stages)),
        "n_full": count(len(full)),
        "pace": percent(pace),
        "total_growth": percent(total[0] / total[1] - 1),
        "linque_growth": percent(growth[LINQUE]),
        "jiusui_growth": percent(growth[JIUSUI]),
        "hidden": _name(company, hidden["account_id"]),
        "hidden_growth": percent(-hidden["growth"]),
        "hidden_days": days(hidden["recency_days"]),
        "hidden_cycle": days(hidden["cycle_days"]),
        "hidden_last": date(hidden["last_order_on"].date()),
    }


def _warning(company: Company) -> dict[str, Figure]:
    """Who fell behind the same months of last year, and that Linque did not."""
    table = ka.relationship.early_warning(company.orders, company.as_of)
    flagged = table[table["warning"].fillna(value=False).astype("bool")]
    linque = table.set_index("account_id").loc[LINQUE]
    _must(not linque["warning"], "no warning for Linque")
    return {
        "warned": count(len(flagged)),
        "warn_base": count(table["warning"].notna().sum()),
        "warned_gone": count((flagged["ratio"] == 0).sum()),
        "linque_ratio": percent(linque["ratio"]),
    }


def _people(company: Company) -> dict[str, Figure]:
    """Which accounts hang on one person."""
    table = ka.health.exposure(company.contacts, company.accounts, company.as_of, company.orders)
    single = table[table["single_contact"]]
    _must(single["account_id"].iloc[0] == LINQUE, "Linque the largest single-contact account")
    sales = single["yearly_sales"]
    customers = company.accounts.loc[company.accounts["customer_since"].notna(), "account_id"]
    buying = single["account_id"].isin(customers)
    _must((buying == (sales > 0)).all(), "each single-contact customer still orders")
    mine = company.accounts.loc[company.accounts["rep_id"] == MINE, "account_id"]
    hers = single[single["account_id"].isin(mine)]
    left = company.contacts[company.contacts["left_on"] >= "2025-01-01"]
    others = hers[hers["account_id"].isin(left["account_id"]) & (hers["yearly_sales"] > 0)]
    others = others[others["account_id"] != LINQUE].head(2)
    _must(len(others) == 2, "two more of her accounts lost a contact this year")  # noqa: PLR2004
    return {
        "linque_sales": money(sales.iloc[0]),
        "single": count(len(single)),
        "single_customers": count((sales > 0).sum()),
        "single_prospects": count((~buying).sum()),
        "single_sales": money(sales.sum()),
        "single_share": percent(sales.sum() / table["yearly_sales"].sum(), 1),
        "linque_of_single": percent(sales.iloc[0] / sales.sum()),
        "hers": count(len(mine)),
        "hers_single": count(len(hers)),
        "next_one": _name(company, others["account_id"].iloc[0]),
        "next_two": _name(company, others["account_id"].iloc[1]),
        "next_sales": money(others["yearly_sales"].sum()),
    }


def _visits(company: Company) -> dict[str, Figure]:
    """Visits against the standard of each tier."""
    figures: dict[str, Figure] = {}
    for name, kinds in (("visit", ["visit"]), ("any", None)):
        gaps = ka.relationship.contact_gaps(
            company.activities, company.accounts, company.as_of, kinds=kinds
        )
        for row in ka.relationship.by_tier(gaps).itertuples():
            figures[f"{name}_{row.tier}"] = count(row.breaches)
            figures[f"base_{row.tier}"] = count(row.base)
        linque = gaps.set_index("account_id").loc[LINQUE]
        _must(not linque["breach"], "Linque within its standard")
    visits = company.activities[company.activities["kind"] == "visit"]
    return figures | {
        "visit_rows": count(len(visits)),
        "visit_count": count(visits["activity_id"].nunique()),
    }


def _records(company: Company) -> dict[str, Figure]:
    """How far the CRM can be trusted: the tables, and the export as it came."""
    quality = ka.relationship.crm_quality(company.accounts, company.activities, company.as_of)
    parts = quality.parts.set_index("part")
    raw = ka.read_export(Path(ka.__file__).parent / "practice" / "raw")
    fields = ["account_name", "segment", "region"]
    dirty = ka.relationship.crm_quality(
        raw.company.accounts, raw.company.activities, company.as_of, required=fields
    )
    dirty_parts = dirty.parts.set_index("part")
    return {
        "quality": number(quality.score, 0),
        "stale": count(parts.loc["stale", "count"]),
        "untiered": count(parts.loc["missing", "count"]),
        "raw_quality": number(dirty.score, 0),
        "raw_rows": count(dirty_parts.loc["duplicates", "base"]),
        "raw_twice": count(dirty_parts.loc["duplicates", "count"]),
        "raw_missing": count(dirty_parts.loc["missing", "count"]),
        "raw_stale": percent(dirty_parts.loc["stale", "rate"]),
    }


def _moments(company: Company) -> dict[str, Figure]:
    """Contracts that end, and the days on the care calendar."""
    due = ka.relationship.renewals(company.accounts, company.as_of, 90)
    ends = due.set_index("account_id")["ends_on"]
    listed = ends[LINQUE] - pd.Timedelta(days=90)
    start, end = "2025-12-10", "2026-03-11"
    calendar = ka.relationship.care_calendar(company, start, end)
    moments = calendar["moment"].value_counts()
    mine = company.accounts.loc[company.accounts["rep_id"] == MINE, "account_id"]
    hers = calendar[calendar["account_id"].isin(mine) | calendar["account_id"].isna()]
    crisis = calendar[calendar["moment"] == "crisis"]
    _must(crisis["account_id"].isin(mine).all(), "the open complaints are Lin Yue's")
    festival = calendar.loc[calendar["moment"] == "holiday", "date"]
    _must((festival == pd.Timestamp("2026-02-17")).any(), "Spring Festival on 17 February")
    born = company.contacts["birthday"]
    still = company.contacts["left_on"].isna()
    return {
        "due": count(len(due)),
        "linque_left": days((ends[LINQUE] - company.as_of).days),
        "linque_left_scene": days((ends[LINQUE] - SCENE).days),
        "linque_listed": date(listed.date()),
        "moments": count(len(calendar)),
        "birthdays": count(moments["birthday"]),
        "hers_moments": count(len(hers)),
        "complaints": count(len(crisis)),
        "crisis_one": _name(company, crisis["account_id"].iloc[0]),
        "crisis_two": _name(company, crisis["account_id"].iloc[1]),
        "born_known": count((born.notna() & still).sum()),
        "born_base": count(still.sum()),
    }


def _services(company: Company) -> dict[str, Figure]:
    """Work out what a replenishment service costs, and what it has to bring."""
    stores = company.stores.loc[company.stores["account_id"] == LINQUE, "store_id"]
    shelf = company.sellout[company.sellout["store_id"].isin(stores)]
    before = shelf[(shelf["week"] >= "2025-07-01") & (shelf["week"] < "2025-10-01")]
    now = shelf[shelf["week"] >= "2025-10-01"]
    drop = before["on_shelf"].mean() - now["on_shelf"].mean()
    _must(drop > 0.03, "Linque's shelves are emptier")  # noqa: PLR2004 - points worth a visit
    year = company.orders[
        (company.orders["account_id"] == LINQUE) & (company.orders["ordered_on"] > "2024-11-30")
    ]
    sales, margin = year["amount"].sum(), year["gross_profit"].sum() / year["amount"].sum()
    cost = TRAINING + SUPPORT
    recovered = sales * drop * STAYS * margin
    _must(recovered > cost, "the service pays")
    usual = ka.relationship.life_cycle(company.accounts, company.orders, company.as_of)
    stages = ka.relationship.life_cycle(
        company.accounts, company.orders, company.as_of, grows_from=_pace(usual)
    )
    growing = stages.loc[stages["life_stage"] == "growth", "account_id"]
    offers = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of, of=growing
    )
    first = offers.iloc[0]
    product = company.products.set_index("product_id")["product_name"][first["product_id"]]
    everybody = ka.relationship.cross_sell(
        company.accounts, company.orders, company.order_lines, company.as_of
    )
    _must(LINQUE not in set(everybody["account_id"]), "Linque buys what its peers buy")
    return {
        "osa_before": percent(before["on_shelf"].mean()),
        "osa_now": percent(now["on_shelf"].mean()),
        "osa_drop": number(100 * drop, 1),
        "osa_stores": count(len(stores)),
        "osa_rows": count(len(now)),
        "cost": money(cost),
        "margin": percent(margin),
        "needed": money(cost / margin),
        "needed_share": percent(cost / margin / sales, 1),
        "recovered": money(recovered),
        "offers": count(len(offers)),
        "growing": count(len(growing)),
        "offer_account": _name(company, first["account_id"]),
        "offer_product": text(str(product), str(product)),
        "offer_value": money(first["value"]),
        "offer_buyers": count(first["buyers"]),
        "offer_base": count(first["base"]),
    }
