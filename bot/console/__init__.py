"""The counselors' console: a page is a .py and a .html of the same name in this folder, found by being there."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from starlette.routing import Route

FRAME = frozenset({"frame", "hub", "opened"})  # what pages are made with, and no page itself


def routes() -> list[Route]:
    """The routes of every page in this folder; each module has routes() of its own."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in FRAME)
    return [route for name in names for route in import_module(f"{__name__}.{name}").routes()]
