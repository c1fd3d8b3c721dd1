"""One ticket's page: the form, what matters for the decision, the words with their delivery, every event, the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from handlers import (
    access,
    cards,
    colleagues,
    correcting,
    directory,
    handing_on,
    limits,
    listed_names,
    merging_talk,
    phrases,
    proofs,
    receivers,
    signing,
    tickets,
    why_not,
    wording,
)
from handlers.collisions import weighs
from handlers.phrases import Ready
from handlers.turn import Turn
from handlers.views import inbox, inbox_rows, stretch, students, ticket_aside, ticket_course
from handlers.views.inbox_filter import Filter
from handlers.views.ticket_course import Step, Told
from handlers.views.ticket_limits import Owed, owed
from models.correction import WITHIN, read_before
from models.message import Upload
from models.outbox import Attachment
from models.person import Person
from models.ticket import Event, Status, Ticket
from models.unit import only_reads

MOST_NEAR: Final = 100  # of the inbox's first tickets, among which the previous and the next are looked for


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket for whoever may answer it. facts: (label, answer). sealed: answers that are not for the reader.

    verbs: what may be done now. undo_until: until when the reader may take the last step back. around: the numbers of
    the previous and the next matter that waits for the reader, "" for none. owes: what is promised and not yet kept.
    ready: the sentences that may be put into the box of words. people: to whom it may be given, into which other matter
    merged, or what it may become, where that is asked; because: why nothing may. stars: how the student judged the
    answer, 0 for not yet. older: the revision before which more events lie, 0 for none; count: of all of them.
    """

    id: str
    number: str
    rev: int
    title: str
    private: bool
    student: str
    student_number: str
    reached: bool
    place: str
    state: str
    assignee: str
    facts: tuple[tuple[str, str], ...]
    sealed: bool
    matters: tuple[str, ...]
    events: tuple[Told, ...]
    files: tuple[Upload, ...]
    steps: tuple[Step, ...]
    owes: tuple[Owed, ...]
    paused: bool
    verbs: tuple[str, ...]
    needs_words: frozenset[str]
    undo_until: datetime | None
    around: tuple[str, str]
    ready: tuple[Ready, ...]
    people: tuple[tuple[str, str], ...]
    because: str
    stars: int
    older: int
    count: int
    is_newest: bool
    aside: ticket_aside.Aside


def show(
    turn: Turn, number: str, box: str = "", schools: Sequence[Ready] = (), whom: str = "", before: int = 0
) -> Shown | None:
    """A ticket by its number; None for one that is not there and for one that the reader may not answer.

    box: the verb whose words are to be written. schools: the school's ready sentences. whom: the name that is looked for
    among those to whom it may be given. before: the revision before which its events are shown, 0 for the newest.
    """
    ticket = _reached(turn, number)
    if ticket is None:
        return None
    # Nothing is changed here, so what several parts of the page ask for is read once.
    only_reads(turn.session)
    course = stretch.of(turn, ticket, before)
    signed = [each for step in signing.steps(turn, ticket) for each in (step.to_id, step.person_id)]
    told = [each for event in course.events for each in (event.by_id, event.to_id)]
    directory.meet(turn.session, [ticket.requester_id, ticket.assignee_id, *signed, *told])
    item, whole = cards.item_of(turn, ticket), cards.entitled(turn, ticket)
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    offered = (*cards.staff_verbs(turn, ticket, turn.person), *cards.more_verbs(turn, ticket, turn.person))
    sensitive = ticket.private or any(field.sensitive for field in item.fields)
    people, because = _offered(turn, ticket, box, whom)
    if correcting.VERB in offered and box != correcting.VERB and not correcting.offered(turn, ticket)[0]:
        offered = tuple(
            verb for verb in offered if verb != correcting.VERB
        )  # A form with nothing to choose leads nowhere.
    return Shown(
        id=ticket.id, number=ticket.number, rev=ticket.rev, title=item.title.to(turn.lang), private=ticket.private,
        student=cards.who(turn, ticket.requester_id), student_number=person.number if person else "",
        reached=person is not None and students.reaches(turn, person),
        place=directory.grid_name(turn.session, person.academic_path if person else None, turn.lang),
        state=cards.state(turn, ticket, staff=True), assignee=cards.who(turn, ticket.assignee_id),
        facts=_facts(turn, ticket, whole=whole), sealed=sensitive and not whole,
        matters=turn.school.catalogue.service(ticket.service).weigh(turn, ticket),
        events=ticket_course.events(turn, ticket, course, whole=whole), older=course.older, count=course.count, is_newest=course.is_newest,
        files=_files(turn, ticket) if proofs.may_open(turn, ticket) else (),
        steps=ticket_course.steps(turn, ticket), owes=owed(turn, limits.explain(turn, ticket) if ticket.is_open else []),
        paused=ticket.status == Status.waiting and ticket.back_at is None,
        verbs=tuple(verb for verb in offered if verb not in ticket_aside.ELSEWHERE), aside=ticket_aside.of(turn, ticket, box),
        needs_words=frozenset({"refuse", "ask", "reply", "progress", "note", "close", "extend", "priority", "correct", "split"} | ({"resolve"} if item.urgent else set())),
        undo_until=_undo_until(turn, ticket, course.events if course.is_newest else ()), around=_around(turn, ticket),
        ready=phrases.offered(turn, ticket, box or "reply", schools),
        people=people, because=because,
        stars=0 if ticket.is_open else tickets.stars_of(turn, ticket) or 0,
    )  # fmt: skip


def file(turn: Turn, number: str, file_id: str) -> Upload | None:
    """A file of a ticket that the reader may answer and whose answers he reads; None for any other."""
    shown = show(turn, number)
    return next((each for each in shown.files if each.id == file_id), None) if shown is not None else None


def following(turn: Turn, number: str) -> str:
    """The number of what comes after a ticket in the reader's own list, "" for nothing."""
    ticket = _reached(turn, number)
    return _around(turn, ticket)[1] if ticket is not None else ""


def _reached(turn: Turn, number: str) -> Ticket | None:
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == number)).scalar()
    if ticket is None or turn.person is None:
        return None
    if not access.may_act(turn.session, turn.person, ticket, turn.now):
        access.refused(turn.person, ticket)
        return None
    return ticket


def _facts(turn: Turn, ticket: Ticket, *, whole: bool) -> tuple[tuple[str, str], ...]:
    zone, answers = turn.school.zone, cards.answers_of(turn, ticket) if whole else ticket.answers
    answers = listed_names.named(turn, cards.item_of(turn, ticket), answers, staff=True, whole=True)
    told = [
        (field.label(turn.lang), wording.answer(field, answers[field.key], turn.lang, zone, turn.today))
        for field in cards.item_of(turn, ticket).fields
        if answers.get(field.key) is not None
    ]
    lines = turn.school.catalogue.service(ticket.service).lines(turn.lang, ticket.answers)
    return (*told, *(("", line) for line in lines))


def _files(turn: Turn, ticket: Ticket) -> tuple[Upload, ...]:
    statement = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.at, Attachment.id)
    rows = turn.session.execute(statement).scalars()
    return tuple(Upload(id=row.id, name=row.name, kind=row.kind, size=row.size) for row in rows)


def _offered(turn: Turn, ticket: Ticket, box: str, whom: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """What a box lets one choose from, (how a form names it, how people read it); and why there is nothing, if it says so."""
    if box in ticket_aside.OFFERS:
        return ticket_aside.OFFERS[box](turn, ticket)
    if box in colleagues.GIVES:
        people = _people(turn, ticket, whom)
        if people or not whom:
            return people, ""
        # A name that fits nobody takes nobody away who may be chosen.
        return _people(turn, ticket, ""), turn.say("transfer.unknown", words=whom)
    if box == "send_back":
        return handing_on.steps_offered(turn, ticket)
    return _others(turn, ticket) if box == "merge" else (), why_not.said(turn, ticket, box)


def _people(turn: Turn, ticket: Ticket, whom: str) -> tuple[tuple[str, str], ...]:
    """To whom a ticket may be given: (how a form names them, how people read it)."""
    found = receivers.may_receive(turn, ticket, whom)
    return tuple((f"p.{each.person.id}", colleagues.describe(turn, each)) for each in found)


def _others(turn: Turn, ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Into which matters a ticket may be merged: (the number, how people read it: whose, what and where, how it stands)."""
    found = merging_talk.candidates(turn, ticket)
    about = {row.id: row.about for row in inbox_rows.of(turn, [other.id for other in found])}
    lines = [(cards.names(turn, other), about[other.id], cards.state(turn, other, staff=True)) for other in found]
    return tuple((other.number, " · ".join(filter(None, line))) for other, line in zip(found, lines, strict=True))


def _undo_until(turn: Turn, ticket: Ticket, events: Sequence[Event]) -> datetime | None:
    """Until when the reader's own last step may be taken back; the verb itself asks all of it again (tickets.undo)."""
    decided = [each for each in events if weighs(each.kind, each.key)]  # A note after it stands in nobody's way.
    last = next((each for each in reversed(decided) if turn.person and each.by_id == turn.person.id), None)
    if last is None or (last is not decided[-1] and last.kind != "split"):
        return None
    until = last.at + WITHIN
    return until if read_before(last.key) is not None and turn.now < until - timedelta(seconds=1) else None


def _around(turn: Turn, ticket: Ticket) -> tuple[str, str]:
    """Before and after a ticket in the reader's own list; where it is not there (any more), the first comes next."""
    ids, _ = inbox.all_ids(turn, Filter(), MOST_NEAR)
    place = ids.index(ticket.id) if ticket.id in ids else -1
    near = (ids[place - 1] if place > 0 else "", ids[place + 1] if place + 1 < len(ids) else "")
    rows = turn.session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(near)))
    numbers: dict[str, str] = {row.id: row.number for row in rows}
    return numbers.get(near[0], ""), numbers.get(near[1], "")
