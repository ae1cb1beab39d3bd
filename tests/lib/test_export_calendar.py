"""Does a phone read the calendar? Unfolded by RFC 5545's rules here, and parsed by the library."""

from __future__ import annotations

import datetime as dt

import icalendar
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ka_lib as ka
from ka_lib.company import Company
from ka_lib.errors import ParameterError, TableError
from ka_lib.export import phone

LONG = (
    "续签年度合同，带上去年销售回顾和今年的联合生意计划草案，请采购周砚确认账期、返利和陈列费；" * 3
)
PLAN = pd.DataFrame(
    {
        "due_on": ["2025-12-05", "2026-02-28"],
        "action": [LONG, "a, b; c\\d\ne"],
        "owner": ["林悦", None],
        "measure": ["签字", "call"],
        "account_id": ["A002", "A001"],
    }
)
COMPANY = Company(
    "x",
    pd.Timestamp("2025-11-30"),
    {"accounts": pd.DataFrame({"account_id": ["A001", "A002"], "account_name": ["万桉", "邻鹊便利"]})},
)  # fmt: skip


def events(path):
    return icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")


def uids(table, tmp_path, name="x.ics"):
    return [
        str(one["UID"]) for one in events(ka.export.calendar(tmp_path / name, table, replace=True))
    ]


def test_each_row_is_a_free_whole_day_with_an_alarm_the_morning_before(tmp_path):
    one, two = events(ka.export.calendar(tmp_path / "行动 计划.ics", PLAN))
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (dt.date(2025, 12, 5), dt.date(2025, 12, 6))
    assert two["DTEND"].dt == dt.date(2026, 3, 1)
    assert one["TRANSP"] == "TRANSPARENT"
    (alarm,) = one.walk("VALARM")
    at = pd.Timestamp("2025-12-05") + alarm["TRIGGER"].dt
    assert at == pd.Timestamp("2025-12-04 09:00")
    assert alarm["ACTION"] == "DISPLAY"


def test_what_it_says_comes_back_whole(tmp_path):
    ka.use("zh")
    one, two = events(ka.export.calendar(tmp_path / "x.ics", PLAN, company=COMPANY))
    assert str(one["SUMMARY"]).rstrip("\n") == f"邻鹊便利：{LONG}"
    assert "a, b; c\\d\ne" in str(two["SUMMARY"])
    assert "林悦" in str(one["DESCRIPTION"])
    assert "nan" not in str(two["DESCRIPTION"]).lower()


def test_lines_are_folded_at_75_octets_and_never_inside_a_character(tmp_path):
    raw = ka.export.calendar(tmp_path / "x.ics", PLAN).read_bytes()
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode("utf-8") is not None for line in lines)
    unfolded = raw.replace(b"\r\n ", b"").decode("utf-8")
    assert f"SUMMARY:{LONG}" in unfolded
    assert "SUMMARY:a\\, b\\; c\\\\d\\ne" in unfolded


@settings(max_examples=40, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
        min_size=1,
    ).filter(str.strip)
)
def test_any_text_comes_back(words):
    frame = pd.DataFrame({"date": ["2025-12-05"], "what": [words]})
    raw = phone._calendar("x", frame, "date", "what", [dt.date(2025, 12, 5)], ["u"])
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["SUMMARY"]) == words.strip()


def test_a_second_export_has_the_same_entries_and_higher_numbers(tmp_path, monkeypatch):
    class Clock(dt.datetime):
        seconds = 0

        @classmethod
        def now(cls, tz=None):
            cls.seconds += 1
            return dt.datetime(2026, 1, 1, 12, 0, cls.seconds, tzinfo=tz)

    monkeypatch.setattr(phone.dt, "datetime", Clock)
    first = events(ka.export.calendar(tmp_path / "a.ics", PLAN))
    second = events(ka.export.calendar(tmp_path / "b.ics", PLAN.iloc[::-1]))
    assert {str(e["UID"]) for e in first} == {str(e["UID"]) for e in second}
    assert len({str(e["UID"]) for e in first}) == 2
    assert min(e["SEQUENCE"] for e in second) > max(e["SEQUENCE"] for e in first)
    assert second[0]["DTSTAMP"].dt.utcoffset() == dt.timedelta(0)


def test_a_deadline_that_moves_stays_the_same_entry(tmp_path):
    later = PLAN.assign(due_on=["2025-12-19", "2026-02-28"])
    assert uids(PLAN, tmp_path) == uids(later, tmp_path)


def test_another_day_of_care_is_another_entry(tmp_path):
    care = PLAN.rename(columns={"due_on": "date", "action": "what"})
    moved = care.assign(date=["2026-12-05", "2026-02-28"])
    before, after = uids(care, tmp_path), uids(moved, tmp_path)
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_an_id_makes_an_entry_known_even_when_it_is_reworded(tmp_path):
    plan = PLAN.assign(item_id=["I1", "I2"])
    reworded = plan.assign(action=["other words", "again"], owner=["x", "y"])
    assert uids(plan, tmp_path) == uids(reworded, tmp_path)
    assert uids(plan, tmp_path) != uids(PLAN, tmp_path)


def test_rows_called_the_same_are_told_apart_by_day_in_any_order(tmp_path):
    visits = pd.DataFrame({"截止日期": ["2025-12-05", "2025-12-12"], "事项": ["拜访", "拜访"]})
    there = uids(visits, tmp_path)
    assert len(set(there)) == 2
    assert there == uids(visits.iloc[::-1], tmp_path)[::-1]


def test_the_columns_can_be_named(tmp_path):
    table = pd.DataFrame({"wann": [pd.Timestamp("2025-12-05 17:00")], "was": ["Anruf"]})
    (one,) = events(ka.export.calendar(tmp_path / "x.ics", table, date="wann", what="was"))
    assert (one["DTSTART"].dt, str(one["SUMMARY"])) == (dt.date(2025, 12, 5), "Anruf")


def test_amounts_stand_with_their_unit(tmp_path):
    table = pd.DataFrame({"due_on": ["2025-12-05"], "action": ["x"], "amount": [120_000.0]})
    for language, shown in (("zh", "金额：12 万元"), ("en", "Amount: CNY 120 thousand")):
        ka.use(language)
        (one,) = events(ka.export.calendar(tmp_path / f"{language}.ics", table))
        assert str(one["DESCRIPTION"]) == shown


def test_an_empty_plan_is_an_empty_calendar(tmp_path):
    assert events(ka.export.calendar(tmp_path / "x.ics", PLAN.head(0))) == []


@pytest.mark.parametrize(
    ("table", "error", "zh", "en"),
    [
        (PLAN.drop(columns="due_on"), ParameterError, "不知道哪天提醒", "with the day"),
        (PLAN.drop(columns="action"), ParameterError, "不知道提醒做什么", "what to do"),
        (PLAN.assign(due_on=["2025-12-05", None]), TableError, "第 2 行", "Row 2"),
        (PLAN.assign(due_on=["年底", "2025-12-05"]), TableError, "“年底”，不是日期", "not a date"),
        (
            PLAN.assign(due_on=["12/10/2025", "x"]),
            TableError,
            "第 1 行",
            "Write it like 2025-12-31",
        ),
        (PLAN.assign(due_on=[20251205, 46000]), TableError, "第 1 行", "not a date"),
        (PLAN.assign(action=["x", " "]), TableError, "第 2 行的“action”是空的", "is blank"),
    ],
)
def test_a_plan_that_cannot_be_a_calendar_says_why(table, error, zh, en, tmp_path):
    for language, words in (("zh", zh), ("en", en)):
        ka.use(language)
        with pytest.raises(error, match=words):
            ka.export.calendar(tmp_path / "x.ics", table)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path):
    path = ka.export.calendar(tmp_path / "x.ics", PLAN)
    with pytest.raises(ParameterError, match="replace=True"):
        ka.export.calendar(path, PLAN)
    with pytest.raises(ParameterError, match=r"\.ics"):
        ka.export.calendar(tmp_path / "x.txt", PLAN)


def test_the_table_itself_stays_as_it_was(tmp_path):
    before = PLAN.copy(deep=True)
    ka.export.calendar(tmp_path / "x.ics", PLAN, company=COMPANY)
    pd.testing.assert_frame_equal(PLAN, before)
