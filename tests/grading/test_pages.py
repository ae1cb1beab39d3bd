"""Can a learner's text act on the page where the instructor writes scores?"""

import base64

import nbformat
from bs4 import BeautifulSoup
from jinja2 import ChainableUndefined
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.server_extensions.formgrader import handlers

from ka_course.cohort import Cohort
from ka_course.grading.batch import load_config
from ka_course.grading.outputs import accept

PICTURE = base64.b64encode(b"\x89PNG").decode()


def formgrader_page(room, cells):
    config = load_config(Cohort.load(room.root))
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    exporter = HTMLExporter(config=config)
    exporter.environment.undefined = ChainableUndefined
    notebook = nbformat.v4.new_notebook(cells=cells)
    about = {"index": 0, "total": 1, "base_url": "/", "css": {}, "nbgrader": {}}
    return exporter.from_notebook_node(notebook, resources=about)[0]


def test_text_and_outputs_neither_act_nor_load(classroom):
    words = (
        "**x** <script>alert('SIGN')</script> <img src=x onerror=alert('SIGN')> "
        "[a](javascript:SIGN) <iframe src=//SIGN></iframe> <svg onload=SIGN> "
        "<a href='data:text/html,SIGN'>b</a> ![c](attachment:d.png) $a<b$"
    )
    written = new_markdown_cell(words)
    written.attachments = {"d.png": {"image/png": PICTURE}}
    answer = new_markdown_cell(words)
    answer.attachments = written.attachments
    lost = new_markdown_cell("![gone](attachment:gone.png)")
    answer.metadata["nbgrader"] = {"grade": True, "solution": True, "grade_id": "m3", "points": 1}
    shown = new_code_cell("1")
    shown.outputs = [accept({"output_type": "display_data", "data": {"text/html": words}})]
    soup = BeautifulSoup(
        formgrader_page(classroom(), [written, answer, shown, lost]), "html.parser"
    )
    assert len(soup.find_all("strong", string="x")) == 2
    for tag in soup.find_all(True):
        assert "SIGN" not in str(tag.attrs), tag
        if tag.name in ("script", "style", "iframe", "svg"):
            assert "SIGN" not in tag.text
    pictures = [image.get("src") for image in soup.find_all("img", alt="c")]
    assert pictures == [f"data:image/png;base64,{PICTURE}"] * 2
    assert "attachment:gone.png" in soup.text
    assert "$a<b$" in soup.text
