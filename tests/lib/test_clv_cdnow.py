"""The published fits to the CDNOW purchases, from the purchases themselves.

A cohort of 2,357 customers whose first purchase fell into the first quarter of 1997, 39 weeks of
which are fitted: Fader, Hardie & Lee (2005), table 2, and Fader & Hardie's note on Gamma-Gamma.
The package lifetimes carries the data; its code is not used.
"""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from ka_lib import clv

END_OF_FIT = "1997-09-30"


@pytest.fixture(scope="module")
def history():
    (package,) = find_spec("lifetimes").submodule_search_locations
    columns = ["master", "account_id", "ordered_on", "units", "amount"]
    rows = pd.read_csv(
        Path(package) / "datasets" / "CDNOW_sample.txt",
        sep=r"\s+",
        names=columns,
        dtype={"account_id": "str", "ordered_on": "str"},
        encoding="ascii",
    )
    rows["ordered_on"] = pd.to_datetime(rows["ordered_on"], format="%Y%m%d")
    # Some records cost nothing: a purchase for the paper, a free sample for us.
    rows["amount"] = rows["amount"].clip(lower=0.001)
    return clv.purchase_history(rows, END_OF_FIT, "week")


def test_the_cohort_is_the_one_of_the_paper(history):
    assert len(history) == 2357
    assert (history["repeats"] > 0).sum() == 946
    assert history["age"].max() == pytest.approx(38.86, abs=0.005)


def test_bg_nbd_fits_as_published(history):
    model = clv.fit_bg_nbd(history)
    assert model.r == pytest.approx(0.243, abs=0.001)
    assert model.alpha == pytest.approx(4.414, abs=0.005)
    assert model.a == pytest.approx(0.793, abs=0.002)
    assert model.b == pytest.approx(2.426, abs=0.006)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.1)


def test_gamma_gamma_fits_as_published(history):
    model = clv.fit_gamma_gamma(history)
    assert model.p == pytest.approx(6.25, abs=0.01)
    assert model.q == pytest.approx(3.74, abs=0.01)
    assert model.v == pytest.approx(15.44, abs=0.02)


def test_the_customer_worked_out_in_the_paper_is_expected_1_226_times(history):
    model = clv.fit_bg_nbd(history)
    alone = history[history["account_id"] == "0001"]
    x, last, age = (alone[name].item() for name in ("repeats", "last_at", "age"))
    assert (x, round(last, 2), round(age, 2)) == (2, 30.43, 38.86)
    expected = clv.expected_purchases(model, alone, 39)["expected_purchases"].item()
    assert expected == pytest.approx(1.226, abs=0.001)
