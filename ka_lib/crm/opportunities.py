"""One sheet of opportunities: text in, dates, yuan, stage and status out.

Prevents deals that vanish: a row that cannot be used is set aside with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ka_lib.crm.ledger import examples, rows_of
from ka_lib.crm.values import as_text, derived_id, different_values, name_key, nothing
from ka_lib.crm.vocabulary import key, stage_key
from ka_lib.errors import TableError
from ka_lib.language import text
from ka_lib.tables import STAGES, STATUSES
from ka_lib.units import currency_of, parse_percent

if TYPE_CHECKING:
    from ka_lib.crm.ledger import Ledger
    from ka_lib.crm.mapping import Mapping
    from ka_lib.crm.reading import Reading
    from ka_lib.crm.vocabulary import Vocabulary

DATES = ("created_on", "expected_close_on", "close_on", "closed_on")
TEXTS = (
    *("opportunity_id", "opportunity_name", "account_id", "account_name", "rep_name"),
    *("source", "lost_reason", "product"),
)
OUTCOMES = ("won", "lost")
_FAR_BELOW = 1000  # an amount this many times below the median was perhaps written in 万元


def read_opportunities(mapping: Mapping, reading: Reading) -> pd.DataFrame:
    """Read one sheet.

    Returns
    -------
    DataFrame
        Index: the row in the file. Columns: the text fields, the dates, amount, stage, status.
        Currency codes named in the header, the cells or a currency column go to the reading.
    """
    raw = reading.cells(mapping)
    ledger, index = reading.ledger, mapping.sheet.frame.index
    usable = pd.Series(True, index=index)

    def refuse(where: pd.Series, cause: str, field: str) -> None:
        nonlocal usable
        rows = index[(where & usable).to_numpy()]
        if len(rows):
            source = mapping.fields.get(field)
            column = source.header if source else field
            written = as_text(raw[field]) if field in raw else nothing(index)
            facts = [{"column": column, "found": written[row] or ""} for row in rows]
            ledger.set_aside(mapping.sheet, "opportunities", rows, cause, facts)
            usable &= ~where

    columns = {name: raw.get(name, nothing(index)) for name in TEXTS}
    for name in DATES:
        if name not in raw:
            columns[name] = pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
            continue
        columns[name], unreadable = reading.dates(mapping, name, raw[name])
        if name != "expected_close_on":
            refuse(unreadable, "date", name)
        else:
            reading.blanked(mapping, name, raw[name], unreadable)
    columns["amount"], unreadable = _amounts(raw, mapping, reading)
    refuse(unreadable, "amount", "amount")
    refuse(columns["amount"] < 0, "negative", "amount")
    columns["status"], columns["stage"] = _status_and_stage(raw, mapping, reading)
    refuse(columns["created_on"].isna(), "no_created", "created_on")
    unnamed = columns["opportunity_id"].isna()
    for name in ("opportunity_name", "account_id", "account_name"):
        unnamed = unnamed & columns[name].isna() if unnamed.any() else unnamed
    refuse(unnamed, "no_key", "opportunity_id")
    if "probability" in raw:
        _read_probability(columns, raw["probability"], mapping, ledger)
    frame = pd.DataFrame(columns, copy=False)
    if not usable.all():
        frame = frame[usable]
    _blank_zero_losses(frame, ledger)
    _note_small_amounts(frame["amount"], mapping, ledger)
    _fill_ids(frame)
    return frame


def _amounts(
    raw: dict[str, pd.Series], mapping: Mapping, reading: Reading
) -> tuple[pd.Series, pd.Series]:
    index = mapping.sheet.frame.index
    if "amount" not in raw:
        return pd.Series(float("nan"), index=index), pd.Series(False, index=index)
    amounts, in_cells, unreadable = reading.amounts(mapping, "amount", raw["amount"])
    reading.currencies.update({in_cells, mapping.fields["amount"].currency} - {""})
    if "currency" in raw:
        with_amount = raw["currency"][amounts.notna()].dropna().unique()
        reading.currencies.update(
            currency_of(key(name)) or str(name).upper() for name in with_amount
        )
    return amounts, unreadable


def _status_and_stage(
    raw: dict[str, pd.Series], mapping: Mapping, reading: Reading
) -> tuple[pd.Series, pd.Series]:
    """Return status and stage; a stage nobody knows stays missing and is reported."""
    words = reading.words
    none = nothing(mapping.sheet.frame.index)
    named, said = raw.get("stage", none), raw.get("status", none)
    stage_codes, stages = different_values(named)
    status_codes, statuses = different_values(said)
    stage = [words.stages.get(stage_key(name), "?") for name in stages]
    status = [_status(str(name), words) for name in statuses]
    for field, codes, values, unknown in (
        ("stage", stage_codes, stages, [code == "?" for code in stage]),
        ("status", status_codes, statuses, [code is None for code in status]),
    ):
        if any(unknown):
            reading.ledger.note(
                f"unknown_{field}",
                names=examples(
                    [f"“{name}”" for name, one in zip(values, unknown, strict=True) if one]
                ),
                rows=rows_of(codes, np.array(unknown)),
                column=mapping.fields[field].header,
            )
    # Each pair of stage and status once. The stage speaks first: 赢单 with a status nobody
    # changed is won.
    width = len(status) + 1
    pairs, different = pd.factorize((stage_codes + 1) * width + status_codes + 1)
    stage_of, status_of = [None, *stage], [None, *status]
    ends = [_end(stage_of[pair // width], status_of[pair % width]) for pair in different]
    status_read, stage_read = (
        pd.Series(
            pd.Categorical([end[at] for end in ends], categories=codes).take(pairs),
            index=none.index,
        )
        for at, codes in ((0, STATUSES), (1, STAGES))
    )
    return status_read, stage_read


def _status(name: str, words: Vocabulary) -> str | None:
    """Return the status that a word of the status column means, None when nobody knows."""
    outcome = words.stages.get(stage_key(name))
    return words.statuses.get(key(name)) or (outcome if outcome in OUTCOMES else None)


def _end(stage: str | None, status: str | None) -> tuple[str, str | None]:
    """Return status and stage of a deal, given the codes of its stage and status words."""
    if stage in OUTCOMES:
        status = stage
    elif stage == "delivery":
        status = "won"
    if status == "won":
        return "won", "delivery"
    return status or "open", None if stage in (*OUTCOMES, "?") else stage


def _read_probability(
    columns: dict[str, pd.Series], values: pd.Series, mapping: Mapping, ledger: Ledger
) -> None:
    source = mapping.fields["probability"]
    codes, different = different_values(values)
    first_rows = values.index[~pd.Series(codes).duplicated() & (codes >= 0)]
    try:
        written = pd.Series(np.asarray(different), dtype="object", name=source.header)
        rates = parse_percent(written, rows=first_rows)
    except TableError as error:
        ledger.note("column_left_out", column=source.header, reason=error)
        del mapping.fields["probability"]
        mapping.unmapped[source.position] = text("crm.unreadable_column")
        return
    wrong = ~rates.between(0, 1).to_numpy()
    if wrong.any():
        found = examples([str(different[at]) for at in wrong.nonzero()[0]])
        ledger.note("no_probability", column=source.header, rows=rows_of(codes, wrong), found=found)
    read = np.append(rates.where(~wrong).to_numpy(), np.nan)[codes]
    columns["probability"] = pd.Series(read, index=values.index)


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
    ids = frame["opportunity_id"].astype("object")
    missing = ids.isna()
    if missing.any():
        some = frame[missing]
        name, account, account_id = (
            as_text(some[column]) for column in ("opportunity_name", "account_name", "account_id")
        )
        ids[missing] = [
            derived_id("D", *(name_key(str(part)) for part in parts))
            for parts in zip(
                name.fillna(""),
                account.fillna(account_id).fillna(""),
                some["created_on"],
                some["amount"].where(name.isna(), 0),
                strict=True,
            )
        ]
    frame["opportunity_id"] = ids
