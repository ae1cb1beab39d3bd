"""Orders, contacts, activities and products from plain sheets; reference values by hand."""

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib import language
from ka_lib.crm import read_export
from ka_lib.errors import ExportError
from ka_lib.validate import validate

ORDERS = """\
订单编号,客户名称,下单日期,金额（万元）,毛利
D1,万桉大卖场,2025-01-05,6,9000
D2,万桉大卖场,2025-03-05,2万,3000
D3,邻鹊便利,2025年2月1日,2,
D4,邻鹊便利,2025-02-10,-0.5,-800
D5,邻鹊便利,2025-02-30,1,100
D6,,2025-02-11,1,100
D7,邻鹊便利,2025-02-12,面议,100
D8,邻鹊便利,,1,100
合计,,,12.5,
"""


@pytest.fixture(autouse=True)
def _english():
    language.use("en")


def written(folder, **files):
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="gb18030")
    return folder


def test_an_order_list_alone_feeds_the_metrics_on_customers(tmp_path):
    export = read_export(written(tmp_path, 订单=ORDERS))
    orders = export.company.orders.set_index("order_id")
    assert orders["amount"].to_dict() == {"D1": 60_000, "D2": 20_000, "D3": 20_000, "D4": -5_000}
    assert orders["gross_profit"].fillna(-1).tolist() == [9000, 3000, -1, -800]
    assert export.set_aside[["row", "cause"]].to_numpy().tolist() == [
        [6, "date"],
        [7, "no_account_given"],
        [8, "amount"],
        [9, "no_value"],
        [10, "footer"],
    ]
    assert export.company.as_of == pd.Timestamp("2025-03-05")
    assert export.company.opportunities.empty
    validate(export.company.tables)
    # 80,000 of 95,000 with the first of two accounts; the return stays in.
    assert export.company.orders["amount"].sum() == 95_000
    table = ka.concentration.pareto(export.company.orders)
    assert table["share"].tolist() == pytest.approx([80_000 / 95_000, 15_000 / 95_000])
    rfm = ka.profile.rfm(export.company.orders, export.company.as_of, export.company.accounts)
    rfm = rfm.set_index("account_id").loc[table["account_id"]]
    # Last purchases: 5 March, the as_of itself, and 1 February, 32 days before; a return is none.
    assert rfm["recency_days"].tolist() == [0, 32]
    assert rfm["frequency"].tolist() == [2, 1]
    assert rfm["monetary"].tolist() == [80_000, 15_000]
    margin = ka.kpi.gross_margin(export.company.orders, missing="out")
    assert margin.rate == pytest.approx((9000 + 3000 - 800) / (60_000 + 20_000 - 5_000))


def test_lines_of_one_order_are_added_up_and_copies_set_aside(tmp_path):
    lines = (
        "订单号,客户,下单日期,金额,毛利,产品\n"
        "D1,万桉,2025-01-05,100,10,货架\n"
        "D1,万桉,2025-01-05,50,,冷柜\n"
        "D1,万桉,2025-01-05,50,,冷柜\n"  # word for word the same: a copy
        "D2,邻鹊,2025-01-06,70,7,货架\n"
        "D2,九穗,2025-01-06,70,7,货架\n"  # another customer under the same number
    )
    export = read_export(written(tmp_path, 订单=lines))
    orders = export.company.orders.set_index("order_id")
    assert orders["amount"].to_dict() == {"D1": 150, "D2": 70}
    assert orders["gross_profit"].to_dict() == {"D1": 10, "D2": 7}
    assert export.set_aside["cause"].tolist() == ["copy", "different_copy"]
    assert export.files[["rows", "kept", "set_aside"]].to_numpy().tolist() == [[5, 3, 2]]
    assert any("3 rows make 2 orders" in note for note in export.notes)


def test_orders_without_numbers_get_stable_ones_and_none_is_lost(tmp_path):
    lines = "客户,下单日期,金额\n万桉,2025-01-05,100\n万桉,2025-01-05,100\n邻鹊,2025-01-06,70\n"
    first = read_export(written(tmp_path, 订单=lines)).company.orders
    assert first["amount"].sum() == 270
    assert first["order_id"].is_unique
    turned = "\n".join([lines.splitlines()[0], *reversed(lines.splitlines()[1:])])
    again = read_export(written(tmp_path, 订单=turned)).company.orders
    assert set(again["order_id"]) == set(first["order_id"])


def test_an_order_in_two_files_counts_once(tmp_path):
    january = "订单号,客户,下单日期,金额\nD1,万桉,2025-01-05,100\n"
    year = january + "D2,万桉,2025-02-05,30\n"
    export = read_export(written(tmp_path, a=january, b=year))
    assert export.company.orders["amount"].sum() == 130
    assert export.set_aside["cause"].tolist() == ["in_other_file"]


def test_contacts_activities_and_products_beside_deals(tmp_path):
    export = read_export(
        written(
            tmp_path,
            商机="商机编号,客户名称,商机阶段,创建时间,负责人\nS1,万桉大卖场,线索,2025-01-02,林悦\n",
            联系人=(
                "客户名称,联系人,职务,决策角色,生日\n"
                "万桉大卖场,王芳,采购总监,决策者,1980-05-06\n"
                "万桉大卖场,陈工,工程师,路人,\n"
                "万桉大卖场,,店长,使用者,\n"
            ),
            跟进=(
                "客户名称,跟进人,跟进方式,跟进时间\n"
                "万桉大卖场,林悦,上门拜访,2025-01-03 10:00\n"
                "万桉大卖场,林悦,神交,2025-01-04\n"
            ),
            产品="产品名称,单价\n货架,1200\n货架 A,-3\n",
        )
    )
    company = export.company
    assert company.contacts["contact_name"].tolist() == ["王芳", "陈工"]
    assert company.contacts["role"].fillna("").tolist() == ["decision_maker", ""]
    assert company.activities["kind"].tolist() == ["visit"]
    assert company.activities["rep_id"].tolist() == company.opportunities["rep_id"].tolist()
    assert company.products["list_price"].fillna(0).tolist() == [1200, 0]
    assert sorted(export.set_aside["cause"]) == ["no_value", "unknown_word"]
    assert any("路人" in note for note in export.notes)
    assert company.as_of == pd.Timestamp("2025-01-03")
    validate(company.tables)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_folder_with_neither_deals_nor_orders_says_so(tmp_path, lang):
    language.use(lang)
    written(tmp_path, 联系人="客户名称,联系人\n万桉,王芳\n")
    with pytest.raises(ExportError, match=r"订单|orders"):
        read_export(tmp_path)
    written(tmp_path, 订单="订单编号,客户名称,下单日期,金额\nD1,万桉,soon,5\n")
    with pytest.raises(ExportError, match=r"soon") as caught:
        read_export(tmp_path)
    assert caught.value.key == "crm.no_usable_rows"


def test_a_profit_that_cannot_be_read_is_reported_and_the_order_stays(tmp_path):
    lines = "客户,下单日期,金额,毛利\n万桉,2025-01-05,100,面议\n"
    export = read_export(written(tmp_path, 订单=lines))
    assert export.company.orders["gross_profit"].isna().all()
    assert export.set_aside.empty
    assert any('"毛利" cannot be read in 1 rows (such as 面议)' in note for note in export.notes)
