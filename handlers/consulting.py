"""Words for a person (咨询): opened with what is written already, unless it has to be asked first whom they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from handlers import cards, enclosures, form_about, limits, tickets, wording
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Refused, Reply, Upload

Replies = tuple[Reply, ...]
CONSULT: Final = "consult"


def consult(
    turn: Turn, words: str, *, because: str = "", own: str = "", files: Iterable[Upload] = (), talk: Talk | None = None
) -> Replies:  # fmt: skip
    """Open a 咨询 ticket with words that are already written, to the student's counselor or whoever is on duty.

    own: what of them the student wrote, where that is not all; it is shown as the student's words. files: sent with them.
    because: why the bot sends what it gathered, which may be cut, and shows that. Refused for longer words of one's own.
    talk: where it may be asked first whether they are about somebody of staff (handlers/form_about.py).
    """
    item = turn.school.catalogue.items[CONSULT]
    files = tuple(files)
    words, most = words.strip(), item.fields[0].most
    if len(words) > most and not because:
        raise Refused("form.too_long", most=most, count=len(words))
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    asked = form_about.hold(turn, talk, item, words, files) if talk is not None else None
    if asked is not None:
        return (asked,)
    answers = {item.fields[0].key: words, **form_about.unasked(turn, item, turn.person, words)}
    ticket = tickets.open_ticket(turn, item, answers)
    enclosures.join(turn, ticket, files)
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    at = wording.soon(ticket.owed_at or limits.before(turn, item), turn.now, turn.lang, turn.school.zone)
    key = "abroad.consult_opened" if cards.withheld(turn, ticket) else "consult.opened"
    said = turn.say(key, number=ticket.number, name=name, at=at, words=own or words) + form_about.told(turn, ticket)
    said = f"{because}\n{said}" if because else said
    card, choices = cards.card(turn, ticket, staff=False), cards.choices(turn, ticket, staff=False)
    return (Reply(text=said, card=card, choices=choices),)
