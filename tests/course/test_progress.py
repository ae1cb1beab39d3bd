"""Does ``ka progress`` tell done, tried and open apart, over all chapters?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ka_lib as ka
from ka_course import cli
from ka_course.progress import Chapter, bar, course, read_standing, report, standing
from ka_course.speech import pad, width
from ka_lib import language
from ka_lib.feedback import CHAPTERS, CheckFailed

ROOT = Path(__file__).parents[2]
TWO = [
    Chapter("ch01", "第一章 角色", ("q1",), ("q1", "q2"), ("quiz:a", "quiz:b")),
    Chapter("ch02", "第二章 画像", ("q1", "q2"), ("q1", "q2", "q3"), ("quiz:a",)),
]


def notes(*lines):
    keys = ("assignment", "task", "outcome")
    return "\n".join(json.dumps(dict(zip(keys, ("ch03", *line), strict=True))) for line in lines)


def test_a_task_right_once_is_done_whatever_came_later():
    found = standing(notes(("q1", "misconception"), ("q1", "right"), ("q1", "unforeseen")))
    assert found == {("ch03", "q1"): "done"}


def test_a_wrong_answer_is_a_try_and_an_untouched_cell_is_not():
    found = standing(notes(("q1", "misconception"), ("quiz:step", "wrong"), ("q3", "not_tried")))
    assert found == {("ch03", "q1"): "tried", ("ch03", "quiz:step"): "tried"}


def test_half_a_line_costs_that_line_only():
    assert standing(notes(("q1", "right")) + '\n{"assign\n[]\n"x"') == {("ch03", "q1"): "done"}


def test_what_checks_note_is_what_progress_reads(tmp_path, monkeypatch):
    (tmp_path / ".ka").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KA_CHECKS", raising=False)
    monkeypatch.delenv("KA_COMPANY", raising=False)
    check, _ = ka.assignment("ch03")
    deals = ka.funnel.deals(ka.load(), "2025-01-01", "2025-12-01")
    check("q2", ka.funnel.proposal_success(deals).rate)
    with pytest.raises(CheckFailed):
        check("q1", 0.99)
    assert read_standing(tmp_path) == {("ch03", "q2"): "done", ("ch03", "q1"): "tried"}


@pytest.mark.parametrize(
    ("done", "tried", "total", "drawn"),
    [
        (0, 0, 4, "." * 20),
        (1, 1, 4, "#####+++++.........."),
        (4, 0, 4, "#" * 20),
        (0, 0, 0, "." * 20),
        (1, 2, 3, "######" + "+" * 14),
    ],
)
def test_a_bar_is_as_long_as_the_shares(done, tried, total, drawn):
    assert bar(done, tried, total) == drawn


def test_a_chapter_counts_questions_core_tasks_and_all_tasks():
    language.use("zh")
    stands = {
        ("ch01", "q1"): "done",
        ("ch01", "quiz:b"): "done",
        ("ch02", "q3"): "tried",
        ("ch02", "quiz:a"): "tried",
    }
    _, first, second, *_ = report(TWO, stands)
    assert first.split() == ["第一章", "角色", "1/2", "1/1", "1/2", "[##########..........]"]
    assert second.split() == ["第二章", "画像", "0/1", "0/2", "0/3", "[++++++..............]"]


@pytest.mark.parametrize(
    ("stands", "zh", "en"),
    [
        ({}, "接着做：第一章 角色，第 1 题", "Next: 第一章 角色, Question 1"),
        (
            {("ch01", "q1"): "done"},
            "接着做：第二章 画像，第 1 题、第 2 题",
            "Next: 第二章 画像, Question 1, Question 2",
        ),
        (
            {("ch01", "q1"): "done", ("ch02", "q1"): "done", ("ch02", "q2"): "done"},
            "接着做：第一章 角色，第 2 题",
            "Next: 第一章 角色, Question 2",
        ),
    ],
)
def test_core_tasks_come_next_then_the_others(stands, zh, en):
    for lang, line in (("zh", zh), ("en", en)):
        language.use(lang)
        assert report(TWO, stands)[-1] == line


@pytest.mark.parametrize(("lang", "words"), [("zh", "ka certificate"), ("en", "Every exercise")])
def test_somebody_who_did_everything_hears_of_the_certificate(lang, words):
    language.use(lang)
    everything = {(chapter.name, task): "done" for chapter in TWO for task in chapter.tasks}
    assert words in report(TWO, everything)[-1]


@pytest.mark.parametrize(("lang", "words"), [("zh", "还没有记录"), ("en", "Nothing noted yet")])
def test_a_new_learner_reads_the_whole_table_and_where_to_start(lang, words, tmp_path, capsys):
    assert cli.run(["--lang", lang, "progress", "--to", str(tmp_path)]) == 0
    language.use(lang)
    assert cli.run(["progress", "--to", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert words in told
    assert len(told.splitlines()) > len(list(CHAPTERS.glob("*.checks.json")))


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_chapter_of_this_course_has_a_title_tasks_and_questions(lang):
    found = course(CHAPTERS, ROOT / "course" / lang)
    assert found
    for chapter in found:
        assert chapter.title != chapter.name
        assert set(chapter.core) <= set(chapter.tasks)
        assert chapter.core
        assert chapter.questions


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_line_fits_a_terminal_of_100_columns(lang):
    language.use(lang)
    lines = report(course(CHAPTERS, ROOT / "course" / lang), {})
    assert max(map(width, lines)) <= 100


def test_a_chinese_sign_takes_two_columns():
    assert width("漏斗 A") == 6
    assert pad("漏斗", 6) == "漏斗  "


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert cli.run(["progress", "--to", str(tmp_path / "没有")]) == 2
    assert "没有" in capsys.readouterr().err
