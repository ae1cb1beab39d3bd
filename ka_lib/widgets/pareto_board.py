"""The Pareto slider (W1): what the largest x% of the accounts bring, and what if the largest leaves."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ka_lib import concentration
from ka_lib.charts import pareto as draw_pareto
from ka_lib.errors import ParameterError
from ka_lib.language import text
from ka_lib.units import count, money, percent
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    import pandas as pd

_MARK = 0.8  # of the total: the rule of thumb that the slider puts to the test
_START = 0.2
_WIDE = "420px"
_CELL = "text-align: right; padding: 0 0 0 1.5em"


@dataclass(frozen=True)
class Slice:
    """What the largest accounts bring at one setting of the slider.

    Parameters
    ----------
    count, base : int
        So many of so many accounts.
    share : float
        Their part of the total; missing when no account is left or the total is not above 0.
    value, total : float
        Yuan.
    to_reach : float
        How many accounts it takes to reach 80% of the total.
    largest : float
        The share of the largest account.
    hhi : float
        Herfindahl-Hirschman index, 0 to 10,000.
    """

    count: int
    base: int
    share: float
    value: float
    total: float
    to_reach: float
    largest: float
    hhi: float


def top_slice(table: pd.DataFrame, fraction: float) -> Slice:
    """Work out what the largest accounts bring.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.concentration.pareto`.
    fraction : float
        Of the accounts, above 0 up to 1; a part of an account counts as one.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({"account_id": list("ABCD"), "amount": [50, 30, 15, 5]})
    >>> cut = top_slice(concentration.pareto(orders), 0.3)
    >>> cut.count, cut.share, cut.to_reach, cut.hhi
    (2, 0.8, 2.0, 3650.0)
    """
    top = concentration.top_share(table, fraction)
    return Slice(
        top.count,
        top.base,
        top.share,
        top.value,
        top.total,
        concentration.accounts_to_reach(table, _MARK).count,
        concentration.largest(table).share,
        concentration.hhi(table),
    )


def pareto_slider(orders: pd.DataFrame, accounts: pd.DataFrame) -> Any:
    """Return the Pareto slider: the largest x% of the accounts, and what they bring.

    Parameters
    ----------
    orders : DataFrame
        ``account_id``, ``amount`` and ``gross_profit`` (yuan without VAT) of the period to look at.
    accounts : DataFrame
        ``account_id``, ``account_name`` and ``parent_id``.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell. Controls: ``fraction``, ``value`` (revenue or gross profit),
        ``roll_up`` (subsidiaries under their parent) and ``leaves`` (the largest account is gone).

    Raises
    ------
    ParameterError
        The orders add up to nothing.
    TableError
        A column is missing or blank, or an account is unknown.
    """
    tables = {
        (value, roll_up): concentration.pareto(orders, value, accounts, roll_up)
        for value in ("amount", "gross_profit")
        for roll_up in (False, True)
    }
    if not all(table["value"].sum() > 0 for table in tables.values()):
        raise ParameterError("widgets_pareto.no_sales")

    def draw(*, fraction: float, value: str, roll_up: bool, leaves: bool) -> str:
        today = top_slice(tables["amount", False], fraction)
        full = tables[value, roll_up]
        biggest = str(full["account_id"].iloc[0])
        table = concentration.without(full, [biggest]) if leaves else full
        now = top_slice(table, fraction)
        gone = concentration.largest(full) if leaves else None
        sentence = html.escape(reading(now, value, gone, _name(accounts, biggest)))
        spoken = (
            f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
        )
        return spoken + _figures(today, now) + _picture(table, accounts, now, value)

    return what_if(_controls(), draw)


def _controls() -> dict[str, Any]:
    import ipywidgets

    wide: dict[str, Any] = {"style": {"description_width": "150px"}, "layout": {"width": _WIDE}}
    measures = [(_measure(name).capitalize(), name) for name in ("amount", "gross_profit")]
    return {
        "fraction": ipywidgets.FloatSlider(
            _START, min=0.01, max=1, step=0.01, readout_format=".0%",
            description=text("widgets_pareto.fraction"), **wide,
        ),
        "value": ipywidgets.Dropdown(
            options=measures, value="amount", description=text("widgets_pareto.measure"), **wide
        ),
        "roll_up": ipywidgets.Checkbox(
            False, description=text("widgets_pareto.roll_up"), indent=False, layout={"width": _WIDE}
        ),
        "leaves": ipywidgets.Checkbox(
            False, description=text("widgets_pareto.leaves"), indent=False, layout={"width": _WIDE}
        ),
    }  # fmt: skip


def _measure(value: str) -> str:
    return text("widgets_pareto.sales" if value == "amount" else "widgets_pareto.profit")


def _name(accounts: pd.DataFrame, account_id: str) -> str:
    found = accounts.loc[accounts["account_id"] == account_id, "account_name"]
    return str(found.iloc[0]) if len(found) else account_id


def reading(
    now: Slice, value: str, gone: concentration.Exposure | None = None, name: str = ""
) -> str:
    """Return one sentence: what the largest accounts bring, and what a departure would cost.

    Parameters
    ----------
    now : Slice
        Of the accounts that stay.
    value : {"amount", "gross_profit"}
        What it is a share of.
    gone : Exposure, optional
        From `ka_lib.concentration.largest`: the account that left.
    name : str
        Its name.
    """
    measure = _measure(value)
    brings = text(
        "widgets_pareto.brings",
        count=count(now.count), base=count(now.base), share=percent(now.share),
        measure=measure, value=money(now.value), reach=count(now.to_reach), mark=percent(_MARK),
    )  # fmt: skip
    if gone is None:
        return brings
    if not now.base:
        return text("widgets_pareto.nobody_left", name=name)
    lost = text(
        "widgets_pareto.without",
        name=name, lost=money(gone.value), share=percent(gone.share), measure=measure,
        growth=percent(gone.growth_needed),
    )  # fmt: skip
    return lost + text("widgets_pareto.space") + brings


def _figures(today: Slice, now: Slice) -> str:
    """Return the figures as a small table: sales as they are, and the setting."""
    rows = [
        (text("widgets_pareto.total"), money(today.total), money(now.total)),
        (text("widgets_pareto.top"), percent(today.share), percent(now.share)),
        (text("widgets_pareto.reach"), _of(today), _of(now)),
        (text("widgets_pareto.largest"), percent(today.largest), percent(now.largest)),
        (text("widgets_pareto.hhi"), count(today.hhi), count(now.hhi)),
    ]
    heads = ("", text("widgets_pareto.today"), text("widgets_pareto.now"))
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _of(one: Slice) -> str:
    return text("widgets_pareto.of", count=count(one.to_reach), base=count(one.base))


def _picture(table: pd.DataFrame, accounts: pd.DataFrame, now: Slice, value: str) -> str:
    if table.empty or not now.share > 0:
        return ""
    title = text(
        "widgets_pareto.title",
        count=count(now.count), base=count(now.base), share=percent(now.share),
        measure=_measure(value),
    )  # fmt: skip
    return draw_pareto(table, accounts, title, mark=min(now.share, 1.0)).html()
