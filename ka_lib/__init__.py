"""Key account sales by numbers: tables in, numbers and charts out.

``import ka_lib as ka`` stays light: each module loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ka_lib.language import use

if TYPE_CHECKING:
    from ka_lib import (
        abilities,
        accuracy,
        action_plan,
        appraisal,
        boosting,
        charts,
        clv,
        concentration,
        customer_pnl,
        emissions,
        evaluation,
        export,
        forecast,
        funnel,
        hash_chain,
        health,
        kpi,
        negotiation,
        pipeline,
        price_talk,
        profile,
        promotion,
        regions,
        regression,
        relationship,
        reorder,
        role_play,
        sellout,
        subscription,
        targets,
        teamwork,
        tiers,
        time_use,
        units,
        value_sharing,
        widgets,
        win_model,
        work_calendar,
    )
    from ka_lib.company import Company, load
    from ka_lib.crm import read_export
    from ka_lib.display import show
    from ka_lib.feedback import assignment
    from ka_lib.labels import label
    from ka_lib.quizzes import quiz

_NAMES = {
    "Company": "company",
    "assignment": "feedback",
    "label": "labels",
    "load": "company",
    "quiz": "quizzes",
    "read_export": "crm",
    "show": "display",
}

__all__ = [
    "Company",
    "abilities",
    "accuracy",
    "action_plan",
    "appraisal",
    "assignment",
    "boosting",
    "charts",
    "clv",
    "concentration",
    "customer_pnl",
    "emissions",
    "evaluation",
    "export",
    "forecast",
    "funnel",
    "hash_chain",
    "health",
    "kpi",
    "label",
    "load",
    "negotiation",
    "pipeline",
    "price_talk",
    "profile",
    "promotion",
    "quiz",
    "read_export",
    "regions",
    "regression",
    "relationship",
    "reorder",
    "role_play",
    "sellout",
    "show",
    "subscription",
    "targets",
    "teamwork",
    "tiers",
    "time_use",
    "units",
    "use",
    "value_sharing",
    "widgets",
    "win_model",
    "work_calendar",
]


def __getattr__(name: str) -> object:
    """Load a module or a function on first use, and keep it."""
    if name in _NAMES:
        found = getattr(import_module(f"ka_lib.{_NAMES[name]}"), name)
    elif name in __all__:
        found = import_module(f"ka_lib.{name}")
    else:
        raise AttributeError(f"module 'ka_lib' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Offer everything to tab completion, loaded or not."""
    return __all__
