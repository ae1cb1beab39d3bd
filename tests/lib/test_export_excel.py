"""Is a workbook right when somebody else opens it? Read back with openpyxl, never with our code."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass

import openpyxl
import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.funnel import Rate

PARETO = pd.DataFrame(
    {
        "rank": [1, 2, 3],
        "account_id": ["A1", "A2", "A3"],
        "value": [600_000.0, 300_000.0, 100_000.0],
        "share": [0.6, 0.3, 0.1],
        "cumulative_share": [0.6, 0.9, 1.0],
    }
)
COMPANY = Company(
    "某公司 Ltd",
    pd.Timestamp("2025-11-30"),
    {"accounts": pd.DataFrame({"account_id": ["A1", "A2"], "account_name": ["=1+1", "乙"]})},
)


@pytest.fixture(params=["zh", "en"])
def lang(request):
    ka.use(request.param)
    return request.param


def opened(path):
    return openpyxl.load_workbook(path)


def column(sheet, header):
    """Return the cells below a header."""
    at = [cell.value for cell in sheet[1]].index(header) + 1
    return [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]


def refs(chart):
    """Return what a chart draws: (categories, values) of each series."""
    drawn = []
    for part in chart._charts:
        for series in part.series:
            names = series.cat.strRef or series.cat.numRef
            drawn.append((type(part).__name__, names.f, series.val.numRef.f))
    return drawn


def test_one_table_is_a_workbook_with_its_pareto(lang, tmp_path):
    path = ka.export.excel(tmp_path / "客户 集中度.xlsx", PARETO)
    book = opened(path)
    data = {"zh": "数据", "en": "Data"}[lang]
    assert book.sheetnames == [{"zh": "说明", "en": "About"}[lang], data]
    (chart,) = book[data]._charts
    assert refs(chart) == [
        ("BarChart", f"{data}!$B$2:$B$4", f"{data}!$C$2:$C$4"),
        ("LineChart", f"{data}!$B$2:$B$4", f"{data}!$E$2:$E$4"),
    ]


def test_the_header_names_the_unit_and_the_cell_holds_the_number_in_it(lang, tmp_path):
    path = ka.export.excel(tmp_path / "x.xlsx", PARETO)
    sheet = opened(path).worksheets[1]
    header, values = {
        "zh": ("金额（万元）", [60, 30, 10]),
        "en": ("Value (CNY thousand)", [600, 300, 100]),
    }[lang]
    cells = column(sheet, header)
    assert [cell.value for cell in cells] == values
    assert {cell.number_format for cell in cells} == {"#,##0.0"}
    shares = column(sheet, {"zh": "占比", "en": "Share"}[lang])
    assert [cell.value for cell in shares] == [0.6, 0.3, 0.1]
    assert {cell.number_format for cell in shares} == {"0.0%"}


def test_amounts_are_not_rounded_and_exact_ones_are_yuan(tmp_path):
    table = pd.DataFrame({"amount": [1_234_567.89, None]})
    ka.use("zh")
    divided = opened(ka.export.excel(tmp_path / "a.xlsx", table)).worksheets[1]
    assert divided["A2"].value == pytest.approx(123.456789, abs=1e-12)
    assert divided["A3"].value is None
    exact = opened(ka.export.excel(tmp_path / "b.xlsx", table, exact=True)).worksheets[1]
    assert (exact["A1"].value, exact["A2"].value) == ("金额（元）", 1_234_567.89)


def test_codes_dates_and_truth_read_as_the_reader_expects(lang, tmp_path):
    table = pd.DataFrame(
        {
            "stage": ["proposal", "somewhere", None],
            "created_on": pd.to_datetime(["2025-03-05", None, "1899-05-01"]),
            "overdue": [True, False, True],
            "year": [2025, 2024, 2023],
            "month": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"]),
        }
    )
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", table)).worksheets[1]
    rows = list(sheet.iter_rows(min_row=2))
    assert [c.value for c in rows[0]][:1] == [{"zh": "方案呈现", "en": "Proposal"}[lang]]
    assert rows[1][0].value == "somewhere"
    assert rows[2][0].value is None
    assert rows[0][1].value == pd.Timestamp("2025-03-05")
    assert rows[0][1].number_format == "yyyy-mm-dd"
    assert rows[1][1].value is None
    assert rows[2][1].value == "1899-05-01"  # Excel has no day before 1900
    assert rows[0][2].value == {"zh": "是", "en": "Yes"}[lang]
    assert rows[0][3].number_format == "0"
    assert rows[0][4].number_format == "yyyy-mm"


@pytest.mark.parametrize("risky", ["=1+1", "+86 138", "-2", "@SUM(A1)", "=HYPERLINK(1)", "{=1}"])
def test_text_is_never_a_formula(risky, tmp_path):
    table = pd.DataFrame({"account_name": [risky], risky: [risky]})
    cells = opened(ka.export.excel(tmp_path / "x.xlsx", {risky: table})).worksheets[1]
    for row in cells.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
    assert cells["A2"].value == cells["B1"].value == cells["B2"].value == risky


def test_links_long_text_and_control_characters_stay_text(tmp_path):
    table = pd.DataFrame({"x": ["https://example.invalid", "长" * 40_000, "a\x01b", "00123"]})
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", table)).worksheets[1]
    assert sheet["A2"].hyperlink is None
    assert len(sheet["A3"].value) == 32_767
    assert sheet["A3"].value.endswith("长…")
    assert sheet["A5"].value == "00123"


def test_header_stays_filter_is_on_and_chinese_gets_the_room_it_needs(tmp_path):
    ka.use("zh")
    table = pd.DataFrame({"a": ["十个汉字那么宽的内容" * 2], "b": ["twenty plain letters"]})
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", table)).worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.column_dimensions["A"].width >= 40
    assert 20 <= sheet.column_dimensions["B"].width < 30
    assert sheet.print_title_rows == "$1:$1"


def test_the_first_sheet_says_what_when_whence_and_in_which_unit(lang, tmp_path):
    path = ka.export.excel(tmp_path / "客户集中度.xlsx", {"A": PARETO, "B": 0.5}, company=COMPANY)
    said = [[c.value for c in row if c.value is not None] for row in opened(path).worksheets[0]]
    flat = [value for row in said for value in row]
    assert flat[0] == "客户集中度"
    assert {"2025-11-30", "某公司 Ltd"} <= set(flat)
    assert any({"zh": "币种是元", "en": "in CNY"}[lang] in str(value) for value in flat)
    links = [c.hyperlink.location for row in opened(path).worksheets[0] for c in row if c.hyperlink]
    figures = {"zh": "主要数字", "en": "Key figures"}[lang]
    assert [link.replace("'", "") for link in links] == [f"{figures}!A1", "A!A1"]


def test_without_a_company_the_first_sheet_invents_nothing(tmp_path):
    ka.use("en")
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", PARETO)).worksheets[0]
    said = [c.value for row in sheet for c in row]
    assert said.count("Not stated") == 2
    told = ka.export.excel(tmp_path / "y.xlsx", PARETO, as_of="2025-06-30", source="CRM, 1 July")
    said = [c.value for row in opened(told).worksheets[0] for c in row]
    assert {"2025-06-30", "CRM, 1 July"} <= set(said)


def test_a_company_names_its_accounts_and_a_name_can_be_no_formula(tmp_path):
    ka.use("en")
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", PARETO, company=COMPANY)).worksheets[1]
    names = column(sheet, "Account")
    assert [(c.value, c.data_type) for c in names] == [("=1+1", "s"), ("乙", "s"), (None, "n")]
    assert refs(sheet._charts[0])[0][1] == "Data!$C$2:$C$4"  # the chart shows names


def test_single_figures_share_a_sheet_each_in_its_unit(lang, tmp_path):
    top = ka.concentration.top_share(PARETO, 1 / 3)
    path = ka.export.excel(
        tmp_path / "x.xlsx", {"赢率": Rate(0.4, 4, 10), "Top": top, "HHI": 4_600.5, "空": None}
    )
    sheet = opened(path).worksheets[1]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    formats = [row[2].number_format for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == ["赢率"] * 3 + ["Top"] * 5 + ["HHI", "空"]
    assert [row[2] for row in rows[:4]] == [0.4, 4, 10, 0.6]
    assert [formats[0], formats[1], formats[3]] == ["0.0%", "#,##0", "0.0%"]
    assert rows[4][2:] == {"zh": [60, "万元"], "en": [600, "CNY thousand"]}[lang]
    assert rows[5][1] == {"zh": "合计", "en": "Total"}[lang]
    assert rows[8][2] == 4_600.5
    assert rows[9][2] is None


def test_one_rate_alone_is_a_workbook_and_called_by_what_it_is(lang, tmp_path):
    sheet = opened(ka.export.excel(tmp_path / "x.xlsx", Rate(0.4, 4, 10))).worksheets[1]
    assert sheet["A2"].value == {"zh": "比率", "en": "Rate"}[lang]


def test_sheet_names_are_ones_that_excel_takes(lang, tmp_path):
    names = [
        "orders",
        "a/b:c*[d]?",
        "x" * 40,
        "x" * 41,
        "History",
        "说明",
        "About",
        "'q'",
        "A",
        "a",
    ]
    path = ka.export.excel(tmp_path / "x.xlsx", dict.fromkeys(names, PARETO.head(1)))
    found = opened(path).sheetnames
    assert len(found) == len(names) + 1
    assert len({name.casefold() for name in found}) == len(found)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)
    assert found[1] == {"zh": "订单", "en": "Orders"}[lang]


def test_the_table_itself_stays_as_it_was(tmp_path):
    before = PARETO.copy(deep=True)
    ka.export.excel(tmp_path / "x.xlsx", PARETO, company=COMPANY)
    pd.testing.assert_frame_equal(PARETO, before)


def test_no_rows_no_columns_and_a_named_index(tmp_path):
    ka.use("en")
    empty = {"none": PARETO.head(0), "nothing": pd.DataFrame()}
    by_stage = pd.Series([3, 5], index=pd.Index(["lead", "needs"], name="stage"), name="count")
    book = opened(ka.export.excel(tmp_path / "x.xlsx", {**empty, "by stage": by_stage}))
    assert [c.value for c in book["none"][1]][:2] == ["Rank", "Account ID"]
    assert book["none"]._charts == []
    assert [[c.value for c in row] for row in book["by stage"]] == [
        ["Stage", "Count"],
        ["Lead", 3],
        ["Needs", 5],
    ]
    assert refs(book["by stage"]._charts[0])[0][0] == "BarChart"


def test_a_table_over_time_is_a_line_of_all_its_amounts(tmp_path):
    ka.use("en")
    monthly = pd.DataFrame(
        {
            "month": pd.date_range("2025-01-01", periods=4, freq="MS"),
            "sales": [2e6, 3e6, 2.5e6, 4e6],
            "target": [2.2e6] * 4,
            "orders": [20, 30, 25, 40],
        }
    )
    book = opened(ka.export.excel(tmp_path / "x.xlsx", {"Sales": monthly}))
    drawn = refs(book["Sales"]._charts[0])
    assert [(kind, values) for kind, _, values in drawn] == [
        ("LineChart", "Sales!$B$2:$B$5"),
        ("LineChart", "Sales!$C$2:$C$5"),
    ]


def test_charts_can_be_asked_for_and_turned_off(tmp_path):
    table = pd.DataFrame({"name": ["a", "b"], "p": [1, 2], "q": [3.5, 4.5]})
    asked = {"kind": "column", "x": "name", "y": "q", "line": "p"}
    charts = {"one": asked, "two": "bar", "three": "none"}
    results = {"one": table, "two": table, "three": PARETO, "four": table}
    book = opened(ka.export.excel(tmp_path / "x.xlsx", results, charts=charts))
    assert refs(book["one"]._charts[0]) == [
        ("BarChart", "one!$A$2:$A$3", "one!$C$2:$C$3"),
        ("LineChart", "one!$A$2:$A$3", "one!$B$2:$B$3"),
    ]
    assert refs(book["two"]._charts[0]) == [("BarChart", "two!$A$2:$A$3", "two!$B$2:$B$3")]
    assert book["three"]._charts == book["four"]._charts == []


def test_a_chart_has_words_for_those_who_cannot_see_it(lang, tmp_path):
    path = ka.export.excel(tmp_path / "x.xlsx", PARETO)
    with zipfile.ZipFile(path) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode("utf-8")
    assert {"zh": "最大的是“A1”，60。", "en": "the largest is A1 with 600."}[lang] in drawing


@pytest.mark.parametrize(
    ("charts", "zh", "en"),
    [
        ("pie", "只能是", "only"),
        ({"nowhere": "bar"}, "没有名叫“nowhere”的表", 'No table is called "nowhere"'),
        ({"t": {"kind": "bar", "y": "amont"}}, "没有“amont”这一列", 'no column "amont"'),
        ({"t": {"kind": "bar", "y": "account_id"}}, "不是数字", "not a column of numbers"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why(charts, zh, en, tmp_path):
    for language, words in (("zh", zh), ("en", en)):
        ka.use(language)
        with pytest.raises(ParameterError, match=words):
            ka.export.excel(tmp_path / "x.xlsx", {"t": PARETO}, charts=charts)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"somebody's work")
    with pytest.raises(ParameterError, match="replace=True"):
        ka.export.excel(path, PARETO)
    assert path.read_bytes() == b"somebody's work"
    ka.export.excel(path, PARETO, replace=True)
    assert opened(path).worksheets[1]["A2"].value == 1
    assert [one.name for one in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.parametrize("lock", ["~$x.xlsx", ".~lock.x.xlsx#"])
def test_a_file_that_is_open_is_not_touched(lock, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"open")
    (tmp_path / lock).write_bytes(b"")
    for language, words in (("zh", "正在 Excel 里打开"), ("en", "is open in Excel")):
        ka.use(language)
        with pytest.raises(ParameterError, match=words):
            ka.export.excel(path, PARETO, replace=True)
    assert path.read_bytes() == b"open"


def test_a_file_that_windows_holds_locked_is_a_sentence_and_leaves_no_draft(tmp_path, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ka_lib.export.files.os.replace", held)
    for language, words in (("zh", "可能正在 Excel 里打开着"), ("en", "may be open in Excel")):
        ka.use(language)
        with pytest.raises(ParameterError, match=words):
            ka.export.excel(tmp_path / "x.xlsx", PARETO)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written_to(tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for name in ("x.xls", "x", "folder.xlsx", "file/x.xlsx"):
        with pytest.raises(ParameterError, match=r".+"):
            ka.export.excel(tmp_path / name, PARETO)
    ka.export.excel(tmp_path / "新 文件夹" / "x.xlsx", PARETO)


@dataclass(frozen=True)
class Holder:
    """A dataclass that is no result: it holds a table."""

    frame: pd.DataFrame


@pytest.mark.parametrize("given", [[1, 2], ka.show(PARETO), Holder(PARETO), object()])
def test_what_is_no_result_is_refused_in_a_sentence(given, tmp_path):
    for language, words in (("zh", "放不进工作簿"), ("en", "does not fit into a workbook")):
        ka.use(language)
        with pytest.raises(ParameterError, match=words):
            ka.export.excel(tmp_path / "x.xlsx", {"t": given})
    with pytest.raises(ParameterError, match="nothing to export"):
        ka.export.excel(tmp_path / "x.xlsx", {})


def test_more_rows_than_excel_holds(tmp_path):
    long = pd.DataFrame({"x": range(1_048_576)})
    with pytest.raises(ParameterError, match="1,048,576"):
        ka.export.excel(tmp_path / "x.xlsx", long)


def test_the_same_results_make_the_same_sheets_whatever_the_clock(tmp_path):
    one = ka.export.excel(tmp_path / "x.xlsx", PARETO).read_bytes()
    assert one == ka.export.excel(tmp_path / "x.xlsx", PARETO, replace=True).read_bytes()


def test_every_figure_of_a_result_has_a_name_in_both_languages():
    from ka_lib.export.figures import _called

    results = [
        ka.funnel.Rate, ka.funnel.Cycle, ka.funnel.AcquisitionCost, ka.concentration.TopShare,
        ka.concentration.Exposure, ka.pipeline.Expected, ka.teamwork.Effect, ka.health.Backtest,
    ]  # fmt: skip
    for result in results:
        for name in result.__annotations__:
            ka.use("zh")
            assert not _called("figure", name).isascii(), name
            ka.use("en")
            assert _called("figure", name) != name
