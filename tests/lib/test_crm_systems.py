"""Exports as three systems write them: CSV and XLSX, three encodings."""

import io

import pandas as pd
import pytest

from ka_lib import language
from ka_lib.crm import read_export
from ka_lib.validate import validate


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


SALESFORCE = """\
Pipeline by stage,,,,,,,,
"As of 2025-11-30 18:00:00 China Standard Time",,,,,,,,
,,,,,,,,
Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Stage,Amount,Probability (%),Created Date,Close Date
006A1,Shelf plan,Wan'an Hypermart,Lin Yue,Closed Won,"CNY 120,000.00",100%,2025-01-13,2025-03-20
006A2,Chillers,Yuguo Club,Lin Yue,Proposal/Price Quote,"CNY 80,000.00",60%,2025-02-03,2025-12-15
006A3,New year,Jiusui  Fresh,Guo,Closed Lost,"CNY 30,000.00",0%,2025-02-05,2025-04-01
006A4,Snacks,Jiusui Fresh,Guo,Prospecting,,10%,2025-05-05,
Grand Total,,,,,"CNY 230,000.00",,,
"Confidential Information - Do Not Distribute",,,,,,,,
"""
SALESFORCE_HISTORY = """\
Opportunity ID,Opportunity Name,From Stage,To Stage,Amount,Last Modified
006A1,Shelf plan,Prospecting,Needs Analysis,"CNY 120,000.00",1/20/2025
006A1,Shelf plan,Needs Analysis,Closed Won,"CNY 120,000.00",3/20/2025
006A2,Chillers,Prospecting,Proposal/Price Quote,"CNY 80,000.00",3/1/2025
006A2,Chillers,Proposal/Price Quote,Proposal/Price Quote,"CNY 80,000.00",3/2/2025
006A3,New year,Prospecting,Negotiation/Review,"CNY 30,000.00",3/15/2025
006A3,New year,Negotiation/Review,Closed Lost,"CNY 30,000.00",4/1/2025
006ZZ,Gone,Prospecting,Needs Analysis,"CNY 1,000.00",4/2/2025
"""
HUBSPOT = '''\
Record ID,Deal Name,Deal Stage,Amount,Deal owner,Create Date,Close Date,Pipeline,Associated Company,"Date entered ""Appointment scheduled (Sales Pipeline)""","Date entered ""Presentation scheduled (Sales Pipeline)""","Date entered ""Closed won (Sales Pipeline)""","Date entered ""Closed lost (Sales Pipeline)"""
101,Shelf plan,Closed won,120000,Lin Yue,2025-01-13 09:30,2025-03-20 10:00,Sales Pipeline,Wan'an Hypermart,2025-01-13 09:30,2025-02-10 11:00,2025-03-20 10:00,
102,Chillers,Presentation scheduled,80000,Lin Yue,2025-02-03 08:00,2025-12-31 10:00,Sales Pipeline,Yuguo Club,2025-02-03 08:00,2025-03-01 16:00,,
103,New year,Closed lost,30000,Guo,2025-02-05 08:00,2025-04-01 10:00,Sales Pipeline,Jiusui Fresh,2025-02-06 08:00,2025-03-02 16:00,,2025-04-01 10:00
'''
CHINESE = """\
商机编号,商机名称,客户名称,负责人,商机阶段,商机金额（万元）,赢率,创建时间,结束时间,实际结束时间,输单原因,备注
S001,货架方案,万桉大卖场,林悦,赢单,12,100%,2025-01-13 09:30,2025-03-31,2025-03-20,-,老客户
S002,冷柜,屿果会员店,林悦,方案/报价,８,60%,2025年2月3日,2025-12-15,-,-,
S003,年货,九穗生鲜 ,郭,输单,3,0%,2025/2/5,2025-04-30,2025-04-01,价格,
S004,零食,九穗生鲜有限公司,郭,验证客户,,10%,2025-05-05,,,,
"""
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


def written(folder, name, content, encoding="utf-8", suffix=".csv"):
    path = folder / f"{name}{suffix}"
    if suffix == ".csv":
        path.write_text(content, encoding=encoding, newline="\n")
    else:
        lines = pd.read_csv(io.StringIO(content), header=None, names=range(14), dtype=str)
        lines.dropna(axis="columns", how="all").to_excel(path, header=False, index=False)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_salesforce_report_with_title_and_footer(tmp_path, suffix):
    export = read_export(written(tmp_path, "report", SALESFORCE, suffix=suffix))
    deals = export.company.opportunities.set_index("opportunity_id")
    assert export.system == "salesforce"
    assert list(deals["status"]) == ["won", "open", "lost", "open"]
    assert list(deals["stage"].fillna("")) == ["delivery", "proposal", "", "lead"]
    assert deals["amount"].sum() == 230_000
    assert deals.loc["006A2", "expected_close_on"] == pd.Timestamp("2025-12-15")
    assert deals["closed_on"].notna().sum() == 2
    assert len(export.company.accounts) == 3  # Jiusui Fresh once
    assert list(export.set_aside["cause"]) == ["footer", "footer"]
    assert export.set_aside["row"].tolist() == [9, 10]
    assert export.company.as_of == pd.Timestamp("2025-05-05")
    assert not export.company.has("stage_history")
    assert any("no stage history" in note for note in export.notes)


def test_a_salesforce_history_report_beside_it(tmp_path):
    written(tmp_path, "report", SALESFORCE)
    written(tmp_path, "history", SALESFORCE_HISTORY)
    export = read_export(tmp_path)
    entries = export.company.stage_history
    by_deal = {
        deal: list(zip(rows["stage"], rows["entered_on"].dt.strftime("%m-%d"), strict=True))
        for deal, rows in entries.groupby("opportunity_id")
    }
    assert by_deal == {
        "006A1": [("lead", "01-13"), ("needs", "01-20"), ("delivery", "03-20")],
        "006A2": [("lead", "02-03"), ("proposal", "03-01")],
        "006A3": [("lead", "02-05"), ("negotiation", "03-15")],
        "006A4": [("lead", "05-05")],
    }
    lost = export.company.opportunities.set_index("opportunity_id").loc["006A3"]
    assert (lost["stage"], lost["status"]) == ("negotiation", "lost")
    causes = export.set_aside.loc[export.set_aside["file"] == "history.csv", "cause"]
    assert sorted(causes) == ["loss", "same_stage", "unknown_deal"]
    assert (export.files["rows"] == export.files["kept"] + export.files["set_aside"]).all()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_hubspot_with_date_entered_columns(tmp_path, suffix):
    export = read_export(written(tmp_path, "deals", HUBSPOT, suffix=suffix))
    assert export.system == "hubspot"
    entries = export.company.stage_history
    assert list(entries.loc[entries["opportunity_id"] == "101", "stage"]) == [
        "contact",
        "proposal",
        "delivery",
    ]
    lost = entries[entries["opportunity_id"] == "103"]
    assert list(lost["stage"]) == ["lead", "contact", "proposal"]
    assert list(export.company.opportunities["stage"]) == ["delivery", "proposal", "proposal"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_chinese_export_in_each_encoding(tmp_path, encoding):
    folder = tmp_path / "导出 2025"
    folder.mkdir()
    export = read_export(written(folder, "商机 列表", CHINESE, encoding))
    deals = export.company.opportunities.set_index("opportunity_id")
    assert export.system == "fxiaoke"
    assert deals["amount"].fillna(-1).tolist() == [120_000, 80_000, 30_000, -1]
    assert deals.loc["S002", "created_on"] == pd.Timestamp("2025-02-03")
    assert deals["lost_reason"].dropna().tolist() == ["价格"]
    assert deals["probability"].tolist() == [1.0, 0.6, 0.0, 0.1]
    assert export.unmapped["column"].tolist() == ["备注"]
    offered = export.names[["kind", "name", "nearest", "why"]].to_numpy().tolist()
    assert offered == [["account", "九穗生鲜有限公司", "九穗生鲜", "form"]]
    assert deals.loc["S003", "account_id"] != deals.loc["S004", "account_id"]  # not in silence


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(tmp_path, delimiter):
    content = CHINESE.replace(",", delimiter)
    assert len(read_export(written(tmp_path, "deals", content)).company.opportunities) == 4


def test_several_sheets_of_one_workbook(tmp_path):
    path = tmp_path / "全部.xlsx"
    accounts = pd.DataFrame(
        {"客户编号": ["C1", "C2"], "客户名称": ["万桉大卖场", "屿果会员店"], "行业": "零售"}
    )
    with pd.ExcelWriter(path) as book:
        pd.read_csv(io.StringIO(CHINESE), dtype=str).to_excel(book, sheet_name="商机", index=False)
        accounts.to_excel(book, sheet_name="客户", index=False)
        pd.DataFrame({"说明": ["仅供内部使用"]}).to_excel(book, sheet_name="说明", index=False)
    export = read_export(path)
    assert export.company.accounts["account_id"].tolist()[:2] == ["C1", "C2"]
    assert len(export.company.accounts) == 4
    assert any("九穗生鲜" in note and "added" in note for note in export.notes)
    validate(export.company.tables)


def test_lock_files_and_hidden_files_are_passed_over(tmp_path):
    written(tmp_path, "deals", CHINESE)
    (tmp_path / "~$deals.xlsx").write_bytes(b"lock")
    (tmp_path / ".deals.csv").write_bytes(b"")
    assert read_export(tmp_path).files["file"].tolist() == ["deals.csv"]


def test_a_vocabulary_beside_the_export_is_used(tmp_path):
    written(
        tmp_path,
        "deals",
        "单号,甲方,进度,立项,标的\n1,万桉,打样,2025-01-02,5万\n2,邻鹊,拿下,2025-01-03,6万\n",
    )
    (tmp_path / "我们.yaml").write_text(
        "system: ours\ntables:\n  opportunities:\n    opportunity_id: [单号]\n    account_name: [甲方]\n"
        "    stage: [进度]\n    created_on: [立项]\n    amount: [标的]\nstages:\n  proposal: [打样]\nwon: [拿下]\n",
        encoding="utf-8",
    )
    export = read_export(tmp_path)
    assert export.system == "ours"
    assert export.company.opportunities["stage"].tolist() == ["proposal"]
    assert export.set_aside["cause"].tolist() == ["no_closing_date"]


def test_the_summary_is_in_the_readers_language(tmp_path):
    path = written(tmp_path, "deals", CHINESE)
    assert "4 opportunities" in read_export(path).summary()
    language.use("zh")
    assert "商机 4 行" in read_export(path).summary()
