"""nbgrader without its log: kept for the reason of a failure, never printed."""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGGERS = ("traitlets", "tornado.application")  # its pipeline's, and its gradebook's


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
    with ExitStack() as undo:
        for name in LOGGERS:
            logger = logging.getLogger(name)
            undo.callback(_restore, logger, logger.handlers, logger.level, logger.propagate)
            logger.handlers, logger.propagate = [_Keep(said)], False
            logger.setLevel(logging.WARNING)
        yield said


def _restore(
    logger: logging.Logger, handlers: list[logging.Handler], level: int, propagate: bool
) -> None:
    logger.handlers, logger.propagate = handlers, propagate
    logger.setLevel(level)
