"""Whose work is it: a learner's id or name in a file's name, its folders or its zip.

Prevents work that counts for somebody else. 王伟明 is not 王伟, and a file that carries two
names is for a person to decide: where the names do not say it clearly, nobody gets it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from ka_course.cohorts.roster import id_from_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ka_course.cohorts.roster import Learner

# What people write around a name in Chinese; whatever else touches it belongs to a longer name.
AROUND = re.compile(
    "作业|练习|答案|学员|同学|老师|提交|最终|终版|修改|订正|补交|迟交|完成|最新|副本|复件|漏斗|策略|客户|"
    "计划|姓名|学号|工号|部门|小组|文件|笔记本|第|章|次|份|版|组|班|的|之|交|新|改|号|一|二|三|四|五|六|七|八|九|十"
)
LATIN_AROUND = re.compile(
    "a|answers?|assignment|assignsubmission|attempt|by|chapter|ch|copy|done|draft|edited|exercises?|file|final"
    "|fixed|for|from|homework|hw|ipynb|jupyter|late|new|notebook|of|onlinetext|resubmission|submission|submit"
    "|task|the|v|version|work"
)
COPY = re.compile(
    r"[(（]\s*(\d{1,3})\s*[)）]|(?:attempt|copy|version|副本|\bv)[\s_\-]*(\d{1,3})(?!\d)",
    re.IGNORECASE,
)
CHAPTER = re.compile(r"(?<![a-z])ch(?:apter)?[\s_\-]*\d{1,2}(?!\d)")
SHORT_ID = 3  # "7" stands in any name
NEAREST = 3


class Match(NamedTuple):
    """Who it may be: one learner, several, or none; ``nearest`` names people to look at."""

    learners: tuple[Learner, ...]
    nearest: tuple[str, ...] = ()


def match(parts: Sequence[str], learners: Sequence[Learner]) -> Match:
    """Find the learner whose id or name stands in a path.

    Parameters
    ----------
    parts : sequence of str
        Folders, zips and the file's own name.
    learners : sequence of Learner
        The roster.

    Returns
    -------
    Match
        ``learners`` holds one when it is clear. An id decides between people of one name; an
        id of one and a name of another are two.
    """
    words = [_folded(part) for part in parts]
    ids = {one for one in learners if any(_has_id(each, one) for each in words)}
    spans = [(one, _spans(each, one.name)) for each in words for one in learners]
    names = {one for one, found in spans if found}
    if len(ids) == 1 and (not names or ids <= names):
        return Match(tuple(ids))
    who = ids | names
    if len(who) == 1:
        return Match(tuple(who))
    found = tuple(one for one in learners if one in who)
    return Match(found, tuple(one.name for one in found) or _nearest(words, learners))


def copy_number(name: str) -> int:
    """Return the number of a copy: 1 for ``ch03(1).ipynb``, 2 for ``attempt2``, else 0."""
    found = [int(one or other) for one, other in COPY.findall(unicodedata.normalize("NFKC", name))]
    return found[-1] if found else 0


def _folded(part: str) -> str:
    folded = unicodedata.normalize("NFKC", part).casefold()
    bare = re.sub(r"\.(ipynb|zip)$", "", folded)
    return CHAPTER.sub("_", COPY.sub("_", bare))


def _has_id(words: str, learner: Learner) -> bool:
    own = unicodedata.normalize("NFKC", learner.id).casefold()
    if own == id_from_name(learner.name):
        return False  # made from the name, which is looked for by itself
    if len(own) < SHORT_ID:
        return words.strip(" _-.") == own
    return re.search(rf"(?<![0-9a-z]){re.escape(own)}(?![0-9a-z])", words) is not None


def _spans(words: str, name: str) -> list[tuple[int, int]]:
    """Return where a name stands in the words as a whole name."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    if re.search(r"[\u3400-\u9fff]", folded):
        return _chinese(words, re.sub(r"\s+", "", folded))
    return _latin(words, folded)


def _chinese(words: str, name: str) -> list[tuple[int, int]]:
    spans = []
    for run in re.finditer(r"[\u3400-\u9fff·]+", words):
        for found in re.finditer(re.escape(name), run[0]):
            before, after = run[0][: found.start()], run[0][found.end() :]
            if not AROUND.sub("", before) and not AROUND.sub("", after):
                spans.append((run.start() + found.start(), run.start() + found.end()))
    if not spans and name in words and not re.fullmatch(r"[\u3400-\u9fff·]+", name):
        spans = [(found.start(), found.end()) for found in re.finditer(re.escape(name), words)]
    return spans


def _latin(words: str, name: str) -> list[tuple[int, int]]:
    wanted = _tokens(name)
    if not wanted:
        return []
    orders = {tuple(wanted), tuple(reversed(wanted))}
    patterns = {r"[\s._\-]*".join(map(re.escape, order)) for order in orders}
    bare = _without_accents(words)
    spans = []
    for pattern in patterns:
        for found in re.finditer(rf"(?<![a-z0-9]){pattern}(?![a-z])", bare):
            before = re.search(r"([a-z]+)[ ]?$", bare[: found.start()])
            after = re.match(r"[ ]?([a-z]+)", bare[found.end() :])
            if all(side is None or LATIN_AROUND.fullmatch(side[1]) for side in (before, after)):
                spans.append(found.span())
    return spans


def _tokens(words: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", _without_accents(words))


def _without_accents(words: str) -> str:
    parts = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _nearest(words: Sequence[str], learners: Sequence[Learner]) -> tuple[str, ...]:
    """Return the names most like what stands in the path, the best first."""
    scored = []
    for one in learners:
        for known in (one.name.casefold(), one.id.casefold()):
            for each in words:
                for piece in [each, *re.split(r"[\s_\-.()]+", each)]:
                    likeness = difflib.SequenceMatcher(None, known, piece).ratio()
                    scored.append((likeness, one.name))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    names = dict.fromkeys(name for likeness, name in scored if likeness >= 0.5)  # noqa: PLR2004
    return tuple(names)[:NEAREST]
