"""Health score, causes, back-test, exposure and price war against arithmetic written by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ka_lib import health, negotiation
from ka_lib.errors import ParameterError, TableError
from ka_lib.language import use

DAY = "2025-11-30"
WEIGHTS = {"orders_score": 0.5, "satisfaction_score": 0.3, "service_score": 0.2}


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in table.columns:
        if name.endswith(("_on", "_since")) or name == "month":
            table[name] = pd.to_datetime(table[name])
    return table


HEALTH = frame(
    "account_id month orders_score satisfaction_score service_score",
    ("a", "2025-11-30", 80.0, 60.0, 80.0),  # NPS 60 is 80: 40 + 24 + 16 = 80
    ("b", "2025-11-30", 140.0, -100.0, 50.0),  # clipped to 100: 50 + 0 + 10 = 60
    ("c", "2025-11-30", 50.0, None, -20.0),  # 25 + 0 over a weight of 0.7
    ("d", "2025-11-30", None, None, None),
)


def test_health_is_clipped_rescaled_and_renormalised():
    table = health.score(HEALTH, WEIGHTS)
    assert table["score"].iloc[:3].tolist() == pytest.approx([80.0, 60.0, 25 / 0.7])
    assert table["colour"].iloc[:3].tolist() == ["green", "amber", "red"]
    assert table.loc[3, ["score", "colour"]].isna().all()
    assert table["known_weight"].tolist() == pytest.approx([1.0, 1.0, 0.7, 0.0])
    plain = health.score(HEALTH, WEIGHTS, nps=(), red_below=50, green_from=50)
    # NPS taken as it is: 40 + 18 + 16; 50 + 0 + 10.
    assert plain["score"].iloc[:2].tolist() == pytest.approx([74.0, 60.0])
    assert plain["colour"].iloc[:3].tolist() == ["green", "green", "red"]
    assert health.score(HEALTH.head(0), WEIGHTS).empty


def test_health_can_refuse_a_blank():
    for lang, word in (("zh", "第 3 行"), ("en", "Row 3")):
        use(lang)
        with pytest.raises(TableError, match=word):
            health.score(HEALTH, WEIGHTS, missing="refuse")
    assert len(health.score(HEALTH.head(2), WEIGHTS, missing="refuse")) == 2


@pytest.mark.parametrize(
    "weights",
    [
        {"orders_score": 0.5, "service_score": 0.4},
        {"orders_score": 1.5, "service_score": -0.5},
        {"orders_score": 40, "service_score": 60},
        {},
    ],
)
def test_weights_must_sum_to_one(weights):
    for lang, word in (("zh", "权重"), ("en", "weights")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            health.score(HEALTH, weights)


def test_limits_and_choices_of_health():
    for lang, word in (("zh", "红灯"), ("en", "red")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            health.score(HEALTH, WEIGHTS, red_below=90)
    with pytest.raises(ParameterError, match="zero"):
        health.score(HEALTH, WEIGHTS, missing="zero")
    with pytest.raises(TableError, match="account_id"):
        health.score(pd.concat([HEALTH, HEALTH]), WEIGHTS)


LOSSES = frame(
    "loss_id account_id reported_on lost_on cause lost_margin lost_sales",
    ("1", "a", "2025-03-01", "2025-02-20", "competitor", 100.0, 400.0),
    ("2", "a", "2025-04-01", "2025-02-20", "quality", 90.0, 400.0),  # the latest report of a
    ("3", "b", "2025-05-01", "2025-05-01", "competitor", 50.0, 900.0),
    ("4", "c", "2025-06-01", "2025-06-01", "contact_left", 60.0, 100.0),
    ("5", "d", "2025-12-01", "2025-12-01", "quality", 999.0, 999.0),  # not known yet
)


def test_each_loss_counts_once():
    table = health.causes(LOSSES, DAY)
    assert table["cause"].tolist() == ["quality", "contact_left", "competitor"]
    assert table["value"].tolist() == [90.0, 60.0, 50.0]
    assert table["accounts"].tolist() == [1, 1, 1]
    assert table["cumulative_share"].tolist() == pytest.approx([0.45, 0.75, 1.0])
    first = health.causes(LOSSES, DAY, report="first")
    assert first["value"].tolist() == [150.0, 60.0]
    assert first["accounts"].tolist() == [2, 1]
    by_sales = health.causes(LOSSES, DAY, value="lost_sales")
    assert by_sales["cause"].tolist() == ["competitor", "quality", "contact_left"]
    assert health.causes(LOSSES.head(0), DAY).empty
    nothing = health.causes(LOSSES.assign(lost_margin=0.0), DAY)
    assert nothing["share"].isna().all()


def test_causes_that_make_no_sense():
    with pytest.raises(ParameterError, match="median"):
        health.causes(LOSSES, DAY, report="median")
    with pytest.raises(ParameterError, match="revenue"):
        health.causes(LOSSES, DAY, value="revenue")
    with pytest.raises(TableError, match="lost_margin"):
        health.causes(LOSSES.assign(lost_margin=-1.0), DAY)


SCORES = frame(
    "account_id month score",
    ("x", "2025-04-30", 50.0),  # lost on 31 July: within three months of April
    ("x", "2025-03-31", 50.0),  # but not of March: a false alarm
    ("x", "2025-06-30", 90.0),  # missed
    ("x", "2025-07-31", 10.0),  # the day it left: no forecast
    ("x", "2025-09-30", 10.0),
    ("y", "2025-08-31", 70.0),  # calm, and stayed to 30 November
    ("y", "2025-09-30", 10.0),  # three months on is 31 December: not known
    ("y", "2025-05-31", None),
)
LOST = frame("account_id lost_on", ("x", "2025-07-31"), ("x", "2025-09-01"))


def test_the_backtest_neither_peeks_nor_guesses():
    result = health.backtest(SCORES, LOST, 60, 3, DAY)
    assert (result.warned_lost, result.warned_stayed) == (1, 1)
    assert (result.missed_lost, result.calm_stayed) == (1, 1)
    assert (result.precision, result.recall, result.accuracy) == (0.5, 0.5, 0.5)
    assert result.always_stays == 0.5
    assert (result.base, result.after_loss, result.undecided, result.without_score) == (4, 2, 1, 1)


def test_accuracy_flatters_where_hardly_anybody_leaves():
    names = [f"n{i}" for i in range(20)]
    scores = frame("account_id month score", *[(name, "2025-01-31", 90.0) for name in names])
    result = health.backtest(scores, frame("account_id lost_on", ("n0", "2025-02-10")), 60, 3, DAY)
    assert result.accuracy == result.always_stays == 0.95
    assert result.recall == 0.0
    assert pd.isna(result.precision)


def test_the_backtest_of_nothing():
    result = health.backtest(SCORES.head(0), LOST, 60, 3, DAY)
    assert result.base == 0
    assert pd.isna([result.precision, result.recall, result.accuracy, result.always_stays]).all()
    with pytest.raises(ParameterError):
        health.backtest(SCORES, LOST, 60, 0, DAY)
    with pytest.raises(TableError, match="account_id"):
        health.backtest(SCORES.assign(month=pd.Timestamp("2025-01-01")), LOST, 60, 3, DAY)


CONTACTS = frame(
    "contact_id account_id level known_since left_on",
    ("1", "a", "staff", None, None),
    ("2", "a", "executive", None, "2025-11-30"),  # gone: today is no longer there
    ("3", "b", "staff", None, None),
    ("4", "b", "staff", None, "2025-12-10"),  # still there
    ("5", "c", "staff", None, None),
    ("6", "c", "executive", "2025-01-01", None),
    ("7", "d", "executive", "2025-12-01", None),  # not known yet
)
ACCOUNTS = frame("account_id", ("d",), ("c",), ("b",), ("a",))
ORDERS = frame(
    "account_id ordered_on amount",
    ("a", "2024-12-01", 100.0),
    ("a", "2025-11-30", -30.0),
    ("a", "2024-11-30", 1000.0),  # a day too early
    ("b", "2025-06-01", 90.0),
    ("c", "2025-06-01", 500.0),
)


def test_exposure_to_one_contact_or_one_level():
    table = health.exposure(CONTACTS, ACCOUNTS, DAY, ORDERS)
    assert table["account_id"].tolist() == ["b", "a", "d", "c"]
    assert table["contacts"].tolist() == [2, 1, 0, 2]
    assert table["levels"].tolist() == [1, 1, 0, 2]
    assert table["single_contact"].tolist() == [False, True, True, False]
    assert table["exposed"].tolist() == [True, True, True, False]
    assert table["yearly_sales"].tolist() == [90.0, 70.0, 0.0, 500.0]
    assert health.exposure(CONTACTS, ACCOUNTS, DAY)["yearly_sales"].isna().all()
    assert health.exposure(CONTACTS.head(0), ACCOUNTS, DAY)["exposed"].all()
    with pytest.raises(TableError, match="a"):
        health.exposure(CONTACTS, ACCOUNTS.head(2), DAY)


BEFORE, NOW = ("2024-07-01", "2024-12-01"), ("2025-07-01", "2025-12-01")
WAR = frame(
    "account_id ordered_on amount gross_profit list_amount",
    # a: price 1.00 -> 0.95, cost 0.75: the margin falls from 25 % to 21 %.
    ("a", "2024-08-01", 1000.0, 250.0, 1000.0),
    ("a", "2025-08-01", 1045.0, 220.0, 1100.0),
    # b: sold below its cost now.
    ("b", "2024-08-01", 100.0, 20.0, 100.0),
    ("b", "2025-08-01", 75.0, -5.0, 100.0),
    ("c", "2025-08-01", 500.0, 50.0, 500.0),  # new: no price before
    ("a", "2025-12-01", 999.0, 999.0, 999.0),  # outside
)


def test_a_price_war_by_price_cost_and_volume():
    table = health.price_war(WAR, BEFORE, NOW, DAY).set_index("account_id")
    assert table.index.tolist() == ["a", "b"]
    a = table.loc["a"]
    assert a["margin_before"] == 0.25
    assert a["margin_now"] == pytest.approx(220 / 1045)
    assert a["volume_change"] == pytest.approx(0.10)
    # (1.00 - 0.75) / (0.95 - 0.75) - 1 = 25 %: d / (m - d) with d = 5 %.
    assert a["volume_needed"] == pytest.approx(0.25)
    assert a["volume_needed"] == pytest.approx(negotiation.breakeven_volume(0.05, 0.25))
    # -0.05 * 1100 = -55; +100 * 0.25 = 25; 220 - 250 = -30.
    parts = a[["price_effect", "cost_effect", "volume_effect", "net_effect"]].tolist()
    assert parts == pytest.approx([-55.0, 0.0, 25.0, -30.0])
    assert pd.isna(table.loc["b", "volume_needed"])
    assert table.loc["b", "net_effect"] == -25.0
    assert health.price_war(WAR.head(0), BEFORE, NOW, DAY).empty


def test_volume_can_be_units():
    units = WAR.assign(quantity=WAR["list_amount"] / 10)
    expected = health.price_war(WAR, BEFORE, NOW, DAY)
    pd.testing.assert_frame_equal(
        health.price_war(units, BEFORE, NOW, DAY, volume="quantity"), expected
    )
    with pytest.raises(TableError, match="quantity"):
        health.price_war(WAR, BEFORE, NOW, DAY, volume="quantity")


def test_periods_of_a_price_war():
    for lang, word in (("zh", "不一样长"), ("en", "differ in length")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            health.price_war(WAR, ("2024-06-01", "2024-12-01"), NOW, DAY)
    with pytest.raises(ParameterError):
        health.price_war(WAR, NOW, BEFORE, DAY)
    with pytest.raises(ParameterError, match="2025-11-29"):
        health.price_war(WAR, BEFORE, NOW, "2025-11-29")
