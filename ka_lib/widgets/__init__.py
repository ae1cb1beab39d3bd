"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.board import what_if
from ka_lib.widgets.decision_board import Unit, decision_map, swings, unit_of
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate
from ka_lib.widgets.pareto_board import Slice, pareto_slider, top_slice

__all__ = [
    "Simulation",
    "Slice",
    "Unit",
    "decision_map",
    "funnel_simulator",
    "pareto_slider",
    "simulate",
    "swings",
    "top_slice",
    "unit_of",
    "what_if",
]
