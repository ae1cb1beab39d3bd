"""The life-cycle board (W5): an account's stage and why, its next moment, and what to do now.

Prevents a stage that nobody can argue with: the limits are on the board, and moving one shows
which accounts change column.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import health, relationship
from ka_lib.charts import life_cycle as draw_board
from ka_lib.charts.care import LIFE_STAGES
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import text
from ka_lib.units import MISSING, count, money, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from ka_lib.company import Company

RULES: dict[str, Any] = {"grows_from": 0.10, "shrinks_from": 0.10, "lapsed_days": 90}
_AHEAD = pd.Timedelta(days=180)
_RENEWAL_DAYS = 90
_TWO = 2
_MOST = 20  # cards a column: one rep's accounts
_WIDE = "420px"
_CELL = "text-align: right; padding: 0 0 0 1.5em"
_EXTRA = [
    *("account_id", "account_name", "people", "days_since", "next_on", "next_moment"),
    *("next_what", "renewal_days"),
]


def life_cards(
    company: Company,
    *,
    grows_from: float = 0.10,
    shrinks_from: float = 0.10,
    lapsed_days: int = 90,
) -> pd.DataFrame:
    """Return a card for each account: its stage, its next moment and what to do now.

    Parameters
    ----------
    company : Company
        Uses accounts, orders, contacts, activities, products and tickets.
    grows_from, shrinks_from, lapsed_days : float
        As in `ka_lib.relationship.life_cycle`.

    Returns
    -------
    DataFrame
        One row an account: the columns of `ka_lib.relationship.life_cycle`, then
        ``account_name``, ``people`` (contacts still there), ``days_since`` (the last contact of any
        kind), ``next_on``, ``next_moment``, ``next_what`` (its own next care moment within 180
        days; holidays and launches only where it has none), ``renewal_days`` (until the contract's
        last day, within 90 days) and ``advice``, a code. The first that holds: ``first_order``
        (never bought), ``win_back`` (lapsed), ``complaint`` (still open), ``person_then_renewal``
        (renewal due, fewer than two people known), ``renewal``, ``find_cause`` (shrinking),
        ``second_person``, ``first_year`` (new or returned), ``cross_sell`` (growing), ``review``.
    """
    stages = _stages(company, grows_from, shrinks_from, lapsed_days)
    return _with_advice(stages.merge(_known(company), on="account_id"))


def life_cycle_board(company: Company, rep_id: str | None = None) -> Any:
    """Return the life-cycle board: choose an account, move the limits, see what to do.

    Parameters
    ----------
    company : Company
        Uses accounts, orders, contacts, activities, products and tickets.
    rep_id : str, optional
        Only the accounts of this rep. Default: all.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``account_id``, ``grows_from``, ``shrinks_from`` and
        ``lapsed_days``.

    Raises
    ------
    ParameterError
        The rep has no account, or there is none at all.
    """
    known = _known(company)
    if rep_id is not None:
        mine = company.accounts.loc[company.accounts["rep_id"] == rep_id, "account_id"]
        known = known[known["account_id"].isin(mine)]
    if known.empty:
        raise ParameterError("widgets_life.no_accounts", rep=MISSING if rep_id is None else rep_id)
    today = _with_advice(_stages(company, *RULES.values()).merge(known, on="account_id"))

    def draw(*, account_id: str, grows_from: float, shrinks_from: float, lapsed_days: int) -> str:
        stages = _stages(company, grows_from, shrinks_from, lapsed_days)
        now = _with_advice(stages.merge(known, on="account_id"))
        chosen = now[now["account_id"] == account_id].iloc[0]
        before = today[today["account_id"] == account_id].iloc[0]
        sentence = html.escape(reading(chosen, before))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        return spoken + _figures(chosen) + _counts(today, now) + _picture(now, account_id)

    return what_if(_controls(known), draw)


def reading(card: pd.Series, before: pd.Series) -> str:
    """Return a few sentences: the account's stage and why, what the limits changed, what to do.

    Parameters
    ----------
    card : Series
        A row of `life_cards`.
    before : Series
        The same account's row under the limits as they were.
    """
    facts: dict[str, Any] = {
        "name": card["account_name"],
        "stage": label("life_stage", card["life_stage"]),
        "because": label("reason", card["because"]),
    }
    said = text("widgets_life.stage", **facts)
    if card["life_stage"] != before["life_stage"]:
        was = label("life_stage", before["life_stage"])
        said += text("widgets_life.moved", was=was, stage=facts["stage"])
    days: dict[str, Any] = {"days": count(card["renewal_days"])}
    return said + text(f"widgets_life.{card['advice']}", **days)


def _stages(
    company: Company, grows_from: float, shrinks_from: float, lapsed_days: int
) -> pd.DataFrame:
    return relationship.life_cycle(
        company.accounts,
        company.orders,
        company.as_of,
        grows_from=grows_from,
        shrinks_from=shrinks_from,
        lapsed_days=lapsed_days,
    )


def _known(company: Company) -> pd.DataFrame:
    """Return what does not depend on the limits: people, contacts, moments, renewals."""
    day = company.as_of.normalize()
    table = company.accounts[["account_id", "account_name"]].set_index("account_id")
    people = health.exposure(company.contacts, company.accounts, day).set_index("account_id")
    gaps = relationship.contact_gaps(company.activities, company.accounts, day)
    due = relationship.renewals(company.accounts, day, _RENEWAL_DAYS).set_index("account_id")
    table = table.join(people["contacts"].rename("people"))
    table = table.join(gaps.set_index("account_id")["days_since"])
    tomorrow = day + pd.Timedelta(days=1)
    moments = relationship.care_calendar(company, tomorrow, tomorrow + _AHEAD)
    shown = {"date": "next_on", "moment": "next_moment", "what": "next_what"}
    own = moments.dropna(subset=["account_id"]).drop_duplicates("account_id")
    table = table.join(own.set_index("account_id")[list(shown)].rename(columns=shown))
    everybody = moments[moments["account_id"].isna()]
    if len(everybody):
        without = table["next_on"].isna()
        for name, column in shown.items():
            table.loc[without, column] = everybody[name].iloc[0]
    table = table.join(due["days_left"].rename("renewal_days"))
    return table.reset_index()[_EXTRA]


def _with_advice(cards: pd.DataFrame) -> pd.DataFrame:
    return cards.assign(advice=[_advice(row) for _, row in cards.iterrows()])


def _advice(card: pd.Series) -> str:
    alone, due = card["people"] < _TWO, pd.notna(card["renewal_days"])
    rules = [
        (card["because"] == "no_order", "first_order"),
        (card["because"] == "lapsed", "win_back"),
        (card["next_moment"] == "crisis", "complaint"),
        (due and alone, "person_then_renewal"),
        (due, "renewal"),
        (card["because"] == "shrinking", "find_cause"),
        (alone, "second_person"),
        (card["because"] in {"new", "returned"}, "first_year"),
        (card["because"] == "growing", "cross_sell"),
    ]
    return next((advice for holds, advice in rules if holds), "review")


def _controls(known: pd.DataFrame) -> dict[str, Any]:
    import ipywidgets

    wide: dict[str, Any] = {"style": {"description_width": "170px"}, "layout": {"width": _WIDE}}
    names = list(zip(known["account_name"], known["account_id"], strict=True))
    share: dict[str, Any] = {"min": 0, "max": 0.6, "step": 0.01, "readout_format": ".0%"}
    return {
        "account_id": ipywidgets.Dropdown(
            options=names, value=names[0][1], description=text("widgets_life.account"), **wide
        ),
        "grows_from": ipywidgets.FloatSlider(
            RULES["grows_from"], description=text("widgets_life.grows_from"), **share, **wide
        ),
        "shrinks_from": ipywidgets.FloatSlider(
            RULES["shrinks_from"], description=text("widgets_life.shrinks_from"), **share, **wide
        ),
        "lapsed_days": ipywidgets.IntSlider(
            int(RULES["lapsed_days"]), min=15, max=180, step=5,
            description=text("widgets_life.lapsed_days"), **wide,
        ),
    }  # fmt: skip


def _figures(card: pd.Series) -> str:
    """Return what the chosen account's card says as a small table."""
    if pd.isna(card["next_on"]):
        moment = MISSING
    else:
        facts: dict[str, Any] = {"day": f"{card['next_on']:%Y-%m-%d}", "what": card["next_what"]}
        moment = text("widgets_life.next", **facts)
    growth = MISSING if pd.isna(card["growth"]) else percent(card["growth"])
    sales = MISSING if pd.isna(card["sales_now"]) else money(card["sales_now"])
    rows = [
        (text("widgets_life.growth"), growth),
        (text("widgets_life.sales"), sales),
        (text("widgets_life.last_order"), _days(card["recency_days"])),
        (text("widgets_life.last_contact"), _days(card["days_since"])),
        (text("widgets_life.people"), count(card["people"])),
        (text("widgets_life.moment"), moment),
    ]
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        f'<td style="{_CELL}">{html.escape(str(cell))}</td></tr>'
        for name, cell in rows
    )
    return f"<table><tbody>{body}</tbody></table>"


def _days(value: float) -> str:
    return MISSING if pd.isna(value) else text("widgets_life.days_ago", days=count(value))


def _counts(today: pd.DataFrame, now: pd.DataFrame) -> str:
    """Return how many accounts stand in each stage: under the usual limits, and under these."""
    heads = ("", *(label("life_stage", stage) for stage in LIFE_STAGES))
    rows = [
        (text(f"widgets_life.{name}"), *(str((table["life_stage"] == s).sum()) for s in LIFE_STAGES))
        for name, table in (("usual", today), ("yours", now))
    ]  # fmt: skip
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f'<table style="margin: 0.8em 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _picture(now: pd.DataFrame, account_id: str) -> str:
    chosen = now["account_id"] == account_id
    # The chosen account is marked by a sign, not by colour alone.
    named = now["account_name"].where(~chosen, "▶ " + now["account_name"])
    title = text("widgets_life.title", count=count(len(now)))
    return draw_board(now.assign(account_name=named), title=title, most=_MOST).html()
