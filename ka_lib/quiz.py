"""``ka.quiz``: a door only, so that no import puts a module in its place."""

from ka_lib.quizzes import quiz

__all__ = ["quiz"]
