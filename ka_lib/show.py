"""``ka.show`` and ``ka.label``: a door only, so that no import puts a module in their place."""

from ka_lib.display import show
from ka_lib.labels import label

__all__ = ["label", "show"]
