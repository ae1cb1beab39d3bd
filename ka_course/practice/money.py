"""What is owed and what it costs: invoices, trade terms, fees, health, losses, offers, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make these tables from the company's other tables."""
    del seed, made
    return {}
