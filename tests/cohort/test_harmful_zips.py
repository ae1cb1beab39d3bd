"""Is a zip that means harm refused with a line, while everything else is taken in?"""

import io
import os
import stat
import zipfile

import pytest

from ka_course.cohorts import handed_in
from ka_course.cohorts.collect import collect


def collected(cohort, path):
    done = collect(cohort, "ch03", path)
    return {entry.file: [note[0] for note in entry.notes] for entry in done.ledger.entries}


@pytest.mark.parametrize(
    "name",
    [
        "../林悦.ipynb",
        "a/../../林悦.ipynb",
        "/somewhere/林悦.ipynb",
        "C:\\林悦.ipynb",
        "C:林悦.ipynb",
        "..\\..\\林悦.ipynb",
        "\\\\server\\share\\林悦.ipynb",
        "con/林悦.ipynb",
        "林悦/NUL.ipynb",
        "x" * 600 + "/林悦.ipynb",
    ],
)
def test_a_hostile_path_is_refused_and_the_rest_is_taken_in(cohort, tmp_path, handed, name):
    packed = tmp_path / "in" / "w.zip"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, handed("answer = 66600666"))
        archive.writestr("王伟.ipynb", handed())
    outside = sorted(path for path in tmp_path.rglob("*") if cohort.root not in path.parents)
    found = collected(cohort, packed)
    assert found.pop("w.zip/王伟.ipynb") == []
    assert list(found.values()) == [["why_path"]]
    assert not (cohort.root / "submitted" / "S01").exists()
    assert outside == sorted(
        path for path in tmp_path.rglob("*") if cohort.root not in path.parents
    )
    for path in cohort.root.rglob("*"):
        assert not path.is_file() or b"66600666" not in path.read_bytes()


def test_a_link_in_a_zip_or_folder_is_not_followed(cohort, tmp_path, handed):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(handed("answer = 'SECRET'"))
    inbox = tmp_path / "in"
    inbox.mkdir()
    link = zipfile.ZipInfo("王伟.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(inbox / "w.zip", "w") as archive:
        archive.writestr(link, str(secret))
    try:
        (inbox / "林悦.ipynb").symlink_to(secret)
    except OSError:
        pytest.skip("links need a privilege on this system")
    assert collected(cohort, inbox) == {
        "林悦.ipynb": ["why_link"],
        "w.zip/王伟.ipynb": ["why_link"],
    }


def test_a_bomb_is_refused_as_a_whole(cohort, tmp_path):
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("林悦.ipynb", b"\0" * 30_000_000)
    assert collected(cohort, packed) == {"bomb.zip": ["why_bomb"]}


def test_a_zip_that_lies_about_its_size_is_stopped_while_reading(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "LARGEST_ZIP", 2_000_000)
    packed = tmp_path / "liar.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("林悦.ipynb", os.urandom(900_000) + b"0" * 4_000_000)
    raw = packed.read_bytes()
    true, claimed = (4_900_000).to_bytes(4, "little"), (1_000_000).to_bytes(4, "little")
    packed.write_bytes(raw.replace(true, claimed))
    found = collected(cohort, packed)
    assert set(found) <= {"liar.zip", "liar.zip/林悦.ipynb"}
    assert next(iter(found.values()))[0] in {"why_bomb", "why_broken_member"}
    assert not (cohort.root / "submitted" / "S01").exists()


def test_zips_in_zips_end_somewhere(cohort, tmp_path, handed):
    content, name = handed(), "林悦.ipynb"
    for _ in range(6):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, content)
        content, name = out.getvalue(), "x.zip"
    (tmp_path / "x.zip").write_bytes(content)
    found = collected(cohort, tmp_path / "x.zip")
    assert list(found.values()) == [["why_deep"]]


def test_many_members(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "MOST_MEMBERS", 10)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(11):
            archive.writestr(f"{number}.txt", b"")
    assert collected(cohort, tmp_path / "many.zip") == {"many.zip": ["why_many"]}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("w.zip", b"PK\x03\x04 nothing", "why_broken_zip"),
        ("w.zip", b"", "why_broken_zip"),
        ("w.rar", b"Rar!", "why_archive"),
        ("w.7z", b"7z", "why_archive"),
        ("w.py", b"print()", "why_other_file"),
    ],
)
def test_what_is_no_zip_gets_its_line(cohort, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    assert collected(cohort, tmp_path / name) == {name: [reason]}


def test_a_password_gets_its_line(cohort, tmp_path, handed):
    packed = tmp_path / "w.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.ipynb", handed())
    raw = bytearray(packed.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1
    packed.write_bytes(raw)
    assert collected(cohort, packed) == {"w.zip/a.ipynb": ["why_password"]}


def test_a_damaged_member_does_not_stop_the_others(cohort, tmp_path, handed):
    packed = tmp_path / "w.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("林悦.ipynb", handed("answer = 111"))
        archive.writestr("王伟.ipynb", handed("answer = 2"))
    packed.write_bytes(packed.read_bytes().replace(b"answer = 111", b"answer = 222"))
    found = collected(cohort, packed)
    assert found == {"w.zip/林悦.ipynb": ["why_broken_member"], "w.zip/王伟.ipynb": []}
