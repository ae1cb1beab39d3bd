"""How deals end: one row a deal, a closing date where it is closed, a stage where it was lost.

Prevents the deal that counts twice and the deal that closes before it begins.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm import history

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping


def without_duplicates(deals: pd.DataFrame, sheets: list[Mapping], ledger: Ledger) -> pd.DataFrame:
    """Return the deals without every row after the first of one id, which is set aside.

    Which of two contents is right cannot be known, so the reason says whether they differ.
    """
    repeated = deals["opportunity_id"].duplicated()
    if not repeated.any():
        return deals
    later = deals[repeated]
    first = deals[~repeated].set_index("opportunity_id", drop=False).loc[later["opportunity_id"]]
    differing: list[list[str]] = [[] for _ in range(len(later))]
    for name in deals.columns:
        if name.startswith("_"):
            continue
        one, other = later[name].astype("object"), first[name].astype("object")
        unlike = (one.to_numpy() != other.to_numpy()) & ~(one.isna() & other.isna().to_numpy())
        for at in unlike.to_numpy().nonzero()[0]:
            differing[at].append(name)
    facts: dict[tuple[int, str], list[tuple[int, dict[str, object]]]] = defaultdict(list)
    for sheet, row, deal, first_row, names in zip(
        later["_sheet"],
        later["_row"],
        later["opportunity_id"],
        first["_row"],
        differing,
        strict=True,
    ):
        fields = sheets[sheet].fields
        columns = ", ".join(fields[name].header for name in names if name in fields)
        fact = {"first": first_row, "id": deal, "columns": columns}
        facts[sheet, "different_copy" if names else "copy"].append((row, fact))
    for (sheet, cause), found in facts.items():
        rows = pd.Index([row for row, _ in found])
        ledger.set_aside(
            sheets[sheet].sheet, "opportunities", rows, cause, [fact for _, fact in found]
        )
    return deals[~repeated].reset_index(drop=True)


def close_deals(
    deals: pd.DataFrame,
    sheets: list[Mapping],
    recorded: pd.DataFrame | None,
    ledger: Ledger,
) -> pd.DataFrame:
    """Return the deals with expected and closing dates told apart and lost stages filled in.

    A "Close Date" is the expected day while a deal is open and the real one afterwards.
    """
    deals = deals.copy(deep=False)
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
        deals["stage"] = deals["stage"].astype("object").where(~fill, stages)
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
    return deals if usable.all() else deals[usable].reset_index(drop=True)


def _refuse(
    deals: pd.DataFrame, sheets: list[Mapping], closed: pd.Series, ledger: Ledger
) -> pd.Series:
    reasons = {
        "no_closing_date": closed & deals["closed_on"].isna(),
        "closed_early": deals["closed_on"] < deals["created_on"],
    }
    usable = pd.Series(True, index=deals.index)
    undated = int(reasons["no_closing_date"].sum())
    if undated:
        ledger.note("no_closing_date", rows=undated, closed=int(closed.sum()))
    for cause, where in reasons.items():
        if not where.any():
            continue
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
