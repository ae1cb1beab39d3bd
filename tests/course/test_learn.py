"""Does ``ka learn`` lay what is new and leave what the learner wrote?"""

from __future__ import annotations

import datetime as dt
import errno
import json
import socket
from pathlib import Path

import nbformat
import pytest

from ka_course import learn_files, learn_server
from ka_course.learn_files import lay, shelf
from ka_course.speech import CourseError
from ka_lib import language

TODAY = dt.date(2026, 3, 2)
PLACE = "en/course/ch03.ipynb"


def notebook(*sources):
    cells = [
        nbformat.v4.new_code_cell(source, id=f"c{turn}") for turn, source in enumerate(sources)
    ]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


@pytest.fixture
def folder(tmp_path):
    """A learner's folder with a space and Chinese in its name, one notebook laid."""
    made = tmp_path / "学 习"
    lay({PLACE: notebook("x = 1")}, made, TODAY)
    return made


def edit(folder, *sources):
    (folder / PLACE).write_bytes(notebook(*sources))


def test_a_missing_notebook_is_laid_again(folder):
    (folder / PLACE).unlink()
    laid = lay({PLACE: notebook("x = 1")}, folder, TODAY)
    assert laid.new == [PLACE]
    assert (folder / PLACE).read_bytes() == notebook("x = 1")


def test_an_unchanged_notebook_is_updated_in_place(folder):
    laid = lay({PLACE: notebook("x = 2")}, folder, TODAY)
    assert laid.updated == [PLACE]
    assert (folder / PLACE).read_bytes() == notebook("x = 2")


def test_outputs_metadata_and_ids_are_no_change(folder):
    ran = nbformat.reads(notebook("x = 1").decode(), as_version=4)
    ran.cells[0].update(execution_count=7, id="other", metadata={"collapsed": True})
    ran.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    (folder / PLACE).write_text(nbformat.writes(ran), encoding="utf-8")

    assert lay({PLACE: notebook("x = 2")}, folder, TODAY).updated == [PLACE]


def test_a_run_notebook_keeps_its_outputs_while_nothing_new_is_shipped(folder):
    ran = nbformat.reads(notebook("x = 1").decode(), as_version=4)
    ran.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    (folder / PLACE).write_text(nbformat.writes(ran), encoding="utf-8")
    before = (folder / PLACE).read_bytes()
    lay({PLACE: notebook("x = 1")}, folder, TODAY)
    assert (folder / PLACE).read_bytes() == before


def test_a_changed_notebook_stays_and_the_new_version_goes_into_a_dated_folder(folder):
    edit(folder, "x = 1", "mine = 5")
    laid = lay({PLACE: notebook("x = 2")}, folder, TODAY)

    dated = "en/2026-03-02/course/ch03.ipynb"
    assert laid.aside == {PLACE: dated}
    assert (folder / PLACE).read_bytes() == notebook("x = 1", "mine = 5")
    assert (folder / dated).read_bytes() == notebook("x = 2")


def test_a_new_version_is_put_aside_once(folder):
    edit(folder, "mine = 5")
    lay({PLACE: notebook("x = 2")}, folder, TODAY)
    again = lay({PLACE: notebook("x = 2")}, folder, TODAY + dt.timedelta(days=1))
    assert again.kept == [PLACE]
    assert not again.aside


def test_two_versions_on_one_day_both_stay(folder):
    edit(folder, "mine = 5")
    lay({PLACE: notebook("x = 2")}, folder, TODAY)
    laid = lay({PLACE: notebook("x = 3")}, folder, TODAY)
    assert laid.aside == {PLACE: "en/2026-03-02-2/course/ch03.ipynb"}


def test_a_changed_notebook_without_a_new_version_is_left_alone(folder):
    edit(folder, "mine = 5")
    assert lay({PLACE: notebook("x = 1")}, folder, TODAY).kept == [PLACE]


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\xfe", b"[]", b'{"cells": [{}]}'])
def test_a_broken_notebook_counts_as_changed(folder, broken):
    (folder / PLACE).write_bytes(broken)
    assert PLACE in lay({PLACE: notebook("x = 2")}, folder, TODAY).aside
    assert (folder / PLACE).read_bytes() == broken


@pytest.mark.parametrize("record", ["", "[]", '{"a": 1}', "{"])
def test_a_lost_record_never_costs_the_learners_work(folder, record):
    edit(folder, "mine = 5")
    (folder / learn_files.RECORD).write_text(record, encoding="utf-8")
    lay({PLACE: notebook("x = 2")}, folder, TODAY)
    assert (folder / PLACE).read_bytes() == notebook("mine = 5")


def test_links_in_the_table_of_contents_lead_to_laid_files(tmp_path):
    for place in (
        "course/zh/ch03.ipynb",
        "course/zh/my-data.ipynb",
        "exercises/zh/ch03/ch03.ipynb",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(notebook())
    links = "[a](ch03.ipynb) [b](../../exercises/zh/ch03/ch03.ipynb) [c](my-data.ipynb)"
    (tmp_path / "course/zh/index.md").write_text(links, encoding="utf-8")

    files = shelf(tmp_path, "zh")
    assert sorted(files) == [
        "zh/course/ch03.ipynb",
        "zh/exercises/ch03.ipynb",
        "zh/index.md",
        "zh/my-data.ipynb",
    ]
    assert (
        files["zh/index.md"]
        == b"[a](course/ch03.ipynb) [b](exercises/ch03.ipynb) [c](my-data.ipynb)"
    )


def test_an_install_without_notebooks_says_so(tmp_path):
    with pytest.raises(CourseError) as raised:
        shelf(tmp_path, "zh")
    assert raised.value.key == "learn.nothing_shipped"
    assert "zh" in str(raised.value)


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        lay({PLACE: notebook()}, tmp_path / "taken", TODAY)
    assert raised.value.key == "learn.is_a_file"
    assert str(tmp_path / "taken") in str(raised.value)
    assert ".ka" not in str(raised.value)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "learn.disk_full"),
        (errno.EACCES, "learn.no_permission"),
        (errno.EIO, "learn.cannot_write"),
    ],
)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_write_that_fails_leaves_the_notebook_and_says_why(
    folder, monkeypatch, number, key, lang
):
    def fail(*_):
        raise OSError(number, "why", "here.ipynb")

    monkeypatch.setattr(Path, "replace", fail)
    language.use(lang)
    with pytest.raises(CourseError) as raised:
        lay({PLACE: notebook("x = 2")}, folder, TODAY)
    assert raised.value.key == key
    assert "here.ipynb" in str(raised.value)
    assert (folder / PLACE).read_bytes() == notebook("x = 1")
    assert list((folder / PLACE).parent.iterdir()) == [folder / PLACE]


def test_a_port_in_use_is_named_and_another_is_found():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CourseError, match=str(port)):
            learn_server.free_port(port)
    assert learn_server.free_port(None) >= learn_server.FIRST_PORT


def test_settings_stay_in_the_learners_folder(tmp_path):
    config = json.loads(
        learn_server.prepare(tmp_path, "zh", 8888, browser=False).read_text("utf-8")
    )
    assert config["LabApp"]["app_settings_dir"] == str(tmp_path / ".ka" / "settings")
    assert config["ServerApp"]["jpserver_extensions"][
        "nbgrader.server_extensions.validate_assignment"
    ]
    overrides = json.loads((tmp_path / ".ka/settings/overrides.json").read_text("utf-8"))
    assert overrides["@jupyterlab/translation-extension:plugin"]["locale"] == "zh_CN"


def test_the_landing_page_is_the_table_of_contents(tmp_path):
    assert learn_server.landing(tmp_path, "en") == "/lab/tree/en"
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "index.md").write_text("", encoding="utf-8")
    assert learn_server.landing(tmp_path, "en") == "/lab/tree/en/index.md"
