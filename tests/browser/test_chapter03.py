"""Chapter 3 as a learner meets it: read, run, move, answer, practise, validate."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.browser

LANGUAGES = ("zh", "en")


def open_notebook(page, address: str, name: str) -> None:
    """Open a notebook of the learner's folder and wait until its kernel is ready."""
    address = re.sub(r"/lab(/tree/[^?]*)?", f"/lab/tree/{name}", address, count=1)
    page.goto(f"{address}{'&' if '?' in address else '?'}reset")  # no tabs of an earlier visit
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")


def scroll_to(page, wanted) -> None:
    """Scroll the open notebook down until something is there: cells out of sight are not drawn."""
    panel = page.locator(".jp-WindowedPanel-outer").last
    panel.evaluate("panel => { panel.scrollTop = 0 }")
    for _ in range(120):
        if wanted.count() and wanted.first.is_visible():
            wanted.first.scroll_into_view_if_needed()
            return
        panel.evaluate("panel => { panel.scrollTop += 350 }")
        page.wait_for_timeout(120)
    pytest.fail(f"not found by scrolling: {wanted}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lecture_runs_and_its_slider_and_quiz_answer(tmp_path, learn, page, run_all, lang):
    folder = tmp_path / "学 习" / "ka course"
    with learn(folder, lang) as address:
        open_notebook(page, address, f"{lang}/course/ch03.ipynb")
        run_all(page)

        scroll_to(page, page.locator(".jupyter-widgets .widget-slider, .widget-hslider"))
        picture = page.locator(".jp-OutputArea-output .widget-html-content img").first
        before = picture.get_attribute("src")
        handle = page.locator(".noUi-handle").nth(1)
        handle.focus()
        for _ in range(5):
            handle.press("ArrowRight")
        page.wait_for_function(
            "before => [...document.querySelectorAll('.widget-html-content img')]"
            ".every(image => image.src !== before)",
            arg=before,
        )

        scroll_to(page, page.locator(".widget-radio-box"))
        page.locator(".widget-radio-box input").first.check()
        page.get_by_role("button", name=re.compile("看看对不对|Check")).first.click()
        page.locator(".widget-html-content", has_text=re.compile("[✓✗]")).first.wait_for()

        page.keyboard.press("Control+s")
        page.wait_for_timeout(1500)
    saved = json.loads((folder / lang / "course" / "ch03.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", [])]
    assert len(outputs) > 15
    bad = [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert bad == []
    assert page.outside == []


@pytest.mark.parametrize(
    ("lang", "not_tried", "percent"),
    [("zh", "还没动笔", "不要填 48.39"), ("en", "not started", "not 48.39")],
)
def test_an_exercise_says_what_is_missing_and_which_mistake_it_is(  # noqa: PLR0913, PLR0917
    tmp_path, learn, page, run_all, lang, not_tried, percent
):
    folder = tmp_path / "ka course"
    with learn(folder, lang) as address:
        open_notebook(page, address, f"{lang}/exercises/ch03.ipynb")
        run_all(page)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1500)
        path = folder / lang / "exercises" / "ch03.ipynb"
        saved = json.loads(path.read_text(encoding="utf-8"))
        checks = [cell for cell in saved["cells"] if cell["id"].endswith("-check")]
        said = ["".join(cell["outputs"][0]["traceback"]) for cell in checks]
        assert len(said) == 11
        assert all(not_tried in words for words in said)

        # Answer the first question in percent, as people do.
        cell = page.locator(".jp-CodeCell", has_text="went_on = ...").first
        scroll_to(page, cell)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("went_on = funnel.loc['negotiation', 'step_rate'] * 100")
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        answered = page.locator(".jp-RenderedText", has_text=percent).first
        answered.wait_for()

        page.get_by_role("button", name="Validate").click()
        page.locator(".jp-Dialog").get_by_text("went_on").first.wait_for()
    assert page.outside == []
