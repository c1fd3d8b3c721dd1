"""What a student still has to show for a matter, in words: what it is, by when, and how it is sent."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from handlers import cards, corrections, wording
from handlers.turn import Turn
from models.correction import UNRETURNED
from models.proof import Proof
from models.ticket import Event, Ticket
from models.unit import finds, known

KNOWN: Final = "proofs"
ASKED: Final = "proof_asked"
OWED: Final = ("owed", "late")
_MOST: Final = 5
_GONE: Final = aliased(Event)
# What was asked for on a return that was taken back is asked for no more.
_LAST: Final = (
    select(Event)
    .where(
        Event.ticket_id == bindparam("ticket"), Event.kind == ASKED,
        ~exists().where(_GONE.ticket_id == Event.ticket_id, _GONE.key == UNRETURNED, _GONE.rev > Event.rev),
    )
    .order_by(Event.rev.desc())
    .limit(1)
)  # fmt: skip
_ASKED_FOR: Final = select(Proof.ticket_id).where(Proof.ticket_id == bindparam("ticket"))
_MINE: Final = (
    select(Ticket)
    .join(Proof, Proof.ticket_id == Ticket.id)
    .where(Ticket.requester_id == bindparam("person"), Ticket.private.is_(False), Proof.status.in_(OWED))
    .order_by(Ticket.id.desc())
    .limit(_MOST)
)


def of(turn: Turn, ticket: Ticket) -> Proof | None:
    """How the proof of a ticket stands, None where none is asked for."""
    read = known(turn.session, KNOWN)
    if ticket.id not in read:
        asked = finds(turn.session, _ASKED_FOR, {"ticket": ticket.id})
        read[ticket.id] = turn.session.get(Proof, ticket.id) if asked else None
    found: Proof | None = read[ticket.id]
    return found


def is_owed(turn: Turn, ticket: Ticket) -> bool:
    """Whether something is still to be shown, in time or late, for what was not refused or taken back."""
    found = of(turn, ticket)
    return found is not None and found.status in OWED


def mine(turn: Turn) -> list[Ticket]:
    """The speaker's own matters for which something is still to be shown, ended ones too, the newest first; five at most."""
    if turn.person is None:
        return []
    found = turn.session.execute(_MINE, {"person": turn.person.id}).scalars()
    return [ticket for ticket in found if ticket.resolution in (None, "approved")]


def words(turn: Turn, ticket: Ticket) -> str:
    """What is to be shown: as it was asked for on the return, else by the rules of the kind; "" where they name nothing."""
    asked = turn.session.execute(_LAST, {"ticket": ticket.id}).scalar()
    if asked is not None:
        return corrections.words_of(turn, asked)
    rules = cards.item_of(turn, ticket).leave
    if rules is None:
        return ""
    seasons = turn.school.seasons
    due = [
        each.words.to(turn.lang) for each in rules.of(ticket.answers.get("kind")).evidence
        if each.when is None or each.when.holds(ticket.answers, seasons)
    ]  # fmt: skip
    return turn.say("form.or").join(due)


def line(turn: Turn, ticket: Ticket) -> str:
    """What whoever asked still has to show, by when and how; "" for nothing. On a channel whose messages leave the country
    it is not named, and shown on the page."""
    found = of(turn, ticket)
    if found is None or found.status not in OWED or ticket.resolution not in (None, "approved"):
        return ""
    away = cards.withheld(turn, ticket)
    what = "" if away else words(turn, ticket)
    how = turn.say("owing.on_page" if away else "owing.here")
    what = what or turn.say("owing.proof")
    if found.due_at is None:
        return turn.say("owing.late" if found.status == "late" else "owing.some_time", words=what, how=how)
    at = wording.moment(wording.last_minute(found.due_at, turn.school.zone), turn.lang, turn.school.zone, turn.today)
    return turn.say("owing.until", words=what, at=at, how=how)
