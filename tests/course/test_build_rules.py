"""Does each rule see the source that breaks it, and say where?"""

from __future__ import annotations

import pytest

from ka_course.build_source import parse
from ka_course.rules import problems
from ka_course.rules_course import (
    carriers,
    glossary_gaps,
    rows_of,
    shared_carriers,
    uncarried,
    unknown_rows,
)
from ka_lib import language

ZH, EN = '+++ {"lang": "zh"}\n\n', '\n\n+++ {"lang": "en"}\n\n'
GOOD = f"{ZH}# 甲\n\n看 `stages`。{EN}# A\n\nSee `stages`.\n"


def pair(zh, en):
    return f"{ZH}{zh}{EN}{en}\n"


def code(text, *options):
    lines = "\n".join((*options, "", text) if options else (text,))
    return f"\n```{{code-cell}}\n{lines}\n```\n"


def task(zh="第 1 题（10 分）", en="Question 1 (10 points)"):
    head = '+++ {{"lang": "{}", "task": "q1"}}\n\n{}\n\n'
    return head.format("zh", zh) + head.format("en", en)


SOLUTION = code("answer = ...", ":solution: q1")
TEST = code('check("q1", answer)', ":test: q1", ":points: 10")

BAD = {
    "unpaired": f"{GOOD}\n{ZH}只有中文\n",
    "no_language": GOOD + "\n+++\n\nNo language\n",
    "headings_differ": pair("# 甲\n\n## 乙", "# A"),
    "figures_differ": pair("{{a}}", "{{b}}"),
    "links_differ": pair("[甲](a.md)", "[A](b.md)"),
    "code_differs": pair("看 `stages`", "See `stage`"),
    "tasks_differ": task().replace('"task": "q1"', '"task": "q2"', 1) + SOLUTION + TEST,
    "directive": pair(":::{note}\n甲\n:::", ":::{note}\nA\n:::"),
    "too_long": GOOD + code("\n".join(f"x{line} = 1" for line in range(16))),
    "code_first": code("x = 1") + GOOD,
    "comment_unpaired": GOOD + code("# zh: 甲\nx = 1"),
    "test_first": task() + TEST + SOLUTION,
    "no_points": task() + SOLUTION + code('check("q1", answer)', ":test: q1"),
    "no_test": task() + SOLUTION,
    "solved_twice": task() + SOLUTION + SOLUTION + TEST,
    "points_differ": task(zh="第 1 题（8 分）") + SOLUTION + TEST,
    "no_prompt": GOOD + SOLUTION + TEST,
    "unknown_figure": pair("{{typo}}", "{{typo}}"),
    "id_twice": GOOD + code("x = 1", ":id: a") + code("y = 1", ":id: a"),
}


@pytest.mark.parametrize("key", BAD)
def test_a_source_that_breaks_a_rule_is_found(key):
    found = problems(parse(BAD[key], "course/ch03.md"), {"a", "b"})
    assert key in [problem.key for problem in found]


@pytest.mark.parametrize("key", BAD)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_problem_says_where_in_both_languages(key, lang):
    language.use(lang)
    for problem in problems(parse(BAD[key], "course/ch03.md"), {"a", "b"}):
        assert str(problem).startswith("course/ch03.md:")


@pytest.mark.parametrize(
    "good",
    [
        GOOD,
        task() + SOLUTION + TEST,
        GOOD + code("x = 1  # zh: 甲  # en: one"),
        GOOD + code("\n".join(f"x{line} = 1" for line in range(15))),
        pair("```text\n# 不是标题\n```", "```text\nno heading\n```"),
    ],
)
def test_a_good_source_has_no_problem(good):
    assert problems(parse(good, "course/ch03.md"), {"a"}) == []


def test_the_line_is_the_line_in_the_file():
    (found,) = problems(parse(f"{GOOD}\n{ZH}只有中文\n", "course/ch03.md"))
    assert found.where == "course/ch03.md:15"  # eleven lines, a blank one, the marker, a blank one


def available():
    quiz = [{"id": "base"}, {}]
    lecture = GOOD.replace("# A\n", "## 3.6 Which step leaks?\n")
    widget = code("ka.widgets.funnel()", ":widget: W3")
    return carriers(parse(lecture + widget, "l.md"), parse(task() + SOLUTION + TEST, "a.md"), quiz)


def test_a_chapter_offers_sections_tasks_questions_and_widgets():
    assert available() == {
        *("lecture#3.6", "lecture#which-step-leaks", "task:q1", "widget:W3"),
        *("quiz:1", "quiz:2", "quiz:base"),
    }


def test_a_row_without_a_carrier_and_a_carrier_that_is_not_there_are_found():
    coverage = {"3-1": ["lecture#3.6"], "3-2": [], "3-3": ["task:q9"]}
    there = {f"ch03:{carrier}" for carrier in available()}
    found = list(uncarried(coverage, ["3-1", "3-2", "3-3", "3-4"], there, home="ch03"))
    assert [(problem.key, problem.facts["row"]) for problem in found] == [
        ("row_uncarried", "3-2"),
        ("carrier_missing", "3-3"),
        ("row_uncarried", "3-4"),
    ]


def test_a_row_may_be_carried_by_another_chapter_a_scenario_a_report_or_a_tool(tmp_path):
    for place in ("course/scenarios/first_visit.yaml", "reports/funnel-review.md"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch()
    there = {f"ch03:{carrier}" for carrier in available()} | shared_carriers(tmp_path)
    carried = ["ch03:task:q1", "scenario:first_visit", "report:funnel-review", "tool:ka.load"]
    astray = ["task:q1", "ch04:task:q1", "scenario:no", "report:no", "tool:ka.no", "tool:os.path"]
    found = list(uncarried({"E1": carried + astray}, ["E1"], there))
    assert [problem.facts["carrier"] for problem in found] == astray


def test_chapter_two_counts_from_nought_and_the_curriculum_has_286_rows():
    assert rows_of(2) == [f"2-{turn}" for turn in range(9)]
    assert sum(len(rows_of(chapter)) for chapter in range(12)) == 286


def test_a_row_that_the_curriculum_does_not_have_is_found():
    found = list(unknown_rows({"2-0": [], "2-9": [], "E6": [], "E7": []}))
    assert [problem.facts["row"] for problem in found] == ["2-9", "E7"]


def test_a_glossary_entry_is_whole_and_stands_once():
    whole = {"zh": "漏斗", "en": "funnel", "definition": {"zh": "…", "en": "…"}, "chapter": 3}
    assert list(glossary_gaps({"funnel": whole})) == []
    found = list(
        glossary_gaps({"a": whole, "b": {**whole, "zh": "赢率", "definition": {"zh": "…"}}})
    )
    assert [problem.key for problem in found] == ["term_incomplete", "term_twice"]
    half = {**whole, "formula": {"zh": "签约 ÷ 线索"}}
    lost = {key: value for key, value in half.items() if key != "chapter"}
    found += list(glossary_gaps({"a": half})) + list(glossary_gaps({"a": lost}))
    assert [problem.key for problem in found[2:]] == [
        "term_half_formula",
        "term_half_formula",
        "term_without_chapter",
    ]
    assert list(glossary_gaps({"a": {**whole, "chapter": 0, "formula": "a / b"}})) == []
    assert all(str(problem).startswith("course/glossary.yaml: ") for problem in found)
