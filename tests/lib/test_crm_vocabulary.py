"""Each system's own headers are known; a reader's vocabulary needs no code, and says what is wrong."""

import pytest

from ka_lib import language
from ka_lib.crm import read_export, vocabulary
from ka_lib.errors import ExportError
from ka_lib.tables import STAGES

DYNAMICS = """\
(Do Not Modify) Opportunity,Topic,Potential Customer,Owner,Est. Revenue,Actual Revenue,Est. Close Date,Actual Close Date,Status,Status Reason,Sales Stage,Probability,Created On
6f1a,Shelf plan,Wan'an Hypermart,Lin Yue,"¥120,000.00","¥118,000.00",2025-03-31,2025-03-20,Won,Won,Close,100,2025-01-13 09:30
6f1b,Chillers,Yuguo Club,Lin Yue,"¥80,000.00",,2025-12-15,,Open,In Progress,Propose,60,2025-02-03 10:00
6f1c,New year,Jiusui Fresh,Guo,"¥30,000.00",,2025-04-30,2025-04-01,Lost,Out-Sold,Develop,0,2025-02-05 11:00
"""
DYNAMICS_ZH = """\
主题,潜在客户,负责人,预计收入,预计结束日期,实际结束日期,状态,状态描述,渠道阶段,可能性,创建时间
货架,万桉大卖场,林悦,120000,2025-03-31,2025-03-20,成功,成功,4-结束,100,2025-01-13
冷柜,屿果会员店,林悦,80000,2025-12-15,,未结,正在进行,3-提议,60,2025-02-03
年货,九穗生鲜,郭,30000,2025-04-30,2025-04-01,丢单,售完,2-开发,0,2025-02-05
"""
ZOHO = """\
Record Id,Deal Owner,Deal Name,Account Name,Type,Lead Source,Amount,Closing Date,Next Step,Stage,Probability,Expected Revenue,Created Time
zcrm_1,Lin Yue,Shelf plan,Wan'an Hypermart,New Business,Trade Show,120000,2025-03-20,,Closed Won,100,120000,2025-01-13 09:30:00
zcrm_2,Lin Yue,Chillers,Yuguo Club,New Business,Web,80000,2025-12-15,,Proposal/Price Quote,60,48000,2025-02-03 10:00:00
zcrm_3,Guo,New year,Jiusui Fresh,Existing Business,Web,30000,2025-04-01,,Closed Lost to Competition,0,0,2025-02-05 11:00:00
"""
ZOHO_ZH = """\
记录 ID,商机所有者,商机名称,客户名称,线索来源,金额,预计成交日期,阶段,可能性 (%),创建时间
1,林悦,货架,万桉大卖场,展会,120000,2025-03-20,成交,100,2025-01-13
2,林悦,冷柜,屿果会员店,官网,80000,2025-12-15,提案/报价,60,2025-02-03
3,郭,年货,九穗生鲜,官网,30000,2025-04-01,丢单,0,2025-02-05
"""
HONGQUAN = """\
销售机会编号,销售机会名称,所属客户,归属人,销售阶段,预计成交金额,预计成交日期,实际成交日期,成交概率,创建时间,丢单原因
1,货架,万桉大卖场,林悦,签单,12万,2025-03-31,2025-03-20,100%,2025-01-13,
2,冷柜,屿果会员店,林悦,方案报价,8万,2025-12-15,,60%,2025-02-03,
3,年货,九穗生鲜,郭,丢单,3万,2025-04-30,2025-04-01,0%,2025-02-05,价格
"""
XIAOSHOUYI = """\
销售机会编号,销售机会名称,客户名称,销售机会所有人,销售阶段,销售金额,结单日期,实际结单日期,赢率(%),创建日期,输单描述
1,货架,万桉大卖场,林悦,赢单,120000,2025-03-31,2025-03-20,100,2025-01-13,
2,冷柜,屿果会员店,林悦,方案报价,80000,2025-12-15,,60,2025-02-03,
3,年货,九穗生鲜,郭,输单,30000,2025-04-30,2025-04-01,0,2025-02-05,价格
"""
OURS = """\
system: ours
tables:
  opportunities:
    opportunity_id: [单号]
    account_name: [甲方]
    stage: [进度]
    created_on: [立项]
    amount: [标的]
stages:
  proposal: [打样]
won: [拿下]
"""
OUR_EXPORT = "单号,甲方,进度,立项,标的\n1,万桉,打样,2025-01-02,5万\n"


@pytest.fixture(autouse=True)
def _english():
    language.use("en")


@pytest.mark.parametrize(
    ("system", "content", "lost_stage"),
    [
        ("dynamics", DYNAMICS, "needs"),
        ("dynamics", DYNAMICS_ZH, "needs"),
        ("zoho", ZOHO, None),
        ("zoho", ZOHO_ZH, None),
        ("hongquan", HONGQUAN, None),
        ("xiaoshouyi", XIAOSHOUYI, None),
    ],
)
def test_a_system_is_recognised_and_read(tmp_path, system, content, lost_stage):
    (tmp_path / "deals.csv").write_text(content, encoding="utf-8")
    export = read_export(tmp_path)
    assert export.system == system
    assert export.set_aside.empty
    deals = export.company.opportunities
    assert deals["status"].tolist() == ["won", "open", "lost"]
    assert deals["stage"].fillna("").tolist() == ["delivery", "proposal", lost_stage or ""]
    assert deals["amount"].tolist() == [120_000, 80_000, 30_000]
    assert deals["closed_on"].dt.strftime("%m-%d").fillna("").tolist() == ["03-20", "", "04-01"]
    assert deals["expected_close_on"].iloc[1].strftime("%m-%d") == "12-15"
    assert deals["created_on"].dt.strftime("%m-%d").tolist() == ["01-13", "02-03", "02-05"]
    assert deals["probability"].tolist() == [1.0, 0.6, 0.0]
    assert len(export.company.accounts) == 3
    assert len(export.company.reps) == 2


def test_every_vocabulary_says_where_its_names_come_from():
    import yaml

    for path in vocabulary.FOLDER.glob("*.yaml"):
        source = yaml.safe_load(path.read_text(encoding="utf-8"))["source"]
        honest = "https://" in source or "not checked" in source or "no public source" in source
        assert honest, path.name


def test_every_system_has_words_for_stages_won_and_lost():
    for name, words in vocabulary.shipped().items():
        assert {"won", "lost"} <= set(words.stages.values()), name
        assert len(set(words.stages.values()) & set(STAGES)) >= 4, name


def test_ones_own_file_is_used_without_touching_code(tmp_path):
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "deals.csv").write_text(OUR_EXPORT, encoding="utf-8")
    own = tmp_path / "我们 的.yaml"
    own.write_text(OURS, encoding="utf-8-sig")
    for arguments in ({"vocabulary": own}, {"vocabulary": str(own)}, {"system": own}):
        export = read_export(folder, **arguments)
        assert export.system == "ours"
        assert export.company.opportunities["stage"].tolist() == ["proposal"]
        assert export.company.opportunities["amount"].tolist() == [50_000]


def test_ones_own_names_come_before_those_of_a_system(tmp_path):
    (tmp_path / "deals.csv").write_text(
        ZOHO.replace("Next Step", "Product line").replace("Proposal/Price Quote", "Trial"), "utf-8"
    )
    own = tmp_path / "ours.txt"
    own.write_text(
        "system: ours\ntables: {opportunities: {product: [Product line]}}\n"
        "stages: {negotiation: [Trial]}\n",
        encoding="utf-8",
    )
    export = read_export(tmp_path, system="zoho", vocabulary=own)
    assert export.company.opportunities["stage"].fillna("").tolist() == [
        *("delivery", "negotiation", "")
    ]
    used = export.mapped.set_index("field")["column"]
    assert (used["product"], used["close_on"]) == ("Product line", "Closing Date")
    with pytest.raises(ExportError) as caught:
        read_export(tmp_path, system="sap", vocabulary=own)
    assert caught.value.key == "crm.unknown_system"


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        (("system: ours\n", ""), "crm.vocabulary_system", "system: ours"),
        (("stages:", "stagess:"), "crm.vocabulary_word", '"stages"'),
        (("  opportunities:", "  oportunities:"), "crm.vocabulary_word", '"opportunities"'),
        (("account_name:", "acount_name:"), "crm.vocabulary_word", '"account_name"'),
        (("proposal:", "proposals:"), "crm.vocabulary_word", '"proposal"'),
        (("[打样]", "打样"), "crm.vocabulary_list", "stages.proposal"),
        (("[拿下]", "[yes]"), "crm.vocabulary_list", "won"),
        (("stages:\n  proposal: [打样]", "stages: [打样]"), "crm.vocabulary_mapping", "stages"),
        (("[单号]", "[单号"), "crm.vocabulary_yaml", "Line"),
        (("won:", 'stage_columns: ["进入日期"]\nwon:'), "crm.vocabulary_pattern", "{stage}"),
        (("won:", "codes: {role: {boss: [老板]}}\nwon:"), "crm.vocabulary_word", "decision_maker"),
    ],
)
def test_a_broken_file_names_the_part_and_what_may_stand_there(tmp_path, change, key, told):
    own = tmp_path / "ours.yaml"
    assert change[0] in OURS
    own.write_text(OURS.replace(*change), encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        vocabulary.read(own)
    assert caught.value.key == key
    assert told in str(caught.value)
    assert "ours.yaml" in str(caught.value)
    language.use("zh")
    assert "词表 ours.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "crm.vocabulary_mapping"),
        (b"- a\n- b\n", "crm.vocabulary_mapping"),
        ("system: 我们\n".encode("gb18030"), "crm.vocabulary_encoding"),
        (b"\x00", "crm.vocabulary_yaml"),
    ],
)
def test_a_file_that_is_no_vocabulary(tmp_path, content, key):
    own = tmp_path / "ours.yaml"
    own.write_bytes(content)
    with pytest.raises(ExportError) as caught:
        vocabulary.read(own)
    assert caught.value.key == key
    with pytest.raises(ExportError) as missing:
        vocabulary.read(tmp_path / "nothing.yaml")
    assert missing.value.key == "crm.not_found"
