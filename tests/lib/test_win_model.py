"""Win models: against scikit-learn by hand, and every way to know the future is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import ka_lib as ka
from ka_lib import win_model
from ka_lib.errors import ParameterError

COUNT = 400
LEARN = (win_model.logistic, win_model.gradient_boosting)


def make_past(seed: int = 0, start: str = "2024-01-01", count: int = COUNT) -> pd.DataFrame:
    """Deals whose odds of winning are exp(-2 + 1.5 for a referral + 0.1 per order last year)."""
    random = np.random.default_rng(seed)
    seen = pd.Timestamp(start) + pd.to_timedelta(random.integers(0, 300, count), unit="D")
    table = pd.DataFrame(
        {
            "opportunity_id": [f"O{seed}-{i:04d}" for i in range(count)],
            "seen_on": seen.astype("datetime64[s]"),
            "source": random.choice(["referral", "fair", "call"], count),
            "segment": random.choice(["club", "fresh"], count),
            "orders_last_year": random.integers(0, 30, count).astype(float),
            "age_days": 0.0,
        }
    ).astype({"source": "str", "segment": "str"})
    odds = np.exp(-2 + 1.5 * (table["source"] == "referral") + 0.1 * table["orders_last_year"])
    won = random.random(count) < odds / (1 + odds)
    closed = table["seen_on"] + pd.to_timedelta(random.integers(1, 60, count), unit="D")
    return table.assign(
        status=pd.Series(np.where(won, "won", "lost"), dtype="str"),
        closed_on=closed.astype("datetime64[s]"),
    )


PAST, LATER = make_past(0), make_past(1, "2025-01-01")
COLUMNS = ("source", "orders_last_year")


def test_the_logistic_model_against_scikit_learn_by_hand():
    ordered = PAST.sort_values(["seen_on", "opportunity_id"])
    orders = ordered["orders_last_year"].to_numpy()
    mean, deviation = orders.mean(), orders.std()

    def inputs(table):
        levels = [
            (table["source"] == level).astype(float) for level in ("call", "fair", "referral")
        ]
        return np.column_stack([*levels, (table["orders_last_year"] - mean) / deviation])

    reference = LogisticRegression().fit(inputs(ordered), ordered["status"] == "won")
    model = win_model.logistic(PAST, COLUMNS)
    given = win_model.predict(model, LATER)["probability"]
    assert given.to_numpy() == pytest.approx(reference.predict_proba(inputs(LATER))[:, 1], abs=1e-5)
    odds = win_model.odds(model)
    assert odds.set_index(["feature", "option"])["odds_ratio"].to_dict() == pytest.approx(
        {
            ("source", "call"): np.exp(reference.coef_[0, 0]),
            ("source", "fair"): np.exp(reference.coef_[0, 1]),
            ("source", "referral"): np.exp(reference.coef_[0, 2]),
            ("orders_last_year", ""): np.exp(reference.coef_[0, 3]),
        },
        rel=1e-4,
    )
    assert (model.kind, model.count, model.won) == (
        "logistic",
        COUNT,
        (PAST["status"] == "won").sum(),
    )
    assert model.learned_until == PAST["closed_on"].max()


@pytest.mark.parametrize("learn", LEARN)
def test_what_matters_is_found_on_later_deals(learn):
    given = win_model.predict(learn(PAST, COLUMNS), LATER)
    assert given["probability"].between(0, 1).all()
    score = ka.accuracy.brier(given)
    assert score.score < 0.9 * score.reference
    assert ka.accuracy.lift(given, top=0.1).lift > 1.3
    noise = ka.accuracy.brier(win_model.predict(learn(PAST, ("segment",)), LATER))
    assert noise.score > score.score


@pytest.mark.parametrize("learn", LEARN)
def test_the_same_whatever_the_order_the_index_and_other_columns(learn):
    before = PAST.copy()
    mixed = PAST.sample(frac=1, random_state=2).assign(extra=1).set_axis([3] * COUNT)
    one = win_model.predict(learn(PAST, COLUMNS), LATER)["probability"]
    two = win_model.predict(learn(mixed, COLUMNS), LATER)["probability"]
    assert one.to_numpy() == pytest.approx(two.to_numpy(), abs=1e-12)
    pd.testing.assert_frame_equal(PAST, before)


@pytest.mark.parametrize("learn", LEARN)
def test_blanks_and_unknown_levels_get_a_probability(learn):
    past = PAST.assign(
        source=PAST["source"].where(PAST.index % 5 != 0),
        orders_last_year=PAST["orders_last_year"].where(PAST.index % 7 != 0),
    )
    new = LATER.assign(source="podcast", orders_last_year=np.nan)
    given = win_model.predict(learn(past, (*COLUMNS, "age_days")), new)
    assert given["probability"].between(0, 1).all()
    assert len(win_model.predict(learn(PAST, COLUMNS), LATER[:0])) == 0
    assert len(win_model.predict(learn(PAST, COLUMNS), LATER[:1])) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("learn", LEARN)
@pytest.mark.parametrize("column", win_model.AFTER_OUTCOME)
def test_columns_that_tell_the_outcome_are_refused(lang, learn, column):
    ka.use(lang)
    with pytest.raises(ParameterError, match=column) as caught:
        learn(PAST.assign(**{column: "x"} if column not in PAST else {}), (*COLUMNS, column))
    assert caught.value.key == "win_model.leak"
    ka.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("learn", LEARN)
def test_other_ways_to_know_the_future_are_refused(lang, learn):
    ka.use(lang)
    late = PAST.assign(seen_on=PAST["seen_on"].mask(PAST.index == 5, PAST["closed_on"].max()))
    with pytest.raises(ParameterError, match="O0-0005"):
        learn(late, COLUMNS)
    model = learn(PAST, COLUMNS)
    with pytest.raises(ParameterError) as caught:  # tested on what it has learned from
        win_model.predict(model, PAST)
    assert caught.value.key == "win_model.not_later"
    assert str(model.learned_until.date()) in str(caught.value)
    ka.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_too_little_to_learn_from(lang):
    ka.use(lang)
    for past in (PAST[:0], PAST[:19], PAST.assign(status="won"), PAST.assign(status="open")):
        with pytest.raises(ParameterError, match="20"):
            win_model.logistic(past, COLUMNS)
    with pytest.raises(ParameterError, match="sourc"):
        win_model.logistic(PAST, ("sourc",))
    with pytest.raises(ParameterError):
        win_model.logistic(PAST, ())
    with pytest.raises(ParameterError, match="orders_last_year"):
        win_model.predict(win_model.logistic(PAST, COLUMNS), LATER[["seen_on", "source"]])
    with pytest.raises(ParameterError, match="gradient_boosting"):
        win_model.odds(win_model.gradient_boosting(PAST, COLUMNS))
    ka.use("zh")


def test_the_practice_company_from_tables_to_a_judged_model():
    company = ka.load()
    table = win_model.with_outcome(
        win_model.features(company), company.opportunities, company.as_of
    )
    past, later = win_model.split(table, "2024-12-31")
    assert (past["closed_on"] <= "2024-12-31").all()
    assert (later["seen_on"] > "2024-12-31").all()
    for learn in LEARN:
        given = win_model.predict(learn(past), later)
        base = given["status"].isin(["won", "lost"])
        assert ka.accuracy.brier(given).count == base.sum()
        assert ka.accuracy.lift(given).count == -(-base.sum() // 10)
