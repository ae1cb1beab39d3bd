"""What someone who never opens a terminal does with an export of their own."""

from __future__ import annotations

import json

import pytest

from ka_lib.company import load

pytestmark = pytest.mark.browser

CUSTOMER = "九穗生鲜"


@pytest.fixture
def export(tmp_path):
    company = load()
    names = company.accounts.set_index("account_id")["account_name"]
    deals = company.opportunities[company.opportunities["created_on"] >= "2025-06-01"]
    table = {
        "商机编号": deals["opportunity_id"],
        "客户名称": deals["account_id"].map(names),
        "创建日期": deals["created_on"],
        "金额": deals["amount"],
        "状态": deals["status"].map({"won": "赢单", "lost": "输单", "open": "进行中"}),
        "成交日期": deals["closed_on"],
        "负责人": deals["rep_id"],
        "备注": "x",
    }
    path = tmp_path / "商机 导出.csv"
    type(deals)(table).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_upload_look_and_make_the_report(tmp_path, learn, page, run_all, export):
    folder = tmp_path / "学 习"
    with learn(folder, "zh") as address:
        page.goto(address.replace("index.md", "my-data.ipynb"))
        run_all(page)
        with page.expect_file_chooser() as chooser:
            page.get_by_text("上传 CRM 导出文件").click()
        chooser.value.set_files(export)

        page.get_by_text("认出来的列").wait_for()
        assert page.get_by_role("cell", name="客户名称").is_visible()
        assert page.get_by_text("没有用的列").is_visible()

        page.get_by_role("button", name="做报告").click()
        link = page.get_by_role("link", name="打开报告")
        link.wait_for()
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1500)
        link.click()
        report = page.frame_locator(".jp-HTMLViewer iframe")
        report.get_by_role("heading", name="销售漏斗复盘").wait_for()

    reports = folder / "zh" / "my-data" / "reports"
    made = sorted(path.suffix for path in reports.iterdir() if path.is_file())
    assert made == [".html", ".ipynb"]
    notebook = (folder / "zh" / "my-data.ipynb").read_text(encoding="utf-8")
    assert CUSTOMER not in json.dumps(json.loads(notebook), ensure_ascii=False)
    assert page.outside == []
