"""Is every file handed in used, kept aside or listed, and nothing lost or done twice?"""

import csv
import datetime as dt
import io
import os
import zipfile

import pytest
from nbgrader.api import Gradebook

from ka_course.cohorts.collect import collect, read_due, told
from ka_course.cohorts.handed_in import member_name
from ka_course.speech import CourseError
from ka_lib import language

NOON = dt.datetime(2025, 12, 1, 12, 0).astimezone()


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "收到 的"
    folder.mkdir()
    return folder


def put(path, content, hours=0.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    when = (NOON + dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (when, when))
    return path


def used(cohort, learner):
    path = cohort.root / "submitted" / learner / "ch03" / "ch03.ipynb"
    return path.read_bytes() if path.is_file() else None


def outcomes(done):
    return {entry.file: entry.outcome for entry in done.ledger.entries}


def test_names_as_they_come(cohort, inbox, handed):
    put(inbox / "林悦_ch03(1).ipynb", handed("answer = 1"))
    put(inbox / "ch03 - Lin Yue - attempt2.ipynb", handed("answer = 3"))
    put(inbox / "第一组" / "王伟" / "ch03.ipynb", handed("answer = 2"))
    done = collect(cohort, "ch03", inbox)
    assert set(outcomes(done).values()) == {"collected"}
    assert used(cohort, "S01") == handed("answer = 1")
    assert used(cohort, "S02") == handed("answer = 2")
    assert used(cohort, "S03") == handed("answer = 3")
    stamp = cohort.root / "submitted" / "S01" / "ch03" / "timestamp.txt"
    expected = NOON.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    assert stamp.read_text(encoding="utf-8").strip() == expected


def test_one_zip_for_all_with_names_in_gbk(cohort, inbox, handed, tmp_path):
    put(inbox / "林悦" / "ch03.ipynb", handed("answer = 1"))
    packed = tmp_path / "作业.zip"
    member = zipfile.ZipInfo("WXYZ.ipynb", (2025, 12, 1, 11, 0, 0))
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(inbox / "林悦" / "ch03.ipynb", "林悦/ch03.ipynb")
        archive.writestr(member, handed("answer = 2"))
        archive.writestr("__MACOSX/._王伟.ipynb", b"litter")
    _as_gbk(packed, "WXYZ.ipynb", "王伟.ipynb")
    done = collect(cohort, "ch03", packed)
    assert outcomes(done) == {
        "作业.zip/林悦/ch03.ipynb": "collected",
        "作业.zip/王伟.ipynb": "collected",
    }
    assert used(cohort, "S02") == handed("answer = 2")


def _as_gbk(path, instead, name):
    """Write a member's name as Chinese Windows does: GBK bytes, and no word about it."""
    raw = name.encode("gbk")
    assert len(raw) == len(instead)
    path.write_bytes(path.read_bytes().replace(instead.encode(), raw))
    with zipfile.ZipFile(path) as archive:
        assert name in {member_name(member) for member in archive.infolist()}
        assert name not in archive.namelist()


def test_a_zip_a_learner(cohort, inbox, handed):
    for learner, answer in (("林悦", "1"), ("S02", "2")):
        with zipfile.ZipFile(inbox / f"{learner}_ch03.zip", "w") as archive:
            archive.writestr("作业/ch03.ipynb", handed(f"answer = {answer}"))
    collect(cohort, "ch03", inbox)
    assert used(cohort, "S01") == handed("answer = 1")
    assert used(cohort, "S02") == handed("answer = 2")


def test_the_newest_copy_is_used_and_the_others_are_kept(cohort, inbox, handed):
    put(inbox / "林悦.ipynb", handed("answer = 1"), hours=1)
    put(inbox / "林悦(1).ipynb", handed("answer = 2"), hours=3)
    put(inbox / "林悦(2).ipynb", handed("answer = 3"), hours=2)
    put(inbox / "王伟.ipynb", handed("answer = 4"))
    put(inbox / "王伟(1).ipynb", handed("answer = 5"))  # the same time: the number decides
    done = collect(cohort, "ch03", inbox)
    assert used(cohort, "S01") == handed("answer = 2")
    assert used(cohort, "S02") == handed("answer = 5")
    older = [entry for entry in done.ledger.entries if entry.outcome == "older"]
    assert len(older) == 3
    for entry in older:
        assert (cohort.root / entry.kept).read_bytes() == (inbox / entry.file).read_bytes()


def test_running_twice_changes_nothing(cohort, inbox, handed, snapshot):
    put(inbox / "林悦.ipynb", handed("answer = 1"))
    put(inbox / "林悦(1).ipynb", handed("answer = 2"), hours=1)
    put(inbox / "谁.ipynb", handed())
    put(inbox / "notes.docx", b"x")
    collect(cohort, "ch03", inbox, "2025-12-01 12:30")
    before = snapshot(cohort.root)
    done = collect(cohort, "ch03", inbox, "2025-12-01 12:30")
    after = snapshot(cohort.root)
    assert {**after, "gradebook.db": b""} == {**before, "gradebook.db": b""}
    assert sorted(outcomes(done).values()) == ["collected", "older", "refused", "unmatched"]


def test_newer_work_replaces_and_the_older_is_kept(cohort, inbox, handed):
    put(inbox / "林悦.ipynb", handed("answer = 1"))
    collect(cohort, "ch03", inbox)
    put(inbox / "林悦 订正.ipynb", handed("answer = 2"), hours=5)
    done = collect(cohort, "ch03", inbox)
    assert used(cohort, "S01") == handed("answer = 2")
    assert outcomes(done) == {"林悦.ipynb": "replaced", "林悦 订正.ipynb": "collected"}
    kept = next(entry.kept for entry in done.ledger.entries if entry.outcome == "replaced")
    assert (cohort.root / kept).read_bytes() == handed("answer = 1")
    put(inbox / "林悦 旧.ipynb", handed("answer = 0"), hours=-5)
    done = collect(cohort, "ch03", inbox)
    assert used(cohort, "S01") == handed("answer = 2")
    assert outcomes(done)["林悦 旧.ipynb"] == "older"


def test_late_work_is_collected_and_marked(cohort, inbox, handed):
    put(inbox / "林悦.ipynb", handed(), hours=1.5)
    put(inbox / "王伟.ipynb", handed(), hours=-1)
    done = collect(cohort, "ch03", inbox, "2025-12-01 12:00")
    late = {entry.learner: entry.told("en") for entry in done.ledger.entries}
    assert late == {"S01": "late by 1:30", "S02": ""}
    with Gradebook(cohort.db_url) as opened:
        due = opened.find_assignment("ch03").duedate
    assert due == NOON.astimezone(dt.UTC).replace(tzinfo=None)


def test_unmatched_work_is_kept_and_taken_once_it_has_a_name(cohort, inbox, handed):
    path = put(inbox / "林越.ipynb", handed("answer = 9"))
    done = collect(cohort, "ch03", inbox)
    entry = done.ledger.entries[0]
    assert entry.outcome == "unmatched"
    assert "林悦" in entry.told("zh")
    assert (cohort.root / entry.kept).read_bytes() == handed("answer = 9")
    path.rename(inbox / "林悦.ipynb")
    done = collect(cohort, "ch03", inbox)
    assert outcomes(done) == {"林悦.ipynb": "collected"}


def test_the_same_content_of_two_people_counts_for_both(cohort, inbox, handed):
    for name in ("林悦", "王伟", "谁"):
        put(inbox / f"{name}.ipynb", handed())
    done = collect(cohort, "ch03", inbox)
    assert outcomes(done) == {
        "林悦.ipynb": "collected",
        "王伟.ipynb": "collected",
        "谁.ipynb": "unmatched",
    }


def test_another_release_or_chapter_is_listed(cohort, inbox, handed):
    put(inbox / "林悦.ipynb", handed(release="0123456789ab"))
    put(inbox / "王伟.ipynb", handed(assignment="ch04"))
    put(inbox / "Lin Yue.ipynb", b'{"cells": [], "metadata": {}, "nbformat": 4}')
    done = collect(cohort, "ch03", inbox)
    assert outcomes(done) == {
        "林悦.ipynb": "collected",
        "王伟.ipynb": "other_chapter",
        "Lin Yue.ipynb": "not_this",
    }
    assert [note[0] for note in done.ledger.current("S01").notes] == ["no_release"]
    assert used(cohort, "S02") is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"cells": 1, "metadata": {}}']
)
def test_a_broken_notebook_is_used_only_if_there_is_nothing_better(cohort, inbox, handed, content):
    put(inbox / "林悦.ipynb", handed("answer = 1"))
    put(inbox / "林悦(1).ipynb", content, hours=3)
    put(inbox / "王伟.ipynb", content)
    done = collect(cohort, "ch03", inbox)
    assert used(cohort, "S01") == handed("answer = 1")
    assert used(cohort, "S02") == content
    assert done.ledger.current("S02").notes[0][0] == "unreadable"


def test_the_ledger_opens_in_excel_and_runs_no_formula(cohort, inbox, handed):
    put(inbox / "=cmd 林悦.ipynb", handed())
    done = collect(cohort, "ch03", inbox)
    raw = done.table.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0]["文件"] == "'=cmd 林悦.ipynb"
    assert rows[0]["学员"] == "林悦"


@pytest.mark.parametrize(("lang", "words"), [("zh", "没交"), ("en", "not handed in")])
def test_the_table_names_who_is_missing(cohort, inbox, handed, lang, words):
    language.use(lang)
    put(inbox / "林悦.ipynb", handed())
    lines = told(cohort, collect(cohort, "ch03", inbox))
    assert sum(words in line for line in lines) == 2


@pytest.mark.parametrize(
    ("source", "due", "key"),
    [
        ("nowhere", None, "no_source"),
        ("empty", None, "nothing"),
        ("empty", "tomorrow", "bad_due"),
        ("华东 一班/submitted", None, "own_folder"),
    ],
)
def test_bad_input_gives_one_line_and_changes_nothing(cohort, source, due, key, snapshot):
    outside = cohort.root.parent
    (outside / "empty").mkdir()
    before = snapshot(cohort.root)
    with pytest.raises(CourseError) as raised:
        collect(cohort, "ch03", outside / source, due)
    assert raised.value.key == f"collect.{key}"
    assert "\n" not in str(raised.value)
    assert snapshot(cohort.root) == before


def test_a_chapter_that_was_not_released(cohort, inbox):
    with pytest.raises(CourseError) as raised:
        collect(cohort, "ch04", inbox)
    assert raised.value.key == "cohort.not_released"


def test_a_full_disk_gives_one_line(cohort, inbox, handed, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "somewhere")

    put(inbox / "林悦.ipynb", handed())
    monkeypatch.setattr("ka_course.cohorts.collect.replace_file", full)
    with pytest.raises(CourseError) as raised:
        collect(cohort, "ch03", inbox)
    assert raised.value.key == "cohort.cannot_write"
    assert not [path for path in cohort.root.iterdir() if path.name.startswith(".ka-")]


@pytest.mark.parametrize(
    "given", ["2025-12-01 18:00", "2025/12/01 18:00", "2025-12-01 18:00:00", "2025-12-01　18：00"]
)
def test_a_deadline_as_people_write_it(given):
    assert read_due(given).strftime("%Y-%m-%d %H:%M") == "2025-12-01 18:00"
    assert read_due("2025-12-01").strftime("%H:%M:%S") == "23:59:59"
