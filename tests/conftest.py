"""A skipped part is named at the end, with the way to get it; in CI a skip is a failure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

from ka_lib import language


@pytest.fixture(autouse=True)
def _language_stays() -> Iterator[None]:
    """Leave the language of one test behind."""
    before = language.current()
    yield
    language.use(before)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which parts did not run and how to get them."""
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
