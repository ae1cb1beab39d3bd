"""A funnel review of any company: findings, tables and charts for a manager.

`open_review` reads the data once; each section of the report is one line in the notebook.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_lib import language
from ka_lib.company import load
from ka_lib.language import text
from ka_lib.review import findings, sections
from ka_lib.review.scope import owners, read_day, scope
from ka_lib.units import count

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ka_lib.crm import Import
    from ka_lib.review.scope import Scope

__all__ = ["PRACTICE", "Review", "open_review", "owners", "read_day", "scope"]

PRACTICE = "practice"
DAY_FIRST = {"day-first": True, "month-first": False}


@dataclass(frozen=True)
class Review:
    """A review of one company on one day.

    Parameters
    ----------
    scope : Scope
        The deals and the periods.
    imported : Import or None
        The account of the import; None for the practice company.
    """

    scope: Scope
    imported: Import | None = None

    def header(self) -> Title:
        """Return the title and what was read."""
        return Title(self)

    def findings(self) -> Findings:
        """Return the findings as a list."""
        return Findings(findings.findings(self.scope))

    def section(self, name: str) -> sections.Section:
        """Return one section: "funnel", "results", "comparison", "watch" or "notes"."""
        if name == "notes":
            return sections.Section(sections.notes(self.imported))
        return sections.Section(sections.SECTIONS[name](self.scope))


def open_review(  # noqa: PLR0913, PLR0917 - one argument a choice that the reader has
    data: str | Path = PRACTICE,
    owner: str = "",
    as_of: str | dt.date | None = None,
    system: str = "",
    currency: str = "",
    dates: str = "",
) -> Review:
    """Read a CRM export and choose what the review looks at.

    Parameters
    ----------
    data : path
        What `ka_lib.read_export` reads, or ``"practice"`` for the practice company.
    owner : str
        One rep's name; empty for the whole team.
    as_of : date, optional
        The day of the review; the latest day on which anything happened when not given.
    system : str
        The vocabulary of the export; recognised from its headers when empty.
    currency : str
        Code of its currency, such as ``"USD"``, where the export names none. From here on amounts
        are shown in the currency of the export.
    dates : {"", "day-first", "month-first"}
        What 03/05/2025 means where the export leaves it open.

    Raises
    ------
    ExportError, TableError, ParameterError
        The export cannot be read, or has no such owner or day.
    """
    day = read_day(as_of) if as_of else None
    if str(data) == PRACTICE:
        return Review(scope(load(), owner, day))
    from ka_lib.crm import read_export

    imported = read_export(
        data, system or None, day_first=DAY_FIRST.get(dates), currency=currency or None
    )
    language.use(language.current(), imported.company.currency)
    return Review(scope(imported.company, owner, day), imported)


@dataclass(frozen=True)
class Findings:
    """Findings as a list with one sentence or two each."""

    items: list[findings.Finding]

    def _repr_html_(self) -> str:
        sentences = "".join(f"<li>{html.escape(one.sentence)}</li>" for one in self.items)
        return f'<ul class="ka-findings">{sentences}</ul>'

    def __repr__(self) -> str:
        return "\n".join(f"- {one.sentence}" for one in self.items)


@dataclass(frozen=True)
class Title:
    """Whose data it is, the day and how much was read; `ka report` names its files by it."""

    review: Review

    def __repr__(self) -> str:
        return self.words()

    def words(self) -> str:
        """Return the header as one line."""
        chosen = self.review.scope
        parts = [
            chosen.company.name,
            chosen.owner or text("review.everybody"),
            text("review.seen", day=findings.day(chosen.as_of)),
            text("review.read", deals=findings.deals(len(chosen.company.opportunities))),
        ]
        if self.review.imported is not None and len(self.review.imported.set_aside):
            rows = count(len(self.review.imported.set_aside))
            parts.append(text("review.rows_aside", rows=rows))
        return " · ".join(parts)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        del include, exclude
        chosen = self.review.scope
        facts = {"as_of": f"{chosen.as_of:%Y-%m-%d}", "owner": chosen.owner}
        facts["company"] = chosen.company.name
        shown = f'<p class="ka-header">{html.escape(self.words())}</p>'
        return {"text/html": shown, "text/plain": self.words()}, {"ka": facts}
