"""Care: which contracts are due for renewal, and which days matter to an account.

Prevents a year taken for 12 times 30 days, and a calendar that ends on 31 December although the
birthday is on 2 January.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.periods import check_period, end_of_day
from ka_lib.work_calendar import festivals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ka_lib.company import Company
    from ka_lib.periods import Day

ONE_DAY = pd.Timedelta(days=1)
LEAP_DAY = (2, 29)
CALENDAR = ["date", "account_id", "account_name", "moment", "what"]


def last_day(starts_on: pd.Timestamp, months: int) -> pd.Timestamp:
    """Return the last day of a contract, by the calendar.

    Parameters
    ----------
    starts_on : Timestamp
        Its first day.
    months : int
        How long it runs.

    Returns
    -------
    Timestamp
        The day before the same day of the month so many months later. Where that month has no
        such day, its last one: a month from 31 January ends on 28 February, a year from
        29 February on 28 February.

    Examples
    --------
    >>> str(last_day(pd.Timestamp("2025-01-01"), 12).date())
    '2025-12-31'
    >>> str(last_day(pd.Timestamp("2024-02-29"), 24).date())
    '2026-02-28'
    """
    then = starts_on + pd.DateOffset(months=int(months))
    return then - ONE_DAY if then.day == starts_on.day else then


def renewals(accounts: pd.DataFrame, as_of: Day, days: int = 90) -> pd.DataFrame:
    """List the contracts that end within so many days.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id``, ``contract_starts_on``, ``contract_months`` (both blank: no contract).
    as_of : date
        The day to look from.
    days : int
        How far to look ahead; the day so many days ahead is included.

    Returns
    -------
    DataFrame
        One row a contract, the next to end first: ``account_id``, ``contract_starts_on``,
        ``contract_months``, ``ends_on`` (the last day, see `last_day`) and ``days_left`` (0: it
        ends on ``as_of``). Contracts that have ended, or that start after ``as_of``, are left out.

    Raises
    ------
    TableError
        A column is missing, an id is blank, or an account stands twice.
    ParameterError
        ``days`` is negative, or a contract has a start without a length in whole months.
    """
    if not days >= 0:
        raise ParameterError("relationship.rule", name="days", given=days)
    day = pd.Timestamp(as_of).normalize()
    table = _contracts(accounts)
    table["days_left"] = (table["ends_on"] - day).dt.days.astype("int64")
    due = table["days_left"].between(0, days) & (table["contract_starts_on"] <= day)
    return table[due].sort_values(["ends_on", "account_id"], ignore_index=True)


def _contracts(accounts: pd.DataFrame) -> pd.DataFrame:
    rows = need(accounts, "accounts", ["account_id"])
    no_duplicates(rows, "accounts", ["account_id"])
    both = ["contract_starts_on", "contract_months"]
    need(accounts.head(0), "accounts", both)  # there, but their cells may be blank
    rows["contract_starts_on"] = pd.to_datetime(accounts[both[0]]).dt.normalize().to_numpy()
    rows["contract_months"] = accounts[both[1]].to_numpy("float64")
    months = rows["contract_months"]
    has_start = rows["contract_starts_on"].notna()
    wrong = (has_start != months.notna()) | (months.notna() & ((months < 1) | (months % 1 > 0)))
    if wrong.any():
        bad = rows[wrong].sort_values("account_id").iloc[0]
        raise ParameterError(
            "relationship.contract",
            account=bad["account_id"],
            start=bad["contract_starts_on"],
            months=bad["contract_months"],
        )
    rows = rows[has_start].astype({"contract_starts_on": "datetime64[s]"})
    ends = [last_day(start, int(length)) for start, length in rows[both].itertuples(index=False)]
    rows["ends_on"] = pd.Series(ends, index=rows.index, dtype="datetime64[s]")
    return rows.astype({"contract_months": "int64"})


def care_calendar(
    company: Company,
    start: Day,
    end: Day,
    leap_birthday: Literal["feb_28", "mar_1"] = "feb_28",
) -> pd.DataFrame:
    """Put the moments on which an account should hear from us on one calendar.

    Parameters
    ----------
    company : Company
        Uses accounts, contacts, products and tickets, as far as they are there.
    start, end : date
        From ``start`` up to, but not on, ``end``; over the turn of the year as well.
    leap_birthday : {"feb_28", "mar_1"}
        When somebody born on 29 February has a birthday in a common year.

    Returns
    -------
    DataFrame
        One row a moment, by date: ``date``, ``account_id``, ``account_name``, ``moment`` and
        ``what`` (in the reader's language). ``renewal``: the contract's last day. ``birthday``:
        of a contact who is still there. ``holiday``: see `ka_lib.work_calendar.festivals`.
        ``launch``: the first day of a new product. ``crisis``: a complaint still open on
        ``company.as_of``, on the day it came, or on ``start`` if that was earlier. ``personnel``:
        a contact's last day. Holidays and launches concern every account: theirs is blank.

    Raises
    ------
    TableError
        A contact or ticket belongs to an account that is not there.
    ParameterError
        The period is empty, a contract has no length, or another ``leap_birthday``.

    Notes
    -----
    Birthdays are personal data and gifts have limits: see the chapter. A birthday kept by the
    lunar calendar has to be entered year by year.
    """
    first, last = check_period((start, end))
    if leap_birthday not in ("feb_28", "mar_1"):
        raise ParameterError("relationship.leap_birthday", given=leap_birthday)
    rows = [
        *_account_moments(company, first, last, leap_birthday),
        *(
            (day, None, "holiday", label("festival", name))
            for day, name in festivals(first, last).itertuples(index=False)
        ),
        *_launches(company, first, last),
    ]
    table = pd.DataFrame(rows, columns=["date", "account_id", "moment", "what"])
    names = company.accounts.set_index("account_id")["account_name"]
    table.insert(2, "account_name", table["account_id"].map(names))
    inside = (pd.to_datetime(table["date"]) >= first) & (pd.to_datetime(table["date"]) < last)
    table = table[inside].astype({"date": "datetime64[s]"})
    texts = ["account_id", "account_name", "moment", "what"]
    table[texts] = table[texts].astype("str").where(table[texts].notna())
    return table.sort_values(["date", "moment", "account_id", "what"], ignore_index=True)[CALENDAR]


def _account_moments(
    company: Company, first: pd.Timestamp, last: pd.Timestamp, leap: str
) -> Iterator[tuple[pd.Timestamp, str, str, str]]:
    accounts = company.accounts.reindex(
        columns=["account_id", "contract_starts_on", "contract_months"]
    )
    known = need(accounts, "accounts", ["account_id"])["account_id"]
    for row in _contracts(accounts).itertuples():
        what = text("relationship.renewal", months=row.contract_months)
        yield row.ends_on, row.account_id, "renewal", what

    names = ["account_id", "contact_name", "title", "birthday", "left_on"]
    contacts = company.contacts.reindex(columns=names)
    unknown_ids(contacts["account_id"], known, "contacts", "account_id")
    for row in contacts.itertuples():
        title = "" if pd.isna(row.title) else text("relationship.title", title=row.title)
        who = {"name": row.contact_name, "title": title}
        if pd.notna(row.left_on):
            yield row.left_on, row.account_id, "personnel", text("relationship.left", **who)
        if pd.notna(row.birthday):
            for year in range(first.year, last.year + 1):
                day = _birthday(row.birthday, year, leap)
                if pd.isna(row.left_on) or day <= row.left_on:
                    what = text("relationship.birthday", **who)
                    yield day, row.account_id, "birthday", what

    tickets = company.tickets.reindex(columns=["account_id", "kind", "opened_at", "closed_at"])
    unknown_ids(tickets["account_id"], known, "tickets", "account_id")
    now = end_of_day(company.as_of)
    closed = tickets["closed_at"] < now
    still_open = (tickets["kind"] == "complaint") & (tickets["opened_at"] < now) & ~closed
    for row in tickets[still_open].itertuples():
        what = text("relationship.crisis", day=row.opened_at.date())
        yield max(row.opened_at.normalize(), first), row.account_id, "crisis", what


def _birthday(born: pd.Timestamp, year: int, leap: str) -> pd.Timestamp:
    if (born.month, born.day) == LEAP_DAY and not pd.Timestamp(year, 1, 1).is_leap_year:
        return pd.Timestamp(year, 2, 28) if leap == "feb_28" else pd.Timestamp(year, 3, 1)
    return pd.Timestamp(year, born.month, born.day)


def _launches(
    company: Company, first: pd.Timestamp, last: pd.Timestamp
) -> Iterator[tuple[pd.Timestamp, None, str, str]]:
    products = company.products.reindex(columns=["product_name", "launched_on"])
    inside = (products["launched_on"] >= first) & (products["launched_on"] < last)
    for row in products[inside].itertuples():
        yield row.launched_on, None, "launch", text("relationship.launch", name=row.product_name)
