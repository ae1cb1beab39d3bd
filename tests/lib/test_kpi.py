"""Review figures against arithmetic written out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import kpi
from ka_lib.errors import ParameterError

YEARS = ("2024-01-01", "2025-01-01"), ("2025-01-01", "2026-01-01")
END = "2025-12-31"


def orders(*rows: tuple) -> pd.DataFrame:
    """Make orders from (account, day, amount)."""
    frame = pd.DataFrame(rows, columns=["account_id", "ordered_on", "amount"])
    frame["ordered_on"] = pd.to_datetime(frame["ordered_on"])
    frame["amount"] = frame["amount"].astype("float64")
    return frame.assign(order_id=[f"O{i}" for i in range(len(frame))])


FIVE = orders(
    ("kept", "2024-03-01", 100),
    ("kept", "2025-03-01", 100),
    ("grown", "2024-05-01", 200),
    ("grown", "2025-05-01", 350),
    ("shrunk", "2024-12-31", 300),
    ("shrunk", "2025-01-01", 120),
    ("lost", "2024-06-01", 400),
    ("new", "2025-02-01", 1000),
    ("returned all", "2024-02-01", 50),
    ("returned all", "2024-03-01", -50),
    ("before both", "2023-12-31", 70),
)


def survey(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person_id", "account_id", "answered_on", "score"])
    return frame.assign(
        answered_on=pd.to_datetime(frame["answered_on"]), score=frame["score"].astype("float64")
    )


def test_five_accounts_by_hand():
    moves = kpi.movements(FIVE, *YEARS, as_of=END)
    assert dict(zip(moves["account_id"], moves["movement"], strict=True)) == {
        "grown": "expanded",
        "kept": "kept",
        "lost": "lost",
        "new": "new",
        "shrunk": "contracted",
    }
    stayed, left = kpi.retention(moves), kpi.churn(moves)
    assert (stayed.rate, stayed.count, stayed.base) == (3 / 4, 3, 4)
    assert (left.rate, left.count, left.base) == (1 / 4, 1, 4)
    gross = kpi.gross_revenue_retention(moves)
    assert (gross.count, gross.base) == (100 + 200 + 120, 100 + 200 + 300 + 400)
    net = kpi.net_revenue_retention(moves)
    assert (net.count, net.base) == (100 + 350 + 120, 1000)


def test_nobody_at_the_start_is_missing():
    moves = kpi.movements(FIVE.iloc[:0], *YEARS, as_of=END)
    for figure in (
        kpi.retention,
        kpi.churn,
        kpi.gross_revenue_retention,
        kpi.net_revenue_retention,
    ):
        assert math.isnan(figure(moves).rate)
        assert figure(moves).base == 0


@pytest.mark.parametrize(
    ("before", "now", "as_of"),
    [
        (*YEARS, "2025-12-30"),
        (("2024-01-01", "2025-01-01"), ("2025-01-01", "2025-07-01"), END),
        (YEARS[1], YEARS[0], END),
        (("2025-01-01", "2025-01-01"), YEARS[1], END),
    ],
)
def test_periods_that_cannot_be_compared(before, now, as_of):
    with pytest.raises(ParameterError):
        kpi.movements(FIVE, before, now, as_of=as_of)


table = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.dates(pd.Timestamp("2023-11-01").date(), pd.Timestamp("2026-02-01").date()),
        st.integers(-1000, 1000),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(table, st.randoms(use_true_random=False))
def test_order_index_columns_and_unit_of_money_do_not_matter(rows, random):
    frame = orders(*rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    other = frame.iloc[order].assign(extra="x", amount=lambda f: f["amount"] * 64)
    other.index = [f"row {i}" for i in order]
    untouched = other.copy()
    one, two = (kpi.movements(f, *YEARS, as_of=END) for f in (frame, other))
    pd.testing.assert_series_equal(one["movement"], two["movement"])
    assert (one["revenue_now"] * 64 == two["revenue_now"]).all()
    for figure in (kpi.retention, kpi.gross_revenue_retention, kpi.net_revenue_retention):
        assert figure(one).rate == pytest.approx(figure(two).rate, nan_ok=True)
    grown = [
        kpi.growth(f, YEARS[1], "last_year", as_of="2025-08-17", partial="same_days").rate
        for f in (frame, other)
    ]
    assert grown[0] == pytest.approx(grown[1], nan_ok=True)
    repeat = [kpi.repeat_purchase_rate(f, YEARS[1], as_of=END) for f in (frame, other)]
    assert repeat[0].__dict__ == pytest.approx(repeat[1].__dict__, nan_ok=True)
    pd.testing.assert_frame_equal(other, untouched)


@settings(deadline=None)
@given(table)
def test_gross_retention_is_at_most_one_and_churn_is_the_rest(rows):
    moves = kpi.movements(orders(*rows), *YEARS, as_of=END)
    gross, net = kpi.gross_revenue_retention(moves), kpi.net_revenue_retention(moves)
    stayed, left = kpi.retention(moves), kpi.churn(moves)
    if stayed.base:
        assert gross.rate <= 1
        assert gross.rate <= net.rate
        assert stayed.count + left.count == stayed.base


def test_annualising_compounds():
    # 0.98^12 = 0.78472. 1.281087^3 = 2.1025 = 1.45^2: "+45% in 18 months" is 28.1% a year.
    assert kpi.annualise(0.02, 12, kind="churn") == pytest.approx(1 - 0.78472, abs=1e-5)
    assert kpi.annualise(0.98, 12, kind="retention") == pytest.approx(0.78472, abs=1e-5)
    assert kpi.annualise(0.45, 12 / 18, kind="growth") == pytest.approx(0.281087, abs=1e-6)
    assert math.isnan(kpi.annualise(math.nan, 12, kind="churn"))


@pytest.mark.parametrize(
    ("rate", "periods", "kind"),
    [(2, 12, "churn"), (-0.1, 12, "retention"), (-1.5, 1, "growth"), (0.1, 0, "churn"), (0, 1, "")],
)
def test_rates_that_cannot_be_annualised(rate, periods, kind):
    with pytest.raises(ParameterError):
        kpi.annualise(rate, periods, kind=kind)


def test_growth_names_what_it_compares_with():
    sales = orders(
        ("a", "2024-02-29", 80), ("a", "2025-01-31", 50), ("a", "2025-02-01", 60), ("b", END, 999)
    )
    february = ("2025-02-01", "2025-03-01")
    last_year = kpi.growth(sales, february, "last_year", as_of=END)
    # 29 February belongs to last year's February.
    assert (last_year.now, last_year.before, last_year.partial) == (60, 80, False)
    assert last_year.rate == pytest.approx(60 / 80 - 1)
    previous = kpi.growth(sales, february, "previous", as_of=END)
    assert (previous.before, previous.rate) == (50, pytest.approx(0.2))
    assert previous.before_period == (pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01"))
    assert math.isnan(kpi.growth(sales, ("2024-02-01", "2024-03-01"), "previous", as_of=END).rate)


def test_a_running_period_is_refused_or_cut_on_both_sides():
    sales = orders(("a", "2024-11-20", 10), ("a", "2024-11-21", 500), ("a", "2025-11-20", 20))
    year = YEARS[1]
    with pytest.raises(ParameterError):
        kpi.growth(sales, year, "last_year", as_of="2025-11-20")
    cut = kpi.growth(sales, year, "last_year", as_of="2025-11-20", partial="same_days")
    assert (cut.now, cut.before, cut.rate, cut.partial) == (20, 10, 1, True)
    with pytest.raises(ParameterError):
        kpi.growth(sales, year, "last_year", as_of="2024-12-31", partial="same_days")


@pytest.mark.parametrize(
    ("as_of", "end_before"),
    [("2025-02-28", "2024-03-01"), ("2024-02-29", "2023-03-01"), ("2024-02-28", "2023-03-01")],
)
def test_month_ends_and_leap_days(as_of, end_before):
    start = pd.Timestamp(as_of).replace(month=1, day=1)
    year = (start, start + pd.DateOffset(years=1))
    cut = kpi.growth(FIVE, year, "last_year", as_of=as_of, partial="same_days")
    assert cut.before_period[1] == pd.Timestamp(end_before)


def test_gross_margin_is_not_the_mean_of_margins():
    # Margins 50% and 10%, mean 30%; but 5 + 90 of 10 + 900.
    sales = pd.DataFrame({"amount": [10.0, 900.0], "gross_profit": [5.0, 90.0]})
    assert kpi.gross_margin(sales).rate == pytest.approx(95 / 910)
    gap = pd.concat([sales, pd.DataFrame({"amount": [100.0], "gross_profit": [math.nan]})])
    with pytest.raises(ParameterError):
        kpi.gross_margin(gap)
    assert kpi.gross_margin(gap, missing="out").base == 910
    assert math.isnan(kpi.gross_margin(sales.iloc[:0]).rate)


def test_repeat_purchases_are_counted_per_customer():
    sales = orders(
        *[("often", f"2025-0{m}-01", 10) for m in (1, 2, 3, 4)],
        ("twice a day", "2025-01-05", 10),
        ("twice a day", "2025-01-05", 10),
        ("once", "2025-01-09", 10),
        ("once", "2025-02-09", -10),
        ("last year", "2024-01-09", 10),
    )
    by_order = kpi.repeat_purchase_rate(sales, YEARS[1], as_of=END)
    assert (by_order.count, by_order.base) == (2, 3)
    by_day = kpi.repeat_purchase_rate(sales, YEARS[1], as_of=END, by="day")
    assert (by_day.count, by_day.base) == (1, 3)
    with pytest.raises(ParameterError):
        kpi.repeat_purchase_rate(sales, YEARS[1], as_of="2025-06-30")


ANSWERS = survey(
    ("p1", "a", "2025-01-01", 0),
    ("p1", "a", "2025-06-01", 10),  # the later answer counts
    ("p2", "a", "2025-01-01", 9),
    ("p2", "a", "2025-01-01", 6),  # the lower one of a day
    ("p3", "b", "2025-01-01", 7),
    ("p4", "b", "2025-01-01", 9),
    ("p5", "c", "2025-01-01", None),
)


def test_nps_by_person_and_by_account():
    # Persons: 10, 6, 7, 9 -> 2 promoters, 1 passive, 1 detractor of 4: 25. Accounts: 8 and 8.
    assert kpi.nps(ANSWERS) == kpi.Nps(25, 2, 1, 1, 4)
    assert kpi.nps(ANSWERS, per="account") == kpi.Nps(0, 0, 2, 0, 2)
    empty = kpi.nps(ANSWERS.iloc[:0])
    assert math.isnan(empty.score)
    assert empty.count == 0


def test_csat_is_the_two_best_answers():
    answers = survey(*[(f"p{i}", "a", "2025-01-01", s) for i, s in enumerate([5, 4, 4, 3, 1])])
    result = kpi.csat(answers)
    assert (result.rate, result.count, result.base) == (0.6, 3, 5)
    assert kpi.csat(answers.iloc[[0]], scale=10).count == 0


@pytest.mark.parametrize("score", [11, -1, 7.5])
def test_scores_off_the_scale(score):
    with pytest.raises(ParameterError):
        kpi.nps(survey(("p1", "a", "2025-01-01", score)))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("pqrs"), st.integers(0, 10)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_nps_lies_within_its_limits_whatever_the_order(rows, random):
    frame = survey(*[(person, "a", "2025-01-01", score) for person, score in rows])
    order = list(range(len(frame)))
    random.shuffle(order)
    one, two = kpi.nps(frame), kpi.nps(frame.iloc[order].assign(extra=1))
    assert one.__dict__ == pytest.approx(two.__dict__, nan_ok=True)
    assert math.isnan(one.score) or -100 <= one.score <= 100
