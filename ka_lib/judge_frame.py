"""Compare tables by their keys: which rows, which column, which value of the learner's."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from ka_lib.forms import Frame, Number
from ka_lib.judge import (
    EQUAL,
    Kind,
    Verdict,
    as_number,
    differences,
    is_missing,
    near,
    plain_key,
    rows_verdict,
    same,
    same_number,
    wrong_type,
)

if TYPE_CHECKING:
    import pandas as pd

_WHOLE_COLUMN: tuple[Kind, ...] = ("percent", "ten_thousand", "thousand", "rounded")
_SHOWN_KEYS = 5


def compare_frame(form: Frame, expected: pd.DataFrame, answer: Any) -> Verdict:  # noqa: PLR0911 - one a kind
    """Compare two tables in the form's columns.

    Returns
    -------
    Verdict
        The first of these that holds: another kind of object, columns missing, a key that stands
        twice, rows too many, rows too few, a column in a wrong unit, values that differ, the order.
    """
    given = _with_key(form, answer)
    if given is None:
        return wrong_type(answer, "table")
    wanted = _with_key(form, expected)
    if wanted is None:
        raise TypeError(expected)
    judged = form.values  # noqa: PD011 - the form's columns
    needed = [*form.key, *judged]
    if lacking := [name for name in needed if name not in given.columns]:
        near_by = {name: _nearest(name, given) for name in lacking}
        return Verdict("missing_columns", {"columns": lacking, "nearest": near_by})
    if doubled := [name for name in needed if list(given.columns).count(name) > 1]:
        return Verdict("missing_columns", {"columns": doubled, "nearest": {}})
    wanted_keys, given_keys = _keys(form, wanted), _keys(form, given)
    if not form.key and len(wanted_keys) != len(given_keys):
        return Verdict("row_count", {"given": len(given), "wanted": len(wanted)})
    places = {key: place for place, key in enumerate(given_keys)}
    if len(places) != len(given_keys):
        seen: set[Any] = set()
        twice = [key for key in given_keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        return Verdict("duplicate_rows", {"rows": twice[:_SHOWN_KEYS], "count": len(set(twice))})
    missing = [key for key in wanted_keys if key not in places]
    known = set(wanted_keys)
    extra = [key for key in given_keys if key not in known]
    if missing or extra:
        return rows_verdict(missing, extra, len(wanted), len(given))
    matched = given.iloc[[places[key] for key in wanted_keys]]
    for column in judged:
        verdict = _compare_column(form, column, wanted_keys, wanted[column], matched[column])
        if not verdict.equal:
            return verdict
    return Verdict("order") if form.ordered and wanted_keys != given_keys else EQUAL


def _with_key(form: Frame, answer: Any) -> pd.DataFrame | None:
    """Return a table with its key among the columns, or None when the answer is no table."""
    import pandas as pd

    judged = form.values  # noqa: PD011 - the form's columns
    if isinstance(answer, pd.Series) and len(judged) == 1:
        answer = answer.to_frame(judged[0])
    if isinstance(answer, dict) and set(judged) <= set(answer):
        try:
            answer = pd.DataFrame(answer)
        except ValueError:
            return None
    if not isinstance(answer, pd.DataFrame):
        return None
    missing = [name for name in form.key if name not in answer.columns]
    if not missing:
        return answer.reset_index(drop=True)
    if len(missing) == answer.index.nlevels:
        unnamed = all(name is None for name in answer.index.names)
        if unnamed and not isinstance(answer.index, pd.RangeIndex):
            answer = answer.rename_axis(index=missing)
        if set(missing) == set(answer.index.names):
            return answer.reset_index()
    return answer.reset_index(drop=True)


def _keys(form: Frame, frame: pd.DataFrame) -> list[Any]:
    """Return what names each row: its key, or its place from 1 on."""
    if not form.key:
        return list(range(1, len(frame) + 1))
    parts = [[plain_key(value) for value in frame[name]] for name in form.key]
    return parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))


def _nearest(name: str, frame: pd.DataFrame) -> str:
    """Return the column that was probably meant, or an empty text."""
    return next(
        iter(difflib.get_close_matches(name, [str(own) for own in frame.columns], 1, 0.6)), ""
    )


def _compare_column(
    form: Frame, column: str, keys: list[Any], wanted: pd.Series, given: pd.Series
) -> Verdict:
    tolerance = (form.tolerances or {}).get(column, form.tolerance)
    number = Number(
        tolerance=tolerance,
        relative=0.0 if column in (form.tolerances or {}) else form.relative,
        fraction=column in form.fractions,
        unit="yuan" if column in form.yuan else "",
    )
    kinds = [_kind_of(number, one, other) for one, other in zip(wanted, given, strict=True)]
    different = [place for place, kind in enumerate(kinds) if kind != "equal"]
    if not different:
        return EQUAL
    first = different[0]
    if len({kinds[place] for place in different}) == 1 and kinds[first] in _WHOLE_COLUMN:
        details = {"row": keys[first], "column": column, "value": given.iloc[first]}
        return Verdict(kinds[first], details)
    verdict = differences(
        [keys[place] for place in different], len(keys), column, given.iloc[first]
    )
    return Verdict(
        verdict.kind, {**verdict.details, "sum_differs": _sum_differs(wanted, given, tolerance)}
    )


def _kind_of(number: Number, expected: Any, answer: Any) -> Kind:
    wanted, given = as_number(expected), as_number(answer)
    if wanted is not None and given is not None:
        return same_number(number, wanted, given)
    return "equal" if same(expected, answer, number.tolerance, number.relative) else "differs"


def _sum_differs(wanted: pd.Series, given: pd.Series, tolerance: float) -> bool:
    """Return whether the column's total is off too, and not only its split over the rows."""
    totals = []
    for column in (wanted, given):
        values = [0.0 if is_missing(value) else as_number(value) for value in column]
        if any(value is None for value in values):
            return False
        totals.append(sum(value for value in values if value is not None))
    return not near(totals[0], totals[1], tolerance * len(wanted), 1e-9)
