"""Does every example in a docstring of ka_lib print what it says?"""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import ka_lib

MODULES = sorted(found.name for found in pkgutil.walk_packages(ka_lib.__path__, "ka_lib."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name):
    assert doctest.testmod(import_module(name)).failed == 0
