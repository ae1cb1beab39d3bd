"""How much longer does ``ka.read_export`` take than ``pandas.read_csv`` with the types given.

Writes one opportunity export, reads it in turn both ways, prints the median ratio.

    uv run python benchmarks/import_speed.py [--rows 500000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import ka_lib as ka

if TYPE_CHECKING:
    from collections.abc import Callable

DATES = ["创建时间", "预计成交日期", "实际结束时间"]
TYPES = {
    "商机编号": "str",
    "商机名称": "str",
    "客户编号": "str",
    "客户名称": "str",
    "负责人": "str",
}
TYPES |= {"商机阶段": "category", "商机来源": "category", "输单原因": "category"}
TYPES |= {"商机金额": "float64", "赢率": "float64"}
STAGES = ["验证客户", "初步沟通", "需求确定", "方案/报价", "谈判审核", "赢单", "输单"]


def main() -> None:
    """Print seconds and ratio; say whether both ways read the same deals and the same money."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=500_000)
    words.add_argument("--rounds", type=int, default=5)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="ka-benchmark-") as folder:
        path = Path(folder) / "商机.csv"
        export(given.rows).to_csv(path, index=False, encoding="utf-8")
        plain, ours = [], []
        for _ in range(given.rounds):
            seconds, frame = timed(lambda: by_pandas(path))
            plain.append(seconds)
            money, deals = frame["商机金额"].sum(), len(frame)
            del frame
            seconds, imported = timed(lambda: ka.read_export(path, as_of="2025-12-31"))
            ours.append(seconds)
            read = imported.company.opportunities
            if len(read) != deals or abs(read["amount"].sum() - money) > 1:
                raise SystemExit("the two ways did not read the same deals")
            del imported, read
    print(f"{given.rows:,} rows, {given.rounds} rounds in turn, medians")
    for kind, name in enumerate(("on the clock", "of processor time")):
        ratios = [mine[kind] / theirs[kind] for mine, theirs in zip(ours, plain, strict=True)]
        print(
            f"{name:18} pandas.read_csv {statistics.median(one[kind] for one in plain):5.2f} s, "
            f"ka.read_export {statistics.median(one[kind] for one in ours):5.2f} s, "
            f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def timed(read: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Return seconds on the clock and of the processor, and the result."""
    gc.collect()
    start, worked = time.perf_counter(), time.process_time()
    result = read()
    return (time.perf_counter() - start, time.process_time() - worked), result


def by_pandas(path: Path) -> pd.DataFrame:
    """Read the export the way somebody does who knows its columns."""
    return pd.read_csv(path, dtype=TYPES, parse_dates=DATES, encoding="utf-8")


def export(rows: int) -> pd.DataFrame:
    """Return deals as a CRM lists them: an id, a name and an amount of their own in each row."""
    chance = np.random.default_rng(1)
    created = pd.Timestamp("2022-01-01") + pd.to_timedelta(chance.integers(0, 1400, rows), "D")
    expected = created + pd.to_timedelta(chance.integers(20, 120, rows), "D")
    closed = created + pd.to_timedelta(chance.integers(10, 60, rows), "D")
    stage = chance.choice(STAGES, rows)
    over = np.isin(stage, ["赢单", "输单"])
    account = chance.integers(0, rows // 50 + 1, rows)
    number = np.arange(rows)
    return pd.DataFrame(
        {
            "商机编号": [f"O{one:07d}" for one in number],
            "商机名称": [f"{one % 997} 号门店货架方案 {one}" for one in number],
            "客户编号": [f"A{one:05d}" for one in account],
            "客户名称": [f"{one} 号生鲜超市" for one in account],
            "负责人": [f"业务员{one}" for one in chance.integers(0, 200, rows)],
            "商机阶段": stage,
            "商机金额": chance.integers(1_000, 900_000, rows) + chance.integers(0, 100, rows) / 100,
            "赢率": chance.choice([10, 20, 40, 60, 80], rows),
            "商机来源": chance.choice(["展会", "转介绍", "官网", "电话拜访"], rows),
            "创建时间": created.strftime("%Y-%m-%d"),
            "预计成交日期": expected.strftime("%Y-%m-%d"),
            "实际结束时间": np.where(over, closed.strftime("%Y-%m-%d"), ""),
            "输单原因": np.where(stage == "输单", "价格", ""),
        }
    )


if __name__ == "__main__":
    main()
