"""Accounts and reps: one account is one account, however its name was typed.

Names that differ by spaces, case or full-width forms only are the same name. Names that are nearly
alike, or differ by 有限公司, are offered to the reader (`ka_lib.crm.names`), never put together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.crm.ledger import examples
from ka_lib.crm.values import as_text, derived_id, different_values, name_key, nothing

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.reading import Reading

_TEXTS = ("segment", "region")
_DATES = ("customer_since",)
_AMOUNTS = ("potential", "depth")


class Directory:
    """The accounts seen so far: ids, the id of each name, and who was in a list of accounts."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, object]] = {}
        self.by_name: dict[str, str] = {}
        self.merged: dict[str, str] = {}  # id of a second entry -> id of the first
        self.listed: set[str] = set()  # names
        self.used: Counter[str] = Counter()  # id -> rows of deals, orders, contacts

    def add(self, account_id: str, name: str, **facts: object) -> None:
        """Add an account."""
        self.rows[account_id] = {"account_id": account_id, "account_name": name, **facts}
        self.by_name.setdefault(name_key(name), account_id)

    def find(self, given: str | None, name: str | None) -> str | None:
        """Return the account of an id or, failing that, of a name; None when there is none."""
        if given is not None and given in self.rows:
            return given
        return self.by_name.get(name_key(name)) if name is not None else None

    def frame(self) -> pd.DataFrame:
        """Return the accounts table."""
        frame = pd.DataFrame(list(self.rows.values()))
        return frame if len(frame) else pd.DataFrame(columns=["account_id", "account_name"])


def read_accounts(mapping: Mapping, reading: Reading, directory: Directory) -> int:
    """Read one sheet of accounts into the directory; return how many rows were kept."""
    raw = {name: as_text(values) for name, values in reading.cells(mapping).items()}
    names = raw["account_name"]
    facts = _facts(mapping, raw, reading)
    ids = raw.get("account_id", nothing(names.index))
    first_rows: dict[str, int] = {}
    aside: dict[str, list[tuple[int, dict[str, object]]]] = defaultdict(list)
    for row, name, given, fact in zip(
        names.index, names, ids, facts.to_dict("records"), strict=True
    ):
        if name is None:
            aside["no_account_name"].append((row, {}))
            continue
        name_id = directory.by_name.get(name_key(name))
        account_id = given or name_id or derived_id("A", name_key(name))
        known = account_id if account_id in directory.rows else name_id
        if known is not None:
            cause = "same_account" if name_id == known else "same_account_id"
            found = {
                "first": first_rows.get(known, "?"),
                "name": directory.rows[known]["account_name"],
            }
            aside[cause].append((row, found))
            directory.merged.setdefault(account_id, known)
            continue
        first_rows[account_id] = row
        directory.add(account_id, name, **fact)
        directory.listed.add(name)
    for cause, rows in aside.items():
        index = pd.Index([row for row, _ in rows])
        reading.ledger.set_aside(
            mapping.sheet, "accounts", index, cause, [fact for _, fact in rows]
        )
    if "parent_name" in raw:
        _link_parents(raw["parent_name"], names, directory, reading.ledger)
    return len(first_rows)


def _facts(mapping: Mapping, raw: dict[str, pd.Series], reading: Reading) -> pd.DataFrame:
    """Return what else the sheet says of each account."""
    facts = pd.DataFrame({name: raw[name] for name in _TEXTS if name in raw})
    facts = facts.reindex(raw["account_name"].index)
    for name in _DATES:
        if name in raw:
            facts[name], unreadable = reading.dates(mapping, name, raw[name])
            reading.blanked(mapping, name, raw[name], unreadable)
    for name in _AMOUNTS:
        if name in raw:
            amounts, _, unreadable = reading.amounts(mapping, name, raw[name])
            reading.blanked(mapping, name, raw[name], unreadable | (amounts < 0))
            facts[name] = amounts.where(amounts >= 0)
    return facts


def _link_parents(
    parents: pd.Series, names: pd.Series, directory: Directory, ledger: Ledger
) -> None:
    unknown = []
    for name, parent in zip(names, parents, strict=True):
        if name is None or parent is None:
            continue
        parent_id = directory.by_name.get(name_key(parent))
        account_id = directory.by_name.get(name_key(name))
        if parent_id is None:
            unknown.append(parent)
        elif account_id is not None and not _is_above(account_id, parent_id, directory):
            directory.rows[account_id]["parent_id"] = parent_id
    if unknown:
        ledger.note(
            "unknown_parents", rows=len(unknown), names=examples(list(dict.fromkeys(unknown)))
        )


def _is_above(account_id: str, parent_id: str, directory: Directory) -> bool:
    """Say whether an account stands above its would-be parent already, or is it."""
    above: object = parent_id
    while above is not None:
        if above == account_id:
            return True
        above = directory.rows[str(above)].get("parent_id")
    return False


def resolve_accounts(
    mapping: Mapping, ids: pd.Series, names: pd.Series, directory: Directory, ledger: Ledger
) -> pd.Series:
    """Return the account id of each row, given an id, a name or both; missing where neither is.

    Accounts that no list holds are added to the directory. Each pair of id and name is looked up
    once: there are far fewer than rows.
    """
    id_codes, different_ids = different_values(ids)
    name_codes, different_names = different_values(names)
    width = len(different_names) + 1
    pair_codes, pairs = pd.factorize((id_codes + 1) * width + name_codes + 1)
    resolved: list[str | None] = []
    for pair in pairs:
        given = str(different_ids[pair // width - 1]) if pair // width else None
        given = directory.merged.get(given, given) if given is not None else None
        name = str(different_names[pair % width - 1]) if pair % width else None
        known = directory.find(given, name)
        if known is None and (given or name):
            shown = name or str(given)
            known = given or derived_id("A", name_key(shown))
            directory.add(known, shown)
        resolved.append(known)
    for known, rows in zip(resolved, np.bincount(pair_codes), strict=True):
        if known is not None:
            directory.used[known] += int(rows)
    _note_spellings(mapping, names, ledger)
    return pd.Series(pd.Categorical(resolved).take(pair_codes), index=names.index)


def _note_spellings(mapping: Mapping, names: pd.Series, ledger: Ledger) -> None:
    """List each name that was typed in several ways that mean the same."""
    spelled: dict[str, dict[str, int]] = defaultdict(dict)
    for name, rows in names.value_counts().items():
        spelled[name_key(str(name))][str(name)] = int(rows)
    several = sorted(" = ".join(sorted(same)) for same in spelled.values() if len(same) > 1)
    if several:
        ledger.note("spellings", accounts=len(several), names=examples(several))
    for same in several:
        rows = sum(spelled[name_key(same.partition(" = ")[0])].values())
        column = mapping.fields["account_name"].header
        ledger.repair(mapping.sheet, column, "spelling", rows, same)


class Reps:
    """The reps seen so far, by name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # id -> name as first seen
        self.used: Counter[str] = Counter()  # id -> rows

    def resolve(self, names: pd.Series) -> pd.Series:
        """Return each row's rep id; missing where no name is given."""
        codes, different = different_values(names)
        ids = [derived_id("R", name_key(str(name))) for name in different]
        for rep_id, name in zip(ids, different, strict=True):
            self.names.setdefault(rep_id, str(name))
        for rep_id, rows in zip(ids, np.bincount(codes[codes >= 0]), strict=True):
            self.used[rep_id] += int(rows)
        return pd.Series(pd.Categorical([*ids, None]).take(codes), index=names.index)

    def frame(self) -> pd.DataFrame:
        """Return the reps table."""
        return pd.DataFrame(
            {"rep_id": list(self.names), "rep_name": list(self.names.values())}, dtype="object"
        )
