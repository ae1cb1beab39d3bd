"""An action plan or a care calendar for the phone: an .ics file that updates when it comes again.

Prevents the two complaints about calendar files: every import doubles the entries, and alarms
that ring at midnight.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.display import as_frame, kind
from ka_lib.errors import ParameterError, TableError
from ka_lib.export.columns import cell
from ka_lib.export.files import ready, writing
from ka_lib.export.named import with_names
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.units import money, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_lib.company import Company

# A deadline may move and stays the same entry; another day is another entry.
_DEADLINES = ("due_on", "due", "deadline", "截止日期", "截止日", "到期日", "完成日期")
_DAYS = ("date", "day", "on", "日期", "时间")
_WHATS = ("action", "what", "title", "task", "todo", "occasion", "事项", "行动", "要做什么", "任务")
_IDS = ("item_id", "todo_id", "action_id", "id", "编号")
_ALARM = dt.timedelta(hours=-15)  # nine in the morning of the day before, not midnight
_COUNTING_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def calendar(  # noqa: PLR0913 - a table, which of its columns are which, and whose names
    path: str | Path,
    table: pd.DataFrame,
    *,
    date: str | None = None,
    what: str | None = None,
    company: Company | None = None,
    replace: bool = False,
) -> Path:
    """Write an action plan or a care calendar for the phone.

    Parameters
    ----------
    path : path
        Where to; ends in ``.ics``. Send it to the phone and open it there.
    table : DataFrame
        One row an entry: a day, what to do, and any other columns (owner, measure, account...),
        which stand below it in the entry.
    date : str, optional
        The column with the day. Default: ``due_on``, ``date``, 截止日期, 日期 and the like.
    what : str, optional
        The column that says what to do. Default: ``action``, ``what``, 事项 and the like.
    company : Company, optional
        Names accounts and reps in place of their ids.
    replace : bool
        Take the place of a file that is there already.

    Returns
    -------
    Path
        Where the calendar stands. Each row is an entry for the whole day, which leaves the day
        free, with an alarm at nine the day before. Imported again, an entry that the phone knows
        is updated: it is known by its id where the table has one (``item_id``, 编号...), else by
        what, account and owner, and by its day unless that is a deadline (``due_on``, 截止日期),
        which may move.

    Raises
    ------
    ParameterError
        No such column; another suffix; the file is there already or cannot be written.
    TableError
        A row has no day, or does not say what to do.
    """
    place = Path(path)
    frame = as_frame(table).reset_index(drop=True)
    day = _column(frame, date, (*_DEADLINES, *_DAYS), "date")
    task = _column(frame, what, _WHATS, "what")
    days = _as_days(frame, day)
    blank = frame.index[frame[task].isna() | (frame[task].astype("str").str.strip() == "")]
    if len(blank):
        raise TableError("export.no_task", row=int(blank[0]) + 1, column=task)
    named = frame if company is None else with_names(frame, company)
    uids = _uids(frame, day, task, days)
    ready(place, [".ics"], replace)
    with writing(place) as draft:
        draft.write_bytes(_calendar(place.stem, named, day, task, days, uids))
    return place


def _column(frame: pd.DataFrame, asked: str | None, usual: Sequence[str], wanted: str) -> str:
    names = [str(name) for name in frame.columns]
    found = [name for name in ([asked] if asked is not None else usual) if name in names]
    if not found:
        key = "export.calendar_date" if wanted == "date" else "export.calendar_what"
        given = asked if asked is not None else usual[0]
        raise ParameterError(key, given=given, found=", ".join(names))
    return found[0]


def _as_days(frame: pd.DataFrame, column: str) -> list[dt.date]:
    given = frame[column]
    # 12/10/2025 is two different days: only an ISO date is taken from a text, none from a number.
    readable = given if not pd.api.types.is_numeric_dtype(given) else given.isna().map({True: None})
    moments = pd.to_datetime(readable, format="ISO8601", errors="coerce")
    blank = frame.index[moments.isna()]
    if len(blank):
        row = int(blank[0])
        raise TableError("export.no_day", row=row + 1, column=column, found=frame[column][row])
    return [moment.date() for moment in moments]


def _uids(frame: pd.DataFrame, day: str, task: str, days: list[dt.date]) -> list[str]:
    """Return what makes each entry known again, the same in every export and in any row order."""
    ids = [name for name in _IDS if name in frame.columns]
    if ids and frame[ids[0]].notna().all() and frame[ids[0]].is_unique:
        keys = [f"{ids[0]}:{value}" for value in frame[ids[0]]]
    else:
        who = [name for name in ("account_id", "account_name", "contact_id", "owner", "客户", "负责人")
               if name in frame.columns]  # fmt: skip
        columns = [frame[name] for name in (task, *who)]
        parts = ["|".join(map(str, row)) for row in zip(*columns, strict=True)]
        moves = day in _DEADLINES
        keys = [one if moves else f"{one}|{on}" for one, on in zip(parts, days, strict=True)]
    # Two rows that are called the same: the earlier day is the first of them.
    order = sorted(range(len(keys)), key=lambda i: (keys[i], days[i]))
    number: dict[str, int] = {}
    uids = [""] * len(keys)
    for i in order:
        number[keys[i]] = number.get(keys[i], 0) + 1
        mark = f"{keys[i]}|{number[keys[i]]}"
        uids[i] = f"{hashlib.sha256(mark.encode('utf-8')).hexdigest()[:32]}@ka-lib"
    return uids


def _calendar(  # noqa: PLR0913, PLR0917 - the parts of one file, worked out by its caller
    title: str, frame: pd.DataFrame, day: str, task: str, days: list[dt.date], uids: list[str]
) -> bytes:
    from icalendar import Alarm, Calendar, Event

    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    book: Any = Calendar()
    book.add("prodid", f"-//ka_lib//{current().upper()}")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", title)
    for row, (on, uid) in enumerate(zip(days, uids, strict=True)):
        event: Any = Event()
        event.add("uid", uid)
        event.add("dtstamp", now)
        event.add("last-modified", now)
        # A phone takes the entry with the higher number for the newer one.
        event.add("sequence", int((now - _COUNTING_FROM).total_seconds()))
        event.add("dtstart", on)
        event.add("dtend", on + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        summary = _summary(frame, row, task)
        event.add("summary", summary)
        details = _details(frame, row, {day, task})
        if details:
            event.add("description", details)
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", _ALARM)
        event.add_component(alarm)
        book.add_component(event)
    return bytes(book.to_ical())


def _summary(frame: pd.DataFrame, row: int, task: str) -> str:
    """Return what to do, and for which account."""
    shown = _shown(frame, row, task)
    names = [name for name in ("account_name", "客户") if name in frame.columns]
    account = _shown(frame, row, names[0]) if names else ""
    return text("export.event", account=account, what=shown) if account else shown


def _details(frame: pd.DataFrame, row: int, left_out: set[str]) -> str:
    lines = []
    for name in map(str, frame.columns):
        hidden = name in left_out or name in _IDS or name == "account_name"
        code_only = f"{name.removesuffix('_id')}_name" in frame.columns and name.endswith("_id")
        value = "" if hidden or code_only else _shown(frame, row, name)
        if value:
            lines.append(text("export.detail", name=label("column", name), value=value))
    return "\n".join(lines)


def _shown(frame: pd.DataFrame, row: int, name: str) -> str:
    values = frame[name]
    holds = kind(name, values)
    value = cell(values[row], name, holds)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        written = {"money": money, "rate": percent}.get(holds, "{:,.2f}".format)(value)
        return written.removesuffix(".00")
    return str(value).strip()
