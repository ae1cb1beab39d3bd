"""Libraries that only some models need: loaded on first use, with a remedy where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ka_lib.errors import KaError

_PACKAGES = {"sklearn": "scikit-learn"}  # where the name to install is not the name to import


def library(module: str) -> Any:
    """Import a module of an optional library.

    Parameters
    ----------
    module : str
        Its full name: ``"sklearn.ensemble"``.

    Returns
    -------
    module

    Raises
    ------
    KaError
        The library is not installed; the message holds the line that installs it.
    """
    name = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise  # the library is there; a part of it, or something it needs itself, is not
        package = _PACKAGES.get(name, name)
        raise KaError("libraries.missing", name=name, package=package) from missing
