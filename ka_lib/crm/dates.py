"""Dates as CRMs write them; the whole column decides what 03/05/2025 means.

Prevents the silent swap of day and month: where both readings are possible, the reader is asked.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from ka_lib.crm.ledger import rows_of
from ka_lib.crm.values import different_values
from ka_lib.errors import ExportError
from ka_lib.units import to_half_width

_TIME = (
    r"(?:[ t]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:am|pm)?)"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TIME)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _TIME)
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})" + _TIME)
_NAMED = re.compile(
    r"(?:(\d{1,2})[- ]([a-z]{3})[a-z]*[-, ]+(\d{4})|([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4}))"
    + _TIME
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_BEIJING = pd.Timedelta(hours=8)
_EXCEL_START = pd.Timestamp("1899-12-30")
_SERIALS = (25_569, 73_050)  # 1970 to 2099 as Excel day numbers
_MILLISECONDS = 1e11
_SECONDS = 1e8
_FIRST, _LAST = pd.Timestamp("1970-01-02"), pd.Timestamp("2099-12-31")

# Which of the three numbers is year, month, day.
_READINGS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}


class Dates(NamedTuple):
    """A column of dates: NaT where blank or unreadable, a mark where unreadable, and repairs."""

    dates: pd.Series
    unreadable: pd.Series
    forms: list[tuple[str, int, str]]  # how it was written, rows, example


def read_dates(values: pd.Series, header: str, day_first: bool | None = None) -> Dates:
    """Read a column of dates.

    Parameters
    ----------
    values : Series of text
        Missing where the cell is blank.
    header : str
        How an error names the column.
    day_first : bool, optional
        What 03/05/2025 means where the column itself does not say.

    Returns
    -------
    Dates
        Without time of day. Epoch numbers and times with a zone become Beijing dates;
        1970-01-01 means empty.

    Raises
    ------
    ExportError
        Both day/month and month/day are possible for every value, or each is needed by some.
    """
    codes, different = different_values(values)
    texts = pd.Series([str(one) for one in different], dtype="object")
    dates, empty, forms = _read_different(texts, header, day_first)
    everywhere = np.append(dates.to_numpy(dtype="datetime64[s]"), np.datetime64("NaT"))[codes]
    read = pd.Series(everywhere, index=values.index)
    said_empty = np.append(empty.to_numpy(), True)[codes]
    unreadable = pd.Series(read.isna().to_numpy() & ~said_empty, index=values.index)
    return Dates(read, unreadable, _repairs(codes, texts, dates, empty, forms))


def _repairs(
    codes: np.ndarray, texts: pd.Series, dates: pd.Series, empty: pd.Series, forms: pd.Series
) -> list[tuple[str, int, str]]:
    """Count the rows that were not written like 2025-03-05, by the way they were written."""
    counted = []
    for how in ("serial", "epoch", "zone", "written"):
        where = (forms == how).to_numpy() & dates.notna().to_numpy()
        if where.any():
            at = where.argmax()
            example = f"{texts[at]} → {dates[at]:%Y-%m-%d}"
            counted.append((how, rows_of(codes, where), example))
    if empty.any():
        counted.append(
            ("empty", rows_of(codes, empty.to_numpy()), texts[empty.to_numpy().argmax()])
        )
    return counted


def _read_different(
    texts: pd.Series, header: str, day_first: bool | None
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Read different values once each; return dates, which mean empty, and how each is written."""
    dates = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").dt.as_unit("s")
    rest = texts[dates.isna()]
    clean = [re.sub(r"\s+", " ", to_half_width(one)).strip().lower() for one in rest]
    order: dict[re.Pattern[str], tuple[int, int, int]] = {}
    for pattern, readings in ((_YEAR_LAST, ("dmy", "mdy")), (_SHORT, ("ymd", "dmy", "mdy"))):
        numbers = [match.groups()[:3] for one in clean if (match := pattern.fullmatch(one))]
        if numbers:
            order[pattern] = _decide(numbers, readings, header, day_first)
    parsed = [_one(one, order) for one in clean]
    dates.loc[rest.index] = pd.Series(parsed, index=rest.index, dtype="datetime64[s]")
    forms = pd.Series("", index=texts.index, dtype="object")
    forms.loc[rest.index] = [_form(one) for one in clean]
    empty = (dates == pd.Timestamp("1970-01-01")) | texts.isin(["0", "1900-01-00", "0000-00-00"])
    return dates.where(dates.between(_FIRST, _LAST)), empty, forms


def _form(clean: str) -> str:
    """Return how a date is written; ``""`` for 2025-03-05, with or without a time of day."""
    if _COMPACT.fullmatch(clean):
        return "written"
    if _NUMBER.fullmatch(clean):
        return "epoch" if float(clean) >= _SECONDS else "serial"
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _SHORT, _NAMED):
        if match := pattern.fullmatch(clean):
            if match["zone"]:
                return "zone"
            return "" if _ISO.match(clean) else "written"
    return ""


def _decide(
    numbers: list[tuple[str, ...]],
    readings: tuple[str, ...],
    header: str,
    day_first: bool | None,
) -> tuple[int, int, int]:
    """Choose the one order of year, month and day that all the values of a column allow."""
    different = sorted(set(numbers))
    possible = {
        name: dates
        for name in readings
        if (
            dates := [
                _date(*(numbers_of[at] for at in _READINGS[name])) for numbers_of in different
            ]
        )
        and all(date is not pd.NaT for date in dates)
    }
    if not possible:
        # Some value fits no order (a slip of the pen): most values decide, if they agree.
        tally = {name: _fitting(different, name) for name in readings}
        best = max(tally.values())
        possible = {name: [] for name, count in tally.items() if count == best > 0}
        if len(possible) != 1 or _fitting_both(different, tally):
            first, second = (_example(different, "dmy"), _example(different, "mdy"))
            raise ExportError("crm.mixed_dates", column=header, first=first, second=second)
    if len(possible) > 1 and day_first is not None:
        wanted = ("dmy",) if day_first else ("mdy", "ymd")
        possible = {name: possible[name] for name in wanted if name in possible} or possible
        if not day_first and len(possible) > 1:
            possible = {"mdy": possible["mdy"]}
    if len({tuple(dates) for dates in possible.values()}) > 1:
        at = next(
            at
            for at in range(len(different))
            if len({dates[at] for dates in possible.values()}) > 1
        )
        shown = list(dict.fromkeys(f"{dates[at]:%Y-%m-%d}" for dates in possible.values()))
        written = "/".join(different[at])
        raise ExportError(
            "crm.ambiguous_dates", column=header, written=written, readings=" / ".join(shown)
        )
    return _READINGS[next(iter(possible))]


def _fitting(numbers: list[tuple[str, ...]], name: str) -> int:
    return sum(_date(*(one[at] for at in _READINGS[name])) is not pd.NaT for one in numbers)


def _fitting_both(numbers: list[tuple[str, ...]], tally: dict[str, int]) -> bool:
    """Say whether values of one order stand beside values that only the other explains."""
    best = max(tally, key=lambda name: tally[name])
    misfits = [one for one in numbers if _date(*(one[at] for at in _READINGS[best])) is pd.NaT]
    return any(_fitting(misfits, name) for name in tally if name != best)


def _example(numbers: list[tuple[str, ...]], name: str) -> str:
    """Return a value that only this order explains, as it stands."""
    other = "mdy" if name == "dmy" else "dmy"
    only = [one for one in numbers if _fitting([one], name) and not _fitting([one], other)]
    return "/".join(only[0] if only else numbers[0])


def _one(clean: str, order: dict[re.Pattern[str], tuple[int, int, int]]) -> pd.Timestamp:
    """Read one value; NaT when it is no date."""
    if match := _YEAR_FIRST.fullmatch(clean):
        return _at(_date(*match.groups()[:3]), match)
    if match := _COMPACT.fullmatch(clean):
        return _date(*match.groups())
    for pattern, (year, month, day) in order.items():
        if match := pattern.fullmatch(clean):
            return _at(_date(*(match.groups()[at] for at in (year, month, day))), match)
    if match := _NAMED.fullmatch(clean):
        named = match.groups()[:3] if match[1] else (match[5], match[4], match[6])
        number = _MONTHS.index(named[1]) + 1 if named[1] in _MONTHS else 0
        return _at(_date(named[2], number, named[0]), match)
    if _NUMBER.fullmatch(clean):
        return _from_number(float(clean))
    return pd.NaT


def _from_number(number: float) -> pd.Timestamp:
    """Read an Excel day number, or seconds or milliseconds since 1970."""
    if number in (0, 1) or number >= 1e14:  # noqa: PLR2004 - beyond any date
        return pd.NaT
    if number < _SECONDS:
        in_range = _SERIALS[0] <= number < _SERIALS[1]
        return _EXCEL_START + pd.Timedelta(days=int(number)) if in_range else pd.NaT
    unit = "ms" if number >= _MILLISECONDS else "s"
    return (pd.Timestamp(int(number), unit=unit) + _BEIJING).normalize()


def _date(year: str | int, month: str | int, day: str | int) -> pd.Timestamp:
    full_year = int(year) + (2000 if len(str(year)) <= 2 else 0)  # noqa: PLR2004 - two digits
    try:
        return pd.Timestamp(full_year, int(month), int(day))
    except ValueError:
        return pd.NaT


def _at(date: pd.Timestamp, match: re.Match[str]) -> pd.Timestamp:
    """Move a date with time and zone to the Beijing day it falls on."""
    zone = match["zone"]
    if date is pd.NaT or not match["clock"] or not zone:
        return date
    clock = pd.to_datetime(match["clock"].replace(",", "."), errors="coerce")
    if clock is pd.NaT:
        return date
    offset = pd.Timedelta(0)
    if zone[0] in "+-":
        offset = pd.Timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[-2:]))
    moment = date + (clock - clock.normalize())
    return (moment - offset + _BEIJING).normalize()
