"""Compare charts by the data behind them: colours, size, fonts and wording are the reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_lib.chart_data import ChartData
from ka_lib.judge import EQUAL, Verdict, near, wrong_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ka_lib.forms import Chart

# Amounts may be drawn in yuan, thousands, 万元, millions or 亿元, and shares in percent.
_UNITS = (1.0, 1e-3, 1e-4, 1e-6, 1e-8, 100.0, 0.01)


def compare_chart(form: Chart, expected: ChartData, answer: Any) -> Verdict:
    """Compare what two charts show.

    Returns
    -------
    Verdict
        The first of these that holds: no chart, nothing of the kind drawn, other values, another
        order, a value axis that is cut where the expected one is not (or the other way round), an
        empty title or axis label.
    """
    if not isinstance(answer, ChartData):  # a Series has axes too
        return wrong_type(answer, "chart")
    drawn = list(_series(form, answer))
    if not drawn:
        return Verdict("chart_kind", {"codes": [form.kind]})
    order = "equal"
    for wanted, axes in _series(form, expected):
        kinds = [_same(form, wanted, one) for one, _ in drawn]
        best = next((kind for kind in ("equal", "order") if kind in kinds), "")
        if not best:
            return Verdict("chart_values", {"given": _most(drawn), "wanted": len(wanted["y"])})
        order = best if order == "equal" else order
        given, own = drawn[kinds.index(best)]
        if form.from_zero and _reaches_zero(axes, wanted) != _reaches_zero(own, given):
            return Verdict("chart_axis")
        named = (bool(axes[name].strip()) == bool(own[name].strip()) for name in form.labels)
        if not all(named):
            return Verdict("chart_labels")
    return EQUAL if order == "equal" else Verdict("chart_order")


def _series(form: Chart, chart: ChartData) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each series of the form's kind with its axes."""
    for axes in chart.axes:
        for series in axes["series"]:
            if series["kind"] == form.kind:
                yield series, axes


def _same(form: Chart, wanted: dict[str, Any], given: dict[str, Any]) -> str:
    """Return ``"equal"``, ``"order"`` (the same values in another order) or an empty text."""
    expected, values = _numbers(wanted["y"]), _numbers(given["y"])
    if len(expected) != len(values):
        return ""
    for unit in _UNITS:
        scaled = [value * unit for value in expected]
        if _all_near(form, scaled, values, unit):
            return "equal"
        if _all_near(form, sorted(scaled), sorted(values), unit):
            return "order" if form.ordered else "equal"
    return ""


def _numbers(values: list[Any]) -> list[float]:
    return [float(value) for value in values]


def _all_near(form: Chart, expected: list[float], values: list[float], unit: float) -> bool:
    pairs = zip(expected, values, strict=True)
    return all(near(one, other, form.tolerance * unit, form.relative) for one, other in pairs)


def _most(drawn: list[tuple[dict[str, Any], dict[str, Any]]]) -> int:
    return max(len(series["y"]) for series, _ in drawn)


def _reaches_zero(axes: dict[str, Any], series: dict[str, Any]) -> bool:
    """Return whether the axis that shows the values reaches down to zero."""
    low, high = sorted(axes["x_limits" if series.get("lying") else "y_limits"])
    return bool(low <= 0 <= high)
