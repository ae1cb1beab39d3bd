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

from ka_lib.crm.vocabulary_file import TABLES, checked
from ka_lib.errors import ExportError
from ka_lib.units import to_half_width

FOLDER = Path(__file__).parent.parent / "vocabularies"
PLAIN = "plain"
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
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # field -> word -> code

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


def choose(system: str) -> None:
    """Refuse a system that ka_lib has no vocabulary of, before anything is read.

    Raises
    ------
    ExportError
        There is no such vocabulary.
    """
    if system not in shipped():
        raise ExportError("crm.unknown_system", given=system, known=", ".join(shipped()))


def read(path: Path) -> Vocabulary:
    """Read one vocabulary file.

    Raises
    ------
    ExportError
        The file is not there or not YAML, or one of its parts is not as it should be: which, what
        was found and what may stand there.
    """
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ExportError("crm.not_found", path=path) from error
    except UnicodeDecodeError as error:
        raise ExportError("crm.vocabulary_encoding", file=path.name) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise ExportError(
            "crm.vocabulary_yaml", file=path.name, line=line, reason=reason
        ) from error
    return _build(checked(path.name, raw))


def _build(raw: dict[str, Any]) -> Vocabulary:
    """Return the vocabulary, every word as it is compared."""
    outcomes = {stage_key(name): code for code in ("won", "lost") for name in raw[code]}
    return Vocabulary(
        system=raw["system"],
        tables={
            table: {name: [key(alias) for alias in aliases] for name, aliases in fields.items()}
            for table, fields in raw["tables"].items()
        },
        stages={stage_key(name): code for code, names in raw["stages"].items() for name in names}
        | outcomes,
        statuses={key(name): code for code, names in raw["statuses"].items() for name in names},
        blanks={name: frozenset(map(key, words)) for name, words in raw["blanks"].items()},
        stage_columns=tuple(map(_pattern, raw["stage_columns"])),
        codes={
            name: {key(word): code for code, words in meanings.items() for word in words}
            for name, meanings in raw["codes"].items()
        },
    )


def _pattern(template: object) -> re.Pattern[str]:
    before, after = map(re.escape, key(template).split(key("{stage}")))
    return re.compile(before + r"\s*[\"'“”]?(?P<stage>.+?)[\"'“”]?\s*" + after)


def with_plain(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary with the names of plain sheets behind its own."""
    return vocabulary if vocabulary.system == PLAIN else over(vocabulary, shipped()[PLAIN])


def over(own: Vocabulary, other: Vocabulary) -> Vocabulary:
    """Return one's own vocabulary with the names of another behind: its own come first."""
    tables = {}
    for table in TABLES:
        first, then = own.tables.get(table, {}), other.tables.get(table, {})
        tables[table] = {
            name: [*first.get(name, []), *then.get(name, [])] for name in {**first, **then}
        }
    return Vocabulary(
        system=own.system,
        tables=tables,
        stages=other.stages | own.stages,
        statuses=other.statuses | own.statuses,
        blanks=other.blanks | own.blanks,
        stage_columns=own.stage_columns + other.stage_columns,
        codes={
            name: other.codes.get(name, {}) | own.codes.get(name, {})
            for name in {**other.codes, **own.codes}
        },
    )
