"""A misconception as a learner would hand it in: its function's source as a notebook cell."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, Any

from ka_course.task_checks import TaskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ka_course.tasks import Task
    from ka_lib.company import Company

IMPORTS = "import pandas as pd\n\nimport ka_lib as ka\n"


def submission_code(task: Task, function: Callable[[Company], Any]) -> str:
    """Return a cell that works out a task's answer by one of its functions.

    Parameters
    ----------
    task : Task
        Names the answer.
    function : callable
        The reference, a misconception or another right answer of the task.

    Returns
    -------
    str
        Imports, the function without its decorator, ``answer = function(company)``; it
        runs in a notebook that has loaded ``company``.

    Raises
    ------
    TaskError
        The source cannot be found, or uses names that a notebook does not have.
    """
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError as error:
        raise TaskError("tasks.no_source", task=task.id, name=function.__name__) from error
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise TaskError("tasks.no_source", task=task.id, name=function.__name__)
    bare = "\n".join(source.splitlines()[definition.lineno - 1 :])
    code = f"{IMPORTS}\n{bare}\n\n{task.answer} = {function.__name__}(company)\n"
    compile(code, f"<{task.id} {function.__name__}>", "exec")
    if lost := _names_from_outside(function):
        raise TaskError(
            "tasks.not_alone", task=task.id, name=function.__name__, names=", ".join(lost)
        )
    return code


def _names_from_outside(function: Callable[..., Any]) -> list[str]:
    """Return the names that a function takes from its file and that a notebook cell lacks."""
    import builtins

    code: Any = function.__code__
    codes, names = [code], set(code.co_freevars)
    while codes:
        code = codes.pop()
        codes += [one for one in code.co_consts if inspect.iscode(one)]
        names |= {name for name in code.co_names if name in function.__globals__}
    return sorted(
        name for name in names if name not in ("pd", "ka") and not hasattr(builtins, name)
    )


def run_submission(code: str, task: Task, company: Company) -> Any:
    """Run such a cell in an empty namespace that holds ``company`` alone; return the answer."""
    namespace: dict[str, Any] = {"company": company}
    exec(compile(code, f"<{task.id}>", "exec"), namespace)  # noqa: S102 - the author's own code
    return namespace[task.answer]
