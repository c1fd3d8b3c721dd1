"""Hears a word of command: `/complain` opens a form and fills in nothing, `/foo` is answered with what there is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from handlers import desk, fields, form
from handlers.catalogue import Catalogue
from handlers.form_ask import Replies, prefixed
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.intents import command, read_intent
from handlers.understand.orders import read_code, read_code_wish, read_order, read_whose
from models.item import Item
from models.message import Incoming

_CALLED: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+|$)")
_ALONE: Final = re.compile(r"[A-Za-z]{2,32}")


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> tuple[Replies | None, Incoming]:
    """The answer to a command that names a service or nothing; None, and the message without its slash, for all else.

    The word itself never fills a field: only what stands after it is the wish's own words. One that nobody knows is a
    slip of the thumb or meant for another bot, so it counts neither as an answer nor as words that were not understood.
    """
    words = incoming.text.strip()
    found = _CALLED.match(words)
    if found is None:
        item = (
            service(turn.school.catalogue, words)
            if talk.draft is None and not _waits(talk) and _ALONE.fullmatch(words)
            else None
        )
        return (None, incoming) if item is None or command(words) else (_start(turn, talk, item, ""), incoming)
    name, rest = found[1].lower().replace("_", " "), words[found.end() :].strip()
    spoken = f"{name} {rest}".strip()
    if command(name) or read_order(spoken) or read_code(spoken) or read_code_wish(spoken) or read_whose(spoken)[0]:
        return None, replace(incoming, text=spoken)
    item = service(turn.school.catalogue, name)
    if item is not None:
        return _start(turn, talk, item, rest), incoming
    intent = read_intent(name)
    off = intent.score >= desk.SURE and intent.label not in ("unclear", "oos")
    said = turn.say("menu.command_off" if off else "menu.command_unknown", name=found[1])
    return (*prefixed(said, (desk.menu(turn, "menu.head"),)), *desk.reminder(turn, talk)), incoming


def _waits(talk: Talk) -> bool:
    """Whether the next words are asked for by something."""
    return talk.order is not None or talk.consult or talk.listening


def service(catalogue: Catalogue, name: str) -> Item | None:
    """The service that a single word names: by its slug, a name of its own, or the intent of the word."""
    word, label = name.lower(), read_intent(name).label
    for item in catalogue.offered():
        if word == item.slug or word in {each.lower() for each in fields.names(item)} or label in item.intents:
            return item
    return None


def _start(turn: Turn, talk: Talk, item: Item, rest: str) -> Replies:
    talk.unheard = []
    return form.start(turn, talk, item, rest)
