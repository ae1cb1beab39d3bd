"""Does each kind of bad input get its own error, saying where, what and what to do, in both languages?"""

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.errors import KaError
from ka_lib.tables import TABLES, set_types
from ka_lib.validate import validate

ORDERS = {
    "order_id": ["S1", "S2"],
    "account_id": ["A1", "A2"],
    "ordered_on": ["2025-03-01", "2025-04-01"],
    "amount": [100.0, -20.0],
}
ACCOUNTS = {"account_id": ["A1", "A2"], "account_name": ["Wan'an", "Linque"]}
DEALS = {
    "opportunity_id": ["D1"],
    "account_id": ["A1"],
    "created_on": ["2025-03-01"],
    "amount": [1000.0],
    "stage": ["needs"],
    "status": ["open"],
    "closed_on": [None],
}


def table(name, rows, **changes):
    return set_types(pd.DataFrame(rows | changes), TABLES[name])


def orders(**changes):
    return table("orders", ORDERS, **changes)


def deals(**changes):
    return table("opportunities", DEALS, **changes)


def two_currencies(folder):
    export = folder / "deals.csv"
    export.write_text(
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Created Date,Close Date\n"
        "1,a,Linque,Proposal,USD 100,2025-03-01,2025-05-01\n"
        "2,b,Wan'an,Proposal,EUR 200,2025-03-01,2025-05-01\n",
        encoding="utf-8",
    )
    ka.read_export(export)


def scores():
    return pd.DataFrame(
        {
            "account_id": ["A1", "A2"],
            "account_name": ["a", "b"],
            "contribution": [1.0, 2.0],
            "potential": [3.0, 1.0],
            "depth": [1.0, 5.0],
        }
    )


BAD = {
    "text for money": (
        lambda _: validate({"orders": orders().assign(amount="12万")}),
        ["orders", "amount", "parse_money"],
    ),
    "a missing column": (
        lambda _: ka.concentration.pareto(orders().drop(columns="account_id")),
        ["orders", "account_id", "amount"],
    ),
    "an unknown id": (
        lambda _: validate(
            {
                "accounts": table("accounts", ACCOUNTS),
                "orders": orders(account_id=["A1", "A3"]),
            }
        ),
        ["orders", "2", "account_id", "A3", "accounts"],
    ),
    "a negative amount": (
        lambda _: validate({"opportunities": deals(amount=[-5.0])}),
        ["opportunities", "1", "amount", "-5"],
    ),
    "closed before created": (
        lambda _: validate({"opportunities": deals(status=["won"], closed_on=["2025-02-01"])}),
        ["opportunities", "1", "2025-02-01", "2025-03-01"],
    ),
    "two currencies": (two_currencies, ["USD", "EUR"]),
    "a day before the data": (
        lambda _: ka.profile.purchase_cycle(orders(), "2024-01-01"),
        ["2024-01-01", "2025-03-01"],
    ),
    "weights that do not sum to 1": (
        lambda _: ka.tiers.score(scores(), {"contribution": 0.6, "potential": 0.3, "depth": 0.2}),
        ["1.1"],
    ),
    "a probability of 30": (
        lambda _: validate({"opportunities": deals(probability=[30.0])}),
        ["opportunities", "1", "probability", "30", "0", "1"],
    ),
    "parents in a circle": (
        lambda _: validate({"accounts": table("accounts", ACCOUNTS, parent_id=["A2", "A1"])}),
        ["accounts", "1", "parent_id", "A1 → A2 → A1"],
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_with_its_place(name, lang, tmp_path):
    call, words = BAD[name]
    ka.use(lang)
    with pytest.raises(KaError) as caught:
        call(tmp_path)
    said = str(caught.value)
    for word in words:
        assert word in said, said
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in said)
    assert chinese == (lang == "zh"), said


def test_a_chain_of_parents_that_ends_is_fine():
    rows = {"account_id": ["A1", "A2", "A3"], "account_name": ["a", "b", "c"]}
    validate({"accounts": table("accounts", rows, parent_id=["A2", "A3", None])})


def test_numbers_at_their_bounds_pass():
    validate({"opportunities": deals(probability=[1.0])})
