"""An answer as a reader sees it in a message: short, with the digits that matter."""

from __future__ import annotations

import math
from typing import Any

from ka_lib import language
from ka_lib.forms import Form, Mapping, Number
from ka_lib.judge import as_number, is_missing

_LONGEST = 60
_SMALLEST = 0.001  # below it, four decimals show nothing


class Shown(str):
    """A value's text, that still takes a number's format: ``{answer}`` as well as ``{answer:.2f}``."""

    __slots__ = ("value",)
    value: Any

    def __format__(self, spec: str) -> str:
        """Format the number behind the text; without one, the text."""
        number = as_number(self.value)
        if not spec or number is None or math.isnan(number):
            return str(self)
        try:
            return format(int(number) if spec[-1] == "d" else number, spec)
        except (ValueError, OverflowError):
            return str(self)


def shown(value: Any, form: Form | None = None) -> Shown:
    """Return a value as text for a message.

    Parameters
    ----------
    value : object
        The learner's answer, or a fact that a message names.
    form : Form, optional
        What the task asks for: shares keep four decimals, money has thousands separators.
    """
    text = Shown(_text(value, form))
    text.value = value
    return text


def _text(value: Any, form: Form | None) -> str:  # noqa: PLR0911 - one a kind
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = ", ".join(str(name) for name in value.columns[:8])
        return language.text("feedback.shown_table", rows=len(value), columns=columns)
    if isinstance(value, pd.Series) and len(value) != 1:
        keyed = isinstance(form, Mapping) and not value.index.has_duplicates
        return _text(dict(value.items()) if keyed else list(value), form)
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    if isinstance(value, dict):
        return _list(
            [f"{_text(key, None)}: {_text(one, form)}" for key, one in list(value.items())[:7]],
            len(value),
        )
    number = as_number(value)
    if number is not None:
        return number_text(number, fraction=isinstance(form, Number | Mapping) and form.fraction)
    if isinstance(value, list | tuple | set):
        return _list([_text(one, form) for one in list(value)[:7]], len(value))
    if is_missing(value):
        return language.text("feedback.shown_missing")
    if hasattr(value, "date") and callable(value.date):
        return str(value.date())
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _list(parts: list[str], length: int) -> str:
    return ", ".join(parts) + (", …" if length > len(parts) else "")


def number_text(number: float, *, fraction: bool = False) -> str:
    """Return a number with the digits that matter: 0.0769, 3.27, 1,180,000."""
    if math.isnan(number):
        return language.text("feedback.shown_missing")
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    if abs(number) < 1:
        return (
            f"{number:.4f}".rstrip("0").rstrip(".")
            if abs(number) >= _SMALLEST or number == 0
            else f"{number:.2g}"
        )
    decimals = 4 if fraction else 2
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".")
