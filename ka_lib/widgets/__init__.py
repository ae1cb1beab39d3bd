"""Boards to try things on: the interactive widgets of the course."""

from ka_lib.widgets.board import what_if
from ka_lib.widgets.funnel_board import Simulation, funnel_simulator, simulate

__all__ = ["Simulation", "funnel_simulator", "simulate", "what_if"]
