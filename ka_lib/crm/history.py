"""The stage history: from a report of stage changes, or from "Date entered <stage>" columns.

Prevents a funnel of current stages that passes for a funnel of stages reached: without history
there is none, and the import says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.dates import read_dates
from ka_lib.crm.ledger import examples
from ka_lib.crm.opportunities import cells
from ka_lib.crm.values import name_key, nothing, per_value
from ka_lib.crm.vocabulary import Vocabulary, stage_key

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping

ENTRIES = ["opportunity_id", "stage", "entered_on"]
_NO_ENTRIES = pd.DataFrame({name: pd.Series(dtype="object") for name in ENTRIES})


def from_columns(
    mapping: Mapping, deals: pd.DataFrame, vocabulary: Vocabulary, day_first: bool | None
) -> pd.DataFrame:
    """Turn "Date entered <stage>" columns into entries; ``deals`` are the sheet's kept rows."""
    blanks = vocabulary.blanks["default"]
    entries = [_NO_ENTRIES]
    for position, stage in mapping.stage_columns.items():
        values = mapping.sheet.frame.loc[deals["_row"], position]
        values = per_value(
            values, lambda cell: None if cell.strip().lower() in {"", *blanks} else cell
        )
        dates = read_dates(values, mapping.sheet.header[position], day_first).dates
        entry = pd.DataFrame(
            {"opportunity_id": deals["opportunity_id"].to_numpy(), "entered_on": dates.to_numpy()}
        )
        entries.append(entry.assign(stage=stage).dropna())
    return pd.concat(entries, ignore_index=True)


def read_history(
    mapping: Mapping,
    vocabulary: Vocabulary,
    deals: pd.DataFrame,
    day_first: bool | None,
    ledger: Ledger,
) -> tuple[pd.DataFrame, int]:
    """Read a report of stage changes; return entries (also outcomes) and how many rows were kept.

    A change to a lost stage closes the deal and is no stage: its date is used, the row set aside.
    """
    raw = cells(mapping, vocabulary)
    sheet = mapping.sheet
    none = nothing(sheet.frame.index)

    def stage_of(name: str) -> str:
        return vocabulary.stages.get(stage_key(name), "?")

    dates, _ = read_dates(raw["entered_on"], mapping.fields["entered_on"].header, day_first)
    frame = pd.DataFrame(
        {
            "opportunity_id": raw.get("opportunity_id", none),
            "stage": per_value(raw["stage"], stage_of),
            "from_stage": per_value(raw.get("from_stage", none), stage_of),
            "entered_on": dates,
        }
    )
    named = raw.get("opportunity_name", none)
    if frame["opportunity_id"].isna().any():
        found = _by_name(named, deals)
        frame["opportunity_id"] = frame["opportunity_id"].where(
            frame["opportunity_id"].notna(), found
        )
    unknown_stage = (frame["stage"] == "?") | frame["stage"].isna()
    if unknown_stage.any():
        names = list(raw["stage"][unknown_stage].dropna().unique())
        column = mapping.fields["stage"].header
        ledger.note("unknown_history_stage", column=column, rows=int(unknown_stage.sum()),
                    names=examples([f"“{name}”" for name in names]))  # fmt: skip
    reasons = {
        "unknown_deal": ~frame["opportunity_id"].isin(deals["opportunity_id"]),
        "no_entry_date": frame["entered_on"].isna(),
        "unknown_stage": unknown_stage,
        "same_stage": frame["stage"] == frame["from_stage"],
        "repeated_entry": frame.duplicated(["opportunity_id", "stage", "entered_on"]),
        "loss": frame["stage"] == "lost",
    }
    left = pd.Series(True, index=frame.index)
    usable = left.copy()
    for cause, where in reasons.items():
        rows = frame.index[(where & left).to_numpy()]
        facts = [
            {"found": raw["stage"][row] or ""}
            | {"deal": frame.loc[row, "opportunity_id"] or named[row] or ""}
            for row in rows
        ]
        ledger.set_aside(sheet, "stage_history", rows, cause, facts)
        left &= ~where
        if cause != "loss":
            usable &= ~where
    return frame[usable].reset_index(drop=True), int(left.sum())


def _by_name(named: pd.Series, deals: pd.DataFrame) -> pd.Series:
    """Return the ids of deals by name; a name that two deals bear tells nothing."""
    keys = per_value(deals["opportunity_name"], name_key)
    once = ~keys.duplicated(keep=False) & keys.notna()
    ids = dict(zip(keys[once], deals.loc[once, "opportunity_id"], strict=True))
    return per_value(named, lambda name: ids.get(name_key(name)))


def complete(entries: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Return the stage history table: entries with the days of creation and signing added.

    A deal enters its first stage on the day it is created (the stage the first change left, else
    ``lead``) and ``delivery`` on the day it is won.
    """
    stages = entries.assign(stage=entries["stage"].replace("won", "delivery"))
    stages = stages[stages["stage"] != "lost"].sort_values("entered_on", kind="stable")
    first = stages.drop_duplicates("opportunity_id").set_index("opportunity_id")
    created = deals.set_index("opportunity_id")["created_on"]
    began = first["stage"].reindex(created.index)
    left = first["from_stage"] if "from_stage" in first else pd.Series(dtype="object")
    left = left.reindex(created.index)
    known = left.notna() & ~left.isin(["?", "won", "lost"])
    start = left.where(known, "lead")
    # A report that shows the entry of the first stage needs no start added.
    entered_at_once = first["entered_on"].reindex(created.index) <= created
    wanted = ~((began == "lead") | (entered_at_once & ~known))
    starts = pd.DataFrame(
        {
            "opportunity_id": created.index,
            "stage": start.to_numpy(),
            "entered_on": created.to_numpy(),
        }
    )[wanted.to_numpy()]
    won = deals[(deals["status"] == "won") & deals["closed_on"].notna()]
    signed = stages.loc[stages["stage"] == "delivery", "opportunity_id"]
    ends = won.loc[~won["opportunity_id"].isin(signed), ["opportunity_id", "closed_on"]]
    ends = ends.rename(columns={"closed_on": "entered_on"}).assign(stage="delivery")
    whole = pd.concat([stages[ENTRIES], starts, ends[ENTRIES]], ignore_index=True)
    whole = whole.drop_duplicates(ENTRIES)
    return whole.sort_values(["opportunity_id", "entered_on"], kind="stable", ignore_index=True)


def outcome_dates(entries: pd.DataFrame) -> pd.Series:
    """Return the last day each deal was won or lost, by opportunity id."""
    closed = entries[entries["stage"].isin(["won", "lost", "delivery"])]
    return closed.groupby("opportunity_id")["entered_on"].max()


def last_stages(entries: pd.DataFrame) -> pd.Series:
    """Return the last stage each deal was in before it was lost, by opportunity id."""
    stages = entries[~entries["stage"].isin(["won", "lost"])].sort_values(
        "entered_on", kind="stable"
    )
    return stages.drop_duplicates("opportunity_id", keep="last").set_index("opportunity_id")[
        "stage"
    ]
