"""Hands in a form that was filled in as one page: exactly once for one key, for oneself or by staff for a student."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, select

from handlers import complaints, recusals, sheet, tickets
from handlers.turn import Turn
from models.item import Item
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket

KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,40}", re.ASCII)
_MARK: Final = "page:"
_LOCK = select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)
_EARLIER = (
    select(Ticket)
    .join(Event, Event.ticket_id == Ticket.id)
    .where(Ticket.requester_id == bindparam("person"), Event.rev == 1, Event.key == bindparam("key"))
    .limit(1)
)


def hand_in(
    turn: Turn, item: Item, answers: dict[str, Any], key: str, requester: Person | None = None, about: str = ""
) -> Ticket:  # fmt: skip
    """Open the ticket of a form; the same key again, at once or later, gives the same ticket and does nothing.

    requester: the student for whom a member of staff (turn.person) hands it in; None for the speaker's own. Whether
    that may be is for the caller to ask (`access.reaches`). about: "yes" or "no", where the page asked whether it is about
    somebody of staff (`form_about.readings`); where staff hand it in it is taken for a yes. Raises Refused: nobody is bound, a malformed key, an answer that
    is missing or cannot be (its value `field` names which), too many open matters.
    """
    theirs = turn if requester is None else replace(turn, person=requester, account=None)
    if theirs.person is None:
        raise Refused("form.bind_first", title=item.title.to(turn.lang))
    if not KEY.fullmatch(key):
        raise Refused("error.key")
    # Two clicks at once, or one here and one in chat: whoever comes second sees what the first did.
    wait_for(turn, theirs.person)
    before = earlier(theirs, key)
    if before is not None:
        return before
    whole = dict(answers)
    sheet.check(theirs, item, whole)
    whole |= _about(theirs, item, whole, "yes" if requester is not None else about)
    return tickets.open_ticket(theirs, item, whole, by=turn.person, key=mark_of(key))


def wait_for(turn: Turn, person: Person) -> None:
    """Wait until no other unit hands anything in for somebody."""
    turn.session.execute(_LOCK, {"person": person.id})


def mark_of(key: str) -> str:
    """A form's key as the first event of its ticket keeps it."""
    return _MARK + key


def _about(turn: Turn, item: Item, answers: dict[str, Any], said: str) -> dict[str, list[str]]:
    unsure = complaints.read(turn, item, turn.person, answers).unsure
    if unsure and said not in ("yes", "no"):
        raise Refused("recusal.page_missing", names=recusals.names(turn, unsure))
    return {complaints.ABOUT: sorted(unsure) if said == "yes" else []} if unsure else {}


def earlier(turn: Turn, key: str) -> Ticket | None:
    """The matter of turn.person that was opened with a key; None for none."""
    if turn.person is None or not KEY.fullmatch(key):
        return None
    found: Ticket | None = turn.session.execute(_EARLIER, {"person": turn.person.id, "key": mark_of(key)}).scalar()
    return found


def digest(answers: dict[str, Any]) -> str:
    """A word for these very answers, by which a page proves that it showed what is being handed in."""
    body = json.dumps(answers, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:16]
