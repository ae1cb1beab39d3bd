"""Take the README's pictures from the running course.

By hand: uv run python docs/pictures.py

Needs chromium and, for the Chinese ones, a Chinese font in the system.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from playwright.sync_api import Page

HERE = Path(__file__).parent
BROWSER_TESTS = HERE.parent / "tests" / "browser"


def load(path: Path) -> ModuleType:
    """Import a file of the tests: they know how to open and run a notebook."""
    name = f"pictures_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


shared = load(BROWSER_TESTS.parent / "conftest.py")
tests = load(BROWSER_TESTS / "conftest.py")
chapter = load(BROWSER_TESTS / "test_chapter03.py")


def shoot(page: Page, name: str) -> None:
    """Save what the page shows."""
    page.wait_for_timeout(1500)
    page.screenshot(path=HERE / "images" / f"{name}.png")


def lecture(page: Page, address: str, lang: str) -> None:
    """Show the funnel, and what each step would add."""
    chapter.open_notebook(page, address, f"{lang}/course/ch03.ipynb")
    page.keyboard.press("Control+b")
    tests.run_notebook(page)
    heading = page.locator(".jp-MarkdownOutput h3", has_text=re.compile(r"3\.13"))
    chapter.scroll_to(page, heading)
    heading.first.evaluate("heading => heading.scrollIntoView()")
    shoot(page, f"lecture-{lang}")


def exercise(page: Page, address: str, lang: str) -> None:
    """Show a proposal success worked out over all leads, and what the check says."""
    chapter.open_notebook(page, address, f"{lang}/exercises/ch03.ipynb")
    page.keyboard.press("Control+b")
    tests.run_notebook(page)
    cell = page.locator(".jp-CodeCell", has_text="proposal_success = ...").first
    chapter.scroll_to(page, cell)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("proposal_success = (this_year['status'] == 'won').mean()")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.wait_for_timeout(1500)
    heading = page.locator(".jp-MarkdownOutput h2", has_text=re.compile("第 2 题|Question 2"))
    chapter.scroll_to(page, heading)
    heading.first.evaluate("heading => heading.scrollIntoView()")
    shoot(page, f"exercise-{lang}")


def report(page: Page, folder: Path, lang: str) -> None:
    """Show the top of the funnel review of the practice company."""
    command = [sys.executable, "-m", "ka_course.cli", "report", "funnel-review"]
    command += ["--data", "practice", "--lang", lang, "--out", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 - our own command
    made = next(folder.glob("*.html"))
    page.goto(made.as_uri())
    shoot(page, f"report-{lang}")


def main() -> None:
    """Take all pictures, in both languages."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=chromium, args=shared.ARGUMENTS)
        for lang in chapter.LANGUAGES:
            folder = Path(place) / lang
            page = browser.new_page(viewport={"width": 1180, "height": 820})
            page.set_default_timeout(60_000)
            with tests.learning(folder / "ka-course", lang) as address:
                lecture(page, address, lang)
                exercise(page, address, lang)
            (folder / "report").mkdir()
            report(page, folder / "report", lang)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
