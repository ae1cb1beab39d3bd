"""Whatever the file: valid tables and every row accounted for, or one clear error."""

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ka_lib.crm import read_export
from ka_lib.errors import ExportError, TableError
from ka_lib.validate import validate

DAYS = [
    "2025-01-02",
    "2025/3/5",
    "2026年3月5日",
    "45000",
    "1970-01-01",
    "05/03/2025",
    "25/03/2025",
    "soon",
    "",
]
CELLS = {
    "商机编号": ["S1", "S2", "S3", "S4", " S1 ", "-", ""],
    "商机名称": ["货架", "冷柜", "合计", ""],
    "客户名称": ["万桉大卖场", "万桉 大卖场", "邻鹊便利有限公司", "邻鹊便利", "None", ""],
    "负责人": ["林悦", "-", ""],
    "商机阶段": ["验证客户", "方案报价", "赢单", "输单", "打样", ""],
    "商机金额": ["120000", "¥12万", "１２", "(5)", "面议", "-", ""],
    "赢率": ["30", "30%", "0.3", ""],
    "创建时间": DAYS,
    "预计成交日期": DAYS,
    "实际结束时间": DAYS,
    "备注": ["a", "a,b", '"', "x\ny", "1;2", ""],
}


@st.composite
def exports(draw):
    columns = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=11, unique=True))
    rows = draw(
        st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in columns)), max_size=8)
    )
    history = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["S1", "S2", "S9", ""]),
                st.sampled_from(["验证客户", "方案报价", "赢单", "输单", "打样", ""]),
                st.sampled_from(DAYS[:5]),
            ),
            max_size=6,
        )
    )
    return pd.DataFrame(rows, columns=columns), history, draw(st.sampled_from(["utf-8", "gb18030"]))


@settings(deadline=None, max_examples=100)
@given(exports())
def test_every_row_is_in_a_table_or_set_aside(export):
    frame, history, encoding = export
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame.to_csv(folder / "商机.csv", index=False, encoding=encoding)
        if history:
            changes = pd.DataFrame(history, columns=["商机编号", "变更后阶段", "变更时间"])
            changes.to_csv(folder / "变更.csv", index=False, encoding=encoding)
        try:
            read = read_export(folder)
        except (ExportError, TableError) as error:
            assert str(error)  # noqa: PT017 - either outcome is right
            return
    validate(read.company.tables)
    counts = read.files.set_index("table")
    assert (counts["rows"] == counts["kept"] + counts["set_aside"]).all()
    assert counts.loc["opportunities", "kept"] == len(read.company.opportunities)
    assert len(read.set_aside) == counts["set_aside"].sum()
    filled = (frame.map(str.strip) != "").any(axis="columns").sum()
    assert counts.loc["opportunities", "rows"] == filled
    assert read.summary()


def test_the_result_does_not_depend_on_row_order(tmp_path):
    frame = pd.DataFrame(
        {
            "商机编号": ["S1", "S2", "S3"],
            "客户名称": ["万桉", "邻鹊", "九穗"],
            "商机阶段": ["验证客户", "赢单", "方案报价"],
            "商机金额": ["1万", "20000", "3"],
            "创建时间": ["2025-01-02", "2025-01-03", "2025-01-04"],
            "实际结束时间": ["", "2025-02-03", ""],
        }
    )
    tables = []
    for rows in (frame, frame.iloc[::-1]):
        rows.to_csv(tmp_path / "商机.csv", index=False, encoding="utf-8")
        deals = read_export(tmp_path).company.opportunities
        tables.append(deals.sort_values("opportunity_id", ignore_index=True))
    pd.testing.assert_frame_equal(*tables)
