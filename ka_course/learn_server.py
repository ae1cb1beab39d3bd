"""JupyterLab as a beginner should meet it: own language, no news, nothing fetched from outside.

Everything stands in the learner's folder (``.ka``): the settings of a JupyterLab that the
reader uses for other work are neither read nor changed, and a read-only install works.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from ka_course.speech import CourseError, text

if TYPE_CHECKING:
    from pathlib import Path

    from ka_lib.language import Language

FIRST_PORT = 8888
PORTS_TRIED = 50
STOPPING = 10.0  # seconds

# Only the Validate button: the rest of nbgrader is for instructors and complains without a course.
SERVER_EXTENSIONS = {
    "nbgrader.server_extensions.validate_assignment": True,
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "jupyterlab_jupytext": False,
}
DISABLED = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension",
    "@jupyter/nbgrader:assignment-list",
    "@jupyter/nbgrader:course-list",
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:create-assignment",
    "@jupyter/nbgrader:menu",
    "jupyterlab-jupytext",
)


def settings(lang: Language) -> dict[str, Any]:
    """Return JupyterLab's defaults for the course; the learner may change them in its menus."""
    return {
        "@jupyterlab/apputils-extension:notification": {
            "checkForUpdates": False,
            "fetchNews": "false",
        },
        "@jupyterlab/translation-extension:plugin": {
            "locale": "zh_CN" if lang == "zh" else "default"
        },
        "@jupyterlab/docmanager-extension:plugin": {
            "autosaveInterval": 30,
            "defaultViewers": {"markdown": "Markdown Preview"},
        },
        "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
    }


def configuration(folder: Path, lang: Language, port: int, browser: bool) -> dict[str, Any]:
    """Return the server's configuration."""
    return {
        "Application": {"log_level": "WARN"},
        "ServerApp": {
            "root_dir": str(folder),
            "port": port,
            "port_retries": 0,
            "open_browser": browser,
            "answer_yes": True,  # Ctrl+C stops without a question
            "allow_root": True,  # as in a container; only this machine can reach it
            "ip": "localhost",
            "jpserver_extensions": SERVER_EXTENSIONS,
        },
        "LabApp": {
            "app_settings_dir": str(folder / ".ka" / "settings"),
            "default_url": landing(folder, lang),
            "extension_manager": "readonly",
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
        },
    }


def landing(folder: Path, lang: Language) -> str:
    """Return the address of the table of contents, or of the edition's folder."""
    page = f"{lang}/index.md" if (folder / lang / "index.md").is_file() else lang
    return f"/lab/tree/{quote(page)}"


def free_port(wanted: int | None) -> int:
    """Return a port that nobody uses.

    Raises
    ------
    CourseError
        The port asked for is in use, or every port tried is.
    """
    tried = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in tried:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    if wanted:
        raise CourseError("learn.port_in_use", port=wanted)
    raise CourseError("learn.no_port", first=FIRST_PORT, last=FIRST_PORT + PORTS_TRIED - 1)


def prepare(folder: Path, lang: Language, port: int, browser: bool) -> Path:
    """Write the settings into the learner's folder; return the server's configuration file."""
    private = folder / ".ka"
    page = {"disabledExtensions": dict.fromkeys(DISABLED, True)}
    config = private / "jupyter" / "course.json"
    for path, content in (
        (private / "settings" / "overrides.json", settings(lang)),
        (private / "settings" / "page_config.json", page),
        (config, configuration(folder, lang, port, browser)),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8", newline="\n")
    return config


def serve(folder: Path, lang: Language, port: int | None = None, browser: bool = True) -> int:
    """Run JupyterLab until it is stopped; return its exit code."""
    chosen = free_port(port)
    config = prepare(folder, lang, chosen, browser)
    token = secrets.token_urlsafe(24)
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(config.parent),
        "JUPYTER_TOKEN": token,
    }
    command = [sys.executable, "-m", "jupyterlab", f"--config={config}"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    log = folder / ".ka" / "jupyter.log"
    with log.open("wb") as notes:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=notes,
            stderr=subprocess.STDOUT,
        )
    try:
        if _answers(server, chosen):
            click.echo(
                text(
                    "learn.open",
                    url=f"http://localhost:{chosen}{landing(folder, lang)}?token={token}",
                )
            )
        code = server.wait()
    except KeyboardInterrupt:
        _stop(server)
        return 0
    if code:
        raise CourseError("learn.server_failed", code=code, log=log)
    return 0


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server listens; False when it ended first."""
    while server.poll() is None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Let JupyterLab close its kernels, which Ctrl+C has told it to do already on most systems."""
    click.echo(text("learn.stopped"))
    try:
        if os.name != "nt":  # on Windows this would end it before its kernels are closed
            server.terminate()
        server.wait(STOPPING)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
