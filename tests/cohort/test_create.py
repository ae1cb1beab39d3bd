"""Is a cohort made whole or not at all, outside the repository, with its secret kept?"""

import os
import stat

import pytest
from nbgrader.api import Gradebook

from ka_course import cli
from ka_course.cohort import Cohort
from ka_course.cohorts import create as module
from ka_course.cohorts.create import create, default_folder
from ka_course.places import PACKAGE
from ka_course.speech import CourseError
from ka_lib import language


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\nS01,林悦\nS02,王伟\n", encoding="utf-8-sig")
    return path


def test_a_cohort_is_nbgraders_own_layout(cohort):
    for step in ("source", "release", "submitted", "autograded", "feedback", "secret"):
        assert (cohort.root / step).is_dir()
    with Gradebook(cohort.db_url) as opened:
        assert {(one.id, one.last_name) for one in opened.students} == {
            ("S01", "林悦"),
            ("S02", "王伟"),
            ("S03", "Lin Yue"),
        }
    seed = cohort.root / "secret" / "seed"
    assert len(bytes.fromhex(seed.read_text(encoding="ascii").strip())) == 16
    if os.name != "nt":
        assert stat.S_IMODE(seed.stat().st_mode) == 0o600


def test_two_cohorts_have_different_seeds(roster, tmp_path):
    seeds = {
        (create(name, roster, "en", tmp_path / name).root / "secret" / "seed").read_text("ascii")
        for name in ("a", "b")
    }
    assert len(seeds) == 2


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_place_in_the_repository_is_refused(roster, lang):
    language.use(lang)
    target = PACKAGE.parent / "my cohort"
    with pytest.raises(CourseError) as raised:
        create("x", roster, lang, target)
    assert raised.value.key == "cohort.in_repository"
    assert not target.exists()


def test_the_default_place_is_here_but_never_the_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert default_folder("x") == tmp_path.resolve() / "x"
    monkeypatch.chdir(PACKAGE)
    assert default_folder("x") == PACKAGE.parent.parent / "x"


@pytest.mark.parametrize(
    ("name", "folder", "key"),
    [
        ("a/b", "x", "cohort.bad_name"),
        ("nul", "x", "cohort.bad_name"),
        ("ok", "x [1]", "cohort.bad_path"),
        ("ok", "full", "cohort.exists"),
    ],
)
def test_a_bad_name_or_place_leaves_nothing(roster, tmp_path, name, folder, key):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CourseError) as raised:
        create(name, roster, "zh", tmp_path / folder)
    assert raised.value.key == key
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_half_way_leaves_nothing(roster, tmp_path, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.gradebook, "create", fail)
    with pytest.raises(CourseError) as raised:
        create("x", roster, "zh", tmp_path / "new" / "deep" / "x")
    assert raised.value.key == "cohort.cannot_write"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv"]


def test_a_faulty_roster_makes_no_folder(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("id,name\nS01,\n", encoding="utf-8")
    with pytest.raises(CourseError):
        create("x", path, "zh", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_database_that_is_not_there_leaves_nothing(roster, tmp_path):
    with pytest.raises(CourseError) as raised:
        create("x", roster, "zh", tmp_path / "x", f"sqlite:///{tmp_path}/no/such/folder.db")
    assert raised.value.key == "cohort.db_refused"
    assert not (tmp_path / "x").exists()


def test_two_cohorts_cannot_share_a_gradebook(roster, tmp_path):
    url = f"sqlite:///{(tmp_path / 'shared.db').as_posix()}"
    create("a", roster, "zh", tmp_path / "a", url)
    with pytest.raises(CourseError) as raised:
        create("b", roster, "zh", tmp_path / "b", url)
    assert raised.value.key == "cohort.db_used"


def test_a_cohort_is_found_from_inside_and_by_its_folder(cohort, monkeypatch):
    monkeypatch.chdir(cohort.root / "release" / "ch03")
    assert Cohort.find().root == cohort.root
    assert Cohort.find(cohort.root).name == "华东 一班"


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        ["cohort", "new", "x", "--roster", "none.csv"],
        ["cohort", "new"],
        ["cohort", "nonsense"],
        ["cohort", "release", "3"],
        ["cohort", "release", "3", "--cohort", "nowhere"],
        ["cohort", "collect", "3"],
        ["feedback", "3"],
        ["marks"],
        ["written", "export", "3"],
        ["written", "import", "3", "x.xlsx"],
        ["formgrader", "--cohort", "nowhere"],
    ],
)
def test_a_mistake_gives_one_line_and_exit_code_2(words, lang, tmp_path, monkeypatch, capsys):
    language.use(lang)
    monkeypatch.chdir(tmp_path)
    assert cli.run(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["", "[]", "name: x", "name: x\nlang: fr\n", "\t"])
def test_damaged_settings_give_one_line(cohort, words):
    (cohort.root / "cohort.yaml").write_text(words, encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        Cohort.load(cohort.root)
    assert raised.value.key == "cohort.bad_settings"
