import copy
import json

import pytest

from ka_lib import language, quiz_marks
from ka_lib.errors import ParameterError
from ka_lib.quiz_check import problems
from ka_lib.quiz_marks import mark, order, read_number
from ka_lib.quizzes import quiz


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


def both(text: str) -> dict[str, str]:
    return {"zh": f"中{text}", "en": f"en {text}"}


def option(text: str, right: bool = False) -> dict[str, object]:
    return {"text": both(text), "right": right, "why": both(f"why {text}")}


ONE = {
    "id": "q1", "kind": "one", "question": both("Which <step>? `gap`"), "row_ids": ["3-24"],
    "options": [option("right", right=True), option("wrong"), option("also wrong, and longer")],
}  # fmt: skip
SEVERAL = {
    "id": "q2", "kind": "several", "question": both("Which?"), "row_ids": ["3-3"],
    "options": [option("yes", right=True), option("no"), option("yes too", right=True)],
}  # fmt: skip
NUMBER = {
    "id": "q3", "kind": "number", "question": both("What share?"), "row_ids": ["3-16"],
    "number": {"answer": 0.4, "tolerance": 0.005, "why": both("40 of 100"),
               "mistakes": [{"answer": 0.08, "why": both("all leads")}]},
}  # fmt: skip
ORDER = {
    "id": "q4", "kind": "order", "question": both("In which order?"), "row_ids": ["3-9"],
    "options": [{"text": both(word), "why": both(f"why {word}")} for word in ("lead", "needs", "deal")],
}  # fmt: skip
QUIZ = [ONE, SEVERAL, NUMBER, ORDER]


@pytest.fixture
def board(tmp_path, monkeypatch):
    monkeypatch.setattr(quiz_marks, "FOLDER", tmp_path)
    (tmp_path / "ch03.quiz.json").write_text(json.dumps(QUIZ), encoding="utf-8")
    return quiz("ch03")


def test_a_wrong_choice_is_explained_and_nothing_more_given_away() -> None:
    marked = mark(ONE, [1])
    assert not marked.right
    assert len(marked.notes) == 1
    assert marked.notes[0][0] is False


def test_a_right_answer_explains_every_option() -> None:
    marked = mark(ONE, [0])
    assert marked.right
    assert len(marked.notes) == 3


def test_several_must_be_complete() -> None:
    assert mark(SEVERAL, [2, 0]).right
    half = mark(SEVERAL, [0])
    assert not half.right
    assert half.notes[-1][0] is None  # says that more belong
    assert not mark(SEVERAL, [0, 1, 2]).right


def test_numbers_have_room_and_known_mistakes(lang: str) -> None:
    assert mark(NUMBER, 0.404).right
    known = mark(NUMBER, 0.08)
    assert known.notes[0][2] == both("all leads")[lang]
    assert "40 of 100" not in mark(NUMBER, 0.5).notes[0][2]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0.4", 0.4), ("40%", 0.4), ("４０％", 0.4), ("1,200", 1200), (" 3 ", 3), ("", None), ("多", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed: str, number: float | None) -> None:
    assert read_number(typed) == (number if number is None else pytest.approx(number))


def test_the_order_is_the_same_for_everyone_and_not_the_authors() -> None:
    questions = [{**ONE, "id": f"q{i}"} for i in range(40)]
    orders = [order(question) for question in questions]
    assert orders == [order(question) for question in questions]
    first = sum(o[0] == 0 for o in orders)
    assert 4 <= first <= 24


def test_an_order_is_never_shown_already_solved() -> None:
    assert all(order({**ORDER, "id": f"q{i}"}) != [0, 1, 2] for i in range(40))


def test_answering_on_the_board_counts_and_explains(board, lang: str) -> None:
    one, several, number, sequence = board.questions
    one.button.click()
    assert {"zh": "先选一个答案", "en": "Choose an answer first"}[lang] in one.answer.value
    one.field.value = 1
    one.button.click()
    assert {"zh": "还不对", "en": "Not yet"}[lang] in one.answer.value
    one.field.value = 0
    one.button.click()
    one.button.click()
    assert {"zh": "答对 1 题，共 4 题", "en": "1 of 4 right"}[lang] in board.score.value
    for place, box in zip(order(SEVERAL), several.field.children, strict=True):
        box.value = place != 1
    several.button.click()
    number.field.value = "40%"
    number.button.click()
    assert {"zh": "答对 3 题，共 4 题", "en": "3 of 4 right"}[lang] in board.score.value
    sequence.button.click()
    assert {"zh": "每个序号只用一次", "en": "each number once"}[lang] in sequence.answer.value
    for place, choice in zip(order(ORDER), sequence.field.choices, strict=True):
        choice.value = place + 1
    sequence.button.click()
    assert {"zh": "答对 4 题，共 4 题", "en": "4 of 4 right"}[lang] in board.score.value


def test_an_order_hears_how_far_it_is_right_and_not_what_comes_next(lang: str) -> None:
    assert mark(ORDER, [0, 1, 2]).right
    assert [note[0] for note in mark(ORDER, [0, 1, 2]).notes] == [True, True, True]
    late = mark(ORDER, [0, 2, 1])
    assert not late.right
    assert {"zh": "前 1 步对了", "en": "as far as number 1"}[lang] in late.notes[0][2]
    assert {"zh": "第 1 步就不对", "en": "not first"}[lang] in mark(ORDER, [2, 1, 0]).notes[0][2]


def test_a_number_used_twice_is_no_order_yet(board, lang: str) -> None:
    sequence = board.questions[3]
    for choice in sequence.field.choices:
        choice.value = 1
    sequence.button.click()
    assert {"zh": "每个序号只用一次", "en": "each number once"}[lang] in sequence.answer.value


def test_answers_are_noted_for_the_progress(board, tmp_path, monkeypatch) -> None:
    (tmp_path / ".ka").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KA_CHECKS", raising=False)
    one = board.questions[0]
    for choice in (1, 0):
        one.field.value = choice
        one.button.click()
    lines = (tmp_path / ".ka" / "progress.jsonl").read_text(encoding="utf-8").splitlines()
    notes = [json.loads(line) for line in lines]
    assert [(note["assignment"], note["task"], note["outcome"]) for note in notes] == [
        ("ch03", "quiz:q1", "wrong"),
        ("ch03", "quiz:q1", "right"),
    ]


def test_text_is_escaped_and_code_is_set_as_code(board) -> None:
    head = board.questions[0].children[0].value
    assert "&lt;step&gt;" in head
    assert "<code>gap</code>" in head


def test_an_unknown_chapter_names_the_known_ones(board) -> None:
    assert board
    with pytest.raises(ParameterError, match="ch03"):
        quiz("../ch03")


def test_a_sound_quiz_has_no_problems() -> None:
    assert problems(QUIZ) == []


def broken(change) -> list[dict]:
    quiz = copy.deepcopy(QUIZ)
    change(quiz)
    return quiz


@pytest.mark.parametrize(
    "change",
    [
        lambda quiz: quiz[0]["question"].pop("en"),
        lambda quiz: quiz[0]["options"][1].pop("why"),
        lambda quiz: quiz[0]["options"][1]["why"].update(zh=" "),
        lambda quiz: quiz[0]["options"][1].update(right=True),
        lambda quiz: quiz[0]["options"][0].update(right=False),
        lambda quiz: quiz[1]["options"][1].update(right=True),
        lambda quiz: quiz[0]["options"][1].update(text=both("right")),
        lambda quiz: quiz[0].update(kind="match"),
        lambda quiz: quiz[0].update(kind="order"),
        lambda quiz: quiz[3]["options"].pop(),
        lambda quiz: quiz[3]["options"][1].pop("why"),
        lambda quiz: quiz[3]["options"][1].update(text=both("deal")),
        lambda quiz: quiz[1].update(id="q1"),
        lambda quiz: quiz[0].pop("row_ids"),
        lambda quiz: quiz[2]["number"].update(answer="40%"),
        lambda quiz: quiz[2]["number"]["mistakes"][0].update(answer=0.4),
        lambda quiz: quiz[2]["number"].pop("why"),
    ],
)
def test_each_fault_of_an_author_is_named(change) -> None:
    assert len(problems(broken(change))) >= 1


def test_a_right_option_that_is_mostly_the_longest_is_reported() -> None:
    telling = [
        {**ONE, "id": f"q{i}", "options": [option("right, because it is long", right=True), option("no"), option("n")]}
        for i in range(5)
    ]  # fmt: skip
    assert len(problems(telling)) == 2  # in both languages
