"""The chain of hand-offs: how long a request waits on its way from desk to desk.

Prevents a plan in which everybody is quick and the whole is slow, because each waits for the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ka_lib.errors import ParameterError
from ka_lib.teamwork.duties import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

BOTH = "AR"
# Who is asked comes before who decides, and who decides before who does it.
_TURNS = (("C",), ("A",), ("R", BOTH))


def handoffs(
    roles: Mapping[str, str],
    hours: Mapping[str, float],
    own: str = "sales",
    *,
    together: bool = False,
) -> pd.DataFrame:
    """Line up the desks that one request waits at.

    Parameters
    ----------
    roles : mapping of str to str
        Department -> its role in one activity: ``"R"``, ``"A"``, ``"AR"`` (answers for it and
        does it), ``"C"``, ``"I"``, or ``""`` for none.
    hours : mapping of str to float
        Department -> working hours until it takes up a request: ``median_hours`` of
        `ka_lib.teamwork.sla`, for one.
    own : str
        The department that asks: it does not wait for itself. Default ``"sales"``.
    together : bool
        Ask all C at once: the slowest of them counts. Default False: one after the other.

    Returns
    -------
    DataFrame
        One row a hand-off, in turn: ``department``, ``role``, ``from_hours`` and ``to_hours``
        (working hours since the start; the last ``to_hours`` is the whole wait). First every C,
        then every A that is not R too, then every R, each group in the order of ``roles``. I is
        told and keeps nobody waiting. Empty when nobody else takes part. It is waiting time until
        each takes the request up, not the work itself.

    Raises
    ------
    ParameterError
        An unknown role, or a department in the chain whose hours are missing or negative.

    Examples
    --------
    >>> roles = {"sales": "R", "finance": "C", "legal": "C", "supply_chain": "AR"}
    >>> handoffs(roles, {"finance": 4.0, "legal": 10.0, "supply_chain": 3.0})["to_hours"].tolist()
    [4.0, 14.0, 17.0]
    >>> handoffs(roles, {"finance": 4.0, "legal": 10.0, "supply_chain": 3.0}, together=True)["to_hours"].tolist()
    [4.0, 10.0, 13.0]
    """
    for department, role in roles.items():
        if role not in (*ROLES, BOTH, ""):
            raise ParameterError("teamwork.role", department=department, given=role)
    rows: list[dict[str, object]] = []
    reached = 0.0
    for turn in _TURNS:
        at = reached
        for department, role in roles.items():
            if role not in turn or department == own:
                continue
            wait = float(hours.get(department, math.nan))
            if not wait >= 0:
                raise ParameterError("teamwork.no_hours", department=department)
            start = at if together and turn == ("C",) else reached
            rows.append(
                {
                    "department": department,
                    "role": role,
                    "from_hours": start,
                    "to_hours": start + wait,
                }
            )
            reached = max(reached, start + wait)
    table = pd.DataFrame(rows, columns=["department", "role", "from_hours", "to_hours"])
    return table.astype(
        {"department": "str", "role": "str", "from_hours": "float64", "to_hours": "float64"}
    )
