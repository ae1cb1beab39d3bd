"""Does a what-if on an exported page follow the keyboard, without a kernel and without the internet?"""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.browser

CODE = """
import ipywidgets
import ka_lib as ka
from ka_lib.charts.chart import Chart, canvas
from ka_lib import fonts

ka.use("{lang}")

def draw(discount):
    left = 0.25 - discount
    with fonts.style():
        figure, axes = canvas(1.6, {title!r} + f" {{left:.0%}}")
        axes.barh(["万桉 Wan'an"], [left])
        axes.set_xlim(0, 0.3)
    return f"<p role='status'>margin {{left:.0%}}</p>" + Chart(figure, f"margin {{left:.0%}}").html()

slider = ipywidgets.FloatSlider(
    0.05, min=0, max=0.2, step=0.01, readout_format=".0%", description={name!r}
)
ka.widgets.what_if({{"discount": slider}}, draw)
"""
WORDS = {"zh": ("折后毛利率", "折扣"), "en": ("Margin after discount", "Discount")}


@pytest.fixture(params=["zh", "en"])
def exported(request, tmp_path, monkeypatch):
    """A notebook as the site makes it: run with KA_STATIC, exported by nbconvert alone."""
    from nbconvert import HTMLExporter

    title, name = WORDS[request.param]
    monkeypatch.setenv("KA_STATIC", "1")
    code = CODE.format(lang=request.param, title=title, name=name)
    notebook = new_notebook(cells=[new_code_cell(code)])
    NotebookClient(notebook, timeout=120).execute()
    page = HTMLExporter(template_name="basic").from_notebook_node(notebook)[0]
    place = tmp_path / "页面 1.html"
    place.write_text(f'<!doctype html><meta charset="utf-8">{page}', encoding="utf-8")
    nbformat.validate(notebook)
    return place, name


def test_the_slider_is_moved_by_keys_and_says_where_it_is(exported, page):
    place, name = exported
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    slider = page.get_by_role("slider", name=name)
    frames = page.locator("[data-frame]:visible")
    assert frames.count() == 1
    assert "margin 20%" in frames.inner_text()
    slider.focus()
    page.keyboard.press("End")
    assert "margin 5%" in frames.inner_text()
    assert slider.get_attribute("aria-valuetext") == "20%"
    page.keyboard.press("Home")
    assert "margin 25%" in frames.inner_text()
    assert page.locator("output").inner_text() == "0%"
    picture = frames.locator("img")
    assert picture.get_attribute("alt") == "margin 25%"
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    away = [url for url in asked if not url.startswith(("file:", "data:"))]
    assert away == []
