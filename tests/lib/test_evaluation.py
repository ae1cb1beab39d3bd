"""The course's questionnaire: filled in, saved, and summed up for the instructor."""

import html

import pandas as pd
import pytest

from ka_lib import evaluation, language
from ka_lib.errors import ParameterError


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def test_the_four_levels_stand_in_order_and_two_wait_for_30_days():
    table = evaluation.questions()
    assert table["part"].unique().tolist() == ["reaction", "learning", "behaviour", "result"]
    assert table.groupby("when")["part"].unique().map(list).to_dict() == {
        "end": ["reaction", "learning"],
        "day_30": ["behaviour", "result"],
    }
    assert table["question"].is_unique


def test_a_form_gives_what_was_picked_and_nothing_else():
    form = evaluation.form()
    form.controls["useful"].value = 5
    form.controls["used"].value = 2
    form.controls["comment"].value = "  9.3  "
    table = form.answers().set_index("item")
    assert table["score"].dropna().to_dict() == {"useful": 5, "used": 2}
    assert set(table["comment"]) == {"9.3"}


def test_a_class_of_three_by_hand(tmp_path):
    folder = tmp_path / "问卷 spring"
    given = [{"useful": 5, "pace": 4}, {"useful": 4, "pace": 2}, {"useful": 2}]
    for number, scores in enumerate(given):
        evaluation.save(evaluation.answers(scores, "好"), folder / f"学员 {number}.csv")
    table = evaluation.summarise(folder).set_index("item")
    # useful: 5 and 4 of three answers; mean 11 / 3
    assert table.loc["useful", ["base", "count"]].tolist() == [3, 2]
    assert table["rate"]["useful"] == pytest.approx(2 / 3)
    assert table["mean"]["useful"] == pytest.approx(11 / 3)
    assert table.loc["pace", ["base", "count"]].tolist() == [2, 1]
    # Nobody was asked yet: no rate, not 0
    assert table["base"]["figure"] == 0
    assert pd.isna(table["rate"]["figure"])


def test_thirty_days_later_the_same_learner_counts_once(tmp_path):
    evaluation.save(evaluation.answers({"useful": 3}), tmp_path / "a.csv")
    evaluation.save(evaluation.answers({"useful": 3, "used": 4}), tmp_path / "a.csv")
    table = evaluation.summarise(tmp_path).set_index("item")
    assert table.loc[["useful", "used"], "base"].tolist() == [1, 1]


def test_a_file_saved_by_excel_is_read(tmp_path):
    # Excel writes whole numbers as they are and blanks as nothing
    rows = "when,part,item,score,comment\nend,reaction,useful,5,\nend,reaction,pace,,\n"
    (tmp_path / "x.csv").write_text(rows, encoding="utf-8")
    table = evaluation.summarise(tmp_path).set_index("item")
    assert table.loc[["useful", "pace"], "base"].tolist() == [1, 0]


def test_errors_say_what_to_do(tmp_path, lang):
    def fails(zh, en):
        return pytest.raises(ParameterError, match={"zh": zh, "en": en}[lang])

    with fails("没有“fun”", 'no "fun"'):
        evaluation.answers({"fun": 3})
    with fails("1 到 5", "from 1 to 5"):
        evaluation.answers({"useful": 6})
    with fails("一题都还没填", "Nothing is answered"):
        evaluation.save(evaluation.answers({}), tmp_path / "a.csv")
    with fails("以 .csv 结尾", "end in .csv"):
        evaluation.save(evaluation.answers({"useful": 1}), tmp_path / "a.xlsx")
    with fails("没有 .csv 文件", "no .csv file"):
        evaluation.summarise(tmp_path)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with fails("不是这门课的问卷", "not a questionnaire"):
        evaluation.summarise(tmp_path)
    (tmp_path / "other.csv").write_text("item,score\nuseful,9\n", encoding="utf-8")
    with fails("第 2 行的分数是“9”", "row 2: the score is .9."):
        evaluation.summarise(tmp_path)


def test_a_page_without_a_kernel_shows_the_questions(monkeypatch, lang):
    monkeypatch.setenv("KA_STATIC", "1")
    page = evaluation.form()._repr_mimebundle_()["text/html"]
    assert all(html.escape(question) in page for question in evaluation.questions()["question"])
    assert {"zh": "30 天后填", "en": "30 days later"}[lang] in page
