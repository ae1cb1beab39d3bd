"""Does a certificate come only when it is earned, and does it say whose word it is?"""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ka_course import certificate, cli
from ka_course.certificate import missing
from ka_course.certificate_page import Page, clean_name, draw
from ka_course.progress import Chapter, shipped_course
from ka_course.speech import CourseError
from ka_lib import language

DAY = dt.date(2025, 12, 31)
CHAPTERS = [
    Chapter("ch01", "第一章 角色", ("q1",), ("q1", "q2")),
    Chapter("ch02", "第二章 画像", ("q1", "q2"), ("q1", "q2", "q3")),
]


@pytest.fixture
def folder(tmp_path):
    """A learner's folder whose notes say what is right."""
    place = tmp_path / "学习 folder"
    (place / ".ka").mkdir(parents=True)

    def note(*done):
        lines = [
            json.dumps({"assignment": chapter, "task": task, "outcome": "right"})
            for chapter, task in done
        ]
        (place / ".ka" / "progress.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return place

    return note


@pytest.fixture
def _small(monkeypatch):
    monkeypatch.setattr(certificate, "shipped_course", lambda: CHAPTERS)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh", "第二章 画像：第 1 题、第 2 题"), ("en", "第二章 画像: Question 1, Question 2")],
)
def test_what_is_missing_is_named_and_nothing_is_written(lang, line, folder, capsys):
    language.use(lang)
    place = folder(("ch01", "q1"), ("ch02", "q3"))
    assert cli.run(["certificate", "--name", "林悦", "--to", str(place)]) == 1
    told = capsys.readouterr().out
    assert line in told
    assert "角色" not in told
    assert list(place.glob("*.pdf")) == []


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_core_tasks_are_enough(lang, folder, tmp_path, capsys):
    language.use(lang)
    place = folder(("ch01", "q1"), ("ch02", "q1"), ("ch02", "q2"))
    words = ["certificate", "--name", "Lin Yue", "--to", str(place)]
    assert cli.run(words) == 0
    assert (place / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert cli.run([*words, "--out", str(tmp_path / "新 folder" / "我的.pdf")]) == 0
    assert "我的.pdf" in capsys.readouterr().out
    assert (tmp_path / "新 folder" / "我的.pdf").is_file()


def test_a_new_learner_of_the_real_course_misses_every_chapter():
    found = shipped_course()
    assert len(missing(found, {})) == len(found) > 0


def shown(kind="self_study"):
    return Page("林悦", kind, "完成了。", [("第一章 角色", "练习 1/2")], "没有经过讲师批改。")


def test_the_page_says_which_kind_it_is():
    for lang, words in (("zh", "自学证明"), ("en", "Self-study certificate")):
        language.use(lang)
        assert words in drawn_words(shown())
        assert words not in drawn_words(shown("graded"))


def drawn_words(page):
    """Return all that is written on the page, by drawing it."""
    from matplotlib.figure import Figure

    written = []
    with pytest.MonkeyPatch.context() as patch:
        original = Figure.text

        def text(self, x, y, words, **look):
            written.append(words)
            return original(self, x, y, words, **look)

        patch.setattr(Figure, "text", text)
        draw(page, DAY)
    return written


def test_name_chapters_day_and_source_stand_on_it():
    language.use("zh")
    words = drawn_words(shown())
    expected = {"林悦", "第一章 角色", "练习 1/2", "2025 年 12 月 31 日", "没有经过讲师批改。"}
    assert expected <= set(words)


def test_the_font_is_embedded_and_nothing_else_is_asked_for():
    content = draw(shown(), DAY)
    assert b"/FontFile2" in content  # TrueType, embedded
    assert b"NotoSansSC-Bold" in content
    for standard in (b"/BaseFont /Helvetica", b"/BaseFont /Times", b"http"):
        assert standard not in content


def test_the_same_page_and_day_give_the_same_bytes():
    assert draw(shown(), DAY) == draw(shown(), DAY)
    assert draw(shown(), DAY) != draw(shown(), dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    "name",
    [
        "林悦",
        "王喆堃",
        "阿卜杜热合曼·买买提吐尔逊·艾合买提江·阿布都外力",
        "Zoë Łukasiewicz",
        "Maria Fernanda de la Concepción Rodríguez-Villanueva y García of Somewhere",
        "A$ and B$",
    ],
)
def test_a_name_stays_inside_the_frame(name):
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figures = []
    with pytest.MonkeyPatch.context() as patch:
        original = Figure.__init__

        def init(self, *given, **settings):
            original(self, *given, **settings)
            figures.append(self)

        patch.setattr(Figure, "__init__", init)
        draw(Page(clean_name(name), "self_study", "…", [("…", "…")], "…"), DAY)
    (figure,) = figures
    renderer = FigureCanvasAgg(figure).get_renderer()
    with mpl.rc_context({"text.parse_math": False}):
        boxes = [
            text.get_window_extent(renderer)
            for text in figure.texts
            if text.get_text().replace("\n", "")[:2] == name[:2]
        ]
    wide, high = figure.bbox.width, figure.bbox.height
    assert boxes
    for box in boxes:
        assert 0.05 * wide < box.x0 < box.x1 < 0.95 * wide
        assert 0.64 * high < box.y0 < box.y1 < 0.79 * high


@pytest.mark.parametrize(
    ("name", "key"),
    [("  ", "no_name"), ("한석봉", "unknown_sign"), ("林悦\x07", "unknown_sign"), ("悦" * 70, "long_name")],
)  # fmt: skip
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_name_that_cannot_be_printed_gives_one_line(name, key, lang, folder, capsys):
    with pytest.raises(CourseError) as refused:
        clean_name(name)
    assert refused.value.key == f"certificate.{key}"
    language.use(lang)
    assert cli.run(["certificate", "--name", name, "--to", str(folder())]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_place_that_cannot_be_written_gives_one_line(folder, monkeypatch, capsys):
    monkeypatch.setattr(certificate, "shipped_course", list)
    place = folder()
    (place / "certificate.pdf").mkdir()
    assert cli.run(["certificate", "--name", "林悦", "--to", str(place)]) == 2
    assert "certificate.pdf" in capsys.readouterr().err
