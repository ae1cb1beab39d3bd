"""The likely cause of a run-time error, as a key of the catalogue with what its message names.

Prevents a beginner facing thirty lines of traceback for a comma typed in Chinese.
"""

from __future__ import annotations

import difflib
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_lib.likely_typo import joined_texts, syntax_cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Cause = tuple[str, dict[str, Any]]
IMPORTED_AS = {"pd": "import pandas as pd", "np": "import numpy as np", "ka": "import ka_lib as ka"}
# Of Python's own names, those that a beginner means; `open` or `__name__` are near to much.
MEANT = (
    *("abs", "all", "any", "bool", "dict", "enumerate", "float", "help", "int", "len", "list"),
    *(
        "max",
        "min",
        "print",
        "range",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
    ),
)
NOT_MEANT = {"In", "Out", "exit", "get_ipython", "open", "quit"}  # IPython's, in every notebook
MADE_ABOVE = {"check", "hint", "company"}


def cause(
    error: BaseException, names: Mapping[str, Any], source: str = "", line: str = ""
) -> Cause:
    """Return the likely cause of an error.

    Parameters
    ----------
    error : BaseException
        What the cell raised.
    names : mapping
        What is defined where it was raised: names to objects.
    source, line : str
        The cell's code, and its line that failed, where known.

    Returns
    -------
    tuple of (str, dict)
        A key of ``messages/explain.yaml`` and its facts; ``"other"`` when nothing better fits.
    """
    if isinstance(error, SyntaxError):
        return syntax_cause(error, source)
    if "ellipsis" in str(error).lower():
        return "blank", {}
    finders = {
        NameError: _name,
        KeyError: _key,
        AttributeError: _attribute,
        ModuleNotFoundError: _module,
        FileNotFoundError: _file,
        ZeroDivisionError: _zero,
        TypeError: _type,
        ValueError: _value,
        IndexError: _index,
    }
    for kind, finder in finders.items():
        if isinstance(error, kind):
            found = finder(error, names, line)
            if found:
                return found
    return "other", {"message": str(error) or type(error).__name__}


def nearest(name: str, known: Iterable[Any], count: int = 1) -> list[str]:
    """Return the names that were probably meant: the same but for capitals, or nearly the same."""
    texts = [one for one in known if isinstance(one, str)]
    same = [one for one in texts if one.lower().strip() == name.lower().strip() and one != name]
    return (same or difflib.get_close_matches(name, texts, count, 0.6))[:count]


def _name(error: Any, names: Mapping[str, Any], line: str) -> Cause:
    del line
    name = error.name or next(iter(re.findall(r"'(\w+)'", str(error))), "")
    if name in IMPORTED_AS:
        return "import_not_run", {"name": name, "code": IMPORTED_AS[name]}
    if name in MADE_ABOVE:
        return "cell_not_run", {"name": name}
    if any(name in frame.columns for frame in _frames(names).values()):
        return "column_without_quotes", {"name": name}
    visible = [one for one in names if not one.startswith("_") and one not in NOT_MEANT]
    columns = [column for frame in _frames(names).values() for column in frame.columns]
    in_query = type(error).__name__ == "UndefinedVariableError"
    if found := nearest(name, columns if in_query else [*visible, *MEANT]):
        return "name_misspelt", {"name": name, "nearest": found[0]}
    return "name_unknown", {"name": name}


def _frames(names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables among the names, those of a company included."""
    import pandas as pd

    from ka_lib.company import Company

    frames = {name: value for name, value in names.items() if isinstance(value, pd.DataFrame)}
    for name, value in names.items():
        if isinstance(value, Company):
            frames |= {f"{name}.{table}": frame for table, frame in value.tables.items()}
    return frames


def _key(error: Any, names: Mapping[str, Any], line: str) -> Cause | None:  # noqa: PLR0911 - one a cause
    text = str(error.args[0]).removeprefix("Column not found: ") if error.args else ""
    if text in joined_texts(line):
        return "comma_between_texts", {"key": text}
    if error.args and isinstance(error.args[0], tuple) and ".loc[" not in line:
        return "loc_missing", {}
    frames = _frames(names)
    in_line, table = _in_line(frames, line), _asked(error)
    if ".loc[" in line and "not in index" not in text:
        return _not_located(text, in_line, table)
    key = (
        next(iter(re.findall(r"'([^']*)'", text)), "")
        if "not in index" in text or "None of" in text
        else text
    )
    if table is not None and key not in table.columns:
        return _no_column(key, table, in_line)
    in_line = {name: frame for name, frame in in_line.items() if key not in frame.columns}
    for name, frame in (in_line or frames).items():
        if found := nearest(key, frame.columns):
            return "column_misspelt", {"key": key, "table": name, "nearest": found[0]}
    for name, value in names.items():
        if (
            isinstance(value, dict)
            and not name.startswith("_")
            and re.search(rf"\b{re.escape(name)}\[", line)
        ):
            return "key_unknown", {"key": key, "table": name, "known": _listed(value)}
    if in_line:
        name, frame = next(iter(in_line.items()))
        return "column_unknown", {"key": key, "table": name, "known": _listed(frame.columns)}
    return "key_missing", {"key": key}


def _in_line(frames: Mapping[str, Any], line: str) -> dict[str, Any]:
    return {
        name: frame for name, frame in frames.items() if re.search(rf"\b{re.escape(name)}\b", line)
    }


def _asked(error: BaseException) -> Any:
    """Return the table in which pandas looked for the column, where the traceback still holds it.

    None when the reader's code asked something else, or when ka_lib looked on its behalf.
    """
    import pandas as pd

    for frame, _ in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "").partition(".")[0]
        if module == "ka_lib":
            return None
        if module == "pandas" and "self" in frame.f_locals:
            asked = frame.f_locals["self"]
            if not isinstance(asked, pd.DataFrame):
                asked = getattr(asked, "obj", None)  # of .loc, of .groupby
            return asked if isinstance(asked, pd.DataFrame) else None
    return None


def _no_column(key: str, table: Any, in_line: Mapping[str, Any]) -> Cause:
    """Return what a table has in place of a column, by its name where the line says it.

    Some rows of a table go by its name; what a function made of it does not.
    """
    same = [name for name, frame in in_line.items() if frame is table]
    same += [name for name, frame in in_line.items() if frame.columns.equals(table.columns)]
    facts = {"key": key, **({"table": same[0]} if same else {})}
    prefix = "" if same else "result_"
    if found := nearest(key, table.columns):
        return f"{prefix}column_misspelt", {**facts, "nearest": found[0]}
    return f"{prefix}column_unknown", {**facts, "known": _listed(table.columns)}


def _not_located(key: str, frames: Mapping[str, Any], table: Any) -> Cause:
    """Return why ``.loc`` found nothing: a column's name nearly right, else the row."""
    if table is not None:
        meant = bool(nearest(key, table.columns))
        return _no_column(key, table, frames) if meant else ("row_missing", {"key": key})
    for name, frame in frames.items():
        if found := nearest(key, frame.columns):
            return "column_misspelt", {"key": key, "table": name, "nearest": found[0]}
    return "row_missing", {"key": key}


def _listed(names: Iterable[Any]) -> str:
    texts = [str(name) for name in names]
    return ", ".join(texts[:12]) + (", …" if len(texts) > 12 else "")  # noqa: PLR2004 - a line's worth


def _attribute(error: Any, names: Mapping[str, Any], line: str) -> Cause | None:
    del names, line
    name, owner = getattr(error, "name", None), getattr(error, "obj", None)
    if not name:
        return None
    if owner is None:
        return "nothing_there", {"name": name}
    kind = getattr(owner, "__name__", type(owner).__name__)
    if found := nearest(name, [one for one in dir(owner) if not one.startswith("_")]):
        return "attribute_misspelt", {"name": name, "kind": kind, "nearest": found[0]}
    return "attribute_unknown", {"name": name, "kind": kind}


def _module(error: Any, names: Mapping[str, Any], line: str) -> Cause:
    del names, line
    known = ("pandas", "numpy", "matplotlib", "ka_lib", "ipywidgets", "datetime", "math")
    name = str(error.name)
    if found := nearest(name, known):
        return "module_misspelt", {"name": name, "nearest": found[0]}
    return "module_missing", {"name": name}


def _file(error: Any, names: Mapping[str, Any], line: str) -> Cause | None:
    del names, line
    if not error.filename:
        return None
    path = Path(str(error.filename))
    try:
        beside = [one.name for one in path.parent.iterdir()]
    except OSError:
        return "folder_missing", {"name": str(path.parent), "here": str(Path.cwd())}
    if found := nearest(path.name, beside):
        return "file_misspelt", {"name": path.name, "nearest": found[0]}
    return "file_missing", {"name": path.name, "here": str(path.parent.resolve())}


def _zero(error: Any, names: Mapping[str, Any], line: str) -> Cause:
    del error, names, line
    return "zero_division", {}


def _type(error: Any, names: Mapping[str, Any], line: str) -> Cause | None:  # noqa: PLR0911 - one a cause
    del names, line
    text = str(error)
    if re.search(
        r"can only concatenate str|must be str, not|unsupported operand.*'str'|not supported between.*'str'",
        text,
    ):
        return "text_and_number", {}
    if found := re.search(r"unexpected keyword argument '(\w+)'", text):
        return "argument_unknown", {"name": found[1]}
    if found := re.search(
        r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)", text
    ):
        return "argument_missing", {"names": found[1]}
    if found := re.search(r"'(\w+)' object is not callable", text):
        return "not_callable", {"kind": found[1]}
    if re.search(
        r"'(function|method|builtin_function_or_method)' object is not subscriptable", text
    ):
        return "brackets_of_call", {}
    if "'NoneType'" in text:
        return "none_used", {}
    return None


def _value(error: Any, names: Mapping[str, Any], line: str) -> Cause | None:
    del names, line
    text = str(error)
    if found := re.search(
        r"could not convert string to float: '(.*)'|invalid literal for int\(\) with base 10: '(.*)'",
        text,
    ):
        return "text_is_no_number", {"value": found[1] or found[2] or ""}
    if "truth value of a" in text:
        return "and_or", {}
    return None


def _index(error: Any, names: Mapping[str, Any], line: str) -> Cause:
    del error, names, line
    return "past_the_end", {}
