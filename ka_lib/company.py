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


def load(folder: str | Path | None = None) -> Company:
    """Load the practice company, or another one from a folder of ka_lib's own tables.

    Parameters
    ----------
    folder : path, optional
        Holds ``company.csv`` (name and ``as_of``) and one CSV a table. Without it the
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
    facts = _localised(pd.read_csv(about, encoding="utf-8")).iloc[0]
    tables = {}
    for name, table in TABLES.items():
        path = place / f"{name}.csv"
        if path.is_file():
            as_text = {column.name: "str" for column in table.columns if column.kind == "id"}
            frame = pd.read_csv(path, encoding="utf-8", dtype=as_text)
            tables[name] = set_types(_localised(frame), table)
    return Company(str(facts["name"]), pd.Timestamp(facts["as_of"]), tables)


def _localised(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep one of each pair ``x_zh``, ``x_en`` as ``x``."""
    lang = current()
    other = "en" if lang == "zh" else "zh"
    kept = frame.drop(columns=[name for name in frame.columns if name.endswith(f"_{other}")])
    return kept.rename(columns=lambda name: name.removesuffix(f"_{lang}"))
