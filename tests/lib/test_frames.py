"""Grouping by number gives what pandas gives, and sums that no order of the rows can change."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import frames
from ka_lib.errors import KaError, TableError
from ka_lib.language import use
from ka_lib.libraries import library

rows = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(-(10**9), 10**9)), max_size=30
)


@given(rows)
def test_numbers_and_names(pairs):
    ids = pd.Series([name for name, _ in pairs], dtype="str")
    numbers, names = frames.number_ids(ids)
    assert [None if n < 0 else names[n] for n in numbers] == [name for name, _ in pairs]
    assert names.is_unique
    assert names.dtype == "str"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(-1e12, 1e12)), max_size=30),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_sums_are_right_and_do_not_depend_on_the_order(pairs, fen, random):
    pairs = [(number, round(value, 2) if fen else value) for number, value in pairs]
    shuffled = random.sample(pairs, len(pairs))
    sums = [
        frames.sum_by(
            np.array([number for number, _ in each], dtype=int),
            np.array([value for _, value in each], dtype=float),
            4,
        )
        for each in (pairs, shuffled)
    ]
    assert sums[0].tolist() == sums[1].tolist()  # to the last bit
    for number in range(4):
        exact = sum(Fraction(value) for each, value in pairs if each == number)
        size = sum(abs(value) for each, value in pairs if each == number)
        assert sums[0][number] == pytest.approx(float(exact), abs=1e-12 * size + 1e-9)


def test_fen_add_up_exactly():
    """0.1 ten times is 1, which floats alone miss."""
    tenths = np.full(10, 0.1)
    assert sum(tenths.tolist()) != 1
    assert frames.sum_by(np.zeros(10, int), tenths, 1).tolist() == [1.0]
    assert frames.sum_by(np.zeros(0, int), np.zeros(0), 2).tolist() == [0, 0]
    assert math.isinf(frames.sum_by(np.zeros(1, int), np.array([np.inf]), 1)[0])


@given(st.lists(st.tuples(st.integers(-1, 2), st.sampled_from(["x", "y", "z", None])), max_size=30))
def test_distinct_values_by_number_as_pandas_counts_them(pairs):
    table = pd.DataFrame(pairs, columns=["number", "order"]).astype({"order": "str"})
    got = frames.distinct_by(table["number"].to_numpy(int), table["order"], 3)
    known = table[table["number"] >= 0]
    expected = known.groupby("number")["order"].nunique().reindex(range(3), fill_value=0)
    assert got.tolist() == expected.tolist()
    days = pd.to_datetime(table["order"].map({"x": "2025-01-01", "y": "2025-01-02"}))
    got = frames.distinct_by(table["number"].to_numpy(int), days, 3)
    expected = days.groupby(table["number"]).nunique().reindex(range(3), fill_value=0)
    assert got.tolist() == expected.tolist()


@pytest.mark.parametrize("kind", ["str", "object"])
def test_a_blank_text_is_found(kind):
    table = pd.DataFrame({"account_id": pd.Series(["a", None, "b", None], dtype=kind)})
    with pytest.raises(TableError, match="2"):
        frames.need(table, "orders", ["account_id"])
    assert len(frames.need(table.dropna(), "orders", ["account_id"])) == 2
    assert len(frames.need(table[:0], "orders", ["account_id"])) == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_library_that_is_not_installed_is_named_with_its_remedy(lang, monkeypatch):
    use(lang)
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    with pytest.raises(KaError, match="pip install scikit-learn"):
        library("sklearn")
    with pytest.raises(KaError, match="no_such_library"):
        library("no_such_library.part")
    use("zh")
    assert library("math") is math
    with pytest.raises(
        ModuleNotFoundError
    ):  # the library is there, the part is not ours to explain
        library("email.no_such_part_of_it")
