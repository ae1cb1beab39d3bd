"""Files that cannot be read, or only with care: each gives one clear message."""

import os
import sys

import pytest

from ka_lib import language
from ka_lib.crm import files, read_export
from ka_lib.crm.encodings import decode
from ka_lib.errors import ExportError, TableError

HEADER = "商机编号,商机名称,客户名称,商机阶段,金额,创建时间\n"
ROW = "S1,货架,万桉大卖场,需求确定,120000,2025-01-13\n"


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


def refused(path, **arguments):
    with pytest.raises(ExportError) as caught:
        read_export(path, **arguments)
    messages = []
    for lang in ("zh", "en"):
        language.use(lang)
        messages.append(str(caught.value))
    language.use("en")
    assert messages[0] != messages[1]
    return caught.value.key, messages[1]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "crm.empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "crm.empty"),
        (HEADER.encode(), "crm.empty"),
        (b"%PDF-1.7 \n1 0 obj", "crm.not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "crm.not_a_table"),
        (b"PK\x03\x04 not a workbook", "crm.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "crm.old_xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "crm.encrypted",
        ),
        (b"<html><table><tr><td>Stage</td></tr></table></html>", "crm.html"),
        ((HEADER + ROW).encode() + b'S2,"open quote,a,b,c,d\n', "crm.broken_csv"),
        ((HEADER + ROW * 3).encode() + b"S2,\xff,\n", "crm.encoding"),
        (HEADER.replace("商机名称", "商机阶段").encode() + ROW.encode(), "crm.duplicate_header"),
        ("姓名,手机\n林悦,1\n".encode(), "crm.no_table"),
        ("客户名称,行业\n万桉,零售\n".encode(), "crm.no_opportunities"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, key):
    path = tmp_path / "导出 表.csv"
    path.write_bytes(content)
    found, message = refused(path)
    assert found == key
    assert "导出 表.csv" in message or key == "crm.duplicate_header"


def test_missing_paths_and_empty_folders(tmp_path):
    assert refused(tmp_path / "nothing.csv")[0] == "crm.not_found"
    assert refused(tmp_path)[0] == "crm.empty_folder"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_file_without_permission(tmp_path, monkeypatch):
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert refused(path)[0] == "crm.locked"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    monkeypatch.setattr(files, "LARGEST", 10)
    assert refused(path)[0] == "crm.huge"
    monkeypatch.setattr(files, "LARGEST", 10_000)
    monkeypatch.setattr(files, "MOST_ROWS", 0)
    assert refused(path)[0] == "crm.huge"


def test_an_unknown_system_lists_those_there_are(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    key, message = refused(path, system="sap")
    assert key == "crm.unknown_system"
    assert all(name in message for name in ("salesforce", "hubspot", "fxiaoke", "plain"))
    assert refused(path, as_of="soon")[0] == "crm.as_of"


def test_an_unknown_header_is_shown_with_its_nearest(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text("Oportunity Name,Stge,Amnt\nx,y,1\n", encoding="utf-8")
    assert '"Oportunity Name" meant to be "opportunity name"' in refused(path)[1]


def test_two_currencies_are_refused(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + ROW.replace("120000", "¥12万") + ROW.replace("120000", "$5"), "utf-8")
    with pytest.raises(TableError, match=r"CNY.*USD"):
        read_export(path)
    path.write_text(
        "Opportunity ID,Stage,Amount,Amount Currency,Created Date\n"
        "1,Prospecting,5,CNY,2025-01-01\n2,Prospecting,5,EUR,2025-01-01\n",
        "utf-8",
    )
    with pytest.raises(TableError, match=r"CNY.*EUR"):
        read_export(path)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("客户", "utf-8"),
        ("客户", "gb18030"),
        ("客户,林悦", "gb18030"),
        ("客户", "utf-16"),
        ("Müller,Café", "cp1252"),
        ("plain", "utf-8"),
    ],
)
def test_even_a_few_characters_are_decoded_right(content, encoding):
    assert decode("x.csv", content.encode(encoding)) == (content, encoding)


def test_rows_that_are_too_long_or_blank_are_accounted_for(tmp_path):
    path = tmp_path / "deals.csv"
    longer = ROW.replace("\n", ",extra\n")
    much_longer = ROW.replace("\n", ",extra,more\n")
    second = ROW.replace("S1", "S2")
    path.write_text(HEADER + ROW + "\n" + longer + second + ",,,,,\n", encoding="utf-8")
    export = read_export(path)
    assert export.company.opportunities["opportunity_id"].tolist() == ["S1", "S2"]
    assert export.set_aside[["row", "cause"]].to_numpy().tolist() == [[4, "ragged"]]
    assert any("2 blank lines" in note for note in export.notes)
    path.write_text(HEADER + ROW + much_longer + second, encoding="utf-8")
    assert read_export(path).set_aside["row"].tolist() == [3]


@pytest.mark.parametrize(
    ("amount", "told", "currency", "note"),
    [
        ("$5000", None, "USD", "Amounts are in USD"),
        ("5000", "usd", "USD", "Amounts are in USD"),
        ("5000", None, "CNY", "names no currency"),
        ("¥5000", "USD", "CNY", "Amounts are in CNY"),
    ],
)
def test_the_currency_is_named_by_the_export_or_by_the_reader(
    tmp_path, amount, told, currency, note
):
    path = tmp_path / "deals.csv"
    path.write_text(HEADER + ROW.replace("120000", amount), encoding="utf-8")
    imported = read_export(path, currency=told)
    assert imported.company.currency == currency
    assert any(note in sentence for sentence in imported.notes)


def test_an_account_without_a_parent_is_an_account(tmp_path):
    (tmp_path / "accounts.csv").write_text(
        "Account Name,Parent Account\nAcme,\nAcme East,Acme\n", encoding="utf-8"
    )
    (tmp_path / "deals.csv").write_text(HEADER + ROW.replace("万桉大卖场", "Acme"), "utf-8")
    accounts = read_export(tmp_path).company.accounts.set_index("account_name")
    assert accounts["parent_id"].notna().to_dict() == {"Acme": False, "Acme East": True}
    assert accounts.loc["Acme East", "parent_id"] == accounts.loc["Acme", "account_id"]
