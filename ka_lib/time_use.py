"""Where a rep's hours go, what they bring, and what next week should hold.

Prevents three slips: an hour booked twice counted as two, an evening past midnight counted as
minus twenty-two, and the loudest task taken for the one that matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from ka_lib.amounts import check_columns, check_not_negative
from ka_lib.errors import ParameterError, TableError
from ka_lib.frames import need, no_duplicates, unknown_ids
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

Day: TypeAlias = str | pd.Timestamp
Period: TypeAlias = tuple[Day, Day]

NAN = float("nan")
HOUR = pd.Timedelta(hours=1)
WEEK = pd.Timedelta(days=7)
RULES = ("split", "first")
ENTRY = ["entry_id", "rep_id", "activity", "started_at", "ended_at"]
GROUPS = ("activity", "account_id", "rep_id", "tier", "day", "iso_week")


def iso_week(days: pd.Series) -> pd.Series:
    """Return the ISO week of each day, as ``"2025-W01"``.

    Parameters
    ----------
    days : Series of datetime
        A missing day has a missing week.

    Returns
    -------
    Series of str
        Weeks begin on Monday and belong to the year that holds their Thursday (ISO 8601), so
        that 30 December 2024 is in the first week of 2025.

    Examples
    --------
    >>> iso_week(pd.Series(pd.to_datetime(["2024-12-30", "2027-01-03"]))).tolist()
    ['2025-W01', '2026-W53']
    """
    parts = pd.to_datetime(days).dt.isocalendar()
    year, week = parts["year"].astype("str"), parts["week"].astype("str").str.zfill(2)
    return (year + "-W" + week).where(parts["year"].notna())


def pieces(
    time_log: pd.DataFrame,
    overlap: Literal["split", "first"] = "split",
    period: Period | None = None,
) -> pd.DataFrame:
    """Cut a time log so that every minute of a rep counts once and belongs to one day.

    Parameters
    ----------
    time_log : DataFrame
        One row an entry: ``entry_id``, ``rep_id``, ``activity``, ``started_at``, ``ended_at``
        and, where there is one, ``account_id`` (blank: work for no account).
    overlap : {"split", "first"}
        Whose time it is when a rep has two entries at once. ``"split"`` (default) shares it
        equally; ``"first"`` leaves it with the entry that started first (at the same moment: the
        lower ``entry_id``). The total is the same.
    period : (date, date), optional
        Count the days from the first up to, but not on, the second. Default: all.

    Returns
    -------
    DataFrame
        One row an entry and day: ``entry_id``, ``rep_id``, ``account_id``, ``activity``, ``day``
        and ``hours``. An entry past midnight has a row for each day. An entry without any time
        of its own has none.

    Raises
    ------
    TableError
        A column is missing or blank, an entry stands twice, or one ends before it starts. Past
        midnight, the end carries the **next** day's date.
    ParameterError
        Any other ``overlap``; an empty period.
    """
    if overlap not in RULES:
        raise ParameterError("time_use.overlap", given=overlap)
    log = _log(time_log)
    rows = [_own_time(entries, overlap) for _, entries in log.groupby("rep_id", sort=False)]
    columns = ["entry_id", "rep_id", "account_id", "activity", "day", "hours"]
    if not rows:
        return log.assign(day=log["started_at"], hours=0.0)[columns]
    cut = pd.concat(rows, ignore_index=True)
    if period is not None:
        first, last = _period(period)
        cut = cut[(cut["day"] >= first) & (cut["day"] < last)]
    keys = ["entry_id", "day"]
    hours = cut.groupby(keys)["hours"].sum().reset_index()
    table = hours.merge(log[["entry_id", "rep_id", "account_id", "activity"]], on="entry_id")
    return table.sort_values(["rep_id", "day", "entry_id"], ignore_index=True)[columns]


def _log(time_log: pd.DataFrame) -> pd.DataFrame:
    """Return the checked log in order of time, its account blank where there is none."""
    log = need(time_log, "time_log", ENTRY)
    no_duplicates(log, "time_log", ["entry_id"])
    log[["started_at", "ended_at"]] = log[["started_at", "ended_at"]].apply(pd.to_datetime)
    backwards = log.index[log["ended_at"] < log["started_at"]]
    if len(backwards):
        row = log.loc[backwards[0]]
        problem = text(
            "time_use.backwards",
            row=int(backwards[0]) + 1,
            entry=row["entry_id"],
            start=f"{row['started_at']:%Y-%m-%d %H:%M}",
            end=f"{row['ended_at']:%Y-%m-%d %H:%M}",
        )
        if len(backwards) > 1:
            problem += "\n" + text("tables.more", number=len(backwards) - 1)
        raise TableError("tables.invalid", table="time_log", problems=f"- {problem}")
    account = time_log.get("account_id", pd.Series(index=time_log.index, dtype="str"))
    log["account_id"] = account.to_numpy()
    return log.sort_values(["rep_id", "started_at", "entry_id"], ignore_index=True)


def _own_time(entries: pd.DataFrame, overlap: str) -> pd.DataFrame:
    """Return one rep's entries cut at every start, end and midnight: entry, day, own hours."""
    start, end = entries["started_at"], entries["ended_at"]
    midnights = pd.date_range(start.min().normalize(), end.max().normalize(), freq="D")
    cuts = np.unique(np.concatenate([start.to_numpy(), end.to_numpy(), midnights.to_numpy()]))
    first, last = np.searchsorted(cuts, start.to_numpy()), np.searchsorted(cuts, end.to_numpy())
    # Entry i covers the slices first[i], ..., last[i] - 1 between two cuts.
    number = last - first
    entry = np.repeat(np.arange(len(entries)), number)
    slice_ = np.arange(number.sum()) - np.repeat(number.cumsum() - number - first, number)
    covered = pd.DataFrame({"entry": entry, "slice": slice_})
    by_slice = covered.groupby("slice")["entry"]
    if overlap == "split":
        share = 1 / by_slice.transform("size")
    else:  # entries stand in order of their start
        share = (covered["entry"] == by_slice.transform("min")).astype("float64")
    length = pd.Series(cuts).diff().shift(-1) / HOUR
    return pd.DataFrame(
        {
            "entry_id": entries["entry_id"].to_numpy()[entry],
            "day": pd.DatetimeIndex(cuts[slice_]).normalize(),
            "hours": length.to_numpy()[slice_] * share,
        }
    )[share > 0]


def hours(
    time_log: pd.DataFrame,
    by: str | Sequence[str] = "activity",
    *,
    period: Period | None = None,
    overlap: Literal["split", "first"] = "split",
    accounts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add up hours by activity, account, tier, rep, day or week.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.
    by : str or sequence of str
        ``"activity"``, ``"account_id"``, ``"tier"`` (needs ``accounts``), ``"rep_id"``, ``"day"``,
        ``"iso_week"``, or several of them.
    period, overlap
        As in `pieces`.
    accounts : DataFrame, optional
        Columns ``account_id`` and ``tier``.

    Returns
    -------
    DataFrame
        One row a group: the columns of ``by``, ``hours``, ``travel_hours`` (how many of them are
        the activity "travel": travel **is** included) and ``share`` of all hours counted. Work
        for no account, or for one without a tier, is a group with a blank name: nothing is left
        out.

    Raises
    ------
    ParameterError
        Any other ``by``; a tier without ``accounts``.
    TableError
        As in `pieces`; an account that ``accounts`` does not hold.
    """
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in GROUPS:
            raise ParameterError("time_use.by", given=name, choices=", ".join(GROUPS))
    table = pieces(time_log, overlap, period)
    if "tier" in names:
        table["tier"] = table["account_id"].map(_tiers(table, accounts))
    if "iso_week" in names:
        table["iso_week"] = iso_week(table["day"])
    table["travel_hours"] = table["hours"].where(table["activity"] == "travel", 0.0)
    sums = table.groupby(names, dropna=False)[["hours", "travel_hours"]].sum().reset_index()
    total = sums["hours"].sum()
    return sums.assign(share=sums["hours"] / total if total > 0 else NAN)


def _tiers(table: pd.DataFrame, accounts: pd.DataFrame | None) -> pd.Series:
    """Return the tier by account id, after a look whether every account is known."""
    if accounts is None:
        raise ParameterError("time_use.no_accounts")
    known = need(accounts, "accounts", ["account_id"])
    no_duplicates(known, "accounts", ["account_id"])
    need(accounts.head(0), "accounts", ["tier"])
    used = table["account_id"].dropna()
    unknown_ids(used, known["account_id"], "time_log", "account_id")
    return pd.Series(accounts["tier"].to_numpy(), index=known["account_id"])


def overlaps(time_log: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of entries in which a rep was in two places at once.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.

    Returns
    -------
    DataFrame
        One row a pair: ``rep_id``, ``entry_id`` (the one that started first), ``other_entry_id``,
        ``started_at`` and ``ended_at`` of the time they share, and ``hours``. An entry that starts
        when another ends does not overlap it. Three entries at once make three pairs, so do not
        add these hours up: `pieces` counts them once.
    """
    log = _log(time_log)
    log = log[log["ended_at"] > log["started_at"]]
    rows = []
    for rep, entries in log.groupby("rep_id"):
        start, end = entries["started_at"].to_numpy(), entries["ended_at"].to_numpy()
        # In order of their start, entry i meets the ones after it that start before it ends.
        meets = np.searchsorted(start, end) - np.arange(len(entries)) - 1
        one = np.repeat(np.arange(len(entries)), meets)
        other = one + 1 + np.arange(meets.sum()) - np.repeat(meets.cumsum() - meets, meets)
        names = entries["entry_id"].to_numpy()
        rows.append(
            pd.DataFrame(
                {
                    "rep_id": rep,
                    "entry_id": names[one],
                    "other_entry_id": names[other],
                    "started_at": start[other],
                    "ended_at": np.minimum(end[one], end[other]),
                }
            )
        )
    columns = ["rep_id", "entry_id", "other_entry_id", "started_at", "ended_at", "hours"]
    if not rows:
        return log.assign(other_entry_id=log["entry_id"], hours=0.0)[columns]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(hours=(table["ended_at"] - table["started_at"]) / HOUR)[columns]


def switches(
    time_log: pd.DataFrame, of: Literal["account_id", "activity"] = "account_id"
) -> pd.DataFrame:
    """Count how often a rep changes from one account (or activity) to another in a day.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`.
    of : {"account_id", "activity"}
        What changes. Work for no account counts as one more account.

    Returns
    -------
    DataFrame
        One row a rep and day with an entry: ``rep_id``, ``day`` (on which the entry started),
        ``entries`` and ``switches``: how many entries, in order of their start, differ from the
        one before them on the same day. The first of a day is no switch.

    Raises
    ------
    ParameterError
        Any other ``of``.
    """
    if of not in {"account_id", "activity"}:
        raise ParameterError("time_use.of", given=of)
    log = _log(time_log)
    log["day"] = log["started_at"].dt.normalize()
    what = pd.Series(pd.factorize(log[of])[0], index=log.index)  # a blank is -1, equal to itself
    before = what.groupby([log["rep_id"], log["day"]]).shift()
    changed = before.notna() & (before != what)
    grouped = log.assign(switches=changed.astype("int64")).groupby(["rep_id", "day"])
    return grouped.agg(entries=("entry_id", "size"), switches=("switches", "sum")).reset_index()


def time_and_revenue(
    time_log: pd.DataFrame,
    orders: pd.DataFrame,
    accounts: pd.DataFrame,
    period: Period,
    by: Literal["tier", "account_id"] = "tier",
) -> pd.DataFrame:
    """Set the share of hours beside the share of revenue, by tier or by account.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`. Take the same reps' hours as accounts' orders.
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``amount`` (yuan; returns negative).
    accounts : DataFrame
        ``account_id`` and ``tier``.
    period : (date, date)
        Half-open, for hours and orders alike.
    by : {"tier", "account_id"}
        One row for each.

    Returns
    -------
    DataFrame
        ``tier`` or ``account_id``, ``hours``, ``time_share`` (base: hours **for an account**,
        travel to it included; internal hours are left out, because they have no revenue),
        ``revenue`` (yuan) and ``revenue_share``. Accounts without a tier are a row with a blank
        tier. A share with an empty base is missing.

    Raises
    ------
    ParameterError
        Any other ``by``; an empty period.
    TableError
        A column is missing or blank; an account that ``accounts`` does not hold.
    """
    if by not in {"tier", "account_id"}:
        raise ParameterError("time_use.by", given=by, choices="tier, account_id")
    spent = pieces(time_log, "split", period).dropna(subset=["account_id"])
    tiers = _tiers(spent, accounts)
    sold = _orders(orders, "amount", period)
    unknown_ids(sold["account_id"], tiers.index.to_series(), "orders", "account_id")
    by_account = pd.DataFrame(
        {
            "hours": spent.groupby("account_id")["hours"].sum(),
            "revenue": sold.groupby("account_id")["amount"].sum(),
        }
    ).rename_axis("account_id")
    table = by_account.astype("float64").fillna(0.0).reset_index()
    table["tier"] = table["account_id"].map(tiers)
    sums = table.groupby(by, dropna=False)[["hours", "revenue"]].sum().reset_index()
    for share, value in (("time_share", "hours"), ("revenue_share", "revenue")):
        total = sums[value].sum()
        sums[share] = sums[value] / total if total > 0 else NAN
    return sums[[by, "hours", "time_share", "revenue", "revenue_share"]]


def return_on_time(
    time_log: pd.DataFrame,
    orders: pd.DataFrame,
    period: Period,
    travel: Literal["included", "excluded"] = "included",
) -> pd.DataFrame:
    """Return what an hour earns at each account, and the median beside it.

    Parameters
    ----------
    time_log : DataFrame
        As in `pieces`; overlapping time is shared equally.
    orders : DataFrame
        ``account_id``, ``ordered_on``, ``gross_profit`` (yuan).
    period : (date, date)
        Half-open, for hours and orders alike.
    travel : {"included", "excluded"}
        Whether the way to the account counts as time for it. Default: it does.

    Returns
    -------
    DataFrame
        One row an account with hours or orders, the highest return first: ``account_id``,
        ``gross_profit`` (yuan), ``hours`` (as counted), ``travel_hours`` (in the log, counted or
        not), ``profit_per_hour`` (yuan; missing without hours) and ``median_per_hour`` of all
        accounts that have hours: a single giant account does not move it. Hours for no account
        are left out.

    Raises
    ------
    ParameterError
        Any other ``travel``; an empty period.
    TableError
        A column is missing or blank.
    """
    if travel not in {"included", "excluded"}:
        raise ParameterError("time_use.travel", given=travel)
    spent = pieces(time_log, "split", period).dropna(subset=["account_id"])
    on_the_way = spent["activity"] == "travel"
    counted = spent if travel == "included" else spent[~on_the_way]
    profit = _orders(orders, "gross_profit", period)
    table = pd.DataFrame(
        {
            "gross_profit": profit.groupby("account_id")["gross_profit"].sum(),
            "hours": counted.groupby("account_id")["hours"].sum(),
            "travel_hours": spent[on_the_way].groupby("account_id")["hours"].sum(),
        }
    ).astype("float64")
    table = table.fillna(0.0).rename_axis("account_id").reset_index()
    table["profit_per_hour"] = table["gross_profit"] / table["hours"].where(table["hours"] > 0)
    table["median_per_hour"] = table["profit_per_hour"].median() if len(table) else NAN
    return table.sort_values(
        ["profit_per_hour", "account_id"], ascending=[False, True], ignore_index=True
    )


def _orders(orders: pd.DataFrame, value: str, period: Period) -> pd.DataFrame:
    lines = need(orders, "orders", ["account_id", "ordered_on", value])
    first, last = _period(period)
    day = pd.to_datetime(lines["ordered_on"])
    return lines[(day >= first) & (day < last)]


def _period(period: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    if not first < last:
        raise ParameterError("time_use.period", start=first.date(), end=last.date())
    return first, last


def quadrants(
    todos: pd.DataFrame, as_of: Day, urgent_within_days: float, important_from: float
) -> pd.DataFrame:
    """Sort tasks into the four quadrants of urgent and important.

    Parameters
    ----------
    todos : DataFrame
        One row a task: ``todo_id``, ``value`` (gross profit at stake, yuan), ``due_on``; other
        columns are carried along.
    as_of : date
        The day on which you look at the list.
    urgent_within_days : float
        A task due in at most so many days is urgent. What is overdue is urgent.
    important_from : float
        A task with at least so much at stake (yuan) is important, however far off it is.

    Returns
    -------
    DataFrame
        ``todos`` with ``days_left`` (0: due today), ``past_due`` (due before ``as_of``; due
        today is not), ``urgent``, ``important`` and ``quadrant``: 1 urgent and important,
        2 important, 3 urgent, 4 neither. In order of quadrant, date due, ``todo_id``.

    Raises
    ------
    TableError
        A column is missing or blank, a task stands twice, a value is negative.
    ParameterError
        A threshold is negative.

    Notes
    -----
    After Eisenhower, in Covey, *The 7 Habits of Highly Effective People* (1989). Its point is
    quadrant 2: important work is done before it becomes urgent.
    """
    check_not_negative(urgent_within_days=urgent_within_days, important_from=important_from)
    rows = need(todos, "todos", ["todo_id", "value", "due_on"])
    no_duplicates(rows, "todos", ["todo_id"])
    check_columns(rows, "todos", ["value"])
    due = pd.to_datetime(rows["due_on"]).dt.normalize()
    left = (due - pd.Timestamp(as_of).normalize()).dt.days
    urgent, important = left <= urgent_within_days, rows["value"] >= important_from
    table = todos.reset_index(drop=True).assign(
        days_left=left,
        past_due=left < 0,
        urgent=urgent,
        important=important,
        quadrant=np.select([urgent & important, important, urgent], [1, 2, 3], 4),
    )
    return table.sort_values(["quadrant", "days_left", "todo_id"], ignore_index=True)


def week_plan(
    todos: pd.DataFrame,
    week: Day,
    capacity: float = 40.0,
    by: Literal["value_per_hour", "quadrant"] = "value_per_hour",
) -> pd.DataFrame:
    """Fill a week: appointments first, then the tasks that are worth most an hour.

    Parameters
    ----------
    todos : DataFrame
        One row a task: ``todo_id``, ``rep_id``, ``value`` (yuan), ``hours`` (above 0), ``due_on``
        and, where there are appointments, ``fixed_on``. For ``by="quadrant"`` from `quadrants`.
    week : date
        Its Monday.
    capacity : float
        Hours that a rep has in the week. Default 40.
    by : {"value_per_hour", "quadrant"}
        The order in which tasks are tried: the most value an hour, or quadrant by quadrant and
        then by value an hour. Equal ones: the earlier due, then the lower ``todo_id``.

    Returns
    -------
    DataFrame
        One row a task, rep by rep in the order they were tried: ``rep_id``, ``todo_id``, ``title``
        where there is one, ``value``, ``hours``, ``value_per_hour``, ``plan_state`` and
        ``hours_left`` of the capacity after it. States: ``fixed`` (an appointment this week: it
        stands, even where appointments alone pass the capacity, and ``hours_left`` turns
        negative), ``planned``, ``does_not_fit``, ``other_week`` (an appointment in another week).

    Raises
    ------
    ParameterError
        ``week`` is not a Monday, any other ``by``, a negative capacity.
    TableError
        A column is missing or blank, a task stands twice, a task of 0 hours.

    Notes
    -----
    Greedy: each task is planned whole if it still fits, and the next is tried if not. That is
    how a person plans, and not always the best possible sum: with 40 hours, one task of 25 hours
    at 100 yuan an hour shuts out two of 20 hours at 90.
    """
    monday = pd.Timestamp(week)
    if monday.weekday() != 0 or monday != monday.normalize():
        raise ParameterError("time_use.monday", given=monday.date())
    if by not in {"value_per_hour", "quadrant"}:
        raise ParameterError("time_use.plan_by", given=by)
    check_not_negative(capacity=capacity)
    needed = ["todo_id", "rep_id", "value", "hours", "due_on"]
    rows = need(todos, "todos", [*needed, *(["quadrant"] if by == "quadrant" else [])])
    no_duplicates(rows, "todos", ["todo_id"])
    check_columns(rows, "todos", ["value", "hours"])
    none = rows.index[rows["hours"] == 0]
    if len(none):
        problem = text("time_use.no_hours", row=int(none[0]) + 1)
        raise TableError("tables.invalid", table="todos", problems=f"- {problem}")
    for name in ("title", "fixed_on"):
        if name in todos.columns:
            rows[name] = todos[name].to_numpy()
    fixed = pd.to_datetime(rows.get("fixed_on", pd.Series(pd.NaT, index=rows.index)))
    this_week = (fixed >= monday) & (fixed < monday + WEEK)
    # To the cent: what dividing leaves behind must not break a tie.
    rows["value_per_hour"] = (rows["value"] / rows["hours"]).round(2)
    rows["plan_state"] = np.select([this_week, fixed.notna()], ["fixed", "other_week"], "")
    rows["first"] = np.select([this_week, fixed.isna()], [0, 1], 2)
    order = ["rep_id", "first", *(["quadrant"] if by == "quadrant" else [])]
    order += ["value_per_hour", "due_on", "todo_id"]
    upwards = [name != "value_per_hour" for name in order]
    rows = rows.sort_values(order, ascending=upwards, ignore_index=True)
    rows["hours_left"] = 0.0
    for _, tasks in rows.groupby("rep_id"):
        left = float(capacity)
        for i, task in tasks.iterrows():
            state = task["plan_state"] or ("planned" if task["hours"] <= left else "does_not_fit")
            left -= task["hours"] if state in {"fixed", "planned"} else 0.0
            rows.loc[i, ["plan_state", "hours_left"]] = [state, left]
    columns = ["rep_id", "todo_id", "title", "value", "hours", "value_per_hour", "plan_state"]
    return rows[[name for name in [*columns, "hours_left"] if name in rows.columns]]
