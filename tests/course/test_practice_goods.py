"""Goods and money of the practice company: valid in every company, and the story is in them."""

from __future__ import annotations

from hashlib import sha256

import pandas as pd
import pytest

from ka_course import practice
from ka_lib.tables import TABLES
from ka_lib.validate import validate

SEEDS = (practice.PRACTICE_SEED, 1, 2, 3, 4)
MINE = (
    *("deliveries", "stores", "sellout", "promotions", "usage", "payments", "trade_terms"),
    *("accruals", "claims", "health", "losses", "offers", "objections", "assumptions", "ledger"),
)
NEEDED = ("accounts", "orders", "products")


@pytest.fixture(scope="module")
def companies():
    return {seed: practice.company(seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def daowan(companies):
    return companies[practice.PRACTICE_SEED]


@pytest.fixture(params=SEEDS)
def company(request, companies):
    return companies[request.param]


def kept(company):
    """What each customer keeps of a year's list sales, added up by hand."""
    orders = company.orders[company.orders["ordered_on"] >= "2024-12-01"]
    gross = orders[orders["amount"] > 0].groupby("account_id")["list_amount"].sum()
    terms = company.trade_terms[company.trade_terms["booking"] == "accrued"]
    by_rate = (terms["rate"] * terms["account_id"].map(gross)).fillna(0)
    by_amount = (terms["amount"] / (1 + terms["vat_rate"])).fillna(0)
    left = gross - (by_rate + by_amount).groupby(terms["account_id"]).sum()
    return pd.DataFrame({"gross": gross, "left": left, "rate": left / gross})


def test_every_table_is_there_and_valid(company):
    tables = {name: company.tables[name] for name in (*MINE, *NEEDED)}
    validate(tables)
    for name in MINE:
        assert len(tables[name]) > 0, name
        columns = {column.name for column in TABLES[name].columns}
        assert columns <= set(tables[name].columns), name


def test_the_same_seed_makes_the_same_tables():
    first, again = practice.generate(5), practice.generate(5)
    for name in MINE:
        assert first[name].equals(again[name]), name


def test_another_seed_has_other_figures(companies):
    for name in ("case_growth", "list_price", "chiller_price", "yuguo_yearly_sales"):
        assert len({company.assumptions[name] for company in companies.values()}) > 1, name


def test_nothing_happened_after_the_as_of_date(company):
    for name, column in (
        *(("deliveries", "delivered_on"), ("payments", "invoiced_on"), ("payments", "paid_on")),
        *(("accruals", "accrued_on"), ("claims", "settled_on"), ("losses", "reported_on")),
        *(("sellout", "week"), ("usage", "day"), ("health", "month")),
    ):
        assert company.tables[name][column].max() <= company.as_of, (name, column)


def test_deliveries_are_late_short_or_still_missing(company):
    trips = company.deliveries
    came = trips.dropna(subset=["delivered_on"])
    assert 0.75 < (came["delivered_on"] <= came["promised_on"]).mean() < 0.95
    assert 0.87 < (came["delivered_units"] >= came["ordered_units"]).mean() < 0.96
    waiting = trips[trips["delivered_on"].isna()]
    assert (waiting["promised_on"] < company.as_of).any()  # overdue
    assert (waiting["promised_on"] > company.as_of).any()  # not due yet
    assert trips["order_id"].is_unique
    assert (trips["weight_kg"] > 0).all()


def test_jiusui_stood_without_goods_at_new_year_2024(company):
    trips = company.deliveries[company.deliveries["account_id"] == "A003"]
    ordered = trips.merge(company.orders[["order_id", "ordered_on"]])
    bad = ordered[ordered["ordered_on"].between("2024-01-03", "2024-02-29")]
    assert len(bad) > 0
    assert (bad["delivered_on"] > bad["promised_on"]).all()
    assert bad["delivered_units"].sum() < 0.75 * bad["ordered_units"].sum()
    week = company.sellout.merge(company.stores)
    shelf = week[week["account_id"] == "A003"].groupby("week")["on_shelf"].mean()
    assert shelf["2024-01-08":"2024-03-03"].mean() < 0.6
    assert shelf["2024-03-04":].mean() > 0.88


def test_pilot_stores_gained_about_a_fifth_over_the_others(company):
    rows = company.sellout.merge(company.stores)
    jiusui = rows[rows["account_id"] == "A003"]
    assert jiusui.groupby("pilot")["store_id"].nunique().tolist() == [5, 5]
    before = jiusui[jiusui["week"] < "2024-06-03"].groupby("pilot")["units"].sum() / 26
    after = jiusui[jiusui["week"] >= "2024-06-03"].groupby("pilot")["units"].sum() / 78
    growth = after / before
    assert growth[True] / growth[False] - 1 == pytest.approx(0.2, abs=0.075)


def test_jiusui_sells_as_much_more_as_its_case_says(company):
    rows = company.sellout.merge(company.stores)
    weeks = rows[rows["account_id"] == "A003"].groupby("week")["units"].sum()
    before, now = weeks["2024-03-04":"2024-06-02"].mean(), weeks["2025-11-03":].mean()
    assert now / before - 1 == pytest.approx(company.assumptions["case_growth"], abs=0.14)


def test_hexi_sold_no_more_while_its_back_rooms_filled(company):
    rows = company.sellout.merge(company.stores)
    hexi = rows[rows["account_id"] == "A005"].groupby("week")[["units", "stock_units"]].sum()
    autumn, winter = hexi["2024-09-30":"2024-11-30"], hexi["2024-12-02":"2025-02-28"]
    assert winter["units"].mean() == pytest.approx(autumn["units"].mean(), rel=0.1)
    peak = hexi["2024-12-30":"2025-02-02"]
    assert peak["stock_units"].mean() > 2 * autumn["stock_units"].mean()


def test_a_promotion_lifts_its_weeks(company):
    rows = company.sellout.merge(company.stores)
    assert len(company.promotions) >= 8
    lifts = []
    for promotion in company.promotions.itertuples():
        assert promotion.starts_on.day_of_week == promotion.ends_on.day_of_week == 0
        own = rows[
            (rows["account_id"] == promotion.account_id)
            & (rows["product_id"] == promotion.product_id)
        ]
        weeks = own.groupby("week")["units"].sum()
        first, last = promotion.starts_on, promotion.ends_on
        week = pd.Timedelta(weeks=1)
        usual = weeks[first - 8 * week : first - week]
        dip = weeks[last : last + 3 * week]
        assert len(usual) == 8
        assert len(dip) == 4
        lifts.append(weeks[first : last - week].mean() / usual.mean())
    assert min(lifts) > 1
    assert sum(lifts) / len(lifts) > 1.3


def test_sellout_is_small_enough_to_ship(daowan):
    size = len(daowan.sellout.to_csv(index=False, date_format="%Y-%m-%d"))
    assert size < 700_000
    assert 0.9 < daowan.sellout["on_shelf"].mean() < 0.96


def test_six_chillers_report_and_some_days_are_missing(company):
    usage = company.usage
    assert usage["device_id"].nunique() == 6
    assert usage["units"].isna().any()
    assert len(usage) < 6 * 183
    weekend = usage["day"].dt.day_of_week >= 5
    assert usage.loc[weekend, "units"].mean() > 1.2 * usage.loc[~weekend, "units"].mean()


def test_invoices_carry_vat_and_the_terms_of_the_account(company):
    bills = company.payments.merge(company.orders[["order_id", "amount"]], on="order_id")
    assert (bills["amount_x"] - bills["amount_y"] * 1.13).abs().max() < 0.01
    days = (company.payments["due_on"] - company.payments["invoiced_on"]).dt.days
    terms = company.payments["account_id"].map(
        company.accounts.set_index("account_id")["payment_days"]
    )
    assert (days == terms).all()
    bills = company.payments
    open_ = bills["paid_on"].isna()
    assert (open_ & (bills["due_on"] < company.as_of)).any()
    assert (open_ & (bills["due_on"] > company.as_of)).any()
    assert (bills["paid_amount"] < bills["amount"]).any()
    assert not (bills["paid_amount"] > bills["amount"]).any()


def test_receivables_stand_for_about_two_months_and_the_biggest_account_is_slow(daowan):
    bills = daowan.payments.assign(
        owed=daowan.payments["amount"] - daowan.payments["paid_amount"].fillna(0)
    )
    recent = bills[bills["invoiced_on"] > daowan.as_of - pd.Timedelta(days=90)]
    assert bills["owed"].sum() / recent["amount"].sum() * 90 == pytest.approx(57, abs=7)
    sums = bills.groupby("account_id")["owed"].sum() / recent.groupby("account_id")["amount"].sum()
    assert sums["A001"] * 90 > 75


def test_the_biggest_account_barely_pays(company):
    book = kept(company)
    assert book["gross"].idxmax() == "A001"
    assert 0.0165 < book.loc["A001", "rate"] < 0.025
    others = book.loc[["A002", "A003", "A004", "A005"], "rate"]
    assert others.between(0.06, 0.12).all()
    assert (book["rate"] > book.loc["A001", "rate"]).mean() > 0.5  # most keep more of a yuan
    share = book.loc["A001"] / book.sum()
    assert share["left"] < 0.6 * share["gross"]


def test_the_customer_in_the_middle_is_worth_120_000(daowan):
    middle = kept(daowan)["left"].median()
    assert middle == pytest.approx(18_950, rel=0.01)
    assert middle * 0.95 / (1 + 0.10 - 0.95) == pytest.approx(120_000, rel=0.01)


def test_another_company_has_another_customer_in_the_middle(companies):
    middles = {seed: kept(company)["left"].median() for seed, company in companies.items()}
    assert all(18_950 / 2 < middle < 18_950 * 2 for middle in middles.values())
    assert len({round(middle, -2) for middle in middles.values()}) > 2


def test_a_fee_stands_in_the_books_twice(company):
    terms = company.trade_terms
    settled = terms[terms["booking"] == "settled"]
    accrued = terms[terms["booking"] == "accrued"]
    assert len(settled) > 10
    assert set(settled["term_id"]) <= set(accrued["term_id"])
    assert set(terms["vat_rate"]) == {0.0, 0.06, 0.13}
    claims = company.claims[company.claims["fee_id"].isin(company.accruals["fee_id"])]
    assert (settled["amount"] / (1 + settled["vat_rate"])).sum() == pytest.approx(
        claims["amount"].sum(), rel=1e-3
    )


def test_claims_are_settled_in_parts_too_high_late_or_for_nothing_booked(company):
    booked = company.accruals.set_index("fee_id")
    paid = company.claims.groupby("fee_id")["amount"].sum()
    assert len(booked) == pytest.approx(80, abs=8)
    assert not set(paid.index) <= set(booked.index)
    open_ = booked["amount"] - paid.reindex(booked.index).fillna(0)
    assert (open_ < 0).any()
    assert ((open_ > 0) & (open_ < booked["amount"])).any()
    old = company.as_of - booked["accrued_on"] > pd.Timedelta(days=180)
    assert ((open_ > 0) & old).any()
    assert company.claims["fee_id"].duplicated().any()


def test_the_cause_that_costs_most_margin_is_not_the_one_of_most_sales_or_reports(company):
    reports = company.losses
    assert reports.duplicated(["account_id", "cause"]).any()
    assert reports.drop_duplicates(["account_id", "cause"])["account_id"].duplicated().any()
    once = reports.drop_duplicates(["account_id", "cause"]).groupby("cause")
    worst = once["lost_margin"].sum().idxmax()
    assert worst != once["lost_sales"].sum().idxmax()
    assert worst != reports["cause"].value_counts().idxmax()


def test_health_falls_before_a_loss(company):
    rows = company.health.merge(company.losses.drop_duplicates("account_id"), how="left")
    months = (rows["lost_on"].dt.year - rows["month"].dt.year) * 12
    months += rows["lost_on"].dt.month - rows["month"].dt.month
    soon = months.between(1, 3)
    assert soon.mean() == pytest.approx(0.05, abs=0.012)
    scores = ["orders_score", "payment_score", "contact_score", "service_score"]
    mean = rows[scores].mean(axis="columns")
    assert mean[soon].mean() < mean[~soon].mean() - 8
    assert ((rows[scores] > 100) | (rows[scores] < 0)).any(axis=None)
    assert rows["satisfaction_score"].isna().any()
    assert rows["satisfaction_score"].between(-100, -1).any()


def test_each_offer_is_the_cheapest_once(company):
    figures, offers = company.assumptions, company.offers
    rate, years = figures["discount_rate"], int(figures["tco_years"])
    year = offers["unit_price"] * offers["units_per_year"] + offers["yearly_cost"]
    year += offers["lot_units"] / 2 * offers["unit_price"] * figures["carrying_rate"]
    plain = offers["upfront"] + years * year - offers["residual"]
    today = offers["upfront"] - offers["residual"] / (1 + rate) ** years
    today += sum(year / (1 + rate) ** t for t in range(1, years + 1))
    assert len({offers["unit_price"].idxmin(), plain.idxmin(), today.idxmin()}) == 3


def test_there_is_a_price_that_both_sides_can_take(company):
    figures = company.assumptions
    floor = figures["seller_cost"] + figures["seller_contribution_elsewhere"]
    ceiling = figures["buyer_alternative_price"] + figures["buyer_better_by"]
    ceiling += figures["buyer_switching_cost"]
    assert floor < ceiling < figures["opening_price"] < figures["list_price"]


def test_chances_and_weights_sum_to_one(company):
    figures = company.assumptions
    for start, count in (("chance_", 3), ("health_weight_", 5)):
        own = figures[figures.index.str.startswith(start)]
        assert len(own) == count
        assert own.sum() == pytest.approx(1)


def test_one_entry_of_the_ledger_was_altered(company):
    chain = company.ledger.sort_values("entry")
    assert len(chain) > 30
    wrong, previous = [], "0" * 64
    for row in chain.itertuples():
        record = f"{row.previous_hash}|{int(row.entry)}|{row.order_id}"
        record += f"|{row.ordered_on:%Y-%m-%d}|{row.amount:.2f}"
        assert row.previous_hash == previous
        previous = row.hash
        if sha256(record.encode("utf-8")).hexdigest() != row.hash:
            wrong.append(row.entry)
    assert len(wrong) == 1
    orders = company.orders.set_index("order_id")["amount"]
    differs = chain["amount"] != chain["order_id"].map(orders)
    assert chain.loc[differs, "entry"].tolist() == wrong
