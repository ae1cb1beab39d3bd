"""Does a review say what its tables say, and nothing that the data cannot tell?"""

from __future__ import annotations

import re

import pandas as pd
import pytest

import ka_lib as ka
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.review import Review, findings, measures, open_review, scope
from ka_lib.review.sections import SECTIONS
from ka_lib.review.table import Table


def company(rows, as_of="2025-06-30", history=None):
    """Return a company of (created, status, closed, amount, rep) rows."""
    columns = ["created_on", "status", "closed_on", "amount", "rep_id"]
    deals = pd.DataFrame(rows, columns=columns)
    deals["created_on"] = pd.to_datetime(deals["created_on"])
    deals["closed_on"] = pd.to_datetime(deals["closed_on"])
    deals["amount"] = deals["amount"].astype("float64")
    deals.insert(0, "opportunity_id", [f"O{i}" for i in range(len(deals))])
    deals["account_id"] = "A1"
    deals["stage"] = deals["status"].map({"won": "delivery", "lost": "proposal", "open": "needs"})
    tables = {
        "opportunities": deals,
        "accounts": pd.DataFrame({"account_id": ["A1"], "account_name": ["Anping"]}),
        "reps": pd.DataFrame({"rep_id": ["R1", "R2"], "rep_name": ["Wang Min", "Li Na"]}),
    }
    if history is not None:
        tables["stage_history"] = history
    return Company("Test", pd.Timestamp(as_of), tables)


TWO_YEARS = [
    ("2023-01-05", "lost", "2023-02-01", 10, "R1"),
    ("2024-01-10", "won", "2024-02-09", 100, "R1"),  # 30 days
    ("2024-01-10", "won", "2024-03-10", 300, "R2"),  # 60 days
    ("2024-02-01", "lost", "2024-05-01", 200, "R1"),
    ("2024-03-01", "won", "2024-11-30", 9000, "R1"),  # after the same day of last year
    ("2025-01-10", "won", "2025-02-19", 150, "R1"),  # 40 days
    ("2025-01-20", "lost", "2025-03-01", 450, "R2"),
    ("2025-02-01", "open", None, 70, "R1"),
]


def figures(chosen):
    table = measures.key_figures(chosen).set_index("measure")
    return table["now"].to_dict(), table["before"].to_dict()


def test_last_year_is_cut_at_the_same_day():
    now, before = figures(scope(company(TWO_YEARS)))
    # By hand: January to June of each year; the deal won in November 2024 is not there yet.
    assert (now["won"], now["won_value"], now["lost"]) == (1, 150, 1)
    assert (before["won"], before["won_value"], before["lost"]) == (2, 400, 1)
    assert (now["win_rate"], before["win_rate"]) == (1 / 2, 2 / 3)
    assert (now["win_rate_value"], before["win_rate_value"]) == (150 / 600, 400 / 600)
    assert (now["cycle_mean"], before["cycle_mean"]) == (40, 45)
    assert (now["created"], before["created"]) == (3, 4)


def test_an_earlier_day_knows_nothing_of_what_came_later():
    chosen = scope(company(TWO_YEARS), as_of="2025-02-10")
    deals = chosen.company.opportunities.set_index("opportunity_id")
    assert deals.loc["O5", "status"] == "open"
    assert pd.isna(deals.loc["O5", "closed_on"])


def test_one_owner_by_any_case_and_the_nearest_name_for_a_wrong_one():
    chosen = scope(company(TWO_YEARS), owner="wang min")
    assert (chosen.owner, len(chosen.company.opportunities)) == ("Wang Min", 6)
    with pytest.raises(ParameterError, match="Wang Min"):
        scope(company(TWO_YEARS), owner="Wang Ming")


def test_data_that_starts_too_late_is_not_compared():
    late = [row for row in TWO_YEARS if row[0] >= "2024-01-01"]
    chosen = scope(company(late))
    # Deals carried over into 2024 are missing, so 2024's results would look too small.
    assert not chosen.compares_closed
    assert pd.isna(figures(chosen)[1]["won"])
    assert chosen.compares_created
    assert figures(chosen)[1]["created"] == 4


def test_a_young_year_takes_twelve_months():
    chosen = scope(company(TWO_YEARS, as_of="2025-02-28"))
    assert chosen.now.start == pd.Timestamp("2024-03-01")
    assert chosen.before.start == pd.Timestamp("2023-03-01")


def test_lost_deals_without_amounts_give_no_win_rate_by_value():
    emptied = [
        (created, status, closed, None if status == "lost" else amount, rep)
        for created, status, closed, amount, rep in TWO_YEARS
    ]
    assert pd.isna(figures(scope(company(emptied)))[0]["win_rate_value"])


def test_old_deals_are_older_than_three_of_four_won_ones():
    # Won after 30, 60, 274 and 40 days: three of four within 113.5 (60 + (274 - 60) / 4).
    chosen = scope(company(TWO_YEARS))
    assert measures.usual_longest(chosen) == 113.5
    watch = measures.watch(chosen)
    assert watch[["opportunity_id", "reasons", "days_open"]].to_numpy().tolist() == [
        ["O7", "old", 149]
    ]


def test_no_expected_date_is_no_reason_where_the_export_has_no_such_column():
    rows = [*TWO_YEARS, ("2025-06-20", "open", None, 50, "R1")]
    made = company(rows)
    made.opportunities.loc[made.opportunities["status"] == "open", "stage"] = "proposal"
    assert list(measures.watch(scope(made))["opportunity_id"]) == ["O7"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_sentence_shows_the_numbers_of_its_table(lang):
    ka.use(lang)
    chosen = scope(ka.load())
    found = {one.key: one for one in findings.findings(chosen)}
    now, before = figures(chosen)
    assert list(found) == ["results", "step", "win_rate", "cycle", "watch"]

    assert ka.units.money(now["won_value"]) in found["results"].sentence
    change = ka.units.money(before["won_value"] - now["won_value"])
    assert change in found["results"].sentence

    gap = measures.gap(chosen).set_index("stage")
    row = gap.loc[found["step"].facts["stage"]]
    assert row["value_gained"] == gap["value_gained"].max()
    for shown in (
        ka.units.money(row["value_gained"]),
        ka.units.percent(row["rate_now"]),
        ka.units.percent(row["rate_before"]),
    ):
        assert shown in found["step"].sentence

    for name in ("win_rate", "win_rate_value"):
        assert ka.units.percent(now[name]) in found["win_rate"].sentence
    assert ka.units.days(now["cycle_median"]) in found["cycle"].sentence
    watch = measures.watch(chosen)
    assert ka.units.money(watch["amount"].sum()) in found["watch"].sentence
    assert ka.units.money(watch["amount"].max()) in found["watch"].sentence
    for one in found.values():
        assert not re.search(r"nan|\{|None|—", one.sentence)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "rows",
    [
        TWO_YEARS,
        TWO_YEARS[:1],
        TWO_YEARS[-1:],
        [(*row[:3], None, row[4]) for row in TWO_YEARS],
        [(*row[:4], None) for row in TWO_YEARS],
        [("2025-01-01", "open", None, 5, "R1")] * 100 + TWO_YEARS,
    ],
    ids=["two years", "one lost", "one open", "no amounts", "no owners", "clean up"],
)
def test_whatever_is_missing_every_section_still_says_something(rows, lang):
    ka.use(lang)
    review = Review(scope(company(rows)))
    sentences = [one.sentence for one in review.findings().items]
    assert sentences
    assert "nan" not in " ".join(sentences)
    for name in SECTIONS:
        shown = review.section(name)._repr_html_()
        assert "nan" not in re.sub(r"base64,[^\"]+", "", shown).lower().replace("finance", "")


def test_with_history_but_one_year_the_step_is_not_guessed():
    rows = [row for row in TWO_YEARS if row[0] >= "2025"]
    history = pd.DataFrame(
        {
            "opportunity_id": ["O0", "O0", "O1", "O2"],
            "stage": ["lead", "delivery", "proposal", "needs"],
            "entered_on": pd.to_datetime(["2025-01-10", "2025-02-19", "2025-02-01", "2025-02-01"]),
        }
    )
    chosen = scope(company(rows, history=history))
    assert [one.key for one in findings.findings(chosen)][:2] == ["results", "no_year"]
    assert Review(chosen).section("funnel")._repr_html_().count("<img") == 1


def test_amounts_of_one_table_share_one_unit_and_text_is_escaped():
    ka.use("zh")
    frame = pd.DataFrame({"deal": ["<b>A & B"], "amount": [123_456.0]})
    shown = Table(frame, {"deal": "text", "amount": "money"}).html()
    assert "金额（万元）" in shown
    assert "12.3" in shown
    assert "&lt;b&gt;A &amp; B" in shown


def test_a_day_before_the_data_is_refused_with_its_first_day():
    with pytest.raises(ParameterError, match="2023-01-01"):
        open_review(as_of="2022-12-31")
    with pytest.raises(ParameterError, match=r"31\.12\.2025"):
        open_review(as_of="31.12.2025")
