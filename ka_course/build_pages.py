"""The pages around the chapters: table of contents and glossary, one of each an edition.

Prevents a table of contents whose numbers of tasks are those of last month: they are counted from
the sources. The two times stand in each lecture's header: what its author allows for reading, and
what running it took (``benchmarks/lectures.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_course.speech import text
from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ka_course.build_plan import Chapter
    from ka_lib.language import Language

HOUR = 60  # minutes
OPENING = "ch00"  # for someone who has never coded


@dataclass(frozen=True)
class Entry:
    """What a table of contents says about one chapter.

    Parameters
    ----------
    name : str
        ``"ch03"``.
    titles : mapping of language to str
    minutes : int
        Reading time that the author gives; 0 where there is none.
    seconds : int
        What running the lecture from top to bottom took, rounded up; 0 where nobody measured.
    core, analyst, written, questions : int
        Tasks everybody does, tasks for more, tasks that a person marks, quiz questions.
    has_lecture : bool
    """

    name: str
    titles: Mapping[Language, str]
    minutes: int
    seconds: int
    core: int
    analyst: int
    written: int
    questions: int
    has_lecture: bool = True

    @property
    def tasks(self) -> int:
        """Return the number of tasks of every kind."""
        return self.core + self.analyst + self.written


def entries(root: Path, chapters: Sequence[Chapter]) -> list[Entry]:
    """Count what each chapter holds."""
    return [_entry(root, chapter) for chapter in chapters]


def _entry(root: Path, chapter: Chapter) -> Entry:
    from ka_course.tasks import load_assignment

    source = chapter.assignment
    written = [pair for pair in source.pairs() if pair.zh.option("points")] if source else []
    automatic = [cell for cell in source.code() if cell.option("solution")] if source else []
    definition = root / "solutions" / chapter.name / "tasks.py"
    analyst = 0
    if definition.is_file():
        found = load_assignment(definition).tasks.values()
        analyst = sum(task.level == "analyst" for task in found)
    settings = chapter.lecture.settings if chapter.lecture else {}
    return Entry(
        name=chapter.name,
        titles={lang: chapter.sources[0].title(lang) for lang in language.LANGUAGES},
        minutes=int(str(settings.get("minutes", 0))),
        seconds=int(str(settings.get("seconds", 0))),
        core=len(automatic) - analyst,
        analyst=analyst,
        written=len(written),
        questions=len(read_yaml(root / "course" / "quizzes" / f"{chapter.name}.yaml") or []),
        has_lecture=chapter.lecture is not None,
    )


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds, None where there is no such file."""
    if not path.is_file():
        return None
    import yaml

    return yaml.safe_load(path.read_text(encoding="utf-8"))


def index(found: Sequence[Entry], lang: Language, *, glossary: bool, my_data: bool) -> str:
    """Return the table of contents of one edition, with links from ``course/<lang>/``."""
    lines = [f"# {text('build.index_title', lang=lang)}", ""]
    lines += [text("build.index_intro", lang=lang), ""]
    if found and found[0].name == OPENING:
        lines += [text("build.index_first", lang=lang), ""]
    lines += [text("build.index_header", lang=lang), "| --- | --- | --- | --- | --- |"]
    lines += [_index_row(entry, lang) for entry in found]
    minutes = sum(entry.minutes for entry in found)
    hours = f"{minutes / HOUR:.0f}" if minutes >= HOUR else f"{minutes / HOUR:.1f}"
    tasks, questions = (
        sum(getattr(entry, name) for entry in found) for name in ("tasks", "questions")
    )
    facts = {"hours": hours, "tasks": tasks, "questions": questions}
    lines += ["", text("build.index_total", lang, **facts)]
    lines += ["", text("build.index_legend", lang=lang)]
    if glossary:
        lines += ["", f"[{text('build.glossary_title', lang=lang)}](glossary.md)"]
    if my_data:
        lines += ["", f"[{text('build.index_my_data', lang=lang)}](my-data.ipynb)"]
    return "\n".join(lines) + "\n"


def _index_row(entry: Entry, lang: Language) -> str:
    title = entry.titles[lang]
    lecture = f"[{title}]({entry.name}.ipynb)" if entry.has_lecture else title
    minutes = text("build.index_minutes", lang=lang, minutes=entry.minutes) if entry.minutes else ""
    seconds = text("build.index_seconds", lang=lang, seconds=entry.seconds) if entry.seconds else ""
    parts = [
        text(f"build.index_{kind}", lang=lang, number=number)
        for kind in ("core", "analyst", "written")
        if (number := getattr(entry, kind))
    ]
    tasks = text("build.index_between", lang=lang).join(parts)
    if tasks:
        tasks = f"[{tasks}](../../exercises/{lang}/{entry.name}/{entry.name}.ipynb)"
    return f"| {lecture} | {minutes} | {seconds} | {entry.questions or ''} | {tasks} |"


def glossary_page(
    terms: Mapping[str, Mapping[str, Any]], found: Sequence[Entry], lang: Language
) -> str:
    """Return the glossary of one edition: a table a chapter, in the chapters' order.

    Parameters
    ----------
    terms : mapping
        From ``course/glossary.yaml``: ``zh``, ``en``, ``chapter``, ``definition`` and, where there
        is one, ``formula`` (one text, or one a language).
    found : sequence of Entry
        The chapters there are; each heading links to its lecture.
    lang : {"zh", "en"}
    """
    lines = [f"# {text('build.glossary_title', lang=lang)}", ""]
    lines += [text("build.glossary_intro", lang=lang, number=len(terms)), ""]
    known = {int(entry.name.removeprefix("ch")): entry for entry in found}
    for number in sorted({int(term["chapter"]) for term in terms.values()}):
        entry = known.get(number)
        title = entry.titles[lang] if entry else f"ch{number:02}"
        linked = f"[{title}]({entry.name}.ipynb)" if entry and entry.has_lecture else title
        lines += [
            f"## {linked}",
            "",
            text("build.glossary_header", lang=lang),
            "| --- | --- | --- |",
        ]
        of_chapter = [term for term in terms.values() if int(term["chapter"]) == number]
        lines += [_term_row(term, lang) for term in of_chapter]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _term_row(term: Mapping[str, Any], lang: Language) -> str:
    other = "en" if lang == "zh" else "zh"
    meaning = _cell(term["definition"][lang])
    formula = term.get("formula")
    if isinstance(formula, dict):
        formula = formula[lang]
    if formula:
        meaning += f" `{_cell(formula)}`"
    return f"| **{_cell(term[lang])}** | {_cell(term[other])} | {meaning} |"


def _cell(words: object) -> str:
    """Return words that stay in one cell of a table."""
    return " ".join(str(words).split()).replace("|", "\\|")
