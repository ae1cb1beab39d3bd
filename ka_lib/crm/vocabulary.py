"""Vocabularies: what each CRM calls a column, a stage, a status and nothing at all.

Prevents a program that knows one export by heart: a new system, or a company's own stage names,
is a text file to add, never code to change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ka_lib.errors import ExportError
from ka_lib.tables import STAGES, STATUSES
from ka_lib.units import to_half_width

FOLDER = Path(__file__).parent.parent / "vocabularies"
PLAIN = "plain"
TABLES = ("opportunities", "accounts", "stage_history", "products")

_UNIT = re.compile(
    r"(?P<name>.+?)\s*[(\[/]\s*(?P<unit>元|万元|千元|百万元|亿元|万|亿|人民币|人民币元|rmb|cny|usd|eur|hkd|gbp|jpy"
    r"|us\$|\$|¥|€|美元|k|thousand|million)\s*[)\]]?"
)
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\s*[.、:)\-]|[一二三四五六]、)\s*")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


@dataclass(frozen=True)
class Vocabulary:
    """One system's names, in lower case and half-width."""

    system: str
    tables: dict[str, dict[str, list[str]]]
    stages: dict[str, str]  # stage name -> stage code, "won" or "lost"
    statuses: dict[str, str]
    blanks: dict[str, frozenset[str]] = field(default_factory=dict)
    stage_columns: tuple[re.Pattern[str], ...] = ()

    def headers(self) -> set[str]:
        """Return every header this system may write."""
        return {
            alias
            for fields in self.tables.values()
            for aliases in fields.values()
            for alias in aliases
        }


def key(name: object) -> str:
    """Return a header or a name as it is compared: half-width, lower case, single spaces."""
    return " ".join(to_half_width(str(name)).replace("\ufeff", "").lower().split()).strip(" *:\"'")


def header_key(name: object) -> tuple[str, str]:
    """Return a header without its unit, and the unit: ``金额（万元）`` -> ``金额``, ``万元``."""
    plain = key(name)
    match = _UNIT.fullmatch(plain)
    return (match["name"].strip(), match["unit"]) if match else (plain, "")


def stage_key(name: object) -> str:
    """Return a stage name as it is compared: without number, pipeline or percent around it."""
    plain = _NUMBERED.sub("", key(name))
    return _BRACKETS.sub("", plain).strip(" \"'“”") or plain


@cache
def shipped() -> dict[str, Vocabulary]:
    """Return the vocabularies that come with ka_lib, plain sheets last."""
    all_of_them = [read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    all_of_them.sort(key=lambda vocabulary: vocabulary.system == PLAIN)
    return {vocabulary.system: vocabulary for vocabulary in all_of_them}


def read(path: Path) -> Vocabulary:
    """Read one vocabulary file.

    Raises
    ------
    ExportError
        The file is not YAML, or names a table, stage or status that does not exist.
    """
    import yaml

    try:
        raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _build(raw)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ExportError("crm.vocabulary", file=path.name, reason=reason) from error


def _build(raw: dict[str, Any]) -> Vocabulary:
    tables = {
        table: {name: [key(alias) for alias in aliases] for name, aliases in fields.items()}
        for table, fields in raw["tables"].items()
    }
    stages = {
        stage_key(name): code for code, names in raw.get("stages", {}).items() for name in names
    }
    outcomes = {stage_key(name): code for code in ("won", "lost") for name in raw.get(code, [])}
    statuses = {
        key(name): code for code, names in raw.get("statuses", {}).items() for name in names
    }
    wrong = (
        [name for name in tables if name not in TABLES]
        + [code for code in stages.values() if code not in STAGES]
        + [code for code in statuses.values() if code not in STATUSES]
    )
    if wrong:
        raise KeyError(*wrong)
    return Vocabulary(
        system=str(raw["system"]),
        tables=tables,
        stages=stages | outcomes,
        statuses=statuses,
        blanks={name: frozenset(map(key, words)) for name, words in raw.get("blanks", {}).items()},
        stage_columns=tuple(map(_pattern, raw.get("stage_columns", []))),
    )


def _pattern(template: str) -> re.Pattern[str]:
    before, after = map(re.escape, key(template).split(key("{stage}")))
    return re.compile(before + r"\s*[\"'“”]?(?P<stage>.+?)[\"'“”]?\s*" + after)


def with_plain(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary with the names of plain sheets behind its own."""
    plain = shipped()[PLAIN]
    if vocabulary.system == PLAIN:
        return vocabulary
    tables = {}
    for table in TABLES:
        own, common = vocabulary.tables.get(table, {}), plain.tables[table]
        tables[table] = {
            name: [*own.get(name, []), *common.get(name, [])] for name in {**own, **common}
        }
    return Vocabulary(
        system=vocabulary.system,
        tables=tables,
        stages=plain.stages | vocabulary.stages,
        statuses=plain.statuses | vocabulary.statuses,
        blanks=plain.blanks | vocabulary.blanks,
        stage_columns=vocabulary.stage_columns + plain.stage_columns,
    )
