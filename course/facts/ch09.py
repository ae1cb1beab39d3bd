"""The figures that chapter 9's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ka_lib as ka
from ka_course.figures import Figure, count, days, money, number, percent, text

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.company import Company

WARN_BELOW = 60
FELL_BY = 0.03
BEFORE, NOW = ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01")
CUT = 0.06  # what Qingyan announces
LINQUE, HEXI, MAILONG, SUNLING = "A002", "A005", "A021", "A065"


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture and the quiz."""
    return {
        **_causes(company),
        **_health(company),
        **_nets(company),
        **_price_war(company),
        **_loading(company),
        **_role_play(),
    }


def _claim(holds: object, what: str) -> None:
    """Stop the build where the prose would no longer be true."""
    if not holds:
        raise ValueError(f"chapter 9 says: {what}")


def weights_of(company: Company) -> dict[str, float]:
    """Return the weights of the health check, by sub-score."""
    start = "health_weight_"
    return {
        f"{name.removeprefix(start)}_score": value
        for name, value in company.assumptions.items()
        if name.startswith(start)
    }


def _cause(code: str) -> Figure:
    return text(ka.label("cause", code, "zh"), ka.label("cause", code, "en"))


def _causes(company: Company) -> dict[str, Figure]:
    """Rank the causes, and the ways to get another first."""
    losses = company.losses
    ranked = ka.health.causes(losses, company.as_of)
    by_reports = losses["cause"].value_counts()
    by_sum = losses.groupby("cause")["lost_margin"].sum().sort_values(ascending=False)
    firsts = {ranked["cause"][0], by_reports.index[0], by_sum.index[0]}
    _claim(len(firsts) == 3, "reports, sums and accounts each put another cause first")  # noqa: PLR2004 - three ways
    _claim(ranked["cause"][0] == "quality", "quality costs most")
    _claim(ranked["cause"][3] == "competitor", "competitors come fourth")
    _claim(losses["lost_margin"].sum() > 1.5 * ranked["value"].sum(), "half too much when summed")
    left = ranked.set_index("cause").loc["contact_left"]
    first = ka.health.causes(losses, company.as_of, report="first").set_index("cause")
    _claim(first.index[0] == "contact_left", "by the first report, contacts who left cost most")
    _claim(ranked["cause"].iloc[-1] == "contact_left", "by the latest, they cost least")
    wanan = losses[losses["account_id"] == "A001"].iloc[0]
    twice = losses[losses["account_id"] == "A012"].sort_values("reported_on")
    _claim(list(twice["cause"]) == ["contact_left", "strategy"], "A012 was reported twice")
    name = str(company.accounts.set_index("account_id").loc["A012", "account_name"])
    apart = twice["reported_on"].diff().dt.days.iloc[-1]
    return {
        "reports": count(len(losses)),
        "twice": text(name, name),
        "twice_days": days(apart),
        "mean_loss": money(ranked["value"].sum() / ranked["accounts"].sum()),
        "lost_accounts": count(losses["account_id"].nunique()),
        "lost_margin": money(ranked["value"].sum()),
        "lost_summed": money(losses["lost_margin"].sum()),
        "top_cause": _cause(ranked["cause"][0]),
        "top_share": percent(ranked["share"][0]),
        "top_accounts": count(ranked["accounts"][0]),
        "second_cause": _cause(ranked["cause"][1]),
        "by_reports": _cause(by_reports.index[0]),
        "by_reports_count": count(by_reports.iloc[0]),
        "by_sum": _cause(by_sum.index[0]),
        "by_sum_value": money(by_sum.iloc[0]),
        "left_latest": money(left["value"]),
        "left_first": money(first.loc["contact_left", "value"]),
        "wanan_lost_sales": money(wanan["lost_sales"]),
        "wanan_lost_margin": money(wanan["lost_margin"]),
    }


def _scores(company: Company, **rules: object) -> pd.DataFrame:
    return ka.health.score(
        company.health,
        weights_of(company),
        red_below=company.assumptions["health_red_below"],
        green_from=company.assumptions["health_green_from"],
        **rules,  # type: ignore[arg-type]
    )


def _latest(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[scores["month"] == scores["month"].max()].set_index("account_id")


def _health(company: Company) -> dict[str, Figure]:
    """Score the accounts, and test the warning."""
    scores = _scores(company)
    now = _latest(scores).sort_values("score")
    colours = now["colour"].value_counts()
    raw = _latest(_scores(company, nps=()))["colour"].value_counts()
    _claim("red" not in colours, "no account is red in November")
    _claim(raw["green"] < colours["green"], "NPS taken as 0 to 100 makes accounts look worse")
    parts = [name for name in company.health.columns if name.endswith("_score")]
    others = [name for name in parts if name != "satisfaction_score"]
    outside = (company.health[others] < 0) | (company.health[others] > 100)  # noqa: PLR2004 - the scale
    tests = {
        level: ka.health.backtest(scores, company.losses, level, 3, company.as_of)
        for level in (50, WARN_BELOW, 70)
    }
    one = tests[WARN_BELOW]
    _claim(one.accuracy < one.always_stays, "the warning is less accurate than never warning")
    _claim(one.recall > 0.5, "and still finds half of the losses")  # noqa: PLR2004 - half
    _claim(tests[50].recall < one.recall < tests[70].recall, "a higher limit finds more")
    lowest = str(now.index[0])
    lost = scores["account_id"].map(company.losses.groupby("account_id")["lost_on"].min())
    leaked = lost <= (scores["month"].dt.to_period("M") + 3).dt.end_time
    names = company.accounts.set_index("account_id")["account_name"]
    figures = {
        "watched": count(len(now)),
        "green": count(colours["green"]),
        "amber": count(colours["amber"]),
        "raw_green": count(raw["green"]),
        "lowest": text(names[lowest], names[lowest]),
        "lowest_score": number(now["score"].iloc[0], 0),
        "linque_score": number(now.loc[LINQUE, "score"], 0),
        "hexi_score": number(now.loc[HEXI, "score"], 0),
        "sunling_score": number(now.loc[SUNLING, "score"], 0),
        "sunling_rank": count(now["score"].rank(ascending=False)[SUNLING]),
        "blank": count(company.health["satisfaction_score"].isna().sum()),
        "rows": count(len(company.health)),
        "outside": count(outside.to_numpy().sum()),
        "base": count(one.base),
        "gone": count(one.warned_lost + one.missed_lost),
        "warned": count(one.warned_lost + one.warned_stayed),
        "hit": count(one.warned_lost),
        "missed": count(one.missed_lost),
        "false_alarms": count(one.warned_stayed),
        "accuracy": percent(one.accuracy, 1),
        "always_stays": percent(one.always_stays, 1),
        "after_loss": count(one.after_loss),
        "undecided": count(one.undecided),
        "leak_recall": percent((scores.loc[leaked, "score"] < WARN_BELOW).mean()),
    }
    for level, test in tests.items():
        figures[f"recall_{level}"] = percent(test.recall)
        figures[f"precision_{level}"] = percent(test.precision)
        figures[f"warned_{level}"] = count(test.warned_lost + test.warned_stayed)
    return figures


def _nets(company: Company) -> dict[str, Figure]:
    """Whose orders fall, and who hangs on one person."""
    warned = ka.relationship.early_warning(company.orders, company.as_of).set_index("account_id")
    falling = warned[warned["warning"].fillna(value=False).astype(bool)]
    silent = falling[falling["ratio"] == 0]
    exposed = ka.health.exposure(
        company.contacts, company.accounts, company.as_of, company.orders
    ).set_index("account_id")
    orders = company.orders
    year = orders[orders["ordered_on"] > "2024-11-30"]
    profit = year.groupby("account_id")["gross_profit"].sum()
    _claim(exposed.index[0] == LINQUE, "Linque is the largest account that hangs on one person")
    _claim(not bool(warned.loc[LINQUE, "warning"]), "Linque's orders give no warning")
    for name in (MAILONG, SUNLING):
        _claim(bool(warned.loc[name, "warning"]), "their orders have fallen")
    scores = _latest(_scores(company))
    _claim(scores.loc[LINQUE, "colour"] == "green", "Linque is green")
    _claim(scores.loc[MAILONG, "colour"] == "green", "Mailong is green")
    _claim(scores.loc[HEXI, "colour"] == "amber", "Hexi is amber")
    return {
        "falling": count(len(falling)),
        "silent": count(len(silent)),
        "slipping": count(len(falling) - len(silent)),
        "mailong_ratio": percent(warned.loc[MAILONG, "ratio"]),
        "mailong_score": number(scores.loc[MAILONG, "score"], 0),
        "sunling_ratio": percent(warned.loc[SUNLING, "ratio"]),
        "mailong_profit": money(profit[MAILONG]),
        "sunling_profit": money(profit[SUNLING]),
        "linque_profit": money(profit[LINQUE]),
        "hexi_profit": money(profit[HEXI]),
        "linque_ratio": percent(warned.loc[LINQUE, "ratio"]),
        "linque_sales": money(exposed.loc[LINQUE, "yearly_sales"]),
        "accounts": count(len(exposed)),
        "exposed": count(exposed["exposed"].sum()),
        "one_contact": count(exposed["single_contact"].sum()),
        "one_level": count((exposed["single_level"] & ~exposed["single_contact"]).sum()),
        "exposed_share": percent(
            exposed.loc[exposed["exposed"], "yearly_sales"].sum() / exposed["yearly_sales"].sum()
        ),
    }


def _price_war(company: Company) -> dict[str, Figure]:
    """Work out what five months of lower prices cost, and what they did not bring."""
    orders = company.orders
    war = ka.health.price_war(orders, BEFORE, NOW, company.as_of).set_index("account_id")
    fell = war["margin_before"] - war["margin_now"]
    fighting, others = war[fell >= FELL_BY], war[fell < FELL_BY]
    _claim(len(fighting) == 8, "eight accounts' margins fell by three points or more")  # noqa: PLR2004 - eight

    def growth(table: pd.DataFrame) -> float:
        volume = [
            orders.loc[
                orders["account_id"].isin(table.index)
                & (orders["ordered_on"] >= start)
                & (orders["ordered_on"] < end),
                "list_amount",
            ].sum()
            for start, end in (NOW, BEFORE)
        ]
        return float(volume[0] / volume[1] - 1)

    _claim(growth(fighting) < growth(others), "cheaper accounts did not grow faster")
    since = company.accounts.set_index("account_id")["customer_since"].reindex(war.index)
    old = war[since < "2024-07-01"]
    old_fighting, old_others = (part.loc[part.index.isin(old.index)] for part in (fighting, others))
    _claim(growth(old_fighting) < growth(old_others), "nor did the old ones among them")
    hexi = war.loc[HEXI]
    _claim(hexi["volume_change"] < hexi["volume_needed"], "Hexi's volume did not make up for it")
    margin = hexi["margin_before"]
    return {
        "fighting": count(len(fighting)),
        "price_lost": money(-fighting["price_effect"].sum()),
        "net_effect": money(fighting["net_effect"].sum()),
        "fighting_growth": percent(growth(fighting)),
        "others_growth": percent(growth(others)),
        "others": count(len(others)),
        "new_growth": percent(war.loc["A009", "volume_change"]),
        "old_fighting": percent(growth(old_fighting)),
        "old_others": percent(growth(old_others)),
        "hexi_margin": percent(margin, 1),
        "hexi_margin_now": percent(hexi["margin_now"], 1),
        "hexi_volume": percent(hexi["volume_change"]),
        "hexi_needed": percent(hexi["volume_needed"]),
        "hexi_price": money(-hexi["price_effect"]),
        "hexi_net": money(-hexi["net_effect"]),
        "hexi_cut_needed": percent(CUT / (margin - CUT)),
        "hexi_narrow_needed": percent(0.03 / (margin - 0.03)),
    }


def _loading(company: Company) -> dict[str, Figure]:
    """December 2024 at Hexi, and what it left behind."""
    tables = (company.orders, company.sellout, company.stores)
    spans = {
        "december": ("2024-12-01", "2025-01-01"),
        "after": ("2025-01-01", "2025-03-01"),
        "winter": ("2024-12-01", "2025-03-01"),
        "autumn": ("2025-09-01", "2025-12-01"),
    }
    found = {
        name: ka.sellout.sell_in_vs_sell_out(*tables, span).set_index("account_id")
        for name, span in spans.items()
    }
    december, after, winter, autumn = (found[name].loc[HEXI] for name in spans)
    yuguo = found["december"].loc["A004"]
    _claim(bool(december["loading"]) and not bool(yuguo["loading"]), "Hexi loaded, Yuguo did not")
    stores = company.accounts.set_index("account_id").loc[HEXI, "store_count"]
    _claim(stores == 54, "Hexi has 54 stores")  # noqa: PLR2004 - as said
    _claim(autumn["sell_out_growth"] < 0, "Hexi's shoppers bought less this autumn")
    _claim(abs(autumn["cover_weeks"] - autumn["cover_before"]) < 0.5, "and its stock stood still")  # noqa: PLR2004 - chance
    _claim(bool(winter["loading"]), "Hexi is flagged over three months too")
    own = company.orders[company.orders["account_id"] == "A004"]
    months = own.groupby(own["ordered_on"].dt.strftime("%Y-%m"))["amount"].sum()
    moved = months["2024-01"] > 2 * months["2023-12"] and months["2025-01"] < months["2024-12"]
    _claim(moved, "Yuguo's New Year order moved from January to December")
    _claim(after["sell_in_growth"] < 0 < after["sell_out_growth"], "orders fell, shoppers came")
    extra = december["sell_in"] - december["sell_in_before"] * (1 + december["sell_out_growth"])
    warned = ka.relationship.early_warning(company.orders, company.as_of).set_index("account_id")
    return {
        "december_in": percent(december["sell_in_growth"]),
        "december_out": percent(december["sell_out_growth"]),
        "december_orders": money(december["sell_in"]),
        "december_before": money(december["sell_in_before"]),
        "cover_before": number(december["cover_before"], 1),
        "cover_after": number(december["cover_weeks"], 1),
        "loaded": money(extra),
        "after_in": percent(-after["sell_in_growth"]),
        "after_out": percent(after["sell_out_growth"]),
        "after_cover": number(after["cover_weeks"], 1),
        "yuguo_in": percent(yuguo["sell_in_growth"]),
        "yuguo_three": percent(found["winter"].loc["A004", "sell_in_growth"]),
        "yuguo_cover_before": number(yuguo["cover_before"], 1),
        "yuguo_cover": number(yuguo["cover_weeks"], 1),
        "autumn_in": percent(autumn["sell_in_growth"]),
        "autumn_out": percent(-autumn["sell_out_growth"]),
        "autumn_cover": number(autumn["cover_weeks"], 1),
        "autumn_cover_before": number(autumn["cover_before"], 1),
        "hexi_stores": count(autumn["stores"]),
        "hexi_ratio": percent(warned.loc[HEXI, "ratio"]),
    }


def _role_play() -> dict[str, Figure]:
    """How many ways the three talks can go, and what pleasing costs."""
    figures = {}
    for name in ka.role_play.names():
        table = ka.role_play.paths(name)
        agreed = table["agreed"].mean()
        figures |= {
            f"ways_{name}": count(len(table)),
            f"agreed_{name}": percent(agreed),
            f"endings_{name}": count(table["ending"].nunique()),
        }
    return figures
