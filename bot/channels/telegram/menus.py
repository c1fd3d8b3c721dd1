"""The commands that Telegram shows beside the field: what this school offers, and what staff use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import telegram

from handlers import called
from handlers.catalogue import Catalogue
from handlers.texts import text

SERVICES: Final = ("leave", "depart", "complain")  # shown only where the school offers what they open
PUBLIC: Final = ("menu", *SERVICES, "mine", "cancel", "help")
STAFF: Final = ("mine", "queue", "duty", "menu", "cancel", "help")
LANGUAGES: Final = (("", "zh"), ("en", "en"))  # "" is everybody whose own language has no list


def offered(catalogue: Catalogue) -> tuple[str, ...]:
    """Everybody's commands without those that would open nothing here: a service may be switched off or never come."""
    return tuple(name for name in PUBLIC if name not in SERVICES or called.service(catalogue, name) is not None)


def listed(names: Sequence[str], lang: str) -> list[telegram.BotCommand]:
    """Commands with what they do, as the platform takes them."""
    return [telegram.BotCommand(name, text(lang, f"telegram.command_{name}")) for name in names]
