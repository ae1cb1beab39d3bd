"""Shared by the tests of the charts: both languages, and a look at what a reader would see."""

from __future__ import annotations

import re

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from ka_lib import fonts, language

_NAN = re.compile(r"\bnan\b", re.IGNORECASE)


@pytest.fixture(params=["zh", "en"])
def lang(request):
    """Run the test once in each language."""
    language.use(request.param)
    return request.param


@pytest.fixture
def readable():
    """Check that a chart draws without a warning, has words, and no text is cut or covered."""
    return _readable


def _readable(chart):
    assert chart.png().startswith(b"\x89PNG")
    assert len(chart.alt) > 10
    assert not _NAN.search(chart.alt)
    assert "{" not in chart.alt
    figure = chart.figure
    with fonts.style():
        drawn = FigureCanvasAgg(figure)
        drawn.draw()
    renderer = drawn.get_renderer()
    page = figure.bbox
    # Ticks beyond the limits exist but are not drawn.
    hidden = [label for axes in figure.axes for label in _hidden_ticks(axes)]
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden
    ]
    assert boxes
    for words, box in boxes:
        assert not _NAN.search(words)
        assert box.x0 >= page.x0 - 1, words
        assert box.x1 <= page.x1 + 1, words
        assert box.y0 >= page.y0 - 1, words
        assert box.y1 <= page.y1 + 1, words
    for i, (words, box) in enumerate(boxes):
        for other_words, other in boxes[i + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            # Boxes of glyphs have some air above and below.
            assert across < 1 or along < 5, (words, other_words)
    for axes in figure.axes:
        for patch in axes.patches:
            if patch.get_visible() and not patch.get_clip_on():
                box = patch.get_window_extent(renderer)
                assert box.x0 >= page.x0 - 1
                assert box.x1 <= page.x1 + 1


def _hidden_ticks(axes):
    hidden = []
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        low, high = sorted(limits)
        hidden += [t.label1 for t in axis.get_major_ticks() if not low <= t.get_loc() <= high]
        hidden += [t.label2 for t in axis.get_major_ticks()]
    return hidden
