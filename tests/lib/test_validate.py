import pandas as pd
import pytest

from ka_lib import language
from ka_lib.errors import TableError
from ka_lib.tables import TABLES, empty, set_types
from ka_lib.validate import validate


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


def tables():
    frames = {
        "accounts": pd.DataFrame(
            {"account_id": ["ACC-1", "ACC-2"], "account_name": ["万桉", "邻鹊"]}
        ),
        "opportunities": pd.DataFrame(
            {
                "opportunity_id": ["D1", "D2", "D3"],
                "account_id": ["ACC-1", "ACC-2", "ACC-1"],
                "created_on": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
                "amount": [100.0, None, 300.0],
                "stage": ["delivery", "needs", None],
                "status": ["won", "open", "lost"],
                "closed_on": pd.to_datetime(["2025-03-01", None, "2025-02-01"]),
            }
        ),
        "stage_history": pd.DataFrame(
            {
                "opportunity_id": ["D1"],
                "stage": ["lead"],
                "entered_on": pd.to_datetime(["2025-01-01"]),
            }
        ),
    }
    return {name: set_types(frame, TABLES[name]) for name, frame in frames.items()}


def broken(table, column, row, value):
    frames = tables()
    frame = frames[table].astype({column: "object"})
    frame.loc[row, column] = value
    frames[table] = set_types(frame, TABLES[table])
    return frames


def test_good_tables_pass():
    validate(tables())


@pytest.mark.parametrize("name", list(TABLES))
def test_empty_tables_pass(name):
    validate({name: empty(TABLES[name])})


def test_the_index_and_extra_columns_do_not_matter():
    frames = tables()
    frames["opportunities"] = frames["opportunities"].assign(note="x").sort_index(ascending=False)
    frames["my own"] = pd.DataFrame({"anything": [1]})
    validate(frames)


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "message"),
    [
        ("opportunities", "opportunity_id", 1, None, r'Row 2: "opportunity_id" is blank'),
        ("opportunities", "opportunity_id", 2, "D1", r"Row 3: .*D1 stands in row 1"),
        ("opportunities", "account_id", 1, "ACC-3", r'Row 2: .*"ACC-3".*accounts.*nearest is "ACC'),
        ("opportunities", "stage", 1, "need", r'Row 2: .*"need".*lead, contact.*"needs"'),
        ("opportunities", "amount", 0, -5, r'Row 1: "amount" is -5'),
        ("opportunities", "closed_on", 0, "2024-12-31", r"2024-12-31, before .*2025-01-01"),
        ("opportunities", "closed_on", 0, None, r"Row 1: status is won but closed_on"),
        ("opportunities", "closed_on", 1, "2025-04-01", r"Row 2: status is open but"),
        ("stage_history", "opportunity_id", 0, "D9", r'"D9", which table opportunities'),
    ],
)
def test_a_wrong_cell_is_named_with_its_row(table, column, row, value, message):
    with pytest.raises(TableError, match=message):
        validate(broken(table, column, row, value))


def test_a_missing_column_is_named_with_those_there_are():
    frames = tables()
    frames["accounts"] = frames["accounts"].rename(columns={"account_name": "客户"})
    with pytest.raises(TableError, match=r'"account_name" is missing.*account_id, 客户'):
        validate(frames)


def test_a_wrong_type_is_named_with_the_remedy():
    frames = tables()
    frames["opportunities"]["created_on"] = "2025-01-01"
    with pytest.raises(TableError, match=r'"created_on".*pd\.to_datetime'):
        validate(frames)


def test_only_three_problems_are_listed_and_the_rest_counted():
    frames = tables()
    frames["accounts"] = pd.DataFrame(
        {"account_id": [f"A{n}" for n in range(9)], "account_name": [None] * 9}
    )
    with pytest.raises(TableError) as caught:
        validate(frames)
    assert str(caught.value).count("\n- ") == 3
    assert "And 6 more" in str(caught.value)


def test_the_reader_is_answered_in_chinese():
    language.use("zh")
    with pytest.raises(TableError, match="第 1 行的结束日期 2024-12-31 早于创建日期"):
        validate(broken("opportunities", "closed_on", 0, "2024-12-31"))
