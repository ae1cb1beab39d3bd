"""Every company's people and work: complete, valid, and telling the story in its own numbers."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from ka_course import practice
from ka_course.practice import workdays
from ka_lib.language import use
from ka_lib.tables import ABILITIES, ACTIVITIES, DEPARTMENTS, ROLES, TABLES, TIME_USES
from ka_lib.validate import validate

AS_OF = pd.Timestamp("2025-11-30")
TABLES_HERE = (
    *("contacts", "activities", "surveys", "tickets", "time_log", "todos"),
    *("ability_ratings", "responsibilities", "scorecards", "plan_items"),
)


@pytest.fixture(scope="module", params=[practice.PRACTICE_SEED, 1, 2, 3, 4])
def company(request):
    use("en")
    return practice.company(request.param)


def active(company):
    return company.contacts[company.contacts["left_on"].isna()]


def visits(company):
    rows = company.activities.drop_duplicates("activity_id")
    return rows[rows["kind"] == "visit"]


def hours(log):
    return (log["ended_at"] - log["started_at"]).dt.total_seconds() / 3600


def test_every_table_is_there_and_valid(company):
    names = (*TABLES_HERE, "accounts", "reps")
    assert all(company.has(name) for name in TABLES_HERE)
    validate({name: company.tables[name] for name in names})


def test_every_text_that_a_reader_sees_is_a_pair():
    made = practice.generate(1)
    for name in TABLES_HERE:
        texts = {column.name for column in TABLES[name].columns if column.kind == "text"}
        for text in texts - {"pains", "quarter"}:
            zh, en = made[name][f"{text}_zh"], made[name][f"{text}_en"]
            assert (zh.isna() == en.isna()).all(), (name, text)
            assert not en.dropna().str.contains(r"[\u4e00-\u9fff]").any(), (name, text)
            assert zh.dropna().str.contains(r"[\u4e00-\u9fff]").all(), (name, text)


def test_linque_hangs_on_zhou_yan_alone_and_others_on_one_person_too(company):
    people = active(company)
    linque = people[people["account_id"] == "A002"]
    assert linque[["contact_name", "role", "stance"]].to_numpy().tolist() == [
        ["Zhou Yan", "buyer", 0.6]
    ]
    assert (company.contacts["account_id"] == "A002").sum() == 2  # one has left
    customers = company.accounts.loc[company.accounts["customer_since"].notna(), "account_id"]
    people = people[people["account_id"].isin(customers)]
    by_account = people.groupby("account_id")
    assert set(by_account.groups) == set(customers)
    single = by_account.size() == 1
    assert 5 <= single.sum() - 1 <= 10
    levels = by_account["level"].agg(lambda level: len(set(level)))
    assert (levels[~single] == 1).sum() >= 4


def test_contacts_have_the_gaps_and_the_leap_day_of_a_real_crm(company):
    people = company.contacts
    assert set(people["role"]) == set(ROLES)
    assert people["weight"].between(1, 5).all()
    assert people["stance"].dropna().between(-1, 1).all()
    assert all(people[column].isna().any() for column in ("stance", "birthday", "title"))
    born = active(company)["birthday"].dropna()
    assert ((born.dt.month == 2) & (born.dt.day == 29)).any()
    gone = people[people["left_on"].notna()]
    assert len(gone) >= 5
    assert (gone["left_on"] > gone["known_since"].fillna(pd.Timestamp("2000-01-01"))).all()
    assert (gone["left_on"] < AS_OF).all()
    assert not people["contact_name"].duplicated().any()


def test_nobody_is_met_before_being_known_or_after_leaving(company):
    rows = company.activities.merge(company.contacts, on="contact_id", suffixes=("", "_contact"))
    assert (rows["account_id"] == rows["account_id_contact"]).all()
    assert not (rows["happened_on"] < rows["known_since"]).any()
    assert not (rows["happened_on"] >= rows["left_on"]).any()


def test_activities_end_at_as_of_and_every_tier_has_its_rhythm(company):
    rows = company.activities
    assert 1_500 <= len(rows) <= 2_500
    assert rows["happened_on"].max() <= AS_OF
    assert set(rows["kind"]) == set(ACTIVITIES)
    seen = visits(company)
    assert len(seen) < (rows["kind"] == "visit").sum()  # a row each for those who were there
    per_account = seen["account_id"].value_counts()
    assert per_account.index[0] == "A001"
    tier = company.accounts.set_index("account_id")["tier"]
    customers = company.accounts.loc[company.accounts["customer_since"].notna(), "account_id"]
    usual = per_account.reindex(customers, fill_value=0).groupby(tier).median()
    assert usual["A"] > usual["B"] > usual["C"]
    last = seen.groupby("account_id")["happened_on"].max()
    days = (AS_OF - last).dt.days
    assert (days[tier.reindex(days.index) == "A"] > 35).any()


def test_jiusui_is_satisfied_and_the_company_near_its_usual_scores(company):
    survey = company.surveys
    now = survey[survey["answered_on"] >= "2025-11-01"]
    jiusui = now[now["account_id"] == "A003"]
    assert len(jiusui) == len(set(jiusui["contact_id"])) == 13
    assert (jiusui["satisfaction"] >= 4).sum() == 12
    year = survey[survey["answered_on"] >= "2025-01-01"].sort_values("answered_on")
    latest = year.dropna(subset=["satisfaction"]).drop_duplicates("contact_id", keep="last")
    assert (latest["satisfaction"] >= 4).mean() == pytest.approx(0.8, abs=0.04)
    liking = year["recommend"].dropna()
    assert (liking >= 9).mean() - (liking <= 6).mean() == pytest.approx(0.3, abs=0.06)
    assert liking.isin(range(11)).all()
    assert survey["satisfaction"].dropna().isin(range(1, 6)).all()


def test_several_people_of_one_account_name_the_same_pain(company):
    rows = company.surveys.assign(pain=company.surveys["pains"].str.split(";")).explode("pain")
    rows = rows[rows["pain"].notna() & (rows["answered_on"] >= "2025-11-01")]
    assert not rows.duplicated(["survey_id", "pain"]).any()
    persons = rows.groupby("pain")["contact_id"].nunique()
    accounts = rows.groupby("pain")["account_id"].nunique()
    assert (persons > accounts).sum() >= 3
    assert company.surveys["pains"].isna().any()


def test_departments_differ_and_a_dozen_tickets_are_open(company):
    tickets = company.tickets
    assert 500 <= len(tickets) <= 600
    assert set(tickets["department"]) == set(DEPARTMENTS)
    promise = tickets.groupby("kind")["sla_hours"].unique().map(list).to_dict()
    assert promise == {"complaint": [4], "request": [8], "question": [16]}
    answered = tickets[tickets["responded_at"].notna()]
    assert (answered["responded_at"] > answered["opened_at"]).all()
    assert not (tickets["closed_at"] < tickets["responded_at"]).any()
    end = AS_OF + pd.Timedelta(days=1)
    assert tickets[["opened_at", "responded_at", "closed_at"]].max().max() < end
    wait = (answered["responded_at"] - answered["opened_at"]).groupby(answered["department"])
    assert wait.median()["service"] < wait.median()["legal"]
    unanswered = tickets[tickets["responded_at"].isna()]
    assert 9 <= len(unanswered) <= 20
    age = AS_OF - unanswered["opened_at"]
    assert (age > pd.Timedelta(days=10)).sum() >= 4
    assert (age < pd.Timedelta(days=3)).sum() >= 4
    days = tickets["opened_at"].dt.date
    # Weekend days of the notices of 2024 and 2025 on which offices were open
    worked = [date(2024, 4, 7), date(2024, 4, 28), date(2024, 9, 29), date(2024, 10, 12)]
    worked += [date(2025, 1, 26), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)]
    assert days.isin(worked).sum() >= 4
    national = tickets["opened_at"].between("2025-10-01", "2025-10-09")
    assert national.any()
    weekend = tickets["opened_at"].dt.day_of_week >= 5
    assert 0.08 < weekend.mean() < 0.25


def test_jiusui_complained_in_february_2024(company):
    tickets = company.tickets[company.tickets["account_id"] == "A003"]
    complaint = tickets[tickets["opened_at"].dt.normalize() == "2024-02-05"]
    assert "complaint" in set(complaint["kind"])


def test_lin_yue_spends_nearly_half_her_account_hours_on_wanan(company):
    log = company.time_log[company.time_log["rep_id"] == "R1"]
    mine = log[log["account_id"].notna()]
    share = hours(mine)[mine["account_id"] == "A001"].sum() / hours(mine).sum()
    assert 0.45 <= share <= 0.49


def test_full_weeks_have_forty_odd_hours_with_overlaps_and_nights(company):
    log = company.time_log.assign(hours=hours(company.time_log))
    assert set(log["activity"]) == set(TIME_USES)
    assert (log["hours"] > 0).all()
    week = log["started_at"].dt.to_period("W-SUN")
    weekly = log.groupby(["rep_id", week])["hours"].sum().reset_index(name="hours")
    assert len(weekly) == 5 * 8
    first = weekly.iloc[:, 1] == pd.Period("2025-10-06", "W-SUN")
    assert (weekly.loc[first, "hours"] < 32).all()  # three workdays after the national holiday
    assert weekly.loc[~first, "hours"].between(36, 52).all()
    assert weekly.loc[~first, "hours"].mean() == pytest.approx(42.5, abs=1.5)
    night = log["ended_at"].dt.normalize() > log["started_at"].dt.normalize()
    assert 2 <= night.sum() <= 6
    in_order = log.sort_values(["rep_id", "started_at"])
    overlap = in_order["started_at"] < in_order.groupby("rep_id")["ended_at"].shift()
    assert 3 <= overlap.sum() <= 12
    assert log.loc[log["activity"] == "admin", "account_id"].isna().all()


def test_a_visit_in_the_crm_stands_in_the_time_log(company):
    seen = visits(company)
    seen = seen[seen["happened_on"] >= "2025-10-06"]
    log = company.time_log[company.time_log["activity"] == "visit"]
    logged = set(
        zip(log["rep_id"], log["account_id"], log["started_at"].dt.normalize(), strict=True)
    )
    assert logged == set(zip(seen["rep_id"], seen["account_id"], seen["happened_on"], strict=True))


def test_every_list_is_longer_than_the_week(company):
    todos = company.todos
    by_rep = todos.groupby("rep_id")
    assert by_rep.size().between(12, 20).all()
    assert (by_rep["hours"].sum() > 40).all()
    assert (by_rep["due_on"].apply(lambda due: (due == AS_OF).sum()) >= 1).all()
    assert (by_rep["due_on"].apply(lambda due: (due < AS_OF).sum()) >= 2).all()
    assert (by_rep["fixed_on"].count() >= 2).all()
    assert todos["fixed_on"].dropna().between("2025-12-01", "2025-12-05").all()
    assert (todos.groupby(["rep_id", "fixed_on"])["hours"].sum() <= 8).all()


def test_ratings_are_whole_and_disagree(company):
    ratings = company.ability_ratings
    assert len(ratings) == 70
    assert set(ratings["ability"]) == set(ABILITIES)
    total = ratings.groupby(["rep_id", "phase"])["weight"].sum()
    assert total.to_numpy() == pytest.approx(1.0)
    assert ratings["self_rating"].between(0, 10).all()
    assert (ratings["self_rating"] != ratings["manager_rating"]).mean() > 0.5
    blank = ratings[ratings["manager_rating"].isna()]
    assert set(blank["phase"]) == {"after"}
    means = ratings.groupby("phase")["manager_rating"].mean()
    assert means["after"] > means["before"]


def test_responsibilities_have_three_faults(company):
    roles = company.responsibilities
    assert not roles.duplicated().any()
    counts = pd.crosstab(roles["activity"], roles["role"])
    assert len(counts) == 10
    assert sorted(counts["A"]) == [0, *[1] * 8, 2]
    assert (counts["R"] == 0).sum() == 1
    assert ((counts["A"] != 1) | (counts["R"] == 0)).sum() == 3


def test_scorecards_hold_a_tie_a_negative_nps_and_gaps(company):
    cards = company.scorecards
    assert len(cards) == 25
    assert cards["attainment"].dropna().between(0.7, 1.35).all()
    assert (cards["nps"] < 0).sum() == 1
    parts = ["attainment", "nps", "behaviour", "teamwork"]
    assert cards[parts].isna().sum().sum() == 4
    latest = cards[cards["quarter"] == "2025Q3"].dropna(subset=parts)
    assert latest.duplicated(parts, keep=False).sum() == 2
    assert (latest["attainment"] > 1.2).any()


def test_the_plan_has_one_fault_of_each_kind(company):
    plan = company.plan_items
    assert 9 <= len(plan) <= 12
    assert plan[["owner", "measure", "due_on"]].isna().sum().tolist() == [1, 1, 1]
    due = plan["due_on"].dropna()
    assert (due > pd.Timestamp("2026-01-05") + pd.Timedelta(days=30)).sum() == 1
    assert due.max() == pd.Timestamp("2026-02-05")
    assert (due == "2026-02-04").any()


def test_the_same_seed_makes_the_same_rows_and_another_seed_others():
    one, again, other = practice.generate(1), practice.generate(1), practice.generate(2)
    for name in TABLES_HERE:
        pd.testing.assert_frame_equal(one[name], again[name])
        assert not one[name].equals(other[name]), name


@pytest.mark.parametrize(
    ("start", "needed", "end"),
    [
        ("2025-11-28 17:00", 2, "2025-12-01 10:00"),  # over a weekend
        ("2025-09-26 17:00", 2, "2025-09-28 10:00"),  # to a Sunday that was worked
        ("2025-09-30 20:00", 1, "2025-10-09 10:00"),  # over the national holiday
        ("2025-11-27 07:00", 9, "2025-11-27 18:00"),  # a whole day
    ],
)
def test_office_hours_skip_nights_weekends_and_holidays(start, needed, end):
    moment = workdays.after_hours(datetime.fromisoformat(start), needed)
    assert moment == datetime.fromisoformat(end)
