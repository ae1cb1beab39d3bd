"""Is what learners get free of keys, the same when nothing changed, and told apart when it did?"""

import itertools
import json
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException

from ka_course.cohort import chapter_name
from ka_course.cohorts import release as module
from ka_course.cohorts.release import release, releases
from ka_course.cohorts.secret_company import _serves, seeds
from ka_course.speech import CourseError
from ka_course.tasks import load_assignment
from ka_lib import language
from ka_lib.company import PRACTICE


def test_release_holds_no_solution_test_or_key(cohort):
    made = list((cohort.root / "release").rglob("*"))
    assert [path.name for path in made if path.is_file()] == ["ch03.ipynb"]
    words = made[-1].read_text(encoding="utf-8")
    for secret in ("SECRET", "BEGIN", "assert", "1 + 1", "misconception"):
        assert secret not in words
    seed = (cohort.root / "secret" / "seed").read_text(encoding="ascii").strip()
    assert seed not in words


def test_release_is_stamped_and_known_to_the_gradebook(cohort):
    notebook = nbformat.read(cohort.root / "release" / "ch03" / "ch03.ipynb", as_version=4)
    stamp = {**notebook.metadata["ka"]}
    assert stamp == {
        "assignment": "ch03",
        "lang": "zh",
        "release": releases(cohort, "ch03")[-1]["release"],
    }
    with Gradebook(cohort.db_url) as opened:
        assert opened.find_assignment("ch03").max_score == 16


def test_the_secret_company_is_another_one_and_has_its_checks(cohort):
    secret = cohort.secret("ch03")
    assert secret.ready
    checks = json.loads(secret.checks.read_text(encoding="utf-8"))
    assert checks["tasks"]["q1"]["expected"] is not None
    one = (secret.tables / "opportunities.csv").read_bytes()
    assert one != (PRACTICE / "opportunities.csv").read_bytes()


def test_releasing_again_changes_nothing(cohort, snapshot):
    before = snapshot(cohort.root)
    done = release(cohort, "ch03")
    assert not done.changed
    assert snapshot(cohort.root) == before


@pytest.fixture
def changed(sources, tmp_path):
    """Return the repository after an author has edited a heading."""
    folder = tmp_path / "changed"
    shutil.copytree(sources, folder)
    path = folder / "solutions" / "ch03" / "ch03.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("数一数", "再数一数"), encoding="utf-8"
    )
    return folder


def test_a_changed_source_is_a_new_release_and_the_older_one_is_remembered(
    cohort, changed, monkeypatch
):
    first = releases(cohort, "ch03")[-1]["release"]
    tables = (cohort.secret("ch03").tables / "orders.csv").read_bytes()
    monkeypatch.setattr(module, "repository", lambda: changed)
    done = release(cohort, "ch03")
    assert done.changed
    assert done.earlier == 1
    assert [one["release"] for one in releases(cohort, "ch03")] == [first, done.release]
    assert "再数一数" in done.path.read_text(encoding="utf-8")
    assert (cohort.secret("ch03").tables / "orders.csv").read_bytes() == tables


def test_tasks_cannot_change_under_graded_work(cohort, sources, grade, tmp_path, monkeypatch):
    grade("S01")
    changed = tmp_path / "changed"
    shutil.copytree(sources, changed)
    path = changed / "solutions" / "ch03" / "ch03.md"
    words = path.read_text(encoding="utf-8")
    words = words.replace(":test: q1", ":test: q2").replace(":solution: q1", ":solution: q2")
    path.write_text(words, encoding="utf-8")
    monkeypatch.setattr(module, "repository", lambda: changed)
    before = (cohort.root / "release" / "ch03" / "ch03.ipynb").read_bytes()
    with pytest.raises(CourseError) as raised:
        release(cohort, "ch03")
    assert raised.value.key == "cohort.cells_changed"
    assert (cohort.root / "release" / "ch03" / "ch03.ipynb").read_bytes() == before


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_an_unknown_chapter_is_named_with_those_there_are(cohort, lang):
    language.use(lang)
    with pytest.raises(CourseError) as raised:
        release(cohort, "ch09")
    assert "ch09" in str(raised.value)
    assert "ch03" in str(raised.value)


def test_a_lost_seed_is_not_replaced(cohort):
    (cohort.root / "secret" / "seed").unlink()
    with pytest.raises(CourseError) as raised:
        release(cohort, "ch03")
    assert raised.value.key == "cohort.no_seed"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        *((given, "ch03") for given in ("3", "03", "ch3", "ch03", "CH03")),
        *((given, "ch00") for given in ("0", "00", "ch0", "ch00")),
        *((given, "ch11") for given in ("11", "ch11")),
        ("10", "ch10"),
        ("three", "three"),
    ],
)
def test_a_chapter_is_named_as_people_say_it(given, name):
    assert chapter_name(given) == name


def test_a_company_on_which_a_right_answer_fails_does_not_serve(sources):
    assignment = load_assignment(sources / "solutions" / "ch03" / "tasks.py")
    assert _serves(assignment, 1)
    assignment.tasks["q1"].reference_function = lambda company: 1 / len(company.orders[:0])
    assert not _serves(assignment, 1)


def test_the_next_company_is_drawn_where_one_does_not_serve(cohort, monkeypatch):
    tried = []

    def serves(_, seed):
        tried.append(seed)
        return len(tried) == 3

    monkeypatch.setattr("ka_course.cohorts.secret_company._serves", serves)
    release(cohort, "ch03")
    assert tried == list(itertools.islice(seeds(cohort, "ch03"), 3))


def test_a_release_that_fails_half_way_leaves_everything_as_it_was(
    cohort, changed, monkeypatch, snapshot
):
    def half(self):
        with Gradebook(cohort.db_url) as opened:
            opened.update_or_create_assignment("half")
        self.log.error("sqlalchemy.exc.OperationalError: database or disk is full")
        raise NbGraderException("x")

    monkeypatch.setattr(module, "repository", lambda: changed)
    monkeypatch.setattr(GenerateAssignment, "start", half)
    monkeypatch.setattr("ka_course.build_release.release", lambda *_: None)
    before = snapshot(cohort.root)
    with pytest.raises(CourseError) as raised:
        release(cohort, "ch03")
    assert raised.value.key == "cohort.db_refused"
    assert "disk is full" in str(raised.value)
    assert snapshot(cohort.root) == before
