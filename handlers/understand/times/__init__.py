"""The time grammar: Chinese and English words of time into spans, with every doubt said."""

from __future__ import annotations

from handlers.understand.times.read import is_relative, read_time, rest
from handlers.understand.times.values import DEFAULT, PARTS, ZONE, Span

__all__ = ["DEFAULT", "PARTS", "ZONE", "Span", "is_relative", "read_time", "rest"]
