"""The tables that ka_lib speaks: columns, types, units and keys, described once.

Every metric takes these tables, whether they hold the practice company or the reader's own
CRM export. Money is in yuan, dates carry no time of day, codes are English in both editions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

Kind = Literal["id", "text", "date", "money", "number", "year", "code"]

STAGES = ("lead", "contact", "needs", "proposal", "negotiation", "delivery")
STATUSES = ("open", "won", "lost")


@dataclass(frozen=True)
class Column:
    """One column: its kind, whether a table may lack it, and where its ids point."""

    name: str
    kind: Kind
    required: bool = True
    filled: bool = True
    codes: tuple[str, ...] = ()
    refers_to: str = ""
    tax: Literal["", "excluded", "included"] = ""


@dataclass(frozen=True)
class Table:
    """One table: its columns and the columns that make a row unique."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """Return the column names in their standing order."""
        return [column.name for column in self.columns]


ACCOUNTS = Table(
    "accounts",
    (
        Column("account_id", "id"),
        Column("account_name", "text"),
        Column("parent_id", "id", required=False, filled=False, refers_to="accounts"),
        Column("segment", "text", required=False, filled=False),
        Column("region", "text", required=False, filled=False),
        Column("customer_since", "date", required=False, filled=False),
        Column("potential", "money", required=False, filled=False, tax="excluded"),
        Column("depth", "number", required=False, filled=False),
    ),
    key=("account_id",),
)

REPS = Table(
    "reps",
    (Column("rep_id", "id"), Column("rep_name", "text")),
    key=("rep_id",),
)

OPPORTUNITIES = Table(
    "opportunities",
    (
        Column("opportunity_id", "id"),
        Column("account_id", "id", filled=False, refers_to="accounts"),
        Column("rep_id", "id", required=False, filled=False, refers_to="reps"),
        Column("opportunity_name", "text", required=False, filled=False),
        Column("source", "text", required=False, filled=False),
        Column("created_on", "date"),
        Column("amount", "money", filled=False, tax="excluded"),
        Column("stage", "code", codes=STAGES, filled=False),
        Column("status", "code", codes=STATUSES),
        Column("expected_close_on", "date", required=False, filled=False),
        Column("closed_on", "date", filled=False),
        Column("lost_reason", "text", required=False, filled=False),
    ),
    key=("opportunity_id",),
)

STAGE_HISTORY = Table(
    "stage_history",
    (
        Column("opportunity_id", "id", refers_to="opportunities"),
        Column("stage", "code", codes=STAGES),
        Column("entered_on", "date"),
    ),
)

ORDERS = Table(
    "orders",
    (
        Column("order_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("ordered_on", "date"),
        Column("amount", "money", tax="excluded"),
        Column("gross_profit", "money", required=False, filled=False, tax="excluded"),
    ),
    key=("order_id",),
)

COSTS = Table(
    "costs",
    (
        Column("month", "date"),
        Column("purpose", "code", codes=("acquisition", "service")),
        Column("amount", "money", tax="excluded"),
    ),
    key=("month", "purpose"),
)

TARGETS = Table(
    "targets",
    (
        Column("year", "year"),
        Column("rep_id", "id", refers_to="reps"),
        Column("amount", "money", tax="excluded"),
    ),
    key=("year", "rep_id"),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (ACCOUNTS, REPS, OPPORTUNITIES, STAGE_HISTORY, ORDERS, COSTS, TARGETS)
}


def empty(table: Table) -> pd.DataFrame:
    """Return a table of no rows with every column in its right type."""
    import pandas as pd

    return set_types(pd.DataFrame(columns=table.names), table)


def set_types(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with each known column in its type; unknown columns stay as they are.

    Ids, text and codes become ``str``, dates ``datetime64``, money and numbers ``float64``, years
    ``int64``.
    """
    import pandas as pd

    typed = frame.copy()
    for column in table.columns:
        if column.name not in typed.columns:
            continue
        values = typed[column.name]
        if column.kind == "date":
            typed[column.name] = pd.to_datetime(values).dt.as_unit("s")
        elif column.kind in ("money", "number"):
            typed[column.name] = values.astype("float64")
        elif column.kind == "year":
            typed[column.name] = values.astype("int64")
        else:
            typed[column.name] = values.astype("str").where(values.notna())
    return typed
