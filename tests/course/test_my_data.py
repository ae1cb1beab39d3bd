"""Does the "My data" panel work without a terminal, and without keeping customer data?"""

from __future__ import annotations

import datetime as dt

import pytest

import ka_lib as ka
from ka_course import my_data, my_data_files, my_data_tables
from ka_course.speech import CourseError
from ka_lib.crm import read_export

CSV = "商机编号,客户名称,创建日期,金额,阶段,备注\n1,九穗生鲜,2025-03-01,100,方案,记得回访\n2,邻鹊便利,,50,方案,\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "我的 data"
    my_data_files.save(place, "商机.csv", CSV.encode("gb18030"))
    return place


def wait(panel):
    panel.work.join(60)
    assert not panel.work.is_alive()


def test_an_upload_never_replaces_another_file(folder):
    assert my_data_files.save(folder, "商机.csv", CSV.encode("gb18030")) == "商机.csv"
    assert my_data_files.save(folder, "商机.csv", b"other") == "商机-2.csv"
    assert my_data_files.save(folder, "../../out.csv", b"x") == "out.csv"
    assert my_data_files.save(folder, "C:\\down\\a.csv", b"x") == "a.csv"


def test_several_files_can_be_read_together(folder):
    assert my_data_files.choices(folder) == ["商机.csv"]
    (folder / "客户.xlsx").write_bytes(b"")
    (folder / "~$客户.xlsx").write_bytes(b"")
    (folder / "reports").mkdir()
    assert my_data_files.choices(folder) == [".", "商机.csv", "客户.xlsx"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_panel_shows_columns_and_reasons_but_no_customer(folder, lang):
    ka.use(lang)
    shown = my_data_tables.understood(read_export(folder / "商机.csv"))
    for column in ("商机编号", "客户名称", "备注"):
        assert column in shown
    assert "九穗" not in shown
    assert "记得回访" not in shown


def test_choosing_a_file_opens_the_way_to_the_report(folder):
    ka.use("zh")
    panel = my_data.Panel(folder)
    assert panel.start.disabled
    panel.file.value = "商机.csv"
    wait(panel)
    assert not panel.start.disabled
    assert str(panel.day.value) == "2025-03-01"


def test_an_unreadable_file_is_explained_and_another_can_be_chosen(folder):
    ka.use("zh")
    (folder / "空.csv").write_text("", encoding="utf-8")
    panel = my_data.Panel(folder)
    panel.file.value = "空.csv"
    wait(panel)
    assert "空.csv" in panel.said.value
    assert panel.start.disabled
    assert not panel.file.disabled


def test_uploads_are_forgotten_once_saved(folder):
    ka.use("en")
    panel = my_data.Panel(folder)
    day = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    content = memoryview(CSV.encode())
    about = {"name": "a b.csv", "type": "", "size": len(content), "last_modified": day}
    panel.upload.value = ({**about, "content": content},)
    wait(panel)
    assert panel.upload.value == ()
    assert (folder / "a b.csv").read_bytes() == CSV.encode()
    assert panel.file.value == "a b.csv"


def test_what_the_report_refuses_is_said_in_the_panel(folder, monkeypatch):
    ka.use("en")

    def refuse(*_, **__):
        raise CourseError("report.says", what="No such owner.")

    monkeypatch.setattr(my_data, "run_report", refuse)
    panel = my_data.Panel(folder)
    panel.file.value = "商机.csv"
    wait(panel)
    panel.make()
    wait(panel)
    assert "No such owner." in panel.said.value
    assert not panel.start.disabled
    assert panel.progress.layout.visibility == "hidden"


def test_dates_and_currency_can_be_told(folder):
    ka.use("en")
    (folder / "us.csv").write_text(
        "Opportunity Name,Account Name,Stage,Amount,Created Date,Close Date\n"
        "A,Acme,Prospecting,100,03/05/2025,04/06/2025\n",
        encoding="utf-8",
    )
    panel = my_data.Panel(folder)
    panel.file.value = "us.csv"
    wait(panel)
    assert "two ways" in panel.said.value
    assert panel.start.disabled
    panel.dates.value = "month-first"
    wait(panel)
    assert str(panel.day.value) == "2025-03-05"
    assert not panel.start.disabled
    panel.currency.value = "USD"
    wait(panel)
    assert "USD" in panel.shown.value
