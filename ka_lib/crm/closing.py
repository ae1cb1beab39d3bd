"""How deals end: one row a deal, a closing date where it is closed, a stage where it was lost.

Prevents the deal that counts twice and the deal that closes before it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm import history

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping


def set_aside_duplicates(deals: pd.DataFrame, sheets: list[Mapping], ledger: Ledger) -> None:
    """Mark in ``_aside`` every row after the first of one id; the first stays.

    Which of two contents is right cannot be known, so the reason says whether they differ.
    """
    repeated = deals.duplicated("opportunity_id")
    deals["_aside"] = repeated
    if not repeated.any():
        return
    compared = [name for name in deals if not name.startswith("_")]
    first = deals[~repeated].set_index("opportunity_id", drop=False)
    first = first[first.index.isin(deals.loc[repeated, "opportunity_id"])]
    facts: dict[tuple[int, str], list[tuple[int, dict[str, object]]]] = {}
    for _, row in deals[repeated].iterrows():
        original = first.loc[row["opportunity_id"]]
        differing = [
            name
            for name in compared
            if not (pd.isna(row[name]) and pd.isna(original[name])) and row[name] != original[name]
        ]
        cause = "different_copy" if differing else "copy"
        where = int(original["_row"])
        columns = ", ".join(
            sheets[row["_sheet"]].fields[name].header
            for name in differing
            if name in sheets[row["_sheet"]].fields
        )
        fact = {"first": where, "id": row["opportunity_id"], "columns": columns}
        facts.setdefault((int(row["_sheet"]), cause), []).append((int(row["_row"]), fact))
    for (sheet, cause), rows in facts.items():
        index = pd.Index([row for row, _ in rows])
        ledger.set_aside(
            sheets[sheet].sheet, "opportunities", index, cause, [fact for _, fact in rows]
        )


def close_deals(
    deals: pd.DataFrame,
    sheets: list[Mapping],
    recorded: pd.DataFrame | None,
    ledger: Ledger,
) -> pd.DataFrame:
    """Return the deals with expected and closing dates told apart and lost stages filled in.

    A "Close Date" is the expected day while a deal is open and the real one afterwards.
    """
    deals = deals.copy()
    closed = deals["status"] != "open"
    expected, either = deals["expected_close_on"], deals["close_on"]
    deals["expected_close_on"] = expected.where(expected.notna(), either.where(~closed))
    real = deals["closed_on"].where(deals["closed_on"].notna(), either)
    if recorded is not None:
        # By reindex, not map: pandas cannot map through an empty column of dates.
        ids = deals["opportunity_id"]
        on_record = history.outcome_dates(recorded).reindex(ids).set_axis(deals.index)
        real = real.where(real.notna(), pd.to_datetime(on_record).dt.as_unit("s"))
        stages = history.last_stages(recorded).reindex(ids).set_axis(deals.index)
        fill = (deals["status"] == "lost") & deals["stage"].isna()
        deals["stage"] = deals["stage"].where(~fill, stages)
    if not any({"closed_on", "close_on"} & set(one.fields) for one in sheets):
        borrowed = closed & real.isna() & expected.notna()
        if borrowed.any():
            real = real.where(~borrowed, expected)
            ledger.note("expected_as_closed", rows=int(borrowed.sum()))
    early = ~closed & deals["closed_on"].notna()
    if early.any():
        ledger.note("open_with_date", rows=int(early.sum()))
    deals["closed_on"] = pd.to_datetime(real.where(closed)).dt.as_unit("s")
    usable = _refuse(deals, sheets, closed, ledger)
    return deals[usable].reset_index(drop=True)


def _refuse(
    deals: pd.DataFrame, sheets: list[Mapping], closed: pd.Series, ledger: Ledger
) -> pd.Series:
    reasons = {
        "no_closing_date": closed & deals["closed_on"].isna(),
        "closed_early": deals["closed_on"] < deals["created_on"],
    }
    usable = pd.Series(True, index=deals.index)
    for cause, where in reasons.items():
        for at, one in enumerate(sheets):
            some = deals[where & (deals["_sheet"] == at)]
            if some.empty:
                continue
            facts: list[dict[str, object]] = [
                {
                    "created": f"{created:%Y-%m-%d}",
                    "found": "" if pd.isna(end) else f"{end:%Y-%m-%d}",
                }
                for created, end in zip(some["created_on"], some["closed_on"], strict=True)
            ]
            ledger.set_aside(one.sheet, "opportunities", pd.Index(some["_row"]), cause, facts)
        usable &= ~where
    return usable
