"""Which table a sheet is, and which of its columns is which field."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ka_lib.crm.vocabulary import (
    PLAIN,
    TABLES,
    Vocabulary,
    header_key,
    key,
    shipped,
    stage_key,
    with_plain,
)
from ka_lib.errors import ExportError
from ka_lib.language import text
from ka_lib.units import currency_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ka_lib.crm.files import Sheet

_PREFERENCE = 0.75  # a named system wins over "plain" when it explains nearly as many headers
_SHOWN = 12


@dataclass(frozen=True)
class Source:
    """Where a field comes from: the column's position, its header, and the unit in the header."""

    position: int
    header: str
    how: str
    scale: float = 1.0
    currency: str = ""


@dataclass
class Mapping:
    """One sheet understood: its table, its fields, its "Date entered <stage>" columns."""

    sheet: Sheet
    table: str
    fields: dict[str, Source] = field(default_factory=dict)
    stage_columns: dict[int, str] = field(default_factory=dict)  # position -> stage or outcome
    unmapped: dict[int, str] = field(default_factory=dict)  # position -> reason


def choose_system(
    sheets: Sequence[Sheet], candidates: dict[str, Vocabulary], given: str | None
) -> Vocabulary:
    """Return the vocabulary to read with: the one given, or the one that knows most headers.

    Raises
    ------
    ExportError
        There is no vocabulary of the given name.
    """
    if given is not None:
        if given not in candidates:
            raise ExportError("crm.unknown_system", given=given, known=", ".join(candidates))
        return candidates[given]
    scores = {
        name: sum(_score(sheet.header, vocabulary) for sheet in sheets)
        for name, vocabulary in candidates.items()
    }
    named = [name for name in candidates if name != PLAIN]
    best = max(named, key=lambda name: scores[name])
    return candidates[best if scores[best] > _PREFERENCE * scores[PLAIN] else PLAIN]


def _score(header: Sequence[str], vocabulary: Vocabulary) -> int:
    found = (_fields(header, fields)[0] for fields in vocabulary.tables.values())
    return max(map(len, found), default=0) + len(_stage_columns(header, vocabulary))


def understand(sheet: Sheet, system: Vocabulary) -> Mapping | None:
    """Return what a sheet is, or None when it is no table that ka_lib reads.

    Raises
    ------
    ExportError
        Two columns of the same name could both be the field.
    """
    vocabulary = with_plain(system)
    found = {
        table: _fields(sheet.header, vocabulary.tables[table])
        for table in TABLES
        if table in vocabulary.tables
    }
    tables = [table for table, (fields, _) in found.items() if _is(table, set(fields))]
    if not tables:
        return None
    # History first when tied: it is the narrower description.
    tables.sort(key=lambda table: (-len(found[table][0]), table != "stage_history"))
    table = tables[0]
    positions, second = found[table]
    mapping = Mapping(sheet, table)
    own = set().union(*(system.tables.get(table, {}).get(name, []) for name in positions))
    repeated = Counter(map(key, sheet.header))
    for name, position in positions.items():
        header = sheet.header[position]
        if repeated[key(header)] > 1:
            raise ExportError("crm.duplicate_header", file=sheet.file, header=header)
        unit = header_key(header)[1]
        is_own = key(header) in own or header_key(header)[0] in own
        how = system.system if is_own else PLAIN
        mapping.fields[name] = Source(position, header, how, scale_of(unit), currency_of(unit))
    if table == "opportunities":
        mapping.stage_columns = _stage_columns(sheet.header, vocabulary)
    used = {*positions.values(), *mapping.stage_columns}
    for position, header in enumerate(sheet.header):
        if position not in used and (header or _has_content(sheet, position)):
            reason = "crm.second_choice" if position in second else "crm.not_known"
            mapping.unmapped[position] = text(reason if header else "crm.no_header")
    return mapping


def _is(table: str, fields: set[str]) -> bool:  # noqa: PLR0911 - one table a line
    """Say whether these fields make the table."""
    deal = {"opportunity_id", "opportunity_name"} & fields
    account = {"account_id", "account_name"} & fields
    if table == "opportunities":
        outcome = "stage" in fields or {"amount", "status"} <= fields
        return bool(deal or account) and outcome and len(fields) > 2  # noqa: PLR2004 - else a list
    if table == "stage_history":
        return bool(deal) and {"stage", "entered_on"} <= fields
    if table == "orders":
        return bool(account) and {"ordered_on", "amount"} <= fields
    if table == "contacts":
        return bool(account) and "contact_name" in fields
    if table == "activities":
        return bool(account) and {"happened_on", "kind"} <= fields
    if table == "accounts":
        return "account_name" in fields and len(fields) > 1
    return {"product_name", "list_price"} <= fields


def _fields(header: Sequence[str], fields: dict[str, list[str]]) -> tuple[dict[str, int], set[int]]:
    """Return field -> position, the first alias in the vocabulary first, and second choices."""
    places: dict[str, int] = {}
    for position, name in enumerate(header):
        if name:
            places.setdefault(header_key(name)[0], position)
    for position, name in enumerate(header):
        if name:
            places[key(name)] = min(position, places.get(key(name), position))
    found: dict[str, int] = {}
    taken: set[int] = set()
    second: set[int] = set()
    for name, aliases in fields.items():
        hits = [places[alias] for alias in aliases if alias in places]
        free = [position for position in hits if position not in taken]
        if free:
            found[name] = free[0]
            taken.add(free[0])
            second.update(free[1:])
    return found, second - taken


def _stage_columns(header: Sequence[str], vocabulary: Vocabulary) -> dict[int, str]:
    found = {}
    for position, name in enumerate(header):
        for pattern in vocabulary.stage_columns:
            match = pattern.fullmatch(key(name)) or pattern.fullmatch(key(name) + '"')
            code = vocabulary.stages.get(stage_key(match["stage"])) if match else None
            if code:
                found[position] = code
                break
    return found


def _has_content(sheet: Sheet, position: int) -> bool:
    return bool((sheet.frame[position] != "").any())


def nothing_known(sheets: Sequence[Sheet], candidates: Iterable[Vocabulary]) -> ExportError:
    """Return the error for an export of which no sheet is a table, with the nearest headers."""
    known = sorted(set().union(*(vocabulary.headers() for vocabulary in candidates)))
    headers = list(dict.fromkeys(name for sheet in sheets for name in sheet.header if name))
    nearest = []
    for name in headers[:_SHOWN]:
        match = difflib.get_close_matches(key(name), known, n=1, cutoff=0.7)
        if match and match[0] != key(name):
            nearest.append(text("crm.nearest_header", header=name, known=match[0]))
    comma = text("units.comma")
    return ExportError(
        "crm.no_table",
        files=comma.join(dict.fromkeys(sheet.file for sheet in sheets)),
        headers=comma.join(headers[:_SHOWN]),
        nearest="".join(nearest),
        systems=", ".join(shipped()),
    )
