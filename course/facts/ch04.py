"""The figures that chapter 4's prose names, worked out from the practice company."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, money, number, percent, text

if TYPE_CHECKING:
    from ka_lib.company import Company

YUGUO, WANAN = "A004", "A001"
YEAR = ("2024-12-01", "2025-12-01")
LUNCH_BOX, CRISPS = "P01", "P06"
UNITS_PER_CASE = 12
HER_MARGIN = 0.20  # assumed in the prose: what Yuguo keeps of a sale
PRICE_WORDS = "贵|价|便宜|折扣|预算"
LONG_OPEN = 90  # days
QUOTED = 3
# The bank of sentences stands kind by kind; its words for each kind other than price.
OTHER_WORDS = "上次|保证|没合作过|靠得住|断货|明年|再说|等|口味|规格|包装|保质期|功能"


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        **_listening(company),
        **_objections(company),
        **_prices(company),
        **_account(company),
        **_promotions(company),
        **_package(company),
    }


def _yuan(amount: float) -> Figure:
    """Return a price to the jiao."""
    return Figure(f"{amount:,.1f} 元", f"CNY {amount:,.1f}")


def _listening(company: Company) -> dict[str, Figure]:
    """Show what the account already told us, and what we still owe it."""
    surveys = company.surveys[company.surveys["account_id"] == YUGUO]
    pains = surveys.loc[surveys["answered_on"] >= "2025-01-01", "pains"].dropna().str.split(";")
    named = pains.explode().value_counts()
    _story(named.index[0] == "price", "Yuguo names price most often")
    _story({"late_delivery", "slow_response"} <= set(named.index), "late and slow are named too")
    fees = ka.promotion.claims(company.accruals, company.claims, company.as_of)
    mine = fees[fees["account_id"] == YUGUO]
    oldest = mine.sort_values("days_open").dropna(subset=["days_open"]).iloc[-1]
    all_late = fees[fees["days_open"] > LONG_OPEN]
    service = ka.teamwork.otif(
        company.deliveries[company.deliveries["promised_on"] > "2024-11-30"], company.as_of
    ).set_index("account_id")
    ours = service.loc[YUGUO]
    _story(ours["rate"] < company.assumptions["otif_target"], "service is below its target")
    return {
        "pain_answers": count(len(pains)),
        "pain_price": count(named["price"]),
        "pain_slow": count(named["slow_response"]),
        "pain_late": count(named["late_delivery"]),
        "owed": money(oldest["open"]),
        "owed_days": count(oldest["days_open"]),
        "owed_all": money(mine["open"].sum()),
        "owed_count": count((mine["open"] > 0).sum()),
        "claims_open": money(fees["open"].sum()),
        "claims_late": money(all_late["open"].sum()),
        "claims_late_count": count(len(all_late)),
        "otif": percent(ours["rate"]),
        "otif_count": count(ours["count"]),
        "otif_base": count(ours["base"]),
        "otif_target": percent(company.assumptions["otif_target"]),
    }


def _objections(company: Company) -> dict[str, Figure]:
    """Objections noted this autumn: how many name a price, how many are about it."""
    from ka_course.practice import objections

    zh_of = {en: zh for zh, en in objections.SENTENCES}
    said = [zh_of.get(sentence, sentence) for sentence in company.objections["sentence"]]
    priced = [one for one in said if re.search(PRICE_WORDS, one)]
    other = [one for one in priced if re.search(OTHER_WORDS, one)]
    _story(len(other) > 0, "some sentences name a price and mean something else")
    en_of = dict(objections.SENTENCES)
    _story(len(other) >= QUOTED, "there are enough sentences to quote")
    return {
        **{
            f"quote_{turn}": text(zh, en_of[zh]) for turn, zh in enumerate(other[-QUOTED:], start=1)
        },
        "objections": count(len(said)),
        "with_price": count(len(priced)),
        "not_price": count(len(other)),
    }


def _prices(company: Company) -> dict[str, Figure]:
    """Total cost, reservation prices, concessions."""
    a = company.assumptions
    rates = {"discount_rate": a["discount_rate"], "carrying_rate": a["carrying_rate"]}
    years = int(a["tco_years"])
    offers = company.offers
    ours, rival, third = offers["offer"]
    table = ka.negotiation.tco(offers, years, **rates).set_index("offer")
    _story(table.index[0] == ours, "our offer is the cheapest in present value")
    _story(table["nominal"].idxmin() == third, "the third is the cheapest in plain sums")
    _story(table["unit_price"].idxmin() == rival, "the rival has the lowest price")
    floor = ka.negotiation.seller_floor(a["seller_cost"], a["seller_contribution_elsewhere"])
    ceiling = ka.negotiation.buyer_ceiling(
        a["buyer_alternative_price"], a["buyer_better_by"], a["buyer_switching_cost"]
    )
    area = ka.negotiation.zopa(floor, ceiling)
    _story(area.kind == "interval", "there is a zone of possible agreement")
    _story(a["opening_price"] > ceiling, "the opening lies above her ceiling")
    middle = (floor + ceiling) / 2
    steps = ka.negotiation.decreasing_steps(
        a["opening_price"] - middle, int(a["concession_rounds"]), a["concession_ratio"]
    )
    plan = ka.negotiation.concession_plan(a["opening_price"], steps, a["seller_cost"])
    lunch_box = company.order_lines.merge(company.orders[["order_id", "account_id"]])
    bought = lunch_box[(lunch_box["account_id"] == YUGUO) & (lunch_box["product_id"] == LUNCH_BOX)]
    _story(bought.empty, "Yuguo does not buy the lunch box yet")
    delay = ka.negotiation.delay_cost(
        a["delay_monthly_gain"], a["delay_months"], a["delay_one_off"]
    )
    units = offers["units_per_year"].iloc[0]
    return {
        "offer_years": count(years),
        "offer_cases": count(units),
        "our_price": _yuan(offers["unit_price"].iloc[0]),
        "rival_price": _yuan(offers["unit_price"].iloc[1]),
        "third_price": _yuan(offers["unit_price"].iloc[2]),
        "rival_cheaper": percent(1 - offers["unit_price"].iloc[1] / offers["unit_price"].iloc[0]),
        "rival_running": money(offers["yearly_cost"].iloc[1]),
        "our_running": money(offers["yearly_cost"].iloc[0]),
        "rival_lot": count(offers["lot_units"].iloc[1]),
        "our_lot": count(offers["lot_units"].iloc[0]),
        "rival_dearer": money(table.loc[rival, "discounted"] - table.loc[ours, "discounted"]),
        "third_dearer": money(table.loc[third, "discounted"] - table.loc[ours, "discounted"]),
        "third_cheaper": money(table.loc[ours, "nominal"] - table.loc[third, "nominal"]),
        "third_upfront": money(offers["upfront"].iloc[2]),
        "list_price": _yuan(a["list_price"]),
        "opening": _yuan(a["opening_price"]),
        "unit_cost": _yuan(a["seller_cost"]),
        "elsewhere": _yuan(a["seller_contribution_elsewhere"]),
        "floor": _yuan(floor),
        "alternative": _yuan(a["buyer_alternative_price"]),
        "better_by": _yuan(a["buyer_better_by"]),
        "switching": _yuan(a["buyer_switching_cost"]),
        "ceiling": _yuan(ceiling),
        "width": _yuan(area.width),
        "middle": _yuan(middle),
        "step_1": _yuan(steps[0]),
        "step_2": _yuan(steps[1]),
        "step_3": _yuan(steps[2]),
        "plan_discount": percent(plan["discount"].iloc[-1], 1),
        "plan_points": number(plan["margin_points"].iloc[-1] * 100),
        "opening_margin": percent(plan["margin"].iloc[0], 1),
        "last_margin": percent(plan["margin"].iloc[-1], 1),
        "opening_markup": percent(ka.negotiation.markup(a["opening_price"], a["seller_cost"]), 1),
        "delay": money(delay),
        "delay_average": money(delay / a["delay_months"]),
        "delay_monthly": money(a["delay_monthly_gain"]),
        "delay_months": count(a["delay_months"]),
        "delay_one_off": money(a["delay_one_off"]),
    }


def _account(company: Company) -> dict[str, Figure]:
    """Show what Yuguo leaves us, today and after 3% off."""
    a = company.assumptions
    table = ka.customer_pnl.of_company(company, *YEAR).set_index("account_id")
    row, largest = table.loc[YUGUO], table.loc[WANAN]
    _story(row["contribution_rate"] > 2 * largest["contribution_rate"], "Yuguo pays better")
    cut = a["price_cut"] * a["yuguo_yearly_sales"]
    left = row["net_contribution"] - cut
    return {
        "gross_sales": money(row["gross_sales"]),
        "net_contribution": money(row["net_contribution"]),
        "contribution_rate": percent(row["contribution_rate"], 1),
        "wanan_rate": percent(largest["contribution_rate"], 1),
        "yuguo_rank": count(row["revenue_rank"]),
        "yuguo_contribution_rank": count(row["contribution_rank"]),
        "on_invoice": percent(row["on_invoice_discount"] / row["gross_sales"]),
        "rebate_share": percent(row["rebates"] / row["gross_sales"], 1),
        "fee_share": percent(
            (row["contracted_fees"] + row["uncontracted_fees"]) / row["gross_sales"], 1
        ),
        "left_after_cut": money(left),
        "lost_share": percent(cut / row["net_contribution"]),
    }


def _promotions(company: Company) -> dict[str, Figure]:
    """Two promotions of one product at Yuguo, a year apart."""
    both = company.promotions[company.promotions["account_id"] == YUGUO].sort_values("starts_on")
    sales = company.sellout.merge(company.stores[["store_id", "account_id"]])
    profit = _profit_per_unit(company)
    _story(round(profit, 2) == 1.69, "a pack of crisps earns 1.69 yuan")  # noqa: PLR2004 - typed
    figures = {"promo_profit": Figure(f"{profit:.2f} 元", f"CNY {profit:.2f}")}
    rates, returns = [], []
    for name, row in zip(("first", "second"), both.itertuples(), strict=True):
        _story(row.product_id == CRISPS, "both promotions are of the rice crisps")
        own = sales[(sales["account_id"] == YUGUO) & (sales["product_id"] == row.product_id)]
        effect = ka.promotion.uplift(own, row.starts_on, row.ends_on)
        spent = ka.promotion.cost(effect.sold, row.discount_per_unit, row.fees)
        back = ka.promotion.roi(effect.net, profit, spent)
        rates.append(effect.rate)
        returns.append(back.roi)
        figures |= {
            f"promo_{name}_discount": Figure(
                f"{row.discount_per_unit:.2f} 元", f"CNY {row.discount_per_unit:.2f}"
            ),
            f"promo_{name}_rate": percent(effect.rate),
            f"promo_{name}_net": count(effect.net),
            f"promo_{name}_dip": count(effect.dip),
            f"promo_{name}_sold": count(effect.sold),
            f"promo_{name}_cost": money(spent),
            f"promo_{name}_earned": money(back.profit),
            f"promo_{name}_roi": number(back.roi, 2),
        }
    _story(rates[1] < rates[0] and max(returns) < 1, "twice the discount, less uplift, no profit")
    return figures


def _profit_per_unit(company: Company) -> float:
    """Return the gross profit of one pack of crisps at Yuguo over the last 12 months."""
    lines = company.order_lines.merge(company.orders[["order_id", "account_id", "ordered_on"]])
    own = lines[
        (lines["account_id"] == YUGUO)
        & (lines["product_id"] == CRISPS)
        & (lines["ordered_on"] >= YEAR[0])
    ]
    return float(own["gross_profit"].sum() / own["quantity"].sum() / UNITS_PER_CASE)


def _package(company: Company) -> dict[str, Figure]:
    """3% off against days, support and training, for us and for her."""
    a = company.assumptions
    sales = a["yuguo_yearly_sales"]
    days = a["credit_days_offered"] - a["credit_days_now"]
    credit = ka.negotiation.credit_cost(sales, days, a["credit_rate"])
    support = a["support_hours"] * a["support_hour_cost"]
    training = a["training_days"] * a["training_day_cost"]
    package, cut = credit + support + training, a["price_cut"] * sales
    _story(package < cut / 3, "the package costs less than a third of the cut")
    shelf, seen = _shelf(company)
    target = a["osa_target"]
    _story(shelf < target, "there are gaps on Yuguo's shelves")
    more = seen * (target / shelf - 1)
    volume = ka.negotiation.breakeven_volume(a["price_cut"], a["yuguo_margin"])
    contribution = ka.customer_pnl.of_company(company, *YEAR).set_index("account_id")
    net = contribution.loc[YUGUO, "net_contribution"]
    account = company.accounts.set_index("account_id").loc[YUGUO]
    months = pd.DateOffset(months=int(account["contract_months"]))
    ends = account["contract_starts_on"] + months
    _story((ends.year, ends.month) == (2026, 2), "Yuguo's contract runs to the end of February")
    return {
        "credit_vat": money(credit * (1 + a["vat_rate"])),
        "vat_rate": percent(a["vat_rate"]),
        "sales": money(sales),
        "margin": percent(a["yuguo_margin"], 1),
        "cut": money(cut),
        "credit": money(credit),
        "credit_rate": percent(a["credit_rate"]),
        "days_added": count(days),
        "support": money(support),
        "training": money(training),
        "service": money(support + training),
        "package": money(package),
        "saved": money(cut - package),
        "package_share": percent(package / cut),
        "left_after_package": money(net - package),
        "credit_wrong": money(sales * a["credit_rate"]),
        "volume_needed": percent(volume, 1),
        "sales_needed": money(volume * sales),
        "volume_wrong": percent(a["price_cut"] / a["yuguo_margin"], 1),
        "osa": percent(shelf),
        "osa_target": percent(target),
        "seen_sales": money(seen),
        "shelf_sales": money(more),
        "shelf_profit": money(more * HER_MARGIN),
        "her_margin": percent(HER_MARGIN),
        "her_gain": money(more * HER_MARGIN + credit),
    }


def _shelf(company: Company) -> tuple[float, float]:
    """Return on-shelf availability at Yuguo and what its seen stores sold in the last 12 months."""
    sellout = company.sellout.merge(company.stores[["store_id", "account_id"]])
    own = sellout[(sellout["account_id"] == YUGUO) & (sellout["week"] >= YEAR[0])]
    return float(own["on_shelf"].mean()), float(own["amount"].sum())


def _story(holds: bool, what: str) -> None:
    """Stop the build when the data no longer says what the prose says."""
    if not holds:
        raise ValueError(f"chapter 4: the prose says that {what}, and the data does not")
