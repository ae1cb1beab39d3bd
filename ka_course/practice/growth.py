"""How good the reps are and were: abilities before and after the training, quarterly scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_course.practice.dice import chance, dice, on_grid
from ka_lib.tables import ABILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

QUARTERS = ("2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3")
_WEIGHTS = (0.1, 0.1, 0.1, 0.15, 0.15, 0.2, 0.2)
_TARGETS = {1: 6.5, 2: 7.5, 3: 8.0, 4: 8.5, 5: 9.0}  # by level
_USUAL_LEVEL = 2
_NO_RATING = 3  # people the manager has not talked with yet after the training
_PARTS = ("attainment", "nps", "behaviour", "teamwork")
_MISSING_PARTS = 4
# Lin Yue knows her customers, and not how good a negotiator she is; figures are new to her.
_LIN_YUE = {
    "customer_insight": (7.5, 8.0),
    "communication_negotiation": (6.0, 7.5),
    "data_analysis": (4.0, 3.0),
    "project_management": (6.0, 5.0),
}


def tables(seed: int, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Make the ratings and the scorecards."""
    reps = made["reps"].to_dict("records")
    return {
        "ability_ratings": pd.DataFrame(_ratings(dice(seed, "ability_ratings"), reps)),
        "scorecards": pd.DataFrame(_scorecards(dice(seed, "scorecards"), reps)),
    }


def _ratings(rng: Random, reps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rate each ability before and after; people and managers do not see the same person."""
    weights = list(_WEIGHTS)
    rng.shuffle(weights)  # what this company counts most, for everybody alike
    rows: list[dict[str, Any]] = []
    for rep in reps:
        level = rep.get("level")
        target = _TARGETS.get(int(level) if level and not pd.isna(level) else _USUAL_LEVEL, 7.0)
        vanity = rng.uniform(-0.8, 1.2)
        trained = set(rng.sample(ABILITIES, 3)) | {"data_analysis"}
        for ability, weight in zip(ABILITIES, weights, strict=True):
            seen = on_grid(rng, 3.5, 8.0, 0.5)
            own = _rating(seen + vanity + rng.gauss(0, 0.9))
            if rep["rep_id"] == "R1" and ability in _LIN_YUE:
                own, seen = (
                    _rating(one + rng.choice((-0.5, 0, 0, 0.5))) for one in _LIN_YUE[ability]
                )
            better = rng.uniform(0.5, 2.0) if ability in trained else rng.uniform(-0.3, 0.6)
            wanted = min(9.5, target + rng.choice((-0.5, 0, 0.5, 1.0)))
            for phase, gain in (("before", 0.0), ("after", better)):
                rows.append(
                    {
                        "rep_id": rep["rep_id"],
                        "ability": ability,
                        "phase": phase,
                        "weight": weight,
                        "self_rating": _rating(own + gain * rng.uniform(0.8, 1.3)),
                        "manager_rating": _rating(seen + gain),
                        "target_rating": wanted,
                    }
                )
    after = [row for row in rows if row["phase"] == "after"]
    for row in rng.sample(after, _NO_RATING):
        row["manager_rating"] = None
    return rows


def _rating(value: float) -> float:
    return max(1.0, min(10.0, round(value * 2) / 2))


def _scorecards(rng: Random, reps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make the parts of the appraisal; two reps are level in the latest quarter."""
    rows: list[dict[str, Any]] = []
    for rep in reps:
        skill = rng.uniform(0.9, 1.1)
        rows += [
            {
                "rep_id": rep["rep_id"],
                "quarter": quarter,
                "attainment": round(rng.triangular(0.7, 1.35, skill), 2),
                "nps": rng.randint(5, 65),
                "behaviour": rng.randint(62, 97),
                "teamwork": rng.randint(60, 98),
            }
            for quarter in QUARTERS
        ]
    latest = [row for row in rows if row["quarter"] == QUARTERS[-1]]
    first, second, other, over = rng.sample(latest, 4)
    over["attainment"] = round(rng.uniform(1.22, 1.35), 2)  # more than any cap lets count
    for part in _PARTS:
        second[part] = first[part]
    earlier = [row for row in rows if row["quarter"] != QUARTERS[-1]]
    rng.choice(earlier)["nps"] = -rng.randint(5, 20)
    whole = [row for row in earlier if row["nps"] >= 0]
    for row in rng.sample(whole, _MISSING_PARTS - 1):
        row[rng.choice(_PARTS)] = None
    other["nps" if chance(rng, 0.5) else "teamwork"] = None
    return rows
