"""The queue of approvals: what waits for the reader's decision, a card each, with what matters for deciding and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Select, exists, or_, select, text, union_all

from handlers import approvals, cards, corrections, directory, listed_names, lists, notices, phrases, proofs, wording
from handlers.duties import TAKES_PART_OF
from handlers.phrases import Ready
from handlers.turn import Turn
from handlers.views import inbox_reach, students
from handlers.views.inbox_reach import ME, OPEN_NOW, Reach
from models.correction import superseded
from models.db import plain
from models.message import Upload
from models.outbox import Attachment
from models.person import Person
from models.ticket import IS_ASKED, Approval, Event, Status, Ticket
from models.unit import only_reads

MOST: Final = 300  # requests that are counted; nobody decides on more at one sitting
WORDED: Final = ("refuse", "ask")  # verbs that need words
AHEAD: Final = 3  # cards that a page brings along, so that the next one is there at once


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were exchanged about a request: who and when, and the words."""

    line: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One request. facts: (label, answer); lines: what follows from them; matters: what weighs on the decision.

    flag: the end of a key "inbox.flag_…" where it is no ordinary one, else "". ready: sentences to begin a reason with, by
    verb. sealed: answers that the reader does not get. reached: whether the reader may open the student's page. secret: it
    is opened on its own page only, and nothing of it stands here. late: how long it is overdue.
    """

    number: str
    rev: int
    title: str
    student: str
    student_number: str
    place: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    matters: tuple[str, ...]
    said: tuple[Said, ...]
    files: tuple[Upload, ...]
    owed: str
    late: str
    flag: str
    ready: Mapping[str, tuple[Ready, ...]]
    sealed: bool
    reached: bool
    secret: bool
    parents: tuple[str, ...] = ()  # verbs by which they are asked, while their word is owed


@dataclass(frozen=True, slots=True)
class Queue:
    """The cards that a page brings, the first of which is looked at. left: how many wait, MOST + 1 for more."""

    cards: tuple[Card, ...]
    left: int


def queue(turn: Turn, number: str = "", step: int = 0, most: int = AHEAD, schools: Sequence[Ready] = ()) -> Queue:
    """The cards from a request on (step 0), from the one after it (1) or before it (-1); the queue is a circle.

    From the first where that is not (any more) in the queue. schools: the school's own ready sentences. Refused for
    whoever is not staff.
    """
    only_reads(turn.session)  # What several parts of a card ask for is read once.
    waiting = _waiting(turn)
    numbers = [each for _, each in waiting]
    place = (numbers.index(number) + step) % len(numbers) if number in numbers else 0
    drawn: list[Card] = []
    others = 0  # Asked of the reader, but not his to decide after all.
    for id_, _ in (*waiting[place:], *waiting[:place]):
        card = _card(turn, id_, schools)
        if card is None:
            others += 1
        else:
            drawn.append(card)
        if len(drawn) == most:
            break
    return Queue(tuple(drawn), len(waiting) - others)


def following(turn: Turn, number: str) -> str:
    """The number of the request after one, "" where it is alone or not in the queue."""
    numbers = [each for _, each in _waiting(turn)]
    if number not in numbers or len(numbers) == 1:
        return ""
    return numbers[(numbers.index(number) + 1) % len(numbers)]


def ready_words(turn: Turn, number: str, verb: str, phrase_id: str, schools: Sequence[Ready] = ()) -> str:
    """A ready sentence about a request with its places filled; "" for one that is not offered."""
    ticket = _seen(turn, number) if phrase_id else None
    offered = phrases.offered(turn, ticket, verb, schools) if ticket is not None else ()
    return next((each.words for each in offered if each.id == phrase_id), "")


def name_of(turn: Turn, number: str) -> str:
    """Whose request a number is, "" for one that the reader may not see."""
    ticket = _seen(turn, number)
    return cards.who(turn, ticket.requester_id) if ticket is not None else ""


def _seen(turn: Turn, number: str) -> Ticket | None:
    statement = select(Ticket).where(Ticket.number == number, inbox_reach.of(turn).seen)
    found: Ticket | None = turn.session.execute(statement, {"person": _me(turn), "now": turn.now}).scalar()
    return found


def _me(turn: Turn) -> str:
    return turn.person.id if turn.person is not None else ""


def _waiting(turn: Turn) -> list[tuple[str, str]]:
    """Id and number of every request that asks for the reader's signature, the nearest deadline first."""
    reach = inbox_reach.of(turn)
    found = plain(turn.session).execute(_statement(reach), {"person": _me(turn), "now": turn.now})
    return [(row.id, row.number) for row in found]


_IN_FORCE: Final = (Approval.kind == "sign", Approval.void_rev.is_(None))


@lru_cache(maxsize=512)
def _statement(reach: Reach) -> Select[str, str]:
    # From the signatures that are asked of the reader, and from what the reader works on, both by an index of their own:
    # the open tickets of a whole school are many, and most ask somebody else.
    asked = select(Approval.ticket_id).where(
        or_(Approval.to_id == ME, Approval.to_id.in_(TAKES_PART_OF)), text(f"approval.{IS_ASKED}"), *_IN_FORCE
    )
    works = select(Ticket.id).where(or_(Ticket.assignee_id == ME, Ticket.assignee_id.in_(TAKES_PART_OF)), OPEN_NOW)
    # What climbed to the reader stands in the inbox as his to answer, with the button to sign: it is asked of him, too.
    climbed = select(Event.ticket_id).where(Event.to_id == ME, Event.kind == "escalated")
    owed = exists().where(Approval.ticket_id == Ticket.id, Approval.decision == "", *_IN_FORCE).correlate(Ticket)
    return (
        select(Ticket.id, Ticket.number)
        .where(
            Ticket.id.in_(union_all(asked, works, climbed)), OPEN_NOW, Ticket.back_at.is_(None),
            Ticket.status != Status.waiting, reach.seen, owed,
        )
        .order_by(Ticket.owed_at, Ticket.id)
        .limit(MOST + 1)
    )  # fmt: skip


def _card(turn: Turn, id_: str, schools: Sequence[Ready]) -> Card | None:
    """A request as its card; None where the decision is not the reader's after all."""
    ticket = turn.session.get(Ticket, id_)
    if ticket is None or "sign" not in cards.staff_verbs(turn, ticket, turn.person):
        return None
    item, service = cards.item_of(turn, ticket), turn.school.catalogue.service(ticket.service)
    whole, zone = cards.entitled(turn, ticket), turn.school.zone
    person = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    answers = cards.answers_of(turn, ticket) if whole and not ticket.private else ticket.answers
    answers, secret = listed_names.named(turn, item, answers, staff=True, whole=True), ticket.private
    matters = service.weigh(turn, ticket)
    facts = tuple(
        (field.label(turn.lang), wording.answer(field, answers[field.key], turn.lang, zone, turn.today))
        for field in item.fields
        if answers.get(field.key) is not None and not secret
    )
    late = ticket.owed_at is not None and ticket.owed_at < turn.now
    is_sealed = any(field.sensitive for field in item.fields) and not whole
    return Card(
        number=ticket.number, rev=ticket.rev, title=item.title.to(turn.lang),
        student=cards.who(turn, ticket.requester_id), student_number=person.number if person else "",
        place=directory.grid_name(turn.session, person.academic_path if person else None, turn.lang),
        facts=facts, lines=() if secret else service.lines(turn.lang, ticket.answers),
        matters=() if secret else matters,
        said=() if secret else _said(turn, ticket, whole=whole),
        files=() if secret or is_sealed or not proofs.may_open(turn, ticket) else _files(turn, ticket),
        owed=wording.owed(ticket.owed_at, turn.now, turn.lang, zone),
        late=lists.lasting(turn, turn.now - ticket.owed_at) if late and ticket.owed_at is not None else "",
        flag=approvals.flag_of(turn, ticket),
        ready={verb: phrases.offered(turn, ticket, verb, schools) for verb in WORDED}, sealed=is_sealed,
        reached=person is not None and students.reaches(turn, person), secret=secret, parents=service.verbs(turn, ticket),
    )  # fmt: skip


def _said(turn: Turn, ticket: Ticket, *, whole: bool) -> tuple[Said, ...]:
    """What was asked and answered so far, the newest last."""
    if ticket.rev < 2:
        return ()
    statement = select(Event).where(Event.ticket_id == ticket.id, Event.rev > 1).order_by(Event.rev)
    found = []
    events = turn.session.execute(statement).scalars().all()
    gone = superseded(events)
    for event in events:
        words = notices.words_of(turn, event) if whole or event.sealed is None else ""
        if words and not corrections.repeats(event):
            by, to = cards.who(turn, event.by_id), cards.who(turn, event.to_id)
            line = corrections.line(turn, ticket, event, by, to, gone)
            found.append(Said(line, wording.moment(event.at, turn.lang, turn.school.zone, turn.today), words))
    return tuple(found[-4:])


def _files(turn: Turn, ticket: Ticket) -> tuple[Upload, ...]:
    statement = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.at, Attachment.id)
    rows = turn.session.execute(statement).scalars()
    return tuple(Upload(id=row.id, name=row.name, kind=row.kind, size=row.size) for row in rows)
