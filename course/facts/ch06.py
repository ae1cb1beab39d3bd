"""The figures that chapter 6's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

import ka_lib as ka
from ka_course.figures import Figure, count, date, days, money, number, percent, text

if TYPE_CHECKING:
    from ka_lib.company import Company

YEAR = ("2025-01-01", "2025-12-01")
AUTUMN = ("2025-09-01", "2025-12-01")
LAST_12 = ("2024-12-01", "2025-12-01")
BEFORE_12 = ("2023-12-01", "2024-12-01")
KEEP, DISCOUNT = 0.95, 0.10
CUT = "2024-12-31"
GIVE_OR_TAKE = 0.08
TARGET = 130_000_000


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        "as_of": date(company.as_of.date()),
        **_retention(company),
        **_growth(company),
        **_cycle(company),
        **_value(company),
        **_review(company),
        **_rates(company),
        **_scenario(company),
        **_sell_out(company),
        **_records(company),
        **_forecasts(company),
        **_pipeline(company),
        **_win_models(company),
        **_targets(company),
        **_map(company),
    }


def _must(holds: object, claim: str) -> None:
    """Stop the build when the data no longer says what the prose says."""
    if not holds:
        raise ValueError(f"chapter 6 says: {claim}")


def _name(company: Company, account_id: str) -> Figure:
    name = str(company.accounts.set_index("account_id")["account_name"][account_id])
    return text(name, name)  # the build loads the company in each edition's language


def _retention(company: Company) -> dict[str, Figure]:
    """Who stayed, by count and by money."""
    moves = ka.kpi.movements(company.orders, BEFORE_12, LAST_12, as_of=company.as_of)
    rate = ka.kpi.retention(moves)
    lost = moves[moves["movement"] == "lost"]
    reps = company.accounts.set_index("account_id")["rep_id"]
    own = lost.loc[lost["account_id"].map(reps) == "R1", "account_id"]
    now = int((moves["revenue_now"] > 0).sum())
    _must(len(own) == 1, "one of the lost customers was Lin Yue's")
    _must((lost["revenue_before"] > 1e6).sum() == 2, "two lost customers over a million")  # noqa: PLR2004
    _must((rate.count - 2) / rate.base < 0.95, "two more lost and 95% is gone")  # noqa: PLR2004
    return {
        "cohort": count(rate.base),
        "stayed": count(rate.count),
        "retention": percent(rate.rate, 1),
        "churn": percent(ka.kpi.churn(moves).rate, 1),
        "gross_retention": percent(ka.kpi.gross_revenue_retention(moves).rate, 1),
        "net_retention": percent(ka.kpi.net_revenue_retention(moves).rate),
        "lost": count(len(lost)),
        "lost_value": money(lost["revenue_before"].sum()),
        "own_lost": _name(company, str(own.iloc[0])),
        "customers_now": count(now),
        "wrong_end_base": percent(rate.count / now),
        "one_account": number(100 / rate.base),
    }


def _growth(company: Company) -> dict[str, Figure]:
    """Growth by several comparisons, and where it came from."""
    orders = company.orders
    of_year = ka.kpi.growth(orders, YEAR, "last_year", as_of=company.as_of)
    autumn = ka.kpi.growth(orders, AUTUMN, "last_year", as_of=company.as_of)
    previous = ka.kpi.growth(orders, AUTUMN, "previous", as_of=company.as_of)
    whole = orders.loc[orders["ordered_on"].dt.year == 2024, "amount"].sum()  # noqa: PLR2004
    table = ka.kpi.movements(
        orders, ("2024-01-01", "2024-12-01"), YEAR, as_of=company.as_of
    ).set_index("account_id")
    change = table["revenue_now"] - table["revenue_before"]
    accounts = company.accounts.set_index("account_id")["customer_since"]
    new = change[change.index.map(accounts) >= pd.Timestamp("2024-01-01")].sum()
    grown = of_year.now - of_year.before
    _must(0.3 < change["A001"] / grown < 0.37, "Wan'an brought a third of the growth")  # noqa: PLR2004
    _must(previous.rate < 0.03 < autumn.rate, "sales hardly rose on the summer")  # noqa: PLR2004
    last = ka.forecast.history(orders, company.as_of).set_index("period")["sales"].tail(3)
    _must(last.iloc[-1] < last.iloc[-2] < last.iloc[-3], "sales fell in the last two months")
    return {
        "growth": percent(of_year.rate, 1),
        "growth_autumn": percent(autumn.rate, 1),
        "growth_previous": percent(previous.rate, 1),
        "eleven": money(of_year.now),
        "whole_2024": money(whole),
        "wrong_growth": percent(of_year.now / whole - 1, 1),
        "grown": money(grown),
        "wanan_part": money(change["A001"]),
        "new_part": money(new),
        "old_share": percent(1 - new / grown),
        "sep": money(last.iloc[0]),
        "oct": money(last.iloc[1]),
        "nov": money(last.iloc[2]),
        "nov_fall": percent(1 - last.iloc[2] / last.iloc[0]),
    }


def _cycle(company: Company) -> dict[str, Figure]:
    """How long deals took, by their opening and by their signature."""
    cycle = ka.funnel.sales_cycle(ka.funnel.deals(company, *YEAR))
    won = company.opportunities[company.opportunities["status"] == "won"]
    signed = won[won["closed_on"] >= YEAR[0]]
    followed = ka.funnel.follow(signed, company.stage_history, company.as_of)
    by_signing = ka.funnel.sales_cycle(followed)
    _must(by_signing.mean > cycle.mean > cycle.median, "by signature the cycle is longer")
    return {
        "cycle_count": count(cycle.count),
        "cycle_mean": days(cycle.mean),
        "cycle_median": days(cycle.median),
        "signed_count": count(len(signed)),
        "signed_mean": days(by_signing.mean),
        "signed_median": days(by_signing.median),
    }


def _value(company: Company) -> dict[str, Figure]:
    """Value customers: median, mean, largest."""
    earned = ka.customer_pnl.of_company(company, *LAST_12)["net_contribution"]
    multiple = ka.clv.margin_multiple(1, KEEP, DISCOUNT)
    _must(18_500 < earned.median() < 19_500, "the median customer earns CNY 19,000 a year")  # noqa: PLR2004
    return {
        "m_median": money(earned.median()),
        "multiple": number(multiple, 2),
        "clv_mean": money(earned.mean() * multiple),
        "clv_max": money(earned.max() * multiple),
        "negative": count((earned < 0).sum()),
        "month_rate": percent(ka.clv.rate_per_unit(DISCOUNT, "month"), 3),
    }


def _review(company: Company) -> dict[str, Figure]:
    """Review the eight KPIs of January to November, with last year."""
    table = ka.kpi.review(company, YEAR).set_index("kpi")
    now, before = table["value"], table["before"]
    goals = {"gross_margin": 0.22, "satisfaction": 0.80}
    _must(all(0.9 * goal < now[kpi] < goal for kpi, goal in goals.items()), "just short of target")
    _must(now["churn"] <= 0.05, "churn has met its target")  # noqa: PLR2004
    for kpi, up in {
        "satisfaction": True, "repeat_rate": True, "conversion": False, "acquisition_cost": True,
        "cycle": True, "gross_margin": False,
    }.items():  # fmt: skip
        _must((now[kpi] > before[kpi]) == up, f"which way {kpi} went")
    cost, cost_before = (
        ka.funnel.acquisition_cost(company, f"{year}-01-01", f"{year}-12-01")
        for year in (2025, 2024)
    )
    _must(1.8 < cost.per_customer / cost_before.per_customer < 2.2, "the cost has doubled")  # noqa: PLR2004
    _must(0.45 < cost.per_customer / 120_000 < 0.55, "a new customer costs half its value")  # noqa: PLR2004
    return {
        "margin": percent(now["gross_margin"], 1),
        "margin_before": percent(before["gross_margin"], 1),
        "cac": money(cost.per_customer),
        "cac_before": money(cost_before.per_customer),
        "new_now": count(cost.customers),
        "new_before": count(cost_before.customers),
        "conversion": percent(now["conversion"], 1),
        "conversion_before": percent(before["conversion"], 1),
        "csat": percent(now["satisfaction"], 1),
        "csat_before": percent(before["satisfaction"], 1),
        "csat_count": count(table["count"]["satisfaction"]),
        "csat_base": count(table["base"]["satisfaction"]),
        "repeat": percent(now["repeat_rate"], 1),
        "repeat_count": count(table["count"]["repeat_rate"]),
        "cycle_before": days(before["cycle"]),
    }


def _rates(company: Company) -> dict[str, Figure]:
    """Three rates as they go wrong."""
    orders = company.orders[company.orders["ordered_on"] >= YEAR[0]]
    mean = (orders["gross_profit"] / orders["amount"]).mean()
    margin = ka.kpi.gross_margin(orders).rate
    answers = company.surveys[company.surveys["answered_on"] >= YEAR[0]]
    people = answers.rename(columns={"contact_id": "person_id", "recommend": "score"})
    per_year = company.orders[company.orders["ordered_on"] >= LAST_12[0]]
    bought = per_year[per_year["amount"] > 0].groupby("account_id")["order_id"].nunique()
    scores = answers["satisfaction"].mean()
    jiusui = answers[(answers["account_id"] == "A003") & (answers["answered_on"] >= "2025-11-01")]
    share = (jiusui["satisfaction"].dropna() >= 4).mean()  # noqa: PLR2004 - the two best answers
    _must(round(share, 2) == 0.92, "92% of Jiusui's people are satisfied")  # noqa: PLR2004
    return {
        "margin_mean": percent(mean, 1),
        "margin_gap": number((mean - margin) * 100),
        "csat_mean": number(scores, 2),
        "csat_mean_share": percent(scores / 5),
        "nps": number(ka.kpi.nps(people).score, 0),
        "nps_mean": number(answers["recommend"].mean()),
        "wanan_people": count(answers.loc[answers["account_id"] == "A001", "contact_id"].nunique()),
        "repeat_orders": percent(1 - len(bought) / bought.sum()),
    }


def _scenario(company: Company) -> dict[str, Figure]:
    """Show what the loss of the biggest deal or customer would do."""
    chances = ka.pipeline.stage_probabilities(ka.funnel.deals(company, "2023-01-01", "2024-12-01"))
    period = ka.widgets.periods(company.as_of)["to_date"]
    deal = ka.widgets.lose(company, period, chances, "deal")
    customer = ka.widgets.lose(company, period, chances, "customer")
    sales = customer.figures.set_index("kpi").loc["revenue"]
    fall = 1 - sales["value"] / sales["before"]
    orders = company.orders[company.orders["ordered_on"] >= LAST_12[0]]
    share = orders.loc[orders["account_id"] == "A001", "amount"].sum() / orders["amount"].sum()
    _must(deal.probability < 0.1, "the biggest open deal is still a lead")  # noqa: PLR2004
    _must(0.1 < fall < 0.2, "without Wan'an sales are below last year's")  # noqa: PLR2004
    _must(0.3 < share < 0.37, "Wan'an is a third of sales")  # noqa: PLR2004
    return {
        "big_deal": text(deal.lost, deal.lost),
        "big_deal_value": money(deal.amount),
        "big_deal_chance": percent(deal.probability),
        "big_deal_less": money(deal.before.expected - deal.after.expected),
        "without_sales": money(sales["value"]),
        "without_fall": percent(fall),
        "wanan_share": percent(share),
    }


def _sell_out(company: Company) -> dict[str, Figure]:
    """Orders against sales in the stores, and what stands on their shelves."""
    tables = [
        ka.sellout.sell_in_vs_sell_out(
            company.orders, company.sellout, company.stores, period
        ).set_index("account_id")
        for period in (YEAR, ("2024-12-01", "2025-03-01"))
    ]
    year, winter = tables
    growth = ["sell_in_growth", "sell_out_growth"]
    gap = (year[growth[0]] - year[growth[1]]).abs()
    _must(gap.idxmin() == "A003" and gap["A003"] < 0.02, "Jiusui's orders and sales keep pace")  # noqa: PLR2004
    _must(bool(winter["loading"]["A005"]) and not winter["loading"].drop("A005").any(), "Hexi only")
    recent = company.sellout[company.sellout["week"] >= AUTUMN[0]]
    spread = ka.sellout.distribution(recent, company.stores).set_index("product_id")
    products = company.products.set_index("product_id")["product_name"]
    osa = ka.sellout.on_shelf(recent, "account_id", company.stores)["osa"]
    nuts, lunch = str(products["P07"]), str(products["P01"])
    _must(spread["weighted_rate"]["P07"] > spread["numeric_rate"]["P07"], "nuts: right stores")
    _must(spread["weighted_rate"]["P01"] < spread["numeric_rate"]["P01"], "lunch: small stores")
    return {
        "stores": count(len(company.stores)),
        "wanan_in": percent(year.loc["A001", growth[0]]),
        "wanan_out": percent(year.loc["A001", growth[1]]),
        "hexi_in": percent(year.loc["A005", growth[0]]),
        "hexi_out": percent(year.loc["A005", growth[1]], 1),
        "hexi_winter_in": percent(winter.loc["A005", growth[0]]),
        "hexi_winter_out": percent(winter.loc["A005", growth[1]], 1),
        "hexi_cover_before": number(winter.loc["A005", "cover_before"]),
        "hexi_cover": number(winter.loc["A005", "cover_weeks"]),
        "nuts": text(nuts, nuts),
        "nuts_numeric": percent(spread["numeric_rate"]["P07"]),
        "nuts_weighted": percent(spread["weighted_rate"]["P07"]),
        "lunch": text(lunch, f"{lunch}es"),
        "lunch_numeric": percent(spread["numeric_rate"]["P01"]),
        "lunch_weighted": percent(spread["weighted_rate"]["P01"]),
        "osa_low": percent(osa.min()),
        "osa_high": percent(osa.max()),
    }


def _records(company: Company) -> dict[str, Figure]:
    """Count what the CRM holds of Linque, and of the open deals."""
    deals = company.opportunities[company.opportunities["status"] == "open"]
    linque = deals[deals["account_id"] == "A002"]
    notes = company.activities[company.activities["account_id"] == "A002"]
    since = company.as_of - pd.Timedelta(days=90)
    zero = deals[deals["probability"] == 0]
    return {
        "linque_deals": count(len(linque)),
        "linque_deals_value": money(linque["amount"].sum()),
        "linque_notes": count(notes.loc[notes["happened_on"] > since, "activity_id"].nunique()),
        "open_deals": count(len(deals)),
        "zero": count(len(zero)),
        "zero_value": money(zero["amount"].sum()),
    }


def _forecasts(company: Company) -> dict[str, Figure]:
    """How the methods did, and what they say of 2026."""
    history = ka.forecast.history(company.orders, company.as_of)
    methods: dict[str, Any] = {
        "seasonal_naive": ka.forecast.seasonal_naive,
        "linear_trend": ka.forecast.linear_trend,
        "holt_winters": ka.forecast.holt_winters,
        "regression": ka.regression.forecast,
        "boosting": ka.boosting.forecast,
    }
    tests = ka.accuracy.backtest(history, methods, horizon=6)
    ranking = ka.accuracy.compare(tests)
    wape = ranking.set_index("forecaster")["wape"]
    order = ["boosting", "regression", "holt_winters", "linear_trend", "seasonal_naive"]
    _must(list(ranking["forecaster"]) == order, "which method did best")
    halves = tests[tests["forecaster"] == "regression"].groupby("origin")[["actual", "forecast"]]
    sums = halves.sum()
    worst = (sums["forecast"] / sums["actual"] - 1).abs().max()
    _must(len(sums) == 6 and worst <= GIVE_OR_TAKE, "six exams, none off by over 8%")  # noqa: PLR2004
    chosen = ("regression", "boosting", "seasonal_naive")
    year = {name: methods[name](history, 13)["forecast"].iloc[1:].sum() for name in chosen}
    low, high = (year["regression"] * (1 + sign * GIVE_OR_TAKE) for sign in (-1, 1))
    _must(low < TARGET < year["regression"] < year["boosting"], "the target lies in the range")
    worth = ka.regression.coefficients(history).set_index("term")["worth"]
    return {
        "wape_naive": percent(wape["seasonal_naive"]),
        "wape_linear": percent(wape["linear_trend"], 1),
        "wape_holt": percent(wape["holt_winters"], 1),
        "wape_regression": percent(wape["regression"], 1),
        "wape_boosting": percent(wape["boosting"], 1),
        "wape_gap": number((wape["regression"] - wape["boosting"]) * 100),
        "worst_half": percent(worst, 1),
        "trend": money(worth["trend"]),
        "january": money(worth["month_1"]),
        "february": money(-worth["month_2"]),
        "next_regression": money(year["regression"]),
        "next_boosting": money(year["boosting"]),
        "next_naive": money(year["seasonal_naive"]),
        "next_gap": money(year["boosting"] - year["regression"]),
        "next_low": money(low),
        "next_high": money(high),
    }


def _pipeline(company: Company) -> dict[str, Figure]:
    """Weigh the open deals, in the right way and in the usual wrong ones."""
    chances = ka.pipeline.stage_probabilities(ka.funnel.deals(company, "2023-01-01", "2024-12-01"))
    deals = ka.pipeline.open_deals(company.opportunities, chances, company.as_of)
    total = ka.pipeline.total(deals)
    why = deals["left_out"].value_counts()
    close = deals["expected_close_on"]
    december, quarter = (
        ka.pipeline.total(deals[(close >= since) & (close < until)]).expected
        for since, until in (("2025-11-30", "2026-01-01"), ("2026-01-01", "2026-04-01"))
    )
    late = deals[deals["left_out"] == "overdue"]
    extra = (late["amount"] * late["probability"]).sum()
    apart = abs(total.own_expected / total.expected - 1)
    _must(apart < 0.1, "the reps' own probabilities come close")  # noqa: PLR2004
    _must(total.value > 4 * total.expected, "face value is more than four times as much")
    left = len(deals) - total.count
    _must(0.27 < left / len(deals) < 0.33, "three in ten deals are left out")  # noqa: PLR2004
    return {
        "counted": count(total.count),
        "overdue": count(why["overdue"]),
        "no_date": count(why["no_date"]),
        "overdue_extra": money(extra),
        "pipe_value": money(total.value),
        "pipe_expected": money(total.expected),
        "pipe_spread": money(total.spread),
        "pipe_own": money(total.own_expected),
        "pipe_december": money(december),
        "pipe_quarter": money(quarter),
    }


def _win_models(company: Company) -> dict[str, Figure]:
    """How the models of a win did, honest and peeking."""
    deals = company.opportunities
    table = ka.win_model.with_outcome(ka.win_model.features(company), deals, company.as_of)
    says = deals[["opportunity_id", "probability"]].rename(columns={"probability": "rep_says"})
    past, later = ka.win_model.split(table.merge(says, on="opportunity_id"), CUT)
    scores = {}
    for name, model in {
        "logistic": ka.win_model.logistic(past),
        "boosting": ka.win_model.gradient_boosting(past),
        "leak": ka.win_model.logistic(past, [*ka.win_model.FEATURES, "rep_says"]),
    }.items():
        scores[name] = ka.accuracy.brier(ka.win_model.predict(model, later))
    reference = scores["logistic"].reference
    better = 1 - scores["logistic"].score / reference
    _must(0.07 < better < 0.13, "logistic regression is a tenth better")  # noqa: PLR2004
    _must(scores["boosting"].score > reference, "boosting is worse than the floor")
    _must(scores["leak"].score < reference / 3, "a leak looks brilliant")
    then = ka.win_model.with_outcome(ka.win_model.features(company, CUT), deals, company.as_of)
    old = ka.funnel.deals(company, "2023-01-01", "2024-07-01", as_of=CUT)
    known = ka.pipeline.stage_probabilities(old).set_index("stage")["probability"]
    then["probability"] = then["stage_reached"].map(known)
    stage = ka.accuracy.brier(then)
    lowest = ka.accuracy.calibration(then, bins=5).iloc[0]
    _must(stage.score < 0.8 * stage.reference, "stage probabilities beat the floor")
    return {
        "past_count": count(len(past)),
        "past_won": count((past["status"] == "won").sum()),
        "brier_reference": number(reference, 4),
        "brier_logistic": number(scores["logistic"].score, 4),
        "brier_boosting": number(scores["boosting"].score, 4),
        "brier_leak": number(scores["leak"].score, 4),
        "brier_stage": number(stage.score, 3),
        "brier_stage_reference": number(stage.reference, 3),
        "bin_said": percent(lowest["mean_probability"]),
        "bin_won": percent(lowest["rate"]),
        "still_open": count((then["status"] == "open").sum()),
    }


def _targets(company: Company) -> dict[str, Figure]:
    """How much of the signing target is reached, and will be."""
    deals = company.opportunities
    won = deals[(deals["status"] == "won") & (deals["closed_on"] >= YEAR[0])]
    goal = company.targets.loc[company.targets["year"] == 2025, "amount"].sum()  # noqa: PLR2004
    signed = won["amount"].sum()
    chances = ka.pipeline.stage_probabilities(ka.funnel.deals(company, "2023-01-01", "2024-12-01"))
    open_deals = ka.pipeline.open_deals(deals, chances, company.as_of)
    december = open_deals[open_deals["expected_close_on"] < "2026-01-01"]
    end = signed + ka.pipeline.total(december).expected
    mine = company.targets.query("year == 2026 and rep_id == 'R1'")["amount"].sum()
    _must(mine == 4_129_000, "Lin Yue's target of 2026")  # noqa: PLR2004
    return {
        "signed_value": money(signed),
        "signed_target": money(goal),
        "attained": percent(signed / goal),
        "attained_end": percent(end / goal),
    }


def _map(company: Company) -> dict[str, Figure]:
    """Two tiles of the map."""
    orders = company.orders[company.orders["ordered_on"] >= YEAR[0]]
    created = company.opportunities["created_on"] >= YEAR[0]
    deals = company.opportunities.loc[created, "account_id"].value_counts()
    buyers = company.accounts[company.accounts["account_id"].isin(orders["account_id"])]
    table = ka.regions.by_region(buyers, orders).set_index("region")
    _must(abs(table["count"]["CN-SH"] - table["count"]["CN-BJ"]) <= 2, "about as many customers")  # noqa: PLR2004
    return {
        "most_deals": count(deals.iloc[0]),
        "most_deals_name": _name(company, str(deals.index[0])),
        "shanghai_count": count(table["count"]["CN-SH"]),
        "shanghai_value": money(table["value"]["CN-SH"]),
        "beijing_count": count(table["count"]["CN-BJ"]),
        "beijing_value": money(table["value"]["CN-BJ"]),
    }
