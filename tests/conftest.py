"""A skipped part is named at the end, with the way to get it; in CI a skip is a failure."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

from ka_lib import language

AT_FIRST = language.current()

# A busy machine is slow, not wrong: no property test fails for the time it took.
settings.register_profile("no time limit", deadline=None)
settings.load_profile("no time limit")


@pytest.fixture(autouse=True)
def _language_stays() -> Iterator[None]:
    """Begin every test in the same language, whatever a test or a fixture before it spoke."""
    language.use(AT_FIRST)
    yield
    language.use(AT_FIRST)


# They start kernels, and a kernel listens on ports like a server.
KERNELS = {
    "test_assignments.py",
    "test_ch00.py",
    "test_ch03.py",
    "test_explain.py",
    "test_formgrader.py",
    "test_lectures.py",
    "test_report.py",
    "test_same_scores.py",
    "test_whole_journey.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what starts servers: two that look for a free port at once find the same one."""
    for item in items:
        if item.get_closest_marker("browser") or item.path.name in KERNELS:
            item.add_marker(pytest.mark.xdist_group("servers"))


ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that the end of the run explains."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page; ``page.outside`` lists requests that left this machine."""
    opened = browser.new_page(viewport={"width": 1400, "height": 850})
    opened.outside = []
    opened.on("request", lambda request: _note_outside(opened.outside, request.url))
    opened.set_default_timeout(120_000)  # other tests may keep both cores busy
    yield opened
    opened.close()


def _note_outside(outside: list[str], url: str) -> None:
    if not url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:")):
        outside.append(url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which parts did not run and how to get them, and how long each lecture took to run."""
    runs = [
        (report.nodeid.partition("[")[2].rstrip("]"), report.duration)
        for report in terminalreporter.stats.get("passed", [])
        if "test_a_lecture_runs" in report.nodeid
    ]
    if runs:
        terminalreporter.section("lectures, run from top to bottom")
    for name, seconds in sorted(runs):
        terminalreporter.line(f"{name}: {seconds:.0f} s")
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.setdefault(why.removeprefix("Skipped: "), []).append(report.nodeid)
    if reasons:
        terminalreporter.section("did not run")
    for why, tests in reasons.items():
        files = sorted({test.split("::")[0] for test in tests})
        terminalreporter.line(f"{len(tests)} in {', '.join(files)} ({why})")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing may be left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if os.environ.get("CI") and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
