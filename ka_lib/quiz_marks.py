"""Questions as data: in which order options stand, whether an answer is right, and why."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ka_lib.errors import ParameterError
from ka_lib.language import current, text
from ka_lib.units import to_half_width

FOLDER = Path(__file__).parent / "chapters"


@dataclass(frozen=True)
class Marked:
    """What an answer is worth: right or not, and what to read about it.

    Parameters
    ----------
    right : bool
        The whole answer is right.
    notes : tuple of (bool or None, str, str)
        For each option to explain: whether it belongs to the answer (None: a plain remark),
        its text, and why.
    """

    right: bool
    notes: tuple[tuple[bool | None, str, str], ...]


def load(chapter: str) -> list[dict[str, Any]]:
    """Return a chapter's questions as data.

    Raises
    ------
    ParameterError
        The chapter has no quiz.
    """
    path = FOLDER / f"{chapter}.quiz.json"
    known = {one.name.removesuffix(".quiz.json") for one in FOLDER.glob("*.quiz.json")}
    if chapter not in known:
        raise ParameterError("quiz.unknown", given=chapter, known=", ".join(sorted(known)) or "-")
    return json.loads(path.read_text(encoding="utf-8"))


def order(question: dict[str, Any]) -> list[int]:
    """Return the options' places as shown: mixed, but the same for every reader and language."""

    def place(index: int) -> str:
        return hashlib.sha256(f"{question['id']}/{index}".encode()).hexdigest()

    mixed = sorted(range(len(question["options"])), key=place)
    solved = question.get("kind") == "order" and mixed == sorted(mixed)
    return [*mixed[1:], mixed[0]] if solved else mixed


def mark(question: dict[str, Any], answer: list[int] | float) -> Marked:
    """Judge an answer and collect what to read about it.

    Parameters
    ----------
    question : dict
        One question from `load`.
    answer : list of int, or float
        The options chosen (places in the source), for ``order`` in the order given, or the number.

    Returns
    -------
    Marked
        Every chosen option with its reason; after a right answer, every option.
    """
    lang = current()
    if question["kind"] == "number":
        return _mark_number(question["number"], cast("float", answer))
    if question["kind"] == "order":
        return _mark_order(question["options"], cast("list[int]", answer))
    chosen = set(cast("list[int]", answer))
    options = question["options"]
    right = chosen == {i for i, option in enumerate(options) if option["right"]}
    notes: tuple[tuple[bool | None, str, str], ...] = tuple(
        (bool(options[i]["right"]), options[i]["text"][lang], options[i]["why"][lang])
        for i in order(question)
        if right or i in chosen
    )
    if not right and all(options[i]["right"] for i in chosen):
        notes = (*notes, (None, "", text("quiz.more_to_choose")))
    return Marked(right, notes)


def _mark_order(options: list[dict[str, Any]], given: list[int]) -> Marked:
    """Judge an order: the source's own is the right one. A wrong one hears how far it is right."""
    lang = current()
    wrong = next((place for place, one in enumerate(given) if one != place), None)
    if wrong is None:
        notes = tuple((True, one["text"][lang], one["why"][lang]) for one in options)
        return Marked(right=True, notes=notes)
    key = "quiz.order_none" if wrong == 0 else "quiz.order_until"
    words = text(key, number=wrong, next=wrong + 1)
    return Marked(right=False, notes=((None, "", words),))


def _mark_number(number: dict[str, Any], given: float) -> Marked:
    lang = current()
    room = number.get("tolerance", 0) + 1e-12
    if abs(given - number["answer"]) <= room:
        return Marked(right=True, notes=((None, "", number["why"][lang]),))
    for mistake in number.get("mistakes", []):
        if abs(given - mistake["answer"]) <= room:
            return Marked(right=False, notes=((None, "", mistake["why"][lang]),))
    return Marked(right=False, notes=((None, "", text("quiz.try_again")),))


def read_number(written: str) -> float | None:
    """Return the number a reader typed (``40%``, ``1,200``, full-width digits), or None."""
    plain = re.sub(r"[\s,]", "", to_half_width(written))
    share = plain.endswith("%")
    try:
        return float(plain.rstrip("%")) / (100 if share else 1)
    except ValueError:
        return None
