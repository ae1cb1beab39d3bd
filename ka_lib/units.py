"""Money and percent as people write them, and as the reader wants to see them.

Prevents the oldest spreadsheet fault: 12 (万元) added to 120,000 (yuan). Inside ka_lib money is
always yuan and rates are fractions; 万元, 亿元, thousand, million and % exist only here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple, overload

import pandas as pd

from ka_lib.errors import ParameterError, TableError
from ka_lib.language import Language, current, text
from ka_lib.language import currency as currency_in_force

MISSING = "—"
_LIST = 3  # a message names so many examples

_SCALES = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "千": 1e3,
    "万": 1e4,
    "w": 1e4,
    "百万": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "bn": 1e9,
    "billion": 1e9,
}
# The yen sign is the yuan sign in Chinese files.
_CURRENCIES = {
    "¥": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "圆": "CNY",
    "yuan": "CNY",
    "us$": "USD",
    "$": "USD",
    "usd": "USD",
    "美元": "USD",
    "€": "EUR",
    "eur": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "英镑": "GBP",
    "hk$": "HKD",
    "hkd": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "jpy": "JPY",
    "日元": "JPY",
    "sgd": "SGD",
}
_CURRENCY_NAMES_ZH = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港元",
    "JPY": "日元",
    "SGD": "新加坡元",
}
# (from how many yuan on, shown in units of)
_STEPS = {
    "zh": ((1e8, 1e8), (1e4, 1e4)),
    "en": ((1e9, 1e9), (1e6, 1e6), (1e4, 1e3)),
}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted((unit for unit in _SCALES if unit), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?P<before>{_SIGN})?(?P<minus>-)?(?P<between>{_SIGN})?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+(?:\.\d+)?|\d*\.?\d+|\d+\.)"
    rf"(?P<scale>{_UNIT})?(?P<after>{_SIGN})?"
)


class Money(NamedTuple):
    """A column of amounts (float, NaN where unreadable or blank), and what the cells said."""

    amounts: pd.Series
    currency: str
    scaled: pd.Series  # True where the cell itself says 万, 亿, million


def to_half_width(value: str) -> str:
    """Return the text with full-width letters, digits and punctuation made plain."""
    return value if value.isascii() else unicodedata.normalize("NFKC", value)


def scale_of(unit: str) -> float:
    """Return how many yuan one of a unit is, as written in a header: 万元 -> 10,000."""
    bare = unit.lower()
    for sign in ("人民币", "元"):
        bare = bare.removesuffix(sign)
    return _SCALES.get(bare, 1.0)


def currency_of(sign: str) -> str:
    """Return the currency code of a sign or name, ``""`` when it names none."""
    plain = to_half_width(sign).lower().strip()
    if plain in _CURRENCIES:
        return _CURRENCIES[plain]
    found = [code for name, code in _CURRENCIES.items() if plain.startswith(f"{name} ")]
    return found[0] if found else ("CNY" if plain.endswith("元") and "美" not in plain else "")


def _read_money(value: object) -> tuple[float, str, bool]:
    """Return amount (NaN when it is none), currency code or "", and whether it names a scale."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), "", False
    squeezed = re.sub(r"\s+", "", to_half_width(str(value))).lower().replace("−", "-")
    negative = squeezed.startswith("(") and squeezed.endswith(")")
    match = _MONEY.fullmatch(squeezed[1:-1] if negative else squeezed)
    if match is None:
        return math.nan, "", False
    signs = [match[name] for name in ("before", "between", "after") if match[name]]
    codes = {_CURRENCIES[sign] for sign in signs}
    if len(codes) > 1:
        return math.nan, "", False
    amount = float(match["number"].replace(",", "")) * _SCALES[match["scale"] or ""]
    # 1.18 * 1e6 is 1179999.9999999998: amounts end at the cent.
    amount = round(amount, 2)
    signed = -amount if negative or match["minus"] else amount
    return signed, next(iter(codes), ""), bool(match["scale"])


def read_money(values: pd.Series, column: str = "amount") -> Money:
    """Read a column of amounts as people write them.

    Parameters
    ----------
    values : Series
        Numbers or text: ``1,234.50``, ``¥12万``, ``(1,200)``, ``CNY 1.2 million``.
    column : str
        How an error names the column.

    Returns
    -------
    Money
        ``amounts``, a float Series on the same index, NaN where a value is blank or unreadable;
        ``currency``, the one currency named in the column, or ``""`` where none is; ``scaled``,
        where a cell names its own scale (12万).

    Raises
    ------
    TableError
        Two currencies stand in one column.
    """
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    rest = values[numbers.isna() & values.notna()]
    scaled = pd.Series(False, index=values.index)
    if rest.empty:
        return Money(numbers, "", scaled)
    codes, different = pd.factorize(rest)
    parsed = [_read_money(value) for value in different]
    currencies: dict[str, object] = {}
    for example, (_, currency, _) in zip(different, parsed, strict=True):
        if currency:
            currencies.setdefault(currency, example)
    if len(currencies) > 1:
        named = list(currencies)
        raise TableError(
            "units.two_currencies",
            column=column,
            first=named[0],
            second=named[1],
            first_example=currencies[named[0]],
            second_example=currencies[named[1]],
        )
    amounts = pd.Series([amount for amount, _, _ in parsed], dtype="float64").to_numpy()
    numbers.loc[rest.index] = amounts[codes]
    scaled.loc[rest.index] = pd.Series([scale for *_, scale in parsed], dtype="bool").to_numpy()[
        codes
    ]
    return Money(numbers, next(iter(currencies), ""), scaled)


@overload
def parse_money(value: pd.Series) -> pd.Series: ...
@overload
def parse_money(value: str | float) -> float: ...  # type: ignore[overload-cannot-match]
def parse_money(value: pd.Series | str | float) -> pd.Series | float:
    """Return an amount, or a column of amounts, in yuan.

    Parameters
    ----------
    value : str, number or Series
        An amount as people write it. 万, 亿, thousand, million and full-width digits are
        understood; brackets make it negative.

    Returns
    -------
    float or Series of float
        Yuan. In a Series, NaN where a value is blank or unreadable.

    Raises
    ------
    ParameterError
        A single value is not an amount, or not in yuan.
    TableError
        A column holds two currencies, or another one than yuan.

    Examples
    --------
    >>> parse_money("¥12万")
    120000.0
    >>> parse_money("CNY 1.2 million")
    1200000.0
    """
    if isinstance(value, pd.Series):
        column = str(value.name or "amount")
        money_read = read_money(value, column)
        if money_read.currency not in ("", "CNY"):
            raise TableError("units.not_yuan", column=column, currency=money_read.currency)
        return money_read.amounts
    amount, currency, _ = _read_money(value)
    if math.isnan(amount):
        raise ParameterError("units.not_money", given=value)
    if currency not in ("", "CNY"):
        raise ParameterError("units.not_yuan", column=value, currency=currency)
    return amount


def parse_percent(values: pd.Series, rows: pd.Index | None = None) -> pd.Series:
    """Return a column of rates as fractions; the whole column decides what a bare number means.

    Parameters
    ----------
    values : Series
        ``30``, ``"30%"``, ``0.30``. Without a percent sign: all at most 1 are fractions,
        all at least 1 (or 0) are percent.
    rows : Index, optional
        How an error numbers the rows; 1, 2, 3 when not given.

    Returns
    -------
    Series of float
        Fractions between 0 and 1 on the same index; NaN where blank or unreadable.

    Raises
    ------
    TableError
        Bare numbers below 1 and above 1 stand in one column: 0.3 could be 30% or 0.3%.
    """
    plain = values.astype("object").where(values.notna(), None)
    cleaned = pd.Series(
        [None if one is None else to_half_width(str(one)).strip() for one in plain],
        index=values.index,
        dtype="object",
    )
    signed = cleaned.str.endswith("%").fillna(False).astype("bool")
    numbers = pd.to_numeric(cleaned.where(~signed, cleaned.str.rstrip("%")), errors="coerce")
    numbers = numbers.astype("float64")
    small = ~signed & numbers.between(0, 1, inclusive="neither")
    large = ~signed & (numbers > 1)
    if small.any() and large.any():
        raise TableError(
            "units.mixed_percent",
            column=values.name or "%",
            small=_rows(numbers, small, rows),
            large=_rows(numbers, large, rows),
        )
    factor = 1.0 if not large.any() else 0.01
    return numbers.where(signed, numbers * factor).where(~signed, numbers / 100)


def _rows(values: pd.Series, where: pd.Series, rows: pd.Index | None) -> str:
    """Name the first few rows with their values."""
    plain = values.to_numpy()
    numbering = range(1, len(plain) + 1) if rows is None else rows
    named = [
        text("units.row_value", row=numbering[position], value=f"{plain[position]:g}")
        for position in where.to_numpy().nonzero()[0][:_LIST]
    ]
    return text("units.comma").join(named)


def money(yuan: float, lang: Language | None = None, digits: int | None = None) -> str:
    """Return an amount for reading: ``118 万元``, ``CNY 1.18 million``.

    Parameters
    ----------
    yuan : float
        Yuan; a missing value shows as a dash.
    lang : {"zh", "en"}, optional
        The language in force when not given.
    digits : int, optional
        Decimals of the shown number; three significant figures when not given.
    """
    if pd.isna(yuan):
        return MISSING
    size = abs(float(yuan))
    steps = _STEPS[lang or current()]
    if digits is None and size >= steps[-1][0]:
        # Round first: 99,999,999 is 1 亿, not 10,000 万.
        size = round(size, -(math.floor(math.log10(size)) - 2))
    divisor = next((divisor for least, divisor in steps if size >= least), 1.0)
    shown = size / divisor
    if digits is None:
        decimals = 0 if shown == 0 else max(0, 2 - math.floor(math.log10(shown)))
        number = f"{shown:,.{decimals if divisor > 1 else 0}f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
    else:
        number = f"{shown:,.{digits}f}"
    minus = "-" if yuan < 0 and number.strip("0.,") else ""
    named = _currency_name(lang)
    return text(f"units.money_{divisor:.0f}", lang, number=minus + number, currency=named)


def unit(divisor: float, lang: Language | None = None) -> str:
    """Return the unit of amounts divided by ``divisor``: ``万元``, ``CNY thousand``."""
    return text(f"units.unit_{divisor:.0f}", lang, currency=_currency_name(lang))


def _currency_name(lang: Language | None) -> str:
    """Return what the reader calls the currency in force: 元, 美元; CNY, USD."""
    code = currency_in_force()
    return _CURRENCY_NAMES_ZH.get(code, code) if (lang or current()) == "zh" else code


def percent(fraction: float, lang: Language | None = None, digits: int = 0) -> str:
    """Return a fraction as percent for reading: 0.4 -> ``40%``; a missing value as a dash."""
    del lang  # the same in both languages; kept so that every display function takes it
    if pd.isna(fraction):
        return MISSING
    return f"{float(fraction):.{digits}%}"


def count(number: float, lang: Language | None = None) -> str:
    """Return a whole number with thousands separated; a missing value as a dash."""
    del lang
    return MISSING if pd.isna(number) else f"{number:,.0f}"


def days(number: float, lang: Language | None = None, digits: int = 0) -> str:
    """Return a length of time in days: ``60 天``, ``60 days``, ``1 day``."""
    if pd.isna(number):
        return MISSING
    shown = f"{number:,.{digits}f}"
    return text("units.one_day" if shown == "1" else "units.days", lang, number=shown)
