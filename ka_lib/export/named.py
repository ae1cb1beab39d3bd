"""Names beside ids: a manager knows 邻鹊便利, not A002."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ka_lib.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.company import Company


def with_names(frame: pd.DataFrame, company: Company) -> pd.DataFrame:
    """Return the table with ``account_name`` after ``account_id``, and so for every such pair.

    Parameters
    ----------
    frame : DataFrame
        It is not changed. A name that is there already stays; an id that the company does not
        know gets none.
    company : Company
        Knows the names.
    """
    named = frame
    for table in TABLES.values():
        if len(table.key) != 1 or not company.has(table.name):
            continue
        key = table.key[0]
        name = f"{key.removesuffix('_id')}_name"
        known = company.tables[table.name]
        wanted = key in named.columns and name not in named.columns
        if not wanted or name not in table.names or name not in known.columns:
            continue
        names = known.drop_duplicates(key).set_index(key)[name]
        named = named.copy() if named is frame else named
        named.insert(named.columns.get_loc(key) + 1, name, named[key].map(names))
    return named
