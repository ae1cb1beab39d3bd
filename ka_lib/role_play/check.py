"""What is wrong with a role play, for its author: found by a test before a learner finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib.language import LANGUAGES, text
from ka_lib.role_play.ways import joint, paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST_NODES, LEAST_ENDINGS, LEAST_OBSERVED = 12, 4, 4
REPLIES = range(3, 5)
TEXTS = ("title", "situation", "rep_card", "customer_card", "margin_means")
LEVELS = ("full", "some", "none")


def problems(scenario: Mapping[str, Any]) -> list[str]:
    """Return what an author must mend in a scenario; an empty list when it is sound.

    Parameters
    ----------
    scenario : dict
        As `ka_lib.role_play.load` returns it.

    Returns
    -------
    list of str
        Missing languages, too few decision points, replies or endings, replies that lead nowhere,
        nodes or endings that no path reaches, paths that never end, and best replies given away
        by being the longest or the first.
    """
    found = [*_sizes(scenario), *_leads(scenario)]
    found += [
        text("role_play.problem_language", part=part, missing=lang)
        for part, words in _texts(scenario)
        for lang in LANGUAGES
        if not str((words or {}).get(lang) or "").strip()
    ]
    found = found or _loops(scenario)
    return found or [*_unreached(scenario), *_given_away(scenario)]


def _sizes(scenario: Mapping[str, Any]) -> Iterator[str]:
    for part, least in (
        ("nodes", LEAST_NODES),
        ("endings", LEAST_ENDINGS),
        ("observer", LEAST_OBSERVED),
    ):
        if len(scenario[part]) < least:
            yield text("role_play.problem_few", part=part, count=len(scenario[part]), least=least)
    for name, node in scenario["nodes"].items():
        if len(node["replies"]) not in REPLIES:
            yield text("role_play.problem_replies", node=name, count=len(node["replies"]))
        if node["part"] not in scenario["parts"]:
            yield text("role_play.problem_part", node=name, part=node["part"])


def _leads(scenario: Mapping[str, Any]) -> Iterator[str]:
    places = {*scenario["nodes"], *scenario["endings"]}
    for name, node in scenario["nodes"].items():
        for code, reply in node["replies"].items():
            targets = [reply["to"], *([reply.get("otherwise")] if "least_trust" in reply else [])]
            for target in targets:
                if target not in places:
                    yield text("role_play.problem_to", node=name, reply=code, to=target)


def _texts(scenario: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    """Return every text that a reader sees, with its place."""
    yield from ((name, scenario.get(name)) for name in TEXTS)
    yield from ((f"parts.{name}", words) for name, words in scenario["parts"].items())
    yield from ((f"observer[{i}]", words) for i, words in enumerate(scenario["observer"], 1))
    for part in scenario["parts"]:
        levels = scenario["rubric"].get(part) or {}
        yield from ((f"rubric.{part}.{level}", levels.get(level)) for level in LEVELS)
    for name, node in scenario["nodes"].items():
        yield from ((f"{name}.{kind}", node.get(kind)) for kind in ("says", "feels"))
        for code, reply in node["replies"].items():
            yield from ((f"{name}.{code}.{kind}", reply.get(kind)) for kind in ("says", "note"))
    for name, ending in scenario["endings"].items():
        yield from ((f"{name}.{kind}", ending.get(kind)) for kind in ("title", "says"))


def _loops(scenario: Mapping[str, Any]) -> list[str]:
    """Say which node can be met twice on one path: such a path need not end."""
    safe: set[str] = set(scenario["endings"])

    def walk(name: str, before: tuple[str, ...]) -> str:
        if name in before:
            return name
        if name in safe:
            return ""
        for reply in scenario["nodes"][name]["replies"].values():
            for target in (reply["to"], reply.get("otherwise", reply["to"])):
                if twice := walk(target, (*before, name)):
                    return twice
        safe.add(name)
        return ""

    twice = walk(scenario["start"]["node"], ())
    return [text("role_play.problem_loop", node=twice)] if twice else []


def _unreached(scenario: Mapping[str, Any]) -> Iterator[str]:
    from ka_lib.role_play.talk import play

    table = paths(scenario)
    met = {step.node for path in table["path"] for step in play(scenario, path).steps}
    for name in scenario["nodes"]:
        if name not in met:
            yield text("role_play.problem_unreached", node=name)
    for name in scenario["endings"]:
        if name not in set(table["ending"]):
            yield text("role_play.problem_unreached", node=name)


def best_replies(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Return at each node the reply after which the best joint result can still be reached.

    The best over all paths that come by; of equal ones the first code.
    """
    from ka_lib.role_play.talk import play

    table = paths(scenario)
    result = joint(table["goal"], table["trust"], table["margin_kept"], table["agreed"])
    best: dict[tuple[str, str], float] = {}
    for path, value in zip(table["path"], result, strict=True):
        for step in play(scenario, path).steps:
            place = (step.node, step.reply)
            best[place] = max(best.get(place, 0.0), float(value))
    return {
        node: max(sorted(content["replies"]), key=lambda code: best.get((node, code), 0.0))
        for node, content in scenario["nodes"].items()
    }


def _given_away(scenario: Mapping[str, Any]) -> Iterator[str]:
    """Say where the form of the replies gives the best one away."""
    best = best_replies(scenario)
    every = len(best)
    for lang in LANGUAGES:
        longest = [
            max(replies, key=lambda code: len(replies[code]["says"][lang]))
            for replies in (scenario["nodes"][node]["replies"] for node in best)
        ]
        count = sum(one == two for one, two in zip(longest, best.values(), strict=True))
        if count > every / 2:
            yield text("role_play.problem_longest", edition=lang, count=count, all=every)
    first = sum(
        next(iter(scenario["nodes"][node]["replies"])) == code for node, code in best.items()
    )
    if first > every / 2:
        yield text("role_play.problem_first", count=first, all=every)
