"""Do the exported tables join? Read back from the files, as Tableau and Power BI read them."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.company import Company
from ka_lib.errors import ParameterError, TableError
from ka_lib.tables import TABLES, set_types

TABLES_HELD = {
    "accounts": {"account_id": ["001", "002"], "account_name": ["万桉", "=2+3"], "segment": ["club", "x"],
                 "tier": ["A", None]},
    "reps": {"rep_id": ["R1"], "rep_name": ["林悦"]},
    "products": {"product_id": ["P1"], "product_name": ["米"], "list_price": [120.0]},
    "opportunities": {
        "opportunity_id": ["O1", "O2"], "account_id": ["001", None], "rep_id": ["R1", None],
        "created_on": ["2025-01-29", "2025-03-01"], "amount": [1e5, 2e5], "stage": ["lead", "needs"],
        "status": ["open", "lost"], "closed_on": [None, "2025-05-05"],
    },
    "stage_history": {"opportunity_id": ["O1", "O2", "O2"], "stage": ["lead", "lead", "needs"],
                      "entered_on": ["2025-01-29", "2025-03-01", "2025-04-01"]},
    "orders": {"order_id": ["S1"], "account_id": ["002"], "ordered_on": ["2024-12-30"], "amount": [9e4]},
    "order_lines": {"order_id": ["S1"], "product_id": ["P1"], "quantity": [3], "amount": [9e4]},
    "payments": {"invoice_id": ["I1"], "account_id": ["002"], "invoiced_on": ["2025-01-02"],
                 "due_on": ["2025-03-03"], "amount": [101_700.0], "paid_on": [None]},
    "tickets": {"ticket_id": ["T1"], "account_id": ["001"], "department": ["finance"], "kind": ["complaint"],
                "opened_at": ["2025-01-28 16:30"], "responded_at": [None], "sla_hours": [8]},
    "targets": {"year": [2025], "rep_id": ["R1"], "amount": [2e6]},
    "assumptions": {"name": ["discount_rate"], "value": [0.1]},
}  # fmt: skip


def company(**changed):
    held = {**TABLES_HELD, **changed}
    frames = {name: set_types(pd.DataFrame(values), TABLES[name]) for name, values in held.items()}
    return Company("某公司", pd.Timestamp("2025-11-30"), frames)


@pytest.fixture(params=["zh", "en"])
def lang(request):
    ka.use(request.param)
    return request.param


def read(folder):
    return {
        path.stem: pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
        for path in folder.iterdir()
    }


def test_every_table_that_hangs_on_something_is_there(tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path / "星型 表"))
    assert sorted(tables) == sorted(
        ["dim_accounts", "dim_reps", "dim_products", "dim_stage", "dim_date", "data_dictionary"]
        + [f"fact_{name}" for name in ("opportunities", "stage_history", "orders", "order_lines")]
        + [f"fact_{name}" for name in ("payments", "tickets", "targets")]
    )


def test_every_key_of_a_fact_is_in_its_dimension_once(tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    keys = {name: frame.columns[0] for name, frame in tables.items() if name.startswith("dim_")}
    joined = 0
    for name, key in keys.items():
        assert tables[name][key].is_unique
        for fact in (frame for other, frame in tables.items() if other.startswith("fact_")):
            if key in fact.columns:
                assert set(fact[key]) <= set(tables[name][key])
                joined += 1
    assert joined >= 12
    days = set(tables["dim_date"]["date"])
    for fact, column in [("orders", "ordered_on"), ("order_lines", "ordered_on"), ("targets", "year_starts_on"),
                         ("tickets", "opened_on"), ("payments", "due_on")]:  # fmt: skip
        assert set(tables[f"fact_{fact}"][column]) <= days


def test_keys_come_down_from_the_table_above(tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    line = tables["fact_order_lines"].iloc[0]
    assert (line["account_id"], line["ordered_on"]) == ("002", "2024-12-30")
    history = tables["fact_stage_history"]
    assert list(history["account_id"]) == ["001", "UNKNOWN", "UNKNOWN"]
    assert list(history["rep_id"]) == ["R1", "UNKNOWN", "UNKNOWN"]


def test_a_fact_without_an_account_points_to_the_unknown_one(lang, tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    last = tables["dim_accounts"].iloc[-1]
    unknown = {"zh": "未填", "en": "Not filled in"}[lang]
    assert (last["account_id"], last["account_name"]) == ("UNKNOWN", unknown)
    assert "UNKNOWN" not in set(tables["dim_products"]["product_id"])


def test_excel_opens_chinese_right_and_runs_no_formula(tmp_path):
    ka.export.star_schema(company(), tmp_path)
    raw = (tmp_path / "dim_accounts.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert "001,万桉" in text
    assert "002,'=2+3" in text


def test_dates_are_iso_and_blank_ones_blank(tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    assert list(tables["fact_opportunities"]["closed_on"]) == ["", "2025-05-05"]
    ticket = tables["fact_tickets"].iloc[0]
    assert (ticket["opened_at"], ticket["opened_on"]) == ("2025-01-28 16:30:00", "2025-01-28")


def test_the_date_dimension_knows_iso_weeks_and_holidays_of_china(lang, tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    days = tables["dim_date"].set_index("date")
    assert (days.index[0], days.index[-1], len(days)) == ("2024-01-01", "2025-12-31", 366 + 365)
    # ISO 8601: Monday 30 December 2024 belongs to week 1 of 2025.
    assert list(days.loc["2024-12-30", ["iso_year", "iso_week", "weekday"]]) == ["2025", "2025-W01", "1"]  # fmt: skip
    assert list(days.loc["2025-05-31", ["year", "quarter", "month"]]) == ["2025", "2025-Q2", "2025-05-01"]  # fmt: skip
    # State Council notice for 2025: Spring Festival 28 January to 4 February, 26 January worked.
    festival = {"zh": "春节", "en": "Spring Festival"}[lang]
    assert list(days.loc["2025-01-29", ["is_workday", "holiday"]]) == ["False", festival]
    assert list(days.loc["2025-01-26", ["is_workday", "holiday"]]) == ["True", ""]
    assert list(days.loc["2025-03-08", ["is_workday", "holiday"]]) == ["False", ""]  # a Saturday
    assert list(days.loc["2025-03-10", ["is_workday", "holiday"]]) == ["True", ""]


def test_holidays_that_are_not_announced_are_blank(tmp_path):
    orders = {**TABLES_HELD["orders"], "ordered_on": ["2049-01-01"]}
    tables = read(ka.export.star_schema(company(orders=orders), tmp_path))
    assert list(tables["dim_date"].iloc[-1][["is_workday", "holiday"]]) == ["", ""]


def test_the_dictionary_describes_every_column_in_the_readers_language(lang, tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    said = tables.pop("data_dictionary")
    assert [tuple(pair) for pair in said.iloc[:, [0, 2]].to_numpy()] == [
        pair
        for pair in said.iloc[:, [0, 2]].itertuples(index=False, name=None)
        if pair[1] in tables[pair[0]].columns
    ]
    assert len(said) == sum(len(frame.columns) for frame in tables.values())
    rows = said.set_index([said.columns[0], said.columns[2]])
    amount = list(rows.loc[("fact_payments", "amount")])
    assert (
        amount[1:5]
        == {
            "zh": ["金额", "数字", "元", "含税"],
            "en": ["Amount", "Number", "CNY", "With VAT"],
        }[lang]
    )
    assert rows.loc[("fact_orders", "amount")].iloc[4] == {"zh": "不含税", "en": "Without VAT"}[lang]  # fmt: skip
    key = rows.loc[("fact_stage_history", "account_id")]
    assert key.iloc[6] == "dim_accounts.account_id"
    assert rows.loc[("fact_stage_history", "opportunity_id")].iloc[6] == "fact_opportunities.opportunity_id"  # fmt: skip
    assert rows.loc[("fact_orders", "ordered_on")].iloc[6] == "dim_date.date"
    assert {"zh": "open = 在跟", "en": "open = Open"}[lang] in rows.loc[("fact_opportunities", "status")].iloc[7]  # fmt: skip


def test_codes_keep_their_names_beside_them(lang, tmp_path):
    tables = read(ka.export.star_schema(company(), tmp_path))
    stages = tables["dim_stage"]
    assert list(stages["stage"])[:2] == ["lead", "contact"]
    assert list(stages["stage_order"]) == ["1", "2", "3", "4", "5", "6"]
    assert stages["stage_name"].iloc[0] == {"zh": "线索发现", "en": "Lead"}[lang]
    club = tables["dim_accounts"]["segment_name"].iloc[0]
    assert club == {"zh": "会员店", "en": "Membership club"}[lang]


def test_a_dimension_that_the_company_does_not_keep_is_made_of_the_ids_in_use(tmp_path):
    held = company()
    lean = Company("x", held.as_of, {n: f for n, f in held.tables.items() if n != "reps"})
    tables = read(ka.export.star_schema(lean, tmp_path))
    assert list(tables["dim_reps"]["rep_id"]) == ["R1", "UNKNOWN"]


def test_one_workbook_instead_of_a_folder(tmp_path):
    path = ka.export.star_schema(company(), tmp_path / "星型.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "data_dictionary"
    accounts = [[cell.value for cell in row] for row in book["dim_accounts"]]
    assert accounts[1][:2] == ["001", "万桉"]
    assert book["dim_accounts"]["B3"].data_type == "s"
    orders = book["fact_orders"]
    assert [c.value for c in orders[2]] == ["S1", "002", pd.Timestamp("2024-12-30"), 90_000]
    assert orders.freeze_panes == "A2"


def test_a_key_twice_or_pointing_nowhere_is_refused(tmp_path):
    twice = {**TABLES_HELD["reps"], "rep_id": ["R1", "R1"], "rep_name": ["a", "b"]}
    lost = {**TABLES_HELD["orders"], "account_id": ["009"]}
    for changed, zh, en in (
        ({"reps": twice}, "重复", "already"),
        ({"orders": lost}, "“009”", '"009"'),
    ):
        for language, words in (("zh", zh), ("en", en)):
            ka.use(language)
            with pytest.raises(TableError, match=words):
                ka.export.star_schema(company(**changed), tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_files_that_are_there_stay_unless_they_may_be_replaced(tmp_path):
    (tmp_path / "fact_orders.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ParameterError, match="replace=True"):
        ka.export.star_schema(company(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fact_orders.csv", "notes.txt"]
    ka.export.star_schema(company(), tmp_path, replace=True)
    assert "S1" in (tmp_path / "fact_orders.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_the_practice_company_exports_and_stays_as_it_was(tmp_path):
    practice = ka.load()
    before = {name: frame.copy(deep=True) for name, frame in practice.tables.items()}
    tables = read(ka.export.star_schema(practice, tmp_path))
    for name, frame in practice.tables.items():
        pd.testing.assert_frame_equal(frame, before[name])
        if f"fact_{name}" in tables:
            assert len(tables[f"fact_{name}"]) == len(frame)
    paid = tables["fact_orders"]["amount"].astype("float64").sum()
    assert paid == pytest.approx(practice.orders["amount"].sum())


def test_a_company_without_a_row_is_an_empty_dictionary(tmp_path):
    bare = Company("x", pd.Timestamp("2025-01-01"), {})
    tables = read(ka.export.star_schema(bare, tmp_path))
    assert list(tables) == ["data_dictionary"]
    assert len(tables["data_dictionary"]) == 0
