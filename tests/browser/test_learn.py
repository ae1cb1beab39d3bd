"""What a learner sees after ``ka learn``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from ka_course import build

pytestmark = pytest.mark.browser


@pytest.fixture
def shipped(tmp_path):
    place = Path(__file__).parents[1] / "course" / "small_course.py"
    spec = importlib.util.spec_from_file_location("small_course", place)
    small_course = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small_course)
    root = small_course.make(tmp_path / "课程 source")
    build.write(root)
    return root


def test_the_table_of_contents_leads_to_a_chapter_in_the_readers_language(
    tmp_path, shipped, learn, page, run_all
):
    folder = tmp_path / "学 习" / "ka course"
    with learn(folder, "zh", shipped) as address:
        page.goto(address)
        page.get_by_role("link", name="第 3 章 漏斗").click()
        page.wait_for_selector(".jp-Notebook")

        assert page.locator(".lm-MenuBar-itemLabel").first.inner_text() == "文件"
        run_all(page)
        assert "0.4" in page.locator(".jp-OutputArea-output").last.inner_text()

    assert page.outside == []


def test_validate_shows_that_an_untouched_exercise_fails(tmp_path, shipped, learn, page):
    with learn(tmp_path / "ka course", "en", shipped) as address:
        page.goto(address)
        page.get_by_role("link", name="★ 1, written 1").click()
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        page.get_by_role("button", name="Validate").click()
        shown = page.locator(".jp-Dialog")

        shown.get_by_text("failed").first.wait_for()
        assert page.locator(".lm-MenuBar-itemLabel").first.inner_text() == "File"

    assert page.outside == []
