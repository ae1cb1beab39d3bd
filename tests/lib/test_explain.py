"""Is an error explained in both languages, while it stays an error and stderr stays empty?"""

import linecache

import nbclient
import nbformat
import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.explain import explanation
from ka_lib.language import use
from ka_lib.likely_typo import full_width_sign

START = 'import pandas as pd\nimport ka_lib as ka\nka.use("{lang}")\ncompany = ka.load()\ndeals = company.opportunities'
MISTAKES = {
    'print("好"，1)': ("SyntaxError", "第 1 行第 10 个字符 `，` 是中文（全角）符号，Python 只认英文（半角）的 `,`", "full-width `，`"),
    "x ＝ 3": ("SyntaxError", "`＝` 是中文（全角）符号", "half-width `=`"),
    "len（[1])": ("SyntaxError", "`（` 是中文（全角）符号", "half-width `(`"),
    "print(“hi”)": ("SyntaxError", "`“` 是中文（全角）符号", "full-width `“`"),
    'print("hi”)': ("SyntaxError", "`”` 是中文（全角）符号", "full-width `”`"),
    "x\u3000= 3": ("SyntaxError", "全角空格", "full-width space"),
    "total = (1 + 2": ("SyntaxError", "补一个 `)`", "Add a `)`"),
    "total = 1 + 2)": ("SyntaxError", "多了一个 `)`", "no partner"),
    'print("abc)': ("SyntaxError", "少了一个引号", "A quote is missing"),
    "if True:\nprint(1)": ("IndentationError", "第 2 行要往右缩进", "line 2 must be indented|Line 2 must be"),
    "x = 1\n  y = 2": ("IndentationError", "多了空格", "starts with spaces"),
    "if deals = 3:\n    pass": ("SyntaxError", "要写 `==`", "write `==`"),
    "for i in range(3)\n    i": ("SyntaxError", "少了一个冒号", "A colon"),
    "budget = 12万": ("SyntaxError", "不能带单位", "takes no unit"),
    'deals["amont"].sum()': ("KeyError", '`deals` 里没有“amont”这一列。最接近的是 `"amount"`', 'no column "amont"'),
    'company.opportunities["Amount"]': ("KeyError", '最接近的是 `"amount"`', 'nearest is `"amount"`'),
    "amount": ("NameError", "列名要加引号", "take quotes"),
    "dealss": ("NameError", "你是不是想写 `deals`", "Did you mean `deals`"),
    "qualified": ("NameError", "还没运行", "has not been run"),
    'check("q1", 1)': ("NameError", "运行选中单元格上方", "Run All Above"),
    "deals.haed()": ("AttributeError", "你是不是想写 `.head`", "Did you mean `.head`"),
    "import pandsa": ("ModuleNotFoundError", "你是不是想写 `pandas`", "Did you mean `pandas`"),
    'open("没有.csv")': ("FileNotFoundError", "找不到文件“没有.csv”", 'no file "没有.csv"'),
    '"a" + 1': ("TypeError", "文字和数字不能直接一起算", "Text and numbers"),
    "1 / len(deals[:0])": ("ZeroDivisionError", "除数是 0", "division by 0"),
    "share = ...\nshare * 2": ("TypeError", "先把空填上", "fill in the blank first"),
    'raise LookupError("why")': ("LookupError", "Python 报的是：why", "Python says: why"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "place"), [("zh", 1), ("en", 2)])
def test_a_notebook_explains_and_still_fails(lang, place):
    cells = [START.format(lang=lang), *MISTAKES]
    cells += [
        'ka.use("fr")',
        "from ka_lib.feedback import CheckFailed\nraise CheckFailed('第 1 题')",
    ]
    cells += ["raise KeyboardInterrupt", "1 + 1"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    first, *rest = notebook.cells
    assert first.outputs == []
    for cell, (source, told) in zip(rest, MISTAKES.items(), strict=False):
        shown, error = cell.outputs
        assert (source, error.ename) == (source, told[0])
        assert len(error.traceback) == 1
        assert "\n" not in error.traceback[0]
        words = told[place].split("|")
        assert any(word in shown.data["text/plain"] for word in words), shown.data["text/plain"]
        assert "<details" in shown.data["text/html"]
    for own in rest[len(MISTAKES) : len(MISTAKES) + 2]:
        (error,) = own.outputs
        assert error.output_type == "error"
        assert error.traceback == [error.evalue]
    assert rest[-2].outputs[0].ename == "KeyboardInterrupt"
    assert rest[-1].outputs[0].data["text/plain"] == "2"
    streams = [
        out for cell in notebook.cells for out in cell.outputs if out.output_type == "stream"
    ]
    assert streams == []


@pytest.mark.parametrize(
    ("source", "sign"),
    [
        ('print("，")  # （', None),
        ("x = '''\n，\n'''", None),
        ('x = "a\\"，"', None),
        ("x = 1，2", "，"),
        ("名称 = 3", None),
        ('f("好")；', "；"),
        ("x = １２", "１"),
    ],
)
def test_full_width_signs_count_in_code_only(source, sign):
    found = full_width_sign(source)
    assert (found.sign if found else None) == sign


def raised(code, **names):
    filename = f"<ipython-input-{abs(hash(code))}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    try:
        exec(compile(code, filename, "exec"), names)  # noqa: S102
    except Exception as error:  # noqa: BLE001
        return explanation(error)
    return ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('table[["stag"]]', '`table` has no column "stag". The nearest is `"stage"`'),
        ('table.groupby("stag")', 'nearest is `"stage"`'),
        (
            'table.groupby("stage")["coutn"]',
            '`table` has no column "coutn". The nearest is `"count"`',
        ),
        ('table["zzz"]', "Its columns are: stage, count"),
        ('table.query("cuont > 1")', "Did you mean `count`"),
        ("table.loc[99]", 'no row "99"'),
        ('known["laed"]', "It has: lead"),
        ("table.stagee", "`.stage`"),
        ("table('stage')", "not a function"),
        ("table.head[2]", "round brackets `( )`"),
        ("if table['count'] > 1: pass", "`&` (and)"),
        ("float('1,2')", 'The text "1,2" cannot become a number'),
        ("[1][4]", "first is number 0"),
        ("table.head(m=2)", "no argument `m`"),
        ("def f(a): pass\nf()", "something is missing: 'a'"),
        ("None.x", "empty (None)"),
        ("None + 1", "empty (None)"),
        ("sun([1])", "Did you mean `sum`"),
        ('table["lead", "count"]', '`table.loc["row", "column"]`'),
        ('table.loc[0, "coutn"]', '`table` has no column "coutn". The nearest is `"count"`'),
        ("len(table, 10%)", "Write 10% as a decimal"),
        ('table.loc["0""count"]', "A comma `,` is missing between two texts"),
        ("pd.DataFrame()", "the first cell"),
        ("open('nowhere/x.csv')", 'no folder "nowhere"'),
    ],
)
def test_causes_are_named(code, words):
    use("en")
    try:
        table = pd.DataFrame({"stage": ["lead"], "count": [2]})
        assert words in raised(code, table=table, known={"lead": 1})
    finally:
        use("zh")


TAKEN_FROM = 'The table you take it from has no column "'


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            'ka.teamwork.ageing(company.payments, company.as_of)["overdue_rat"]',
            TAKEN_FROM + 'overdue_rat". The nearest is `"overdue_rate"`',
        ),
        (
            'ka.teamwork.ageing(company.payments, company.as_of).loc[0, "overdue_rat"]',
            TAKEN_FROM + 'overdue_rat". The nearest is `"overdue_rate"`',
        ),
        (
            'company.payments[["account_id"]]["zzz"]',
            TAKEN_FROM + 'zzz". Its columns are: account_id.',
        ),
        ('table.set_index("stage")["stage"]', TAKEN_FROM + 'stage". Its columns are: count.'),
        (
            'table[table["count"] > 1]["coutn"]',
            '`table` has no column "coutn". The nearest is `"count"`',
        ),
        (
            'len(table); company.payments["acount_id"]',
            '`company.payments` has no column "acount_id". The nearest is `"account_id"`',
        ),
        (
            'table.merge(other, on="count")',
            '`other` has no column "count". Its columns are: stage.',
        ),
    ],
)
def test_a_column_is_looked_for_in_the_table_that_was_asked(code, words):
    use("en")
    try:
        table = pd.DataFrame({"stage": ["lead"], "count": [2]})
        told = raised(code, table=table, other=table[["stage"]], ka=ka, company=ka.load())
        assert words in told
        use("zh")
        told = raised(code, table=table, other=table[["stage"]], ka=ka, company=ka.load())
        place = "你取列的这张表" if TAKEN_FROM in words else words.split(" has ")[0]
        assert f"{place}里没有" in told.replace("` 里", "`里")
    finally:
        use("zh")


@pytest.mark.parametrize("name", ["top_tenth", "named", "exits", "quite", "object_"])
def test_names_that_a_beginner_does_not_mean_are_not_suggested(name):
    # IPython itself puts these into every notebook.
    of_ipython = {"In": [], "Out": {}, "open": open, "exit": exit, "quit": quit}
    use("en")
    try:
        told = raised(name, **of_ipython, get_ipython=print)
    finally:
        use("zh")
    assert "Did you mean" not in told
    assert "has not been run" in told
