"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.board import what_if
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate
from ka_lib.widgets.pareto_board import Slice, pareto_slider, top_slice

__all__ = ["Simulation", "Slice", "funnel_simulator", "pareto_slider", "simulate", "top_slice", "what_if"]
