"""A company as the course sees it: its tables and the day they are looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import TableError
from ka_lib.language import current
from ka_lib.tables import TABLES, empty, set_types

if TYPE_CHECKING:
    from collections.abc import Mapping

PRACTICE = Path(__file__).parent / "practice"


@dataclass(frozen=True)
class Company:
    """The tables of one company, each a frame: ``company.accounts``, ``company.orders``...

    Parameters
    ----------
    name : str
        What reports call it.
    as_of : Timestamp
        The day the tables describe. Metrics take it as "today"; the clock is never asked.
    tables : mapping of str to DataFrame
        By table name (`ka_lib.tables.TABLES`). A table that is not there reads as empty.
    currency : str
        Code of the one currency that all amounts are in.
    """

    name: str
    as_of: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    currency: str = "CNY"

    def has(self, table: str) -> bool:
        """Say whether the company has any row in ``table``."""
        return table in self.tables and len(self.tables[table]) > 0

    def _table(self, name: str) -> pd.DataFrame:
        return self.tables[name] if name in self.tables else empty(TABLES[name])

    @property
    def accounts(self) -> pd.DataFrame:
        """One row an account: key ``account_id``."""
        return self._table("accounts")

    @property
    def reps(self) -> pd.DataFrame:
        """One row a sales rep: key ``rep_id``."""
        return self._table("reps")

    @property
    def opportunities(self) -> pd.DataFrame:
        """One row an opportunity: key ``opportunity_id``; ``amount`` in yuan without VAT."""
        return self._table("opportunities")

    @property
    def stage_history(self) -> pd.DataFrame:
        """One row each time an opportunity entered a stage."""
        return self._table("stage_history")

    @property
    def orders(self) -> pd.DataFrame:
        """One row an order: key ``order_id``; ``amount`` in yuan without VAT."""
        return self._table("orders")

    @property
    def costs(self) -> pd.DataFrame:
        """Sales spend by month and purpose, in yuan."""
        return self._table("costs")

    @property
    def targets(self) -> pd.DataFrame:
        """The signing target of each rep and year, in yuan."""
        return self._table("targets")

    @property
    def contacts(self) -> pd.DataFrame:
        """One row a person at an account: key ``contact_id``."""
        return self._table("contacts")

    @property
    def products(self) -> pd.DataFrame:
        """One row a product: key ``product_id``; prices in yuan a case without VAT."""
        return self._table("products")

    @property
    def order_lines(self) -> pd.DataFrame:
        """One row a product of an order; ``quantity`` in cases, yuan without VAT."""
        return self._table("order_lines")

    @property
    def deliveries(self) -> pd.DataFrame:
        """One row a delivery: what was promised and what came, in cases."""
        return self._table("deliveries")

    @property
    def payments(self) -> pd.DataFrame:
        """One row an invoice, paid or not: yuan **with** VAT."""
        return self._table("payments")

    @property
    def trade_terms(self) -> pd.DataFrame:
        """One row a term of an account, for the 12 months to ``as_of``: see `ka_lib.customer_pnl`."""
        return self._table("trade_terms")

    @property
    def accruals(self) -> pd.DataFrame:
        """One row a fee promised to an account and booked, yuan without VAT."""
        return self._table("accruals")

    @property
    def claims(self) -> pd.DataFrame:
        """One row a claim that was settled, yuan without VAT."""
        return self._table("claims")

    @property
    def promotions(self) -> pd.DataFrame:
        """One row a promotion of one product at one account."""
        return self._table("promotions")

    @property
    def stores(self) -> pd.DataFrame:
        """One row a store of an account whose sell-out we see."""
        return self._table("stores")

    @property
    def sellout(self) -> pd.DataFrame:
        """One row a week, store and product it carries: units sold to shoppers, stock, shelf."""
        return self._table("sellout")

    @property
    def activities(self) -> pd.DataFrame:
        """One row a contact who took part in a visit, meeting, call, message or email."""
        return self._table("activities")

    @property
    def surveys(self) -> pd.DataFrame:
        """One row an answered survey: satisfaction 1 to 5, recommendation 0 to 10, pains."""
        return self._table("surveys")

    @property
    def tickets(self) -> pd.DataFrame:
        """One row a complaint, request or question and the department that has to answer."""
        return self._table("tickets")

    @property
    def health(self) -> pd.DataFrame:
        """Five sub-scores of each account at each month's end."""
        return self._table("health")

    @property
    def losses(self) -> pd.DataFrame:
        """One row a report on a lost account: cause and lost yearly margin in yuan."""
        return self._table("losses")

    @property
    def time_log(self) -> pd.DataFrame:
        """One row an entry of a rep's time sheet."""
        return self._table("time_log")

    @property
    def todos(self) -> pd.DataFrame:
        """One row a task on a rep's list."""
        return self._table("todos")

    @property
    def ability_ratings(self) -> pd.DataFrame:
        """Each rep's seven abilities, rated 0 to 10 by rep and manager, before and after."""
        return self._table("ability_ratings")

    @property
    def responsibilities(self) -> pd.DataFrame:
        """One row a department's part (R, A, C or I) in an activity."""
        return self._table("responsibilities")

    @property
    def scorecards(self) -> pd.DataFrame:
        """The four appraisal parts of each rep and quarter."""
        return self._table("scorecards")

    @property
    def plan_items(self) -> pd.DataFrame:
        """One row an action of a 30-day plan, as handed in."""
        return self._table("plan_items")

    @property
    def offers(self) -> pd.DataFrame:
        """Three suppliers' offers for the same need: see `ka_lib.negotiation.tco`."""
        return self._table("offers")

    @property
    def objections(self) -> pd.DataFrame:
        """What customers said against an offer, as reps noted it: one row a sentence."""
        return self._table("objections")

    @property
    def usage(self) -> pd.DataFrame:
        """What each connected chiller sold a day, and what was left in it."""
        return self._table("usage")

    @property
    def ledger(self) -> pd.DataFrame:
        """Orders in a hash chain: each entry carries the hash of the one before."""
        return self._table("ledger")

    @property
    def assumptions(self) -> pd.Series:
        """The figures of the cases, by name: ``company.assumptions["discount_rate"]``."""
        return self._table("assumptions").set_index("name")["value"]


def load(folder: str | Path | None = None) -> Company:
    """Load the practice company, or another one from a folder of ka_lib's own tables.

    Parameters
    ----------
    folder : path, optional
        Holds ``company.csv`` (name, ``as_of``, ``currency``) and one CSV a table. Without it the
        environment variable ``KA_COMPANY`` names the folder, and without that it is the
        practice company, Daowan Foods. For a CRM export use `ka_lib.read_export`.

    Returns
    -------
    Company
        Names of accounts and reps are in the language in force.

    Raises
    ------
    TableError
        The folder holds no company.
    """
    place = Path(folder or os.environ.get("KA_COMPANY") or PRACTICE)
    about = place / "company.csv"
    if not about.is_file():
        raise TableError("company.not_found", folder=place)
    facts = _localised(pd.read_csv(about, encoding="utf-8", dtype="str")).iloc[0]
    tables = {}
    for name, table in TABLES.items():
        path = place / f"{name}.csv"
        if path.is_file():
            words = ("id", "text", "code")
            as_text = {column.name: "str" for column in table.columns if column.kind in words}
            # Only an empty cell is missing: "None" may be a competitor, "NA" a region.
            frame = pd.read_csv(
                path, encoding="utf-8", dtype=as_text, keep_default_na=False, na_values=[""]
            )
            tables[name] = set_types(_localised(frame), table)
    currency = str(facts.get("currency", "CNY"))
    return Company(str(facts["name"]), pd.Timestamp(facts["as_of"]), tables, currency)


def _localised(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep one of each pair ``x_zh``, ``x_en`` as ``x``."""
    lang = current()
    other = "en" if lang == "zh" else "zh"
    kept = frame.drop(columns=[name for name in frame.columns if name.endswith(f"_{other}")])
    return kept.rename(columns=lambda name: name.removesuffix(f"_{lang}"))
