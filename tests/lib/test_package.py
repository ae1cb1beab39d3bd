"""``import ka_lib as ka``: light, complete, and the same whatever was used first."""

from __future__ import annotations

import subprocess
import sys

import ka_lib as ka

HEAVY = (
    "IPython matplotlib scipy pandera yaml openpyxl xlsxwriter icalendar ipywidgets"
    " sklearn statsmodels"
)


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


def test_importing_loads_nothing_heavy():
    code = f"import sys, ka_lib; print([m for m in '{HEAVY}'.split() if m in sys.modules])"
    assert run(code).strip() == "[]"


def test_metrics_load_nothing_heavy_before_they_are_called():
    code = f"""
import sys
from ka_lib import clv, funnel, kpi, negotiation, time_use
print([m for m in '{HEAVY}'.split() if m in sys.modules])"""
    assert run(code).strip() == "[]"


def test_every_name_is_there_and_no_module_hides_a_function():
    code = """
import ka_lib as ka, types
modules = set(ka.__all__) - set(ka._NAMES) - {"use"}
for name in ka.__all__:  # twice: the first use loads modules that could bind over a name
    getattr(ka, name)
wrong = [n for n in ka.__all__ if isinstance(getattr(ka, n), types.ModuleType) != (n in modules)]
print(wrong)
"""
    assert run(code).strip() == "[]"


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(ka, "funnels")
    assert "funnel" in dir(ka)
