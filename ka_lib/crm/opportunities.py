"""One sheet of opportunities: text in, dates, yuan, stage and status out.

Prevents deals that vanish: a row that cannot be used is set aside with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.crm.dates import read_dates
from ka_lib.crm.ledger import examples
from ka_lib.crm.values import clean, derived_id, name_key, nothing, per_value
from ka_lib.crm.vocabulary import Vocabulary, key, stage_key
from ka_lib.errors import TableError
from ka_lib.language import text
from ka_lib.units import currency_of, parse_percent, read_money

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping

DATES = ("created_on", "expected_close_on", "close_on", "closed_on")
TEXTS = (
    *("opportunity_id", "opportunity_name", "account_id", "account_name", "rep_name"),
    *("source", "lost_reason", "product"),
)
OUTCOMES = ("won", "lost")
_FAR_BELOW = 1000  # an amount this many times below the median was perhaps written in 万元


def cells(mapping: Mapping, vocabulary: Vocabulary) -> dict[str, pd.Series]:
    """Return each field's cleaned text; missing where blank. The index is the row number."""
    default = vocabulary.blanks["default"]
    return {
        name: clean(mapping.sheet.frame[source.position], vocabulary.blanks.get(name, default))
        for name, source in mapping.fields.items()
    }


def read_opportunities(
    mapping: Mapping, vocabulary: Vocabulary, day_first: bool | None, ledger: Ledger
) -> tuple[pd.DataFrame, set[str]]:
    """Read one sheet.

    Returns
    -------
    frame : DataFrame
        Index: the row in the file. Columns: the text fields, the dates, amount, stage, status.
    currencies : set of str
        Currency codes named in the header, the cells or a currency column.
    """
    raw = cells(mapping, vocabulary)
    frame = pd.DataFrame(index=mapping.sheet.frame.index)
    for name in TEXTS:
        frame[name] = raw.get(name, nothing(frame.index))
    usable = pd.Series(True, index=frame.index)

    def refuse(where: pd.Series, cause: str, field: str) -> None:
        nonlocal usable
        rows = frame.index[(where & usable).to_numpy()]
        source = mapping.fields.get(field)
        column = source.header if source else field
        facts = [
            {"column": column, "found": raw[field][row] if field in raw else ""} for row in rows
        ]
        ledger.set_aside(mapping.sheet, "opportunities", rows, cause, facts)
        usable &= ~where

    for name in DATES:
        if name not in raw:
            frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
            continue
        dates, unreadable = read_dates(raw[name], mapping.fields[name].header, day_first)
        frame[name] = dates
        if name == "expected_close_on" and unreadable.any():
            found = list(raw[name][unreadable].unique())
            ledger.note("dates_blanked", column=mapping.fields[name].header,
                        rows=int(unreadable.sum()), found=examples(found))  # fmt: skip
        else:
            refuse(unreadable, "date", name)

    frame["amount"], currencies, unreadable = _amounts(raw, mapping)
    refuse(unreadable, "amount", "amount")
    refuse(frame["amount"] < 0, "negative", "amount")
    _read_stage_and_status(frame, raw, mapping, vocabulary, ledger)
    refuse(frame["created_on"].isna(), "no_created", "created_on")
    no_key = frame[["opportunity_id", "opportunity_name", "account_id", "account_name"]].isna()
    refuse(no_key.all(axis="columns"), "no_key", "opportunity_id")
    if "probability" in raw:
        _read_probability(frame, raw["probability"], mapping, ledger)
    frame = frame[usable].copy()
    _blank_zero_losses(frame, ledger)
    _note_small_amounts(frame["amount"], mapping, ledger)
    _fill_ids(frame)
    return frame, currencies


def _amounts(raw: dict[str, pd.Series], mapping: Mapping) -> tuple[pd.Series, set[str], pd.Series]:
    index = mapping.sheet.frame.index
    if "amount" not in raw:
        return pd.Series(float("nan"), index=index), set(), pd.Series(False, index=index)
    source = mapping.fields["amount"]
    amounts, in_cells, own_scale = read_money(raw["amount"], source.header)
    currencies = {in_cells, source.currency} - {""}
    if "currency" in raw:
        with_amount = raw["currency"][amounts.notna()].dropna().unique()
        currencies |= {currency_of(key(name)) or str(name).upper() for name in with_amount}
    # A cell that says 万 itself is not scaled by the header once more.
    scaled = amounts.where(own_scale, (amounts * source.scale).round(2))
    return scaled, currencies, amounts.isna() & raw["amount"].notna()


def _read_stage_and_status(
    frame: pd.DataFrame,
    raw: dict[str, pd.Series],
    mapping: Mapping,
    vocabulary: Vocabulary,
    ledger: Ledger,
) -> None:
    """Fill stage and status; a stage nobody knows stays missing and is reported."""
    none = nothing(frame.index)
    named = raw.get("stage", none)
    stage = per_value(named, lambda name: vocabulary.stages.get(stage_key(name), "?"))
    said = raw.get("status", none)
    status = per_value(
        said,
        lambda name: (
            vocabulary.statuses.get(key(name))
            or {"won": "won", "lost": "lost"}.get(vocabulary.stages.get(stage_key(name), ""))
        ),
    )
    for values, codes, field in ((named, stage == "?", "stage"), (said, status.isna(), "status")):
        unknown = values[codes & values.notna()]
        if len(unknown):
            ledger.note(
                f"unknown_{field}",
                names=examples([f"“{name}”" for name in unknown.unique()]),
                rows=len(unknown),
                column=mapping.fields[field].header,
            )
    outcome = stage.where(stage.isin(OUTCOMES))
    outcome = outcome.where(stage != "delivery", "won")
    # The stage speaks first: 赢单 with a status nobody changed is won.
    frame["status"] = outcome.where(outcome.notna(), status).fillna("open")
    stage = stage.where(~stage.isin([*OUTCOMES, "?"]), None)
    frame["stage"] = stage.where(frame["status"] != "won", "delivery")


def _read_probability(
    frame: pd.DataFrame, values: pd.Series, mapping: Mapping, ledger: Ledger
) -> None:
    source = mapping.fields["probability"]
    try:
        frame["probability"] = parse_percent(values.rename(source.header), rows=values.index)
    except TableError as error:
        ledger.note("column_left_out", column=source.header, reason=error)
        del mapping.fields["probability"]
        mapping.unmapped[source.position] = text("crm.unreadable_column")


def _blank_zero_losses(frame: pd.DataFrame, ledger: Ledger) -> None:
    """Make lost amounts missing where all are 0: some systems clear them, and nothing was known."""
    lost = frame["status"] == "lost"
    if lost.any() and (frame.loc[lost, "amount"] == 0).all() and (frame["amount"] > 0).any():
        frame.loc[lost, "amount"] = float("nan")
        ledger.note("zero_losses", rows=int(lost.sum()))


def _note_small_amounts(amounts: pd.Series, mapping: Mapping, ledger: Ledger) -> None:
    small = amounts[(amounts > 0) & (amounts < amounts[amounts > 0].median() / _FAR_BELOW)]
    if len(small):
        header = mapping.fields["amount"].header
        found = [
            text("units.row_value", row=row, value=f"{amount:g}")
            for row, amount in zip(small.index, small, strict=True)
        ]
        ledger.note("small_amounts", column=header, rows=len(small), found=examples(found))


def _fill_ids(frame: pd.DataFrame) -> None:
    """Give deals without an id a stable one, made from name, account and day of creation."""
    missing = frame["opportunity_id"].isna()
    if not missing.any():
        return
    some = frame[missing]
    frame.loc[missing, "opportunity_id"] = [
        derived_id("D", *(name_key(str(part)) for part in parts))
        for parts in zip(
            some["opportunity_name"].fillna(""),
            some["account_name"].fillna(some["account_id"]).fillna(""),
            some["created_on"],
            some["amount"].where(some["opportunity_name"].isna(), 0),
            strict=True,
        )
    ]
