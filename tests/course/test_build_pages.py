"""Are the table of contents and the glossary counted from the sources, and whole in both editions?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ka_course.build_pages import Entry, entries, glossary_page, index
from ka_course.build_plan import chapters
from ka_course.learn_files import shelf
from ka_lib import language
from ka_lib.feedback import load_checks
from ka_lib.quiz_marks import load

ROOT = Path(__file__).parents[2]
FOUND = entries(ROOT, chapters(ROOT))
TERMS = yaml.safe_load((ROOT / "course/glossary.yaml").read_text(encoding="utf-8"))
TWO = [
    Entry("ch00", {"zh": "开场", "en": "Opening"}, 20, 0, 3, 0, 0, 0),
    Entry("ch03", {"zh": "第三章", "en": "Chapter 3"}, 60, 5, 4, 7, 1, 8),
]


def test_each_edition_says_reading_time_questions_and_tasks_by_kind():
    for lang, rows, total, first in (
        (
            "zh",
            [
                "| [开场](ch00.ipynb) | 约 20 分钟 |  |  | [★ 3 题](../../exercises/zh/ch00/ch00.ipynb) |",
                "| [第三章](ch03.ipynb) | 约 60 分钟 | 约 5 秒 | 8 | [★ 4 题，◇ 7 题，书面 1 题](../../exercises/zh/ch03/ch03.ipynb) |",
            ],
            "全部读完约 1 小时；练习 15 题，测验 8 题。",
            "从第一行的“开场”开始",
        ),
        (
            "en",
            [
                "| [Opening](ch00.ipynb) | about 20 min |  |  | [★ 3](../../exercises/en/ch00/ch00.ipynb) |",
                "| [Chapter 3](ch03.ipynb) | about 60 min | about 5 s | 8 | [★ 4, ◇ 7, written 1](../../exercises/en/ch03/ch03.ipynb) |",
            ],
            "About 1 h of reading in all. Exercises: 15. Quiz questions: 8.",
            "Begin with the first row, the opening",
        ),
    ):
        page = index(TWO, lang, glossary=True, my_data=False).splitlines()
        assert [line for line in page if ".ipynb" in line] == rows
        assert total in page
        assert [line for line in page if first in line], "a beginner is told where to begin"
        later = index(TWO[1:], lang, glossary=True, my_data=False)
        assert first not in later, "without the opening nobody is sent there"
        assert page[-1].endswith("](glossary.md)")


@pytest.mark.parametrize("entry", FOUND, ids=lambda entry: entry.name)
def test_a_chapter_of_this_course_is_counted_as_learners_meet_it(entry):
    tasks = load_checks(entry.name)["tasks"].values()
    levels = [task["level"] for task in tasks]
    assert (entry.core, entry.analyst) == (levels.count("core"), levels.count("analyst"))
    assert entry.questions == len(load(entry.name))
    assert 15 <= entry.minutes <= 90
    assert entry.seconds > 0


def test_the_glossary_names_each_term_in_both_languages_with_its_formula_and_chapter():
    terms = {
        "win": {
            "zh": "赢单率",
            "en": "win rate",
            "chapter": 3,
            "definition": {"zh": "赢了几成。", "en": "How many won | lost."},
            "formula": {"zh": "赢单 ÷ 有结果的", "en": "won / decided"},
        },
        "roi": {
            "zh": "投入产出",
            "en": "ROI",
            "chapter": 7,
            "definition": {"zh": "值不值。", "en": "Worth it?"},
            "formula": "(gain - cost) / cost",
        },
    }
    zh, en = (glossary_page(terms, TWO, lang).splitlines() for lang in ("zh", "en"))
    assert "| **赢单率** | win rate | 赢了几成。 `赢单 ÷ 有结果的` |" in zh
    assert "| **win rate** | 赢单率 | How many won \\| lost. `won / decided` |" in en
    assert "| **ROI** | 投入产出 | Worth it? `(gain - cost) / cost` |" in en
    assert "## [第三章](ch03.ipynb)" in zh
    assert "## ch07" in zh  # not written yet: no link that leads nowhere


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_term_of_this_course_stands_in_the_glossary(lang):
    page = glossary_page(TERMS, FOUND, lang)
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(rows) == len(TERMS)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_learners_get_the_glossary_beside_the_lectures(lang):
    files = shelf(ROOT, lang)
    assert f"{lang}/course/glossary.md" in files
    assert b"](course/glossary.md)" in files[f"{lang}/index.md"]
