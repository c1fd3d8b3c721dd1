"""What whoever asked may do with a ticket: open, add, answer, withdraw, return."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select, text, update

from handlers import cards, complaints, directory, foreseen, live, owned, recusals, routing
from handlers.tickets import chain
from handlers.tickets.extend import hurry, told
from handlers.tickets.record import record
from handlers.tickets.recusing import keep_out_by_words
from handlers.tickets.ruling import begin
from handlers.tickets.unowned import alarm
from handlers.turn import Turn
from models.base import new_id
from models.correction import Before
from models.db import plain, seal_of
from models.item import Item
from models.message import Refused
from models.outbox import Attachment
from models.person import Account, Person
from models.ticket import Resolution, SealedAnswer, Status, Ticket
from models.unit import known

_NEXT: Final = text(
    "insert into counter (series, last) values (:series, 1) "
    "on conflict (series) do update set last = counter.last + 1 returning last"
)
SPLIT_OFF: Final = "split_off"  # the first event of a ticket that was taken out of another one
LISTED: Final = "listed"  # the first event of a ticket that was signed as part of another one's list


def open_ticket(
    turn: Turn, item: Item, answers: dict[str, Any], *, kind: str = "opened", words: str = "", key: str = "",
    by: Person | None = None, since: datetime | None = None,
) -> Ticket:  # fmt: skip
    """Open a ticket for the speaker: numbered, sensitive answers sealed apart, signatures asked for, somebody told.

    by: who opens it, if not the person of the turn, for whom it is. key: kept with its first event. since: when it was
    asked for, if not now (SPLIT_OFF).
    kind LISTED: somebody on a list that is signed already; it asks for no signature and counts to no limit.
    Raises Refused when the person has too many open matters; an item's own objections were raised by its `check`.
    """
    owned.forget(turn)
    if not item.hidden and kind not in (LISTED, SPLIT_OFF):
        # Words for a person and the crisis lane are never refused: they are the way out of every dead end.
        keep_to_limit(turn)
    live.check(turn, item, turn.person)
    path, me = place(turn, item, answers), turn.person.id if turn.person else None
    assignee = foreseen.responsible(turn, item, path, answers)
    about = complaints.read(turn, item, turn.person, answers).sure
    answers = {key: value for key, value in answers.items() if not key.startswith("_")}  # No field's, and not kept.
    secret = {field.key for field in item.fields if field.sensitive} | ({"words"} if item.sensitive else set())
    ticket = Ticket(
        id=new_id(turn.now), number=_number(turn, item), service=item.slug, path=path, private=item.sensitive,
        version=turn.school.catalogue.versions[item.slug], status=Status.new, resolution=None, rev=0,
        requester_id=me, account_id=turn.account.id if turn.account else None,
        assignee_id=assignee.id if assignee else None, owner_id=assignee.id if assignee else None,
        answers={key: value for key, value in answers.items() if key not in secret and value is not None},
        opened_at=since or turn.now, due_at=None, back_at=None,
        priority=item.priority_of(answers, turn.school.seasons) if item.priority else "normal",
    )  # fmt: skip
    turn.session.add(ticket)
    turn.session.flush()
    owned.forget(turn)
    recusals.keep_out(turn, ticket, about)
    seal_answers(turn, ticket, {key: value for key, value in answers.items() if key in secret and value is not None})
    for field in item.fields:
        if field.kind == "file":
            for file in answers.get(field.key) or ():
                attach(turn, ticket, str(file["id"]), by)
    following = chain.Following()
    if kind != LISTED:
        chain.lay(turn, ticket, item, answers, 1)
        following = chain.go_on(turn, ticket)
    ticket.assignee_id = following.first.id if following.first is not None else ticket.assignee_id
    had = hurry(turn, ticket, item, answers)
    to = assignee if kind == "paged" else None
    record(turn, ticket, kind, by=by or turn.person, to=to, words=words, key=key)
    turn.school.catalogue.service(item.slug).opened(turn, ticket)
    told(turn, ticket, had)
    if following.copies and not following.asked:  # In force first: who reads the copy has nothing to do.
        chain.approve(turn, ticket, None, key=chain.REGISTERED)
    chain.note(turn, ticket, following)
    chain.stamp((line for line, _ in following.copies), ticket.rev)
    alarm(turn, ticket)
    begin(turn, ticket, item, answers, kind)
    return ticket


def attach(turn: Turn, ticket: Ticket, file_id: str, by: Person | None = None) -> None:
    """Make a file of the speaker's, or of whoever acts for the speaker, part of a ticket, so that those who answer may
    open it."""
    mine = Attachment.account_id == (turn.account.id if turn.account else "")
    for person in (turn.person, by):  # A form may be begun on one channel and handed in from another.
        if person is not None:
            mine = or_(mine, Attachment.account_id.in_(select(Account.id).where(Account.person_id == person.id)))
    turn.session.execute(
        update(Attachment)
        .where(Attachment.id == file_id, mine, Attachment.ticket_id.is_(None))
        .values(ticket_id=ticket.id)
    )


def place(turn: Turn, item: Item, answers: Mapping[str, Any] | None = None) -> str:
    """Where a ticket of the speaker stands: the student's place in the item's tree, or the office; else the root. With
    its answers, as far as they are known, where these send it (`[[route]]`)."""
    item = routing.routed(turn, item, answers or {})
    if item.tree == "office":
        found = directory.office_path(turn.session, item.office)
    else:
        found = turn.person.path(item.tree) if turn.person else None
    return found or directory.root_path(turn.session)


def withdraw(turn: Turn, ticket: Ticket, along: str = "") -> None:
    """The student takes it back; refused once it is decided. along: the key where another matter's end takes it along."""
    service = turn.school.catalogue.service(ticket.service)
    if not ticket.is_open or (ticket.back_at is not None and not service.withdrawing(turn, ticket)):
        raise Refused("ticket.too_late_to_withdraw", state=cards.state(turn, ticket))
    key = along or _as_before(turn, ticket)
    record(turn, ticket, "withdrawn", by=turn.person, key=key, move=Status.closed, resolution=Resolution.withdrawn)
    service.closed(turn, ticket)


def _as_before(turn: Turn, ticket: Ticket) -> str:
    """How the matter stood, kept with an end of one's own so that it may be taken back; "" for what others did for one."""
    mine = ticket.requester_id == (turn.person.id if turn.person is not None else None)
    before = Before(Status(ticket.status), ticket.assignee_id, ticket.owner_id is not None)
    return before.key if mine else ""


def add(turn: Turn, ticket: Ticket, words: str) -> None:
    """The student writes on in an open matter."""
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    keep_out_by_words(turn, ticket, words)
    record(turn, ticket, "added", by=turn.person, words=words)


def tell(turn: Turn, ticket: Ticket, words: str) -> None:
    """The student says something on a matter that was answered: whoever answered reads it, and it stays as it is."""
    if ticket.status != Status.resolved or ticket.resolution != Resolution.answered:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    keep_out_by_words(turn, ticket, words)
    record(turn, ticket, "added", by=turn.person, words=words)


def answer(turn: Turn, ticket: Ticket, words: str) -> None:
    """The student gives what was asked for; the clock goes on."""
    if ticket.status != Status.waiting or ticket.back_at is not None:
        raise Refused("ticket.nothing_asked", state=cards.state(turn, ticket))
    keep_out_by_words(turn, ticket, words)
    record(turn, ticket, "answered", by=turn.person, words=words, move=Status.in_progress)


def come_back(turn: Turn, ticket: Ticket, words: str = "") -> None:
    """The student is back (销假): reported by the student, or booked by whoever answers for the student."""
    if ticket.status != Status.waiting or ticket.back_at is None:
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    turn.school.catalogue.service(ticket.service).returning(turn, ticket)
    key = _as_before(turn, ticket)
    record(
        turn,
        ticket,
        "returned",
        by=turn.person,
        words=words,
        key=key,
        move=Status.closed,
        resolution=Resolution.approved,
    )
    turn.school.catalogue.service(ticket.service).closed(turn, ticket)


def keep_to_limit(turn: Turn) -> None:
    """Refuse one matter more than a person may have open."""
    if len(owned.open_of(turn)) >= turn.school.most_open:
        raise Refused("ticket.too_many_open", most=turn.school.most_open)


def _number(turn: Turn, item: Item) -> str:
    series = f"{item.prefix}-{turn.now.astimezone(turn.school.zone):%y%m}"
    last = plain(turn.session).execute(_NEXT, {"series": series}).scalar_one()
    return f"{series}-{last:04d}"


def seal_answers(turn: Turn, ticket: Ticket, answers: dict[str, Any]) -> None:
    """Keep sensitive answers encrypted, each in a row of its own; these are all of the ticket's."""
    written = {key: json.dumps(value, ensure_ascii=False) for key, value in answers.items()}
    for key, value in written.items():
        row = SealedAnswer(id=new_id(turn.now), ticket_id=ticket.id, field=key)
        row.value = seal_of(turn.session).close(f"sealed_answer.value:{row.id}", value)
        turn.session.add(row)
    known(turn.session, cards.SEALED)[ticket.id] = {key: json.loads(value) for key, value in written.items()}
