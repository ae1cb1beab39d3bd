"""The practice company, Daowan Foods, and other companies from other seeds.

One supplier of packaged food, five reps, three years. The story's five accounts stand in every
company; the numbers differ with the seed: which step of the funnel got worse, how large the deals
are, when the year is busy. Grading draws a company of its own, so an answer that was typed in
instead of worked out does not survive it.

Each part makes its tables from those made before it and from a generator of its own, named after
the table, so that a new table leaves all others as they are. Only the standard library's generator
is used: its stream is the same on every platform and in every Python version, so the same seed
writes the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ka_course.practice import (
    agreed,
    cases,
    chillers,
    goods,
    growth,
    losses,
    money,
    objections,
    people,
    promos,
    sales,
    shelves,
    surveys,
    terms,
    tickets,
    todos,
    visits,
    work,
)
from ka_course.practice.sales import AS_OF, PRACTICE_SEED
from ka_lib.company import load

if TYPE_CHECKING:
    import pandas as pd

    from ka_lib.company import Company

__all__ = ["AS_OF", "PRACTICE_SEED", "company", "generate", "write"]

PARTS = (
    people,
    visits,
    surveys,
    goods,
    promos,
    shelves,
    chillers,
    tickets,
    money,
    terms,
    losses,
    cases,
    objections,
    work,
    todos,
    growth,
    agreed,
)  # in the order in which they need each other


def generate(seed: int = PRACTICE_SEED) -> dict[str, pd.DataFrame]:
    """Make a company's tables.

    Parameters
    ----------
    seed : int
        The same seed makes the same company.

    Returns
    -------
    dict of str to DataFrame
        By table name; names of people, accounts and products in both languages (``_zh``,
        ``_en``); ``company`` holds the name and ``as_of``.
    """
    made = sales.tables(seed)
    for part in PARTS:
        made |= part.tables(seed, made)
    return made


def write(folder: Path, seed: int = PRACTICE_SEED) -> None:
    """Write a company's tables as CSV files (UTF-8, the same bytes everywhere) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in generate(seed).items():
        content = table.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(content.encode("utf-8"))


def company(seed: int = PRACTICE_SEED) -> Company:
    """Return a company ready for metrics, names in the language in force."""
    with TemporaryDirectory() as folder:
        write(Path(folder), seed)
        return load(folder)
