"""Everything that a build makes, as bytes by path: ``ka build`` writes it, ``--check`` compares.

Prevents a check that looks at names while contents drift: one plan serves both.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_course.build_edition import FIGURE, edition
from ka_course.build_source import Source, read
from ka_course.speech import CourseError
from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from nbformat import NotebookNode

    from ka_course.figures import Figure
    from ka_lib.company import Company
    from ka_lib.language import Language

BUILT = ("course/zh/*", "course/en/*", "exercises/*/*/*.ipynb", "reports/*/*.ipynb")
ROLE_PLAYED = "ch09"  # the chapter of course/scenarios


@dataclass(frozen=True)
class Chapter:
    """What one chapter is made from; either source may still be missing."""

    name: str
    lecture: Source | None
    assignment: Source | None

    @property
    def sources(self) -> list[Source]:
        """Return the sources there are."""
        return [source for source in (self.lecture, self.assignment) if source is not None]


def chapters(root: Path, names: Sequence[str] = ()) -> list[Chapter]:
    """Return the chapters that have a source, in order, or only those named.

    Raises
    ------
    CourseError
        A name is not a chapter.
    """
    lectures = {path.stem: path for path in (root / "course").glob("ch[0-9][0-9].md")}
    tasks = {path.stem: path for path in (root / "solutions").glob("ch[0-9][0-9]/ch[0-9][0-9].md")}
    known = sorted({*lectures, *tasks})
    for name in names:
        if name not in known:
            raise CourseError("build.unknown_chapter", given=name, known=", ".join(known) or "-")
    return [
        Chapter(
            name,
            read(lectures[name], root) if name in lectures else None,
            read(tasks[name], root) if name in tasks else None,
        )
        for name in known
        if not names or name in names
    ]


def pages(root: Path) -> list[Source]:
    """Return the sources that belong to no chapter: report templates and My data."""
    found = sorted((root / "reports").glob("*.md"))
    my_data = root / "course" / "my-data.md"
    return [read(path, root) for path in [*found, my_data] if path.is_file()]


def plan(root: Path, names: Sequence[str] = ()) -> dict[str, bytes]:
    """Work out every built file.

    Parameters
    ----------
    root : Path
        The root of the repository.
    names : sequence of str
        Chapters to build; none named means all of them, and what belongs to no chapter.

    Returns
    -------
    dict of str to bytes
        By path from the root, with forward slashes.
    """
    made: dict[str, bytes] = {}
    for chapter in chapters(root, names):
        made |= _chapter(root, chapter)
    if not names:
        practice = practice_folder()
        for path in sorted(practice.rglob("*.csv")):
            name = path.relative_to(practice).as_posix()
            made[f"ka_lib/practice/{name}"] = path.read_bytes()
        for page in pages(root):
            folder_name, stem = page.name.split("/")[0], Path(page.name).stem
            for lang in language.LANGUAGES:
                made[f"{folder_name}/{lang}/{stem}.ipynb"] = _bytes(edition(page, lang))
        made |= _around(root)
        made["constraints.txt"] = constraints(root / "pyproject.toml").encode()
    return dict(sorted(made.items()))


def leftovers(root: Path, made: Mapping[str, bytes]) -> list[str]:
    """Return built files that no source makes any more."""
    there = {
        path.relative_to(root).as_posix()
        for pattern in BUILT
        for path in root.glob(pattern)
        if path.is_file()
    }
    return sorted(there - set(made))


def _around(root: Path) -> dict[str, bytes]:
    """Return the table of contents and the glossary of both editions."""
    from ka_course.build_pages import entries, glossary_page, index, read_yaml

    made = {}
    found = entries(root, chapters(root))
    terms = read_yaml(root / "course" / "glossary.yaml")
    my_data = (root / "course" / "my-data.md").is_file()
    for lang in language.LANGUAGES:
        contents = index(found, lang, glossary=bool(terms), my_data=my_data)
        made[f"course/{lang}/index.md"] = contents.encode()
        if terms:
            made[f"course/{lang}/glossary.md"] = glossary_page(terms, found, lang).encode()
    return made


def constraints(pyproject: Path) -> str:
    """Return the tested versions for pip, from the one list that uv obeys."""
    import tomllib

    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    pinned: list[str] = settings["tool"]["uv"]["constraint-dependencies"]
    head = "# Made by `ka build` from [tool.uv] constraint-dependencies in pyproject.toml.\n"
    return head + "\n".join(pinned) + "\n"


def figures(root: Path, name: str, lang: Language) -> dict[str, Figure]:
    """Return what ``{{name}}`` stands for in one chapter; empty without ``facts``.

    Raises
    ------
    CourseError
        The chapter's facts failed.
    """
    path = root / "course" / "facts" / f"{name}.py"
    if not path.is_file():
        return {}
    with _speaking(lang):
        try:
            found: dict[str, Figure] = _module(path).facts(_company())
        except Exception as failure:
            where = path.relative_to(root).as_posix()
            why = f"{type(failure).__name__}: {failure}"
            raise CourseError("build.facts_failed", path=where, why=why) from failure
    return found


def _chapter(root: Path, chapter: Chapter) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    name = chapter.name
    known = {lang: figures(root, name, lang) for lang in language.LANGUAGES}
    for lang in language.LANGUAGES:
        if chapter.lecture:
            made[f"course/{lang}/{name}.ipynb"] = _bytes(
                edition(chapter.lecture, lang, known[lang])
            )
        if chapter.assignment:
            from ka_course.build_release import release

            released = release(edition(chapter.assignment, lang, known[lang]), name, lang)
            made[f"exercises/{lang}/{name}/{name}.ipynb"] = _bytes(released)
    tasks = root / "solutions" / name / "tasks.py"
    if tasks.is_file():
        from ka_course.task_checks import compile_checks

        checks = compile_checks(_module(tasks).assignment, _company())
        made[f"ka_lib/chapters/{name}.checks.json"] = _json(checks)
    quiz = root / "course" / "quizzes" / f"{name}.yaml"
    if quiz.is_file():
        import yaml

        questions = yaml.safe_load(quiz.read_text(encoding="utf-8"))
        made[f"ka_lib/chapters/{name}.quiz.json"] = _json(_filled(questions, known))
    if name == ROLE_PLAYED:
        import yaml

        for path in sorted((root / "course" / "scenarios").glob("*.yaml")):
            scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
            made[f"ka_lib/chapters/{path.stem}.scenario.json"] = _json(_filled(scenario, known))
    return made


def _filled(entry: Any, known: Mapping[Language, Mapping[str, Figure]]) -> Any:
    """Return a quiz or scenario with ``{{name}}`` filled in below every ``zh`` and ``en``."""
    from ka_course.build_edition import fill

    def words(value: Any, lang: Language | None) -> Any:
        if isinstance(value, dict):
            return {
                key: words(below, key if key in language.LANGUAGES else lang)
                for key, below in value.items()
            }
        if isinstance(value, list):
            return [words(below, lang) for below in value]
        if isinstance(value, str) and lang and FIGURE.search(value):
            return fill(value, known[lang], lang)
        return value

    return words(entry, None)


@cache
def practice_folder() -> Path:
    """Return a folder with the practice company's tables and its raw export, written once a run."""
    from ka_course import practice, raw_export

    folder = Path(tempfile.mkdtemp(prefix="ka-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    practice.write(folder)
    raw_export.write(folder / "raw", practice.generate(), practice.PRACTICE_SEED)
    return folder


def _company() -> Company:
    """Return the practice company, with tables of one's own."""
    from ka_lib.company import load

    return load(practice_folder())


@contextmanager
def _speaking(lang: Language) -> Iterator[None]:
    before = language.current()
    language.use(lang)
    try:
        yield
    finally:
        language.use(before)


def _module(path: Path) -> ModuleType:
    """Import a file that belongs to no package."""
    spec = importlib.util.spec_from_file_location(f"_ka_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _bytes(notebook: NotebookNode) -> bytes:
    import nbformat

    return (nbformat.writes(notebook, indent=1).rstrip("\n") + "\n").encode()


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
