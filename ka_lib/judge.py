"""Is this the answer, and if not, how does it differ: one judge for notebook and grader.

Prevents a right answer refused for its clothes (a numpy float, a key in the index, an extra
column), and a wrong one described by nothing more than "wrong".
The difference is told by its kind; the expected value never stands in the details, but
for names of rows and columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, Literal

from ka_lib.forms import Chart, Choice, Date, Form, Items, Mapping, Number, Text

Kind = Literal[
    "equal",
    "not_tried",
    "wrong_type",
    "percent",
    "thousand",
    "ten_thousand",
    "rounded",
    "differs",
    "unknown_code",
    "missing_columns",
    "duplicate_rows",
    "missing_rows",
    "extra_rows",
    "missing_items",
    "row_count",
    "order",
    "row_differs",
    "rows_differ",
    "chart_kind",
    "chart_values",
    "chart_order",
    "chart_axis",
    "chart_labels",
]
_SHOWN_KEYS = 5
_MOST_EXTRA = 1_000
_ROUNDING = 0.1  # rounding that moves a number further is a guess


@dataclass(frozen=True)
class Verdict:
    """What :func:`compare` found.

    Parameters
    ----------
    kind : str
        ``"equal"``, or how the answer differs.
    details : dict
        What a message can name: ``rows``, ``columns``, ``column``, ``row``, ``value`` (the
        answer's own), ``given`` and ``wanted`` (counts or kinds of object), ``count``, ``sum_differs``.
    """

    kind: Kind
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether the answer is the expected one."""
        return self.kind == "equal"


EQUAL = Verdict("equal")


def is_blank(answer: object) -> bool:
    """Return whether a cell was left as it came: ``...`` or ``None``."""
    return answer is ... or answer is None


def compare(form: Form, expected: Any, answer: Any) -> Verdict:  # noqa: PLR0911 - one a form
    """Compare an answer with the expected one.

    Parameters
    ----------
    form : Form
        What the task asks for.
    expected, answer : object
        As worked out, or decoded by :func:`ka_lib.answers.decode`.

    Returns
    -------
    Verdict
        The kind of difference; a NaN equals a NaN, and -0.0 equals 0.

    Examples
    --------
    >>> compare(Number(tolerance=0.0005, fraction=True), 0.44, 44).kind
    'percent'
    """
    if is_blank(answer):
        return Verdict("not_tried")
    if isinstance(form, Number):
        return _compare_number(form, expected, answer)
    if isinstance(form, Text | Choice):
        return _compare_text(form, expected, answer)
    if isinstance(form, Date):
        return _compare_date(expected, answer)
    if isinstance(form, Items):
        return _compare_items(form, expected, answer)
    if isinstance(form, Mapping):
        return _compare_mapping(form, expected, answer)
    if isinstance(form, Chart):
        from ka_lib.judge_chart import compare_chart

        return compare_chart(form, expected, answer)
    from ka_lib.judge_frame import compare_frame

    return compare_frame(form, expected, answer)


def wrong_type(answer: object, wanted: str) -> Verdict:
    """Return the verdict on an answer of another kind than the form asks for."""
    return Verdict("wrong_type", {"given": type(answer).__name__, "wanted": wanted})


def is_missing(value: Any) -> bool:
    """Return whether a scalar is None, NaN, NaT or NA."""
    import pandas as pd

    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, float | Decimal) and math.isnan(value))
    )


def as_number(value: Any, unit: str = "") -> float | None:
    """Return a number of any make as a float, also that of a rate or a one-element Series; else None."""
    for name in ("rate", "per_customer"):
        if hasattr(type(value), "_fields") and name in type(value)._fields:
            value = getattr(value, name)
    if getattr(value, "size", 0) == 1 and hasattr(
        value, "item"
    ):  # numpy scalar, Series or array of one
        value = value.item()
    if isinstance(value, timedelta) and unit == "days":
        return value.total_seconds() / 86400
    if is_missing(value):
        return math.nan
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        return None
    return float(value) + 0.0


def near(expected: float, answer: float, tolerance: float, relative: float = 0.0) -> bool:
    """Return whether two numbers are equal within the tolerance; a missing one equals a missing one."""
    if math.isnan(expected) or math.isnan(answer):
        return math.isnan(expected) and math.isnan(answer)
    if math.isinf(expected) or math.isinf(answer):
        return expected == answer
    # A hair more than the tolerance: 0.3 - 0.1 is not exactly 0.2.
    return abs(expected - answer) <= max(tolerance, relative * abs(expected)) * (1 + 1e-9)


def same_number(form: Number | Mapping, expected: float, answer: float) -> Kind:  # noqa: PLR0911 - one a kind
    """Return ``"equal"``, or how a number differs: by its unit, by early rounding, or otherwise."""
    if near(expected, answer, form.tolerance, form.relative):
        return "equal"
    if expected == 0 or not (math.isfinite(expected) and math.isfinite(answer)):
        return "differs"
    wide = max(form.relative, 0.005)  # a unit is a matter of digits: three are enough to see it
    if form.fraction and near(expected * 100, answer, form.tolerance * 100, wide):
        return "percent"
    if form.unit == "yuan" and near(expected / 10_000, answer, 0, wide):
        return "ten_thousand"
    if form.unit == "yuan" and near(expected / 1_000, answer, 0, wide):
        return "thousand"
    decimals = len(f"{answer:.10f}".rstrip("0").partition(".")[2])
    close = abs(answer - expected) <= _ROUNDING * abs(expected)
    if close and near(round(expected, decimals), answer, 1e-12, 1e-12):
        return "rounded"
    return "differs"


def same(expected: Any, answer: Any, tolerance: float = 1e-9, relative: float = 1e-9) -> bool:
    """Return whether two scalars are the same number, date, text, bool or missing value."""
    if is_missing(expected) or is_missing(answer):
        return is_missing(expected) and is_missing(answer)
    if isinstance(expected, date):
        return _as_date(expected) == _as_date(answer)
    if isinstance(expected, str):
        return isinstance(answer, str) and expected.strip() == answer.strip()
    wanted, given = as_number(_plain(expected), "days"), as_number(_plain(answer), "days")
    if wanted is None or given is None:
        return bool(expected == answer)
    return near(wanted, given, tolerance, relative)


def _plain(value: Any) -> Any:
    """Return True and False as 1 and 0: inside a table a flag may be written either way."""
    return int(value) if type(value).__name__ in ("bool", "bool_") else value


def _compare_number(form: Number, expected: Any, answer: Any) -> Verdict:
    wanted, given = as_number(expected, form.unit), as_number(answer, form.unit)
    if wanted is None:
        raise TypeError(expected)
    if given is None:
        return wrong_type(answer, "number")
    kind = same_number(form, wanted, given)
    return Verdict(kind) if kind == "equal" else Verdict(kind, {"value": given})


def _compare_text(form: Text | Choice, expected: Any, answer: Any) -> Verdict:
    import numpy as np

    if isinstance(answer, np.ndarray) and answer.size == 1:
        answer = answer.item()
    if not isinstance(answer, str):
        return wrong_type(answer, "text")
    if isinstance(form, Text):
        return EQUAL if answer.strip() == expected.strip() else Verdict("differs")
    given = answer.strip().lower()
    if given == expected.strip().lower():
        return EQUAL
    known = given in [code.lower() for code in form.codes]
    return Verdict("differs") if known else Verdict("unknown_code", {"codes": list(form.codes)})


def _as_date(value: Any) -> Any:
    """Return a date without its time of day, or None where there is no date in the value."""
    import numpy as np
    import pandas as pd

    if not isinstance(value, str | date | np.datetime64) or is_missing(value):
        return None
    moment = pd.to_datetime(value, format="ISO8601", errors="coerce")
    return None if pd.isna(moment) else moment.date()


def _compare_date(expected: Any, answer: Any) -> Verdict:
    given = _as_date(answer)
    if given is None and not is_missing(answer):
        return wrong_type(answer, "date")
    return EQUAL if given == _as_date(expected) else Verdict("differs")


def _compare_items(form: Items, expected: Any, answer: Any) -> Verdict:
    import numpy as np
    import pandas as pd

    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if not isinstance(answer, list | tuple | set | frozenset | np.ndarray | pd.Series | pd.Index):
        return wrong_type(answer, "list")
    wanted, given = list(expected), list(answer)
    if form.ordered and len(wanted) == len(given):
        pairs = zip(wanted, given, strict=True)
        if all(same(one, other, form.tolerance) for one, other in pairs):
            return EQUAL
    rest, extra = list(wanted), []
    for value in given:
        found = next(
            (place for place, one in enumerate(rest) if same(one, value, form.tolerance)), None
        )
        if found is None:
            extra.append(value)
        else:
            del rest[found]
        if (
            len(extra) > _MOST_EXTRA
        ):  # far off: to pair the rest would take minutes and change nothing
            extra += given[len(wanted) + len(extra) :]
            break
    if extra:
        return rows_verdict([], extra, len(wanted), len(given))
    if rest:  # naming them would give the answer away
        return Verdict("missing_items", {"given": len(given), "wanted": len(wanted)})
    return Verdict("order") if form.ordered else EQUAL


def rows_verdict(missing: list[Any], extra: list[Any], wanted: int, given: int) -> Verdict:
    """Return the verdict on rows, items or keys that should not be there, or are not.

    Rows too many are told before rows too few: they are the learner's own and give nothing away.
    """
    counts = {"given": given, "wanted": wanted}
    if extra:
        return Verdict("extra_rows", {"rows": extra[:_SHOWN_KEYS], "count": len(extra), **counts})
    return Verdict("missing_rows", {"rows": missing[:1], "count": len(missing), **counts})


def _compare_mapping(form: Mapping, expected: Any, answer: Any) -> Verdict:
    import pandas as pd

    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if not isinstance(answer, dict | pd.Series):
        return wrong_type(answer, "dict")
    if isinstance(answer, pd.Series) and answer.index.has_duplicates:
        doubled = answer.index[answer.index.duplicated()].unique()
        return Verdict(
            "duplicate_rows", {"rows": list(doubled)[:_SHOWN_KEYS], "count": len(doubled)}
        )
    wanted = {plain_key(key): value for key, value in expected.items()}
    given = {plain_key(key): value for key, value in answer.items()}
    if wanted.keys() != given.keys():
        missing = [key for key in wanted if key not in given]
        extra = [key for key in given if key not in wanted]
        return rows_verdict(missing, extra, len(wanted), len(given))
    kinds = {key: _kind_of(form, wanted[key], given[key]) for key in wanted}
    different = [key for key, kind in kinds.items() if kind != "equal"]
    if not different:
        return EQUAL
    shared = {kinds[key] for key in different}
    if (
        shared <= {"percent"}
        or shared <= {"ten_thousand"}
        or shared <= {"thousand"}
        or shared <= {"rounded"}
    ):
        return Verdict(shared.pop(), {"row": different[0], "value": given[different[0]]})
    return differences(different, len(wanted), "", given[different[0]])


def differences(rows: list[Any], total: int, column: str, value: Any) -> Verdict:
    """Return the verdict on rows whose value differs: names one of them, never the right value."""
    details = {"row": rows[0], "count": len(rows), "total": total, "column": column, "value": value}
    return Verdict("row_differs" if len(rows) == 1 else "rows_differ", details)


def plain_key(key: Any) -> Any:
    """Return a key in the one form in which keys are compared."""
    import pandas as pd

    if isinstance(key, str):
        return key.strip()
    if isinstance(key, tuple):
        return tuple(plain_key(part) for part in key)
    if isinstance(key, pd.Period):
        return str(key)
    if is_missing(key):
        return None
    return pd.Timestamp(key) if isinstance(key, date) else key


def _kind_of(form: Mapping, expected: Any, answer: Any) -> Kind:
    wanted, given = as_number(expected), as_number(answer)
    if wanted is not None and given is not None:
        return same_number(form, wanted, given)
    return "equal" if same(expected, answer, form.tolerance, form.relative) else "differs"
