"""The tables of an import, put together sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm import accounts, history
from ka_lib.crm import names as names_module
from ka_lib.crm.closing import close_deals, without_duplicates
from ka_lib.crm.ledger import Ledger, examples
from ka_lib.crm.opportunities import read_opportunities
from ka_lib.crm.records import RECORDS, read_records
from ka_lib.crm.vocabulary_file import TABLES as KNOWN_TABLES
from ka_lib.errors import ExportError
from ka_lib.language import text
from ka_lib.tables import OPPORTUNITIES, TABLES, set_types

if TYPE_CHECKING:
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.reading import Reading


def build(
    mappings: list[Mapping], reading: Reading
) -> tuple[dict[int, int], dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the rows kept of each sheet, the tables, and the names offered."""
    ledger = reading.ledger
    by_table = {table: [one for one in mappings if one.table == table] for table in KNOWN_TABLES}
    if not by_table["opportunities"] and not by_table["orders"]:
        raise ExportError(
            "crm.no_opportunities",
            files=", ".join(one.sheet.file for one in mappings),
            headers=", ".join(name for one in mappings for name in one.sheet.header if name),
        )
    for one in mappings:
        if one.table in TABLES:
            ledger.leftovers(one.sheet, one.table)
    counts: dict[int, int] = {}
    tables: dict[str, pd.DataFrame] = {}
    directory, reps = accounts.Directory(), accounts.Reps()
    for one in by_table["accounts"]:
        counts[id(one.sheet)] = accounts.read_accounts(one, reading, directory)
    if by_table["opportunities"]:
        deals = _deals(by_table, reading, counts, tables)
        ids, named = deals["account_id"], deals["account_name"]
        deals["account_id"] = accounts.resolve_accounts(
            by_table["opportunities"][0], ids, named, directory, ledger
        )
        without = int((ids.isna() & named.isna()).sum())
        if without:
            ledger.note("no_account", rows=without)
        deals["rep_id"] = reps.resolve(deals["rep_name"])
        wanted = [name for name in OPPORTUNITIES.names if name in deals]
        tables["opportunities"] = deals[wanted]
    for table in RECORDS:
        read: list[pd.DataFrame] = []
        for one in by_table[table]:
            reading.tell(
                text("crm.tell_table", table=text(f"crm.table_{table}"), file=one.sheet.file)
            )
            records, counts[id(one.sheet)] = read_records(
                one, reading, directory, reps, _ids(table, read)
            )
            read.append(records)
        if read:
            tables[table] = _together(table, read)
    _need_rows(tables, mappings, ledger)
    offered = _offers(directory, reps, tables, reading)
    tables = {"accounts": directory.frame(), "reps": reps.frame()} | tables
    return counts, {name: set_types(frame, TABLES[name]) for name, frame in tables.items()}, offered


def _deals(
    by_table: dict[str, list[Mapping]],
    reading: Reading,
    counts: dict[int, int],
    tables: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the deals with their ends; put the stage history into the tables."""
    sheets, ledger = by_table["opportunities"], reading.ledger
    frames = []
    for at, one in enumerate(sheets):
        reading.tell(
            text("crm.tell_table", table=text("crm.table_opportunities"), file=one.sheet.file)
        )
        frame = read_opportunities(one, reading)
        frames.append(frame.assign(_sheet=at, _row=frame.index).reset_index(drop=True))
    deals = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    deals = without_duplicates(deals, sheets, ledger)
    entries = []
    for at, one in enumerate(sheets):
        if one.stage_columns:
            entries.append(history.from_columns(one, deals[deals["_sheet"] == at], reading))
    for one in by_table["stage_history"]:
        read, counts[id(one.sheet)] = history.read_history(one, reading, deals)
        entries.append(read)
    recorded = pd.concat(entries, ignore_index=True) if entries else None
    deals = close_deals(deals, sheets, recorded, ledger)
    for at, one in enumerate(sheets):
        counts[id(one.sheet)] = int((deals["_sheet"] == at).sum())
    if recorded is not None:
        recorded = recorded[recorded["opportunity_id"].isin(deals["opportunity_id"])]
        tables["stage_history"] = history.complete(recorded, deals)
    else:
        ledger.note("no_history")
    return deals


def _ids(table: str, read: list[pd.DataFrame]) -> set[str]:
    return {one for frame in read for one in frame[TABLES[table].key[0]]}


def _together(table: str, read: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several sheets of one table as one, with the table's own columns."""
    frame = read[0] if len(read) == 1 else pd.concat(read, ignore_index=True)
    wanted = [name for name in TABLES[table].names if name in frame]
    return frame[wanted].reset_index(drop=True)


def _offers(
    directory: accounts.Directory,
    reps: accounts.Reps,
    tables: dict[str, pd.DataFrame],
    reading: Reading,
) -> pd.DataFrame:
    """Return names that nearly match another, and names that no list has; note how many."""
    ledger = reading.ledger
    account_rows = {
        str(row["account_name"]): directory.used[key] for key, row in directory.rows.items()
    }
    products = [tables["products"]["product_name"]] if "products" in tables else []
    listed_products = [str(name) for names in products for name in names]
    if "product" in tables.get("opportunities", ()):
        products.append(tables["opportunities"]["product"].dropna())
    rep_rows = {name: reps.used[key] for key, name in reps.names.items()}
    if len(account_rows) ** 2 > names_module.PAIRS:
        ledger.note("not_compared", accounts=f"{len(account_rows):,}")
    found = [
        *names_module.offers("account", account_rows, directory.listed, reading.names),
        *names_module.offers(
            "product", names_module.counted(products), listed_products, reading.names
        ),
        *names_module.offers("rep", rep_rows, (), reading.names),
    ]
    _note_offers(found, ledger)
    return names_module.frame(found)


def _note_offers(found: list[tuple[str, str, int, str, str]], ledger: Ledger) -> None:
    unlisted = [one for one in found if one[0] == "account" and one[4] == "unlisted"]
    if unlisted:
        shown = [
            text("crm.nearest_name", name=name, nearest=nearest) if nearest else name
            for _, name, _, nearest, _ in unlisted
        ]
        ledger.note("accounts_added", accounts=len(unlisted), names=examples(shown))
    for kind in names_module.KINDS:
        near = [f"{one[1]} / {one[3]}" for one in found if one[0] == kind and one[4] != "unlisted"]
        if near:
            kinds = text(f"crm.kinds_{kind}")
            ledger.note("near_names", kind=kinds, pairs=len(near), names=examples(near))


def _need_rows(tables: dict[str, pd.DataFrame], mappings: list[Mapping], ledger: Ledger) -> None:
    """Refuse an export of which no deal and no order can be used."""
    if len(tables.get("opportunities", ())) or len(tables.get("orders", ())):
        return
    if not any(one.sheet.rows for one in mappings if one.table in ("opportunities", "orders")):
        raise ExportError("crm.empty", file=mappings[0].sheet.file)
    counted = ledger.frame()["reason"].value_counts()
    reasons = "\n".join(f"- {reason} ({rows})" for reason, rows in counted.head(3).items())
    raise ExportError("crm.no_usable_rows", reasons=reasons)
