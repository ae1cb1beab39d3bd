"""The figures that chapter 2's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text
from ka_lib.labels import label
from ka_lib.tables import ROLES

if TYPE_CHECKING:
    from ka_lib.company import Company

LINQUE, JIUSUI, YUGUO, HEXI = "A002", "A003", "A004", "A005"
YEAR_AGO = "2024-11-30"
LATE = 1.5  # cycles
FULL_SHELF = 0.95
OWNERSHIP = {
    "private": ("民营", "privately owned"),
    "state": ("国有", "state-owned"),
    "listed": ("上市", "listed"),
    "foreign": ("外资", "foreign-owned"),
}


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        **_background(company),
        **_answers(company),
        **_market(company),
        **_shelf(company),
        **_buying(company),
        **_people(company),
        **_white_space(company),
    }


def _holds(company: Company) -> pd.DataFrame:
    return company.accounts[company.accounts["customer_since"].notna()]


def _recent(company: Company) -> pd.DataFrame:
    return company.orders[company.orders["ordered_on"] > YEAR_AGO]


def _say_if(told: bool, what: str) -> None:
    """Stop the build when the data no longer say what the prose says."""
    if not told:
        raise ValueError(f"chapter 2 tells another story than the data: {what}")


def _names(kind: str, codes: list[str]) -> Figure:
    return Figure(
        "、".join(label(kind, code, "zh") for code in codes),
        " and ".join(label(kind, code, "en").lower() for code in codes),
    )


def _background(company: Company) -> dict[str, Figure]:
    """Linque's file, and what is missing in the files of all."""
    accounts = company.accounts.set_index("account_id")
    linque, customers = accounts.loc[LINQUE], _holds(company)
    months = int(linque["contract_months"])
    end = linque["contract_starts_on"] + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    blank = customers["annual_sales"].isna()
    prospects = len(accounts) - len(customers)
    return {
        "stores": count(linque["store_count"]),
        "potential": money(linque["potential"]),
        "annual": money(linque["annual_sales"]),
        "payment_days": days(linque["payment_days"]),
        "ownership": text(*OWNERSHIP[linque["ownership"]]),
        "founded": text(f"{linque['founded']:.0f}", f"{linque['founded']:.0f}"),
        "contract_start": date(linque["contract_starts_on"].date()),
        "contract_months": count(months),
        "contract_end": date(end.date()),
        "contract_left": days((end - company.as_of).days),
        "customers": count(len(customers)),
        "prospects": count(prospects),
        "sales_missing": count(blank.sum()),
        "sales_missing_rate": percent(blank.mean()),
        "sales_missing_all": percent(accounts["annual_sales"].isna().mean()),
    }


def _answers(company: Company) -> dict[str, Figure]:
    """Count the last round of the survey by answers and by accounts."""
    wave = company.surveys[company.surveys["answered_on"] >= "2025-11-01"]
    segments = company.accounts[["account_id", "segment"]]
    pains = wave.assign(pain=wave["pains"].str.split(";")).explode("pain").dropna(subset=["pain"])
    once = pains.drop_duplicates(["account_id", "pain"]).merge(segments, on="account_id")
    by_answer, by_account = pains["pain"].value_counts(), once["pain"].value_counts()
    _say_if(by_answer.index[0] == by_account.index[0] == "price", "price leads over all")
    top = {}
    for segment in ("convenience", "fresh", "hypermarket", "supermarket"):
        counts = once.loc[once["segment"] == segment, "pain"].value_counts()
        _say_if(counts.iloc[0] > counts.iloc[1], f"one pain leads in {segment}")
        top[segment] = counts.index[0]
    _say_if(
        "price" not in (top["convenience"], top["fresh"]),
        "price does not lead in the small and fresh ones",
    )
    _say_if(top["supermarket"] == top["hypermarket"] == "price", "price leads in the large shops")
    linque = wave.loc[wave["account_id"] == LINQUE, "pains"].iloc[-1].split(";")
    _say_if({"stock_out", "shelf_life"} == set(linque), "Linque names gaps and shelf life")
    answering = wave.merge(segments, on="account_id").drop_duplicates("account_id")
    convenience = once[(once["segment"] == "convenience") & (once["pain"] == top["convenience"])]
    jiusui = wave[wave["account_id"] == JIUSUI]
    _say_if(
        set(company.surveys.loc[company.surveys["account_id"] == LINQUE, "contact_id"])
        == {"C0007"},
        "only Zhou Yan answers for Linque",
    )
    return {
        "answers": count(len(wave)),
        "answering": count(wave["account_id"].nunique()),
        "price_answers": count(by_answer["price"]),
        "price_accounts": count(by_account["price"]),
        "jiusui_answers": count(len(jiusui)),
        "jiusui_range": count(jiusui["pains"].str.contains("product_range").sum()),
        "convenience_top": _names("pain", [top["convenience"]]),
        "convenience_count": count(len(convenience)),
        "convenience_base": count((answering["segment"] == "convenience").sum()),
        "fresh_top": _names("pain", [top["fresh"]]),
        "linque_pains": _names("pain", linque),
    }


def _market(company: Company) -> dict[str, Figure]:
    """Where the customers are, and who is Linque's rival among them."""
    customers = _holds(company)
    zhejiang = customers[customers["region"] == "CN-ZJ"]
    convenience = zhejiang[zhejiang["segment"] == "convenience"]
    rival = convenience[(convenience["tier"] == "A") & (convenience["account_id"] != LINQUE)]
    _say_if(len(rival) == 1 and rival["rep_id"].iloc[0] == "R5", "one A rival, Luo Zhi's")
    return {
        "regions": count(customers["region"].nunique()),
        "zhejiang": count(len(zhejiang)),
        "zhejiang_convenience": count(len(convenience)),
        "rival": _account(company, rival["account_id"].iloc[0]),
        "rival_tier": text("A", "A"),
    }


def _account(company: Company, account_id: str) -> Figure:
    name = str(company.accounts.set_index("account_id").loc[account_id, "account_name"])
    return text(name, name)  # the build loads the company in each edition's language


def _shelf(company: Company) -> dict[str, Figure]:
    """Sell-in against sell-out, and what stands on Linque's shelves."""
    year = ("2024-12-01", "2025-12-01")
    compare = ka.sellout.sell_in_vs_sell_out(company.orders, company.sellout, company.stores, year)
    widest, by_account = compare.iloc[0], compare.set_index("account_id")
    linque, jiusui = by_account.loc[LINQUE], by_account.loc[JIUSUI]
    _say_if(widest["account_id"] == HEXI, "Hexi has the widest gap")
    _say_if(abs(widest["sell_out_growth"]) < 0.03, "Hexi's sell-out hardly moved")  # noqa: PLR2004
    _say_if(abs(jiusui["growth_gap"]) < 0.03, "Jiusui's two figures go together")  # noqa: PLR2004
    _say_if(0 < linque["growth_gap"] < 0.1, "Linque broadly keeps pace")  # noqa: PLR2004
    stores = company.stores.loc[company.stores["account_id"] == LINQUE, "store_id"]
    _say_if(sorted(stores) == ["ST07", "ST08", "ST09"], "the stores that the formula names")
    sold = company.sellout[company.sellout["store_id"].isin(stores)]
    autumn = sold[sold["week"] >= "2025-09-01"]
    lunch = ka.sellout.on_shelf(autumn).set_index("product_id").loc["P01"]
    one_by_one = ka.sellout.on_shelf(autumn[autumn["product_id"] == "P01"], "store_id")["osa"]
    carrying = ka.sellout.distribution(
        autumn, company.stores[company.stores["store_id"].isin(stores)]
    )
    sandwich = carrying.set_index("product_id").loc["P03", "stores_carrying"]
    _say_if(sandwich < len(stores), "the sandwich is not in every store")
    # The example answer of the written task.
    at_jiusui = company.stores.loc[company.stores["account_id"] == JIUSUI, "store_id"]
    theirs = company.sellout[
        company.sellout["store_id"].isin(at_jiusui) & (company.sellout["week"] >= "2025-09-01")
    ]
    theirs = ka.sellout.on_shelf(theirs, "store_id")
    _say_if(theirs["found"].sum() / theirs["checks"].sum() > 0.9, "Jiusui's shelves are full")  # noqa: PLR2004
    return {
        "gap_name": _account(company, widest["account_id"]),
        "gap_in": percent(widest["sell_in_growth"]),
        "gap_out": percent(widest["sell_out_growth"]),
        "gap_stores": count(widest["stores"]),
        "linque_in": percent(linque["sell_in_growth"]),
        "linque_out": percent(linque["sell_out_growth"]),
        "lunch_checks": count(lunch["checks"]),
        "lunch_found": count(lunch["found"]),
        "lunch_osa": percent(lunch["osa"]),
        "worst_osa": percent(one_by_one.min()),
        "sandwich_stores": count(sandwich),
    }


def _buying(company: Company) -> dict[str, Figure]:
    """When Linque buys, what it buys, and how much of its wallet that is."""
    customers, recent = _holds(company), _recent(company)
    cycle = ka.profile.purchase_cycle(company.orders, company.as_of, customers)
    linque = cycle.set_index("account_id").loc[LINQUE]
    orders = company.orders[company.orders["account_id"] == LINQUE]
    gaps = orders.loc[orders["amount"] > 0, "ordered_on"].drop_duplicates().sort_values().diff()
    waited = (company.as_of - cycle["last_order_on"]).dt.days
    pattern = ka.profile.order_pattern(orders, company.as_of, "quarter").set_index(
        ["year", "quarter"]
    )
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    mine = lines[lines["account_id"] == LINQUE].merge(company.products, on="product_id")
    mix = mine.groupby("category")["amount_x" if "amount_x" in mine else "amount"].sum()
    bought = recent.groupby("account_id")["amount"].sum()
    potential = customers.set_index("account_id")["potential"]
    share = bought / potential
    # The example answer of the written task: Jiusui orders every two weeks, mostly fresh meals.
    own = cycle.set_index("account_id").loc[JIUSUI, "cycle_days"]
    _say_if(own == 14 and share[JIUSUI] > 0.85, "Jiusui every two weeks")  # noqa: PLR2004
    all_lines = company.order_lines.merge(company.orders, on="order_id", suffixes=("", "_order"))
    hers = all_lines.merge(company.products, on="product_id").query(
        "account_id == @JIUSUI and ordered_on.dt.year == 2024"
    )
    is_fresh = hers["amount"].where(hers["category"] == "fresh", 0.0)
    of = hers["ordered_on"].dt.quarter
    fresh = is_fresh.groupby(of).sum() / hers["amount"].groupby(of).sum()
    _say_if(fresh.min() > 0.5, "more than half fresh in every quarter")  # noqa: PLR2004
    q3, q4 = pattern.loc[(2025, 3), "value"], pattern.loc[(2025, 4), "value"]
    _say_if(q4 < q3, "the unfinished quarter looks like a fall")
    _say_if(share[YUGUO] < share[LINQUE] < share[JIUSUI], "shares of wallet in this order")
    _say_if(0.65 < share[LINQUE] < 0.8, "about three tenths are left")  # noqa: PLR2004
    tiers = customers.set_index("account_id")["tier"]
    late = cycle[waited > LATE * cycle["cycle_days"]].assign(
        tier=lambda rows: rows["account_id"].map(tiers)
    )
    late = late.sort_values("last_order_on", ascending=False).reset_index(drop=True)
    _say_if("A" not in set(late["tier"]) and (late["tier"] == "B").sum() == 1, "one B is late")
    shown = late[late["tier"] == "B"]
    _say_if(shown.index[0] < 10, "the late B stands among those shown")  # noqa: PLR2004
    late_b = shown.iloc[0]
    silent = ~customers["account_id"].isin(recent["account_id"])
    return {
        "bought": money(bought[LINQUE]),
        "cycle": days(linque["cycle_days"]),
        "gap_least": count(gaps.dt.days.min()),
        "gap_most": count(gaps.dt.days.max()),
        "last_order": date(linque["last_order_on"].date()),
        "next_order": date(linque["next_order_on"].date()),
        "overdue": count(cycle["overdue"].fillna(value=False).sum()),
        "overdue_long": count((waited > LATE * cycle["cycle_days"]).sum()),
        "late_b": _account(company, late_b["account_id"]),
        "late_b_cycle": days(late_b["cycle_days"]),
        "late_b_last": date(late_b["last_order_on"].date()),
        "q3": money(q3),
        "q4": money(q4),
        "fresh_share": percent(mix["fresh"] / mix.sum()),
        "lunch_bought": money(mine.loc[mine["product_id"] == "P01", "amount"].sum()),
        "share": percent(share[LINQUE]),
        "yuguo_share": percent(share[YUGUO]),
        "jiusui_share": percent(share[JIUSUI]),
        "silent": count(silent.sum()),
    }


def _people(company: Company) -> dict[str, Figure]:
    """Who is known at Linque and Yuguo, and who hangs on one person."""
    contacts, customers = company.contacts, _holds(company)
    present = contacts[contacts["left_on"].isna()]
    known = present[present["account_id"].isin(customers["account_id"])]
    units = ka.profile.decision_unit(known, customers, roles=ROLES).set_index("account_id")
    linque, alone = units.loc[LINQUE], units.index[units["single_contact"]]
    listed = contacts[contacts["account_id"] == LINQUE]
    gone = listed.loc[listed["left_on"].notna(), "left_on"]
    _say_if(len(gone) == 1 and listed["contact_id"].iloc[0] == "C0007", "Zhou Yan and one who left")
    touched = company.activities.loc[company.activities["account_id"] == LINQUE]
    named = touched["contact_id"].dropna()
    _say_if(set(named) == {"C0007"}, "every named contact with Linque was Zhou Yan")
    club = present[present["account_id"] == YUGUO].sort_values("contact_id")
    _say_if(club["weight"].tolist() == [4.0, 5.0, 3.0, 2.0], "Yuguo's weights as worked out")
    _say_if(units.loc[YUGUO, "support"] < 0, "Yuguo stands against us")
    _say_if(
        club["stance"].fillna(9).tolist() == [-0.4, -0.1, 9.0, 0.2], "Yuguo's stances as worked out"
    )
    tiers = customers.set_index("account_id")["tier"]
    _say_if((tiers.reindex(alone) == "B").any(), "the late B of 2.9 hangs on one person")
    at_club = company.activities.loc[company.activities["account_id"] == YUGUO, "contact_id"]
    most = at_club.value_counts()
    _say_if(most.index[0] == club["contact_id"].iloc[2], "the finance director is met most often")
    sales = _recent(company).groupby("account_id")["amount"].sum()
    jiusui = units.loc[JIUSUI]
    # The example answer of the written task: whom we know at Jiusui.
    head = present[(present["account_id"] == JIUSUI) & (present["role"] == "decision_maker")].iloc[
        0
    ]
    _say_if(head["stance"] > 0 and head["weight"] == 5, "Jiusui's head leans to us")  # noqa: PLR2004
    _say_if(
        set(jiusui["uncovered"].split(", ")) == {"approver", "gatekeeper"}, "whom we lack at Jiusui"
    )
    managers = ((present["account_id"] == JIUSUI) & (present["role"] == "user")).sum()
    _say_if(managers == 10 and 0.4 < jiusui["support"] < 0.65, "ten managers, about 0.5")  # noqa: PLR2004
    return {
        "linque_gone": _person(listed[listed["left_on"].notna()]),
        "club_finance": _person(club.iloc[[2]]),
        "finance_touches": count(most.iloc[0]),
        "linque_listed": count(len(listed)),
        "song_left": date(gone.iloc[0].date()),
        "touches": count(touched["activity_id"].nunique()),
        "touches_named": count(len(named)),
        "touches_zhou": count((named == "C0007").sum()),
        "linque_support": text(f"+{linque['support']:.1f}", f"+{linque['support']:.1f}"),
        "linque_coverage": text(
            f"{linque['roles_covered']}/{linque['roles_asked']}",
            f"{linque['roles_covered']} of {linque['roles_asked']}",
        ),
        "yuguo_support": text(*[f"−{-units.loc[YUGUO, 'support']:.2f}"] * 2),
        "single": count(len(alone)),
        "single_share": percent(sales.reindex(alone).sum() / sales.sum()),
    }


def _person(row: pd.DataFrame) -> Figure:
    name = str(row["contact_name"].iloc[0])
    return text(name, name)


def _white_space(company: Company) -> dict[str, Figure]:
    """Set what peers buy and Linque does not against what a full shelf would bring."""
    customers, recent = _holds(company), _recent(company)
    peers = customers[customers["segment"] == "convenience"]
    lines = company.order_lines.merge(recent[["order_id", "account_id"]], on="order_id")
    lines = lines[lines["account_id"].isin(peers["account_id"])]
    gaps = ka.profile.white_space(lines, peers)
    first = gaps[gaps["account_id"] == LINQUE].iloc[0]
    bought = lines.groupby(["product_id", "account_id"])["amount"].sum()
    bought = bought[bought > 0]
    products = bought.reset_index().groupby("account_id").size()
    _say_if(products[LINQUE] >= products.quantile(0.6), "Linque's range is among the widest")
    value = bought[first["product_id"]].median()
    stores = company.stores.loc[company.stores["account_id"] == LINQUE, "store_id"]
    autumn = company.sellout[
        company.sellout["store_id"].isin(stores) & (company.sellout["week"] >= "2025-09-01")
    ]
    osa = ka.sellout.on_shelf(autumn).set_index("product_id").loc["P01", "osa"]
    gain = bought["P01"][LINQUE] * (FULL_SHELF / osa - 1)
    _say_if(gain > 1.2 * value, "a full shelf brings more than the new product")
    name = str(company.products.set_index("product_id").loc[first["product_id"], "product_name"])
    _say_if(lines["account_id"].nunique() == len(peers), "every peer ordered")
    return {
        "peers": count(len(peers)),
        "gap_first": text(name, name.lower()),
        "gap_buyers": count(first["buyers"]),
        "gap_value": money(round(value, -3)),
        "lunch_gain": money(round(gain, -4)),
        "lunch_times": number(gain / value, 1),
    }
