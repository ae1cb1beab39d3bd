"""Names that nearly match are offered; only an answer puts them together."""

import pandas as pd
import pytest

from ka_lib import language
from ka_lib.crm import read_export
from ka_lib.crm.names import NO_NAMES, near_key, offers, read_names
from ka_lib.errors import ExportError

ACCOUNTS = "客户编号,客户名称,行业\nC1,万桉大卖场,零售\nC2,邻鹊便利有限公司,便利\n"
DEALS = (
    "商机编号,客户名称,商机阶段,金额,创建时间,负责人,产品\n"
    "S1,万桉 大卖场,线索,1,2025-01-02,林悦,GTX Pro\n"  # a space beside Chinese means nothing
    "S2,万桉大卖场股份有限公司,线索,2,2025-01-02,林 悦,GTXPro\n"
    "S3,邻鹊便利,线索,3,2025-01-02,郭,GTX Pro\n"
    "S4,万安大卖厂,线索,4,2025-01-02,郭,GTX Basic\n"
    "S5,稻晚ＡＢ,线索,5,2025-01-02,郭,GTX Basic\n"
    "S6,稻晚ab,线索,6,2025-01-02,郭,ＧＴＸ Basic\n"  # the same letters, full width and small
)


@pytest.fixture(autouse=True)
def _english():
    language.use("en")


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "客户.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "商机.csv").write_text(DEALS, encoding="utf-8")
    return folder


def of_deal(imported):
    names = imported.company.accounts.set_index("account_id")["account_name"]
    deals = imported.company.opportunities.set_index("opportunity_id")
    return deals["account_id"].map(names).to_dict()


def test_near_names_are_offered_and_nothing_is_put_together(export):
    imported = read_export(export)
    offered = imported.names[["kind", "name", "rows", "nearest", "why"]].to_numpy().tolist()
    assert offered == [
        ["account", "邻鹊便利", 1, "邻鹊便利有限公司", "form"],
        ["account", "万桉大卖场股份有限公司", 1, "万桉大卖场", "form"],
        ["account", "稻晚ＡＢ", 2, "", "unlisted"],
        ["account", "万安大卖厂", 1, "万桉大卖场", "unlisted"],
        ["product", "GTXPro", 1, "GTX Pro", "form"],
    ]
    assert of_deal(imported) == {
        "S1": "万桉大卖场",
        "S2": "万桉大卖场股份有限公司",
        "S3": "邻鹊便利",
        "S4": "万安大卖厂",
        "S5": "稻晚ＡＢ",
        "S6": "稻晚ＡＢ",
    }
    assert any("稻晚ab = 稻晚ＡＢ" in note for note in imported.notes)
    assert "稻晚ab = 稻晚ＡＢ" in imported.repaired["example"].tolist()


@pytest.mark.parametrize(("lang", "yes", "no"), [("en", "yes", "No"), ("zh", "是", "否")])
def test_an_answer_puts_names_together_in_a_second_run(export, tmp_path, lang, yes, no):
    language.use(lang)
    first = read_export(export)
    answers = first.names_list()
    answers[answers.columns[-1]] = [yes, yes, "", no, yes]
    path = tmp_path / "names.csv"
    answers.to_csv(path, index=False, encoding="utf-8-sig")
    second = read_export(export, names=path)
    assert of_deal(second) == {
        "S1": "万桉大卖场",
        "S2": "万桉大卖场",
        "S3": "邻鹊便利有限公司",
        "S4": "万安大卖厂",
        "S5": "稻晚ＡＢ",
        "S6": "稻晚ＡＢ",
    }
    assert second.company.opportunities["product"].tolist()[:3] == ["GTX Pro"] * 3
    assert second.names["name"].tolist() == ["稻晚ＡＢ"]  # answered ones are not asked again
    assert second.names_list().iloc[:, -1].tolist() == [yes, yes, no, yes, ""]


def test_an_account_listed_twice_becomes_one_when_confirmed(tmp_path):
    (tmp_path / "客户.csv").write_text(ACCOUNTS + "C3,万桉大卖场有限公司,零售\n", encoding="utf-8")
    (tmp_path / "商机.csv").write_text(
        "商机编号,客户编号,商机阶段,创建时间\nS1,C1,线索,2025-01-02\nS2,C3,线索,2025-01-02\n",
        encoding="utf-8",
    )
    assert read_export(tmp_path).company.opportunities["account_id"].tolist() == ["C1", "C3"]
    names = tmp_path / "answers.list"
    names.write_text(
        "kind,name,nearest,same\naccount,万桉大卖场有限公司,万桉大卖场,yes\n", encoding="utf-8"
    )
    merged = read_export(tmp_path, names=names)
    assert merged.company.opportunities["account_id"].tolist() == ["C1", "C1"]
    assert merged.set_aside["cause"].tolist() == ["same_account"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("万桉大卖场有限公司", "万桉大卖场"),
        ("万桉（上海）大卖场", "万桉上海大卖场"),
        ("Cisco Systems, Co., Ltd.", "ciscosystems"),
        ("GTX Pro", "gtxpro"),
        ("有限公司", "有限公司"),
        ("---", "---"),
    ],
)
def test_what_is_left_of_a_name(name, key):
    assert near_key(name) == key


def test_offers_do_not_depend_on_order_and_prefer_the_listed_name():
    rows = {"甲乙丙丁": 1, "甲乙丙丁有限公司": 9, "甲乙丙戊": 2, "子丑": 1, "子寅": 1}
    found = offers("account", rows, {"甲乙丙丁"}, NO_NAMES)
    again = offers("account", dict(reversed(rows.items())), {"甲乙丙丁"}, NO_NAMES)
    assert found == again
    assert found[0] == ("account", "甲乙丙丁有限公司", 9, "甲乙丙丁", "form")
    assert ("account", "子丑", 1, "", "unlisted") in found  # too short to be similar


def test_an_unknown_deal_number_is_shown_with_its_nearest(tmp_path):
    (tmp_path / "deals.csv").write_text(
        "商机编号,商机阶段,创建时间\nS20250101,线索,2025-01-02\n", encoding="utf-8"
    )
    (tmp_path / "history.csv").write_text(
        "商机编号,变更后阶段,变更时间\nS2025O101,需求确认,2025-01-03\n", encoding="utf-8"
    )
    aside = read_export(tmp_path).set_aside
    assert aside["reason"].tolist() == ["no such opportunity (S2025O101, nearest: S20250101)"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("name,nearest\na,b\n", "crm.names_columns"),
        ("kind,name,nearest,same\naccount,a,b,perhaps\n", "crm.names_row"),
        ("kind,name,nearest,same\nplanet,a,b,yes\n", "crm.names_row"),
        ("kind,name,nearest,same\naccount,a,,yes\n", "crm.names_row"),
        ("kind,name,nearest,same\naccount,a,b,yes\naccount,b,a,yes\n", "crm.names_circle"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(tmp_path, content, key):
    path = tmp_path / "names.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        read_names(path)
    assert caught.value.key == key
    in_english = str(caught.value)
    language.use("zh")
    assert in_english != str(caught.value)
    with pytest.raises(ExportError):
        read_names(tmp_path / "nothing.csv")


def test_a_chain_of_names_ends_at_the_last(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("kind;name;nearest;same\naccount;a;b;y\naccount;b;c;y\n", encoding="utf-8")
    applied = read_names(path).apply("account", pd.Series(["a", "b", "c", "d", None]))
    assert applied.tolist() == ["c", "c", "c", "d", None]
