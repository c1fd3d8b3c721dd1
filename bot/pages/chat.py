"""The chat page: one conversation, drawn whole by the server, and the list item that page and stream share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.forms import read_query
from bot.pages.words import is_address, linked, plain, size
from bot.web import ENVIRONMENT
from handlers import streams
from handlers.texts import text
from handlers.views import chat
from handlers.views.chat import Entry
from models.message import Card, Choice, Reply

TRIES: Final = ("chat.try_leave", "chat.try_repair", "chat.try_person", "chat.try_menu")
STAFF_TRIES: Final = ("chat.try_todo", "chat.try_duty", "chat.try_menu")  # what a member of staff may begin with


@dataclass(slots=True)
class Part:
    """One reply as it stands in the log: its card, or a word that leads to where the card stands now."""

    reply: Reply
    card: Card | None = None
    card_seq: int = 0
    jump: Card | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(slots=True)
class Item:
    """One entry of the log with its parts."""

    entry: Entry
    parts: list[Part]
    starts_day: bool = False


def arrange(entries: Sequence[Entry], zone: ZoneInfo) -> list[Item]:
    """The log as it is shown: every card once, in its newest version, and buttons only where they still count.

    A card stands under the newest words about its matter, answer or notice, since these words speak of its buttons;
    every older place says in a line that it moved and leads there. Buttons without a card live under the last answer
    and what came after it.
    """
    items = [Item(entry, [Part(reply) for reply in entry.replies]) for entry in entries]
    last = max((index for index, item in enumerate(items) if not item.entry.is_notice), default=0)
    standing: dict[str, Part] = {}
    day = ""
    for index, item in enumerate(items):
        shown = item.entry.at.astimezone(zone).date().isoformat()
        item.starts_day, day = shown != day, shown
        for part in item.parts:
            card = part.reply.card
            if card is None:
                part.choices = part.reply.choices if index >= last else ()
                continue
            before = standing.get(card.key)
            if before is not None:
                before.card, before.jump, before.choices = None, card, ()
            part.card, part.card_seq, part.choices = card, item.entry.seq, part.reply.choices
            standing[card.key] = part
    return items


def drawer(zone: ZoneInfo) -> Callable[[Entry, str], str]:
    """What draws one entry by itself, as the stream sends it."""

    def draw(entry: Entry, lang: str) -> str:
        return _draw(arrange([entry], zone)[0], lang, zone)

    return draw


def _draw(item: Item, lang: str, zone: ZoneInfo) -> str:
    local = item.entry.at.astimezone(zone)
    return ENVIRONMENT.get_template("entry.html").render(
        t=partial(text, lang),
        item=item,
        entry=item.entry,
        day=day_name(local, lang),
        local=local,
        linked=linked,
        plain=plain,
        size=size,
        is_address=is_address,
    )


def quoted(entries: Sequence[Entry], number: str) -> Card | None:
    """The newest card of the log that has this ticket's number: what `?quote=NUMBER` quotes; None for any other."""
    found = (reply.card for entry in reversed(entries) for reply in reversed(entry.replies) if reply.card)
    return next((card for card in found if number and card.ticket == number), None)


def quotation(card: Card) -> str:
    """A card in one line, as it stands over the input: its title and its first line (for staff, whose matter it is)."""
    return " · ".join((card.title, *card.lines[:1]))


def day_name(local: datetime, lang: str) -> str:
    """A day for people: 6月11日（周四）."""
    weekday = text(lang, "chat.weekdays").split()[local.weekday()]
    month = text(lang, "chat.months").split()[local.month - 1]
    return text(lang, "chat.day", month=month, day=local.day, weekday=weekday)


async def show(call: Call) -> Response:
    """The conversation with its last 60 entries; ?quote=NUMBER makes what is sent next a reply to that ticket."""
    web, signed = call.web, call.signed
    zone = ZoneInfo(web.settings.school.zone)
    found: list[Entry] = []
    if signed is not None:
        found = await web.read(lambda session: chat.entries(session, signed.account_id, 0))
        if any(entry.is_fresh for entry in found):
            now, upto = web.now(), found[-1].seq
            await web.write(lambda session: streams.note_sent(session, signed.account_id, upto, now))
    return web.page(
        "chat.html",
        call.lang,
        items=[_draw(item, call.lang, zone) for item in arrange(found, zone)],
        seq=found[-1].seq if found else 0,
        signed=signed,
        quoted=quoted(found, read_query(call.request).get("quote", "")),
        quotation=quotation,
        plain=plain,
        token=call.token,
        who=call.who,
        keys=[secrets.token_urlsafe(12) for _ in range(2)],
        tries=STAFF_TRIES if signed is not None and signed.kind == "staff" else TRIES,
        most_file=web.settings.server.max_file_bytes,
    )


def routes() -> list[Route]:
    """The chat page's routes."""
    return [page("/chat", show, ("GET",), May.visitor)]
