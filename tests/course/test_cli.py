"""Does every mistake on the command line give one clear line and exit code 2?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ka_course import cli, places
from ka_course.speech import CourseError
from ka_lib import language

MISTAKES = [
    (["nonsense"], "nonsense", "learn, progress"),
    (["--nonsense"], "--nonsense", "ka --help"),
    (["learn", "--nonsense"], "--nonsense", "ka learn --help"),
    (["learn", "--lang", "fr"], "--lang", "zh, en"),
    (["learn", "--port", "many"], "--port", "65535"),
    (["learn", "--port", "99999"], "--port", "65535"),
    (["learn", "--to"], "--to", "ka learn --help"),
    (["learn", "extra"], "extra", "ka learn --help"),
    (["build", "ch99"], "ch99", ""),
]


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize(("words", "named", "remedy"), MISTAKES)
def test_a_mistake_gives_one_line_that_names_it(words, named, remedy, lang, capsys):
    language.use(lang)
    assert cli.run(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert named in said
    assert remedy in said
    assert ("。" in said or "：" in said) == (lang == "zh")


def test_an_unexpected_failure_gives_one_line_and_the_way_to_the_details(monkeypatch, capsys):
    def fail(**_):
        raise RuntimeError("inside")

    monkeypatch.setattr(cli.ka, "main", fail)
    monkeypatch.delenv("KA_DEBUG", raising=False)
    assert cli.run([]) == 1
    said = capsys.readouterr().err
    assert "RuntimeError: inside" in said
    assert "KA_DEBUG=1" in said

    monkeypatch.setenv("KA_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli.run([])


def test_ctrl_c_is_quiet(monkeypatch, capsys):
    def stop(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.ka, "main", stop)
    assert cli.run([]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("lang", "word"), [("zh", "打开课程"), ("en", "Open the course")])
def test_help_is_in_the_readers_language(lang, word, capsys):
    language.use(lang)
    assert cli.run(["--help"]) == 0
    assert word in capsys.readouterr().out


@pytest.mark.parametrize("name", cli.COMMANDS)
@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_command_explains_itself(name, lang, capsys):
    language.use(lang)
    assert cli.run([name, "--help"]) == 0
    assert "--lang" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys):
    assert cli.run([]) == 0
    assert "learn" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["learn", "--lang", "zh"], "zh"),
        (["--lang=zh", "learn"], "zh"),
        (["--lang"], "en"),
        ([], "en"),
    ],
)
def test_the_language_asked_for_wins_over_the_systems(words, expected, monkeypatch):
    monkeypatch.setattr(language, "from_locale", lambda: "en")
    assert cli._language_of(words) == expected


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from ka_course import cli; cli.run(['--help']); "
        "heavy = {'pandas', 'nbformat', 'jupytext', 'nbgrader', 'matplotlib'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_an_installed_course_cannot_build(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "site-packages" / "ka_course")
    with pytest.raises(CourseError) as raised:
        places.repository()
    assert raised.value.key == "build.no_repository"


def test_an_installed_course_ships_beside_its_code(monkeypatch, tmp_path):
    monkeypatch.delenv("KA_SHIPPED", raising=False)
    monkeypatch.setattr(places, "PACKAGE", tmp_path)
    assert places.shipped() == tmp_path.parent
    (tmp_path / "shipped").mkdir()
    assert places.shipped() == tmp_path / "shipped"
