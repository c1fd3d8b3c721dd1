"""Whom a rule of the notices means: by the ticket, by the event, and who stands beside in a chain of signatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from handlers import behalf, limits, memory, merged, proof_readers, recusals, signing
from handlers.turn import Turn
from models.correction import CORRECTED, UNDONE, UNENDED, UNRETURNED, UNWITHDRAWN, read_before
from models.db import plain
from models.deadline import Mark
from models.outbox import Lane
from models.ticket import Approval, Event, Ticket

_ASKED = select(Approval.ticket_id, Approval.to_id).where(
    Approval.ticket_id.in_(bindparam("tickets", expanding=True)), Approval.decision == "", Approval.void_rev.is_(None),
    Approval.to_id.is_not(None),
)  # fmt: skip

_ANEW = aliased(Event)
# Opened again, or corrected, a matter begins anew, and so does what is told of its silence.
_BEGINS: Final = frozenset({"reopened", "corrected"})
_BEGUN = (
    select(func.coalesce(func.max(_ANEW.rev), 0))
    .where(_ANEW.ticket_id == Event.ticket_id, _ANEW.kind.in_(sorted(_BEGINS)))
    .scalar_subquery()
)
_CLIMBED: Final = "escalated"
_TOLD = select(Event.ticket_id, Event.to_id).where(
    Event.ticket_id.in_(bindparam("tickets", expanding=True)), Event.kind == _CLIMBED, Event.to_id.is_not(None),
    Event.rev > _BEGUN,
)  # fmt: skip
_EARLIER = (
    select(Event.rev)
    .where(
        Event.ticket_id == bindparam("ticket"), Event.kind == _CLIMBED, Event.to_id == bindparam("to"),
        Event.rev < bindparam("rev"), Event.rev > _BEGUN,
    )
    .limit(1)
)  # fmt: skip


class Rule(NamedTuple):
    """One line of who hears of an event: "assignee", "requester", "owner", "to" (whom the event names), "former" (who had it
    before), or "reader" (who is to look at what was shown)."""

    hearer: str
    lane: Lane = Lane.interactive


kept_out = recusals.of  # who hears of nothing, since the matter is about them


def read_ahead(turn: Turn, ids: Iterable[str]) -> None:
    """In a round of the sweep, which signs nothing: who is asked to sign its tickets, asked for all of them at once; and to
    whom those climbed already that did. Their events were read before (limits.read_ahead)."""
    wanted = list(ids)
    for ticket_id, asked in _asked(turn, wanted).items():
        memory.remember(turn, ("asked", ticket_id), asked)
    climbed = [each for each in wanted if _climbs(limits.marks_by_id(turn, each))]
    for ticket_id, told in _told(turn, climbed).items() if climbed else ():
        memory.remember(turn, ("climbed", ticket_id), told)


def _climbs(happened: Sequence[Mark]) -> int:
    """How often a matter has climbed since it began, as far as its events without their names tell."""
    climbs = 0
    for mark in happened:
        climbs = 0 if mark.kind in _BEGINS else climbs + (mark.kind == _CLIMBED)
    return climbs


def _told(turn: Turn, ids: Sequence[str]) -> dict[str, set[str]]:
    """By ticket to whom it climbed since it began."""
    found: dict[str, set[str]] = {each: set() for each in ids}
    for ticket_id, to_id in plain(turn.session).execute(_TOLD, {"tickets": ids}):
        if to_id is not None:
            found[ticket_id].add(to_id)
    return found


def _asked(turn: Turn, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {each: [] for each in ids}
    for ticket_id, to_id in turn.session.execute(_ASKED, {"tickets": list(found)}):
        if to_id is not None:
            found[ticket_id].append(to_id)
    return found


def hearing(turn: Turn, ticket: Ticket, event: Event, rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules of an event that hold: of silence whoever asked reads once a person and round, though two promises climb;
    of several of theirs that were merged at once with the first."""
    if event.kind == "merged":
        first = merged.of_one(turn, ticket, event)[0]
        return rules if first.id == ticket.id else [rule for rule in rules if rule.hearer != "requester"]
    if event.kind == "opened" and signing.registers(turn, ticket):
        return [rule for rule in rules if rule.hearer != "assignee"]  # The copy tells of it, and nobody has to answer.
    if event.kind == "prioritised" and event.by_id is None:
        return ()  # A rule of the item set it, mostly while it was opened.
    if event.key == UNRETURNED and event.by_id != ticket.requester_id:  # Whoever booked it is answered.
        return (Rule("requester"), Rule("assignee"), Rule("owner", Lane.reminder))
    if event.key in UNENDED:  # What a student takes back is told to those who had heard of it.
        return (Rule("assignee"), Rule("owner", Lane.reminder))
    if event.kind != _CLIMBED or event.by_id is not None or event.to_id is None:
        return rules
    return [rule for rule in rules if rule.hearer != "requester"] if _again(turn, event) else rules


def _again(turn: Turn, event: Event) -> bool:
    """Whether a matter climbed to the same person before this event, since it began."""
    if _climbs(limits.marks_by_id(turn, event.ticket_id)) < 2:
        memory.remember(turn, ("climbed", event.ticket_id), {event.to_id})
        return False
    if memory.waiting(turn) is None:
        earlier = {"ticket": event.ticket_id, "to": event.to_id, "rev": event.rev}
        return plain(turn.session).execute(_EARLIER, earlier).first() is not None
    # What a round has not written yet is known here, too.
    told = memory.once(turn, ("climbed", event.ticket_id), lambda: _told(turn, [event.ticket_id])[event.ticket_id])
    again = event.to_id in told
    told.add(str(event.to_id))
    return again


def hearer_of(turn: Turn, ticket: Ticket, event: Event, hearer: str) -> str | None:
    """The id of whoever a rule names, None for nobody."""
    if hearer == "reader":
        return proof_readers.asked(turn, ticket)
    if hearer == "former":
        before = read_before(event.key)
        return before.assignee_id if before is not None else None
    named = {"assignee": ticket.assignee_id, "requester": ticket.requester_id, "to": event.to_id}
    return named.get(hearer, ticket.owner_id)


def beside(turn: Turn, ticket: Ticket, event: Event) -> list[tuple[str, Rule]]:
    """Who else hears of a decision: whoever signs beside the next signer, and who gets a copy; or of its taking back."""
    if event.kind in ("withdrawn", "reminded", "answered", "added", "amended") or event.key == UNWITHDRAWN:
        # Whoever is to sign beside the assignee would else go on reading what nobody asks for any more, and would sign
        # without the word that came meanwhile.
        asked = memory.once(turn, ("asked", ticket.id), lambda: _asked(turn, [ticket.id])[ticket.id])
        lane = Lane.interactive if event.kind in ("answered", "added", "amended") else Lane.reminder
        rule = Rule("owner" if event.kind in ("withdrawn", UNDONE) else "assignee", lane)
        found = [(each, rule) for each in asked]
        return [*found, *_asked_before(turn, event)] if event.kind == "amended" else found
    if event.kind == "objected":
        # Whoever opened it may have no duty where it went: a counselor who opened a repair never works on it.
        opened = behalf.of(turn, ticket)
        return [(opened.by_id, Rule("assignee"))] if opened is not None else []
    found = _on_the_way(turn, ticket, event)
    return [*found, *_overruled(turn, event)] if event.key == CORRECTED else found


def _asked_before(turn: Turn, event: Event) -> list[tuple[str, Rule]]:
    """Who had given or was asked for a signature that a change made void: it is asked for anew, from the first one on."""
    void = select(Approval.person_id, Approval.to_id).where(
        Approval.ticket_id == event.ticket_id, Approval.void_rev == event.rev, Approval.kind == "sign"
    )
    rows = turn.session.execute(void.order_by(Approval.step, Approval.place))
    return [(who, Rule("former")) for row in rows if (who := row.person_id or row.to_id) is not None]


def _overruled(turn: Turn, event: Event) -> list[tuple[str, Rule]]:
    """Whose signatures, asked for or given, and whose copies are void since the correction right before a decision."""
    begun = select(func.max(Event.rev)).where(
        Event.ticket_id == event.ticket_id, Event.kind == CORRECTED, Event.rev < event.rev
    )
    lines = turn.session.execute(
        select(Approval)
        .where(
            Approval.ticket_id == event.ticket_id, Approval.void_rev <= event.rev,
            Approval.void_rev > begun.scalar_subquery(),
        )
        .order_by(Approval.step, Approval.place)
    ).scalars()  # fmt: skip
    return [(who, Rule("former")) for line in lines if (who := line.person_id or line.to_id) is not None]


def _on_the_way(turn: Turn, ticket: Ticket, event: Event) -> list[tuple[str, Rule]]:
    """Who is asked beside the next signer by a decision, or got a copy before it."""
    if event.kind not in ("signed", "approved", "sent_back", "undone"):
        return []
    if all(mark.key != signing.WITH_NEXT for mark in limits.marks(turn, ticket)):
        return []  # What a chain did on the way is an event of its own before the decision.
    last = event.rev - 2 if event.kind == "undone" else event.rev - 1
    before = select(Event).where(Event.ticket_id == event.ticket_id, Event.rev <= last, Event.key == signing.WITH_NEXT)
    found: list[tuple[str, Rule]] = []
    for each in turn.session.execute(before.order_by(Event.rev.desc())).scalars():
        if each.rev != last:
            break
        last -= 1
        if each.to_id is not None and each.kind in ("invited", "informed"):
            found.append((each.to_id, Rule("to" if each.kind == "invited" else "informed")))
    return found
