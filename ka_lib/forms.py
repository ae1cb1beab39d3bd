"""The forms an answer can take: what a task asks for, and how near counts as equal.

A form is plain data: it travels with the checks, and the grader reads the same one.
Every form forgives what is no mistake: numpy and pandas scalars, ints for floats,
an answer that carries its own ``.rate``, spaces around a text.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Unit = Literal["", "yuan", "days"]


@dataclass(frozen=True)
class Number:
    """One number.

    Parameters
    ----------
    tolerance : float
        Largest difference that still counts as equal, in the answer's unit.
    relative : float
        The same as a share of the expected number; the larger of the two holds.
    fraction : bool
        A share between 0 and 1: an answer a hundred times too large was given in percent.
    unit : {"", "yuan", "days"}
        ``"yuan"``: an answer a thousand or ten thousand times too small was given in thousands or 万元.
    """

    tolerance: float = 1e-9
    relative: float = 1e-9
    fraction: bool = False
    unit: Unit = ""


@dataclass(frozen=True)
class Text:
    """One text; spaces around it do not count."""


@dataclass(frozen=True)
class Choice:
    """One of the codes, ``"proposal"`` for one; spaces and capitals do not count."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Date:
    """One date, as a date of any kind or as text ``"2025-11-30"``."""


@dataclass(frozen=True)
class Items:
    """Several texts, dates or numbers; ``ordered`` says whether their order is part of the answer."""

    ordered: bool = False
    tolerance: float = 1e-9


@dataclass(frozen=True)
class Mapping:
    """One value a key: a dict, or a Series with the keys as its index. Order does not count."""

    tolerance: float = 1e-9
    relative: float = 1e-9
    fraction: bool = False
    unit: Unit = ""


@dataclass(frozen=True)
class Frame:
    """A table; extra columns, the order of columns and the index do not count.

    Parameters
    ----------
    key : tuple of str
        Columns that name a row; they may stand in the index. Empty: rows go by their place.
    values : tuple of str
        Columns that are judged.
    tolerance, relative : float
        As in :class:`Number`, for every numeric column without its own entry in ``tolerances``.
    tolerances : dict of str to float
        A column's own tolerance.
    fractions, yuan : tuple of str
        Columns that hold shares, or amounts in yuan: for them a wrong unit is recognised.
    ordered : bool
        The order of rows is part of the answer.
    """

    key: tuple[str, ...]
    values: tuple[str, ...]
    tolerance: float = 1e-9
    relative: float = 1e-9
    tolerances: dict[str, float] | None = None
    fractions: tuple[str, ...] = ()
    yuan: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart, judged by the data behind it; the unit of the value axis is the learner's choice.

    Parameters
    ----------
    kind : {"bar", "line", "points"}
        What carries the values.
    ordered : bool
        The order of bars or points is part of the answer.
    tolerance, relative : float
        As in :class:`Number`, for every value.
    from_zero : bool
        Whether the value axis reaches zero is part of the answer, as it should be for bars.
    labels : tuple of str
        Of ``"title"``, ``"x_label"``, ``"y_label"``: those that must not be empty. A chart of
        ``ka.charts`` writes its title over the axes, where it is not seen: leave it out for them.
    """

    kind: Literal["bar", "line", "points"]
    ordered: bool = True
    tolerance: float = 1e-9
    relative: float = 0.005
    from_zero: bool = False
    labels: tuple[str, ...] = ()


Form = Number | Text | Choice | Date | Items | Mapping | Frame | Chart
_FORMS: dict[str, type] = {
    form.__name__: form for form in (Number, Text, Choice, Date, Items, Mapping, Frame, Chart)
}


def to_data(form: Form) -> dict[str, Any]:
    """Return a form as JSON data."""
    parameters = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(form).items()
    }
    return {"form": type(form).__name__, **parameters}


def from_data(data: dict[str, Any]) -> Form:
    """Return the form that :func:`to_data` wrote."""
    parameters: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    kind = str(parameters.pop("form"))
    form: Form = _FORMS[kind](**parameters)
    return form
