"""The weighted pipeline against arithmetic written out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import company, funnel, pipeline
from ka_lib.errors import ParameterError
from ka_lib.tables import STAGES

SETTLED = pd.DataFrame(
    {
        "furthest": ["delivery"] * 3 + ["proposal"] * 3 + ["lead"] * 4 + ["needs"],
        "status": ["won"] * 3 + ["lost"] * 3 + ["lost"] * 4 + ["open"],
    }
)


def test_stage_probabilities_by_hand():
    table = pipeline.stage_probabilities(SETTLED).set_index("stage")
    # Ten decided leads, three won; six decided reached proposal; three negotiation.
    assert table["probability"].to_dict() == {
        "lead": 0.3,
        "contact": 0.5,
        "needs": 0.5,
        "proposal": 0.5,
        "negotiation": 1.0,
        "delivery": 1.0,
    }
    assert table["decided_count"].tolist() == [10, 6, 6, 6, 3, 3]
    assert table["won_count"].tolist() == [3] * 6
    assert table["open_count"].tolist() == [1, 1, 1, 0, 0, 0]


def test_a_stage_that_no_decided_deal_reached_has_no_probability():
    table = pipeline.stage_probabilities(SETTLED[SETTLED["furthest"] == "lead"])
    assert table["probability"].tolist()[0] == 0.0
    assert table["probability"].isna().sum() == 5
    assert pipeline.stage_probabilities(SETTLED[:0])["probability"].isna().all()


RATES = pd.DataFrame({"stage": ["needs", "proposal"], "probability": [0.2, 0.5]})
DEALS = pd.DataFrame(
    [
        ("a", "proposal", "open", 100.0, "2025-12-15", 0.9),
        ("b", "needs", "open", 200.0, "2025-12-31", 0.6),
        ("c", "proposal", "open", 400.0, "2026-01-10", None),
        ("today", "needs", "open", 10.0, "2025-11-30", 0.5),
        ("late", "proposal", "open", 999.0, "2025-11-29", 0.9),
        ("when", "proposal", "open", 50.0, None, 0.9),
        ("much", "proposal", "open", None, "2025-12-01", 0.9),
        ("lead", "lead", "open", 70.0, None, 0.9),
        ("won", "delivery", "won", 5000.0, "2025-12-15", 1.0),
        ("lost", "proposal", "lost", 6000.0, "2025-12-15", 0.0),
    ],
    columns=[
        *("opportunity_id", "stage", "status", "amount", "expected_close_on", "probability"),
    ],
).astype({"expected_close_on": "datetime64[s]"})
DAY = "2025-11-30"


def test_who_stays_out_of_the_pipeline_and_why():
    table = pipeline.open_deals(DEALS, RATES, DAY).set_index("opportunity_id")
    assert table["left_out"].to_dict() == {
        "late": "overdue",
        "c": "",
        "b": "",
        "a": "",
        "lead": "no_date, no_probability",
        "when": "no_date",
        "today": "",
        "much": "no_amount",
    }
    assert table.loc["a", ["probability", "own_probability"]].tolist() == [0.5, 0.9]


def test_weighted_pipeline_by_hand():
    """December: 100 * 0.5 + 200 * 0.2 = 90; spread sqrt(100^2 * 0.25 + 200^2 * 0.16) = sqrt(8900).

    The reps say 100 * 0.9 + 200 * 0.6 = 210. January: 400 * 0.5, spread 200, one rep says nothing.
    """
    deals = pipeline.open_deals(DEALS, RATES, DAY)
    table = pipeline.by_period(deals).set_index(pd.Index(["2025-11", "2025-12", "2026-01"]))
    assert table["period"].astype(str).tolist() == table.index.tolist()
    assert table["expected"].tolist() == pytest.approx([2.0, 90.0, 200.0])
    assert table["spread"].tolist() == pytest.approx([4.0, math.sqrt(8900), 200.0])
    assert table["value"].tolist() == [10.0, 300.0, 400.0]
    assert table["count"].tolist() == [1, 2, 1]
    assert table["own_expected"].tolist() == pytest.approx([5.0, 210.0, math.nan], nan_ok=True)

    whole = pipeline.total(deals)
    assert whole.expected == pytest.approx(292.0)
    assert whole.spread == pytest.approx(math.sqrt(16 + 8900 + 40000))
    assert (whole.value, whole.count) == (710.0, 4)
    assert math.isnan(whole.own_expected)
    quarters = pipeline.by_period(deals, by="quarter")
    assert quarters["expected"].tolist() == pytest.approx([92.0, 200.0])


def test_what_if_the_biggest_deal_is_lost():
    deals = pipeline.open_deals(DEALS, RATES, DAY)
    rest = pipeline.lose(deals)  # c; "late" is larger but was never in the forecast
    assert rest.set_index("opportunity_id").loc["c", "left_out"] == "lost"
    assert pipeline.total(rest).expected == pytest.approx(92.0)
    assert pipeline.total(rest).value == 310.0
    assert pipeline.total(rest).spread == pytest.approx(math.sqrt(8916))
    assert pipeline.total(pipeline.lose(rest, "a")).expected == pytest.approx(42.0)
    assert deals["left_out"].tolist().count("") == 4  # asking changed nothing
    tie = deals.assign(amount=100.0)
    lost = pipeline.lose(tie)
    assert lost.loc[lost["left_out"] == "lost", "opportunity_id"].tolist() == ["a"]
    for unknown in ("late", "nobody"):
        with pytest.raises(ParameterError, match=unknown):
            pipeline.lose(deals, unknown)
    with pytest.raises(ParameterError):
        pipeline.lose(deals[:0])


def test_a_pipeline_without_deals_is_worth_nothing():
    deals = pipeline.open_deals(DEALS[:0], RATES, DAY)
    assert len(pipeline.by_period(deals)) == 0
    none = pipeline.total(deals)
    assert (none.expected, none.spread, none.value, none.count) == (0.0, 0.0, 0.0, 0)
    assert math.isnan(none.own_expected)


def test_a_crm_without_own_probabilities_still_has_a_pipeline():
    deals = pipeline.open_deals(DEALS.drop(columns="probability"), RATES, DAY)
    assert pipeline.total(deals).expected == pytest.approx(292.0)
    assert deals["own_probability"].isna().all()


def test_probabilities_that_make_no_sense():
    with pytest.raises(ParameterError, match=r"0\.3"):
        pipeline.open_deals(DEALS.assign(probability=30.0), RATES, DAY)
    with pytest.raises(ParameterError):
        pipeline.open_deals(DEALS, RATES.assign(probability=[0.2, 1.5]), DAY)
    with pytest.raises(ParameterError, match="needs"):
        pipeline.open_deals(DEALS, pd.concat([RATES, RATES]), DAY)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(STAGES[:4]), st.integers(-40, 200)),
        max_size=15,
    ),
    st.sampled_from([0.5, 10_000.0]),
    st.integers(0, 99),
)
def test_pipelines_do_not_depend_on_order_index_extra_columns_or_unit(rows, factor, seed):
    deals = pd.DataFrame(
        {
            "opportunity_id": pd.Series([f"o{i:02}" for i in range(len(rows))], dtype="str"),
            "amount": pd.Series([float(amount) for amount, *_ in rows], dtype="float64"),
            "stage": pd.Series([stage for _, stage, _ in rows], dtype="str"),
            "status": pd.Series(["open"] * len(rows), dtype="str"),
            "expected_close_on": pd.Series(
                [pd.Timestamp(DAY) + pd.Timedelta(days=offset) for *_, offset in rows],
                dtype="datetime64[s]",
            ),
        }
    )
    before = deals.copy()
    table = pipeline.open_deals(deals, RATES, DAY)
    mixed = deals.sample(frac=1, random_state=seed).assign(extra=1)
    mixed = mixed.set_axis(range(50, 50 + len(deals)))
    pd.testing.assert_frame_equal(pipeline.open_deals(mixed, RATES[::-1], DAY), table)
    pd.testing.assert_frame_equal(deals, before)
    whole, months = pipeline.total(table), pipeline.by_period(table)
    assert months["expected"].sum() == pytest.approx(whole.expected)
    assert (months["spread"] ** 2).sum() == pytest.approx(whole.spread**2)
    assert months["count"].sum() == whole.count == (table["left_out"] == "").sum()
    scaled = pipeline.total(table.assign(amount=table["amount"] * factor))
    assert scaled.expected == pytest.approx(whole.expected * factor)
    assert scaled.spread == pytest.approx(whole.spread * factor)


def test_the_practice_company_from_its_own_past():
    daowan = company.load(company.PRACTICE)
    settled = funnel.deals(daowan, "2023-01-01", "2025-01-01")
    rates = pipeline.stage_probabilities(settled)
    assert rates["probability"].is_monotonic_increasing
    deals = pipeline.open_deals(daowan.opportunities, rates, daowan.as_of)
    assert len(deals) == (daowan.opportunities["status"] == "open").sum()
    inside = deals[deals["left_out"] == ""]
    assert (inside["expected_close_on"] >= daowan.as_of).all()
    whole = pipeline.total(deals)
    assert 0 < whole.expected < whole.value
