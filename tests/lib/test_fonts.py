import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from ka_lib import fonts

ROOT = Path(__file__).parents[2]
FILES = sorted(fonts.FOLDER.glob("*.ttf"))
TEXTS = [
    path
    for folder in ("course", "solutions", "reports", "exercises", "ka_lib/messages", "ka_course/messages", "ka_lib/chapters", "ka_lib/practice")
    for suffix in ("*.md", "*.yaml", "*.py", "*.json", "*.csv", "*.ipynb")
    for path in sorted((ROOT / folder).rglob(suffix))
    if not {".ipynb_checkpoints", "raw"} & set(path.parts)  # a raw export is in GB18030
]  # fmt: skip


@cache
def has(path: Path) -> set[str]:
    with TTFont(path, lazy=True) as font:
        return {chr(code) for code in font.getBestCmap()}


def test_regular_and_bold_ship_with_their_licence_and_stay_small() -> None:
    assert [path.name for path in FILES] == ["NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf"]
    assert all(path.stat().st_size < 2_600_000 for path in FILES)
    licence = (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_character_of_gb2312_is_there(path: Path) -> None:
    wanted = {
        bytes((high, low)).decode("gb2312", errors="ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    } - {""}
    assert len(wanted) == 6763  # the two levels of the standard
    assert wanted <= has(path)


def test_every_character_that_the_course_writes_is_there() -> None:
    written = {
        character
        for path in TEXTS
        for character in path.read_text(
            encoding="utf-8", errors="ignore"
        )  # faulty on purpose: raw exports
        if character.isprintable()
    }
    # Emoji and other signs of prose need no glyph in a chart; Chinese does, wherever it stands.
    chinese = {c for c in written if "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"}
    assert len(chinese) > 100
    assert not chinese - has(FILES[0])


@pytest.mark.parametrize("sign", "↑↓→←·–—…％¥￥≥≤×−±★☆◇◆✓◀▲▼①②③“”‘’（）【】《》、。；：")
def test_signs_of_charts_and_tables_are_there(sign: str) -> None:
    assert all(sign in has(path) for path in FILES)


def test_our_style_leaves_the_readers_settings_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with fonts.style():
        assert mpl.rcParams["font.family"] == list(fonts.FAMILY)
    assert dict(mpl.rcParams) == before


def test_setup_lets_a_plot_of_the_reader_show_chinese() -> None:
    code = (
        "import warnings; warnings.simplefilter('error')\n"
        "from ka_lib import fonts; fonts.setup()\n"
        "import matplotlib; matplotlib.use('agg')\n"
        "import matplotlib.pyplot as plt, io\n"
        "figure, axes = plt.subplots(); axes.set_title('签约额（万元）−5 ✗')\n"
        "figure.savefig(io.BytesIO(), format='png')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_notebook_gets_the_font_when_a_cell_first_wants_to_draw() -> None:
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "from ka_lib import fonts; fonts.follow()\n"
        "shell.run_cell('1 + 1')\n"
        "assert 'matplotlib' not in sys.modules\n"
        "shell.run_cell('import matplotlib.pyplot as plt')\n"
        "assert sys.modules['matplotlib'].rcParams['font.family'][0] == 'Noto Sans SC'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")  # fmt: skip
    assert done.returncode == 0, done.stderr
