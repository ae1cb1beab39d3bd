"""Figures in prose: worked out from the data, written the way each language writes them.

A chapter's ``course/facts/chNN.py`` holds ``facts(company) -> dict[str, Figure]``; prose names
them as ``{{name}}``. Prevents text that goes on quoting last month's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ka_lib import language

if TYPE_CHECKING:
    import datetime as dt

    from ka_lib.language import Language

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Figure:
    """One figure as both editions print it."""

    zh: str
    en: str

    def show(self, lang: Language) -> str:
        """Return the figure in the language of one edition."""
        return self.zh if lang == "zh" else self.en


def money(yuan: float) -> Figure:
    """Return an amount in yuan: 118 万元, CNY 1.18 million."""
    from ka_lib import units

    zh, en = (units.money(yuan, lang=lang) for lang in language.LANGUAGES)
    return Figure(zh, en)


def percent(fraction: float, digits: int = 0) -> Figure:
    """Return a fraction as a percentage: 0.44 gives 44%."""
    from ka_lib import units

    zh, en = (units.percent(fraction, lang=lang, digits=digits) for lang in language.LANGUAGES)
    return Figure(zh, en)


def count(number: float) -> Figure:
    """Return a whole number with thousands set apart, without a unit: 1,240."""
    return Figure(f"{number:,.0f}", f"{number:,.0f}")


def number(value: float, digits: int = 1) -> Figure:
    """Return a number with that many digits after the point, without a unit: 2.5."""
    return Figure(f"{value:,.{digits}f}", f"{value:,.{digits}f}")


def days(number: float) -> Figure:
    """Return a length of time in whole days with its unit: 58 天, 58 days."""
    shown = f"{number:,.0f}"
    return Figure(f"{shown} 天", f"{shown} day" if shown == "1" else f"{shown} days")


def date(day: dt.date) -> Figure:
    """Return a day: 2025 年 11 月 30 日, 30 November 2025."""
    english = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return Figure(f"{day.year} 年 {day.month} 月 {day.day} 日", english)


def text(zh: str, en: str) -> Figure:
    """Return words that depend on the data, such as the name of the weakest step."""
    return Figure(zh, en)
