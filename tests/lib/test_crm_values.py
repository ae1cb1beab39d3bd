"""The value forms met in exports, in every kind of file; reference values by hand."""

import io

import pandas as pd
import pytest

from ka_lib import language
from ka_lib.crm import read_export
from ka_lib.errors import ExportError, TableError

HEADER = [
    "商机编号",
    "客户名称",
    "商机阶段",
    "金额",
    "创建时间",
    "赢率",
    "输单原因",
    "来源",
    "备注",
]
# amount as written, yuan
AMOUNTS = [
    ("1234.50", 1234.5),
    ("1,234.50", 1234.5),
    ("¥12万", 120_000),
    ("￥１２万", 120_000),
    ("3亿", 300_000_000),
    ("１２３４", 1234),
    ("12万元", 120_000),
    ("CNY 1.2 million", 1_200_000),
    ("人民币5000元", 5000),
    ("", None),
    ("-", None),
    ("None", None),
]
# day as written, as ISO; 45310 is 2024-01-19 in Excel, 1705593600000 ms its midnight in Beijing
DAYS = [
    "2024-01-19",
    "2024/1/19",
    "2024.01.19",
    "20240119",
    "2024年1月19日",
    "２０２４年１月１９日",
    "45310",
    "1705593600000",
    "2024-01-18T16:00:00Z",
    "2024-01-19 08:30:00",
    "19-Jan-2024",
    "Jan 19, 2024",
]


def rows():
    return [
        [f"S{at}", "万桉", "线索", amount, day, "30%", "", "", ""]
        for at, ((amount, _), day) in enumerate(zip(AMOUNTS, DAYS, strict=True))
    ]


def written(folder, kind, table):
    """Write the table as one kind of file: ``utf-8 ,``, ``gb18030 ;``, ``xlsx``."""
    if kind == "xlsx":
        path = folder / "商机 导出.xlsx"
        pd.DataFrame(table).to_excel(path, header=False, index=False)
        return path
    encoding, delimiter = kind.split(" ", 1)
    path = folder / "商机 导出.csv"
    content = io.StringIO()
    pd.DataFrame(table).to_csv(content, header=False, index=False, sep=delimiter)
    path.write_bytes(content.getvalue().encode(encoding))
    return path


KINDS = [
    f"{encoding} {delimiter}"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")
    for delimiter in ",;\t"
]


@pytest.mark.parametrize("kind", [*KINDS, "xlsx"])
def test_each_form_in_each_kind_of_file(tmp_path, kind):
    export = read_export(written(tmp_path, kind, [HEADER, *rows()]))
    deals = export.company.opportunities
    assert len(deals) == len(AMOUNTS)
    assert export.set_aside.empty
    expected = [amount for _, amount in AMOUNTS]
    read = [None if pd.isna(amount) else amount for amount in deals["amount"]]
    assert read == expected
    assert set(deals["created_on"].dt.strftime("%Y-%m-%d")) == {"2024-01-19"}
    assert deals["probability"].tolist() == [0.3] * len(AMOUNTS)
    assert export.company.currency == "CNY"


def test_numbers_and_days_of_a_workbook_are_read_as_they_are(tmp_path):
    frame = pd.DataFrame(
        {
            "商机编号": ["S1", "S2"],
            "客户名称": "万桉",
            "商机阶段": "线索",
            "金额": [1234.5, 120000],
            "创建时间": pd.to_datetime(["2024-01-19 00:00", "2024-01-19 09:30"]),
            "赢率": [0.3, 0.45],
        }
    )
    frame.to_excel(tmp_path / "deals.xlsx", index=False)
    deals = read_export(tmp_path).company.opportunities
    assert deals["amount"].tolist() == [1234.5, 120_000]
    assert deals["created_on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-19"] * 2
    assert deals["probability"].tolist() == [0.3, 0.45]


def one(folder, **cells):
    """Read a file of one row a value; the other columns are as they should be."""
    plain = dict(zip(HEADER, ["", "万桉", "线索", "5", "2024-01-19", "", "", "", ""], strict=True))
    length = max(map(len, cells.values()))
    table = pd.DataFrame({name: cells.get(name, [value] * length) for name, value in plain.items()})
    table["商机编号"] = [f"S{at}" for at in range(length)]
    table.to_csv(folder / "deals.csv", index=False, encoding="utf-8")
    return read_export(folder)


@pytest.mark.parametrize(
    ("values", "rates"),
    [
        (["30", "5", "100"], [0.3, 0.05, 1.0]),
        (["30%", "5%", "100%"], [0.3, 0.05, 1.0]),
        (["0.30", "0.05", "1"], [0.3, 0.05, 1.0]),
        (["30%", "0.3", ""], [0.3, 0.3, None]),
    ],
)
def test_probability_in_each_form(tmp_path, values, rates):
    read = one(tmp_path, 赢率=values).company.opportunities["probability"]
    assert [None if pd.isna(rate) else pytest.approx(rate) for rate in read] == rates


def test_a_probability_beyond_100_percent_counts_as_blank_and_is_reported(tmp_path):
    language.use("en")
    export = one(tmp_path, 赢率=["30%", "130%"])
    assert export.company.opportunities["probability"].isna().tolist() == [False, True]
    assert any(
        "no rate between 0 and 100% in 1 rows (such as 130%)" in note for note in export.notes
    )


def test_none_and_na_are_values_in_some_columns_and_blanks_in_others(tmp_path):
    words = ["None", "NA", "-"]
    export = one(tmp_path, 输单原因=words, 来源=words, 客户名称=words, 金额=words)
    deals = export.company.opportunities
    accounts = export.company.accounts.set_index("account_id")["account_name"]

    def shown(values):
        return [None if pd.isna(value) else value for value in values]

    assert shown(deals["lost_reason"]) == ["None", "NA", None]  # a competitor called None
    assert shown(deals["source"]) == ["None", "NA", None]
    assert shown(deals["account_id"].map(accounts)) == [None, "NA", None]  # NA: a customer
    assert shown(deals["amount"]) == [None, None, None]


def test_brackets_are_negative_and_a_negative_deal_is_set_aside(tmp_path):
    export = one(tmp_path, 金额=["(1,200)", "-5", "1200"])
    assert export.set_aside["cause"].tolist() == ["negative", "negative"]
    assert export.company.opportunities["amount"].tolist() == [1200]


def test_1970_means_empty(tmp_path):
    export = one(tmp_path, 创建时间=["2024-01-19", "1970-01-01"])
    assert export.set_aside["cause"].tolist() == ["no_created"]


def test_a_row_set_aside_keeps_its_text(tmp_path):
    export = one(tmp_path, 金额=["5", "面议"], 备注=["", ' 说："快, 好" '])
    row = export.set_aside.iloc[0]
    assert (row["file"], row["row"], row["cause"]) == ("deals.csv", 3, "amount")
    assert row["content"] == 'S1,万桉,线索,面议,2024-01-19,,,," 说：""快, 好"" "'


def test_the_unit_of_a_header_counts_once(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(
        "商机编号,商机阶段,金额（万元）,创建时间\n1,线索,12,2024-01-19\n2,线索,12万,2024-01-19\n",
        encoding="utf-8",
    )
    export = read_export(path)
    assert export.company.opportunities["amount"].tolist() == [120_000, 120_000]
    assert any("12 → 120,000" in example for example in export.repaired["example"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_ambiguous_date_column_shows_both_readings(tmp_path, lang):
    language.use(lang)
    with pytest.raises(ExportError) as caught:
        one(tmp_path, 创建时间=["03/05/2025", "04/06/2025"])
    message = str(caught.value)
    assert all(part in message for part in ("创建时间", "03/05/2025", "2025-05-03", "2025-03-05"))
    assert caught.value.key == "crm.ambiguous_dates"
    assert len(read_export(tmp_path, day_first=False).company.opportunities) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_currencies_are_named(tmp_path, lang):
    language.use(lang)
    with pytest.raises(TableError) as caught:
        one(tmp_path, 金额=["¥5", "$5"])
    assert all(part in str(caught.value) for part in ("金额", "CNY", "USD", "¥5", "$5"))


def test_what_was_mended_is_listed_with_rows_and_example(tmp_path):
    language.use("en")
    export = read_export(written(tmp_path, "utf-8 ,", [HEADER, *rows()]))
    mended = export.repaired.set_index(["column", "how"])["rows"]
    assert mended["创建时间", "Excel day numbers"] == 1
    assert mended["创建时间", "time stamps, as Beijing dates"] == 1
    assert mended["创建时间", "times with a zone, as Beijing dates"] == 1
    # 2024/1/19, 2024.01.19, 20240119, two Chinese ones and two with the month's name
    assert mended["创建时间", "dates written in another way"] == 7
    assert mended["金额", "amounts with a unit of their own"] == 5
    assert mended["金额", "read as blank"] == 2


def test_closed_deals_without_a_date_are_set_aside_and_the_reader_is_told(tmp_path):
    language.use("en")
    path = tmp_path / "deals.csv"
    path.write_text(
        "商机编号,商机阶段,金额,创建时间\n1,赢单,12,2024-01-19\n2,输单,12,2024-01-19\n3,线索,1,2024-01-19\n",
        encoding="utf-8",
    )
    export = read_export(path)
    assert export.company.opportunities["opportunity_id"].tolist() == ["3"]
    assert export.set_aside["cause"].tolist() == ["no_closing_date"] * 2
    assert any("Of 2 deals that are over, 2 have no closing date" in note for note in export.notes)
