"""The figures that the opening's prose names, worked out from the practice company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ka_lib as ka
from ka_course.figures import Figure, days, money, number, percent

if TYPE_CHECKING:
    from ka_lib.company import Company

YEAR = ("2024-12-01", "2025-12-01")


def facts(company: Company) -> dict[str, Figure]:
    """Return every ``{{name}}`` of the lecture, the quiz and the assignment."""
    pnl = ka.customer_pnl.of_company(company, *YEAR)
    wanan, others = pnl.iloc[0], pnl["contribution_rate"].iloc[1:5] * 100
    gross, net, rate = (
        float(wanan[name]) for name in ("gross_sales", "net_contribution", "contribution_rate")
    )
    _need(wanan["account_id"] == "A001", "Wan'an is the biggest customer")
    _need(others.min() > rate * 100, "the next four customers leave more of every 100")
    _need(0.4 < 0.01 / rate < 0.6, "a point is about half of what is left")  # noqa: PLR2004
    by_account = pnl.set_index("account_id")
    return {
        "gross": money(gross),
        "net": money(net),
        "rate": percent(rate, digits=1),
        "left_100": number(rate * 100),
        "discount_100": number(float(wanan["on_invoice_discount"]) / gross * 100, digits=0),
        "credit": days(float(company.accounts.set_index("account_id").loc["A001", "payment_days"])),
        "point_cost": money(gross / 100),
        "point_share": percent(0.01 / rate),
        "zero_points": number(rate * 100, digits=0),
        "others_low": number(float(others.min())),
        "others_high": number(float(others.max())),
        "yuguo_100": number(float(by_account.loc["A004", "contribution_rate"]) * 100),
        "yuguo_net": money(float(by_account.loc["A004", "net_contribution"])),
    }


def _need(condition: bool, claim: str) -> None:
    """Stop the build where the data no longer say what the prose says in words."""
    if not condition:
        raise ValueError(f"the opening says: {claim}")
