"""How much longer is ``import ka_lib`` than ``import pandas``? Pairs in turn, the median ratio.

Run: uv run python benchmarks/import_time.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

PAIRS = 15


def seconds(module: str) -> float:
    """Time one import in a fresh process, the interpreter's own start included."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603
    return time.perf_counter() - start


def main() -> None:
    """Print the ratio's median, least and most."""
    seconds("pandas"), seconds("ka_lib, pandas")  # warm the file cache
    ratios = []
    for _ in range(PAIRS):
        pandas = seconds("pandas")
        ratios.append(seconds("ka_lib, pandas") / pandas)
    print(
        f"import ka_lib and pandas / import pandas over {PAIRS} pairs: median "
        f"{statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}"
    )


if __name__ == "__main__":
    main()
