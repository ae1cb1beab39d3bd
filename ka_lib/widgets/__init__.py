"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.ability_board import ability_form, ability_radar
from ka_lib.widgets.board import what_if
from ka_lib.widgets.decision_board import Unit, decision_map, swings, unit_of
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate
from ka_lib.widgets.handoff_board import handoff_board
from ka_lib.widgets.kpi_board import Loss, kpi_board, lose, part_of, periods
from ka_lib.widgets.life_board import life_cards, life_cycle_board
from ka_lib.widgets.negotiation_board import Split, negotiation_table, split
from ka_lib.widgets.pareto_board import Slice, pareto_slider, top_slice
from ka_lib.widgets.points_board import Given, give_points, points_slider
from ka_lib.widgets.quadrant_board import WeekLoad, quadrant_sorter, week_load
from ka_lib.widgets.rental_board import Rental, rent_or_sale, subscription_slider
from ka_lib.widgets.role_play_board import role_play
from ka_lib.widgets.score_board import one_more, score_board
from ka_lib.widgets.talk_board import price_talk_board

__all__ = [
    "Given",
    "Loss",
    "Rental",
    "Simulation",
    "Slice",
    "Split",
    "Unit",
    "WeekLoad",
    "ability_form",
    "ability_radar",
    "decision_map",
    "funnel_simulator",
    "give_points",
    "handoff_board",
    "kpi_board",
    "life_cards",
    "life_cycle_board",
    "lose",
    "negotiation_table",
    "one_more",
    "pareto_slider",
    "part_of",
    "periods",
    "points_slider",
    "price_talk_board",
    "quadrant_sorter",
    "rent_or_sale",
    "role_play",
    "score_board",
    "simulate",
    "split",
    "subscription_slider",
    "swings",
    "top_slice",
    "unit_of",
    "week_load",
    "what_if",
]
