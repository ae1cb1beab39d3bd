"""Does ``ka progress`` tell done, tried and open apart?"""

from __future__ import annotations

import json

import pytest

from ka_course import cli
from ka_course.progress import bar, report, standing
from ka_course.speech import pad, width
from ka_lib import language


def notes(*lines):
    keys = ("assignment", "task", "outcome")
    return "\n".join(json.dumps(dict(zip(keys, ("ch03", *line), strict=True))) for line in lines)


def test_a_task_passed_once_is_done_whatever_came_later():
    found = standing(notes(("q1", "misconception"), ("q1", "passed"), ("q1", "unforeseen")))
    assert found == {("ch03", "q1"): "done"}


def test_a_wrong_answer_is_a_try_and_an_untouched_cell_is_not():
    found = standing(notes(("q1", "misconception"), ("q2", "unforeseen"), ("q3", "not_tried")))
    assert found == {("ch03", "q1"): "tried", ("ch03", "q2"): "tried"}


def test_half_a_line_costs_that_line_only():
    assert standing(notes(("q1", "passed")) + '\n{"assign\n[]\n"x"') == {("ch03", "q1"): "done"}


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


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "ch03  [######+++++++.......]  做对 1，试过 1，没做 1，共 3 题"),
        ("en", "ch03  [######+++++++.......]  1 done, 1 tried, 1 open, of 3"),
    ],
)
def test_the_report_speaks_the_readers_language(lang, line):
    language.use(lang)
    stands = {("ch03", "q1"): "done", ("ch03", "q2"): "tried"}
    lines = report({"ch03": ["q1", "q2", "q3"]}, stands)
    assert lines[0] == line
    assert lines[1].endswith("q2, q3")


def test_a_chinese_sign_takes_two_columns():
    assert width("漏斗 A") == 6
    assert pad("漏斗", 6) == "漏斗  "


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert cli.run(["progress", "--to", str(tmp_path / "没有")]) == 2
    assert "没有" in capsys.readouterr().err
