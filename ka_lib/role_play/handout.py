"""A role play on paper: cards for three people, the customer's script, the observer's sheet."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_lib.language import Language, current, messages
from ka_lib.role_play.scenario import given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MINUTES, PEOPLE = 15, 3
DEBRIEF = ("good", "better", "apply")
LEVELS = ("full", "some", "none")
ROLES = ("rep", "customer", "observer")
_STYLE = """
body { font-family: "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Segoe UI", Arial, sans-serif;
  color: #222; line-height: 1.5; max-width: 190mm; margin: 0 auto; padding: 6mm; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin: 1.2em 0 .4em; }
section + section { break-before: page; }
table { border-collapse: collapse; width: 100%; margin: .4em 0 1em; }
th, td { border: 1px solid #888; padding: 4px 8px; text-align: left; vertical-align: top; }
th { background: #eee; white-space: nowrap; } .card { border: 2px solid #0072B2; padding: 4px 12px; }
.node { break-inside: avoid; margin-bottom: 1em; } .feels { color: #555; }
.tick { width: 12mm; } .tick + th + th { width: 45%; } .line td { height: 16mm; }
@media print { body { font-size: 9.5pt; line-height: 1.35; padding: 0; } }
@page { size: A4; margin: 12mm; }
"""


@dataclass(frozen=True)
class Handout:
    """A printable page: shown by a notebook, or `save` it, open it in a browser and print."""

    title: str
    page: str

    def save(self, path: str | Path) -> Path:
        """Write the page to ``path`` (``.html``) and return where it stands."""
        path = Path(path)
        path.write_text(self.page, encoding="utf-8", newline="\n")
        return path

    def __repr__(self) -> str:
        return self.title

    def _repr_html_(self) -> str:
        page = html.escape(self.page, quote=True)
        name = html.escape(self.title, quote=True)
        return (
            f'<iframe srcdoc="{page}" title="{name}" style="width: 100%; height: 620px"></iframe>'
        )


def handout(scenario: str | Mapping[str, Any], lang: Language | None = None) -> Handout:
    """Return a scenario on paper, for groups of three.

    Parameters
    ----------
    scenario : str or dict
        A name of `ka_lib.role_play.names`, or a scenario as data.
    lang : {"zh", "en"}, optional
        Default: the language in force.

    Returns
    -------
    Handout
        Three parts that start on pages of their own: the rep's card with the three rounds of 15
        minutes, in which everybody takes each role once; the customer's card with the script; the
        observer's sheet with the rubric and the three questions of the debrief.

    Raises
    ------
    ParameterError
        There is no such scenario.

    Examples
    --------
    >>> handout("complaint", "en")
    Scenario 3  Complaint
    """
    data, lang = given(scenario), lang or current()
    write = _Writer(data, lang)
    title = data["title"][lang]
    sections = (write.rep(), write.customer(), write.observer())
    body = "".join(f"<section>{''.join(parts)}</section>" for parts in sections)
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{_STYLE}</style>'
    code = "zh-CN" if lang == "zh" else "en"
    return Handout(
        title, f'<!DOCTYPE html><html lang="{code}"><head>{head}</head><body>{body}</body></html>\n'
    )


class _Writer:
    """Writes the three parts of one scenario in one language."""

    def __init__(self, data: Mapping[str, Any], lang: Language) -> None:
        self.data, self.lang = data, lang
        self.number = {name: i for i, name in enumerate(data["nodes"], start=1)}

    def word(self, key: str, **facts: Any) -> str:
        return html.escape(messages.text(f"role_play.{key}", self.lang, **facts))

    def said(self, words: Mapping[str, str]) -> str:
        return html.escape(words[self.lang])

    def rep(self) -> Iterator[str]:
        data = self.data
        yield f"<h1>{self.said(data['title'])}</h1><p>{self.said(data['situation'])}</p>"
        yield f'<h2>{self.word("role_rep")}</h2><p class="card">{self.said(data["rep_card"])}</p>'
        yield f"<h2>{self.word('rounds', minutes=MINUTES)}</h2>"
        heads = [self.word("round"), *(self.word(f"role_{role}") for role in ROLES)]
        people = [self.word(f"person_{i}") for i in range(1, PEOPLE + 1)]
        rows = [[str(i + 1), *(people[i:] + people[:i])] for i in range(PEOPLE)]
        yield _table(heads, rows) + f"<p>{self.word('how')}</p>"

    def customer(self) -> Iterator[str]:
        data, start = self.data, self.data["start"]
        yield f"<h1>{self.said(data['title'])}: {self.word('role_customer')}</h1>"
        yield f'<p class="card">{self.said(data["customer_card"])}</p>'
        yield f"<p>{self.word('script', trust=start['trust'], margin=start['margin'])} "
        yield f"{self.word('margin_means', means=data['margin_means'][self.lang])}</p>"
        heads = [self.word(name) for name in ("code", "reply_heading", "trust", "margin", "go_to")]
        for name, node in data["nodes"].items():
            part = self.said(data["parts"][node["part"]])
            yield f'<div class="node"><h2>{self.number[name]}. {part}</h2>'
            yield f"<p><b>{self.said(node['says'])}</b><br>"
            yield f'<span class="feels">{self.word("feels")} {self.said(node["feels"])}</span></p>'
            rows = [
                [code.upper(), self.said(one["says"]), _points(one["trust"]), _points(one["margin"]), self._goes(one)]
                for code, one in node["replies"].items()
            ]  # fmt: skip
            yield _table(heads, rows) + "</div>"
        yield f"<h2>{self.word('endings')}</h2>"
        yield _table(
            [self.word("ending"), self.word("what"), self.word("goal")],
            [
                [self.said(one["title"]), self.said(one["says"]), str(one["goal"])]
                for one in data["endings"].values()
            ],
        )

    def _goes(self, reply: Mapping[str, Any]) -> str:
        if "least_trust" not in reply:
            return self._place(reply["to"])
        return self.word(
            "goes",
            to=html.unescape(self._place(reply["to"])),
            least=reply["least_trust"],
            otherwise=html.unescape(self._place(reply["otherwise"])),
        )

    def _place(self, name: str) -> str:
        if name in self.number:
            return str(self.number[name])
        return self.said(self.data["endings"][name]["title"])

    def observer(self) -> Iterator[str]:
        data = self.data
        yield f"<h1>{self.said(data['title'])}: {self.word('role_observer')}</h1>"
        yield f"<p>{self.word('observe')}</p>"
        rows = [["", self.said(one), ""] for one in data["observer"]]
        yield _table([self.word("seen"), self.word("watch"), self.word("heard")], rows, tick=True)
        yield f"<h2>{self.word('rubric')}</h2>"
        heads = [self.word("criterion"), *(self.word(f"level_{one}") for one in LEVELS)]
        rows = [
            [self.said(data["parts"][part]), *(self.said(levels[one]) for one in LEVELS)]
            for part, levels in data["rubric"].items()
        ]
        yield _table(heads, rows) + f"<h2>{self.word('debrief')}</h2>"
        for name in DEBRIEF:
            yield f"<p><b>{self.word(f'ask_{name}')}</b></p>"
            yield '<table class="line"><tr><td></td></tr></table>'


def _points(change: int) -> str:
    return f"{change:+d}" if change else "0"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, tick: bool = False) -> str:
    """Return rows of escaped text as a table; with ``tick`` the first column is a box to tick."""
    wide = ' class="tick"' if tick else ""
    top = "".join(
        f'<th scope="col"{wide if i == 0 else ""}>{one}</th>' for i, one in enumerate(heads)
    )
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
