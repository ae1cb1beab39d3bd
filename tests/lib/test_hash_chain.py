"""The chain against hashlib by hand; what it finds, and what only a published hash finds."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib import hash_chain, language
from ka_lib.errors import TableError

ORDERS = pd.DataFrame(
    {
        "order_id": ["O3", "O1", "单2", "O4"],
        "ordered_on": pd.to_datetime(["2025-01-05", "2025-01-03", "2025-01-04", "2025-01-05"]),
        "amount": [-20.0, 1234.5, 0.1 + 0.2, 0.0],
    }
)
LEDGER = hash_chain.chain(ORDERS)


def test_the_hashes_by_hand():
    first = hashlib.sha256(f"{'0' * 64}|1|O1|2025-01-03|1234.50".encode()).hexdigest()
    second = hashlib.sha256(f"{first}|2|单2|2025-01-04|0.30".encode()).hexdigest()
    third = hashlib.sha256(f"{second}|3|O3|2025-01-05|-20.00".encode()).hexdigest()
    assert LEDGER["hash"].tolist()[:3] == [first, second, third]
    assert LEDGER["previous_hash"].tolist() == ["0" * 64, *LEDGER["hash"].tolist()[:3]]
    assert LEDGER["entry"].tolist() == [1, 2, 3, 4]
    # "abc" is the example of FIPS 180-4.
    assert hash_chain.digest("abc").startswith("ba7816bf8f01cfea414140de5dae2223")


def test_an_untouched_ledger_verifies_in_any_order():
    last = LEDGER["hash"].iloc[-1]
    stored = LEDGER.iloc[::-1].assign(note="x").astype({"entry": "float64"})
    assert hash_chain.verify(stored, published=last) == hash_chain.Verdict(True, None, "", 4)
    assert hash_chain.verify(LEDGER.head(0)).intact
    assert hash_chain.verify(LEDGER.head(1)).intact


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 3), st.sampled_from(["amount", "order_id", "ordered_on"]))
def test_the_first_altered_entry_is_found(row, column):
    forged = LEDGER.copy()
    new = {"amount": 7777.0, "order_id": "O99", "ordered_on": pd.Timestamp("2024-12-31")}
    forged.loc[row, column] = new[column]
    assert hash_chain.verify(forged) == hash_chain.Verdict(False, row + 1, "content", 4)
    # With a new hash of its own, the next entry's link breaks (the last has no next).
    previous, *fields = forged.loc[
        row, ["previous_hash", "entry", "order_id", "ordered_on", "amount"]
    ]
    line = hash_chain.canonical(previous, *fields)
    forged.loc[row, "hash"] = hashlib.sha256(line.encode()).hexdigest()
    expected = (row + 2, "link") if row < 3 else (None, "")
    found = hash_chain.verify(forged)
    assert (found.first_altered, found.reason) == expected


def test_re_hashing_everything_hides_the_change_from_all_but_the_published_hash():
    last = LEDGER["hash"].iloc[-1]
    forged = LEDGER.assign(amount=LEDGER["amount"].replace(1234.5, 12345.0))
    assert hash_chain.verify(forged).first_altered == 1
    hidden = hash_chain.chain(forged)
    assert hash_chain.verify(hidden).intact
    assert hash_chain.verify(hidden, published=last) == hash_chain.Verdict(
        False, None, "published", 4
    )


def test_an_entry_taken_out():
    assert hash_chain.verify(LEDGER.drop(index=1)) == hash_chain.Verdict(False, 3, "link", 3)
    # Cut off at the end: only the published hash knows.
    assert hash_chain.verify(LEDGER.head(3)).intact
    assert hash_chain.verify(LEDGER.head(3), LEDGER["hash"].iloc[-1]).reason == "published"


def test_cents_decide_and_input_stays():
    untouched = ORDERS.copy()
    other = hash_chain.chain(ORDERS.iloc[::-1].assign(note="x", amount=[0.0, 0.30, 1234.5, -20.0]))
    pd.testing.assert_frame_equal(other, LEDGER.assign(amount=other["amount"]))
    pd.testing.assert_frame_equal(ORDERS, untouched)


@pytest.mark.parametrize(
    ("rows", "function"),
    [
        (ORDERS.assign(order_id=["a|b", "b", "c", "d"]), hash_chain.chain),
        (pd.concat([ORDERS, ORDERS]), hash_chain.chain),
        (ORDERS.assign(amount=None), hash_chain.chain),
        (ORDERS, hash_chain.verify),
        (LEDGER.assign(entry=[1, 2, 2, 3]), hash_chain.verify),
        (LEDGER.assign(entry=[1, 2, 2.5, 3]), hash_chain.verify),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_cannot_be_chained(rows, function, lang):
    language.use(lang)
    try:
        with pytest.raises(TableError) as caught:
            function(rows)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)) == (lang == "zh")
    finally:
        language.use("zh")
