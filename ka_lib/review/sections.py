"""The sections of a review: sentences, tables and charts in the order in which they are read."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib import charts, units
from ka_lib.labels import label
from ka_lib.language import messages, text
from ka_lib.review import findings, measures
from ka_lib.review.table import Table, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ka_lib.charts import Chart
    from ka_lib.crm import Import
    from ka_lib.review.scope import Scope

    Block = str | Table | Chart

_RESULTS = {
    "won": "count",
    "lost": "count",
    "win_rate": "rate",
    "won_value": "money",
    "open": "count",
    "open_value": "money",
}
_MEASURES = {
    "created": "count",
    "created_value": "money",
    "won": "count",
    "won_value": "money",
    "average_won": "money",
    "lost": "count",
    "win_rate": "rate",
    "win_rate_value": "rate",
    "cycle_mean": "days",
    "cycle_median": "days",
}
_NAMED = 5  # unknown columns that the notes list for each file


@dataclass(frozen=True)
class Section:
    """Blocks that belong together: paragraphs, tables, charts."""

    blocks: list[Block]

    def _repr_html_(self) -> str:
        """Return the blocks below each other, nothing to fetch."""
        return "\n".join(map(_html, self.blocks))

    def __repr__(self) -> str:
        return "\n".join(block for block in self.blocks if isinstance(block, str))


def _html(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{html.escape(block)}</p>"
    if isinstance(block, Table):
        return block.html()
    return f"<figure>{block.html()}</figure>"


def funnel(scope: Scope) -> list[Block]:
    """Show how far deals got, and what each step cost; without history, where they stand now."""
    if not scope.has_history:
        return [text("review.no_history"), *_current(scope)]
    now, before = measures.created_now(scope), measures.created_before(scope)
    if now.empty:
        return [text("review.none_created", period=findings.period(scope)), *_current(scope)]
    table = measures.stages(scope)
    blocks: list[Block] = [
        text("review.cohort", period=findings.period(scope), deals=findings.deals(len(now))),
        charts.funnel(table),
        Table(_without_empty(table), _stage_columns(scope, before is not None)),
    ]
    if before is None:
        blocks.append(text("review.no_year", first=findings.day(scope.first)))
    elif measures.has_amounts(scope):
        blocks += _leak(scope)
    return blocks + _current(scope)


def _stage_columns(scope: Scope, compared: bool) -> dict[str, str]:
    columns = {"stage": "stage", "reached": "count", "value": "money", "step_rate": "rate"}
    columns |= {"step_rate_before": "rate", "cumulative_rate": "rate"}
    columns |= {"cumulative_rate_before": "rate", "lost_count": "count", "lost_value": "money"}
    dropped = set() if compared else {"step_rate_before", "cumulative_rate_before"}
    dropped |= set() if measures.has_amounts(scope) else {"value", "lost_value"}
    return {name: kind for name, kind in columns.items() if name not in dropped}


def _without_empty(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna(axis="columns", how="all")


def _leak(scope: Scope) -> list[Block]:
    """Show what each step cost against last year, and what made the whole difference."""
    blocks: list[Block] = []
    gap = measures.gap(scope)
    if gap is not None and gap["value_gained"].notna().any():
        blocks += [text("review.leak"), charts.funnel_gap(gap)]
    effects = measures.effects(scope)
    if effects is not None:
        blocks += [text("review.effects"), charts.effects(effects)]
    return blocks


def _current(scope: Scope) -> list[Block]:
    """Show where the open deals stand today."""
    table = measures.pipeline(scope)
    if table.empty:
        return [text("review.nothing_open")]
    blocks: list[Block] = []
    missing = table["without_amount"].sum()
    if len(table) > 1:
        blocks.append(charts.current_stages(table))
    else:
        stage = label("stage", table["stage"].iloc[0])
        count = findings.deals(table["count"].sum())
        blocks.append(text("review.one_stage", deals=count, stage=stage))
    if missing:
        count = findings.deals(missing)
        blocks.append(text("review.without_amount", deals=count))
    return blocks


def results(scope: Scope) -> list[Block]:
    """Show the figures beside last year's, the quarters and the months."""
    table = measures.key_figures(scope)
    blocks: list[Block] = []
    if not scope.compares_closed:
        blocks.append(text("review.not_compared", first=findings.day(scope.first)))
    blocks.append(_figures(scope, table))
    lost_unpriced = table.set_index("measure")["now"].get("win_rate_value")
    lost = table.set_index("measure")["now"]["lost"]
    if lost_unpriced is not None and pd.isna(lost_unpriced) and lost:
        blocks.append(text("review.lost_unpriced"))
    quarters = measures.quarters(scope)
    months = measures.months(scope)
    priced = measures.has_amounts(scope)
    if len(months) > 1 and months.any():
        title = text("review.months_value" if priced else "review.months_count")
        blocks.append(charts.trend(months, scope.as_of, title, "money" if priced else "count"))
    if len(quarters) > 1:
        columns = {"quarter": "text", "won": "count", "lost": "count", "win_rate": "rate"}
        columns |= {"won_value": "money"} if priced else {}
        named = quarters.assign(quarter=[_quarter(row) for row in quarters.itertuples()])
        blocks.append(Table(named, columns, text("review.quarters")))
    reasons = measures.lost_reasons(scope)
    if len(reasons):
        columns = {"lost_reason": "lost_reason", "count": "count", "value": "money"}
        shown = reasons if reasons["value"].any() else reasons.drop(columns="value")
        blocks.append(Table(shown, columns, text("review.lost_reasons")))
    return blocks


def _figures(scope: Scope, table: pd.DataFrame) -> Table:
    """Return the key figures as words: their kinds differ from row to row."""
    shown = pd.DataFrame(
        {
            "measure": [text(f"review.measure_{name}") for name in table["measure"]],
            "now": [_figure(value, name) for value, name in zip(table["now"], table["measure"], strict=True)],
            "before": [_figure(value, name) for value, name in zip(table["before"], table["measure"], strict=True)],
            "change": [_change(*row) for row in table[["measure", "now", "before"]].itertuples(index=False)],
        }
    )  # fmt: skip
    if table["before"].isna().all():
        shown = shown.drop(columns=["before", "change"])
    columns = {"measure": "text", "now": "text", "before": "text", "change": "text"}
    return Table(shown, columns, findings.period(scope))


def _figure(value: float, measure: str) -> str:
    kind = _MEASURES[measure]
    if kind == "money":
        return units.money(value)
    return units.days(value) if kind == "days" else show(value, kind)


def _change(measure: str, now: float, before: float) -> str:
    """Return the change against last year: percent for amounts, points for rates, days for days."""
    if pd.isna(now) or pd.isna(before):
        return units.MISSING
    kind = _MEASURES[measure]
    if kind == "rate":
        return text("review.points", number=f"{(now - before) * 100:+.0f}")
    if kind == "days":
        return text("review.change_days", number=f"{now - before:+.0f}")
    return f"{now / before - 1:+.0%}" if before else units.MISSING


def _quarter(row: object) -> str:
    name = findings.quarter(row.quarter)  # type: ignore[attr-defined]
    return name if row.whole else text("review.to_date", name=name)  # type: ignore[attr-defined]


def comparison(scope: Scope) -> list[Block]:
    """Compare reps and lead sources, the most value won first."""
    blocks: list[Block] = []
    reps = measures.by_rep(scope)
    if scope.owner:
        total = measures.in_total(scope).assign(rep_name=text("review.team"))
        reps = pd.concat([reps, total], ignore_index=True)
    for table, name, caption in (
        (reps, "rep_name", "review.by_rep"),
        (measures.by_source(scope), "source", "review.by_source"),
    ):
        if len(table) < 2:  # noqa: PLR2004 - nothing to compare
            continue
        kind = "source" if name == "source" else "text"
        columns = {name: kind} | _RESULTS
        priced = {"won_value", "open_value"}
        columns = {
            column: kind
            for column, kind in columns.items()
            if column not in priced or table[column].any()
        }
        words = text(caption)
        if len(table) > measures.TOP:
            words += text("review.top", shown=measures.TOP, total=len(table))
        blocks.append(Table(table.head(measures.TOP), columns, words))
    return blocks or [text("review.nothing_to_compare")]


def watch(scope: Scope) -> list[Block]:
    """List the deals to look at this week: why, and what to ask."""
    table = measures.watch(scope)
    if table.empty:
        return [text("review.watch_none")]
    top = table.head(measures.TOP)
    shown = pd.DataFrame(
        {
            "deal": [_deal(deal) for _, deal in top.iterrows()],
            "amount": top["amount"],
            "stage": top["stage"],
            "rep_name": top["rep_name"],
            "why": [findings.reasons(deal) for _, deal in top.iterrows()],
            "ask": [_question(deal) for _, deal in top.iterrows()],
        }
    )
    columns = {"deal": "text", "amount": "money", "stage": "stage", "rep_name": "text"}
    columns |= {"why": "text", "ask": "text"}
    empty = [name for name in ("amount", "rep_name", "stage") if shown[name].isna().all()]
    if scope.owner:
        empty.append("rep_name")
    columns = {name: kind for name, kind in columns.items() if name not in empty}
    blocks: list[Block] = []
    if not scope.has_history and table["reasons"].str.contains("old").any():
        usual = units.days(measures.usual_longest(scope))
        blocks.append(text("review.old", days=usual))
    if len(table) > len(top):
        key = "watch_oldest" if "amount" in empty else "watch_largest"
        blocks.append(text(f"review.{key}", shown=len(top), total=findings.deals(len(table))))
    if len(shown) > 1 and len(set(shown["ask"])) == 1:
        blocks.append(text("review.ask_all", question=shown["ask"].iloc[0]))
        del columns["ask"]
    return [*blocks, Table(shown, columns)]


def _deal(deal: pd.Series) -> str:
    """Return a deal by its account and number, so that it can be found in the CRM."""
    name = findings.deal_name(deal)
    number = str(deal["opportunity_id"])
    return name if name == number else text("review.deal", name=name, number=number)


def _question(deal: pd.Series) -> str:
    """Return what to ask: about the date when it has passed, else about the stage."""
    codes = str(deal["reasons"]).split(", ")
    if "overdue" in codes:
        return text("review.ask_overdue")
    if codes == ["no_date"]:
        return text("review.ask_no_date")
    if "old" in codes or pd.isna(deal["stage"]):
        return text("review.ask_old")
    return text(f"review.ask_{deal['stage']}")


def notes(imported: Import | None) -> list[Block]:
    """Say where the numbers come from: what was read, mapped and set aside."""
    if imported is None:
        return [text("review.practice")]
    blocks: list[Block] = []
    files = imported.files[imported.files["table"] != ""]
    columns = {"file": "text", "table": "table", "rows": "count", "kept": "count"}
    blocks.append(Table(files, columns | {"set_aside": "count"}))
    if len(imported.set_aside):
        by_cause = imported.set_aside.groupby(["file", "cause"], sort=False)
        counted = by_cause.agg(
            reason=("reason", "first"), rows=("row", "size"), first=("row", "first")
        ).reset_index()
        counted = counted.sort_values("rows", ascending=False).head(measures.TOP)
        columns = {"file": "text", "reason": "text", "rows": "count", "first": "count"}
        blocks.append(Table(counted, columns, text("review.set_aside")))
    mapped = text("review.mapped", mapped=len(imported.mapped), system=system_name(imported.system))
    blocks.append(mapped + _unmapped(imported))
    # The header says the day already, and a reader of a report writes no Python.
    seen = text("crm.note_as_of", day=f"{imported.company.as_of:%Y-%m-%d}")
    return blocks + [note for note in imported.notes if note != seen]


def system_name(system: str) -> str:
    """Return how the reader calls a CRM; a reader's own vocabulary keeps its name."""
    known = f"system_{system}"
    return text(f"review.{known}") if known in messages.topic("review") else system


def _unmapped(imported: Import) -> str:
    names = list(dict.fromkeys(imported.unmapped["column"].astype("str")))
    if not names:
        return ""
    listed = text("review.comma").join(names[: 2 * _NAMED])
    more = " …" if len(names) > 2 * _NAMED else ""
    return text("review.unmapped", columns=listed + more)


SECTIONS: Mapping[str, Callable[[Scope], list[Block]]] = {
    "funnel": funnel,
    "results": results,
    "comparison": comparison,
    "watch": watch,
}
