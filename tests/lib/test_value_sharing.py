"""Value sharing under three outcomes, by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import language, value_sharing
from ka_lib.errors import ParameterError, TableError

OUTCOMES = pd.DataFrame(
    {
        "outcome": ["good", "usual", "bad"],
        "value": [500.0, 300.0, 150.0],
        "chance": [0.2, 0.5, 0.3],
    }
)
TERMS = {"share": 0.25, "fixed_fee": 20.0, "cost": 50.0}


def test_three_outcomes_by_hand():
    table = value_sharing.gains(200, OUTCOMES, **TERMS).set_index("outcome")
    assert table.index.tolist() == ["bad", "usual", "good"]
    assert table["value_created"].tolist() == [-50, 100, 300]
    # 20 + 0 - 50, 20 + 25 - 50, 20 + 75 - 50.
    assert table["supplier_gain"].tolist() == [-30, -5, 45]
    # -50 - 20, 100 - 20 - 25, 300 - 20 - 75.
    assert table["customer_gain"].tolist() == [-70, 55, 205]
    mean = value_sharing.expected(value_sharing.gains(200, OUTCOMES, **TERMS))
    assert mean.supplier_gain == pytest.approx(-0.3 * 30 - 0.5 * 5 + 0.2 * 45)
    assert mean.customer_gain == pytest.approx(-0.3 * 70 + 0.5 * 55 + 0.2 * 205)
    assert mean.value_created == pytest.approx(-15 + 50 + 60)


def test_a_shared_loss_is_paid_back():
    table = value_sharing.gains(200, OUTCOMES, below="shared", **TERMS).set_index("outcome")
    assert table.loc["bad", ["supplier_gain", "customer_gain"]].tolist() == [
        20 - 12.5 - 50,
        -50 - 20 + 12.5,
    ]


@given(
    st.lists(st.floats(0, 1e6), max_size=6, unique=True), st.floats(0, 1), st.floats(0, 1e6),
    st.sampled_from(["supplier_safe", "shared"]),
)  # fmt: skip
def test_what_one_side_gains_the_other_pays(values, share, baseline, below):
    frame = pd.DataFrame({"outcome": [f"o{i}" for i in range(len(values))], "value": values})
    frame = frame.astype({"value": "float64"})
    found = value_sharing.gains(baseline, frame, share=share, fixed_fee=7, cost=3, below=below)
    total = found["supplier_gain"] + found["customer_gain"]
    assert total.tolist() == pytest.approx((found["value_created"] - 3).tolist(), abs=1e-6)
    again = value_sharing.gains(
        baseline, frame.iloc[::-1].assign(note="x"), share=share, fixed_fee=7, cost=3, below=below
    )
    pd.testing.assert_frame_equal(found, again)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: value_sharing.gains(200, OUTCOMES, share=25), ParameterError),
        (lambda: value_sharing.gains(200, OUTCOMES, share=0.1, cost=-1), ParameterError),
        (lambda: value_sharing.gains(200, OUTCOMES, share=0.1, below="never"), ParameterError),
        (lambda: value_sharing.gains(200, pd.concat([OUTCOMES] * 2), share=0.1), TableError),
        (
            lambda: value_sharing.expected(value_sharing.gains(200, OUTCOMES.head(2), share=0.1)),
            ParameterError,
        ),
        (
            lambda: value_sharing.expected(
                value_sharing.gains(200, OUTCOMES.drop(columns="chance"), share=0.1)
            ),
            TableError,
        ),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_terms_that_make_no_sense(call, error, lang):
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            call()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
