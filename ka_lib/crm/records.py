"""Sheets of orders, contacts, activities and products, as the tables describe them.

Prevents a report on the funnel only: with an order list, the metrics on customers run on the
reader's own data too. What a column holds is said once, in `ka_lib.tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.accounts import resolve_accounts
from ka_lib.crm.values import derived_id, nothing
from ka_lib.crm.vocabulary import key
from ka_lib.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection

    from ka_lib.crm.accounts import Directory, Reps
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.reading import Reading
    from ka_lib.tables import Column

# Table -> first letter of ids that are made because the sheet has none.
RECORDS = {"orders": "B", "contacts": "C", "activities": "V", "products": "P"}
_EVENTS = ("orders", "activities")  # two equal rows without a number may be two of them
# What rows of one id may not differ in.
_OWN = ("account_id", "ordered_on", "contact_name", "happened_on", "product_name")
_BELONGS = ("account_id", "account_name", "rep_name")


def read_records(
    mapping: Mapping, reading: Reading, directory: Directory, reps: Reps, taken: Collection[str]
) -> tuple[pd.DataFrame, int]:
    """Read one sheet; return its rows as the table has them, and how many rows were kept.

    A row without what the table needs is set aside. Rows of orders that share an order number are
    its lines and are added up; the same row twice is a copy and is set aside, and so is an id that
    another sheet has ``taken``.
    """
    table = TABLES[mapping.table]
    raw = reading.cells(mapping)
    index = mapping.sheet.frame.index
    frame = pd.DataFrame(index=index)
    usable = pd.Series(True, index=index)

    def refuse(where: pd.Series, cause: str, name: str) -> None:
        nonlocal usable
        rows = index[(where & usable).to_numpy()]
        source = mapping.fields.get(name)
        column = source.header if source else name
        written = raw[name].astype("object") if name in raw else nothing(index)
        facts: list[dict[str, object]] = [
            {"column": column, "found": _shown(written[row])} for row in rows
        ]
        reading.ledger.set_aside(mapping.sheet, table.name, rows, cause, facts)
        usable &= ~where

    for column in table.columns:
        if column.name in raw and column.name not in _BELONGS:
            values, wrong, cause = _read(column, raw[column.name], mapping, reading)
            frame[column.name] = values
            refuse(wrong, cause, column.name)
            if column.filled and column.kind != "id":
                refuse(values.isna(), "no_value", column.name)
    if "account_id" in table.names:
        ids, names = (raw.get(name, nothing(index)) for name in ("account_id", "account_name"))
        refuse(ids.isna() & names.isna(), "no_account_given", "account_name")
        resolve = (mapping, ids[usable], names[usable], directory, reading.ledger)
        frame["account_id"] = resolve_accounts(*resolve)
    frame = frame[usable].copy()
    if "rep_name" in raw and "rep_id" in table.names:
        frame["rep_id"] = reps.resolve(raw["rep_name"][usable])
    return _unique(frame, mapping, reading, taken)


def _shown(written: object) -> str:
    return "" if pd.isna(written) else str(written)


def _read(
    column: Column, values: pd.Series, mapping: Mapping, reading: Reading
) -> tuple[pd.Series, pd.Series, str]:
    """Return the column read by its kind, a mark where a row cannot be used, and why not."""
    right = pd.Series(False, index=values.index)
    if column.kind == "date":
        dates, unreadable = reading.dates(mapping, column.name, values)
        if not column.filled:
            reading.blanked(mapping, column.name, values, unreadable)
        return dates, unreadable if column.filled else right, "date"
    if column.kind in ("money", "number"):
        amounts, currency, unreadable = reading.amounts(mapping, column.name, values)
        if currency and column.kind == "money":
            reading.currencies.add(currency)
        if column.kind == "money" and not column.signed:
            unreadable |= amounts < 0
        if not column.filled:
            reading.blanked(mapping, column.name, values, unreadable)
        return amounts.where(~unreadable), unreadable if column.filled else right, "amount"
    if column.kind == "code":
        meaning = reading.words.codes.get(column.name, {})
        read = reading.codes(mapping, column.name, values, lambda word: meaning.get(key(word)))
        unknown = read.isna() & values.notna()
        return read, unknown if column.filled else right, "unknown_word"
    return values, right, ""


def _unique(
    frame: pd.DataFrame, mapping: Mapping, reading: Reading, taken: Collection[str]
) -> tuple[pd.DataFrame, int]:
    """Give every row its id; set copies aside, and add up the lines of one order."""
    table = TABLES[mapping.table]
    name = table.key[0]
    made = _fill_ids(frame, name, RECORDS[table.name], table.name in _EVENTS)
    elsewhere = frame[name].isin(taken)
    if elsewhere.any():
        ids: list[dict[str, object]] = [{"id": one} for one in frame.loc[elsewhere, name]]
        rows = frame.index[elsewhere.to_numpy()]
        reading.ledger.set_aside(mapping.sheet, table.name, rows, "in_other_file", ids)
        frame, made = frame[~elsewhere].copy(), made[~elsewhere]
    if not frame[name].duplicated().any():
        return frame, len(frame)
    belongs = [one for one in _OWN if one in frame]
    by_id = frame.groupby(name, sort=False)
    repeated = frame[name].duplicated()
    copied = mapping.sheet.frame.loc[frame.index].duplicated() & repeated
    copied &= ~made | (table.name not in _EVENTS)
    other = (frame[belongs] != by_id[belongs].transform("first")).any(axis="columns") & ~copied
    if table.name != "orders":
        other = repeated & ~copied
    first_rows = frame.index.to_series().groupby(frame[name], sort=False).transform("first")
    columns = ", ".join(mapping.fields[one].header for one in belongs if one in mapping.fields)
    for cause, where in (("copy", copied), ("different_copy", other)):
        rows = frame.index[where.to_numpy()]
        facts: list[dict[str, object]] = [
            {"first": first_rows[row], "id": frame.loc[row, name], "columns": columns}
            for row in rows
        ]
        reading.ledger.set_aside(mapping.sheet, table.name, rows, cause, facts)
    kept = frame[~(copied | other)]
    orders = _added_up(kept, name) if kept[name].duplicated().any() else kept
    if len(orders) < len(kept):
        reading.ledger.note("order_lines", rows=len(kept), orders=len(orders))
    return orders, len(kept)


def _fill_ids(frame: pd.DataFrame, name: str, letter: str, events: bool) -> pd.Series:
    """Make ids for rows that have none, from what they hold; mark them."""
    ids = frame[name].astype("object") if name in frame else nothing(frame.index)
    made = ids.isna()
    if made.any():
        rest = frame[made].drop(columns=name, errors="ignore").astype("str").fillna("")
        facts = pd.Series(["\x1f".join(row) for row in rest.to_numpy()], index=rest.index)
        turn = facts.groupby(facts).cumcount() if events else pd.Series(0, index=facts.index)
        ids[made] = [derived_id(letter, *one) for one in zip(facts, turn, strict=True)]
    frame[name] = ids
    return made


def _added_up(lines: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one row an order; its amounts are the sums of its lines."""
    money = lines.select_dtypes("number").columns
    by_order = lines.groupby(name, sort=False)
    whole = by_order.first()
    whole[money] = by_order[money].sum(min_count=1)
    return whole.reset_index()
