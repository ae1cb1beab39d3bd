"""An executed report as one HTML file: no code, nothing to fetch, for screen, phone and paper."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ka_lib import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

STYLE = Path(__file__).with_name("report_page.css")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
SHELL = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(executed: NotebookNode, facts: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    executed : NotebookNode
        With its outputs; its first heading is the title.
    facts : mapping
        ``company``, ``owner`` and ``as_of``, for the title in the browser's tab.
    """
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic",  # the body only: the full templates fetch scripts from outside
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _ = exporter.from_notebook_node(executed)
    heading = next((cell.source for cell in executed.cells if cell.source.startswith("# ")), "# ")
    parts = [heading.splitlines()[0][2:], *(str(facts.get(name) or "") for name in _TITLE)]
    return SHELL.format(
        lang=LANGUAGE_TAGS[language.current()],
        title=html.escape(" · ".join(part for part in parts if part)),
        style=STYLE.read_text(encoding="utf-8"),
        body=body,
    )


_TITLE = ("company", "owner", "as_of")
