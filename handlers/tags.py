"""Tags of tickets: how words name them, which a ticket has, and which are in use where the speaker answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from handlers import access
from handlers.turn import Turn
from models.db import plain
from models.message import Refused
from models.sorting import LONGEST_TAG, Tag
from models.ticket import Ticket

MOST: Final = 10  # tags of one ticket: more say nothing any more
# Of the newest tags, among which those in use are looked for: no index serves areas and ages at once.
RECENT: Final = 300
OFFERED: Final = 30
_APART: Final = re.compile(r"[\s,，、;；#＃]+")
_OF: Final = (
    select(Tag.ticket_id, Tag.name)
    .where(Tag.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(Tag.ticket_id, Tag.name)
)
_MINE: Final = select(Tag.name).where(Tag.by_id == bindparam("person")).order_by(Tag.id.desc()).limit(200)
_NEWEST: Final = select(Tag.ticket_id, Tag.name).order_by(Tag.id.desc()).limit(RECENT).subquery()


def clean(name: str) -> str:
    """A tag as it is kept: 「 #漏水 」 → 「漏水」; "" for nothing that can be read."""
    folded = unicodedata.normalize("NFKC", name)
    return "".join(each for each in folded if each.isprintable()).strip(" #\u3000")


def read(words: str) -> tuple[str, ...]:
    """The tags that words name: 「漏水 三号楼」 or 「漏水、三号楼」, each once. Raises Refused for none and for one too long."""
    found = tuple(dict.fromkeys(name for part in _APART.split(words) if (name := clean(part))))
    if not found:
        raise Refused("tags.none_named")
    too_long = next((name for name in found if len(name) > LONGEST_TAG), "")
    if too_long:
        raise Refused("tags.too_long", name=too_long[:LONGEST_TAG], most=LONGEST_TAG)
    return found


def of(turn: Turn, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tags of tickets by their ids, in order; whoever calls has asked access about them."""
    found: dict[str, tuple[str, ...]] = {}
    for ticket_id, name in plain(turn.session).execute(_OF, {"ids": list(ids)}) if ids else ():
        found[ticket_id] = (*found.get(ticket_id, ()), name)
    return found


def in_use(turn: Turn, most: int = OFFERED) -> tuple[str, ...]:
    """Tags to choose from: those that the speaker gave, then the newest of what the speaker may answer."""
    if turn.person is None:
        return ()
    link = plain(turn.session)
    mine = list(link.execute(_MINE, {"person": turn.person.id}).scalars())
    seen = access.answerable(turn.session, turn.person, turn.now)
    recent = select(_NEWEST.c.name).join(Ticket, Ticket.id == _NEWEST.c.ticket_id).where(seen)
    return tuple(dict.fromkeys([*mine, *link.execute(recent).scalars()]))[:most]


def listed(names: Sequence[str]) -> str:
    """Tags in one line, as an event and an echo write them."""
    return " ".join(f"#{name}" for name in names)
