"""How likely is this deal to be won? Models that learn from decided deals, and know no future.

`features` shows each deal as it was known on one day; `with_outcome` adds how it ended; `split`
parts earlier from later; `logistic` and `gradient_boosting` learn from the earlier, `predict`
answers for the later. `ka_lib.accuracy` says whether it was any good: `brier`, `calibration`, `lift`.
Guards against the fault that makes a model look brilliant and be useless: a column that is only
filled in when the outcome is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.libraries import library
from ka_lib.win_features import FEATURES, features, split, with_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FEATURES", "WinModel", "features", "gradient_boosting", "logistic", "odds", "predict", "split",
    "with_outcome",
]  # fmt: skip

# Filled in or changed when a deal ends, or known only today: they tell the outcome.
AFTER_OUTCOME = (
    "status", "closed_on", "lost_reason", "stage", "furthest", "delivery", "expected_close_on",
    "depth", "potential",
)  # fmt: skip
FEWEST = 20  # decided deals; with fewer even a good model is a matter of luck


@dataclass(frozen=True)
class WinModel:
    """A model that has learned: from which columns, from how many deals, up to which day."""

    kind: str
    columns: tuple[str, ...]
    count: int
    won: int
    learned_until: pd.Timestamp
    fitted: Any


def logistic(past: pd.DataFrame, columns: Sequence[str] = FEATURES) -> WinModel:
    """Learn a logistic regression: each feature adds to or takes from the log-odds of winning.

    Parameters
    ----------
    past : DataFrame
        Decided deals, from `split`; deals with any other status are left out.
    columns : sequence of str
        The features to learn from: `FEATURES`, a part of them, or columns you have added.

    Returns
    -------
    WinModel
        For `predict`, and for `odds`, which makes it readable.

    Raises
    ------
    ParameterError
        A column tells the outcome (closing day, lost reason, stage as of today...), or is not
        there; a deal is seen after its end; fewer than 20 decided deals, or all ended alike.
    KaError
        scikit-learn is not installed.

    Notes
    -----
    scikit-learn's LogisticRegression with its default penalty (L2, C=1) on features brought to
    one scale; a missing number becomes the median of the others, an unknown text a level of its
    own. Assumes that effects add up and run in one direction: a deal of middle size cannot be the
    best unless you add a column for it.
    """
    known, won = _to_learn(past, columns)
    model = library("sklearn.linear_model").LogisticRegression(max_iter=1_000)
    return _learned("logistic", known, won, columns, model)


def gradient_boosting(past: pd.DataFrame, columns: Sequence[str] = FEATURES) -> WinModel:
    """Learn many small decision trees, each mending what the ones before got wrong.

    Parameters
    ----------
    past : DataFrame
        Decided deals, from `split`; deals with any other status are left out.
    columns : sequence of str
        The features to learn from.

    Returns
    -------
    WinModel
        For `predict`.

    Raises
    ------
    ParameterError, KaError
        As from `logistic`.

    Notes
    -----
    scikit-learn's HistGradientBoostingClassifier, 100 trees of at most 8 leaves, learning rate
    0.05, fixed random state. Finds effects that depend on each other without being told; with a
    few hundred deals it also finds what is not there, so compare it with `logistic` on later ones.
    """
    known, won = _to_learn(past, columns)
    model = library("sklearn.ensemble").HistGradientBoostingClassifier(
        learning_rate=0.05, max_leaf_nodes=8, early_stopping=False, random_state=0
    )
    return _learned("gradient_boosting", known, won, columns, model)


def predict(model: WinModel, deals: pd.DataFrame) -> pd.DataFrame:
    """Give each deal its probability of being won.

    Parameters
    ----------
    model : WinModel
        From `logistic` or `gradient_boosting`.
    deals : DataFrame
        From `features`, all seen after the last day the model learned from.

    Returns
    -------
    DataFrame
        The deals with a column ``probability`` (a fraction).

    Raises
    ------
    ParameterError
        A column is missing, or a deal is seen while the model was still learning: its future may
        be in the model.
    """
    _present(deals, model.columns)
    early = deals["seen_on"][deals["seen_on"] <= model.learned_until]
    if len(early):
        raise ParameterError(
            "win_model.not_later", seen=early.min().date(), until=model.learned_until.date()
        )
    if deals.empty:
        return deals.assign(probability=pd.Series(dtype="float64"))
    given = model.fitted.predict_proba(_inputs(deals, model.columns))
    return deals.assign(probability=given[:, list(model.fitted.classes_).index(1.0)])


def odds(model: WinModel) -> pd.DataFrame:
    """Read a logistic model: by what each feature multiplies the odds of winning.

    Parameters
    ----------
    model : WinModel
        From `logistic`.

    Returns
    -------
    DataFrame
        ``feature``, ``option`` (the text of a source or segment; empty for a number) and
        ``odds_ratio``, the strongest first. Above 1 it helps. For a number: one standard deviation
        more of it; for a text: this option, the others being what they are. Odds of 1:3 times 2 are
        2:3, a probability of 25% becomes 40%, not 50%. Shrunk towards 1 by the penalty, so no
        interval is given.

    Raises
    ------
    ParameterError
        It is not a logistic model.
    """
    if model.kind != "logistic":
        raise ParameterError("win_model.no_odds", kind=model.kind)
    names = model.fitted[:-1].get_feature_names_out()
    parts = [name.split("__", 1)[1].partition("=") for name in names]
    ratio = np.exp(model.fitted[-1].coef_[0])
    table = pd.DataFrame(
        {
            "feature": [feature for feature, _, _ in parts],
            "option": [option for _, _, option in parts],
            "odds_ratio": ratio,
        }
    )
    strength = table["odds_ratio"].map(np.log).abs()
    return table.iloc[np.lexsort([table["option"], table["feature"], -strength])].reset_index(
        drop=True
    )


def _to_learn(past: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the decided deals in a standing order and their outcomes, after every check."""
    telling = [name for name in columns if name in AFTER_OUTCOME]
    if telling:
        raise ParameterError("win_model.leak", column=", ".join(telling))
    _present(past, columns)
    known = past[past["status"].isin(["won", "lost"])]
    known = known.sort_values(["seen_on", "opportunity_id"], ignore_index=True)
    late = known[known["seen_on"] > known["closed_on"]]
    if len(late):
        deal = late.iloc[0]
        raise ParameterError(
            "win_model.seen_late", deal=deal["opportunity_id"], seen=deal["seen_on"].date(),
            closed=deal["closed_on"].date(),
        )  # fmt: skip
    won = (known["status"] == "won").to_numpy(float)
    if len(known) < FEWEST or won.min() == won.max():
        raise ParameterError("win_model.few", count=len(known), won=int(won.sum()), least=FEWEST)
    return known, won


def _present(table: pd.DataFrame, columns: Sequence[str]) -> None:
    absent = [name for name in columns if name not in table.columns]
    if absent or not columns:
        raise ParameterError("win_model.column", column=", ".join(absent) or "-")


def _learned(
    kind: str,
    known: pd.DataFrame,
    won: np.ndarray,
    columns: Sequence[str],
    model: Any,
) -> WinModel:
    """Fit texts as levels, numbers as they are or on one scale, then the model itself."""
    compose, prepare = library("sklearn.compose"), library("sklearn.preprocessing")
    pipe, impute = library("sklearn.pipeline"), library("sklearn.impute")
    inputs = _inputs(known, columns)
    text = [name for name in columns if inputs[name].dtype == "object"]
    numbers = [name for name in columns if name not in text]
    levels = prepare.OneHotEncoder(
        handle_unknown="ignore",
        sparse_output=False,
        feature_name_combiner=lambda feature, level: f"{feature}={level}",
    )
    same_scale = pipe.make_pipeline(
        impute.SimpleImputer(strategy="median", keep_empty_features=True), prepare.StandardScaler()
    )
    inner = compose.ColumnTransformer(
        [
            ("text", levels, text),
            ("number", same_scale if kind == "logistic" else "passthrough", numbers),
        ]
    )
    fitted = pipe.make_pipeline(inner, model).fit(inputs, won)
    return WinModel(
        kind, tuple(columns), len(known), int(won.sum()), known["closed_on"].max(), fitted
    )


def _inputs(deals: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns as scikit-learn takes them: text with blanks named, numbers as floats."""
    taken = {}
    for name in columns:
        values = deals[name]
        if pd.api.types.is_numeric_dtype(values):
            taken[name] = values.astype("float64")
        else:
            taken[name] = values.astype("object").where(values.notna(), "-")
    return pd.DataFrame(taken)
