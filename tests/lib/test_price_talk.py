import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ka_lib import language
from ka_lib.errors import ParameterError
from ka_lib.price_talk import FAR_ABOVE, Customer, draw_customer, talk

HER = Customer(ceiling=160, opening=140, share=0.6, patience=6)
FLOOR = 130


def bids(asked, customer=HER):
    return [round(one.bid, 6) for one in talk(customer, FLOOR, asked).rounds]


def heard(asked, customer=HER):
    return [one.heard for one in talk(customer, FLOOR, asked).rounds]


def test_she_gives_back_her_share_of_steps_that_shrink() -> None:
    # 140; 10 * 0.6 = 6; 5 * 0.6 = 3
    assert bids([170, 160, 155]) == [140, 146, 149]
    assert heard([170, 160, 155]) == ["opened", "matched", "matched"]


def test_a_step_no_smaller_than_the_last_gets_nothing() -> None:
    assert bids([170, 165, 160]) == [140, 143, 143]
    assert heard([170, 165, 155])[-1] == "expects_more"


def test_standing_still_gets_nothing_and_costs_two_rounds() -> None:
    now = talk(HER, FLOOR, [170, 170])
    assert (now.rounds[-1].bid, now.rounds[-1].heard, now.patience) == (140, "held", 6 - 1 - 2)


def test_an_opening_out_of_all_reason_costs_one_round_more() -> None:
    # 1.15 * 160 = 184
    assert talk(HER, FLOOR, [184]).patience == 5
    now = talk(HER, FLOOR, [185])
    assert (now.patience, now.rounds[0].heard) == (4, "far")


def test_a_price_at_her_bid_is_a_deal_at_our_price() -> None:
    # 140 + 0.6 * 20 = 152, above our 150
    done = talk(HER, FLOOR, [170, 150])
    assert (done.outcome, done.price) == ("deal", 150)


def test_her_last_word_is_half_way_between_her_bid_and_her_ceiling() -> None:
    brief = Customer(ceiling=160, opening=140, share=0.5, patience=2)
    # 140 + 0.5 * 10 = 145; half way to 160 is 152.5
    assert talk(brief, FLOOR, [162.5, 152.5]).outcome == "deal"
    gone = talk(brief, FLOOR, [163, 153])
    assert (gone.outcome, gone.patience, gone.rounds[-1].heard) == ("no_deal", 0, "left")
    assert math.isnan(gone.price)


def test_she_never_bids_above_her_ceiling() -> None:
    soft = Customer(ceiling=150, opening=149, share=0.9, patience=5)
    now = talk(soft, FLOOR, [170, 160])
    assert (now.rounds[-1].bid, now.rounds[-1].heard) == (150, "at_ceiling")


def test_her_bid_can_be_taken_and_the_table_left() -> None:
    taken = talk(HER, FLOOR, [170, 160], "accept")
    assert (taken.outcome, taken.price) == ("deal", 146)
    assert talk(HER, FLOOR, [170, 160], "leave").outcome == "no_deal"
    assert talk(HER, FLOOR, [], "leave").outcome == "no_deal"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("asked", "ending", "words"),
    [
        ([129], "", {"zh": "底价", "en": "floor"}),
        ([150, 151], "", {"zh": "往回涨", "en": "is up"}),
        ([139, 138], "", {"zh": "已经谈完", "en": "over"}),
        ([139], "accept", {"zh": "已经谈完", "en": "over"}),
        ([], "accept", {"zh": "还没还价", "en": "not made a bid"}),
    ],
)
def test_what_cannot_be_said_is_refused(lang, asked, ending, words) -> None:
    language.use(lang)
    try:
        with pytest.raises(ParameterError) as refused:
            talk(HER, FLOOR, asked, ending)
        assert words[lang] in str(refused.value)
    finally:
        language.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_bid_below_our_floor_cannot_be_taken(lang) -> None:
    language.use(lang)
    try:
        with pytest.raises(ParameterError) as refused:
            talk(HER, 150, [170], "accept")
        assert {"zh": "不如不做", "en": "No deal would be better"}[lang] in str(refused.value)
        with pytest.raises(ParameterError, match="170"):
            Customer(ceiling=160, opening=170)
        with pytest.raises(ParameterError, match=r"0\.5"):
            Customer(ceiling=160, opening=140, patience=0.5)  # type: ignore[arg-type]
    finally:
        language.use("zh")


def test_a_drawn_customer_is_near_the_estimate_and_the_same_for_the_same_seed() -> None:
    drawn = [draw_customer(160, opening=140, seed=seed).ceiling for seed in range(40)]
    # 0.92 * 160 and 1.04 * 160
    assert 147.2 <= min(drawn) < 155
    assert 162 < max(drawn) <= 166.4
    assert draw_customer(160, opening=140, seed=7) == draw_customer(160, opening=140, seed=7)
    assert draw_customer(100, opening=150, seed=1).ceiling == 150


def outcome(customer, steps):
    """Open at 171, take these steps, then her bid if the talk is still open."""
    asked, now = [171.0], talk(customer, FLOOR, [171.0])
    for step in steps:
        if now.outcome != "open":
            return now
        asked.append(asked[-1] - step)
        now = talk(customer, FLOOR, asked)
    return talk(customer, FLOOR, asked, "accept") if now.outcome == "open" else now


def test_shrinking_steps_leave_more_than_even_or_growing_ones_and_standing_still_ends_it() -> None:
    met = [draw_customer(162, opening=140, seed=seed) for seed in range(60)]
    prices = {}
    for name, steps in {
        "shrink": (10, 6, 4, 2, 1),
        "even": (5,) * 5,
        "grow": (1, 2, 4, 6, 10),
    }.items():
        done = [outcome(customer, steps) for customer in met]
        # without a deal we gain nothing over the floor
        gains = [one.price - FLOOR if one.outcome == "deal" else 0 for one in done]
        prices[name] = sum(gains) / len(gains)
    assert prices["shrink"] > prices["even"] > prices["grow"]
    assert {outcome(customer, (0, 0, 0)).outcome for customer in met} == {"no_deal"}


MONEY = st.floats(1, 1000, allow_nan=False)


@example(
    ceiling=529.0, below=0.8, share=0.0, patience=6, floor=273.0, start=151.0,
    steps=[0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0],
)  # fmt: skip
@given(
    ceiling=MONEY,
    below=st.floats(0, 1),
    share=st.floats(0, 0.99),
    patience=st.integers(1, 8),
    floor=MONEY,
    start=st.floats(0, 1000),
    steps=st.lists(st.floats(0, 50), min_size=8, max_size=8),
)
def test_every_talk_ends_and_no_deal_is_made_outside_the_range(  # noqa: PLR0913, PLR0917 - what a talk is made of
    ceiling, below, share, patience, floor, start, steps
) -> None:
    customer = Customer(ceiling, ceiling * below, share, patience)
    asked, now = [floor + start], talk(customer, floor, [floor + start])
    for step in steps:
        if now.outcome != "open":
            break
        asked.append(max(floor, asked[-1] - step))
        now = talk(customer, floor, asked)
    assert now.outcome in {"deal", "no_deal"}
    assert len(now.rounds) <= patience
    made = [one.bid for one in now.rounds]
    # she never takes a bid back; a deal may be made at our price below it
    before = made[:-1] if now.outcome == "deal" else made
    assert before == sorted(before)
    assert max(made) <= ceiling + 1e-6
    if now.outcome == "deal":
        assert floor - 1e-6 <= now.price <= ceiling + 1e-6
        assert floor <= ceiling + 1e-6
    else:
        assert math.isnan(now.price)
    first = talk(customer, floor, asked[:1])
    expected = 2 if asked[0] > ceiling * FAR_ABOVE + 1e-9 else 1
    assert first.patience == max(0, patience - expected)
