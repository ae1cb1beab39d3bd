"""What a rate, a cycle or a cost is shown as: the figure, and the counts it comes from."""

from __future__ import annotations

from dataclasses import dataclass


class Readable:
    """Show figures as a reader wants them: 0.2257 instead of 0.22570532915360503."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_readable(value)}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"


def _readable(value: float) -> str:
    return f"{value:.4f}" if 0 < abs(value) < 1 else f"{value:,.1f}".removesuffix(".0")


@dataclass(frozen=True, repr=False)
class Rate(Readable):
    """A share and the two counts (or sums of yuan) it comes from."""

    rate: float
    count: float
    base: float


@dataclass(frozen=True, repr=False)
class Cycle(Readable):
    """The length of the sales cycle in days: mean, median, and how many deals were measured."""

    mean: float
    median: float
    count: int


@dataclass(frozen=True, repr=False)
class AcquisitionCost(Readable):
    """What a new customer cost, in yuan, with the spend and the number of new customers."""

    per_customer: float
    spend: float
    customers: int
