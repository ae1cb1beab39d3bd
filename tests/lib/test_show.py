import pandas as pd
import pytest

from ka_lib import language
from ka_lib.display import show
from ka_lib.errors import ParameterError
from ka_lib.labels import CODES, label
from ka_lib.language import messages
from ka_lib.tables import STAGES, STATUSES, TABLES


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


DEALS = pd.DataFrame(
    {
        "opportunity_id": ["O1", "O2"],
        "stage": ["proposal", "somewhere"],
        "status": ["open", None],
        "amount": [118_000.0, float("nan")],
        "created_on": pd.to_datetime(["2025-03-05", None]),
        "step_rate": [0.444, float("nan")],
        "reasons": ["overdue, stuck", "no_date"],
    }
)


def test_codes_headers_money_rates_and_dates_read_as_the_reader_expects(lang: str) -> None:
    shown = show(DEALS).frame
    assert list(shown.columns) == {
        "zh": ["商机编号", "阶段", "状态", "金额（万元）", "创建日期", "上一步转化率", "为什么要看"],
        "en": ["Opportunity ID", "Stage", "Status", "Amount (CNY thousand)", "Created", "Step rate", "Why"],
    }[lang]  # fmt: skip
    assert list(shown.iloc[0]) == {
        "zh": ["O1", "方案呈现", "在跟", "11.8", "2025-03-05", "44%", "过了预计成交日、停留太久"],
        "en": ["O1", "Proposal", "Open", "118.0", "2025-03-05", "44%", "Expected date has passed, Too long in its stage"],
    }[lang]  # fmt: skip
    assert list(shown.iloc[1])[1:6] == ["somewhere", "—", "—", "—", "—"]


def test_the_pains_of_a_survey_are_named_one_by_one(lang: str) -> None:
    answers = pd.DataFrame({"pains": ["price;stock_out", "shelf_life", None]})
    assert (
        list(show(answers).frame.iloc[:, 0])
        == {
            "zh": ["价格、缺货", "保质期短", "—"],
            "en": ["Price, Out of stock", "Short shelf life", "—"],
        }[lang]
    )


def test_the_table_itself_stays_as_it_was() -> None:
    before = DEALS.copy(deep=True)
    show(DEALS)
    pd.testing.assert_frame_equal(DEALS, before)


def test_exact_money_is_whole_yuan(lang: str) -> None:
    parts = pd.Series(
        [12_047_999, 9_840_001], index=pd.Index([1, 2], name="quarter"), name="target"
    )
    shown = show(parts, exact=True).frame
    assert list(shown.iloc[:, 1]) == ["12,047,999", "9,840,001"]
    assert (
        list(shown.columns)
        == {"zh": ["季度", "目标（元）"], "en": ["Quarter", "Target (CNY)"]}[lang]
    )


def test_a_meaningless_index_is_hidden_and_a_named_one_shown() -> None:
    assert show(DEALS[DEALS["status"].isna()]).frame.shape == (1, 7)
    by_status = DEALS.groupby("status")["amount"].sum()
    assert show(by_status).frame.shape == (1, 2)
    text_index = pd.DataFrame({"x": [1]}, index=["a"])
    assert list(show(text_index).frame.iloc[0]) == ["a", "1"]


def test_one_row_of_a_table_is_shown_as_a_row(lang: str) -> None:
    row = pd.DataFrame(
        {"stage": ["proposal"], "next_stage": ["negotiation"], "rate_now": [0.48], "value_gained": [1.33e6]}
    ).iloc[0]  # fmt: skip
    shown = show(row).frame
    assert shown.shape == (1, 4)
    assert list(shown.iloc[0])[2:] == ["48%", {"zh": "133.0", "en": "1,330"}[lang]]


def test_a_weight_is_a_share_unless_it_is_a_number_from_one_to_five() -> None:
    assert list(show(pd.DataFrame({"weight": [0.2, 0.8]})).frame.iloc[:, 0]) == ["20%", "80%"]
    assert list(show(pd.DataFrame({"weight": [1.0, 4.0]})).frame.iloc[:, 0]) == ["1", "4"]
    assert list(show(pd.DataFrame({"weight": [1.0, 0.0]})).frame.iloc[:, 0]) == ["100%", "0%"]


def test_a_rating_aimed_at_is_no_money() -> None:
    shown = show(pd.DataFrame({"target_rating": [8.5], "target": [120_000.0]})).frame
    assert shown.iloc[0, 0] == "8.50"
    assert "12" in shown.iloc[0, 1]


def test_scored_criteria_are_points_not_money() -> None:
    scores = pd.DataFrame({"contribution": [100.0, 14.25], "score": [97.14, 31.5]})
    assert list(show(scores).frame.iloc[1]) == ["14.2", "31.5"]


def test_long_tables_say_how_much_is_missing(lang: str) -> None:
    shown = show(pd.DataFrame({"x": range(1_050)}), rows=20)
    assert len(shown.frame) == 20
    assert shown.note == {"zh": "还有 1,030 行没有列出。", "en": "1,030 more rows."}[lang]
    assert shown.note in shown._repr_html_()


def test_an_empty_table_says_so(lang: str) -> None:
    assert {"zh": "没有符合条件的行", "en": "No rows"}[lang] in show(DEALS.head(0))._repr_html_()


def test_html_is_escaped_aligned_and_the_same_every_time() -> None:
    page = show(pd.DataFrame({"account_name": ["<b>A&B</b>"], "amount": [1.0]}), caption="<x>")
    html = page._repr_html_()
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in html
    assert "<caption>&lt;x&gt;</caption>" in html
    assert html.count("text-align: right") == 2
    assert html == page._repr_html_()


def test_what_is_not_a_table_is_refused_in_a_sentence() -> None:
    with pytest.raises(ParameterError, match="int"):
        show(3)  # type: ignore[arg-type]


def test_a_code_without_a_name_is_shown_as_it_is_and_a_missing_one_as_a_dash() -> None:
    assert label("stage", "elsewhere") == "elsewhere"
    assert label("stage", None) == label("stage", float("nan")) == label("stage", pd.NaT) == "—"


def test_every_column_and_code_of_the_tables_has_a_name_in_both_languages() -> None:
    known = messages.topic("labels")
    wanted = {f"column.{name}" for table in TABLES.values() for name in table.names}
    wanted |= {f"stage.{stage}" for stage in STAGES} | {f"status.{status}" for status in STATUSES}
    wanted |= {f"table.{name}" for name in TABLES}
    assert wanted <= set(known)
    assert all(texts["zh"] and texts["en"] for texts in known.values())
    assert {
        kind for kind in CODES.values() if not any(k.startswith(f"{kind}.") for k in known)
    } == set()
