"""Putting another decision or other words in the place of former ones: both stay written, and the student reads which counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from handlers import cards, corrections, signing
from handlers.tickets import chain
from handlers.tickets.answering import adopt
from handlers.tickets.duplicates import tell_on
from handlers.tickets.permitting import permit
from handlers.tickets.record import record
from handlers.turn import Turn
from models.correction import CORRECTED, REVISED, Fix, standing, superseded
from models.db import plain
from models.message import Refused
from models.person import Person
from models.ticket import Approval, Event, Resolution, Status, Ticket

REPLY: Final = "reply."  # begins the name of words that may be corrected; their revision follows
REV: Final = re.compile(r"\d{1,9}", re.ASCII)
LOOKED_AT: Final = 20  # of the newest words, among which those to be corrected are looked for
# 「1」 was meant for a choice that is there no more; as words to a student it would read like a riddle.
BARE: Final = re.compile(r"[\W_]*[0-9０-９]{0,2}[\W_]*")
MOST: Final = 3  # of the last words to the student that are offered to be corrected
# What was decided, and the verbs whose outcome may take its place.
BECOMES: Final[dict[str, tuple[str, ...]]] = {
    "approved": ("refuse", "ask"), "signed": ("refuse", "ask"), "refused": ("sign", "ask"), "answered": ("take",),
    "closed": ("take",), "": (),
}  # fmt: skip
AFTER: Final = {"sign": "approved", "refuse": "refused", "ask": "asked", "take": "taken"}
SAME: Final = {"approved": "sign", "signed": "sign", "refused": "refuse"}

_COURSE = select(Event.rev, Event.kind, Event.key).where(Event.ticket_id == bindparam("ticket")).order_by(Event.rev)


def decided(turn: Turn, ticket: Ticket) -> str:
    """What was decided on a ticket, as BECOMES names it: "signed" is a step of a chain on its way, "closed" was not taken
    on; "" where nothing was, or where nobody of staff did it."""
    decisions = {line.decision for line in signing.steps(turn, ticket) if line.kind == "sign"}
    if ticket.resolution in (Resolution.refused, Resolution.expired):
        return "refused" if "refused" in decisions else "closed"
    if ticket.resolution == Resolution.answered:
        return "answered"
    if "signed" not in decisions or ticket.resolution in (Resolution.withdrawn, Resolution.duplicate):
        return ""
    return "signed" if ticket.is_open and ticket.back_at is None else "approved"


def before_correct(turn: Turn, ticket: Ticket) -> list[tuple[str, Event | None]]:
    """What the speaker may correct now: verbs whose outcome may take the place of the decision, then the newest words to
    the student, as ("reply.REV", the event). Refused, with the reason, where there is nothing.
    """
    by = permit(turn, ticket)
    found: list[tuple[str, Event | None]] = []
    because: Refused | None = None
    for to in BECOMES[decided(turn, ticket)]:
        try:
            _check(turn, ticket, by, to)
        except Refused as refused:
            because = because or refused
        else:
            found.append((to, None))
    found += [(f"{REPLY}{event.rev}", event) for event in _words(turn, ticket)[:MOST]]
    if not found:
        raise because or _nothing(turn, ticket)
    return found


def correct(turn: Turn, ticket: Ticket, to: str, words: str) -> None:
    """Correct what was decided, with a reason that the student reads, or what was written (更正).

    to: "sign", "refuse", "ask" or "take" (to be worked on again): what the decision becomes; "reply.REV": the words of
    that revision give way to these. By whoever decided, and whoever may decide it now. On a chain the speaker's step is
    decided anew and the steps after it are asked anew; who had signed later is told. The ticket must be locked (`get`).
    Raises Refused where it makes no sense (any more), with what to do instead.
    """
    by = permit(turn, ticket)
    if not words.strip():
        raise Refused("correct.reason")
    if is_bare(words):
        raise Refused("correct.bare", words=words.strip())
    if to.startswith(REPLY):
        _reword(turn, ticket, by, to.removeprefix(REPLY), words)
        return
    before = decided(turn, ticket)
    if to not in BECOMES[before]:
        if not before or to not in AFTER:
            raise _nothing(turn, ticket)
        key = "correct.same" if to == SAME.get(before) else "correct.cannot"
        raise Refused(key, number=ticket.number, state=cards.state(turn, ticket, staff=True))
    if ticket.requester_id is not None:
        # Who asks for the same anew locks the person too, so one of the two sees what the other did.
        turn.session.execute(select(Person.id).where(Person.id == ticket.requester_id).with_for_update(key_share=True))
    line = _check(turn, ticket, by, to)
    if line is None:
        _take_up(turn, ticket, by, words, before)
    else:
        _decide(turn, ticket, by, to, words, before, line)


def is_bare(words: str) -> bool:
    """Whether words are a number of two digits at most, or none: the answer to a choice, and no sentence for a student."""
    return BARE.fullmatch(words) is not None


def _nothing(turn: Turn, ticket: Ticket) -> Refused:
    return Refused("correct.not_decided", number=ticket.number, state=cards.state(turn, ticket, staff=True))


def _check(turn: Turn, ticket: Ticket, by: Person, to: str) -> Approval | None:
    """The signature that a correction decides anew, None where there is no chain. Refused: somebody else's, too late."""
    if to == "take":
        return None
    lines = [line for line in signing.steps(turn, ticket) if line.kind == "sign" and line.decision in signing.DECIDED]
    lines.sort(key=lambda line: (line.decided_rev or 0, line.step, line.place))
    refused = [line for line in lines if line.decision == "refused"]
    own = [line for line in refused or lines if line.person_id == by.id]
    own = own or [line for line in refused or lines if signing.may_sign(turn, ticket, line, by)]
    if not own:
        raise Refused("correct.not_yours", name=cards.who(turn, lines[-1].person_id), number=ticket.number)
    turn.school.catalogue.service(ticket.service).correcting(turn, ticket, to)
    return own[-1]


def _decide(turn: Turn, ticket: Ticket, by: Person, to: str, words: str, before: str, line: Approval) -> None:
    """A signature is decided anew, and what came after it is void."""
    service = turn.school.catalogue.service(ticket.service)
    if to == "sign":
        service.signing(turn, ticket)
    if before == "approved":
        service.undone(turn, ticket)
        ticket.back_at = None
    fix = Fix(before, AFTER[to], line.decided_rev or ticket.rev)
    record(turn, ticket, "corrected", by=by, words=words, key=fix.key, move=Status.in_progress)
    gone = [each for each in signing.steps(turn, ticket) if each is line or _follows(each, line, to)]
    anew = chain.repeat(turn, ticket, gone)
    mine = next(each for each in anew if (each.step, each.place) == (line.step, line.place))
    if ticket.assignee_id in {each.person_id or each.to_id for each in gone}:
        ticket.assignee_id = by.id
    adopt(ticket, by)
    if to == "refuse":
        _refuse(turn, ticket, by, mine, words)
    elif to == "sign":
        _sign(turn, ticket, by, mine, words, gone)
    else:
        following = chain.go_on(turn, ticket, gone)
        ticket.assignee_id = following.first.id if following.first is not None else ticket.assignee_id
        record(turn, ticket, "asked", by=by, words=words, move=Status.waiting, key=CORRECTED)
    chain.date(anew, gone, ticket.rev)
    turn.session.flush()


def _follows(line: Approval, first: Approval, to: str) -> bool:
    """Whether a line is void once another one is decided anew: those of later steps, and beside it those that nobody gave
    because of how it was decided, where they are needed now."""
    if line.step != first.step:
        return line.step > first.step
    return line.decision == "spared" and (to == "ask" or (to == "sign" and first.mode == "all"))


def _refuse(turn: Turn, ticket: Ticket, by: Person, mine: Approval, words: str) -> None:
    now = [line for line in signing.current(signing.steps(turn, ticket)) if line.step == mine.step]
    for line in now:
        line.decision, line.decided_at = "spared", turn.now
    mine.decision, mine.person_id, mine.decided_at = "refused", by.id, turn.now
    refused = Resolution.refused
    chain.stamp({*now, mine}, ticket.rev + 1)
    record(turn, ticket, "refused", by=by, words=words, move=Status.resolved, resolution=refused, key=CORRECTED)
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)


def _sign(turn: Turn, ticket: Ticket, by: Person, mine: Approval, words: str, gone: Sequence[Approval]) -> None:
    mine.decision, mine.person_id, mine.decided_at = "signed", by.id, turn.now
    turn.session.flush()
    following = chain.go_on(turn, ticket, gone)
    to = following.first
    chain.note(turn, ticket, following, chain.WITH_NEXT)
    decided = [mine, *(line for line, _ in following.copies)]
    if following.asked:
        ticket.assignee_id = to.id if to else ticket.assignee_id
        chain.stamp(decided, ticket.rev + 1)
        record(turn, ticket, "signed", by=by, to=to, words=words, move=Status.in_progress, key=CORRECTED)
    else:
        chain.approve(turn, ticket, by, words, CORRECTED, decided)


def _take_up(turn: Turn, ticket: Ticket, by: Person, words: str, before: str) -> None:
    """What was said to be done, or was not taken on, is worked on again by whoever says so."""
    told = plain(turn.session).execute(_COURSE, {"ticket": ticket.id}).all()
    fix = Fix(before, "taken", max((row.rev for row in told if row.kind in ("resolved", "closed")), default=ticket.rev))
    record(turn, ticket, "corrected", by=by, words=words, key=fix.key, move=Status.in_progress)
    ticket.assignee_id = by.id
    adopt(ticket, by)
    record(turn, ticket, "taken", by=by, words=words, key=CORRECTED)


def _words(turn: Turn, ticket: Ticket, rev: int | None = None) -> list[Event]:
    """The newest words of staff's to the student that nobody corrected or took back yet, the newest first; of one revision
    where it is named. Of a long matter no more is read than is needed."""
    told = plain(turn.session).execute(_COURSE, {"ticket": ticket.id}).all()
    gone = superseded(told)
    revs = [
        row.rev
        for row in standing(told)
        if row.kind in corrections.WORDS and row.rev not in gone and rev in (None, row.rev)
    ]
    said = select(Event).where(Event.ticket_id == ticket.id, Event.rev.in_(revs[-LOOKED_AT:]))
    return [
        event for event in turn.session.execute(said.order_by(Event.rev.desc())).scalars()
        if (event.words or event.sealed) and event.by_id not in (None, ticket.requester_id)
    ]  # fmt: skip


def _reword(turn: Turn, ticket: Ticket, by: Person, rev: str, words: str) -> None:
    """Other words in the place of former ones; where these were the answer, the student is asked again if it helped."""
    found = _words(turn, ticket, int(rev)) if REV.fullmatch(rev) else []
    if not found:
        raise Refused("correct.no_reply", number=ticket.number)
    former = found[0]
    if former.kind == "resolved" and ticket.resolution == Resolution.answered:
        fix = Fix("answered", "answered", former.rev)
        record(turn, ticket, "corrected", by=by, key=fix.key, move=Status.in_progress)
        answered = Resolution.answered
        record(turn, ticket, "resolved", by=by, words=words, move=Status.resolved, resolution=answered, key=CORRECTED)
    else:
        record(turn, ticket, "revised", by=by, words=words, key=Fix("replied", REVISED, former.rev).key)
    tell_on(turn, ticket, words)
