"""Customers and business lost, as reported, and the monthly health check that could have warned.

A report names one cause. Some losses were reported twice, some with two causes: each report
carries the whole loss, so adding up reports counts it twice. Health falls before most losses, not
before all, and at times without one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, dice
from ka_lib.tables import LOSS_CAUSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

AS_OF = date(2025, 11, 30)
FIRST_MONTH, MONTHS = (2024, 1), 23
GONE = timedelta(days=120)
FIRST_LOSS, LAST_LOSS = date(2024, 3, 1), date(2025, 10, 31)
LOSSES = 13  # customers that left, then parts of the business of others
TWICE, TWO_CAUSES = 3, 2
WATCHED = 36  # accounts with a health check
WARNED = 0.75  # of the losses that the health check shows before
SCORES = ("orders_score", "payment_score", "contact_score", "service_score")
WEIGHTS = (5, 3, 2, 2, 2)  # how often each of LOSS_CAUSES
YEAR = timedelta(days=365)


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make ``losses`` from the orders, and ``health`` from the losses."""
    orders = made["orders"]
    rng = dice(seed, "losses")
    lost = _lost(rng, orders, made["accounts"])
    reports = _reports(rng, lost)
    watched = _watched(orders, [loss["account_id"] for loss in lost])
    return {
        "losses": pd.DataFrame(reports),
        "health": pd.DataFrame(_health(dice(seed, "health"), watched, lost, orders)),
    }


def _lost(rng: Random, orders: pd.DataFrame, accounts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each loss once: who stopped buying, and large accounts that dropped a range."""
    bought = orders[orders["amount"] > 0]
    last = bought.groupby("account_id")["ordered_on"].max()
    found = []
    for account, day in last.items():
        lost_on = day + timedelta(days=30)
        if AS_OF - day > GONE and FIRST_LOSS <= lost_on <= LAST_LOSS:
            found.append(_loss(str(account), lost_on, _year(bought, account, day), 1.0, 1.0))
    staying = [
        str(name)
        for name in _by_sales(bought)
        if AS_OF - last[name] <= GONE and name not in ("A002", "A003", "A004")
    ]
    since = pd.to_datetime(accounts.set_index("account_id")["customer_since"])
    old = [name for name in staying[:40] if since[name] < pd.Timestamp("2024-01-01")]
    # The biggest always lost something: much revenue, little margin.
    rest = LOSSES - len(found) - 1
    for name in ["A001", *sorted(rng.sample([one for one in old if one != "A001"], rest))]:
        day = FIRST_LOSS + timedelta(days=rng.randint(0, (LAST_LOSS - FIRST_LOSS).days))
        part = rng.uniform(0.03, 0.05) if name == "A001" else rng.uniform(0.15, 0.4)
        richer = 0.5 if name == "A001" else rng.uniform(0.7, 1.4)
        found.append(_loss(name, day, _year(bought, name, day), part, part * richer))
    return found


def _year(bought: pd.DataFrame, account: Any, day: date) -> pd.DataFrame:
    """Return the account's orders of the 12 months to a day."""
    own = bought[bought["account_id"] == account]
    return own[(own["ordered_on"] <= day) & (own["ordered_on"] > day - YEAR)]


def _loss(
    account: str, day: date, year: pd.DataFrame, of_sales: float, of_margin: float
) -> dict[str, Any]:
    return {
        "account_id": account,
        "lost_on": day,
        "lost_margin": round(float(year["gross_profit"].sum()) * of_margin, -2),
        "lost_sales": round(float(year["amount"].sum()) * of_sales, -2),
    }


def _by_sales(bought: pd.DataFrame) -> list[str]:
    year = bought[bought["ordered_on"] > AS_OF - YEAR]
    return list(year.groupby("account_id")["amount"].sum().sort_values(ascending=False).index)


def _reports(rng: Random, lost: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw causes until the largest by margin is not the largest by sales or by reports."""
    while True:
        rows = [
            {
                **loss,
                "cause": rng.choices(LOSS_CAUSES, WEIGHTS)[0],
                "reported_on": _later(rng, loss),
            }
            for loss in lost
        ]
        again = rng.sample(rows, TWICE + TWO_CAUSES)
        for i, row in enumerate(again):
            others = [cause for cause in LOSS_CAUSES if cause != row["cause"]]
            cause = row["cause"] if i < TWICE else rng.choice(others)
            later = min(row["reported_on"] + timedelta(days=rng.randint(3, 20)), AS_OF)
            rows.append({**row, "cause": cause, "reported_on": later})
        if _tells_apart(rows):
            break
    rows.sort(key=lambda row: (row["reported_on"], row["account_id"], row["cause"]))
    columns = ("account_id", "reported_on", "lost_on", "cause", "lost_margin", "lost_sales")
    return [
        {"loss_id": f"L{number:02d}", **{name: row[name] for name in columns}}
        for number, row in enumerate(rows, start=1)
    ]


def _later(rng: Random, loss: Mapping[str, Any]) -> date:
    return min(loss["lost_on"] + timedelta(days=rng.randint(2, 35)), AS_OF)


def _tells_apart(rows: list[dict[str, Any]]) -> bool:
    """Say whether margin, sales, number and counting twice each order the causes differently."""
    frame = pd.DataFrame(rows)
    once = frame.drop_duplicates(["account_id", "cause"])
    margin = once.groupby("cause")["lost_margin"].sum().sort_values(ascending=False)
    sales = once.groupby("cause")["lost_sales"].sum().sort_values(ascending=False)
    number = frame["cause"].value_counts()
    clear = margin.iloc[0] > 1.1 * margin.iloc[1]
    twice = frame.groupby("cause")["lost_margin"].sum().sort_values(ascending=False)
    return bool(
        len(margin) == len(LOSS_CAUSES)
        and clear
        and margin.index[0] != sales.index[0]
        and number.iloc[0] > number.iloc[1]
        and number.index[0] != margin.index[0]
        and list(twice.index) != list(margin.index)
    )


def _watched(orders: pd.DataFrame, lost: list[str]) -> list[str]:
    """Return the accounts with a health check: the largest, and those that lost something."""
    largest = _by_sales(orders[orders["amount"] > 0])
    others = [name for name in largest if name not in lost]
    return sorted([*lost, *others[: WATCHED - len(lost)]])


def _health(
    rng: Random, watched: list[str], lost: list[dict[str, Any]], orders: pd.DataFrame
) -> list[dict[str, Any]]:
    first = orders.groupby("account_id")["ordered_on"].min()
    last = orders[orders["amount"] > 0].groupby("account_id")["ordered_on"].max()
    loss_of = {loss["account_id"]: loss["lost_on"] for loss in lost}
    rows = []
    for account in watched:
        usual, level = rng.uniform(66, 82), 0.0
        loss = loss_of.get(account)
        warned = chance(rng, WARNED)
        for i in range(MONTHS):
            month = date(FIRST_MONTH[0] + i // 12, FIRST_MONTH[1] + i % 12, 1)
            level = 0.6 * level + rng.gauss(0, 4.2)
            gone = AS_OF - last[account] > GONE and loss is not None and month > loss
            if month < first[account].replace(day=1) or gone:
                continue
            ahead = (
                None if loss is None else (loss.year - month.year) * 12 + loss.month - month.month
            )
            fall = {3: 14, 2: 24, 1: 33, 0: 36}.get(ahead, 0) if ahead is not None and warned else 0
            scare = rng.uniform(12, 26) if chance(rng, 0.03) else 0.0
            rows.append(_scores(rng, account, month, usual + level - fall - scare))
    return _with_faults(rng, rows)


def _scores(rng: Random, account: str, month: date, health: float) -> dict[str, Any]:
    row: dict[str, Any] = {"account_id": account, "month": month}
    for name in SCORES:
        row[name] = min(max(round(health + rng.gauss(2, 8)), 0), 100)
    nps = round(min(max((health - 55) * 2.2 + rng.gauss(0, 14), -100), 100) / 5) * 5
    return {
        "account_id": account,
        "month": month,
        "orders_score": row["orders_score"],
        "payment_score": row["payment_score"],
        "satisfaction_score": nps,
        "contact_score": row["contact_score"],
        "service_score": row["service_score"],
    }


def _with_faults(rng: Random, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave some scores out, most often satisfaction, and type a few outside 0 to 100."""
    for row in rows:
        if chance(rng, 0.10):
            row["satisfaction_score"] = None
        if chance(rng, 0.04):
            row[rng.choice(SCORES)] = None
    for row in rng.sample(rows, 16):
        name = rng.choice(SCORES)
        if row[name] is not None:
            row[name] = rng.choice((-5, -3, 104, 108, 112)) if row[name] > 50 else -5  # noqa: PLR2004
    return rows
