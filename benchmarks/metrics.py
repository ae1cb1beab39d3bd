"""The metrics beside hand-written DuckDB on generated tables: time and memory.

Tables of generated order lines (or stage events) with the types that `ka.load` gives. Each metric
and its query run in turn on the same frames and must give the same answer; the ratio is that of
the medians. DuckDB reads the pandas frames themselves ("frame"), as a learner would have it do;
"stored" is the same query on a copy in DuckDB's own memory, made beforehand and not timed.
Memory is the input (`memory_usage(deep=True)`) plus the peak of what is allocated while the metric
runs in a fresh process (tracemalloc, which sees numpy's and pandas' arrays and hash tables too),
in multiples of the input.

Run: uv run python benchmarks/metrics.py [--rows 10000000] [--rounds 7] [--only NAME]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd

import ka_lib as ka
from ka_lib.tables import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable

QUERIES = Path(__file__).parent / "queries"
START, DAYS = pd.Timestamp("2023-01-01"), 3 * 365 + 1
AS_OF = "2025-12-31"  # the last of those days
YEARS = ("2024-01-01", "2025-01-01"), ("2025-01-01", "2026-01-01")
QUARTER = ("2025-10-01", "2026-01-01")
EVENTS_A_DEAL = 2.5  # about, as in the practice company
TABLES = ("orders", "opportunities", "stage_history", "accounts", "costs", "surveys")


@dataclass(frozen=True)
class Case:
    """One metric, and the tables that it and its query (``queries/NAME.sql``) read."""

    metric: Callable[[ka.Company], pd.DataFrame]
    reads: tuple[str, ...]


def days_after(start: pd.Timestamp, days: np.ndarray) -> pd.Series:
    """Return dates as `ka.load` does: datetime64 in seconds."""
    return pd.Series(start.to_datetime64().astype("datetime64[s]") + days.astype("timedelta64[D]"))


def make(rows: int) -> ka.Company:
    """Generate a company: so many order lines, as many stage events, a few other rows."""
    random = np.random.default_rng(1)
    accounts = pd.Series([f"A{i:05d}" for i in range(5_000)], dtype="str")
    order = np.sort(random.integers(0, rows // 3, rows))  # three lines an order on average
    bought_by = (len(accounts) * random.random(rows // 3) ** 2).astype("int64")  # some buy more
    orders = pd.DataFrame(
        {
            "order_id": pd.Series(np.char.mod("S%08d", order)).astype("str"),
            "account_id": accounts.take(bought_by[order]).reset_index(drop=True),
            "ordered_on": days_after(START, np.sort(random.integers(0, DAYS, rows // 3))[order]),
            "amount": random.integers(-50, 5_000, rows) * 10.0,
        }
    )
    orders["gross_profit"] = orders["amount"] * 0.25
    count = int(rows / EVENTS_A_DEAL)
    ids = pd.Series(np.char.mod("O%08d", np.arange(count))).astype("str")
    created = random.integers(0, DAYS - 60, count)
    furthest = random.choice(6, count, p=[0.35, 0.25, 0.15, 0.1, 0.05, 0.1])
    ended = random.random(count) < 0.9  # noqa: PLR2004 - a tenth is still open
    won = furthest == len(STAGES) - 1
    closed = days_after(START, created + 5 + furthest * 9)
    opportunities = pd.DataFrame(
        {
            "opportunity_id": ids,
            "account_id": accounts.take(random.integers(0, len(accounts), count)).reset_index(drop=True),
            "rep_id": pd.Series(["R1", "R2", "R3"], dtype="str").take(random.integers(0, 3, count)).reset_index(drop=True),
            "created_on": days_after(START, created),
            "amount": random.integers(1, 500, count) * 1_000.0,
            "stage": pd.Series(STAGES, dtype="str").take(furthest).reset_index(drop=True),
            "status": pd.Series(np.where(won, "won", np.where(ended, "lost", "open"))).astype("str"),
            "closed_on": closed.where(won | ended),
            "lost_reason": pd.Series(["price"], dtype="str").take(np.zeros(count, int)).reset_index(drop=True),
        }
    )  # fmt: skip
    opportunities.loc[opportunities["status"] != "lost", "lost_reason"] = None
    times = furthest + 1
    deal, step = np.repeat(np.arange(count), times), np.arange(times.sum())
    step -= np.repeat(times.cumsum() - times, times)
    history = pd.DataFrame(
        {
            "opportunity_id": ids.take(deal).reset_index(drop=True),
            "stage": pd.Series(STAGES, dtype="str").take(step).reset_index(drop=True),
            "entered_on": days_after(START, created[deal] + step * 9),
        }
    )
    months = pd.date_range(START, AS_OF, freq="MS").as_unit("s")
    tables = {
        "orders": orders,
        "opportunities": opportunities,
        "stage_history": history.sample(frac=1, random_state=1, ignore_index=True)[:rows],
        "accounts": pd.DataFrame(
            {"account_id": accounts, "customer_since": days_after(START, random.integers(0, DAYS, len(accounts)))}
        ),
        "costs": pd.DataFrame({"month": months, "purpose": "acquisition", "amount": 60_000.0}),
        "surveys": pd.DataFrame(
            {
                "contact_id": pd.Series(np.char.mod("C%05d", random.integers(0, 9_000, 20_000))).astype("str"),
                "account_id": accounts.take(random.integers(0, len(accounts), 20_000)).reset_index(drop=True),
                "answered_on": days_after(START, random.integers(0, DAYS, 20_000)),
                "satisfaction": random.integers(1, 6, 20_000).astype("float64"),
            }
        ),
    }  # fmt: skip
    return ka.Company("benchmark", pd.Timestamp(AS_OF), tables)


def retention(company: ka.Company) -> pd.DataFrame:
    """Put the four retention rates of two years into a table."""
    moves = ka.kpi.movements(company.orders, *YEARS, as_of=AS_OF)
    rates = (
        ka.kpi.retention(moves),
        ka.kpi.churn(moves),
        ka.kpi.gross_revenue_retention(moves),
        ka.kpi.net_revenue_retention(moves),
    )
    return pd.DataFrame([vars(rate) for rate in rates])


def funnel(company: ka.Company) -> pd.DataFrame:
    """Follow every deal and count the stages: the whole funnel table."""
    return ka.funnel.reached(ka.funnel.deals(company, "2023-01-01", "2026-01-01"))


def kpi_table(company: ka.Company) -> pd.DataFrame:
    """Return the figures of the KPI table."""
    return ka.kpi.review(company, QUARTER)[["kpi", "value", "before", "count", "base"]]


CASES = {
    "concentration": Case(lambda c: ka.concentration.pareto(c.orders), ("orders",)),
    "rfm": Case(lambda c: ka.profile.rfm(c.orders, AS_OF), ("orders",)),
    "retention": Case(retention, ("orders",)),
    "kpi_table": Case(kpi_table, TABLES),
    "funnel": Case(funnel, ("opportunities", "stage_history")),
}


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Raise unless two answers agree (sums of money to a relative 1e-9)."""
    right = right[left.columns].astype(dict(left.dtypes.items()))
    pd.testing.assert_frame_equal(left, right, rtol=1e-9, check_dtype=False)


def seconds(run: Callable[[], object]) -> float:
    """Time one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def peak(name: str, rows: int) -> float:
    """Return the peak memory of one metric, its input included, in multiples of the input."""
    company = make(rows)
    case = CASES[name]
    size = sum(company.tables[t].memory_usage(deep=True).sum() for t in case.reads)
    case.metric(make(1_000))  # loads libraries and messages, so that they are not counted
    tracemalloc.start()
    case.metric(company)
    return float(1 + tracemalloc.get_traced_memory()[1] / size)


def main() -> None:
    """Print a line a metric."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--peak", choices=CASES, help="measure the memory of one metric and stop")
    asked = parser.parse_args()
    if asked.peak:
        print(f"{peak(asked.peak, asked.rows):.2f}")
        return
    company = make(asked.rows)
    frames, stored = duckdb.connect(), duckdb.connect()
    for name in TABLES:
        frames.register(name, company.tables[name])
        stored.register("given", company.tables[name])
        stored.execute(f"create table {name} as from given")
    print(
        f"{asked.rows:,} rows; ka_lib in seconds; ratio to DuckDB on the frames, on its own tables"
    )
    for name, case in CASES.items():
        if asked.only not in (None, name):
            continue
        query = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
        same(case.metric(company), frames.execute(query).df())
        runs: dict[str, list[float]] = {"ka": [], "frames": [], "stored": []}
        for _ in range(asked.rounds):
            runs["ka"].append(seconds(lambda: case.metric(company)))  # noqa: B023 - runs at once
            runs["frames"].append(seconds(lambda: frames.execute(query).df()))  # noqa: B023
            runs["stored"].append(seconds(lambda: stored.execute(query).df()))  # noqa: B023
        middle = {kind: statistics.median(values) for kind, values in runs.items()}
        memory = subprocess.run(  # noqa: S603 - this file itself
            [sys.executable, __file__, "--peak", name, "--rows", str(asked.rows)],
            check=True, capture_output=True, encoding="utf-8",
        ).stdout.strip()  # fmt: skip
        print(
            f"{name:14} {middle['ka']:7.3f} s  {middle['ka'] / middle['frames']:6.2f}"
            f"  {middle['ka'] / middle['stored']:6.2f}  memory {memory} times the input"
        )


if __name__ == "__main__":
    main()
