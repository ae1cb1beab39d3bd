"""``ka formgrader``: nbgrader's formgrader on the cohort, by one command.

Prevents the setup that instructors fail at: server extensions, configuration files and folders
that have to agree. The server's settings stand in a folder of its own; nothing of the
instructor's own Jupyter is read or changed.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ka_course.cohorts.files import writing
from ka_course.cohorts.gradebook import check, find_alembic
from ka_course.learn_server import _answers, _stop, free_port
from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from ka_course.cohort import Cohort

PAGE = "/formgrader/manage_assignments"
EXTENSIONS = {
    "nbgrader.server_extensions.formgrader": True,
    "nbgrader.server_extensions.validate_assignment": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "jupyterlab": True,  # opens a submission from formgrader
    "jupyterlab_jupytext": False,
}


def settings(cohort: Cohort, port: int, browser: bool) -> dict[str, Any]:
    """Return the server's configuration."""
    return {
        "Application": {"log_level": "WARN"},
        "ServerApp": {
            "root_dir": str(cohort.root),
            "port": port,
            "port_retries": 0,
            "open_browser": browser,
            "default_url": PAGE,
            "answer_yes": True,
            "allow_root": True,  # as in a container; only this machine can reach it
            "ip": "localhost",
            "jpserver_extensions": EXTENSIONS,
        },
        "LabApp": {
            "extension_manager": "readonly",
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
        },
    }


def serve(cohort: Cohort, port: int | None = None, browser: bool = True) -> int:
    """Run formgrader until it is stopped; return its exit code.

    Raises
    ------
    CourseError
        The gradebook or the port cannot be used, or the server ended by itself.
    """
    check(cohort)
    chosen = free_port(port)
    find_alembic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="ka-", ignore_cleanup_errors=True) as name:
        private = Path(name)
        config = private / "formgrader.json"
        config.write_text(json.dumps(settings(cohort, chosen, browser)), encoding="utf-8")
        token = secrets.token_urlsafe(24)
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(private),
            "JUPYTER_DATA_DIR": str(private / "data"),
            "JUPYTER_TOKEN": token,
        }
        log = cohort.root / "formgrader.log"
        with writing(log), log.open("wb") as notes:
            server = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "jupyter_server", f"--config={config}"],
                env=environment,
                cwd=cohort.root,
                stdin=subprocess.DEVNULL,
                stdout=notes,
                stderr=subprocess.STDOUT,
            )
        return _wait(server, chosen, token, log)


def _wait(server: subprocess.Popen[bytes], port: int, token: str, log: Path) -> int:
    try:
        if _answers(server, port):
            url = f"http://localhost:{port}{PAGE}?token={token}"
            click.echo(text("formgrader.open", url=url))
        code = server.wait()
    except KeyboardInterrupt:
        _stop(server)
        return 0
    if code:
        raise CourseError("formgrader.failed", code=code, log=log)
    return 0
