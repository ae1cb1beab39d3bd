"""Cells of text made comparable: blanks, spaces, full-width forms, names and ids.

Prevents one account that counts as three because of a space, a bracket or 有限公司.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.units import to_half_width

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_SPACES = "\ufeff\u200b\u3000 \t\r\n\xa0"
_OUTER_SPACE = re.compile("(?m)^[\ufeff\u200b\u3000 \t\r\xa0]|[\ufeff\u200b\u3000 \t\r\xa0]$")
_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_COMPANY = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|,?\s*co\.?,?\s*ltd\.?|,?\s*ltd\.?|,?\s*inc\.?|,?\s*llc\.?)$"
)


def per_value(values: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Apply ``change`` once to each different value; missing stays missing."""
    codes, different = pd.factorize(values)
    changed = np.empty(len(different) + 1, dtype="object")
    changed[:-1] = [change(one) for one in different]
    changed[-1] = None
    return pd.Series(changed[codes], index=values.index, dtype="object")


def nothing(index: pd.Index) -> pd.Series:
    """Return a column of blanks."""
    return pd.Series(np.full(len(index), None, dtype="object"), index=index)


def clean(values: pd.Series, blanks: Collection[str]) -> pd.Series:
    """Return text without outer spaces; missing where a cell is empty or says that it is."""
    codes, different = pd.factorize(values)

    def one(cell: str) -> str | None:
        stripped = cell.strip(_SPACES)
        return None if not stripped or to_half_width(stripped).lower() in blanks else stripped

    # Most columns were filled in by a system: only what may need it is looked at.
    joined = "\n".join(different)
    untidy = _OUTER_SPACE.search(joined) or joined.count("\n") >= len(different)
    odd = set(different) if untidy else _spellings(frozenset(blanks)).intersection(different)
    if not odd:
        return values
    changed = np.array(
        [one(cell) if cell in odd else cell for cell in different] + [None], "object"
    )
    return pd.Series(changed[codes], index=values.index)


@cache
def _spellings(blanks: frozenset[str]) -> frozenset[str]:
    """Return the ways a blank is written: none, NONE, None, full-width too."""
    half = {"", *blanks, *map(str.upper, blanks), *map(str.capitalize, blanks)}
    return frozenset(half | {word.translate(_TO_FULL_WIDTH) for word in half})


def name_key(name: str) -> str:
    """Return a name as accounts are compared: no spaces, half-width, no company suffix."""
    plain = to_half_width(name).lower().strip()
    short = re.sub(r"\s+", "", _COMPANY.sub("", plain))
    return short or re.sub(r"\s+", "", plain)


def derived_id(prefix: str, *parts: object) -> str:
    """Return an id made from names: the same names give the same id on every machine."""
    joined = "\x1f".join(map(str, parts)).encode()
    return f"{prefix}-{hashlib.blake2s(joined, digest_size=4).hexdigest()}"
