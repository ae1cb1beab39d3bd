"""A share with its two counts, missing when there is nothing to divide by."""

from __future__ import annotations

from ka_lib.funnel.figures import Rate


def share(count: float, base: float) -> Rate:
    """Return ``count / base`` with both; missing when the base is not above 0."""
    return Rate(float(count / base) if base > 0 else float("nan"), float(count), float(base))
