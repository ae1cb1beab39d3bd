"""What a manager should read first: three to five sentences, each with the numbers it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import units
from ka_lib.funnel import bottleneck
from ka_lib.labels import label
from ka_lib.language import current, text
from ka_lib.review import measures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ka_lib.review.scope import Scope

CROWDED = 30  # deals; more than these, and most of what is open, is a clean-up, not a list
FEW = 20  # deals; a rate on fewer is a hint, not a finding
APART = 0.03  # win rates by count and by value further apart than this say something
STRETCHED = 1.3  # a mean so much longer than the median comes from a few long deals


@dataclass(frozen=True)
class Finding:
    """One sentence in the reader's language and the numbers behind it, yuan and fractions."""

    key: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def findings(scope: Scope) -> list[Finding]:
    """Return the findings of a review, the most important first.

    Returns
    -------
    list of Finding
        Results against last year; the step to work on (with a stage history) or the last quarter
        (without); win rate; cycle; deals to look at. What the data cannot tell is left out.
    """
    steps = (_results, _step if scope.has_history else _quarter, _win_rate, _cycle, _watch)
    return [finding for step in steps for finding in step(scope)]


def deals(number: float) -> str:
    """Return a number of deals in words: ``1 deal``, ``12 deals``, ``12 单``."""
    return text("review.one_deal" if number == 1 else "review.deals", number=units.count(number))


def day(date: pd.Timestamp, *, year: bool = True) -> str:
    """Return a date as people write it: ``30 November 2025``, ``2025 年 11 月 30 日``."""
    month = text(f"review.month_{date.month}")
    key = "review.date" if year else "review.date_short"
    return text(key, day=date.day, month=month, year=date.year)


def period(scope: Scope) -> str:
    """Return the period of a review in words."""
    if not scope.full_year:
        return text("review.twelve_months", day=day(scope.as_of))
    if (scope.as_of + pd.Timedelta(days=1)).year > scope.as_of.year:
        return text("review.whole_year", year=scope.as_of.year)
    return text("review.year_to", year=scope.as_of.year, day=day(scope.as_of, year=False))


def _figures(scope: Scope) -> dict[str, tuple[float, float]]:
    table = measures.key_figures(scope)
    pairs = zip(table["now"], table["before"], strict=True)
    return dict(zip(table["measure"], pairs, strict=True))


def _results(scope: Scope) -> Iterator[Finding]:
    figures = _figures(scope)
    won, won_before = figures["won"]
    priced = "won_value" in figures
    now, before = figures["won_value"] if priced else (won, won_before)
    facts = {"period": period(scope), "won": won, "now": now, "before": before}
    if won == 0:
        change = (
            "" if pd.isna(won_before) else text("review.last_year_won", deals=deals(won_before))
        )
        sentence = text("review.nothing_won", period=facts["period"], change=change)
    else:
        amount = text("review.amount", value=units.money(now), deals=deals(won))
        sentence = text(
            "review.won",
            period=facts["period"],
            amount=amount if priced else deals(won),
            change=_change(now, before, priced),
        )
    yield Finding("results", sentence, facts)


def _change(now: float, before: float, priced: bool) -> str:
    """Return how a result compares with last year's, or nothing when that is not known."""
    if pd.isna(before) or not before:
        return ""
    difference = now - before
    if not difference:
        return text("review.same")
    return text(
        "review.more" if difference > 0 else "review.less",
        difference=units.money(abs(difference)) if priced else deals(abs(difference)),
        percent=units.percent(abs(difference) / before),
    )


def _step(scope: Scope) -> Iterator[Finding]:
    gap = measures.gap(scope)
    if gap is None:
        yield Finding("no_year", text("review.no_year", first=day(scope.first)))
        return
    row = bottleneck(gap)
    if row is None:
        yield Finding("no_bottleneck", text("review.no_bottleneck"))
        return
    now = measures.created_now(scope)
    base = int(measures.stages(scope).set_index("stage")["reached"][row["stage"]])
    lost = now[(now["furthest"] == row["stage"]) & (now["status"] == "lost")]
    names = [label("stage", row[column]) for column in ("stage", "next_stage")]
    facts = {
        "stage": row["stage"],
        "rate_now": row["rate_now"],
        "rate_before": row["rate_before"],
        "value_gained": row["value_gained"],
        "base": base,
        "lost": len(lost),
    }
    gained = units.money(row["value_gained"])
    parts = [
        text(
            "review.step",
            step=" → ".join(names),
            now=units.percent(row["rate_now"]),
            before=units.percent(row["rate_before"]),
        ),
        text("review.step_gain", gained=gained) if measures.has_amounts(scope) else "",
        text("review.few", deals=deals(base)) if base < FEW else "",
    ]
    reasons = lost["lost_reason"].dropna().value_counts()
    if len(reasons):
        facts |= {"reason": reasons.index[0], "reason_count": int(reasons.iloc[0])}
        why = label("lost_reason", reasons.index[0])
        most = units.count(reasons.iloc[0])
        parts.append(text("review.step_reason", reason=why, lost=deals(len(lost)), count=most))
    yield Finding("step", _joined(parts), facts)


def _quarter(scope: Scope) -> Iterator[Finding]:
    table = measures.quarters(scope)
    whole = table[table["whole"].astype("bool")].tail(2)
    if len(whole) < 2 or not whole["won"].iloc[0]:  # noqa: PLR2004 - a quarter and the one before
        return
    before, now = whole.iloc[0], whole.iloc[1]
    priced = measures.has_amounts(scope)
    column = "won_value" if priced else "won"
    difference = now[column] - before[column]
    value = units.money(now[column]) if priced else deals(now[column])
    key = "same" if not difference else "more" if difference > 0 else "less"
    sentence = text(
        f"review.quarter_{key}",
        quarter=quarter(now["quarter"]),
        before=quarter(before["quarter"]),
        value=value,
        difference=units.money(abs(difference)) if priced else deals(abs(difference)),
        rate=units.percent(now["win_rate"]),
        rate_before=units.percent(before["win_rate"]),
    )
    facts = {"quarter": now["quarter"], "now": now[column], "before": before[column]}
    facts |= {"rate": now["win_rate"], "rate_before": before["win_rate"]}
    yield Finding("quarter", sentence, facts)


def quarter(code: str) -> str:
    """Return a quarter as people write it: ``Q3 2025``, ``2025 年三季度``."""
    year, _, number = code.partition("Q")
    return text("review.quarter", year=year, number=text(f"review.quarter_{number}"))


def _win_rate(scope: Scope) -> Iterator[Finding]:
    figures = _figures(scope)
    rate, before = figures["win_rate"]
    if pd.isna(rate):
        return
    by_value = figures.get("win_rate_value", (float("nan"),))[0]
    won, lost = figures["won"][0], figures["lost"][0]
    facts = {"rate": rate, "before": before, "by_value": by_value, "won": won, "lost": lost}
    was = "" if pd.isna(before) else text("review.was", before=units.percent(before))
    sentences = [
        text(
            "review.win_rate",
            rate=units.percent(rate),
            was=was,
            won=units.count(won),
            decided=deals(won + lost),
        )
    ]
    if pd.notna(by_value):
        key = "near" if abs(by_value - rate) < APART else "lower" if by_value < rate else "higher"
        sentences.append(text(f"review.by_value_{key}", rate=units.percent(by_value)))
    yield Finding("win_rate", _joined(sentences), facts)


def _cycle(scope: Scope) -> Iterator[Finding]:
    figures = _figures(scope)
    (mean, mean_before), (median, median_before) = figures["cycle_mean"], figures["cycle_median"]
    if pd.isna(median):
        return
    facts = {"mean": mean, "median": median}
    was = ""
    if pd.notna(median_before):
        before = units.days(median_before)
        was = text("review.cycle_was", mean=units.count(mean_before), median=before)
        facts |= {"mean_before": mean_before, "median_before": median_before}
    sentence = text("review.cycle", mean=units.count(mean), median=units.days(median), was=was)
    stretched = text("review.stretched") if mean > STRETCHED * median else ""
    yield Finding("cycle", _joined([sentence, stretched]), facts)


def _watch(scope: Scope) -> Iterator[Finding]:
    table = measures.watch(scope)
    value = table["amount"].sum()
    facts: dict[str, Any] = {"count": len(table), "value": value}
    if table.empty:
        yield Finding("watch", text("review.watch_none"), facts)
        return
    first = table.iloc[0]
    still_open = int((scope.company.opportunities["status"] == "open").sum())
    if not scope.has_history and len(table) > max(CROWDED, still_open / 2):
        yield _clean_up(scope, table, still_open)
        return
    facts |= {"first": first["opportunity_id"], "first_amount": first["amount"]}
    total = text("review.watch_value", value=units.money(value)) if value else ""
    size = f" ({units.money(first['amount'])})" if first["amount"] > 0 else ""
    if current() == "zh":
        size = size.replace(" (", "（").replace(")", "）")
    key = "watch_one" if len(table) == 1 else "watch"
    sentence = text(
        f"review.{key}",
        deals=deals(len(table)),
        total=total,
        name=f"{deal_name(first)}{size}",
        reason=reasons(first),
    )
    yield Finding("watch", sentence, facts)


def _clean_up(scope: Scope, table: pd.DataFrame, still_open: int) -> Finding:
    """Return the finding for a pipeline in which most deals are overdue or too old."""
    oldest = table.loc[table["days_open"].idxmax()]
    sentence = text(
        "review.clean_up",
        open=deals(still_open),
        count=units.count(len(table)),
        share=units.percent(len(table) / still_open),
        usual=units.days(measures.usual_longest(scope)),
        oldest=units.days(oldest["days_open"]),
    )
    facts = {"count": len(table), "open": still_open, "oldest": oldest["days_open"]}
    return Finding("clean_up", sentence, facts)


def deal_name(deal: pd.Series) -> str:
    """Return what people call a deal: its account, else its own name, else its number."""
    named = (deal["account_name"], deal["opportunity_name"], deal["opportunity_id"])
    return next(str(name) for name in named if pd.notna(name) and name)


def reasons(deal: pd.Series) -> str:
    """Return why a deal from `measures.watch` needs a look."""
    facts = {
        "overdue": deal["days_overdue"],
        "stuck": deal["days_in_stage"],
        "old": deal["days_open"],
        "no_date": 0,
    }
    return text("review.comma").join(
        text(f"review.because_{code}", days=units.days(facts[code]))
        for code in str(deal["reasons"]).split(", ")
    )


def _joined(sentences: list[str]) -> str:
    """Return sentences as one paragraph: English puts a space between them, Chinese does not."""
    return ("" if current() == "zh" else " ").join(part for part in sentences if part)
