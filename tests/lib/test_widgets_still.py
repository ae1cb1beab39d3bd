"""Does a what-if stand on a page without a kernel, small, and in JupyterLab only live?"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import ipywidgets
import pytest
from IPython.core.formatters import DisplayFormatter

from ka_lib import charts, language, widgets
from ka_lib.widgets import still

WIDGET = "application/vnd.jupyter.widget-view+json"
LARGEST = 150_000  # bytes of a page with a chart in each of twelve frames


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    return request.param


def board(control=None, **more):
    first = control or ipywidgets.FloatSlider(
        0.05, min=0, max=0.3, step=0.01, readout_format=".0%", description="Discount"
    )
    return widgets.what_if({"discount": first, **more}, lambda **given: f"<p>{given}</p>")


def shown(made):
    return DisplayFormatter().format(made)[0]


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_live_notebook_holds_the_board_alone(monkeypatch):
    monkeypatch.delenv("KA_STATIC", raising=False)
    data = shown(board())
    assert WIDGET in data
    assert "text/html" not in data


def test_a_static_page_holds_html_alone(monkeypatch):
    monkeypatch.setenv("KA_STATIC", "1")
    data = shown(board())
    assert WIDGET not in data
    assert "ka-still" in data["text/html"]


def test_one_control_becomes_a_slider_over_a_dozen_frames_from_where_it_stands():
    made = board()
    tags = Tags(still.page(made.controls, made.draw)).found
    frames = [about for tag, about in tags if tag == "div" and "data-frame" in about]
    assert len(frames) == 12
    assert [about["data-label"] for about in frames if "hidden" not in about] == ["5%"]
    assert (frames[0]["data-label"], frames[-1]["data-label"]) == ("0%", "30%")
    ((_, slider),) = [one for one in tags if one[0] == "input"]
    assert slider["type"] == "range"
    assert slider["aria-label"] == "Discount"
    assert slider["aria-valuetext"] == "5%"
    assert int(slider["max"]) == 11


def test_each_frame_is_what_the_board_draws_for_its_value():
    control = ipywidgets.IntSlider(3, min=1, max=5, description="n")
    page = still.page({"n": control}, lambda n: f"<p>{n * n} deals</p>")
    assert re.findall(r"<p>(\d+) deals</p>", page) == ["1", "4", "9", "16", "25"]


@pytest.mark.parametrize(
    ("control", "labels"),
    [
        (ipywidgets.Dropdown(options=[("A 类", "A"), ("B 类", "B")]), ["A 类", "B 类"]),
        (ipywidgets.SelectionSlider(options=[30, 60, 90]), ["30", "60", "90"]),
        (ipywidgets.IntSlider(0, min=0, max=2), ["0", "1", "2"]),
        (ipywidgets.BoundedFloatText(1.5, min=0, max=3, step=1.5), ["0", "1.5", "3"]),
        (ipywidgets.Text("x"), ["x"]),
        (ipywidgets.FloatLogSlider(10), ["10"]),
    ],
)
def test_every_kind_of_control_has_its_states(control, labels):
    assert [label for label, _ in still.frames(control)] == labels


def test_a_checkbox_is_on_or_off(lang):
    states = still.frames(ipywidgets.Checkbox(value=True))
    assert states == [
        ({"zh": "关", "en": "off"}[lang], False),
        ({"zh": "开", "en": "on"}[lang], True),
    ]


@pytest.mark.parametrize("value", [0, 1, 49, 77, 100])
def test_the_present_value_is_among_the_frames_and_so_are_both_ends(value):
    values = [one for _, one in still.frames(ipywidgets.IntSlider(value, min=0, max=100))]
    assert len(values) == 12
    assert values == sorted(set(values))
    assert {0, value, 100} <= set(values)


def test_several_controls_show_where_they_start_and_where_to_run_them(lang):
    made = board(growth=ipywidgets.Checkbox(value=False, description="Grow <b>fast</b>"))
    page = html.unescape(still.page(made.controls, made.draw))
    assert "<input" not in page
    assert {"zh": "Discount：5%", "en": "Discount: 5%"}[lang] in page
    assert {"zh": "Grow fast：关", "en": "Grow fast: off"}[lang] in page
    assert "'growth': False" in page
    assert "ka learn" in page


def test_words_from_data_cannot_become_markup():
    control = ipywidgets.Dropdown(options=['"><script>alert(1)</script>', "b"], description="<x>")
    page = still.page({"s": control}, html.escape)
    assert "<script" not in page


def test_a_chart_in_each_frame_stays_small_and_keeps_its_words():
    import pandas as pd

    def draw(share):
        table = pd.DataFrame({"name": ["A", "B"], "value": [share, 1 - share]})
        figure, axes = charts.chart.canvas(2.5, f"Share {share:.0%}")
        axes.barh(table["name"], table["value"])
        return charts.chart.Chart(figure, f"A has {share:.0%}").html()

    control = ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.01, description="Share")
    page = still.page({"share": control}, draw)
    assert page.count("<img ") == 12
    assert page.count('alt="A has ') == 12
    assert len(page) < LARGEST
    assert "http" not in page
