"""A learner's text on formgrader's page, without anything that acts.

Prevents a submission that grades itself: the page stands where scores are written, and
nbgrader puts HTML from a learner's text there as it is.
"""

from __future__ import annotations

from html import escape
from typing import Any

from jinja2 import pass_context

from ka_course.cohorts.feedback_page.safe import safe


@pass_context
def markdown(context: Any, source: str) -> str:
    """Return Markdown as HTML that neither acts nor loads anything."""
    from nbconvert.filters.markdown_mistune import (
        InvalidNotebook,
        IPythonRenderer,
        MarkdownWithMath,
    )

    renderer = IPythonRenderer(
        escape=False,
        attachments=(context.get("cell") or {}).get("attachments", {}),
        embed_images=False,
        path="",
        anchor_link_text="",
        exclude_anchor_links=True,
    )
    try:
        return safe(MarkdownWithMath(renderer=renderer).render(source))
    except (InvalidNotebook, RecursionError):  # a picture that is not there; brackets without end
        return f"<pre>{escape(source)}</pre>"
