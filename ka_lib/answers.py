"""A learner's answer as plain data: what a notebook worked out, without its objects.

Prevents two failures: judging an object that can lie about itself (so never pickle, only
JSON data of known kinds and sizes), and a check in the notebook that sees more than the grader does.

Numbers, texts, bools and missing values stand for themselves; everything else is a JSON
object whose ``"type"`` says what it is.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import math
import numbers
from collections import namedtuple
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ka_lib.errors import KaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ka_lib.chart_data import ChartData

MAX_CELLS = 200_000
MAX_TEXT = 20_000
MAX_DEPTH = 6
EXACT_DTYPES = frozenset({"bool", "float64", "int64"})


class AnswerError(KaError):
    """An answer cannot be carried: too large, too deep, or not a kind of data an answer has."""


class _Budget:
    """Counts the values of one answer, so that no answer outgrows its judge."""

    def __init__(self) -> None:
        self.cells = 0

    def spend(self, cells: int, depth: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise AnswerError("answers.too_large", limit=f"{MAX_CELLS:,}")
        if depth > MAX_DEPTH:
            raise AnswerError("answers.too_deep", limit=MAX_DEPTH)


def encode(answer: object) -> Any:
    """Return an answer as plain JSON data (no NaN or infinity: strict JSON can carry it).

    Parameters
    ----------
    answer : object
        A number, text, date, missing value, bool, list, set, dict, named tuple or dataclass, Series,
        DataFrame, a ka_lib chart or a matplotlib figure; also ``...`` for a cell not filled in.

    Returns
    -------
    object
        What ``json.dumps(..., allow_nan=False)`` takes.

    Raises
    ------
    AnswerError
        The answer is too large, too deep, or of a kind that no task asks for.

    Examples
    --------
    >>> encode({"A": 3, "B": 0.5})
    {'type': 'dict', 'keys': ['A', 'B'], 'values': [3, 0.5]}
    """
    return _encode(answer, _Budget(), 0)


def _encode(answer: Any, budget: _Budget, depth: int) -> Any:  # noqa: C901, PLR0911, PLR0912 - one line a kind
    import numpy as np
    import pandas as pd

    budget.spend(1, depth)
    if isinstance(answer, np.generic):
        answer = answer if isinstance(answer, np.datetime64 | np.timedelta64) else answer.item()
    if answer is None or isinstance(answer, bool):
        return answer
    if answer is ...:
        return {"type": "blank"}
    if answer is pd.NaT or answer is pd.NA:
        return {"type": "missing"}
    if isinstance(answer, str):
        return _text(answer)
    if isinstance(answer, decimal.Decimal | numbers.Real):
        return _number(answer)
    if isinstance(answer, dt.timedelta | np.timedelta64):
        delta = pd.Timedelta(answer)
        return (
            {"type": "missing"}
            if pd.isna(delta)
            else {"type": "days", "value": delta / pd.Timedelta(days=1)}
        )
    if isinstance(answer, dt.date | np.datetime64):
        date = pd.Timestamp(answer)
        return {"type": "missing"} if pd.isna(date) else {"type": "date", "value": date.isoformat()}
    if isinstance(answer, pd.Period | pd.Interval):
        return _text(str(answer))
    if isinstance(answer, pd.DataFrame):
        return _encode_frame(answer, budget, depth)
    if isinstance(answer, pd.Series):
        budget.spend(len(answer), depth)
        index = _encode_index(answer.index, budget, depth)
        return {
            "type": "series",
            "index": index,
            "values": _encode_column(answer.name, answer, budget, depth),
        }
    if isinstance(answer, Mapping):
        keys = [_encode(key, budget, depth + 1) for key in answer]
        return {
            "type": "dict",
            "keys": keys,
            "values": [_encode(value, budget, depth + 1) for value in answer.values()],
        }
    if isinstance(answer, tuple) and hasattr(answer, "_fields"):
        return _encode_record(answer, list(answer._fields), budget, depth)
    if isinstance(answer, set | frozenset):
        items = sorted((_encode(item, budget, depth + 1) for item in answer), key=repr)
        return {"type": "set", "items": items}
    if isinstance(answer, list | tuple | np.ndarray | pd.Index | pd.api.extensions.ExtensionArray):
        kind = "tuple" if isinstance(answer, tuple) else "list"
        return {"type": kind, "items": [_encode(item, budget, depth + 1) for item in answer]}
    from ka_lib import chart_data

    if (chart := chart_data.read(answer)) is not None:
        return {"type": "chart", "axes": _encode(chart.axes, budget, depth)}
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):  # a rate of ka_lib
        names = [field.name for field in dataclasses.fields(answer)]
        return _encode_record(answer, names, budget, depth)
    raise AnswerError("answers.unknown_kind", kind=type(answer).__name__)


def _encode_record(answer: Any, fields: list[str], budget: _Budget, depth: int) -> dict[str, Any]:
    values = [_encode(getattr(answer, name), budget, depth + 1) for name in fields]
    return {"type": "record", "name": type(answer).__name__, "fields": fields, "values": values}


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise AnswerError("answers.too_long", limit=f"{MAX_TEXT:,}")
    return str(text).encode("utf-8", "replace").decode("utf-8")


def _number(value: Any) -> Any:
    """Return an int or a finite float as it is; the others by name."""
    if isinstance(value, int):
        if abs(value) >= 2**63:
            raise AnswerError("answers.too_large_number")
        return int(value)
    number = float(value)
    if math.isnan(number):
        return {"type": "missing"}
    if math.isinf(number):
        return {"type": "infinity", "value": "+" if number > 0 else "-"}
    return number + 0.0  # -0.0 is 0.0


def _encode_frame(frame: pd.DataFrame, budget: _Budget, depth: int) -> dict[str, Any]:
    budget.spend(frame.size, depth)
    columns = [
        _encode_column(name, frame.iloc[:, place], budget, depth)
        for place, name in enumerate(frame.columns)
    ]
    return {
        "type": "frame",
        "rows": len(frame),
        "index": _encode_index(frame.index, budget, depth),
        "columns": columns,
    }


def _encode_index(index: pd.Index, budget: _Budget, depth: int) -> list[Any]:
    """Return the levels as columns; none for the plain 0, 1, 2 ... of a frame that has no key."""
    import pandas as pd

    if (
        isinstance(index, pd.RangeIndex)
        and index.name is None
        and index.equals(pd.RangeIndex(len(index)))
    ):
        return []
    levels = [(index.names[level], index.get_level_values(level)) for level in range(index.nlevels)]
    return [_encode_column(name, values, budget, depth) for name, values in levels]


def _encode_column(name: Any, values: Any, budget: _Budget, depth: int) -> dict[str, Any]:
    items = [_encode(value, budget, depth + 1) for value in values]
    return {"name": _encode(name, budget, depth + 1), "dtype": str(values.dtype), "items": items}


def decode(data: Any) -> Any:
    """Return the answer that :func:`encode` wrote.

    Named tuples come back as named tuples, charts as :class:`ka_lib.chart_data.ChartData`;
    a NaN, NaT or NA comes back as the missing value of its column's type.

    Raises
    ------
    AnswerError
        The data is not what :func:`encode` writes, whoever wrote it.
    """
    try:
        return _decode(data, _Budget(), 0)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise AnswerError("answers.damaged") from error


def _decode(data: Any, budget: _Budget, depth: int) -> Any:  # noqa: C901, PLR0911, PLR0912 - one line a kind
    import pandas as pd

    budget.spend(1, depth)
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, int | float):
        return _finite(data)
    if isinstance(data, str):
        return _text(data)
    kind = data["type"]
    if kind == "blank":
        return ...
    if kind == "missing":
        return math.nan
    if kind == "infinity":
        return math.inf if data["value"] == "+" else -math.inf
    if kind == "date":
        return pd.Timestamp(data["value"])
    if kind == "days":
        return pd.Timedelta(days=data["value"])
    if kind == "frame":
        return _decode_frame(data, budget, depth)
    if kind == "series":
        values = _decode_column(data["values"], budget, depth)
        values.index = _decode_index(data["index"], len(values), budget, depth)
        return values
    if kind == "chart":
        return _decode_chart(data["axes"], budget, depth)
    if kind == "dict":
        keys = _decode_all(data["keys"], budget, depth)
        return dict(zip(keys, _decode_all(data["values"], budget, depth), strict=True))
    if kind == "record":
        record: Any = namedtuple(data["name"], data["fields"])  # type: ignore[misc] # noqa: PYI024 - known only now
        return record(*_decode_all(data["values"], budget, depth))
    collection = {"list": list, "tuple": tuple, "set": set}[kind]
    return collection(_decode_all(data["items"], budget, depth))


def _finite(number: float) -> float:
    if not math.isfinite(number) or (isinstance(number, int) and abs(number) >= 2**63):
        raise ValueError
    return number


def _decode_all(items: Iterable[Any], budget: _Budget, depth: int) -> list[Any]:
    return [_decode(item, budget, depth + 1) for item in items]


def _decode_frame(data: dict[str, Any], budget: _Budget, depth: int) -> pd.DataFrame:
    import pandas as pd

    columns = [_decode_column(column, budget, depth) for column in data["columns"]]
    if any(len(column) != data["rows"] for column in columns):
        raise ValueError
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(data["rows"]))
    if any(isinstance(column.name, tuple) for column in columns):
        frame.columns = pd.Index([column.name for column in columns], tupleize_cols=False)
    else:
        frame.columns = pd.Index(
            [column.name for column in columns], dtype=None if columns else object
        )
    frame.index = _decode_index(data["index"], len(frame), budget, depth)
    return frame


def _decode_index(levels: list[Any], length: int, budget: _Budget, depth: int) -> pd.Index:
    import pandas as pd

    if not levels:
        return pd.RangeIndex(length)
    columns = [_decode_column(level, budget, depth) for level in levels]
    if any(len(column) != length for column in columns):
        raise ValueError
    if len(columns) == 1:
        return pd.Index(columns[0], name=columns[0].name, tupleize_cols=False)
    return pd.MultiIndex.from_arrays(columns, names=[column.name for column in columns])


def _decode_column(data: dict[str, Any], budget: _Budget, depth: int) -> pd.Series:
    """Return a column in its type; types without an exact JSON form come back as objects."""
    import pandas as pd

    name = _decode(data["name"], budget, depth + 1)
    values = pd.Series(_decode_all(data["items"], budget, depth), dtype=object, name=name)
    dtype = data["dtype"]
    if dtype in EXACT_DTYPES or (dtype.startswith("datetime64[") and "," not in dtype):
        return values.astype(dtype)
    return values


def _decode_chart(axes: Any, budget: _Budget, depth: int) -> ChartData:
    from ka_lib.chart_data import ChartData

    return ChartData(_decode(axes, budget, depth))
