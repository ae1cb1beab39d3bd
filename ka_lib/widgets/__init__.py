"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.ability_board import ability_form, ability_radar
from ka_lib.widgets.board import what_if
from ka_lib.widgets.decision_board import Unit, decision_map, swings, unit_of
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate
from ka_lib.widgets.pareto_board import Slice, pareto_slider, top_slice
from ka_lib.widgets.quadrant_board import WeekLoad, quadrant_sorter, week_load

__all__ = [
    "Simulation",
    "Slice",
    "Unit",
    "WeekLoad",
    "ability_form",
    "ability_radar",
    "decision_map",
    "funnel_simulator",
    "pareto_slider",
    "quadrant_sorter",
    "simulate",
    "swings",
    "top_slice",
    "unit_of",
    "week_load",
    "what_if",
]
