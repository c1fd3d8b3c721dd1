"""The API for a school's other systems: JSON under /api/v1, by tokens that act as a member of staff; off without one."""

from __future__ import annotations

from starlette.routing import Route

from bot.api import items, tickets
from bot.api.frame import ROOT, of_refusal, problem

__all__ = ["ROOT", "of_refusal", "problem", "routes"]


def routes() -> list[Route]:
    """Every route of the API."""
    return [*items.routes(), *tickets.routes()]
