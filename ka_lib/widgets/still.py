"""What-if boards on pages without a kernel: a slider over pictures drawn beforehand.

A board with one control becomes an ``<input type=range>`` over at most a dozen frames; a board
with several shows where it starts and says where to run it. Only whoever makes static pages asks
for this, with ``KA_STATIC=1`` in the notebook's environment: in JupyterLab the live board stands.
"""

from __future__ import annotations

import base64
import html
import io
import os
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_FRAMES = 12
COLOURS = 24  # of a picture: charts have few, and a palette makes them a tenth of the size
_PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"([^>]*?) width="(\d+)"')
_numbers = count(1)
_MOVED = (
    "var b=this.closest('.ka-still'),v=this.value;"
    "b.querySelectorAll('[data-frame]').forEach(function(f){f.hidden=f.dataset.frame!==v;"
    "if(!f.hidden){b.querySelector('output').firstChild.textContent=f.dataset.label}});"
    "this.setAttribute('aria-valuetext',b.querySelector('output').textContent)"
)


def wanted() -> bool:
    """Return whether this session draws for pages without a kernel."""
    return os.environ.get("KA_STATIC", "") not in ("", "0")


def page(controls: Mapping[str, Any], draw: Callable[..., str]) -> str:
    """Return a board as HTML that needs nothing but a browser.

    Parameters
    ----------
    controls : mapping of str to ipywidgets widget
        As `ka_lib.widgets.what_if` takes them.
    draw : callable
        Takes the values by name and returns the result as HTML.
    """
    if len(controls) == 1:
        ((name, control),) = controls.items()
        states = frames(control)
        if len(states) > 1:
            return _slider(control, [(label, draw(**{name: value})) for label, value in states])
    shown = "".join(
        f"<li>{html.escape(named)}</li>"
        for control in controls.values()
        if (named := _state(control))
    )
    result = small(draw(**{name: control.value for name, control in controls.items()}))
    where = html.escape(text("widgets.run_it"))
    return f"<div><ul>{shown}</ul>{result}<p><em>{where}</em></p></div>"


def frames(control: Any) -> list[tuple[str, Any]]:
    """Return the states of one control to draw beforehand: label and value, the present one among them.

    Examples
    --------
    >>> import ipywidgets
    >>> frames(ipywidgets.FloatSlider(0.05, min=0, max=0.1, step=0.05, readout_format=".0%"))
    [('0%', 0.0), ('5%', 0.05), ('10%', 0.1)]
    """
    if hasattr(control, "options"):
        labels, values = control._options_labels, control._options_values  # noqa: SLF001 - no public way
        states = list(zip(map(str, labels), values, strict=True))
        place = next((i for i, (_, value) in enumerate(states) if value == control.value), 0)
    elif isinstance(control.value, bool):
        states = [(text("widgets.off"), False), (text("widgets.on"), True)]
        place = int(control.value)
    elif getattr(control, "step", None) and not hasattr(control, "base"):
        whole = isinstance(control.value, int)
        steps = round((control.max - control.min) / control.step)
        values = [control.min + turn * control.step for turn in range(steps + 1)]
        states = [
            (_shown(control, value), value if whole else round(value, 10)) for value in values
        ]
        place = round((control.value - control.min) / control.step)
    else:  # a text or a colour: nothing to slide over
        return [(_shown(control, control.value), control.value)]
    return [states[turn] for turn in _spread(len(states), place)]


def _spread(number: int, place: int) -> list[int]:
    """Return at most a dozen of so many places, evenly spread, with the first, the last and this one."""
    if number <= MOST_FRAMES:
        return list(range(number))
    last = number - 1
    chosen = [round(turn * last / (MOST_FRAMES - 1)) for turn in range(MOST_FRAMES)]
    inner = min(range(1, MOST_FRAMES - 1), key=lambda turn: abs(chosen[turn] - place))
    if place not in chosen:
        chosen[inner] = place
    return chosen


def _shown(control: Any, value: Any) -> str:
    """Return a value as the control's own readout has it."""
    if not isinstance(value, int | float):
        return str(value)
    try:
        return format(value, getattr(control, "readout_format", "g"))
    except (ValueError, TypeError):  # a format of d3 that Python does not know
        return f"{value:g}"


def _state(control: Any) -> str:
    """Return what a control is and where it stands."""
    label = _label(control)
    value = getattr(control, "label", None)
    if value is None:
        on = {True: text("widgets.on"), False: text("widgets.off")}
        value = (
            on[control.value] if isinstance(control.value, bool) else _shown(control, control.value)
        )
    return text("widgets.state", name=label, value=value) if label else ""


def _label(control: Any) -> str:
    return re.sub(r"<[^>]+>", "", str(getattr(control, "description", ""))).strip()


def _slider(control: Any, drawn: list[tuple[str, str]]) -> str:
    """Return the slider and its frames; the arrow keys move it, and a screen reader hears where to."""
    current = next((i for i, (label, _) in enumerate(drawn) if label == _now(control)), 0)
    name = html.escape(_label(control) or text("widgets.value"))
    key = f"ka-still-{next(_numbers)}"
    pieces = [
        f'<div data-frame="{i}" data-label="{html.escape(label)}"{"" if i == current else " hidden"}>'
        f"{small(picture)}</div>"
        for i, (label, picture) in enumerate(drawn)
    ]
    at = html.escape(drawn[current][0])
    told = f'<output for="{key}"><b>{at}</b></output>'
    return (
        f'<div class="ka-still" role="group" aria-label="{name}">'
        f'<label for="{key}">{text("widgets.state", name=name, value=told)}</label><br>'
        f'<input type="range" id="{key}" min="0" max="{len(drawn) - 1}" step="1" value="{current}"'
        f' aria-label="{name}" aria-valuetext="{at}" style="width: min(390px, 100%)" autocomplete="off"'
        f' oninput="{html.escape(_MOVED)}">'
        f"{''.join(pieces)}</div>"
    )


def _now(control: Any) -> str:
    label = getattr(control, "label", None)
    if label is not None:
        return str(label)
    if isinstance(control.value, bool):
        return text("widgets.on") if control.value else text("widgets.off")
    return _shown(control, control.value)


def small(page_part: str) -> str:
    """Return HTML whose PNG pictures take a tenth of the room: drawn size, few colours."""
    return _PICTURE.sub(_smaller, page_part)


def _smaller(found: re.Match[str]) -> str:
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    width = min(int(found[3]), picture.width)
    high = round(picture.height * width / picture.width)
    resized = picture.resize((width, high), Image.Resampling.LANCZOS).quantize(COLOURS)
    out = io.BytesIO()
    resized.save(out, "PNG", optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f'src="data:image/png;base64,{data}"{found[2]} width="{found[3]}"'
