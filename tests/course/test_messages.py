"""Does every message stand in both languages, naming the same facts?"""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MESSAGES = [
    pytest.param(entry, id=f"{path.parent.parent.name}/{path.stem}.{key}")
    for path in sorted(ROOT.glob("ka_*/messages/*.yaml"))
    for key, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
]


def facts(words):
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("entry", MESSAGES)
def test_a_message_says_the_same_in_both_languages(entry):
    assert set(entry) == {"zh", "en"}
    named = {lang: facts(words) for lang, words in entry.items()}
    assert named["zh"] == named["en"]
    assert "lang" not in named["zh"], "the catalogue takes this name for itself"
