"""The reader's language: one switch, and every message in both languages side by side.

Prevents two failures: a message that exists in one language only, and a library that
answers a Chinese reader in English half of the time.
"""

from __future__ import annotations

import locale
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from ka_lib.errors import KaError

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_current: Language = "zh"
_currency = "CNY"


class Catalogue:
    """The messages of one package: a folder of YAML files, ``file.key`` -> zh and en.

    Parameters
    ----------
    folder : Path
        Holds ``topic.yaml`` files; each maps a key to ``{zh: ..., en: ...}``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._topics: dict[str, dict[str, dict[str, str]]] = {}

    def topic(self, name: str) -> dict[str, dict[str, str]]:
        """Return one file's messages, read on first use: key -> language -> text."""
        if name not in self._topics:
            import yaml

            raw = (self.folder / f"{name}.yaml").read_text(encoding="utf-8")
            self._topics[name] = yaml.safe_load(raw)
        return self._topics[name]

    def text(self, key: str, /, lang: Language | None = None, **facts: Any) -> str:
        """Return the message ``topic.key`` in the reader's language, its facts filled in."""
        topic, _, entry = key.partition(".")
        return self.topic(topic)[entry][lang or _current].format(**facts)


messages = Catalogue(Path(__file__).parent / "messages")
text = messages.text


def current() -> Language:
    """Return the language in force: ``"zh"`` or ``"en"``."""
    return _current


def currency() -> str:
    """Return the code of the currency that amounts are shown in, ``"CNY"`` unless told."""
    return _currency


def use(lang: str, currency: str = "CNY") -> None:
    """Speak ``lang`` from here on: messages, chart labels, units, explanations of errors.

    Parameters
    ----------
    lang : {"zh", "en"}
        The reader's language.
    currency : str
        Code of the currency that the reader's amounts are in, such as ``"USD"``. It names the
        unit on tables and charts; nothing is converted.

    Raises
    ------
    KaError
        The course has no edition in that language.
    """
    global _current, _currency  # noqa: PLW0603 - one reader, one language
    if lang not in LANGUAGES:
        raise KaError("language.unknown", given=lang)
    _current = lang
    _currency = currency.upper()
    _settle_into_notebook()


@cache
def from_locale() -> Language:
    """Return ``"zh"`` on a system set to Chinese, else ``"en"``."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def _settle_into_notebook() -> None:
    """In IPython only: a sentence above every traceback, and a Chinese font in every plot."""
    import sys

    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        import_module("ka_lib.explain").install()
        import_module("ka_lib.fonts").follow()
