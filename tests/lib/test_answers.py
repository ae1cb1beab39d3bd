"""Does an answer survive as plain data, and does nothing else get through?"""

import json
import math
from collections import namedtuple
from contextlib import suppress
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib.answers import MAX_CELLS, MAX_TEXT, AnswerError, decode, encode
from ka_lib.funnel import Rate

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=30),
    st.datetimes(min_value=pd.Timestamp("1900-01-01").to_pydatetime()).map(pd.Timestamp),
)
plain = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=5), inner, max_size=4),
    ),
    max_leaves=12,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["type", "items", "keys", "values", "columns", "index", "rows", "name", "dtype"]
            ),
            inner | st.sampled_from(["frame", "series", "dict", "record", "date", "set", "list"]),
            max_size=5,
        ),
    ),
    max_leaves=10,
)


def carried(answer):
    return decode(json.loads(json.dumps(encode(answer), allow_nan=False)))


@given(plain)
def test_plain_answers_come_back_as_they_were(answer):
    assert carried(answer) == answer


@given(JSON)
def test_whatever_data_arrives_decodes_or_is_refused(data):
    with suppress(AnswerError):
        encode(decode(data))


@given(
    st.lists(
        st.tuples(st.floats(width=32), st.integers(-9, 9), st.text(max_size=5), st.booleans()),
        max_size=6,
    )
)
def test_tables_come_back_with_their_types(rows):
    frame = pd.DataFrame(rows, columns=["share", "count", "名称", "flag"])
    frame = frame.astype({"share": "float64", "count": "int64", "flag": "bool"})
    back = carried(frame)
    assert list(back.dtypes[["share", "count", "flag"]]) == list(
        frame.dtypes[["share", "count", "flag"]]
    )
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["a", "b"], name="stage"),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["stage", None]),
        pd.DatetimeIndex(["2025-01-01", "2025-02-01"], name="month"),
    ],
)
def test_indexes_and_dates_come_back(index):
    frame = pd.DataFrame({"on": pd.to_datetime(["2025-11-30", None]), 3: [1, 2]}, index=index)
    pd.testing.assert_frame_equal(carried(frame), frame, check_dtype=False, check_index_type=False)
    series = frame[3]
    pd.testing.assert_series_equal(carried(series), series, check_index_type=False)


def test_a_blank_stays_a_blank_and_none_stays_none():
    assert carried(...) is ...
    assert carried(None) is None


@pytest.mark.parametrize("missing", [float("nan"), np.nan, pd.NaT, pd.NA, np.datetime64("NaT")])
def test_missing_values_stay_missing(missing):
    assert math.isnan(carried(missing))


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (Decimal("0.44"), 0.44),
        (date(2025, 11, 30), pd.Timestamp("2025-11-30")),
        (np.datetime64("2025-11-30"), pd.Timestamp("2025-11-30")),
        (np.array([1, 2]), [1, 2]),
        ({"b", "a"}, {"a", "b"}),
        (pd.Period("2025Q1"), "2025Q1"),
        (pd.Timedelta(days=2), pd.Timedelta(days=2)),
        (math.inf, math.inf),
    ],
)
def test_relatives_become_the_plain_kind(answer, value):
    assert carried(answer) == value


def test_minus_zero_is_zero():
    assert str(carried(-0.0)) == "0.0"


def test_a_rate_keeps_its_fields():
    rate = namedtuple("Rate", ["rate", "count", "base"])(0.5, 1, 2)  # noqa: PYI024
    assert carried(rate).rate == 0.5


def test_a_rate_of_ka_lib_keeps_its_fields():
    assert carried(Rate(0.5, 1, 2)).rate == 0.5


@pytest.mark.parametrize(
    "answer",
    [
        list(range(MAX_CELLS + 1)),
        pd.DataFrame({"a": np.zeros(MAX_CELLS + 1)}),
        "x" * (MAX_TEXT + 1),
        2**63,
        len,
        object(),
        b"bytes",
        pd,
        3j,
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_what_no_task_asks_for_is_refused(answer):
    with pytest.raises(AnswerError):
        encode(answer)


def test_an_answer_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(AnswerError):
        encode(loop)


def test_a_figure_is_carried_as_what_it_draws():
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.bar([0, 1], [10, 4], label="2025")
    axes.plot([0, 1], [9, 5], label="2024")
    axes.set(title="漏斗", ylim=(0, 12))
    drawn = carried(axes.figure).axes[0]
    assert drawn["title"] == "漏斗"
    assert drawn["y_limits"] == [0, 12]
    assert [(one["kind"], one["label"], one["y"]) for one in drawn["series"]] == [
        ("line", "2024", [9, 5]),
        ("bar", "2025", [10, 4]),
    ]
