"""What moves a matter's promise: one extension with a reason, another priority, and haste before it begins."""

from __future__ import annotations

import re
from typing import Any, Final

from handlers import access, cards, directory, extending, foreseen, limits, signers, signing
from handlers.texts import LANGUAGES, text
from handlers.tickets.record import record
from handlers.turn import Turn
from models.item import Item
from models.message import Refused
from models.person import Person
from models.ticket import Ticket

LEAST_WORDS: Final = 2  # characters of a reason: 「缺件」 is one, 「延」 is none
_LEVELS: Final = ("low", "normal", "high", "urgent")
_SPLIT: Final = re.compile(r"[\s,，:：。]+")


def extend(turn: Turn, ticket: Ticket, words: str) -> None:
    """Move the promise on (延期): once, by its owner or whoever stands in, before it runs out, with a reason that the student reads."""
    by = before_extend(turn, ticket)
    if len(words.strip()) < LEAST_WORDS:
        raise Refused("extend.reason", number=ticket.number)
    record(turn, ticket, "extended", by=by, words=words.strip())


def before_extend(turn: Turn, ticket: Ticket) -> Person:
    """Refuse what `extend` would refuse anyway, before its reason is asked for; answers with who extends."""
    by = _permit(turn, ticket)
    if not extending.may_extend(turn, ticket, by):
        raise Refused("extend.not_yours", number=ticket.number, name=_decides(turn, ticket))
    extending.moved(turn, ticket)
    return by


def before_prioritise(turn: Turn, ticket: Ticket) -> Person:
    """The same for `prioritise`: nothing is pressing any more once it has ended."""
    by = _permit(turn, ticket)
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    return by


def _decides(turn: Turn, ticket: Ticket) -> str:
    """Who decides on an extension now: of an owner who is away whoever stands in."""
    owner = ticket.owner_id or ticket.assignee_id
    acting = directory.stand_in(turn.session, owner, turn.now)
    return cards.who(turn, acting.id if acting is not None else owner)


def prioritise(turn: Turn, ticket: Ticket, words: str) -> None:
    """Say how pressing a matter is (优先级): its limits are those of the new priority from here on.

    words: the level as people call it, and perhaps why.
    """
    by = before_prioritise(turn, ticket)
    # Both languages' words, whichever the chat is in: staff write 加急 under an English card too.
    named = {
        word: level for level in _LEVELS for lang in LANGUAGES for word in text(lang, f"priority.words_{level}").split()
    }
    first = _SPLIT.split(words.strip(), maxsplit=1)
    level = named.get(first[0].casefold())
    if level is None:
        levels = turn.say("form.or").join(turn.say(f"priority.{each}") for each in _LEVELS)
        raise Refused("priority.which", number=ticket.number, levels=levels)
    if level == ticket.priority:
        raise Refused("priority.same", number=ticket.number, level=turn.say(f"priority.{level}"))
    ticket.priority = level
    record(turn, ticket, "prioritised", by=by, words=words.strip(), audience="staff", key=f"priority:{level}")


def hurry(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> Person | None:
    """Give a matter that begins before there is time for it to whoever is on duty; who had it, None where nothing changes.

    The signature that is asked for goes along, since the one is of no use without the other. `told` writes it down.
    """
    if not item.limits.before or turn.school.clock.scale != 1 or not limits.is_rushed(turn, item, ticket.path, answers):
        return None
    barred = signers.concerned_by(turn, item, ticket)
    person = foreseen.on_duty_instead(turn, item, ticket.path, ticket.assignee_id, barred)
    if person is None:
        return None
    had = turn.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    for line in signing.current(signing.steps(turn, ticket)):
        if line.to_id == ticket.assignee_id:
            line.to_id = person.id
    ticket.assignee_id = person.id
    return had


def told(turn: Turn, ticket: Ticket, had: Person | None) -> None:
    """Write down that a matter went to whoever is on duty; who would have had it hears of it."""
    if had is not None:
        record(turn, ticket, "rushed", to=had, audience="staff")


def _permit(turn: Turn, ticket: Ticket) -> Person:
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise Refused("ticket.not_found")
    return turn.person
