"""What a learner finds in an answer cell: nbgrader's stub, or a start that the author wrote.

Prevents a first task that nobody can run: "change 0.20 to 0.10" needs a line that works, and
"mend the comma" needs one that does not, which the worked solution must not hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbgrader.preprocessors import ClearSolutions

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode

START = re.compile(r"^(?P<indent>\s*)# start: (?P<code>.*)$")


class ClearToStart(ClearSolutions):
    """Take the solutions out; where a cell has ``# start: code`` lines, leave that code."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Return the cell as learners get it."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.cell_type == "code":
            stub = self.code_stub.get(resources["language"], "")
            cell.source = started(cell.source, stub)
        return cell, resources


def started(code: str, stub: str) -> str:
    r"""Return a cleared cell with its start in place of the stub; one without a start as it is.

    Examples
    --------
    >>> print(started("# start: share = 0.20\n# your answer", "# your answer"))
    share = 0.20
    """
    lines = code.splitlines()
    if not any(START.match(line) for line in lines):
        return code
    return "\n".join(START.sub(r"\g<indent>\g<code>", line) for line in lines if line != stub)
