"""Who besides the signers checks what is shown for a leave, such as the campus clinic (校医院), and how they hear of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, or_, select

from handlers import access, cards, duties, informing, recusals
from handlers.turn import Turn
from models.db import plain
from models.grid import Duty
from models.message import Choice, Reply
from models.person import Person
from models.ticket import Ticket

_HOLDS: Final = (
    select(Duty.id)
    .where(
        or_(Duty.person_id == bindparam("person"), Duty.person_id.in_(duties.TAKES_PART_OF)), duties.IN_FORCE,
        Duty.role.in_(bindparam("roles", expanding=True)),
    )
    .limit(1)
)  # fmt: skip


def roles(turn: Turn) -> frozenset[str]:
    """Every role that some item's rules let check a proof (`checks_proof`); none where no rule says so."""
    rules = [item.leave for item in turn.school.catalogue.items.values() if item.leave is not None]
    return frozenset(role for each in rules for own in (each, *each.kinds.values()) for role in own.checks_proof)


def is_one(turn: Turn) -> bool:
    """Whether the speaker holds such a role anywhere, or takes the part of somebody who does."""
    named = roles(turn)
    if not named or turn.person is None or turn.person.kind != "staff" or not turn.person.active:
        return False
    values = {"person": turn.person.id, "now": turn.now, "roles": sorted(named)}
    return plain(turn.session).execute(_HOLDS, values).first() is not None


def of(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """The roles that check the proof of a ticket, by the rules of its kind."""
    rules = cards.item_of(turn, ticket).leave
    return rules.of(ticket.answers.get("kind")).checks_proof if rules is not None else ()


def may(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker checks the proof of a ticket: by a role for an area of its student, and not kept out of it."""
    named = of(turn, ticket)
    if not named or turn.person is None or ticket.requester_id in (None, turn.person.id):
        return False
    student = turn.session.get(Person, ticket.requester_id)
    if student is None or turn.person.id in recusals.of(turn, ticket):
        return False
    return access.has_role_for(turn.session, turn.person, student, named, turn.now)


def tell(turn: Turn, ticket: Ticket) -> None:
    """Ask whoever checks it, the nearest of each role, to look at what was shown."""
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    path = student.academic_path if student is not None else None
    if not path:
        return
    kept = recusals.of(turn, ticket)
    found = [
        person
        for role in of(turn, ticket)
        for person in duties.holders(turn.session, path, role, turn.now, kept)
        if person.id != ticket.requester_id
    ]
    for person in dict.fromkeys(found):
        informing.inform(turn, person, lambda there: asking(there, ticket), f"proof:{ticket.id}:{ticket.rev}")


def asking(turn: Turn, ticket: Ticket) -> Reply:
    """What they read: whose proof of which leave it is, and the two answers; never the reason."""
    return Reply(text=turn.say("vouch.asked", names=cards.names(turn, ticket)), choices=ways(turn, ticket))


def ways(turn: Turn, ticket: Ticket) -> tuple[Choice, ...]:
    """The buttons of one proof."""
    return tuple(
        Choice(
            label=turn.say(f"vouch.{verb}_it", number=ticket.number), send=f"k:{ticket.id}:{verb}",
            words=turn.say(f"vouch.{verb}_words", number=ticket.number),
        )
        for verb in ("vouch", "doubt")
    )  # fmt: skip
