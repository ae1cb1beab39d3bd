"""The raw export of a company: its faults are there, and the import copes with each."""

import pandas as pd
import pytest

from ka_course import practice, raw_export
from ka_lib import language
from ka_lib.company import PRACTICE
from ka_lib.crm import read_export
from ka_lib.language import messages
from ka_lib.validate import validate


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("zh")


@pytest.fixture
def tables():
    number = range(200)
    stages = list(raw_export.STAGE_NAMES)
    status = ["open", "lost", "lost", "won"]
    created = pd.Timestamp("2025-01-06") + pd.to_timedelta(list(number), unit="D")
    deals = pd.DataFrame(
        {
            "opportunity_id": [f"O{n:03d}" for n in number],
            "account_id": [f"A{n % 20:02d}" for n in number],
            "rep_id": "R1",
            "created_on": created,
            "amount": [10_000.0 * (n % 40 + 1) for n in number],
            "status": [status[n % 4] for n in number],
            "stage": ["delivery" if n % 4 == 3 else stages[n % 5] for n in number],
            "expected_close_on": created + pd.Timedelta(days=60),
        }
    )
    closed = deals["created_on"] + pd.Timedelta(days=40)
    return {
        "accounts": pd.DataFrame(
            {
                "account_id": [f"A{n:02d}" for n in range(20)],
                "account_name_zh": [f"{chr(0x4E07 + 31 * n)}桉大卖场" for n in range(20)],
            }
        ),
        "reps": pd.DataFrame({"rep_id": ["R1"], "rep_name_zh": ["林悦"]}),
        "opportunities": deals.assign(closed_on=closed.where(deals["status"] != "open")),
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path, tables):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        raw_export.write(tmp_path / name, tables, seed)
    contents = [(tmp_path / name / "商机.csv").read_bytes() for name in "abc"]
    assert contents[0] == contents[1] != contents[2]


def test_the_import_accounts_for_every_fault(tmp_path, tables):
    raw_export.write(tmp_path, tables, 1)
    offered = read_export(tmp_path).names_list()
    form = offered.iloc[:, 4] == messages.text("crm.near_form", "en")
    offered["Same one? (yes/no)"] = ["yes" if one else "" for one in form]
    offered.to_csv(tmp_path / "names.answers", index=False, encoding="utf-8-sig")
    export = read_export(tmp_path, names=tmp_path / "names.answers")
    validate(export.company.tables)
    deals = export.set_aside[export.set_aside["table"] == "opportunities"]
    assert set(deals["cause"]) >= {"footer", "date", "amount", "no_created", "copy", "closed_early"}
    assert (export.files["rows"] == export.files["kept"] + export.files["set_aside"]).all()
    notes = "\n".join(export.notes)
    assert raw_export.UNKNOWN_ACCOUNT in notes
    assert "far smaller" in notes
    assert "spelled in several ways" in notes
    assert "赢率" in notes
    truth = tables["opportunities"].set_index("opportunity_id")
    read = export.company.opportunities.set_index("opportunity_id")
    assert len(read) >= 190
    unknown = export.company.accounts["account_name"] == raw_export.UNKNOWN_ACCOUNT
    known = read[~read["account_id"].isin(export.company.accounts.loc[unknown, "account_id"])]
    assert (known["account_id"] == truth["account_id"].reindex(known.index)).all()
    assert (read["created_on"] == truth["created_on"].reindex(read.index)).all()
    assert (read["status"] == truth["status"].reindex(read.index)).all()
    same = (read["amount"] == truth["amount"].reindex(read.index)).mean()
    assert same > 0.95  # but for a forgotten 万 and a changed copy


def test_the_shipped_raw_export_belongs_to_the_practice_company(tmp_path):
    raw_export.write(tmp_path, practice.generate(), practice.PRACTICE_SEED)
    for path in tmp_path.iterdir():
        assert (PRACTICE / "raw" / path.name).read_bytes() == path.read_bytes()
