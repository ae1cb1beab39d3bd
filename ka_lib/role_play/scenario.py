"""The conversations of the course as data: who sits opposite, what can be said, where it leads.

They are written in ``course/scenarios`` and shipped beside the quizzes.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from ka_lib.errors import ParameterError
from ka_lib.quiz_marks import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

Scenario = dict[str, Any]
ORDER = ("first_visit", "price_negotiation", "complaint")
_SUFFIX = ".scenario.json"


def names() -> list[str]:
    """Return the scenarios there are, in the order of the course.

    Examples
    --------
    >>> names()
    ['first_visit', 'price_negotiation', 'complaint']
    """
    found = [path.name.removesuffix(_SUFFIX) for path in FOLDER.glob(f"*{_SUFFIX}")]
    return sorted(found, key=lambda name: (name not in ORDER, name in ORDER and ORDER.index(name)))


def load(name: str) -> Scenario:
    """Return a scenario as data, to be changed at will.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    dict
        ``nodes``: what the customer ``says`` and ``feels``, and ``replies`` by their code, each
        with what it does to ``trust`` and ``margin`` and where it leads (``to``; with
        ``least_trust`` only from that trust on, else to ``otherwise``). ``endings``: ``goal``
        (0 to 100, how far the aim was reached) and ``agreed``. Texts are ``{"zh": ..., "en": ...}``.

    Raises
    ------
    ParameterError
        There is no such scenario.
    """
    return copy.deepcopy(_read(name))


def given(scenario: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a scenario by its name, or as it was given."""
    return _read(scenario) if isinstance(scenario, str) else scenario


@cache
def _read(name: str) -> Scenario:
    if name not in names():
        raise ParameterError("role_play.unknown", given=name, known=", ".join(names()) or "-")
    found: Scenario = json.loads((FOLDER / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))
    return found
