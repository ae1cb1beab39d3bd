"""Life cycle, warnings, care and records against arithmetic written out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ka_lib import relationship
from ka_lib.company import Company
from ka_lib.errors import ParameterError, TableError
from ka_lib.language import use
from ka_lib.relationship.care import last_day
from ka_lib.tables import TABLES, set_types

DAY = "2025-11-30"


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in table.columns:
        if name.endswith(("_on", "_since", "_at", "week", "birthday")):
            table[name] = pd.to_datetime(table[name])
    return table


def monthly(account: str, amounts: dict[str, float], day: int = 1) -> list[tuple]:
    """Return one order a month: ``{"2024-11 2025-10": 100}`` is 100 in each of these months."""
    rows = []
    for span, amount in amounts.items():
        first, last = span.split()
        rows += [
            (f"{account}{month}", account, f"{month}-{day:02d}", amount)
            for month in pd.period_range(first, last, freq="M")
        ]
    return rows


ORDERS = frame(
    "order_id account_id ordered_on amount",
    *monthly("grow", {"2023-12 2024-11": 100.0, "2024-12 2025-11": 110.0}),
    *monthly("keep", {"2023-12 2024-11": 100.0, "2024-12 2025-11": 109.0}),
    *monthly("fall", {"2023-12 2024-11": 100.0, "2024-12 2025-11": 90.0}),
    *monthly("gone", {"2023-12 2025-05": 100.0}),
    *monthly("new", {"2025-03 2025-11": 100.0}),
    *monthly("back", {"2023-01 2023-06": 100.0, "2025-09 2025-11": 100.0}),
    *monthly("late", {"2025-12 2025-12": 999.0}),
)
ACCOUNTS = frame(
    "account_id customer_since",
    *[(name, None) for name in ("grow", "keep", "fall", "gone", "new", "back", "late", "none")],
)


def test_each_rule_of_the_life_cycle():
    table = relationship.life_cycle(ACCOUNTS, ORDERS, DAY).set_index("account_id")
    assert table["life_stage"].to_dict() == {
        "back": "growth",
        "fall": "decline",
        "gone": "decline",  # stopped buying: not to be developed again
        "grow": "growth",
        "keep": "maturity",
        "late": "development",  # its first order is not known yet
        "new": "growth",  # nine months old: no month to compare with
        "none": "development",
    }
    assert table.loc[["back", "gone", "new"], "because"].tolist() == ["returned", "lapsed", "new"]
    assert table.loc["grow", "growth"] == pytest.approx(0.10)
    assert table.loc["fall", ["sales_now", "sales_before"]].tolist() == [1080.0, 1200.0]
    assert table.loc["gone", "recency_days"] == 213  # 1 May to 30 November
    assert table.loc["new", "tenure_months"] == 8  # 1 March to 30 November


def test_a_young_account_is_compared_with_the_months_it_had():
    """Customer since 10 June 2024: July to November 2025 have a full month a year earlier."""
    rows = monthly("a", {"2024-06 2024-11": 100.0, "2024-12 2025-11": 50.0}, day=10)
    orders = frame("order_id account_id ordered_on amount", *rows)
    accounts = frame("account_id", ("a",))
    row = relationship.life_cycle(accounts, orders, DAY).iloc[0]
    assert row[["months_compared", "sales_now", "sales_before"]].tolist() == [5, 250.0, 500.0]
    assert row["life_stage"] == "decline"
    asked = relationship.life_cycle(accounts, orders, DAY, at_least_months=6).iloc[0]
    assert asked[["life_stage", "because"]].tolist() == ["growth", "new"]
    # From 10 January 2024 February would be the first: without its January it is left out.
    rows = monthly("a", {"2024-01 2025-11": 100.0}, day=10)
    winter = frame("order_id account_id ordered_on amount", *rows)
    row = relationship.life_cycle(accounts, winter, DAY).iloc[0]
    assert row["months_compared"] == 9  # March to November


def test_the_running_month_counts_on_neither_side():
    orders = ORDERS[ORDERS["account_id"].isin(["grow", "keep"])]
    accounts = ACCOUNTS[ACCOUNTS["account_id"].isin(["grow", "keep"])]
    early = relationship.life_cycle(accounts, orders, "2025-11-05").set_index("account_id")
    # November 2024 to October 2025 against the year before, of which November 2023 is missing.
    assert early.loc["grow", "months_compared"] == 11
    assert early.loc["grow", "growth"] == pytest.approx(0.10)


def test_customer_since_makes_an_account_older_than_its_orders():
    accounts = ACCOUNTS.assign(customer_since=pd.Timestamp("2020-05-15"))
    table = relationship.life_cycle(accounts, ORDERS, DAY).set_index("account_id")
    assert table.loc["new", ["life_stage", "because"]].tolist() == ["growth", "returned"]
    assert table.loc["new", "tenure_months"] == 66
    assert table.loc["none", "life_stage"] == "development"


def test_lapsed_by_cycle_or_by_days():
    rows = [("1", "a", "2025-01-01", 1.0), ("2", "a", "2025-05-01", 1.0)]  # a cycle of 120 days
    rows += [("3", "b", "2025-05-01", 1.0)]  # no cycle
    orders = frame("order_id account_id ordered_on amount", *rows)
    accounts = frame("account_id", ("a",), ("b",))
    on = relationship.life_cycle(accounts, orders, DAY)["because"]  # 213 days ago
    assert on.tolist() == ["new", "lapsed"]
    by_days = relationship.life_cycle(accounts, orders, DAY, lapsed_cycles=0)["because"]
    assert by_days.tolist() == ["lapsed", "lapsed"]
    at = relationship.life_cycle(accounts, orders, DAY, lapsed_cycles=0, lapsed_days=213)
    assert at["because"].tolist() == ["new", "new"]


def test_life_cycle_of_no_orders_and_wrong_rules():
    empty = relationship.life_cycle(ACCOUNTS, ORDERS.head(0), DAY)
    assert set(empty["life_stage"]) == {"development"}
    for lang, word in (("zh", "不能是负数"), ("en", "negative")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.life_cycle(ACCOUNTS, ORDERS, DAY, lapsed_days=-1)
    with pytest.raises(TableError, match="late"):
        relationship.life_cycle(ACCOUNTS[ACCOUNTS["account_id"] != "late"], ORDERS, DAY)


WARNED = frame(
    "account_id ordered_on amount",
    *[("a", f"2024-{month}-15", 100.0) for month in ("09", "10", "11")],
    *[("b", f"2024-{month}-15", 100.0) for month in ("09", "10", "11")],
    *[("c", f"2024-{month}-15", 100.0) for month in ("01", "10", "11")],
    ("a", "2024-01-01", 1.0),
    ("b", "2024-01-01", 1.0),
    ("a", "2025-10-01", 210.0),  # 70 % of 300: not below
    ("b", "2025-10-01", 209.0),
    ("c", "2025-12-05", 500.0),  # not known yet
    ("new", "2024-09-02", 900.0),  # began in the months to compare with
    ("old", "2023-05-01", 50.0),  # nothing last year
    ("old", "2025-10-01", 50.0),
)


def test_early_warning_compares_whole_months_and_leaves_new_accounts_out():
    table = relationship.early_warning(WARNED, DAY)
    assert table["account_id"].tolist() == ["c", "b", "a", "old"]
    assert table["ratio"].iloc[:3].tolist() == pytest.approx([0.0, 209 / 300, 0.7])
    assert table["warning"].iloc[:3].tolist() == [True, True, False]
    assert table["warning"].iloc[3] is pd.NA
    assert str(table["from_on"].iloc[0].date()) == "2025-09-01"
    assert str(table["until_on"].iloc[0].date()) == "2025-11-30"
    assert not relationship.early_warning(WARNED, DAY, limit=0.5)["warning"].iloc[1]


def test_early_warning_does_not_fall_for_spring_festival():
    """The New Year order came on 20 January 2025, and on 5 February 2024: nothing fell."""
    orders = frame(
        "account_id ordered_on amount",
        ("a", "2023-06-01", 1.0),
        ("a", "2024-02-05", 900.0),
        *[("a", f"2024-{month}-15", 100.0) for month in ("03", "04")],
        ("a", "2025-01-20", 900.0),
        *[("a", f"2025-{month}-15", 100.0) for month in ("03", "04")],
    )
    row = relationship.early_warning(orders, "2025-04-30").iloc[0]
    assert str(row["from_on"].date()) == "2025-01-01"
    assert row[["sales_now", "sales_before"]].tolist() == [1100.0, 1100.0]


def test_sell_out_stands_beside_the_orders():
    stores = frame("store_id account_id", ("s1", "a"), ("s2", "a"), ("s3", "b"))
    # The first Monday from 1 September 2025 on is that day; 52 weeks before is 2 September 2024.
    sellout = frame(
        "week store_id units",
        ("2025-09-01", "s1", 5.0),
        ("2025-11-17", "s1", 5.0),
        ("2025-11-24", "s1", 2.0),  # the week of 24 to 30 November is over
        ("2025-08-25", "s1", 100.0),  # begins before
        ("2024-09-02", "s1", 10.0),
        ("2024-11-25", "s1", 6.0),
        ("2025-09-01", "s2", 70.0),  # a new store: no last year
    )
    table = relationship.early_warning(WARNED, DAY, sellout=sellout, stores=stores)
    row = table.set_index("account_id").loc["a"]
    assert row[["sellout_now", "sellout_before"]].tolist() == [12.0, 16.0]
    assert row["sellout_ratio"] == 0.75
    assert table.set_index("account_id").loc["b":"c", "sellout_ratio"].isna().all()
    with pytest.raises(ParameterError):
        relationship.early_warning(WARNED, DAY, sellout=sellout)
    with pytest.raises(TableError, match="s2"):
        relationship.early_warning(WARNED, DAY, sellout=sellout, stores=stores.head(1))


def test_early_warning_of_nothing_and_a_wrong_limit():
    assert relationship.early_warning(WARNED.head(0), DAY).empty
    for lang, word in (("zh", "预警线"), ("en", "limit")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.early_warning(WARNED, DAY, limit=0)


ACTIVITIES = frame(
    "activity_id account_id contact_id kind happened_on",
    ("v1", "a", "p1", "visit", "2025-11-23"),  # 7 days: the standard, no breach
    ("v1", "a", "p2", "visit", "2025-11-23"),  # the same visit, a second person
    ("v2", "b", "p3", "visit", "2025-10-30"),
    ("c1", "b", "p3", "call", "2025-11-29"),
    ("v3", "c", "p4", "visit", "2025-12-03"),  # not known yet
)
TIERS = frame("account_id tier", ("a", "A"), ("b", "B"), ("c", "C"), ("d", None))


def test_contact_gaps_count_a_visit_once():
    table = relationship.contact_gaps(ACTIVITIES, TIERS, DAY).set_index("account_id")
    assert table.loc["a", ["times", "days_since", "over_days"]].tolist() == [1, 7.0, 0.0]
    assert table.loc["b", ["times", "days_since"]].tolist() == [2, 1.0]
    assert table.loc[["a", "b", "c"], "breach"].tolist() == [False, False, True]
    assert table.loc["d", "breach"] is pd.NA
    visits = relationship.contact_gaps(ACTIVITIES, TIERS, DAY, kinds=["visit"])
    assert visits["account_id"].tolist() == ["b", "a", "c", "d"]
    # 30 October to 30 November is 31 days, one over.
    assert visits["over_days"].iloc[0] == 1.0
    by_tier = relationship.by_tier(visits)
    assert by_tier["tier"].tolist() == ["A", "B", "C"]
    assert by_tier["rate"].tolist() == [0.0, 1.0, 1.0]
    assert relationship.contact_gaps(ACTIVITIES.head(0), TIERS, DAY)["times"].sum() == 0
    assert relationship.by_tier(visits.head(0)).empty


def test_contact_gaps_need_a_standard_for_every_tier():
    for lang, word in (("zh", "拜访标准"), ("en", "standards")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.contact_gaps(ACTIVITIES, TIERS, DAY, standard={"A": 7, "B": 30})
    with pytest.raises(ParameterError, match="0"):
        relationship.contact_gaps(ACTIVITIES, TIERS, DAY, standard={"A": 0, "B": 30, "C": 90})
    with pytest.raises(TableError, match="c"):
        relationship.contact_gaps(ACTIVITIES, TIERS.head(2), DAY)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-01", 12, "2025-12-31"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-28"),
        ("2023-03-01", 12, "2024-02-29"),
        ("2025-03-31", 6, "2025-09-30"),
        ("2025-08-16", 12, "2026-08-15"),
    ],
)
def test_contracts_end_by_the_calendar(start, months, end):
    assert last_day(pd.Timestamp(start), months) == pd.Timestamp(end)


CONTRACTS = frame(
    "account_id contract_starts_on contract_months",
    ("a", "2025-01-01", 12),  # 31 December: 31 days
    ("b", "2024-02-29", 24),  # 28 February 2026: 90 days
    ("c", "2024-03-02", 24),  # 1 March 2026: 91 days
    ("d", "2024-12-01", 12),  # today
    ("e", "2024-11-30", 12),  # yesterday
    ("f", None, None),
    ("g", "2025-12-01", 1),  # has not begun
)


def test_renewals_due_in_ninety_days():
    table = relationship.renewals(CONTRACTS, DAY)
    assert table["account_id"].tolist() == ["d", "a", "b"]
    assert table["days_left"].tolist() == [0, 31, 90]
    assert relationship.renewals(CONTRACTS, DAY, days=0)["account_id"].tolist() == ["d"]
    assert relationship.renewals(CONTRACTS.head(0), DAY).empty
    for lang, word in (("zh", "合同"), ("en", "contract")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.renewals(CONTRACTS.assign(contract_months=None), DAY)
    with pytest.raises(ParameterError, match="days"):
        relationship.renewals(CONTRACTS, DAY, days=-1)


def make_company(**tables: pd.DataFrame) -> Company:
    typed = {name: set_types(table, TABLES[name]) for name, table in tables.items()}
    return Company("Test", pd.Timestamp(DAY), typed)


COMPANY = make_company(
    accounts=CONTRACTS.assign(account_name=CONTRACTS["account_id"].str.upper()),
    contacts=frame(
        "contact_id account_id contact_name title birthday left_on",
        ("p1", "a", "Zhou", "Buyer", "1985-01-02", None),
        ("p2", "b", "Qian", None, "1992-02-29", None),
        ("p3", "c", "Hong", None, "1980-12-20", "2025-12-10"),  # gone before the birthday
    ),
    products=frame(
        "product_id product_name launched_on",
        ("x", "Rice bowl", "2026-01-15"),
        ("y", "Old soup", "2020-01-15"),
    ),
    tickets=frame(
        "ticket_id account_id department kind opened_at responded_at closed_at sla_hours",
        ("t1", "a", "service", "complaint", "2025-11-20 10:00", None, None, 8),
        ("t2", "b", "service", "complaint", "2025-11-20 10:00", None, "2025-11-25 10:00", 8),
        ("t3", "b", "service", "question", "2025-11-29 10:00", None, None, 8),
        ("t4", "c", "service", "complaint", "2025-12-05 10:00", None, None, 8),  # not yet known
    ),
)


def test_the_care_calendar_over_the_turn_of_the_year():
    use("en")
    table = relationship.care_calendar(COMPANY, "2025-12-01", "2026-03-01")
    listed = [
        (str(day.date()), account if isinstance(account, str) else "", moment)
        for day, account, moment in zip(
            table["date"], table["account_id"], table["moment"], strict=True
        )
    ]
    assert listed == [
        ("2025-12-01", "a", "crisis"),
        ("2025-12-10", "c", "personnel"),
        ("2025-12-31", "a", "renewal"),
        ("2025-12-31", "g", "renewal"),
        ("2026-01-01", "", "holiday"),
        ("2026-01-02", "a", "birthday"),
        ("2026-01-15", "", "launch"),
        ("2026-02-17", "", "holiday"),
        ("2026-02-28", "b", "birthday"),
        ("2026-02-28", "b", "renewal"),
    ]
    assert table["account_name"].iloc[0] == "A"
    assert table["what"].iloc[5] == "Birthday of Zhou (Buyer)"
    assert table["what"].iloc[4] == "New Year's Day"


def test_the_care_calendar_in_chinese_and_a_leap_birthday():
    use("zh")
    march = relationship.care_calendar(COMPANY, "2026-03-01", "2026-03-02", leap_birthday="mar_1")
    assert march["moment"].tolist() == ["birthday", "crisis", "renewal"]
    leap = relationship.care_calendar(COMPANY, "2028-02-29", "2028-03-01")
    assert leap["what"].tolist() == ["Qian生日", "2025-11-20 的投诉还没有结案"]
    january = relationship.care_calendar(COMPANY, "2026-01-02", "2026-01-03")
    assert january["what"].tolist()[0] == "Zhou（Buyer）生日"
    for lang, word in (("zh", "平年"), ("en", "common year")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.care_calendar(COMPANY, "2026-03-01", "2026-03-02", leap_birthday="feb_29")


def test_the_care_calendar_of_a_company_with_hardly_a_table():
    use("en")
    bare = make_company(accounts=frame("account_id account_name", ("a", "A")))
    table = relationship.care_calendar(bare, "2026-02-01", "2026-03-01")
    assert table["moment"].tolist() == ["holiday"]
    empty = relationship.care_calendar(bare, "2026-04-01", "2026-04-02")
    assert empty.empty
    assert list(empty.columns) == ["date", "account_id", "account_name", "moment", "what"]


PEERS = frame(
    "account_id segment",
    *[(name, "fresh") for name in ("a", "b", "c")],
    ("d", "club"),
    ("e", None),
)
HEADS = frame(
    "order_id account_id ordered_on",
    *[(f"o{name}", name, "2025-05-05") for name in "abcde"],
    ("old", "a", "2024-11-30"),  # before the twelve months
    ("next", "a", "2025-12-01"),
)
LINES = frame(
    "order_id product_id amount",
    ("oa", "x", 100.0),
    ("ob", "x", 100.0),
    ("ob", "y", 300.0),
    ("oc", "x", 100.0),
    ("oc", "y", 100.0),
    ("oc", "z", 200.0),
    ("od", "z", 900.0),
    ("oe", "z", 900.0),
    ("old", "y", 50.0),
    ("next", "y", 50.0),
)


def test_cross_selling_asks_what_peers_buy():
    table = relationship.cross_sell(PEERS, HEADS, LINES, DAY)
    # a: of the 800 of b and c, 400 went to y (both buy it) and 200 to z (one of two).
    # b: of the 500 of a and c, 200 went to z (one of two), and b bought for 400.
    rows = table[["account_id", "product_id", "buyers", "base"]].to_numpy().tolist()
    assert rows == [["b", "z", 1, 2], ["a", "y", 2, 2], ["a", "z", 1, 2]]
    assert table["value"].tolist() == pytest.approx([400 * 0.4, 100 * 0.5, 100 * 0.25])
    assert relationship.cross_sell(PEERS, HEADS, LINES, DAY, of=["a"], least_rate=0.6)[
        "product_id"
    ].tolist() == ["y"]
    assert relationship.cross_sell(PEERS, HEADS.head(0), LINES.head(0), DAY).empty
    for lang, word in (("zh", "下限"), ("en", "least rate")):
        use(lang)
        with pytest.raises(ParameterError, match=word):
            relationship.cross_sell(PEERS, HEADS, LINES, DAY, least_rate=0)
    with pytest.raises(TableError, match="who"):
        relationship.cross_sell(PEERS, HEADS, LINES, DAY, of=["who"])


RECORDS = frame(
    "account_id account_name segment region",
    ("a", "万桉大卖场", "hypermarket", "CN-SH"),
    ("b", "万桉大卖场有限公司 ", "hypermarket", " "),
    ("c", "Hexi (Anhui)", None, "CN-AH"),
    ("d", None, "club", "CN-JS"),
)
TOUCHED = frame(
    "account_id happened_on",
    ("a", "2025-11-01"),
    ("a", "2025-11-02"),
    ("b", "2025-09-01"),  # 90 days
    ("c", "2025-08-31"),  # 91 days
    ("d", "2025-12-01"),  # not known yet
)


def test_crm_quality_by_its_three_parts():
    quality = relationship.crm_quality(RECORDS, TOUCHED, DAY, required=["segment", "region"])
    parts = quality.parts.set_index("part")
    assert parts["count"].to_dict() == {"duplicates": 1, "missing": 2, "stale": 2}
    assert parts["base"].to_dict() == {"duplicates": 3, "missing": 8, "stale": 4}
    assert quality.score == pytest.approx(100 * (2 / 3 + 6 / 8 + 2 / 4) / 3)
    only_stale = relationship.crm_quality(
        RECORDS, TOUCHED, DAY, weights={"duplicates": 0, "missing": 0, "stale": 1}
    )
    assert only_stale.score == pytest.approx(50)
    assert pd.isna(relationship.crm_quality(RECORDS.head(0), TOUCHED.head(0), DAY).score)


def test_crm_quality_with_weights_that_do_not_fit():
    for lang, word in (("zh", "权重"), ("en", "weights")):
        use(lang)
        for weights in ({"stale": 1}, {"duplicates": 1, "missing": 1, "stale": 1}):
            with pytest.raises(ParameterError, match=word):
                relationship.crm_quality(RECORDS, TOUCHED, DAY, weights=weights)
    with pytest.raises(ParameterError):
        relationship.crm_quality(RECORDS, TOUCHED, DAY, required=[])
    with pytest.raises(ParameterError, match="stale_days"):
        relationship.crm_quality(RECORDS, TOUCHED, DAY, stale_days=-1)
