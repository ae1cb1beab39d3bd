"""Names that nearly match: offered to the reader, put together only when the reader says so.

Prevents both halves of one fault: an account that counts as two because of 有限公司, and two
accounts that count as one because their names look alike.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.crm.encodings import decode
from ka_lib.crm.values import name_key, per_value
from ka_lib.errors import ExportError
from ka_lib.language import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

OFFERS = ["kind", "name", "rows", "nearest", "why"]
KINDS = ("account", "product", "rep")
FIELDS = (*OFFERS, "same")
_SIMILAR = 0.87
_NEAREST = 0.6
_TOO_SHORT = 2  # two characters are always similar
PAIRS = 25_000_000  # names times names that are compared; beyond it the search takes minutes
_CLOSEST = 5
_COMPANY = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|,?\s*co\.?,?\s*ltd\.?|,?\s*ltd\.?|,?\s*inc\.?|,?\s*llc\.?)$"
)
_NO_LETTER = re.compile(r"[\W_]+")
_YES = {"yes", "y", "true", "1", "x", "√", "是", "对", "同", "相同", "合并"}
_NO = {"no", "n", "false", "0", "×", "否", "不", "不是", "不同", "不合并"}


def near_key(name: str) -> str:
    """Return what is left of a name without spaces, punctuation and the form of the company."""
    plain = name_key(name)
    return _NO_LETTER.sub("", _COMPANY.sub("", plain)) or plain


@dataclass(frozen=True)
class Names:
    """What the reader decided: which names are another name, and which pairs are two."""

    same: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # kind -> key -> name
    different: frozenset[tuple[str, str, str]] = frozenset()  # kind, key, key
    answers: tuple[tuple[str, str, str, str], ...] = ()  # kind, name, nearest, as answered

    def apply(self, kind: str, values: pd.Series) -> pd.Series:
        """Return the names with those replaced that the reader said are another."""
        same = self.same.get(kind)
        if not same:
            return values
        return per_value(values, lambda name: same.get(name_key(name), name))

    def apart(self, kind: str, one: str, other: str) -> bool:
        """Say whether the reader said that these two are not one."""
        return (kind, name_key(one), name_key(other)) in self.different


NO_NAMES = Names()


def read_names(path: Path) -> Names:
    """Read the reader's list of names: ``kind, name, nearest, same``, in either language.

    Raises
    ------
    ExportError
        There is no such file, a column is missing, an answer is neither yes nor no, or names
        point at each other in a circle.
    """
    try:
        content, _ = decode(path.name, path.read_bytes())
    except OSError as error:
        raise ExportError("crm.not_found", path=path) from error
    columns = {text(f"crm.names_{name}", lang): name for lang in LANGUAGES for name in FIELDS}
    lines = csv.reader(io.StringIO(content, newline=None), delimiter=_delimiter(content))
    try:
        header, *rows = [*lines] or [[]]
    except csv.Error as error:
        raise ExportError("crm.broken_csv", file=path.name, row=lines.line_num) from error
    fields = [columns.get(one.strip(), one.strip()) for one in header]
    missing = [name for name in ("kind", "name", "nearest", "same") if name not in fields]
    if missing:
        named = ", ".join(text(f"crm.names_{name}") for name in missing)
        raise ExportError("crm.names_columns", file=path.name, columns=named)
    kinds = {text(f"crm.kind_{kind}", lang): kind for lang in LANGUAGES for kind in KINDS}
    same: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    different = set()
    answers = []
    for at, line in enumerate(rows, start=2):
        row = dict.fromkeys(fields, "") | dict(zip(fields, map(str.strip, line), strict=False))
        answer, name, nearest = row["same"].casefold(), row["name"], row["nearest"]
        kind = kinds.get(row["kind"], row["kind"])
        if answer and (kind not in KINDS or answer not in _YES | _NO or not (name and nearest)):
            raise ExportError("crm.names_row", file=path.name, row=at, found=row["same"])
        if answer:
            answers.append((kind, name, nearest, row["same"]))
        if answer in _YES and name_key(name) != name_key(nearest):
            same[kind][name_key(name)] = nearest
        elif answer in _NO:
            pair = name_key(name), name_key(nearest)
            different |= {(kind, *pair), (kind, *pair[::-1])}
    for kind, names in same.items():
        same[kind] = {key: _last(path, key, names) for key in names}
    return Names(same, frozenset(different), tuple(answers))


def _delimiter(content: str) -> str:
    head = content.partition("\n")[0]
    return max((",", ";", "\t"), key=head.count)


def _last(path: Path, key: str, names: Mapping[str, str]) -> str:
    """Follow a name to the one that is kept: a is b, b is c."""
    seen = {key}
    name = names[key]
    while (key := name_key(name)) in names:
        if key in seen:
            raise ExportError("crm.names_circle", file=path.name, name=name)
        seen.add(key)
        name = names[key]
    return name


def offers(
    kind: str, rows: Mapping[str, int], listed: Collection[str], decided: Names
) -> list[tuple[str, str, int, str, str]]:
    """Return the names that may be another name, each with its nearest.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    rows : mapping of str to int
        Each name, once a `name_key`, and how many rows bear it.
    listed : collection of str
        Names from a list of their own (the accounts sheet). Others are expected to be in it.
    decided : Names
        Pairs that the reader said are two are not offered again.

    Returns
    -------
    list of tuple
        kind, name, rows, nearest (``""`` where none is near), why: ``"form"`` they differ by
        spaces, punctuation or 有限公司 only; ``"similar"``; ``"unlisted"`` not in the list.
    """
    listed = set(listed)
    rank = {name: (name not in listed, -rows[name], len(name), name) for name in rows}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(rows, key=lambda name: rank[name]):
        groups[near_key(name)].append(name)
    found: dict[str, tuple[str, str]] = {}  # name -> nearest, why
    for first, *others in groups.values():
        found.update((name, (first, "form")) for name in others)
    kept = [first for first, *_ in groups.values()]
    if kind != "rep":  # 王芳 and 王方 are two people
        for name, other in _similar(kept, kept, _SIMILAR).items():
            later, earlier = sorted((name, other), key=lambda name: rank[name], reverse=True)
            found.setdefault(later, (earlier, "similar"))
    if listed:
        beyond = [name for name in kept if name not in listed and name not in found]
        near = _similar(beyond, [name for name in kept if name in listed], _NEAREST)
        found.update((name, (near.get(name, ""), "unlisted")) for name in beyond)
    order = {"form": 0, "similar": 1, "unlisted": 2}
    return [
        (kind, name, rows[name], nearest, why)
        for name, (nearest, why) in sorted(
            found.items(), key=lambda one: (order[one[1][1]], rank[one[0]])
        )
        if not (nearest and decided.apart(kind, name, nearest))
    ]


def _similar(names: list[str], among: list[str], cutoff: float) -> dict[str, str]:
    """Return for each name the most similar other one, where one is similar enough.

    Only names that share most characters are compared in full.
    """
    if not names or not among or len(names) * len(among) > PAIRS:
        return {}
    keys, others = [near_key(name) for name in names], [near_key(name) for name in among]
    signs = {sign: at for at, sign in enumerate(sorted(set().union(*others)))}
    have, wanted = _signs(others, signs), _signs(keys, signs)
    sizes = have.sum(axis=1)
    found = {}
    for at, key in enumerate(keys):
        if len(key) <= _TOO_SHORT:
            continue
        shared = have[:, np.flatnonzero(wanted[at])].sum(axis=1)
        likely = 2 * shared / (sizes + len(set(key)))
        best, nearest = cutoff, ""
        for other in np.argsort(-likely, kind="stable")[: _CLOSEST + 1]:
            if among[other] == names[at] or len(others[other]) <= _TOO_SHORT:
                continue
            ratio = difflib.SequenceMatcher(None, key, others[other]).ratio()
            if ratio >= best and (ratio > best or not nearest):
                best, nearest = ratio, among[other]
        if nearest:
            found[names[at]] = nearest
    return found


def _signs(keys: list[str], signs: Mapping[str, int]) -> np.ndarray:
    """Return a row a name and a column a character: True where the name has it."""
    has = np.zeros((len(keys), max(len(signs), 1)), dtype="bool")
    for at, key in enumerate(keys):
        has[at, [signs[sign] for sign in set(key) if sign in signs]] = True
    return has


def counted(columns: Iterable[pd.Series]) -> dict[str, int]:
    """Return how many rows bear each name; spellings with one `name_key` count together."""
    counts: Counter[str] = Counter()
    for values in columns:
        for name, rows in values.value_counts().items():
            counts[str(name)] += int(rows)
    together: dict[str, list[str]] = defaultdict(list)
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        together[name_key(name)].append(name)
    return {
        first: sum(counts[name] for name in (first, *rest)) for first, *rest in together.values()
    }


def frame(found: Iterable[tuple[str, str, int, str, str]]) -> pd.DataFrame:
    """Return offers as a table."""
    return pd.DataFrame(list(found), columns=OFFERS)


def as_list(table: pd.DataFrame, decided: Names = NO_NAMES) -> pd.DataFrame:
    """Return the offers as a list for the reader to answer: ``same`` is theirs to fill in.

    What was answered before stands first and keeps its answer. A second import reads the
    answers: ``read_export(..., names="names.csv")``.
    """
    answered = pd.DataFrame(decided.answers, columns=["kind", "name", "nearest", "same"])
    whole = pd.concat([answered.assign(rows="", why="answered"), table.assign(same="")])
    kinds = [text(f"crm.kind_{kind}") for kind in whole["kind"]]
    reasons = [text(f"crm.near_{why}") for why in whole["why"]]
    shown = whole.assign(kind=kinds, why=reasons)[list(FIELDS)].reset_index(drop=True)
    return shown.rename(columns={name: text(f"crm.names_{name}") for name in FIELDS})
