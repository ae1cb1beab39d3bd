"""What is wrong with a quiz, for its author: found by a test before a learner finds it."""

from __future__ import annotations

from typing import Any

from ka_lib.language import LANGUAGES, text
from ka_lib.quiz_marks import order

KINDS = ("one", "several", "number", "order")
_LEAST_TO_ORDER = 3
_ENOUGH_TO_JUDGE = 4  # questions; fewer can be all alike by chance


def problems(quiz: list[dict[str, Any]]) -> list[str]:
    """Return what an author must mend in a quiz; an empty list when it is sound.

    Parameters
    ----------
    quiz : list of dict
        ``{id, kind: one|several|number|order, question: {zh, en}, row_ids, options:
        [{text, right, why}] (of ``order``: [{text, why}] in the right order; they are shown mixed)
        or number: {answer, tolerance, why, mistakes: [{answer, why}]}}``.

    Returns
    -------
    list of str
        Missing languages and explanations, a wrong number of right options, repeated ids, and
        patterns that give the answer away (the right option always the longest or the first).
    """
    found: list[str] = []
    seen: set[str] = set()
    for place, question in enumerate(quiz, 1):
        name = str(question.get("id", f"#{place}"))
        if "id" not in question or name in seen:
            found.append(text("quiz.problem_id", id=name))
        seen.add(name)
        kind = question.get("kind")
        if kind not in KINDS:
            found.append(text("quiz.problem_kind", id=name, kind=kind))
            continue
        found += _both(name, "question", question.get("question"))
        if not question.get("row_ids"):
            found.append(text("quiz.problem_rows", id=name))
        found += _number(name, question) if kind == "number" else _options(name, question)
    return found or _patterns(quiz)


def _both(name: str, part: str, texts: Any) -> list[str]:
    texts = texts if isinstance(texts, dict) else {}
    return [
        text("quiz.problem_language", id=name, part=part, missing=lang)
        for lang in LANGUAGES
        if not str(texts.get(lang) or "").strip()
    ]


def _number(name: str, question: dict[str, Any]) -> list[str]:
    number = question.get("number") or {}
    found = _both(name, "number.why", number.get("why"))
    if not isinstance(number.get("answer"), (int, float)):
        found.append(text("quiz.problem_answer", id=name))
    for i, mistake in enumerate(number.get("mistakes", []), 1):
        found += _both(name, f"number.mistakes[{i}].why", mistake.get("why"))
        if mistake.get("answer") == number.get("answer"):
            found.append(text("quiz.problem_mistake", id=name))
    return found


def _options(name: str, question: dict[str, Any]) -> list[str]:
    options = question.get("options") or []
    found = []
    for i, option in enumerate(options, 1):
        found += _both(name, f"options[{i}].text", option.get("text"))
        found += _both(name, f"options[{i}].why", option.get("why"))
    right = sum(bool(option.get("right")) for option in options)
    if question["kind"] == "order":
        if len(options) < _LEAST_TO_ORDER or any("right" in one for one in options):
            found.append(text("quiz.problem_order", id=name))
        return found + _repeated(name, options)
    wanted = right == 1 if question["kind"] == "one" else right >= 1
    if len(options) < 2 or not wanted or right == len(options):  # noqa: PLR2004 - a choice
        found.append(text("quiz.problem_right", id=name, right=right, options=len(options)))
    return found + _repeated(name, options)


def _repeated(name: str, options: list[dict[str, Any]]) -> list[str]:
    found = []
    for lang in LANGUAGES:
        shown = [str((option.get("text") or {}).get(lang)) for option in options]
        if len(set(shown)) < len(shown):
            found.append(text("quiz.problem_twice", id=name, edition=lang))
    return found


def _patterns(quiz: list[dict[str, Any]]) -> list[str]:
    """Say where the form of the options gives the answer away."""
    single = [question for question in quiz if question["kind"] == "one"]
    if len(single) < _ENOUGH_TO_JUDGE:
        return []
    found = []
    if all(question["options"][order(question)[0]]["right"] for question in single):
        found.append(text("quiz.problem_first"))
    for lang in LANGUAGES:
        longest = [
            max(question["options"], key=lambda option: len(option["text"][lang]))["right"]
            for question in single
        ]
        if sum(longest) > len(longest) / 2:
            found.append(
                text("quiz.problem_longest", edition=lang, count=sum(longest), all=len(longest))
            )
    return found
