"""Accounts and reps: one account is one account, however its name was typed.

Names that differ only by spaces, case, full-width forms or 有限公司 are the same account. Names
that are merely similar are reported, never merged: 甲公司 and 甲公司(上海) may be two customers.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.crm.dates import read_dates
from ka_lib.crm.ledger import NAMED, examples
from ka_lib.crm.opportunities import cells
from ka_lib.crm.values import derived_id, name_key, nothing, per_value
from ka_lib.language import text
from ka_lib.units import read_money

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.vocabulary import Vocabulary

_SIMILAR = 0.87
_TOO_SHORT = 2  # two characters are always similar
_COMPARED = 400  # names compared pair by pair; beyond it the search would take minutes
_OPTIONAL = ("segment", "region", "customer_since", "potential", "depth")


class Directory:
    """The accounts seen so far: ids, and the id of each name."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, object]] = {}
        self.by_name: dict[str, str] = {}
        self.merged: dict[str, str] = {}  # id of a second entry -> id of the first

    def add(self, account_id: str, name: str, **facts: object) -> None:
        """Add an account."""
        self.rows[account_id] = {"account_id": account_id, "account_name": name, **facts}
        self.by_name.setdefault(name_key(name), account_id)

    def frame(self) -> pd.DataFrame:
        """Return the accounts table."""
        frame = pd.DataFrame(list(self.rows.values()))
        return frame if len(frame) else pd.DataFrame(columns=["account_id", "account_name"])


def read_accounts(
    mapping: Mapping,
    vocabulary: Vocabulary,
    day_first: bool | None,
    directory: Directory,
    ledger: Ledger,
) -> int:
    """Read one sheet of accounts into the directory; return how many rows were kept."""
    raw = cells(mapping, vocabulary)
    names = raw["account_name"]
    facts = pd.DataFrame({name: raw[name] for name in _OPTIONAL if name in raw}, index=names.index)
    if "customer_since" in facts:
        header = mapping.fields["customer_since"].header
        facts["customer_since"] = read_dates(facts["customer_since"], header, day_first).dates
    for name in ("potential", "depth"):
        if name in facts:
            source = mapping.fields[name]
            amounts = read_money(facts[name], source.header).amounts * source.scale
            facts[name] = amounts.where(amounts >= 0)
    ids = raw.get("account_id", nothing(names.index))
    first_rows: dict[str, int] = {}
    aside: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for row, name, given, fact in zip(
        names.index, names, ids, facts.to_dict("records"), strict=True
    ):
        if name is None:
            aside.setdefault("no_account_name", []).append((row, {}))
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
            aside.setdefault(cause, []).append((row, found))
            directory.merged.setdefault(account_id, known)
            continue
        first_rows[account_id] = row
        directory.add(account_id, name, **fact)
    for cause, rows in aside.items():
        index = pd.Index([row for row, _ in rows])
        ledger.set_aside(mapping.sheet, "accounts", index, cause, [fact for _, fact in rows])
    if "parent_name" in raw:
        _link_parents(raw["parent_name"], names, directory, ledger)
    return len(first_rows)


def _link_parents(
    parents: pd.Series, names: pd.Series, directory: Directory, ledger: Ledger
) -> None:
    unknown = []
    for name, parent in zip(names, parents, strict=True):
        if pd.isna(name) or pd.isna(parent):
            continue
        parent_id = directory.by_name.get(name_key(parent))
        account_id = directory.by_name[name_key(name)]
        if parent_id is None:
            unknown.append(parent)
        elif parent_id != account_id:
            directory.rows[account_id]["parent_id"] = parent_id
    if unknown:
        ledger.note(
            "unknown_parents", rows=len(unknown), names=examples(list(dict.fromkeys(unknown)))
        )


def resolve_accounts(deals: pd.DataFrame, directory: Directory, ledger: Ledger) -> pd.Series:
    """Return the account id of each deal; accounts that no list holds are added to it."""
    listed = dict(directory.by_name)
    names, ids = deals["account_name"], deals["account_id"].replace(directory.merged)
    keys = per_value(names, name_key)
    spellings = names.groupby(keys).nunique()
    several = spellings[spellings > 1]
    if len(several):
        shown = [" = ".join(names[keys == one].unique()[:3]) for one in several.index[:3]]
        ledger.note("spellings", accounts=len(several), names=examples(shown))
    # Each pair of id and name once: there are far fewer than deals.
    id_codes, different_ids = pd.factorize(ids)
    key_codes, different_keys = pd.factorize(keys)
    width = len(different_keys) + 1
    pair_codes, pairs = pd.factorize((id_codes + 1) * width + key_codes + 1)
    as_written = names.to_numpy()[np.unique(pair_codes, return_index=True)[1]]
    resolved: list[str | None] = []
    added = []
    for pair, name in zip(pairs, as_written, strict=True):
        given = different_ids[pair // width - 1] if pair // width else None
        name_of = different_keys[pair % width - 1] if pair % width else None
        known = _known(given, name_of, directory)
        if known is None and (given or name_of):
            known = str(given) if given else derived_id("A", name_of)
            directory.add(known, name if name_of else str(given))
            added.append(directory.rows[known]["account_name"])
        resolved.append(known)
    if added and listed:
        _note_added(added, listed, directory, ledger)
    _note_similar(directory, ledger)
    without = int((ids.isna() & names.isna()).sum())
    if without:
        ledger.note("no_account", rows=without)
    found = np.array(resolved, dtype="object")[pair_codes]
    return pd.Series(found, index=deals.index, dtype="object")


def _known(given: object, name_of: object, directory: Directory) -> str | None:
    if given in directory.rows:
        return str(given)
    return directory.by_name.get(str(name_of)) if name_of else None


def _note_added(
    added: list[object], listed: dict[str, str], directory: Directory, ledger: Ledger
) -> None:
    shown: list[object] = []
    for name in added:
        match = (
            difflib.get_close_matches(name_key(str(name)), listed, n=1)
            if len(shown) < NAMED
            else []
        )
        nearest = directory.rows[listed[match[0]]]["account_name"] if match else None
        shown.append(text("crm.nearest_name", name=name, nearest=nearest) if nearest else name)
    ledger.note("accounts_added", accounts=len(added), names=examples(shown))


def _note_similar(directory: Directory, ledger: Ledger) -> None:
    keys = sorted(directory.by_name)
    if len(keys) > _COMPARED:
        return
    shown = []
    for at, one in enumerate(keys):
        for other in difflib.get_close_matches(one, keys[at + 1 :], n=1, cutoff=_SIMILAR):
            pair = [
                directory.rows[directory.by_name[name]]["account_name"] for name in (one, other)
            ]
            if min(len(one), len(other)) > _TOO_SHORT:
                shown.append(" / ".join(map(str, pair)))
    if shown:
        ledger.note("similar_names", pairs=len(shown), names=examples(shown))


def read_reps(deals: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the reps table made from owners' names, and each deal's rep id."""
    rep_ids = per_value(deals["rep_name"], lambda name: derived_id("R", name_key(name)))
    reps = pd.DataFrame({"rep_id": rep_ids, "rep_name": deals["rep_name"]}).dropna()
    return reps.drop_duplicates("rep_id", ignore_index=True), rep_ids
