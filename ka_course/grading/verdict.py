"""The verdict on one task, worked out from data alone, outside the learner's process.

Prevents a verdict that the judged one can touch. It fails closed: only an answer that came
back as data and equals the expected one passes; whatever goes wrong on the way does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ka_course.speech import text
from ka_lib import answers, feedback, language

if TYPE_CHECKING:
    from ka_course.grading.run import Ran

LATE = ("cell_time", "notebook_time", "memory", "output", "died", "not_run")


def judge(task: dict[str, Any], name: str, ran: Ran) -> feedback.Outcome:
    """Judge what was read for a task.

    Parameters
    ----------
    task : dict
        Its entry in the checks that were compiled for the company of the run.
    name : str
        ``"q4"``.
    ran : Ran
        What became of reading the answer.

    Returns
    -------
    Outcome
        As the check in a notebook gives, or the outcome ``"no_answer"``: there was nothing to judge.
    """
    label = feedback.task_label(name)
    found = ran.answer
    if found is None or ran.status in LATE:
        return feedback.Outcome("no_answer", "", text("grading.answer_not_read", task=label))
    refused = found.get("refused")
    if refused is not None:
        reason = refused.get("reason") if isinstance(refused, dict) else None
        if reason == "function":
            return feedback.judge_answer(task, name, len)  # any function: the words are the same
        key = "answer_no_name" if reason == "no_name" else "answer_no_data"
        words = text(f"grading.{key}", task=label, name=task["answer"])
        return feedback.Outcome("no_answer", "", words)
    try:
        outcome = feedback.judge_answer(task, name, answers.decode(found["answer"]))
    except Exception:  # noqa: BLE001 - made by the learner's side: whatever it breaks, it does not pass
        words = text("grading.answer_no_data", task=label, name=task["answer"])
        return feedback.Outcome("no_answer", "", words)
    if outcome.outcome == "right":
        return outcome._replace(text=text("grading.passed"))
    return outcome


def failing_output(words: str) -> Any:
    """Return the output that nbgrader reads as no points."""
    from nbformat.v4 import new_output

    lines = words.splitlines()
    return new_output("error", ename="CheckFailed", evalue=words, traceback=lines)


def passing_output(words: str) -> Any:
    """Return the output that nbgrader reads as full points."""
    from nbformat.v4 import new_output

    return new_output("stream", name="stdout", text=words + "\n")


def unjudged() -> str:
    """Return what stands in every graded cell before anything has run."""
    return text("grading.unjudged", lang=language.current())
