"""Chinese in charts on a machine without a Chinese font, without touching the reader's settings.

Prevents rows of boxes where Chinese should stand, and the warnings that come with them: nbgrader
scores a correct chart as 0 when drawing it writes to stderr.

Our own charts use the font inside `style` only. For plots that readers draw themselves, `setup`
changes matplotlib's settings; in a notebook `follow` calls it as soon as matplotlib is wanted.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

FOLDER = Path(__file__).parent / "font_files"
FAMILY = ("Noto Sans SC", "DejaVu Sans")

_STYLE: dict[Any, Any] = {
    "font.family": list(FAMILY),
    "font.size": 11.0,
    "text.parse_math": False,  # an account may be called "A$ and B$"
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#595959",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.8,
}
_DRAWING_WORDS = ("matplotlib", "plot", ".hist(")


@cache
def register() -> None:
    """Make matplotlib know the fonts of the course; once a process."""
    from matplotlib import font_manager

    for path in sorted(FOLDER.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def style() -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws as the course's charts do, and only there."""
    import matplotlib as mpl

    register()
    # From the defaults, so that a reader's own settings cannot break a chart of the course.
    return mpl.rc_context({**_neutral(), **_STYLE})


@cache
def _neutral() -> dict[Any, Any]:
    """Return matplotlib's default look: colours, sizes and spacing, but not its back end."""
    import matplotlib as mpl

    groups: tuple[str, ...] = (
        "axes.",
        "figure.",
        "font.",
        "grid.",
        "hatch.",
        "legend.",
        "lines.",
        "patch.",
    )
    groups += ("text.", "xtick.", "ytick.", "savefig.", "path.")
    return {
        name: value
        for name, value in mpl.rcParamsDefault.items()
        if name.startswith(groups) and name not in {"figure.max_open_warning", "savefig.directory"}
    }


def setup() -> None:
    """Let every plot of this session show Chinese: put our font first in matplotlib's settings."""
    import matplotlib as mpl

    register()
    mpl.rcParams["font.family"] = list(FAMILY)


def follow() -> None:
    """Call `setup` when matplotlib is in use, or as soon as a notebook cell wants it.

    Costs nothing before that: matplotlib takes half a second to import, and many notebooks
    never draw. Outside IPython it only looks whether matplotlib is already there.
    """
    if "matplotlib" in sys.modules:
        setup()
        return
    shell = import_module("IPython").get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return

    def before_cell(info: Any) -> None:
        source = str(getattr(info, "raw_cell", ""))
        if "matplotlib" in sys.modules or any(word in source for word in _DRAWING_WORDS):
            setup()
            shell.events.unregister("pre_run_cell", before_cell)

    shell.events.register("pre_run_cell", before_cell)
