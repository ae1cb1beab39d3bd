"""Is a right answer accepted in any clothes, and a wrong one told by its kind?"""

import math
from collections import namedtuple
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ka_lib.forms import Choice, Date, Frame, Items, Mapping, Number, Text, from_data, to_data
from ka_lib.judge import compare

SHARE = Number(tolerance=0.0005, fraction=True)
YUAN = Number(tolerance=0.5, unit="yuan")
Rate = namedtuple("Rate", ["rate", "count", "base"])  # noqa: PYI024


@pytest.mark.parametrize(
    ("form", "expected", "answer", "kind"),
    [
        (SHARE, 0.4386, 0.4386, "equal"),
        (SHARE, 0.4386, 0.439, "equal"),
        (SHARE, 0.4386, np.float64(0.4386), "equal"),
        (SHARE, 0.4386, Decimal("0.4386"), "equal"),
        (SHARE, 0.4386, Rate(0.4386, 25, 57), "equal"),
        (SHARE, 0.4386, pd.Series([0.4386]), "equal"),
        (SHARE, 0.4386, np.array(0.4386), "equal"),
        (SHARE, 0.4386, 43.86, "percent"),
        (SHARE, 0.4386, 44, "percent"),
        (SHARE, 0.4386, 0.44, "rounded"),
        (SHARE, 0.4386, 0.5, "differs"),
        (SHARE, 0.4386, "0.4386", "wrong_type"),
        (SHARE, 0.4386, True, "wrong_type"),
        (SHARE, 0.4386, [0.4386], "wrong_type"),
        (SHARE, 0.4386, ..., "not_tried"),
        (SHARE, 0.4386, None, "not_tried"),
        (SHARE, 0.4386, math.nan, "differs"),
        (SHARE, math.nan, math.nan, "equal"),
        (SHARE, math.nan, 0, "differs"),
        (SHARE, 0.0, -0.0, "equal"),
        (Number(), 0.2, 0.3 - 0.1, "equal"),
        (Number(tolerance=0.1), 0.2, 0.3, "equal"),
        (Number(), 1, math.inf, "differs"),
        (YUAN, 1_180_000, 118, "ten_thousand"),
        (YUAN, 1_180_000, 1180, "thousand"),
        (YUAN, 1_180_000, 1_180_000.4, "equal"),
        (YUAN, 0, 0.2, "equal"),
        (Number(), 1_180_000, 118, "differs"),
        (Number(unit="days"), 60, pd.Timedelta(days=60), "equal"),
        (Text(), "A01", " A01", "equal"),
        (Text(), "A01", 1, "wrong_type"),
        (Choice(("lead", "proposal")), "proposal", "Proposal ", "equal"),
        (Choice(("lead", "proposal")), "proposal", "lead", "differs"),
        (Choice(("lead", "proposal")), "proposal", "方案", "unknown_code"),
        (Date(), pd.Timestamp("2025-11-30"), "2025-11-30", "equal"),
        (Date(), pd.Timestamp("2025-11-30"), np.datetime64("2025-11-29"), "differs"),
        (Date(), pd.Timestamp("2025-11-30"), "next week", "wrong_type"),
        (Items(), ["a", "b"], {"b", "a"}, "equal"),
        (Items(), ["a", "b"], pd.Series(["b", "a"]), "equal"),
        (Items(), ["a", "b"], ["a"], "missing_items"),
        (Items(), ["a", "b"], ["a", "b", "b"], "extra_rows"),
        (Items(ordered=True), ["a", "b"], ["b", "a"], "order"),
        (Items(ordered=True), [1, 2], np.array([1.0, 2.0]), "equal"),
        (Items(), ["a"], "a", "wrong_type"),
        (Mapping(), {"A": 3, "B": 1}, pd.Series({"B": 1.0, "A": 3.0}), "equal"),
        (Mapping(), {"A": 3, "B": 1}, {"A": 3}, "missing_rows"),
        (Mapping(), {"A": 3}, {"A": 3, "C": 0}, "extra_rows"),
        (Mapping(), {"A": 3, "B": 1}, {"A": 3, "B": 2}, "row_differs"),
        (Mapping(), {"A": 3, "B": 1}, {"A": 4, "B": 2}, "rows_differ"),
        (Mapping(fraction=True), {"A": 0.4, "B": 0.3}, {"A": 40, "B": 30}, "percent"),
        (Mapping(), {1: 2}, {1.0: 2}, "equal"),
        (Mapping(), {"A": 3}, pd.Series([3, 4], index=["A", "A"]), "duplicate_rows"),
    ],
)
def test_answers_are_told_by_kind(form, expected, answer, kind):
    assert compare(form, expected, answer).kind == kind
    assert compare(from_data(to_data(form)), expected, answer).kind == kind


FORM = Frame(key=("stage",), values=("reached", "rate"), fractions=("rate",), tolerance=0.0005)
TABLE = pd.DataFrame(
    {
        "stage": ["lead", "contact", "needs"],
        "reached": [1000, 400, 120],
        "rate": [math.nan, 0.4, 0.3],
    }
)


def changed(row, column, value):
    table = TABLE.astype({"reached": "float64"})
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (TABLE, "equal"),
        (TABLE[["rate", "stage", "reached"]].iloc[::-1], "equal"),
        (TABLE.assign(more=1, reached=TABLE["reached"].astype(float)), "equal"),
        (TABLE.set_index("stage"), "equal"),
        (TABLE.set_index("stage").rename_axis(None), "equal"),
        (TABLE.to_dict("list"), "equal"),
        (TABLE.iloc[:2], "missing_rows"),
        (pd.concat([TABLE, TABLE.assign(stage="proposal").iloc[:1]]), "extra_rows"),
        (pd.concat([TABLE, TABLE.iloc[:1]]), "duplicate_rows"),
        (TABLE.rename(columns={"reached": "reach"}), "missing_columns"),
        (TABLE.assign(rate=TABLE["rate"] * 100), "percent"),
        (changed(1, "reached", 401), "row_differs"),
        (changed(1, "rate", math.nan), "row_differs"),
        (TABLE.assign(reached=TABLE["reached"] + 1), "rows_differ"),
        ([1, 2], "wrong_type"),
        (7, "wrong_type"),
        ({"reached": 1, "rate": 2, "stage": 3}, "wrong_type"),
        (pd.DataFrame(), "missing_columns"),
    ],
)
def test_tables_are_told_by_kind(answer, kind):
    assert compare(FORM, TABLE, answer).kind == kind


def test_the_verdict_names_the_row_and_the_learners_value_and_not_the_right_one():
    verdict = compare(FORM, TABLE, changed(1, "reached", 401))
    assert verdict.details == {
        "row": "contact", "count": 1, "total": 3, "column": "reached", "value": 401, "sum_differs": True
    }  # fmt: skip


def test_a_split_that_sums_right_is_told_from_a_wrong_total():
    form = Frame(key=("quarter",), values=("target",))
    expected = pd.DataFrame({"quarter": ["Q1", "Q2"], "target": [40, 60]})
    swapped = expected.assign(target=[60, 40])
    assert compare(form, expected, swapped).details["sum_differs"] is False


def test_order_counts_only_where_the_form_says_so():
    form = Frame(key=("stage",), values=("reached",), ordered=True)
    assert compare(form, TABLE, TABLE.iloc[::-1]).kind == "order"


def test_one_value_column_may_be_a_series_under_any_name():
    form = Frame(key=("stage",), values=("reached",))
    series = TABLE.set_index("stage")["reached"].rename("n")
    assert compare(form, TABLE, series).equal


def test_missing_keys_match_missing_keys():
    form = Frame(key=("region",), values=("n",))
    table = pd.DataFrame({"region": ["华东", None], "n": [1, 2]})
    assert compare(form, table, table.assign(region=["华东", math.nan])).equal
