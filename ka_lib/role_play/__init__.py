"""Role plays: conversations with branches, played by clicks, by three people, or all at once.

``scenario``: the conversations. ``talk``: one path through one of them. ``ways``: every path as a
table. ``check``: what an author has to mend. ``handout``: a printed version for groups of three.
"""

from ka_lib.role_play.handout import Handout, handout
from ka_lib.role_play.scenario import load, names
from ka_lib.role_play.talk import Step, Talk, play
from ka_lib.role_play.ways import joint, paths, replies

__all__ = [
    "Handout",
    "Step",
    "Talk",
    "handout",
    "joint",
    "load",
    "names",
    "paths",
    "play",
    "replies",
]
