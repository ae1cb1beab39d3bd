"""The practice company tells the story; other seeds tell other ones."""

from __future__ import annotations

import pytest

from ka_course import practice
from ka_lib import funnel
from ka_lib.company import PRACTICE, load
from ka_lib.errors import TableError
from ka_lib.language import use


def cohorts(company):
    now = funnel.deals(company, "2025-01-01", "2025-12-01")
    before = funnel.deals(company, "2024-01-01", "2024-12-01", as_of="2024-11-30")
    return now, before


def test_the_shipped_tables_are_what_the_generator_writes(tmp_path):
    practice.write(tmp_path)
    for path in tmp_path.iterdir():
        assert (PRACTICE / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_deal_is_won_exactly_when_it_reached_delivery():
    company = load()
    now, _ = cohorts(company)
    assert ((now["furthest"] == "delivery") == (now["status"] == "won")).all()


def test_the_story_of_chapter_three_is_in_the_numbers():
    now, before = cohorts(load())
    gap = funnel.gap(now, before)
    worst = funnel.bottleneck(gap)
    assert worst["stage"] == "proposal"
    assert gap.loc[gap["rate_now"].idxmin(), "stage"] == "lead"
    assert gap.loc[gap["lost_value"].idxmax(), "stage"] == "contact"
    cycle = funnel.sales_cycle(now)
    assert round(cycle.mean) == 60
    assert cycle.median == 40
    orders = load().orders
    this_year = orders[orders["ordered_on"] >= "2025-01-01"].groupby("account_id")["amount"].sum()
    assert this_year["A001"] / this_year.sum() == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_is_another_company(seed):
    now, before = cohorts(practice.company(seed))
    assert len(now) > 400
    assert (now["status"] == "won").sum() > 15
    assert len(funnel.gap(now, before)) == 5
    assert (
        funnel.reached(now)["reached"].tolist()
        != funnel.reached(cohorts(load())[0])["reached"].tolist()
    )


def test_names_follow_the_language():
    use("en")
    assert load().accounts.loc[0, "account_name"] == "Wan'an Hypermart"
    use("zh")
    assert load().accounts.loc[0, "account_name"] == "万桉大卖场"


def test_a_folder_without_a_company_is_refused(tmp_path):
    with pytest.raises(TableError) as caught:
        load(tmp_path)
    assert str(tmp_path) in str(caught.value)
