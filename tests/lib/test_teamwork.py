"""Answers in time, receivables, deliveries, duties and effects, by hand and by other libraries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ka_lib import teamwork
from ka_lib.errors import ParameterError, TableError
from ka_lib.language import use

DAY = "2025-11-28"  # a Friday


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in table.columns:
        if name.endswith(("_on", "_at")):
            table[name] = pd.to_datetime(table[name])
    return table


TICKETS = frame(
    "ticket_id department opened_at responded_at sla_hours",
    ("1", "service", "2025-11-24 10:00", "2025-11-24 14:00", 8),  # 4 hours
    ("2", "service", "2025-11-21 17:00", "2025-11-24 10:00", 8),  # over a weekend: 2 hours
    ("3", "service", "2025-11-24 10:00", "2025-11-25 13:00", 8),  # 8 + 4 = 12: late
    ("4", "service", "2025-11-20 10:00", None, 8),  # never answered: missed
    ("5", "service", "2025-11-28 15:00", None, 8),  # three hours so far: undecided
    ("6", "legal", "2025-10-10 17:00", "2025-10-11 10:00", 2),  # a working Saturday: 2 hours, met
    ("7", "legal", "2025-11-28 10:00", "2025-11-29 10:00", 9),  # the answer is not known yet
    ("8", "legal", "2025-11-29 10:00", None, 9),  # the question neither
)


def test_the_sla_counts_open_tickets():
    table = teamwork.sla(TICKETS, DAY).set_index("department")
    counts = ["met", "missed", "undecided", "base", "answered"]
    assert table.loc["service", counts].tolist() == [2, 2, 1, 4, 3]
    assert table.loc["legal", counts].tolist() == [1, 0, 1, 1, 1]
    assert table["rate"].to_dict() == {"service": 0.5, "legal": 1.0}
    assert table.index.tolist() == ["service", "legal"]
    # 2, 4 and 12 hours: the median is 4; numpy's p90 is 4 + 0.8 * 8.
    assert table.loc["service", "median_hours"] == 4
    assert table.loc["service", "p90_hours"] == pytest.approx(np.percentile([2, 4, 12], 90))


def test_the_sla_of_all_is_no_mean_of_departments():
    row = teamwork.sla(TICKETS, DAY, by=None).iloc[0]
    assert row[["met", "missed", "undecided"]].tolist() == [3, 2, 2]
    assert row["rate"] == 0.6  # the mean of 0.5 and 1.0 would be 0.75


def test_the_sla_at_a_time_of_day_and_without_a_base():
    at_noon = teamwork.sla(TICKETS, "2025-11-28 12:00").set_index("department")
    assert at_noon.loc["service", "undecided"] == 0  # ticket 5 is not there yet
    first = teamwork.sla(TICKETS.iloc[[4]], DAY)
    assert first["rate"].isna().all()
    assert first["median_hours"].isna().all()
    assert teamwork.sla(TICKETS.head(0), DAY).empty
    lunch = teamwork.sla(TICKETS.head(1), DAY, lunch=("12:00", "13:00"))
    assert lunch["median_hours"].tolist() == [3.0]


def test_tickets_that_make_no_sense():
    backwards = TICKETS.assign(responded_at=TICKETS["opened_at"] - pd.Timedelta(hours=1))
    for lang, word in (("zh", "早于"), ("en", "before the start")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            teamwork.sla(backwards, DAY)
    with pytest.raises(ParameterError, match="rep"):
        teamwork.sla(TICKETS, DAY, by="rep")
    with pytest.raises(TableError, match="ticket_id"):
        teamwork.sla(pd.concat([TICKETS, TICKETS]), DAY)


PAYMENTS = frame(
    "invoice_id account_id invoiced_on due_on amount paid_on paid_amount",
    ("1", "a", "2025-11-10", "2025-12-10", 300.0, None, None),  # not due
    ("2", "a", "2025-10-15", "2025-11-14", 300.0, "2025-11-20", 100.0),  # 200 left, 16 days
    ("3", "a", "2025-09-20", "2025-10-20", 300.0, "2025-12-05", 300.0),  # 41 days; paid later
    ("4", "a", "2025-05-01", "2025-06-01", 50.0, None, None),  # 182 days
    ("5", "a", "2025-12-05", "2026-01-05", 999.0, None, None),  # not known yet
    ("6", "b", "2025-09-30", "2025-11-30", 400.0, "2025-11-30", None),  # paid in full
    ("7", "c", "2025-05-01", "2025-08-31", 80.0, None, None),  # 91 days
    ("8", "c", "2025-05-01", "2025-09-01", 10.0, None, None),  # 90 days
)
NOVEMBER = "2025-11-30"


def test_dso_takes_receivables_and_sales_of_the_same_window():
    table = teamwork.dso(PAYMENTS, NOVEMBER, days=91).set_index("account_id")
    # a owes 300 + 200 + 300 + 50 = 850; invoiced since 1 September: 900.
    assert table.loc["a", ["receivable", "invoiced"]].tolist() == [850.0, 900.0]
    assert table.loc["a", "dso"] == pytest.approx(850 / 900 * 91)
    assert table.loc["b", "dso"] == 0.0
    assert pd.isna(table.loc["c", "dso"])  # owes, but bought nothing
    total = teamwork.dso(PAYMENTS, NOVEMBER, days=91, by=None).iloc[0]
    assert total["dso"] == pytest.approx(940 / 1300 * 91)
    assert teamwork.dso(PAYMENTS, NOVEMBER, days=61)["invoiced"].max() == 600  # not 30 September


def test_dso_by_count_back():
    """850 less November's 300 and October's 300 leaves 250 of September's 300."""
    table = teamwork.dso(PAYMENTS, NOVEMBER, method="count_back").set_index("account_id")
    assert table.loc["a", "dso"] == pytest.approx(30 + 31 + 250 / 300 * 30)
    assert table.loc["b", "dso"] == 0.0
    # c owes all of May's 90: through six months without sales, and all of May.
    assert table.loc["c", "dso"] == 30 + 31 + 30 + 31 + 31 + 30 + 31
    running = teamwork.dso(PAYMENTS, "2025-11-15", method="count_back").set_index("account_id")
    # On 15 November a owes 300 + 300 + 300 + 50, and half of the month is over.
    assert running.loc["a", "dso"] == pytest.approx(15 + 31 + 30 + 31 + 31 + 30 + 31)


def test_ageing_keeps_what_is_unpaid_and_partly_paid():
    table = teamwork.ageing(PAYMENTS, NOVEMBER)
    assert table["account_id"].tolist() == ["a", "c", "b"]
    buckets = ["not_due", "days_1_30", "days_31_60", "days_61_90", "over_90"]
    assert table.loc[0, buckets].tolist() == [300.0, 200.0, 300.0, 0.0, 50.0]
    assert table.loc[1, buckets].tolist() == [0.0, 0.0, 0.0, 10.0, 80.0]
    assert table.loc[0, ["receivable", "overdue_amount"]].tolist() == [850.0, 550.0]
    assert table.loc[0, "overdue_rate"] == pytest.approx(550 / 850)
    assert pd.isna(table.loc[2, "overdue_rate"])
    on_the_day = teamwork.ageing(PAYMENTS, "2025-11-14").set_index("account_id")
    assert on_the_day.loc["a", "not_due"] == 600.0  # due on this day is not overdue
    assert teamwork.ageing(PAYMENTS, NOVEMBER, by=None)["receivable"].tolist() == [940.0]
    assert teamwork.ageing(PAYMENTS.head(0), NOVEMBER).empty
    assert teamwork.dso(PAYMENTS.head(0), NOVEMBER, method="count_back").empty


def test_payments_without_the_column_of_part_payments():
    table = teamwork.ageing(PAYMENTS.drop(columns="paid_amount"), NOVEMBER)
    assert table.loc[0, "receivable"] == 650.0


def test_payments_that_make_no_sense():
    for lang, word in (("zh", "第 2 行"), ("en", "Row 2")):
        use(lang)
        with pytest.raises(TableError, match=word):
            teamwork.ageing(PAYMENTS.assign(paid_amount=[0, 301, 0, 0, 0, 0, 0, 0]), NOVEMBER)
        with pytest.raises(ParameterError, match="0"):
            teamwork.dso(PAYMENTS, NOVEMBER, days=0)
    with pytest.raises(TableError, match="amount"):
        teamwork.dso(PAYMENTS.assign(amount=-1.0), NOVEMBER)
    with pytest.raises(ParameterError, match="rep_id"):
        teamwork.ageing(PAYMENTS, NOVEMBER, by="rep_id")
    with pytest.raises(ParameterError, match="mean"):
        teamwork.dso(PAYMENTS, NOVEMBER, method="mean")


DELIVERIES = frame(
    "delivery_id account_id promised_on delivered_on ordered_units delivered_units",
    ("1", "a", "2025-11-10", "2025-11-10", 10, 10),
    ("2", "a", "2025-11-10", "2025-11-11", 10, 10),  # late
    ("3", "a", "2025-11-10", "2025-11-09", 10, 9),  # short
    ("4", "a", "2025-11-28", None, 10, None),  # due today and not there
    ("5", "a", "2025-11-20", "2025-12-01", 10, 10),  # not there yet
    ("6", "a", "2025-12-01", "2025-11-27", 10, 10),  # not due yet
    ("7", "b", "2025-11-10", "2025-11-10", 10, 12),
)


def test_otif_counts_what_never_came():
    table = teamwork.otif(DELIVERIES, DAY)
    assert table["account_id"].tolist() == ["a", "b"]
    counts = ["on_time", "in_full", "count", "base", "undelivered"]
    assert table.loc[0, counts].tolist() == [2, 2, 1, 5, 2]
    assert table["rate"].tolist() == [0.2, 1.0]
    assert table.loc[0, ["on_time_rate", "in_full_rate"]].tolist() == [0.4, 0.4]
    assert teamwork.otif(DELIVERIES, DAY, by=None)["rate"].iloc[0] == pytest.approx(2 / 6)
    assert teamwork.otif(DELIVERIES.head(0), DAY).empty
    with pytest.raises(ParameterError, match="week"):
        teamwork.otif(DELIVERIES, DAY, by="week")
    with pytest.raises(TableError, match="ordered_units"):
        teamwork.otif(DELIVERIES.assign(ordered_units=-1), DAY)


def test_raci_asks_for_one_a_and_an_r():
    table = teamwork.raci_check(
        frame(
            "activity department role",
            ("good", "sales", "A"),
            ("good", "sales", "R"),
            ("good", "legal", "C"),
            ("good", "sales", "A"),  # the row stands twice
            ("two", "sales", "A"),
            ("two", "legal", "A"),
            ("two", "legal", "R"),
            ("none", "legal", "I"),
        )
    ).set_index("activity")
    assert table["problems"].to_dict() == {
        "good": "",
        "none": "no_accountable, no_responsible",
        "two": "several_accountable",
    }
    assert table.loc["two", ["accountable", "responsible"]].tolist() == [2, 1]
    for lang, word in (("zh", "第 1 行"), ("en", "Row 1")):
        use(lang)
        with pytest.raises(TableError, match=word):
            teamwork.raci_check(frame("activity department role", ("a", "b", "X")))
    assert teamwork.raci_check(frame("activity department role")).empty


def panel(treated: list[tuple], control: list[tuple]) -> pd.DataFrame:
    rows = []
    for group, stores in (("treated", treated), ("control", control)):
        for number, (before, after) in enumerate(stores):
            name = f"{group}{number}"
            rows += [(name, group, "before", before), (name, group, "after", after)]
    return frame("store_id group period value", *rows).dropna()


# Card and Krueger (1994), table 3: mean employment, New Jersey 20.44 -> 21.03, Pennsylvania
# 23.33 -> 21.17; they report an effect of 2.76, from means that are not rounded.
CARD = panel([(19.44, 20.03), (21.44, 22.03)], [(22.33, 20.17), (24.33, 22.17)])
STORES = panel(
    [(10.0, 15.0), (12.0, 16.0), (9.0, 17.0), (11.0, 12.0)],
    [(10.0, 11.0), (14.0, 14.0), (8.0, 10.5)],
)


def test_difference_in_differences_of_four_means():
    effect = teamwork.difference_in_differences(CARD)
    means = (
        effect.treated_before,
        effect.treated_after,
        effect.control_before,
        effect.control_after,
    )
    assert means == pytest.approx((20.44, 21.03, 23.33, 21.17))
    assert effect.estimate == pytest.approx(2.76, abs=0.011)
    assert effect.relative == pytest.approx(2.75 / (21.03 - 2.75))
    # Every store moved alike within its group: no spread, and an interval of no width.
    assert effect.to_value - effect.from_value == pytest.approx(0, abs=1e-9)


def test_the_interval_against_scipy_and_statsmodels():
    from scipy import stats
    from statsmodels.api import OLS, add_constant

    effect = teamwork.difference_in_differences(STORES)
    treated, control = [5.0, 4.0, 8.0, 1.0], [1.0, 0.0, 2.5]
    welch = stats.ttest_ind(treated, control, equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert (effect.from_value, effect.to_value) == pytest.approx((interval.low, interval.high))
    dummy = add_constant(np.array([1.0] * 4 + [0.0] * 3))
    # White's HC2 error of a regression on one dummy is Welch's.
    fit = OLS(np.array(treated + control), dummy).fit(cov_type="HC2")
    assert effect.estimate == pytest.approx(fit.params[1])
    assert effect.standard_error == pytest.approx(fit.bse[1])
    narrow = teamwork.difference_in_differences(STORES, confidence=0.5)
    assert (
        effect.from_value < narrow.from_value < narrow.estimate < narrow.to_value < effect.to_value
    )


def test_weeks_of_one_store_are_one_observation():
    weeks = pd.concat([STORES.assign(value=STORES["value"] + shift) for shift in (-1.0, 0.0, 1.0)])
    once, thrice = (teamwork.difference_in_differences(one) for one in (STORES, weeks))
    assert (thrice.treated, thrice.control) == (once.treated, once.control) == (4, 3)
    assert (thrice.from_value, thrice.to_value) == pytest.approx((once.from_value, once.to_value))


def test_stores_seen_once_are_left_out_and_counted():
    more = panel([(1.0, 2.0), (5.0, None)], [(None, 9.0), (1.0, 1.0)])
    effect = teamwork.difference_in_differences(more)
    assert (effect.estimate, effect.seen_once, effect.treated, effect.control) == (1.0, 2, 1, 1)
    assert pd.isna(effect.from_value)
    empty = teamwork.difference_in_differences(STORES.head(0))
    assert pd.isna(empty.estimate)
    assert (empty.treated, empty.seen_once) == (0, 0)


def test_groups_that_make_no_sense():
    for lang, words in (("zh", ("对照组", "置信度")), ("en", ("control group", "confidence"))):
        use(lang)
        both = pd.concat([STORES, STORES.assign(group="control")])
        with pytest.raises(ParameterError, match=words[0]):
            teamwork.difference_in_differences(both)
        with pytest.raises(ParameterError, match=words[1]):
            teamwork.difference_in_differences(STORES, confidence=95)
    with pytest.raises(TableError, match="during"):
        teamwork.difference_in_differences(STORES.assign(period="during"))
