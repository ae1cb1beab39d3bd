"""Cells of text made comparable: blanks, spaces, full-width forms, names and ids.

Prevents one account that counts as three because of a space, a bracket or 有限公司.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.units import to_half_width

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_SPACES = "\ufeff\u200b\u3000 \t\r\n\xa0"
_NO_WIDTH = dict.fromkeys(map(ord, "\ufeff\u200b"))
_BESIDE_CHINESE = re.compile(r"(?<=[\u2e80-\u9fff]) | (?=[\u2e80-\u9fff])")
_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SAMPLE = 5000  # rows that show whether a column repeats itself
_ALMOST = 0.98  # of them different: it does not
_FEW = 2  # a column with half as many different values as rows repeats itself


def different_values(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's code and the values that the codes stand for; -1 where missing.

    As `pandas.factorize`, but a column that hardly repeats itself (ids, amounts) is not searched
    for repeats: there each row has a code of its own.
    """
    if not isinstance(values.dtype, pd.CategoricalDtype) and len(values) > _SAMPLE:
        sample = values.iloc[:: len(values) // _SAMPLE]
        if sample.nunique() > _ALMOST * len(sample):
            there = values.notna().to_numpy()
            codes = np.where(there, np.cumsum(there) - 1, -1)
            return codes, values.to_numpy(dtype="object")[there]
    codes, different = pd.factorize(values)
    return codes, np.asarray(different, dtype="object")


def per_value(values: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Apply ``change`` once to each different value; missing stays missing."""
    codes, different = different_values(values)
    changed = np.empty(len(different) + 1, dtype="object")
    changed[:-1] = [change(one) for one in different]
    changed[-1] = None
    return pd.Series(changed[codes], index=values.index, dtype="object")


def nothing(index: pd.Index) -> pd.Series:
    """Return a column of blanks."""
    return pd.Series(np.full(len(index), None, dtype="object"), index=index)


def as_text(values: pd.Series) -> pd.Series:
    """Return categories as plain text again, None where missing."""
    plain = values.astype("object")
    return plain.where(plain.notna(), None)


def clean(values: pd.Series, blanks: Collection[str]) -> tuple[pd.Series, list[tuple[str, int]]]:
    """Return text without outer spaces; missing where a cell is empty or says that it is.

    Returns
    -------
    values : Series
        A column whose values repeat comes back as categories: what follows looks at each once.
    blank : list of tuple
        Words that were taken for blank, and in how many rows: ``-``, ``None``.
    """
    codes, different = different_values(values)
    as_written = different
    blank: list[tuple[str, int]] = []

    def one(cell: str) -> str | None:
        stripped = cell.strip(_SPACES)
        return None if not stripped or to_half_width(stripped).lower() in blanks else stripped

    # Most columns were filled in by a system: only what may need it is looked at.
    odd = (
        set(different)
        if _may_be_untidy(as_written)
        else _spellings(frozenset(blanks)).intersection(different)
    )
    if odd:
        cleaned = np.array([one(cell) if cell in odd else cell for cell in different], "object")
        words = [at for at in range(len(cleaned)) if cleaned[at] is None and as_written[at]]
        if words:
            rows = np.bincount(codes, minlength=len(cleaned))
            blank = [(as_written[at], int(rows[at])) for at in words]
        merged, different = pd.factorize(cleaned)
        codes = np.append(merged, -1)[codes]
    elif len(different) * _FEW > len(values):
        return values, blank
    if len(different) * _FEW > len(values):
        read = pd.Series(
            np.array([*different, None], dtype="object")[codes], index=values.index, dtype="object"
        )
        return read, blank
    few = pd.Categorical.from_codes(codes, pd.Index(different, dtype="str"))
    return pd.Series(few, index=values.index), blank


def _may_be_untidy(different: Collection[str]) -> bool:
    """Say whether a cell may begin or end with a space, or hold a line break."""
    lines = "\n".join(["", *different, ""])
    if lines.count("\n") > len(different) + 1:
        return True
    return any(
        space in lines and (f"\n{space}" in lines or f"{space}\n" in lines)
        for space in _SPACES
        if space != "\n"
    )


@cache
def _spellings(blanks: frozenset[str]) -> frozenset[str]:
    """Return the ways a blank is written: none, NONE, None, full-width too."""
    half = {"", *blanks, *map(str.upper, blanks), *map(str.capitalize, blanks)}
    return frozenset(half | {word.translate(_TO_FULL_WIDTH) for word in half})


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """Return a name as it is compared: half-width, lower case, without meaningless spaces.

    Spaces beside Chinese characters mean nothing, spaces between Latin words do: ``九穗 生鲜`` is
    ``九穗生鲜``; ``GTX Pro`` and ``GTXPro`` may be two products, which the reader decides.
    """
    plain = to_half_width(name).casefold().translate(_NO_WIDTH)
    return _BESIDE_CHINESE.sub("", " ".join(plain.split())) or name


def derived_id(prefix: str, *parts: object) -> str:
    """Return an id made from names: the same names give the same id on every machine."""
    joined = "\x1f".join(map(str, parts)).encode()
    return f"{prefix}-{hashlib.blake2s(joined, digest_size=4).hexdigest()}"
