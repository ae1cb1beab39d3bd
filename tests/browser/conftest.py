"""JupyterLab as ``ka learn`` opens it, in Debian's chromium."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page


@contextmanager
def learning(folder: Path, lang: str, shipped: Path | None = None) -> Iterator[str]:
    """Run ``ka learn`` on a folder; give the address it prints; stop it as a reader would."""
    environment = os.environ | ({"KA_SHIPPED": str(shipped)} if shipped else {})
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "ka_course.cli",
            "learn",
            "--no-browser",
            "--lang",
            lang,
            "--to",
            folder,
        ],
        env=environment | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+", line):
                break
        else:
            pytest.fail("".join(said))
        yield found[0]
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def learn() -> object:
    """``with learn(folder, "zh") as address:``."""
    return learning


def run_notebook(page: Page) -> None:
    """Run the open notebook from top to bottom and wait until it is done."""
    from playwright.sync_api import expect

    page.locator(".jp-StatusBar-TextItem", has_text=re.compile("Idle|空闲")).wait_for()
    prompts = page.locator(".jp-CodeCell .jp-InputArea-prompt")
    for last in (False, False, True):  # JupyterLab may lose a click while it still settles
        page.locator(".lm-MenuBar-item").nth(3).click()
        page.locator("[data-command='runmenu:run-all']").click()
        try:
            expect(prompts.first).to_have_text(re.compile(r"\[(\*|\d+)\]"), timeout=15_000)
            break
        except AssertionError:
            if last:
                raise
    expect(prompts.last).to_have_text(re.compile(r"\[\d+\]"), timeout=300_000)


@pytest.fixture
def run_all() -> object:
    """``run_all(page)``."""
    return run_notebook
