"""How long one move of a slider takes, beside the plain drawing of the funnel chart.

Run: uv run python benchmarks/widgets.py
Prints the median of each board's redraw as a multiple of one funnel chart drawn in the same run.
"""

import statistics
import time
from collections.abc import Callable

import ka_lib as ka

ROUNDS = 5


def median(action: Callable[[float], object], values: tuple[float, ...]) -> float:
    """Return the median seconds of an action."""
    times = []
    for turn in range(ROUNDS):
        started = time.perf_counter()
        action(values[turn % len(values)])
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def mover(board: object, control: str) -> Callable[[float], None]:
    """Return what moves one control of a board."""

    def move(value: float) -> None:
        board.controls[control].value = value

    return move


def main() -> None:
    """Print every board's ratio."""
    ka.use("en")
    company = ka.load()
    deals = ka.funnel.deals(company, "2025-01-01", "2025-12-01")
    steps = ka.funnel.reached(deals)
    orders = company.orders[company.orders["ordered_on"] > "2024-11-30"]
    boards = {
        "funnel simulator": (ka.widgets.funnel_simulator(deals), "proposal", (0.3, 0.6)),
        "Pareto slider": (
            ka.widgets.pareto_slider(orders, company.accounts),
            "fraction",
            (0.2, 0.4),
        ),
        "life-cycle board": (
            ka.widgets.life_cycle_board(company, rep_id="R1"),
            "grows_from",
            (0.2, 0.4),
        ),
    }
    plain = median(lambda _: ka.charts.funnel(steps).png(), (0.0,))
    print(f"one funnel chart: {plain:.3f} s")
    for name, (board, control, values) in boards.items():
        print(f"{name}: {median(mover(board, control), values) / plain:.2f} times that")


if __name__ == "__main__":
    main()
