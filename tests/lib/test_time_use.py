"""Every minute counts once, on its own day; urgent is not important; the week has 40 hours."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import language, time_use
from ka_lib.errors import ParameterError, TableError


def log(*rows: tuple) -> pd.DataFrame:
    columns = ["entry_id", "rep_id", "account_id", "activity", "started_at", "ended_at"]
    frame = pd.DataFrame(rows, columns=columns).astype({"account_id": "str"})
    times = ["started_at", "ended_at"]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in times})


# Monday 1 December: a visit of 3 hours, a call inside it, admin at the same time as its end;
# then a tender that ends half past one in the night.
DAY = log(
    ("t1", "R1", "A", "visit", "2025-12-01 09:00", "2025-12-01 12:00"),
    ("t2", "R1", "B", "service", "2025-12-01 10:00", "2025-12-01 11:00"),
    ("t3", "R1", None, "admin", "2025-12-01 11:30", "2025-12-01 13:00"),
    ("t4", "R1", "A", "travel", "2025-12-01 13:00", "2025-12-01 14:00"),
    ("t5", "R1", "A", "proposal", "2025-12-01 22:30", "2025-12-02 01:30"),
    ("t6", "R2", "A", "visit", "2025-12-01 09:00", "2025-12-01 10:00"),
)
ACCOUNTS = pd.DataFrame({"account_id": ["A", "B", "C"], "tier": ["A", "B", "C"]})
WEEK = ("2025-12-01", "2025-12-08")


def test_an_hour_booked_twice_is_one_hour():
    by_activity = time_use.hours(DAY).set_index("activity")["hours"]
    # R1: 9-10 alone, 10-11 shared, 11-11:30 alone, 11:30-12 shared; R2 another hour of his own.
    assert by_activity.to_dict() == {
        "visit": 1 + 0.5 + 0.5 + 0.25 + 1,
        "service": 0.5,
        "admin": 0.25 + 1,
        "travel": 1,
        "proposal": 3,
    }
    first = time_use.hours(DAY, overlap="first").set_index("activity")["hours"]
    assert first.to_dict() == {"visit": 4, "admin": 1, "travel": 1, "proposal": 3}
    # 9:00-14:00, 22:30-1:30, and R2's hour: 9 hours by either rule.
    assert by_activity.sum() == first.sum() == 9


def test_midnight_parts_an_entry_into_two_days():
    days = time_use.hours(DAY, "day")
    assert days["day"].dt.day.tolist() == [1, 2]
    assert days["hours"].tolist() == [7.5, 1.5]
    tuesday = time_use.hours(DAY, period=("2025-12-02", "2025-12-03"))
    assert tuesday[["activity", "hours", "share"]].to_numpy().tolist() == [["proposal", 1.5, 1.0]]


def test_travel_and_work_for_no_account_are_stated_not_lost():
    table = time_use.hours(DAY, ["tier", "rep_id"], accounts=ACCOUNTS)
    assert table["hours"].sum() == 9
    assert table["share"].sum() == pytest.approx(1)
    found = table.set_index(["tier", "rep_id"])
    assert found.loc[("A", "R1"), ["hours", "travel_hours"]].tolist() == [2.25 + 1 + 3, 1]
    assert table["tier"].isna().sum() == 1
    assert table.loc[table["tier"].isna(), "hours"].tolist() == [1.25]


def test_weeks_are_iso_weeks():
    # Python's own calendar is the reference.
    days = pd.Series(pd.date_range("2019-12-25", "2027-01-10"))
    expected = ["{}-W{:02d}".format(*day.date().isocalendar()[:2]) for day in days]
    assert time_use.iso_week(days).tolist() == expected
    assert time_use.iso_week(pd.Series(pd.to_datetime(["2024-12-30", None]))).isna().tolist() == [
        False,
        True,
    ]
    new_year = log(
        ("a", "R1", "A", "visit", "2024-12-29 09:00", "2024-12-29 10:00"),
        ("b", "R1", "A", "visit", "2024-12-30 09:00", "2024-12-30 11:00"),
    )
    assert time_use.hours(new_year, "iso_week")[["iso_week", "hours"]].to_numpy().tolist() == [
        ["2024-W52", 1.0],
        ["2025-W01", 2.0],
    ]


def test_overlaps_are_listed_and_touching_entries_are_none():
    table = time_use.overlaps(DAY)
    assert table[["entry_id", "other_entry_id", "hours"]].to_numpy().tolist() == [
        ["t1", "t2", 1.0],
        ["t1", "t3", 0.5],
    ]
    assert table["started_at"].dt.strftime("%H:%M").tolist() == ["10:00", "11:30"]
    assert table["ended_at"].dt.strftime("%H:%M").tolist() == ["11:00", "12:00"]
    assert time_use.overlaps(DAY.head(0)).empty
    assert time_use.overlaps(DAY.head(1)).empty


moments = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 5))  # noqa: DTZ001 - logs carry no zone
entries = st.lists(
    st.tuples(st.sampled_from("PQ"), st.sampled_from("AB"), moments, st.integers(0, 3000)),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(entries, st.randoms(use_true_random=False), st.sampled_from(["split", "first"]))
def test_the_total_is_the_union_of_time_in_any_order(rows, random, rule):
    made = [
        (f"e{i:02d}", rep, account, "visit", start, start + dt.timedelta(minutes=length))
        for i, (rep, account, start, length) in enumerate(rows)
    ]
    one = log(*made)
    random.shuffle(made)
    other = log(*made).assign(note="x").set_axis([0] * len(made))
    untouched = other.copy()
    found = time_use.pieces(one, rule)
    pd.testing.assert_frame_equal(found, time_use.pieces(other, rule))
    pd.testing.assert_frame_equal(other, untouched)
    # The union, walked through by hand: rep by rep, in order of start.
    total, pairs = 0.0, 0
    for rep in "PQ":
        mine = sorted((row[4], row[5]) for row in made if row[1] == rep)
        reach = dt.datetime.min  # noqa: DTZ901 - logs carry no zone
        for start, end in mine:
            total += max(0.0, (end - max(start, reach)).total_seconds() / 3600)
            reach = max(reach, end)
        spans = [span for span in mine if span[0] < span[1]]
        pairs += sum(
            max(a[0], b[0]) < min(a[1], b[1]) for i, a in enumerate(spans) for b in spans[:i]
        )
    assert found["hours"].sum() == pytest.approx(total)
    assert (found["day"] == found["day"].dt.normalize()).all()
    assert (found.groupby(["rep_id", "day"])["hours"].sum() <= 24 + 1e-9).all()
    assert len(time_use.overlaps(one)) == pairs


def test_switches_of_account_and_of_activity():
    table = time_use.switches(DAY)
    # R1: A, B, none, A, A: three changes. R2 has one entry, no change.
    assert table[["rep_id", "entries", "switches"]].to_numpy().tolist() == [
        ["R1", 5, 3],
        ["R2", 1, 0],
    ]
    assert time_use.switches(DAY, of="activity")["switches"].tolist() == [4, 0]
    # A new day starts afresh, and two entries for no account in a row are no switch.
    quiet = log(
        ("a", "R1", "A", "visit", "2025-12-01 09:00", "2025-12-01 10:00"),
        ("b", "R1", None, "admin", "2025-12-02 09:00", "2025-12-02 10:00"),
        ("c", "R1", None, "meeting", "2025-12-02 10:00", "2025-12-02 11:00"),
    )
    assert time_use.switches(quiet)["switches"].tolist() == [0, 0]
    assert time_use.switches(DAY.head(0)).empty


ORDERS = pd.DataFrame(
    {
        "account_id": ["A", "B", "B", "C", "A"],
        "ordered_on": pd.to_datetime(
            ["2025-12-01", "2025-12-03", "2025-12-07", "2025-12-05", "2025-12-08"]
        ),
        "amount": [700.0, 250.0, -50.0, 100.0, 9999.0],
        "gross_profit": [145.0, 30.0, -5.0, 20.0, 9999.0],
    }
)


def test_share_of_time_beside_share_of_revenue():
    table = time_use.time_and_revenue(DAY, ORDERS, ACCOUNTS, WEEK).set_index("tier")
    # Account hours: A 7.25 (R1 6.25, R2 1), B 0.5; the 1.25 internal hours are out.
    assert table["hours"].to_dict() == {"A": 7.25, "B": 0.5, "C": 0}
    assert table["time_share"].to_dict() == {"A": 7.25 / 7.75, "B": 0.5 / 7.75, "C": 0}
    assert table["revenue_share"].to_dict() == {"A": 0.7, "B": 0.2, "C": 0.1}
    by_account = time_use.time_and_revenue(DAY, ORDERS, ACCOUNTS, WEEK, by="account_id")
    assert by_account["revenue"].tolist() == [700, 200, 100]
    nothing = time_use.time_and_revenue(DAY.head(0), ORDERS.head(0), ACCOUNTS, WEEK)
    assert nothing.empty
    idle = time_use.time_and_revenue(DAY.head(0), ORDERS, ACCOUNTS, WEEK)
    assert idle["time_share"].isna().all()


def test_what_an_hour_earns_with_and_without_the_way():
    table = time_use.return_on_time(DAY, ORDERS, WEEK).set_index("account_id")
    assert table["profit_per_hour"].iloc[:2].to_dict() == {"B": 50, "A": 20}  # 25/0.5, 145/7.25
    assert math.isnan(table.loc["C", "profit_per_hour"])
    assert table["median_per_hour"].unique().tolist() == [35]
    assert table["travel_hours"].to_dict() == {"A": 1, "B": 0, "C": 0}
    without = time_use.return_on_time(DAY, ORDERS, WEEK, travel="excluded").set_index("account_id")
    assert without.loc["A", "profit_per_hour"] == 145 / 6.25
    assert time_use.return_on_time(DAY.head(0), ORDERS.head(0), WEEK).empty


TODOS = pd.DataFrame(
    [
        ("d1", "R1", "a", 50_000.0, "2025-12-20", 4.0, None),
        ("d2", "R1", "b", 500.0, "2025-12-20", 1.0, None),
        ("d3", "R1", "c", 60_000.0, "2025-12-19", 2.0, None),
        ("d4", "R1", "d", 20_000.0, "2026-01-20", 8.0, None),
        ("d5", "R1", "e", 19_999.99, "2025-12-24", 30.0, None),
        ("d6", "R1", "f", 800.0, "2025-12-23", 6.0, "2025-12-23"),
    ],
    columns=["todo_id", "rep_id", "title", "value", "due_on", "hours", "fixed_on"],
)


def test_four_quadrants_by_stated_thresholds():
    table = time_use.quadrants(TODOS, "2025-12-20", urgent_within_days=3, important_from=20_000)
    assert dict(zip(table["todo_id"], table["quadrant"], strict=True)) == {
        "d3": 1,  # a day late
        "d1": 1,  # due today
        "d4": 2,  # exactly at the threshold of importance
        "d2": 3,
        "d6": 3,  # exactly three days left
        "d5": 4,
    }
    found = table.set_index("todo_id")
    assert found["past_due"].to_dict() == {
        "d3": True, "d1": False, "d4": False, "d2": False, "d6": False, "d5": False,
    }  # fmt: skip
    assert found["days_left"].to_dict() == {"d3": -1, "d1": 0, "d4": 31, "d2": 0, "d6": 3, "d5": 4}
    moved = TODOS.iloc[::-1].set_axis(list("uvwxyz")).assign(extra=1)
    again = time_use.quadrants(moved, "2025-12-20 18:00", 3, 20_000)
    pd.testing.assert_frame_equal(again.drop(columns="extra"), table)
    assert time_use.quadrants(TODOS.head(0), "2025-12-20", 3, 1).empty


def test_a_week_is_filled_up_to_its_hours():
    plan = time_use.week_plan(TODOS, "2025-12-22").set_index("todo_id")
    # The appointment takes 6 of 40; c 30,000/h, a 12,500/h, d 2,500/h, e 666.67/h, b 500/h.
    assert plan.index.tolist() == ["d6", "d3", "d1", "d4", "d5", "d2"]
    assert plan["hours_left"].tolist() == [34, 32, 28, 20, 20, 19]
    assert plan["plan_state"].tolist() == ["fixed", *["planned"] * 3, "does_not_fit", "planned"]
    other = time_use.week_plan(TODOS, "2025-12-29").set_index("todo_id")
    assert other.loc["d6", "plan_state"] == "other_week"
    tight = time_use.week_plan(TODOS, "2025-12-22", capacity=5)
    assert tight["plan_state"].tolist() == ["fixed", *["does_not_fit"] * 5]
    assert tight["hours_left"].iloc[-1] == -1


def test_the_quadrant_can_lead_and_ties_follow_date_then_id():
    sorted_ = time_use.quadrants(TODOS, "2025-12-20", 3, 20_000)
    plan = time_use.week_plan(sorted_, "2025-12-22", by="quadrant")
    assert plan["todo_id"].tolist() == ["d6", "d3", "d1", "d4", "d2", "d5"]
    equal = TODOS.assign(value=100.0, hours=1.0, fixed_on=None, due_on="2025-12-24")
    equal.loc[5, "due_on"] = "2025-12-23"
    for frame in (equal, equal.iloc[::-1]):
        order = time_use.week_plan(frame, "2025-12-22")["todo_id"].tolist()
        assert order == ["d6", "d1", "d2", "d3", "d4", "d5"]


def test_each_rep_has_a_week_and_greedy_is_what_it_says():
    tasks = pd.DataFrame(
        [("x", "R1", 2500.0, 25.0), ("y", "R1", 1800.0, 20.0), ("z", "R1", 1800.0, 20.0),
         ("w", "R2", 10.0, 40.0)],
        columns=["todo_id", "rep_id", "value", "hours"],
    ).assign(due_on="2025-12-24")  # fmt: skip
    plan = time_use.week_plan(tasks, "2025-12-22")
    assert plan["plan_state"].tolist() == ["planned", "does_not_fit", "does_not_fit", "planned"]
    assert time_use.week_plan(tasks.head(0), "2025-12-22").empty


@pytest.mark.parametrize(
    "call",
    [
        lambda: time_use.hours(DAY, overlap="max"),
        lambda: time_use.hours(DAY, "city"),
        lambda: time_use.hours(DAY, "tier"),
        lambda: time_use.hours(DAY, period=("2025-12-02", "2025-12-02")),
        lambda: time_use.switches(DAY, of="rep_id"),
        lambda: time_use.time_and_revenue(DAY, ORDERS, ACCOUNTS, WEEK, by="activity"),
        lambda: time_use.return_on_time(DAY, ORDERS, WEEK, travel="half"),
        lambda: time_use.quadrants(TODOS, "2025-12-20", -1, 0),
        lambda: time_use.week_plan(TODOS, "2025-12-23"),
        lambda: time_use.week_plan(TODOS, "2025-12-22", by="value"),
        lambda: time_use.week_plan(TODOS, "2025-12-22", capacity=-1),
    ],
)
def test_parameters_that_make_no_sense(call):
    with pytest.raises(ParameterError) as caught:
        call()
    for lang in language.LANGUAGES:
        assert language.text(caught.value.key, lang, **caught.value.facts)


@pytest.mark.parametrize(
    "call",
    [
        lambda: time_use.hours(pd.concat([DAY, DAY])),
        lambda: time_use.hours(DAY.drop(columns="ended_at")),
        lambda: time_use.hours(DAY, "tier", accounts=ACCOUNTS.tail(1)),
        lambda: time_use.time_and_revenue(DAY, ORDERS, ACCOUNTS.head(2), WEEK),
        lambda: time_use.quadrants(pd.concat([TODOS, TODOS]), "2025-12-20", 3, 1),
        lambda: time_use.week_plan(TODOS.assign(hours=0.0), "2025-12-22"),
        lambda: time_use.week_plan(TODOS.assign(value=-1.0), "2025-12-22"),
        lambda: time_use.week_plan(TODOS, "2025-12-22", by="quadrant"),
    ],
)
def test_tables_that_cannot_be_used(call):
    with pytest.raises(TableError):
        call()


@pytest.mark.parametrize(("lang", "words"), [("zh", "第二天"), ("en", "next day's date")])
def test_an_entry_that_ends_before_it_starts_is_named(lang, words):
    wrong = DAY.assign(
        ended_at=DAY["ended_at"].where(DAY["entry_id"] != "t5", DAY["started_at"][0])
    )
    language.use(lang)
    try:
        with pytest.raises(TableError) as caught:
            time_use.pieces(wrong)
        assert "t5" in str(caught.value)
        assert "5" in str(caught.value)
        assert words in str(caught.value)
    finally:
        language.use("zh")
