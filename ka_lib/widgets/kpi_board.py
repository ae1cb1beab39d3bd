"""The KPI board (W6): eight figures by period, tier and rep, and what one loss would do to them.

Prevents a dashboard that only ever shows the average of everybody: each filter says how few it
looks at, and the loss of the biggest deal or customer is one choice away.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from ka_lib import funnel, kpi, pipeline
from ka_lib.charts import dashboard
from ka_lib.charts.difference import signed_money
from ka_lib.company import Company
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import MISSING, count, money, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

Scenario = Literal["none", "deal", "customer"]
SCENARIOS: tuple[Scenario, ...] = ("none", "deal", "customer")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_EVERYBODY = ""
_WIDE = "340px"
_CELL = "text-align: right; padding: 0 0 0 1.5em"
_SAME = 5e-4


@dataclass(frozen=True)
class Loss:
    """What a board shows: the figures, the open deals before and after, and who was lost.

    ``lost`` is the name of the customer whose deal or orders are gone, ``amount`` what that deal or
    those orders were worth in yuan, ``probability`` the deal's; empty and missing when nothing was.
    """

    figures: pd.DataFrame
    before: pipeline.Expected
    after: pipeline.Expected
    lost: str
    amount: float
    probability: float


def periods(as_of: str | pd.Timestamp) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the periods a board offers, each ending with the last complete month.

    Parameters
    ----------
    as_of : date
        The last day the data covers.

    Returns
    -------
    dict of str to (Timestamp, Timestamp)
        Half-open: ``month``, ``quarter`` (three months), ``to_date`` (from 1 January; not in
        January) and ``year`` (twelve months).

    Examples
    --------
    >>> [str(day.date()) for day in periods("2025-11-30")["quarter"]]
    ['2025-09-01', '2025-12-01']
    """
    tomorrow = pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1)
    end = tomorrow.replace(day=1)
    found = {name: (end - pd.DateOffset(months=n), end) for name, n in MONTHS.items()}
    first = (end - pd.Timedelta(days=1)).replace(month=1, day=1)
    to_date = {} if first == found["month"][0] else {"to_date": (first, end)}
    return {"month": found["month"], "quarter": found["quarter"], **to_date, "year": found["year"]}


def part_of(company: Company, tier: str = "", rep_id: str = "") -> Company:
    """Return the part of a company that belongs to a tier, a rep or both.

    Parameters
    ----------
    company : Company
        Uses accounts, orders, opportunities, stage_history, surveys and costs, as far as they are there.
    tier, rep_id : str
        Empty: all. Orders and surveys go with the account's tier and rep, deals with the tier of
        their account and with their own rep.

    Returns
    -------
    Company
        The tables named above with these rows only. Costs are not kept by tier or rep, so with
        either they are left out.
    """
    if not tier and not rep_id:
        return company
    accounts = company.accounts
    of_tier = accounts["tier"] == tier if tier else pd.Series(data=True, index=accounts.index)
    of_rep = accounts["rep_id"] == rep_id if rep_id else of_tier
    chosen = accounts.loc[of_tier & of_rep, "account_id"]
    deals = company.opportunities
    mine = deals["account_id"].isin(accounts.loc[of_tier, "account_id"])
    if rep_id:
        mine &= deals["rep_id"] == rep_id
    tables = {"accounts": accounts[of_tier & of_rep], "opportunities": deals[mine]}
    for name in ("orders", "surveys"):
        if company.has(name):
            rows = company.tables[name]
            tables[name] = rows[rows["account_id"].isin(chosen)]
    if company.has("stage_history"):
        rows = company.stage_history
        known = rows["opportunity_id"].isin(tables["opportunities"]["opportunity_id"])
        tables["stage_history"] = rows[known]
    return Company(company.name, company.as_of, tables, company.currency)


def lose(
    part: Company,
    period: tuple[pd.Timestamp, pd.Timestamp],
    probabilities: pd.DataFrame,
    scenario: Scenario = "none",
) -> Loss:
    """Work out a board: the eight figures of a period, and the open deals with and without a loss.

    Parameters
    ----------
    part : Company
        A company, or from `part_of`.
    period : (date, date)
        Half-open, over by ``part.as_of``.
    probabilities : DataFrame
        ``stage`` and ``probability``, from `ka_lib.pipeline.stage_probabilities`.
    scenario : {"none", "deal", "customer"}
        ``"deal"``: the largest open deal that enters the forecast is lost. ``"customer"``: the
        customer with the largest orders of the period has not ordered in it, and its open deals
        are lost.

    Returns
    -------
    Loss
        Nothing is lost where there is no such deal or customer.

    Raises
    ------
    ParameterError
        The scenario is none of the three, or as from `ka_lib.kpi.review`.
    """
    if scenario not in SCENARIOS:
        raise ParameterError("kpi.choice", given=scenario, choices=", ".join(SCENARIOS))
    deals = pipeline.open_deals(part.opportunities, probabilities, part.as_of)
    before = pipeline.total(deals)
    nan = float("nan")
    if scenario == "customer":
        sold = part.orders[kpi.inside(part.orders, period)]
        sums = sold.groupby("account_id")["amount"].sum().sort_index()
        if sums.empty or not sums.max() > 0:
            return Loss(kpi.review(part, period), before, before, "", nan, nan)
        gone = str(sums.idxmax())
        left = part.orders.drop(sold.index[sold["account_id"] == gone])
        without = Company(part.name, part.as_of, {**part.tables, "orders": left}, part.currency)
        theirs = part.opportunities["account_id"] == gone
        ids = part.opportunities.loc[theirs, "opportunity_id"]
        after = pipeline.total(deals[~deals["opportunity_id"].isin(ids)])
        figures = kpi.review(without, period)
        return Loss(figures, before, after, _name(part, gone), float(sums.max()), nan)
    figures = kpi.review(part, period)
    counted = deals[deals["left_out"] == ""]
    if scenario == "none" or counted.empty:
        return Loss(figures, before, before, "", nan, nan)
    biggest = counted.iloc[0]
    after = pipeline.total(pipeline.lose(deals, str(biggest["opportunity_id"])))
    whose = part.opportunities.set_index("opportunity_id")["account_id"]
    name = _name(part, str(whose[biggest["opportunity_id"]]))
    return Loss(
        figures, before, after, name, float(biggest["amount"]), float(biggest["probability"])
    )


def kpi_board(company: Company) -> Any:
    """Return the KPI board: choose period, tier and rep, and lose the biggest deal or customer.

    Parameters
    ----------
    company : Company
        As for `ka_lib.kpi.review`; stage probabilities come from its deals created at least a year
        before ``company.as_of``.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``period``, ``tier``, ``rep_id`` and ``scenario``.

    Raises
    ------
    ParameterError
        No deal is old enough to learn the stage probabilities from.
    """
    offered = periods(company.as_of)
    known_until = pd.Timestamp(company.as_of) - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    first = company.opportunities["created_on"].min()
    if not first < known_until:
        raise ParameterError("widgets_kpi.no_deals")
    settled = funnel.deals(company, first, known_until)
    probabilities = pipeline.stage_probabilities(settled)

    def draw(*, period: str, tier: str, rep_id: str, scenario: Scenario) -> str:
        part = part_of(company, tier, rep_id)
        shown = lose(part, offered[period], probabilities, scenario)
        figures = shown.figures
        if tier or rep_id:
            costs = figures["kpi"] == "acquisition_cost"
            figures = figures.assign(
                missing_because=figures["missing_because"].mask(costs, "not_split")
            )
        sentence = html.escape(reading(shown, scenario))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        start, end = offered[period]
        last = end - pd.Timedelta(days=1)
        title = text("widgets_kpi.title", start=f"{start:%Y-%m-%d}", end=f"{last:%Y-%m-%d}")
        return spoken + _deals(shown) + dashboard(figures, title).html()

    return what_if(_controls(company, list(offered)), draw)


def reading(shown: Loss, scenario: Scenario = "none") -> str:
    """Return a few sentences: sales against last year, the open deals, and what the loss takes."""
    sales = shown.figures.set_index("kpi").loc["revenue"]
    facts: dict[str, Any] = {"sales": money(sales["value"])}
    if pd.isna(sales["value"]) or not sales["before"] > 0:
        said = text("widgets_kpi.sales", **facts)
    else:
        change = sales["value"] / sales["before"] - 1
        facts["change"] = percent(abs(change), digits=1)
        key = "same" if abs(change) < _SAME else "more" if change > 0 else "less"
        said = text(f"widgets_kpi.{key}", **facts)
    said += text(
        "widgets_kpi.expected",
        count=count(shown.after.count),
        expected=money(shown.after.expected),
        spread=money(shown.after.spread),
    )
    if scenario == "none":
        return said
    if not shown.lost:
        return said + text("widgets_kpi.nothing")
    lost: dict[str, Any] = {
        "name": shown.lost,
        "amount": money(shown.amount),
        "chance": percent(shown.probability),
        "less": money(shown.before.expected - shown.after.expected),
    }
    return said + text(f"widgets_kpi.lost_{scenario}", **lost)


def _name(company: Company, account_id: str) -> str:
    names = company.accounts.set_index("account_id")["account_name"]
    return str(names.get(account_id, account_id))


def _controls(company: Company, offered: Sequence[str]) -> dict[str, Any]:
    import ipywidgets

    tiers = sorted(company.accounts["tier"].dropna().unique())
    names = company.reps.set_index("rep_id")["rep_name"] if company.has("reps") else {}
    reps = sorted(set(company.accounts["rep_id"].dropna()))
    everybody = (text("widgets_kpi.all"), _EVERYBODY)
    options: dict[str, list[tuple[str, str]]] = {
        "period": [(text(f"widgets_kpi.period_{name}"), name) for name in offered],
        "tier": [everybody, *((str(tier), str(tier)) for tier in tiers)],
        "rep_id": [everybody, *((str(names.get(rep, rep)), str(rep)) for rep in reps)],
        "scenario": [(text(f"widgets_kpi.scenario_{name}"), name) for name in SCENARIOS],
    }
    start = {"period": "to_date" if "to_date" in offered else "year"}
    return {
        name: ipywidgets.Dropdown(
            options=choices,
            value=start.get(name, choices[0][1]),
            description=text(f"widgets_kpi.{name}"),
            style={"description_width": "90px"},
            layout={"width": _WIDE},
        )
        for name, choices in options.items()
    }


def _deals(shown: Loss) -> str:
    """Return the open deals as a small table: as they stand, after the loss, difference."""
    before, after = shown.before, shown.after
    rows = [
        (text("widgets_kpi.open"), *_counts(before.count, after.count)),
        (text("widgets_kpi.full"), *_amounts(before.value, after.value)),
        (text("widgets_kpi.weighted"), *_amounts(before.expected, after.expected)),
        (text("widgets_kpi.spread"), *_amounts(before.spread, after.spread)),
    ]
    heads = ("", text("widgets_kpi.today"), text("widgets_kpi.after"), text("widgets.difference"))
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _counts(before: int, after: int) -> tuple[str, str, str]:
    gone = before - after
    return count(before), count(after), f"−{gone:,}" if gone else "0"


def _amounts(before: float, after: float) -> tuple[str, str, str]:
    if pd.isna(before) or pd.isna(after):
        return MISSING, MISSING, MISSING
    return money(before), money(after), signed_money(round(after - before, 2))
