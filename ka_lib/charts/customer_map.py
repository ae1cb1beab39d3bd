"""Where the customers are: provinces of China as tiles, other regions as bars."""

from __future__ import annotations

import pandas as pd

from ka_lib import fonts
from ka_lib.charts.chart import BLUE, GREY, INK, LIGHT, Chart, canvas, need, note
from ka_lib.charts.comparison import bars
from ka_lib.charts.parts import bare, listed, shorten
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.regions import PLACES
from ka_lib.units import count, money, unit

_ROWS = 8
_TILE = 0.68  # inches high
_LINES = (0.22, 0.5, 0.76)  # where name, accounts and sales stand in a tile
_SHORT = 11  # letters; Inner Mongolia is longer
_LISTED = 10  # regions that the alternative text names
_DARKEST = 0.55  # of blue, so that black stays readable on it
_UNITS = {"zh": 10_000, "en": 1_000}
_ONE_DECIMAL_BELOW = 1_000


def customer_map(table: pd.DataFrame, title: str | None = None) -> Chart:
    """Draw accounts and sales by province, written in tiles that lie roughly as the provinces do.

    Parameters
    ----------
    table : DataFrame
        From `ka_lib.regions.by_region`: ``region``, ``count`` (accounts) and ``value`` (yuan).
    title : str, optional
        Default: how many accounts in how many regions.

    Returns
    -------
    Chart
        The more sales, the darker the tile; both numbers stand in it. Accounts elsewhere, or
        without a region, are summed up in a line below. Without any region of China: sorted bars.

    Raises
    ------
    ParameterError
        The table is not one of regions.
    """
    need(table, ("region", "count", "value"), "ka.regions.by_region(accounts, orders)")
    places = table[table["region"].notna()]
    total = int(table["count"].sum())
    heading = title
    if heading is None:
        heading = text("charts_map.title", count=count(total), regions=count(len(places)))
    on_map = table["region"].isin(PLACES)
    if not on_map.any():
        return _bars(table, heading)
    tiles = table[on_map].set_index("region")
    divisor, digits = _divisor(tiles["value"])
    from matplotlib.patches import Rectangle

    with fonts.style():
        figure, axes = canvas(_ROWS * _TILE, heading, sides=(0.015, 0.985), below=0.62)
        bare(axes)
        axes.set_xlim(0, 8)
        axes.set_ylim(_ROWS, 0)
        most = max(float(tiles["value"].max()), 0.0) or 1.0
        for code, (row, column) in PLACES.items():
            here = code in tiles.index
            lines = [label("region", code)]
            shade = 0.0
            if here:
                value = float(tiles.loc[code, "value"])
                shade = 0.05 + max(value, 0.0) / most * _DARKEST
                lines.append(text("charts_map.accounts", count=count(tiles.loc[code, "count"])))
                lines.append(_no_minus_zero(f"{value / divisor:,.{digits}f}"))
            corner = (column + 0.03, row + 0.04)
            edge = BLUE if here else LIGHT
            axes.add_patch(
                Rectangle(
                    corner, 0.94, 0.92, facecolor=(BLUE, shade), edgecolor=edge, linewidth=0.9
                )
            )
            for line, at in zip(lines, _LINES if here else (0.5,), strict=True):
                axes.text(
                    column + 0.5, row + at, line, ha="center", va="center",
                    size=10 if len(line) <= _SHORT else 8.5, color=INK if here else GREY,
                    weight="bold" if here and line is lines[0] else "normal",
                )  # fmt: skip
        key = text("charts_map.key", unit=unit(divisor))
        note(figure, "\n".join([key, *_elsewhere(table[~on_map])]))
    first = tiles.reset_index().sort_values("value", ascending=False, kind="stable")
    return Chart(figure, _alt("charts_map.alt", heading, first, table[~on_map]))


def _divisor(values: pd.Series) -> tuple[int, int]:
    """Return what all tiles' yuan are divided by, and how many decimals they have."""
    largest = float(values.abs().max())
    divisor = _UNITS[current()]
    if largest < divisor:
        return 1, 0
    return divisor, 1 if largest / divisor < _ONE_DECIMAL_BELOW else 0


def _no_minus_zero(amount: str) -> str:
    return amount.lstrip("-") if not amount.strip("-0.,") else amount


def _elsewhere(rest: pd.DataFrame) -> list[str]:
    """Say who is not on the map."""
    lines = []
    for key, part in (
        ("charts_map.elsewhere", rest[rest["region"].notna()]),
        ("charts_map.unknown", rest[rest["region"].isna()]),
    ):
        accounts = int(part["count"].sum())
        if accounts:
            value = money(float(part["value"].sum()))
            lines.append(text(key, count=count(accounts), value=value))
    return [text("charts_map.apart").join(lines)] if lines else []


def _bars(table: pd.DataFrame, heading: str) -> Chart:
    """Draw regions outside China: sales as bars, the number of accounts in their names."""
    named = [
        text(
            "charts_map.bar",
            region=shorten(_name(region), 15),
            count=count(accounts),
        )
        for region, accounts in zip(table["region"], table["count"], strict=True)
    ]
    return bars(pd.Series(table["value"].to_numpy(), index=named), heading, most=20)


def _name(region: object) -> str:
    return text("charts_map.no_name") if pd.isna(region) else label("region", region)


def _alt(key: str, heading: str, tiles: pd.DataFrame, rest: pd.DataFrame) -> str:
    parts = listed(
        (
            label("region", region),
            text("charts_map.both", count=count(accounts), value=money(value)),
        )
        for region, accounts, value in zip(
            tiles["region"].iloc[:_LISTED], tiles["count"], tiles["value"], strict=False
        )
    )
    alt = text(key, title=heading, regions=parts)
    if len(tiles) > _LISTED:
        alt += text("charts_map.more", count=count(len(tiles) - _LISTED))
    return alt + "".join(f" {line}" for line in _elsewhere(rest))
