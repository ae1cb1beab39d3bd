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

Kind = Literal["id", "text", "date", "time", "money", "number", "year", "code", "flag"]

STAGES = ("lead", "contact", "needs", "proposal", "negotiation", "delivery")
STATUSES = ("open", "won", "lost")
TIERS = ("A", "B", "C")
ROLES = ("decision_maker", "influencer", "user", "buyer", "approver", "gatekeeper")
LEVELS = ("executive", "manager", "staff")
ACTIVITIES = ("visit", "meeting", "call", "message", "email")
DEPARTMENTS = ("marketing", "service", "legal", "supply_chain", "finance", "rnd")
TIME_USES = ("visit", "travel", "proposal", "service", "meeting", "admin")
ABILITIES = (
    "strategic_thinking",
    "customer_insight",
    "communication_negotiation",
    "resource_integration",
    "data_analysis",
    "project_management",
    "leadership",
)
LOSS_CAUSES = ("competitor", "quality", "strategy", "communication", "contact_left")
TERM_LINES = (
    "on_invoice_discount",
    "rebates",
    "contracted_fees",
    "uncontracted_fees",
    "returns",
    "cost_of_goods",
    "logistics",
    "promoters",
    "capital",
)


@dataclass(frozen=True)
class Column:
    """One column: its kind, whether a table may lack it, and where its ids point.

    A ``date`` has no time of day, a ``time`` has; a ``flag`` is True or False.
    """

    name: str
    kind: Kind
    required: bool = True
    filled: bool = True
    codes: tuple[str, ...] = ()
    refers_to: str = ""
    tax: Literal["", "excluded", "included"] = ""
    signed: bool = False  # money that may be negative: a return
    bounds: tuple[float, float] | None = None  # the least and the largest number, both allowed


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
        Column("rep_id", "id", required=False, filled=False, refers_to="reps"),
        Column("tier", "code", required=False, filled=False, codes=TIERS),
        Column("ownership", "text", required=False, filled=False),
        Column("founded", "number", required=False, filled=False),
        Column("employees", "number", required=False, filled=False),
        Column("store_count", "number", required=False, filled=False),
        Column("annual_sales", "money", required=False, filled=False, tax="excluded"),
        Column("payment_days", "number", required=False, filled=False),
        Column("contract_starts_on", "date", required=False, filled=False),
        Column("contract_months", "number", required=False, filled=False),
    ),
    key=("account_id",),
)

CONTACTS = Table(
    "contacts",
    (
        Column("contact_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("contact_name", "text"),
        Column("title", "text", required=False, filled=False),
        Column("level", "code", required=False, filled=False, codes=LEVELS),
        Column("role", "code", required=False, filled=False, codes=ROLES),
        Column("weight", "number", required=False, filled=False),
        Column("stance", "number", required=False, filled=False, bounds=(-1, 1)),
        Column("birthday", "date", required=False, filled=False),
        Column("known_since", "date", required=False, filled=False),
        Column("left_on", "date", required=False, filled=False),
    ),
    key=("contact_id",),
)

REPS = Table(
    "reps",
    (
        Column("rep_id", "id"),
        Column("rep_name", "text"),
        Column("level", "number", required=False, filled=False),  # 1 junior rep to 5 head of KA
        Column("joined_on", "date", required=False, filled=False),
    ),
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
        Column(
            "probability", "number", required=False, filled=False, bounds=(0, 1)
        ),  # the rep's own
        Column("product", "text", required=False, filled=False),
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
        Column("amount", "money", tax="excluded", signed=True),  # a return is negative
        Column("gross_profit", "money", required=False, filled=False, tax="excluded", signed=True),
        Column("list_amount", "money", required=False, filled=False, tax="excluded", signed=True),
        Column("bill_to", "text", required=False, filled=False),  # the name as it was typed
    ),
    key=("order_id",),
)

PRODUCTS = Table(
    "products",
    (
        Column("product_id", "id"),
        Column("product_name", "text"),
        Column("category", "text", required=False, filled=False),
        Column("list_price", "money", required=False, filled=False, tax="excluded"),
        Column("unit_cost", "money", required=False, filled=False, tax="excluded"),
        Column("case_kg", "number", required=False, filled=False),
        Column("co2_kg", "number", required=False, filled=False),
        Column("launched_on", "date", required=False, filled=False),
    ),
    key=("product_id",),
)

ORDER_LINES = Table(
    "order_lines",
    (
        Column("order_id", "id", refers_to="orders"),
        Column("product_id", "id", refers_to="products"),
        Column("quantity", "number"),
        Column("amount", "money", tax="excluded", signed=True),
        Column("gross_profit", "money", required=False, filled=False, tax="excluded", signed=True),
    ),
    key=("order_id", "product_id"),
)

DELIVERIES = Table(
    "deliveries",
    (
        Column("delivery_id", "id"),
        Column("order_id", "id", refers_to="orders"),
        Column("account_id", "id", refers_to="accounts"),
        Column("promised_on", "date"),
        Column("delivered_on", "date", filled=False),
        Column("ordered_units", "number"),
        Column("delivered_units", "number", filled=False),
        Column("distance_km", "number", required=False, filled=False),
        Column("weight_kg", "number", required=False, filled=False),
        Column("mode", "code", required=False, filled=False, codes=("truck", "cold_truck", "rail")),
    ),
    key=("delivery_id",),
)

PAYMENTS = Table(
    "payments",
    (
        Column("invoice_id", "id"),
        Column("order_id", "id", required=False, filled=False, refers_to="orders"),
        Column("account_id", "id", refers_to="accounts"),
        Column("invoiced_on", "date"),
        Column("due_on", "date"),
        Column("amount", "money", tax="included"),
        Column("paid_on", "date", filled=False),
        Column("paid_amount", "money", required=False, filled=False, tax="included"),
    ),
    key=("invoice_id",),
)

TRADE_TERMS = Table(
    "trade_terms",
    (
        Column("account_id", "id", refers_to="accounts"),
        Column("term_id", "id"),
        Column("line", "code", codes=TERM_LINES),
        Column("booking", "code", codes=("accrued", "settled")),
        Column("rate", "number", filled=False),
        Column("amount", "money", filled=False),
        Column("vat_rate", "number", bounds=(0, 1)),
    ),
    key=("account_id", "term_id", "booking"),
)

ACCRUALS = Table(
    "accruals",
    (
        Column("fee_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("accrued_on", "date"),
        Column("amount", "money", tax="excluded"),
    ),
    key=("fee_id",),
)

CLAIMS = Table(
    "claims",
    (
        Column("claim_id", "id"),
        Column("fee_id", "id"),  # a claim that nobody had booked points nowhere
        Column("account_id", "id", refers_to="accounts"),
        Column("settled_on", "date"),
        Column("amount", "money", tax="excluded"),
    ),
    key=("claim_id",),
)

PROMOTIONS = Table(
    "promotions",
    (
        Column("promotion_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("product_id", "id", refers_to="products"),
        Column("starts_on", "date"),
        Column("ends_on", "date"),  # the first day after it
        Column("discount_per_unit", "money", tax="excluded"),
        Column("fees", "money", tax="excluded"),
    ),
    key=("promotion_id",),
)

STORES = Table(
    "stores",
    (
        Column("store_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("region", "text", required=False, filled=False),
        Column("pilot", "flag", required=False),  # took part in the joint plan
    ),
    key=("store_id",),
)

SELLOUT = Table(
    "sellout",
    (
        Column("week", "date"),  # its Monday
        Column("store_id", "id", refers_to="stores"),
        Column("product_id", "id", refers_to="products"),
        Column("units", "number"),
        Column("amount", "money", required=False, tax="included"),
        Column("stock_units", "number", required=False, filled=False),
        Column("on_shelf", "flag", required=False),
    ),
    key=("week", "store_id", "product_id"),
)

ACTIVITIES_TABLE = Table(
    "activities",
    (
        Column("activity_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("contact_id", "id", required=False, filled=False, refers_to="contacts"),
        Column("rep_id", "id", required=False, filled=False, refers_to="reps"),
        Column("kind", "code", codes=ACTIVITIES),
        Column("happened_on", "date"),
        Column("minutes", "number", required=False, filled=False),
    ),
    key=("activity_id", "contact_id"),  # a row for each person who was there
)

SURVEYS = Table(
    "surveys",
    (
        Column("survey_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("contact_id", "id", required=False, filled=False, refers_to="contacts"),
        Column("answered_on", "date"),
        Column("satisfaction", "number", filled=False, bounds=(1, 5)),  # 1 to 5
        Column("recommend", "number", filled=False, bounds=(0, 10)),  # 0 to 10
        Column("pains", "text", required=False, filled=False),  # codes joined by ;
    ),
    key=("survey_id",),
)

TICKETS = Table(
    "tickets",
    (
        Column("ticket_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("department", "code", codes=DEPARTMENTS),
        Column("kind", "code", codes=("complaint", "request", "question")),
        Column("opened_at", "time"),
        Column("responded_at", "time", filled=False),
        Column("closed_at", "time", required=False, filled=False),
        Column("sla_hours", "number"),  # working hours to a first response
    ),
    key=("ticket_id",),
)

HEALTH = Table(
    "health",
    (
        Column("account_id", "id", refers_to="accounts"),
        Column("month", "date"),
        Column("orders_score", "number", filled=False),
        Column("payment_score", "number", filled=False),
        Column("satisfaction_score", "number", filled=False),  # NPS, -100 to 100
        Column("contact_score", "number", filled=False),
        Column("service_score", "number", filled=False),
    ),
    key=("account_id", "month"),
)

LOSSES = Table(
    "losses",
    (
        Column("loss_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("reported_on", "date"),
        Column("lost_on", "date"),
        Column("cause", "code", codes=LOSS_CAUSES),
        Column("lost_margin", "money", tax="excluded"),
        Column("lost_sales", "money", required=False, tax="excluded"),
    ),
    key=("loss_id",),
)

TIME_LOG = Table(
    "time_log",
    (
        Column("entry_id", "id"),
        Column("rep_id", "id", refers_to="reps"),
        Column("account_id", "id", filled=False, refers_to="accounts"),
        Column("activity", "code", codes=TIME_USES),
        Column("started_at", "time"),
        Column("ended_at", "time"),
    ),
    key=("entry_id",),
)

TODOS = Table(
    "todos",
    (
        Column("todo_id", "id"),
        Column("rep_id", "id", refers_to="reps"),
        Column("account_id", "id", filled=False, refers_to="accounts"),
        Column("title", "text"),
        Column("value", "money", tax="excluded"),  # gross profit at stake
        Column("due_on", "date"),
        Column("hours", "number"),
        Column("fixed_on", "date", required=False, filled=False),  # an appointment
    ),
    key=("todo_id",),
)

ABILITY_RATINGS = Table(
    "ability_ratings",
    (
        Column("rep_id", "id", refers_to="reps"),
        Column("ability", "code", codes=ABILITIES),
        Column("phase", "code", codes=("before", "after")),
        Column("weight", "number"),
        Column("self_rating", "number", filled=False, bounds=(0, 10)),  # 0 to 10, like the next two
        Column("manager_rating", "number", filled=False, bounds=(0, 10)),
        Column("target_rating", "number", bounds=(0, 10)),
    ),
    key=("rep_id", "ability", "phase"),
)

RESPONSIBILITIES = Table(
    "responsibilities",
    (
        Column("activity", "text"),
        Column("department", "text"),
        Column("role", "code", codes=("R", "A", "C", "I")),
    ),
)

SCORECARDS = Table(
    "scorecards",
    (
        Column("rep_id", "id", refers_to="reps"),
        Column("quarter", "text"),
        Column("attainment", "number", filled=False),  # of target, a fraction
        Column("nps", "number", filled=False, bounds=(-100, 100)),  # -100 to 100
        Column("behaviour", "number", filled=False, bounds=(0, 100)),  # 0 to 100, like the next
        Column("teamwork", "number", filled=False, bounds=(0, 100)),
    ),
    key=("rep_id", "quarter"),
)

PLAN_ITEMS = Table(
    "plan_items",
    (
        Column("item_id", "id"),
        Column("rep_id", "id", refers_to="reps"),
        Column("action", "text"),
        Column("owner", "text", filled=False),
        Column("measure", "text", filled=False),
        Column("due_on", "date", filled=False),
    ),
    key=("item_id",),
)

OFFERS = Table(
    "offers",
    (
        Column("offer", "text"),
        Column("upfront", "money", tax="excluded"),
        Column("unit_price", "money", tax="excluded"),
        Column("units_per_year", "number"),
        Column("lot_units", "number"),
        Column("yearly_cost", "money", tax="excluded"),
        Column("residual", "money", tax="excluded"),
    ),
    key=("offer",),
)

USAGE = Table(
    "usage",
    (
        Column("day", "date"),
        Column("account_id", "id", refers_to="accounts"),
        Column("device_id", "id"),
        Column("units", "number", filled=False),  # sold from the chiller that day
        Column("stock_units", "number", filled=False),  # left in it in the evening
    ),
    key=("day", "device_id"),
)

OBJECTIONS = Table(
    "objections",
    (
        Column("objection_id", "id"),
        Column("account_id", "id", refers_to="accounts"),
        Column("said_on", "date"),
        Column("sentence", "text"),  # what the customer said, as noted
    ),
    key=("objection_id",),
)

ASSUMPTIONS = Table(
    "assumptions",
    (
        Column("name", "id"),
        Column("value", "number"),
        Column("unit", "text", required=False, filled=False),
    ),
    key=("name",),
)

LEDGER = Table(
    "ledger",
    (
        Column("entry", "number"),
        Column("order_id", "id", refers_to="orders"),
        Column("ordered_on", "date"),
        Column("amount", "money", tax="excluded", signed=True),
        Column("previous_hash", "text"),
        Column("hash", "text"),
    ),
    key=("entry",),
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
    for table in (
        *(ACCOUNTS, CONTACTS, REPS, OPPORTUNITIES, STAGE_HISTORY, PRODUCTS, ORDERS, ORDER_LINES),
        *(DELIVERIES, PAYMENTS, TRADE_TERMS, ACCRUALS, CLAIMS, PROMOTIONS, STORES, SELLOUT),
        *(ACTIVITIES_TABLE, SURVEYS, TICKETS, HEALTH, LOSSES, COSTS, TARGETS),
        *(TIME_LOG, TODOS, ABILITY_RATINGS, RESPONSIBILITIES, SCORECARDS, PLAN_ITEMS),
        *(OFFERS, OBJECTIONS, USAGE, ASSUMPTIONS, LEDGER),
    )
}


def empty(table: Table) -> pd.DataFrame:
    """Return a table of no rows with every column in its right type."""
    import pandas as pd

    return set_types(pd.DataFrame(columns=table.names), table)


def set_types(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with each known column in its type; unknown columns stay as they are.

    Ids, text and codes become ``str``, dates and times ``datetime64``, money and numbers
    ``float64``, years ``int64``, flags ``bool``.
    """
    import pandas as pd

    typed = frame.copy(deep=False)  # columns are replaced below, never written into
    for column in table.columns:
        if column.name not in typed.columns:
            continue
        values = typed[column.name]
        if column.kind in ("date", "time"):
            typed[column.name] = pd.to_datetime(values).dt.as_unit("s")
        elif column.kind in ("money", "number"):
            typed[column.name] = values.astype("float64")
        elif column.kind == "year":
            typed[column.name] = values.astype("int64")
        elif column.kind == "flag":
            typed[column.name] = values.astype("bool")
        else:
            typed[column.name] = values.astype("str")
    return typed
