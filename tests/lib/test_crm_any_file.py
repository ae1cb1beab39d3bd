"""Whatever stands in a file: tables that are valid and every row accounted for, or our own error."""

import csv
import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib.company import load
from ka_lib.crm import read_export
from ka_lib.errors import KaError
from ka_lib.validate import validate

HEADERS = [
    *(
        "商机编号",
        "商机名称",
        "客户名称",
        "负责人",
        "商机阶段",
        "商机状态",
        "商机金额（万元）",
        "赢率",
    ),
    *("创建时间", "预计成交日期", "实际结束时间", "输单原因", "产品名称", "币种", "进入谈判日期"),
    *("订单编号", "下单日期", "订单金额", "毛利", "联系人", "职务", "决策角色", "生日"),
    *("跟进方式", "跟进时间", "行业", "上级客户", "客户编号", "Topic", "Est. Close Date", "Amount"),
    *("Deal Name", "Stage", "Account Name", "Created Time", "备注", ""),
]
CORES = [  # a file that nobody can read is soon refused: most are nearly what they should be
    *(
        (),
        ("商机名称", "商机阶段", "创建时间"),
        ("客户名称", "商机阶段", "商机金额（万元）", "创建时间"),
    ),
    *(
        ("订单编号", "客户名称", "下单日期", "订单金额"),
        ("Topic", "Stage", "Created Time", "Amount"),
    ),
]
VALUES = [
    *("", "-", "None", "NA", "S1", "S2", " S1 ", "万桉大卖场", "万桉 大卖场", "万桉大卖场有限公司"),
    *("赢单", "输单", "方案报价", "打样", "进行中", "Closed Won", "120000", "¥12万", "$5", "１２"),
    *("(5)", "1e999", "inf", "面议", "-3", "30%", "0.3", "130%", "2025-01-02", "2025/3/5"),
    *("2026年3月5日", "45000", "1767196800000", "1970-01-01", "25/03/2025", "03/25/2025"),
    *("05/03/2025", "9999-12-31", "0000-00-00", "拜访", "决策者", "合计", '"', "a\nb", "a,b"),
    *(
        "\u3000",
        "\ufeff",
        "\x00",
        "=1+1",
        "CNY",
        "USD",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ),
]
cells = st.sampled_from(VALUES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def tables(draw):
    core = draw(st.sampled_from(CORES))
    more = draw(st.lists(st.sampled_from(HEADERS), min_size=not core, max_size=9, unique=True))
    header = draw(st.permutations([*core, *(name for name in more if name not in core)]))
    rows = draw(st.lists(st.lists(cells, min_size=0, max_size=13), max_size=8))
    return header, rows


def check(folder, path=None, **arguments):
    """Read the folder; return the import, or None where it said why not."""
    try:
        read = read_export(path or folder, **arguments)
    except KaError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
        return None
    validate(read.company.tables)
    used = read.files[read.files["table"] != ""]
    assert (used["rows"] == used["kept"] + used["set_aside"]).all()
    assert len(read.set_aside) == used["set_aside"].sum()
    assert read.summary()
    return read


@settings(deadline=None, max_examples=150)
@given(
    tables(),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([None, True, False]),
)
def test_any_table_in_any_csv(table, encoding, delimiter, line_end, day_first):
    header, rows = table
    content = io.StringIO(newline="")
    writer = csv.writer(content, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([header, *rows])
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "导出 表.csv"
        path.write_bytes(content.getvalue().encode(encoding))
        check(Path(name), day_first=day_first)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "商机编号": st.sampled_from(["S1", "S2", "S3", "-", ""]),
                "客户名称": cells,
                "商机阶段": cells,
                "商机金额": cells,
                "创建时间": st.sampled_from(["2025-01-02", "2025/3/5", "45000", "soon", ""]),
            }
        ),
        max_size=8,
    ),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_no_row_is_lost(rows, encoding):
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, ["商机编号", "客户名称", "商机阶段", "商机金额", "创建时间"])
    writer.writeheader()
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "deals.csv"
        path.write_bytes(lines.getvalue().encode(encoding))
        read = check(Path(name))
    if read is not None:
        # Counted without ka_lib: rows of the file that hold anything but spaces.
        filled = sum(any(cell not in ("", " ") for cell in row.values()) for row in rows)
        deals = read.files.set_index("table").loc["opportunities"]
        assert deals["rows"] == filled
        assert len(read.company.opportunities) + len(read.set_aside) == filled


@settings(deadline=None, max_examples=40)
@given(tables())
def test_any_table_in_any_workbook(table):
    header, rows = table
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append([_writable(cell) for cell in row])
    with tempfile.TemporaryDirectory() as name:
        book.save(Path(name) / "表.xlsx")
        check(Path(name))


def _writable(cell):
    """Return the cell without the signs that no workbook can hold; numbers as numbers."""
    plain = "".join(sign for sign in cell if sign.isprintable())
    try:
        return float(plain) if plain.isascii() and abs(float(plain)) < 1e12 else plain
    except ValueError:
        return None if plain.startswith("=") else plain


@settings(deadline=None, max_examples=120)
@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".txt"]))
def test_any_bytes(data, suffix):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"x{suffix}"
        path.write_bytes(data)
        check(Path(name))
        path.write_bytes("商机名称,阶段,创建时间\n".encode() + data)
        check(Path(name))


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_vocabulary_and_any_list_of_names(content):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "deals.csv").write_text(
            "商机名称,阶段,创建时间\n货架,线索,2025-01-02\n", encoding="utf-8"
        )
        odd = folder / "odd.txt"
        odd.write_text(content, encoding="utf-8", newline="")
        check(folder, folder / "deals.csv", vocabulary=odd)
        check(folder, folder / "deals.csv", names=odd)


@settings(deadline=None, max_examples=40)
@given(tables())
def test_what_was_imported_is_read_back_the_same(table):
    from ka_course.import_files import _write_tables

    header, rows = table
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "in" / "deals.csv").write_bytes(lines.getvalue().encode())
        read = check(folder, folder / "in")
        if read is None:
            return
        _write_tables(read, folder)
        again = load(folder)
    for table_name, frame in read.company.tables.items():
        pd.testing.assert_frame_equal(
            again.tables[table_name], frame.reset_index(drop=True), check_dtype=False
        )
