"""Formulas as pictures inside the page: MathJax would have to be fetched."""

from __future__ import annotations

import base64
import html
import io
import re

FORMULA = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|\$\$(?P<block>[^$]+)\$\$|\$(?P<inline>[^$\s](?:[^$\n]*[^$\s\\])?)\$(?!\d)",
    re.DOTALL,
)
SIZE = 11
DOTS = 105


def with_pictures(words: str) -> str:
    """Return prose with every ``$formula$`` as a picture; one that cannot be drawn stays as it is."""
    return FORMULA.sub(_picture, words) if "$" in words else words


def _picture(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    formula = " ".join((found["block"] or found["inline"]).split())
    try:
        drawn = _draw(formula)
    except (ValueError, RuntimeError):  # not what matplotlib's mathtext knows
        return found[0]
    image = f"![{html.escape(formula)}](data:image/png;base64,{drawn})"
    return f"\n\n{image}\n\n" if found["block"] else image


def _draw(formula: str) -> str:
    from matplotlib.figure import Figure

    figure, out = Figure(), io.BytesIO()
    figure.text(0, 0, f"${formula}$", fontsize=SIZE)
    figure.savefig(out, format="png", dpi=DOTS, bbox_inches="tight", pad_inches=0.02)
    return base64.b64encode(out.getvalue()).decode("ascii")
