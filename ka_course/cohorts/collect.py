"""``ka cohort collect``: from a folder or zip as it was sent to one submission a learner.

Prevents the three ways to lose work: a file that matches nobody and is forgotten, an old copy
that overwrites a new one, and a run broken off half-way. What is not used is kept aside and
listed; running again with the same files changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from ka_course.cohorts.files import replace_file, workshop, writing
from ka_course.cohorts.gradebook import enrol, gradebook
from ka_course.cohorts.handed_in import gather
from ka_course.cohorts.ledger import Entry, Ledger, read_ledger, write_ledger
from ka_course.cohorts.matching import copy_number, match
from ka_course.cohorts.release import require_release
from ka_course.speech import CourseError, pad, text, width
from ka_lib import language

if TYPE_CHECKING:
    from pathlib import Path

    from ka_course.cohort import Cohort
    from ka_course.cohorts.handed_in import HandedIn, Refused, Stage

STEPS = ("source", "release", "submitted", "autograded", "feedback", "collected", "secret")
DUE_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M")
DUE_DAYS = ("%Y-%m-%d", "%Y/%m/%d")
AS_TEXT = "%Y-%m-%d %H:%M:%S UTC"  # what nbgrader's timestamp.txt holds; sorts as text
NOBODYS = ("unmatched", "ambiguous")
NOT_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class Collected(NamedTuple):
    """What came of one run: the ledger after it, and the files of this run."""

    ledger: Ledger
    seen: list[Entry]
    table: Path


def collect(cohort: Cohort, chapter: str, source: Path, due: str | None = None) -> Collected:
    """Take in work and match it to learners.

    Parameters
    ----------
    cohort : Cohort
    chapter : str
        ``"ch03"``, released before.
    source : Path
        A folder, a zip or one notebook.
    due : str, optional
        Deadline in this computer's time zone; the one given before, if left out.

    Raises
    ------
    CourseError
        The chapter was not released, the deadline or ``source`` cannot be read, nothing is in
        it, or the cohort's folder cannot be written to.
    """
    ids = [one["release"] for one in require_release(cohort, chapter)]
    source = source.expanduser().absolute()
    own = [cohort.root / step for step in STEPS]
    if any(source.resolve().is_relative_to(path) for path in own):
        raise CourseError("collect.own_folder", path=source)
    ledger = read_ledger(cohort, chapter)
    deadline = read_due(due) if due else None
    with gradebook(cohort) as opened:
        enrol(opened, cohort)
        if deadline:
            naive = deadline.astimezone(dt.UTC).replace(tzinfo=None)
            opened.update_or_create_assignment(chapter, duedate=naive)
            ledger.due = deadline.astimezone(dt.UTC).strftime(AS_TEXT)
    with writing(cohort.root), workshop(cohort.root) as folder:
        stage = gather(source, folder, own)
        if not stage.found and not stage.refused:
            raise CourseError("collect.nothing", path=source)
        look = _Desk(cohort, chapter, ids, ledger)
        seen = [look.refuse(one) for one in stage.refused]
        seen += look.take(stage)
        for entry in ledger.entries:
            _mark_late(entry, ledger.due)
        table = write_ledger(cohort, chapter, ledger)
    return Collected(ledger, seen, table)


def read_due(given: str) -> dt.datetime:
    """Return a deadline as people write it; a day alone means its end."""
    words = " ".join(unicodedata.normalize("NFKC", given).split())
    for form in (*DUE_FORMS, *DUE_DAYS):
        try:
            found = dt.datetime.strptime(words, form)  # noqa: DTZ007 - local time, made aware below
        except ValueError:
            continue
        if form in DUE_DAYS:
            found = found.replace(hour=23, minute=59, second=59)
        return found.astimezone()
    raise CourseError("collect.bad_due", given=given)


class _Desk:
    """Sorts the files of one run."""

    def __init__(self, cohort: Cohort, chapter: str, ids: list[str], ledger: Ledger) -> None:
        self.cohort, self.chapter, self.ids, self.ledger = cohort, chapter, ids, ledger
        source = cohort.root / "source" / chapter / f"{chapter}.ipynb"
        self.grade_ids = _grade_ids(json.loads(source.read_text(encoding="utf-8")))

    def refuse(self, one: Refused) -> Entry:
        """Note a file that was not taken in."""
        entry = self.ledger.find(one.shown, "") or Entry(one.shown, "", "refused")
        entry.notes = [[f"why_{one.reason}", {}]]
        return self._add(entry)

    def take(self, stage: Stage) -> list[Entry]:
        """Sort the notebooks; then give each learner the newest copy."""
        before = list(self.ledger.entries)
        pools: dict[str, list[tuple[Entry, HandedIn]]] = {}
        seen = []
        for one in stage.found:
            known = self.ledger.find(one.shown, one.digest)
            if known and known.outcome in NOBODYS:  # the roster may know more by now
                self.ledger.entries.remove(known)
                known = None
            entry = known or self._new(one)
            seen.append(self._add(entry))
            if known is None or not self._stands(entry):
                if entry.outcome in {"", "collected"}:
                    pools.setdefault(entry.learner, []).append((entry, one))
                else:
                    self._aside(entry, one.content.read_bytes())
        for learner, pool in pools.items():
            self._choose(learner, pool)
        self._forget_renamed(seen, before)
        return seen

    def _forget_renamed(self, seen: list[Entry], before: list[Entry]) -> None:
        """Drop what matched nobody, is gone from there, and has come again under a better name."""
        new = {entry.digest for entry in seen if entry.learner and entry not in before}
        here = {entry.file for entry in seen}
        for entry in [one for one in before if one.outcome in NOBODYS]:
            if entry.digest in new and entry.file not in here:
                self.ledger.entries.remove(entry)

    def _add(self, entry: Entry) -> Entry:
        if entry not in self.ledger.entries:
            self.ledger.entries.append(entry)
        return entry

    def _stands(self, entry: Entry) -> bool:
        """Return whether the file is where the ledger says."""
        place = entry.kept
        return not place or (self.cohort.root / place).is_file()

    def _new(self, one: HandedIn) -> Entry:
        when = one.modified.astimezone(dt.UTC).strftime(AS_TEXT)
        number = copy_number(one.parts[-1])
        entry = Entry(one.shown, one.digest, "", modified=when, number=number)
        found = match(one.parts, self.cohort.learners)
        self._look_inside(entry, one)
        if len(found.learners) == 1:
            entry.learner = found.learners[0].id
            return entry
        between = "、" if self.cohort.lang == "zh" else ", "
        entry.outcome = "ambiguous" if found.learners else "unmatched"
        if found.nearest:
            entry.note("nearest", names=between.join(found.nearest))
        else:
            entry.note("nearest_none")
        return entry

    def _look_inside(self, entry: Entry, one: HandedIn) -> None:
        """See whether the notebook can be read, and which release it was made from."""
        try:
            notebook = json.loads(one.content.read_bytes().decode("utf-8-sig"))
            about = notebook["metadata"].get("ka", {})
            found = _grade_ids(notebook)
            assignment, release = about.get("assignment"), about.get("release")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            entry.readable = False
            entry.note("unreadable")
            return
        if assignment not in (None, self.chapter):
            entry.outcome = "other_chapter"
            entry.note("is_chapter", chapter=str(assignment)[:40])
        elif not found & self.grade_ids:
            entry.outcome = "not_this"
        elif release not in self.ids:
            entry.note("no_release")
        elif release != self.ids[-1]:
            entry.note("older_release", release=release)

    def _choose(self, learner: str, pool: list[tuple[Entry, HandedIn]]) -> None:
        """Make the newest copy the submission; keep the others aside."""
        place = self.cohort.root / "submitted" / learner / self.chapter / f"{self.chapter}.ipynb"
        before = self.ledger.current(learner)
        if before is not None and before in [entry for entry, _ in pool]:
            before = None
        best, newest = max(pool, key=lambda pair: pair[0].order)
        if before is not None and place.is_file() and before.order >= best.order:
            best = before
        for entry, one in pool:
            if entry is not best:
                same = entry.digest == best.digest
                entry.outcome = "identical" if same else "older"
                if not same:
                    self._aside(entry, one.content.read_bytes())
        if best is before:
            return
        if before is not None:
            before.outcome = "identical" if before.digest == best.digest else "replaced"
            before.drop("late")
            if before.outcome == "replaced" and place.is_file():
                self._aside(before, place.read_bytes())
        best.outcome = "collected"
        best.kept = place.relative_to(self.cohort.root).as_posix()
        with writing(place):
            replace_file(place, newest.content.read_bytes())
            replace_file(place.with_name("timestamp.txt"), f"{best.modified}\n".encode())

    def _aside(self, entry: Entry, content: bytes) -> None:
        """Keep a file that is not used, under a name that says which it was."""
        name = NOT_IN_FILES.sub("-", entry.file.rpartition("/")[2])[-80:]
        place = self.cohort.root / "collected" / "aside" / self.chapter
        place /= f"{entry.digest[:8]}-{name}"
        with writing(place):
            replace_file(place, content)
        entry.kept = place.relative_to(self.cohort.root).as_posix()


def _grade_ids(notebook: Any) -> set[str]:
    found = set()
    for cell in notebook["cells"]:
        about = cell.get("metadata", {}).get("nbgrader", {})
        if isinstance(about, dict) and about.get("grade") and "grade_id" in about:
            found.add(str(about["grade_id"]))
    return found


def _mark_late(entry: Entry, due: str) -> None:
    entry.drop("late")
    if due and entry.outcome == "collected" and entry.modified > due:
        entry.note("late", by=_span(_day(entry.modified) - _day(due)))


def _day(words: str) -> dt.datetime:
    return dt.datetime.strptime(words, AS_TEXT).replace(tzinfo=dt.UTC)


def _span(late: dt.timedelta) -> str:
    hours, minutes = divmod(late.seconds // 60, 60)
    return f"{late.days} d {hours}:{minutes:02d}" if late.days else f"{hours}:{minutes:02d}"


def told(cohort: Cohort, done: Collected) -> list[str]:
    """Return what to print: a line a learner, then what needs a look."""
    heads = [text(f"collect.head_{name}") for name in ("learner", "state", "file")]
    rows = []
    for learner in cohort.learners:
        entry = done.ledger.current(learner.id)
        if entry is None:
            rows.append([learner.name, text("collect.missing"), ""])
            continue
        state = entry.told(language.current()) or text("collect.outcome_collected")
        rows.append([learner.name, state, entry.file])
    columns = [max(width(row[place]) for row in [heads, *rows]) for place in (0, 1)]
    lines = [
        f"{pad(row[0], columns[0])}  {pad(row[1], columns[1])}  {row[2]}".rstrip()
        for row in [heads, *rows]
    ]
    odd = [
        entry for entry in done.ledger.entries if entry.outcome not in ("collected", "identical")
    ]
    if odd:
        lines += ["", text("collect.look_at", number=len(odd))]
    for entry in odd:
        name = cohort.learner(entry.learner).name if entry.learner else ""
        words = [text(f"collect.outcome_{entry.outcome}"), name, entry.told(language.current())]
        lines.append(f"  {entry.file}: {' · '.join(word for word in words if word)}")
    number = sum(row[1] != text("collect.missing") for row in rows)
    lines += ["", text("collect.total", number=number, all=len(rows), path=done.table)]
    return lines
