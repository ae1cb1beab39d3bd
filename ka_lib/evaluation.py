"""The course judged by its learners: a short form, a file each, and a summary for the instructor.

Four levels in the order of Kirkpatrick (1959): reaction, learning, behaviour, result. Prevents a
course that is called good because people liked it: the last two are asked 30 days later, and a
question nobody answered shows no rate.
"""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ka_lib import kpi
from ka_lib.errors import ParameterError
from ka_lib.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping

# Item -> level. The sentences stand in messages/evaluation.yaml.
ITEMS = {
    "useful": "reaction",
    "pace": "reaction",
    "compute": "learning",
    "explain": "learning",
    "used": "behaviour",
    "plan": "behaviour",
    "figure": "result",
    "customer": "result",
}
ASKED = {"end": ("reaction", "learning"), "day_30": ("behaviour", "result")}
WHEN = {level: when for when, levels in ASKED.items() for level in levels}
SCALE = 5
COLUMNS = ["when", "part", "item", "score", "comment"]


def questions() -> pd.DataFrame:
    """Return the questions: ``when`` ("end" of the course or "day_30"), ``part``, ``item`` and ``question``.

    Examples
    --------
    >>> questions()["part"].unique().tolist()
    ['reaction', 'learning', 'behaviour', 'result']
    """
    rows = [
        {"when": WHEN[level], "part": level, "item": item, "question": text(f"evaluation.{item}")}
        for item, level in ITEMS.items()
    ]
    return pd.DataFrame(rows)


def answers(scores: Mapping[str, float | None], comment: str = "") -> pd.DataFrame:
    """Return one learner's answers as a table.

    Parameters
    ----------
    scores : mapping
        Item -> 1 (not at all) to 5 (fully); None or absent: not answered.
    comment : str
        One sentence for the instructor.

    Returns
    -------
    DataFrame
        One row an item, in the order of `questions`: ``when``, ``part``, ``item``, ``score``
        (missing where not answered) and ``comment`` (the same in each row). No name, no customer.

    Raises
    ------
    ParameterError
        An item that does not exist; a score that is not a whole number from 1 to 5.

    Examples
    --------
    >>> answers({"useful": 5})["score"].count()
    np.int64(1)
    """
    for item, score in scores.items():
        if item not in ITEMS:
            raise ParameterError("evaluation.item", given=item, items=", ".join(ITEMS))
        if score is not None and score not in range(1, SCALE + 1):
            raise ParameterError("evaluation.score", item=item, given=score)
    table = questions()[["when", "part", "item"]]
    given = [scores.get(item) for item in table["item"]]
    table["score"] = pd.array([None if one is None else int(one) for one in given], dtype="Int64")
    return table.assign(comment=comment.strip())


def form() -> Any:
    """Return the questionnaire to fill in.

    Returns
    -------
    ipywidgets.VBox
        Put it last in a cell, under a name: ``mine = ka.evaluation.form()``. ``mine.answers()`` is
        the table of `answers`, and `save` takes the form as it is.
    """
    import ipywidgets

    # A dropdown shows nothing at all for None.
    choices = [(text("evaluation.blank"), 0)]
    choices += [(text(f"evaluation.score_{number}"), number) for number in range(1, SCALE + 1)]
    picked, rows, seen = {}, [], ""
    for _, row in questions().iterrows():
        if row["part"] != seen:
            seen = row["part"]
            rows.append(ipywidgets.HTML(f"<b>{text(f'evaluation.level_{seen}')}</b>"))
        picked[row["item"]] = ipywidgets.Dropdown(options=choices, value=0)
        asked = ipywidgets.HTML(row["question"], layout={"width": "60%"})
        rows.append(ipywidgets.HBox([asked, picked[row["item"]]]))
    comment = ipywidgets.Textarea(
        placeholder=text("evaluation.comment"), layout={"width": "90%", "height": "4em"}
    )
    box = _form_class()([*rows, comment])
    box.controls = {**picked, "comment": comment}
    box.answers = lambda: answers(
        {item: control.value or None for item, control in picked.items()}, comment.value
    )
    return box


@cache
def _form_class() -> Any:
    import ipywidgets

    from ka_lib.widgets import still

    class Form(ipywidgets.VBox):
        """The questions with their answers; on a page without a kernel, the questions alone."""

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            if not still.wanted():
                return super()._repr_mimebundle_(**kwargs)
            asked = "".join(
                f"<b>{html.escape(text(f'evaluation.level_{part}'))}</b><ul>"
                + "".join(f"<li>{html.escape(one)}</li>" for one in rows["question"])
                + "</ul>"
                for part, rows in questions().groupby("part", sort=False)
            )
            where = html.escape(text("widgets.run_it"))
            return {"text/html": f"{asked}<p><em>{where}</em></p>", "text/plain": "questions"}

    return Form


def save(filled: Any, path: str | Path) -> Path:
    """Write one learner's answers to a CSV file (UTF-8, opens in Excel).

    Parameters
    ----------
    filled : form or DataFrame
        From `form` or `answers`.
    path : path
        Ends in ``.csv``. Its name tells answers apart when they are collected: no real name needed.

    Returns
    -------
    Path
        Where it stands. A file that is there is replaced: the same learner, 30 days on.

    Raises
    ------
    ParameterError
        Another suffix, or nothing is answered.
    """
    table = filled if isinstance(filled, pd.DataFrame) else filled.answers()
    place = Path(path)
    if place.suffix.lower() != ".csv":
        raise ParameterError("evaluation.suffix", given=place.name)
    if table["score"].isna().all():
        raise ParameterError("evaluation.empty")
    place.parent.mkdir(parents=True, exist_ok=True)
    table[COLUMNS].to_csv(place, index=False, encoding="utf-8-sig")
    return place


def summarise(folder: str | Path) -> pd.DataFrame:
    """Sum up the files of a class.

    Parameters
    ----------
    folder : path
        Holds one ``.csv`` of `save` for each learner. Folders in it are not looked at.

    Returns
    -------
    DataFrame
        One row a question, in their order: ``when``, ``part``, ``item``, ``question``, ``base``
        (learners who answered it), ``count`` (of them, 4 or 5), ``rate`` (``count / base``,
        top-2-box as `ka_lib.kpi.csat`; missing when nobody answered) and ``mean`` (1 to 5).

    Raises
    ------
    ParameterError
        No such folder, no file in it, a file that is no questionnaire, or a score off the scale.
    """
    place = Path(folder)
    files = sorted(place.glob("*.csv")) if place.is_dir() else []
    if not files:
        raise ParameterError("evaluation.no_files", folder=str(place))
    given = pd.concat([_read(file) for file in files], ignore_index=True)
    rows = []
    for _, row in questions().iterrows():
        mine = given[(given["item"] == row["item"]) & given["score"].notna()]
        rate = kpi.csat(mine[["person_id", "answered_on", "score"]], SCALE)
        rows.append(
            {
                **row,
                "base": rate.base,
                "count": rate.count,
                "rate": rate.rate,
                "mean": mine["score"].mean(),
            }
        )
    return pd.DataFrame(rows)


def _read(file: Path) -> pd.DataFrame:
    """Return one learner's file as a survey: the file's name stands for the person."""
    try:
        table = pd.read_csv(file, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        table = pd.DataFrame()
    if not {"item", "score"} <= set(table.columns):
        raise ParameterError("evaluation.not_ours", file=file.name)
    score = pd.to_numeric(table["score"], errors="coerce")
    wrong = table.index[(table["score"].notna() & ~score.isin(range(1, SCALE + 1)))]
    if len(wrong):
        raise ParameterError(
            "evaluation.in_file",
            file=file.name,
            row=int(wrong[0]) + 2,
            given=table["score"][wrong[0]],
        )
    # The day plays no part in the sum, but a survey has one.
    return table.assign(score=score, person_id=file.stem, answered_on=pd.Timestamp("2025-12-31"))
