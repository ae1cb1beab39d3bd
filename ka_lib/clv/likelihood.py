"""The parameters that fit the data best: maximum likelihood, as all models of this package need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ka_lib.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values: TypeAlias = NDArray[np.float64]


def maximise(
    log_likelihood: Callable[[Values], float], start: list[float], count: float
) -> tuple[list[float], float]:
    """Return the positive parameters with the highest log-likelihood, and that likelihood."""
    from scipy.optimize import minimize

    low, high = np.log(start) - 12, np.log(start) + 12
    options = {"xatol": 1e-7, "fatol": 1e-11, "maxiter": 10_000, "maxfev": 20_000}
    best = np.log(start)
    # Nelder and Mead's simplex can collapse on a slope: start again where it stopped until it stays.
    for _ in range(10):
        found = minimize(
            lambda logs: -log_likelihood(np.exp(logs)) / count,
            best,
            method="Nelder-Mead",
            bounds=list(zip(low, high, strict=True)),
            options=options,
        )
        stays = np.abs(found.x - best).max() < 1e-5  # noqa: PLR2004
        best = found.x
        if stays:
            break
    # At a bound, the data push a parameter to zero or without end: there is no best fit.
    at_bound = (np.abs(found.x - low) < 1e-3).any() or (np.abs(found.x - high) < 1e-3).any()  # noqa: PLR2004
    if not found.success or at_bound:
        raise ParameterError("clv.no_fit")
    return [float(value) for value in np.exp(found.x)], float(-found.fun * count)
