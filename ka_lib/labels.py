"""Display names: codes stay English in the tables, readers see their own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.language import messages, text
from ka_lib.units import MISSING

if TYPE_CHECKING:
    from ka_lib.language import Language


_BETWEEN = re.compile(", |;")  # codes that share a field

# Column -> the kind of code it holds.
CODES = {
    "ability": "ability",
    "activity": "time_use",
    "advice": "advice",
    "because": "reason",
    "better": "better",
    "category": "category",
    "cause": "cause",
    "claim_state": "claim_state",
    "colour": "colour",
    "department": "department",
    "effect": "effect",
    "ending": "ending",
    "festival": "festival",
    "feature": "column",
    "field": "column",
    "forecaster": "forecaster",
    "furthest": "stage",
    "holiday": "festival",
    "kpi": "kpi",
    "left_out": "reason",
    "level": "level",
    "life_stage": "life_stage",
    "lost_reason": "lost_reason",
    "missing_parts": "part",
    "missing_because": "reason",
    "mode": "mode",
    "model": "model",
    "moment": "moment",
    "movement": "movement",
    "next_level": "level",
    "next_moment": "moment",
    "next_stage": "stage",
    "objection": "objection",
    "outcome": "outcome",
    "overdue": "truth",
    "pain": "pain",
    "pains": "pain",
    "part": "part",
    "phase": "phase",
    "plan_state": "plan_state",
    "problems": "problem",
    "purpose": "purpose",
    "quadrant": "quadrant",
    "ranking": "ranking",
    "reasons": "reason",
    "region": "region",
    "reorder_state": "reorder_state",
    "role": "role",
    "scenario": "scenario",
    "segment": "segment",
    "single_contact": "truth",
    "source": "source",
    "stage": "stage",
    "status": "status",
    "stage_reached": "stage",
    "table": "table",
    "term": "term",
    "tier": "tier",
    "uncovered": "role",
    "when": "when",
    "why_missing": "reason",
}


def label(kind: str, code: object, lang: Language | None = None) -> str:
    """Return how a code is called in the reader's language.

    Parameters
    ----------
    kind : str
        ``"stage"``, ``"status"``, ``"tier"``, ``"effect"``, ``"reason"``, ``"purpose"`` or
        ``"column"``; more stand in ``messages/labels.yaml``.
    code : str
        The code as the tables hold it. One that has no name is shown as it is.
    lang : {"zh", "en"}, optional
        The language in force when not given.

    Examples
    --------
    >>> label("stage", "lead", lang="en")
    'Lead'
    """
    if code is None or code is pd.NaT or code is pd.NA or code != code:  # noqa: PLR0124 - NaN
        return MISSING
    key = f"{kind}.{code}"
    return text(f"labels.{key}", lang) if key in messages.topic("labels") else str(code)


def joined(kind: str, codes: str, lang: Language | None = None) -> str:
    """Return how the codes of one field are called, where a field may hold several.

    Parameters
    ----------
    kind : str
        As for `label`.
    codes : str
        One code, or several with ``", "`` or ``";"`` between them.
    lang : {"zh", "en"}, optional
        The language in force when not given.

    Examples
    --------
    >>> joined("pain", "price;stock_out", lang="en")
    'Price, Out of stock'
    """
    names = [label(kind, code, lang) for code in _BETWEEN.split(codes)]
    return text("show.comma", lang).join(names)
