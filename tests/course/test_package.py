"""Does what learners install hold the course and no solution, with the tested versions?"""

from __future__ import annotations

import re
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from ka_course.build_plan import constraints

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = SETTINGS["tool"]["uv"]["constraint-dependencies"]


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(made) as opened:
        return set(opened.namelist())


def test_the_wheel_holds_every_built_notebook(wheel):
    built = [*ROOT.glob("course/*/*.ipynb"), *ROOT.glob("course/[ze][hn]/*.md")]
    built += [*ROOT.glob("exercises/*/*/*.ipynb"), *ROOT.glob("reports/*/*.ipynb")]
    expected = {f"ka_course/shipped/{path.relative_to(ROOT).as_posix()}" for path in built}
    assert expected
    assert expected <= wheel


def test_the_wheel_holds_all_of_both_packages_data_and_messages_included(wheel):
    files = {
        path.relative_to(ROOT).as_posix()
        for package in ("ka_lib", "ka_course")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    needed = ("ka_lib/practice/raw/商机.csv", "ka_course/practice/sales.py")
    needed += ("ka_lib/chapters/ch03.checks.json", "ka_lib/messages/charts.yaml")
    assert set(needed) <= files
    assert files <= wheel


def test_the_wheel_holds_no_solution_source_or_test(wheel):
    kinds = ("solutions", "tests", "facts", "quizzes", "tasks.py")
    told = [
        name
        for name in wheel
        if name != "ka_course/tasks.py"
        and (set(name.split("/")) & set(kinds) or name.endswith(".md"))
    ]
    pages = ("/index.md", "/glossary.md")
    assert [name for name in told if not name.endswith(pages)] == []


def test_every_direct_dependency_is_pinned_once():
    names = [plain(line.partition("==")[0]) for line in PINNED]
    direct = [plain(re.match(r"[\w.-]+", line)[0]) for line in SETTINGS["project"]["dependencies"]]
    assert len(names) == len(set(names))
    assert set(direct) <= set(names)


def test_the_pinned_versions_are_the_tested_ones():
    assert [
        line for line in PINNED if version(line.partition("==")[0]) != line.partition("==")[2]
    ] == []


def test_constraints_for_pip_are_the_ones_for_uv():
    written = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert written == constraints(ROOT / "pyproject.toml")
    assert [line for line in written.splitlines() if not line.startswith("#")] == PINNED


def test_conda_installs_the_same_thing():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, through_pip = environment["dependencies"]
    assert python == f"python{SETTINGS['project']['requires-python']}"
    assert pip == "pip"
    assert through_pip == {"pip": ["-c constraints.txt", "-e ."]}


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "environment.yml"])
def test_no_file_holds_a_download_address(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")
