"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.ability_board import ability_form, ability_radar
from ka_lib.widgets.board import what_if
from ka_lib.widgets.decision_board import Unit, decision_map, swings, unit_of
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate
from ka_lib.widgets.negotiation_board import Split, negotiation_table, split
from ka_lib.widgets.life_board import life_cards, life_cycle_board
from ka_lib.widgets.pareto_board import Slice, pareto_slider, top_slice
from ka_lib.widgets.talk_board import price_talk_board
from ka_lib.widgets.quadrant_board import WeekLoad, quadrant_sorter, week_load

__all__ = [
    "Simulation",
    "Slice",
    "Split",
    "Unit",
    "WeekLoad",
    "ability_form",
    "ability_radar",
    "decision_map",
    "funnel_simulator",
    "life_cards",
    "life_cycle_board",
    "negotiation_table",
    "pareto_slider",
    "price_talk_board",
    "quadrant_sorter",
    "simulate",
    "split",
    "swings",
    "top_slice",
    "unit_of",
    "week_load",
    "what_if",
]
