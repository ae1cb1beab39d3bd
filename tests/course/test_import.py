"""What does a sales rep get from ``ka import``, and what is never lost?"""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest

from ka_course import cli, import_command
from ka_lib.company import PRACTICE, load
from ka_lib.crm import read_export

DEALS = """\
商机编号,商机名称,客户名称,负责人,商机阶段,商机金额,赢率,创建时间,预计成交日期,实际结束时间,输单原因,备注
S001,货架方案,万桉大卖场,林悦,赢单,12万,100%,2025-01-13,2025-03-31,2025-03-20,-,老客户
S002,冷柜,屿果会员店,林悦,方案/报价,"8,000",60%,2025年2月3日,2025-12-15,,,
007,年货,万桉大卖场有限公司,郭,输单,3,0%,2025/2/5,2025-04-30,2025-04-01,None,
S004,<b>零食</b>,NA,郭,验证客户,面议,10%,2025-05-05,,,,"原文, 保留"
"""
ORDERS = "订单编号,客户名称,下单日期,金额,毛利\nD1,万桉大卖场,2025-01-05,100.5,20\n"


def run(*arguments, lang="en"):
    with pytest.raises(SystemExit) as left:
        cli.main(["import", *map(str, arguments), "--lang", lang])
    return left.value.code


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "CRM 导出"
    folder.mkdir()
    (folder / "商机.csv").write_text(DEALS, encoding="gb18030")
    (folder / "订单.csv").write_text(ORDERS, encoding="utf-8-sig")
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_are_read_back_as_they_were(export, tmp_path, capsys, lang):
    out = tmp_path / "标准表 tables"
    assert run(export, "--out", out, "--currency", "CNY", lang=lang) == 0
    said = capsys.readouterr().out
    assert str(out / "report.html") in said
    imported = read_export(export)
    company = load(out)
    assert (company.name, company.as_of, company.currency) == (
        "CRM 导出",
        imported.company.as_of,
        "CNY",
    )
    for name, frame in imported.company.tables.items():
        pd.testing.assert_frame_equal(company.tables[name], frame.reset_index(drop=True))
    deals = company.opportunities.set_index("opportunity_id")
    assert deals.loc["007", "lost_reason"] == "None"  # leading zeros and a word stay
    assert (out / "accounts.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # Excel shows Chinese


def test_the_currency_of_the_export_is_kept(export, tmp_path):
    (export / "订单.csv").unlink()
    path = export / "商机.csv"
    path.write_text(DEALS.replace("12万", "$5").replace('"8,000"', "$7"), encoding="gb18030")
    assert run(path, "--out", tmp_path / "out") == 0
    assert load(tmp_path / "out").currency == "USD"


def test_the_practice_companys_raw_export_comes_through(tmp_path):
    assert run(PRACTICE / "raw", "--out", tmp_path / "out") == 0
    assert len(load(tmp_path / "out").opportunities) > 600


@pytest.mark.parametrize(
    ("lang", "words", "no_words"),
    [
        (
            "zh",
            ["没有计入的行", "换了写法的值", "用上的列", "没用上的列", "名称相近"],
            "Rows set aside",
        ),
        ("en", ["Rows set aside", "Columns used", "Columns not used", "nearly match"], "没有计入"),
    ],
)
def test_the_page_says_what_was_mapped_mended_and_set_aside(
    export, tmp_path, lang, words, no_words
):
    out = tmp_path / "out"
    assert run(export, "--out", out, lang=lang) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    shown = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
    assert all(word in shown for word in words)
    assert no_words not in shown
    for fact in ("12万 → 120,000", "2025年2月3日 → 2025-02-03", "备注", "面议", "原文, 保留"):
        assert fact in shown
    assert "<b>零食</b>" in shown  # shown as it was written
    assert "<b>零食" not in page  # and not taken for HTML
    assert "http" not in re.sub(r"http-equiv", "", page)  # nothing to fetch


def test_the_csv_report_keeps_every_row_set_aside_with_text_and_reason(export, tmp_path):
    out = tmp_path / "out"
    run(export, "--out", out)
    report = pd.read_csv(out / "report.csv", encoding="utf-8-sig", dtype="str")
    aside = report[report["What"] == "row set aside"]
    assert aside[["File", "Row"]].to_numpy().tolist() == [["商机.csv", "5"]]
    assert "面议" in aside["Reason or use"].iloc[0]
    written = 'S004,<b>零食</b>,NA,郭,验证客户,面议,10%,2025-05-05,,,,"原文, 保留"'
    assert aside["As written"].tolist() == [written]
    assert set(report["What"]) == {
        *("file", "column used", "column not used", "read in another way"),
        *("row set aside", "near name", "note"),
    }


def test_a_second_run_with_answers_puts_names_together(export, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(export, "--out", out, "--currency", "CNY") == 0
    page = html.unescape((out / "report.html").read_text(encoding="utf-8"))
    names_file = out / "names.csv"
    assert f'ka import "{export}" --out "{out}" --currency "CNY" --names "{names_file}"' in page
    assert "names.csv: 1" in capsys.readouterr().out
    names = pd.read_csv(out / "names.csv", encoding="utf-8-sig", dtype="str")
    assert names["Name"].tolist() == ["万桉大卖场有限公司"]
    assert load(out).accounts["account_name"].str.startswith("万桉").sum() == 2
    names["Same one? (yes/no)"] = "yes"
    names.to_csv(out / "names.csv", index=False, encoding="utf-8-sig")
    # Without --names the answers would be lost.
    assert run(export, "--out", out) == 2
    assert "holds your answers" in capsys.readouterr().err
    assert run(export, "--out", out, "--names", out / "names.csv") == 0
    assert "was replaced" in capsys.readouterr().out
    assert load(out).accounts["account_name"].str.startswith("万桉").sum() == 1
    kept = pd.read_csv(out / "names.csv", encoding="utf-8-sig", dtype="str")
    assert kept["Same one? (yes/no)"].tolist() == ["yes"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_folder_with_other_content_is_left_alone(export, tmp_path, capsys, lang):
    out = tmp_path / "out"
    out.mkdir()
    (out / "合同.docx").write_bytes(b"mine")
    assert run(export, "--out", out, lang=lang) == 2
    assert "合同.docx" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["合同.docx"]
    (out / "合同.docx").rename(out / "accounts.csv")  # a name like ours is not enough
    assert run(export, "--out", out, lang=lang) == 2
    assert (out / "accounts.csv").read_bytes() == b"mine"
    assert run(export, "--out", export, lang=lang) == 2
    assert run(export / "商机.csv", "--out", export, lang=lang) == 2
    assert run(export, "--out", export / "商机.csv", lang=lang) == 2


def test_an_earlier_import_is_replaced_whole(export, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(export, "--out", out) == 0
    assert (out / "orders.csv").is_file()
    assert run(export / "商机.csv", "--out", out) == 0
    assert "was replaced" in capsys.readouterr().out
    assert not (out / "orders.csv").exists()


def test_nothing_is_left_behind_when_the_export_cannot_be_read(export, tmp_path, capsys):
    out = tmp_path / "out"
    (export / "商机.csv").write_text(DEALS.replace("12万", "$5").replace('"8,000"', "¥7"), "utf-8")
    assert run(export, "--out", out) == 2
    assert "two currencies" in capsys.readouterr().err
    assert not out.exists()
    assert run(export / "nothing.csv", "--out", out) == 2
    assert run(export, "--out", out, "--system", "sap") == 2
    assert "sap" in capsys.readouterr().err


def test_options_reach_the_importer(export, tmp_path):
    ours = tmp_path / "ours.yaml"
    ours.write_text("system: ours\ntables: {opportunities: {product: [备注]}}\n", encoding="utf-8")
    path = export / "商机.csv"
    path.write_text(DEALS.replace("2025/2/5", "5/2/2025"), encoding="utf-8")
    out = tmp_path / "out"
    run(
        *(path, "--out", out, "--vocabulary", ours, "--dates", "day-first"),
        *("--as-of", "2025-06-30", "--currency", "usd"),
    )
    company = load(out)
    assert company.as_of == pd.Timestamp("2025-06-30")
    assert company.currency == "USD"
    deals = company.opportunities.set_index("opportunity_id")
    assert deals.loc["S001", "product"] == "老客户"
    assert deals.loc["007", "created_on"] == pd.Timestamp("2025-02-05")


def test_a_long_import_says_what_it_does(export, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(import_command, "_PATIENCE", 0.0)
    assert run(export, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Reading 商机.csv"
    assert "Working on opportunities (商机.csv)" in said
    assert said[-1] == "Writing tables and report"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_on_the_practice_company_refuses_an_unknown_system(tmp_path, capsys, lang):
    with pytest.raises(SystemExit) as left:
        cli.main(
            [
                *("report", "funnel-review", "--data=practice", "--system=sap"),
                *(f"--out={tmp_path}", f"--lang={lang}"),
            ]
        )
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "sap" in said
    assert "dynamics" in said
