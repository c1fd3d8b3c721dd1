"""Words into meaning without a network: times here, wishes in intents."""

from __future__ import annotations

from handlers.understand.times import DEFAULT, Span, is_relative, read_time, rest

__all__ = ["DEFAULT", "Span", "is_relative", "read_time", "rest"]
