"""What-if boards: move a slider, see the number and the picture change.

Prevents flicker and growing notebooks: the result is one HTML value that is replaced, not an output
area that is cleared and filled again.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ka_lib.language import text
from ka_lib.widgets import still

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def what_if(controls: Mapping[str, Any], draw: Callable[..., str]) -> Any:
    """Return a board: controls, a reset button, and a result that follows them.

    Parameters
    ----------
    controls : mapping of str to ipywidgets widget
        Each has a ``value``, which `draw` receives under this name.
    draw : callable
        Takes the values by name and returns the result as HTML.

    Returns
    -------
    ipywidgets.VBox
        ``board.controls`` are the controls, ``board.result`` the HTML widget. On static pages
        it is a slider over pictures drawn beforehand, see `ka_lib.widgets.still`.
    """
    import ipywidgets

    start = {name: control.value for name, control in controls.items()}
    result = ipywidgets.HTML(draw(**start))
    resetting = False

    def redraw(_: object = None) -> None:
        if not resetting:
            result.value = draw(**{name: control.value for name, control in controls.items()})

    def reset(_: object) -> None:
        # One drawing for all controls together.
        nonlocal resetting
        resetting = True
        for name, control in controls.items():
            control.value = start[name]
        resetting = False
        redraw()

    for control in controls.values():
        control.observe(redraw, names="value")
    button = ipywidgets.Button(description=text("widgets.reset"), icon="undo")
    button.on_click(reset)
    rows = ipywidgets.Box(
        [*controls.values(), button], layout={"flex_flow": "row wrap", "width": "100%"}
    )
    board = _board_class()([rows, result])
    board.controls, board.result, board.reset = dict(controls), result, button
    board.draw = draw
    return board


@cache
def _board_class() -> Any:
    import ipywidgets

    class Board(ipywidgets.VBox):
        """Controls and result in a column, that know how to stand on a page without a kernel."""

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            if not still.wanted():
                return super()._repr_mimebundle_(**kwargs)
            return {"text/html": still.page(self.controls, self.draw), "text/plain": "what-if"}

    return Board
