"""What the ``ka`` command says: the catalogue of ``ka_course``, and errors that speak from it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from ka_lib.errors import KaError
from ka_lib.language import Catalogue

messages = Catalogue(Path(__file__).parent / "messages")
text = messages.text


class CourseError(KaError):
    """Something the reader can put right: one line in the reader's language, exit code 2."""

    def __str__(self) -> str:
        """Return the message in the reader's language."""
        return text(self.key, **self.facts)


def width(words: str) -> int:
    """Return how many columns a terminal needs: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in words
    )


def pad(words: str, columns: int) -> str:
    """Return the words filled with spaces up to that many terminal columns."""
    return words + " " * max(0, columns - width(words))
