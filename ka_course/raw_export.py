"""A company's deals as a Chinese CRM really exports them: with every fault that people make.

For the lessons on cleaning data. The faults are those met in practice: rows twice, 万 beside yuan,
four ways to write a day, full-width digits, one customer under three names, blanks that say None.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib.language import messages

if TYPE_CHECKING:
    from pathlib import Path

STAGE_NAMES = {
    "lead": "线索发现",
    "contact": "初步接触",
    "needs": "需求确认",
    "proposal": "方案呈现",
    "negotiation": "谈判签约",
    "delivery": "交付维护",
}
STATUS_NAMES = {"open": "进行中", "won": "赢单", "lost": "输单"}
CHANCES = {
    "lead": 5,
    "contact": 10,
    "needs": 30,
    "proposal": 50,
    "negotiation": 80,
    "delivery": 100,
}
HEADER = (
    *("商机编号", "客户名称", "负责人", "商机阶段", "商机状态", "商机金额", "赢率"),
    *("商机来源", "创建时间", "预计成交日期", "实际结束时间", "输单原因"),
)
UNKNOWN_ACCOUNT = "万安大卖厂"  # nobody: 万桉大卖场 misspelt
ENCODING = "gb18030"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_BLANKS = ("", "", "-", "None", "/")


def write(folder: Path, tables: dict[str, pd.DataFrame], seed: int) -> None:
    """Write ``商机.csv`` and ``客户.csv`` (GB18030) for the last year of a company's deals.

    Parameters
    ----------
    folder : Path
        Made when it is not there.
    tables : dict of str to DataFrame
        accounts, reps and opportunities; names as ``account_name`` or ``account_name_zh``.
    seed : int
        The same tables and seed give the same bytes.
    """
    rng = Random(seed)  # noqa: S311 - slips of the pen, not secrets
    folder.mkdir(parents=True, exist_ok=True)
    deals = pd.DataFrame(_deals(tables, rng), columns=list(HEADER))
    _save(folder / "商机.csv", deals, footer=f"合计,,,,,{len(deals)},,,,,,")
    _save(folder / "客户.csv", pd.DataFrame(_accounts(tables, rng)))


def _save(path: Path, frame: pd.DataFrame, footer: str = "") -> None:
    content = frame.to_csv(index=False, lineterminator="\n") + (footer + "\n" if footer else "")
    path.write_bytes(content.encode(ENCODING))


def _names(table: pd.DataFrame, key: str, name: str) -> dict[str, str]:
    column = name if name in table else f"{name}_zh"
    return dict(zip(table[key].astype("str"), table[column], strict=True))


def _accounts(tables: dict[str, pd.DataFrame], rng: Random) -> list[dict[str, str]]:
    accounts = tables["accounts"]
    names = _names(accounts, "account_id", "account_name")
    columns = {"segment": "客户行业", "region": "所属区域"}
    rows = [
        {"客户编号": key, "客户名称": names[key]}
        | {shown: _shown(column, str(row.get(column, ""))) for column, shown in columns.items()}
        for key, row in zip(names, accounts.to_dict("records"), strict=True)
    ]
    twice = rng.sample(rows, min(3, len(rows)))
    return rows + [row | {"客户编号": f"{row['客户编号']}-1"} | {"客户名称": f"{row['客户名称']}有限公司"} for row in twice]  # fmt: skip


def _deals(tables: dict[str, pd.DataFrame], rng: Random) -> list[list[str]]:
    accounts = _names(tables["accounts"], "account_id", "account_name")
    reps = _names(tables["reps"], "rep_id", "rep_name")
    frame = tables["opportunities"].copy()
    for column in ("created_on", "expected_close_on", "closed_on"):
        frame[column] = pd.to_datetime(frame[column])
    frame = frame[frame["created_on"].dt.year == frame["created_on"].dt.year.max()]
    rows = [_deal(deal, accounts, reps, rng) for deal in frame.to_dict("records")]
    amount, created, closed = (
        HEADER.index(name) for name in ("商机金额", "创建时间", "实际结束时间")
    )
    some = rng.sample(range(len(rows)), min(12, len(rows)))
    faults = [
        (amount, "面议"),
        (created, "2025-02-30"),
        (created, "-"),
        (1, UNKNOWN_ACCOUNT),
        (1, UNKNOWN_ACCOUNT),
    ]
    for at, (place, slip) in zip(some, faults, strict=False):
        rows[at][place] = slip
    finished = [row for row in rows if row[closed]]
    for row in rng.sample(finished, min(2, len(finished))):
        row[closed] = "2019-12-31"
    copies = [list(rows[at]) for at in some[5:9]]
    changed = [list(rows[at]) for at in some[9:]]
    for row in changed:
        row[amount] = "88,000"
    for row in copies + changed:
        rows.insert(rng.randrange(len(rows)), row)
    return rows


def _deal(
    deal: dict[str, Any], accounts: dict[str, str], reps: dict[str, str], rng: Random
) -> list[str]:
    name = accounts.get(str(deal["account_id"]), "")
    return [
        str(deal["opportunity_id"]),
        _name(name, rng),
        reps.get(str(deal.get("rep_id")), ""),
        STAGE_NAMES[str(deal["stage"])],
        STATUS_NAMES[str(deal["status"])],
        _amount(deal["amount"], rng),
        _chance(0 if deal["status"] == "lost" else CHANCES[str(deal["stage"])], rng),
        _filled("source", deal.get("source"), rng),
        _day(deal["created_on"], rng),
        _day(deal["expected_close_on"], rng) or rng.choice(("", "1970-01-01")),
        _day(deal["closed_on"], rng),
        _filled("lost_reason", deal.get("lost_reason"), rng),
    ]


def _shown(field: str, code: str) -> str:
    """Return what a Chinese CRM shows for one of our codes."""
    return messages.topic("labels").get(f"{field}.{code}", {}).get("zh", code)


def _filled(field: str, code: Any, rng: Random) -> str:
    return rng.choice(_BLANKS) if pd.isna(code) else _shown(field, str(code))


def _name(name: str, rng: Random) -> str:
    slips = (f"{name} ", f"{name[:2]} {name[2:]}", f"{name}有限公司", f"\u3000{name}")
    return rng.choice(slips) if rng.random() < 0.12 else name  # noqa: PLR2004 - one name in eight


def _amount(value: Any, rng: Random) -> str:
    if pd.isna(value):
        return rng.choice(_BLANKS)
    yuan = round(float(value))
    if yuan % 1000 or rng.random() < 0.6:  # noqa: PLR2004 - three in five are plain
        return str(yuan)
    in_ten_thousands = f"{yuan / 10_000:g}"
    return rng.choice(
        (
            f"{yuan:,}",
            f"¥{in_ten_thousands}万",
            f"{in_ten_thousands}万元",
            str(yuan).translate(_FULL_WIDTH),
            f"{yuan:,}.00",
            # The unit was forgotten: only the size gives it away.
            in_ten_thousands if rng.random() < 0.3 else str(yuan),  # noqa: PLR2004
        )
    )


def _chance(percent: int, rng: Random) -> str:
    return rng.choice((str(percent), f"{percent}%", f"{percent / 100:.2f}"))


def _day(day: Any, rng: Random) -> str:
    if pd.isna(day):
        return ""
    date = pd.Timestamp(day)
    if rng.random() < 0.7:  # noqa: PLR2004 - most people leave the date as the system wrote it
        return f"{date:%Y-%m-%d}"
    return rng.choice(
        (
            f"{date.year}/{date.month}/{date.day}",
            f"{date.year}年{date.month}月{date.day}日",
            f"{date.year}.{date.month:02d}.{date.day:02d}",
            str((date - pd.Timestamp("1899-12-30")).days),
        )
    )
