"""The funnel simulator (W3): set the rate of a step, see what the funnel would sign."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import funnel as metrics
from ka_lib.charts import funnel as draw_funnel
from ka_lib.charts.difference import signed_money
from ka_lib.errors import ParameterError
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.tables import STAGES
from ka_lib.units import MISSING, count, money
from ka_lib.units import unit as money_unit
from ka_lib.widgets.board import what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE: dict[str, Any] = {"description_width": "180px"}
_WIDE = "390px"
_CELL = "text-align: right; padding: 0 0 0 1.5em"
_VISIBLE = 0.5  # half a deal, half a yuan: less is rounding
_RATE_STEP = 0.01
_MONEY_UNIT = {"zh": 10_000, "en": 1_000}


@dataclass(frozen=True)
class Simulation:
    """A funnel worked out from its levers.

    Parameters
    ----------
    reached : tuple of float
        How many deals reach each stage; fractions are kept.
    signed : float
        Deals signed.
    signed_value : float
        Yuan.
    velocity : float
        Yuan signed a day; missing when there is no cycle.
    """

    reached: tuple[float, ...]
    signed: float
    signed_value: float
    velocity: float


def simulate(
    leads: float, step_rates: Sequence[float], average_value: float, cycle_days: float
) -> Simulation:
    """Work out what a funnel signs.

    Parameters
    ----------
    leads : float
        Deals at the top of the funnel.
    step_rates : sequence of float
        One fraction a step, first to last.
    average_value : float
        Average value of a signed deal, yuan.
    cycle_days : float
        Average sales cycle, days.

    Examples
    --------
    >>> simulate(100, [0.5, 0.4], 120_000, 60)
    Simulation(reached=(100.0, 50.0, 20.0), signed=20.0, signed_value=2400000.0, velocity=40000.0)
    """
    reached = [float(leads)]
    for rate in step_rates:
        reached.append(reached[-1] * rate)
    signed = reached[-1]
    win_rate = signed / leads if leads else 0.0
    known = cycle_days > 0
    velocity = (
        metrics.velocity(leads, average_value, win_rate, cycle_days) if known else float("nan")
    )
    return Simulation(tuple(reached), signed, signed * average_value, velocity)


def funnel_simulator(deals: pd.DataFrame, cycle_days: float | None = None) -> Any:
    """Return the funnel simulator: a slider a step, and what the funnel would sign.

    Parameters
    ----------
    deals : DataFrame
        From `ka_lib.funnel.deals`, or a table from `ka_lib.funnel.reached`.
    cycle_days : float, optional
        Average sales cycle, days. Default: the mean of the signed deals; needed with a table
        from ``reached``, which holds no dates.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell.

    Raises
    ------
    ParameterError
        The table is neither, holds no lead or no signed deal, or the cycle is missing.
    """
    today_table, days = _today(deals, cycle_days)
    average = float(today_table["value"].iloc[-1] / today_table["reached"].iloc[-1])
    leads = int(today_table["reached"].iloc[0])
    rates = [float(rate) for rate in today_table["step_rate"].iloc[1:]]
    today = simulate(leads, rates, average, days)
    pace = _pace(today_table, average, days)
    # Levers move the velocity in proportion; its level comes from the deals that are open.
    share = pace / today.velocity
    today = replace(today, velocity=pace)
    unit = _MONEY_UNIT[current()]

    def draw(**values: float) -> str:
        levers = [
            _set(values[step], rate, _RATE_STEP) for step, rate in zip(STAGES, rates, strict=False)
        ]
        value = _set(values["average_value"] * unit, average, average / 100)
        after = simulate(values["leads"], levers, value, _set(values["cycle_days"], days, 1))
        after = replace(after, velocity=after.velocity * share)
        return _result(today, after, today_table, value / average)

    return what_if(_sliders(leads, rates, average / unit, days), draw)


def _set(shown: float, today: float, step: float) -> float:
    """Return where a slider was set; today's exact value while it stands where it started.

    The browser rounds every slider to its steps on its own: 38.6% would become 39% untouched.
    """
    return today if abs(shown - today) <= step / 2 else shown


def _today(deals: pd.DataFrame, cycle_days: float | None) -> tuple[pd.DataFrame, float]:
    """Return the funnel as it is and its cycle in days."""
    columns = getattr(deals, "columns", ())
    if "furthest" in columns:
        table = metrics.reached(deals)
        days = metrics.sales_cycle(deals).mean if cycle_days is None else cycle_days
    elif {"step_rate", "lost_count", "open_count"} <= set(columns):
        table = deals.reset_index(drop=True)
        if cycle_days is None:
            raise ParameterError("widgets.no_cycle")
        days = cycle_days
    else:
        raise ParameterError("widgets.not_deals")
    if not table["reached"].iloc[-1] > 0:
        raise ParameterError("widgets.nothing_signed")
    if not days > 0:
        raise ParameterError("funnel.cycle", given=days)
    return table, float(days)


def _pace(table: pd.DataFrame, average: float, days: float) -> float:
    """Return the velocity now, as the metric has it: open deals, and wins among the decided."""
    signed, lost = float(table["reached"].iloc[-1]), float(table["lost_count"].sum())
    return metrics.velocity(
        float(table["open_count"].sum()), average, signed / (signed + lost), days
    )


def _sliders(leads: int, rates: list[float], average: float, days: float) -> dict[str, Any]:
    import ipywidgets

    shared: dict[str, Any] = {"style": _STYLE, "layout": {"width": _WIDE}}
    controls: dict[str, Any] = {
        "leads": ipywidgets.IntSlider(
            leads, 0, max(3 * leads, 10), description=text("widgets.leads"), **shared
        )
    }
    for stage, following, rate in zip(STAGES, STAGES[1:], rates, strict=False):
        step = text("widgets.step", stage=_short(stage), next_stage=_short(following))
        controls[stage] = ipywidgets.FloatSlider(
            rate, min=0, max=1, step=_RATE_STEP, readout_format=".0%", description=step, **shared
        )
    controls["average_value"] = ipywidgets.FloatSlider(
        average, min=0, max=3 * average, step=average / 100, readout_format=",.1f",
        description=text("widgets.average_value", unit=money_unit(_MONEY_UNIT[current()])), **shared,
    )  # fmt: skip
    controls["cycle_days"] = ipywidgets.FloatSlider(
        days, min=1, max=max(3 * days, 2), step=1, readout_format=".0f",
        description=text("widgets.cycle_days"), **shared,
    )  # fmt: skip
    return controls


def _short(stage: str) -> str:
    return text("widgets.signed") if stage == STAGES[-1] else label("stage", stage)


def _result(today: Simulation, after: Simulation, table: pd.DataFrame, value_ratio: float) -> str:
    """Return sentence, figures and picture as HTML."""
    changed = pd.DataFrame({"stage": list(STAGES), "reached": list(after.reached)})
    counts = table["reached"].astype("float64")
    per_deal = (table["value"] / counts).where(counts > 0, 0.0)
    changed["value"] = changed["reached"] * per_deal * value_ratio
    before = changed["reached"].shift()
    changed["step_rate"] = (changed["reached"] / before).where(before > 0)
    top = changed["reached"].iloc[0]
    changed["cumulative_rate"] = changed["reached"] / top if top else float("nan")
    sentence = html.escape(reading(today, after))
    spoken = f'<p role="status" aria-live="polite" style="font-size: 1.1em"><b>{sentence}</b></p>'
    picture = draw_funnel(changed, text("widgets.funnel_title"), before=table).html() if top else ""
    return spoken + _figures(today, after) + picture


def reading(today: Simulation, after: Simulation) -> str:
    """Return one sentence: what the change would sign, against today."""
    facts: dict[str, Any] = {"signed": count(after.signed), "value": money(after.signed_value)}
    difference = after.signed_value - today.signed_value
    if abs(difference) < _VISIBLE:
        pace = after.velocity - today.velocity
        key = "widgets.pace" if abs(pace) > _VISIBLE else "widgets.same"
        return text(key, velocity=money(after.velocity), before=money(today.velocity), **facts)
    key = "widgets.more" if difference > 0 else "widgets.less"
    return text(key, difference=money(abs(difference)), **facts)


def _figures(today: Simulation, after: Simulation) -> str:
    """Return the figures as a small table: today, after, difference."""
    change = after.signed - today.signed
    signed = f"{change:+,.0f}".replace("-", "−") if abs(change) > _VISIBLE else "0"
    rows = [
        (text("widgets.signed_deals"), count(today.signed), count(after.signed), signed),
        _money_row("widgets.signed_value", today.signed_value, after.signed_value),
        _money_row("widgets.velocity", today.velocity, after.velocity),
    ]
    heads = ("", text("charts.before"), text("charts.now"), text("widgets.difference"))
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _money_row(key: str, today: float, after: float) -> tuple[str, str, str, str]:
    difference = after - today
    shown = MISSING if pd.isna(difference) else signed_money(round(difference, 2))
    return text(key), money(today), money(after), shown
