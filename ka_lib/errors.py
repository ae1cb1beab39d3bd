"""Errors that speak the reader's language: what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Any


class KaError(Exception):
    """An error whose message comes from the catalogue, in the language in force when it is shown.

    Parameters
    ----------
    key : str
        ``topic.key`` in ``ka_lib/messages``.
    **facts
        What the message names: a file, a row, a column, the remedy.
    """

    def __init__(self, key: str, /, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        """Return the message in the reader's language."""
        from ka_lib.language import text

        return text(self.key, **self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep key and facts when the error crosses a process border."""
        return _rebuild, (type(self), self.key, self.facts)

    def _render_traceback_(self) -> list[str]:
        """Show a notebook reader the message, not the inside of the library."""
        return [str(self)]


def _rebuild(kind: type[KaError], key: str, facts: dict[str, Any]) -> KaError:
    return kind(key, **facts)


class TableError(KaError):
    """A table does not have the shape that ka_lib works with."""


class ExportError(KaError):
    """A CRM export cannot be read as it stands."""


class ParameterError(KaError):
    """A function was given a value it cannot work with."""
