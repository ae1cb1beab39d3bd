"""CO2 per order: tonnes and kilograms kept apart, unknown kept apart from zero."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import emissions, language
from ka_lib.errors import ParameterError, TableError

LINES = pd.DataFrame(
    [
        ("O1", "P1", 100.0, 20_000.0),
        ("O1", "P2", 50.0, 5_000.0),
        ("O2", "P1", 10.0, 2_000.0),
        ("O3", "P3", 10.0, 2_000.0),
        ("O4", "P1", 10.0, 0.0),
    ],
    columns=["order_id", "product_id", "quantity", "amount"],
)
PRODUCTS = pd.DataFrame({"product_id": ["P1", "P2", "P3"], "co2_kg": [2.0, 4.0, None]})
DELIVERIES = pd.DataFrame(
    [
        ("d1", "O1", 300.0, 2_000.0, "truck"),
        ("d2", "O1", 300.0, 500.0, "cold_truck"),
        ("d3", "O3", 100.0, 1_000.0, "rail"),
        ("d4", "O4", 100.0, 1_000.0, "rail"),
    ],
    columns=["delivery_id", "order_id", "distance_km", "weight_kg", "mode"],
)
FACTORS = {"truck": 0.1, "cold_truck": 0.2, "rail": 0.03}


def test_an_order_by_hand():
    table = emissions.co2_per_order(LINES, DELIVERIES, PRODUCTS, FACTORS).set_index("order_id")
    # 300 km * 2 t * 0.1 + 300 km * 0.5 t * 0.2 = 60 + 30; goods 100 * 2 + 50 * 4 = 400.
    one = table.loc["O1"]
    assert one["transport_kg"] == pytest.approx(90)
    assert one["product_kg"] == 400
    assert one["total_kg"] == pytest.approx(490)
    assert one["kg_per_10k"] == pytest.approx(490 / 2.5)
    assert one["deliveries"] == 2
    # No delivery known; no footprint known; nothing to divide by.
    assert table.loc["O2", ["transport_kg", "total_kg"]].isna().all()
    assert table.loc["O2", "deliveries"] == 0
    assert table.loc["O3", "transport_kg"] == pytest.approx(3)
    assert pd.isna(table.loc["O3", "total_kg"])
    assert table.loc["O4", "total_kg"] == pytest.approx(23)
    assert pd.isna(table.loc["O4", "kg_per_10k"])


@pytest.mark.parametrize("column", ["distance_km", "weight_kg", "mode"])
def test_one_blank_makes_the_way_unknown(column):
    blank = DELIVERIES.assign(
        **{column: DELIVERIES[column].where(DELIVERIES["delivery_id"] != "d2")}
    )
    table = emissions.co2_per_order(LINES, blank, PRODUCTS, FACTORS).set_index("order_id")
    assert pd.isna(table.loc["O1", "transport_kg"])
    assert pd.notna(table.loc["O4", "transport_kg"])


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(5)), st.permutations(range(4)))
def test_order_index_and_extra_columns_do_not_matter(lines, deliveries):
    moved = LINES.iloc[lines].assign(note="x").set_axis([0] * 5)
    untouched = moved.copy()
    found = emissions.co2_per_order(
        moved, DELIVERIES.iloc[deliveries].assign(note="x"), PRODUCTS.iloc[::-1], FACTORS
    )
    pd.testing.assert_frame_equal(
        found, emissions.co2_per_order(LINES, DELIVERIES, PRODUCTS, FACTORS)
    )
    pd.testing.assert_frame_equal(moved, untouched)


def test_empty_tables():
    nothing = emissions.co2_per_order(LINES.head(0), DELIVERIES.head(0), PRODUCTS, FACTORS)
    assert nothing.empty
    assert nothing.columns.tolist()[0] == "order_id"
    assert len(emissions.co2_per_order(LINES.head(1), DELIVERIES.head(0), PRODUCTS, FACTORS)) == 1


def test_every_mode_of_the_table_has_a_factor_for_practice():
    from ka_lib.tables import DELIVERIES as TABLE

    assert set(TABLE.column("mode").codes) == set(emissions.ILLUSTRATIVE_FACTORS)


@pytest.mark.parametrize(
    ("lines", "deliveries", "products", "factors", "error"),
    [
        (LINES, DELIVERIES, PRODUCTS, {"truck": 0.1, "cold_truck": 0.2}, ParameterError),
        (LINES, DELIVERIES, PRODUCTS, {**FACTORS, "rail": -1}, ParameterError),
        (LINES, DELIVERIES.assign(order_id="O9"), PRODUCTS, FACTORS, TableError),
        (LINES, DELIVERIES.assign(weight_kg=-1.0), PRODUCTS, FACTORS, TableError),
        (LINES, DELIVERIES, PRODUCTS.head(1), FACTORS, TableError),
        (LINES, pd.concat([DELIVERIES] * 2), PRODUCTS, FACTORS, TableError),
        (pd.concat([LINES] * 2), DELIVERIES, PRODUCTS, FACTORS, TableError),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_counted(lines, deliveries, products, factors, error, lang):  # noqa: PLR0913, PLR0917 - one case, in full
    language.use(lang)
    try:
        with pytest.raises(error) as caught:
            emissions.co2_per_order(lines, deliveries, products, factors)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
