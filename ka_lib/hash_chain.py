r"""A chain of hashes over orders: the idea of a blockchain in thirty lines.

Each entry carries the SHA-256 of one line of text, which begins with the hash of the entry before:

    previous_hash|entry|order_id|ordered_on|amount
    0000...0000|1|O0001|2025-01-03|1234.50

The entry is a whole number, the date ISO 8601, the amount yuan with two decimals, the text UTF-8
without a line break; the first entry's previous hash is 64 zeros. Change one figure, and its hash
no longer fits, nor does any link after it.

What the chain does **not** do: whoever holds the whole ledger can change a figure and compute every
hash anew, and it verifies. That shows only against a last hash that others were given earlier
(printed in a contract, kept by the customer). A real blockchain does that among many parties.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pandas as pd

from ka_lib.amounts import check_columns
from ka_lib.errors import TableError
from ka_lib.frames import need, no_duplicates
from ka_lib.language import text

START = "0" * 64
FIELDS = ["order_id", "ordered_on", "amount"]


@dataclass(frozen=True)
class Verdict:
    """Whether a ledger holds together, and the first entry that does not.

    ``reason``: ``content`` (the entry's own hash does not fit its text), ``link`` (its previous
    hash is not the hash before: an entry was taken out or put in here, or the one before was
    changed and given a new hash), ``published`` (all fits, but the last hash is not the published
    one: re-hashed as a whole, or cut short) or ``""``.
    """

    intact: bool
    first_altered: int | None
    reason: str
    entries: int


def canonical(
    previous_hash: str, entry: int, order_id: str, ordered_on: pd.Timestamp, amount: float
) -> str:
    """Return the text of an entry that is hashed.

    Examples
    --------
    >>> canonical("00ab", 1, "O0001", pd.Timestamp("2025-01-03"), 1234.5)
    '00ab|1|O0001|2025-01-03|1234.50'
    """
    cents = round(float(amount), 2) + 0.0  # no minus on a zero
    return f"{previous_hash}|{int(entry)}|{order_id}|{ordered_on:%Y-%m-%d}|{cents:.2f}"


def digest(line: str) -> str:
    """Return the SHA-256 of a line of text, 64 hexadecimal digits."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest()


def chain(rows: pd.DataFrame) -> pd.DataFrame:
    """Chain orders up: number them, and give each its hash and the one before.

    Parameters
    ----------
    rows : DataFrame
        ``order_id``, ``ordered_on``, ``amount`` (yuan; a return is negative) and, where they are
        numbered already, ``entry``. Hashes that stand there are **made anew**: this is also how a
        forger hides a change.

    Returns
    -------
    DataFrame
        ``entry`` (1, 2, ... by ``ordered_on``, then ``order_id``, unless given), the three
        columns, ``previous_hash`` and ``hash``, in order of ``entry``.

    Raises
    ------
    TableError
        A column is missing or blank, an order or an entry stands twice, an entry is not a whole
        number, or an id holds a ``|``, which would let two entries share one text.
    """
    given = ["entry"] if "entry" in rows.columns else []
    ledger = _checked(rows, given)
    if not given:
        ledger = ledger.sort_values(["ordered_on", "order_id"], ignore_index=True)
        ledger.insert(0, "entry", range(1, len(ledger) + 1))
    hashes = [START]
    for entry in ledger.itertuples():
        line = canonical(hashes[-1], entry.entry, entry.order_id, entry.ordered_on, entry.amount)
        hashes.append(digest(line))
    ledger["previous_hash"] = pd.Series(hashes[:-1], index=ledger.index, dtype="str")
    ledger["hash"] = pd.Series(hashes[1:], index=ledger.index, dtype="str")
    return ledger[["entry", *FIELDS, "previous_hash", "hash"]]


def verify(ledger: pd.DataFrame, published: str | None = None) -> Verdict:
    """Check a ledger, entry by entry, and name the first one that does not fit.

    Parameters
    ----------
    ledger : DataFrame
        As from `chain`.
    published : str, optional
        The last hash as it was made known earlier. Without it a ledger that was re-hashed as a
        whole, or whose last entries were cut off, passes.

    Returns
    -------
    Verdict
        ``first_altered`` is an entry number; None when all is well or only the published hash is
        at odds. An entry that was taken out shows as a broken link of the one after it.

    Raises
    ------
    TableError
        As in `chain`; a hash is blank.
    """
    rows = _checked(ledger, ["entry"], hashes=["previous_hash", "hash"])
    before = START
    for entry in rows.itertuples():
        number = int(entry.entry)
        if entry.previous_hash != before:
            return Verdict(False, number, "link", len(rows))
        line = canonical(before, number, entry.order_id, entry.ordered_on, entry.amount)
        if entry.hash != digest(line):
            return Verdict(False, number, "content", len(rows))
        before = entry.hash
    if published is not None and published != before:
        return Verdict(False, None, "published", len(rows))
    return Verdict(True, None, "", len(rows))


def _checked(rows: pd.DataFrame, given: list[str], hashes: list[str] | None = None) -> pd.DataFrame:
    """Return the ledger's columns, checked and in order of the entry where there is one."""
    ledger = need(rows, "ledger", [*given, *FIELDS, *(hashes or [])])
    no_duplicates(ledger, "ledger", ["order_id"])
    check_columns(ledger.assign(amount=ledger["amount"].abs()), "ledger", ["amount", *given])
    ledger["ordered_on"] = pd.to_datetime(ledger["ordered_on"])
    wrong = {
        "hash_chain.separator": ledger["order_id"].astype("str").str.contains("|", regex=False)
    }
    if given:
        no_duplicates(ledger, "ledger", ["entry"])
        wrong["hash_chain.entry"] = ledger["entry"] % 1 != 0
    for key, faulty in wrong.items():
        if faulty.any():
            row = int(faulty.idxmax())
            found = ledger.loc[row, "entry" if key == "hash_chain.entry" else "order_id"]
            problem = text(key, row=row + 1, found=found)
            raise TableError("tables.invalid", table="ledger", problems=f"- {problem}")
    if given:
        ledger = ledger.astype({"entry": "int64"}).sort_values("entry", ignore_index=True)
    return ledger
