"""What is special to the opening: a start that runs, a slip to mend, and how a beginner goes wrong."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ka_course.tasks import load_assignment

ROOT = Path(__file__).parents[2]
ASSIGNMENT = load_assignment(ROOT / "solutions" / "ch00" / "tasks.py")
RELEASES = {lang: ROOT / "exercises" / lang / "ch00" / "ch00.ipynb" for lang in ("zh", "en")}
editions = pytest.mark.parametrize("lang", RELEASES)
ANSWERS = {"q1": "top_tenth", "q2": "wanan_net", "q3": "yuguo_rate"}

# What a beginner types into a cell, and the words that help; each stands for itself.
SHARE = "ka.concentration.top_share(table, {}).share"
SLIPS = (
    ("q1", SHARE.format("0.20"), "等于还没动笔", "not started yet"),
    ("q1", SHARE.format("0.01"), "最大的 1%", "largest 1%"),
    ("q1", SHARE.format("0.10%"), "写成小数 `0.10`", "as a decimal, `0.10`"),
    ("q1", SHARE.format("0。10"), "中文（全角）符号", "full-width"),
    ("q1", SHARE.format("10"), "例如 20% 写 0.2", "0.2"),
    ("q1", "59.67", "不要填 59.67", "not 59.67"),
    ("q2", 'pnl.loc["A001"，"net_contribution"]', "半角", "half-width"),
    ("q2", 'pnl.loc["A001""net_contribution"]', "少了一个逗号", "A comma `,` is missing"),
    ("q2", 'pnl["A001", "net_contribution"]', "前面要有 `.loc`", "`.loc` has to stand"),
    ("q2", 'pnl.loc["A001", net_contribution]', "列名要加引号", "take quotes"),
    ("q2", 'pnl.loc["A001", "gross_sales"]', "还没扣钱", "before anything is taken off"),
    ("q3", 'pnl.loc["A004", "contribution rate"]', "最接近的是", "The nearest is"),
    ("q3", 'pnl.loc["A004", "net_contribution"]', "换成净贡献率那一列", "the column with the rate"),
    ("q3", "8.6", "不要填 8.6", "not 8.6"),
)


def run(lang, tmp_path, changes, extra=()):
    """Run the release with some cells changed and others put in behind their task's check."""
    notebook = nbformat.read(RELEASES[lang], as_version=4)
    for cell in notebook.cells:
        cell.source = dict(changes).get(cell.id, cell.source)
    for number, (task, code) in enumerate(extra):
        place = next(i for i, cell in enumerate(notebook.cells) if cell.id == f"{task}-check")
        made = nbformat.v4.new_code_cell(code, id=f"extra-{number}")
        notebook.cells.insert(place + 1, made)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=place).execute()
    return {cell.id: said(cell) for cell in notebook.cells if cell.cell_type == "code"}


def said(cell):
    parts = [
        "\n".join(out.get("traceback", [])) + json.dumps(out, ensure_ascii=False)
        for out in cell.outputs
    ]
    return "\n".join(parts)


def test_three_core_tasks_are_all_there_is():
    found = ASSIGNMENT.tasks.values()
    assert [(task.id, task.level) for task in found] == [(name, "core") for name in ANSWERS]


@editions
def test_the_first_cell_runs_as_it_is_and_the_second_holds_one_full_width_comma(lang):
    cells = {cell.id: cell for cell in nbformat.read(RELEASES[lang], as_version=4).cells}
    compile(cells["q1"].source, "q1", "exec")
    assert "0.20" in cells["q1"].source
    with pytest.raises(SyntaxError, match="U\\+FF0C"):
        compile(cells["q2"].source, "q2", "exec")
    compile(cells["q2"].source.replace("，", ", "), "q2", "exec")
    assert "raises-exception" in cells["q2"].metadata.tags  # Run All goes on to the next task
    assert not any("..." in cells[task].source for task in ("q1", "q2"))


@pytest.mark.slow
@editions
def test_doing_what_the_text_says_passes_and_leaves_the_workbook(lang, tmp_path):
    cells = {cell.id: cell for cell in nbformat.read(RELEASES[lang], as_version=4).cells}
    changes = {
        "q1": cells["q1"].source.replace("0.20", "0.10"),
        "q2": cells["q2"].source.replace("，", ", "),
        "q3": cells["q3"].source.replace("...", 'pnl.loc["A004", "contribution_rate"]', 1),
    }
    told = run(lang, tmp_path, changes)
    assert all("✓" in told[f"{task}-check"] for task in ANSWERS)
    assert (tmp_path / "for-lao-guo.xlsx").is_file()


@pytest.mark.slow
@editions
def test_slips_of_a_beginner_are_explained_in_the_edition_s_language(lang, tmp_path):
    extra = [
        (task, f"{ANSWERS[task]} = {code}\ncheck({task!r}, {ANSWERS[task]})")
        for task, code, _, _ in SLIPS
    ]
    told = run(lang, tmp_path, {}, extra)
    for number, (_, code, zh, en) in enumerate(SLIPS):
        assert (zh if lang == "zh" else en) in told[f"extra-{number}"], code
