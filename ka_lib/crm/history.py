"""The stage history: from a report of stage changes, or from "Date entered <stage>" columns.

Prevents a funnel of current stages that passes for a funnel of stages reached: without history
there is none, and the import says so.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.ledger import examples
from ka_lib.crm.values import as_text, clean, name_key, nothing, per_value
from ka_lib.crm.vocabulary import stage_key
from ka_lib.language import text

if TYPE_CHECKING:
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.reading import Reading

_COMPARED = 5000  # deals that an unknown number is compared with
_NEAREST_OF = 20  # unknown numbers whose nearest is looked for
ENTRIES = ["opportunity_id", "stage", "entered_on"]
_NO_ENTRIES = pd.DataFrame({name: pd.Series(dtype="object") for name in ENTRIES})


def from_columns(mapping: Mapping, deals: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Turn "Date entered <stage>" columns into entries; ``deals`` are the sheet's kept rows."""
    entries = [_NO_ENTRIES]
    for position, stage in mapping.stage_columns.items():
        values, _ = clean(
            mapping.sheet.frame.loc[deals["_row"], position], reading.words.blanks["default"]
        )
        dates, _ = reading.dates_at(mapping, position, values)
        entry = pd.DataFrame(
            {"opportunity_id": deals["opportunity_id"].to_numpy(), "entered_on": dates.to_numpy()}
        )
        entries.append(entry.assign(stage=stage).dropna())
    return pd.concat(entries, ignore_index=True)


def read_history(
    mapping: Mapping, reading: Reading, deals: pd.DataFrame
) -> tuple[pd.DataFrame, int]:
    """Read a report of stage changes; return entries (also outcomes) and how many rows were kept.

    A change to a lost stage closes the deal and is no stage: its date is used, the row set aside.
    """
    raw = reading.cells(mapping)
    sheet, words = mapping.sheet, reading.words
    none = nothing(sheet.frame.index)

    def stage_of(name: str) -> str:
        return words.stages.get(stage_key(name), "?")

    dates, _ = reading.dates(mapping, "entered_on", raw["entered_on"])
    frame = pd.DataFrame(
        {
            "opportunity_id": as_text(raw.get("opportunity_id", none)),
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
        reading.ledger.note("unknown_history_stage", column=column, rows=int(unknown_stage.sum()),
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
    written, titles = as_text(raw["stage"]), as_text(named)
    for cause, where in reasons.items():
        rows = frame.index[(where & left).to_numpy()]
        facts: list[dict[str, object]] = [
            {"found": written[row] or ""}
            | {"deal": frame.loc[row, "opportunity_id"] or titles[row] or ""}
            for row in rows
        ]
        if cause == "unknown_deal":
            _name_nearest(facts, deals)
        reading.ledger.set_aside(sheet, "stage_history", rows, cause, facts)
        left &= ~where
        if cause != "loss":
            usable &= ~where
    return frame[usable].reset_index(drop=True), int(left.sum())


def _name_nearest(facts: list[dict[str, object]], deals: pd.DataFrame) -> None:
    """Add the nearest known deal to the first reasons; comparing with all takes too long."""
    known = deals["opportunity_id"].astype("str").head(_COMPARED).tolist()
    for at, fact in enumerate(facts):
        match = (
            difflib.get_close_matches(str(fact["deal"]), known, n=1)
            if at < _NEAREST_OF and fact["deal"]
            else []
        )
        fact["nearest"] = text("crm.nearest_deal", nearest=match[0]) if match else ""


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
