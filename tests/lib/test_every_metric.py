"""Rules that hold for every metric that takes tables; another metric is one more line below.

Each line of ``METRICS`` says how a metric is called on a dictionary of tables. The tables are
drawn at random, small and full of ties, returns, blanks and days after the as-of date.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import (
    concentration,
    customer_pnl,
    health,
    negotiation,
    profile,
    relationship,
    teamwork,
    work_calendar,
)
from ka_lib.company import Company
from ka_lib.display import _MONEY
from ka_lib.tables import DEPARTMENTS, LEVELS, LOSS_CAUSES, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Tables = dict[str, pd.DataFrame]
DAY = "2025-11-30"
YEAR = ("2024-12-01", "2025-12-01")
WEIGHTS = {"orders_score": 0.5, "satisfaction_score": 0.3, "service_score": 0.2}
# Money that goes in; what comes out as money stands in ka_lib.display, so that the two agree.
MONEY_IN = {
    *("amount", "gross_profit", "list_amount", "paid_amount", "potential", "gross_sales"),
    *("lost_margin", "lost_sales", "upfront", "unit_price", "yearly_cost", "residual", "value"),
}
EFFECTS = {
    *("estimate", "from_value", "to_value", "standard_error"),
    *("treated_before", "treated_after", "control_before", "control_after"),
}


@dataclass(frozen=True)
class Metric:
    """A metric as it is called on tables; ``money``: fields of its result that are money."""

    name: str
    call: Callable[[Tables], object]
    money: frozenset[str] = frozenset()


def metric(name: str, call: Callable[[Tables], object], *money: str) -> object:
    return pytest.param(Metric(name, call, frozenset(money)), id=name)


def company(tables: Tables) -> Company:
    return Company("Test", pd.Timestamp(DAY), tables)


METRICS = [
    metric("missing_fields", lambda t: profile.missing_fields(t["accounts"])),
    metric("purchase_cycle", lambda t: profile.purchase_cycle(t["orders"], DAY, t["accounts"])),
    metric("order_pattern", lambda t: profile.order_pattern(t["orders"], DAY)),
    metric("rfm", lambda t: profile.rfm(t["orders"], DAY, t["accounts"])),
    metric("decision_unit", lambda t: profile.decision_unit(t["contacts"], t["accounts"])),
    metric("white_space", lambda t: profile.white_space(t["account_lines"], t["accounts"])),
    metric("pareto", lambda t: concentration.pareto(t["orders"])),
    metric(
        "pareto of profit, rolled up",
        lambda t: concentration.pareto(t["orders"], "gross_profit", t["accounts"], roll_up=True),
    ),
    metric(
        "top_share", lambda t: concentration.top_share(concentration.pareto(t["orders"])), "total"
    ),
    metric(
        "accounts_to_reach",
        lambda t: concentration.accounts_to_reach(concentration.pareto(t["orders"])),
    ),
    metric("hhi", lambda t: concentration.hhi(concentration.pareto(t["orders"]))),
    metric("largest", lambda t: concentration.largest(concentration.pareto(t["orders"])), "left"),
    metric("contribution", lambda t: customer_pnl.contribution(t["sales"], t["trade_terms"])),
    metric("of_company", lambda t: customer_pnl.of_company(company(t), *YEAR)),
    metric("tco", lambda t: negotiation.tco(t["offers"], 3, discount_rate=0.1)),
    metric("life_cycle", lambda t: relationship.life_cycle(t["accounts"], t["orders"], DAY)),
    metric("early_warning", lambda t: relationship.early_warning(t["orders"], DAY)),
    metric(
        "early_warning with sell-out",
        lambda t: relationship.early_warning(
            t["orders"], DAY, sellout=t["sellout"], stores=t["stores"]
        ),
    ),
    metric(
        "contact_gaps", lambda t: relationship.contact_gaps(t["activities"], t["accounts"], DAY)
    ),
    metric(
        "by_tier",
        lambda t: relationship.by_tier(
            relationship.contact_gaps(t["activities"], t["accounts"], DAY)
        ),
    ),
    metric("renewals", lambda t: relationship.renewals(t["accounts"], DAY, days=365)),
    metric(
        "care_calendar",
        lambda t: relationship.care_calendar(company(t), "2025-11-01", "2026-03-01"),
    ),
    metric(
        "cross_sell",
        lambda t: relationship.cross_sell(
            t["accounts"], t["orders"], t["order_lines"], DAY, least_rate=0.3
        ),
    ),
    metric("crm_quality", lambda t: relationship.crm_quality(t["accounts"], t["activities"], DAY)),
    metric("sla", lambda t: teamwork.sla(t["tickets"], DAY)),
    metric("sla of all", lambda t: teamwork.sla(t["tickets"], DAY, by=None)),
    metric("dso", lambda t: teamwork.dso(t["payments"], DAY)),
    metric("dso of all", lambda t: teamwork.dso(t["payments"], DAY, by=None)),
    metric("dso by count-back", lambda t: teamwork.dso(t["payments"], DAY, method="count_back")),
    metric("ageing", lambda t: teamwork.ageing(t["payments"], DAY)),
    metric("ageing of all", lambda t: teamwork.ageing(t["payments"], DAY, by=None)),
    metric("otif", lambda t: teamwork.otif(t["deliveries"], DAY)),
    metric("raci_check", lambda t: teamwork.raci_check(t["responsibilities"])),
    metric(
        "difference_in_differences",
        lambda t: teamwork.difference_in_differences(t["panel"]),
        *EFFECTS,
    ),
    metric("score", lambda t: health.score(t["health"], WEIGHTS)),
    metric("causes", lambda t: health.causes(t["losses"], DAY)),
    metric(
        "backtest",
        lambda t: health.backtest(health.score(t["health"], WEIGHTS), t["losses"], 60, 3, DAY),
    ),
    metric("exposure", lambda t: health.exposure(t["contacts"], t["accounts"], DAY, t["orders"])),
    metric(
        "price_war",
        lambda t: health.price_war(t["orders"], ("2023-12-01", "2024-12-01"), YEAR, DAY),
    ),
]
every_metric = pytest.mark.parametrize("metric", METRICS)


@cache  # that no metric changes its input is a test of its own
def make_tables(seed: int, rows: int) -> Tables:
    """Return tables of so many rows, at random, on a fifth as many accounts."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(rows)
    ids = np.array([f"a{i}" for i in range(1 + rows // 5)])
    account = rng.choice(ids, rows)

    def blank(values: object, share: float = 0.3) -> pd.Series:
        series = pd.Series(values)
        return series.where(rng.random(len(series)) > share)

    def days(low: int, high: int, size: int = rows) -> pd.Series:
        back = pd.to_timedelta(rng.integers(low, high, size), unit="D")
        return pd.Series((pd.Timestamp(DAY) - back).as_unit("s"))

    def whole(low: int, high: int, size: int = rows) -> np.ndarray:
        return rng.integers(low, high, size).astype("float64")

    def codes(names: tuple[str, ...], size: int = rows) -> pd.Series:
        return pd.Series(rng.choice(np.array(names), size), dtype="str")

    many = len(ids)
    starts = blank(days(0, 500, many))
    accounts = {
        "account_id": ids,
        "account_name": blank(codes(("Wan'an", "WAN'AN ", "Hexi", "Jiusui"), many), 0.1),
        "parent_id": pd.Series([None, *ids[:-1]], dtype="str").where(rng.random(many) > 0.5),
        "segment": blank(codes(("fresh", "club"), many)),
        "region": blank(codes(("CN-SH", "CN-AH"), many)),
        "tier": blank(codes(("A", "B", "C"), many)),
        "customer_since": blank(days(0, 1500, many)),
        "potential": blank(whole(1, 900, many)),
        "contract_starts_on": starts,
        "contract_months": pd.Series(whole(1, 30, many)).where(starts.notna()),
    }
    ordered_on = days(-20, 760)
    ordered_on.iloc[:1] = pd.Timestamp("2024-05-05")  # one order is known on the day
    amount = whole(-40, 300)
    orders = {
        "order_id": [f"o{i}" for i in numbers],
        "account_id": account,
        "ordered_on": ordered_on,
        "amount": amount,
        "gross_profit": np.round(amount * rng.choice([0.0, 0.25, 0.5], rows)),
        "list_amount": amount + whole(0, 20),
    }
    lines = pd.DataFrame(
        {
            "order_id": rng.choice(orders["order_id"], rows),
            "product_id": codes(("x", "y", "z")),
            "amount": whole(-20, 90),
        }
    ).drop_duplicates(["order_id", "product_id"])
    left = blank(days(-30, 600), 0.6)
    contacts = {
        "contact_id": [f"p{i}" for i in numbers],
        "account_id": account,
        "contact_name": codes(("Zhou", "Qian")),
        "level": blank(codes(LEVELS)),
        "role": blank(codes(ROLES)),
        "weight": whole(0, 5),
        "stance": blank(rng.choice([-1.0, 0.0, 0.5, 1.0], rows)),
        "birthday": blank(days(9_000, 20_000)),
        "left_on": left,
    }
    opened = days(-5, 400) + pd.to_timedelta(rng.integers(0, 1440, rows), unit="min")
    waited = pd.to_timedelta(rng.integers(0, 9000, rows), unit="min")
    invoiced, amounts = days(-10, 400), whole(0, 500)
    weeks = pd.Series(pd.Timestamp("2025-11-24") - pd.to_timedelta(7 * (numbers % 70), unit="D"))
    promised = days(-10, 100)
    panel = [
        (f"s{i}", ("treated", "control")[i % 2], period, float(rng.integers(0, 50)))
        for i in numbers
        for period in ("before", "after")
        if rng.random() > 0.1
    ]
    terms = [
        (name, line, line, booking, 0.13)
        for name in ids
        for line in customer_pnl.LINES
        for booking in customer_pnl.BOOKINGS
        if rng.random() > 0.2
    ]
    term_columns = ["account_id", "term_id", "line", "booking", "vat_rate"]
    trade_terms = pd.DataFrame(terms, columns=term_columns)
    by_rate = rng.random(len(trade_terms)) > 0.5
    trade_terms["rate"] = np.where(by_rate, 0.25, np.nan)
    trade_terms["amount"] = np.where(by_rate, np.nan, whole(0, 40, len(trade_terms)))
    return {
        "accounts": pd.DataFrame(accounts),
        "orders": pd.DataFrame(orders),
        "order_lines": lines,
        "account_lines": lines.assign(account_id=rng.choice(ids, len(lines))),
        "contacts": pd.DataFrame(contacts),
        "products": pd.DataFrame(
            {"product_id": ["x"], "product_name": ["Rice"], "launched_on": [pd.Timestamp(DAY)]}
        ),
        "activities": pd.DataFrame(
            {
                "activity_id": [f"v{i // 2}" for i in numbers],
                "account_id": account[numbers // 2],
                "contact_id": contacts["contact_id"],
                "kind": codes(("visit", "call")),
                "happened_on": days(-10, 300),
            }
        ),
        "stores": pd.DataFrame({"store_id": [f"s{i}" for i in range(3)], "account_id": ids[0]}),
        "sellout": pd.DataFrame(
            {"week": weeks, "store_id": codes(("s0", "s1", "s2")), "units": whole(0, 30)}
        ),
        "tickets": pd.DataFrame(
            {
                "ticket_id": [f"t{i}" for i in numbers],
                "account_id": account,
                "department": codes(DEPARTMENTS[:3]),
                "kind": codes(("complaint", "question")),
                "opened_at": opened,
                "responded_at": blank(opened + waited),
                "closed_at": blank(opened + waited),
                "sla_hours": whole(1, 30),
            }
        ),
        "payments": pd.DataFrame(
            {
                "invoice_id": [f"i{i}" for i in numbers],
                "account_id": account,
                "invoiced_on": invoiced,
                "due_on": invoiced + pd.Timedelta(days=30),
                "amount": amounts,
                "paid_on": blank(invoiced + pd.to_timedelta(whole(0, 90), unit="D")),
                "paid_amount": blank(np.floor(amounts * rng.choice([0.5, 1.0], rows))),
            }
        ),
        "deliveries": pd.DataFrame(
            {
                "delivery_id": [f"d{i}" for i in numbers],
                "account_id": account,
                "promised_on": promised,
                "delivered_on": blank(promised + pd.to_timedelta(whole(-2, 3), unit="D")),
                "ordered_units": whole(1, 20),
                "delivered_units": blank(whole(0, 30)),
            }
        ),
        "responsibilities": pd.DataFrame(
            {
                "activity": codes(("claims", "launch", "recall")),
                "department": codes(DEPARTMENTS),
                "role": codes(("R", "A", "C", "I")),
            }
        ),
        "health": pd.DataFrame(
            {
                "account_id": account,
                "month": days(0, 500) + pd.offsets.MonthEnd(0),
                "orders_score": blank(whole(-20, 140)),
                "satisfaction_score": blank(whole(-100, 101)),
                "service_score": blank(whole(0, 101)),
            }
        ).drop_duplicates(["account_id", "month"]),
        "losses": pd.DataFrame(
            {
                "loss_id": [f"l{i}" for i in numbers],
                "account_id": account,
                "reported_on": days(-10, 200),
                "lost_on": days(-10, 400),
                "cause": codes(LOSS_CAUSES),
                "lost_margin": whole(0, 90),
            }
        ),
        "panel": pd.DataFrame(panel, columns=["store_id", "group", "period", "value"]),
        "sales": pd.DataFrame({"account_id": ids, "gross_sales": whole(0, 900, many)}),
        "trade_terms": trade_terms,
        "offers": pd.DataFrame(
            {
                "offer": [f"f{i}" for i in numbers],
                "upfront": whole(0, 50),
                "unit_price": whole(1, 9),
                "units_per_year": whole(1, 90),
                "lot_units": whole(1, 9),
                "yearly_cost": whole(0, 20),
                "residual": whole(0, 5),
            }
        ),
    }


tables = st.builds(make_tables, st.integers(0, 49), st.sampled_from([1, 2, 3, 8, 25]))
few = settings(max_examples=6, deadline=None)


def copies(given: Mapping[str, pd.DataFrame]) -> Tables:
    return {name: frame.copy() for name, frame in given.items()}


def parts(result: object) -> dict[str, object]:
    """Return a result as named parts: a frame, a number, or the fields of a dataclass."""
    if is_dataclass(result):
        return {field.name: getattr(result, field.name) for field in fields(result)}
    return {"result": result}


def assert_same(found: object, expected: object) -> None:
    there, wanted = parts(found), parts(expected)
    assert there.keys() == wanted.keys()
    for name, one in wanted.items():
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(there[name], one, rtol=1e-9, atol=1e-7)
        elif isinstance(one, str) or one is None:
            assert there[name] == one, name
        else:
            assert there[name] == pytest.approx(one, rel=1e-9, abs=1e-7, nan_ok=True), name


@every_metric
@few
@given(tables, st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(metric, tables, seed):
    shuffled = {name: t.sample(frac=1, random_state=seed) for name, t in tables.items()}
    assert_same(metric.call(shuffled), metric.call(tables))


@every_metric
@few
@given(tables)
def test_neither_the_index_nor_extra_columns_matter(metric, tables):
    odd = {name: t.set_axis([7] * len(t)).assign(extra="x") for name, t in tables.items()}
    assert_same(metric.call(odd), metric.call(tables))


@every_metric
@few
@given(tables)
def test_the_input_stays_as_it_was(metric, tables):
    before = copies(tables)
    metric.call(tables)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(tables[name], frame)


@every_metric
@few
@given(tables, st.sampled_from([2, 100, 4096]))
def test_money_scales_and_nothing_else_does(metric, tables, factor):
    """In fen instead of yuan every amount is a hundred times as much, and every rate the same."""
    larger = copies(tables)
    for frame in larger.values():
        for column in MONEY_IN & set(frame.columns):
            frame[column] *= factor
    money = _MONEY | metric.money
    found, expected = parts(metric.call(larger)), parts(metric.call(tables))
    for name, one in expected.items():
        scaled, plain = found[name], one
        if isinstance(one, pd.DataFrame):
            texts = [c for c in one.columns if one[c].dtype == "str"]
            # Ties to the cent may fall differently: compare row by row, by what the row is about.
            scaled, plain = (
                (f.sort_values(texts, kind="stable", ignore_index=True) if texts else f).copy()
                for f in (scaled, one)
            )
            for column in money & set(plain.columns):
                if pd.api.types.is_numeric_dtype(plain[column]):
                    plain[column] = plain[column] * factor
        elif name in money:
            plain = one * factor
        assert_same(scaled, plain)


@every_metric
def test_empty_tables_give_no_figure(metric):
    result = metric.call({name: t.head(0) for name, t in make_tables(1, 25).items()})
    for name, one in parts(result).items():
        if isinstance(one, pd.DataFrame):
            assert not any(np.isinf(one[c]).any() for c in one.columns if one[c].dtype == "float64")
            assert one.get("rate", pd.Series(dtype="float64")).isna().all()
        else:
            # A count may be 0; a figure that something was divided for is missing.
            assert one is None or pd.isna(one) or one == 0, name
            if name in {"rate", "share", "score", "precision", "recall", "estimate", "result"}:
                assert pd.isna(one), name


@every_metric
@few
@given(st.integers(0, 49))
def test_one_row_a_table_is_enough(metric, seed):
    for one in parts(metric.call(make_tables(seed, 1))).values():
        frame = one if isinstance(one, pd.DataFrame) else pd.DataFrame({"value": [one]})
        numbers = frame.select_dtypes("number").astype("float64")
        assert not np.isinf(numbers.to_numpy()).any()


@few
@given(tables, st.integers(0, 99))
def test_working_hours_go_with_their_rows(tables, seed):
    tickets = tables["tickets"]
    shuffled = tickets.sample(frac=1, random_state=seed)
    hours = [
        work_calendar.working_hours(t["opened_at"], t["closed_at"]) for t in (tickets, shuffled)
    ]
    pd.testing.assert_series_equal(hours[0], hours[1].sort_index())
