"""nbgrader without its log: kept for the reason of a failure, never printed."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Keep(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def quiet() -> Iterator[list[str]]:
    """Give the list that nbgrader's warnings and errors go to, instead of the terminal."""
    said: list[str] = []
    logger = logging.getLogger("traitlets")
    before = logger.handlers[:], logger.level, logger.propagate
    keep = _Keep(said)
    logger.handlers, logger.propagate = [keep], False
    logger.setLevel(logging.WARNING)
    try:
        yield said
    finally:
        logger.handlers, logger.propagate = before[0], before[2]
        logger.setLevel(before[1])
