"""A vocabulary file looked at part by part: what is wrong in it is named, with what may stand there.

Prevents a reader's own vocabulary that fails with a word of Python, or half works in silence.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from ka_lib.errors import ExportError
from ka_lib.language import text
from ka_lib.tables import STAGES, STATUSES
from ka_lib.tables import TABLES as KA_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection

# In the order in which a sheet is taken for one of them when its headers fit several.
TABLES = (
    *("opportunities", "accounts", "stage_history", "orders"),
    *("contacts", "activities", "products"),
)
# Fields of a sheet that ka_lib's own table has under another name, or not at all.
_MORE_FIELDS = {
    "opportunities": ("account_name", "rep_name", "currency", "close_on"),
    "accounts": ("parent_name",),
    "stage_history": ("opportunity_name", "from_stage"),
    "orders": ("account_name",),
    "contacts": ("account_name",),
    "activities": ("account_name", "rep_name"),
    "products": (),
}
_PARTS = (
    *("system", "source", "tables", "stages", "won", "lost"),
    *("statuses", "blanks", "stage_columns", "codes"),
)


def checked(file: str, raw: Any) -> dict[str, Any]:
    """Return the file's content; raise an error that names the part that is wrong."""
    parts = dict(_mapping(file, "", raw))
    for name in parts:
        _known(file, "", name, _PARTS)
    if not parts.get("system") or not isinstance(parts["system"], str):
        raise ExportError("crm.vocabulary_system", file=file)
    for table, fields in _part(file, parts, "tables").items():
        _known(file, "tables", table, TABLES)
        for name, aliases in _mapping(file, f"tables.{table}", fields).items():
            _known(file, f"tables.{table}", name, fields_of(table))
            _words(file, f"tables.{table}.{name}", aliases)
    for part, known in (("stages", STAGES), ("statuses", STATUSES), ("blanks", ())):
        for name, words in _part(file, parts, part).items():
            if known:
                _known(file, part, name, known)
            _words(file, f"{part}.{name}", words)
    _check_lists(file, parts)
    _check_codes(file, _part(file, parts, "codes"))
    return parts


def _check_lists(file: str, parts: dict[str, Any]) -> None:
    for part in ("won", "lost", "stage_columns"):
        _words(file, part, parts.setdefault(part, []))
    for template in parts["stage_columns"]:
        if str(template).count("{stage}") != 1:
            raise ExportError("crm.vocabulary_pattern", file=file, found=template)


def _check_codes(file: str, found: dict[str, Any]) -> None:
    codes = {
        column.name: column.codes
        for table in ("contacts", "activities")
        for column in KA_TABLES[table].columns
        if column.codes
    }
    for name, words in found.items():
        _known(file, "codes", name, tuple(codes))
        for code, of_code in _mapping(file, f"codes.{name}", words).items():
            _known(file, f"codes.{name}", code, codes[name])
            _words(file, f"codes.{name}.{code}", of_code)


def fields_of(table: str) -> tuple[str, ...]:
    """Return the fields that a vocabulary may name for a table."""
    return (*KA_TABLES[table].names, *_MORE_FIELDS[table])


def _part(file: str, parts: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part, empty where the file has none."""
    return _mapping(file, name, parts.setdefault(name, {}))


def _mapping(file: str, part: str, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ExportError("crm.vocabulary_mapping", file=file, part=part or "-", found=found)
    return found


def _words(file: str, part: str, found: Any) -> None:
    if not isinstance(found, list) or any(isinstance(one, (dict, list, bool)) for one in found):
        raise ExportError("crm.vocabulary_list", file=file, part=part, found=found)


def _known(file: str, part: str, name: object, known: Collection[str]) -> None:
    if name not in known:
        match = difflib.get_close_matches(str(name), known, n=1)
        nearest = text("crm.nearest_word", nearest=match[0]) if match else ""
        raise ExportError(
            "crm.vocabulary_word",
            file=file,
            part=part or "-",
            found=name,
            nearest=nearest,
            known=", ".join(known),
        )
