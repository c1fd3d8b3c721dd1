"""Taking back one's own last decision on a ticket: a correction that is written down, nothing is deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, exists, select

from handlers import access, collisions, corrections, receivers, signing, unended
from handlers.tickets import chain
from handlers.tickets.merging import part
from handlers.tickets.record import record
from handlers.tickets.splitting import unsplit
from handlers.tickets.unending import unbook
from handlers.turn import Turn
from models.base import first_id
from models.correction import CORRECTED, REVISED, UNSPLIT, WITHIN, read_before
from models.desk import keep_back
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket

# So long it is said that a decision is too old; after that there is none to take back.
LOOK_BACK: Final = timedelta(hours=2)
# What staff do to a ticket, and the key of the text that names it.
DONE: Final[dict[str, str]] = {
    "taken": "take", "asked": "ask", "signed": "sign", "approved": "sign", "refused": "refuse", "resolved": "resolve",
    "replied": "reply", "returned": "back", "cosigned": "sign", "delegated": "delegate", "sent_back": "send_back",
    "transferred": "transfer", "assigned": "assign", "merged": "merge", "closed": "close",
    "corrected": "correct", "revised": "correct", "split": "split",
}  # fmt: skip
CHAINED: Final = frozenset(
    {"signed", "cosigned", "approved", "refused", "sent_back"}
)  # what moves a chain of signatures
# Ids begin with their instant, so the newest events are the end of the primary key.
_NEWEST = (
    select(Event)
    .where(Event.id >= bindparam("since"), Event.by_id == bindparam("person"), Event.kind.in_((*DONE, "undone")))
    .order_by(Event.at.desc(), Event.rev.desc())
    .limit(1)
)
_MINE_ON_IT = (
    select(Event)
    .where(
        Event.ticket_id == bindparam("ticket"), Event.by_id == bindparam("person"), Event.kind.in_((*DONE, "undone"))
    )
    .order_by(Event.rev.desc())
    .limit(1)
)


def newest_of(turn: Turn) -> Event | None:
    """What the speaker did last to any ticket, None when that is long ago."""
    if turn.person is None:
        return None
    values = {"since": first_id(turn.now - LOOK_BACK), "person": turn.person.id}
    return turn.session.execute(_NEWEST, values).scalar()


def undo(turn: Turn, ticket: Ticket) -> str:
    """Take back the speaker's own last decision, when nothing has followed it. The ticket must be locked (`get`).

    Status, signature, assignee and limits are as before; the student is told. Returns the key of the verb that was
    taken back. Raises Refused for words, which can only be corrected by further words, for what somebody has reacted
    to, and after two minutes.
    """
    by = turn.person
    if by is None or not may_undo(turn, ticket):
        raise Refused("ticket.not_found")
    if unended.booked_of(turn, ticket) is not None:
        unbook(turn, ticket)
        return "back"
    last = _correctable(turn, ticket, by)
    before = read_before(last.key)
    if before is None:
        raise AssertionError(last.kind)
    if last.kind == "split":
        _unsplit(turn, ticket, by, last)
        return DONE[last.kind]
    if last.kind in CHAINED:
        chain.unlay(turn, ticket, last.rev)
    if last.kind == "delegated":
        owed = [line for line in signing.current(signing.steps(turn, ticket)) if line.to_id == last.to_id]
        for line in owed[:1]:
            line.to_id = by.id
    if last.kind == "approved":
        turn.school.catalogue.service(ticket.service).undone(turn, ticket)
        ticket.back_at = None
    ticket.assignee_id = before.assignee_id
    if last.kind in ("transferred", "assigned"):
        former = turn.session.get(Person, before.assignee_id) if before.assignee_id else None
        ticket.handed_path = receivers.area_of(turn, ticket, former) if former is not None else None
    if last.kind == "merged":
        part(turn, ticket)
    if not before.owned:
        ticket.owner_id = None
    ticket.put_back(before.status)
    turn.session.flush()
    asked = turn.session.get(Person, last.to_id) if last.to_id else None
    record(turn, ticket, "undone", by=by, to=asked, key=f"undid:{last.kind}")
    return DONE[last.kind]


def _unsplit(turn: Turn, ticket: Ticket, by: Person, last: Event) -> None:
    """What was taken out counts no more. The first went on as it was, so whatever happened to it since stays."""
    unsplit(turn, ticket, corrections.raw_of(turn, last))
    turn.session.flush()
    record(turn, ticket, "undone", by=by, key=UNSPLIT)
    # The student hears of what was taken back, and nothing of this one.
    keep_back(turn.session, ticket.id, ticket.rev)


def is_split(turn: Turn, ticket: Ticket, rev: str) -> bool:
    """Whether the speaker's last decision on a ticket is a split of this revision: a button may undo it though the ticket
    went on."""
    if turn.person is None:
        return False
    mine = turn.session.execute(_MINE_ON_IT, {"ticket": ticket.id, "person": turn.person.id}).scalar()
    return mine is not None and mine.kind == "split" and rev == str(mine.rev)


def may_undo(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker's duties reach a ticket, or did until he handed it on a moment ago."""
    if turn.person is None or access.may_act(turn.session, turn.person, ticket, turn.now):
        return turn.person is not None
    mine = turn.session.execute(_MINE_ON_IT, {"ticket": ticket.id, "person": turn.person.id}).scalar()
    if mine is not None and mine.kind == "returned":
        return unended.booked_of(turn, ticket) is not None  # A keeper's duties reach no other part of the matter.
    given = mine is not None and mine.kind in ("transferred", "delegated") and not _followed(turn, ticket, mine)
    return given and mine is not None and turn.now - mine.at <= WITHIN


def _correctable(turn: Turn, ticket: Ticket, by: Person) -> Event:
    """The speaker's decision that came last on the ticket; Refused, with the reason, where there is none to take back."""
    mine = turn.session.execute(_MINE_ON_IT, {"ticket": ticket.id, "person": by.id}).scalar()
    if mine is None or mine.kind == "undone":
        raise Refused("undo.nothing", number=ticket.number)
    if mine.kind in (CORRECTED, REVISED) or mine.key == CORRECTED:
        raise Refused("undo.corrected", number=ticket.number)
    if mine.kind == "returned":
        raise Refused("undo.returned", number=ticket.number)
    if read_before(mine.key) is None:
        raise Refused("undo.words", number=ticket.number)
    if turn.now - mine.at > WITHIN:
        raise Refused(f"undo.too_late{_merged(mine)}", number=ticket.number, minutes=int(WITHIN.total_seconds()) // 60)
    if mine.kind == "split":
        return mine  # Others may have done something to this one; whether anybody works on the new one, `unsplit` asks.
    if _followed(turn, ticket, mine) or (mine.kind == "refused" and _asked_again(turn, ticket, mine)):
        raise Refused(f"undo.followed{_merged(mine)}", number=ticket.number)
    return mine


def _merged(mine: Event) -> str:
    """The end of the key for a merge, which no correction parts again: what to do is another than of a decision."""
    return "_merged" if mine.kind == "merged" else ""


def _followed(turn: Turn, ticket: Ticket, mine: Event) -> bool:
    """Whether anything has followed a decision; what staff or rules of the item put in order, such as a note, does not count."""
    return collisions.went_on(turn, ticket, mine.rev)


def _asked_again(turn: Turn, ticket: Ticket, refused: Event) -> bool:
    """Whether the student has asked for the same anew since it was refused: both must not be open at once."""
    if ticket.requester_id is None:
        return False
    # Who asks for a leave locks the person too, so one of the two sees what the other did.
    turn.session.execute(select(Person.id).where(Person.id == ticket.requester_id).with_for_update(key_share=True))
    again = exists().where(
        Ticket.requester_id == ticket.requester_id, Ticket.service == ticket.service, Ticket.id > ticket.id,
        Ticket.opened_at >= refused.at,
    )  # fmt: skip
    return bool(turn.session.execute(select(again)).scalar())
